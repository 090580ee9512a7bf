// SPDX-License-Identifier: BSD-3-Clause
// links: @core
// once: slow in an emulator, and about the order of things, not about bytes
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/setup.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MINUTE UINT64_C(60000)
#define HOUR (60 * MINUTE)
#define NOW (2400 * HOUR)

/* The machine against the specification, every case of it; test_setup_time.c follows single
 * machines through time. */

/* Where a machine can stand. */
static const struct standpoint {
    const char *name;
    uint8_t state, window;
    uint64_t left_ms, bmp_left_ms;
} situations[] = {
    {"factory, bare-metal time left", SETUP_FACTORY, WINDOW_CLOSED, 0, 5 * HOUR},
    {"factory, bare-metal time used up", SETUP_FACTORY, WINDOW_CLOSED, 0, 0},
    {"setup, bare-metal window open", SETUP_SETUP, WINDOW_BARE_METAL, 0, 5 * HOUR},
    {"setup, bare-metal window over", SETUP_SETUP, WINDOW_BARE_METAL, 0, 0},
    {"setup, commanded window open", SETUP_SETUP, WINDOW_COMMANDED, HOUR, 5 * HOUR},
    {"setup, commanded window over", SETUP_SETUP, WINDOW_COMMANDED, 0, 5 * HOUR},
    {"setup, window closed", SETUP_SETUP, WINDOW_CLOSED, 0, 5 * HOUR},
    {"in-process, bare-metal window open", SETUP_IN_PROCESS, WINDOW_BARE_METAL, 0, 1},
    {"in-process, bare-metal window over", SETUP_IN_PROCESS, WINDOW_BARE_METAL, 0, 0},
    {"in-process, commanded window open", SETUP_IN_PROCESS, WINDOW_COMMANDED, 1, 0},
    {"in-process, commanded window over", SETUP_IN_PROCESS, WINDOW_COMMANDED, 0, 0},
    {"in-process, window closed", SETUP_IN_PROCESS, WINDOW_CLOSED, 0, 0},
    {"provisioned", SETUP_PROVISIONED, WINDOW_OPERATIONAL, 0, 5 * HOUR},
    {"factory, asking a DHCP server itself", SETUP_FACTORY, WINDOW_PROBE, 700, 0},
    {"setup, asking a DHCP server itself", SETUP_SETUP, WINDOW_PROBE, 700, 0},
    {"setup, its own DHCP at the end", SETUP_SETUP, WINDOW_PROBE, 0, 0},
    {"locked", SETUP_LOCKED, WINDOW_CLOSED, 0, 5 * HOUR},
};

/* How the schedule stands: first attempt made, one under way, the next one due by CUTLER's table in
 * a commanded window and by SCCM's in a bare-metal one, armed at, its time of attempt 0, next
 * slot. */
static const struct standing {
    bool started, attempting, due, due_first_day;
    uint64_t opened_ms, base_ms;
    uint32_t slot;
} standings[] = {
    {false, false, false, false, NOW - 999, 0, 0},
    {false, false, true, true, NOW - 1000, 0, 0},
    {false, false, true, true, NOW - HOUR, 0, 0},
    {true, false, false, false, 0, NOW - 1 * MINUTE + 1, 1},
    {true, false, true, true, 0, NOW - 1 * MINUTE, 1},
    {true, true, false, false, 0, NOW - 5 * MINUTE, 2}, /* one attempt at a time */
    {true, false, true, true, 0, NOW - 295 * MINUTE, 14},
    {true, false, false, true, 0, NOW - 355 * MINUTE + 1, 15},
    {true, false, false, false, 0, NOW - 65 * MINUTE + 1, 17},
    {true, false, false, true, 0, NOW - 65 * MINUTE, 17},
};

struct expected {
    uint8_t state;
    uint32_t status;
    bool open;
    uint64_t left_ms; /* of an open window; UINT64_MAX: no end */
    bool schedule_restarts;
    bool attempt;
    bool erase_full, erase_cmos, erase_partial, to_intel;
    bool asks, decides; /* a DHCP server before it answers; now, what a start comes to */
    bool judged;        /* false: the specification does not say, and it cannot come about */
};

static void closed(struct expected *x)
{
    x->open = false;
    x->left_ms = 0;
}

static void opened(struct expected *x, uint64_t left_ms)
{
    x->open = true;
    x->left_ms = left_ms;
}

