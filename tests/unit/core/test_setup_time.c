// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/setup.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
/* What is written down every ten minutes is not looked at here. */
#define NO_CHECKPOINT (UINT64_MAX / 2)

#define MINUTE UINT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* Single machines through time; test_setup.c has every case of one step. */

struct machine {
    struct release release;
    struct setup setup;
    struct settings stored;
    struct setup_facts facts;
    struct setup_effects effects;
    uint64_t now_ms;
};

static struct machine machine(const char *release, uint64_t bmp_hours)
{
    struct machine m;

    memset(&m, 0, sizeof(m));
    m.release = *release_find(release);
    m.stored.machine.bmp_left_s = (uint32_t)bmp_hours * 3600;
    m.facts = (struct setup_facts){.credentials = CREDENTIALS_PKI,
                                   .link = true,
                                   .address = true,
                                   .suffix = true,
                                   .credentials_kept = CREDENTIALS_PKI,
                                   .rng_ready = true};
    setup_restore(&m.setup, &m.stored, 0);
    m.setup.snapshot_ms = NO_CHECKPOINT;
    return m;
}

static uint32_t raise_at(struct machine *m, enum setup_event_id id, uint64_t now_ms)
{
    struct setup_event e = {.id = id, .now_ms = now_ms, .facts = m->facts};

    m->now_ms = now_ms;
    setup_step(&m->release, &m->setup, &e, &m->effects);
    return m->effects.status;
}

/* AC out at `off`; the ME's time begins anew at `on`. */
static void ac_cycle(struct machine *m, uint64_t off, uint64_t on)
{
    setup_snapshot(&m->setup, off, &m->stored);
    memset(&m->setup, 0xEE, sizeof(m->setup));
    setup_restore(&m->setup, &m->stored, on);
    m->setup.snapshot_ms = NO_CHECKPOINT;
    raise_at(m, SETUP_EV_BOOT, on);
}

static bool attempts_at(struct machine *m, uint64_t now_ms)
{
    raise_at(m, SETUP_EV_TIME, now_ms);
    return m->effects.actions & SETUP_DO_ATTEMPT;
}

static void expect_attempt(struct machine *m, uint64_t now_ms, uint32_t retry)
{
    assert_false(attempts_at(m, now_ms - 1));
    assert_int_equal(setup_next_ms(&m->release, &m->setup, &m->facts), now_ms);
    assert_true(attempts_at(m, now_ms));
    assert_int_equal(m->setup.attempt.retry, retry);
    assert_true(m->setup.attempt.state);
}

static void order_of_the_checks(void **state)
{
    struct machine m = machine("5.0.3", 0);

    (void)state;
    raise_at(&m, SETUP_EV_BOOT, 0);
    m.facts = (struct setup_facts){.credentials = CREDENTIALS_NONE};
    assert_int_equal(raise_at(&m, SETUP_EV_START, 1), 2);
    m.facts.credentials = CREDENTIALS_PKI;
    assert_int_equal(raise_at(&m, SETUP_EV_START, 2), 2);
    m.facts.address = true;
    assert_int_equal(raise_at(&m, SETUP_EV_START, 3), 2);
    m.facts.suffix = true;
    assert_int_equal(raise_at(&m, SETUP_EV_START, 4), 0x30);
    m.facts.cert_ms = 0;
    assert_int_equal(raise_at(&m, SETUP_EV_START, 5), 0x30);
    m.facts.rng_ready = true;
    m.facts.cert_ms = DAY;
    assert_int_equal(raise_at(&m, SETUP_EV_START, 6), 0x31);
    assert_int_equal(setup_reported(&m.setup), 0);
    assert_false(window_is_open(&m.setup.window));
    m.facts.cert_ms = 0;
    assert_int_equal(raise_at(&m, SETUP_EV_START, 7), 0);
    assert_int_equal(setup_reported(&m.setup), 1);
    /* From here on the mode is the first thing that is wrong, whatever else is. */
    m.facts = (struct setup_facts){.credentials = CREDENTIALS_NONE};
    assert_int_equal(raise_at(&m, SETUP_EV_START, 8), 3);
}

