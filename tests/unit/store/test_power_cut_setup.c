// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
// once: slow in an emulator, and about the order of things, not about bytes
#include "tests/fixtures/sca.h"
#include "tests/fixtures/slow_build.h"

#include "fw/store/settings_store.h"

/* AC is taken away while a server sets the device up: after every answer of MeshCentral's order,
 * and at every flash operation of the commit. Before the commit the device is as it was, after it
 * provisioned, and never anything between (WSM). */

#define PLENTY 1000000

static enum sca_protocol protocol; /* of the present test */

/* The answers of the script; an enumeration gives two. */
static size_t answers(void)
{
    const struct sca_operation *op = NULL;
    size_t n = 0;

    while ((op = sca_next_operation(protocol, 1, op)))
        n += op->verb == SCA_ENUMERATE ? 2 : 1;
    return n;
}

static struct sca_fixture *begin(void)
{
    struct sca_fixture *b = sca_fixture_new(protocol);

    world_ac(b->w, true);
    return b;
}

/* Power comes back after ten seconds. */
static void cut(struct sca_fixture *b)
{
    world_ac(b->w, false);
    b->w->chip.hal.operations_left = -1;
    sca_fixture_run(b, 10 * SECOND);
    b->hellos = 0;
    memset(b->stages, 0, sizeof(b->stages));
    world_ac(b->w, true);
    sca_fixture_run(b, SECOND / 2);
}

/* What the flash holds for the next boot. */
static struct settings stored(const struct sca_fixture *b)
{
    struct settings s;
    struct store store;

    memset(&s, 0, sizeof(s));
    assert_int_equal(store_mount(&store, &b->w->chip.hal.hal.flash), STORE_OK);
    assert_int_equal(settings_load(&store, &s), STORE_OK);
    return s;
}

/* In set-up as before: it says hello again, and the server may begin anew. */
static void is_as_before(struct sca_fixture *b)
{
    const struct settings *s = world_settings(b->w);

    assert_int_equal(world_state(b->w), 1);
    assert_true(s->secret.password_default);
    assert_string_equal(s->secret.admin_digest, "");
    assert_false(s->config.own_identity);
    sca_fixture_run(b, 3 * MINUTE);
    assert_true(b->hellos >= 1);
    assert_int_equal(world_state(b->w), 2);
}

/* Provisioned: no hello, the ports and the credentials are those that were committed. */
static void is_provisioned(struct sca_fixture *b)
{
    const struct settings *s = world_settings(b->w);

    assert_int_equal(world_state(b->w), 2);
    assert_int_equal(s->machine.setup_state, SETUP_PROVISIONED);
    assert_false(s->secret.password_default);
    assert_string_equal(s->secret.password, b->plan.mebx_password);
    assert_int_equal(strlen(s->secret.admin_digest), 32);
    assert_true(s->config.own_identity);
    sca_fixture_run(b, HOUR);
    assert_int_equal(b->hellos, 0);
    assert_int_equal(world_state(b->w), 2);
}

static void before_the_commit_nothing_is_stored(void **state)
{
    uint8_t before[VIRTUAL_FLASH_BYTES];

    protocol = *(enum sca_protocol *)*state;
    for (size_t n = 0; n < answers(); n += SLOW_BUILD_STEP) {
        struct sca_fixture *b = begin();

        while (b->hellos == 0)
            sca_fixture_run(b, SECOND / 10);
        memcpy(before, b->w->chip.hal.flash, sizeof(before));
        assert_true(sca_fixture_until(b, n));
        assert_memory_equal(b->w->chip.hal.flash, before, sizeof(before));
        cut(b);
        is_as_before(b);
        sca_fixture_free(b);
    }
}

/* The answer to CommitChanges has arrived, and power goes at once. */
static void after_the_commit_all_is_stored(void **state)
{
    struct sca_fixture *b;

    protocol = *(enum sca_protocol *)*state;
    b = begin();
    assert_true(sca_fixture_until(b, answers()));
    assert_string_equal(b->operation, "CommitChanges");
    cut(b);
    is_provisioned(b);
    sca_fixture_free(b);
}

/* The server finds the device provisioned, too: its second stage waits until power is back. */
static void the_second_stage_comes_through(void **state)
{
    struct sca_fixture *b;

    protocol = *(enum sca_protocol *)*state;
    b = begin();
    assert_true(sca_fixture_until(b, answers()));
    cut(b);
    sca_fixture_run(b, MINUTE);
    assert_int_equal(b->result[SCA_STAGE_SECOND], SCA_ACCEPTED);
    assert_int_equal(b->result[SCA_STAGE_OLD], SCA_REFUSED);
    sca_fixture_free(b);
}

static int64_t operations_of_the_commit(void)
{
    struct sca_fixture *b = begin();
    int64_t used;

    assert_true(sca_fixture_until(b, answers() - 1));
    b->w->chip.hal.operations_left = PLENTY;
    assert_true(sca_fixture_until(b, answers()));
    used = PLENTY - b->w->chip.hal.operations_left;
    sca_fixture_free(b);
    return used;
}

#define LAST 8 /* operations: here each is tried in every build */

static void at_every_flash_operation_of_the_commit(void **state)
{
    size_t provisioned = 0;
    int64_t all;

    protocol = *(enum sca_protocol *)*state;
    all = operations_of_the_commit();
    assert_true(all > 1);
    for (int64_t k = 0; k <= all; k += k + LAST < all ? SLOW_BUILD_STEP : 1) {
        struct sca_fixture *b = begin();
        struct settings next;

        assert_true(sca_fixture_until(b, answers() - 1));
        b->w->chip.hal.operations_left = k;
        sca_fixture_until(b, answers());
        next = stored(b);
        cut(b);
        provisioned += next.machine.setup_state == SETUP_PROVISIONED;
        if (next.machine.setup_state == SETUP_PROVISIONED)
            is_provisioned(b);
        else
            is_as_before(b);
        sca_fixture_free(b);
    }
    /* Only what stands at the end makes it one. */
    assert_int_equal(provisioned, 1);
}

int main(void)
{
    static enum sca_protocol with[] = {SCA_WSMAN, SCA_SOAP};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(before_the_commit_nothing_is_stored, &with[0]),
        cmocka_unit_test_prestate(after_the_commit_all_is_stored, &with[0]),
        cmocka_unit_test_prestate(the_second_stage_comes_through, &with[0]),
        cmocka_unit_test_prestate(at_every_flash_operation_of_the_commit, &with[0]),
        cmocka_unit_test_prestate(before_the_commit_nothing_is_stored, &with[1]),
        cmocka_unit_test_prestate(after_the_commit_all_is_stored, &with[1]),
        cmocka_unit_test_prestate(the_second_stage_comes_through, &with[1]),
        cmocka_unit_test_prestate(at_every_flash_operation_of_the_commit, &with[1]),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
