// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_HEX_H
#define CORE_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes as pairs of hexadecimal digits. */

/* The value of a digit of either case, -1 = none. */
int hex_digit(char c);
/* Reads len pairs of digits from the beginning of the text. False: it has fewer, and out must not
 * be used. */
bool hex_read(const char *text, uint8_t *out, size_t len);
/* Writes lower case and a NUL: out has 2 * len + 1 bytes. */
void hex_write(char *out, const uint8_t *bytes, size_t len);

#endif
