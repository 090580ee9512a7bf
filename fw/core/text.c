#include "fw/core/text.h"

size_t text_number(uint32_t value, char out[TEXT_NUMBER])
{
    size_t len = 1;

    for (uint32_t rest = value; rest >= 10; rest /= 10)
        len++;
    out[len] = '\0';
    for (size_t i = len; i > 0; value /= 10)
        out[--i] = (char)('0' + value % 10);
    return len;
}

size_t text_ip(uint32_t ip, char out[TEXT_IP])
{
    size_t len = 0;

    for (int shift = 24; shift >= 0; shift -= 8) {
        len += text_number(ip >> shift & 0xFFu, out + len);
        out[len++] = '.';
    }
    out[--len] = '\0';
    return len;
}

size_t text_hex(uint32_t value, uint32_t digits, char *out)
{
    out[digits] = '\0';
    for (uint32_t i = digits; i > 0; value >>= 4)
        out[--i] = "0123456789ABCDEF"[value & 15u];
    return digits;
}

int text_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
