// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
// once: slow in an emulator; what a hand-shake says is read there by test_tls
#include "tests/fixtures/tls.h"

/* What a client must not be able to do to the set-up port: whatever it sends, and wherever it
 * stops, the next one is served and the device holds what it held before. */

struct watched {
    struct peer *p;
    size_t memory;
};

static void serves(struct peer *p)
{
    assert_int_equal(client_try(p, &test_server), 0);
}

static struct watched begin(void)
{
    struct watched w = {.p = tls_begin("5.0.3", "intel", "corp.example", NULL)};

    serves(w.p); /* the device has its key now */
    w.memory = device_memory(w.p->b);
    return w;
}

/* At the end of the story every buffer has come back. */
static void end(const struct watched *w)
{
    struct fixture *b = w->p->b;
    struct device *d;
    uint32_t entries, heap;

    serves(w->p);
    assert_int_equal(device_memory(b), w->memory);
    assert_int_equal(b->chip.device.setup.state, SETUP_SETUP);
    d = fixture_device(b);
    net_set_now(&d->net, fixture_ms(b));
    net_set_mode(&d->net, NET_CLOSED, NULL);
    ip_stack_run(&d->net.stack, fixture_ms(b) + 600000u);
    ip_stack_memory(&entries, &heap);
    assert_int_equal(entries, 0);
    tls_end(w->p);
}

/* One connection: these bytes, then FIN or RST. */
static void say(struct peer *p, const uint8_t *bytes, size_t len, bool reset)
{
    assert_true(peer_connect(p));
    for (size_t at = 0, n; at < len && p->pcb; at += n) {
        n = peer_put(p, bytes + at, len - at);
        peer_run(p, 10 * MS);
    }
    peer_leave(p, reset);
    peer_run(p, 20 * MS);
}

/* A whole hand-shake whose bytes were spoiled or cut, and how it ended in the device's words. */
static void spoiled(struct peer *p, size_t at, uint8_t by, size_t cut_at, bool reset)
{
    struct client c;

    assert_true(peer_connect(p));
    p->spoil = at;
    p->spoil_by = by;
    p->cut_at = cut_at;
    client_open(&c, p, &test_server);
    for (int i = 0; i < 20; i++) {
        lwip_image_enter(p->image);
        if (!client_waits(mbedtls_ssl_handshake(&c.ssl)) || p->sent >= p->cut_at)
            break;
        peer_run(p, 5 * MS);
    }
    peer_run(p, 5 * MS);
    client_close(&c);
    peer_leave(p, reset);
    p->spoil = p->cut_at = SIZE_MAX;
    peer_run(p, 20 * MS);
}

/* The number of bytes that a good client sends. */
static size_t flight_bytes(struct peer *p)
{
    serves(p);
    return p->sent;
}

static void garbage(void **state)
{
    struct watched w = begin();
    uint8_t bytes[6000];

    (void)state;
    for (uint32_t i = 0; i < 100; i++) {
        size_t len = 1 + rng_next(&w.p->rng) % sizeof(bytes);

        rng_fill(&w.p->rng, bytes, len);
        if (i % 2) /* a record of the right kind */
            memcpy(bytes, "\x16\x03\x01", 3);
        say(w.p, bytes, len, i % 3 == 0);
    }
    say(w.p, (const uint8_t *)"GET / HTTP/1.1\r\n\r\n", 18, false);
    assert_int_equal(w.p->b->count[TRACE_TLS_ACCEPTED], 1);
    assert_int_equal(w.p->b->count[TRACE_TLS_FAILED], LIMIT_TRACES_A_MINUTE); /* and no more */
    peer_run(w.p, MINUTE);
    say(w.p, (const uint8_t *)"GET / HTTP/1.1\r\n\r\n", 18, false);
    assert_int_equal(w.p->b->count[TRACE_TLS_FAILED], LIMIT_TRACES_A_MINUTE + 2);
    assert_string_equal(w.p->b->text[TRACE_TLS_FAILED], "not a TLS hand-shake");
    end(&w);
}

