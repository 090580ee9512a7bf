// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/soap.h"

#include <string.h>

#include "fw/core/text.h"
#include "fw/core/wipe.h"

enum section { NOWHERE, HEADER, BODY };

/* An element that is kept: what is an enum soap_field, or a BLOB(). */
struct wanted {
    uint8_t section, depth;
    const char *name;
    uint8_t what;
    uint8_t max; /* characters of a field */
};

#define BLOB(which) (SOAP_FIELDS + (which))

/* A method's parameters have the same names in both protocols. The row that is being read is
 * soap.reading - 1. */
static const struct wanted rows[] = {
    {HEADER, 3, "Action", SOAP_ACTION, LIMIT_SOAP_URI},
    {HEADER, 3, "MessageID", SOAP_MESSAGE_ID, LIMIT_SOAP_ID},
    {HEADER, 3, "ResourceURI", SOAP_RESOURCE, LIMIT_SOAP_URI},
    {HEADER, 4, "Selector", SOAP_SELECTOR, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "InterfaceHandle", SOAP_INTERFACE_HANDLE, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "EnumerationContext", SOAP_CONTEXT, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "MaxElements", SOAP_MAX_ELEMENTS, LIMIT_SOAP_ARGUMENT},
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
    {BODY, 7, "Selector", SOAP_ELEMENT_IN_CONTEXT, LIMIT_SOAP_ARGUMENT},
    {BODY, 4, "KeyPair", BLOB(SOAP_KEY), 0},
    {BODY, 4, "KeyBlob", BLOB(SOAP_KEY), 0},
    {BODY, 4, "Certificate", BLOB(SOAP_CERTIFICATE), 0},
    {BODY, 4, "CertificateBlob", BLOB(SOAP_CERTIFICATE), 0},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

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

static void begin_method(struct soap *s)
{
    if (s->request.method[0]) /* one method at a time */
        set_error(s, SOAP_BAD);
    memcpy(s->request.method, s->xml.name, strlen(s->xml.name) + 1);
}

static void begin_blob(struct soap *s, uint8_t which)
{
    if (s->request.blob[which])
        set_error(s, SOAP_BAD);
    s->request.blob[which] = s->blobs + s->blobs_len;
    s->bits = 0;
    s->bit_count = 0;
    s->padded = false;
}

/* A second value of the same field is ambiguous. Only of selectors the first is enough: no class
 * here needs more. */
static void begin_field(struct soap *s, uint8_t row)
{
    const struct wanted *w = &rows[row];

    if (w->what == SOAP_ELEMENT_IN_CONTEXT && !s->in_element)
        return;
    if (w->what < SOAP_FIELDS && s->request.at[w->what]) {
        if (w->what != SOAP_SELECTOR)
            set_error(s, SOAP_BAD);
        return;
    }
    s->reading = (uint8_t)(row + 1);
    if (w->what >= SOAP_FIELDS)
        begin_blob(s, (uint8_t)(w->what - SOAP_FIELDS));
    else
        s->request.at[w->what] = s->used;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The field's NUL is there already: text is zeroed at the beginning. */
static void end_field(struct soap *s, const struct wanted *w)
{
    uint16_t from = s->request.at[w->what];

    while (s->used > from && is_blank(s->request.text[s->used - 1]))
        s->request.text[--s->used] = '\0';
    s->used++;
    if (s->used > LIMIT_SOAP_TEXT) {
        set_error(s, SOAP_TOO_LONG);
        s->used = LIMIT_SOAP_TEXT;
    }
}

static void end_blob(struct soap *s, uint8_t which)
{
    /* Left-over bits must be zero, and fewer than a digit's. */
    if (s->bit_count >= 6 || (s->bits & ((1u << s->bit_count) - 1u)))
        set_error(s, SOAP_BAD);
    s->request.blob_len[which] = (uint16_t)(s->blobs + s->blobs_len - s->request.blob[which]);
}

static void end_reading(struct soap *s)
{
    const struct wanted *w;

    if (s->reading == 0)
        return;
    w = &rows[s->reading - 1];
    s->reading = 0;
    if (w->what >= SOAP_FIELDS)
        end_blob(s, (uint8_t)(w->what - SOAP_FIELDS));
    else
        end_field(s, w);
}

static void start_element(struct soap *s)
{
    const char *name = s->xml.name;

    end_reading(s);
    if (s->xml.depth == 1 && strcmp(name, "Envelope") != 0)
        set_error(s, SOAP_BAD);
    if (s->xml.depth == 2)
        s->section = strcmp(name, "Header") == 0 ? HEADER
                     : strcmp(name, "Body") == 0 ? BODY
                                                 : NOWHERE;
    if (s->section == BODY && s->xml.depth == 3)
        begin_method(s);
    if (s->section == BODY && s->xml.depth == 4)
        s->in_element = strcmp(name, "ElementInContext") == 0;
    for (uint8_t i = 0; i < ROWS; i++)
        if (rows[i].section == s->section && rows[i].depth == s->xml.depth &&
            strcmp(rows[i].name, name) == 0)
            begin_field(s, i);
}

static void add_field_character(struct soap *s, const struct wanted *w, char c)
{
    uint16_t len = (uint16_t)(s->used - s->request.at[w->what]);

    if (len == 0 && is_blank(c))
        return;
    if (len < w->max && s->used < LIMIT_SOAP_TEXT)
        s->request.text[s->used++] = c;
    else if (!is_blank(c))
        set_error(s, SOAP_TOO_LONG);
}

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

static void add_text(struct soap *s)
{
    const struct wanted *w;

    if (s->reading == 0)
        return;
    w = &rows[s->reading - 1];
    for (uint8_t i = 0; i < s->xml.text_len; i++) {
        if (w->what >= SOAP_FIELDS)
            add_blob_character(s, s->xml.text[i]);
        else
            add_field_character(s, w, s->xml.text[i]);
    }
}

void soap_feed(struct soap *s, uint8_t byte)
{
    int event = xml_feed(&s->xml, byte);

    if (event & XML_BAD)
        set_error(s, SOAP_BAD);
    if (event & XML_START)
        start_element(s);
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
