// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
// once: slow in an emulator, and about who gets in when, not about bytes
#include "tests/fixtures/machine.h"
#include "tests/fixtures/server.h"

#include "fw/core/hex.h"
#include "fw/core/redirection.h"
#include "fw/core/users.h"

/* Strangers besiege the ports in every way that costs them little, and meanwhile the owner logs in,
 * to the service and to the serial line: each time within ten seconds, or as long as the siege
 * says. */

#define FIN PACKET_TCP_FIN
#define SYN PACKET_TCP_SYN
#define RST PACKET_TCP_RST
#define ACK PACKET_TCP_ACK
#define PASSWORD "P@ssw0rd"
#define STRANGER "POST " SECURITY " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
#define HALF_REQUEST "POST " SECURITY " HTTP/1.1\r\n"
#define HALF_HELLO "\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x01"
#define TEXT(t) t, sizeof(t) - 1
#define START "\x10\0\0\0SOL "
#define STARTED_BYTES 13
#define LOG_IN "\x13\0\0\0\1\x0F\0\0\0\5admin\x08P@ssw0rd"
#define LOG_IN_WRONG "\x13\0\0\0\1\x0F\0\0\0\5admin\x08P@ssw0rx"
#define LOG_IN_SUCCESS "\x14\0\0\0\1\0\0\0\0"
#define ASK_CHALLENGE "\x13\0\0\0\4\x20\0\0\0\5admin\0\0\x13/RedirectionService\0\0\0\0"
#define SOLDIERS 8
#define STATIONS 12
#define TRIES 12
#define BOUND_MS 10000u

/* --- the strangers --- */

struct raid;

/* One connection of theirs. */
struct soldier {
    struct raid *raid;
    uint16_t port;
    bool open, dead;
    uint32_t seq, ack;
    uint64_t since_us; /* it was opened, or began to be */
    uint64_t heard_us;
    char data[600];
    size_t len;
    int step;
    char nonce[33]; /* a user's */
};

/* A station with several connections; what they do, once a tick each. */
struct raid {
    struct fixture *b;
    int port; /* on the LAN */
    uint8_t mac[6];
    uint32_t ip;
    uint16_t to;
    uint32_t tick_ms, ticks;
    int soldiers;
    void (*act)(struct soldier *s);
    void (*also)(struct raid *r); /* once a tick, for all */
    uint16_t next_port;
    struct soldier soldier[SOLDIERS];
};

static void raw(struct raid *r, uint32_t ip, uint8_t proto, const uint8_t *payload, size_t len,
                size_t checksum_at)
{
    uint8_t frame[1000] = {0}, *head = frame + 14;
    uint32_t pseudo = 0;

    assert_true(len <= sizeof(frame) - 34);
    memcpy(frame, fixture_mac, 6);
    memcpy(frame + 6, r->mac, 6);
    packet_put16(frame + 12, 0x0800);
    head[0] = 0x45;
    packet_put16(head + 2, (uint16_t)(20 + len));
    head[8] = 64;
    head[9] = proto;
    packet_put32(head + 12, ip);
    packet_put32(head + 16, FIXTURE_IP);
    packet_put16(head + 10, fixture_sum(head, 20, 0));
    memcpy(head + 20, payload, len);
    if (proto != FIXTURE_ICMP)
        pseudo = (ip >> 16) + (ip & 0xFFFF) + (FIXTURE_IP >> 16) + (FIXTURE_IP & 0xFFFF) + proto +
                 (uint32_t)len;
    packet_put16(head + 20 + checksum_at, fixture_sum(head + 20, len, pseudo));
    lan_send(&r->b->lan, r->port, frame, 34 + len);
}

static void segment(struct raid *r, uint32_t ip, uint16_t port, uint8_t flags, uint32_t seq,
                    uint32_t ack, const char *data, size_t len)
{
    uint8_t tcp[900] = {0};

    packet_put16(tcp, port);
    packet_put16(tcp + 2, r->to);
    packet_put32(tcp + 4, seq);
    packet_put32(tcp + 8, ack);
    tcp[12] = 0x50;
    tcp[13] = flags;
    packet_put16(tcp + 14, 4096);
    memcpy(tcp + 20, data, len);
    raw(r, ip, FIXTURE_TCP, tcp, 20 + len, 16);
}

static void say(struct soldier *s, const char *bytes, size_t len)
{
    segment(s->raid, s->raid->ip, s->port, ACK, s->seq, s->ack, bytes, len);
    s->seq += (uint32_t)len;
}

static void advance(struct soldier *s)
{
    struct raid *r = s->raid;

    s->port = ++r->next_port;
    s->open = s->dead = false;
    s->seq = s->port * 7919u;
    s->len = 0;
    s->step = 0;
    s->since_us = r->b->clock.now_us;
    segment(r, r->ip, s->port, SYN, s->seq++, 0, "", 0);
}

