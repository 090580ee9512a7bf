#include "fw/manage/wsman.h"

#include <string.h>

#include "fw/core/text.h"
#include "fw/manage/digest.h"

#define AMT "http://intel.com/wbem/wscim/1/amt-schema/1/"
#define CIM "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/"
#define ADDRESSING "http://schemas.xmlsoap.org/ws/2004/08/addressing"
#define ENUMERATION "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
#define TRANSFER "http://schemas.xmlsoap.org/ws/2004/09/transfer"
#define WSMAN "http://schemas.dmtf.org/wbem/wsman/1/wsman"

/* --- classes */

static void property(struct out *o, const char *name, const char *text)
{
    out_element(o, "g", name, text);
}

static void property_number(struct out *o, const char *name, uint32_t number)
{
    out_element_number(o, "g", name, number);
}

static void property_flag(struct out *o, const char *name, bool flag)
{
    property(o, name, flag ? "true" : "false");
}

/* Names and fixed texts: WSM. DigestRealm is the 401's (MC). */
static void general_settings(struct out *o, const struct manage_view *v, uint32_t instance)
{
    char realm[DIGEST_REALM];

    (void)instance;
    digest_realm(v->uuid, realm);
    property(o, "DigestRealm", realm);
    property(o, "DomainName", manage_domain(v));
    property(o, "ElementName", "Intel(r) AMT: General Settings");
    property(o, "HostName", v->settings->host_name);
    property_number(o, "IdleWakeTimeout", v->settings->idle_timeout_min);
    property(o, "InstanceID", "Intel(r) AMT: General Settings");
    property_flag(o, "NetworkInterfaceEnabled", true);
}

/* Behaviour 9.3: WSM, LMS-cim, G-sacs. */
static void setup_service(struct out *o, const struct manage_view *v, uint32_t instance)
{
    const struct settings *s = v->settings;

    (void)instance;
    property(o, "CreationClassName", "AMT_SetupAndConfigurationService");
    property(o, "ElementName", "Intel(r) AMT Setup and Configuration Service");
    property(o, "Name", "Intel(r) AMT Setup and Configuration Service");
    property_number(o, "PasswordModel", 1);
    property_number(o, "ProvisioningMode", s->mode);
    property_number(o, "ProvisioningState", v->provisioning_state);
    property(o, "SystemCreationClassName", "CIM_ComputerSystem");
    property(o, "SystemName", "Intel(r) AMT");
    if (s->mode == MODE_ENTERPRISE)
        property_flag(o, "ZeroTouchConfigurationEnabled", s->rcfg_enabled);
}

#define SOFTWARE 10

/* The entries of GetCodeVersions (G-codever); MeshCentral looks for InstanceID AMT (MC). */
static void software(struct out *o, const struct manage_view *v, uint32_t instance)
{
    enum { VERSION, SKU, VENDOR, BUILD, LEGACY, VALUES };
    static const struct {
        const char *name;
        uint8_t value;
    } entry[SOFTWARE] = {{"Flash", VERSION},
                         {"Netstack", VERSION},
                         {"AMTApps", VERSION},
                         {"AMT", VERSION},
                         {"Sku", SKU},
                         {"VendorID", VENDOR},
                         {"Build Number", BUILD},
                         {"Recovery Version", VERSION},
                         {"Recovery Build Num", BUILD},
                         {"Legacy Mode", LEGACY}};
    char sku[sizeof("65535")] = "", build[sizeof("65535")] = "";
    struct out sku_out = {sku, sizeof(sku) - 1, 0, false};
    struct out build_out = {build, sizeof(build) - 1, 0, false};
    const char *const value[VALUES] = {[VERSION] = v->release->name,
                                       [SKU] = sku,
                                       [VENDOR] = "8086",
                                       [BUILD] = build,
                                       [LEGACY] = "False"};

    out_print(&sku_out, "%u", (uint32_t)v->release->sku.value);
    out_print(&build_out, "%04u", (uint32_t)v->release->build.value);
    property(o, "InstanceID", entry[instance].name);
    property_flag(o, "IsEntity", true);
    property(o, "VersionString", value[entry[instance].value]);
}

struct class
{
    const char *space, *name;
    uint8_t instances; /* 1: can be read by Get, without selectors */
    void (*write)(struct out *o, const struct manage_view *v, uint32_t instance);
};

