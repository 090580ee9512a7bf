// SPDX-License-Identifier: BSD-3-Clause
#include "sim/server/script.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "sim/server/openssl.h"
#include "sim/server/xml_text.h"

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

/* Where a request is written; what does not fit is left out whole, and full says so. */
struct body {
    char *text;
    size_t cap, len;
    bool full;
};

__attribute__((format(printf, 2, 3))) static void put(struct body *b, const char *format, ...)
{
    va_list arguments;
    int n;

    va_start(arguments, format);
    n = vsnprintf(b->text + b->len, b->cap - b->len, format, arguments);
    va_end(arguments);
    if (n < 0 || (size_t)n >= b->cap - b->len)
        b->full = true;
    else
        b->len += (size_t)n;
}

static void put_escaped(struct body *b, const char *text)
{
    while (*text) {
        int plain = (int)strcspn(text, "&<>");

        put(b, "%.*s", plain, text);
        text += plain;
        if (*text)
            put(b, "%s", *text == '&' ? "&amp;" : *text == '<' ? "&lt;" : "&gt;");
        text += *text != '\0';
    }
}

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
static void put_digest(struct body *b, const struct sca_facts *f)
{
    const char *const account[] = {SCA_ADMIN_USER, ":", f->realm, ":", f->admin_password};
    char hex[OPENSSL_MD5_HEX];

    if (openssl_md5(account, 5, hex))
        put(b, "%s", hex);
    else
        b->full = true;
}

static void put_base64(struct body *b, const struct pem_part *part)
{
    if (4 * ((part->len + 2) / 3) >= b->cap - b->len)
        b->full = true;
    else
        b->len +=
            (size_t)EVP_EncodeBlock((unsigned char *)b->text + b->len, part->der, (int)part->len);
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

static void put_value(struct body *b, enum sca_value value, const struct sca_facts *f)
{
    const struct pem_file *device = f->device_certificate;
    const char *text = text_of(value, f);

    if (text)
        put_escaped(b, text);
    else if (value == SCA_ADMIN_DIGEST)
        put_digest(b, f);
    else if (value == SCA_KEY_PAIR && device)
        put_base64(b, &device->key);
    else if (value == SCA_CERTIFICATE && device)
        put_base64(b, &device->certificate[0]);
    else if (value == SCA_DEVICE_TIME)
        put(b, "%lu", (unsigned long)f->device_time);
    else if (value == SCA_SERVER_TIME)
        put(b, "%llu", (unsigned long long)f->now_s);
    else if (value == SCA_HOURS)
        put(b, "%lu", (unsigned long)f->hours);
}

static void put_parameters(struct body *b, const struct sca_operation *op,
                           const struct sca_facts *f)
{
    for (int i = 0; i < SCA_PARAMETERS && op->parameter[i].name; i++) {
        put(b, "<%s>", op->parameter[i].name);
        put_value(b, op->parameter[i].value, f);
        put(b, "</%s>", op->parameter[i].name);
    }
}

/* Form: AMTTOOL. */
static void put_soap(struct body *b, const struct sca_operation *op, const struct sca_facts *f)
{
    put(b,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><s:Envelope "
        "xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
        "<%s xmlns=\"http://schemas.intel.com/platform/client/%s/2004/01\">",
        op->name, op->service);
    put_parameters(b, op, f);
    put(b, "</%s></s:Body></s:Envelope>", op->name);
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

static void put_action(struct body *b, const struct sca_operation *op, bool pull)
{
    switch (op->verb) {
    case SCA_GET:
        put(b, TRANSFER "/Get");
        break;
    case SCA_ENUMERATE:
        put(b, pull ? ENUMERATION "/Pull" : ENUMERATION "/Enumerate");
        break;
    default:
        put(b, "%s%s/%s", class_space(op), op->service, op->name);
        break;
    }
}

static void put_wsman_body(struct body *b, const struct sca_operation *op, bool pull,
                           const struct sca_facts *f)
{
    if (op->verb == SCA_ENUMERATE && pull) {
        put(b, "<Pull xmlns=\"" ENUMERATION "\"><EnumerationContext>");
        put_escaped(b, f->context);
        put(b, "</EnumerationContext><MaxElements>999</MaxElements>"
               "<MaxCharacters>99999</MaxCharacters></Pull>");
    } else if (op->verb == SCA_ENUMERATE) {
        put(b, "<Enumerate xmlns=\"" ENUMERATION "\" />");
    } else if (op->verb == SCA_CALL) {
        put(b, "<%s_INPUT xmlns=\"%s%s\">", op->name, class_space(op), op->service);
        put_parameters(b, op, f);
        put(b, "</%s_INPUT>", op->name);
    }
}

/* Form: MC. */
static void put_wsman(struct body *b, const struct sca_operation *op, bool pull, uint32_t message,
                      const struct sca_facts *f)
{
    put(b, "<?xml version=\"1.0\" encoding=\"utf-8\"?><Envelope "
           "xmlns=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"" ADDRESSING "\" "
           "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><Header><a:Action>");
    put_action(b, op, pull);
    put(b,
        "</a:Action><a:To>/wsman</a:To><w:ResourceURI>%s%s</w:ResourceURI>"
        "<a:MessageID>%lu</a:MessageID><a:ReplyTo><a:Address>" ADDRESSING "/role/anonymous"
        "</a:Address></a:ReplyTo><w:OperationTimeout>PT60S</w:OperationTimeout></Header><Body>",
        class_space(op), op->service, (unsigned long)message);
    put_wsman_body(b, op, pull, f);
    put(b, "</Body></Envelope>");
}

bool sca_body(enum sca_protocol protocol, const struct sca_operation *op, bool pull,
              uint32_t message, const struct sca_facts *facts, char out[SCA_BODY], size_t *len)
{
    struct body b = {out, SCA_BODY, 0, false};

    if (protocol == SCA_SOAP)
        put_soap(&b, op, facts);
    else
        put_wsman(&b, op, pull, message, facts);
    *len = b.len;
    return !b.full;
}

/* --- replies --- */

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

    return xml_text(body, name, text, sizeof(text)) && decimal(text, out);
}

static bool keep(const struct sca_parameter *keep, const char *body, struct sca_facts *f)
{
    char name[LIMIT_FQDN + 1];

    switch (keep->value) {
    case SCA_DEVICE_TIME:
        return element_number(body, keep->name, &f->device_time);
    case SCA_REALM:
        return xml_text(body, keep->name, f->realm, sizeof(f->realm));
    case SCA_HOST_NAME: /* it must be the one that was set */
        return xml_text(body, keep->name, name, sizeof(name)) && strcmp(name, f->host_name) == 0;
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
        return xml_text(body, "EnumerationContext", facts->context, sizeof(facts->context));
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
