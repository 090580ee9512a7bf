// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include "tests/fixtures/device.h"

#include "fw/core/trace.h"

/* A start of a board whose entropy pool would otherwise give again what it gave after the start
 * before (hal/entropy.h), and a server that is called by its address. */

static struct {
    uint8_t bytes[16];
    size_t len;
    uint32_t calls;
} mixed;

static void mix(void *ctx, const void *bytes, size_t len)
{
    (void)ctx;
    assert_true(len <= sizeof(mixed.bytes));
    memcpy(mixed.bytes, bytes, len);
    mixed.len = len;
    mixed.calls++;
}

/* Each start stirs in a number that no start before it has had. */
static void starts_differ(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "intel");
    uint8_t first[16];

    (void)state;
    memset(&mixed, 0, sizeof(mixed));
    b->chip.hal.hal.entropy.mix = mix;
    chip_power(&b->chip, true);
    assert_int_equal(mixed.calls, 1);
    memcpy(first, mixed.bytes, sizeof(first));
    for (uint32_t start = 2; start < 5; start++) {
        chip_power(&b->chip, false);
        chip_power(&b->chip, true);
        assert_int_equal(mixed.calls, start);
        assert_memory_not_equal(first, mixed.bytes, mixed.len);
    }
    fixture_free(b);
}

/* Where the number cannot be written the device is locked: not a frame leaves, whoever asks for it.
 */
static void a_start_that_cannot_be_counted(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "intel");
    struct settings s = fixture_provisioned(b);

    (void)state;
    memset(&mixed, 0, sizeof(mixed));
    fixture_store(b, &s);
    fixture_dhcpd(b, "corp.example");
    b->chip.hal.hal.entropy.mix = mix;
    b->chip.hal.operations_left = 0;
    chip_power(&b->chip, true);
    fixture_run(b, MINUTE);
    assert_int_equal(mixed.calls, 0);
    assert_int_equal(b->frames, 0);
    fixture_silence(b);
    fixture_free(b);
}

/* Nothing has to be asked of a name server for it. */
static void a_configuration_server_called_by_its_address(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "intel");
    struct settings s = fixture_factory(b);

    (void)state;
    strcpy(s.config.server_fqdn, "10.0.0.99");
    fixture_store(b, &s);
    fixture_dhcpd(b, "corp.example");
    chip_power(&b->chip, true);
    for (int i = 0; i < 60 && b->count[TRACE_CONNECT] == 0; i++) {
        fixture_arp(b, FIXTURE_OTHER_IP);
        fixture_run(b, 100 * MS);
    }
    assert_string_equal(b->text[TRACE_LOOKUP], "10.0.0.99");
    assert_int_equal(b->count[TRACE_LOOKUP_FAILED], 0);
    assert_int_equal(b->count[TRACE_CONNECT], 1);
    fixture_arp(b, FIXTURE_OTHER_IP);
    fixture_run(b, 2 * SECOND);
    assert_int_equal(b->last.dst_ip, FIXTURE_OTHER_IP);
    fixture_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_differ),
        cmocka_unit_test(a_start_that_cannot_be_counted),
        cmocka_unit_test(a_configuration_server_called_by_its_address),
    };

    return cmocka_run_group_tests_name("device_start", tests, NULL, NULL);
}
