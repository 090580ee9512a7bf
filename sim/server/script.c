#include "sim/server/script.h"

#include <stdio.h>
#include <string.h>

#include <mbedtls/base64.h>

#include "fw/manage/md5.h"
#include "fw/manage/out.h"
#include "fw/manage/xml.h"

/* --- the tables --- */

#define SECURITY "SecurityAdministration"
#define NETWORK "NetworkAdministration"
#define TIME "NetworkTime"

/* A row; what follows the name are fields that are not zero. */
#define CALL(in_stage, of_service, called, ...)                                                    \
    {                                                                                              \
        .stage = in_stage, .verb = SCA_CALL, .service = of_service, .name = called, __VA_ARGS__    \
    }
#define READ(in_stage, how, class, ...)                                                            \
    {                                                                                              \
        .stage = in_stage, .verb = how, .service = class, .name = class,                           \
        .tolerant = in_stage == 1, __VA_ARGS__                                                     \
    }
#define WITH(...) .parameter = {__VA_ARGS__}

#define HIGH_ACCURACY                                                                              \
    {"Ta0", SCA_DEVICE_TIME}, {"Tm1", SCA_SERVER_TIME},                                            \
    {                                                                                              \
        "Tm2", SCA_SERVER_TIME                                                                     \
    }
#define ADMIN_ACL                                                                                  \
    {"Username", SCA_USER},                                                                        \
    {                                                                                              \
        "DigestPassword", SCA_ADMIN_DIGEST                                                         \
    }
#define MEBX_REMARK "We can't set MEBx password at this time. Admin may have already changed this."

/* The order and the log's form: S4. */
static const struct sca_operation soap[] = {
    CALL(1, SECURITY, "ClearTLSCredentials"),
    CALL(1, TIME, "GetLowAccuracyTimeSynch", .keep = {"Ta0", SCA_DEVICE_TIME}),
    CALL(1, TIME, "SetHighAccuracyTimeSynch", WITH(HIGH_ACCURACY)),
    CALL(1, NETWORK, "SetHostName", WITH({"HostName", SCA_HOST_NAME})),
    CALL(1, NETWORK, "SetDomainName", WITH({"DomainName", SCA_DOMAIN_NAME}), .short_log = true),
    CALL(1, SECURITY, "SetTLSCertificateWithKeyPair",
         WITH({"KeyPair", SCA_KEY_PAIR}, {"Certificate", SCA_CERTIFICATE}), .short_log = true),
    CALL(1, SECURITY, "SetTlsServerAuthentication", WITH({"Enabled", SCA_TRUE})),
    CALL(1, SECURITY, "GetDigestRealm", .keep = {"DigestRealm", SCA_REALM}),
    CALL(1, SECURITY, "SetAdminAclEntryEx", WITH(ADMIN_ACL)),
    CALL(1, SECURITY, "SetMEBxPassword", WITH({"Password", SCA_MEBX_PASSWORD}), .tolerated = 0x10,
         .remark = MEBX_REMARK),
    CALL(1, SECURITY, "CommitChanges"),
    CALL(2, SECURITY, "GetCoreVersion"),
    CALL(2, NETWORK, "GetHostName", .keep = {"HostName", SCA_HOST_NAME}),
    CALL(0, SECURITY, "Unprovision", WITH({"ProvisioningMode", SCA_MODE}), .undoes = true),
    CALL(0, SECURITY, "PartialUnprovision", .undoes = true),
    CALL(0, SECURITY, "ExtendProvisioningPeriod", WITH({"Duration", SCA_HOURS})),
    CALL(0, SECURITY, "SetTLSPSK", WITH({"PID", SCA_PID}, {"PPS", SCA_PPS})),
    CALL(0, "RemoteControl", "GetSystemPowerState"),
};

#define SETUP "AMT_SetupAndConfigurationService"
#define CLOCK "AMT_TimeSynchronizationService"

/* The order, and that of what is only read nothing must be there: MC. A 5.0 makes no keys for
 * others, so that nothing of what MeshCentral does with those is here. */
