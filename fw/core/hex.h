#ifndef CORE_HEX_H
#define CORE_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes as pairs of hexadecimal digits. */

/* The value of a digit of either case, -1 = none. */
int hex_digit(char c);
/* As many pairs of digits as out has bytes, from the text's beginning. False: it has fewer, and out
 * is not to be used. */
bool hex_read(const char *text, uint8_t *out, size_t len);
/* In lower case, with a NUL behind the last: out has 2 * len + 1 bytes. */
void hex_write(char *out, const uint8_t *bytes, size_t len);

#endif
