// SPDX-License-Identifier: BSD-3-Clause
#include "sim/net/host_os.h"

#include <string.h>

#include "sim/net/packet.h"

#define SECOND UINT64_C(1000000)
#define FIRST_RETRY_S 4
#define LONGEST_RETRY 4 /* doublings of it: 64 s */
#define REQUEST_RETRIES 3
#define RENEW_RETRY_MIN_S 60
#define REJECTED_PAUSE_S 10 /* RFC 2131 3.1 asks for it after a DECLINE: no endless quick loop */
#define FOREVER 0xFFFFFFFFu

enum state {
    OFF,
    PAUSED, /* an offer was taken back; starts over after a while */
    SELECTING,
    REQUESTING,
    BOUND,
    RENEWING,
    REBINDING,
};

static const uint8_t broadcast_mac[6] = {255, 255, 255, 255, 255, 255};
static const uint8_t parameters[] = {1, 3, 6, 15};

static void on_timer(void *ctx);

static void wait_until(struct host_os *host, uint64_t at_us)
{
    clock_cancel(host->clock, host->timer);
    host->timer = clock_at(host->clock, at_us, on_timer, host);
}

static void stop_timer(struct host_os *host)
{
    clock_cancel(host->clock, host->timer);
    host->timer = NULL;
}

static void wait_backoff(struct host_os *host)
{
    wait_until(host, host->clock->now_us + ((uint64_t)FIRST_RETRY_S << host->tries) * SECOND);
}

static void send_message(struct host_os *host, uint8_t type)
{
    const bool unicast = host->state == RENEWING;
    const bool leased = unicast || host->state == REBINDING;
    struct dhcp_message head = {
        .op = DHCP_FROM_CLIENT, .type = type, .xid = host->xid, .ciaddr = leased ? host->ip : 0};
    uint8_t client_id[7] = {1};
    uint8_t message[DHCP_BYTES];
    uint8_t frame[LAN_FRAME];

    memcpy(head.mac, host->mac, 6);
    memcpy(client_id + 1, host->mac, 6);

    size_t len = dhcp_begin(message, &head);

    len = dhcp_option(message, len, 61, client_id, sizeof(client_id));
    if (host->state == REQUESTING) {
        len = dhcp_option_u32(message, len, 50, host->offered_ip);
        len = dhcp_option_u32(message, len, 54, host->server_ip);
    }
    len = dhcp_option(message, len, 55, parameters, sizeof(parameters));
    len = dhcp_end(message, len);
    len = packet_udp(frame, sizeof(frame), unicast ? host->server_mac : broadcast_mac, host->mac,
                     head.ciaddr, DHCP_CLIENT_PORT, unicast ? host->server_ip : 0xFFFFFFFFu,
                     DHCP_SERVER_PORT, message, len);
    lan_send(host->lan, host->port, frame, len);
}

static void new_xid(struct host_os *host)
{
    host->xid = (uint32_t)rng_next(&host->rng);
}

static void start_discovery(struct host_os *host)
{
    host->state = SELECTING;
    host->ip = 0;
    host->tries = 0;
    new_xid(host);
    wait_backoff(host);
    send_message(host, DHCP_DISCOVER);
}

static void send_request(struct host_os *host)
{
    host->requested_us = host->clock->now_us;
    send_message(host, DHCP_REQUEST);
}

/* The time at which eighths of the lease have passed. */
static uint64_t lease_us(const struct host_os *host, unsigned eighths)
{
    if (host->lease_s == FOREVER)
        return UINT64_MAX;
    return host->leased_us + host->lease_s * SECOND * eighths / 8;
}

/* Asks for the lease again, and once more when half of the time until the next state has passed. */
static void send_renewal(struct host_os *host)
{
    const uint64_t now_us = host->clock->now_us;
    const bool unicast = now_us < lease_us(host, 7);
    const uint64_t limit_us = lease_us(host, unicast ? 7 : 8);
    uint64_t retry_us = (limit_us - now_us) / 2;

    host->state = unicast ? RENEWING : REBINDING;
    if (retry_us < RENEW_RETRY_MIN_S * SECOND)
        retry_us = RENEW_RETRY_MIN_S * SECOND;
    wait_until(host, now_us + retry_us < limit_us ? now_us + retry_us : limit_us);
    send_request(host);
}

