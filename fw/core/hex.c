// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/hex.h"

int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_read(const char *text, uint8_t *out, size_t len)
{
    for (; len > 0; len--, text += 2) {
        int high = hex_digit(text[0]), low = high < 0 ? -1 : hex_digit(text[1]);

        if (low < 0)
            return false;
        *out++ = (uint8_t)(high << 4 | low);
    }
    return true;
}

void hex_write(char *out, const uint8_t *bytes, size_t len)
{
    static const char digit[] = "0123456789abcdef";

    for (; len > 0; len--, bytes++) {
        *out++ = digit[*bytes >> 4];
        *out++ = digit[*bytes & 15u];
    }
    *out = '\0';
}
