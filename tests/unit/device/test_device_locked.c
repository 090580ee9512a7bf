// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include "tests/fixtures/device.h"

#include "fw/core/trace.h"
#include "fw/host/mebx/mebx.h"

/* A device whose store cannot be trusted closes, says so, and lets nobody in; a person at MEBx or
 * the battery leads out. */

static struct fixture *provisioned(const char *release)
{
    struct fixture *b = fixture_new(release, "intel");
    struct settings s = fixture_provisioned(b);

    fixture_store(b, &s);
    return b;
}

/* Flips a byte of the latest bank's values: no power cut does that. */
static void damage(struct fixture *b)
{
    for (size_t i = 0; i + 5 < sizeof(b->chip.hal.flash); i++)
        if (memcmp(b->chip.hal.flash + i + 1, "ost1", 4) == 0)
            b->chip.hal.flash[i] ^= 0x20;
}

static void expect_locked(struct fixture *b)
{
    uint32_t frames = b->frames;

    assert_int_equal(b->chip.device.setup.state, SETUP_LOCKED);
    assert_int_equal(b->chip.device.net.mode, NET_CLOSED);
    assert_true(b->count[TRACE_STORE_ERROR] > 0);
    assert_string_not_equal(b->text[TRACE_STORE_ERROR], "");
    for (uint8_t operation = 0; operation < 0x70; operation++) {
        /* Whatever it asks, the host is told that something is broken, and nothing else. */
        if (fixture_ask(b, operation))
            assert_true(fixture_status(b) == 1 || fixture_status(b) == 4);
    }
    fixture_run(b, HOUR);
    fixture_arp_request(b, FIXTURE_IP);
    fixture_run(b, 30 * HOUR);
    assert_int_equal(b->frames, frames);
}

static struct settings named(const struct fixture *b)
{
    struct settings s = fixture_provisioned(b);

    memcpy(s.config.host_name, "Host1", 6);
    return s;
}

static void damage_locks_at_boot(void **state)
{
    struct fixture *b = provisioned("5.0.3");
    struct settings s = named(b);

    (void)state;
    fixture_store(b, &s);
    damage(b);
    chip_power(&b->chip, true);
    expect_locked(b);
    /* AC does not help, and nothing was written over what is there. */
    chip_power(&b->chip, false);
    chip_power(&b->chip, true);
    expect_locked(b);
    damage(b);
    chip_power(&b->chip, false);
    chip_power(&b->chip, true);
    assert_int_equal(b->chip.device.setup.state, SETUP_PROVISIONED);
    fixture_free(b);
}

static int no_read(void *ctx, uint32_t offset, void *out, size_t len)
{
    (void)ctx;
    (void)offset;
    (void)out;
    (void)len;
    return -1;
}

/* The settings in RAM stay those that somebody has set: no default password comes up. */
static void unreadable_flash_locks_at_run_time(void **state)
{
    struct fixture *b = provisioned("5.0.3");
    struct settings held;

    (void)state;
    chip_power(&b->chip, true);
    fixture_run(b, SECOND);
    assert_int_equal(b->chip.device.setup.state, SETUP_PROVISIONED);
    held = b->chip.device.settings;
    b->chip.hal.operations_left = 0;
    b->chip.hal.hal.flash.read = no_read;
    assert_int_equal(device_mebx_domain(fixture_device(b), "corp.example", fixture_ms(b)),
                     DEVICE_STORE);
    assert_memory_equal(&b->chip.device.settings.secret, &held.secret, sizeof(held.secret));
    assert_memory_equal(&b->chip.device.settings.config, &held.config, sizeof(held.config));
    expect_locked(b);
    fixture_free(b);
}

/* A window that opens by itself and cannot be written down does not open: else it would open anew
 * at every start. */
static void a_window_that_cannot_be_stored(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "intel");

    (void)state;
    b->chip.hal.operations_left = 0;
    chip_power(&b->chip, true);
    fixture_lease(b, "corp.example", 3600);
    fixture_run(b, MINUTE);
    assert_int_equal(b->frames, 0);
    assert_int_equal(b->chip.device.setup.state, SETUP_LOCKED);
    fixture_free(b);
}

static char screen[8192];

static void put(void *ctx, char c)
{
    size_t *len = ctx;

    if (*len < sizeof(screen) - 1)
        screen[(*len)++] = c;
    screen[*len] = '\0';
}

