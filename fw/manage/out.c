#include "fw/manage/out.h"

#include <string.h>

#include "fw/core/text.h"

void out_bytes(struct out *o, const char *bytes, size_t len)
{
    if (o->full || len > o->cap - o->len) {
        o->full = true;
        return;
    }
    memcpy(o->text + o->len, bytes, len);
    o->len += len;
}

void out_text(struct out *o, const char *text)
{
    out_bytes(o, text, strlen(text));
}

void out_escaped(struct out *o, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '<':
            out_text(o, "&lt;");
            break;
        case '>':
            out_text(o, "&gt;");
            break;
        case '&':
            out_text(o, "&amp;");
            break;
        default:
            out_bytes(o, text, 1);
            break;
        }
    }
}

void out_number(struct out *o, uint32_t number)
{
    char text[TEXT_DECIMAL];

    out_text(o, text_decimal(text, number, 1));
}

void out_hex(struct out *o, uint32_t number, uint32_t digits)
{
    char text[9];

    text_hex(text, number, digits);
    out_text(o, text);
}

static void tag(struct out *o, const char *before, const char *prefix, const char *name)
{
    out_text(o, before);
    if (prefix[0]) {
        out_text(o, prefix);
        out_text(o, ":");
    }
    out_text(o, name);
    out_text(o, ">");
}

void out_open(struct out *o, const char *prefix, const char *name)
{
    tag(o, "<", prefix, name);
}

void out_close(struct out *o, const char *prefix, const char *name)
{
    tag(o, "</", prefix, name);
}

void out_element(struct out *o, const char *prefix, const char *name, const char *text)
{
    out_open(o, prefix, name);
    out_escaped(o, text);
    out_close(o, prefix, name);
}

void out_element_number(struct out *o, const char *prefix, const char *name, uint32_t number)
{
    char text[TEXT_DECIMAL];

    out_element(o, prefix, name, text_decimal(text, number, 1));
}
