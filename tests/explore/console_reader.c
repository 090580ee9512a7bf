// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/console_reader.h"

#include <stdio.h>
#include <string.h>

#include "tests/explore/invariants.h"

/* Bytes of the message that begins so; 0 = it cannot be told yet. */
static size_t length_of(const uint8_t *m, size_t len)
{
    switch (m[0]) {
    case 0x11:
        return 13;
    case 0x14:
        return len < 9 ? 0 : 9u + m[5];
    case 0x21:
        return 23;
    case 0x29:
        return 10;
    case 0x2A:
        return len < 10 ? 0 : 10u + m[8] + (m[9] << 8);
    case 0x23:
    case 0x2B:
        return 8;
    default:
        violate(V_LINE, "message %02x", m[0]);
        return len;
    }
}

static void take(enum who who, const uint8_t *m)
{
    struct peer *p = &world.peer[who];

    if (world_loud)
        printf("    peer %d hears %02x, %u\n", who, m[0], m[1]);
    if (m[0] == 0x11 && m[1] == 0) {
        p->line = LINE_STARTED;
    } else if (m[0] == 0x14 && m[1] == 0) {
        p->line = LINE_IN;
        invariants_log_in(who);
    } else if (m[0] >= 0x20) {
        if (p->line < LINE_IN)
            violate(V_LINE, "message %02x before a log-in", m[0]);
        p->line = LINE_SERIAL;
    }
}

void console_hears(enum who who, const char *bytes, size_t len)
{
    struct peer *p = &world.peer[who];
    size_t at = 0, n;

    if (p->rx_len + len > sizeof(p->rx))
        return;
    memcpy(p->rx + p->rx_len, bytes, len);
    p->rx_len = (uint16_t)(p->rx_len + len);
    while (at < p->rx_len) {
        const uint8_t *m = (const uint8_t *)p->rx + at;

        n = length_of(m, (size_t)p->rx_len - at);
        if (n == 0 || n > (size_t)p->rx_len - at)
            break;
        take(who, m);
        at += n;
    }
    p->rx_len = (uint16_t)(p->rx_len - at);
    memmove(p->rx, p->rx + at, p->rx_len);
}
