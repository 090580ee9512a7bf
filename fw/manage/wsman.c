// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/wsman.h"

#include <string.h>

#include "fw/core/hex.h"
#include "fw/core/status.h"
#include "fw/core/text.h"
#include "fw/core/trace.h"
#include "fw/core/wipe.h"
#include "fw/manage/certificate_name.h"
#include "fw/manage/digest.h"

#define AMT AMT_SCHEMA
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

/* Names and fixed texts: WSM. DigestRealm is the one in the 401 reply (MC). */
static void general_settings(struct out *o, const struct manage_view *v, uint32_t instance)
{
    char realm[DIGEST_REALM];

    (void)instance;
    digest_realm(v->uuid, realm);
    property(o, "DigestRealm", realm);
    property(o, "DomainName", manage_domain(v));
    property(o, "ElementName", "Intel(r) AMT: General Settings");
    property(o, "HostName", manage_host_name(v));
    property_number(o, "IdleWakeTimeout", v->settings->me.idle_timeout_min);
    property(o, "InstanceID", "Intel(r) AMT: General Settings");
    property_flag(o, "NetworkInterfaceEnabled", true);
}

static void service_names(struct out *o, const char *class, const char *name)
{
    property(o, "CreationClassName", class);
    property(o, "ElementName", name);
    property(o, "Name", name);
    property(o, "SystemCreationClassName", "CIM_ComputerSystem");
    property(o, "SystemName", "Intel(r) AMT");
}

/* Properties: WSM, LMS-cim, G-sacs. The one-time password can be read only by the set-up server,
 * over TLS (G-rflow, LMS-cim). */
static void setup_service(struct out *o, const struct manage_view *v, uint32_t instance)
{
    const struct settings *s = v->settings;

    (void)instance;
    service_names(o, "AMT_SetupAndConfigurationService",
                  "Intel(r) AMT Setup and Configuration Service");
    property(o, "ConfigurationServerFQDN", s->config.server_fqdn);
    property(o, "DhcpDNSSuffix", v->option15);
    property_number(o, "PasswordModel", 1);
    property_number(o, "ProvisioningMode", s->config.mode);
    if (v->situation == SITUATION_SETUP && s->secret.otp[0])
        property(o, "ProvisioningServerOTP", s->secret.otp);
    property_number(o, "ProvisioningState", manage_provisioning_state(v));
    property(o, "TrustedDNSSuffix", s->config.pki_suffix);
    if (s->config.mode == MODE_ENTERPRISE)
        property_flag(o, "ZeroTouchConfigurationEnabled", s->config.rcfg_enabled);
}

static void authorization_service(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)v;
    (void)instance;
    service_names(o, "AMT_AuthorizationService", "Intel(r) AMT Authorization Service");
}

static void time_service(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)v;
    (void)instance;
    service_names(o, "AMT_TimeSynchronizationService", "Intel(r) AMT Time Synchronization Service");
}

static void key_service(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)v;
    (void)instance;
    service_names(o, "AMT_PublicKeyManagementService",
                  "Intel(r) AMT Public Key Management Service");
}

/* CIM's numbers: 2 on, 8 off - soft (DSP1027). */
static void power_service(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)instance;
    property_number(o, "PowerState", v->host_on ? 2 : 8);
}

/* --- TLS's key and certificate: those that it will use after a commit */

#define NETWORK_TLS "Intel(r) AMT 802.3 TLS Settings" /* MC */
#define HOST_TLS "Intel(r) AMT LMS TLS Settings"      /* MC */

static const char *const certificate_handle[] = {CERTIFICATE_HANDLE_0, CERTIFICATE_HANDLE_1};
static const char *const key_handle[] = {KEY_HANDLE_0, KEY_HANDLE_1};

static uint32_t identity_count(const struct manage_view *v)
{
    return v->certificate ? 1 : 0;
}

#define DN_MAX 160

/* Without these names in AMT_PublicKeyCertificate MeshCentral's set-up fails (MC). */
static void property_name(struct out *o, const char *name, const struct manage_view *v,
                          enum certificate_name which)
{
    char text[DN_MAX + 1] = "";
    struct out text_out = {text, DN_MAX, 0, false};

    certificate_name_write(&text_out, v->certificate, v->certificate_len, which);
    property(o, name, text);
}

static void certificate(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)instance;
    property(o, "ElementName", "Intel(r) AMT Certificate");
    property(o, "InstanceID", certificate_handle[v->identity]);
    property_name(o, "Issuer", v, NAME_ISSUER);
    property_name(o, "Subject", v, NAME_SUBJECT);
    property_flag(o, "TrustedRootCertficate", false); /* spelt like this (MC) */
    out_start_tag(o, "g", "X509Certificate");
    out_base64(o, v->certificate, v->certificate_len);
    out_end_tag(o, "g", "X509Certificate");
}

