// SPDX-License-Identifier: BSD-3-Clause
// links: hal/cortex-m/pool.c @fw @lwip
#include "hal/cortex-m/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Starts of a board at which nothing differs but the number of the start. */

static const struct cm_moment same = {0x12345678, 0x00ABCDEF};

/* All that a start stirs in (hal/cortex-m/seed.c): the seed, the MAC address, RAM and store. */
static struct cm_pool started(void)
{
    static const char seed[] = "000102030405060708090a0b0c0d0e0f";
    static const uint8_t mac[6] = {0x02, 0xA3, 0x7E, 0, 0, 2}, ram[512], store[512];
    struct cm_pool pool = {.steps = 0};

    cm_pool_stir(&pool, seed, strlen(seed), same);
    cm_pool_stir(&pool, mac, sizeof(mac), same);
    cm_pool_stir(&pool, ram, sizeof(ram), same);
    cm_pool_stir(&pool, store, sizeof(store), same);
    return pool;
}

static void start(uint32_t number, uint8_t out[64])
{
    const uint8_t bytes[4] = {(uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16),
                              (uint8_t)(number >> 24)};
    struct cm_pool pool = started();

    cm_pool_open(&pool, bytes, sizeof(bytes), same);
    assert_int_equal(cm_pool_draw(&pool, out, 64, same), 0);
}

static void a_closed_pool_gives_nothing(void **state)
{
    struct cm_pool pool = started();
    uint8_t out[4] = {1, 2, 3, 4};

    (void)state;
    assert_int_equal(cm_pool_draw(&pool, out, sizeof(out), same), -1);
    assert_memory_equal(out, ((uint8_t[]){1, 2, 3, 4}), 4);
    /* What an interrupt stirs in does not open it. */
    cm_pool_stir(&pool, "x", 1, same);
    assert_int_equal(cm_pool_draw(&pool, out, sizeof(out), same), -1);
    cm_pool_open(&pool, "1", 1, same);
    assert_int_equal(cm_pool_draw(&pool, out, sizeof(out), same), 0);
    assert_memory_not_equal(out, ((uint8_t[]){1, 2, 3, 4}), 4);
}

/* Of everything that is drawn first: transaction ids and ports have two or four bytes. */
static void two_starts_differ(void **state)
{
    uint8_t first[64], second[64], again[64];

    (void)state;
    start(1, first);
    start(2, second);
    for (size_t at = 0; at < sizeof(first); at += 4)
        assert_memory_not_equal(first + at, second + at, 4);
    start(0x01000001, second);
    assert_memory_not_equal(first, second, 16);
    start(1, again); /* nothing else went in */
    assert_memory_equal(first, again, 64);
}

static void what_is_drawn_does_not_repeat(void **state)
{
    struct cm_pool pool = started(), leaked;
    uint8_t drawn[64][4], later[256];

    (void)state;
    cm_pool_open(&pool, "1", 1, same);
    for (size_t i = 0; i < 64; i++) {
        assert_int_equal(cm_pool_draw(&pool, drawn[i], 4, same), 0);
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(drawn[i], drawn[j], 4);
    }
    /* Neither from the pool as it is afterwards, nor as its bytes. */
    leaked = pool;
    assert_int_equal(cm_pool_draw(&leaked, later, sizeof(later), same), 0);
    for (size_t i = 0; i < 64; i++)
        for (size_t j = 0; j + 4 <= sizeof(later); j++)
            assert_memory_not_equal(drawn[i], later + j, 4);
    assert_memory_not_equal(leaked.bytes, pool.bytes, sizeof(pool.bytes));
}

static void the_moment_counts(void **state)
{
    struct cm_pool a = started(), b = started();
    uint8_t one[8], other[8];

    (void)state;
    cm_pool_open(&a, "1", 1, same);
    cm_pool_open(&b, "1", 1, same);
    cm_pool_draw(&a, one, sizeof(one), same);
    cm_pool_draw(&b, other, sizeof(other), (struct cm_moment){same.times, same.ticks + 1});
    assert_memory_not_equal(one, other, sizeof(one));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closed_pool_gives_nothing),
        cmocka_unit_test(two_starts_differ),
        cmocka_unit_test(what_is_drawn_does_not_repeat),
        cmocka_unit_test(the_moment_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