static void a_psk_needs_only_an_address(void **state)
{
    struct machine m = machine("5.0.3", 0);

    (void)state;
    m.facts.credentials = CREDENTIALS_PSK;
    m.facts.suffix = false;
    m.facts.address = false;
    assert_int_equal(raise_at(&m, SETUP_EV_START, 1), 2);
    m.facts.address = true;
    assert_int_equal(raise_at(&m, SETUP_EV_START, 2), 0);
}

static void first_attempt_waits_a_second(void **state)
{
    struct machine m = machine("5.0.3", 0);

    (void)state;
    raise_at(&m, SETUP_EV_START, 5000);
    assert_false(attempts_at(&m, 5000));
    expect_attempt(&m, 6000, 0);
}

/* However long it takes: retry 0 is not used up, and the schedule counts from it. */
static void first_attempt_waits_for_the_address(void **state)
{
    struct machine m = machine("5.0.2", 24);

    (void)state;
    m.facts.address = false;
    raise_at(&m, SETUP_EV_BOOT, 0);
    raise_at(&m, SETUP_EV_TIME, 0);
    assert_int_equal(m.setup.state, SETUP_SETUP);
    assert_int_equal(setup_next_ms(&m.release, &m.setup, &m.facts), DAY);
    for (uint64_t minute = 1; minute < 90; minute++)
        assert_false(attempts_at(&m, minute * MINUTE));
    m.facts.address = true;
    assert_true(attempts_at(&m, 90 * MINUTE + 123));
    assert_int_equal(m.setup.attempt.retry, 0);
    raise_at(&m, SETUP_EV_HELLO_FAILED, 90 * MINUTE + 200);
    expect_attempt(&m, 91 * MINUTE + 123, 1);
}

static void later_slots_pass_without_an_address(void **state)
{
    struct machine m = machine("5.0.2", 24);

    (void)state;
    raise_at(&m, SETUP_EV_TIME, 0);
    expect_attempt(&m, 1000, 0);
    raise_at(&m, SETUP_EV_HELLO_DELIVERED, 1010);
    m.facts.address = false;
    for (uint64_t slot = 1; slot <= 3; slot++) {
        assert_int_equal(setup_next_ms(&m.release, &m.setup, &m.facts), 1000 + slot * MINUTE);
        assert_false(attempts_at(&m, 1000 + slot * MINUTE));
        assert_non_null(m.effects.rule);
    }
    m.facts.address = true;
    expect_attempt(&m, 1000 + 4 * MINUTE, 4);
}

static void a_slot_is_used_up_by_failure(void **state)
{
    static const uint32_t minute[] = {0,  1,  2,  3,  4,  5,  10, 15,
                                      20, 25, 30, 35, 40, 45, 50}; /* SCCM */
    struct machine m = machine("5.0.2", 24);

    (void)state;
    raise_at(&m, SETUP_EV_TIME, 0);
    for (uint32_t i = 0; i < COUNT(minute); i++) {
        expect_attempt(&m, 1000 + minute[i] * MINUTE, i);
        assert_false(attempts_at(&m, m.now_ms + 44000)); /* still under way */
        raise_at(&m, SETUP_EV_HELLO_FAILED, m.now_ms + 1000);
        assert_int_equal(m.setup.state, SETUP_SETUP);
        assert_false(m.setup.attempt.state);
    }
    expect_attempt(&m, 1000 + 55 * MINUTE, 14);
    raise_at(&m, SETUP_EV_HELLO_DELIVERED, m.now_ms + 10);
    assert_int_equal(m.setup.state, SETUP_IN_PROCESS);
    expect_attempt(&m, 1000 + 60 * MINUTE, 14);
}

