// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/xml.h"

#include <string.h>

#include "fw/core/hex.h"
#include "fw/core/text.h"
#include "fw/core/wipe.h"

enum state {
    BEGIN, /* at the first byte, or in a byte order mark */
    TEXT,
    OPEN,      /* after '<' */
    NAME,      /* in the name of a start tag */
    TAG,       /* in a start tag, after a blank */
    ATTRIBUTE, /* in an attribute's name */
    NAMED,     /* after it */
    EQUALS,    /* after its '=' */
    QUOTED,    /* in an attribute's value */
    VALUED,    /* after it */
    SLASH,     /* after the '/' of "<name/>" */
    CLOSING,   /* in the name of an end tag */
    CLOSED,    /* after the name of an end tag */
    ENTITY,
    BANG, /* after "<!" */
    COMMENT,
    PROCESS, /* "<? ?>" */
    BAD,
};

#define FNV_BASIS 2166136261u
#define FNV_PRIME 16777619u

static int fail(struct xml *x)
{
    x->state = BAD;
    return XML_BAD;
}

void xml_begin(struct xml *x)
{
    wipe(x, sizeof(*x));
}

bool xml_complete(const struct xml *x)
{
    return x->state == TEXT && x->root && x->depth == 0;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool begins_name(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c >= 0x80;
}

static bool is_name(uint8_t c)
{
    return begins_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* The name is kept without its prefix; the hash covers all of it. False: too long, or not a
 * name. */
static bool name_byte(struct xml *x, uint8_t c)
{
    x->hash = (x->hash ^ c) * FNV_PRIME;
    if (c == ':') {
        if (x->name_len == 0)
            return false;
        x->declares = strcmp(x->name, "xmlns") == 0;
        x->name_len = 0;
        return true;
    }
    if (x->name_len >= LIMIT_XML_NAME || !(x->name_len ? is_name(c) : begins_name(c)))
        return false;
    x->name[x->name_len++] = (char)c;
    x->name[x->name_len] = '\0';
    return true;
}

static int name_begin(struct xml *x, enum state state)
{
    x->state = (uint8_t)state;
    x->hash = FNV_BASIS;
    x->name_len = 0;
    x->declares = false;
    return XML_MORE;
}

/* A start tag's name is complete; c is the character after it. */
static int start_element(struct xml *x, uint8_t c)
{
    if (x->name_len == 0 || x->depth >= LIMIT_XML_DEPTH || (x->depth == 0 && x->root))
        return fail(x);
    x->root = true;
    x->open[x->depth++] = x->hash;
    x->state = c == '>' ? TEXT : c == '/' ? SLASH : TAG;
    return XML_START;
}

static int end_element(struct xml *x)
{
    if (x->depth == 0 || x->open[x->depth - 1] != x->hash)
        return fail(x);
    x->depth--;
    x->state = TEXT;
    return XML_END;
}

static int on_text(struct xml *x, uint8_t c)
{
    if (c == '<') {
        x->state = OPEN;
        return XML_MORE;
    }
    if (c < 0x20 && !is_blank(c))
        return fail(x);
    if (x->depth == 0)
        return is_blank(c) ? XML_MORE : fail(x);
    if (c == '&') {
        x->state = ENTITY;
        x->entity_len = 0;
        return XML_MORE;
    }
    x->text[0] = (char)c;
    x->text_len = 1;
    return XML_TEXT;
}

/* Writers of UTF-8 may put a byte order mark in front (XML 1.0, 4.3.3), as .NET's do. */
static int on_begin(struct xml *x, uint8_t c)
{
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};

    if (c == mark[x->matched]) {
        if (++x->matched == sizeof(mark))
            x->state = TEXT;
        return XML_MORE;
    }
    if (x->matched)
        return fail(x);
    x->state = TEXT;
    return on_text(x, c);
}

static int on_open(struct xml *x, uint8_t c)
{
    x->matched = 0;
    if (c == '/')
        return name_begin(x, CLOSING);
    if (c == '!' || c == '?') {
        x->state = c == '!' ? BANG : PROCESS;
        return XML_MORE;
    }
    name_begin(x, NAME);
    return name_byte(x, c) ? XML_MORE : fail(x);
}

static int on_name(struct xml *x, uint8_t c)
{
    if (is_blank(c) || c == '>' || c == '/')
        return start_element(x, c);
    return name_byte(x, c) ? XML_MORE : fail(x);
}

static int on_tag(struct xml *x, uint8_t c)
{
    if (c == '>') {
        x->state = TEXT;
    } else if (c == '/') {
        x->state = SLASH;
    } else if (!is_blank(c)) {
        name_begin(x, ATTRIBUTE);
        return name_byte(x, c) ? XML_MORE : fail(x);
    }
    return XML_MORE;
}

static int on_attribute(struct xml *x, uint8_t c)
{
    if (c != '=' && !is_blank(c))
        return name_byte(x, c) ? XML_MORE : fail(x);
    if (x->name_len == 0)
        return fail(x);
    x->declares = x->declares || strcmp(x->name, "xmlns") == 0;
    x->state = c == '=' ? EQUALS : NAMED;
    return XML_MORE;
}

static int on_named(struct xml *x, uint8_t c)
{
    if (c == '=')
        x->state = EQUALS;
    return c == '=' || is_blank(c) ? XML_MORE : fail(x);
}

static int on_equals(struct xml *x, uint8_t c)
{
    if (is_blank(c))
        return XML_MORE;
    if (c != '"' && c != '\'')
        return fail(x);
    x->quote = c;
    x->state = QUOTED;
    return x->declares ? XML_MORE : XML_ATTRIBUTE;
}

/* A character of an attribute's value. */
static int value(const struct xml *x)
{
    return x->declares ? XML_MORE : XML_VALUE;
}

static int on_quoted(struct xml *x, uint8_t c)
{
    if (c == '<' || (c < 0x20 && !is_blank(c)))
        return fail(x);
    if (c == x->quote) {
        x->quote = 0;
        x->state = VALUED;
        return x->declares ? XML_MORE : XML_VALUE_END;
    }
    if (c == '&') {
        x->state = ENTITY;
        x->entity_len = 0;
        return XML_MORE;
    }
    x->text[0] = (char)(is_blank(c) ? ' ' : c);
    x->text_len = 1;
    return value(x);
}

static int on_valued(struct xml *x, uint8_t c)
{
    if (c != '>' && c != '/' && !is_blank(c))
        return fail(x);
    x->state = TAG;
    return on_tag(x, c);
}

/* "/>" ends the element that its own tag has opened. */
static int on_slash(struct xml *x, uint8_t c)
{
    if (c != '>')
        return fail(x);
    x->depth--;
    x->state = TEXT;
    return XML_END;
}

static int on_closing(struct xml *x, uint8_t c)
{
    if (c == '>')
        return x->name_len > 0 ? end_element(x) : fail(x);
    if (is_blank(c) && x->name_len > 0) {
        x->state = CLOSED;
        return XML_MORE;
    }
    return name_byte(x, c) ? XML_MORE : fail(x);
}

/* Stores the character as UTF-8. False: not a character of XML. */
static bool set_character(struct xml *x, uint32_t c)
{
    uint8_t *to = (uint8_t *)x->text;

    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) || c == 0xFFFE || c == 0xFFFF ||
        (c < 0x20 && !is_blank((uint8_t)c)))
        return false;
    x->text_len = (uint8_t)(c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4);
    for (int i = x->text_len - 1; i > 0; i--) {
        to[i] = (uint8_t)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    to[0] = (uint8_t)(x->text_len == 1 ? c : (0xF00u >> x->text_len & 0xF0u) | c);
    return true;
}

