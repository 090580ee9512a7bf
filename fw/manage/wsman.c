// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/wsman.h"

#include <string.h>

#include "fw/core/hex.h"
#include "fw/core/status.h"
#include "fw/core/trace.h"

#define AMT AMT_SCHEMA
#define ADDRESSING "http://schemas.xmlsoap.org/ws/2004/08/addressing"
#define ENUMERATION "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
#define TRANSFER "http://schemas.xmlsoap.org/ws/2004/09/transfer"
#define WSMAN "http://schemas.dmtf.org/wbem/wsman/1/wsman"

/* --- envelopes */

struct wsman_exchange {
    struct wsman *wsman;
    struct operation_call *call;
    const struct soap_request *request;
    const struct manage_view *view;
    struct out *out;
    const struct wsman_class *class; /* the one that the reply names; NULL = none */
};

/* All namespaces are declared on the envelope: attributes further inside break MeshCentral (MC).
 * The action consists of three parts; the last two may be "". */
static void begin_with(struct wsman_exchange *x, const char *action_space, const char *action,
                       const char *end)
{
    struct out *o = x->out;

    out_text(o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a:Envelope"
                " xmlns:a=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:b=\"" ADDRESSING "\""
                " xmlns:c=\"" WSMAN ".xsd\" xmlns:d=\"" ENUMERATION "\" xmlns:e=\"" TRANSFER "\"");
    if (x->class) {
        out_text(o, " xmlns:g=\"");
        out_text(o, x->class->space);
        out_text(o, x->class->name);
        out_text(o, "\"");
    }
    out_text(o, "><a:Header><b:To>" ADDRESSING "/role/anonymous</b:To><b:RelatesTo>");
    out_escaped(o, soap_text(x->request, SOAP_MESSAGE_ID));
    out_text(o, "</b:RelatesTo><b:Action>");
    out_text(o, action_space);
    out_text(o, action);
    out_text(o, end);
    out_text(o, "</b:Action><b:MessageID>uuid:00000000-8086-8086-8086-0000");
    out_print(o, "%8X", x->wsman->messages++);
    out_text(o, "</b:MessageID>");
    if (x->class) { /* which MeshCentral needs to pull (MC) */
        out_start_tag(o, "c", "ResourceURI");
        out_text(o, x->class->space);
        out_text(o, x->class->name);
        out_end_tag(o, "c", "ResourceURI");
    }
    out_text(o, "</a:Header><a:Body>");
}

static void begin(struct wsman_exchange *x, const char *action_space, const char *action)
{
    begin_with(x, action_space, action, "");
}

static uint16_t finish(struct wsman_exchange *x)
{
    out_text(x->out, "</a:Body></a:Envelope>");
    return 200;
}

enum fault {
    FAULT_XML,
    FAULT_LONG,
    FAULT_ACTION,
    FAULT_CLASS,
    FAULT_SELECTORS,
    FAULT_CONTEXT,
    FAULT_ACCESS,
    FAULT_VALUE,
};

/* DSP0226 14.6; the action's namespace and the subcode's prefix belong together. */
static uint16_t fault(struct wsman_exchange *x, enum fault which)
{
    static const struct {
        const char *space, *code, *reason;
    } row[] = {
        [FAULT_XML] = {WSMAN, "c:SchemaValidationError", "The request is not a SOAP envelope."},
        [FAULT_LONG] = {WSMAN, "c:EncodingLimit", "A part of the request is too long."},
        [FAULT_ACTION] = {ADDRESSING, "b:ActionNotSupported", "The action is not supported."},
        [FAULT_CLASS] = {ADDRESSING, "b:DestinationUnreachable", "There is no such class."},
        [FAULT_SELECTORS] = {WSMAN, "c:InvalidSelectors",
                             "There is no such instance, or the class has several."},
        [FAULT_CONTEXT] = {ENUMERATION, "d:InvalidEnumerationContext",
                           "There is no such enumeration."},
        [FAULT_ACCESS] = {WSMAN, "c:AccessDenied", "Not in this state of the device."},
        [FAULT_VALUE] = {TRANSFER, "e:InvalidRepresentation", "A value is refused."},
    };
    struct out *o = x->out;

    x->class = NULL;
    begin(x, row[which].space, "/fault");
    out_text(o, "<a:Fault><a:Code><a:Value>a:Sender</a:Value><a:Subcode><a:Value>");
    out_text(o, row[which].code);
    out_text(o, "</a:Value></a:Subcode></a:Code><a:Reason><a:Text xml:lang=\"en-US\">");
    out_text(o, row[which].reason);
    out_text(o, "</a:Text></a:Reason></a:Fault>");
    finish(x);
    return 400;
}