/* A late call makes one attempt, with the retry field of the latest slot that has passed. */
static void slots_that_passed_unnoticed(void **state)
{
    struct machine m = machine("5.0.2", 24);

    (void)state;
    raise_at(&m, SETUP_EV_TIME, 0);
    assert_true(attempts_at(&m, 1000));
    raise_at(&m, SETUP_EV_HELLO_FAILED, 2000);
    assert_true(attempts_at(&m, 1000 + 18 * MINUTE)); /* after slot 7 (15), before 8 (20) */
    assert_int_equal(m.setup.attempt.retry, 7);
    raise_at(&m, SETUP_EV_HELLO_FAILED, m.now_ms + 1);
    expect_attempt(&m, 1000 + 20 * MINUTE, 8);
    raise_at(&m, SETUP_EV_HELLO_FAILED, m.now_ms + 1);
    assert_true(attempts_at(&m, 1000 + 30 * MINUTE)); /* just when slot 10 is due: 9 is past */
    assert_int_equal(m.setup.attempt.retry, 10);
    raise_at(&m, SETUP_EV_HELLO_FAILED, m.now_ms);
    assert_false(attempts_at(&m, m.now_ms));
}

/* Nothing is asked for before the attempt has ended, or the window. */
static void no_wake_up_while_an_attempt_is_under_way(void **state)
{
    struct machine m = machine("5.0.2", 24);

    (void)state;
    raise_at(&m, SETUP_EV_TIME, 0);
    expect_attempt(&m, 1000, 0);
    assert_int_equal(setup_next_ms(&m.release, &m.setup, &m.facts), DAY);
    assert_false(attempts_at(&m, 1000 + 2 * MINUTE));
    raise_at(&m, SETUP_EV_HELLO_FAILED, 1000 + 2 * MINUTE);
    assert_int_equal(setup_next_ms(&m.release, &m.setup, &m.facts), 1000 + MINUTE);
    assert_true(attempts_at(&m, 1000 + 2 * MINUTE));
}

static void commanded_hours_are_the_releases(void **state)
{
    struct machine m = machine("5.0.3", 0);

    (void)state;
    m.release.commanded_hours.value = 2;
    raise_at(&m, SETUP_EV_START, 0);
    assert_int_equal(window_end_ms(&m.setup.window), 2 * HOUR);
    m.release.commanded_hours.value = 0;
    raise_at(&m, SETUP_EV_PARTIAL, HOUR);
    assert_int_equal(window_end_ms(&m.setup.window), UINT64_MAX);
    assert_true(window_is_open(&m.setup.window));
}

/* Whatever is stored of its window: a provisioned device is open. */
static void a_provisioned_device_starts_open(void **state)
{
    struct machine m = machine("5.0.3", 0);

    (void)state;
    m.stored.machine.setup_state = SETUP_PROVISIONED;
    m.stored.machine.window_kind = WINDOW_CLOSED;
    setup_restore(&m.setup, &m.stored, 0);
    m.setup.snapshot_ms = NO_CHECKPOINT;
    raise_at(&m, SETUP_EV_BOOT, 0);
    assert_int_equal(m.setup.window.kind, WINDOW_OPERATIONAL);
    assert_true(m.effects.actions & SETUP_DO_OPEN);
}

static void without_credentials_nothing_is_attempted(void **state)
{
    struct machine m = machine("5.0.2", 24);

    (void)state;
    raise_at(&m, SETUP_EV_TIME, 0);
    m.facts.credentials = CREDENTIALS_NONE;
    assert_int_equal(setup_next_ms(&m.release, &m.setup, &m.facts), DAY);
    assert_false(attempts_at(&m, HOUR));
}

static void ac_cycle_restarts_at_retry_0_in_the_same_window(void **state)
{
    struct machine m = machine("5.0.3", 0);
    const uint64_t on = 1000 * DAY;

    (void)state;
    raise_at(&m, SETUP_EV_START, 0);
    assert_true(attempts_at(&m, 1000));
    raise_at(&m, SETUP_EV_HELLO_DELIVERED, 1500);
    assert_true(attempts_at(&m, 1000 + 3 * MINUTE));
    ac_cycle(&m, 2 * HOUR, on);
    assert_int_equal(m.setup.state, SETUP_SETUP);
    assert_int_equal(setup_reported(&m.setup), 1);
    assert_true(m.effects.actions & SETUP_DO_OPEN);
    assert_int_equal(window_end_ms(&m.setup.window), on + 4 * HOUR);
    expect_attempt(&m, on + 1000, 0);
    raise_at(&m, SETUP_EV_HELLO_FAILED, on + 2000);
    expect_attempt(&m, on + 1000 + MINUTE, 1);
    raise_at(&m, SETUP_EV_HELLO_FAILED, on + 2000 + MINUTE);
    raise_at(&m, SETUP_EV_TIME, on + 4 * HOUR - 1);
    assert_true(window_is_open(&m.setup.window));
    raise_at(&m, SETUP_EV_HELLO_FAILED, on + 4 * HOUR - 1);
    raise_at(&m, SETUP_EV_TIME, on + 4 * HOUR);
    assert_false(window_is_open(&m.setup.window));
}

