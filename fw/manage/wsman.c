// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/wsman.h"

#include <string.h>

#include "fw/core/status.h"
#include "fw/core/trace.h"
#include "fw/manage/wsman_enumeration.h"
#include "fw/manage/wsman_instance.h"

/* Texts as AMT's (MAAS); the profile: DSP0226. */
static uint16_t identify(struct wsman_exchange *x)
{
    struct out *o = x->out;

    out_text(o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a:Envelope"
                " xmlns:a=\"http://www.w3.org/2003/05/soap-envelope\""
                " xmlns:b=\"http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd\">"
                "<a:Header></a:Header><a:Body><b:IdentifyResponse>"
                "<b:ProtocolVersion>" WSMAN_BASE ".xsd</b:ProtocolVersion>"
                "<b:ProductVendor>Intel(r)</b:ProductVendor><b:ProductVersion>AMT ");
    out_text(o, x->view->release->version);
    out_text(o, "</b:ProductVersion><b:SecurityProfiles><b:SecurityProfileName>" WSMAN_BASE
                "/secprofile/http/digest</b:SecurityProfileName></b:SecurityProfiles>"
                "</b:IdentifyResponse>");
    return wsman_finish(x);
}

/* The one instance that is meant. False: *why not. */
static bool find_instance(const struct wsman_exchange *x, uint32_t *instance, enum wsman_fault *why)
{
    static const uint8_t fault[] = {[SELECTED] = FAULT_NO_SELECTORS,
                                    [SELECTS_NONE] = FAULT_INSTANCE,
                                    [SELECTS_UNKNOWN] = FAULT_OTHER_SELECTORS,
                                    [SELECTS_TWICE] = FAULT_SAME_SELECTORS};
    uint32_t count;
    enum wsman_selection selection = wsman_select(x->class, x->view, x->request, instance, &count);

    *why = (enum wsman_fault)fault[selection];
    return selection == SELECTED && count == 1;
}

static uint16_t get(struct wsman_exchange *x)
{
    uint32_t instance;
    enum wsman_fault why;

    if (!find_instance(x, &instance, &why))
        return wsman_fault(x, why);
    wsman_begin(x, WSMAN_TRANSFER, "/GetResponse", "");
    wsman_write_instance(x->out, x->class, x->view, instance);
    return wsman_finish(x);
}

/* Writes an instance and traces that like a method. */
static uint32_t write_traced(struct wsman_exchange *x, wsman_class_write *write, const char *name,
                             uint32_t instance)
{
    uint32_t status = PT_STATUS_NOT_PERMITTED;

    if (manage_permits(x->view, x->class->write_act))
        status = write(x->call, instance);
    x->call->device->trace(x->call->device->ctx, TRACE_OPERATION, status, name);
    return status;
}

static uint16_t refuse(struct wsman_exchange *x, uint32_t status)
{
    return wsman_fault(x, status == PT_STATUS_NOT_PERMITTED ? FAULT_ACCESS : FAULT_VALUE);
}

static bool has_body(const struct wsman_exchange *x)
{
    return strcmp(x->request->method, x->class->name) == 0;
}

static uint16_t put(struct wsman_exchange *x)
{
    uint32_t instance, status;
    enum wsman_fault why;

    if (!x->class->put)
        return wsman_fault(x, FAULT_ACTION);
    if (!find_instance(x, &instance, &why))
        return wsman_fault(x, why);
    if (!has_body(x))
        return wsman_fault(x, FAULT_BODY);
    status = write_traced(x, x->class->put, "Put", instance);
    if (status != PT_STATUS_SUCCESS)
        return refuse(x, status);
    wsman_begin(x, WSMAN_TRANSFER, "/PutResponse", "");
    wsman_write_instance(x->out, x->class, x->view, instance);
    return wsman_finish(x);
}

static uint16_t create(struct wsman_exchange *x)
{
    uint32_t status;

    if (!x->class->create)
        return wsman_fault(x, FAULT_ACTION);
    if (!has_body(x))
        return wsman_fault(x, FAULT_BODY);
    status = write_traced(x, x->class->create, "Create", 0);
    if (status != PT_STATUS_SUCCESS)
        return refuse(x, status);
    wsman_begin(x, WSMAN_TRANSFER, "/CreateResponse", "");
    wsman_write_reference(x->out, "e", "ResourceCreated", x->class, x->view, 0);
    return wsman_finish(x);
}

static uint16_t delete_instance(struct wsman_exchange *x)
{
    uint32_t instance, status;
    enum wsman_fault why;

    if (!x->class->delete)
        return wsman_fault(x, FAULT_ACTION);
    if (!find_instance(x, &instance, &why))
        return wsman_fault(x, why);
    status = write_traced(x, x->class->delete, "Delete", instance);
    if (status != PT_STATUS_SUCCESS)
        return refuse(x, status);
    wsman_begin(x, WSMAN_TRANSFER, "/DeleteResponse", "");
    return wsman_finish(x);
}

