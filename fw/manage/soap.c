// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/soap.h"

#include <string.h>

#include "fw/core/text.h"
#include "fw/core/wipe.h"

enum section { NOWHERE, HEADER, BODY };
enum reading { NOTHING, FIELD, BLOB, ADDRESS, REALM };
enum attribute { NO_ATTRIBUTE, MUST_UNDERSTAND, NAME, DIALECT };

/* An element that is kept: what is an enum soap_field, a BLOB_OF(), AN_ADDRESS or A_REALM. */
struct wanted {
    uint8_t section, depth;
    const char *name;
    uint8_t what;
    uint8_t max; /* characters of a field */
};

#define BLOB_OF(which) (SOAP_FIELDS + (which))
#define AN_ADDRESS (SOAP_FIELDS + SOAP_BLOBS)
#define A_REALM (AN_ADDRESS + 1)
#define NO_REALM 32u                             /* a number that no realm has */
#define SELECTOR_NAME(i) (SOAP_FIELDS + 2 * (i)) /* numbers in request.at */
#define SELECTOR_VALUE(i) (SOAP_FIELDS + 2 * (i) + 1)

/* A method's parameters have the same names in both protocols. */
static const struct wanted rows[] = {
    {HEADER, 3, "Action", SOAP_ACTION, LIMIT_SOAP_URI},
    {HEADER, 3, "MessageID", SOAP_MESSAGE_ID, LIMIT_SOAP_ID},
    {HEADER, 3, "ResourceURI", SOAP_RESOURCE, LIMIT_SOAP_URI},
    {HEADER, 3, "MaxEnvelopeSize", SOAP_MAX_ENVELOPE, LIMIT_SOAP_ARGUMENT},
    {HEADER, 4, "Address", AN_ADDRESS, 0},
    {BODY, 4, "InterfaceHandle", SOAP_INTERFACE_HANDLE, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "EnumerationContext", SOAP_CONTEXT, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "MaxElements", SOAP_MAX_ELEMENTS, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "MaxCharacters", SOAP_MAX_CHARACTERS, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "EnumerationMode", SOAP_MODE, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "Password", SOAP_PASSWORD, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "Username", SOAP_USER, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "DigestPassword", SOAP_DIGEST_PASSWORD, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "HostName", SOAP_HOST_NAME, LIMIT_FQDN},
    {BODY, 4, "DomainName", SOAP_DOMAIN_NAME, LIMIT_FQDN},
    {BODY, 4, "PID", SOAP_PID, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "PPS", SOAP_PPS, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "ProvisioningMode", SOAP_PROVISIONING_MODE, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "Duration", SOAP_DURATION, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "Ta0", SOAP_TA0, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "Tm1", SOAP_TM1, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "Tm2", SOAP_TM2, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "Enabled", SOAP_ENABLED, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "MutualAuthentication", SOAP_MUTUAL_AUTHENTICATION, LIMIT_SOAP_ARGUMENT},
    {BODY, 7, "Selector", SOAP_REFERENCE, LIMIT_SOAP_ARGUMENT},
#if FW_MACHINE
    {BODY, 4, "PowerState", SOAP_POWER_STATE, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "Role", SOAP_ROLE, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "Command", SOAP_COMMAND, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "IanaOemNumber", SOAP_IANA_OEM, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "SpecialCommand", SOAP_SPECIAL_COMMAND, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "SpecialCommandParameter", SOAP_SPECIAL_PARAMETER, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "OEMparameters", SOAP_OEM_PARAMETERS, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "BootOptions", SOAP_BOOT_OPTIONS, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "BIOSPause", SOAP_BIOS_PAUSE, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "BIOSSetup", SOAP_BIOS_SETUP, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "ConfigurationDataReset", SOAP_RESET_CONFIG, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "ForcedProgressEvents", SOAP_FORCE_PROGRESS, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "LockKeyboard", SOAP_LOCK_KEYBOARD, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "LockPowerButton", SOAP_LOCK_POWER, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "LockResetButton", SOAP_LOCK_RESET, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "LockSleepButton", SOAP_LOCK_SLEEP, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "ReflashBIOS", SOAP_REFLASH, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "UseIDER", SOAP_USE_IDER, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "UseSOL", SOAP_USE_SOL, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "UseSafeMode", SOAP_USE_SAFE_MODE, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "UserPasswordBypass", SOAP_BYPASS_PASSWORD, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "BootMediaIndex", SOAP_MEDIA_INDEX, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "FirmwareVerbosity", SOAP_VERBOSITY, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "IDERBootDevice", SOAP_IDER_DEVICE, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "RequestedState", SOAP_REQUESTED_STATE, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "SessionType", SOAP_SESSION_TYPE, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "ListenerEnabled", SOAP_LISTENER_ENABLED, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "State", SOAP_STATE, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "IterationIdentifier", SOAP_ITERATION, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "MaxReadRecords", SOAP_MAX_RECORDS, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "PositionToNext", SOAP_POSITION_TO_NEXT, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "RecordNumber", SOAP_RECORD_NUMBER, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "Freeze", SOAP_FREEZE, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "StartIndex", SOAP_START_INDEX, LIMIT_SOAP_ARGUMENT},
    {BODY, 5, "InterfaceMode", SOAP_INTERFACE_MODE, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "DHCPEnabled", SOAP_DHCP, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "IPAddress", SOAP_IP, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "SubnetMask", SOAP_MASK, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "DefaultGateway", SOAP_GATEWAY, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "PrimaryDNS", SOAP_DNS1, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "SecondaryDNS", SOAP_DNS2, LIMIT_SOAP_ARGUMENT},
    {BODY, 6, "LocalAddress", SOAP_IP, LIMIT_SOAP_ARGUMENT},
    {BODY, 6, "SubnetMask", SOAP_MASK, LIMIT_SOAP_ARGUMENT},
    {BODY, 6, "DefaultGatewayAddress", SOAP_GATEWAY, LIMIT_SOAP_ARGUMENT},
    {BODY, 6, "PrimaryDnsAddress", SOAP_DNS1, LIMIT_SOAP_ARGUMENT},
    {BODY, 6, "SecondaryDnsAddress", SOAP_DNS2, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "SchemeGUID", SOAP_SCHEME, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "PackageGuid", SOAP_SCHEME, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "PingResponseEnabled", SOAP_PING, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "RmcpPingResponseEnabled", SOAP_RMCP_PING, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "IdleWakeTimeout", SOAP_IDLE_TIMEOUT, LIMIT_SOAP_ARGUMENT},
#endif
    {BODY, 4, "KeyPair", BLOB_OF(SOAP_KEY), 0},
    {BODY, 4, "KeyBlob", BLOB_OF(SOAP_KEY), 0},
    {BODY, 4, "Certificate", BLOB_OF(SOAP_CERTIFICATE), 0},
    {BODY, 4, "CertificateBlob", BLOB_OF(SOAP_CERTIFICATE), 0},
#if FW_MACHINE
    {BODY, 4, "DigestUsername", SOAP_DIGEST_USER, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "KerberosUserSid", SOAP_SID, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "AccessPermission", SOAP_ACCESS, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "Handle", SOAP_HANDLE, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "Realms", A_REALM, 0},
#endif
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* The header blocks that mustUnderstand may be on, and what of it is not done. OptionSet is not one
 * of them (G-dsp0226). */
static const struct {
    const char *name;
    uint8_t demand; /* enum soap_demand */
} blocks[] = {{"Action", 0},           {"To", 0},
              {"MessageID", 0},        {"ReplyTo", 0},
              {"FaultTo", 0},          {"From", 0},
              {"RelatesTo", 0},        {"ResourceURI", 0},
              {"SelectorSet", 0},      {"OperationTimeout", 0},
              {"MaxEnvelopeSize", 0},  {"Locale", SOAP_LOCALE},
              {"FragmentTransfer", 0}, {NULL, SOAP_NOT_UNDERSTOOD}};

void soap_begin(struct soap *s)
{
    wipe(s, sizeof(*s));
    s->used = 1; /* the first character is the empty text of a missing field */
    xml_begin(&s->xml);
}

void soap_set_blob_memory(struct soap *s, void *memory, size_t len)
{
    s->blobs = memory;
    s->blobs_cap = len;
}

static void set_error(struct soap *s, enum soap_state state)
{
    if (s->state == SOAP_OK)
        s->state = (uint8_t)state;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* --- texts: one is written at a time, at the end of what is there */

static void add_character(struct soap *s, uint8_t target, uint8_t max, char c)
{
    uint16_t *at = &s->request.at[target], len;

    if (*at == 0)
        *at = s->used;
    len = (uint16_t)(s->used - *at);
    if (len == 0 && is_blank(c))
        return;
    if (len < max && s->used < LIMIT_SOAP_TEXT)
        s->request.text[s->used++] = c;
    else if (!is_blank(c))
        set_error(s, SOAP_TOO_LONG);
}

/* The NUL is there already: text is zeroed at the beginning. */
static void end_text(struct soap *s, uint8_t target)
{
    uint16_t *at = &s->request.at[target];

    if (*at == 0)
        *at = s->used;
    while (s->used > *at && is_blank(s->request.text[s->used - 1]))
        s->request.text[--s->used] = '\0';
    s->used++;
    if (s->used > LIMIT_SOAP_TEXT) {
        set_error(s, SOAP_TOO_LONG);
        s->used = LIMIT_SOAP_TEXT;
    }
}

/* --- elements */

static void begin_blob(struct soap *s, uint8_t which)
{
    if (s->request.blob[which])
        set_error(s, SOAP_BAD);
    s->request.blob[which] = s->blobs + s->blobs_len;
    s->reading = BLOB;
    s->target = which;
    s->bits = 0;
    s->bit_count = 0;
    s->padded = false;
}

static void begin_field(struct soap *s, uint8_t target, uint8_t max)
{
    s->reading = FIELD;
    s->target = target;
    s->max = max;
}

/* A second value of the same field is ambiguous. */
static void begin_wanted(struct soap *s, const struct wanted *w)
{
    if (w->what == AN_ADDRESS) {
        s->reading = s->addresses ? ADDRESS : NOTHING;
        s->anonymous = 0;
#if FW_MACHINE
    } else if (w->what == A_REALM) {
        s->reading = REALM;
        s->bits = 0;
#endif
    } else if (w->what >= SOAP_FIELDS) {
        begin_blob(s, (uint8_t)(w->what - SOAP_FIELDS));
    } else if (w->what != SOAP_REFERENCE || s->refers) {
        if (s->request.at[w->what])
            set_error(s, SOAP_BAD);
        else
            begin_field(s, w->what, w->max);
    }
}

static void begin_block(struct soap *s)
{
    const char *name = s->xml.name;
    size_t i = 0;

    while (blocks[i].name && strcmp(blocks[i].name, name) != 0)
        i++;
    s->demand = blocks[i].demand;
    s->selects = strcmp(name, "SelectorSet") == 0;
    s->addresses = strcmp(name, "ReplyTo") == 0 || strcmp(name, "FaultTo") == 0;
    if (strcmp(name, "FragmentTransfer") == 0)
        s->request.demands |= SOAP_FRAGMENT;
}

static void begin_method(struct soap *s)
{
    if (s->request.method[0]) /* one method at a time */
        set_error(s, SOAP_BAD);
    memcpy(s->request.method, s->xml.name, strlen(s->xml.name) + 1);
}

static void begin_part(struct soap *s)
{
    struct soap_request *r = &s->request;

    s->refers = strcmp(s->xml.name, "ElementInContext") == 0;
#if FW_MACHINE
    s->refers = s->refers || strcmp(s->xml.name, "Source") == 0;
#endif
    s->selects = strcmp(s->xml.name, "Filter") == 0;
    if (strcmp(s->xml.name, "OptimizeEnumeration") == 0)
        r->optimize = true;
    if (!s->selects)
        return;
    if (r->filter)
        set_error(s, SOAP_BAD);
    r->filter = true;
    r->selectors = r->nested = 0;
    memset(&r->at[SELECTOR_NAME(0)], 0, sizeof(r->at) - SOAP_FIELDS * sizeof(r->at[0]));
}

/* In a header's SelectorSet, or in that of a Filter, and in a reference in one of these. */
static void look_for_selector(struct soap *s)
{
    struct soap_request *r = &s->request;
    uint8_t outer = s->section == HEADER ? 4 : 6, depth = s->xml.depth;
    bool is_one = s->selects && strcmp(s->xml.name, "Selector") == 0;
    bool nested = s->selector && depth == outer + 4;

    if (depth <= outer)
        s->selector = is_one && depth == outer ? depth : 0;
    if (!is_one || (depth != outer && !nested))
        return;
    if (r->selectors == LIMIT_SELECTORS) {
        set_error(s, SOAP_TOO_LONG);
        return;
    }
    begin_field(s, (uint8_t)SELECTOR_VALUE(r->selectors), LIMIT_SOAP_ARGUMENT);
    r->nested |= (uint8_t)((nested ? 1u : 0u) << r->selectors);
    r->selectors++;
}

static void begin_section(struct soap *s)
{
    const char *name = s->xml.name;
    uint8_t before = s->section;

    s->section = strcmp(name, "Header") == 0 ? HEADER : strcmp(name, "Body") == 0 ? BODY : NOWHERE;
    if (s->section == HEADER && before != NOWHERE) /* it comes first, and once */
        set_error(s, SOAP_BAD);
    s->selects = false;
}

static void end_blob(struct soap *s, uint8_t which)
{
    /* Left-over bits must be zero, and fewer than a digit's. */
    if (s->bit_count >= 6 || (s->bits & ((1u << s->bit_count) - 1u)))
        set_error(s, SOAP_BAD);
    s->request.blob_len[which] = (uint16_t)(s->blobs + s->blobs_len - s->request.blob[which]);
}

/* WS-Addressing has several names for "answer on this connection"; all end with this word. */
static const char anonymous[] = "anonymous";

#if FW_MACHINE
/* Blanks around the number do not count; nothing at all is no number. */
static void add_realm_character(struct soap *s, char c)
{
    if (is_blank(c))
        return;
    if (c < '0' || c > '9' || s->bits >= 10)
        s->bits = NO_REALM;
    else
        s->bits = s->bits * 10u + (uint32_t)(c - '0');
}

static void end_realm(struct soap *s)
{
    s->request.realms |= UINT32_C(1) << (s->bits < 32 ? s->bits : 0);
}
#endif

static void end_reading(struct soap *s)
{
    switch (s->reading) {
    case FIELD:
        end_text(s, s->target);
        break;
    case BLOB:
        end_blob(s, s->target);
        break;
    case ADDRESS:
        if (anonymous[s->anonymous])
            s->request.demands |= SOAP_ELSEWHERE;
        break;
#if FW_MACHINE
    case REALM:
        end_realm(s);
        break;
#endif
    default:
        break;
    }
    s->reading = NOTHING;
}

static void start_element(struct soap *s)
{
    const char *name = s->xml.name;
    uint8_t depth = s->xml.depth;

    end_reading(s);
    if (depth == 1 && strcmp(name, "Envelope") != 0)
        set_error(s, SOAP_BAD);
    if (depth == 2)
        begin_section(s);
    if (s->section == HEADER && depth == 3)
        begin_block(s);
    if (s->section == BODY && depth == 3)
        begin_method(s);
    if (s->section == BODY && depth == 4)
        begin_part(s);
    look_for_selector(s);
    for (uint8_t i = 0; i < ROWS; i++)
        if (rows[i].section == s->section && rows[i].depth == depth &&
            strcmp(rows[i].name, name) == 0)
            begin_wanted(s, &rows[i]);
}

/* --- their texts and attributes */

static void add_blob_character(struct soap *s, char c)
{
    int digit = text_base64_digit(c);

    if (is_blank(c))
        return;
    if (c == '=') {
        s->padded = true;
        return;
    }
    if (digit < 0 || s->padded) {
        set_error(s, SOAP_BAD);
        return;
    }
    s->bits = s->bits << 6 | (uint32_t)digit;
    s->bit_count = (uint8_t)(s->bit_count + 6);
    if (s->bit_count < 8)
        return;
    s->bit_count = (uint8_t)(s->bit_count - 8);
    if (s->blobs_len < s->blobs_cap)
        s->blobs[s->blobs_len++] = (uint8_t)(s->bits >> s->bit_count);
    else
        set_error(s, SOAP_TOO_LONG);
}

/* Blanks around it count as little as a '/' behind it. */
static void add_address_character(struct soap *s, char c)
{
    if (is_blank(c) || (c == '/' && !anonymous[s->anonymous]))
        return;
    s->anonymous = (uint8_t)(c == anonymous[s->anonymous] ? s->anonymous + 1 : c == anonymous[0]);
}

static void add_text(struct soap *s)
{
    for (uint8_t i = 0; i < s->xml.text_len; i++) {
        char c = s->xml.text[i];

        if (s->reading == FIELD)
            add_character(s, s->target, s->max, c);
        else if (s->reading == BLOB)
            add_blob_character(s, c);
        else if (s->reading == ADDRESS)
            add_address_character(s, c);
#if FW_MACHINE
        else if (s->reading == REALM)
            add_realm_character(s, c);
#endif
    }
}

static uint8_t attribute_target(const struct soap *s)
{
    return s->attribute == NAME ? (uint8_t)(s->target - 1) : (uint8_t)SOAP_DIALECT;
}

static void begin_attribute(struct soap *s)
{
    const char *name = s->xml.name;

    if (s->section == HEADER && s->xml.depth == 3 && strcmp(name, "mustUnderstand") == 0)
        s->attribute = MUST_UNDERSTAND;
    else if (s->reading == FIELD && s->target >= SOAP_FIELDS && strcmp(name, "Name") == 0)
        s->attribute = NAME;
    else if (s->section == BODY && s->xml.depth == 4 && s->selects && strcmp(name, "Dialect") == 0)
        s->attribute = DIALECT;
    else
        return;
    if (s->attribute != MUST_UNDERSTAND && s->request.at[attribute_target(s)])
        set_error(s, SOAP_BAD); /* which of the two would count? */
}

static void add_value(struct soap *s)
{
    for (uint8_t i = 0; i < s->xml.text_len; i++) {
        char c = s->xml.text[i];

        if (s->attribute == MUST_UNDERSTAND && (c == '1' || c == 't')) /* of "true" */
            s->request.demands |= s->demand;
        else if (s->attribute > MUST_UNDERSTAND)
            add_character(s, attribute_target(s),
                          s->attribute == NAME ? LIMIT_SOAP_ARGUMENT : LIMIT_SOAP_URI, c);
    }
}

static void end_value(struct soap *s)
{
    if (s->attribute > MUST_UNDERSTAND)
        end_text(s, attribute_target(s));
    s->attribute = NO_ATTRIBUTE;
}

void soap_feed(struct soap *s, uint8_t byte)
{
    int event = xml_feed(&s->xml, byte);

    if (event & XML_BAD)
        set_error(s, SOAP_BAD);
    if (event & XML_START)
        start_element(s);
    if (event & XML_ATTRIBUTE)
        begin_attribute(s);
    if (event & XML_VALUE)
        add_value(s);
    if (event & XML_VALUE_END)
        end_value(s);
    if (event & XML_TEXT)
        add_text(s);
    if (event & XML_END)
        end_reading(s);
}

enum soap_state soap_end(struct soap *s)
{
    if (!xml_complete(&s->xml))
        set_error(s, SOAP_BAD);
    return s->state;
}

bool soap_number(const struct soap_request *request, enum soap_field field, uint32_t *out)
{
    const char *text = soap_text(request, field);
    uint64_t number = 0;
    size_t len = strlen(text);

    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || i == 10)
            return false;
        number = number * 10u + (uint64_t)(text[i] - '0');
    }
    *out = (uint32_t)number;
    return len > 0 && number <= UINT32_MAX;
}

bool soap_flag(const struct soap_request *request, enum soap_field field, bool *out)
{
    const char *text = soap_text(request, field);

    *out = strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
    return *out || strcmp(text, "false") == 0 || strcmp(text, "0") == 0;
}
