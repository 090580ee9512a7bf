// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/explore/abstraction.h"
#include "tests/explore/certificates.h"
#include "tests/explore/console_reader.h"
#include "tests/explore/invariants.h"
#include "tests/explore/secure.h"
#include "tests/explore/wire.h"

#define SEGMENT 1400u
#define PUSH 0x08

static void say(enum who who, uint8_t flags, const char *data, size_t len, uint32_t seq)
{
    const struct peer *p = &world.peer[who];

    wire_tcp(&(struct wire_segment){.from = WORLD_PEER_IP(who),
                                    .src_port = p->port,
                                    .dst_port = p->to_port,
                                    .seq = seq,
                                    .ack = flags & PACKET_TCP_ACK ? p->ack : 0,
                                    .flags = flags,
                                    .data = data,
                                    .len = len});
}

bool peer_is_open(enum who who)
{
    return world.peer[who].tcp == PEER_OPEN;
}

bool peer_is_idle(enum who who)
{
    const struct peer *p = &world.peer[who];

    return p->tcp == PEER_OPEN && !p->deaf && !p->half && p->tx_len == 0 && p->asked == p->got;
}

bool peer_knows_nonce(enum who who)
{
    return world.peer[who].auth.nonce[0] != '\0';
}

static void connect_to(enum who who, uint16_t port)
{
    struct peer *p = &world.peer[who];
    struct http_auth auth = p->auth;
    uint32_t nonce_boot = p->nonce_boot;

    if (p->secure)
        secure_close(who, true);
    memset(p, 0, sizeof(*p));
    p->auth = auth;
    p->nonce_boot = nonce_boot;
    p->tcp = PEER_SYN_SENT;
    p->policy = (uint8_t)abstraction_policy();
    p->to_port = port;
    p->port = world.next_port++;
    p->una = 1000u * p->port;
}

static void open_bare(enum who who)
{
    say(who, PACKET_TCP_SYN, NULL, 0, world.peer[who].una);
}

static void open_secure(enum who who)
{
    struct secure_client_identity identity = {0};

    if (who == OWNER && !abstraction_is_provisioned() && world.config.oem == certificates_oem()) {
        identity.certificate = certificates_server();
    } else if (who == OWNER && !abstraction_is_provisioned()) {
        identity.pid = WORLD_PID;
        identity.pps = WORLD_PPS;
    }
    world.peer[who].secure = true;
    secure_connect(who, &identity);
}

void peer_connect(enum who who)
{
    struct view view;

    abstraction_view(&view);
    if (view.listeners & 1u || !secure_is((int)who)) {
        connect_to(who, view.listeners & 1u ? PLAIN_PORT : SECURE_PORT);
        open_bare(who);
    } else {
        connect_to(who, SECURE_PORT);
        open_secure(who);
    }
}

void peer_connect_bare(enum who who, uint16_t port)
{
    connect_to(who, port);
    open_bare(who);
}

void peer_close(enum who who, bool reset)
{
    struct peer *p = &world.peer[who];

    if (p->secure) {
        secure_close(who, reset);
        p->secure = false;
    } else {
        say(who, (reset ? PACKET_TCP_RST : PACKET_TCP_FIN) | PACKET_TCP_ACK, NULL, 0,
            p->una + p->tx_len);
        p->una += p->tx_len + 1u;
    }
    p->tx_len = p->tx_out = 0;
    p->half = false;
    p->orders = 0;
    p->asked = p->got;
    p->tcp = reset ? PEER_NONE : PEER_OVER;
}

void peer_lose_all(void)
{
    for (int i = 0; i < PEERS; i++) {
        struct peer *p = &world.peer[i];

        if (p->secure)
            secure_close((enum who)i, true);
        p->secure = false;
        p->policy = 0;
        p->tcp = PEER_NONE;
        p->tx_len = p->tx_out = 0;
        p->half = false;
        p->orders = 0;
        p->line = LINE_NONE;
        p->asked = p->got;
    }
}

/* --- sending --- */

