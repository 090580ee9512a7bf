// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
// once: slow in an emulator, and about memory, not about bytes
#include "tests/fixtures/tls.h"
#include "tests/fixtures/tls_heap.h"

#include "fw/net/tls_identity.h"

/* The device's own key and certificate, while memory or randomness runs out at every single place:
 * there is none, or a right one; nothing is lost; and what was there before stays. */

static struct lwip_image *image;
static struct rng rng;
static uint32_t fills, fail_fill;
static uint8_t primes[LIMIT_OWN_KEY];
static size_t primes_len;

static int fill(void *ctx, void *out, size_t len)
{
    if (++fills == fail_fill)
        return -1;
    rng_fill(ctx, out, len);
    return 0;
}

static const struct hal_entropy entropy = {.ctx = &rng, .fill = fill};

static int begin(void **state)
{
    tls_certificates(state);
    image = lwip_image_new();
    lwip_image_enter(image);
    tls_heap_begin();
    rng_seed(&rng, 1, "own key");
    return tls_identity_read_key(test_key[KEY_LEAF].bytes, test_key[KEY_LEAF].len, primes,
                                 &primes_len)
               ? 0
               : -1;
}

static int end(void **state)
{
    (void)state;
    lwip_image_free(image);
    return 0;
}

/* --- made by the device --- */

/* One step before its second prime is found. */
static void almost(struct tls_identity *id)
{
    size_t half = primes_len / 2;

    tls_heap_fail(0);
    tls_identity_begin(id, 1024, &entropy);
    assert_int_equal(mbedtls_mpi_read_binary(&id->prime, primes, half), 0);
    assert_int_equal(mbedtls_mpi_read_binary(&id->candidate, primes + half, half), 0);
    assert_int_equal(mbedtls_mpi_sub_int(&id->candidate, &id->candidate, 2), 0);
}

/* Ready, or nothing at all. */
static void last_step(uint32_t fail_block, uint32_t fail_random)
{
    struct tls_identity id;
    enum tls_identity_state state;

    almost(&id);
    tls_heap_fail(fail_block);
    fills = 0;
    fail_fill = fail_random;
    state = tls_identity_step(&id);
    tls_heap.fail_at = fail_fill = 0;
    assert_int_not_equal(state, TLS_IDENTITY_BUSY);
    assert_int_equal(tls_identity_step(&id), state);
    if (state == TLS_IDENTITY_READY) {
        uint8_t out[LIMIT_OWN_KEY];

        assert_int_equal(tls_identity_primes(&id, out), primes_len);
        assert_memory_equal(out, primes, primes_len);
        assert_int_equal(mbedtls_pk_check_pair(&id.certificate.pk, &id.key), 0);
    }
    tls_identity_free(&id);
    assert_int_equal(tls_heap.held, 0);
}

static void the_last_step(void **state)
{
    uint32_t blocks, numbers;

    (void)state;
    last_step(0, 0);
    blocks = tls_heap.calls;
    numbers = fills;
    assert_true(blocks > 50 && numbers > 2);
    for (uint32_t nth = 1; nth <= blocks; nth += SLOW_BUILD_STEP)
        last_step(nth, 0);
    for (uint32_t nth = 1; nth <= numbers; nth += SLOW_BUILD_STEP)
        last_step(0, nth);
}

/* The first candidate is drawn, and tried. */
static void the_first_step(void **state)
{
    for (uint32_t nth = 1; nth <= 12; nth++) {
        struct tls_identity id;
        enum tls_identity_state got;

        (void)state;
        tls_identity_begin(&id, 1024, &entropy);
        tls_heap_fail(nth);
        got = tls_identity_step(&id);
        if (tls_heap.calls >= nth)
            assert_int_equal(got, TLS_IDENTITY_FAILED);
        tls_identity_free(&id);
        assert_int_equal(tls_heap.held, 0);
    }
    tls_heap_fail(0);
}

/* --- given by a server --- */

static uint32_t install(struct tls_keys *keys, uint32_t nth)
{
    uint32_t status;

    tls_heap_fail(nth);
    status = tls_keys_install(keys, test_key[KEY_LEAF].bytes, test_key[KEY_LEAF].len,
                              test_leaf.bytes, test_leaf.len);
    tls_heap.fail_at = 0;
    return status;
}

static void a_pair_that_is_given(void **state)
{
    struct tls_keys keys = {.entropy = &entropy};
    struct tls_keys_committed own;
    uint32_t calls, held;

    (void)state;
    assert_int_equal(install(&keys, 0), PT_STATUS_SUCCESS);
    calls = tls_heap.calls;
    held = tls_heap.held;
    for (uint32_t nth = 1; nth <= calls; nth += SLOW_BUILD_STEP) {
        install(&keys, nth);
        assert_int_equal(tls_heap.held, held); /* the earlier one, or the new one in its place */
        assert_true(tls_keys_after_commit(&keys, &own));
        assert_true(own.pending);
        assert_memory_equal(own.certificate, test_leaf.bytes, test_leaf.len);
    }
    tls_keys_forget_pending(&keys);
    assert_int_equal(tls_heap.held, 0);
    tls_heap_fail(1);
    assert_int_equal(tls_keys_install_key(&keys, test_key[KEY_LEAF].bytes, test_key[KEY_LEAF].len),
                     PT_STATUS_NOT_ENOUGH_STORAGE);
    assert_false(tls_keys_after_commit(&keys, &own));
}

