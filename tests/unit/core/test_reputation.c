// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/reputation.h"

#define OWNER 0x0A000005u
#define OTHER 0x0A000006u
#define NOW 1000000u
#define FIVE_MINUTES 300000u

static struct reputation r;

static int clean(void **state)
{
    (void)state;
    memset(&r, 0, sizeof(r));
    return 0;
}

static void who_comes_first(void **state)
{
    (void)state;
    reputation_right_password(&r, OWNER);
    assert_int_equal(reputation_rank(&r, OWNER, NOW), 0);
    assert_int_equal(reputation_rank(&r, OTHER, NOW), 1);
    reputation_turn_wasted(&r, OTHER, NOW);
    assert_int_equal(reputation_rank(&r, OTHER, NOW), 2);
    /* Somebody who shares the owner's address costs him his place before strangers, not more. */
    reputation_turn_wasted(&r, OWNER, NOW);
    assert_int_equal(reputation_rank(&r, OWNER, NOW), 1);
    reputation_right_password(&r, OWNER);
    assert_int_equal(reputation_rank(&r, OWNER, NOW), 0);
}

static void a_wasted_turn_counts_for_five_minutes(void **state)
{
    (void)state;
    reputation_turn_wasted(&r, OTHER, NOW);
    assert_int_equal(reputation_rank(&r, OTHER, NOW + FIVE_MINUTES - 1), 2);
    assert_int_equal(reputation_rank(&r, OTHER, NOW + FIVE_MINUTES), 1);
}

static void two_mistyped_passwords_cost_nothing(void **state)
{
    (void)state;
    reputation_right_password(&r, OWNER);
    reputation_wrong_password(&r, OWNER, NOW);
    reputation_wrong_password(&r, OWNER, NOW + 1);
    assert_int_equal(reputation_rank(&r, OWNER, NOW + 2), 0);
    reputation_wrong_password(&r, OWNER, NOW + 2);
    assert_int_equal(reputation_rank(&r, OWNER, NOW + 3), 1);
    /* Those of long ago do not count any more. */
    reputation_wrong_password(&r, OTHER, NOW);
    reputation_wrong_password(&r, OTHER, NOW);
    reputation_wrong_password(&r, OTHER, NOW + FIVE_MINUTES);
    assert_int_equal(reputation_rank(&r, OTHER, NOW + FIVE_MINUTES + 1), 1);
}

/* Sixteen are remembered; one more takes the place of the first, not of the owner's. */
static void more_than_can_be_remembered(void **state)
{
    (void)state;
    reputation_right_password(&r, OWNER);
    for (uint32_t i = 0; i < 17; i++)
        reputation_turn_wasted(&r, OTHER + i, NOW + i);
    assert_int_equal(reputation_rank(&r, OTHER, NOW + 20), 1);
    for (uint32_t i = 1; i < 17; i++)
        assert_int_equal(reputation_rank(&r, OTHER + i, NOW + 20), 2);
    assert_int_equal(reputation_rank(&r, OWNER, NOW + 20), 0);
    for (uint32_t i = 0; i < 3; i++)
        reputation_right_password(&r, 0x0A000100u + i);
    assert_int_equal(reputation_rank(&r, OWNER, NOW + 20), 0); /* one of four */
    reputation_right_password(&r, 0x0A000100u);                /* who is known takes no place */
    assert_int_equal(reputation_rank(&r, OWNER, NOW + 20), 0);
    reputation_right_password(&r, 0x0A000103u);
    assert_int_equal(reputation_rank(&r, OWNER, NOW + 20), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(who_comes_first, clean),
        cmocka_unit_test_setup(a_wasted_turn_counts_for_five_minutes, clean),
        cmocka_unit_test_setup(two_mistyped_passwords_cost_nothing, clean),
        cmocka_unit_test_setup(more_than_can_be_remembered, clean),
    };

    return cmocka_run_group_tests_name("reputation", tests, NULL, NULL);
}
