// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/out.h"

#include <string.h>

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

void out_base64(struct out *o, const uint8_t *bytes, size_t len)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < len; i += 3) {
        uint32_t bits = (uint32_t)bytes[i] << 16;
        char group[4];

        if (i + 1 < len)
            bits |= (uint32_t)bytes[i + 1] << 8;
        if (i + 2 < len)
            bits |= bytes[i + 2];
        for (int n = 0; n < 4; n++)
            group[n] = digit[bits >> (18 - 6 * n) & 63u];
        if (i + 1 >= len)
            group[2] = '=';
        if (i + 2 >= len)
            group[3] = '=';
        out_bytes(o, group, sizeof(group));
    }
}

void out_char(void *o, char c)
{
    out_bytes(o, &c, 1);
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

void out_start_tag(struct out *o, const char *prefix, const char *name)
{
    tag(o, "<", prefix, name);
}

void out_end_tag(struct out *o, const char *prefix, const char *name)
{
    tag(o, "</", prefix, name);
}

void out_element(struct out *o, const char *prefix, const char *name, const char *text)
{
    out_start_tag(o, prefix, name);
    out_escaped(o, text);
    out_end_tag(o, prefix, name);
}

void out_element_number(struct out *o, const char *prefix, const char *name, uint32_t number)
{
    out_start_tag(o, prefix, name);
    out_print(o, "%u", number);
    out_end_tag(o, prefix, name);
}

void out_reference(struct out *o, const char *prefix, const char *name, const char *class,
                   const char *key_name, const char *key)
{
    out_start_tag(o, prefix, name);
    out_text(o, "<b:Address>default</b:Address><b:ReferenceParameters><c:ResourceURI>");
    out_text(o, class);
    out_text(o, "</c:ResourceURI><c:SelectorSet><c:Selector Name=\"");
    out_text(o, key_name);
    out_text(o, "\">");
    out_text(o, key);
    out_text(o, "</c:Selector></c:SelectorSet></b:ReferenceParameters>");
    out_end_tag(o, prefix, name);
}