static const struct sca_operation wsman[] = {
    READ(1, SCA_GET, "AMT_GeneralSettings", .keep = {"DigestRealm", SCA_REALM}),
    READ(1, SCA_ENUMERATE, "CIM_SoftwareIdentity"),
    READ(1, SCA_GET, SETUP),
    CALL(1, SETUP, "SetMEBxPassword", WITH({"Password", SCA_MEBX_PASSWORD}), .tolerant = true,
         .tolerated = 0x10, .remark = MEBX_REMARK),
    CALL(1, "AMT_AuthorizationService", "SetAdminAclEntryEx", WITH(ADMIN_ACL)),
    CALL(1, CLOCK, "GetLowAccuracyTimeSynch", .keep = {"Ta0", SCA_DEVICE_TIME}),
    CALL(1, CLOCK, "SetHighAccuracyTimeSynch", WITH(HIGH_ACCURACY)),
    READ(1, SCA_ENUMERATE, "AMT_PublicKeyCertificate"),
    READ(1, SCA_ENUMERATE, "AMT_PublicPrivateKeyPair"),
    READ(1, SCA_ENUMERATE, "AMT_TLSSettingData"),
    READ(1, SCA_ENUMERATE, "AMT_TLSCredentialContext"),
    CALL(1, SETUP, "CommitChanges"),
    READ(2, SCA_GET, "AMT_GeneralSettings"),
    CALL(0, SETUP, "Unprovision", WITH({"ProvisioningMode", SCA_MODE}), .undoes = true),
    CALL(0, SETUP, "PartialUnprovision", .undoes = true),
    CALL(0, SETUP, "ExtendProvisioningPeriod", WITH({"Duration", SCA_HOURS})),
    CALL(0, SETUP, "SetTLSPSK", WITH({"PID", SCA_PID}, {"PPS", SCA_PPS})),
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const struct {
    const struct sca_operation *operation;
    size_t operations;
} script[SCA_PROTOCOLS] = {
    [SCA_SOAP] = {soap, COUNT(soap)},
    [SCA_WSMAN] = {wsman, COUNT(wsman)},
};

const struct sca_operation *sca_next_operation(enum sca_protocol protocol, uint8_t stage,
                                               const struct sca_operation *after)
{
    const struct sca_operation *op = after ? after + 1 : script[protocol].operation;

    for (; op < script[protocol].operation + script[protocol].operations; op++)
        if (op->stage == stage)
            return op;
    return NULL;
}

const struct sca_operation *sca_find_operation(enum sca_protocol protocol, bool first_stage,
                                               const char *name)
{
    for (size_t i = 0; i < script[protocol].operations; i++) {
        const struct sca_operation *op = &script[protocol].operation[i];

        if ((op->stage == 1 || !first_stage) && strcmp(op->name, name) == 0)
            return op;
    }
    return NULL;
}

/* --- requests --- */

const char *sca_path(enum sca_protocol protocol, const struct sca_operation *op, char out[64])
{
    if (protocol == SCA_WSMAN)
        snprintf(out, 64, "/wsman");
    else
        snprintf(out, 64, "/%sService", op->service);
    return out;
}

const char *sca_soap_action(enum sca_protocol protocol, const struct sca_operation *op,
                            char out[160])
{
    out[0] = '\0';
    if (protocol == SCA_SOAP)
        snprintf(out, 160, "http://schemas.intel.com/platform/client/%s/2004/01#%s", op->service,
                 op->name);
    return out;
}

/* Both forms of SetAdminAclEntryEx are known; the digits are MeshCentral's. */
static void write_digest(struct out *o, const struct sca_facts *f)
{
    static const char user[] = SCA_ADMIN_USER;
    const struct md5_part in[] = {{user, sizeof(user) - 1},
                                  {":", 1},
                                  {f->realm, strlen(f->realm)},
                                  {":", 1},
                                  {f->admin_password, strlen(f->admin_password)}};
    uint8_t md5[MD5_BYTES];
    char hex[3];

    md5_of(in, 5, md5);
    for (int i = 0; i < MD5_BYTES; i++) {
        snprintf(hex, sizeof(hex), "%02x", md5[i]);
        out_text(o, hex);
    }
}

static void write_base64(struct out *o, const struct pem_part *part)
{
    size_t written = 0;

    if (mbedtls_base64_encode((unsigned char *)o->text + o->len, o->cap - o->len, &written,
                              part->der, part->len) == 0)
        o->len += written;
    else
        o->full = true;
}

static void write_number(struct out *o, uint64_t number)
{
    char text[24];

    snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
    out_text(o, text);
}

/* NULL: the value is no text. */
static const char *text_of(enum sca_value value, const struct sca_facts *f)
{
    switch (value) {
    case SCA_TRUE:
        return "true";
    case SCA_MODE:
        return "1"; /* enterprise (WSM) */
    case SCA_USER:
        return SCA_ADMIN_USER;
    case SCA_MEBX_PASSWORD:
        return f->mebx_password;
    case SCA_HOST_NAME:
        return f->host_name;
    case SCA_DOMAIN_NAME:
        return f->domain_name;
    case SCA_PID:
        return f->pid;
    case SCA_PPS:
        return f->pps;
    default:
        return NULL;
    }
}

static void write_value(struct out *o, enum sca_value value, const struct sca_facts *f)
{
    const struct pem_file *device = f->device_certificate;
    const char *text = text_of(value, f);

    if (text)
        out_escaped(o, text);
    else if (value == SCA_ADMIN_DIGEST)
        write_digest(o, f);
    else if (value == SCA_KEY_PAIR && device)
        write_base64(o, &device->key);
    else if (value == SCA_CERTIFICATE && device)
        write_base64(o, &device->certificate[0]);
    else if (value == SCA_DEVICE_TIME)
        write_number(o, f->device_time);
    else if (value == SCA_SERVER_TIME)
        write_number(o, f->now_s);
    else if (value == SCA_HOURS)
        write_number(o, f->hours);
}

static void write_parameters(struct out *o, const struct sca_operation *op,
                             const struct sca_facts *f)
{
    for (int i = 0; i < SCA_PARAMETERS && op->parameter[i].name; i++) {
        out_start_tag(o, "", op->parameter[i].name);
        write_value(o, op->parameter[i].value, f);
        out_end_tag(o, "", op->parameter[i].name);
    }
}

static void open_in(struct out *o, const char *name, const char *space, const char *part)
{
    out_text(o, "<");
    out_text(o, name);
    out_text(o, " xmlns=\"");
    out_text(o, space);
    out_text(o, part);
    out_text(o, "\">");
}

/* Form: AMTTOOL. */
static void write_soap(struct out *o, const struct sca_operation *op, const struct sca_facts *f)
{
    char space[128];

    snprintf(space, sizeof(space), "http://schemas.intel.com/platform/client/%s/2004/01",
             op->service);
    out_text(o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><s:Envelope "
                "xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>");
    open_in(o, op->name, space, "");
    write_parameters(o, op, f);
    out_end_tag(o, "", op->name);
    out_text(o, "</s:Body></s:Envelope>");
}

#define TRANSFER "http://schemas.xmlsoap.org/ws/2004/09/transfer"
#define ENUMERATION "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
#define ADDRESSING "http://schemas.xmlsoap.org/ws/2004/08/addressing"

static const char *class_space(const struct sca_operation *op)
{
    return strncmp(op->service, "CIM_", 4) == 0
               ? "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/"
               : "http://intel.com/wbem/wscim/1/amt-schema/1/";
}

static void write_action(struct out *o, const struct sca_operation *op, bool pull)
{
    switch (op->verb) {
    case SCA_GET:
        out_text(o, TRANSFER "/Get");
        break;
    case SCA_ENUMERATE:
        out_text(o, pull ? ENUMERATION "/Pull" : ENUMERATION "/Enumerate");
        break;
    default:
        out_text(o, class_space(op));
        out_text(o, op->service);
        out_text(o, "/");
        out_text(o, op->name);
        break;
    }
}

static void write_wsman_body(struct out *o, const struct sca_operation *op, bool pull,
                             const struct sca_facts *f)
{
    char name[64];

    if (op->verb == SCA_ENUMERATE && pull) {
        open_in(o, "Pull", ENUMERATION, "");
        out_element(o, "", "EnumerationContext", f->context);
        out_text(o, "<MaxElements>999</MaxElements><MaxCharacters>99999</MaxCharacters></Pull>");
    } else if (op->verb == SCA_ENUMERATE) {
        out_text(o, "<Enumerate xmlns=\"" ENUMERATION "\" />");
    } else if (op->verb == SCA_CALL) {
        snprintf(name, sizeof(name), "%s_INPUT", op->name);
        open_in(o, name, class_space(op), op->service);
        write_parameters(o, op, f);
        out_end_tag(o, "", name);
    }
}

/* Form: MC. */
static void write_wsman(struct out *o, const struct sca_operation *op, bool pull, uint32_t message,
                        const struct sca_facts *f)
{
    out_text(o, "<?xml version=\"1.0\" encoding=\"utf-8\"?><Envelope "
                "xmlns=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"" ADDRESSING "\" "
                "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><Header><a:Action>");
    write_action(o, op, pull);
    out_text(o, "</a:Action><a:To>/wsman</a:To><w:ResourceURI>");
    out_text(o, class_space(op));
    out_text(o, op->service);
    out_text(o, "</w:ResourceURI><a:MessageID>");
    write_number(o, message);
    out_text(o, "</a:MessageID><a:ReplyTo><a:Address>" ADDRESSING "/role/anonymous</a:Address>"
                "</a:ReplyTo><w:OperationTimeout>PT60S</w:OperationTimeout></Header><Body>");
    write_wsman_body(o, op, pull, f);
    out_text(o, "</Body></Envelope>");
}

bool sca_body(enum sca_protocol protocol, const struct sca_operation *op, bool pull,
              uint32_t message, const struct sca_facts *facts, char out[SCA_BODY], size_t *len)
{
    struct out o = {out, SCA_BODY, 0, false};

    if (protocol == SCA_SOAP)
        write_soap(&o, op, facts);
    else
        write_wsman(&o, op, pull, message, facts);
    *len = o.len;
    return !o.full;
}

/* --- replies --- */

/* The text of the first element with that name, whatever its prefix. */
static bool element_text(const char *body, const char *name, char *out, size_t cap)
{
    struct xml xml;
    size_t len = 0;
    uint8_t depth = 0; /* of the element, 0 = not seen */

    xml_begin(&xml);
    for (; *body; body++) {
        int event = xml_feed(&xml, (uint8_t)*body);

        if (event & XML_BAD)
            return false;
        if (event & XML_START && depth == 0 && strcmp(xml.name, name) == 0)
            depth = xml.depth;
        if (event & XML_TEXT && depth > 0 && xml.depth == depth) {
            if (len + xml.text_len >= cap)
                return false;
            memcpy(out + len, xml.text, xml.text_len);
            len += xml.text_len;
        }
        if (event & XML_END && depth > 0 && xml.depth < depth) {
            out[len] = '\0';
            return true;
        }
    }
    return false;
}

static bool decimal(const char *text, uint32_t *out)
{
    uint64_t value = 0;

    if (*text == '\0')
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (uint64_t)(*text - '0');
        if (value > UINT32_MAX)
            return false;
    }
    *out = (uint32_t)value;
    return true;
}

