// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/ip_filter.h"

#include "fw/net/packet.h"

/* ME and host share the MAC and the address. While the host's operating system runs, it answers for
 * the address: the ME receives only what is addressed to its own ports, and never replies to ARP,
 * ping or unknown ports in the host's place. */

#define ARP_REQUEST 1
#define PORT_DNS 53
#define PORT_ME_FIRST 16992 /* S3: 16992-16995 are the ME's */
#define PORT_ME_LAST 16995

static bool is_arp(const uint8_t *frame, size_t len)
{
    return len >= PACKET_IP_AT && get_be16(frame + PACKET_TYPE_AT) == PACKET_ARP;
}

static bool arp_asks_for_another(const uint8_t *frame, size_t len)
{
    if (len < 42 || get_be16(frame + 20) != ARP_REQUEST)
        return false;
    /* Gratuitous ARP: announcing the address is the host's business. */
    return get_be32(frame + 28) != get_be32(frame + 38);
}

bool ip_filter_shared_may_send(const uint8_t *frame, size_t len)
{
    const uint8_t *t = packet_transport(frame, len);

    if (is_arp(frame, len))
        return arp_asks_for_another(frame, len);
    return t && (frame[PACKET_PROTO_AT] == PACKET_TCP ||
                 (frame[PACKET_PROTO_AT] == PACKET_UDP && get_be16(t + 2) == PORT_DNS));
}

bool ip_filter_shared_may_receive(const uint8_t *frame, size_t len)
{
    const uint8_t *t = packet_transport(frame, len);

    if (!t)
        return is_arp(frame, len);
    if (frame[PACKET_PROTO_AT] == PACKET_TCP)
        return get_be16(t + 2) >= PORT_ME_FIRST && get_be16(t + 2) <= PORT_ME_LAST;
    return frame[PACKET_PROTO_AT] == PACKET_UDP && get_be16(t) == PORT_DNS;
}

bool ip_filter_peer_may_be_sent(const struct ip_filter_peer *peer, uint32_t hop,
                                const uint8_t *frame, size_t len)
{
    const uint8_t *t = packet_transport(frame, len);

    if (is_arp(frame, len))
        return len >= 42 && get_be32(frame + 38) == hop;
    return t && frame[PACKET_PROTO_AT] == PACKET_TCP &&
           get_be32(frame + PACKET_IP_TO_AT) == peer->ip && get_be16(t) == peer->own_port &&
           get_be16(t + 2) == peer->port;
}
