// SPDX-License-Identifier: BSD-3-Clause
// links: @sim @fw @lwip
#include "sim/report/transcript.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/setup.h"
#include "sim/report/divergence.h"

#define S UINT64_C(1000000)
#define MIN (60 * S)

static void device(struct recorder *r, uint64_t time_us, int trace, uint32_t value,
                   const char *text, const char *source)
{
    recorder_event(r, &(struct world_event){.kind = WORLD_DEVICE,
                                            .time_us = time_us,
                                            .trace = trace,
                                            .value = value,
                                            .text = text,
                                            .source = source});
}

static void pc(struct recorder *r, uint64_t time_us, const char *text)
{
    recorder_event(r, &(struct world_event){.kind = WORLD_PC, .time_us = time_us, .text = text});
}

static void said(struct recorder *r, const char *text)
{
    recorder_event(r, &(struct world_event){.kind = WORLD_AGENT, .text = text});
}

static void failed_attempt(struct recorder *r, uint64_t time_us, uint32_t retry, const char *name)
{
    device(r, time_us, TRACE_ATTEMPT, retry, "PKI", NULL);
    device(r, time_us, TRACE_LOOKUP, 0, name, NULL);
    device(r, time_us, TRACE_ATTEMPT_FAILED, retry, "nobody", NULL);
}

/* The transcript must consist of these lines, as "who: text". */
static void assert_lines(const struct recorder *r, const char *const *expected, size_t count)
{
    struct transcript t;
    char line[700];

    assert_true(transcript_build(r, &t));
    for (size_t i = 0; i < count && i < t.lines; i++) {
        snprintf(line, sizeof line, "%s: %s", t.line[i].who, t.line[i].text);
        assert_string_equal(line, expected[i]);
    }
    assert_int_equal(t.lines, count);
    transcript_free(&t);
}

#define ASSERT_LINES(r, ...)                                                                       \
    do {                                                                                           \
        static const char *const expected[] = {__VA_ARGS__};                                       \
        assert_lines(r, expected, sizeof expected / sizeof expected[0]);                           \
    } while (0)

static void attempts_alike_fold(void **state)
{
    static const unsigned minute[] = {0, 1, 2, 3, 4, 5, 15, 25, 35, 95, 155};
    struct recorder r;

    (void)state;
    recorder_init(&r);
    for (uint32_t i = 0; i < sizeof minute / sizeof minute[0]; i++)
        failed_attempt(&r, minute[i] * MIN, i, "a.example");
    ASSERT_LINES(&r, "me: looks up a.example", "me: attempt failed: nobody, retry 0",
                 "me: ... 10 more attempts alike, retry 1 to 10: 5 every 1m, 3 every 10m, 2 every "
                 "1h; the last at 2:35:00.000");
    recorder_free(&r);
}

static void reasons_for_silence(void **state)
{
    struct recorder r;

    (void)state;
    recorder_init(&r);
    device(&r, 0, TRACE_DISABLED, 0, "BIOS", NULL);
    device(&r, 0, TRACE_DISABLED, 0, "MEBx", NULL);
    device(&r, 0, TRACE_NET_MODE, 0, "fixed", NULL);
    device(&r, 0, TRACE_NO_ADDRESS, 0, "DHCP is off and no address is set", NULL);
    ASSERT_LINES(&r, "me: AMT is disabled in the BIOS", "me: AMT is disabled in MEBx",
                 "me: network fixed: uses the address set in MEBx",
                 "me: no address: DHCP is off and no address is set");
    recorder_free(&r);
}

static void another_attempt_is_shown(void **state)
{
    struct recorder r;

    (void)state;
    recorder_init(&r);
    failed_attempt(&r, 0 * MIN, 0, "a.example");
    failed_attempt(&r, 1 * MIN, 1, "a.example");
    failed_attempt(&r, 2 * MIN, 2, "b.example");
    failed_attempt(&r, 3 * MIN, 3, "b.example");
    failed_attempt(&r, 4 * MIN, 4, "b.example");
    ASSERT_LINES(&r, "me: looks up a.example", "me: attempt failed: nobody, retry 0",
                 "me: ... 1 more attempt alike, retry 1", "me: looks up b.example",
                 "me: attempt failed: nobody, retry 2",
                 "me: ... 2 more attempts alike, retry 3 to 4, every 1m; the last at 0:04:00.000");
    recorder_free(&r);
}

