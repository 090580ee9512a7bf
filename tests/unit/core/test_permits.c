// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/permits.h"
#include "fw/core/status.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const uint8_t doors[] = {DOOR_NETWORK, DOOR_AGENT, DOOR_MEBX, DOOR_USB_KEY};

/* F factory, S setup, O over, P provisioned; a locked device is another test's. */
static void expect(enum door door, enum act act, const char *where)
{
    static const char letter[] = "FSOP";

    for (int s = 0; letter[s]; s++)
        assert_int_equal(permits(door, act, (enum situation)s) == PT_STATUS_SUCCESS,
                         strchr(where, letter[s]) != NULL);
}

static void a_server_in_set_up_and_after_it(void **state)
{
    (void)state;
    /* WSM, G-modes: set-up's operations end with the commit. */
    expect(DOOR_NETWORK, ACT_SET_ADMIN, "SP"); /* MCMD changes it afterwards */
    expect(DOOR_NETWORK, ACT_SET_TLS, "S");
    expect(DOOR_NETWORK, ACT_SET_NAME, "SP"); /* MCMD: afterwards, too */
    expect(DOOR_NETWORK, ACT_EXTEND, "S");
    expect(DOOR_NETWORK, ACT_READ_MACHINE, "P");
    expect(DOOR_NETWORK, ACT_READ, "SP");
    expect(DOOR_NETWORK, ACT_COMMIT, "SP");
    expect(DOOR_NETWORK, ACT_SET_PSK, "SP"); /* HP3: for the next set-up */
    expect(DOOR_NETWORK, ACT_UNPROVISION_FULL, "SP");
    expect(DOOR_NETWORK, ACT_UNPROVISION_PARTIAL, "SP");
    /* What only somebody at the machine may. */
    expect(DOOR_NETWORK, ACT_SET_SERVER, "");
    expect(DOOR_NETWORK, ACT_SET_MODE, "");
    expect(DOOR_NETWORK, ACT_SET_BY_HAND, "");
    expect(DOOR_NETWORK, ACT_SET_REMOTE, "");
    expect(DOOR_NETWORK, ACT_SET_OTP, "");
    expect(DOOR_NETWORK, ACT_APPLY_KEY, "");
}

