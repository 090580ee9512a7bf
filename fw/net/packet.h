#ifndef NET_PACKET_H
#define NET_PACKET_H

#include <stddef.h>
#include <stdint.h>

#include "fw/core/bytes.h"

/* Frames as they stand on the wire, for what looks at them before lwIP does. Any bytes are safe. */

#define PACKET_TYPE_AT 12 /* EtherType */
#define PACKET_IP_AT 14
#define PACKET_PROTO_AT 23

#define PACKET_IPV4 0x0800u
#define PACKET_ARP 0x0806u
#define PACKET_TCP 6
#define PACKET_UDP 17

/* The transport header of an unfragmented IPv4 packet, whose first 8 bytes are in the frame; NULL
 * for anything else. */
const uint8_t *packet_transport(const uint8_t *frame, size_t len);

#endif
