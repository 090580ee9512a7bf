// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include "tests/fixtures/device.h"

/* The short cuts past the MEBx menu ask the menu's table of permissions: what it does not permit
 * changes nothing. */

enum stand { FACTORY, IN_SETUP, TIME_OVER, PROVISIONED, LOCKED, STANDS };

/* Flips a bit of the host name where it is stored: no power cut does that. */
static void damage(struct fixture *b)
{
    for (size_t i = 0; i + 5 < sizeof(b->chip.hal.flash); i++)
        if (memcmp(b->chip.hal.flash + i + 1, "ost1", 4) == 0)
            b->chip.hal.flash[i] ^= 0x20;
}

static struct fixture *standing(enum stand stand)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");
    struct settings s = stand >= PROVISIONED ? fixture_provisioned(b) : fixture_factory(b);

    if (stand == IN_SETUP || stand == TIME_OVER) {
        s.machine.setup_state = SETUP_SETUP;
        s.machine.window_kind = stand == IN_SETUP ? WINDOW_COMMANDED : WINDOW_CLOSED;
        s.machine.window_left_s = stand == IN_SETUP ? 6 * 3600 : 0;
    }
    memcpy(s.config.host_name, "Host1", 6);
    fixture_store(b, &s);
    if (stand == LOCKED)
        damage(b);
    chip_power(&b->chip, true);
    return b;
}

static int full(struct fixture *b)
{
    return device_mebx_full_unprovision(fixture_device(b), fixture_ms(b));
}

static int partial(struct fixture *b)
{
    return device_mebx_partial_unprovision(fixture_device(b), fixture_ms(b));
}

static int server(struct fixture *b)
{
    return device_mebx_server(fixture_device(b), 0x0A000005, 1234, fixture_ms(b));
}

/* Not permitted counts, whatever is said. */
static int no_server(struct fixture *b)
{
    return device_mebx_server(fixture_device(b), 0x7F000001, 1234, fixture_ms(b));
}

static int domain(struct fixture *b)
{
    return device_mebx_domain(fixture_device(b), "new.example", fixture_ms(b));
}

static int manual(struct fixture *b)
{
    return device_mebx_manual(fixture_device(b), fixture_ms(b));
}

static const struct {
    const char *name;
    int (*act)(struct fixture *b);
    int result[STANDS]; /* in factory, in set-up, its time over, provisioned, locked */
} doors[] = {
    /* HP, DELL; a locked device can only begin anew. */
    {"full unprovision", full, {DEVICE_OK, DEVICE_OK, DEVICE_OK, DEVICE_OK, DEVICE_OK}},
    {"partial unprovision",
     partial,
     {DEVICE_REFUSED, DEVICE_OK, DEVICE_OK, DEVICE_OK, DEVICE_REFUSED}},
    /* What a provisioned device got from its set-up server waits for an unprovision. */
    {"server", server, {DEVICE_OK, DEVICE_OK, DEVICE_OK, DEVICE_REFUSED, DEVICE_REFUSED}},
    {"no server",
     no_server,
     {DEVICE_BAD_VALUE, DEVICE_BAD_VALUE, DEVICE_BAD_VALUE, DEVICE_REFUSED, DEVICE_REFUSED}},
    {"domain", domain, {DEVICE_OK, DEVICE_OK, DEVICE_OK, DEVICE_OK, DEVICE_REFUSED}},
    /* HP, RTK: by hand, also while a server is waited for (claims B09, G22). */
    {"by hand", manual, {DEVICE_OK, DEVICE_OK, DEVICE_OK, DEVICE_REFUSED, DEVICE_REFUSED}},
};

static void expect(size_t door, enum stand stand)
{
    static uint8_t flash[sizeof(((struct fixture *)NULL)->chip.hal.flash)];
    struct fixture *b = standing(stand);
    struct settings held = b->chip.device.settings;
    uint8_t state = b->chip.device.setup.state, window = b->chip.device.setup.window.kind;
    uint32_t changes = b->chip.device.change_count;
    int result;

    memcpy(flash, b->chip.hal.flash, sizeof(flash));
    result = doors[door].act(b);
    if (result != doors[door].result[stand])
        fail_msg("%s, situation %d: %d", doors[door].name, stand, result);
    if (result != DEVICE_OK) {
        assert_memory_equal(b->chip.hal.flash, flash, sizeof(flash));
        assert_memory_equal(&b->chip.device.settings, &held, sizeof(held));
        assert_int_equal(b->chip.device.setup.state, state);
        assert_int_equal(b->chip.device.setup.window.kind, window);
        assert_int_equal(b->chip.device.change_count, changes);
    }
    fixture_free(b);
}

static void each_short_cut_in_each_situation(void **state)
{
    (void)state;
    for (size_t door = 0; door < COUNT(doors); door++)
        for (int stand = 0; stand < STANDS; stand++)
            expect(door, (enum stand)stand);
}

/* README: a device that still has the default password is configured by hand, and keeps it. */
static void by_hand_with_the_default_password(void **state)
{
    struct fixture *b = standing(FACTORY);

    (void)state;
    assert_true(b->chip.device.settings.secret.password_default);
    assert_int_equal(manual(b), DEVICE_OK);
    assert_int_equal(b->chip.device.setup.state, SETUP_PROVISIONED);
    assert_int_equal(fixture_stored(b).config.mode, MODE_SMB);
    assert_string_equal(fixture_stored(b).secret.password, "admin");
    fixture_free(b);
}

/* The operating system is not up then, and its agent's memory is the menu's: a message waits,
 * changes nothing, and is answered afterwards. */
static void the_host_waits_for_the_menu(void **state)
{
    struct fixture *b = standing(FACTORY);
    struct local_outcome *outcome = device_menu_begin(fixture_device(b));
    struct local_outcome before;

    (void)state;
    assert_non_null(outcome);
    outcome->settings = b->chip.device.settings;
    outcome->change = LOCAL_NONE;
    before = *outcome;
    assert_true(fixture_ask(b, 0x2E)); /* GetRNGSeedStatus */
    fixture_run(b, 10 * SECOND);
    assert_int_equal(b->answers, 0);
    assert_memory_equal(outcome, &before, sizeof(before));
    assert_int_equal(device_menu_end(fixture_device(b), fixture_ms(b)), DEVICE_OK);
    chip_poll(&b->chip);
    assert_int_equal(b->answers, 1);
    assert_int_equal(fixture_status(b), PT_STATUS_SUCCESS);
    fixture_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_short_cut_in_each_situation),
        cmocka_unit_test(by_hand_with_the_default_password),
        cmocka_unit_test(the_host_waits_for_the_menu),
    };

    return cmocka_run_group_tests_name("device_mebx", tests, NULL, NULL);
}