static void key_pair(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)instance;
    property(o, "ElementName", "Intel(r) AMT Key");
    property(o, "InstanceID", key_handle[v->identity]);
    out_start_tag(o, "g", "DERKey");
    out_base64(o, v->public_key, v->public_key_len);
    out_end_tag(o, "g", "DERKey");
}

static bool tls_is_on(const struct manage_view *v)
{
    return v->settings->config.mode != MODE_SMB && !pending_tls_off(v->pending, v->settings);
}

/* Two instances: the network's, and the host's local interface, which has no TLS here. */
static void tls_settings(struct out *o, const struct manage_view *v, uint32_t instance)
{
    const char *name = instance == 0 ? NETWORK_TLS : HOST_TLS;
    bool on = instance == 0 && tls_is_on(v);

    property_flag(o, "AcceptNonSecureConnections", false);
    property(o, "ElementName", name);
    property_flag(o, "Enabled", on);
    property(o, "InstanceID", name);
    property_flag(o, "MutualAuthentication", on && v->pending->mutual);
}

static void tls_context(struct out *o, const struct manage_view *v, uint32_t instance)
{
    (void)instance;
    out_reference(o, "g", "ElementInContext", AMT "AMT_PublicKeyCertificate", "InstanceID",
                  certificate_handle[v->identity]);
    out_reference(o, "g", "ElementProvidingContext", AMT "AMT_TLSProtocolEndpointCollection",
                  "ElementName", "TLSProtocolEndpointInstances Collection");
}

#define SOFTWARE 10

/* The entries of GetCodeVersions (G-codever); MeshCentral searches for InstanceID AMT (MC). */
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

/* --- writable classes */

static uint32_t put_general_settings(struct operation_call *c, uint32_t instance)
{
    struct pending *p = c->pending;
    const char *host_name = soap_text(c->request, SOAP_HOST_NAME);
    const char *domain = soap_text(c->request, SOAP_DOMAIN_NAME);
    struct pending before = *p;
    uint32_t status = PT_STATUS_SUCCESS;

    (void)instance;
    /* A present value may be empty, and is written back with the others. */
    if (strcmp(host_name, manage_host_name(c->view)) != 0)
        status = pending_set_host_name(p, host_name);
    if (status == PT_STATUS_SUCCESS && strcmp(domain, manage_domain(c->view)) != 0)
        status = pending_set_domain(p, domain);
    if (status != PT_STATUS_SUCCESS)
        *p = before;
    wipe(&before, sizeof(before));
    return status;
}

static uint32_t put_tls_settings(struct operation_call *c, uint32_t instance)
{
    bool on, mutual = false;

    if (!soap_flag(c->request, SOAP_ENABLED, &on) ||
        (soap_has(c->request, SOAP_MUTUAL_AUTHENTICATION) &&
         !soap_flag(c->request, SOAP_MUTUAL_AUTHENTICATION, &mutual)))
        return PT_STATUS_INVALID_PARAMETER;
    if (instance == 0)
        pending_set_tls(c->pending, on, mutual);
    return instance == 0 || !on ? PT_STATUS_SUCCESS : PT_STATUS_UNSUPPORTED;
}

static uint32_t create_tls_context(struct operation_call *c, uint32_t instance)
{
    (void)instance;
    return c->view->certificate && strcmp(soap_text(c->request, SOAP_ELEMENT_IN_CONTEXT),
                                          certificate_handle[c->view->identity]) == 0
               ? PT_STATUS_SUCCESS
               : PT_STATUS_INVALID_HANDLE;
}

static uint32_t delete_tls_context(struct operation_call *c, uint32_t instance)
{
    (void)instance;
    return c->device->run(c->device->ctx, MANAGE_CLEAR_IDENTITY, 0, &c->why);
}

/* --- the table */

typedef uint32_t class_write(struct operation_call *c, uint32_t instance);

struct class
{
    const char *space, *name;
    uint8_t read_act;  /* enum act: that must be permitted for reading ... */
    uint8_t write_act; /* ... and writing */
    uint8_t instances; /* 0: count() returns it; 1: can be read without a selector */
    void (*read)(struct out *o, const struct manage_view *v, uint32_t instance);
    uint32_t (*count)(const struct manage_view *v);
    const char *const *keys; /* the selector of each instance; NULL: there is at most one */
    class_write *put, *create, *delete;
};

static const char *const tls_keys[] = {NETWORK_TLS, HOST_TLS};

