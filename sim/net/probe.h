// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_PROBE_H
#define SIM_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/clock.h"
#include "sim/net/lan.h"

/* A station on the segment, 10.0.0.9, that tries whether a TCP port answers. */

#define PROBE_IP 0x0A000009u
#define PROBE_WAIT_US 3000000u

enum probe_result {
    PROBE_SILENT, /* no answer, not even to ARP */
    PROBE_CLOSED, /* RST */
    PROBE_OPEN,   /* SYN-ACK; the probe resets the connection */
    PROBE_RESULTS
};

struct probe {
    struct sim_clock *clock;
    struct lan *lan;
    int port; /* on the segment */
    uint32_t ip;
    uint16_t remote_port, local_port;
    uint8_t remote_mac[6];
    bool arp_pending, answered;
    enum probe_result result;
};

/* Attaches it to the segment; the probe must outlive that. False: no port is free. */
bool probe_init(struct probe *probe, struct sim_clock *clock, struct lan *lan);
/* Lets the clock run until there is an answer, for PROBE_WAIT_US at most. */
enum probe_result probe_port(struct probe *probe, uint32_t ip, uint16_t port);

#endif
