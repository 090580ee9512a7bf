// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include <stdio.h>

#include "tests/fixtures/device.h"
#include "tests/fixtures/machine.h"

#include "fw/core/bytes.h"
#include "fw/core/event_log.h"
#include "fw/core/trace.h"
#include "fw/core/users.h"
#include "fw/manage/digest.h"

/* Serial over LAN on a whole device: port 16994, segment by segment, beside the configuration
 * service on 16992. */

#define SYN PACKET_TCP_SYN
#define FIN PACKET_TCP_FIN
#define ACK PACKET_TCP_ACK
#define HTTP 16992
#define SOL 16994
#define PEERS 6

#define START "\x10\0\0\0SOL "
#define LOG_IN "\x13\0\0\0\1\x0F\0\0\0\5admin\x08P@ssw0rd"
#define WRONG "\x13\0\0\0\1\x0F\0\0\0\5admin\x08P@ssw0rx"
/* 10 s of silence, a heartbeat each 5 s */
#define BEGIN "\x20\0\0\0\0\0\0\0\xE8\3\x64\0\0\0\x10\x27\0\0\x88\x13\0\0\0\0"
/* neither: a console that need not say anything */
#define BEGIN_QUIET "\x20\0\0\0\0\0\0\0\xE8\3\x64\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define ALIVE "\x2B\0\0\0\0\0\0\0"

/* The other station's end of a connection. */
struct peer {
    uint16_t mine, theirs;
    uint32_t seq, ack;
    bool open, fin, reset;
    uint8_t data[4096];
    size_t len;
};

static struct peer peer[PEERS];
static struct machine_fixture machine;

static void on_frame(struct fixture *b, const struct packet *p, size_t len)
{
    uint32_t seq = packet_get32(b->last_bytes + 38);

    (void)len;
    for (int i = 0; p->kind == PACKET_TCP && i < PEERS; i++) {
        struct peer *c = &peer[i];

        if (c->mine != p->dst_port || c->theirs != p->src_port)
            continue;
        if (p->tcp_flags & PACKET_TCP_RST) {
            c->reset = true;
            c->open = false;
        } else if (p->tcp_flags & SYN) {
            c->open = true;
            c->ack = seq + 1;
        } else if (seq == c->ack) {
            assert_true(c->len + p->payload_len < sizeof(c->data));
            memcpy(c->data + c->len, p->payload, p->payload_len);
            c->len += p->payload_len;
            c->data[c->len] = '\0';
            c->ack += (uint32_t)p->payload_len + (p->tcp_flags & FIN ? 1 : 0);
            c->fin = c->fin || p->tcp_flags & FIN;
        }
    }
}

static void segment(struct fixture *b, struct peer *c, uint8_t flags, const char *data, size_t len)
{
    uint8_t tcp[520] = {0};

    assert_true(len <= 500);
    packet_put16(tcp, c->mine);
    packet_put16(tcp + 2, c->theirs);
    packet_put32(tcp + 4, c->seq);
    packet_put32(tcp + 8, c->ack);
    tcp[12] = 0x50;
    tcp[13] = flags;
    packet_put16(tcp + 14, 4096);
    memcpy(tcp + 20, data, len);
    fixture_ipv4(b, FIXTURE_TCP, tcp, 20 + len, 16);
    c->seq += (uint32_t)len + (flags & (SYN | FIN) ? 1 : 0);
    fixture_run(b, MS);
}

static void acknowledge(struct fixture *b, struct peer *c)
{
    segment(b, c, ACK, "", 0);
}

#define SEND(b, c, text) send_bytes(b, c, text, sizeof(text) - 1)
static void send_bytes(struct fixture *b, struct peer *c, const char *bytes, size_t len)
{
    c->len = 0;
    segment(b, c, ACK, bytes, len);
    acknowledge(b, c);
}

static struct peer *connect_to(struct fixture *b, int i, uint16_t port)
{
    struct peer *c = &peer[i];
    uint16_t last = c->mine;

    memset(c, 0, sizeof(*c));
    c->mine = (uint16_t)(last ? last + 10 : 2000 + i);
    c->theirs = port;
    c->seq = 1000u * c->mine;
    segment(b, c, SYN, "", 0);
    if (!c->open && !c->reset)
        fixture_arp(b, FIXTURE_OTHER_IP);
    if (c->open)
        acknowledge(b, c);
    return c;
}