static void on_timer(void *ctx)
{
    struct host_os *host = ctx;
    const uint64_t now_us = host->clock->now_us;
    const bool leased = host->state >= BOUND;

    host->timer = NULL;
    if (host->state == SELECTING) {
        if (host->tries < LONGEST_RETRY)
            host->tries++;
        wait_backoff(host);
        send_message(host, DHCP_DISCOVER);
    } else if (host->state == REQUESTING && host->tries < REQUEST_RETRIES) {
        host->tries++;
        wait_backoff(host);
        send_request(host);
    } else if (leased && now_us < lease_us(host, 8)) {
        if (host->state == BOUND)
            new_xid(host);
        send_renewal(host);
    } else {
        start_discovery(host);
    }
}

static void on_offer(struct host_os *host, const struct dhcp_message *offer)
{
    if (host->state != SELECTING || offer->yiaddr == 0 || offer->server_ip == 0)
        return;
    host->state = REQUESTING;
    host->offered_ip = offer->yiaddr;
    host->server_ip = offer->server_ip;
    host->tries = 0;
    wait_backoff(host);
    send_request(host);
}

/* A REQUEST is under way and the answer comes from the server it was meant for. */
static bool is_awaited(const struct host_os *host, const struct dhcp_message *answer)
{
    if (host->state == REBINDING)
        return answer->server_ip != 0;
    return (host->state == REQUESTING || host->state == RENEWING) &&
           answer->server_ip == host->server_ip;
}

static void on_ack(struct host_os *host, const struct dhcp_message *ack, const uint8_t *server_mac)
{
    if (ack->yiaddr == 0 || ack->lease_s == 0)
        return;
    host->state = BOUND;
    host->ip = ack->yiaddr;
    host->server_ip = ack->server_ip;
    memcpy(host->server_mac, server_mac, 6);
    host->lease_s = ack->lease_s;
    host->leased_us = host->requested_us;
    wait_until(host, lease_us(host, 4));
}

static void on_nak(struct host_os *host)
{
    if (host->state != REQUESTING) {
        start_discovery(host);
        return;
    }
    host->state = PAUSED;
    wait_until(host, host->clock->now_us + REJECTED_PAUSE_S * SECOND);
}

static void on_dhcp(struct host_os *host, const struct packet *packet)
{
    struct dhcp_message message;

    if (packet->dst_port != DHCP_CLIENT_PORT ||
        !dhcp_parse(packet->payload, packet->payload_len, &message) ||
        message.op != DHCP_FROM_SERVER || message.xid != host->xid ||
        memcmp(message.mac, host->mac, 6) != 0)
        return;
    if (message.type == DHCP_OFFER)
        on_offer(host, &message);
    else if (message.type == DHCP_ACK && is_awaited(host, &message))
        on_ack(host, &message, packet->src_mac);
    else if (message.type == DHCP_NAK && is_awaited(host, &message))
        on_nak(host);
}

static void on_frame(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct host_os *host = ctx;
    struct packet packet;
    uint8_t reply[64];

    (void)from;
    if (!host->up || !packet_parse(frame, len, &packet) || !packet_is_for(&packet, host->mac))
        return;
    if (packet.kind == PACKET_DHCP)
        on_dhcp(host, &packet);
    if (packet.kind == PACKET_ARP && host->ip) {
        size_t reply_len = packet_arp_answer(reply, sizeof(reply), &packet, host->mac, host->ip);

        lan_send(host->lan, host->port, reply, reply_len);
    }
}

void host_os_init(struct host_os *host, struct lan *lan, struct sim_clock *clock, uint64_t seed,
                  const uint8_t mac[6], uint8_t group)
{
    const struct lan_port port = {
        .ctx = host, .frame = on_frame, .sender = LAN_HOST, .link = true, .group = group};

    *host = (struct host_os){.lan = lan, .clock = clock};
    rng_seed(&host->rng, seed, "oshost");
    memcpy(host->mac, mac, 6);
    host->port = lan_attach(lan, &port);
}

void host_os_up(struct host_os *host)
{
    if (host->up)
        return;
    host->up = true;
    start_discovery(host);
}

void host_os_down(struct host_os *host)
{
    host->up = false;
    host->state = OFF;
    host->ip = 0;
    stop_timer(host);
}

void host_os_renew(struct host_os *host)
{
    if (!host->up)
        return;
    if (host->state < BOUND) {
        start_discovery(host);
        return;
    }
    new_xid(host);
    send_renewal(host);
}