/* --- actions */

/* Texts as AMT's (MAAS); the profile: DSP0226. */
static uint16_t identify(struct wsman_exchange *x)
{
    struct out *o = x->out;

    out_text(o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a:Envelope"
                " xmlns:a=\"http://www.w3.org/2003/05/soap-envelope\""
                " xmlns:b=\"http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd\">"
                "<a:Header></a:Header><a:Body><b:IdentifyResponse>"
                "<b:ProtocolVersion>" WSMAN ".xsd</b:ProtocolVersion>"
                "<b:ProductVendor>Intel(r)</b:ProductVendor><b:ProductVersion>AMT ");
    out_text(o, x->view->release->version);
    out_text(o, "</b:ProductVersion><b:SecurityProfiles><b:SecurityProfileName>" WSMAN
                "/secprofile/http/digest</b:SecurityProfileName></b:SecurityProfiles>"
                "</b:IdentifyResponse>");
    return finish(x);
}

/* The selected instance; -1: there is none, or there are several. A class with one instance needs
 * no selector and ignores it. */
static int find_instance(const struct wsman_exchange *x)
{
    uint32_t instances = wsman_class_instances(x->class, x->view);
    const char *selector = soap_text(x->request, SOAP_SELECTOR);

    if (!x->class->keys)
        return instances == 1 ? 0 : -1;
    for (uint32_t i = 0; i < instances; i++)
        if (strcmp(x->class->keys[i], selector) == 0)
            return (int)i;
    return -1;
}

static uint16_t get(struct wsman_exchange *x)
{
    int instance = find_instance(x);

    if (instance < 0)
        return fault(x, FAULT_SELECTORS);
    begin(x, TRANSFER, "/GetResponse");
    wsman_class_write_instance(x->out, x->class, x->view, (uint32_t)instance);
    return finish(x);
}

/* Writes an instance and traces that like a method. */
static uint32_t write_traced(struct wsman_exchange *x, wsman_class_write *write, const char *name,
                             int instance)
{
    uint32_t status = PT_STATUS_NOT_PERMITTED;

    if (manage_permits(x->view, x->class->write_act))
        status = write(x->call, (uint32_t)instance);
    x->call->device->trace(x->call->device->ctx, TRACE_OPERATION, status, name);
    return status;
}

static uint16_t refuse(struct wsman_exchange *x, uint32_t status)
{
    return fault(x, status == PT_STATUS_NOT_PERMITTED ? FAULT_ACCESS : FAULT_VALUE);
}

static uint16_t put(struct wsman_exchange *x)
{
    int instance = find_instance(x);
    uint32_t status;

    if (!x->class->put)
        return fault(x, FAULT_ACTION);
    if (instance < 0)
        return fault(x, FAULT_SELECTORS);
    status = write_traced(x, x->class->put, "Put", instance);
    if (status != PT_STATUS_SUCCESS)
        return refuse(x, status);
    begin(x, TRANSFER, "/PutResponse");
    wsman_class_write_instance(x->out, x->class, x->view, (uint32_t)instance);
    return finish(x);
}

