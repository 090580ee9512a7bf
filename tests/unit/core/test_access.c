// SPDX-License-Identifier: BSD-3-Clause
// links: fw/core/access.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fw/core/access.h"
#include "fw/core/setup.h"

/* Every combination, with the answer written out by hand. */

#define NOBODY 0
#define A ACCOUNT_ADMIN
#define M ACCOUNT_MEBX
#define E ACCOUNT_EMPTY

static void every_account(void **state)
{
    static const struct {
        uint8_t state;
        uint8_t accounts[4][2]; /* by admission, and whether an administrator is set */
    } row[] = {
        {SETUP_FACTORY, {{0, 0}, {0, 0}, {0, 0}, {0, 0}}},
        {SETUP_SETUP, {{0, 0}, {0, 0}, {M, M | A}, {M | E, M | E | A}}},
        {SETUP_IN_PROCESS, {{0, 0}, {0, 0}, {M, M | A}, {M | E, M | E | A}}},
        {SETUP_PROVISIONED, {{0, 0}, {M, A}, {0, 0}, {0, 0}}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
        for (int admission = ADMITTED_NONE; admission <= ADMITTED_CHAIN; admission++)
            for (int admin = 0; admin < 2; admin++)
                assert_int_equal(access_accounts((enum admission)admission, row[i].state, admin),
                                 row[i].accounts[admission][admin]);
    /* What is no state or no admission lets nobody in. */
    for (int other = SETUP_STATES; other < 256; other++)
        for (int admission = ADMITTED_NONE; admission <= ADMITTED_CHAIN + 1; admission++)
            assert_int_equal(access_accounts((enum admission)admission, (uint8_t)other, true),
                             NOBODY);
    for (int s = 0; s < SETUP_STATES; s++)
        assert_int_equal(access_accounts((enum admission)(ADMITTED_CHAIN + 1), (uint8_t)s, true),
                         NOBODY);
}

/* The empty password is worth something in one situation only. */
static void the_empty_password(void **state)
{
    (void)state;
    for (int s = 0; s < 256; s++)
        for (int admission = 0; admission < 8; admission++)
            for (int admin = 0; admin < 2; admin++)
                if (access_accounts((enum admission)admission, (uint8_t)s, admin) & E)
                    assert_true(admission == ADMITTED_CHAIN &&
                                (s == SETUP_SETUP || s == SETUP_IN_PROCESS));
}

static void every_policy(void **state)
{
    static const enum access_policy open[SETUP_STATES][2] = {
        [SETUP_FACTORY] = {ACCESS_NOBODY, ACCESS_NOBODY},
        [SETUP_SETUP] = {ACCESS_SETUP, ACCESS_SETUP},
        [SETUP_IN_PROCESS] = {ACCESS_SETUP, ACCESS_SETUP},
        [SETUP_PROVISIONED] = {ACCESS_OPERATION, ACCESS_OPERATION_TLS},
    };

    (void)state;
    for (int s = 0; s < 256; s++)
        for (int tls = 0; tls < 2; tls++) {
            assert_int_equal(access_policy_of((uint8_t)s, false, tls), ACCESS_NOBODY);
            assert_int_equal(access_policy_of((uint8_t)s, true, tls),
                             s < SETUP_STATES ? open[s][tls] : ACCESS_NOBODY);
        }
}

/* S3, G-modes. */
static void every_port(void **state)
{
    (void)state;
    assert_int_equal(access_ports(ACCESS_NOBODY), 0);
    assert_int_equal(access_ports(ACCESS_SETUP), PORT_HTTPS);
    assert_int_equal(access_ports(ACCESS_OPERATION), PORT_HTTP | PORT_REDIRECT);
    assert_int_equal(access_ports(ACCESS_OPERATION_TLS), PORT_HTTPS | PORT_REDIRECT_TLS);
    assert_int_equal(access_ports(ACCESS_POLICIES), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_account),
        cmocka_unit_test(the_empty_password),
        cmocka_unit_test(every_policy),
        cmocka_unit_test(every_port),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