static bool element_number(const char *body, const char *name, uint32_t *out)
{
    char text[24];

    return element_text(body, name, text, sizeof(text)) && decimal(text, out);
}

static bool keep(const struct sca_parameter *keep, const char *body, struct sca_facts *f)
{
    char name[LIMIT_FQDN + 1];

    switch (keep->value) {
    case SCA_DEVICE_TIME:
        return element_number(body, keep->name, &f->device_time);
    case SCA_REALM:
        return element_text(body, keep->name, f->realm, sizeof(f->realm));
    case SCA_HOST_NAME: /* it must be the one that was set */
        return element_text(body, keep->name, name, sizeof(name)) &&
               strcmp(name, f->host_name) == 0;
    default:
        return true;
    }
}

bool sca_read_reply(enum sca_protocol protocol, const struct sca_operation *op, bool pull,
                    const char *body, struct sca_facts *facts, uint32_t *status)
{
    *status = 0;
    if (op->verb == SCA_CALL &&
        !element_number(body, protocol == SCA_SOAP ? "Status" : "ReturnValue", status))
        return false;
    if (op->verb == SCA_ENUMERATE && !pull)
        return element_text(body, "EnumerationContext", facts->context, sizeof(facts->context));
    return *status != 0 || keep(&op->keep, body, facts);
}

/* HRESULTs of an HTTP status, as Windows has them. */
#define HTTP_E_STATUS 0x80190000u

void sca_log_line(const struct sca_operation *op, bool pull, uint16_t http, uint32_t status,
                  char out[SCA_LINE])
{
    static const char *const verb[] = {[SCA_GET] = "Get", [SCA_ENUMERATE] = "Enumerate"};
    const char *service = strcmp(op->service, NETWORK) == 0 ? "NetworkAdmin" : op->service;
    const char *method = op->verb == SCA_CALL ? op->name : pull ? "Pull" : verb[op->verb];

    snprintf(out, SCA_LINE, "%s.%s finished with HRESULT = 0x%X, status = 0x%X%s.", service, method,
             http == 200 ? 0 : HTTP_E_STATUS | http, (unsigned)status,
             op->short_log ? "" : ", clientError = 0");
}