/* Provisioned, with a machine; the operating system up. */
static struct fixture *begin_as(const char *release, enum provisioning_mode mode, uint8_t mebx,
                                uint32_t service)
{
    struct fixture *b = fixture_new(release, "intel");
    struct settings s = fixture_provisioned(b);

    s.config.mode = (uint8_t)mode;
    s.config.tls_off = mode == MODE_ENTERPRISE;
    s.config.redirection = mebx;
    s.config.redirect_service = service;
    fixture_store(b, &s);
    memset(peer, 0, sizeof(peer));
    machine_fixture_init(&machine);
    b->chip.hal.hal.machine = &machine.hal;
    b->on_frame = on_frame;
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    fixture_run(b, SECOND);
    fixture_arp(b, FIXTURE_OTHER_IP);
    return b;
}

static struct fixture *begin(void)
{
    return begin_as("5.0.3", MODE_SMB, REDIRECTION_ALL, 0);
}

#define OPEN(b, i, log_in, begin)                                                                  \
    open_with(b, i, log_in, sizeof(log_in) - 1, begin, sizeof(begin) - 1)
static struct peer *open_with(struct fixture *b, int i, const char *log_in, size_t log_in_len,
                              const char *begin, size_t begin_len)
{
    struct peer *c = connect_to(b, i, SOL);

    SEND(b, c, START);
    assert_int_equal(c->len, 13);
    send_bytes(b, c, log_in, log_in_len);
    assert_int_equal(c->len, 9);
    assert_int_equal(c->data[1], 0);
    send_bytes(b, c, begin, begin_len);
    assert_int_equal(c->data[0], 0x21);
    fixture_run(b, 200 * MS);
    acknowledge(b, c);
    return c;
}

static struct peer *open_sol(struct fixture *b, int i)
{
    return OPEN(b, i, LOG_IN, BEGIN);
}

static bool is_open(struct fixture *b)
{
    return redirect_is_open(&b->chip.device.redirect);
}

/* A request without a password, on a connection of its own: it is answered. */
static bool http_answers(struct fixture *b, int i)
{
    struct peer *c = connect_to(b, i, HTTP);

    SEND(b, c, "POST /wsman HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    return strstr((const char *)c->data, "HTTP/1.1 401 ") != NULL;
}

static void typed_and_shown(void **state)
{
    struct fixture *b = begin();
    struct peer *c = open_sol(b, 0);

    (void)state;
    assert_int_equal(b->count[TRACE_REDIRECTION], 1);
    SEND(b, c, "\x28\0\0\0\0\0\0\0\3\0ls\r");
    assert_memory_equal(machine.heard, "ls\r", 3);
    c->len = 0;
    machine_fixture_say(&machine, "file");
    fixture_run(b, 30 * MS);
    assert_int_equal(c->len, 14);
    assert_int_equal(c->data[0], 0x2A);
    assert_memory_equal(c->data + 10, "file", 4);
    fixture_free(b);
}

/* Bit 2 of a 29's second byte: the system has power (AT). Nothing is known of one that is not
 * there. */
static void power_is_told(void **state)
{
    static const enum machine_state now[] = {MACHINE_S5, MACHINE_S0, MACHINE_S3};
    struct fixture *b = begin();
    struct peer *c = open_sol(b, 0);

    (void)state;
    for (size_t i = 0; i < sizeof(now) / sizeof(now[0]); i++) {
        c->len = 0;
        machine.state = now[i];
        fixture_run(b, 100 * MS);
        assert_int_equal(c->len, 10);
        assert_int_equal(c->data[0], 0x29);
        assert_int_equal((c->data[9] & 4) != 0, now[i] == MACHINE_S0);
        acknowledge(b, c);
    }
    fixture_free(b);
}

/* The machine is shut down: the address that its host had stays while somebody is at its line, and
 * is not kept for a web page's connection. */
static void the_address_stays_for_the_line(void **state)
{
    (void)state;
    for (int line = 0; line <= 1; line++) {
        struct fixture *b = begin();
        struct peer *c = line ? open_sol(b, 0) : connect_to(b, 0, HTTP);
        uint32_t before = b->count[TRACE_ADDRESS];

        assert_true(c->open);
        b->chip.hal.host = HAL_HOST_DOWN;
        chip_poll(&b->chip);
        fixture_run(b, SECOND);
        assert_int_equal(b->count[TRACE_ADDRESS], before + (line ? 0 : 1));
        assert_int_equal(is_open(b), line);
        fixture_free(b);
    }
}

static void http_beside_it(void **state)
{
    struct fixture *b = begin();
    struct peer *c = open_sol(b, 0);

    (void)state;
    for (int i = 0; i < 20; i++) {
        assert_true(http_answers(b, 1));
        SEND(b, c, ALIVE);
        machine_fixture_say(&machine, "x");
        fixture_run(b, SECOND);
        assert_true(c->len >= 11);
        acknowledge(b, c);
        assert_true(c->open);
    }
    fixture_free(b);
}

/* Somebody who has not logged in, and one with a wrong password, in every place that there is. */
static void the_owner_is_served(void **state)
{
    struct fixture *b = begin();
    struct peer *c;

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (int i = 1; i < PEERS; i++) {
            c = connect_to(b, i, SOL);
            if (c->open && round > 0)
                SEND(b, c, START);
            if (c->open && round > 1)
                SEND(b, c, WRONG);
        }
        fixture_run(b, 15 * SECOND);
        assert_true(http_answers(b, 1));
        c = open_sol(b, 0);
        segment(b, c, FIN | ACK, "", 0);
        fixture_run(b, SECOND);
        assert_false(is_open(b));
    }
    fixture_free(b);
}