static void push(enum who who, bool again)
{
    struct peer *p = &world.peer[who];

    if (p->tcp != PEER_OPEN || p->secure)
        return;
    if (again)
        p->tx_out = 0;
    while (p->tx_out < p->tx_len) {
        size_t n = (size_t)(p->tx_len - p->tx_out);

        if (n > SEGMENT)
            n = SEGMENT;
        say(who, PACKET_TCP_ACK | PUSH, p->tx + p->tx_out, n, p->una + p->tx_out);
        p->tx_out = (uint16_t)(p->tx_out + n);
    }
}

void peer_push(enum who who)
{
    push(who, false);
}

void peer_send_and_go_deaf(enum who who)
{
    push(who, false);
    world.peer[who].deaf = true;
}

bool peer_retransmit(void)
{
    bool any = false;

    for (int i = 0; i < PEERS; i++) {
        if (world.peer[i].secure || world.peer[i].deaf || world.peer[i].tx_len == 0)
            continue;
        push((enum who)i, true);
        any = true;
    }
    return any;
}

void peer_bytes(enum who who, const char *bytes, size_t len)
{
    struct peer *p = &world.peer[who];

    if (len > sizeof(p->tx) - p->tx_len)
        return;
    memcpy(p->tx + p->tx_len, bytes, len);
    p->tx_len = (uint16_t)(p->tx_len + len);
}

static void remember(const char *bytes, size_t len)
{
    world.heard_len = 0;
    if (len > sizeof(world.heard))
        return;
    memcpy(world.heard, bytes, len);
    world.heard_len = (uint16_t)len;
}