static void an_expired_window_stays_closed_over_ac(void **state)
{
    struct machine m = machine("5.0.2", 24);

    (void)state;
    m.facts.address = false;
    raise_at(&m, SETUP_EV_TIME, 0);
    raise_at(&m, SETUP_EV_TIME, DAY);
    assert_true(m.effects.actions & SETUP_DO_CLOSE);
    for (int i = 1; i < 4; i++) {
        ac_cycle(&m, (uint64_t)i * 2 * DAY, (uint64_t)i * 2 * DAY + HOUR);
        raise_at(&m, SETUP_EV_TIME, m.now_ms + 1);
        assert_false(window_is_open(&m.setup.window));
        assert_int_equal(setup_reported(&m.setup), 1);
        assert_int_equal(setup_next_ms(&m.release, &m.setup, &m.facts), UINT64_MAX);
    }
    m.facts.address = true;
    assert_int_equal(raise_at(&m, SETUP_EV_START, 20 * DAY), 0);
    assert_int_equal(window_end_ms(&m.setup.window), 20 * DAY + 6 * HOUR);
    expect_attempt(&m, 20 * DAY + 1000, 0);
}

/* Power fails in the very second in which the window runs out. */
static void a_window_without_time_left_stays_closed_over_ac(void **state)
{
    struct machine m = machine("5.0.3", 0);

    (void)state;
    raise_at(&m, SETUP_EV_START, 0);
    ac_cycle(&m, 6 * HOUR - 1, 7 * HOUR);
    assert_false(window_is_open(&m.setup.window));
    assert_false(m.effects.actions & SETUP_DO_OPEN);
    assert_int_equal(setup_reported(&m.setup), 1);
}

/* The period is over at its end, not when the machine is next told the time. */
static void commands_at_the_end_of_the_window(void **state)
{
    struct machine m = machine("5.0.2", 24);

    (void)state;
    raise_at(&m, SETUP_EV_TIME, 0);
    assert_int_equal(raise_at(&m, SETUP_EV_START, DAY - 1), 3);
    assert_int_equal(raise_at(&m, SETUP_EV_START, DAY), 0);
    assert_int_equal(window_end_ms(&m.setup.window), DAY + 6 * HOUR);
    assert_int_equal(raise_at(&m, SETUP_EV_STOP, DAY + 6 * HOUR), 3);
}

static void releases_that_reopen_on_ac(void **state)
{
    struct machine m = machine("5.0.2", 24);

    (void)state;
    m.release.ac_reopens_window.value = 1;
    m.facts.address = false;
    raise_at(&m, SETUP_EV_TIME, 0);
    raise_at(&m, SETUP_EV_TIME, DAY);
    ac_cycle(&m, DAY, 2 * DAY);
    assert_true(window_is_open(&m.setup.window));
    assert_int_equal(window_end_ms(&m.setup.window), 2 * DAY + 6 * HOUR);
    m.facts.address = true;
    expect_attempt(&m, 2 * DAY + 1000, 0);
}

