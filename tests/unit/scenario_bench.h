#ifndef TESTS_SCENARIO_BENCH_H
#define TESTS_SCENARIO_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/scenario.h"

#define HEAD "device 5.0.2\n"

static void read_good(const char *text, struct scenario *scenario)
{
    struct scenario_error error = {""};

    if (!scenario_read("t.scn", text, strlen(text), scenario, &error))
        fail_msg("not read: %s", error.text);
}

static void expect_error(const char *text, const char *message)
{
    struct scenario scenario;
    struct scenario_error error = {""};

    assert_false(scenario_read("t.scn", text, strlen(text), &scenario, &error));
    assert_string_equal(error.text, message);
}

/* The error begins so: long lists of what was expected are left out. */
static void expect_error_begins(const char *text, const char *message)
{
    struct scenario scenario;
    struct scenario_error error = {""};

    assert_false(scenario_read("t.scn", text, strlen(text), &scenario, &error));
    error.text[strlen(message)] = '\0';
    assert_string_equal(error.text, message);
}

#endif
