// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/wire.h"

#include <stdio.h>
#include <string.h>

#include "tests/explore/state.h"

#define HEADERS 54u
#define WINDOW 4096u
#define NOBODY_IP 0x0A000064u /* 10.0.0.100 and on */

void wire_mac_of(uint32_t ip, uint8_t mac[6])
{
    memset(mac, 0, 6);
    mac[0] = 2;
    mac[5] = (uint8_t)ip;
}

void wire_tell(const char *way, const uint8_t *frame, size_t len)
{
    struct packet packet;

    if (world_loud && packet_parse(frame, len, &packet))
        printf("    %s kind %d, 10.0.0.%u:%u to 10.0.0.%u:%u, flags %02x, %zu bytes\n", way,
               packet.kind, packet.src_ip & 0xFF, packet.src_port, packet.dst_ip & 0xFF,
               packet.dst_port, packet.tcp_flags, packet.payload_len);
}

void wire_send(const uint8_t *frame, size_t len)
{
    wire_tell(">", frame, len);
    if (world.hal.link && world.powered)
        virtual_frame_in(&world.hal, frame, len);
}

void wire_host_sends(const uint8_t *frame, size_t len)
{
    wire_tell(">", frame, len);
    if (world.hal.link && world.powered)
        virtual_host_frame(&world.hal, frame, len);
}

static uint16_t checksum(const uint8_t *bytes, size_t len, uint32_t sum)
{
    for (size_t i = 0; i < len; i++)
        sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xFFFFu) + (sum >> 16);
    return (uint16_t)~sum;
}

/* Ethernet and IPv4 around what stands at frame + 34. */
static void put_ip(uint8_t *frame, uint32_t from, uint8_t protocol, size_t payload)
{
    uint8_t *ip = frame + 14;

    memset(frame, 0, 34);
    memcpy(frame, world_me_mac, 6);
    wire_mac_of(from, frame + 6);
    packet_put16(frame + 12, 0x0800);
    ip[0] = 0x45;
    packet_put16(ip + 2, (uint16_t)(20 + payload));
    ip[8] = 64;
    ip[9] = protocol;
    packet_put32(ip + 12, from);
    packet_put32(ip + 16, WORLD_ME_IP);
    packet_put16(ip + 10, checksum(ip, 20, 0));
}

void wire_tcp(const struct wire_segment *s)
{
    static uint8_t frame[VIRTUAL_FRAME_BYTES];
    uint8_t *t = frame + 34;
    size_t len = s->len <= sizeof(frame) - HEADERS ? s->len : 0;
    uint32_t pseudo = (s->from >> 16) + (s->from & 0xFFFFu) + (WORLD_ME_IP >> 16) +
                      (WORLD_ME_IP & 0xFFFFu) + 6u + 20u + (uint32_t)len;

    put_ip(frame, s->from, 6, 20 + len);
    memset(t, 0, 20);
    packet_put16(t, s->src_port);
    packet_put16(t + 2, s->dst_port);
    packet_put32(t + 4, s->seq);
    packet_put32(t + 8, s->ack);
    t[12] = 0x50;
    t[13] = s->flags;
    packet_put16(t + 14, WINDOW);
    if (len > 0)
        memcpy(t + 20, s->data, len);
    packet_put16(t + 16, checksum(t, 20 + len, pseudo));
    wire_send(frame, HEADERS + len);
}

void wire_ping_from_nobody(unsigned count)
{
    uint8_t frame[34 + 16];

    for (unsigned i = 0; i < count; i++) {
        put_ip(frame, NOBODY_IP + i, 1, 16);
        memset(frame + 34, 0, 16);
        frame[34] = 8; /* echo request */
        packet_put16(frame + 36, checksum(frame + 34, 16, 0));
        wire_send(frame, sizeof(frame));
    }
}

void wire_syn_from_nobody(unsigned count, uint16_t port)
{
    static uint16_t next = 4000;

    for (unsigned i = 0; i < count; i++)
        wire_tcp(&(struct wire_segment){.from = NOBODY_IP + i,
                                        .src_port = next++,
                                        .dst_port = port,
                                        .seq = 1,
                                        .flags = PACKET_TCP_SYN});
}
