// SPDX-License-Identifier: BSD-3-Clause
#include "sim/server/xml_text.h"

#include <stdint.h>
#include <string.h>

#include <expat.h>

/* What is looked for in a reply, and how far that is. */
struct search {
    XML_Parser parser;
    const char *name; /* of the element, whatever its namespace: the first one counts */
    char *out;
    size_t cap, len;
    unsigned depth; /* elements that are open */
    unsigned at;    /* the element's depth while it is open, 0 = it is not */
    bool found;     /* it has been opened */
    bool bad;
};

/* With namespaces, expat calls an element "NAMESPACE name". */
static void XMLCALL on_start(void *ctx, const XML_Char *name, const XML_Char **attribute)
{
    struct search *s = ctx;
    const char *local = strrchr(name, ' ');

    (void)attribute;
    s->depth++;
    if (!s->found && strcmp(local ? local + 1 : name, s->name) == 0) {
        s->found = true;
        s->at = s->depth;
    }
}

static void XMLCALL on_end(void *ctx, const XML_Char *name)
{
    struct search *s = ctx;

    (void)name;
    if (s->at == s->depth)
        s->at = 0;
    s->depth--;
}

static void XMLCALL on_text(void *ctx, const XML_Char *text, int len)
{
    struct search *s = ctx;

    if (s->at == 0 || s->at != s->depth)
        return;
    if ((size_t)len >= s->cap - s->len) {
        s->bad = true;
        return;
    }
    memcpy(s->out + s->len, text, (size_t)len);
    s->len += (size_t)len;
}

/* SOAP has none (SOAP 1.1, section 3). */
static void XMLCALL on_doctype(void *ctx, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int internal)
{
    struct search *s = ctx;

    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    XML_StopParser(s->parser, XML_FALSE);
}

/* Without a salt expat asks the machine for randomness. */
static void salt_hashes(XML_Parser parser)
{
#if XML_MAJOR_VERSION > 2 || XML_MINOR_VERSION >= 8
    static const uint8_t salt[16] = {1};

    XML_SetHashSalt16Bytes(parser, salt);
#else
    XML_SetHashSalt(parser, 1);
#endif
}

bool xml_text(const char *body, const char *name, char *out, size_t cap)
{
    struct search s = {
        .parser = XML_ParserCreateNS(NULL, ' '), .name = name, .out = out, .cap = cap};
    bool good;

    if (!s.parser)
        return false;
    salt_hashes(s.parser);
    XML_SetUserData(s.parser, &s);
    XML_SetElementHandler(s.parser, on_start, on_end);
    XML_SetCharacterDataHandler(s.parser, on_text);
    XML_SetStartDoctypeDeclHandler(s.parser, on_doctype);
    good = XML_Parse(s.parser, body, (int)strlen(body), XML_TRUE) == XML_STATUS_OK && s.found &&
           !s.bad;
    XML_ParserFree(s.parser);
    if (good)
        out[s.len] = '\0';
    return good;
}
