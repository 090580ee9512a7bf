// SPDX-License-Identifier: BSD-3-Clause
#include "fw/host/mebx/mebx_text.h"

#include <string.h>

#include "fw/core/hex.h"
#include "fw/core/text.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads digits up to another character; no sign, no leading zeros. */
static int32_t read_digits(const char **text, uint32_t max)
{
    const char *p = *text;
    uint32_t value = 0;

    if (!is_digit(*p) || (*p == '0' && is_digit(p[1])))
        return -1;
    for (; is_digit(*p); p++) {
        value = value * 10u + (uint32_t)(*p - '0');
        if (value > max)
            return -1;
    }
    *text = p;
    return (int32_t)value;
}

int32_t mebx_read_number(const char *line, uint32_t max)
{
    int32_t value = read_digits(&line, max);

    return *line == '\0' ? value : -1;
}

bool mebx_read_address(const char *line, uint32_t *out)
{
    uint32_t address = 0;

    for (int i = 0; i < 4; i++) {
        int32_t part;

        if (i > 0 && *line++ != '.')
            return false;
        part = read_digits(&line, 255);
        if (part < 0)
            return false;
        address = address << 8 | (uint32_t)part;
    }
    if (*line != '\0')
        return false;
    *out = address;
    return true;
}

size_t mebx_read_hex(const char *line, uint8_t *out, size_t cap)
{
    size_t len = 0;

    while (*line) {
        uint32_t byte = 1; /* complete when this bit has been shifted out */

        while (byte < 0x100) {
            int digit = hex_digit(*line++);

            if (digit < 0 || len == cap)
                return 0;
            byte = byte << 4 | (uint32_t)digit;
        }
        out[len++] = (uint8_t)byte;
        if ((*line == ' ' || *line == '-' || *line == ':') && line[1])
            line++;
    }
    return len;
}

void mebx_set_text(struct mebx *mebx, char *field, size_t size, const char *text)
{
    text_fill(field, size, text, strlen(text));
    mebx->changed = true;
}
