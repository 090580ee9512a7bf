// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include "tests/fixtures/device.h"

#include "fw/core/trace.h"

/* Nobody shares the wire with an absent host, so there is nothing to witness: the device asks a
 * DHCP server itself, and has 1.5 s for it. */
static struct fixture *boarded(const char *release)
{
    struct fixture *b = fixture_new(release, "bmp-off");

    b->chip.hal.host = HAL_HOST_ABSENT;
    return b;
}

static void absent_host_and_no_server(void **state)
{
    struct fixture *b = boarded("5.0.3");
    uint64_t asked;

    (void)state;
    chip_power(&b->chip, true);
    fixture_run(b, MINUTE);
    assert_int_equal(b->frames, 0);
    for (uint32_t round = 1; round <= 3; round++) {
        asked = b->clock.now_us;
        assert_true(fixture_ask(b, 0x29));
        assert_int_equal(b->answers, 2 * round - 2);
        fixture_run(b, 1499 * MS);
        assert_int_equal(b->answers, 2 * round - 2);
        fixture_run(b, 1 * MS);
        assert_int_equal(b->answers, 2 * round - 1);
        assert_int_equal(b->answered_us, asked + 1500 * MS);
        assert_memory_equal(b->answer, "\x01\x01\0\0\x29\0\x80\x04\x04\0\0\0\x02\0\0\0", 16);
        assert_true(b->frames >= round); /* it did ask */
        assert_int_equal(b->last.kind, PACKET_DHCP);
        fixture_silence(b);
        assert_int_equal(fixture_state(b), 0);
    }
    fixture_free(b);
}

static void absent_host_and_a_server_with_option_15(void **state)
{
    struct fixture *b = boarded("5.0.3");

    (void)state;
    fixture_dhcpd(b, "corp.example");
    chip_power(&b->chip, true);
    fixture_run(b, MINUTE);
    assert_int_equal(b->frames, 0);
    assert_true(fixture_ask(b, 0x29));
    fixture_run(b, 1500 * MS);
    assert_int_equal(b->answers, 1);
    assert_int_equal(fixture_status(b), 0);
    assert_true(b->answered_us < MINUTE + 100 * MS);
    assert_int_equal(fixture_state(b), 1);
    assert_int_equal(fixture_start(b), 3); /* at once: the window is open */
    /* The lease is kept, and looked up with. */
    fixture_run(b, 10 * SECOND);
    assert_int_equal(b->chip.device.net.facts.ip, FIXTURE_IP);
    assert_string_equal(b->text[TRACE_LOOKUP], "ProvisionServer.corp.example");
    fixture_free(b);
}

/* The late answer belongs to the command that was asked: StartConfigurationEx, without IPv6. */
static void absent_host_answers_start_configuration_ex(void **state)
{
    static const uint8_t request[16] = {1, 1, 0, 0, 0x62, 0, 0, 4, 4};
    static const uint8_t response[16] = {1, 1, 0, 0, 0x62, 0, 0x80, 4, 4};
    struct fixture *b = boarded("6.0");

    (void)state;
    fixture_dhcpd(b, "corp.example");
    chip_power(&b->chip, true);
    fixture_run(b, MINUTE);
    assert_true(virtual_message_in(&b->chip.hal, request, sizeof(request)));
    chip_poll(&b->chip);
    assert_int_equal(b->answers, 0);
    fixture_run(b, 1500 * MS);
    assert_int_equal(b->answers, 1);
    assert_int_equal(b->answer_len, sizeof(response));
    assert_memory_equal(b->answer, response, sizeof(response));
    fixture_free(b);
}

static void absent_host_and_a_server_without_option_15(void **state)
{
    struct fixture *b = boarded("5.0.3");

    (void)state;
    fixture_dhcpd(b, "");
    b->dhcpd.lease_s = 7 * 86400; /* longer than the silences below */
    chip_power(&b->chip, true);
    for (int round = 0; round < 2; round++) {
        uint32_t frames = b->frames;
        uint64_t asked = b->clock.now_us;

        assert_true(fixture_ask(b, 0x29));
        fixture_run(b, 1500 * MS);
        assert_int_equal(b->answered_us, asked + 1500 * MS);
        assert_int_equal(fixture_status(b), 2);
        assert_true(b->frames > frames);
        fixture_silence(b);
    }
    /* A suffix set by the agent is as good: the address alone was missing, and is known now. */
    memcpy(b->chip.device.settings.config.pki_suffix, "corp.example", 13);
    assert_int_equal(fixture_start(b), 0);
    fixture_free(b);
}

