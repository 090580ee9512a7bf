// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
// once: slow in an emulator, and about the order of things, not about bytes
#include "tests/fixtures/sca.h"

/* The server that calls back, against the device: whole scripts, and each of its ways to go wrong.
 */

static void first_and_second_stage(void **state)
{
    (void)state;
    for (int protocol = 0; protocol < SCA_PROTOCOLS; protocol++) {
        struct sca_fixture *b = sca_fixture_new((enum sca_protocol)protocol);

        world_ac(b->w, true);
        sca_fixture_run(b, MINUTE);
        assert_int_equal(b->result[SCA_STAGE_FIRST], SCA_ACCEPTED);
        assert_int_equal(b->result[SCA_STAGE_SECOND], SCA_ACCEPTED);
        assert_int_equal(b->result[SCA_STAGE_OLD], SCA_REFUSED);
        assert_int_equal(world_state(b->w), 2);
        assert_int_equal(b->hellos, 1);
        sca_fixture_free(b);
    }
}

/* Neither the log nor anything else that is reported holds what nobody may see. */
static void no_secret_in_the_log(void **state)
{
    struct sca_fixture *b = sca_fixture_new(SCA_SOAP);

    (void)state;
    world_ac(b->w, true);
    sca_fixture_run(b, MINUTE);
    assert_true(sca_fixture_logged(b, "CommitChanges finished"));
    assert_false(sca_fixture_logged(b, b->plan.admin_password));
    assert_false(sca_fixture_logged(b, b->plan.mebx_password));
    sca_fixture_free(b);
}

enum fault { STOP_BEFORE, DISCONNECT_AFTER, RESET_AT, FAULTS };

static void set_fault(struct sca_plan *plan, enum fault fault, const struct sca_operation *op)
{
    plan->stop_before = fault == STOP_BEFORE ? op : NULL;
    plan->disconnect_after = fault == DISCONNECT_AFTER ? op : NULL;
    plan->reset_at = fault == RESET_AT ? op : NULL;
}

/* The server fails there at each hello, and at last does its work: the device is never worse off.
 */
static void fails_and_succeeds(enum sca_protocol protocol, enum fault fault,
                               const struct sca_operation *op)
{
    struct sca_fixture *b = sca_fixture_new(protocol);
    bool commit = strcmp(op->name, "CommitChanges") == 0;
    bool committed = commit && fault != STOP_BEFORE;

    set_fault(&b->plan, fault, op);
    world_ac(b->w, true);
    sca_fixture_run(b, 90 * SECOND);
    assert_int_equal(b->result[SCA_STAGE_FIRST], SCA_FAILED);
    assert_int_equal(b->stages[SCA_STAGE_FIRST], committed ? 1 : 2);
    assert_int_equal(b->stages[SCA_STAGE_SECOND], 0);
    assert_int_equal(world_state(b->w), committed ? 2 : 1);
    assert_int_equal(b->hellos, committed ? 1 : 2);
    assert_true(sca_fixture_logged(b, fault == STOP_BEFORE        ? "Stopped before "
                                      : fault == DISCONNECT_AFTER ? "Disconnected after "
                                                                  : "Reset the connection at "));
    set_fault(&b->plan, FAULTS, NULL);
    sca_fixture_run(b, MINUTE);
    assert_int_equal(world_state(b->w), 2);
    if (!committed)
        assert_int_equal(b->result[SCA_STAGE_SECOND], SCA_ACCEPTED);
    sca_fixture_free(b);
}

static void every_fault(enum fault fault)
{
    for (int protocol = 0; protocol < SCA_PROTOCOLS; protocol++) {
        const struct sca_operation *op = NULL;

        while ((op = sca_next_operation((enum sca_protocol)protocol, 1, op)))
            fails_and_succeeds((enum sca_protocol)protocol, fault, op);
    }
}

static void stops_before_each_operation(void **state)
{
    (void)state;
    every_fault(STOP_BEFORE);
}

static void disconnects_after_each_operation(void **state)
{
    (void)state;
    every_fault(DISCONNECT_AFTER);
}

static void resets_at_each_operation(void **state)
{
    (void)state;
    every_fault(RESET_AT);
}

/* CommitChanges answers DATA_MISSING (WSM) without what it needs. */
static void without_what_a_commit_needs(void **state)
{
    static const char *const needed[] = {"SetTLSCertificateWithKeyPair",
                                         "SetHighAccuracyTimeSynch"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct sca_fixture *b = sca_fixture_new(SCA_SOAP);

        b->plan.without[0] = sca_find_operation(SCA_SOAP, true, needed[i]);
        world_ac(b->w, true);
        sca_fixture_run(b, 30 * SECOND);
        assert_false(sca_fixture_logged(b, needed[i]));
        assert_string_equal(b->operation, "CommitChanges");
        assert_int_equal(b->status, 0x809);
        assert_int_equal(b->result[SCA_STAGE_FIRST], SCA_REFUSED);
        assert_int_equal(world_state(b->w), 1);
        sca_fixture_free(b);
    }
}

static void a_cable_that_is_out(void **state)
{
    struct sca_fixture *b = sca_fixture_new(SCA_WSMAN);

    (void)state;
    world_ac(b->w, true);
    assert_true(sca_fixture_until(b, 5));
    world_link(b->w, false);
    sca_fixture_run(b, 29 * SECOND);
    assert_int_equal(b->stages[SCA_STAGE_FIRST], 0);
    sca_fixture_run(b, 3 * SECOND);
    assert_int_equal(b->result[SCA_STAGE_FIRST], SCA_FAILED);
    assert_true(sca_fixture_logged(b, "Failed 1st stage provision on AMT device pc1.corp.example: "
                                      "no answer."));
    world_link(b->w, true);
    sca_fixture_run(b, 3 * MINUTE);
    assert_int_equal(b->result[SCA_STAGE_SECOND], SCA_ACCEPTED);
    sca_fixture_free(b);
}