static void retreat(struct soldier *s)
{
    if (s->open)
        segment(s->raid, s->raid->ip, s->port, RST | ACK, s->seq, s->ack, "", 0);
    s->dead = true;
}

static void raid_frame(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct raid *r = ctx;
    struct packet p;
    struct soldier *s = NULL;

    if (from != LAN_ME || !packet_parse(frame, len, &p))
        return;
    if (p.kind == PACKET_ARP && p.dst_ip == r->ip && packet_get16(frame + 20) == 1) {
        uint8_t reply[64];

        lan_send(&r->b->lan, r->port, reply,
                 packet_arp_reply(reply, sizeof(reply), fixture_mac, r->mac, r->ip, FIXTURE_IP));
        return;
    }
    if (p.kind != PACKET_TCP || p.dst_ip != r->ip)
        return;
    for (int i = 0; i < r->soldiers; i++)
        if (r->soldier[i].port == p.dst_port)
            s = &r->soldier[i];
    if (!s || s->dead)
        return;
    if (p.tcp_flags & RST) {
        s->dead = true;
        return;
    }
    if (p.tcp_flags & SYN) {
        s->open = true;
        s->ack = packet_get32(frame + 38) + 1;
    } else if (packet_get32(frame + 38) == s->ack) {
        size_t n = p.payload_len < sizeof(s->data) - 1 - s->len ? p.payload_len
                                                                : sizeof(s->data) - 1 - s->len;

        memcpy(s->data + s->len, p.payload, n);
        s->len += n;
        s->data[s->len] = '\0';
        s->ack += (uint32_t)p.payload_len;
        if (p.payload_len > 0)
            s->heard_us = r->b->clock.now_us;
        if (p.tcp_flags & FIN) {
            s->ack++;
            segment(r, r->ip, s->port, FIN | ACK, s->seq, s->ack, "", 0);
            s->dead = true;
            return;
        }
    }
    if (p.payload_len > 0 || p.tcp_flags & SYN)
        segment(r, r->ip, s->port, ACK, s->seq, s->ack, "", 0);
}

static void raid_tick(void *ctx)
{
    struct raid *r = ctx;

    r->ticks++;
    clock_at(&r->b->clock, r->b->clock.now_us + r->tick_ms * MS, raid_tick, r);
    if (r->also)
        r->also(r);
    for (int i = 0; i < r->soldiers && r->act; i++) {
        struct soldier *s = &r->soldier[i];

        /* A SYN that is not answered is repeated after a second. */
        if (s->dead || (!s->open && r->b->clock.now_us - s->since_us >= SECOND))
            advance(s);
        else if (s->open)
            r->act(s);
    }
}

static void raid_begin(struct raid *r, struct fixture *b, uint8_t number, uint16_t to)
{
    struct lan_port port = {.ctx = r, .frame = raid_frame, .sender = LAN_LAN, .link = true};
    const uint8_t mac[6] = {0x02, 0xba, 0xd0, 0, 0, number};

    r->b = b;
    r->to = to;
    r->ip = (FIXTURE_IP & ~0xFFu) | number;
    memcpy(r->mac, mac, 6);
    r->port = lan_attach(&b->lan, &port);
    r->next_port = (uint16_t)(1024 + number * 16);
    for (int i = 0; i < r->soldiers; i++) {
        r->soldier[i].raid = r;
        r->soldier[i].dead = true;
    }
    clock_at(&b->clock, b->clock.now_us + MS, raid_tick, r);
}

/* --- what they do --- */

static void is_silent(struct soldier *s)
{
    (void)s;
}

static void comes_and_goes(struct soldier *s)
{
    retreat(s);
}

static void chats(struct soldier *s)
{
    if (s->len > 0 || s->step == 0)
        say(s, STRANGER, sizeof(STRANGER) - 1);
    s->len = 0;
    s->step = 1;
}

static void says_half_a_request(struct soldier *s)
{
    if (s->step++ == 0)
        say(s, HALF_REQUEST, sizeof(HALF_REQUEST) - 1);
}

static void drips(struct soldier *s)
{
    if (s->step == 0)
        say(s, HALF_REQUEST, sizeof(HALF_REQUEST) - 1);
    else if (s->step % 4 == 0)
        say(s, "a", 1);
    s->step++;
}

static void drips_a_hello(struct soldier *s)
{
    if (s->step == 0)
        say(s, HALF_HELLO, sizeof(HALF_HELLO) - 1);
    else if (s->step % 4 == 0)
        say(s, "", 1);
    s->step++;
}

/* Takes so many ticks for a whole request, is asked for a password, comes again. */
static void drags_a_request(struct soldier *s, int ticks)
{
    static const char request[] = STRANGER;
    size_t len = sizeof(request) - 1;

    if (s->len > 0) {
        retreat(s);
        return;
    }
    if (s->step < ticks)
        say(s, request + s->step, 1);
    else if (s->step == ticks)
        say(s, request + ticks, len - (size_t)ticks);
    s->step++;
}

