// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_OUT_H
#define MANAGE_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/text.h"

/* Output text in a buffer of fixed size. A piece that does not fit is left out as a whole, and full
 * is set. */
struct out {
    char *text;
    size_t cap, len;
    bool full;
};

void out_bytes(struct out *out, const char *bytes, size_t len);
void out_text(struct out *out, const char *text);
/* Escapes the characters that have a meaning in XML. */
void out_escaped(struct out *out, const char *text);
void out_base64(struct out *out, const uint8_t *bytes, size_t len);
/* As text_print(). Not for texts from outside: %s would change control characters. */
#define out_print(out, ...) text_print(&(struct text_out){out_char, out}, __VA_ARGS__)
void out_char(void *out, char c);

/* "<prefix:name>", "</prefix:name>"; with an empty prefix without the colon. */
void out_start_tag(struct out *out, const char *prefix, const char *name);
void out_end_tag(struct out *out, const char *prefix, const char *name);
/* An element with text, which is escaped. Never "<name/>", which peers do not understand (MC). */
void out_element(struct out *out, const char *prefix, const char *name, const char *text);
/* An endpoint reference of WS-Man's to an instance of the class that is identified by one key.
 * Prefixes: b for WS-Addressing, c for WS-Management. */
void out_reference(struct out *out, const char *prefix, const char *name, const char *class,
                   const char *key_name, const char *key);
void out_element_number(struct out *out, const char *prefix, const char *name, uint32_t number);

#endif
