// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_WIRE_H
#define EXPLORE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/net/packet.h"

/* Who else is on the segment: DHCP, DNS and set-up server, and whoever knows how to write a frame.
 */

struct wire_segment {
    uint32_t from;
    uint16_t src_port, dst_port;
    uint32_t seq, ack;
    uint8_t flags; /* PACKET_TCP_ bits */
    const char *data;
    size_t len;
};

/* A segment of somebody's to the device. */
void wire_tcp(const struct wire_segment *segment);
/* What the device has sent reaches everybody who is there. */
void wire_deliver(const uint8_t *frame, size_t len);
/* The operating system of the host leases the address that it shares with the device. */
void wire_os_leases(void);
/* An acknowledgement that nobody asked for, with a domain of the stranger's. */
void wire_spoof_ack(void);
/* Pings that seem to come from so many machines that do not exist. */
void wire_ping_from_nobody(unsigned count);
/* They want to connect, and are never heard of again. */
void wire_syn_from_nobody(unsigned count, uint16_t port);

#endif
