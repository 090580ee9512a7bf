// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_LAN_H
#define SIM_LAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/clock.h"
#include "sim/base/rng.h"

/* One Ethernet segment. A frame reaches every other port with link after a latency drawn from the
 * seed, in order of sending. The PC is one port with two stations behind the same MAC, the ME and
 * the host's operating system: what either sends goes to the wire, and what the host sends passes
 * the ME as well. */

/* Also the capture's interface numbers. */
enum lan_sender {
    LAN_ME,
    LAN_HOST,
    LAN_LAN, /* everything else: servers and set-up application */
    LAN_SENDERS
};

#define LAN_PORTS 16
#define LAN_FRAME 1514 /* Ethernet without FCS */
/* A frame takes MIN .. MIN + SPREAD - 1, more behind a slow one. */
#define LAN_LATENCY_MIN_US 100
#define LAN_LATENCY_SPREAD_US 400

struct lan_port {
    void *ctx;
    /* A frame arrives. from tells the ME whether the host behind its own MAC sent it. */
    void (*frame)(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len);
    enum lan_sender sender;
    bool link;
    uint8_t group; /* ports of the same non-zero group share a MAC: ME and host */
    uint64_t lost; /* private: number of the last frame sent before the link fell: it and those
                      before are lost */
};

struct lan_flight; /* a frame on its way */

struct lan {
    struct sim_clock *clock;
    struct rng rng;
    struct lan_port port[LAN_PORTS];
    uint8_t ports;
    /* Sees every frame at the time it is sent; may be NULL. */
    void (*tap)(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len);
    void *tap_ctx;
    /* Returns true to lose the frame after the tap has seen it; may be NULL. Latencies of the other
     * frames stay as they were. */
    bool (*drop)(void *ctx, const uint8_t *frame, size_t len);
    void *drop_ctx;
    uint64_t last_arrival_us;
    uint64_t sent;                   /* frames that left a port */
    struct lan_flight *first, *last; /* in order of arrival */
};

void lan_init(struct lan *lan, struct sim_clock *clock, uint64_t seed);
/* Frames in flight are lost. Before or after clock_free(), but the struct sim_clock must still be
 * there. */
void lan_free(struct lan *lan);
/* Returns the port's index, -1 when the segment is full. */
int lan_attach(struct lan *lan, const struct lan_port *port);
/* A frame in flight when the link falls does not reach that port, even if the link returns. */
void lan_set_link(struct lan *lan, int port, bool up);
/* Takes a copy. From a port without link nothing leaves, and the tap sees nothing; the same for a
 * frame without a whole Ethernet header or longer than LAN_FRAME, and for a port that is not
 * there. */
void lan_send(struct lan *lan, int port, const uint8_t *frame, size_t len);

#endif
