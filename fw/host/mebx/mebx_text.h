// SPDX-License-Identifier: BSD-3-Clause
#ifndef HOST_MEBX_TEXT_H
#define HOST_MEBX_TEXT_H

#include <stddef.h>

#include "fw/host/mebx/mebx_state.h"

/* Input and output of text in the MEBx menu. The readers parse a whole line. */

#define mebx_print(mebx, ...) text_print(&(mebx)->out, __VA_ARGS__)

/* A number without sign and leading zeros; -1 = it is not one, or exceeds max (at most 65535). */
int32_t mebx_read_number(const char *line, uint32_t max);
/* Four decimal numbers without leading zeros. False: it is not an address, and *out is
 * unchanged. */
bool mebx_read_address(const char *line, uint32_t *out);
/* Hexadecimal digits; blanks, '-' and ':' may separate bytes. Returns the number of bytes; 0: the
 * line is malformed or has more than cap. */
size_t mebx_read_hex(const char *line, uint8_t *out, size_t cap);

/* Copies a text that fits to a field of `size` bytes, fills it up with zeros, and sets
 * mebx->changed. */
void mebx_set_text(struct mebx *mebx, char *field, size_t size, const char *text);

#endif