/* What no device could keep, and a certificate without a key, or for another's. */
static void what_is_not_taken(void **state)
{
    static uint8_t long_certificate[LIMIT_OWN_CERTIFICATE + 1];
    struct tls_keys keys = {.entropy = &entropy};
    struct tls_keys_committed own;

    (void)state;
    tls_heap_fail(0);
    assert_int_equal(tls_keys_install_certificate(&keys, test_leaf.bytes, test_leaf.len),
                     PT_STATUS_CERT_KEY_NOT_MATCH);
    assert_int_equal(tls_keys_install(&keys, test_key[KEY_LEAF].bytes, test_key[KEY_LEAF].len,
                                      long_certificate, sizeof(long_certificate)),
                     PT_STATUS_NOT_ENOUGH_STORAGE);
    assert_int_equal(tls_keys_install(&keys, test_key[KEY_OTHER].bytes, test_key[KEY_OTHER].len,
                                      test_leaf.bytes, test_leaf.len),
                     PT_STATUS_CERT_KEY_NOT_MATCH);
    assert_int_equal(tls_keys_install_key(&keys, test_leaf.bytes, test_leaf.len),
                     PT_STATUS_INVALID_KEY);
    assert_false(tls_keys_after_commit(&keys, &own));
    assert_int_equal(tls_heap.held, 0);
    /* A second certificate needs a key of its own. */
    assert_int_equal(install(&keys, 0), PT_STATUS_SUCCESS);
    assert_int_equal(tls_keys_install_certificate(&keys, test_leaf.bytes, test_leaf.len),
                     PT_STATUS_CERT_KEY_NOT_MATCH);
    tls_keys_forget_pending(&keys);
}

/* --- stored --- */

static int stored(void *ctx, uint8_t key[LIMIT_OWN_KEY], size_t *key_len,
                  uint8_t certificate[LIMIT_OWN_CERTIFICATE], size_t *certificate_len)
{
    if (*(const bool *)ctx)
        return -1;
    memcpy(key, primes, primes_len);
    *key_len = primes_len;
    memcpy(certificate, test_leaf.bytes, test_leaf.len);
    *certificate_len = test_leaf.len;
    return 0;
}

static int prepare(struct tls_keys *keys, uint32_t fail_block, uint32_t fail_random)
{
    int state;

    tls_heap_fail(fail_block);
    fills = 0;
    fail_fill = fail_random;
    state = tls_keys_prepare(keys);
    tls_heap.fail_at = fail_fill = 0;
    return state;
}

static void one_that_is_stored(void **state)
{
    static const struct settings settings = {.config.own_identity = true};
    bool damaged = false;
    struct tls_keys keys = {
        .settings = &settings, .entropy = &entropy, .load_stored = stored, .ctx = &damaged};
    uint8_t out[LIMIT_OWN_KEY];
    uint32_t blocks, numbers;

    (void)state;
    assert_int_equal(prepare(&keys, 0, 0), TLS_IDENTITY_READY);
    blocks = tls_heap.calls;
    numbers = fills;
    assert_int_equal(tls_keys_primes(&keys, out), primes_len);
    assert_memory_equal(out, primes, primes_len);
    tls_keys_forget(&keys);
    for (uint32_t nth = 1; nth <= blocks + numbers; nth += SLOW_BUILD_STEP) {
        int got = prepare(&keys, nth <= blocks ? nth : 0, nth <= blocks ? 0 : nth - blocks);

        assert_int_not_equal(got, TLS_IDENTITY_BUSY); /* never one of its own instead */
        if (got == TLS_IDENTITY_FAILED)
            assert_int_equal(tls_heap.held, 0);
        tls_keys_forget(&keys);
        assert_int_equal(tls_heap.held, 0);
    }
    damaged = true;
    assert_int_equal(prepare(&keys, 0, 0), TLS_IDENTITY_FAILED);
    keys.load_stored = NULL;
    assert_int_equal(prepare(&keys, 0, 0), TLS_IDENTITY_FAILED);
    assert_int_equal(tls_heap.held, 0);
}

/* --- in use --- */

/* A key of which one half of what blinds it is of another time serves again; a sound one is left
 * alone. */
static void a_key_is_mended(void **state)
{
    struct tls_identity id;
    mbedtls_rsa_context *rsa;
    uint8_t plain[128], cipher[128], got[128];
    uint32_t calls;

    (void)state;
    tls_heap_fail(0);
    assert_int_equal(
        tls_identity_load(&id, primes, primes_len, test_leaf.bytes, test_leaf.len, &entropy),
        PT_STATUS_SUCCESS);
    assert_true(tls_identity_warm_up(&id));
    rsa = mbedtls_pk_rsa(id.key);
    memset(plain, 0x2A, sizeof(plain));
    assert_int_equal(mbedtls_rsa_public(rsa, plain, cipher), 0);
    fills = 0;
    tls_identity_mend(&id);
    assert_int_equal(fills, 0);
    for (uint32_t nth = 0;; nth++) {
        assert_int_equal(mbedtls_mpi_mul_mpi(&rsa->Vi, &rsa->Vi, &rsa->Vi), 0);
        assert_int_equal(mbedtls_mpi_mod_mpi(&rsa->Vi, &rsa->Vi, &rsa->N), 0);
        tls_heap_fail(nth);
        tls_identity_mend(&id);
        calls = tls_heap.calls;
        tls_heap.fail_at = 0;
        assert_int_equal(
            mbedtls_rsa_private(rsa, tls_random, (void *)(uintptr_t)&entropy, cipher, got), 0);
        assert_memory_equal(got, plain, sizeof(plain));
        if (nth > calls)
            break;
    }
    tls_identity_free(&id);
    assert_int_equal(tls_heap.held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_step),       cmocka_unit_test(the_last_step),
        cmocka_unit_test(a_pair_that_is_given), cmocka_unit_test(what_is_not_taken),
        cmocka_unit_test(one_that_is_stored),   cmocka_unit_test(a_key_is_mended),
    };

    return cmocka_run_group_tests_name("own_key_memory", tests, begin, end);
}
