// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/wsman_envelope.h"

/* All namespaces are declared on the envelope: attributes further inside break MeshCentral (MC). */
void wsman_begin(struct wsman_exchange *x, const char *action_space, const char *action,
                 const char *end)
{
    struct out *o = x->out;

    out_text(o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a:Envelope"
                " xmlns:a=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:b=\"" WSMAN_ADDRESSING
                "\" xmlns:c=\"" WSMAN_BASE ".xsd\" xmlns:d=\"" WSMAN_ENUMERATION
                "\" xmlns:e=\"" WSMAN_TRANSFER "\"");
    if (x->class) {
        out_text(o, " xmlns:g=\"");
        out_text(o, x->class->space);
        out_text(o, x->class->name);
        out_text(o, "\"");
    }
#if FW_MACHINE
    if (x->class && x->class->dated)
        out_text(o, " xmlns:h=\"http://schemas.dmtf.org/wbem/wscim/1/common\"");
#endif
    out_text(o, "><a:Header><b:To>" WSMAN_ADDRESSING "/role/anonymous</b:To><b:RelatesTo>");
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

uint16_t wsman_finish(struct wsman_exchange *x)
{
    out_text(x->out, "</a:Body></a:Envelope>");
    return 200;
}

#define NO_SUBCODE ""

/* The subcode's prefix and the action's namespace belong together. detail: what follows
 * faultDetail/ of DSP0226, or "". */
static const struct row {
    const char *space, *subcode, *detail, *reason;
} rows[] = {
    [FAULT_XML] = {WSMAN_BASE, "c:SchemaValidationError", "",
                   "The request is not a SOAP envelope, or a value is not of its type."},
    [FAULT_LONG] = {WSMAN_BASE, "c:EncodingLimit", "", "A part of the request is too long."},
    [FAULT_UNDERSTAND] = {WSMAN_ADDRESSING, NO_SUBCODE, "",
                          "A header that must be understood is not."},
    [FAULT_ELSEWHERE] = {WSMAN_BASE, "c:UnsupportedFeature", "AddressingMode",
                         "Replies go to who has asked."},
    [FAULT_LOCALE] = {WSMAN_BASE, "c:UnsupportedFeature", "Locale", "Texts are English."},
    [FAULT_FRAGMENT] = {WSMAN_BASE, "c:UnsupportedFeature", "FragmentLevelAccess",
                        "Instances are read and written as a whole."},
    [FAULT_SMALL] = {WSMAN_BASE, "c:EncodingLimit", "MinimumEnvelopeLimit",
                     "MaxEnvelopeSize is below 8192."},
    [FAULT_NO_ACTION] = {WSMAN_ADDRESSING, "b:MessageInformationHeaderRequired", "",
                         "There is no Action."},
    [FAULT_ACTION] = {WSMAN_ADDRESSING, "b:ActionNotSupported", "", "The action is not supported."},
    [FAULT_CLASS] = {WSMAN_ADDRESSING, "b:DestinationUnreachable", "InvalidResourceURI",
                     "There is no such class."},
    [FAULT_NO_SELECTORS] = {WSMAN_BASE, "c:InvalidSelectors", "InsufficientSelectors",
                            "The class has several instances."},
    [FAULT_OTHER_SELECTORS] = {WSMAN_BASE, "c:InvalidSelectors", "UnexpectedSelectors",
                               "A selector is no key of the class."},
    [FAULT_SAME_SELECTORS] = {WSMAN_BASE, "c:InvalidSelectors", "DuplicateSelectors",
                              "A selector is there twice."},
    [FAULT_INSTANCE] = {WSMAN_BASE, "c:InvalidSelectors", "InvalidValue",
                        "There is no such instance."},
    [FAULT_MODE] = {WSMAN_BASE, "c:UnsupportedFeature", "EnumerationMode",
                    "The EnumerationMode is not known."},
    [FAULT_DIALECT] = {WSMAN_ENUMERATION, "d:FilterDialectRequestedUnavailable", "",
                       "A filter is a set of selectors."},
    [FAULT_FILTER] = {WSMAN_ENUMERATION, "d:CannotProcessFilter", "",
                      "The filter has a selector that is no key of the class, or one twice."},
    [FAULT_CONTEXT] = {WSMAN_ENUMERATION, "d:InvalidEnumerationContext", "",
                       "There is no such enumeration."},
    [FAULT_ITEM] = {WSMAN_BASE, "c:EncodingLimit", "ServiceEnvelopeLimit",
                    "The next item does not fit into a reply."},
    [FAULT_CHARACTERS] = {WSMAN_BASE, "c:EncodingLimit", "MaxEnvelopeSize",
                          "The next item is longer than MaxCharacters."},
    [FAULT_ACCESS] = {WSMAN_BASE, "c:AccessDenied", "", "Not in this state of the device."},
    [FAULT_BODY] = {WSMAN_TRANSFER, "e:InvalidRepresentation", "InvalidNamespace",
                    "The body is not an instance of the class."},
    [FAULT_VALUE] = {WSMAN_TRANSFER, "e:InvalidRepresentation", "InvalidValues",
                     "A value is refused."},
};

static void write_detail(struct out *o, enum wsman_fault fault)
{
    const char *detail = rows[fault].detail;

    if (!detail[0] && fault != FAULT_DIALECT)
        return;
    out_text(o, "<a:Detail>");
    if (detail[0]) {
        out_text(o, "<c:FaultDetail>" WSMAN_BASE "/faultDetail/");
        out_text(o, detail);
        out_text(o, "</c:FaultDetail>");
    } else {
        out_element(o, "d", "SupportedDialect", WSMAN_SELECTOR_DIALECT);
    }
    out_text(o, "</a:Detail>");
}

uint16_t wsman_fault(struct wsman_exchange *x, enum wsman_fault fault)
{
    const struct row *row = &rows[fault];
    struct out *o = x->out;
    bool understood = fault != FAULT_UNDERSTAND;

    o->len = 0;
    o->full = false;
    x->class = NULL;
    wsman_begin(x, row->space, "/fault", "");
    out_text(o, "<a:Fault><a:Code><a:Value>a:");
    out_text(o, understood ? "Sender" : "MustUnderstand");
    out_text(o, "</a:Value>");
    if (row->subcode[0]) {
        out_text(o, "<a:Subcode><a:Value>");
        out_text(o, row->subcode);
        out_text(o, "</a:Value></a:Subcode>");
    }
    out_text(o, "</a:Code><a:Reason><a:Text xml:lang=\"en-US\">");
    out_text(o, row->reason);
    out_text(o, "</a:Text></a:Reason>");
    write_detail(o, fault);
    out_text(o, "</a:Fault>");
    wsman_finish(x);
    return understood ? 400 : 500;
}