/* The results, then the PT_STATUS as ReturnValue (WSM). */
static uint16_t invoke_method(struct wsman_exchange *x, const struct operation *operation)
{
    const char *method = wsman_last_part(soap_text(x->request, SOAP_ACTION));
    struct out *o = x->out;
    uint32_t status, instance;
    enum wsman_fault why;

    if (!manage_opens(x->view, operation->act))
        return wsman_fault(x, FAULT_ACCESS);
    if (!find_instance(x, &instance, &why))
        return wsman_fault(x, why);
    wsman_begin(x, soap_text(x->request, SOAP_ACTION), "Response", "");
    out_text(o, "<g:");
    out_text(o, method);
    out_text(o, "_OUTPUT>");
    x->call->prefix = "g";
#if FW_MACHINE
    x->call->instance = instance;
#endif
    status = operation_run(operation, x->call);
    out_element_number(o, "g", "ReturnValue", status);
    out_text(o, "</g:");
    out_text(o, method);
    out_text(o, "_OUTPUT>");
    return wsman_finish(x);
}

static const struct {
    const char *space, *name;
    uint16_t (*run)(struct wsman_exchange *x);
} actions[] = {
    {WSMAN_TRANSFER, "/Get", get},
    {WSMAN_TRANSFER, "/Put", put},
    {WSMAN_TRANSFER, "/Create", create},
    {WSMAN_TRANSFER, "/Delete", delete_instance},
    {WSMAN_ENUMERATION, "/Enumerate", wsman_enumerate},
    {WSMAN_ENUMERATION, "/Pull", wsman_pull},
    {WSMAN_ENUMERATION, "/Release", wsman_release},
};

/* A method's action is its class, '/' and its name. NULL: it is not one, or unknown. */
static const struct operation *find_operation(const struct wsman_exchange *x)
{
    const char *action = soap_text(x->request, SOAP_ACTION);
    const char *method = wsman_last_part(action);
    const char *class = soap_text(x->request, SOAP_RESOURCE);
    size_t len = strlen(class);

    if (strncmp(action, class, len) != 0 || method != action + len + 1)
        return NULL;
    return operation_of_class(x->class->name, method);
}

static uint16_t dispatch(struct wsman_exchange *x)
{
    const char *action = soap_text(x->request, SOAP_ACTION);
    const struct operation *operation = find_operation(x);

    if (!manage_is_done_now(x->view, x->class->read_act))
        return wsman_fault(x, FAULT_ACCESS);
    if (operation) /* whose own act says for whom it is */
        return invoke_method(x, operation);
    if (!manage_opens(x->view, x->class->read_act))
        return wsman_fault(x, FAULT_ACCESS);
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        if (wsman_is_joined(action, actions[i].space, actions[i].name))
            return actions[i].run(x);
    return wsman_fault(x, FAULT_ACTION);
}

#define ENVELOPE_MIN 8192u /* DSP0226 R6.2-4; no reply is as long */

/* What the request demands of the reply, and is not done. */
static bool demands_too_much(const struct wsman_exchange *x, enum wsman_fault *why)
{
    const struct soap_request *r = x->request;
    uint32_t size = ENVELOPE_MIN;

    if (r->demands & SOAP_NOT_UNDERSTOOD)
        *why = FAULT_UNDERSTAND;
    else if (r->demands & SOAP_ELSEWHERE)
        *why = FAULT_ELSEWHERE;
    else if (r->demands & SOAP_FRAGMENT)
        *why = FAULT_FRAGMENT;
    else if (r->demands & SOAP_LOCALE)
        *why = FAULT_LOCALE;
    else if (soap_has(r, SOAP_MAX_ENVELOPE) && !soap_number(r, SOAP_MAX_ENVELOPE, &size))
        *why = FAULT_XML;
    else if (size < ENVELOPE_MIN)
        *why = FAULT_SMALL;
    else
        return false;
    return true;
}

/* A filter of another dialect is asked for with a URI of its own, "all classes" (DSP0227). */
static enum wsman_fault no_class(const struct soap_request *r)
{
    return wsman_is_joined(soap_text(r, SOAP_ACTION), WSMAN_ENUMERATION, "/Enumerate") &&
                   wsman_filter_is_foreign(r)
               ? FAULT_DIALECT
               : FAULT_CLASS;
}

uint16_t wsman_reply(struct wsman *wsman, enum soap_state state, struct operation_call *call)
{
    const struct soap_request *request = call->request;
    struct wsman_exchange x = {wsman, call, request, call->view, call->out, NULL};
    enum wsman_fault why;

    if (state != SOAP_OK)
        return wsman_fault(&x, state == SOAP_BAD ? FAULT_XML : FAULT_LONG);
    if (demands_too_much(&x, &why))
        return wsman_fault(&x, why);
    if (!soap_has(request, SOAP_ACTION))
        return strcmp(request->method, "Identify") == 0 ? identify(&x)
                                                        : wsman_fault(&x, FAULT_NO_ACTION);
    x.class = wsman_class_find(soap_text(request, SOAP_RESOURCE));
    return x.class ? dispatch(&x) : wsman_fault(&x, no_class(request));
}

const char *wsman_last_part(const char *uri)
{
    const char *part = uri;

    for (; *uri; uri++)
        if (*uri == '/')
            part = uri + 1;
    return part;
}
