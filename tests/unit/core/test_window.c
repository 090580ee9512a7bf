// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/window.h"

#define HOUR UINT64_C(3600000)
#define SIX_HOURS (6 * HOUR)
#define DAY (24 * HOUR)
#define WRAP_32 (UINT64_C(1) << 32) /* 49.7 days */

static struct window at(uint64_t now_ms)
{
    struct window w;

    memset(&w, 0, sizeof(w));
    w.counted_ms = now_ms;
    return w;
}

/* Open until the millisecond before `end`, over from `end` on. */
static void expect_end(struct window *w, uint64_t end)
{
    assert_true(window_is_open(w));
    assert_int_equal(window_end_ms(w), end);
    window_count(w, end - 1);
    assert_false(window_is_over(w));
    assert_int_equal(window_end_ms(w), end);
    window_count(w, end);
    assert_true(window_is_over(w));
    assert_true(window_is_open(w)); /* counting closes nothing by itself */
    window_count(w, end + DAY);
    assert_true(window_is_over(w));
}

static void six_hours_to_the_millisecond(void **state)
{
    struct window w = at(1234);

    (void)state;
    window_open_commanded(&w, 6);
    assert_int_equal(w.kind, WINDOW_COMMANDED);
    assert_int_equal(w.left_ms, SIX_HOURS);
    expect_end(&w, 1234 + SIX_HOURS);
}

static void twenty_four_hours_of_bare_metal_to_the_millisecond(void **state)
{
    struct window w = at(777);

    (void)state;
    w.bmp_left_ms = DAY;
    window_open_bare_metal(&w);
    assert_int_equal(w.kind, WINDOW_BARE_METAL);
    expect_end(&w, 777 + DAY);
}

static void counting_often_is_counting_once(void **state)
{
    struct window once = at(0), often = at(0);
    uint64_t now = 0;

    (void)state;
    once.bmp_left_ms = often.bmp_left_ms = DAY;
    window_open_bare_metal(&once);
    window_open_bare_metal(&often);
    for (uint64_t i = 0; i < 5000; i++) {
        now += i % 7; /* steps of no time at all are among them */
        window_count(&often, now);
    }
    window_count(&once, now);
    assert_memory_equal(&once, &often, sizeof(once));
    assert_int_equal(often.bmp_left_ms, DAY - now);
    assert_int_equal(window_end_ms(&often), DAY);
}

/* Up-time: what passed while the ME was off is not counted, what passed before is. */
static void up_time_accumulates_across_restores(void **state)
{
    struct window w = at(0);
    uint64_t left;

    (void)state;
    w.bmp_left_ms = DAY;
    window_open_bare_metal(&w);
    window_count(&w, 10 * HOUR);
    left = w.bmp_left_ms;
    assert_int_equal(left, 14 * HOUR);

    w = at(500 * HOUR); /* switched on again weeks later */
    w.kind = WINDOW_BARE_METAL;
    w.bmp_left_ms = left;
    window_count(&w, 513 * HOUR);
    assert_false(window_is_over(&w));
    expect_end(&w, 514 * HOUR);
}

static void nothing_counts_while_closed(void **state)
{
    struct window w = at(0);

    (void)state;
    w.left_ms = SIX_HOURS;
    w.bmp_left_ms = DAY;
    assert_false(window_is_open(&w));
    assert_int_equal(window_end_ms(&w), UINT64_MAX);
    window_count(&w, 100 * DAY);
    assert_int_equal(w.left_ms, SIX_HOURS);
    assert_int_equal(w.bmp_left_ms, DAY);
    assert_false(window_is_over(&w));
    /* Time that passed while closed is not charged to what is opened afterwards. */
    window_open_bare_metal(&w);
    expect_end(&w, 101 * DAY);
}

static void closing_forgets_what_was_left(void **state)
{
    struct window w = at(0);

    (void)state;
    window_open_commanded(&w, 6);
    window_count(&w, HOUR);
    window_close(&w);
    assert_false(window_is_open(&w));
    assert_int_equal(w.left_ms, 0);
    assert_false(window_is_over(&w));
    assert_int_equal(window_end_ms(&w), UINT64_MAX);
}

static void commanding_again_starts_six_new_hours(void **state)
{
    struct window w = at(0);

    (void)state;
    window_open_commanded(&w, 6);
    window_count(&w, 5 * HOUR);
    window_open_commanded(&w, 6);
    expect_end(&w, 11 * HOUR);
}

/* The factory counts the bare-metal timer from the first boot, with a closed interface. */
static void bare_metal_timer_runs_in_the_factory(void **state)
{
    struct window w = at(0);

    (void)state;
    w.bmp_left_ms = DAY;
    w.bmp_runs = true;
    window_count(&w, 23 * HOUR);
    assert_int_equal(w.bmp_left_ms, HOUR);
    assert_false(window_is_over(&w));
    assert_int_equal(window_end_ms(&w), UINT64_MAX);
    window_open_bare_metal(&w);
    assert_false(w.bmp_runs); /* once, not twice */
    window_count(&w, 23 * HOUR + 1);
    assert_int_equal(w.bmp_left_ms, HOUR - 1);
    expect_end(&w, DAY);
}

static void bare_metal_timer_stops_at_zero(void **state)
{
    struct window w = at(0);

    (void)state;
    w.bmp_left_ms = 1000;
    w.bmp_runs = true;
    window_count(&w, 1001);
    assert_int_equal(w.bmp_left_ms, 0);
    window_count(&w, 5000);
    assert_int_equal(w.bmp_left_ms, 0);
}

