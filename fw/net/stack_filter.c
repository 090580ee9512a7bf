#include "fw/net/stack.h"

/* ME and host share MAC and address. While the host's operating system runs, it answers for the
 * address: the ME takes only what is addressed to its own ports and never replies to ARP, ping or
 * unknown ports in the host's place. */

#define ETHERTYPE_IPV4 0x0800u
#define ETHERTYPE_ARP 0x0806u
#define PROTO_TCP 6
#define PROTO_UDP 17
#define ARP_REQUEST 1
#define PORT_DNS 53
#define PORT_ME_FIRST 16992 /* S3: 16992-16995 are the ME's */
#define PORT_ME_LAST 16995

static uint16_t be16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

/* The transport header of an unfragmented IPv4 packet, NULL for anything else. */
static const uint8_t *transport(const uint8_t *frame, size_t len, uint8_t *proto)
{
    size_t header;

    if (len < 34 || be16(frame + 12) != ETHERTYPE_IPV4 || frame[14] >> 4 != 4)
        return NULL;
    header = (size_t)(frame[14] & 15u) * 4u;
    if (header < 20 || len < 14 + header + 8 || (be16(frame + 20) & 0x3FFFu) != 0)
        return NULL;
    *proto = frame[23];
    return frame + 14 + header;
}

static bool arp_asks_for_another(const uint8_t *frame, size_t len)
{
    if (len < 42 || be16(frame + 20) != ARP_REQUEST)
        return false;
    for (int i = 0; i < 4; i++)
        if (frame[28 + i] != frame[38 + i])
            return true;
    return false; /* gratuitous: announcing the address is the host's business */
}

bool stack_shared_may_send(const uint8_t *frame, size_t len)
{
    const uint8_t *t;
    uint8_t proto = 0;

    if (len >= 14 && be16(frame + 12) == ETHERTYPE_ARP)
        return arp_asks_for_another(frame, len);
    t = transport(frame, len, &proto);
    if (!t)
        return false;
    return proto == PROTO_TCP || (proto == PROTO_UDP && be16(t + 2) == PORT_DNS);
}

bool stack_shared_may_receive(const uint8_t *frame, size_t len)
{
    const uint8_t *t;
    uint8_t proto = 0;

    if (len >= 14 && be16(frame + 12) == ETHERTYPE_ARP)
        return true;
    t = transport(frame, len, &proto);
    if (!t)
        return false;
    if (proto == PROTO_TCP)
        return be16(t + 2) >= PORT_ME_FIRST && be16(t + 2) <= PORT_ME_LAST;
    return proto == PROTO_UDP && be16(t) == PORT_DNS;
}