/* A record that says how long it is, and then does not come; and one that says too much. */
static void truncated_and_oversized_records(void **state)
{
    struct watched w = begin();
    uint8_t bytes[300] = {0x16, 3, 1, 0, 0, 1, 0, 0, 0};

    (void)state;
    for (uint32_t len = 0; len <= 0xFFFF; len += len < 8 ? 1 : 4099) {
        bytes[3] = (uint8_t)(len >> 8);
        bytes[4] = (uint8_t)len;
        for (size_t sent = 5; sent < sizeof(bytes); sent += 97)
            say(w.p, bytes, sent, false);
    }
    for (uint32_t len = 0; len <= 0xFFFFFF; len += len < 8 ? 1 : 1300001) {
        bytes[3] = 0;
        bytes[4] = 200;
        bytes[6] = (uint8_t)(len >> 16);
        bytes[7] = (uint8_t)(len >> 8);
        bytes[8] = (uint8_t)len;
        say(w.p, bytes, 205, false);
    }
    end(&w);
}

static void every_byte_of_a_hello_changed(void **state)
{
    static const uint8_t by[] = {0x01, 0x80, 0xFF};
    struct watched w = begin();
    struct client c;
    size_t hello;

    (void)state;
    assert_true(peer_connect(w.p));
    client_open(&c, w.p, &test_server);
    mbedtls_ssl_handshake(&c.ssl);
    hello = w.p->sent;
    client_close(&c);
    peer_leave(w.p, true);
    peer_run(w.p, 20 * MS);
    assert_in_range(hello, 50, 200);
    for (size_t at = 0; at < hello; at++)
        for (size_t i = 0; i < COUNT(by); i++)
            spoiled(w.p, at, by[i], SIZE_MAX, i == 0);
    end(&w);
}

/* The client's second flight: its chain, the key exchange, its signature, Finished. Each spoiled
 * byte ends the hand-shake. */
static void bytes_of_the_second_flight_changed(void **state)
{
    struct watched w = begin();
    size_t total = flight_bytes(w.p);
    uint32_t accepted = w.p->b->count[TRACE_TLS_ACCEPTED];

    (void)state;
    for (size_t at = 120; at < total - 40; at += 23)
        spoiled(w.p, at, (uint8_t)(1u << at % 8), SIZE_MAX, false);
    assert_int_equal(w.p->b->count[TRACE_TLS_ACCEPTED], accepted);
    end(&w);
}

static void disconnects_at_every_place(void **state)
{
    struct watched w = begin();
    size_t total = flight_bytes(w.p);

    (void)state;
    for (size_t at = 0; at < total; at += 17) {
        spoiled(w.p, SIZE_MAX, 0, at, false);
        spoiled(w.p, SIZE_MAX, 0, at, true);
    }
    end(&w);
}

/* One byte a segment: slow, but right. And a client that stops in between runs out of time, though
 * it goes on to send. */
static void slow_bytes(void **state)
{
    struct watched w = begin();
    uint32_t failed;

    (void)state;
    w.p->trickle = true;
    serves(w.p);
    w.p->trickle = false;
    failed = w.p->b->count[TRACE_TLS_FAILED];
    assert_true(peer_connect(w.p));
    for (int i = 0; i < 30 && w.p->pcb; i++) {
        static const uint8_t head[30] = {0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 1};

        peer_put(w.p, head + i, 1);
        peer_run(w.p, 500 * MS);
    }
    assert_null(w.p->pcb);
    assert_int_equal(w.p->b->count[TRACE_TLS_FAILED], failed + 1);
    assert_string_equal(w.p->b->text[TRACE_TLS_FAILED], "no hand-shake in time");
    end(&w);
}

/* Connections that come and go faster than they can be closed in good order. */
static void a_flood_of_connections(void **state)
{
    struct watched w = begin();

    (void)state;
    for (int i = 0; i < 1000; i++) {
        peer_connect(w.p);
        peer_leave(w.p, i % 2);
        peer_run(w.p, 5 * MS);
    }
    peer_run(w.p, 20 * SECOND);
    end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(garbage),
        cmocka_unit_test(truncated_and_oversized_records),
        cmocka_unit_test(every_byte_of_a_hello_changed),
        cmocka_unit_test(bytes_of_the_second_flight_changed),
        cmocka_unit_test(disconnects_at_every_place),
        cmocka_unit_test(slow_bytes),
        cmocka_unit_test(a_flood_of_connections),
    };

    return cmocka_run_group_tests(tests, tls_certificates, NULL);
}
