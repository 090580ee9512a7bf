// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fw/core/address.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* First and last address of each block that RFC 1122, RFC 1112 and RFC 6890 set apart. */
static void addresses_that_no_machine_has(void **state)
{
    static const uint32_t block[][2] = {
        {0x00000000, 0x00FFFFFF}, /* this network */
        {0x7F000000, 0x7FFFFFFF}, /* loopback */
        {0xE0000000, 0xEFFFFFFF}, /* multicast */
        {0xF0000000, 0xFFFFFFFF}, /* reserved, and broadcast */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(block); i++) {
        assert_false(address_is_host(block[i][0]));
        assert_false(address_is_host(block[i][0] + 0x00010203));
        assert_false(address_is_host(block[i][1]));
    }
}

static void addresses_that_a_machine_can_have(void **state)
{
    static const uint32_t ip[] = {0x01000000, 0x0A000001, 0x7EFFFFFF, 0x80000000,
                                  0xA9FE0101, 0xC0A84D32, 0xDFFFFFFF};

    (void)state;
    for (size_t i = 0; i < COUNT(ip); i++)
        assert_true(address_is_host(ip[i]));
}

static void masks(void **state)
{
    (void)state;
    for (unsigned ones = 1; ones <= 32; ones++)
        assert_true(address_is_mask(UINT32_MAX << (32 - ones)));
    assert_false(address_is_mask(0));
    assert_false(address_is_mask(0x00FFFFFF));
    assert_false(address_is_mask(0xFF00FF00));
    assert_false(address_is_mask(0xFFFFFF01));
    assert_false(address_is_mask(0x7FFFFFFF));
    assert_false(address_is_mask(1));
}

static void ends_of_a_network(void **state)
{
    (void)state;
    assert_false(address_is_host_in(0x0A000000, 0xFFFFFF00));
    assert_true(address_is_host_in(0x0A000001, 0xFFFFFF00));
    assert_true(address_is_host_in(0x0A0000FE, 0xFFFFFF00));
    assert_false(address_is_host_in(0x0A0000FF, 0xFFFFFF00));
    assert_true(address_is_host_in(0x0A0000FF, 0xFFFF0000));
    assert_false(address_is_host_in(0x0A00FFFF, 0xFFFF0000));
    assert_false(address_is_host_in(0x0A000004, 0xFFFFFFFC));
    assert_true(address_is_host_in(0x0A000005, 0xFFFFFFFC));
    assert_false(address_is_host_in(0x0A000007, 0xFFFFFFFC));
    /* Point to point (RFC 3021), and a host alone. */
    assert_true(address_is_host_in(0x0A000004, 0xFFFFFFFE));
    assert_true(address_is_host_in(0x0A000005, 0xFFFFFFFE));
    assert_true(address_is_host_in(0x0A000004, 0xFFFFFFFF));
    assert_false(address_is_host_in(0xE0000001, 0xFFFFFF00));
    assert_false(address_is_host_in(0, 0xFFFFFF00));
}

static void what_spells_an_address(void **state)
{
    (void)state;
    assert_int_equal(address_spelt("10.0.0.5"), 0x0A000005);
    assert_int_equal(address_spelt("255.255.255.255"), UINT32_MAX);
    assert_int_equal(address_spelt("256.0.0.1"), 0);
    assert_int_equal(address_spelt("4294967306.0.0.1"), 0);
    assert_int_equal(address_spelt("10.0.5"), 0);
    assert_int_equal(address_spelt("10.0.0.0.5"), 0);
    assert_int_equal(address_spelt("10.0.0.example"), 0);
    assert_int_equal(address_spelt("provisionserver"), 0);
    assert_int_equal(address_spelt(""), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_that_no_machine_has),
        cmocka_unit_test(addresses_that_a_machine_can_have),
        cmocka_unit_test(masks),
        cmocka_unit_test(ends_of_a_network),
        cmocka_unit_test(what_spells_an_address),
    };

    return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
