// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include <stdio.h>

#include "tests/fixtures/device.h"

#include "fw/core/trace.h"
#include "fw/manage/digest.h"

/* The configuration service's port, segment by segment, on a whole device in SMB mode. */

#define FIN PACKET_TCP_FIN
#define SYN PACKET_TCP_SYN
#define RST PACKET_TCP_RST
#define ACK PACKET_TCP_ACK
#define EOI "/SecurityAdministrationService"
#define STRANGER "POST " EOI " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
/* Anybody may ask for it, and keeps the connection. */
#define PAGE "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
#define LONGER_PAGE "GET /logon.htm HTTP/1.1\r\nHost: x\r\n\r\n"
#define CLIENTS 10

/* The other station's end of a connection. */
struct client {
    uint16_t port;
    uint32_t seq, ack; /* next of ours, next expected */
    uint16_t window;   /* what it takes at a time; 0 = as much as comes */
    bool open, fin, reset;
    char data[8192];
    size_t len;
};

static struct client client[CLIENTS];

static struct client *client_of(uint16_t port)
{
    for (int i = 0; i < CLIENTS; i++)
        if (client[i].port == port)
            return &client[i];
    return NULL;
}

static void on_frame(struct fixture *b, const struct packet *p, size_t len)
{
    struct client *c =
        p->kind == PACKET_TCP && p->src_port == 16992 ? client_of(p->dst_port) : NULL;
    uint32_t seq = packet_get32(b->last_bytes + 38);

    (void)len;
    if (!c)
        return;
    if (p->tcp_flags & RST) {
        c->reset = true;
        c->open = false;
        return;
    }
    if (p->tcp_flags & SYN) {
        c->open = true;
        c->ack = seq + 1;
        return;
    }
    if (seq != c->ack) /* sent again */
        return;
    assert_true(c->len + p->payload_len < sizeof(c->data));
    memcpy(c->data + c->len, p->payload, p->payload_len);
    c->len += p->payload_len;
    c->data[c->len] = '\0';
    c->ack += (uint32_t)p->payload_len;
    if (p->tcp_flags & FIN) {
        c->ack++;
        c->fin = true;
    }
}

static void segment(struct fixture *b, struct client *c, uint8_t flags, const char *data,
                    size_t len)
{
    uint8_t tcp[222] = {0};

    packet_put16(tcp, c->port);
    packet_put16(tcp + 2, 16992);
    packet_put32(tcp + 4, c->seq);
    packet_put32(tcp + 8, c->ack);
    tcp[12] = 0x50;
    tcp[13] = flags;
    packet_put16(tcp + 14, c->window ? c->window : 4096);
    assert_true(len <= 200);
    memcpy(tcp + 20, data, len);
    fixture_ipv4(b, FIXTURE_TCP, tcp, 20 + len, 16);
    c->seq += (uint32_t)len + (flags & (SYN | FIN) ? 1 : 0);
    fixture_run(b, MS);
}

static void acknowledge(struct fixture *b, struct client *c)
{
    segment(b, c, ACK, "", 0);
}

static void send(struct fixture *b, struct client *c, const char *text)
{
    size_t len = strlen(text);

    for (size_t at = 0; at < len; at += 200)
        segment(b, c, ACK, text + at, len - at < 200 ? len - at : 200);
    acknowledge(b, c);
}

static void connect_to(struct fixture *b, struct client *c, uint16_t port)
{
    memset(c, 0, sizeof(*c));
    c->port = port;
    c->seq = 1000u * port;
    segment(b, c, SYN, "", 0);
    if (!c->open && !c->reset) /* the device asks who that is */
        fixture_arp(b, FIXTURE_OTHER_IP);
    if (c->open)
        acknowledge(b, c);
}

static void hang_up(struct fixture *b, struct client *c)
{
    segment(b, c, FIN | ACK, "", 0);
    if (c->fin)
        acknowledge(b, c);
    c->open = false;
}

/* Configured by hand, the operating system up. */
static struct fixture *smb_of(const char *release, const char *oem)
{
    struct fixture *b = fixture_new(release, oem);
    struct settings s = fixture_provisioned(b);