/* The menu asks for no password that nobody can compare, shows nothing, and offers one thing. */
static void mebx_leads_out(void **state)
{
    struct fixture *b = provisioned("5.0.3");
    struct settings s = named(b);
    size_t len = 0;
    struct mebx mebx;
    struct device *d;

    (void)state;
    fixture_store(b, &s);
    damage(b);
    chip_power(&b->chip, true);
    d = fixture_device(b);
    assert_int_equal(device_mebx_server(d, 0x0A000005, 9971, fixture_ms(b)), DEVICE_REFUSED);
    assert_int_equal(device_mebx_manual(d, fixture_ms(b)), DEVICE_REFUSED);
    assert_int_equal(device_mebx_partial_unprovision(d, fixture_ms(b)), DEVICE_REFUSED);
    mebx_open(&mebx, device_menu_begin(d), &d->settings, &d->setup, d->config.release,
              d->config.oem, (struct text_out){put, &len});
    assert_non_null(strstr(screen, "damaged"));
    assert_null(strstr(screen, "password:"));
    for (const char *key = "1\r0\r2\ry\r"; *key; key++)
        mebx_input(&mebx, *key);
    assert_non_null(strstr(screen, "the list has no such number"));
    assert_null(strstr(screen, "Host"));
    assert_int_equal(device_menu_end(d, fixture_ms(b)), DEVICE_OK);
    assert_int_equal(d->setup.state, SETUP_FACTORY);
    s = fixture_stored(b);
    assert_string_equal(s.secret.password, "admin");
    assert_true(s.secret.password_default);
    assert_string_equal(s.config.host_name, "");
    chip_power(&b->chip, false);
    chip_power(&b->chip, true);
    assert_int_not_equal(b->chip.device.setup.state, SETUP_LOCKED);
    fixture_free(b);
}

static void the_battery_leads_out(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");
    struct settings s = named(b);

    (void)state;
    fixture_store(b, &s);
    damage(b);
    b->chip.hal.cmos_lost = true;
    chip_power(&b->chip, true);
    assert_false(b->chip.hal.cmos_lost);
    assert_int_equal(fixture_state(b), 0);
    assert_string_equal(fixture_stored(b).secret.password, "admin");
    fixture_free(b);
}

/* M5: what a server has stored meanwhile is not overwritten by a menu that was opened before. */
static void a_menu_does_not_take_back_what_came_meanwhile(void **state)
{
    struct fixture *b = provisioned("5.0.3");
    struct local_outcome *outcome;
    struct device *d;

    (void)state;
    chip_power(&b->chip, true);
    d = fixture_device(b);
    outcome = device_menu_begin(d);
    outcome->settings = d->settings;
    outcome->change = LOCAL_SETTINGS;
    assert_int_equal(device_mebx_domain(d, "corp.example", fixture_ms(b)), DEVICE_OK);
    assert_int_equal(device_menu_end(d, fixture_ms(b)), DEVICE_OVERTAKEN);
    assert_string_equal(fixture_stored(b).config.domain, "corp.example");
    /* One that is left without a change has nothing to take back. */
    outcome = device_menu_begin(d);
    outcome->change = LOCAL_NONE;
    assert_int_equal(device_mebx_domain(d, "", fixture_ms(b)), DEVICE_OK);
    assert_int_equal(device_menu_end(d, fixture_ms(b)), DEVICE_OK);
    /* Nor do ten minutes of time count as a change. */
    outcome = device_menu_begin(d);
    outcome->settings = d->settings;
    memcpy(outcome->settings.config.domain, "site1.example", 14);
    outcome->change = LOCAL_SETTINGS;
    fixture_run(b, HOUR);
    assert_int_equal(device_menu_end(d, fixture_ms(b)), DEVICE_OK);
    assert_string_equal(fixture_stored(b).config.domain, "site1.example");
    fixture_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damage_locks_at_boot),
        cmocka_unit_test(unreadable_flash_locks_at_run_time),
        cmocka_unit_test(a_window_that_cannot_be_stored),
        cmocka_unit_test(mebx_leads_out),
        cmocka_unit_test(the_battery_leads_out),
        cmocka_unit_test(a_menu_does_not_take_back_what_came_meanwhile),
    };

    return cmocka_run_group_tests_name("device_locked", tests, NULL, NULL);
}
