// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/eoi.h"

#include "fw/core/status.h"

static const char *const service_namespace[EOI_SERVICES] = {
    [EOI_SECURITY_ADMINISTRATION] = "SecurityAdministration",
    [EOI_NETWORK_ADMINISTRATION] = "NetworkAdministration",
    [EOI_NETWORK_TIME] = "NetworkTime",
    [EOI_REMOTE_CONTROL] = "RemoteControl",
    [EOI_REDIRECTION] = "Redirection",
    [EOI_EVENT_MANAGER] = "EventManager",
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

/* <MethodResponse xmlns="ns"><Status>0</Status><Param>...</Param></MethodResponse> (AMTTOOL) */
static uint16_t respond(enum eoi_service service, const struct operation *operation,
                        struct operation_call *x)
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
    status = operation_run(operation, x);
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
    const struct operation *operation = operation_of_eoi(service, call->request->method);

    call->prefix = "";
    if (state != SOAP_OK)
        return fault(call->out, "s:Client",
                     state == SOAP_BAD ? "not a SOAP request" : "a value is too long");
    if (call->request->demands & SOAP_NOT_UNDERSTOOD)
        return fault(call->out, "s:MustUnderstand", "a header that must be understood is not");
    if (!operation)
        return fault(call->out, "s:Client", "unknown method");
    return respond(service, operation, call);
}
