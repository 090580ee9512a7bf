// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_WIRE_H
#define EXPLORE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/net/packet.h"

/* Frames for the device. */

/* Lost while it has no link or no power. */
void wire_send(const uint8_t *frame, size_t len);
/* One that the operating system sends: it passes the device on its way. */
void wire_host_sends(const uint8_t *frame, size_t len);
/* Prints it, where frames are to be printed; way: "<" from the device, ">" to it. */
void wire_tell(const char *way, const uint8_t *frame, size_t len);
/* Whose address this is. */
void wire_mac_of(uint32_t ip, uint8_t mac[6]);

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
/* Pings that seem to come from so many machines that do not exist. */
void wire_ping_from_nobody(unsigned count);
/* They want to connect, and are never heard of again. */
void wire_syn_from_nobody(unsigned count, uint16_t port);

#endif