static void bare_metal_is_a_day_of_up_time_over_ac_cycles(void **state)
{
    struct machine m = machine("5.0.2", 24);
    uint64_t on = 0, up[] = {5 * HOUR, 1 * MINUTE, 10 * HOUR, 8 * HOUR};

    (void)state;
    m.facts.address = false;
    raise_at(&m, SETUP_EV_BOOT, 0);
    raise_at(&m, SETUP_EV_TIME, 0);
    for (size_t i = 0; i < COUNT(up); i++) {
        assert_true(window_is_open(&m.setup.window));
        ac_cycle(&m, on + up[i], on + up[i] + 30 * DAY);
        on += up[i] + 30 * DAY;
    }
    /* 23 h 1 min are used. */
    raise_at(&m, SETUP_EV_TIME, on + 59 * MINUTE - 1);
    assert_true(window_is_open(&m.setup.window));
    raise_at(&m, SETUP_EV_TIME, on + 59 * MINUTE);
    assert_false(window_is_open(&m.setup.window));
    assert_int_equal(setup_reported(&m.setup), 1);
}

/* The timer counts from the first boot, with or without a network. */
static void bare_metal_time_passes_in_the_factory(void **state)
{
    struct machine m = machine("5.0.2", 24);

    (void)state;
    m.facts.link = false;
    raise_at(&m, SETUP_EV_BOOT, 0);
    raise_at(&m, SETUP_EV_TIME, 20 * HOUR);
    assert_int_equal(setup_reported(&m.setup), 0);
    ac_cycle(&m, 20 * HOUR, 40 * HOUR);
    assert_int_equal(m.setup.state, SETUP_FACTORY);
    m.facts.link = true;
    raise_at(&m, SETUP_EV_TIME, 41 * HOUR);
    assert_int_equal(m.setup.state, SETUP_SETUP);
    assert_int_equal(window_end_ms(&m.setup.window), 44 * HOUR);

    m = machine("5.0.2", 24);
    m.facts.link = false;
    raise_at(&m, SETUP_EV_BOOT, 0);
    ac_cycle(&m, DAY, 2 * DAY);
    m.facts.link = true;
    raise_at(&m, SETUP_EV_TIME, 2 * DAY);
    assert_int_equal(m.setup.state, SETUP_FACTORY);
}

static void bare_metal_wants_a_release_that_has_pki_for_it(void **state)
{
    struct machine m = machine("5.0.2", 24);

    (void)state;
    m.release.pki_bare_metal.value = 0;
    raise_at(&m, SETUP_EV_TIME, 0);
    assert_int_equal(m.setup.state, SETUP_FACTORY);
    m.facts.credentials = CREDENTIALS_PSK;
    raise_at(&m, SETUP_EV_TIME, 1);
    assert_int_equal(m.setup.state, SETUP_SETUP);
}

static void full_unprovision_starts_a_new_day_on_5_0_2(void **state)
{
    struct machine m = machine("5.0.2", 0);

    (void)state;
    m.stored.machine.setup_state = SETUP_PROVISIONED;
    setup_restore(&m.setup, &m.stored, 0);
    m.setup.snapshot_ms = NO_CHECKPOINT;
    raise_at(&m, SETUP_EV_BOOT, 0);
    raise_at(&m, SETUP_EV_FULL, HOUR);
    assert_true(m.effects.actions & SETUP_DO_TO_INTEL);
    m.stored.machine.bmp_left_s = 24 * 3600; /* what the caller restored */
    setup_load_bare_metal_timer(&m.setup, &m.stored, HOUR);
    raise_at(&m, SETUP_EV_TIME, HOUR);
    assert_int_equal(setup_reported(&m.setup), 1);
    assert_int_equal(window_end_ms(&m.setup.window), HOUR + DAY);
    expect_attempt(&m, HOUR + 1000, 0);
}

/* What is taken over counts from then on, not from the last time that something was counted. */
static void new_bare_metal_time_counts_from_now(void **state)
{
    struct machine m = machine("5.0.2", 0);

    (void)state;
    m.facts.link = false;
    raise_at(&m, SETUP_EV_BOOT, 0);
    m.stored.machine.bmp_left_s = 24 * 3600;
    setup_load_bare_metal_timer(&m.setup, &m.stored, 5 * HOUR);
    m.facts.link = true;
    raise_at(&m, SETUP_EV_TIME, 6 * HOUR);
    assert_int_equal(window_end_ms(&m.setup.window), 5 * HOUR + DAY);
}