static uint16_t create(struct wsman_exchange *x)
{
    uint32_t status;

    if (!x->class->create)
        return fault(x, FAULT_ACTION);
    status = write_traced(x, x->class->create, "Create", 0);
    if (status != PT_STATUS_SUCCESS)
        return refuse(x, status);
    begin(x, TRANSFER, "/CreateResponse");
    out_text(x->out, "<e:ResourceCreated><b:Address>" ADDRESSING
                     "/role/anonymous</b:Address><b:ReferenceParameters><c:ResourceURI>");
    out_text(x->out, x->class->space);
    out_text(x->out, x->class->name);
    out_text(x->out, "</c:ResourceURI></b:ReferenceParameters></e:ResourceCreated>");
    return finish(x);
}

static uint16_t delete_instance(struct wsman_exchange *x)
{
    uint32_t status;

    if (!x->class->delete)
        return fault(x, FAULT_ACTION);
    if (find_instance(x) < 0)
        return fault(x, FAULT_SELECTORS);
    status = write_traced(x, x->class->delete, "Delete", 0);
    if (status != PT_STATUS_SUCCESS)
        return refuse(x, status);
    begin(x, TRANSFER, "/DeleteResponse");
    return finish(x);
}

/* The results, then the PT_STATUS as ReturnValue (WSM). */
static uint16_t invoke_method(struct wsman_exchange *x, int operation)
{
    const char *method = wsman_last_part(soap_text(x->request, SOAP_ACTION));
    struct out *o = x->out;
    uint32_t status;

    begin_with(x, soap_text(x->request, SOAP_ACTION), "Response", "");
    out_text(o, "<g:");
    out_text(o, method);
    out_text(o, "_OUTPUT>");
    x->call->prefix = "g";
    status = operation_run(operation, x->call);
    out_element_number(o, "g", "ReturnValue", status);
    out_text(o, "</g:");
    out_text(o, method);
    out_text(o, "_OUTPUT>");
    return finish(x);
}

static void write_context(struct out *o, const struct wsman_enumeration *e)
{
    out_start_tag(o, "d", "EnumerationContext");
    out_print(o, "%8X", e->id);
    out_text(o, "-0000-0000-0000-000000000000");
    out_end_tag(o, "d", "EnumerationContext");
}

/* Takes a free one, or else the oldest. */
static struct wsman_enumeration *new_enumeration(struct wsman *w)
{
    struct wsman_enumeration *e = &w->enumeration[0];

    for (int i = 1; i < LIMIT_ENUMERATIONS; i++)
        if (w->enumeration[i].id < e->id)
            e = &w->enumeration[i];
    e->id = ++w->enumerations;
    e->next = 0;
    return e;
}

static uint16_t enumerate(struct wsman_exchange *x)
{
    struct wsman_enumeration *e = new_enumeration(x->wsman);

    e->class = x->class;
    begin(x, ENUMERATION, "/EnumerateResponse");
    out_start_tag(x->out, "d", "EnumerateResponse");
    write_context(x->out, e);
    out_end_tag(x->out, "d", "EnumerateResponse");
    return finish(x);
}

static struct wsman_enumeration *find_enumeration(struct wsman_exchange *x)
{
    static const char rest[] = "-0000-0000-0000-000000000000";
    const char *text = soap_text(x->request, SOAP_CONTEXT);
    uint32_t id = 0;

    for (int i = 0; i < 8; i++) {
        int digit = hex_digit(*text);

        if (digit < 0)
            return NULL;
        id = id << 4 | (uint32_t)digit;
        text++;
    }
    if (strcmp(text, rest) != 0)
        return NULL;
    for (int i = 0; id != 0 && i < LIMIT_ENUMERATIONS; i++) {
        struct wsman_enumeration *e = &x->wsman->enumeration[i];

        if (e->id == id && e->class == x->class)
            return e;
    }
    return NULL;
}