    s.config.mode = MODE_SMB;
    fixture_store(b, &s);
    memset(client, 0, sizeof(client));
    b->on_frame = on_frame;
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    fixture_run(b, SECOND);
    fixture_arp(b, FIXTURE_OTHER_IP);
    return b;
}

static struct fixture *smb(void)
{
    return smb_of("5.0.2", "intel");
}

static void memory(struct fixture *b, uint32_t *entries, uint32_t *bytes)
{
    fixture_device(b);
    ip_stack_memory(entries, bytes);
}

static void field(const char *data, const char *name, char *out, size_t len)
{
    const char *at = strstr(data, name);

    assert_non_null(at);
    memcpy(out, at + strlen(name), len);
    out[len] = '\0';
}

/* After a challenge, which the client keeps. */
static void connect_again(struct fixture *b, struct client *c)
{
    struct client before = *c;

    hang_up(b, c);
    connect_to(b, c, (uint16_t)(before.port + 10000));
    memcpy(c->data, before.data, sizeof(c->data));
    c->len = before.len;
    c->window = before.window;
}

/* Asks a service that with the challenge that the client has received. */
static void ask_service(struct fixture *b, struct client *c, const char *path, const char *body)
{
    char realm[40], nonce[33], response[33], request[1536];
    uint8_t hash[16];

    if (c->fin)
        connect_again(b, c);
    field(c->data, "realm=\"", realm, 39);
    field(c->data, "nonce=\"", nonce, 32);
    digest_response(&(struct digest_input){.user = "admin",
                                           .realm = realm,
                                           .password = "P@ssw0rd",
                                           .method = "POST",
                                           .uri = path,
                                           .nonce = nonce,
                                           .nonce_len = 32,
                                           .count = "00000001",
                                           .count_len = 8,
                                           .cnonce = "x",
                                           .cnonce_len = 1},
                    hash);
    for (int i = 0; i < 16; i++)
        snprintf(response + 2 * i, 3, "%02x", hash[i]);
    snprintf(request, sizeof(request),
             "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Digest username=\"admin\", "
             "realm=\"%s\", nonce=\"%s\", uri=\"%s\", nc=00000001, cnonce=\"x\", qop=auth, "
             "response=\"%s\"\r\nContent-Length: %zu\r\n\r\n%s",
             path, realm, nonce, path, response, strlen(body), body);
    c->len = 0;
    send(b, c, request);
}

/* A method, or its whole element. */
static void ask(struct fixture *b, struct client *c, const char *method)
{
    char body[512];

    snprintf(body, sizeof(body),
             method[0] == '<' ? "<Envelope><Body>%s</Body></Envelope>"
                              : "<Envelope><Body><%s/></Body></Envelope>",
             method);
    ask_service(b, c, EOI, body);
}

static void ask_version(struct fixture *b, struct client *c)
{
    ask(b, c, "GetCoreVersion");
}

static void a_version_is_read(void **state)
{
    struct fixture *b = smb();

    (void)state;
    connect_to(b, &client[0], 2000);
    send(b, &client[0], STRANGER);
    assert_non_null(strstr(client[0].data, "HTTP/1.1 401 "));
    ask_version(b, &client[0]);
    assert_non_null(strstr(client[0].data, "<Version>5.0.2</Version>"));
    assert_string_equal(b->text[TRACE_REQUEST], "GetCoreVersion");
    assert_false(client[0].fin);
    hang_up(b, &client[0]);
    assert_true(client[0].fin);
    fixture_free(b);
}

/* The reply is there before the port goes. */
static void it_is_unprovisioned(void **state)
{
    struct fixture *b = smb();

    (void)state;
    connect_to(b, &client[0], 2000);
    send(b, &client[0], STRANGER);
    ask(b, &client[0], "Unprovision");
    assert_non_null(strstr(client[0].data, "<Status>0</Status>"));
    assert_true(client[0].fin);
    assert_int_equal(fixture_stored(b).machine.setup_state == SETUP_PROVISIONED, 0);
    fixture_run(b, 2 * SECOND);
    connect_to(b, &client[1], 2001);
    assert_true(client[1].reset);
    fixture_free(b);
}