static void six_hours(struct expected *x)
{
    x->state = SETUP_SETUP;
    x->schedule_restarts = true;
    opened(x, 6 * HOUR);
}

/* The checks in their order (G-start; the order: assumed). */
static void start(struct expected *x, const struct standpoint *s, bool running,
                  const struct setup_facts *f)
{
    x->status = 1;
    if (x->state == SETUP_LOCKED)
        return;
    x->status = 3;
    if (x->state == SETUP_PROVISIONED || running)
        return;
    x->asks = f->alone && f->dhcp && f->link && f->rng_ready && !(f->address && f->suffix) &&
              s->window == WINDOW_CLOSED;
    x->status = 0;
    if (x->asks)
        return;
    x->status = 2;
    if (f->credentials == CREDENTIALS_NONE)
        return;
    if (!f->address)
        return;
    if (f->credentials == CREDENTIALS_PKI && !f->suffix)
        return;
    x->status = 0x30;
    if (!f->rng_ready)
        return;
    x->status = 0x31;
    if (f->credentials != CREDENTIALS_PSK && f->cert_ms > NOW)
        return;
    x->status = 0;
    six_hours(x);
}

static void pass_time(struct expected *x, const struct standpoint *s, const struct standing *t,
                      bool in, bool running, const struct setup_facts *f)
{
    if (s->state == SETUP_FACTORY && s->bmp_left_ms > 0 && f->link && f->rng_ready &&
        f->credentials != CREDENTIALS_NONE) {
        x->state = SETUP_SETUP;
        x->schedule_restarts = true;
        opened(x, s->bmp_left_ms);
    }
    if (s->window == WINDOW_PROBE)
        x->decides =
            s->left_ms == 0 || (f->address && (f->suffix || f->credentials == CREDENTIALS_PSK));
    if (in && !running)
        closed(x);
    if (in && running && (s->window == WINDOW_BARE_METAL ? t->due_first_day : t->due) &&
        f->address && f->credentials != CREDENTIALS_NONE)
        x->attempt = true;
}

static void unprovision(struct expected *x, bool to_intel)
{
    x->state = SETUP_FACTORY;
    x->to_intel = to_intel;
    closed(x);
}

/* What a release is known to do. */
struct line {
    const char *name;
    bool to_intel; /* full unprovision and a lost battery: Intel's default, else the OEM's */
    bool reopens;  /* 2.0, 2.1, 2.5: AC in opens an expired window again */
};

#define EXTENSION (10 * HOUR)

static struct expected oracle(const struct line *line, const struct standpoint *s,
                              const struct standing *t, enum setup_event_id event,
                              const struct setup_facts *f)
{
    bool in = s->state == SETUP_SETUP || s->state == SETUP_IN_PROCESS;
    uint64_t left = s->window == WINDOW_COMMANDED ? s->left_ms : s->bmp_left_ms;
    bool running = in && s->window != WINDOW_CLOSED && s->window != WINDOW_PROBE && left > 0;
    bool locked = s->state == SETUP_LOCKED;
    struct expected x = {.state = s->state, .judged = true};

    if (running)
        opened(&x, left);
    if (s->state == SETUP_PROVISIONED)
        opened(&x, UINT64_MAX);

    if (event == SETUP_EV_BOOT && running) {
        x.state = SETUP_SETUP;
        x.schedule_restarts = true;
    }
    if (event == SETUP_EV_BOOT && in && !running && line->reopens)
        six_hours(&x);
    if (event == SETUP_EV_STORE_LOST || (event == SETUP_EV_BOOT && f->store_lost)) {
        x = (struct expected){.state = SETUP_LOCKED, .judged = true};
        return x;
    }
    if (event == SETUP_EV_TIME)
        pass_time(&x, s, t, in, running, f);
    if (event == SETUP_EV_HELLO_DELIVERED && in)
        x.state = SETUP_IN_PROCESS;
    if (event == SETUP_EV_START)
        start(&x, s, running, f);
    if (event == SETUP_EV_START_FAILED)
        x.status = 1;
    if (event == SETUP_EV_STOP) {
        x.status = locked ? 1 : running ? 0 : 3;
        if (running)
            closed(&x);
    }
    if (event == SETUP_EV_KEY_ENTERED && s->state != SETUP_PROVISIONED && !locked)
        six_hours(&x);
    if (event == SETUP_EV_MANUAL && s->state != SETUP_PROVISIONED && !locked) {
        x.state = SETUP_PROVISIONED;
        opened(&x, UINT64_MAX);
    }
    if (event == SETUP_EV_COMMIT && in) {
        x.judged = running; /* nobody can commit over a closed interface */
        x.state = SETUP_PROVISIONED;
        opened(&x, UINT64_MAX);
    }
    if (event == SETUP_EV_PARTIAL && s->state != SETUP_FACTORY && !locked) {
        x.erase_partial = true;
        six_hours(&x);
        if (f->credentials_kept == CREDENTIALS_NONE) {
            x.state = SETUP_FACTORY;
            x.schedule_restarts = false;
            closed(&x);
        }
    }
    if (event == SETUP_EV_FULL) {
        x.erase_full = !locked;
        x.erase_cmos = locked; /* the password, too: nobody knows it */
        unprovision(&x, line->to_intel);
    }
    /* MCMD; that a halted set-up is one whose window is closed: assumed */
    if (event == SETUP_EV_HALT && s->state != SETUP_PROVISIONED && !locked) {
        x.state = SETUP_SETUP;
        closed(&x);
    }
    /* LMS-cim: until 24 hours at most; NOW is where they count from. */
    if (event == SETUP_EV_EXTEND) {
        x.status = running ? 0 : 0x10;
        if (running)
            opened(&x, EXTENSION);
    }
    if (event == SETUP_EV_CMOS) {
        x.erase_cmos = true;
        unprovision(&x, line->to_intel);
    }
    return x;
}

