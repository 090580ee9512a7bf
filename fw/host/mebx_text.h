#ifndef HOST_MEBX_TEXT_H
#define HOST_MEBX_TEXT_H

#include <stddef.h>

#include "fw/host/mebx.h"

/* Text in and out of the MEBx menu. The readers take a whole line and leave *out alone when it is
 * not what they read. */

void mebx_put(const struct mebx *mebx, const char *text);
void mebx_put_number(const struct mebx *mebx, uint32_t number);
void mebx_put_address(const struct mebx *mebx, uint32_t address);
/* Upper-case digits in groups of four. */
void mebx_put_hex(const struct mebx *mebx, const uint8_t *bytes, size_t len);
/* "Refused: <reason>" on a line of its own. */
void mebx_refuse(const struct mebx *mebx, const char *reason);

bool mebx_read_number(const char *line, uint32_t min, uint32_t max, uint32_t *out);
/* Four decimal numbers without leading zeros. */
bool mebx_read_address(const char *line, uint32_t *out);
/* Hexadecimal digits; blanks, '-' and ':' may stand between bytes. Returns the count of bytes, 0
 * when it is none of that or more than cap. */
size_t mebx_read_hex(const char *line, uint8_t *out, size_t cap);
bool mebx_same(const char *a, const char *b);

#endif