#define ADD_ANN                                                                                    \
    "<AddUserAclEntryEx><DigestUsername>ann</DigestUsername><DigestPassword>"                      \
    "AAECAwQFBgcICQoLDA0ODw==</DigestPassword><AccessPermission>2</AccessPermission>"              \
    "<Realms>19</Realms></AddUserAclEntryEx>"

static uint32_t users_stored(struct fixture *b)
{
    struct settings s = fixture_stored(b);
    uint32_t count = 0;

    for (uint32_t handle = 1; handle <= USERS; handle++)
        count += users_find(&s.secret.users, handle) != NULL;
    return count;
}

/* All or nothing, whenever power goes; who was told that it is stored finds it. */
static void a_user_is_stored(void **state)
{
    uint32_t stored = 0;

    (void)state;
    for (int64_t left = 0; left < 5; left++) {
        struct fixture *b = smb();
        bool told;

        connect_to(b, &client[0], 2000);
        send(b, &client[0], STRANGER);
        b->chip.hal.operations_left = left;
        ask(b, &client[0], ADD_ANN);
        b->chip.hal.operations_left = -1;
        told = strstr(client[0].data, "<Status>0</Status>") != NULL;
        assert_true(users_stored(b) == 1 || (!told && users_stored(b) == 0));
        stored += users_stored(b);
        fixture_free(b);
    }
    assert_true(stored >= 1 && stored < 5);
}

/* G-restore: either unprovision erases it. */
static void a_users_end(void **state)
{
    static const char *const method[] = {"Unprovision", "PartialUnprovision"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct fixture *b = smb_of("5.0.3", "intel");

        connect_to(b, &client[0], 2000);
        send(b, &client[0], STRANGER);
        ask(b, &client[0], ADD_ANN);
        assert_int_equal(users_stored(b), 1);
        hang_up(b, &client[0]);
        connect_to(b, &client[1], 2001);
        send(b, &client[1], STRANGER);
        ask(b, &client[1], method[i]);
        assert_non_null(strstr(client[1].data, "<Status>0</Status>"));
        assert_int_equal(users_stored(b), 0);
        fixture_free(b);
    }
}

/* The nonce is good on the next connection, too (MC). */
static void a_nonce_outlives_its_connection(void **state)
{
    struct fixture *b = smb();

    (void)state;
    connect_to(b, &client[0], 2000);
    send(b, &client[0], STRANGER);
    hang_up(b, &client[0]);
    connect_to(b, &client[1], 2001);
    memcpy(client[1].data, client[0].data, client[0].len + 1);
    ask_version(b, &client[1]);
    assert_non_null(strstr(client[1].data, "<Version>5.0.2</Version>"));
    fixture_free(b);
}

static void byte_by_byte(void **state)
{
    struct fixture *b = smb();

    (void)state;
    connect_to(b, &client[0], 2000);
    for (const char *c = STRANGER; *c; c++)
        segment(b, &client[0], ACK, c, 1);
    assert_non_null(strstr(client[0].data, "HTTP/1.1 401 "));
    fixture_free(b);
}

/* A stranger that reads slowly, asks for more than it takes, and then closes its side: every reply
 * still comes, and the next request is not even looked at before the last one's has arrived. */
static void a_slow_reader(void **state)
{
    struct fixture *b = smb();
    struct client *c = &client[0];
    uint32_t replies = 0;

    (void)state;
    connect_to(b, c, 2000);
    c->window = 100;
    for (int i = 0; i < 4; i++)
        segment(b, c, ACK, PAGE, sizeof(PAGE) - 1);
    assert_true(b->count[TRACE_REQUEST] < 4);
    segment(b, c, FIN | ACK, "", 0);
    assert_false(c->fin);
    c->window = 1000;
    for (int i = 0; i < 100 && !c->fin; i++) {
        fixture_run(b, 100 * MS);
        acknowledge(b, c);
    }
    for (const char *at = c->data; (at = strstr(at, "HTTP/1.1 303 ")); at++)
        replies++;
    assert_true(c->fin);
    assert_int_equal(replies, 4);
    assert_string_equal(c->data + c->len - 4, "\r\n\r\n"); /* the last one whole */
    fixture_free(b);
}

