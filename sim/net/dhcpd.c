// SPDX-License-Identifier: BSD-3-Clause
#include "sim/net/dhcpd.h"

#include <string.h>

#include "sim/net/packet.h"

#define FOREVER 0xFFFFFFFFu

static const uint8_t broadcast_mac[6] = {255, 255, 255, 255, 255, 255};

static bool is_reserved(const struct dhcpd *dhcpd, uint32_t ip)
{
    return ip == dhcpd->ip || ip == dhcpd->gateway || ip == dhcpd->dns;
}

/* The next address of the pool, 0 when the subnet has no more. */
static uint32_t next_pool_ip(const struct dhcpd *dhcpd)
{
    uint32_t ip = dhcpd->leases ? dhcpd->lease[dhcpd->leases - 1].ip + 1 : dhcpd->first_ip;

    while (is_reserved(dhcpd, ip))
        ip++;

    uint32_t host = ip & ~dhcpd->mask;

    if ((ip & dhcpd->mask) != (dhcpd->ip & dhcpd->mask) || host == 0 || host == ~dhcpd->mask)
        return 0;
    return ip;
}

/* The client's own address, 0 when the pool is used up. */
static uint32_t client_ip(struct dhcpd *dhcpd, const uint8_t mac[6])
{
    for (uint8_t i = 0; i < dhcpd->leases; i++) {
        if (memcmp(dhcpd->lease[i].mac, mac, 6) == 0)
            return dhcpd->lease[i].ip;
    }

    uint32_t ip = next_pool_ip(dhcpd);

    if (ip == 0 || dhcpd->leases == DHCPD_LEASES)
        return 0;

    struct dhcpd_lease *lease = &dhcpd->lease[dhcpd->leases++];

    memcpy(lease->mac, mac, 6);
    lease->ip = ip;
    return ip;
}

static size_t put_lease_times(const struct dhcpd *dhcpd, uint8_t *out, size_t len)
{
    const uint32_t lease_s = dhcpd->lease_s;
    const bool forever = lease_s == FOREVER;

    len = dhcp_option_u32(out, len, 51, lease_s);
    len = dhcp_option_u32(out, len, 58, forever ? FOREVER : lease_s / 2);
    return dhcp_option_u32(out, len, 59, forever ? FOREVER : (uint32_t)((uint64_t)lease_s * 7 / 8));
}

static size_t put_network(const struct dhcpd *dhcpd, const struct dhcp_message *request,
                          uint8_t *out, size_t len)
{
    len = dhcp_option_u32(out, len, 1, dhcpd->mask);
    if (dhcpd->gateway)
        len = dhcp_option_u32(out, len, 3, dhcpd->gateway);
    if (dhcpd->dns)
        len = dhcp_option_u32(out, len, 6, dhcpd->dns);
    if (dhcpd->option15[0] && dhcp_asks_for(request, 15))
        len = dhcp_option(out, len, 15, dhcpd->option15, (uint8_t)strlen(dhcpd->option15));
    return len;
}

static void send_delayed(void *ctx)
{
    struct dhcpd *dhcpd = ctx;
    const struct dhcpd_delayed *delayed = &dhcpd->delayed[dhcpd->delayed_first];

    dhcpd->delayed_first = (uint8_t)((dhcpd->delayed_first + 1) % DHCPD_DELAYED);
    dhcpd->delayed_count--;
    lan_send(dhcpd->lan, dhcpd->port, delayed->frame, delayed->len);
}

static void send_or_delay(struct dhcpd *dhcpd, const uint8_t *frame, size_t len)
{
    struct sim_clock *clock = dhcpd->lan->clock;
    struct dhcpd_delayed *delayed;

    if (dhcpd->delay_us == 0) {
        lan_send(dhcpd->lan, dhcpd->port, frame, len);
        return;
    }
    if (dhcpd->delayed_count == DHCPD_DELAYED)
        return;
    delayed = &dhcpd->delayed[(dhcpd->delayed_first + dhcpd->delayed_count++) % DHCPD_DELAYED];
    delayed->len = len;
    memcpy(delayed->frame, frame, len);
    clock_at(clock, clock->now_us + dhcpd->delay_us, send_delayed, dhcpd);
}