static void a_second_one_is_told_busy(void **state)
{
    struct fixture *b = begin();
    struct peer *c = open_sol(b, 0), *d = connect_to(b, 1, SOL);

    (void)state;
    SEND(b, d, START);
    assert_int_equal(d->len, 13);
    assert_int_equal(d->data[1], 2);
    assert_true(d->fin);
    assert_true(c->open && !c->fin);
    fixture_free(b);
}

/* S3's ports accept, and what is not enabled is reset: VPRO09; MEBX7; G-redir. */
static void when_it_is_open(void **state)
{
    static const struct {
        const char *release;
        enum provisioning_mode mode;
        uint8_t mebx;
        uint32_t service; /* as set by an administrator: redirection.h */
        bool listens, sol;
    } row[] = {
        {"5.0.3", MODE_SMB, REDIRECTION_ALL, 0, true, true},
        {"5.0.3", MODE_SMB, REDIRECTION_IDER, 0, true, false},
        {"5.0.3", MODE_SMB, REDIRECTION_ALL, 0x10, true, false}, /* switched off */
        {"5.0.3", MODE_ENTERPRISE, REDIRECTION_ALL, 0, false, false},
        {"5.0.3", MODE_ENTERPRISE, REDIRECTION_ALL, 0x11, false, false},
        {"5.0.3", MODE_ENTERPRISE, REDIRECTION_ALL, 0x20, true, false},
        {"5.0.3", MODE_ENTERPRISE, REDIRECTION_ALL, 0x31, true, true},
        {"5.0.3", MODE_ENTERPRISE, REDIRECTION_IDER, 0x33, true, false},
        {"6.0", MODE_ENTERPRISE, REDIRECTION_ALL, 0, false, false},
        {"6.0", MODE_ENTERPRISE, REDIRECTION_ALL, 0x31, true, true},
        {"6.0", MODE_ENTERPRISE, REDIRECTION_ALL | REDIRECTION_LEGACY, 0, true, true},
        {"5.0.3", MODE_ENTERPRISE, REDIRECTION_ALL | REDIRECTION_LEGACY, 0, false, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct fixture *b = begin_as(row[i].release, row[i].mode, row[i].mebx, row[i].service);
        struct peer *c = connect_to(b, 0, SOL);

        SEND(b, c, START);
        assert_int_equal(c->reset, !row[i].listens);
        if (row[i].listens)
            assert_int_equal(c->data[1], row[i].sol ? 0 : 3);
        fixture_free(b);
    }
}

/* The host's driver asks who is there (LMS-cim). */
static void the_host_sees_it(void **state)
{
    static const uint8_t ask[] = {1, 1, 0, 0, 0x49, 0, 0, 4, 4, 0, 0, 0, 0, 0, 0, 0};
    struct fixture *b = begin();

    (void)state;
    assert_true(virtual_message_in(&b->chip.hal, ask, sizeof(ask)));
    chip_poll(&b->chip);
    assert_int_equal(b->answer_len, 32);
    assert_int_equal(b->answer[24], 0);
    open_sol(b, 0);
    assert_true(virtual_message_in(&b->chip.hal, ask, sizeof(ask)));
    chip_poll(&b->chip);
    assert_int_equal(b->answer_len, 32);
    assert_int_equal(b->answer[20], 0); /* IDE-R */
    assert_int_equal(b->answer[24], 1);
    fixture_free(b);
}

/* Whatever ends the service ends it, too. */
static void it_ends_with_the_window(void **state)
{
    struct fixture *b = begin();

    (void)state;
    open_sol(b, 0);
    assert_int_equal(device_mebx_full_unprovision(fixture_device(b), fixture_ms(b)), DEVICE_OK);
    fixture_run(b, SECOND);
    assert_false(is_open(b));
    assert_int_equal(b->count[TRACE_REDIRECTION], 2);
    fixture_free(b);
}

/* In MEBx, while it goes on. */
static void it_ends_in_mebx(void **state)
{
    struct fixture *b = begin();
    struct peer *c = open_sol(b, 0);

    (void)state;
    b->chip.device.settings.config.redirection = REDIRECTION_IDER;
    fixture_run(b, 100 * MS);
    assert_true(c->fin);
    fixture_free(b);
}

#define ANN "\x13\0\0\0\1\x0D\0\0\0\3ann\x08P@ssw0rd"
#define REDIRECTS REALM_BIT(REALM_REDIRECTION)

static void hash_of(const uint8_t *uuid, const char *password, uint8_t hash[LIMIT_USER_HASH])
{
    char realm[DIGEST_REALM];

    digest_realm(uuid, realm);
    md5_of(
        (const struct md5_part[]){
            {"ann:", 4}, {realm, strlen(realm)}, {":", 1}, {password, strlen(password)}},
        4, hash);
}

static void change_users(struct settings *s, const uint8_t *uuid, char what)
{
    struct users *users = &s->secret.users;
    uint8_t hash[LIMIT_USER_HASH];
    struct user_values ann = {
        .name = "ann", .hash = hash, .access = USER_ACCESS_ANY, .realms = REDIRECTS};
    uint32_t handle;

    hash_of(uuid, what == 'p' ? "another" : "P@ssw0rd", hash);
    if (what == 'r')
        ann.realms = REALM_BIT(REALM_EVENT_LOG_READER);
    if (what == 'l')
        ann.access = USER_ACCESS_LOCAL;
    if (what == 'n' || what == 'b')
        ann.name = what == 'b' ? "bob" : "anna";
    if (what == 'a' || what == 'b')
        users_add(users, &ann, "admin", &handle);
    else if (what == '-')
        users_remove(users, 1);
    else if (what == 'd')
        users_enable(users, 1, false);
    else if (what == 'm')
        s->secret.password[0] ^= 1;
    else
        users_update(users, 1, &ann, "admin");
}

static void store_users(struct fixture *b, char what)
{
    const struct manage_device *device = &b->chip.device.manage.device;

    change_users(device->draft(device->ctx), b->chip.device.config.uuid, what);
    assert_int_equal(device->store(device->ctx, false), 0);
}

/* Whatever makes another of the account that has logged in: removed, disabled, with another
 * password or name, without the right, good only from the machine. What happens to others is
 * nothing to it. */
static void a_session_ends_with_its_account(void **state)
{
    static const struct {
        char change;
        bool admin, ends;
    } row[] = {{'-', false, true}, {'d', false, true}, {'p', false, true},  {'n', false, true},
               {'r', false, true}, {'l', false, true}, {'b', false, false}, {'=', false, false},
               {'m', true, true},  {'-', true, false}, {'b', true, false},  {'m', false, false}};

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct fixture *b = begin();
        struct peer *c;

        store_users(b, 'a');
        c = row[i].admin ? OPEN(b, 0, LOG_IN, BEGIN) : OPEN(b, 0, ANN, BEGIN);
        store_users(b, row[i].change);
        machine_fixture_say(&machine, "secret");
        c->len = 0;
        fixture_run(b, 100 * MS);
        if (is_open(b) == row[i].ends || c->fin != row[i].ends || (c->len == 0) != row[i].ends)
            fail_msg("change %c, %s", row[i].change, row[i].admin ? "administrator" : "user");
        fixture_free(b);
    }
}