/* What is rare beside the other facts. */
enum extra { PLAIN, ALONE, ALONE_WITH_FIXED_ADDRESS, STORE_LOST, NONE_KEPT, EXTRAS };

static struct setup_facts facts_of(uint32_t bits, enum extra extra)
{
    enum credentials credentials = (enum credentials)(bits / 32);

    return (struct setup_facts){
        .credentials = credentials,
        .credentials_kept = extra == NONE_KEPT ? CREDENTIALS_NONE : credentials,
        .alone = extra == ALONE || extra == ALONE_WITH_FIXED_ADDRESS,
        .dhcp = extra != ALONE_WITH_FIXED_ADDRESS,
        .store_lost = extra == STORE_LOST,
        .link = bits & 1,
        .address = bits >> 1 & 1,
        .suffix = bits >> 2 & 1,
        .rng_ready = bits >> 3 & 1,
        .cert_ms = bits >> 4 & 1 ? NOW : NOW + 1,
    };
}

static struct setup stand(const struct standpoint *s, const struct standing *t)
{
    struct setup m;

    memset(&m, 0, sizeof(m));
    m.state = s->state;
    m.window.kind = s->window;
    m.window.counted_ms = NOW;
    m.window.left_ms = s->left_ms;
    m.window.bmp_left_ms = s->bmp_left_ms;
    m.window.bmp_runs = s->state == SETUP_FACTORY;
    m.started = t->started;
    m.attempt.state = t->attempting ? ATTEMPT_CONNECTS : ATTEMPT_NONE;
    m.attempt.deadline_ms = NOW + MINUTE;
    m.snapshot_ms = NOW - 9 * MINUTE;
    m.opened_ms = t->opened_ms;
    m.base_ms = t->base_ms;
    m.slot = t->slot;
    return m;
}

static bool is_running(const struct setup *m)
{
    return window_is_open(&m->window) && !window_is_over(&m->window);
}

/* NULL when all is as expected, else what is not. */
static const char *differs(const struct expected *x, const struct setup *before,
                           const struct setup *after, const struct setup_effects *e)
{
    uint64_t end = window_end_ms(&after->window);

    if (after->state != x->state)
        return "state";
    if (e->status != x->status)
        return "status";
    if (is_running(after) != x->open)
        return "window open";
    if (x->open && end != (x->left_ms == UINT64_MAX ? UINT64_MAX : NOW + x->left_ms))
        return "window length";
    if (!(e->actions & SETUP_DO_ATTEMPT) == x->attempt)
        return "attempt";
    if ((before->window.kind != WINDOW_PROBE && after->window.kind == WINDOW_PROBE) != x->asks ||
        !(e->actions & SETUP_DO_WAIT) == x->asks)
        return "own DHCP";
    if (!(e->actions & SETUP_DO_DECIDE_START) == x->decides)
        return "decision";
    if (!(e->actions & SETUP_DO_ERASE_FULL) == x->erase_full ||
        !(e->actions & SETUP_DO_ERASE_CMOS) == x->erase_cmos ||
        !(e->actions & SETUP_DO_ERASE_PARTIAL) == x->erase_partial ||
        !(e->actions & SETUP_DO_TO_INTEL) == x->to_intel)
        return "erase";
    if (x->schedule_restarts && (after->started || after->slot != 0 || after->opened_ms != NOW))
        return "schedule restart";
    if (!x->schedule_restarts && before->started && !after->started)
        return "schedule lost";
    return NULL;
}