static void full_unprovision_leaves_5_0_3_with_the_oem(void **state)
{
    struct machine m = machine("5.0.3", 0);

    (void)state;
    m.stored.machine.setup_state = SETUP_PROVISIONED;
    setup_restore(&m.setup, &m.stored, 0);
    m.setup.snapshot_ms = NO_CHECKPOINT;
    raise_at(&m, SETUP_EV_BOOT, 0);
    raise_at(&m, SETUP_EV_FULL, HOUR);
    assert_false(m.effects.actions & SETUP_DO_TO_INTEL);
    setup_load_bare_metal_timer(&m.setup, &m.stored, HOUR);
    raise_at(&m, SETUP_EV_TIME, 2 * HOUR);
    assert_int_equal(setup_reported(&m.setup), 0);
    assert_false(window_is_open(&m.setup.window));
    assert_int_equal(setup_next_ms(&m.release, &m.setup, &m.facts), UINT64_MAX);
}

static void b09_hellos_go_on_until_the_commit_and_stop_there(void **state)
{
    struct machine m = machine("5.0.2", 24);

    (void)state;
    raise_at(&m, SETUP_EV_TIME, 0);
    expect_attempt(&m, 1000, 0);
    raise_at(&m, SETUP_EV_HELLO_DELIVERED, 1010);
    /* A configuration session without commit changes nothing here. */
    expect_attempt(&m, 1000 + MINUTE, 1);
    raise_at(&m, SETUP_EV_HELLO_DELIVERED, m.now_ms + 10);
    expect_attempt(&m, 1000 + 2 * MINUTE, 2);
    raise_at(&m, SETUP_EV_COMMIT, m.now_ms + 5);
    assert_true(m.effects.actions & SETUP_DO_ABORT);
    assert_true(m.effects.actions & SETUP_DO_SAVE);
    assert_int_equal(m.setup.state, SETUP_PROVISIONED);
    assert_int_equal(setup_reported(&m.setup), 2);
    assert_int_equal(setup_next_ms(&m.release, &m.setup, &m.facts), UINT64_MAX);
    for (uint64_t minute = 3; minute < 3 * 24 * 60; minute++) {
        assert_false(attempts_at(&m, minute * MINUTE));
        assert_null(m.effects.rule);
    }
    assert_true(window_is_open(&m.setup.window));
    assert_false(window_is_over(&m.setup.window));
    assert_int_equal(raise_at(&m, SETUP_EV_START, 4 * DAY), 3);
    ac_cycle(&m, 4 * DAY, 5 * DAY);
    assert_int_equal(setup_reported(&m.setup), 2);
    assert_true(window_is_open(&m.setup.window));
    assert_false(attempts_at(&m, 5 * DAY + HOUR));
}

static void stop_closes_and_the_agent_may_start_again(void **state)
{
    struct machine m = machine("5.0.3", 0);

    (void)state;
    assert_int_equal(raise_at(&m, SETUP_EV_STOP, 0), 3);
    raise_at(&m, SETUP_EV_START, 0);
    assert_true(attempts_at(&m, 1000));
    assert_int_equal(raise_at(&m, SETUP_EV_STOP, 1100), 0);
    assert_true(m.effects.actions & SETUP_DO_ABORT);
    assert_true(m.effects.actions & SETUP_DO_CLOSE);
    assert_int_equal(setup_reported(&m.setup), 1);
    assert_false(attempts_at(&m, HOUR));
    assert_int_equal(raise_at(&m, SETUP_EV_STOP, HOUR), 3);
    assert_int_equal(raise_at(&m, SETUP_EV_START, HOUR), 0);
    expect_attempt(&m, HOUR + 1000, 0);
}

