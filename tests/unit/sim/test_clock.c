// SPDX-License-Identifier: BSD-3-Clause
// links: sim/base/clock.c sim/base/rng.c
// Virtual time (sim/base/clock.h) and its seeded randomness (sim/base/rng.h).

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/base/clock.h"
#include "sim/base/rng.h"

#define MANY 600

struct run;

struct entry {
    struct run *run;
    int id;
};

struct run {
    struct sim_clock clock;
    struct entry entry[MANY];
    int ran[MANY];
    uint64_t at_us[MANY];
    int count;
};

static void note(void *ctx)
{
    struct entry *entry = ctx;
    struct run *run = entry->run;

    run->ran[run->count] = entry->id;
    run->at_us[run->count++] = run->clock.now_us;
}

static int set_up(void **state)
{
    static struct run run;

    run = (struct run){.count = 0};
    clock_init(&run.clock);
    for (int i = 0; i < MANY; i++)
        run.entry[i] = (struct entry){&run, i};
    *state = &run;
    return 0;
}

static int tear_down(void **state)
{
    struct run *run = *state;

    clock_free(&run->clock);
    return 0;
}

static struct clock_event *at(struct run *run, uint64_t at_us, int id)
{
    return clock_at(&run->clock, at_us, note, &run->entry[id]);
}

static void test_by_time_then_by_order_of_adding(void **state)
{
    static const int expected[] = {1, 3, 0, 2, 4};
    struct run *run = *state;

    at(run, 50, 0);
    at(run, 10, 1);
    at(run, 50, 2);
    at(run, 20, 3);
    at(run, 50, 4);
    clock_run(&run->clock, 1000);
    assert_int_equal(run->count, 5);
    assert_memory_equal(run->ran, expected, sizeof(expected));
    assert_int_equal(run->at_us[1], 20);
    assert_int_equal(run->at_us[4], 50);
    assert_int_equal(run->clock.now_us, 1000);
    assert_int_equal(run->clock.steps, 5);
}

static void test_until_is_inclusive(void **state)
{
    struct run *run = *state;

    at(run, 100, 0);
    at(run, 101, 1);
    assert_true(clock_step(&run->clock, 100));
    assert_int_equal(run->clock.now_us, 100);
    assert_false(clock_step(&run->clock, 100));
    assert_int_equal(run->count, 1);
    clock_run(&run->clock, 101);
    assert_int_equal(run->count, 2);
}

static void test_the_past_is_now(void **state)
{
    struct run *run = *state;

    clock_run(&run->clock, 500);
    at(run, 500, 0);
    at(run, 3, 1);
    clock_run(&run->clock, 500);
    assert_int_equal(run->count, 2);
    assert_int_equal(run->ran[1], 1);
    assert_int_equal(run->at_us[1], 500);
    clock_run(&run->clock, 400);
    assert_int_equal(run->clock.now_us, 500);
}

static void test_cancelled_does_not_run(void **state)
{
    struct run *run = *state;
    struct clock_event *first = at(run, 10, 0);

    at(run, 20, 1);
    struct clock_event *last = at(run, 30, 2);

    clock_cancel(&run->clock, first);
    clock_cancel(&run->clock, last);
    clock_cancel(&run->clock, NULL);
    clock_run(&run->clock, 100);
    assert_int_equal(run->count, 1);
    assert_int_equal(run->ran[0], 1);
}

/* Hundreds of events, a third of them cancelled in random order: what is left runs in order. */
static void test_many(void **state)
{
    struct run *run = *state;
    struct clock_event *event[MANY];
    uint64_t due_us[MANY];
    struct rng rng;
    int cancelled = 0;

    rng_seed(&rng, 7, "test");
    for (int i = 0; i < MANY; i++) {
        due_us[i] = rng_below(&rng, 200);
        event[i] = at(run, due_us[i], i);
    }
    for (int i = 0; i < MANY; i++) {
        uint32_t victim = rng_below(&rng, MANY);

        if (event[victim] && cancelled < MANY / 3) {
            clock_cancel(&run->clock, event[victim]);
            event[victim] = NULL;
            cancelled++;
        }
    }
    assert_int_equal(cancelled, MANY / 3);
    clock_run(&run->clock, 200);
    assert_int_equal(run->count, MANY - cancelled);
    for (int i = 0; i < run->count; i++) {
        int id = run->ran[i];

        assert_non_null(event[id]);
        assert_int_equal(run->at_us[i], due_us[id]);
        if (i > 0 && run->at_us[i] == run->at_us[i - 1])
            assert_true(id > run->ran[i - 1]);
        else if (i > 0)
            assert_true(run->at_us[i] > run->at_us[i - 1]);
    }
}