static bool is_attempting(const struct setup *m)
{
    return attempt_is_under_way(&m->attempt);
}

/* Whatever the event: the orders to the caller belong to what the machine has become. */
static const char *inconsistent(const struct setup *before, const struct setup *after,
                                const struct setup_effects *e, enum setup_event_id event)
{
    bool was_open = window_may_send(&before->window), open = window_may_send(&after->window);
    bool opening = e->actions & SETUP_DO_OPEN, closing = e->actions & SETUP_DO_CLOSE;

    if (opening && closing)
        return "opens and closes";
    if ((opening && !open) || (!was_open && open && !opening))
        return "order to open";
    if ((closing && open) || (was_open && !open && !closing))
        return "order to close";
    if (window_is_open(&before->window) && !open && is_attempting(before) &&
        event != SETUP_EV_HELLO_DELIVERED && event != SETUP_EV_HELLO_FAILED &&
        event != SETUP_EV_BOOT && !(e->actions & SETUP_DO_ABORT))
        return "attempt left in a closed interface";
    if ((e->actions & SETUP_DO_ABORT) && is_attempting(after))
        return "dropped attempt is still under way";
    if ((e->actions & SETUP_DO_ATTEMPT) &&
        (!open || !is_attempting(after) || is_attempting(before)))
        return "attempt at the wrong time";
    if (setup_reported(before) != setup_reported(after) && after->state != SETUP_LOCKED &&
        !(e->actions & SETUP_DO_SAVE))
        return "reported state is not saved";
    if (window_is_open(&before->window) != window_is_open(&after->window) &&
        after->state != SETUP_LOCKED && event != SETUP_EV_BOOT && !(e->actions & SETUP_DO_SAVE))
        return "window is not saved";
    if ((e->actions & (SETUP_DO_ERASE_FULL | SETUP_DO_ERASE_CMOS | SETUP_DO_ERASE_PARTIAL)) &&
        !(e->actions & SETUP_DO_SAVE))
        return "erase is not saved";
    if (!e->rule && (e->actions || e->status))
        return "effects without a rule";
    return NULL;
}

static uint64_t fired; /* a bit per row */

static void note_rule(const struct setup_effects *e)
{
    uint32_t count;
    const struct setup_transition *rows = setup_transitions(&count);

    assert_true(count <= 64);
    if (e->rule) {
        assert_in_range(e->rule - rows, 0, count - 1);
        fired |= UINT64_C(1) << (e->rule - rows);
    }
}

static uint32_t wrong_cases;

static void judge(const struct line *line, const struct release *r, const struct standpoint *s,
                  const struct standing *t, enum setup_event_id event, uint32_t bits,
                  enum extra extra)
{
    struct setup_event e = {
        .id = event, .now_ms = NOW, .facts = facts_of(bits, extra), .hours = EXTENSION / HOUR};
    struct expected x = oracle(line, s, t, event, &e.facts);
    struct setup before = stand(s, t), after = before;
    struct setup_effects effects;
    const char *wrong;

    setup_step(r, &after, &e, &effects);
    note_rule(&effects);
    wrong = inconsistent(&before, &after, &effects, event);
    if (!wrong && x.judged)
        wrong = differs(&x, &before, &after, &effects);
    if (!wrong)
        return;
    if (wrong_cases < 20)
        print_error("%s: %s, %s, facts %02x+%d, standing %d: %s (fired: %s)\n", line->name, s->name,
                    setup_event_name(event), (unsigned)bits, (int)extra, (int)(t - standings),
                    wrong, effects.rule ? effects.rule->reason : "none");
    wrong_cases++;
}

