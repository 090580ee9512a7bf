// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/servers.h"

#include <string.h>

#include "tests/explore/invariants.h"
#include "tests/explore/peer.h"
#include "tests/explore/secure.h"
#include "tests/explore/state.h"
#include "tests/explore/wire.h"

#define FOREVER 0xFFFFFFFFu
#define SPOOFED_IP 0x0A000042u
#define SPOOFED_DOMAIN "evil.example"

static const uint8_t everybody[6] = {255, 255, 255, 255, 255, 255};

/* --- DHCP --- */

static size_t dhcp_frame(uint8_t *out, const struct dhcp_message *head, uint32_t server,
                         const char *domain)
{
    uint8_t message[DHCP_BYTES], mac[6];
    size_t len = dhcp_begin(message, head);

    len = dhcp_option_u32(message, len, 54, server);
    len = dhcp_option_u32(message, len, 51, FOREVER);
    len = dhcp_option_u32(message, len, 1, 0xFFFFFF00u);
    len = dhcp_option_u32(message, len, 3, WORLD_DHCP_IP);
    len = dhcp_option_u32(message, len, 6, WORLD_DNS_IP);
    len = dhcp_option(message, len, 15, domain, (uint8_t)strlen(domain));
    len = dhcp_end(message, len);
    wire_mac_of(server, mac);
    return packet_udp(out, VIRTUAL_FRAME_BYTES, everybody, mac, server, DHCP_SERVER_PORT,
                      0xFFFFFFFFu, DHCP_CLIENT_PORT, message, len);
}

static void dhcp_answer(const struct packet *packet)
{
    struct dhcp_message in, out = {.op = DHCP_FROM_SERVER, .yiaddr = WORLD_ME_IP};
    uint8_t frame[VIRTUAL_FRAME_BYTES];

    if (!world.dhcp || !dhcp_parse(packet->payload, packet->payload_len, &in) ||
        in.op != DHCP_FROM_CLIENT || (in.type != DHCP_DISCOVER && in.type != DHCP_REQUEST))
        return;
    out.type = in.type == DHCP_DISCOVER ? DHCP_OFFER : DHCP_ACK;
    out.xid = in.xid;
    memcpy(out.mac, world_me_mac, 6);
    wire_send(frame, dhcp_frame(frame, &out, WORLD_DHCP_IP, WORLD_DOMAIN));
}

/* What the operating system sends goes by the device's eyes as well: they share the MAC. */
static void os_asks(uint8_t type)
{
    static const uint8_t wanted[] = {1, 3, 6, 15};
    struct dhcp_message head = {.op = DHCP_FROM_CLIENT, .type = type, .xid = world.xid};
    uint8_t message[DHCP_BYTES], frame[VIRTUAL_FRAME_BYTES];
    struct packet packet;
    size_t len;

    memcpy(head.mac, world_me_mac, 6);
    len = dhcp_begin(message, &head);
    if (type == DHCP_REQUEST) {
        len = dhcp_option_u32(message, len, 50, WORLD_ME_IP);
        len = dhcp_option_u32(message, len, 54, WORLD_DHCP_IP);
    }
    len = dhcp_option(message, len, 55, wanted, sizeof(wanted));
    len = dhcp_end(message, len);
    len = packet_udp(frame, sizeof(frame), everybody, world_me_mac, 0, DHCP_CLIENT_PORT,
                     0xFFFFFFFFu, DHCP_SERVER_PORT, message, len);
    wire_host_sends(frame, len);
    if (packet_parse(frame, len, &packet))
        dhcp_answer(&packet);
}

void servers_os_leases(void)
{
    if (!world.dhcp)
        return;
    world.xid += 0x01010101u;
    os_asks(DHCP_DISCOVER);
    os_asks(DHCP_REQUEST);
}

void servers_spoof_ack(void)
{
    struct dhcp_message head = {
        .op = DHCP_FROM_SERVER, .type = DHCP_ACK, .xid = 0x66666666u, .yiaddr = SPOOFED_IP};
    uint8_t frame[VIRTUAL_FRAME_BYTES];

    memcpy(head.mac, world_me_mac, 6);
    wire_send(frame, dhcp_frame(frame, &head, WORLD_PEER_IP(STRANGER), SPOOFED_DOMAIN));
}

/* --- DNS: every name is the set-up server's --- */

