#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Text out, and the little there is of text in. */

/* Where text goes, character by character. */
struct text_out {
    void (*put)(void *ctx, char c);
    void *ctx;
};

/* As printf, but all there is:
 *   %s   a text; control characters, which can come from the network, become '?'
 *   %u   a uint32_t; %6u has blanks in front of it up to six characters, %04u zeros up to four
 *   %8X  a uint32_t as so many hexadecimal digits at least, upper case
 *   %a   an IPv4 address, "1.2.3.4" for 0x01020304, "none" for 0
 *   %l   text_item() of a uint32_t and, the next argument, a list
 * A width is one digit. */
void text_print(const struct text_out *out, const char *format, ...);

void text_put(const struct text_out *out, char c);

/* Bytes as pairs of upper-case digits, the character `between` after each `group` of bytes. */
void text_print_hex(const struct text_out *out, const uint8_t *bytes, size_t len, size_t group,
                    char between);

/* Puts `len` characters into a field that has room for them and a NUL, zeros behind them. */
void text_fill(char *field, size_t size, const char *text, size_t len);

/* The value of a digit of base 64, -1 = none. */
int text_base64_digit(char c);

/* The item with that number, from 0, of a list in which each item ends with a NUL and an empty one
 * is the last: "no\0yes\0". Behind the last: the empty text. */
const char *text_item(const char *list, uint32_t index);

#endif