/* Whatever segments it comes in, all at once included. */
static void in_any_two_pieces(void **state)
{
    static const char talk[] = START LOG_IN BEGIN "\x28\0\0\0\0\0\0\0\3\0ls\r";
    size_t len = sizeof(talk) - 1;

    (void)state;
    for (size_t cut = 0; cut < len; cut++) {
        struct fixture *b = begin();
        struct peer *c = connect_to(b, 0, SOL);

        if (cut > 0)
            segment(b, c, ACK, talk, cut);
        acknowledge(b, c);
        fixture_run(b, 100 * MS); /* somebody else is served meanwhile */
        assert_true(http_answers(b, 1));
        segment(b, c, ACK, talk + cut, len - cut);
        acknowledge(b, c);
        fixture_run(b, 300 * MS);
        if (machine.heard_len != 3 || memcmp(machine.heard, "ls\r", 3) != 0)
            fail_msg("cut at %zu", cut);
        fixture_free(b);
    }
}

static void byte_by_byte(void **state)
{
    static const char talk[] = START LOG_IN BEGIN "\x28\0\0\0\0\0\0\0\3\0ls\r";
    struct fixture *b = begin();
    struct peer *c = connect_to(b, 0, SOL);

    (void)state;
    for (size_t i = 0; i < sizeof(talk) - 1; i++) {
        segment(b, c, ACK, talk + i, 1);
        acknowledge(b, c);
        fixture_run(b, 50 * MS);
    }
    assert_int_equal(machine.heard_len, 3);
    assert_memory_equal(machine.heard, "ls\r", 3);
    fixture_free(b);
}

