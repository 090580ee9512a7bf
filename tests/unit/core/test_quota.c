// SPDX-License-Identifier: BSD-3-Clause
// links: fw/core/quota.c fw/core/text.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/limits.h"
#include "fw/core/quota.h"

static void a_flood(void **state)
{
    struct quota q = {0};
    char before[QUOTA_TEXT];
    uint32_t said = 0;

    (void)state;
    for (uint64_t now = 0; now < 60000; now += 10) {
        said += quota_take(&q, now, before);
        assert_string_equal(before, "");
    }
    assert_int_equal(said, LIMIT_TRACES_A_MINUTE);
    assert_true(quota_take(&q, 60000, before));
    assert_string_equal(before, "and 5900 more");
    assert_true(quota_take(&q, 60001, before));
    assert_string_equal(before, "");
}

static void a_trickle(void **state)
{
    struct quota q = {0};
    char before[QUOTA_TEXT];

    (void)state;
    for (uint64_t now = 0; now < 3600000; now += 4000) {
        assert_true(quota_take(&q, now, before));
        assert_string_equal(before, "");
    }
}

/* The longest number fits. */
static void very_many(void **state)
{
    struct quota q = {.reported = LIMIT_TRACES_A_MINUTE, .suppressed = UINT32_MAX};
    char before[QUOTA_TEXT];

    (void)state;
    assert_true(quota_take(&q, 60000, before));
    assert_string_equal(before, "and 4294967295 more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flood),
        cmocka_unit_test(a_trickle),
        cmocka_unit_test(very_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
