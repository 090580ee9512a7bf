// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/schedule.h"
#include "fw/core/setup.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
/* What is written down every ten minutes is not looked at here. */
#define NO_CHECKPOINT (UINT64_MAX / 2)

#define MINUTE UINT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* The specification's table for A: minutes after the first attempt, in brackets the retry field. */
static const struct {
    uint32_t minute, field;
} table_a[15] = {
    {0, 0},  {1, 1},  {2, 2},   {3, 3},    {4, 4},    {5, 5},    {15, 6},   {25, 7},
    {35, 8}, {45, 9}, {55, 10}, {115, 11}, {175, 12}, {235, 13}, {295, 14},
};

static void schedule_a_is_the_table(void **state)
{
    const struct hello_schedule *a = hello_schedule_find('A');

    (void)state;
    for (uint32_t slot = 0; slot < 15; slot++) {
        assert_int_equal(hello_slot_ms(a, slot), table_a[slot].minute * MINUTE);
        assert_int_equal(hello_retry_field(a, slot), table_a[slot].field);
    }
}

static void schedule_a_goes_on_hourly_at_field_14(void **state)
{
    const struct hello_schedule *a = hello_schedule_find('A');

    (void)state;
    assert_int_equal(hello_slot_ms(a, 15), 355 * MINUTE);
    assert_int_equal(hello_slot_ms(a, 16), 415 * MINUTE);
    assert_int_equal(hello_slot_ms(a, 33), 1435 * MINUTE);
    assert_int_equal(hello_slot_ms(a, 34), 1495 * MINUTE);
    for (uint32_t slot = 15; slot < 2000; slot++) {
        assert_int_equal(hello_slot_ms(a, slot), (295 + 60 * (uint64_t)(slot - 14)) * MINUTE);
        assert_int_equal(hello_retry_field(a, slot), 14);
    }
}

static void schedule_b_is_five_twelve_then_hourly(void **state)
{
    const struct hello_schedule *b = hello_schedule_find('B');
    uint64_t minute = 0;

    (void)state;
    assert_int_equal(hello_slot_ms(b, 0), 0);
    for (uint32_t slot = 1; slot < 100; slot++) {
        minute += slot <= 5 ? 1 : slot <= 17 ? 5 : 60;
        assert_int_equal(hello_slot_ms(b, slot), minute * MINUTE);
    }
    /* Forty tries fill 24 h 05 min. */
    assert_int_equal(hello_slot_ms(b, 17), 65 * MINUTE);
    assert_int_equal(hello_slot_ms(b, 40), DAY + 5 * MINUTE);
    for (uint32_t slot = 0; slot < 100; slot++)
        assert_int_equal(hello_retry_field(b, slot), slot < 14 ? slot : 14);
}

/* An hour a slot: 2^32 ms are passed at slot 1204, 2^32 minutes' worth of ms long before the end.
 */
static void slots_beyond_32_bits_of_milliseconds(void **state)
{
    const struct hello_schedule *a = hello_schedule_find('A');

    (void)state;
    assert_true(hello_slot_ms(a, 1204) > UINT32_MAX);
    assert_int_equal(hello_slot_ms(a, 1204), UINT64_C(71695) * MINUTE);
    assert_int_equal(hello_slot_ms(a, 100014), UINT64_C(6000295) * MINUTE);
    assert_int_equal(hello_slot_ms(a, 80000014), UINT64_C(4800000295) * MINUTE);
}

static void found_by_letter_alone(void **state)
{
    (void)state;
    assert_non_null(hello_schedule_find('A'));
    assert_non_null(hello_schedule_find('B'));
    assert_ptr_not_equal(hello_schedule_find('A'), hello_schedule_find('B'));
    for (int letter = -128; letter < 128; letter++)
        if (letter != 'A' && letter != 'B')
            assert_null(hello_schedule_find((char)letter));
}

/* What a machine with an open window attempts, called only when it asks to be. */
struct run {
    struct release release;
    struct setup setup;
    struct setup_facts facts;
    uint64_t now_ms;
    uint64_t at_ms[64];
    uint32_t field[64];
    uint32_t attempts;
};

static void begin(struct run *r, char letter, uint64_t open_ms)
{
    memset(r, 0, sizeof(*r));
    r->release = *release_find("5.0.2");
    r->release.bare_metal_schedule.value = (uint8_t)letter;
    r->release.commanded_schedule.value = (uint8_t)letter;
    r->setup.state = SETUP_FACTORY;
    r->setup.snapshot_ms = NO_CHECKPOINT;
    r->setup.window.counted_ms = open_ms;
    r->facts = (struct setup_facts){.credentials = CREDENTIALS_PKI,
                                    .link = true,
                                    .address = true,
                                    .suffix = true,
                                    .rng_ready = true};
    r->now_ms = open_ms;
}