static const struct class classes[] = {
    {AMT, "AMT_GeneralSettings", 1, general_settings},
    {AMT, "AMT_SetupAndConfigurationService", 1, setup_service},
    {CIM, "CIM_SoftwareIdentity", SOFTWARE, software},
};

#define CLASSES ((int)(sizeof(classes) / sizeof(classes[0])))

/* Whether text is the one and then the other. */
static bool is_joined(const char *text, const char *one, const char *other)
{
    while (*one && *text == *one) {
        text++;
        one++;
    }
    return *one == '\0' && strcmp(text, other) == 0;
}

static int find_class(const char *uri)
{
    for (int i = 0; i < CLASSES; i++)
        if (is_joined(uri, classes[i].space, classes[i].name))
            return i;
    return -1;
}

static void write_instance(struct out *o, const struct class *c, const struct manage_view *v,
                           uint32_t instance)
{
    out_open(o, "g", c->name);
    c->write(o, v, instance);
    out_close(o, "g", c->name);
}

/* --- envelopes */

struct exchange {
    struct wsman *wsman;
    const struct soap_request *request;
    const struct manage_view *view;
    struct out *out;
    const struct class *class;
};

/* Every namespace is declared here: an attribute further inside breaks MeshCentral (MC). */
static void begin(struct exchange *x, const char *action_space, const char *action)
{
    struct out *o = x->out;

    out_text(o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a:Envelope"
                " xmlns:a=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:b=\"" ADDRESSING "\""
                " xmlns:c=\"" WSMAN ".xsd\" xmlns:d=\"" ENUMERATION "\"");
    if (x->class) {
        out_text(o, " xmlns:g=\"");
        out_text(o, x->class->space);
        out_text(o, x->class->name);
        out_text(o, "\"");
    }
    out_text(o, "><a:Header><b:To>" ADDRESSING "/role/anonymous</b:To><b:RelatesTo>");
    out_escaped(o, x->request->message_id);
    out_text(o, "</b:RelatesTo><b:Action>");
    out_text(o, action_space);
    out_text(o, action);
    out_text(o, "</b:Action><b:MessageID>uuid:00000000-8086-8086-8086-0000");
    out_print(o, "%8X", x->wsman->messages++);
    out_text(o, "</b:MessageID>");
    if (x->class) { /* what MeshCentral pulls by (MC) */
        out_open(o, "c", "ResourceURI");
        out_text(o, x->class->space);
        out_text(o, x->class->name);
        out_close(o, "c", "ResourceURI");
    }
    out_text(o, "</a:Header><a:Body>");
}

static uint16_t finish(struct exchange *x)
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
};

