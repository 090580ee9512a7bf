// links: @fw @sim @lwip
#include "tests/fixtures/tls.h"

#include <mbedtls/platform.h>

/* mbedTLS's memory runs out, at every single allocation. Who is right is not called wrong for it, who is
 * wrong does not get in by it, nothing is lost by it, and the next client is served. */

static struct {
    uint32_t calls, fail_at; /* of calls, from 1; 0 = none */
    uint32_t held;
} heap;

static void *heap_calloc(size_t n, size_t size)
{
    void *block = ++heap.calls == heap.fail_at ? NULL : calloc(n, size);

    heap.held += block != NULL;
    return block;
}

static void heap_free(void *block)
{
    heap.held -= block != NULL;
    free(block);
}

/* From here on the heap counts that lwIP's present image allocates from. */
static void take_heap(void)
{
    memset(&heap, 0, sizeof(heap));
    assert_int_equal(mbedtls_platform_set_calloc_free(heap_calloc, heap_free), 0);
}

static struct peer *begin(const char *oem)
{
    struct peer *p = tls_begin("5.0.3", oem, "corp.example", NULL);

    fixture_device(p->b);
    take_heap();
    return p;
}

static int try_with(struct peer *p, const struct client_spec *spec, uint32_t fail_at)
{
    int error;

    heap.calls = 0;
    heap.fail_at = fail_at;
    error = client_try(p, spec);
    heap.fail_at = 0;
    return error;
}

static void every_allocation(struct peer *p, const struct client_spec *spec, const char *who)
{
    const struct fixture *b = p->b;
    uint32_t calls, held, refused;

    tls_accepted(p, spec, who); /* the device's own key is there */
    held = heap.held;
    assert_int_equal(try_with(p, spec, 0), 0);
    calls = heap.calls;
    assert_true(calls > 20);
    refused = b->count[TRACE_TLS_REFUSED];
    for (uint32_t nth = 1; nth <= calls; nth++) {
        uint32_t failed = b->count[TRACE_TLS_FAILED];

        print_message("%u/%u %d\n", nth, calls, try_with(p, spec, nth));
        if (b->count[TRACE_TLS_REFUSED] != refused) { print_message("REFUSED %s\n", b->text[TRACE_TLS_REFUSED]); refused = b->count[TRACE_TLS_REFUSED]; }
        if (b->count[TRACE_TLS_FAILED] > failed)
            assert_memory_equal(b->text[TRACE_TLS_FAILED], "out of memory", 13);
        assert_int_equal(heap.held, held);
        peer_run(p, 4 * SECOND); /* of strangers only so much is said a minute */
    }
    tls_accepted(p, spec, who);
    assert_int_equal(heap.held, held);
}

static void of_a_hand_shake_with_certificates(void **state)
{
    struct peer *p = begin("intel");

    (void)state;
    every_allocation(p, &test_server, "sca.corp.example");
    tls_end(p);
}

static void of_a_hand_shake_with_a_key(void **state)
{
    struct peer *p = begin("psk-loaded");
    struct client_spec spec = {.identity = "0000037M", .psk = p->b->chip.config.oem->pps};

    (void)state;
    every_allocation(p, &spec, "0000037M");
    tls_end(p);
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
    calls = heap.calls;
    for (uint32_t nth = 1; nth <= calls; nth++) {
        assert_int_not_equal(try_with(p, &spec, nth), 0);
        peer_run(p, 4 * SECOND);
    }
    assert_int_equal(p->b->count[TRACE_TLS_ACCEPTED], 1);
    tls_end(p);
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