static struct setup_effects tell(struct run *r, enum setup_event_id id)
{
    struct setup_event event = {.id = id, .now_ms = r->now_ms, .facts = r->facts};
    struct setup_effects effects;

    setup_step(&r->release, &r->setup, &event, &effects);
    return effects;
}

/* Every attempt fails at once. */
static void run_to_the_end(struct run *r, uint64_t last_ms)
{
    uint64_t next;

    while ((next = setup_next_ms(&r->release, &r->setup, &r->facts)) <= last_ms) {
        struct setup_effects effects;

        assert_true(next >= r->now_ms);
        r->now_ms = next;
        effects = tell(r, SETUP_EV_TIME);
        assert_non_null(effects.rule); /* it woke up for a reason */
        if (!(effects.actions & SETUP_DO_ATTEMPT))
            continue;
        assert_true(r->attempts < COUNT(r->at_ms));
        r->at_ms[r->attempts] = next;
        r->field[r->attempts++] = r->setup.attempt.retry;
        tell(r, SETUP_EV_HELLO_FAILED);
    }
}

/* Bare metal, 24 h: fifteen, then hourly; attempt 34 would be at minute 1495. */
static void a_day_on_schedule_a(void **state)
{
    struct run r;
    const uint64_t open = 5000;

    (void)state;
    begin(&r, 'A', open);
    r.setup.window.bmp_left_ms = DAY;
    tell(&r, SETUP_EV_TIME);
    run_to_the_end(&r, 3 * DAY);
    assert_int_equal(r.attempts, 34);
    for (uint32_t i = 0; i < r.attempts; i++) {
        uint64_t minute = i < 15 ? table_a[i].minute : 295 + 60 * (i - 14);

        assert_int_equal(r.at_ms[i], open + 1000 + minute * MINUTE);
        assert_int_equal(r.field[i], i < 14 ? i : 14);
    }
    assert_false(window_is_open(&r.setup.window));
    assert_int_equal(r.now_ms, open + DAY);
}

/* Six hours hold the fifteen of the table and one more at minute 355. */
static void six_hours_on_schedule_a(void **state)
{
    struct run r;

    (void)state;
    begin(&r, 'A', 0);
    tell(&r, SETUP_EV_START);
    run_to_the_end(&r, 3 * DAY);
    assert_int_equal(r.attempts, 16);
    assert_int_equal(r.at_ms[14], 1000 + 295 * MINUTE);
    assert_int_equal(r.at_ms[15], 1000 + 355 * MINUTE);
    assert_int_equal(r.field[15], 14);
    assert_int_equal(r.now_ms, 6 * HOUR);
}

static void six_hours_on_schedule_b(void **state)
{
    struct run r;

    (void)state;
    begin(&r, 'B', 0);
    tell(&r, SETUP_EV_START);
    run_to_the_end(&r, 3 * DAY);
    /* Minutes 0-5, 10-65 by fives, 125, 185, 245, 305. */
    assert_int_equal(r.attempts, 6 + 12 + 4);
    assert_int_equal(r.at_ms[17], 1000 + 65 * MINUTE);
    assert_int_equal(r.at_ms[21], 1000 + 305 * MINUTE);
}

/* A schedule that uses all its steps repeats the last one, too. */
static void the_last_step_repeats(void **state)
{
    static const struct hello_schedule s = {.step = {{1, 1}, {1, 2}, {1, 3}, {2, 10}}};

    (void)state;
    assert_int_equal(hello_slot_ms(&s, 3), 6 * MINUTE);
    assert_int_equal(hello_slot_ms(&s, 5), 26 * MINUTE);
    assert_int_equal(hello_slot_ms(&s, 100), 976 * MINUTE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schedule_a_is_the_table),
        cmocka_unit_test(schedule_a_goes_on_hourly_at_field_14),
        cmocka_unit_test(schedule_b_is_five_twelve_then_hourly),
        cmocka_unit_test(slots_beyond_32_bits_of_milliseconds),
        cmocka_unit_test(found_by_letter_alone),
        cmocka_unit_test(a_day_on_schedule_a),
        cmocka_unit_test(six_hours_on_schedule_a),
        cmocka_unit_test(six_hours_on_schedule_b),
        cmocka_unit_test(the_last_step_repeats),
    };

    return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