void peer_request(enum who who, const struct request *r)
{
    static const uint8_t cnonce[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct peer *p = &world.peer[who];
    char credentials[HTTP_AUTH_HEADER] = "", text[2048];
    int len;

    if (r->user)
        http_auth_header(&p->auth, r->user, r->password, "POST", r->path, cnonce, credentials);
    len = snprintf(text, sizeof(text),
                   "POST %s HTTP/1.1\r\nHost: me\r\n%sContent-Length: %zu\r\n\r\n%s", r->path,
                   credentials, strlen(r->body), r->body);
    if (len <= 0 || (size_t)len >= sizeof(text))
        return;
    if (p->asked == p->got)
        p->asked_ms = world.now_ms;
    peer_bytes(who, text, (size_t)len);
    p->asked++;
    p->orders = (uint8_t)(p->orders + r->order);
    if (r->order)
        invariants_order();
    p->sure = who == OWNER && r->user;
    p->refusable = r->refusable;
    p->result = UINT32_MAX;
    if (p->sure && !p->secure)
        remember(text, (size_t)len);
}

/* --- receiving --- */

static const char *find(const char *from, const char *end, const char *what)
{
    const char *at = strstr(from, what);

    return at && at < end ? at : NULL;
}

static void challenge(struct peer *p, const char *head, const char *end)
{
    static const char name[] = "WWW-Authenticate: ";
    const char *at = find(head, end, name), *stop;
    char line[512];

    p->stale = false;
    if (!at || !(stop = find(at, end + 2, "\r\n")))
        return;
    at += sizeof(name) - 1;
    snprintf(line, sizeof(line), "%.*s", (int)(stop - at), at);
    if (!http_auth_challenge(&p->auth, line))
        return;
    p->nonce_boot = world.boots;
    p->stale = strstr(line, "stale=\"true\"") != NULL;
}

static void take_reply(enum who who, const char *head, const char *end)
{
    struct peer *p = &world.peer[who];

    p->status = (uint16_t)strtol(head + 9, NULL, 10);
    p->result = UINT32_MAX;
    if (p->got < p->asked)
        p->got++;
    p->asked_ms = world.now_ms;
    challenge(p, head, end);
    if (world_loud)
        printf("    peer %d hears %u\n", who, p->status);
    invariants_reply(who);
    if (p->orders > 0)
        p->orders--;
}

/* Bodies have no status line in them, so that the heads can be found without measuring bodies. */
static void hear(enum who who, const char *text, size_t len)
{
    struct peer *p = &world.peer[who];
    const char *from = p->rx, *head, *end, *status;

    if (p->to_port == LINE_PORT) {
        console_hears(who, text, len);
        return;
    }
    if (p->rx_len + len >= sizeof(p->rx))
        p->rx_len = 0;
    if (len >= sizeof(p->rx))
        return;
    memcpy(p->rx + p->rx_len, text, len);
    p->rx_len = (uint16_t)(p->rx_len + len);
    p->rx[p->rx_len] = '\0';
    while ((head = strstr(from, "HTTP/1.1 ")) && (end = strstr(head, "\r\n\r\n"))) {
        take_reply(who, head, end);
        from = end + 4;
    }
    if ((status = strstr(from, "<Status>")))
        p->result = (uint32_t)strtoul(status + 8, NULL, 10);
    p->rx_len = (uint16_t)strlen(from);
    memmove(p->rx, from, p->rx_len + 1u);
}

static void over(struct peer *p)
{
    p->tcp = PEER_OVER;
    p->orders = 0;
    p->line = LINE_NONE;
    p->asked = p->got;
    p->tx_len = p->tx_out = 0;
    p->half = false;
}

/* What the device has acknowledged goes. */
static void acknowledge(struct peer *p, uint32_t ack)
{
    uint32_t gone = ack - p->una;

    if (gone == 0 || gone > p->tx_len)
        return;
    memmove(p->tx, p->tx + gone, p->tx_len - gone);
    p->tx_len = (uint16_t)(p->tx_len - gone);
    p->tx_out = (uint16_t)(p->tx_out > gone ? p->tx_out - gone : 0);
    p->una = ack;
}

void peer_frame(enum who who, const uint8_t *frame, const struct packet *packet)
{
    struct peer *p = &world.peer[who];
    uint32_t seq = packet_get32(frame + 38), ack = packet_get32(frame + 42);

    if (packet->dst_port != p->port || p->tcp == PEER_NONE || p->deaf)
        return;
    if (packet->tcp_flags & PACKET_TCP_RST) {
        over(p);
        return;
    }
    if (packet->tcp_flags & PACKET_TCP_SYN) {
        if (p->tcp == PEER_SYN_SENT) {
            p->tcp = PEER_OPEN;
            p->una++;
            p->ack = seq + 1;
        }
        say(who, PACKET_TCP_ACK, NULL, 0, p->una);
        return;
    }
    acknowledge(p, ack);
    if (seq == p->ack) {
        p->ack += (uint32_t)packet->payload_len;
        hear(who, (const char *)packet->payload, packet->payload_len);
        if (packet->tcp_flags & PACKET_TCP_FIN) {
            p->ack++;
            say(who, PACKET_TCP_FIN | PACKET_TCP_ACK, NULL, 0, p->una + p->tx_len);
            over(p);
            return;
        }
    }
    if (packet->payload_len > 0)
        say(who, PACKET_TCP_ACK, NULL, 0, p->una + p->tx_len);
    push(who, false);
}

/* --- those with TLS --- */

static uint8_t tcp_of(enum secure_client_state state)
{
    switch (state) {
    case SECURE_CLIENT_OPEN:
        return PEER_OPEN;
    case SECURE_CLIENT_ENDED:
        return PEER_OVER;
    case SECURE_CLIENT_IDLE:
        return PEER_NONE;
    default:
        return PEER_SYN_SENT;
    }
}

static void run_secure(enum who who)
{
    struct peer *p = &world.peer[who];
    struct secure_text heard;
    size_t taken = secure_run(who, p->tx, p->secure ? p->tx_len : 0, &heard);

    memmove(p->tx, p->tx + taken, p->tx_len - taken);
    p->tx_len = (uint16_t)(p->tx_len - taken);
    for (; heard.len > 0; secure_read(who, &heard))
        hear(who, heard.bytes, heard.len);
    if (!p->secure)
        return;
    p->tcp = tcp_of(secure_state(who));
    if (p->tcp == PEER_OVER)
        over(p);
}

void peer_run(void)
{
    for (int i = 0; i < PEERS; i++)
        if (secure_is_due((enum who)i))
            run_secure((enum who)i);
}
