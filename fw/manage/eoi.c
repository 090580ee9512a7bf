// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/eoi.h"

#include <string.h>

#include "fw/core/status.h"
#include "fw/core/text.h"

static void element(struct operation_call *x, const char *name, const char *text)
{
    out_element(x->out, "", name, text);
}

static void element_number(struct operation_call *x, const char *name, uint32_t number)
{
    out_element_number(x->out, "", name, number);
}

static uint32_t get_core_version(struct operation_call *x)
{
    element(x, "Version", x->view->release->version);
    return PT_STATUS_SUCCESS;
}

static uint32_t get_host_name(struct operation_call *x)
{
    element(x, "HostName", manage_host_name(x->view));
    return PT_STATUS_SUCCESS;
}

static uint32_t get_domain_name(struct operation_call *x)
{
    element(x, "DomainName", manage_domain(x->view));
    return PT_STATUS_SUCCESS;
}

/* One wired interface, handle 0 (assumed). */
static uint32_t enumerate_interfaces(struct operation_call *x)
{
    element_number(x, "InterfaceHandle", 0);
    return PT_STATUS_SUCCESS;
}

/* Names and modes: AMTTOOL, which reads and sets them. The address is the host's only while DHCP is
 * on. LinkPolicy 1 is RPC's "on AC in S0"; that it means the same here is assumed. */
static uint32_t get_interface_settings(struct operation_call *x)
{
    const struct manage_view *v = x->view;

    if (strcmp(soap_text(x->request, SOAP_INTERFACE_HANDLE), "0") != 0)
        return PT_STATUS_INVALID_HANDLE;
    out_start_tag(x->out, "", "InterfaceDescriptor");
    element(x, "InterfaceMode",
            v->settings->config.dhcp_enabled ? "SHARED_MAC_ADDRESS" : "SEPARATE_MAC_ADDRESS");
    element_number(x, "LinkPolicy", 1);
    out_start_tag(x->out, "", "IPv4Parameters");
    element_number(x, "LocalAddress", v->ip);
    element_number(x, "SubnetMask", v->mask);
    element_number(x, "DefaultGatewayAddress", v->gateway);
    element_number(x, "PrimaryDnsAddress", v->dns);
    element_number(x, "SecondaryDnsAddress",
                   v->settings->config.dhcp_enabled ? 0 : v->settings->config.fixed.dns2);
    out_end_tag(x->out, "", "IPv4Parameters");
    out_end_tag(x->out, "", "InterfaceDescriptor");
    return PT_STATUS_SUCCESS;
}

/* AMTTOOL's table: 0 is S0, 5 is S5 (soft-off). The ME does not learn which sleep state it is. */
static uint32_t get_system_power_state(struct operation_call *x)
{
    element_number(x, "SystemPowerState", x->view->host_on ? 0 : 5);
    return PT_STATUS_SUCCESS;
}

/* Bits: AMTTOOL. A device of the time reported IDER, SOL, BiosSetup; PXE, hard disk, CD; all four
 * power commands (MAAS). */
static uint32_t get_remote_control_capabilities(struct operation_call *x)
{
    uint8_t redirection = x->view->settings->config.redirection;

    element_number(x, "IanaOemNumber", 0);
    element_number(x, "OemDefinedCapabilities",
                   (redirection & REDIRECTION_IDER ? 1u : 0) |
                       (redirection & REDIRECTION_SOL ? 2u : 0) | 8u);
    element_number(x, "SpecialCommandsSupported", 0x1300);
    element_number(x, "SystemCapabilitiesSupported", 0x0F);
    element_number(x, "SystemFirmwareCapabilities", 0);
    return PT_STATUS_SUCCESS;
}

/* Methods that only read; those that change something are in operation.c. A method writes its
 * results, which are dropped if it does not return SUCCESS. During set-up most of the device is not
 * accessible (G-modes). */