static void what_happens_between_keeps_its_place(void **state)
{
    struct recorder r;

    (void)state;
    recorder_init(&r);
    failed_attempt(&r, 0, 0, "a.example");
    failed_attempt(&r, 1 * MIN, 1, "a.example");
    pc(&r, 90 * S, "something");
    failed_attempt(&r, 2 * MIN, 2, "a.example");
    device(&r, 150 * S, TRACE_WINDOW_OPEN, 3600, "rule", "S0");
    failed_attempt(&r, 3 * MIN, 0, "a.example");
    ASSERT_LINES(&r, "me: looks up a.example", "me: attempt failed: nobody, retry 0",
                 "me: ... 1 more attempt alike, retry 1", "pc: something",
                 "me: ... 1 more attempt alike, retry 2", "me: window open for 1 h: rule [S0]",
                 "me: looks up a.example", "me: attempt failed: nobody, retry 0");
    recorder_free(&r);
}

static void state_and_window_by_one_rule_are_one_line(void **state)
{
    struct recorder r;

    (void)state;
    recorder_init(&r);
    device(&r, S, TRACE_STATE, SETUP_SETUP, "rule one", "S0");
    device(&r, S, TRACE_WINDOW_OPEN, 21600, "rule one", "S0");
    device(&r, 2 * S, TRACE_STATE, SETUP_FACTORY, "rule two", "S1");
    device(&r, 2 * S, TRACE_WINDOW_CLOSED, 0, "rule three", "S1");
    device(&r, 3 * S, TRACE_WINDOW_CLOSED, 0, "rule three", "S1");
    ASSERT_LINES(&r, "me: state setup, window open for 6 h: rule one [S0]",
                 "me: state factory: rule two [S1]", "me: window closed: rule three [S1]",
                 "me: window closed: rule three [S1]");
    recorder_free(&r);
}

static void renewals_fold(void **state)
{
    struct recorder r;

    (void)state;
    recorder_init(&r);
    device(&r, 0, TRACE_WITNESSED, 0x0A000032, "corp.example", NULL);
    device(&r, S, TRACE_WITNESSED, 0x0A000032, "corp.example", NULL);
    device(&r, 2 * S, TRACE_WITNESSED, 0x0A000032, NULL, NULL);
    device(&r, 3 * S, TRACE_WITNESSED, 0x0A000032, "corp.example", NULL);
    ASSERT_LINES(&r, "me: witnessed the OS's lease: 10.0.0.50, option 15 \"corp.example\"",
                 "me: witnessed the OS's lease: 10.0.0.50, no option 15",
                 "me: witnessed the OS's lease: 10.0.0.50, option 15 \"corp.example\"");
    recorder_free(&r);
}

static void what_the_agent_said_before_folds(void **state)
{
    struct recorder r;

    (void)state;
    recorder_init(&r);
    recorder_agent(&r, 0, "agent -discovery");
    said(&r, "a");
    said(&r, "b");
    said(&r, "a");
    said(&r, "c");
    recorder_agent(&r, S, "agent -activate");
    said(&r, "a");
    said(&r, "b");
    said(&r, "c");
    said(&r, "new");
    said(&r, "a");
    said(&r, "b");
    ASSERT_LINES(&r, "pc: agent -discovery", "agent: a", "agent: b", "agent: a", "agent: c",
                 "pc: agent -activate", "agent: ... 3 lines as before", "agent: new", "agent: a",
                 "agent: b");
    recorder_free(&r);
}

static void columns(void **state)
{
    struct transcript_line left_line[] = {
        {S, "pc", (char *)"both"}, {2 * S, "me", (char *)"left only"}, {3 * S, "me", (char *)"L"}};
    struct transcript_line right_line[] = {
        {S, "pc", (char *)"both"},
        {3 * S, "me", (char *)"a text that is so long that it does not fit into sixty columns"}};
    struct transcript left = {.line = left_line, .lines = 3},
                      right = {.line = right_line, .lines = 2};
    char got[2000] = "", *expected;
    FILE *out = tmpfile();

    (void)state;
    assert_non_null(out);
    transcript_print_pair(&left, &right, "A", "B", TRANSCRIPT_COLUMN, out);
    assert_int_equal(fseek(out, 0, SEEK_SET), 0);
    got[fread(got, 1, sizeof got - 1, out)] = '\0';
    fclose(out);
    expected =
        (char *)"               A                                                            | B\n"
                "  0:00:01.000  pc     both                                                  | "
                "pc     both\n"
                "  0:00:02.000  me     left only                                             |\n"
                "  0:00:03.000  me     L                                                     | "
                "me     a text that is so long that it does not fit into\n"
                "                                                                            | "
                "       sixty columns\n";
    assert_string_equal(got, expected);
}