/* Nearly as long as a request may take while others wait. */
static void requests_slowly(struct soldier *s)
{
    drags_a_request(s, 6);
}

/* Beyond it. */
static void requests_too_slowly(struct soldier *s)
{
    drags_a_request(s, 18);
}

/* Not slow enough to be held against anybody. */
static void requests_leisurely(struct soldier *s)
{
    drags_a_request(s, 3);
}

static void says_half_a_hello(struct soldier *s)
{
    if (s->step++ == 0)
        say(s, HALF_HELLO, sizeof(HALF_HELLO) - 1);
}

/* Asks, comes again with a wrong answer, and so on. */
static void guesses(struct soldier *s)
{
    const char *at = strstr(s->data, "nonce=\""); /* of the reply before */
    char text[800];

    if (s->step++ > 0)
        return;
    if (!at) {
        say(s, STRANGER, sizeof(STRANGER) - 1);
        return;
    }
    snprintf(text, sizeof(text),
             "POST " SECURITY " HTTP/1.1\r\nHost: x\r\nAuthorization: Digest "
             "username=\"admin\", realm=\"" REALM "\", nonce=\"%.32s\", uri=\"" SECURITY
             "\", nc=00000001, cnonce=\"x\", qop=auth, "
             "response=\"0123456789abcdef0123456789abcdef\"\r\nContent-Length: 0\r\n\r\n",
             at + 7);
    say(s, text, strlen(text));
}

/* --- at the serial line's port --- */

static void only_starts(struct soldier *s)
{
    if (s->step++ == 0)
        say(s, TEXT(START));
}

/* The start, and as soon as that is answered so many bytes of the log-in. True: that was it. */
static bool has_begun(struct soldier *s, const char *log_in, size_t len)
{
    if (s->step == 0)
        say(s, TEXT(START));
    if (s->step == 0 || (s->step == 1 && s->len >= STARTED_BYTES))
        s->step++;
    if (s->step != 2)
        return s->step > 2;
    say(s, log_in, len);
    s->len = 0;
    s->step++;
    return false;
}

static void says_half_a_log_in(struct soldier *s)
{
    has_begun(s, LOG_IN_WRONG, 12);
}

static void drips_a_log_in(struct soldier *s)
{
    if (has_begun(s, "\x13\0\0\0\1\xC8\0\0\0", 9) && s->step++ % 4 == 0)
        say(s, "a", 1);
}

static void asks_for_challenges(struct soldier *s)
{
    if (has_begun(s, TEXT(ASK_CHALLENGE)) && s->len > 0)
        s->step = 2;
}

static void guesses_at_the_line(struct soldier *s)
{
    has_begun(s, TEXT(LOG_IN_WRONG));
}

static void says_a_length_of_all_ones(struct soldier *s)
{
    has_begun(s, "\x13\0\0\0\1\xFF\xFF\xFF\xFF", 9);
}

/* --- users who may read the event log --- */

#define EVENTS "/EventManagerService"
#define READ_LOG "<Envelope><Body><ReadEventLog/></Body></Envelope>"

static void asks_for_the_log(struct soldier *s, int count)
{
    char text[1000], number[9], response[33];
    uint8_t hash[16];

    snprintf(number, sizeof(number), "%08x", (unsigned)count);
    digest_response(&(struct digest_input){.user = "eve",
                                           .realm = REALM,
                                           .password = PASSWORD,
                                           .method = "POST",
                                           .uri = EVENTS,
                                           .nonce = s->nonce,
                                           .nonce_len = 32,
                                           .count = number,
                                           .count_len = 8,
                                           .cnonce = "x",
                                           .cnonce_len = 1},
                    hash);
    hex_write(response, hash, sizeof(hash));
    snprintf(text, sizeof(text),
             "POST " EVENTS " HTTP/1.1\r\nHost: x\r\nAuthorization: Digest username=\"eve\", "
             "realm=\"" REALM "\", nonce=\"%s\", uri=\"" EVENTS "\", nc=%s, cnonce=\"x\", "
             "qop=auth, response=\"%s\"\r\nContent-Length: %zu\r\n\r\n" READ_LOG,
             s->nonce, number, response, sizeof(READ_LOG) - 1);
    say(s, text, strlen(text));
}

/* Logs in, and keeps his connection with a request each second. */
static void reads_and_reads(struct soldier *s)
{
    const char *at = strstr(s->data, "nonce=\""); /* of the reply before */

    if (at)
        snprintf(s->nonce, sizeof(s->nonce), "%.32s", at + 7);
    s->data[0] = '\0';
    if (s->step == 0 && !s->nonce[0])
        say(s, STRANGER, sizeof(STRANGER) - 1);
    else if (s->step % 10 == 0 && s->nonce[0])
        asks_for_the_log(s, s->step / 10 + 1);
    s->step++;
    s->len = 0;
}

