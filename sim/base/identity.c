// SPDX-License-Identifier: BSD-3-Clause
#include "sim/base/identity.h"

#include <string.h>

#include "fw/core/hex.h"

/* Takes two digits off the text. */
static bool take_byte(const char **text, uint8_t *out)
{
    if (!hex_read(*text, out, 1))
        return false;
    *text += 2;
    return true;
}

/* Where byte i of the text stands on the wire. */
static const uint8_t place[LIMIT_UUID_BYTES] = {3, 2, 1,  0,  5,  4,  7,  6,
                                                8, 9, 10, 11, 12, 13, 14, 15};

static bool dash_before(int i)
{
    return i == 4 || i == 6 || i == 8 || i == 10;
}

void identity_uuid_text(const uint8_t wire[LIMIT_UUID_BYTES], char out[IDENTITY_UUID_TEXT + 1])
{
    for (int i = 0; i < LIMIT_UUID_BYTES; i++) {
        if (dash_before(i))
            *out++ = '-';
        hex_write(out, &wire[place[i]], 1);
        out += 2;
    }
}

bool identity_parse_uuid(const char *text, uint8_t wire[LIMIT_UUID_BYTES])
{
    uint8_t bytes[LIMIT_UUID_BYTES];

    for (int i = 0; i < LIMIT_UUID_BYTES; i++) {
        if (dash_before(i) && *text++ != '-')
            return false;
        if (!take_byte(&text, &bytes[place[i]]))
            return false;
    }
    if (*text)
        return false;
    memcpy(wire, bytes, sizeof bytes);
    return true;
}

bool identity_parse_mac(const char *text, uint8_t mac[LIMIT_MAC_BYTES])
{
    static const uint8_t none[LIMIT_MAC_BYTES];
    uint8_t bytes[LIMIT_MAC_BYTES];

    for (int i = 0; i < LIMIT_MAC_BYTES; i++) {
        if (i > 0 && *text++ != ':')
            return false;
        if (!take_byte(&text, &bytes[i]))
            return false;
    }
    if (*text || (bytes[0] & 1) || memcmp(bytes, none, sizeof none) == 0)
        return false;
    memcpy(mac, bytes, sizeof bytes);
    return true;
}