/* Who has logged in may have as much under way as lwIP holds. */
static void a_slow_reader_who_is_known(void **state)
{
    struct fixture *b = smb();
    struct client *c = &client[0];
    uint32_t sent = 0, replies = 0;

    (void)state;
    connect_to(b, c, 2000);
    send(b, c, STRANGER);
    ask_version(b, c);
    c->len = 0;
    c->window = 1;
    while (!b->chip.device.plain.link[0].unwritten) {
        segment(b, c, ACK, LONGER_PAGE, sizeof(LONGER_PAGE) - 1);
        sent++;
        assert_true(sent < 20);
    }
    assert_true(sent > 5);
    segment(b, c, FIN | ACK, "", 0);
    c->window = 1000;
    for (int i = 0; i < 100 && !c->fin; i++) {
        fixture_run(b, 100 * MS);
        acknowledge(b, c);
    }
    for (const char *at = c->data; (at = strstr(at, "HTTP/1.1 200 ")); at++)
        replies++;
    assert_true(c->fin);
    assert_int_equal(replies, sent);
    fixture_free(b);
}

/* Nobody keeps the service by being there: each is served when it asks. */
static void others_are_served(void **state)
{
    struct fixture *b = smb();

    (void)state;
    for (int i = 0; i < 4; i++)
        connect_to(b, &client[i], (uint16_t)(2000 + i));
    for (int round = 0; round < 3; round++)
        for (int i = 3; i >= 0; i--) {
            client[i].len = 0;
            send(b, &client[i], PAGE);
            assert_non_null(strstr(client[i].data, "HTTP/1.1 303 "));
            assert_true(client[i].open);
        }
    fixture_free(b);
}

/* Half a request keeps it for half a second of silence once somebody else waits, and for two
 * seconds in all if it is dripping in. */
static void half_a_request(void **state)
{
    struct fixture *b = smb();

    (void)state;
    for (int drips = 0; drips < 2; drips++) {
        struct client *c = &client[2 * drips], *other = &client[2 * drips + 1];
        uint64_t began = 0;

        connect_to(b, c, (uint16_t)(2000 + drips));
        connect_to(b, other, (uint16_t)(3000 + drips));
        segment(b, c, ACK, "POST ", 5);
        fixture_run(b, 450 * MS);
        assert_true(c->open); /* alone */
        segment(b, c, ACK, "/ ", 2);
        began = b->clock.now_us;
        segment(b, other, ACK, STRANGER, sizeof(STRANGER) - 1);
        assert_int_equal(other->len, 0);
        while (other->len == 0 && b->clock.now_us - began < 5 * SECOND) {
            fixture_run(b, 99 * MS);
            if (drips)
                segment(b, c, ACK, "P", 1);
        }
        assert_true(c->reset);
        assert_non_null(strstr(other->data, "HTTP/1.1 401 "));
        assert_in_range(b->clock.now_us - began, drips ? 650 * MS : 450 * MS,
                        drips ? 1000 * MS : 650 * MS);
        hang_up(b, other);
    }
    fixture_free(b);
}

/* All places taken, by one address: the newcomer gets the place of the oldest one there, but not of
 * one that has logged in. */
static void a_newcomer(void **state)
{
    struct fixture *b = smb();

    (void)state;
    connect_to(b, &client[0], 2000);
    send(b, &client[0], STRANGER);
    ask_version(b, &client[0]);
    for (int i = 1; i < 4; i++)
        connect_to(b, &client[i], (uint16_t)(2000 + i));
    fixture_run(b, 210 * MS);
    connect_to(b, &client[4], 2004);
    assert_true(client[0].open);
    assert_true(client[1].reset);
    for (int i = 2; i < 5; i++) {
        assert_true(client[i].open);
        send(b, &client[i], PAGE);
        assert_non_null(strstr(client[i].data, "HTTP/1.1 303 "));
    }
    client[0].len = 0;
    send(b, &client[0], PAGE);
    assert_non_null(strstr(client[0].data, "HTTP/1.1 303 "));
    fixture_free(b);
}

/* Who has just come has 200 ms to say something. A newcomer that finds no place until then gets one
 * when it comes again, before those that have come in the meantime. */
