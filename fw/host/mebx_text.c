#include "fw/host/mebx_text.h"

#include <string.h>

void mebx_put(const struct mebx *mebx, const char *text)
{
    mebx->write(mebx->ctx, text);
}

void mebx_put_number(const struct mebx *mebx, uint32_t number)
{
    char text[11];
    size_t at = sizeof(text) - 1;

    text[at] = '\0';
    do {
        text[--at] = (char)('0' + number % 10u);
        number /= 10u;
    } while (number > 0);
    mebx_put(mebx, text + at);
}

void mebx_put_address(const struct mebx *mebx, uint32_t address)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        mebx_put_number(mebx, address >> shift & 0xFFu);
        if (shift > 0)
            mebx_put(mebx, ".");
    }
}

void mebx_put_hex(const struct mebx *mebx, const uint8_t *bytes, size_t len)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < len; i++) {
        char text[3] = {digits[bytes[i] >> 4], digits[bytes[i] & 0xF], '\0'};

        mebx_put(mebx, i > 0 && i % 2 == 0 ? " " : "");
        mebx_put(mebx, text);
    }
}

void mebx_refuse(const struct mebx *mebx, const char *reason)
{
    mebx_put(mebx, "Refused: ");
    mebx_put(mebx, reason);
    mebx_put(mebx, "\n");
}

/* Reads digits up to a character that is none; no sign, no leading zero. */
static bool read_digits(const char **text, uint32_t max, uint32_t *out)
{
    const char *p = *text;
    uint64_t value = 0;

    if (*p < '0' || *p > '9' || (*p == '0' && p[1] >= '0' && p[1] <= '9'))
        return false;
    for (; *p >= '0' && *p <= '9'; p++) {
        value = value * 10u + (uint64_t)(*p - '0');
        if (value > max)
            return false;
    }
    *text = p;
    *out = (uint32_t)value;
    return true;
}

bool mebx_read_number(const char *line, uint32_t min, uint32_t max, uint32_t *out)
{
    uint32_t value;

    if (!read_digits(&line, max, &value) || *line != '\0' || value < min)
        return false;
    *out = value;
    return true;
}

bool mebx_read_address(const char *line, uint32_t *out)
{
    uint32_t address = 0, part;

    for (int i = 0; i < 4; i++) {
        if (i > 0 && *line++ != '.')
            return false;
        if (!read_digits(&line, 255, &part))
            return false;
        address = address << 8 | part;
    }
    if (*line != '\0')
        return false;
    *out = address;
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

size_t mebx_read_hex(const char *line, uint8_t *out, size_t cap)
{
    uint8_t bytes[LIMIT_HASH_BYTES];
    size_t len = 0;

    while (*line) {
        int high = hex_digit(line[0]), low = high < 0 ? -1 : hex_digit(line[1]);

        if (low < 0 || len == cap || len == sizeof(bytes))
            return 0;
        bytes[len++] = (uint8_t)(high << 4 | low);
        line += 2;
        if ((*line == ' ' || *line == '-' || *line == ':') && line[1])
            line++;
    }
    memcpy(out, bytes, len);
    return len;
}

bool mebx_same(const char *a, const char *b)
{
    size_t len = strlen(a);

    return len == strlen(b) && memcmp(a, b, len) == 0;
}