#define READ(space, class, act, instances, read)                                                   \
    {                                                                                              \
        space, class, act, ACT_READ, instances, read, NULL, NULL, NULL, NULL, NULL                 \
    }

static const struct class classes[] = {
    {AMT, "AMT_GeneralSettings", ACT_READ, ACT_SET_NAME, 1, general_settings, NULL, NULL,
     put_general_settings, NULL, NULL},
    READ(AMT, "AMT_SetupAndConfigurationService", ACT_READ, 1, setup_service),
    READ(AMT, "AMT_AuthorizationService", ACT_READ, 1, authorization_service),
    READ(AMT, "AMT_TimeSynchronizationService", ACT_READ, 1, time_service),
    READ(AMT, "AMT_PublicKeyManagementService", ACT_READ, 1, key_service),
    {AMT, "AMT_TLSSettingData", ACT_READ, ACT_SET_TLS, 2, tls_settings, NULL, tls_keys,
     put_tls_settings, NULL, NULL},
    {AMT, "AMT_TLSCredentialContext", ACT_READ, ACT_SET_TLS, 0, tls_context, identity_count, NULL,
     NULL, create_tls_context, delete_tls_context},
    {AMT, "AMT_PublicKeyCertificate", ACT_READ, ACT_READ, 0, certificate, identity_count, NULL,
     NULL, NULL, NULL},
    {AMT, "AMT_PublicPrivateKeyPair", ACT_READ, ACT_READ, 0, key_pair, identity_count, NULL, NULL,
     NULL, NULL},
    READ(CIM, "CIM_AssociatedPowerManagementService", ACT_READ_MACHINE, 1, power_service),
    READ(CIM, "CIM_SoftwareIdentity", ACT_READ, SOFTWARE, software),
};

#define CLASSES ((int)(sizeof(classes) / sizeof(classes[0])))

static uint32_t instances_of(const struct class *c, const struct manage_view *v)
{
    return c->count ? c->count(v) : c->instances;
}

/* Whether text is `one` followed by `other`. */
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
    out_start_tag(o, "g", c->name);
    c->read(o, v, instance);
    out_end_tag(o, "g", c->name);
}

/* --- envelopes */

struct wsman_exchange {
    struct wsman *wsman;
    struct operation_call *call;
    const struct soap_request *request;
    const struct manage_view *view;
    struct out *out;
    const struct class *class; /* the one that the reply names; NULL = none */
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
    out_text(o, x->view->release->name);
    out_text(o, "</b:ProductVersion><b:SecurityProfiles><b:SecurityProfileName>" WSMAN
                "/secprofile/http/digest</b:SecurityProfileName></b:SecurityProfiles>"
                "</b:IdentifyResponse>");
    return finish(x);
}

/* The selected instance; -1: there is none, or there are several. A class with one instance needs
 * no selector and ignores it. */
static int find_instance(const struct wsman_exchange *x)
{
    uint32_t instances = instances_of(x->class, x->view);
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
    write_instance(x->out, x->class, x->view, (uint32_t)instance);
    return finish(x);
}

/* Writes an instance and traces that like a method. */
static uint32_t write_traced(struct wsman_exchange *x, class_write *write, const char *name,
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
    write_instance(x->out, x->class, x->view, (uint32_t)instance);
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

    e->class = (uint8_t)(x->class - classes);
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

        if (e->id == id && &classes[e->class] == x->class)
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
    uint32_t instances = instances_of(x->class, x->view);
    struct out *o = x->out;

    if (!e)
        return fault(x, FAULT_CONTEXT);
    begin(x, ENUMERATION, "/PullResponse");
    out_text(o, "<d:PullResponse><d:Items>");
    for (; left > 0 && e->next < instances; left--) {
        size_t from = o->len;

        write_instance(o, x->class, x->view, e->next);
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
        if (is_joined(action, actions[i].space, actions[i].name))
            return actions[i].run(x);
    operation = find_operation(x);
    return operation < 0 ? fault(x, FAULT_ACTION) : invoke_method(x, operation);
}

uint16_t wsman_reply(struct wsman *wsman, enum soap_state state, struct operation_call *call)
{
    const struct soap_request *request = call->request;
    struct wsman_exchange x = {wsman, call, request, call->view, call->out, NULL};
    int class = find_class(soap_text(request, SOAP_RESOURCE));

    if (state != SOAP_OK)
        return fault(&x, state == SOAP_BAD ? FAULT_XML : FAULT_LONG);
    if (strcmp(request->method, "Identify") == 0 && !soap_has(request, SOAP_ACTION))
        return identify(&x);
    if (class < 0)
        return fault(&x, FAULT_CLASS);
    x.class = &classes[class];
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
