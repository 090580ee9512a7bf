// SPDX-License-Identifier: BSD-3-Clause
#ifndef TESTS_FUZZ_FUZZ_WIRE_H
#define TESTS_FUZZ_FUZZ_WIRE_H

#include "fw/manage/digest.h"
#include "tests/fuzz/fuzz_device.h"

/* The device's network: stations that answer by themselves as far as w says, frames with right
 * checksums around whatever an input brings, and the client's end of TCP connections. */

#define WIRE_ICMP 1
#define WIRE_TCP 6
#define WIRE_UDP 17
#define WIRE_MTU 1500u
#define WIRE_FIN 0x01
#define WIRE_SYN 0x02
#define WIRE_RST 0x04
#define WIRE_PUSH 0x08
#define WIRE_ACK 0x10
#define WIRE_SERVER (WORLD_FLOWS - 1)  /* the flow that the hello comes on */
#define WIRE_CHECKER (WORLD_FLOWS - 2) /* that of the right client */
#define WIRE_STRANGERS (WORLD_FLOWS - 2)

/* --- frames to the device --- */

static inline void put_be32(uint8_t *p, uint32_t value)
{
    put_be16(p, value >> 16);
    put_be16(p + 2, value & 0xFFFF);
}

static inline uint32_t wire_add(const uint8_t *bytes, size_t len, uint32_t sum)
{
    for (size_t i = 0; i < len; i++)
        sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
    return sum;
}

static inline uint16_t wire_fold(uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t)~sum;
}

static inline uint32_t wire_pseudo(const uint8_t *ip, size_t len)
{
    return wire_add(ip + 12, 8, ip[9] + (uint32_t)len);
}

/* checksum_at: in the payload; SIZE_MAX = there is none. */
static inline void wire_ipv4(uint8_t proto, uint32_t from, uint32_t to, const uint8_t *payload,
                             size_t len, size_t checksum_at)
{
    uint8_t frame[14 + WIRE_MTU] = {0}, *ip = frame + 14;

    if (len > WIRE_MTU - 20)
        len = WIRE_MTU - 20;
    memcpy(frame, world_me, 6);
    if (to == 0xFFFFFFFFu)
        memset(frame, 0xFF, 6);
    memcpy(frame + 6, world_peer, 6);
    put_be16(frame + 12, 0x0800);
    ip[0] = 0x45;
    put_be16(ip + 2, (uint16_t)(20 + len));
    ip[8] = 64;
    ip[9] = proto;
    put_be32(ip + 12, from);
    put_be32(ip + 16, to);
    put_be16(ip + 10, wire_fold(wire_add(ip, 20, 0)));
    if (len)
        memcpy(ip + 20, payload, len);
    if (checksum_at < len) {
        put_be16(ip + 20 + checksum_at, 0);
        put_be16(ip + 20 + checksum_at,
                 wire_fold(wire_add(ip + 20, len, proto == WIRE_ICMP ? 0 : wire_pseudo(ip, len))));
    }
    virtual_frame_in(&w.hal, frame, 34 + len);
}

static inline void wire_udp(uint32_t from, uint16_t from_port, uint32_t to, uint16_t to_port,
                            const uint8_t *payload, size_t len)
{
    uint8_t udp[WIRE_MTU - 20] = {0};

    if (len > sizeof(udp) - 8)
        len = sizeof(udp) - 8;
    put_be16(udp, from_port);
    put_be16(udp + 2, to_port);
    put_be16(udp + 4, (uint16_t)(8 + len));
    if (len)
        memcpy(udp + 8, payload, len);
    wire_ipv4(WIRE_UDP, from, to, udp, 8 + len, 6);
}

struct wire_segment {
    uint32_t from; /* an address, 0 = the peer's */
    uint32_t sequence, acknowledge;
    uint8_t flags;
    uint16_t window;
};

static inline void wire_tcp(const struct flow *f, const struct wire_segment *s,
                            const uint8_t *payload, size_t len)
{
    uint8_t tcp[WIRE_MTU - 20] = {0};

    if (len > sizeof(tcp) - 20)
        len = sizeof(tcp) - 20;
    put_be16(tcp, f->mine);
    put_be16(tcp + 2, f->theirs);
    put_be32(tcp + 4, s->sequence);
    put_be32(tcp + 8, s->acknowledge);
    tcp[12] = 0x50;
    tcp[13] = s->flags;
    put_be16(tcp + 14, s->window);
    if (len)
        memcpy(tcp + 20, payload, len);
    wire_ipv4(WIRE_TCP, s->from ? s->from : WORLD_PEER_IP, w.lease_ip, tcp, 20 + len, 16);
}