/* Nothing is heard of a console any more that has asked for no time-outs: the line is free again
 * after a minute. Where its TCP answers, it may be silent for as long as it likes. */
static void a_console_that_is_gone(void **state)
{
    struct fixture *b = begin();
    struct peer *c = OPEN(b, 0, LOG_IN, BEGIN_QUIET);

    (void)state;
    for (int i = 0; i < 100; i++) {
        fixture_run(b, 8 * SECOND);
        acknowledge(b, c);
    }
    assert_true(is_open(b));
    fixture_run(b, 59 * SECOND);
    assert_true(is_open(b));
    fixture_run(b, 3 * SECOND);
    assert_false(is_open(b));
    open_sol(b, 1);
    fixture_free(b);
}

/* A console that takes nothing in while the machine talks holds what lwIP lets it: others are
 * served, and an administrator ends it in a moment. */
static void a_console_that_is_deaf(void **state)
{
    struct fixture *b = begin();

    (void)state;
    OPEN(b, 0, LOG_IN, BEGIN_QUIET);
    for (int i = 0; i < 20; i++) {
        memset(machine.said, 'x', sizeof(machine.said));
        machine.said_len = sizeof(machine.said);
        fixture_run(b, SECOND);
        assert_true(is_open(b));
        assert_true(http_answers(b, 1));
    }
    redirect_end_all(&b->chip.device.redirect); /* by a request: */
    assert_true(http_answers(b, 1));
    assert_false(is_open(b));
    open_sol(b, 2);
    fixture_free(b);
}

/* In the event log: IPMI's sensor type 2Ah, and 06 for ten wrong passwords, of either door. */
static void the_log_tells_of_it(void **state)
{
    static const uint8_t sensor[] = {0x06, 0x2A, 0x2A}, offset[] = {5, 1, 0}; /* newest first */
    struct fixture *b = begin();
    struct peer *c = open_sol(b, 0);

    (void)state;
    SEND(b, c, "\x12\0\0\0");
    fixture_run(b, SECOND);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(b->chip.device.log.count, 2);
        c = connect_to(b, 1, SOL);
        SEND(b, c, START);
        SEND(b, c, WRONG);
        fixture_run(b, 5 * SECOND);
    }
    assert_int_equal(b->chip.device.log.count, 3);
    event_log_begin(&b->chip.device.log);
    for (uint32_t i = 0; i < COUNT(sensor); i++) {
        const uint8_t *record = event_log_at(&b->chip.device.log, i + 1);

        assert_int_equal(record[5], sensor[i]);
        assert_int_equal(record[7], offset[i]);
    }
    fixture_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typed_and_shown),
        cmocka_unit_test(power_is_told),
        cmocka_unit_test(the_address_stays_for_the_line),
        cmocka_unit_test(http_beside_it),
        cmocka_unit_test(the_owner_is_served),
        cmocka_unit_test(a_second_one_is_told_busy),
        cmocka_unit_test(when_it_is_open),
        cmocka_unit_test(the_host_sees_it),
        cmocka_unit_test(it_ends_with_the_window),
        cmocka_unit_test(it_ends_in_mebx),
        cmocka_unit_test(a_session_ends_with_its_account),
        cmocka_unit_test(in_any_two_pieces),
        cmocka_unit_test(byte_by_byte),
        cmocka_unit_test(a_console_that_is_gone),
        cmocka_unit_test(a_console_that_is_deaf),
        cmocka_unit_test(the_log_tells_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
