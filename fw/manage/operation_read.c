// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/operation.h"

#include <string.h>

#include "fw/core/status.h"

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

/* AMTTOOL's table: 0 is S0, 5 is S5 (soft-off). Without a machine that can be asked the ME does not
 * learn which sleep state it is. */
static uint32_t get_system_power_state(struct operation_call *x)
{
#if FW_MACHINE
    if (x->view->machine) {
        element_number(x, "SystemPowerState", x->view->machine_state);
        return PT_STATUS_SUCCESS;
    }
#endif
    element_number(x, "SystemPowerState", x->view->host_on ? 0 : 5);
    return PT_STATUS_SUCCESS;
}

/* What a device of the time reported: IDER, SOL, BiosSetup; PXE, hard disk, CD (MAAS). */
#define BIOS_SETUP 8u
#define SPECIAL_COMMANDS 0x1300u

#if FW_MACHINE
/* PXE 100h, disk 200h, disk in safe mode 400h, diagnosis 800h, CD 1000h (AMTTOOL): the sources from
 * BOOT_PXE on, in this order. */
#define SPECIAL_COMMAND_AT 7

static uint32_t oem_capabilities(const struct hal_machine *machine)
{
    return (machine->options & BOOT_REFLASH ? 4u : 0) |
           (machine->options & BOOT_SETUP ? BIOS_SETUP : 0) |
           (machine->options & BOOT_PAUSE ? 0x10u : 0);
}
#endif

/* Bits: AMTTOOL. All four power commands (MAAS). */
static uint32_t get_remote_control_capabilities(struct operation_call *x)
{
    uint8_t redirection = x->view->settings->config.redirection;
    uint32_t oem = BIOS_SETUP, special = SPECIAL_COMMANDS;

#if FW_MACHINE
    if (x->view->machine) {
        oem = oem_capabilities(x->view->machine);
        special = (uint32_t)x->view->machine->sources << SPECIAL_COMMAND_AT & 0x1F00u;
    }
#endif
    element_number(x, "IanaOemNumber", 0);
    element_number(x, "OemDefinedCapabilities",
                   (redirection & REDIRECTION_IDER ? 1u : 0) |
                       (redirection & REDIRECTION_SOL ? 2u : 0) | oem);
    element_number(x, "SpecialCommandsSupported", special);
    element_number(x, "SystemCapabilitiesSupported", 0x0F);
    element_number(x, "SystemFirmwareCapabilities", 0);
    return PT_STATUS_SUCCESS;
}

/* Methods that only read. During set-up most of the device is not accessible (G-modes). */
static const struct operation operations[] = {
    {"GetCoreVersion", EOI_SECURITY_ADMINISTRATION, ACT_READ, NULL, get_core_version,
     OPERATION_READS},
    {"GetHostName", EOI_NETWORK_ADMINISTRATION, ACT_READ, NULL, get_host_name, OPERATION_READS},
    {"GetDomainName", EOI_NETWORK_ADMINISTRATION, ACT_READ, NULL, get_domain_name, OPERATION_READS},
    {"EnumerateInterfaces", EOI_NETWORK_ADMINISTRATION, ACT_READ_MACHINE, NULL,
     enumerate_interfaces, OPERATION_READS},
    {"GetInterfaceSettings", EOI_NETWORK_ADMINISTRATION, ACT_READ_MACHINE, NULL,
     get_interface_settings, OPERATION_READS},
    {"GetSystemPowerState", EOI_REMOTE_CONTROL, ACT_READ_MACHINE, NULL, get_system_power_state,
     true},
    {"GetRemoteControlCapabilities", EOI_REMOTE_CONTROL, ACT_READ_MACHINE, NULL,
     get_remote_control_capabilities, OPERATION_READS},
};

const struct operations operation_read = {operations, sizeof(operations) / sizeof(operations[0])};
