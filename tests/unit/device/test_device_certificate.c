// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include "tests/fixtures/device.h"

#include "fw/core/trace.h"

/* StartConfiguration while the self-signed set-up certificate is still being made (G-start): the
 * device answers CERTIFICATE_NOT_READY, which agents count as success, and goes on by itself. */

#define STOP_CONFIGURATION 0x5E
#define NOT_READY 2u
#define INVALID_MODE 3u
#define CERTIFICATE_NOT_READY 0x31u

static struct fixture *begin_on(const char *release, uint16_t certificate_s)
{
    struct fixture *b = fixture_new(release, "bmp-off");

    b->chip.config.certificate_s = certificate_s;
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    return b;
}

static struct fixture *begin(uint16_t certificate_s)
{
    return begin_on("5.0.3", certificate_s);
}

static void it_is_there_from_the_factory(void **state)
{
    struct fixture *b = begin(0);

    (void)state;
    assert_int_equal(fixture_start(b), 0);
    fixture_free(b);
}

static void the_start_goes_on_by_itself(void **state)
{
    struct fixture *b = begin(20);

    (void)state;
    assert_int_equal(fixture_start(b), CERTIFICATE_NOT_READY);
    assert_int_equal(fixture_state(b), 0);
    fixture_run(b, 20 * SECOND - MS - b->clock.now_us);
    assert_int_equal(b->chip.device.setup.state, SETUP_FACTORY);
    fixture_run(b, MS);
    assert_int_equal(b->chip.device.setup.state, SETUP_SETUP);
    assert_int_equal(fixture_state(b), 1);
    assert_int_equal(fixture_start(b), INVALID_MODE);
    assert_int_equal(fixture_stored(b).machine.setup_state, SETUP_SETUP);
    fixture_run(b, 2 * SECOND);
    assert_int_equal(b->count[TRACE_ATTEMPT], 1);
    fixture_free(b);
}

static void nothing_starts_that_was_not_asked_for(void **state)
{
    struct fixture *b = begin(20);

    (void)state;
    fixture_run(b, MINUTE);
    assert_int_equal(b->chip.device.setup.state, SETUP_FACTORY);
    assert_int_equal(fixture_start(b), 0);
    fixture_free(b);
}

static void a_start_that_was_refused_otherwise_is_not_remembered(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");

    (void)state;
    b->chip.config.certificate_s = 20;
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    assert_int_equal(fixture_start(b), NOT_READY); /* no option 15 yet */
    fixture_ack(b, "corp.example");
    fixture_run(b, MINUTE);
    assert_int_equal(b->chip.device.setup.state, SETUP_FACTORY);
    fixture_free(b);
}

/* A stop, an unprovision and a power cut take it back. */
static void a_start_can_be_taken_back(void **state)
{
    struct fixture *b = begin(20);

    (void)state;
    assert_int_equal(fixture_start(b), CERTIFICATE_NOT_READY);
    assert_int_equal(device_mebx_full_unprovision(fixture_device(b), fixture_ms(b)), DEVICE_OK);
    fixture_run(b, MINUTE);
    assert_int_equal(b->chip.device.setup.state, SETUP_FACTORY);
    fixture_free(b);

    b = begin_on("6.0", 20);
    assert_int_equal(fixture_start(b), CERTIFICATE_NOT_READY);
    assert_true(fixture_ask(b, STOP_CONFIGURATION));
    assert_int_equal(fixture_status(b), INVALID_MODE); /* nothing runs yet (PTHI.c) */
    fixture_run(b, MINUTE);
    assert_int_equal(b->chip.device.setup.state, SETUP_FACTORY);
    fixture_free(b);

    b = begin(20);
    assert_int_equal(fixture_start(b), CERTIFICATE_NOT_READY);
    chip_power(&b->chip, false);
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    assert_int_equal(fixture_start(b), CERTIFICATE_NOT_READY); /* it is made anew */
    chip_power(&b->chip, false);
    chip_power(&b->chip, true);
    fixture_run(b, MINUTE);
    assert_int_equal(b->chip.device.setup.state, SETUP_FACTORY);
    fixture_free(b);
}

/* A pre-shared key needs no certificate. */
static void a_key_does_not_wait(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "psk-loaded");
    struct settings s = fixture_factory(b);

    (void)state;
    b->chip.config.certificate_s = 20;
    b->chip.hal.host = HAL_HOST_UP;
    s.machine.bmp_left_s = 0;
    fixture_store(b, &s);
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    assert_int_equal(fixture_start(b), 0);
    fixture_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_there_from_the_factory),
        cmocka_unit_test(the_start_goes_on_by_itself),
        cmocka_unit_test(nothing_starts_that_was_not_asked_for),
        cmocka_unit_test(a_start_that_was_refused_otherwise_is_not_remembered),
        cmocka_unit_test(a_start_can_be_taken_back),
        cmocka_unit_test(a_key_does_not_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
