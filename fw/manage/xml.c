#include "fw/manage/xml.h"

#include <string.h>

#include "fw/core/hex.h"
#include "fw/core/text.h"
#include "fw/core/wipe.h"

enum state {
    TEXT,
    OPEN,    /* behind '<' */
    NAME,    /* of a start */
    TAG,     /* between attributes */
    QUOTED,  /* in an attribute's value */
    SLASH,   /* of "<name/>" */
    CLOSING, /* name of an end */
    CLOSED,  /* blanks behind it */
    ENTITY,
    BANG, /* behind "<!" */
    COMMENT,
    PROCESS, /* "<? ?>" */
    BAD,
};

#define FNV_BASIS 2166136261u
#define FNV_PRIME 16777619u

static int bad(struct xml *x)
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

/* The name without its prefix is kept, the hash is of all of it. False: too long, or no name. */
static bool name_byte(struct xml *x, uint8_t c)
{
    x->hash = (x->hash ^ c) * FNV_PRIME;
    if (c == ':') {
        if (x->name_len == 0)
            return false;
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
    return XML_MORE;
}

/* The name of a start is complete; c is what follows it. */
static int start(struct xml *x, uint8_t c)
{
    if (x->name_len == 0 || x->depth >= LIMIT_XML_DEPTH || (x->depth == 0 && x->root))
        return bad(x);
    x->root = true;
    x->open[x->depth++] = x->hash;
    x->state = c == '>' ? TEXT : c == '/' ? SLASH : TAG;
    return XML_START;
}

static int end(struct xml *x)
{
    if (x->depth == 0 || x->open[x->depth - 1] != x->hash)
        return bad(x);
    x->depth--;
    x->state = TEXT;
    return XML_END;
}

static int text(struct xml *x, uint8_t c)
{
    if (c == '<') {
        x->state = OPEN;
        return XML_MORE;
    }
    if (c < 0x20 && !is_blank(c))
        return bad(x);
    if (x->depth == 0)
        return is_blank(c) ? XML_MORE : bad(x);
    if (c == '&') {
        x->state = ENTITY;
        x->entity_len = 0;
        return XML_MORE;
    }
    x->text[0] = (char)c;
    x->text_len = 1;
    return XML_TEXT;
}

static int open(struct xml *x, uint8_t c)
{
    x->matched = 0;
    if (c == '/')
        return name_begin(x, CLOSING);
    if (c == '!' || c == '?') {
        x->state = c == '!' ? BANG : PROCESS;
        return XML_MORE;
    }
    name_begin(x, NAME);
    return name_byte(x, c) ? XML_MORE : bad(x);
}

static int name(struct xml *x, uint8_t c)
{
    if (is_blank(c) || c == '>' || c == '/')
        return start(x, c);
    return name_byte(x, c) ? XML_MORE : bad(x);
}

static int tag(struct xml *x, uint8_t c)
{
    if (c == '"' || c == '\'') {
        x->quote = c;
        x->state = QUOTED;
    } else if (c == '>') {
        x->state = TEXT;
    } else if (c == '/') {
        x->state = SLASH;
    } else if (!is_blank(c) && !is_name(c) && c != ':' && c != '=') {
        return bad(x);
    }
    return XML_MORE;
}

static int quoted(struct xml *x, uint8_t c)
{
    if (c == '<' || (c < 0x20 && !is_blank(c)))
        return bad(x);
    if (c == x->quote)
        x->state = TAG;
    return XML_MORE;
}

/* The element that "/>" ends is the one that it opened. */
static int slash(struct xml *x, uint8_t c)
{
    if (c != '>')
        return bad(x);
    x->depth--;
    x->state = TEXT;
    return XML_END;
}

static int closing(struct xml *x, uint8_t c)
{
    if (c == '>')
        return x->name_len > 0 ? end(x) : bad(x);
    if (is_blank(c) && x->name_len > 0) {
        x->state = CLOSED;
        return XML_MORE;
    }
    return name_byte(x, c) ? XML_MORE : bad(x);
}

/* As UTF-8. False: not a character that XML has. */
static bool character(struct xml *x, uint32_t c)
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
static bool numeric(const char *text, uint32_t *out)
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
        return numeric(name, out);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(name, known[i].name) == 0) {
            *out = (uint8_t)known[i].value;
            return true;
        }
    return false;
}

static int entity(struct xml *x, uint8_t c)
{
    uint32_t value = 0;

    if (c != ';') {
        if (x->entity_len >= LIMIT_XML_ENTITY)
            return bad(x);
        x->entity[x->entity_len++] = (char)c;
        return XML_MORE;
    }
    x->entity[x->entity_len] = '\0';
    if (!entity_value(x->entity, &value) || !character(x, value))
        return bad(x);
    x->state = TEXT;
    return XML_TEXT;
}

/* Only "<!--" */
static int bang(struct xml *x, uint8_t c)
{
    if (c != '-')
        return bad(x);
    if (++x->matched == 2) {
        x->state = COMMENT;
        x->matched = 0;
    }
    return XML_MORE;
}

static int comment(struct xml *x, uint8_t c)
{
    if (x->matched == 2) {
        if (c != '>')
            return bad(x); /* "--" within one */
        x->state = TEXT;
    } else {
        x->matched = c == '-' ? (uint8_t)(x->matched + 1) : 0;
    }
    return XML_MORE;
}

static int process(struct xml *x, uint8_t c)
{
    if (x->matched && c == '>')
        x->state = TEXT;
    x->matched = c == '?';
    return XML_MORE;
}

int xml_feed(struct xml *x, uint8_t byte)
{
    switch (x->state) {
    case TEXT:
        return text(x, byte);
    case OPEN:
        return open(x, byte);
    case NAME:
        return name(x, byte);
    case TAG:
        return tag(x, byte);
    case QUOTED:
        return quoted(x, byte);
    case SLASH:
        return slash(x, byte);
    case CLOSING:
        return closing(x, byte);
    case CLOSED:
        return byte == '>' ? end(x) : is_blank(byte) ? XML_MORE : bad(x);
    case ENTITY:
        return entity(x, byte);
    case BANG:
        return bang(x, byte);
    case COMMENT:
        return comment(x, byte);
    case PROCESS:
        return process(x, byte);
    default:
        return XML_BAD;
    }
}
