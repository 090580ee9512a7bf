// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/psk.h"

#include <stdint.h>
#include <string.h>

#include "fw/core/wipe.h"

#define GROUP 4u

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static char check_character(uint32_t sum)
{
    sum %= 36;
    return (char)(sum < 10 ? '0' + sum : 'A' + (sum - 10));
}

/* Copies `len` characters without the dashes between the groups: a text has all of these or none.
 * The last of every `check_period` characters is the check character of the others. */
static bool parse_key(char key[LIMIT_PPS], const char *text, uint32_t len, uint32_t check_period)
{
    bool dashes = false;
    uint32_t sum = 0;

    for (uint32_t i = 0; i < len; i++) {
        char c;

        if (i == GROUP)
            dashes = *text == '-';
        if (dashes && i % GROUP == 0 && *text++ != '-')
            return false;
        c = *text++;
        if (!is_digit(c) && !is_capital(c))
            return false;
        key[i] = c;
        if ((i + 1) % check_period != 0) {
            sum += (uint8_t)c;
        } else {
            if (c != check_character(sum))
                return false;
            sum = 0;
        }
    }
    return *text == '\0';
}

/* out is unchanged when the text is not a key. */
static bool read_key(const char *text, char *out, uint32_t len, uint32_t check_period)
{
    char key[LIMIT_PPS];
    bool good = parse_key(key, text, len, check_period);

    if (good) {
        memcpy(out, key, len);
        out[len] = '\0';
    }
    wipe(key, sizeof(key));
    return good;
}

bool psk_read_pid(const char *text, char out[LIMIT_PID + 1])
{
    return read_key(text, out, LIMIT_PID, LIMIT_PID);
}

bool psk_read_pps(const char *text, char out[LIMIT_PPS + 1])
{
    return read_key(text, out, LIMIT_PPS, GROUP);
}
