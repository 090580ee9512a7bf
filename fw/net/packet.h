#ifndef NET_PACKET_H
#define NET_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/bytes.h"

/* Frames as they stand on the wire, for what looks at them before lwIP does. Any bytes are safe. */

#define PACKET_SOURCE_AT 6 /* MAC; the destination's comes first */
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

/* The transport header of an unfragmented IPv4 packet, whose first 8 bytes are in the frame; NULL
 * for anything else. */
const uint8_t *packet_transport(const uint8_t *frame, size_t len);
/* The UDP header in such a packet when the datagram is whole: it fills the packet, which ends in
 * the frame. *bytes is what follows the header. NULL for anything else. */
const uint8_t *packet_datagram(const uint8_t *frame, size_t len, size_t *bytes);
/* The checksums of packet_datagram()'s packet: IPv4's is right; UDP's is right or left out (RFC
 * 768: all zero). */
bool packet_sums_right(const uint8_t *frame, const uint8_t *udp);

#endif
