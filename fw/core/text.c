// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/text.h"

#include <stdarg.h>
#include <string.h>

#define DIGITS_MAX 10 /* of 4294967295 */

void text_put(const struct text_out *out, char c)
{
    out->put(out->ctx, c);
}

static void put_text(const struct text_out *out, const char *text)
{
    for (; *text; text++)
        text_put(out, (uint8_t)*text < ' ' || *text == 0x7F ? '?' : *text);
}

/* At least `width` characters, padded with `fill` in front. */
static void put_number(const struct text_out *out, uint32_t number, uint32_t base, uint32_t width,
                       char fill)
{
    char digits[DIGITS_MAX];
    uint32_t count = 0;

    do {
        digits[count++] = "0123456789ABCDEF"[number % base];
        number /= base;
    } while (number > 0);
    for (; width > count; width--)
        text_put(out, fill);
    while (count > 0)
        text_put(out, digits[--count]);
}

static void put_address(const struct text_out *out, uint32_t address)
{
    if (address == 0) {
        put_text(out, "none");
        return;
    }
    for (int part = 0; part < 4; part++) {
        if (part > 0)
            text_put(out, '.');
        put_number(out, address >> 24, 10, 0, ' ');
        address <<= 8;
    }
}

/* Any directive but %s and %l; letter: the directive's. */
static void put_value(const struct text_out *out, char letter, uint32_t width, char fill,
                      uint32_t number)
{
    switch (letter) {
    case 'a':
        put_address(out, number);
        break;
    case 'X':
        put_number(out, number, 16, width, '0');
        break;
    default:
        put_number(out, number, 10, width, fill);
        break;
    }
}

void text_print(const struct text_out *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    for (; *format; format++) {
        char fill = ' ';
        uint32_t width = 0, number;

        if (*format != '%') {
            text_put(out, *format);
            continue;
        }
        format++;
        if (*format == '0')
            fill = *format++;
        if (*format <= '9')
            width = (uint32_t)(*format++ - '0');
        if (*format == 's') {
            put_text(out, va_arg(args, const char *));
            continue;
        }
        number = va_arg(args, uint32_t);
        if (*format == 'l')
            put_text(out, text_item(va_arg(args, const char *), number));
        else
            put_value(out, *format, width, fill, number);
    }
    va_end(args);
}

void text_print_hex(const struct text_out *out, const uint8_t *bytes, size_t len, size_t group,
                    char between)
{
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && i % group == 0)
            text_put(out, between);
        text_print(out, "%2X", (uint32_t)bytes[i]);
    }
}

void text_fill(char *field, size_t size, const char *text, size_t len)
{
    memset(field, 0, size);
    memcpy(field, text, len);
}

const char *text_item(const char *list, uint32_t index)
{
    for (; index > 0 && *list; index--)
        while (*list++)
            ;
    return list;
}

int text_base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}
