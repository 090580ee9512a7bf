#ifndef HOST_MEBX_TEXT_H
#define HOST_MEBX_TEXT_H

#include <stddef.h>

#include "fw/host/mebx/mebx_state.h"

/* Text in and out of the MEBx menu. The readers take a whole line. */

#define mebx_print(mebx, ...) text_print(&(mebx)->out, __VA_ARGS__)

/* A number without sign and leading zeros, -1 = it is none or exceeds max (at most 65535). */
int32_t mebx_read_number(const char *line, uint32_t max);
/* Four decimal numbers without leading zeros. False: it is not that, and *out is left alone. */
bool mebx_read_address(const char *line, uint32_t *out);
/* Hexadecimal digits; blanks, '-' and ':' may stand between bytes. Returns the count of bytes, 0
 * when it is none of that or more than cap. */
size_t mebx_read_hex(const char *line, uint8_t *out, size_t cap);

/* Puts a text that fits into a field of `size` bytes, zeros behind it: something has changed. */
void mebx_set_text(struct mebx *mebx, char *field, size_t size, const char *text);

#endif