static void begin(struct run *run, const char *release)
{
    memset(run, 0, sizeof(*run));
    run->release = release_find(release);
    recorder_init(&run->recorder);
}

static void find(const struct run *a, const struct run *b, struct divergences *d)
{
    assert_true(divergences_find(a, b, d));
}

static void own_names_are_no_divergence(void **state)
{
    struct run a, b;
    struct divergences d;

    (void)state;
    begin(&a, "5.0.2");
    begin(&b, "5.0.3");
    device(&a.recorder, 0, TRACE_BOOT, 0, "5.0.2", NULL);
    device(&b.recorder, 0, TRACE_BOOT, 0, "5.0.3", NULL);
    recorder_agent(&a.recorder, S, "agent -discovery");
    recorder_agent(&b.recorder, S, "agent -discovery");
    said(&a.recorder, "Build Number: 1120");
    said(&b.recorder, "Build Number: 1121");
    recorder_note(&b.recorder, S, ENTRY_CHECK, "check", "only here");
    find(&a, &b, &d);
    assert_int_equal(d.count, 0);
    divergences_free(&d);
    device(&a.recorder, 2 * S, TRACE_BOOT, 0, "5.0.3", NULL);
    device(&b.recorder, 2 * S, TRACE_BOOT, 0, "5.0.2", NULL);
    find(&a, &b, &d);
    assert_int_equal(d.count, 1); /* each the other's */
    divergences_free(&d);
    recorder_free(&a.recorder);
    recorder_free(&b.recorder);
}

static void divergence_gives_the_rule(void **state)
{
    struct run a, b;
    struct divergences d;

    (void)state;
    begin(&a, "5.0.2");
    begin(&b, "5.0.3");
    pc(&a.recorder, S, "same");
    pc(&b.recorder, S, "same");
    device(&a.recorder, MIN, TRACE_RESTORED, 24, "Intel default", "S0");
    device(&b.recorder, MIN, TRACE_RESTORED, 0, "OEM default", "S0");
    device(&a.recorder, MIN, TRACE_STATE, SETUP_FACTORY, "to Intel", "S0");
    device(&b.recorder, MIN, TRACE_STATE, SETUP_FACTORY, "to the OEM", "S0");
    find(&a, &b, &d);
    assert_int_equal(d.list[d.chosen].time_us, MIN);
    assert_string_equal(d.list[d.chosen].entry[0]->text,
                        "restored to Intel default: bare-metal provisioning 24 h");
    assert_string_equal(d.list[d.chosen].entry[1]->text,
                        "restored to OEM default: bare-metal provisioning 0 h");
    assert_string_equal(d.list[d.chosen].reason[0]->reason, "to Intel");
    assert_string_equal(d.list[d.chosen].reason[1]->reason, "to the OEM");
    divergences_free(&d);
    recorder_free(&a.recorder);
    recorder_free(&b.recorder);
}

static void one_side_may_be_silent(void **state)
{
    struct run a, b;
    struct divergences d;

    (void)state;
    begin(&a, "5.0.2");
    begin(&b, "5.0.3");
    device(&a.recorder, S, TRACE_STATE, SETUP_SETUP, "rule", "S0");
    device(&b.recorder, S, TRACE_STATE, SETUP_SETUP, "rule", "S0");
    device(&a.recorder, 2 * S, TRACE_LOOKUP, 0, "a.example", NULL);
    pc(&b.recorder, 5 * S, "AC off");
    find(&a, &b, &d);
    assert_int_equal(d.list[d.chosen].time_us, 2 * S);
    assert_string_equal(d.list[d.chosen].entry[1]->text, "AC off");
    assert_string_equal(d.list[d.chosen].reason[0]->reason, "rule");
    assert_string_equal(d.list[d.chosen].reason[1]->reason, "rule");
    divergences_free(&d);
    recorder_free(&b.recorder);
    begin(&b, "5.0.3");
    find(&a, &b, &d);
    assert_int_equal(d.list[d.chosen].time_us, S);
    assert_null(d.list[d.chosen].entry[1]);
    assert_null(d.list[d.chosen].reason[1]);
    divergences_free(&d);
    recorder_free(&a.recorder);
}

