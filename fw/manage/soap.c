#include "fw/manage/soap.h"

#include <stddef.h>
#include <string.h>

enum section { NOWHERE, HEADER, BODY };

struct field {
    uint8_t section, depth;
    const char *name;
    uint16_t offset, size;
};

#define FIELD(section, depth, name, member)                                                        \
    {                                                                                              \
        section, depth, name, offsetof(struct soap_request, member),                               \
            sizeof(((struct soap_request *)0)->member)                                             \
    }

/* The texts that are wanted; field n + 1 is row n. */
static const struct field fields[] = {
    FIELD(HEADER, 3, "Action", action),
    FIELD(HEADER, 3, "MessageID", message_id),
    FIELD(HEADER, 3, "ResourceURI", resource),
    FIELD(BODY, 4, "InterfaceHandle", interface_handle),
    FIELD(BODY, 4, "EnumerationContext", context),
    FIELD(BODY, 4, "MaxElements", max_elements),
};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))

void soap_begin(struct soap *s)
{
    memset(s, 0, sizeof(*s));
    xml_begin(&s->xml);
}

static char *text_of(struct soap *s, const struct field *f)
{
    return (char *)&s->request + f->offset;
}

static void fail(struct soap *s, enum soap_state state)
{
    if (s->state == SOAP_OK)
        s->state = (uint8_t)state;
}

static void begin_method(struct soap *s)
{
    if (s->request.method[0]) /* one thing at a time */
        fail(s, SOAP_BAD);
    memcpy(s->request.method, s->xml.name, strlen(s->xml.name) + 1);
}

static void begin_field(struct soap *s)
{
    for (uint8_t i = 0; i < FIELDS; i++) {
        const struct field *f = &fields[i];

        if (f->section != s->section || f->depth != s->xml.depth ||
            strcmp(f->name, s->xml.name) != 0)
            continue;
        if (text_of(s, f)[0]) /* which one is meant? */
            fail(s, SOAP_BAD);
        s->field = (uint8_t)(i + 1);
        s->len = 0;
    }
}

static void start(struct soap *s)
{
    const char *name = s->xml.name;

    s->field = 0;
    if (s->xml.depth == 1 && strcmp(name, "Envelope") != 0)
        fail(s, SOAP_BAD);
    if (s->xml.depth == 2)
        s->section = strcmp(name, "Header") == 0 ? HEADER
                     : strcmp(name, "Body") == 0 ? BODY
                                                 : NOWHERE;
    if (s->section == BODY && s->xml.depth == 3)
        begin_method(s);
    if (s->xml.depth >= 3)
        begin_field(s);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void text(struct soap *s)
{
    const struct field *f;

    if (s->field == 0)
        return;
    f = &fields[s->field - 1];
    for (uint8_t i = 0; i < s->xml.text_len; i++) {
        char c = s->xml.text[i];

        if (s->len == 0 && is_blank(c))
            continue;
        if (s->len + 1 >= f->size) {
            if (!is_blank(c))
                fail(s, SOAP_TOO_LONG);
            return;
        }
        text_of(s, f)[s->len++] = c;
    }
}

static void end(struct soap *s)
{
    if (s->field) {
        char *to = text_of(s, &fields[s->field - 1]);

        while (s->len > 0 && is_blank(to[s->len - 1]))
            to[--s->len] = '\0';
    }
    s->field = 0;
}

void soap_feed(struct soap *s, uint8_t byte)
{
    int event = xml_feed(&s->xml, byte);

    if (event & XML_BAD)
        fail(s, SOAP_BAD);
    if (event & XML_START)
        start(s);
    if (event & XML_TEXT)
        text(s);
    if (event & XML_END)
        end(s);
}

enum soap_state soap_end(struct soap *s)
{
    if (!xml_complete(&s->xml))
        fail(s, SOAP_BAD);
    return s->state;
}