/* 1 by default (DSP0226 8.4) */
static uint32_t max_elements(const struct soap_request *r)
{
    uint32_t number = 0;

    for (const char *c = soap_text(r, SOAP_MAX_ELEMENTS); *c >= '0' && *c <= '9' && number < 1000;
         c++)
        number = number * 10u + (uint32_t)(*c - '0');
    return number > 0 ? number : 1;
}

/* Room kept for the end of the reply, which may contain the context. */
#define PULL_END 200u

/* Replies with as many instances as are asked for and fit; a context in the reply means that there
 * are more. */
static uint16_t pull(struct wsman_exchange *x)
{
    struct wsman_enumeration *e = find_enumeration(x);
    uint32_t left = max_elements(x->request);
    uint32_t instances = wsman_class_instances(x->class, x->view);
    struct out *o = x->out;

    if (!e)
        return fault(x, FAULT_CONTEXT);
    begin(x, ENUMERATION, "/PullResponse");
    out_text(o, "<d:PullResponse><d:Items>");
    for (; left > 0 && e->next < instances; left--) {
        size_t from = o->len;

        wsman_class_write_instance(o, x->class, x->view, e->next);
        if (o->full || o->cap - o->len < PULL_END) {
            o->len = from;
            o->full = false;
            break;
        }
        e->next++;
    }
    out_end_tag(o, "d", "Items");
    if (e->next < instances) {
        write_context(o, e);
    } else {
        out_text(o, "<d:EndOfSequence></d:EndOfSequence>");
        e->id = 0;
    }
    out_end_tag(o, "d", "PullResponse");
    return finish(x);
}

static const struct {
    const char *space, *name;
    uint16_t (*run)(struct wsman_exchange *x);
} actions[] = {
    {TRANSFER, "/Get", get},
    {TRANSFER, "/Put", put},
    {TRANSFER, "/Create", create},
    {TRANSFER, "/Delete", delete_instance},
    {ENUMERATION, "/Enumerate", enumerate},
    {ENUMERATION, "/Pull", pull},
};

/* A method's action is its class, '/' and its name. -1: it is not one, or unknown. */
static int find_operation(const struct wsman_exchange *x)
{
    const char *action = soap_text(x->request, SOAP_ACTION);
    const char *method = wsman_last_part(action);
    const char *class = soap_text(x->request, SOAP_RESOURCE);
    size_t len = strlen(class);

    if (strncmp(action, class, len) != 0 || method != action + len + 1)
        return -1;
    return operation_of_class(x->class->name, method);
}

static uint16_t dispatch(struct wsman_exchange *x)
{
    const char *action = soap_text(x->request, SOAP_ACTION);
    int operation;

    if (!manage_permits(x->view, x->class->read_act))
        return fault(x, FAULT_ACCESS);
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        if (wsman_is_joined(action, actions[i].space, actions[i].name))
            return actions[i].run(x);
    operation = find_operation(x);
    return operation < 0 ? fault(x, FAULT_ACTION) : invoke_method(x, operation);
}

uint16_t wsman_reply(struct wsman *wsman, enum soap_state state, struct operation_call *call)
{
    const struct soap_request *request = call->request;
    struct wsman_exchange x = {wsman, call, request, call->view, call->out, NULL};
    const struct wsman_class *class = wsman_class_find(soap_text(request, SOAP_RESOURCE));

    if (state != SOAP_OK)
        return fault(&x, state == SOAP_BAD ? FAULT_XML : FAULT_LONG);
    if (strcmp(request->method, "Identify") == 0 && !soap_has(request, SOAP_ACTION))
        return identify(&x);
    if (!class)
        return fault(&x, FAULT_CLASS);
    x.class = class;
    return dispatch(&x);
}

const char *wsman_last_part(const char *uri)
{
    const char *part = uri;

    for (; *uri; uri++)
        if (*uri == '/')
            part = uri + 1;
    return part;
}