/* From addresses of the same network that nobody has, and from everywhere. */
static void floods_with_syns(struct raid *r)
{
    uint32_t ip =
        r->ticks % 2 ? (FIXTURE_IP & ~0xFFu) | (120 + r->ticks % 80) : 0xC0000200u + r->ticks % 250;

    segment(r, ip, (uint16_t)(20000 + r->ticks), SYN, r->ticks * 4096u, 0, "", 0);
}

static void pings_from_nobody(struct raid *r)
{
    uint8_t icmp[40] = {8};

    packet_put16(icmp + 6, (uint16_t)r->ticks);
    raw(r, (FIXTURE_IP & ~0xFFu) | (120 + r->ticks % 80), FIXTURE_ICMP, icmp, sizeof(icmp), 2);
}

/* --- the owner --- */

static bool past(const struct peer *p, uint64_t until_ms)
{
    return p->b->clock.now_us / 1000u >= until_ms;
}

static bool wait_for(struct peer *p, const char *end, uint64_t until_ms)
{
    while (!past(p, until_ms) && !p->rst) {
        p->rx[p->rx_len] = '\0';
        if (p->rx_len > 0 && strstr((char *)p->rx, end))
            return true;
        peer_run(p, 5 * MS);
    }
    return false;
}

static bool tell(struct peer *p, const char *text, uint64_t until_ms)
{
    size_t len = strlen(text), at = 0;

    p->rx_len = p->rx_at = 0;
    while (at < len && !p->rst && !past(p, until_ms)) {
        at += peer_put(p, (const uint8_t *)text + at, len - at);
        peer_run(p, MS);
    }
    return at == len;
}

static bool is_connected(struct peer *p, uint64_t until_ms)
{
    peer_connect(p);
    while (!p->connected && !p->rst && !past(p, until_ms))
        peer_run(p, 5 * MS);
    return p->connected && !p->rst;
}

static bool ask_version(struct peer *p, uint64_t until_ms)
{
    static const char body[] = "<Envelope><Body><GetCoreVersion/></Body></Envelope>";
    char nonce[33], response[33], text[1000];
    uint8_t hash[16];

    if (!tell(p, STRANGER, until_ms) || !wait_for(p, "\r\n\r\n", until_ms))
        return false;
    memcpy(nonce, strstr((char *)p->rx, "nonce=\"") + 7, 32);
    nonce[32] = '\0';
    peer_leave(p, false);
    if (!is_connected(p, until_ms))
        return false;
    digest_response(&(struct digest_input){.user = "admin",
                                           .realm = REALM,
                                           .password = PASSWORD,
                                           .method = "POST",
                                           .uri = SECURITY,
                                           .nonce = nonce,
                                           .nonce_len = 32,
                                           .count = "00000001",
                                           .count_len = 8,
                                           .cnonce = "x",
                                           .cnonce_len = 1},
                    hash);
    for (int i = 0; i < 16; i++)
        snprintf(response + 2 * i, 3, "%02x", hash[i]);
    snprintf(text, sizeof(text),
             "POST " SECURITY " HTTP/1.1\r\nHost: x\r\nAuthorization: Digest username=\"admin\", "
             "realm=\"" REALM "\", nonce=\"%s\", uri=\"" SECURITY "\", nc=00000001, cnonce=\"x\", "
             "qop=auth, response=\"%s\"\r\nContent-Length: %zu\r\n\r\n%s",
             nonce, response, sizeof(body) - 1, body);
    return tell(p, text, until_ms) && wait_for(p, "</Version>", until_ms);
}

/* Milliseconds; UINT64_MAX: not within the bound. A connection that is reset is made anew. */
static uint64_t plain_log_in(struct peer *p, uint32_t bound_ms)
{
    uint64_t began = fixture_ms(p->b), until = began + bound_ms;
    bool in = false;

    while (!in && !past(p, until)) {
        in = is_connected(p, until) && ask_version(p, until);
        peer_leave(p, true);
        if (!in)
            peer_run(p, 20 * MS);
    }
    return in ? fixture_ms(p->b) - began : UINT64_MAX;
}

static bool shakes_hands(struct client *c, uint64_t until_ms)
{
    int error = MBEDTLS_ERR_SSL_WANT_READ;

    while (client_waits(error) && !past(c->p, until_ms)) {
        lwip_image_enter(c->p->image);
        error = mbedtls_ssl_handshake(&c->ssl);
        peer_run(c->p, 5 * MS);
    }
    return error == 0;
}

