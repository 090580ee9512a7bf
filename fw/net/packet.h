// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_PACKET_H
#define NET_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/bytes.h"

/* Ethernet frames as on the wire, for code that looks at them before lwIP does. Any bytes are safe
 * to pass in. */

#define PACKET_SOURCE_AT 6 /* source MAC; the destination's is at 0 */
#define PACKET_TYPE_AT 12  /* EtherType */
#define PACKET_IP_AT 14
#define PACKET_PROTO_AT 23
#define PACKET_IP_FROM_AT 26
#define PACKET_IP_TO_AT 30
#define PACKET_UDP_HEADER 8

#define PACKET_IPV4 0x0800u
#define PACKET_ARP 0x0806u
#define PACKET_TCP 6
#define PACKET_UDP 17

/* The transport header of an unfragmented IPv4 packet; at least its first 8 bytes are in the frame.
 * NULL for anything else. */
const uint8_t *packet_transport(const uint8_t *frame, size_t len);
/* The UDP header of such a packet if the datagram is whole: it fills the packet, and the packet
 * lies within the frame. *bytes: the length of what follows the header. NULL for anything else. */
const uint8_t *packet_datagram(const uint8_t *frame, size_t len, size_t *bytes);
/* Whether the checksums are right in a packet from packet_datagram(): IPv4's, and UDP's unless it
 * is left out (RFC 768: all zero). */
bool packet_sums_right(const uint8_t *frame, const uint8_t *udp);

#endif