static const struct {
    uint8_t service, act; /* enum eoi_service, enum act */
    const char *name;
    uint32_t (*run)(struct operation_call *x);
} methods[] = {
    {EOI_SECURITY_ADMINISTRATION, ACT_READ, "GetCoreVersion", get_core_version},
    {EOI_NETWORK_ADMINISTRATION, ACT_READ, "GetHostName", get_host_name},
    {EOI_NETWORK_ADMINISTRATION, ACT_READ, "GetDomainName", get_domain_name},
    {EOI_NETWORK_ADMINISTRATION, ACT_READ_MACHINE, "EnumerateInterfaces", enumerate_interfaces},
    {EOI_NETWORK_ADMINISTRATION, ACT_READ_MACHINE, "GetInterfaceSettings", get_interface_settings},
    {EOI_REMOTE_CONTROL, ACT_READ_MACHINE, "GetSystemPowerState", get_system_power_state},
    {EOI_REMOTE_CONTROL, ACT_READ_MACHINE, "GetRemoteControlCapabilities",
     get_remote_control_capabilities},
};

#define METHODS (sizeof(methods) / sizeof(methods[0]))

static const char *const service_namespace[EOI_SERVICES] = {
    [EOI_SECURITY_ADMINISTRATION] = "SecurityAdministration",
    [EOI_NETWORK_ADMINISTRATION] = "NetworkAdministration",
    [EOI_NETWORK_TIME] = "NetworkTime",
    [EOI_REMOTE_CONTROL] = "RemoteControl",
};

static void begin(struct out *o)
{
    out_text(o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>");
}

static void finish(struct out *o)
{
    out_text(o, "</s:Body></s:Envelope>");
}

static uint16_t fault(struct out *o, const char *code, const char *reason)
{
    begin(o);
    out_start_tag(o, "s", "Fault");
    out_element(o, "", "faultcode", code);
    out_element(o, "", "faultstring", reason);
    out_end_tag(o, "s", "Fault");
    finish(o);
    return 500;
}

static uint32_t run_method(enum eoi_service service, const char *name, struct operation_call *x)
{
    for (size_t i = 0; i < METHODS; i++) {
        if (methods[i].service != service || strcmp(methods[i].name, name) != 0)
            continue;
        return manage_permits(x->view, methods[i].act) ? methods[i].run(x)
                                                       : (uint32_t)PT_STATUS_NOT_PERMITTED;
    }
    return operation_run(operation_of_eoi(service, name), x);
}

static bool is_method(enum eoi_service service, const char *name)
{
    for (size_t i = 0; i < METHODS; i++)
        if (methods[i].service == service && strcmp(methods[i].name, name) == 0)
            return true;
    return operation_of_eoi(service, name) >= 0;
}

/* <MethodResponse xmlns="ns"><Status>0</Status><Param>...</Param></MethodResponse> (AMTTOOL) */
static uint16_t respond(enum eoi_service service, struct operation_call *x)
{
    struct out *o = x->out;
    const char *name = x->request->method;
    size_t from;
    uint32_t status;

    begin(o);
    out_text(o, "<");
    out_text(o, name);
    out_text(o, "Response xmlns=\"http://schemas.intel.com/platform/client/");
    out_text(o, service_namespace[service]);
    out_text(o, "/2004/01\">");
    from = o->len;
    out_element_number(o, "", "Status", PT_STATUS_SUCCESS);
    status = run_method(service, name, x);
    if (status != PT_STATUS_SUCCESS) {
        o->len = from;
        out_element_number(o, "", "Status", status);
    }
    out_text(o, "</");
    out_text(o, name);
    out_text(o, "Response>");
    finish(o);
    return 200;
}

uint16_t eoi_reply(enum eoi_service service, enum soap_state state, struct operation_call *call)
{
    call->prefix = "";
    if (state != SOAP_OK)
        return fault(call->out, "s:Client",
                     state == SOAP_BAD ? "not a SOAP request" : "a value is too long");
    if (call->request->demands & SOAP_NOT_UNDERSTOOD)
        return fault(call->out, "s:MustUnderstand", "a header that must be understood is not");
    if (!is_method(service, call->request->method))
        return fault(call->out, "s:Client", "unknown method");
    return respond(service, call);
}