/* A device that is not there has not refused anything. */
static void silence_is_no_refusal(void **state)
{
    struct sca_fixture *b = sca_fixture_new(SCA_WSMAN);
    uint64_t until = MINUTE;

    (void)state;
    world_ac(b->w, true);
    while (b->stages[SCA_STAGE_SECOND] == 0)
        assert_true(clock_step(&b->w->clock, until));
    assert_int_equal(b->result[SCA_STAGE_SECOND], SCA_ACCEPTED);
    world_link(b->w, false);
    sca_fixture_run(b, MINUTE);
    assert_int_equal(b->result[SCA_STAGE_OLD], SCA_FAILED);
    assert_true(sca_fixture_logged(b, "Failed trial of old credentials on AMT device "
                                      "pc1.corp.example: no connection."));
    sca_fixture_free(b);
}

static void who_is_not_trusted(void **state)
{
    struct sca_fixture *b = sca_fixture_new(SCA_WSMAN);

    (void)state;
    pem_file_free(&b->plan.certificate);
    world_ac(b->w, true);
    sca_fixture_run(b, 30 * SECOND);
    assert_int_equal(b->result[SCA_STAGE_FIRST], SCA_REFUSED);
    assert_int_equal(b->operations, 0);
    assert_int_equal(b->trace[TRACE_TLS_REFUSED], 1);
    sca_fixture_load(&b->plan.certificate, CERTIFICATES "sha1/shop.pem");
    sca_fixture_run(b, MINUTE);
    assert_int_equal(b->trace[TRACE_TLS_REFUSED], 2);
    sca_fixture_free(b);
}

/* ConfigMgr has a list of passwords (S4): the second one is right here. */
static void passwords_in_turn(void **state)
{
    struct sca_fixture *b = sca_fixture_new(SCA_WSMAN);
    static const char mebx[] = "Mebx!Passw0rd";

    (void)state;
    b->plan.password = "Wr0ng!Password";
    b->plan.mebx_password = "Wr0ng!Too1";
    world_ac(b->w, true);
    sca_fixture_run(b, 30 * SECOND);
    assert_int_equal(b->result[SCA_STAGE_FIRST], SCA_REFUSED);
    assert_int_equal(b->http, 401);
    assert_true(sca_fixture_logged(b, "HRESULT = 0x80190191"));
    b->plan.password = "admin";
    b->plan.mebx_password = mebx;
    sca_fixture_run(b, MINUTE);
    assert_int_equal(b->result[SCA_STAGE_FIRST], SCA_ACCEPTED);
    sca_fixture_free(b);
}

static void orders_wait_for_their_turn(void **state)
{
    struct sca_fixture *b = sca_fixture_new(SCA_SOAP);
    struct sca_order order = {.operation =
                                  sca_find_operation(SCA_SOAP, false, "GetSystemPowerState")};

    (void)state;
    assert_false(world_sca_ask(b->w, SERVER_IP, &order)); /* nobody has said hello */
    assert_false(world_sca_ask(b->w, SERVER_IP + 1, &order));
    world_ac(b->w, true);
    assert_true(sca_fixture_until(b, 3));
    for (int i = 0; i < SCA_ORDERS; i++)
        assert_true(world_sca_ask(b->w, SERVER_IP, &order));
    assert_false(world_sca_ask(b->w, SERVER_IP, &order));
    sca_fixture_run(b, MINUTE);
    assert_int_equal(b->result[SCA_STAGE_OLD], SCA_REFUSED);
    assert_int_equal(b->stages[SCA_STAGE_ORDER], SCA_ORDERS);
    assert_int_equal(b->result[SCA_STAGE_ORDER], SCA_ACCEPTED);
    sca_fixture_free(b);
}

static void a_plan_taken_away(void **state)
{
    struct sca_fixture *b = sca_fixture_new(SCA_SOAP);

    (void)state;
    world_ac(b->w, true);
    assert_true(sca_fixture_until(b, 3));
    assert_true(world_sca_plan(b->w, SERVER_IP, NULL));
    sca_fixture_run(b, 5 * MINUTE);
    assert_int_equal(b->operations, 3);
    assert_int_equal(world_state(b->w), 1);
    assert_true(b->hellos > 3);
    assert_true(world_sca_plan(b->w, SERVER_IP, &b->plan));
    sca_fixture_run(b, HOUR);
    assert_int_equal(world_state(b->w), 2);
    sca_fixture_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_and_second_stage),
        cmocka_unit_test(no_secret_in_the_log),
        cmocka_unit_test(stops_before_each_operation),
        cmocka_unit_test(disconnects_after_each_operation),
        cmocka_unit_test(resets_at_each_operation),
        cmocka_unit_test(without_what_a_commit_needs),
        cmocka_unit_test(a_cable_that_is_out),
        cmocka_unit_test(silence_is_no_refusal),
        cmocka_unit_test(who_is_not_trusted),
        cmocka_unit_test(passwords_in_turn),
        cmocka_unit_test(orders_wait_for_their_turn),
        cmocka_unit_test(a_plan_taken_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
