// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/packet.h"

#define NO_FRAGMENT 0x3FFFu /* "more fragments" and the offset: neither is set */

const uint8_t *packet_transport(const uint8_t *frame, size_t len)
{
    const uint8_t *ip = frame + PACKET_IP_AT;
    size_t header;

    if (len < PACKET_IP_AT + 20 || get_be16(frame + PACKET_TYPE_AT) != PACKET_IPV4 ||
        ip[0] >> 4 != 4)
        return NULL;
    header = (size_t)(ip[0] & 15u) * 4u;
    if (header < 20 || len < PACKET_IP_AT + header + 8 || (get_be16(ip + 6) & NO_FRAGMENT) != 0)
        return NULL;
    return ip + header;
}

const uint8_t *packet_datagram(const uint8_t *frame, size_t len, size_t *bytes)
{
    const uint8_t *udp = packet_transport(frame, len);
    size_t total, datagram;

    if (!udp || frame[PACKET_PROTO_AT] != PACKET_UDP)
        return NULL;
    total = get_be16(frame + PACKET_IP_AT + 2);
    datagram = get_be16(udp + 4);
    if (total > len - PACKET_IP_AT || datagram < PACKET_UDP_HEADER ||
        (size_t)(udp - frame) + datagram != PACKET_IP_AT + total)
        return NULL;
    *bytes = datagram - PACKET_UDP_HEADER;
    return udp;
}

/* RFC 1071, added to sum. Over bytes that hold their own checksum the result is SUM_RIGHT. */
#define SUM_RIGHT 0xFFFFu
static uint32_t sum_of(const uint8_t *bytes, size_t len, uint32_t sum)
{
    for (size_t i = 0; i < len; i++)
        sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xFFFFu) + (sum >> 16);
    return sum;
}

bool packet_sums_right(const uint8_t *frame, const uint8_t *udp)
{
    const uint8_t *ip = frame + PACKET_IP_AT;
    size_t datagram = get_be16(udp + 4);
    uint32_t pseudo;

    if (sum_of(ip, (size_t)(udp - ip), 0) != SUM_RIGHT)
        return false;
    if (get_be16(udp + 6) == 0)
        return true;
    pseudo = sum_of(frame + PACKET_IP_FROM_AT, 8, PACKET_UDP + (uint32_t)datagram);
    return sum_of(udp, datagram, pseudo) == SUM_RIGHT;
}
