#include "fw/core/text.h"

/* Digits that end before `end`. */
static char *digits(char *end, uint32_t number, uint32_t min_digits)
{
    for (uint32_t count = 0; number > 0 || count < min_digits; count++) {
        *--end = (char)('0' + number % 10u);
        number /= 10u;
    }
    return end;
}

char *text_decimal(char text[TEXT_DECIMAL], uint32_t number, uint32_t min_digits)
{
    char *end = text + TEXT_DECIMAL - 1;

    *end = '\0';
    return digits(end, number, min_digits);
}

char *text_address(char text[TEXT_ADDRESS], uint32_t address)
{
    char *at = text + TEXT_ADDRESS - 1;

    *at = '\0';
    if (address == 0)
        return at;
    for (int part = 0; part < 4; part++) {
        if (part > 0)
            *--at = '.';
        at = digits(at, address & 0xFFu, 1);
        address >>= 8;
    }
    return at;
}

void text_hex(char *text, uint32_t number, uint32_t digits)
{
    text[digits] = '\0';
    for (; digits > 0; number >>= 4)
        text[--digits] = "0123456789ABCDEF"[number & 15u];
}

int text_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