/* Over a connection of its own. The status of the reply; 0 = none. */
static int ask_over_tls(struct server *s, struct peer *p, uint64_t until_ms)
{
    static const char body[] = "<Envelope><Body><GetCoreVersion/></Body></Envelope>";
    const char *at;
    int status = 0;

    if (is_connected(p, until_ms)) {
        client_open(&s->tls, p, &(struct client_spec){.key = KEY_LEAF});
        if (shakes_hands(&s->tls, until_ms))
            status = send_request(s, SECURITY, s->nonce[0] ? body : "");
        client_close(&s->tls);
    }
    peer_leave(p, true);
    at = status == 401 ? strstr(s->reply, "nonce=\"") : NULL;
    if (at) {
        memcpy(s->nonce, at + 7, 32);
        s->count = 0;
    }
    return status;
}

static uint64_t tls_log_in(struct peer *p, uint32_t bound_ms)
{
    uint64_t began = fixture_ms(p->b), until = began + bound_ms;
    struct server s;
    int status = 0;

    memset(&s, 0, sizeof(s));
    s.user = "admin";
    s.password = PASSWORD;
    while (status != 200 && !past(p, until)) {
        status = ask_over_tls(&s, p, until);
        if (status == 0)
            peer_run(p, 20 * MS);
    }
    return status == 200 && fixture_ms(p->b) <= until ? fixture_ms(p->b) - began : UINT64_MAX;
}

/* To the serial line, and away again. */
static bool says_who_he_is(struct peer *p, uint64_t until_ms)
{
    static const struct {
        const char *bytes;
        size_t len, answer;
    } step[] = {{TEXT(START), STARTED_BYTES}, {TEXT(LOG_IN), sizeof(LOG_IN_SUCCESS) - 1}};

    for (size_t i = 0; i < COUNT(step); i++) {
        p->rx_len = p->rx_at = 0;
        if (peer_put(p, (const uint8_t *)step[i].bytes, step[i].len) != step[i].len)
            return false;
        while (p->rx_len < step[i].answer && !p->rst && !past(p, until_ms))
            peer_run(p, 5 * MS);
        if (p->rx_len != step[i].answer)
            return false;
    }
    return memcmp(p->rx, LOG_IN_SUCCESS, p->rx_len) == 0;
}

static bool says_who_he_is_over_tls(struct peer *p, uint64_t until_ms)
{
    static const struct client_spec anybody = {.key = KEY_LEAF};
    struct client c;
    uint8_t answer[32];
    size_t len = 0;
    bool sent = false;
    int n = MBEDTLS_ERR_SSL_WANT_READ;

    client_open(&c, p, &anybody);
    if (shakes_hands(&c, until_ms) && mbedtls_ssl_write(&c.ssl, (const uint8_t *)TEXT(START)) > 0)
        while ((n > 0 || client_waits(n)) && len < STARTED_BYTES + sizeof(LOG_IN_SUCCESS) - 1 &&
               !past(p, until_ms)) {
            peer_run(p, 5 * MS);
            n = mbedtls_ssl_read(&c.ssl, answer + len, sizeof(answer) - len);
            len += n > 0 ? (size_t)n : 0;
            if (len >= STARTED_BYTES && !sent)
                sent = mbedtls_ssl_write(&c.ssl, (const uint8_t *)TEXT(LOG_IN)) > 0;
        }
    client_close(&c);
    return len == STARTED_BYTES + sizeof(LOG_IN_SUCCESS) - 1 &&
           memcmp(answer + STARTED_BYTES, LOG_IN_SUCCESS, sizeof(LOG_IN_SUCCESS) - 1) == 0;
}

static uint64_t line_log_in(struct peer *p, bool tls, uint32_t bound_ms)
{
    uint64_t began = fixture_ms(p->b), until = began + bound_ms;
    uint16_t service = p->to;
    bool in = false;

    p->to = tls ? 16995 : 16994;
    while (!in && !past(p, until)) {
        in = is_connected(p, until) &&
             (tls ? says_who_he_is_over_tls(p, until) : says_who_he_is(p, until));
        peer_leave(p, true);
        if (!in)
            peer_run(p, 20 * MS);
    }
    p->to = service;
    return in ? fixture_ms(p->b) - began : UINT64_MAX;
}

/* --- the siege --- */

static void add_reader(struct settings *s)
{
    uint8_t hash[LIMIT_USER_HASH];
    uint32_t handle;

    md5_of((const struct md5_part[]){{TEXT("eve:" REALM ":" PASSWORD)}}, 1, hash);
    users_add(&s->secret.users,
              &(struct user_values){.name = "eve",
                                    .hash = hash,
                                    .access = USER_ACCESS_NETWORK,
                                    .realms = REALM_BIT(REALM_EVENT_LOG_READER)},
              "admin", &handle);
}