static void a_newcomer_comes_again(void **state)
{
    struct fixture *b = smb();

    (void)state;
    for (int i = 0; i < 4; i++)
        connect_to(b, &client[i], (uint16_t)(2000 + i));
    connect_to(b, &client[4], 2004);
    assert_false(client[4].open || client[4].reset);
    fixture_run(b, 210 * MS);
    for (int i = 5; i < 9; i++) {
        connect_to(b, &client[i], (uint16_t)(2000 + i));
        assert_true(client[i].open);
        assert_true(client[i - 5].reset);
    }
    connect_to(b, &client[9], 2009);
    assert_false(client[9].open);
    connect_to(b, &client[4], 2004);
    assert_true(client[4].open);
    assert_true(client[5].reset);
    fixture_free(b);
}

/* Nothing said: five seconds. Something said: 30 s from one reply to the end of the next request,
 * for who is silent and for who sends a byte a second. */
static void a_slow_peer(void **state)
{
    struct fixture *b = smb();

    (void)state;
    connect_to(b, &client[2], 3000);
    fixture_run(b, 4900 * MS);
    assert_true(client[2].open);
    fixture_run(b, 200 * MS);
    assert_true(client[2].reset);
    for (int slow = 0; slow < 2; slow++) {
        struct client *c = &client[slow];

        connect_to(b, c, (uint16_t)(2000 + slow));
        send(b, c, PAGE);
        fixture_run(b, 20 * SECOND);
        send(b, c, PAGE);
        if (slow)
            segment(b, c, ACK, "P", 1);
        for (int s = 0; s < 29; s++) {
            fixture_run(b, SECOND);
            if (slow)
                segment(b, c, ACK, "P", 1);
        }
        fixture_run(b, 900 * MS);
        assert_true(c->open);
        fixture_run(b, 1100 * MS);
        assert_true(c->reset);
    }
    fixture_free(b);
}

/* The reply arrives whole before the device closes, and its FIN waits for no more than a moment. */
static void what_cannot_be_read(void **state)
{
    struct fixture *b = smb();

    (void)state;
    connect_to(b, &client[0], 2000);
    send(b, &client[0], "hello\r\nmore of it");
    assert_non_null(strstr(client[0].data, "HTTP/1.1 400 "));
    assert_true(client[0].fin);
    segment(b, &client[0], ACK, "and more", 8);
    assert_false(client[0].reset);
    fixture_run(b, 5 * SECOND); /* we never close */
    assert_true(client[0].reset);
    fixture_free(b);
}

/* Of what a stranger says on a connection that he has kept, or on a new one, nothing counts while
 * the last reply leaves: it would be judged by set-up's rules. The owner gets the reply, also if it
 * has to be sent again. */