static void dns_answer(const struct packet *packet)
{
    static const uint8_t answer[] = {0xC0, 0x0C, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4};
    uint8_t message[512], frame[VIRTUAL_FRAME_BYTES], mac[6];
    size_t len = packet->payload_len;

    if (!world.dns || len < 12 || len + sizeof(answer) + 4 > sizeof(message))
        return;
    memcpy(message, packet->payload, len);
    packet_put16(message + 2, 0x8180);
    packet_put16(message + 6, 1);
    memcpy(message + len, answer, sizeof(answer));
    len += sizeof(answer);
    packet_put32(message + len, WORLD_SERVER_IP);
    len += 4;
    wire_mac_of(WORLD_DNS_IP, mac);
    wire_send(frame, packet_udp(frame, sizeof(frame), world_me_mac, mac, WORLD_DNS_IP, 53,
                                WORLD_ME_IP, packet->src_port, message, len));
}

/* --- the set-up server: takes a hello --- */

static void server_says(const struct packet *packet, uint32_t seq, uint32_t ack, uint8_t flags)
{
    wire_tcp(&(struct wire_segment){.from = WORLD_SERVER_IP,
                                    .src_port = packet->dst_port,
                                    .dst_port = packet->src_port,
                                    .seq = seq,
                                    .ack = ack,
                                    .flags = flags});
}

static void server_hears(const struct packet *packet)
{
    struct server_end *e = &world.server_end;
    size_t room = sizeof(e->head) - e->heard, n = packet->payload_len;

    memcpy(e->head + e->heard, packet->payload, n < room ? n : room);
    e->heard = (uint16_t)(e->heard + (n < room ? n : room));
}

static void server_segment(const uint8_t *frame, const struct packet *packet)
{
    struct server_end *e = &world.server_end;
    uint32_t seq = packet_get32(frame + 38);

    if (packet->tcp_flags & PACKET_TCP_RST || world.server == SERVER_SILENT)
        return;
    if (packet->tcp_flags & PACKET_TCP_SYN && world.server == SERVER_REFUSES) {
        server_says(packet, 0, seq + 1, PACKET_TCP_RST | PACKET_TCP_ACK);
        return;
    }
    if (packet->tcp_flags & PACKET_TCP_SYN) {
        *e = (struct server_end){.seq = 1001, .ack = seq + 1, .port = packet->src_port};
        server_says(packet, 1000, e->ack, PACKET_TCP_SYN | PACKET_TCP_ACK);
        return;
    }
    if (seq != e->ack || packet->src_port != e->port || world.server == SERVER_HANGS)
        return;
    server_hears(packet);
    e->ack += (uint32_t)packet->payload_len;
    if (packet->tcp_flags & PACKET_TCP_FIN) {
        invariants_hello(e->head, e->heard);
        e->ack++;
        server_says(packet, e->seq++, e->ack, PACKET_TCP_FIN | PACKET_TCP_ACK);
    } else if (packet->payload_len > 0) {
        server_says(packet, e->seq, e->ack, PACKET_TCP_ACK);
    }
}

/* --- everybody --- */

static int peer_at(uint32_t ip)
{
    return ip >= WORLD_PEER_IP(0) && ip < WORLD_PEER_IP(PEERS) ? (int)(ip - WORLD_PEER_IP(0)) : -1;
}

static void arp_answer(const struct packet *packet)
{
    int peer = peer_at(packet->dst_ip);
    bool there = packet->dst_ip == WORLD_DHCP_IP || packet->dst_ip == WORLD_DNS_IP ||
                 packet->dst_ip == WORLD_SERVER_IP || (peer >= 0 && !secure_is(peer));
    uint8_t frame[64], mac[6];

    wire_mac_of(packet->dst_ip, mac);
    if (there)
        wire_send(frame, packet_arp_answer(frame, sizeof(frame), packet, mac, packet->dst_ip));
}

void servers_deliver(const uint8_t *frame, size_t len)
{
    struct packet packet;
    int peer;

    if (!packet_parse(frame, len, &packet))
        return;
    peer = peer_at(packet.dst_ip);
    if (packet.kind == PACKET_ARP) {
        arp_answer(&packet);
        secure_frame(-1, frame, len);
    } else if (packet.kind == PACKET_DHCP) {
        dhcp_answer(&packet);
    } else if (packet.kind == PACKET_DNS && packet.dst_ip == WORLD_DNS_IP) {
        dns_answer(&packet);
    } else if (packet.kind == PACKET_TCP && packet.dst_ip == WORLD_SERVER_IP) {
        server_segment(frame, &packet);
    } else if (packet.kind == PACKET_TCP && peer >= 0) {
        if (secure_is(peer) && packet.dst_port != world.peer[peer].port)
            secure_frame(peer, frame, len);
        else
            peer_frame((enum who)peer, frame, &packet);
    }
}