static void absent_host_and_a_psk(void **state)
{
    struct fixture *b = boarded("5.0.3");
    struct settings s = fixture_factory(b);

    (void)state;
    memcpy(s.secret.pid, "0000037M", 8);
    fixture_store(b, &s);
    fixture_dhcpd(b, "");
    chip_power(&b->chip, true);
    assert_true(fixture_ask(b, 0x29));
    fixture_run(b, 100 * MS);
    assert_int_equal(b->answers, 1);
    assert_int_equal(fixture_status(b), 0);
    fixture_free(b);
}

/* The answer could not be stored: back behind the shut door at once. */
static void absent_host_and_a_dead_flash(void **state)
{
    struct fixture *b = boarded("5.0.3");

    (void)state;
    fixture_dhcpd(b, "corp.example");
    b->dhcpd.lease_s = 7 * 86400;
    chip_power(&b->chip, true);
    b->chip.hal.operations_left = 0;
    assert_true(fixture_ask(b, 0x29));
    for (int i = 0; i < 1500 && b->answers == 0; i++)
        fixture_run(b, MS);
    assert_int_equal(b->answers, 1);
    assert_int_equal(fixture_status(b), 1);
    assert_int_equal(b->chip.device.net.mode, NET_CLOSED);
    fixture_silence(b);
    b->chip.hal.operations_left = -1;
    assert_int_equal(fixture_start(b), 0); /* what was learnt is still known */
    fixture_free(b);
}

static void absent_host_waits_with_what_follows(void **state)
{
    struct fixture *b = boarded("5.0.3");

    (void)state;
    chip_power(&b->chip, true);
    assert_true(fixture_ask(b, 0x29));
    assert_true(fixture_ask(b, 0x11));
    assert_false(fixture_ask(b, 0x11)); /* the port holds one message */
    fixture_run(b, 1499 * MS);
    assert_int_equal(b->answers, 0);
    fixture_run(b, 2 * MS);
    assert_true(b->answers >= 1);
    chip_poll(&b->chip);
    assert_int_equal(b->answers, 2);
    assert_int_equal(b->answer[4], 0x11);
    fixture_free(b);
}

/* The window is open, only the lease is missing: the mode is wrong, and that is said at once. */
static void absent_host_in_an_open_window(void **state)
{
    struct fixture *b = boarded("5.0.3");
    struct settings s = fixture_factory(b);

    (void)state;
    s.machine.setup_state = SETUP_SETUP;
    s.machine.window_kind = WINDOW_COMMANDED;
    s.machine.window_left_s = 3600;
    fixture_store(b, &s);
    chip_power(&b->chip, true);
    fixture_run(b, SECOND);
    assert_int_equal(b->chip.device.net.facts.ip, 0);
    assert_int_equal(fixture_start(b), 3);
    fixture_free(b);
}

static void absent_host_and_a_provisioned_device(void **state)
{
    struct fixture *b = boarded("5.0.3");
    struct settings s = fixture_provisioned(b);

    (void)state;
    fixture_store(b, &s);
    chip_power(&b->chip, true);
    assert_int_equal(fixture_start(b), 3);
    fixture_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_host_and_no_server),
        cmocka_unit_test(absent_host_and_a_server_with_option_15),
        cmocka_unit_test(absent_host_answers_start_configuration_ex),
        cmocka_unit_test(absent_host_and_a_server_without_option_15),
        cmocka_unit_test(absent_host_and_a_psk),
        cmocka_unit_test(absent_host_and_a_dead_flash),
        cmocka_unit_test(absent_host_waits_with_what_follows),
        cmocka_unit_test(absent_host_in_an_open_window),
        cmocka_unit_test(absent_host_and_a_provisioned_device),
    };

    return cmocka_run_group_tests_name("device_absent", tests, NULL, NULL);
}