static inline void wire_arp(uint16_t operation, uint32_t from, uint32_t target, bool to_all)
{
    uint8_t frame[42];

    memcpy(frame, world_me, 6);
    if (to_all)
        memset(frame, 0xFF, 6);
    memcpy(frame + 6, world_peer, 6);
    memcpy(frame + 12, "\x08\x06\0\x01\x08\0\x06\x04", 8);
    put_be16(frame + 20, operation);
    memcpy(frame + 22, world_peer, 6);
    put_be32(frame + 28, from);
    memcpy(frame + 32, world_me, 6);
    put_be32(frame + 38, target);
    virtual_frame_in(&w.hal, frame, sizeof(frame));
}

/* options: behind the type and the server's address, before the end. */
static inline void wire_dhcp(uint8_t type, const uint8_t *options, size_t len)
{
    uint8_t m[240 + 9 + 500 + 1] = {2, 1, 6};
    size_t at = 240;

    put_be32(m + 4, w.dhcp_xid);
    put_be32(m + 16, WORLD_ME_IP);
    memcpy(m + 28, world_me, 6);
    put_be32(m + 236, 0x63825363);
    memcpy(m + at, (uint8_t[]){53, 1, type, 54, 4}, 5);
    put_be32(m + at + 5, WORLD_GATEWAY_IP);
    at += 9;
    if (len > 500)
        len = 500;
    if (len)
        memcpy(m + at, options, len);
    at += len;
    m[at++] = 255;
    wire_udp(WORLD_GATEWAY_IP, 67, 0xFFFFFFFFu, 68, m, at);
}

/* The host's operating system asks for its address again, so that there is something to witness. */
static inline void wire_host_asks(uint8_t type, uint32_t ip, const uint8_t *options, size_t len)
{
    uint8_t frame[42 + 240 + 9 + 200 + 1] = {0}, *udp = frame + 34, *m = frame + 42;
    size_t at = 240;

    w.dhcp_xid = 0x484F5354;
    memcpy(m, (const uint8_t[]){1, 1, 6}, 3);
    put_be32(m + 4, w.dhcp_xid);
    memcpy(m + 28, world_me, 6);
    put_be32(m + 236, 0x63825363);
    memcpy(m + at, (const uint8_t[]){53, 1, type, 50, 4}, 5);
    put_be32(m + at + 5, ip);
    at += 9;
    if (len > 200)
        len = 200;
    if (len)
        memcpy(m + at, options, len);
    at += len;
    m[at++] = 255;
    memset(frame, 0xFF, 6);
    memcpy(frame + 6, world_me, 6);
    put_be16(frame + 12, 0x0800);
    frame[14] = 0x45;
    put_be16(frame + 16, (uint32_t)(28 + at));
    frame[22] = 64;
    frame[23] = WIRE_UDP;
    put_be32(frame + 30, 0xFFFFFFFFu);
    put_be16(frame + 24, wire_fold(wire_add(frame + 14, 20, 0)));
    put_be16(udp, 68);
    put_be16(udp + 2, 67);
    put_be16(udp + 4, (uint32_t)(8 + at));
    virtual_host_frame(&w.hal, frame, 42 + at);
}

/* An answer to the device's last question. */
static inline void wire_dns(uint16_t flags, uint16_t answers, const uint8_t *records, size_t len)
{
    uint8_t m[900] = {0};
    size_t at = 12;

    put_be16(m, w.dns_id);
    put_be16(m + 2, flags);
    put_be16(m + 4, 1);
    put_be16(m + 6, answers);
    memcpy(m + at, w.question, w.question_len);
    at += w.question_len;
    if (len > sizeof(m) - at)
        len = sizeof(m) - at;
    if (len)
        memcpy(m + at, records, len);
    wire_udp(WORLD_DNS_IP, 53, w.lease_ip, w.dns_port, m, at + len);
}

/* --- what the device sends --- */

