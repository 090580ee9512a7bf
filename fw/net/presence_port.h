// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_PRESENCE_PORT_H
#define NET_PRESENCE_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/presence.h"
#include "hal/ether.h"

/* UDP port 623: answers RMCP presence pings (DSP0136), frame by frame and without lwIP, so that
 * they use none of its memory. A ping is 12 bytes, an answer 28: 06 00 xx 06 | 00 00 11 BE | 80 tag
 * 00 00         xx: any 06 00 FF 06 | 00 00 11 BE | 40 tag 00 10 | PRESENCE_BYTES At most
 * LIMIT_PONGS_A_SECOND are answered. An answer goes to where the ping came from, and is only 16
 * bytes longer than it. */

struct presence_port {
    void *ctx;
    /* What to say now; false: nothing. */
    bool (*describe)(void *ctx, uint8_t out[PRESENCE_BYTES]);
    uint32_t second; /* of the device's clock, in which so many have been answered */
    uint32_t answered;
};

/* Whether the frame is a ping to this address that such a device answers; it is then done with. */
bool presence_port_input(struct presence_port *port, const struct hal_ether *ether, uint32_t own_ip,
                         uint64_t now_ms, const uint8_t *frame, size_t len);

#endif