static void provisioned(struct settings *s, uint8_t mode)
{
    s->machine.setup_state = SETUP_PROVISIONED;
    s->machine.window_kind = WINDOW_OPERATIONAL;
    s->machine.bmp_left_s = 0;
    s->config.mode = mode;
    s->secret.password_default = false;
    memset(s->secret.password, 0, sizeof(s->secret.password));
    strcpy(s->secret.password, PASSWORD);
    add_reader(s);
    s->config.redirection = REDIRECTION_ALL;
    s->config.redirect_service = REDIRECT_LISTENS | REDIRECT_STATE_SET | REDIRECTION_SOL;
}

static void in_smb_mode(struct settings *s)
{
    provisioned(s, MODE_SMB);
}

static void in_enterprise_mode(struct settings *s)
{
    provisioned(s, MODE_ENTERPRISE);
}

struct siege {
    const char *name;
    void (*act)(struct soldier *s);
    void (*also)(struct raid *r);
    int stations, soldiers; /* and connections of each */
    uint32_t tick_ms;
    bool own;          /* one station has the owner's address */
    uint32_t bound_ms; /* 0 = BOUND_MS */
};

/* How often he gets in, and how long it takes at most. */
struct tally {
    uint32_t in, worst_ms;
};

static void count(struct tally *t, uint64_t took_ms)
{
    if (took_ms == UINT64_MAX)
        return;
    t->in++;
    if (took_ms > t->worst_ms)
        t->worst_ms = (uint32_t)took_ms;
}

/* Of the stations' addresses the first one is the owner's, if the siege says so. */
static void send_raids(const struct siege *siege, struct peer *p, struct raid raid[STATIONS],
                       uint16_t port)
{
    memset(raid, 0, STATIONS * sizeof(*raid));
    for (int i = 0; i < siege->stations; i++) {
        raid[i].act = siege->act;
        raid[i].also = siege->also;
        raid[i].soldiers = siege->soldiers;
        raid[i].tick_ms = siege->tick_ms;
        raid_begin(&raid[i], p->b, (uint8_t)(200 + i), port);
    }
    if (siege->own) {
        raid[0].ip = lwip_ntohl(ip4_addr_get_u32(netif_ip4_addr(netif_of(&p->stack.netif))));
        memcpy(raid[0].mac, netif_of(&p->stack.netif)->hwaddr, 6);
    }
}

static void besiege(const struct siege *siege, bool tls, uint16_t port)
{
    static struct machine_fixture machine;
    struct peer *p =
        tls_begin("5.0.3", "intel", "corp.example", tls ? in_enterprise_mode : in_smb_mode);
    struct reputation *reputation = &fixture_device(p->b)->net.ports.turns.places.reputation;
    struct raid raid[STATIONS];
    uint64_t (*log_in)(struct peer * p, uint32_t bound_ms) = tls ? tls_log_in : plain_log_in;
    struct tally service = {0}, line = {0};
    uint32_t bound_ms = siege->bound_ms ? siege->bound_ms : BOUND_MS;

    machine_fixture_init(&machine);
    p->b->chip.hal.hal.machine = &machine.hal;
    p->to = tls ? 16993 : 16992;
    assert_true(log_in(p, BOUND_MS) < 1000); /* the device makes its key */
    p->shared = siege->own;
    send_raids(siege, p, raid, port);
    peer_run(p, 3 * SECOND);
    for (int i = 0; i < TRIES; i++) {
        if (i % 2) /* he comes for the first time since power-on */
            memset(reputation->owner_ip, 0, sizeof(reputation->owner_ip));
        count(&service, log_in(p, bound_ms));
        peer_run(p, 700 * MS);
        if (i % 4 > 1)
            memset(reputation->owner_ip, 0, sizeof(reputation->owner_ip));
        count(&line, line_log_in(p, tls, bound_ms));
        peer_run(p, 700 * MS);
    }
    print_message("%u, %s: %u and %u of %d log-ins, the slowest after %u and %u ms\n", port,
                  siege->name, (unsigned)service.in, (unsigned)line.in, TRIES,
                  (unsigned)service.worst_ms, (unsigned)line.worst_ms);
    assert_int_equal(service.in, TRIES);
    assert_int_equal(line.in, TRIES);
    tls_end(p);
}