static inline void wire_answer_arp(const uint8_t *frame, size_t len)
{
    promise(len >= 42, "an ARP message is whole");
    if (w.arp && get_be16(frame + 20) == 1 && get_be32(frame + 38) != get_be32(frame + 28))
        wire_arp(2, get_be32(frame + 38), get_be32(frame + 28), false);
}

static inline void wire_answer_dhcp(const uint8_t *m, size_t len)
{
    static const uint8_t lease[] = {51,  4,   0,   0,   14,  16,  1,   4,   255, 255, 255, 0,  3,
                                    4,   10,  0,   0,   1,   6,   4,   10,  0,   0,   2,   15, 12,
                                    'c', 'o', 'r', 'p', '.', 'e', 'x', 'a', 'm', 'p', 'l', 'e'};
    uint8_t type = 0;

    promise(len >= 241, "a DHCP message is whole");
    w.dhcp_xid = get_be32(m + 4);
    for (size_t at = 240; at + 2 < len && m[at] != 255; at += m[at] ? 2u + m[at + 1] : 1u)
        if (m[at] == 53)
            type = m[at + 2];
    if (w.dhcp && type == 1)
        wire_dhcp(2, lease, sizeof(lease));
    if (w.dhcp && type == 3)
        wire_dhcp(5, lease, sizeof(lease));
}

static inline void wire_answer_dns(const uint8_t *udp, size_t len)
{
    static const uint8_t address[] = {0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 0x63};

    promise(len >= 20, "a DNS question is whole");
    w.dns_port = get_be16(udp);
    w.dns_id = get_be16(udp + 8);
    w.question_len = len - 20;
    promise(w.question_len <= sizeof(w.question), "a DNS question keeps to its limit");
    memcpy(w.question, udp + 20, w.question_len);
    if (w.dns)
        wire_dns(0x8580, 1, address, sizeof(address));
}

static inline struct flow *wire_flow(uint16_t theirs, uint16_t mine)
{
    for (int i = 0; i < WORLD_FLOWS; i++)
        if (w.flow[i].theirs == theirs && w.flow[i].mine == mine)
            return &w.flow[i];
    return NULL;
}

static inline void wire_keep(struct flow *f, const uint8_t *bytes, size_t len)
{
    char *reply = world_reply[f - w.flow];
    size_t room = WORLD_REPLY - f->reply_len;
    const char *nonce;

    if (len > room)
        len = room;
    memcpy(reply + f->reply_len, bytes, len);
    f->reply_len += len;
    reply[f->reply_len] = '\0';
    nonce = strstr(reply, "nonce=\"");
    if (nonce && strlen(nonce) >= 7 + 32) {
        memcpy(w.nonce, nonce + 7, 32);
        w.nonce_count = 0;
    }
}

static inline void flow_say(struct flow *f, uint8_t flags)
{
    wire_tcp(f,
             &(struct wire_segment){
                 .sequence = f->next, .acknowledge = f->heard, .flags = flags, .window = 8000},
             NULL, 0);
}

/* The set-up server: takes the connection, the hello and the end. */
static inline void wire_answer_hello(uint16_t port, const uint8_t *tcp)
{
    struct flow *f = &w.flow[WIRE_SERVER];

    if ((tcp[13] & (WIRE_SYN | WIRE_ACK)) == WIRE_SYN) {
        f->mine = get_be16(tcp + 2);
        f->theirs = port;
        f->heard = get_be32(tcp + 4) + 1;
        if (w.server) {
            flow_say(f, WIRE_SYN | WIRE_ACK);
            f->next++;
        }
    }
}

static inline void wire_answer_tcp(const uint8_t *tcp, size_t len)
{
    struct flow *f;
    uint8_t flags;
    size_t head;

    promise(len >= 20 && (size_t)(tcp[12] >> 4) * 4 <= len, "a TCP header is whole");
    head = (size_t)(tcp[12] >> 4) * 4;
    flags = tcp[13];
    wire_answer_hello(get_be16(tcp), tcp);
    f = wire_flow(get_be16(tcp), get_be16(tcp + 2));
    if (!f)
        return;
    if (flags & WIRE_RST) {
        f->reset = true;
        return;
    }
    if (flags & WIRE_ACK) {
        f->acked = get_be32(tcp + 8);
        f->window = get_be16(tcp + 14);
    }
    if ((flags & (WIRE_SYN | WIRE_ACK)) == (WIRE_SYN | WIRE_ACK)) {
        f->answered = true;
        f->heard = get_be32(tcp + 4) + 1;
        return;
    }
    if (get_be32(tcp + 4) == f->heard) {
        wire_keep(f, tcp + head, len - head);
        f->heard += (uint32_t)(len - head) + (flags & WIRE_FIN ? 1u : 0u);
        f->ended |= (flags & WIRE_FIN) != 0;
    }
    if ((len > head || flags & WIRE_FIN) && w.acks)
        flow_say(f, WIRE_ACK);
    if (flags & WIRE_FIN && w.acks && f == &w.flow[WIRE_SERVER]) {
        flow_say(f, WIRE_FIN | WIRE_ACK);
        f->next++;
    }
}

