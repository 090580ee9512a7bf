// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
// once: slow in an emulator, and about memory, not about bytes
#include "tests/fixtures/tls.h"
#include "tests/fixtures/tls_heap.h"

/* mbedTLS's memory runs out, at every single allocation. Who is wrong does not get in by it,
 * nothing is lost by it, and the next client is served. */

static struct peer *begin(const char *oem)
{
    struct peer *p = tls_begin("5.0.3", oem, "corp.example", NULL);

    fixture_device(p->b);
    tls_heap_begin();
    return p;
}

/* The device gives its own key up, and with it all that it holds. */
static void finish(struct peer *p)
{
    tls_forget_keys(&fixture_device(p->b)->tls);
    assert_int_equal(tls_heap.held, 0);
    tls_end(p);
}

static int try_with(struct peer *p, const struct client_spec *spec, uint32_t fail_at)
{
    int error;

    tls_heap_fail(fail_at);
    error = client_try(p, spec);
    tls_heap.fail_at = 0;
    return error;
}

/* Some of mbedTLS's functions say no more than that something cannot be read, or does not fit. But
 * a chain is never judged by what was left of it. */
static void expect_no_verdict(const struct fixture *b)
{
    const char *text = b->text[TRACE_TLS_REFUSED];

    if (strcmp(text, "the client's key is not the PPS") != 0)
        assert_string_equal(text, "a certificate of the client cannot be read");
}

static void every_allocation(struct peer *p, const struct client_spec *spec, const char *who)
{
    const struct fixture *b = p->b;
    uint32_t calls, held;

    tls_accepted(p, spec, who); /* the device's own key is there */
    held = tls_heap.held;
    assert_int_equal(try_with(p, spec, 0), 0);
    calls = tls_heap.calls;
    assert_true(calls > 20);
    for (uint32_t nth = 1; nth <= calls; nth += SLOW_BUILD_STEP) {
        uint32_t refused = b->count[TRACE_TLS_REFUSED];

        try_with(p, spec, nth);
        if (b->count[TRACE_TLS_REFUSED] > refused)
            expect_no_verdict(b);
        assert_int_equal(try_with(p, spec, 0), 0);
        assert_string_equal(b->text[TRACE_TLS_ACCEPTED], who);
        assert_int_equal(tls_heap.held, held);
    }
}

static void of_a_hand_shake_with_certificates(void **state)
{
    struct peer *p = begin("intel");

    (void)state;
    every_allocation(p, &test_server, "sca.corp.example");
    finish(p);
}

static void of_a_hand_shake_with_a_key(void **state)
{
    struct peer *p = begin("psk-loaded");
    struct client_spec spec = {.identity = "0000037M", .psk = p->b->chip.config.oem->pps};

    (void)state;
    every_allocation(p, &spec, "0000037M");
    finish(p);
}

/* A chain without a root that counts is refused whatever cannot be read of it. */
static void of_one_that_is_refused(void **state)
{
    const struct client_spec spec = {.chain = {&test_leaf}, .key = KEY_LEAF};
    struct peer *p = begin("intel");
    uint32_t calls;

    (void)state;
    tls_accepted(p, &test_server, "sca.corp.example");
    assert_int_not_equal(try_with(p, &spec, 0), 0);
    calls = tls_heap.calls;
    for (uint32_t nth = 1; nth <= calls; nth += SLOW_BUILD_STEP) {
        assert_int_not_equal(try_with(p, &spec, nth), 0);
        peer_run(p, 4 * SECOND);
    }
    assert_int_equal(p->b->count[TRACE_TLS_ACCEPTED], 1);
    finish(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_a_hand_shake_with_certificates),
        cmocka_unit_test(of_a_hand_shake_with_a_key),
        cmocka_unit_test(of_one_that_is_refused),
    };

    return cmocka_run_group_tests_name("tls_memory", tests, tls_certificates, NULL);
}
