// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/presence_port.h"

#include <string.h>

#include "fw/core/limits.h"
#include "fw/net/packet.h"

#if FW_MANAGE

#define PORT_RMCP 623
#define PING_BYTES 12
#define TAG_AT 9
#define PONG_BYTES (PING_BYTES + PRESENCE_BYTES)
#define UDP_AT (PACKET_IP_AT + 20)
#define PONG_FRAME (UDP_AT + PACKET_UDP_HEADER + PONG_BYTES)
#define MAC_BYTES 6

/* Version, the sequence number (of which none asks for an acknowledgement of its own), class ASF,
 * ASF's enterprise number, type. */
static const uint8_t ping[] = {0x06, 0x00, 0xFF, 0x06, 0x00, 0x00, 0x11, 0xBE, 0x80};
#define SEQUENCE_AT 2

static bool is_ping(const uint8_t *data, size_t len)
{
    return len == PING_BYTES && memcmp(data, ping, SEQUENCE_AT) == 0 &&
           memcmp(data + SEQUENCE_AT + 1, ping + SEQUENCE_AT + 1, sizeof(ping) - SEQUENCE_AT - 1) ==
               0 &&
           data[PING_BYTES - 2] == 0 && data[PING_BYTES - 1] == 0;
}

/* A station that an answer can go to: neither a group nor everybody. */
static bool is_station(const uint8_t *frame)
{
    uint32_t from = get_be32(frame + PACKET_IP_FROM_AT);

    return (frame[0] & 1u) == 0 && (frame[PACKET_SOURCE_AT] & 1u) == 0 && from >> 24 != 0 &&
           from >> 24 != 127 && from >> 28 < 14;
}

static bool may_answer(struct presence_port *port, uint64_t now_ms)
{
    uint32_t second = (uint32_t)(now_ms / 1000u);

    if (port->second != second)
        port->answered = 0;
    port->second = second;
    if (port->answered == LIMIT_PONGS_A_SECOND)
        return false;
    port->answered++;
    return true;
}

/* RFC 1071; len is even. */
static uint32_t add(const uint8_t *bytes, size_t len, uint32_t sum)
{
    for (size_t i = 0; i < len; i += 2)
        sum += get_be16(bytes + i);
    return sum;
}

static void put_sum(uint8_t *out, uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xFFFFu) + (sum >> 16);
    put_be16(out, sum == 0xFFFFu ? sum : ~sum); /* in UDP, 0 means that there is none */
}

/* All but what is said of the device, and UDP's checksum. */
static void write_pong(uint8_t out[PONG_FRAME], const uint8_t *frame, const uint8_t *udp)
{
    uint8_t *ip = out + PACKET_IP_AT, *reply = out + UDP_AT, *data = reply + PACKET_UDP_HEADER;

    memset(out, 0, PONG_FRAME);
    memcpy(out, frame + PACKET_SOURCE_AT, MAC_BYTES);
    memcpy(out + PACKET_SOURCE_AT, frame, MAC_BYTES);
    put_be16(out + PACKET_TYPE_AT, PACKET_IPV4);
    ip[0] = 0x45;
    put_be16(ip + 2, PONG_FRAME - PACKET_IP_AT);
    ip[8] = 64;
    ip[9] = PACKET_UDP;
    memcpy(out + PACKET_IP_FROM_AT, frame + PACKET_IP_TO_AT, 4);
    memcpy(out + PACKET_IP_TO_AT, frame + PACKET_IP_FROM_AT, 4);
    put_sum(ip + 10, add(ip, 20, 0));
    memcpy(reply, udp + 2, 2);
    memcpy(reply + 2, udp, 2);
    put_be16(reply + 4, PACKET_UDP_HEADER + PONG_BYTES);
    memcpy(data, ping, sizeof(ping) - 1);
    data[sizeof(ping) - 1] = 0x40;
    data[TAG_AT] = udp[PACKET_UDP_HEADER + TAG_AT];
    data[PING_BYTES - 1] = PRESENCE_BYTES;
}

bool presence_port_input(struct presence_port *port, const struct hal_ether *ether, uint32_t own_ip,
                         uint64_t now_ms, const uint8_t *frame, size_t len)
{
    uint8_t out[PONG_FRAME], *reply = out + UDP_AT;
    size_t bytes;
    const uint8_t *udp = packet_datagram(frame, len, &bytes);

    if (!udp || get_be16(udp + 2) != PORT_RMCP || own_ip == 0 ||
        get_be32(frame + PACKET_IP_TO_AT) != own_ip)
        return false;
    if (!is_ping(udp + PACKET_UDP_HEADER, bytes) || get_be16(udp) == 0 || !is_station(frame) ||
        !packet_sums_right(frame, udp))
        return false;
    write_pong(out, frame, udp);
    if (!port->describe(port->ctx, reply + PACKET_UDP_HEADER + PING_BYTES))
        return false;
    put_sum(reply + 6, add(out + PACKET_IP_FROM_AT, 8 + PACKET_UDP_HEADER + PONG_BYTES,
                           PACKET_UDP + PACKET_UDP_HEADER + PONG_BYTES));
    if (may_answer(port, now_ms))
        ether->send(ether->ctx, out, sizeof(out));
    return true;
}

#endif