static inline void wire_answer_udp(const uint8_t *udp, size_t len)
{
    promise(len >= 8 && get_be16(udp + 4) == len, "a UDP header says the length");
    if (get_be16(udp + 2) == 67)
        wire_answer_dhcp(udp + 8, len - 8);
    if (get_be16(udp + 2) == 53)
        wire_answer_dns(udp, len);
}

static void wire_frame_out(const uint8_t *frame, size_t len)
{
    const uint8_t *ip = frame + 14, *inside;
    size_t head, total;

    if (get_be16(frame + 12) == 0x0806)
        wire_answer_arp(frame, len);
    if (get_be16(frame + 12) != 0x0800)
        return;
    promise(len >= 34, "an IPv4 header is whole");
    head = (size_t)(ip[0] & 15) * 4;
    total = get_be16(ip + 2);
    promise(head >= 20 && total >= head && 14 + total <= len, "an IPv4 header says the length");
    promise(wire_fold(wire_add(ip, head, 0)) == 0, "an IPv4 header has its checksum");
    inside = ip + head;
    total -= head;
    if (ip[9] == WIRE_TCP || ip[9] == WIRE_UDP)
        promise(wire_fold(wire_add(inside, total, wire_pseudo(ip, total))) == 0,
                "TCP and UDP have their checksum");
    if (ip[9] == WIRE_TCP)
        wire_answer_tcp(inside, total);
    if (ip[9] == WIRE_UDP)
        wire_answer_udp(inside, total);
}

/* --- the client's end of a connection --- */

static inline void flow_open(struct flow *f)
{
    f->answered = f->open = f->ended = f->reset = false;
    f->reply_len = 0;
    wire_tcp(f, &(struct wire_segment){.sequence = f->next, .flags = WIRE_SYN, .window = 8000},
             NULL, 0);
    world_poll();
    if (!f->answered)
        return;
    f->next++;
    f->open = true;
    flow_say(f, WIRE_ACK);
    world_poll();
}

/* One segment, come what may. */
static inline void flow_push(struct flow *f, const uint8_t *bytes, size_t len, uint16_t window)
{
    if (len > 1440)
        len = 1440;
    wire_tcp(f,
             &(struct wire_segment){.sequence = f->next,
                                    .acknowledge = f->heard,
                                    .flags = WIRE_PUSH | WIRE_ACK,
                                    .window = window},
             bytes, len);
    f->next += (uint32_t)len;
}

static inline void flow_close(struct flow *f)
{
    flow_say(f, WIRE_FIN | WIRE_ACK);
    f->next++;
    world_poll();
}

/* As a patient client: within the window, and again what was not acknowledged. False: the device
 * takes no more of it. */
static inline bool flow_send(struct flow *f, const uint8_t *bytes, size_t len)
{
    uint32_t first = f->next;

    for (int i = 0; i < 100 && !f->reset && !f->ended; i++) {
        size_t done = f->acked - first, n;

        if (done >= len)
            return true;
        n = len - done;
        if (n > f->window)
            n = f->window;
        f->next = first + (uint32_t)done;
        flow_push(f, bytes + done, n, 8000);
        world_poll();
        if (f->acked == first + done)
            world_pass(100);
    }
    return f->acked - first == len;
}