static const struct siege sieges[] = {
    {"silent", is_silent, NULL, 1, 2, 20, false, 0},
    {"silent, more than there are places", is_silent, NULL, 2, 6, 20, false, 0},
    {"chatty", chats, NULL, 1, 3, 20, false, 0},
    {"chatty, from five addresses", chats, NULL, 5, 1, 20, false, 0},
    {"chatty, from twelve addresses", chats, NULL, 12, 1, 20, false, 0},
    {"coming and going", comes_and_goes, NULL, 1, 4, 10, false, 0},
    {"coming and going, from three addresses", comes_and_goes, NULL, 3, 4, 10, false, 0},
    {"half a request", says_half_a_request, NULL, 1, 3, 20, false, 0},
    {"half a request, from three addresses", says_half_a_request, NULL, 3, 3, 20, false, 0},
    {"half a request, from twelve addresses", says_half_a_request, NULL, 12, 1, 20, false, 0},
    {"dripping", drips, NULL, 1, 4, 100, false, 0},
    {"slow requests, from two addresses", requests_slowly, NULL, 2, 2, 100, false, 0},
    {"slow requests, from five addresses", requests_slowly, NULL, 5, 2, 100, false, 0},
    {"slow requests, from twelve addresses", requests_slowly, NULL, 12, 1, 100, false, 0},
    {"too slow requests, from twelve addresses", requests_too_slowly, NULL, 12, 1, 100, false, 0},
    {"SYNs, ten a second", NULL, floods_with_syns, 1, 0, 100, false, 0},
    {"SYNs, a hundred a second", NULL, floods_with_syns, 1, 0, 10, false, 0},
    {"pings from nobody, fifty a second, and half requests", says_half_a_request, pings_from_nobody,
     1, 3, 20, false, 0},
    {"wrong passwords", guesses, NULL, 1, 1, 10, false, 0},
    {"wrong passwords on four connections", guesses, NULL, 1, 4, 10, false, 0},
    {"wrong passwords from three addresses", guesses, NULL, 3, 2, 10, false, 0},
    {"silent, from the owner's address", is_silent, NULL, 1, 8, 20, true, 0},
    {"chatty, from the owner's address", chats, NULL, 1, 6, 20, true, 0},
    {"half a request, from the owner's address", says_half_a_request, NULL, 1, 8, 20, true, 0},
    {"half a request, from the owner's address and two others", says_half_a_request,
     pings_from_nobody, 3, 3, 20, true, 0},
    {"dripping, from the owner's address and two others", drips, NULL, 3, 4, 100, true, 0},
    {"slow requests, from the owner's address", requests_slowly, NULL, 1, 4, 100, true, 0},
    {"wrong passwords, from the owner's address", guesses, NULL, 1, 2, 10, true, 0},
    /* They hold every place while their answers wait to be checked, two seconds each. */
    {"wrong passwords on four connections, from the owner's address", guesses, NULL, 1, 4, 10, true,
     20000},
};

static void plain_siege(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(sieges); i++)
        besiege(&sieges[i], false, 16992);
}

static const struct siege tls_sieges[] = {
    {"silent", is_silent, NULL, 1, 2, 20, false, 0},
    {"silent, more than there are places", is_silent, NULL, 2, 6, 20, false, 0},
    {"coming and going", comes_and_goes, NULL, 1, 4, 10, false, 0},
    {"coming and going, from three addresses", comes_and_goes, NULL, 3, 4, 10, false, 0},
    {"half a hello", says_half_a_hello, NULL, 1, 2, 20, false, 0},
    {"half a hello, from three addresses", says_half_a_hello, NULL, 3, 2, 20, false, 0},
    {"a hello, dripping", drips_a_hello, NULL, 1, 4, 100, false, 0},
    {"a hello, dripping, from three addresses", drips_a_hello, NULL, 3, 2, 100, false, 0},
    {"a hello, dripping, from twelve addresses", drips_a_hello, NULL, 12, 1, 100, false, 0},
    {"not TLS", says_half_a_request, NULL, 1, 4, 20, false, 0},
    {"SYNs, ten a second", NULL, floods_with_syns, 1, 0, 100, false, 0},
    {"SYNs, a hundred a second", NULL, floods_with_syns, 1, 0, 10, false, 0},
    {"pings from nobody, fifty a second, and half hellos", says_half_a_hello, pings_from_nobody, 1,
     3, 20, false, 0},
    {"silent, from the owner's address", is_silent, NULL, 1, 8, 20, true, 0},
    {"half a hello, from the owner's address", says_half_a_hello, NULL, 1, 8, 20, true, 0},
    {"half a hello, from the owner's address and two others", says_half_a_hello, pings_from_nobody,
     3, 3, 20, true, 0},
    {"a hello, dripping, from the owner's address and two others", drips_a_hello, NULL, 3, 4, 100,
     true, 0},
};

static void tls_siege(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(tls_sieges); i++)
        besiege(&tls_sieges[i], true, 16993);
}