static void nobody_else_in_the_last_reply(void **state)
{
    static const struct {
        const char *release, *oem, *method;
        bool closes;
    } row[] = {
        {"5.0.2", "intel", "Unprovision", false},
        {"5.0.3", "bmp-off", "Unprovision", true},
        {"5.0.3", "bmp-off", "PartialUnprovision", false},
        {"5.0.3", "intel", "PartialUnprovision", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct fixture *b = smb_of(row[i].release, row[i].oem);
        struct client *owner = &client[0], *idle = &client[1], *half = &client[2];
        uint32_t requests, frames;

        connect_to(b, idle, 2001);
        send(b, idle, PAGE);
        connect_to(b, owner, 2000);
        send(b, owner, STRANGER);
        connect_again(b, owner);
        connect_to(b, half, 2002);
        owner->window = 30; /* the reply does not leave at once */
        ask(b, owner, row[i].method);
        assert_true(idle->reset);
        assert_true(half->reset);
        requests = b->count[TRACE_REQUEST];
        frames = b->frames;
        connect_to(b, &client[3], 2003);
        assert_false(client[3].open);
        segment(b, idle, ACK, STRANGER, sizeof(STRANGER) - 1);
        fixture_arp_request(b, FIXTURE_IP);
        fixture_run(b, MS);
        if (row[i].closes)
            assert_int_equal(b->frames, frames); /* not one, but to the owner */
        owner->window = 4000;
        for (int n = 0; n < 8 && !owner->fin; n++) {
            acknowledge(b, owner);
            fixture_run(b, 100 * MS);
        }
        assert_non_null(strstr(owner->data, "<Status>0</Status>"));
        assert_true(owner->fin);
        assert_int_equal(b->count[TRACE_REQUEST], requests);
        fixture_run(b, 2 * SECOND);
        connect_to(b, &client[4], 2004);
        assert_false(client[4].open);
        fixture_free(b);
    }
}

/* What is left unsaid when the machine stands still, as a virtual one may, is not said later: the
 * connection has had its time. The next one is served. */
static void time_stands_still(void **state)
{
    static const uint64_t gap[] = {SECOND, 31 * SECOND, MINUTE, 24 * HOUR};

    (void)state;
    for (size_t i = 0; i < COUNT(gap); i++) {
        struct fixture *b = smb();

        connect_to(b, &client[0], 2000);
        segment(b, &client[0], ACK, STRANGER, 40);
        connect_to(b, &client[1], 2001);
        b->clock.now_us += gap[i];
        segment(b, &client[0], ACK, &STRANGER[40], sizeof(STRANGER) - 1 - 40);
        assert_int_equal(client[0].len > 0, gap[i] < 30 * SECOND);
        assert_int_equal(client[0].reset, gap[i] > 30 * SECOND);
        fixture_ack(b, "corp.example");
        connect_to(b, &client[3], 2003);
        send(b, &client[3], STRANGER);
        assert_non_null(strstr(client[3].data, "HTTP/1.1 401 "));
        fixture_free(b);
    }
}

/* Nothing of a thousand connections stays, however they go. */
static void a_thousand_connections(void **state)
{
    struct fixture *b = smb();
    uint32_t entries, bytes, entries_after, bytes_after;

    (void)state;
    connect_to(b, &client[0], 1999);
    send(b, &client[0], PAGE);
    hang_up(b, &client[0]);
    fixture_run(b, SECOND);
    memory(b, &entries, &bytes);
    for (int i = 0; i < 1000; i++) {
        struct client *c = &client[i % CLIENTS];

        connect_to(b, c, (uint16_t)(2000 + i));
        if (c->reset)
            continue;
        switch (i % 5) {
        case 0:
            send(b, c, STRANGER);
            hang_up(b, c);
            break;
        case 1:
            send(b, c, STRANGER);
            segment(b, c, RST, "", 0);
            break;
        case 2:
            send(b, c, "\r\n\x16\x03\x01");
            hang_up(b, c);
            break;
        case 3:
            segment(b, c, ACK, "POST /wsman HTTP/1.1\r\n", 22);
            hang_up(b, c);
            break;
        default:
            send(b, c, "GET / HTTP/1.0\r\n\r\n");
            break; /* we never close */
        }
        fixture_run(b, 100 * MS);
    }
    /* lwIP ages TIME_WAIT only while its timer has something else to do. */
    connect_to(b, &client[0], 1001);
    for (int i = 0; i < 20; i++) {
        send(b, &client[0], PAGE);
        client[0].len = 0;
        fixture_run(b, 20 * SECOND);
        fixture_arp(b, FIXTURE_OTHER_IP);
    }
    hang_up(b, &client[0]);
    fixture_run(b, SECOND);
    memory(b, &entries_after, &bytes_after);
    assert_int_equal(entries_after, entries);
    assert_int_equal(bytes_after, bytes);
    connect_to(b, &client[0], 1000);
    send(b, &client[0], STRANGER);
    assert_non_null(strstr(client[0].data, "HTTP/1.1 401 "));
    fixture_free(b);
}

/* Connections of every kind end with the window, and leave nothing. */
static void the_window_closes(void **state)
{
    struct fixture *b = smb();
    uint32_t entries, bytes, frames;

    (void)state;
    for (int i = 0; i < 3; i++) {
        connect_to(b, &client[i], (uint16_t)(2000 + i));
        segment(b, &client[i], ACK, "POST ", 5);
    }
    memory(b, &entries, &bytes);
    assert_true(entries >= 3);
    b->chip.device.config.oem = oem_find("bmp-off"); /* or its own window would open */
    b->chip.device.config.release = release_find("5.0.3");
    assert_int_equal(device_mebx_full_unprovision(fixture_device(b), fixture_ms(b)), DEVICE_OK);
    assert_null(b->chip.device.net.ports.turns.places.served);
    for (int i = 0; i < 3; i++)
        assert_null(b->chip.device.net.ports.turns.places.connection[i].pcb);
    assert_false(b->chip.device.manage.open);
    frames = b->frames;
    for (int i = 0; i < 3; i++)
        segment(b, &client[i], ACK, "/wsman", 6);
    fixture_run(b, 10 * MINUTE);
    assert_int_equal(b->frames, frames);
    memory(b, &entries, &bytes);
    assert_int_equal(entries, 0);
    fixture_free(b);
}

/* The host gets another address: what was connected to the old one is gone. */
static void the_address_changes(void **state)
{
    struct fixture *b = smb();

    (void)state;
    connect_to(b, &client[0], 2000);
    connect_to(b, &client[1], 2001);
    b->chip.hal.host = HAL_HOST_DOWN; /* the ME leases for itself: nobody answers */
    fixture_run(b, 10 * SECOND);
    assert_null(b->chip.device.net.ports.turns.places.served);
    b->chip.hal.host = HAL_HOST_UP;
    fixture_ack(b, "corp.example");
    fixture_run(b, SECOND);
    fixture_arp(b, FIXTURE_OTHER_IP);
    connect_to(b, &client[2], 2002);
    send(b, &client[2], STRANGER);
    assert_non_null(strstr(client[2].data, "HTTP/1.1 401 "));
    fixture_free(b);
}

/* 192.168.77.60, 255.255.255.0 */
#define NETCONF                                                                                    \
    "<Envelope><Body><SetInterfaceSettings><InterfaceHandle>0</InterfaceHandle>"                   \
    "<InterfaceDescriptor><InterfaceMode>SEPARATE_MAC_ADDRESS</InterfaceMode><IPv4Parameters>"     \
    "<LocalAddress>%u</LocalAddress><SubnetMask>4294967040</SubnetMask></IPv4Parameters>"          \
    "</InterfaceDescriptor></SetInterfaceSettings></Body></Envelope>"

/* The reply leaves from the old address, then the device is at the new one, also after a restart;
 * another setting takes no connection away. */
static void the_address_is_set(void **state)
{
    struct fixture *b = smb();
    uint32_t address = FIXTURE_IP + 10;
    char body[1024];

    (void)state;
    snprintf(body, sizeof(body), NETCONF, address);
    connect_to(b, &client[0], 2000);
    send(b, &client[0], STRANGER);
    ask_service(b, &client[0], "/NetworkAdministrationService", body);
    assert_non_null(strstr(client[0].data, "<Status>0</Status>"));
    assert_true(client[0].fin);
    assert_int_equal(b->chip.device.net.facts.ip, FIXTURE_IP);
    hang_up(b, &client[0]);
    fixture_run(b, 2 * SECOND);
    assert_int_equal(b->chip.device.net.facts.ip, address);
    assert_int_equal(fixture_stored(b).config.fixed.ip, address);
    assert_false(fixture_stored(b).config.dhcp_enabled);
    chip_power(&b->chip, false);
    fixture_run(b, SECOND);
    chip_power(&b->chip, true);
    fixture_run(b, SECOND);
    assert_int_equal(b->chip.device.net.facts.ip, address);
    fixture_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_version_is_read),
        cmocka_unit_test(it_is_unprovisioned),
        cmocka_unit_test(a_user_is_stored),
        cmocka_unit_test(a_users_end),
        cmocka_unit_test(a_nonce_outlives_its_connection),
        cmocka_unit_test(byte_by_byte),
        cmocka_unit_test(a_slow_reader),
        cmocka_unit_test(a_slow_reader_who_is_known),
        cmocka_unit_test(others_are_served),
        cmocka_unit_test(half_a_request),
        cmocka_unit_test(a_newcomer),
        cmocka_unit_test(a_newcomer_comes_again),
        cmocka_unit_test(a_slow_peer),
        cmocka_unit_test(what_cannot_be_read),
        cmocka_unit_test(nobody_else_in_the_last_reply),
        cmocka_unit_test(time_stands_still),
        cmocka_unit_test(a_thousand_connections),
        cmocka_unit_test(the_window_closes),
        cmocka_unit_test(the_address_changes),
        cmocka_unit_test(the_address_is_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