/* What a client of TLS 1.0 begins with, the way of certificates and that of pre-shared keys. */
static const uint8_t wire_client_hello[] = {
    22, 3,    1,  0,    51, 1,    0,  0,  47, 3,  1,  /* the client's random bytes: */ 1,
    2,  3,    4,  5,    6,  7,    8,  9,  10, 11, 12, 13,
    14, 15,   16, 17,   18, 19,   20, 21, 22, 23, 24, 25,
    26, 27,   28, 29,   30, 31,   32, 0,  0,  8,  0,  0x2F,
    0,  0x35, 0,  0x8C, 0,  0x8D, 1,  0};

/* --- requests --- */

#define WIRE_REQUEST 3000

/* With the answer to the last nonce that was seen; body and path may be anything. */
static inline size_t wire_request(char out[WIRE_REQUEST], const char *path, const char *password,
                                  const uint8_t *body, size_t len)
{
    char realm[DIGEST_REALM], count[9], response[33];
    uint8_t hash[MD5_BYTES];
    int head;

    digest_realm(world_uuid, realm);
    snprintf(count, sizeof(count), "%08x", ++w.nonce_count);
    digest_response(&(struct digest_input){.user = "admin",
                                           .realm = realm,
                                           .password = password,
                                           .method = "POST",
                                           .uri = path,
                                           .nonce = w.nonce,
                                           .nonce_len = strlen(w.nonce),
                                           .count = count,
                                           .count_len = 8,
                                           .cnonce = "c0ffee",
                                           .cnonce_len = 6},
                    hash);
    for (int i = 0; i < MD5_BYTES; i++)
        snprintf(response + 2 * i, 3, "%02x", hash[i]);
    head = snprintf(out, WIRE_REQUEST,
                    "POST %s HTTP/1.1\r\nHost: me\r\nAuthorization: Digest username=\"admin\", "
                    "realm=\"%s\", nonce=\"%s\", uri=\"%s\", nc=%s, cnonce=\"c0ffee\", qop=auth, "
                    "response=\"%s\"\r\nContent-Length: %zu\r\n\r\n",
                    path, realm, w.nonce, path, count, response, len);
    if (len > WIRE_REQUEST - (size_t)head)
        len = WIRE_REQUEST - (size_t)head;
    if (len)
        memcpy(out + head, body, len);
    return (size_t)head + len;
}

/* --- promises --- */

/* A right client of the network's side gets an answer, at the first try or at one of the next. */
static inline bool wire_tries(uint16_t port, const uint8_t *bytes, size_t len, const char *expected)
{
    struct flow *f = &w.flow[WIRE_CHECKER];

    for (int i = 0; i < 3; i++) {
        f->mine++;
        f->theirs = port;
        flow_open(f);
        if (!f->open) {
            world_pass(3000);
            continue;
        }
        flow_send(f, bytes, len);
        for (int k = 0; k < 50 && f->reply_len < strlen(expected) && !f->reset; k++)
            world_pass(100);
        flow_close(f);
        if (f->reply_len >= strlen(expected) &&
            memcmp(world_reply[WIRE_CHECKER], expected, strlen(expected)) == 0)
            return true;
    }
    return false;
}

static inline void promise_https(void)
{
    promise(wire_tries(16993, wire_client_hello, sizeof(wire_client_hello), "\x16\x03\x01"),
            "a TLS client gets an answer after quiet");
}

static inline void promise_http(void)
{
    static const char request[] =
        "POST /SecurityAdministrationService HTTP/1.1\r\nHost: me\r\nContent-Length: 0\r\n\r\n";

    promise(wire_tries(16992, (const uint8_t *)request, sizeof(request) - 1, "HTTP/1.1 401"),
            "an HTTP client gets an answer after quiet");
}

/* The first client that needs the device's own key waits until it is made; so that not each input
 * does, before the moment that is kept. */
static inline void wire_warm_up(void)
{
    struct flow *f = &w.flow[WIRE_CHECKER];

    flow_open(f);
    if (!f->open)
        return;
    flow_send(f, wire_client_hello, sizeof(wire_client_hello));
    for (int i = 0; i < 1000 && f->reply_len == 0 && !f->reset; i++)
        world_pass(10);
    flow_say(f, WIRE_RST | WIRE_ACK);
    world_pass(100);
    f->mine++;
}

/* Everybody but the right people has gone: the network is good again. */
static inline void wire_quiet(uint64_t ms)
{
    w.hal.link = w.arp = w.dhcp = w.dns = w.server = w.acks = true;
    w.hal.host = HAL_HOST_DOWN;
    world_pass(ms);
}

#endif