static const struct siege line_sieges[] = {
    {"silent", is_silent, NULL, 1, 2, 20, false, 0},
    {"silent, more than there are places", is_silent, NULL, 2, 6, 20, false, 0},
    {"coming and going, from three addresses", comes_and_goes, NULL, 3, 4, 10, false, 0},
    {"only a start", only_starts, NULL, 1, 3, 20, false, 0},
    {"only a start, from three addresses", only_starts, NULL, 3, 3, 20, false, 0},
    {"only a start, from twelve addresses", only_starts, NULL, 12, 1, 20, false, 0},
    {"half a log-in", says_half_a_log_in, NULL, 1, 3, 20, false, 0},
    {"half a log-in, from three addresses", says_half_a_log_in, NULL, 3, 3, 20, false, 0},
    {"half a log-in, from twelve addresses", says_half_a_log_in, NULL, 12, 1, 20, false, 0},
    {"a log-in, dripping", drips_a_log_in, NULL, 1, 4, 100, false, 0},
    {"a log-in, dripping, from twelve addresses", drips_a_log_in, NULL, 12, 1, 100, false, 0},
    {"asking for challenges", asks_for_challenges, NULL, 1, 3, 20, false, 0},
    {"asking for challenges, from five addresses", asks_for_challenges, NULL, 5, 1, 20, false, 0},
    {"lengths of 2^32-1", says_a_length_of_all_ones, NULL, 3, 2, 20, false, 0},
    {"HTTP", says_half_a_request, NULL, 1, 4, 20, false, 0},
    {"SYNs, ten a second", NULL, floods_with_syns, 1, 0, 100, false, 0},
    {"SYNs, a hundred a second", NULL, floods_with_syns, 1, 0, 10, false, 0},
    {"pings from nobody, fifty a second, and half log-ins", says_half_a_log_in, pings_from_nobody,
     1, 3, 20, false, 0},
    {"wrong passwords", guesses_at_the_line, NULL, 1, 1, 10, false, 0},
    {"wrong passwords on four connections", guesses_at_the_line, NULL, 1, 4, 10, false, 0},
    {"wrong passwords from three addresses", guesses_at_the_line, NULL, 3, 2, 10, false, 0},
    {"silent, from the owner's address", is_silent, NULL, 1, 8, 20, true, 0},
    {"coming and going, from the owner's address", comes_and_goes, NULL, 1, 6, 10, true, 0},
    {"only a start, from the owner's address", only_starts, NULL, 1, 8, 20, true, 0},
    {"half a log-in, from the owner's address", says_half_a_log_in, NULL, 1, 8, 20, true, 0},
    {"half a log-in, from the owner's address and two others", says_half_a_log_in,
     pings_from_nobody, 3, 3, 20, true, 0},
    {"a log-in, dripping, from the owner's address", drips_a_log_in, NULL, 1, 8, 100, true, 0},
    {"a log-in, dripping, from three addresses", drips_a_log_in, NULL, 3, 4, 100, false, 0},
    {"a log-in, dripping, from the owner's address and another", drips_a_log_in, NULL, 2, 4, 100,
     true, 0},
    /* Twelve that keep whatever place and room there is, some of them under his name. */
    {"a log-in, dripping, from the owner's address and two others", drips_a_log_in, NULL, 3, 4, 100,
     true, 60000},
    {"asking for challenges, from the owner's address", asks_for_challenges, NULL, 1, 4, 20, true,
     0},
    {"wrong passwords, from the owner's address", guesses_at_the_line, NULL, 1, 2, 10, true, 0},
    {"wrong passwords on four connections, from the owner's address", guesses_at_the_line, NULL, 1,
     4, 10, true, 20000},
};

static void line_siege(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(line_sieges); i++)
        besiege(&line_sieges[i], false, 16994);
}

static void tls_line_siege(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(tls_sieges); i++)
        besiege(&tls_sieges[i], true, 16995);
}

/* Neither does a user keep the owner out, who may do little himself. */
static const struct siege user_sieges[] = {
    {"a user's kept connections", reads_and_reads, NULL, 1, 4, 100, false, 0},
    {"a user's kept connections, from four addresses", reads_and_reads, NULL, 4, 1, 100, false, 0},
    {"a user's kept connections, from the owner's address", reads_and_reads, NULL, 1, 6, 100, true,
     0},
};

static void user_siege(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(user_sieges); i++)
        besiege(&user_sieges[i], false, 16992);
}

/* What rank a station has whose requests come so, one behind the other. */
static int rank_after(void (*act)(struct soldier *s))
{
    struct peer *p = tls_begin("5.0.3", "intel", "corp.example", in_smb_mode);
    struct raid raid = {.act = act, .soldiers = 2, .tick_ms = 100};
    int rank;

    raid_begin(&raid, p->b, 200, 16992);
    peer_run(p, 10 * SECOND);
    rank = reputation_rank(&fixture_device(p->b)->net.ports.turns.places.reputation, raid.ip,
                           chip_now_ms(&p->b->chip));
    tls_end(p);
    return rank;
}

static void who_is_slow_is_remembered(void **state)
{
    (void)state;
    assert_int_equal(rank_after(requests_leisurely), 1);
    assert_int_equal(rank_after(requests_slowly), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_siege), cmocka_unit_test(tls_siege),
        cmocka_unit_test(line_siege),  cmocka_unit_test(tls_line_siege),
        cmocka_unit_test(user_siege),  cmocka_unit_test(who_is_slow_is_remembered),
    };

    return cmocka_run_group_tests(tests, tls_certificates, NULL);
}