/* yiaddr 0: no lease goes with the answer. */
static void send_answer(struct dhcpd *dhcpd, const struct dhcp_message *request, uint8_t type,
                        uint32_t yiaddr)
{
    const bool unicast = type != DHCP_NAK && !request->broadcast && request->ciaddr != 0;
    struct dhcp_message head = {
        .op = DHCP_FROM_SERVER,
        .type = type,
        .xid = request->xid,
        .broadcast = request->broadcast,
        .ciaddr = type == DHCP_ACK ? request->ciaddr : 0,
        .yiaddr = yiaddr,
    };
    uint8_t message[DHCP_BYTES];
    uint8_t frame[LAN_FRAME];
    size_t len;

    memcpy(head.mac, request->mac, 6);
    len = dhcp_begin(message, &head);
    len = dhcp_option_u32(message, len, 54, dhcpd->ip);
    if (yiaddr)
        len = put_lease_times(dhcpd, message, len);
    if (type != DHCP_NAK)
        len = put_network(dhcpd, request, message, len);
    len = dhcp_end(message, len);
    len = packet_udp(frame, sizeof(frame), unicast ? request->mac : broadcast_mac, dhcpd->mac,
                     dhcpd->ip, DHCP_SERVER_PORT, unicast ? request->ciaddr : 0xFFFFFFFFu,
                     DHCP_CLIENT_PORT, message, len);
    send_or_delay(dhcpd, frame, len);
}

static void on_discover(struct dhcpd *dhcpd, const struct dhcp_message *request)
{
    uint32_t ip = client_ip(dhcpd, request->mac);

    if (ip)
        send_answer(dhcpd, request, DHCP_OFFER, ip);
}

static void on_request(struct dhcpd *dhcpd, const struct dhcp_message *request)
{
    uint32_t wanted = request->requested_ip ? request->requested_ip : request->ciaddr;

    if (wanted == 0 || (request->server_ip && request->server_ip != dhcpd->ip))
        return;

    uint32_t ip = client_ip(dhcpd, request->mac);

    if (ip == 0)
        return;
    if (ip == wanted && !dhcpd->nak_requests)
        send_answer(dhcpd, request, DHCP_ACK, ip);
    else
        send_answer(dhcpd, request, DHCP_NAK, 0);
}

static void on_dhcp(struct dhcpd *dhcpd, const struct packet *packet)
{
    struct dhcp_message request;

    if (packet->dst_port != DHCP_SERVER_PORT ||
        (packet->dst_ip != dhcpd->ip && packet->dst_ip != 0xFFFFFFFFu) ||
        !dhcp_parse(packet->payload, packet->payload_len, &request) ||
        request.op != DHCP_FROM_CLIENT || request.giaddr != 0)
        return;
    switch (request.type) {
    case DHCP_DISCOVER:
        on_discover(dhcpd, &request);
        break;
    case DHCP_REQUEST:
        on_request(dhcpd, &request);
        break;
    case DHCP_INFORM:
        if (request.ciaddr)
            send_answer(dhcpd, &request, DHCP_ACK, 0);
        break;
    default:
        /* RELEASE: the address stays the client's. */
        break;
    }
}

static void on_frame(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct dhcpd *dhcpd = ctx;
    struct packet packet;
    uint8_t reply[64];

    (void)from;
    if (!packet_parse(frame, len, &packet) || !packet_is_for(&packet, dhcpd->mac))
        return;

    size_t reply_len = packet_arp_answer(reply, sizeof(reply), &packet, dhcpd->mac, dhcpd->ip);

    if (reply_len)
        lan_send(dhcpd->lan, dhcpd->port, reply, reply_len);
    else if (packet.kind == PACKET_DHCP && dhcpd->enabled)
        on_dhcp(dhcpd, &packet);
}

void dhcpd_init(struct dhcpd *dhcpd, struct lan *lan, uint32_t ip)
{
    const struct lan_port port = {.ctx = dhcpd, .frame = on_frame, .sender = LAN_LAN, .link = true};

    *dhcpd = (struct dhcpd){
        .lan = lan,
        .mac = {0x02},
        .ip = ip,
        .mask = 0xFFFFFF00u,
        .gateway = ip,
        .first_ip = (ip & 0xFFFFFF00u) + 50,
        .lease_s = 86400,
        .enabled = true,
    };
    packet_put32(dhcpd->mac + 2, ip);
    dhcpd->port = lan_attach(lan, &port);
}