static void expect_every_case(const struct line *line, const struct release *r)
{
    wrong_cases = 0;
    for (size_t s = 0; s < COUNT(situations); s++)
        for (int event = 0; event < SETUP_EVENTS; event++)
            for (uint32_t bits = 0; bits < 96; bits++)
                for (size_t t = 0; t < COUNT(standings) * EXTRAS; t++)
                    judge(line, r, &situations[s], &standings[t / EXTRAS],
                          (enum setup_event_id)event, bits, (enum extra)(t % EXTRAS));
    assert_int_equal(wrong_cases, 0);
}

static void every_case_on_5_0_2(void **state)
{
    const struct line line = {.name = "5.0.2", .to_intel = true};

    (void)state;
    expect_every_case(&line, release_find("5.0.2"));
}

static void every_case_on_5_0_3(void **state)
{
    const struct line line = {.name = "5.0.3"};

    (void)state;
    expect_every_case(&line, release_find("5.0.3"));
}

static void every_case_on_a_release_that_reopens(void **state)
{
    const struct line line = {.name = "re-opening", .reopens = true};
    struct release r = *release_find("5.0.3");

    (void)state;
    r.ac_reopens_window.value = 1;
    expect_every_case(&line, &r);
}

static void reported_states_and_names(void **state)
{
    static const uint32_t reported[] = {0, 1, 1, 2, 3};
    static const char *const name[] = {"factory", "setup", "in-process", "provisioned", "locked"};

    (void)state;
    for (uint8_t i = 0; i < SETUP_STATES; i++) {
        struct setup m = {.state = i};

        assert_int_equal(setup_reported(&m), reported[i]);
        assert_string_equal(setup_state_name(i), name[i]);
    }
    assert_string_equal(setup_event_name(SETUP_EV_START), "start configuration");
    for (uint8_t i = 0; i < SETUP_EVENTS; i++)
        for (uint8_t j = 0; j < i; j++)
            assert_string_not_equal(setup_event_name(i), setup_event_name(j));
    assert_string_equal(setup_state_name(SETUP_STATES), "?");
    assert_string_equal(setup_event_name(SETUP_EVENTS), "?");
}

static void every_row_is_explained(void **state)
{
    static const char *const source[] = {"S0",     "S1",  "S2",  "S3",    "S4",     "G-",
                                         "HP",     "RCT", "RTK", "PTHI.", "ITJ",    "SYM6",
                                         "CUTLER", "LMS", "WSM", "MCMD",  "assumed"};
    uint32_t count;
    const struct setup_transition *row = setup_transitions(&count);

    (void)state;
    for (; count > 0; count--, row++) {
        bool known = false;

        assert_true(strlen(row->reason) > 5);
        for (size_t i = 0; i < COUNT(source); i++)
            known |= strncmp(row->source, source[i], strlen(source[i])) == 0;
        assert_true(known);
        assert_int_equal(!row->guard, row->guard_name[0] == '\0');
        assert_true(row->guard || row->event != SETUP_EV_TIME); /* which has no guard but a time */
        assert_int_not_equal(row->from & SETUP_ANY_STATE, 0);
        assert_int_equal(row->from & ~SETUP_ANY_STATE, 0);
        assert_in_range(row->event, 0, SETUP_EVENTS - 1);
        assert_true(row->to == SETUP_STAY || row->to < SETUP_STATES);
    }
}

/* S0: which default an unprovision returns to is the release's, unless a machine is known to be on
 * the other side of the change. */