static void restore_is_the_inverse_of_snapshot(void **state)
{
    static const struct {
        uint8_t state, window;
        uint64_t left_ms, bmp_left_ms;
    } row[] = {
        {SETUP_FACTORY, WINDOW_CLOSED, 0, DAY},
        {SETUP_FACTORY, WINDOW_CLOSED, 0, 0},
        {SETUP_SETUP, WINDOW_BARE_METAL, 0, 5 * HOUR},
        {SETUP_SETUP, WINDOW_COMMANDED, 6 * HOUR, 255 * HOUR},
        {SETUP_IN_PROCESS, WINDOW_COMMANDED, 1000, 0},
        {SETUP_IN_PROCESS, WINDOW_UNLIMITED, 0, 0},
        {SETUP_IN_PROCESS, WINDOW_CLOSED, 0, 0},
        {SETUP_PROVISIONED, WINDOW_OPERATIONAL, 0, HOUR},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct setup m = {
            .state = row[i].state, .started = true, .attempt.state = ATTEMPT_CONNECTS, .slot = 3};
        struct setup back;
        struct settings stored;

        memset(&stored, 0, sizeof(stored));
        memset(&back, 0xEE, sizeof(back));
        m.window.kind = row[i].window;
        m.window.counted_ms = 50 * DAY;
        m.window.left_ms = row[i].left_ms;
        m.window.bmp_left_ms = row[i].bmp_left_ms;
        setup_snapshot(&m, 50 * DAY, &stored);
        setup_restore(&back, &stored, 77);
        assert_int_equal(back.state, row[i].state);
        assert_int_equal(back.window.kind, row[i].window);
        assert_int_equal(back.window.left_ms, row[i].left_ms);
        assert_int_equal(back.window.bmp_left_ms, row[i].bmp_left_ms);
        assert_int_equal(back.window.bmp_runs, row[i].state == SETUP_FACTORY);
        assert_int_equal(back.window.counted_ms, 77);
        assert_false(back.started);
        assert_false(back.attempt.state);
        assert_int_equal(back.slot, 0);
    }
}

static void a_snapshot_counts_up_to_its_time(void **state)
{
    struct machine m = machine("5.0.3", 0);

    (void)state;
    raise_at(&m, SETUP_EV_START, 0);
    setup_snapshot(&m.setup, HOUR + 1, &m.stored);
    assert_int_equal(m.stored.machine.setup_state, SETUP_SETUP);
    assert_int_equal(m.stored.machine.window_kind, WINDOW_COMMANDED);
    assert_int_equal(m.stored.machine.window_left_s, 5 * 3600 - 1); /* never more than is left */
    assert_int_equal(window_end_ms(&m.setup.window), 6 * HOUR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_of_the_checks),
        cmocka_unit_test(a_psk_needs_only_an_address),
        cmocka_unit_test(first_attempt_waits_a_second),
        cmocka_unit_test(first_attempt_waits_for_the_address),
        cmocka_unit_test(later_slots_pass_without_an_address),
        cmocka_unit_test(a_slot_is_used_up_by_failure),
        cmocka_unit_test(slots_that_passed_unnoticed),
        cmocka_unit_test(no_wake_up_while_an_attempt_is_under_way),
        cmocka_unit_test(commanded_hours_are_the_releases),
        cmocka_unit_test(a_provisioned_device_starts_open),
        cmocka_unit_test(without_credentials_nothing_is_attempted),
        cmocka_unit_test(ac_cycle_restarts_at_retry_0_in_the_same_window),
        cmocka_unit_test(an_expired_window_stays_closed_over_ac),
        cmocka_unit_test(a_window_without_time_left_stays_closed_over_ac),
        cmocka_unit_test(commands_at_the_end_of_the_window),
        cmocka_unit_test(releases_that_reopen_on_ac),
        cmocka_unit_test(bare_metal_is_a_day_of_up_time_over_ac_cycles),
        cmocka_unit_test(bare_metal_time_passes_in_the_factory),
        cmocka_unit_test(bare_metal_wants_a_release_that_has_pki_for_it),
        cmocka_unit_test(full_unprovision_starts_a_new_day_on_5_0_2),
        cmocka_unit_test(new_bare_metal_time_counts_from_now),
        cmocka_unit_test(full_unprovision_leaves_5_0_3_with_the_oem),
        cmocka_unit_test(b09_hellos_go_on_until_the_commit_and_stop_there),
        cmocka_unit_test(stop_closes_and_the_agent_may_start_again),
        cmocka_unit_test(restore_is_the_inverse_of_snapshot),
        cmocka_unit_test(a_snapshot_counts_up_to_its_time),
    };

    return cmocka_run_group_tests_name("setup_time", tests, NULL, NULL);
}