static void small_business_mode_by_release(void **state)
{
    static const struct {
        const char *release;
        bool offered, partial;
    } row[] = {
        {"2.1", true, false}, /* DELL, OptiPlex 745c and 755: only the full unprovision leaves it */
        {"2.6", true, false},  {"3.0", true, false}, {"3.2.1", true, false},
        {"5.0.3", true, true}, {"6.0", false, true}, /* G-restore: no longer a choice from 6.0 on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        const struct release *r = release_find(row[i].release);

        assert_int_equal(permits_by_release(r, MODE_ENTERPRISE, ACT_SET_MODE), row[i].offered);
        assert_int_equal(permits_by_release(r, MODE_SMB, ACT_UNPROVISION_PARTIAL), row[i].partial);
        assert_true(permits_by_release(r, MODE_ENTERPRISE, ACT_UNPROVISION_PARTIAL));
        assert_true(permits_by_release(r, MODE_SMB, ACT_UNPROVISION_FULL));
        assert_true(permits_by_release(r, MODE_SMB, ACT_READ));
    }
}

static void the_agent(void **state)
{
    (void)state;
    /* G-otp, G-setpki: before a set-up and when its time is over. */
    expect(DOOR_AGENT, ACT_SET_OTP, "FO");
    expect(DOOR_AGENT, ACT_SET_SUFFIX, "FO");
    assert_int_equal(permits(DOOR_AGENT, ACT_SET_OTP, SITUATION_SETUP), 3);
    assert_int_equal(permits(DOOR_AGENT, ACT_SET_OTP, SITUATION_PROVISIONED), 3);
    assert_int_equal(permits(DOOR_AGENT, ACT_SET_ZERO_TOUCH, SITUATION_FACTORY), 0x10);
    assert_int_equal(permits(DOOR_AGENT, ACT_SET_ZERO_TOUCH, SITUATION_SETUP), 3);
    expect(DOOR_AGENT, ACT_UNPROVISION_FULL, "");
    expect(DOOR_AGENT, ACT_COMMIT, "");
    expect(DOOR_AGENT, ACT_SET_BY_HAND, "");
    expect(DOOR_AGENT, ACT_SET_PASSWORD, "");
}

static void who_stands_at_the_machine(void **state)
{
    (void)state;
    expect(DOOR_MEBX, ACT_SET_MODE, "F");      /* G-restore */
    expect(DOOR_MEBX, ACT_SET_BY_HAND, "FSO"); /* HP, RTK; the short cut */
    expect(DOOR_MEBX, ACT_SET_SERVER, "FSO");
    expect(DOOR_MEBX, ACT_SET_NAME, "FSOP");
    expect(DOOR_MEBX, ACT_SET_PSK, "FSO");
    expect(DOOR_MEBX, ACT_SET_REMOTE, "FSO");
    expect(DOOR_MEBX, ACT_UNPROVISION_PARTIAL, "SOP");
    expect(DOOR_MEBX, ACT_UNPROVISION_FULL, "FSOP");
    expect(DOOR_MEBX, ACT_SET_PASSWORD, "FSOP");
    expect(DOOR_USB_KEY, ACT_APPLY_KEY, "FSO");
}

static void a_locked_device_can_only_begin_anew(void **state)
{
    (void)state;
    for (size_t d = 0; d < COUNT(doors); d++)
        for (int act = 0; act < ACTS; act++)
            assert_int_equal(permits((enum door)doors[d], (enum act)act, SITUATION_LOCKED) ==
                                 PT_STATUS_SUCCESS,
                             doors[d] == DOOR_MEBX && act == ACT_UNPROVISION_FULL);
    assert_int_equal(permits(DOOR_AGENT, ACT_READ, SITUATION_LOCKED), 1);
}

static void where_a_device_stands(void **state)
{
    static const struct {
        uint8_t state, window;
        enum situation situation;
    } row[] = {
        {SETUP_FACTORY, WINDOW_CLOSED, SITUATION_FACTORY},
        {SETUP_FACTORY, WINDOW_PROBE, SITUATION_FACTORY},
        {SETUP_SETUP, WINDOW_BARE_METAL, SITUATION_SETUP},
        {SETUP_SETUP, WINDOW_PROBE, SITUATION_SETUP_OVER},
        {SETUP_IN_PROCESS, WINDOW_UNLIMITED, SITUATION_SETUP},
        {SETUP_IN_PROCESS, WINDOW_CLOSED, SITUATION_SETUP_OVER},
        {SETUP_PROVISIONED, WINDOW_OPERATIONAL, SITUATION_PROVISIONED},
        {SETUP_LOCKED, WINDOW_CLOSED, SITUATION_LOCKED},
        {SETUP_STATES, WINDOW_OPERATIONAL, SITUATION_LOCKED}, /* no state at all */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++)
        assert_int_equal(
            situation_of(&(struct setup){.state = row[i].state, .window.kind = row[i].window}),
            row[i].situation);
}

/* WSM, LMS-cim; only the last leaves it to a provisioned device's server. */
static void the_password_policies(void **state)
{
    (void)state;
    for (int s = 0; s < SITUATIONS; s++)
        for (int is_default = 0; is_default < 2; is_default++)
            for (int c = CREDENTIALS_NONE; c <= CREDENTIALS_PKI; c++) {
                enum situation at = (enum situation)s;
                enum credentials with = (enum credentials)c;

                assert_int_equal(permits_password(PASSWORD_ANYTIME, is_default, with, at),
                                 s == SITUATION_SETUP || s == SITUATION_PROVISIONED);
                assert_int_equal(permits_password(PASSWORD_DURING_SETUP, is_default, with, at),
                                 s == SITUATION_SETUP);
                assert_int_equal(permits_password(PASSWORD_DEFAULT_ONLY, is_default, with, at),
                                 s == SITUATION_SETUP && is_default && c == CREDENTIALS_PKI);
            }
}

/* A row that no situation reaches says nothing; one without a source cannot be judged. */
static void every_row_counts(void **state)
{
    uint32_t count;
    const struct permission *p = permissions(&count);

    (void)state;
    for (uint32_t i = 0; i < count; i++) {
        assert_true(p[i].when != 0 && p[i].when >> SITUATIONS == 0);
        assert_non_null(p[i].source);
        for (uint32_t j = 0; j < i; j++)
            if (p[j].door == p[i].door && p[j].act == p[i].act)
                assert_int_equal(p[j].when & p[i].when, 0);
    }
    for (size_t d = 0; d < COUNT(doors); d++)
        for (int act = 0; act < ACTS; act++)
            for (int s = 0; s < SITUATIONS; s++)
                assert_int_equal(permits_when((enum door)doors[d], (enum act)act) >> s & 1,
                                 permits((enum door)doors[d], (enum act)act, (enum situation)s) ==
                                     PT_STATUS_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_in_set_up_and_after_it),
        cmocka_unit_test(small_business_mode_by_release),
        cmocka_unit_test(the_agent),
        cmocka_unit_test(who_stands_at_the_machine),
        cmocka_unit_test(a_locked_device_can_only_begin_anew),
        cmocka_unit_test(where_a_device_stands),
        cmocka_unit_test(the_password_policies),
        cmocka_unit_test(every_row_counts),
    };

    return cmocka_run_group_tests_name("permits", tests, NULL, NULL);
}
