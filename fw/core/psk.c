#include "fw/core/psk.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define GROUP 4u
#define PASSWORD_MIN 8u

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static char check_character(const char *data, size_t len)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < len; i++)
        sum += (uint8_t)data[i];
    sum %= 36;
    return (char)(sum < 10 ? '0' + sum : 'A' + (sum - 10));
}

/* Copies `len` characters without their dashes: a text has all of them or none. */
static bool read_groups(const char *text, char *out, size_t len)
{
    bool dashes = false;

    for (size_t i = 0; i < len; i++) {
        if (i == GROUP)
            dashes = *text == '-';
        if (dashes && i % GROUP == 0 && *text++ != '-')
            return false;
        if (!is_digit(*text) && !is_capital(*text))
            return false;
        out[i] = *text++;
    }
    return *text == '\0';
}

bool psk_read_pid(const char *text, char out[LIMIT_PID + 1])
{
    char pid[LIMIT_PID];

    if (!read_groups(text, pid, sizeof(pid)) ||
        pid[LIMIT_PID - 1] != check_character(pid, LIMIT_PID - 1))
        return false;
    memcpy(out, pid, LIMIT_PID);
    out[LIMIT_PID] = '\0';
    return true;
}

bool psk_read_pps(const char *text, char out[LIMIT_PPS + 1])
{
    char pps[LIMIT_PPS];

    if (!read_groups(text, pps, sizeof(pps)))
        return false;
    for (size_t at = 0; at < LIMIT_PPS; at += GROUP)
        if (pps[at + GROUP - 1] != check_character(pps + at, GROUP - 1))
            return false;
    memcpy(out, pps, LIMIT_PPS);
    out[LIMIT_PPS] = '\0';
    return true;
}

bool password_is_strong(const char *password)
{
    bool lower = false, upper = false, digit = false, special = false;
    size_t len = 0;

    for (; password[len]; len++) {
        char c = password[len];

        if (len >= LIMIT_PASSWORD || c < ' ' || c > '~' || c == ':' || c == '"' || c == ',')
            return false;
        lower |= c >= 'a' && c <= 'z';
        upper |= is_capital(c);
        digit |= is_digit(c);
        special |=
            !is_digit(c) && !is_capital(c) && !(c >= 'a' && c <= 'z') && c != '_' && c != ' ';
    }
    return len >= PASSWORD_MIN && lower && upper && digit && special;
}
