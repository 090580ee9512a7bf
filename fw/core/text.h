// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Printing of text, and a little reading. */

/* A sink for text, character by character. */
struct text_out {
    void (*put)(void *ctx, char c);
    void *ctx;
};

/* Like printf, with these directives only:
 *   %s   a text; control characters, which may come from the network, become '?'
 *   %u   a uint32_t; %6u pads it with blanks to six characters, %04u with zeros to four
 *   %8X  a uint32_t as at least that many upper-case hexadecimal digits
 *   %a   an IPv4 address, "1.2.3.4" for 0x01020304, "none" for 0
 *   %l   a uint32_t and a list, two arguments: text_item()
 * A width is one digit. */
void text_print(const struct text_out *out, const char *format, ...);

void text_put(const struct text_out *out, char c);

/* Bytes as pairs of upper-case digits, with the character `between` between groups of `group`
 * bytes. */
void text_print_hex(const struct text_out *out, const uint8_t *bytes, size_t len, size_t group,
                    char between);

/* Copies `len` characters into a field that has room for them and a NUL, and fills it up with
 * zeros. */
void text_fill(char *field, size_t size, const char *text, size_t len);

/* The value of a base64 digit; -1 = not one. */
int text_base64_digit(char c);

/* Item number `index`, counted from 0, of a list in which each item ends with a NUL and an empty
 * item is the last: "no\0yes\0". Beyond the end: the empty text. */
const char *text_item(const char *list, uint32_t index);

#endif