/* DSP0226 14.6; the action's space and the subcode's prefix belong together. */
static uint16_t fault(struct exchange *x, enum fault which)
{
    static const struct {
        const char *space, *code, *reason;
    } row[] = {
        [FAULT_XML] = {WSMAN, "c:SchemaValidationError", "The request is not a SOAP envelope."},
        [FAULT_LONG] = {WSMAN, "c:EncodingLimit", "A part of the request is too long."},
        [FAULT_ACTION] = {ADDRESSING, "b:ActionNotSupported", "The action is not supported."},
        [FAULT_CLASS] = {ADDRESSING, "b:DestinationUnreachable", "There is no such class."},
        [FAULT_SELECTORS] = {WSMAN, "c:InvalidSelectors", "The class has more than one instance."},
        [FAULT_CONTEXT] = {ENUMERATION, "d:InvalidEnumerationContext",
                           "There is no such enumeration."},
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

/* Texts as AMT gives them (MAAS); the profile: DSP0226. */
static uint16_t identify(struct exchange *x)
{
    struct out *o = x->out;

    out_text(o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a:Envelope"
                " xmlns:a=\"http://www.w3.org/2003/05/soap-envelope\""
                " xmlns:b=\"http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd\">"
                "<a:Header></a:Header><a:Body><b:IdentifyResponse>"
                "<b:ProtocolVersion>" WSMAN ".xsd</b:ProtocolVersion>"
                "<b:ProductVendor>Intel(r)</b:ProductVendor><b:ProductVersion>AMT ");
    out_text(o, x->view->release->name);
    out_text(o, "</b:ProductVersion><b:SecurityProfiles><b:SecurityProfileName>" WSMAN
                "/secprofile/http/digest</b:SecurityProfileName></b:SecurityProfiles>"
                "</b:IdentifyResponse>");
    return finish(x);
}

static uint16_t get(struct exchange *x)
{
    if (x->class->instances != 1)
        return fault(x, FAULT_SELECTORS);
    begin(x, TRANSFER, "/GetResponse");
    write_instance(x->out, x->class, x->view, 0);
    return finish(x);
}

static void write_context(struct out *o, const struct wsman_enumeration *e)
{
    out_open(o, "d", "EnumerationContext");
    out_print(o, "%8X", e->id);
    out_text(o, "-0000-0000-0000-000000000000");
    out_close(o, "d", "EnumerationContext");
}

/* A free one, else the one that was begun first. */
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

static uint16_t enumerate(struct exchange *x)
{
    struct wsman_enumeration *e = new_enumeration(x->wsman);

    e->class = (uint8_t)(x->class - classes);
    begin(x, ENUMERATION, "/EnumerateResponse");
    out_open(x->out, "d", "EnumerateResponse");
    write_context(x->out, e);
    out_close(x->out, "d", "EnumerateResponse");
    return finish(x);
}

static struct wsman_enumeration *find_enumeration(struct exchange *x)
{
    static const char rest[] = "-0000-0000-0000-000000000000";
    const char *text = x->request->context;
    uint32_t id = 0;

    for (int i = 0; i < 8; i++) {
        int digit = text_digit(*text);

        if (digit < 0)
            return NULL;
        id = id << 4 | (uint32_t)digit;
        text++;
    }
    if (strcmp(text, rest) != 0)
        return NULL;
    for (int i = 0; id != 0 && i < LIMIT_ENUMERATIONS; i++) {
        struct wsman_enumeration *e = &x->wsman->enumeration[i];

        if (e->id == id && &classes[e->class] == x->class)
            return e;
    }
    return NULL;
}

/* 1 unless it is said (DSP0226 8.4) */
static uint32_t max_elements(const struct soap_request *r)
{
    uint32_t number = 0;

    for (const char *c = r->max_elements; *c >= '0' && *c <= '9' && number < 1000; c++)
        number = number * 10u + (uint32_t)(*c - '0');
    return number > 0 ? number : 1;
}

/* Room that stays for what ends the reply, the context among it. */
#define PULL_END 200u

/* As many as are asked for and fit; the context in the reply says that there are more. */
static uint16_t pull(struct exchange *x)
{
    struct wsman_enumeration *e = find_enumeration(x);
    uint32_t left = max_elements(x->request);
    struct out *o = x->out;

    if (!e)
        return fault(x, FAULT_CONTEXT);
    begin(x, ENUMERATION, "/PullResponse");
    out_text(o, "<d:PullResponse><d:Items>");
    for (; left > 0 && e->next < x->class->instances; left--) {
        size_t from = o->len;

        write_instance(o, x->class, x->view, e->next);
        if (o->full || o->cap - o->len < PULL_END) {
            o->len = from;
            o->full = false;
            break;
        }
        e->next++;
    }
    out_close(o, "d", "Items");
    if (e->next < x->class->instances) {
        write_context(o, e);
    } else {
        out_text(o, "<d:EndOfSequence></d:EndOfSequence>");
        e->id = 0;
    }
    out_close(o, "d", "PullResponse");
    return finish(x);
}

static const struct {
    const char *space, *name;
    uint16_t (*run)(struct exchange *x);
} actions[] = {
    {TRANSFER, "/Get", get},
    {ENUMERATION, "/Enumerate", enumerate},
    {ENUMERATION, "/Pull", pull},
};

uint16_t wsman_reply(struct wsman *wsman, enum soap_state state, const struct soap_request *request,
                     const struct manage_view *view, struct out *out)
{
    struct exchange x = {wsman, request, view, out, NULL};
    int class = find_class(request->resource);

    if (state != SOAP_OK)
        return fault(&x, state == SOAP_BAD ? FAULT_XML : FAULT_LONG);
    if (strcmp(request->method, "Identify") == 0 && request->action[0] == '\0')
        return identify(&x);
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (!is_joined(request->action, actions[i].space, actions[i].name))
            continue;
        if (class < 0)
            return fault(&x, FAULT_CLASS);
        x.class = &classes[class];
        return actions[i].run(&x);
    }
    return fault(&x, class < 0 ? FAULT_CLASS : FAULT_ACTION);
}

const char *wsman_last_part(const char *uri)
{
    const char *part = uri;

    for (; *uri; uri++)
        if (*uri == '/')
            part = uri + 1;
    return part;
}