static void step_inside(void *ctx)
{
    struct entry *entry = ctx;

    note(entry);
    while (clock_step(&entry->run->clock, 250))
        continue;
}

static void test_stepping_inside_an_event(void **state)
{
    static const int expected[] = {0, 1, 2, 3};
    struct run *run = *state;

    clock_at(&run->clock, 100, step_inside, &run->entry[0]);
    at(run, 150, 1);
    at(run, 200, 2);
    at(run, 300, 3);
    clock_run(&run->clock, 120);
    /* The event took time on to 250, beyond what was asked for outside; it does not go back. */
    assert_int_equal(run->count, 3);
    assert_int_equal(run->clock.now_us, 250);
    clock_run(&run->clock, 300);
    assert_int_equal(run->count, 4);
    assert_memory_equal(run->ran, expected, sizeof(expected));
}

static void test_freed_with_events_waiting(void **state)
{
    struct run *run = *state;
    struct clock_event *event = at(run, 10, 0);

    at(run, 20, 1);
    clock_free(&run->clock);
    clock_cancel(&run->clock, event);
    clock_run(&run->clock, 100);
    assert_int_equal(run->count, 0);
}

/* The first outputs of splitmix64 for the state 1234567, as published with the algorithm. */
static void test_rng_is_splitmix64(void **state)
{
    struct rng rng = {.state = 1234567};

    (void)state;
    assert_true(rng_next(&rng) == UINT64_C(6457827717110365317));
    assert_true(rng_next(&rng) == UINT64_C(3203168211198807973));
    assert_true(rng_next(&rng) == UINT64_C(9817491932198370423));
}

static void test_rng_fill_is_lowest_byte_first(void **state)
{
    /* 6457827717110365317 = 0x599ED017FB08FC85, 3203168211198807973 = 0x2C73F08458540FA5 */
    static const uint8_t expected[] = {0x85, 0xFC, 0x08, 0xFB, 0x17, 0xD0, 0x9E, 0x59, 0xA5, 0x0F};
    struct rng rng = {.state = 1234567};
    uint8_t out[11] = {0};

    (void)state;
    rng_fill(&rng, out, 10);
    assert_memory_equal(out, expected, 10);
    assert_int_equal(out[10], 0);
}

static void test_rng_streams(void **state)
{
    struct rng a, same, other_seed, other_stream;

    (void)state;
    rng_seed(&a, 1, "lan");
    rng_seed(&same, 1, "lan");
    rng_seed(&other_seed, 2, "lan");
    rng_seed(&other_stream, 1, "host_os");

    uint64_t draw = rng_next(&a);

    assert_true(rng_next(&same) == draw);
    assert_true(rng_next(&other_seed) != draw);
    assert_true(rng_next(&other_stream) != draw);
}

static void test_rng_below(void **state)
{
    struct rng rng;
    int seen[5] = {0};

    (void)state;
    rng_seed(&rng, 1, "test");
    for (int i = 0; i < 1000; i++) {
        uint32_t draw = rng_below(&rng, 5);

        assert_true(draw < 5);
        seen[draw]++;
        assert_int_equal(rng_below(&rng, 1), 0);
    }
    for (int i = 0; i < 5; i++)
        assert_in_range(seen[i], 150, 250);
}

/* 2^32 is 4/3 of the bound: with a plain remainder the first third would come half the time. */
static void test_rng_below_is_unbiased(void **state)
{
    struct rng rng;
    int low = 0;

    (void)state;
    rng_seed(&rng, 1, "test");
    for (int i = 0; i < 3000; i++)
        low += rng_below(&rng, 0xC0000000) < 0x40000000;
    assert_in_range(low, 900, 1100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_by_time_then_by_order_of_adding, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_until_is_inclusive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_past_is_now, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cancelled_does_not_run, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stepping_inside_an_event, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_freed_with_events_waiting, set_up, tear_down),
        cmocka_unit_test(test_rng_is_splitmix64),
        cmocka_unit_test(test_rng_fill_is_lowest_byte_first),
        cmocka_unit_test(test_rng_streams),
        cmocka_unit_test(test_rng_below),
        cmocka_unit_test(test_rng_below_is_unbiased),
    };

    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
