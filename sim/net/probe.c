// SPDX-License-Identifier: BSD-3-Clause
#include "sim/net/probe.h"

#include <string.h>

#include "sim/net/packet.h"

#define SYN_BYTES 54 /* Ethernet, IPv4 and TCP without options */
#define ARP_BYTES 42
#define FIRST_PORT 40000
#define SEQUENCE 0x01020304u

static const uint8_t probe_mac[6] = {0x02, 0x90, 0xBE, 0, 0, 9};

static uint16_t checksum(const uint8_t *data, size_t len, uint32_t sum)
{
    for (size_t i = 0; i + 1 < len; i += 2)
        sum += packet_get16(data + i);
    while (sum >> 16)
        sum = (sum & 0xFFFFu) + (sum >> 16);
    return (uint16_t)~sum;
}

static void send_arp(struct probe *p)
{
    uint8_t frame[ARP_BYTES] = {0};

    memset(frame, 0xFF, 6);
    memcpy(frame + 6, probe_mac, 6);
    packet_put16(frame + 12, 0x0806);
    packet_put16(frame + 14, 1);
    packet_put16(frame + 16, 0x0800);
    frame[18] = 6;
    frame[19] = 4;
    packet_put16(frame + 20, PACKET_ARP_REQUEST);
    memcpy(frame + 22, probe_mac, 6);
    packet_put32(frame + 28, PROBE_IP);
    packet_put32(frame + 38, p->ip);
    lan_send(p->lan, p->port, frame, sizeof(frame));
}

static void send_tcp(struct probe *p, uint8_t flags, uint32_t sequence)
{
    uint8_t frame[SYN_BYTES] = {0}, *ip = frame + 14, *tcp = frame + 34;
    uint32_t pseudo =
        (PROBE_IP >> 16) + (PROBE_IP & 0xFFFFu) + (p->ip >> 16) + (p->ip & 0xFFFFu) + 6u + 20u;

    memcpy(frame, p->remote_mac, 6);
    memcpy(frame + 6, probe_mac, 6);
    packet_put16(frame + 12, 0x0800);
    ip[0] = 0x45;
    packet_put16(ip + 2, SYN_BYTES - 14);
    ip[8] = 64;
    ip[9] = 6;
    packet_put32(ip + 12, PROBE_IP);
    packet_put32(ip + 16, p->ip);
    packet_put16(ip + 10, checksum(ip, 20, 0));
    packet_put16(tcp, p->local_port);
    packet_put16(tcp + 2, p->remote_port);
    packet_put32(tcp + 4, sequence);
    tcp[12] = 5 << 4;
    tcp[13] = flags;
    packet_put16(tcp + 14, 8192);
    packet_put16(tcp + 16, checksum(tcp, 20, pseudo));
    lan_send(p->lan, p->port, frame, sizeof(frame));
}

static void on_tcp(struct probe *p, const struct packet *packet)
{
    bool ack = packet->tcp_flags & PACKET_TCP_ACK;

    if (packet->src_ip != p->ip || packet->dst_ip != PROBE_IP ||
        packet->src_port != p->remote_port || packet->dst_port != p->local_port || p->answered)
        return;
    if (packet->tcp_flags & PACKET_TCP_RST) {
        p->result = PROBE_CLOSED;
    } else if (ack && (packet->tcp_flags & PACKET_TCP_SYN)) {
        p->result = PROBE_OPEN;
        send_tcp(p, PACKET_TCP_RST, SEQUENCE + 1);
    } else {
        return;
    }
    p->answered = true;
}

static void on_frame(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct probe *p = ctx;
    struct packet packet;
    uint8_t reply[64];

    (void)from;
    if (!packet_parse(frame, len, &packet) || !packet_is_for(&packet, probe_mac))
        return;
    if (packet.kind == PACKET_TCP) {
        on_tcp(p, &packet);
        return;
    }
    len = packet_arp_answer(reply, sizeof(reply), &packet, probe_mac, PROBE_IP);
    if (len > 0)
        lan_send(p->lan, p->port, reply, len);
    if (packet.kind == PACKET_ARP && packet.arp_op == PACKET_ARP_REPLY && packet.src_ip == p->ip &&
        p->arp_pending) {
        p->arp_pending = false;
        memcpy(p->remote_mac, packet.src_mac, 6);
        send_tcp(p, PACKET_TCP_SYN, SEQUENCE);
    }
}

bool probe_init(struct probe *probe, struct sim_clock *clock, struct lan *lan)
{
    struct lan_port port = {.ctx = probe, .frame = on_frame, .sender = LAN_LAN, .link = true};

    memset(probe, 0, sizeof(*probe));
    probe->clock = clock;
    probe->lan = lan;
    probe->local_port = FIRST_PORT;
    probe->port = lan_attach(lan, &port);
    return probe->port >= 0;
}

enum probe_result probe_port(struct probe *p, uint32_t ip, uint16_t port)
{
    struct sim_clock *clock = p->clock;
    uint64_t until_us = clock->now_us + PROBE_WAIT_US;

    p->ip = ip;
    p->remote_port = port;
    p->local_port++;
    p->arp_pending = true;
    p->answered = false;
    p->result = PROBE_SILENT;
    send_arp(p);
    while (!p->answered && clock_step(clock, until_us))
        ;
    p->arp_pending = false;
    if (!p->answered)
        clock_run(clock, until_us);
    return p->result;
}