static void a_machine_may_differ_from_its_release(void **state)
{
    static const struct {
        const char *release;
        enum unprovision_default machine;
        bool to_intel;
    } row[] = {
        {"5.0.2", 0, true},
        {"5.0.2", UNPROVISION_TO_OEM, false},
        {"5.0.2", UNPROVISION_TO_INTEL, true},
        {"5.0.3", 0, false},
        {"5.0.3", UNPROVISION_TO_INTEL, true},
        {"5.0.3", UNPROVISION_TO_OEM, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        for (int cmos = 0; cmos < 2; cmos++) {
            struct setup m = {.state = SETUP_PROVISIONED};
            struct setup_event e = {.id = cmos ? SETUP_EV_CMOS : SETUP_EV_FULL,
                                    .facts.unprovision_to = (uint8_t)row[i].machine};
            struct setup_effects effects;

            setup_step(release_find(row[i].release), &m, &e, &effects);
            assert_int_equal(m.state, SETUP_FACTORY);
            assert_int_equal(!(effects.actions & SETUP_DO_TO_INTEL), !row[i].to_intel);
        }
    }
}

static struct setup_effects feed(struct setup *m, struct setup_event e)
{
    struct setup_effects effects;

    setup_step(release_find("5.0.3"), m, &e, &effects);
    note_rule(&effects);
    return effects;
}

#define START_COMMAND 0x04000029u

/* A start that asks a DHCP server first is answered once, when that is over. */
static void a_start_is_answered_once(void **state)
{
    const struct setup_facts alone = {.credentials = CREDENTIALS_PKI,
                                      .link = true,
                                      .rng_ready = true,
                                      .alone = true,
                                      .dhcp = true};
    const struct setup_event start = {
        .id = SETUP_EV_START, .now_ms = NOW, .facts = alone, .command = START_COMMAND};
    struct setup_event time = {.id = SETUP_EV_TIME, .now_ms = NOW + 1499, .facts = alone};
    struct setup m = stand(&situations[1], &standings[0]), other;
    struct setup_effects e = feed(&m, start);

    (void)state;
    assert_int_equal(e.answer, 0);
    assert_true(window_is_probing(&m.window));
    assert_null(feed(&m, time).rule);
    time.now_ms++;
    assert_int_equal(setup_next_ms(release_find("5.0.3"), &m, &alone), NOW + 1500);
    e = feed(&m, time);
    assert_true(e.actions & SETUP_DO_DECIDE_START);
    assert_int_equal(e.answer, 0);
    other = m;
    e = feed(&m, (struct setup_event){.id = SETUP_EV_START, .now_ms = NOW + 1500, .facts = alone});
    assert_int_equal(e.answer, START_COMMAND);
    assert_int_equal(e.answer_status, 2);
    assert_true(e.actions & SETUP_DO_CLOSE);
    assert_false(window_may_send(&m.window));
    assert_int_equal(m.start_command, 0);
    /* Somebody unprovisions meanwhile: the start is refused, not forgotten. */
    e = feed(&other, (struct setup_event){.id = SETUP_EV_FULL, .now_ms = NOW + 1500});
    assert_int_equal(e.answer, START_COMMAND);
    assert_int_equal(e.answer_status, 2);
    assert_int_equal(other.start_command, 0);
}

/* What was answered with "certificate not ready" goes on by itself, unless something else came. */
static void a_start_is_remembered(void **state)
{
    const struct setup_facts making = {.credentials = CREDENTIALS_PKI,
                                       .link = true,
                                       .address = true,
                                       .suffix = true,
                                       .rng_ready = true,
                                       .cert_ms = NOW + 5000};
    struct setup_event start = {
        .id = SETUP_EV_START, .now_ms = NOW, .facts = making, .command = START_COMMAND};
    struct setup_event time = {.id = SETUP_EV_TIME, .now_ms = NOW + 4999, .facts = making};
    struct setup m = stand(&situations[1], &standings[0]), other;
    struct setup_effects e = feed(&m, start);

    (void)state;
    assert_int_equal(e.answer_status, 0x31);
    assert_int_equal(setup_next_ms(release_find("5.0.3"), &m, &making), NOW + 5000);
    assert_null(feed(&m, time).rule);
    time.now_ms++;
    other = m;
    assert_true(feed(&m, time).actions & SETUP_DO_DECIDE_START);
    assert_null(feed(&m, time).rule); /* once */
    start.now_ms = time.now_ms;
    start.command = 0;
    e = feed(&m, start);
    assert_int_equal(m.state, SETUP_SETUP);
    assert_int_equal(e.answer, 0); /* the agent has had its answer */
    feed(&other, (struct setup_event){.id = SETUP_EV_FULL, .now_ms = NOW});
    assert_null(feed(&other, time).rule);
}

static void a_last_reply_has_a_second(void **state)
{
    static const enum setup_event_id event[] = {SETUP_EV_COMMIT, SETUP_EV_PARTIAL, SETUP_EV_FULL};

    (void)state;
    for (size_t i = 0; i < COUNT(event); i++) {
        struct setup m = stand(&situations[12], &standings[0]), local = m;
        struct setup_event e = {
            .id = event[i], .now_ms = NOW, .over_network = true, .tls_switched = true};
        struct setup_event time = {.id = SETUP_EV_TIME, .now_ms = NOW + 999};

        e.facts.credentials_kept = CREDENTIALS_PKI;
        assert_true(feed(&m, e).actions & SETUP_DO_LAST_REPLY);
        assert_int_equal(m.reply_until_ms, NOW + 1000);
        assert_null(feed(&m, time).rule);
        time.now_ms++;
        assert_true(feed(&m, time).actions & SETUP_DO_END_REPLY);
        assert_int_equal(m.reply_until_ms, 0);
        /* Somebody who stands at the machine gets no reply, and ends one that is leaving. */
        feed(&local, e);
        e.over_network = false;
        e.id = SETUP_EV_FULL;
        feed(&local, e);
        assert_int_equal(local.reply_until_ms, 0);
    }
}

/* AMT that is switched off meanwhile counts no time, but the reply's second ends all the same:
 * behind it the interface closes. */
static void a_last_reply_ends_though_amt_is_off(void **state)
{
    struct setup m = stand(&situations[12], &standings[0]);
    struct setup_event e = {.id = SETUP_EV_FULL, .now_ms = NOW, .over_network = true};
    struct setup_event time = {.id = SETUP_EV_TIME, .now_ms = NOW + 1000};
    const struct release *release = release_find("5.0.3");

    (void)state;
    feed(&m, e);
    time.facts.disabled = time.facts.last_reply_done = true;
    assert_true(setup_next_ms(release, &m, &time.facts) <= NOW);
    time.facts.last_reply_done = false;
    assert_int_equal(setup_next_ms(release, &m, &time.facts), NOW + 1000);
    assert_true(feed(&m, time).actions & SETUP_DO_END_REPLY);
    assert_int_equal(setup_next_ms(release, &m, &time.facts), UINT64_MAX);
}

/* Where a commit leaves the ports as they are, nobody has to go. */
static void a_commit_between_the_same_ports(void **state)
{
    struct setup m = stand(&situations[12], &standings[0]);
    struct setup_event e = {.id = SETUP_EV_COMMIT, .now_ms = NOW, .over_network = true};

    (void)state;
    assert_int_equal(feed(&m, e).actions, SETUP_DO_SAVE);
    assert_int_equal(m.reply_until_ms, 0);
}

static void used_time_is_written_down(void **state)
{
    struct setup m = stand(&situations[4], &standings[3]);
    struct settings s;

    (void)state;
    setup_snapshot(&m, NOW, &s);
    assert_null(feed(&m, (struct setup_event){.id = SETUP_EV_TIME, .now_ms = NOW + 599999}).rule);
    assert_int_equal(
        feed(&m, (struct setup_event){.id = SETUP_EV_TIME, .now_ms = NOW + 600000}).actions,
        SETUP_DO_SAVE);
    /* A device that is off has no time. */
    assert_null(feed(&m, (struct setup_event){.id = SETUP_EV_TIME,
                                              .now_ms = NOW + 7 * HOUR,
                                              .facts = {.disabled = true}})
                    .rule);
    assert_int_equal(window_end_ms(&m.window), NOW + 7 * HOUR + HOUR - 600000);
}

/* The last of the group: all that ran before counts. */
static void every_row_has_fired(void **state)
{
    uint32_t count, missing = 0;
    const struct setup_transition *row = setup_transitions(&count);

    (void)state;
    for (uint32_t i = 0; i < count; i++) {
        if (fired >> i & 1)
            continue;
        missing++;
        print_error("never fired: row %u, %s: %s [%s]\n", (unsigned)i,
                    setup_event_name(row[i].event), row[i].reason, row[i].guard_name);
    }
    assert_int_equal(missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_on_5_0_2),
        cmocka_unit_test(every_case_on_5_0_3),
        cmocka_unit_test(every_case_on_a_release_that_reopens),
        cmocka_unit_test(reported_states_and_names),
        cmocka_unit_test(every_row_is_explained),
        cmocka_unit_test(a_machine_may_differ_from_its_release),
        cmocka_unit_test(a_start_is_answered_once),
        cmocka_unit_test(a_start_is_remembered),
        cmocka_unit_test(a_last_reply_has_a_second),
        cmocka_unit_test(a_last_reply_ends_though_amt_is_off),
        cmocka_unit_test(a_commit_between_the_same_ports),
        cmocka_unit_test(used_time_is_written_down),
        cmocka_unit_test(every_row_has_fired),
    };

    return cmocka_run_group_tests_name("setup", tests, NULL, NULL);
}