/* A commanded window has a time of its own; the bare-metal one stands still beside it. */
static void commanded_window_leaves_bare_metal_time_alone(void **state)
{
    struct window w = at(0);

    (void)state;
    w.bmp_left_ms = DAY;
    w.bmp_runs = true;
    window_open_commanded(&w, 6);
    assert_false(w.bmp_runs);
    window_count(&w, SIX_HOURS);
    assert_true(window_is_over(&w));
    assert_int_equal(w.bmp_left_ms, DAY);
}

/* 2.0, 2.1 and 2.5 have no limit. */
static void zero_hours_mean_no_limit(void **state)
{
    struct window w = at(0);

    (void)state;
    w.bmp_runs = true;
    w.bmp_left_ms = DAY;
    window_open_commanded(&w, 0);
    assert_int_equal(w.kind, WINDOW_UNLIMITED);
    assert_true(window_is_open(&w));
    assert_int_equal(window_end_ms(&w), UINT64_MAX);
    window_count(&w, 1000 * DAY);
    assert_false(window_is_over(&w));
    assert_true(window_is_open(&w));
    assert_int_equal(w.bmp_left_ms, DAY);
}

static void operational_is_open_for_good(void **state)
{
    struct window w = at(0);

    (void)state;
    w.bmp_left_ms = HOUR;
    w.bmp_runs = true;
    window_open_operational(&w);
    assert_int_equal(w.kind, WINDOW_OPERATIONAL);
    assert_false(w.bmp_runs);
    window_count(&w, 5000 * DAY);
    assert_true(window_is_open(&w));
    assert_false(window_is_over(&w));
    assert_int_equal(window_end_ms(&w), UINT64_MAX);
    assert_int_equal(w.bmp_left_ms, HOUR);
}

static void thirty_two_bits_of_milliseconds_are_passed_unnoticed(void **state)
{
    struct window w = at(WRAP_32 - 1000);

    (void)state;
    window_open_commanded(&w, 6);
    window_count(&w, WRAP_32 + 500);
    assert_int_equal(w.left_ms, SIX_HOURS - 1500);
    expect_end(&w, WRAP_32 - 1000 + SIX_HOURS);

    w = at(3 * WRAP_32 - 1);
    w.bmp_left_ms = DAY;
    window_open_bare_metal(&w);
    window_count(&w, 3 * WRAP_32 + 1);
    assert_int_equal(w.bmp_left_ms, DAY - 2);
    expect_end(&w, 3 * WRAP_32 - 1 + DAY);
}

/* More than 49.7 days at once, and a window longer than that. */
static void a_jump_of_more_than_thirty_two_bits(void **state)
{
    struct window w = at(5);

    (void)state;
    window_open_commanded(&w, 6);
    window_count(&w, 5 + WRAP_32 + HOUR); /* an hour, if only 32 bits were looked at */
    assert_int_equal(w.left_ms, 0);
    assert_true(window_is_over(&w));

    w = at(0);
    window_open_commanded(&w, 2000);
    assert_int_equal(w.left_ms, 2000 * HOUR);
    assert_true(w.left_ms > UINT32_MAX);
    expect_end(&w, 2000 * HOUR);
}

/* ExtendProvisioningPeriod sets the time that is left, to more or to less (WSM, LMS-cim: the new
 * length of the window), and only of what has an end: it must not open a window. */
static void setting_the_hours(void **state)
{
    struct window w = at(0), before;

    (void)state;
    window_open_commanded(&w, 6);
    window_set_hours(&w, 5);
    assert_int_equal(window_end_ms(&w), 5 * HOUR);
    window_count(&w, 2 * HOUR);
    window_set_hours(&w, 5);
    expect_end(&w, 7 * HOUR);

    w = at(0);
    w.bmp_left_ms = HOUR;
    window_open_bare_metal(&w);
    window_set_hours(&w, 24);
    assert_int_equal(window_end_ms(&w), DAY);
    window_set_hours(&w, 1);
    expect_end(&w, HOUR);

    w = at(0);
    before = w;
    window_set_hours(&w, 24);
    assert_memory_equal(&w, &before, sizeof(w));
    window_open_commanded(&w, 0);
    before = w;
    window_set_hours(&w, 24);
    assert_memory_equal(&w, &before, sizeof(w));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(six_hours_to_the_millisecond),
        cmocka_unit_test(twenty_four_hours_of_bare_metal_to_the_millisecond),
        cmocka_unit_test(counting_often_is_counting_once),
        cmocka_unit_test(up_time_accumulates_across_restores),
        cmocka_unit_test(nothing_counts_while_closed),
        cmocka_unit_test(closing_forgets_what_was_left),
        cmocka_unit_test(commanding_again_starts_six_new_hours),
        cmocka_unit_test(bare_metal_timer_runs_in_the_factory),
        cmocka_unit_test(bare_metal_timer_stops_at_zero),
        cmocka_unit_test(commanded_window_leaves_bare_metal_time_alone),
        cmocka_unit_test(zero_hours_mean_no_limit),
        cmocka_unit_test(operational_is_open_for_good),
        cmocka_unit_test(thirty_two_bits_of_milliseconds_are_passed_unnoticed),
        cmocka_unit_test(a_jump_of_more_than_thirty_two_bits),
        cmocka_unit_test(setting_the_hours),
    };

    return cmocka_run_group_tests_name("window", tests, NULL, NULL);
}