/* What no rule explains comes first and is not the answer; a little later is still the same. */
static void a_rule_goes_before_what_none_explains(void **state)
{
    struct run a, b;
    struct divergences d;

    (void)state;
    begin(&a, "5.0.2");
    begin(&b, "5.0.3");
    device(&a.recorder, S, TRACE_WITNESSED, 0x0A000032, "one.example", NULL);
    device(&b.recorder, S, TRACE_WITNESSED, 0x0A000032, "two.example", NULL);
    device(&a.recorder, MIN, TRACE_LOOKUP, 0, "a.example", NULL);
    device(&b.recorder, MIN + S / 2, TRACE_LOOKUP, 0, "a.example", NULL);
    device(&a.recorder, 2 * MIN, TRACE_WINDOW_OPEN, 3600, "rule of one", "S0");
    device(&b.recorder, 2 * MIN, TRACE_WINDOW_CLOSED, 0, "rule of the other", "S1");
    find(&a, &b, &d);
    assert_int_equal(d.count, 2);
    assert_int_equal(d.list[0].time_us, S);
    assert_false(d.list[0].by_rule);
    assert_int_equal(d.chosen, 1);
    assert_int_equal(d.list[1].time_us, 2 * MIN);
    assert_string_equal(d.list[1].reason[0]->reason, "rule of one");
    assert_string_equal(d.list[1].reason[1]->reason, "rule of the other");
    divergences_free(&d);
    recorder_free(&a.recorder);
    recorder_free(&b.recorder);
}

/* A rule that the scenario itself called up on one side says nothing about the releases. */
static void the_scenarios_own_doing_is_no_answer(void **state)
{
    static const char text[] = "device 5.0.2\nat 1m agent -activate when 5.0.2\nat 2m mark\n";
    struct scenario scenario;
    struct scenario_error error;
    struct run a, b;
    struct divergences d;

    (void)state;
    assert_true(scenario_read("t.scn", text, sizeof(text) - 1, &scenario, &error));
    begin(&a, "5.0.2");
    begin(&b, "5.0.3");
    a.scenario = b.scenario = &scenario;
    a.played = (bool[]){true, true, true};
    b.played = (bool[]){true, false, true};
    device(&a.recorder, MIN, TRACE_WINDOW_OPEN, 3600, "agent starts configuration", "S0");
    device(&b.recorder, 2 * MIN, TRACE_WINDOW_CLOSED, 0, "rule of the other", "S1");
    find(&a, &b, &d);
    assert_int_equal(d.count, 2);
    assert_true(d.list[0].by_rule && d.list[0].by_input);
    assert_false(d.list[1].by_input);
    assert_int_equal(d.chosen, 1);
    divergences_free(&d);
    recorder_free(&a.recorder);
    recorder_free(&b.recorder);
    scenario_free(&scenario);
}

static void times_alone_are_a_divergence(void **state)
{
    struct run a, b;
    struct divergences d;

    (void)state;
    begin(&a, "5.0.2");
    begin(&b, "5.0.3");
    pc(&a.recorder, S, "something");
    pc(&b.recorder, S + S / 2, "something");
    find(&a, &b, &d);
    assert_int_equal(d.count, 1);
    assert_int_equal(d.list[0].time_us, S);
    divergences_free(&d);
    recorder_free(&a.recorder);
    recorder_free(&b.recorder);
}

static void columns_follow_the_line(void **state)
{
    (void)state;
    assert_int_equal(transcript_column(138), 60);
    assert_int_equal(transcript_column(139), 60);
    assert_int_equal(transcript_column(200), 91);
    assert_int_equal(transcript_column(0), TRANSCRIPT_COLUMN_MIN);
    assert_int_equal(transcript_column(20), TRANSCRIPT_COLUMN_MIN);
    assert_int_equal(transcript_column(100000), TRANSCRIPT_COLUMN_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attempts_alike_fold),
        cmocka_unit_test(reasons_for_silence),
        cmocka_unit_test(another_attempt_is_shown),
        cmocka_unit_test(what_happens_between_keeps_its_place),
        cmocka_unit_test(state_and_window_by_one_rule_are_one_line),
        cmocka_unit_test(renewals_fold),
        cmocka_unit_test(what_the_agent_said_before_folds),
        cmocka_unit_test(columns),
        cmocka_unit_test(own_names_are_no_divergence),
        cmocka_unit_test(divergence_gives_the_rule),
        cmocka_unit_test(one_side_may_be_silent),
        cmocka_unit_test(a_rule_goes_before_what_none_explains),
        cmocka_unit_test(the_scenarios_own_doing_is_no_answer),
        cmocka_unit_test(times_alone_are_a_divergence),
        cmocka_unit_test(columns_follow_the_line),
    };
    return cmocka_run_group_tests_name("transcript", tests, NULL, NULL);
}