/* "#65" or "#x41" */
static bool read_reference(const char *text, uint32_t *out)
{
    uint32_t base = text[1] == 'x' ? 16 : 10;

    text += base == 16 ? 2 : 1;
    *out = 0;
    if (*text == '\0')
        return false;
    for (; *text; text++) {
        int digit = hex_digit(*text);

        if (digit < 0 || (uint32_t)digit >= base)
            return false;
        *out = *out * base + (uint32_t)digit; /* at most 7 digits: LIMIT_XML_ENTITY */
    }
    return true;
}

static bool entity_value(const char *name, uint32_t *out)
{
    static const struct {
        char name[5];
        char value;
    } known[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};

    if (name[0] == '#')
        return read_reference(name, out);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(name, known[i].name) == 0) {
            *out = (uint8_t)known[i].value;
            return true;
        }
    return false;
}

static int on_entity(struct xml *x, uint8_t c)
{
    uint32_t character = 0;

    if (c != ';') {
        if (x->entity_len >= LIMIT_XML_ENTITY)
            return fail(x);
        x->entity[x->entity_len++] = (char)c;
        return XML_MORE;
    }
    x->entity[x->entity_len] = '\0';
    if (!entity_value(x->entity, &character) || !set_character(x, character))
        return fail(x);
    x->state = x->quote ? QUOTED : TEXT;
    return x->quote ? value(x) : XML_TEXT;
}

/* Only "<!--" is allowed. */
static int on_bang(struct xml *x, uint8_t c)
{
    if (c != '-')
        return fail(x);
    if (++x->matched == 2) {
        x->state = COMMENT;
        x->matched = 0;
    }
    return XML_MORE;
}

static int on_comment(struct xml *x, uint8_t c)
{
    if (x->matched == 2) {
        if (c != '>')
            return fail(x); /* "--" within one */
        x->state = TEXT;
    } else {
        x->matched = c == '-' ? (uint8_t)(x->matched + 1) : 0;
    }
    return XML_MORE;
}

static int on_process(struct xml *x, uint8_t c)
{
    if (x->matched && c == '>')
        x->state = TEXT;
    x->matched = c == '?';
    return XML_MORE;
}

int xml_feed(struct xml *x, uint8_t byte)
{
    switch (x->state) {
    case BEGIN:
        return on_begin(x, byte);
    case TEXT:
        return on_text(x, byte);
    case OPEN:
        return on_open(x, byte);
    case NAME:
        return on_name(x, byte);
    case TAG:
        return on_tag(x, byte);
    case ATTRIBUTE:
        return on_attribute(x, byte);
    case NAMED:
        return on_named(x, byte);
    case EQUALS:
        return on_equals(x, byte);
    case QUOTED:
        return on_quoted(x, byte);
    case VALUED:
        return on_valued(x, byte);
    case SLASH:
        return on_slash(x, byte);
    case CLOSING:
        return on_closing(x, byte);
    case CLOSED:
        return byte == '>' ? end_element(x) : is_blank(byte) ? XML_MORE : fail(x);
    case ENTITY:
        return on_entity(x, byte);
    case BANG:
        return on_bang(x, byte);
    case COMMENT:
        return on_comment(x, byte);
    case PROCESS:
        return on_process(x, byte);
    default:
        return XML_BAD;
    }
}
