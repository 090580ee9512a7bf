// SPDX-License-Identifier: BSD-3-Clause
// links: fw/core/hex.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/hex.h"

static void digits(void **state)
{
    static const char hex[] = "0123456789abcdefABCDEF";

    (void)state;
    for (int c = -128; c < 128; c++) {
        const char *at = c ? strchr(hex, c) : NULL;
        int value = at ? (int)(at - hex) : -1;

        assert_int_equal(hex_digit((char)c), value > 15 ? value - 6 : value);
    }
}

static void reads_pairs(void **state)
{
    uint8_t out[3] = {0};

    (void)state;
    assert_true(hex_read("00fFA5 and more", out, 3));
    assert_memory_equal(out, "\x00\xff\xa5", 3);
    assert_true(hex_read("", out, 0));
    assert_false(hex_read("00ff", out, 3)); /* does not look behind the end */
    assert_false(hex_read("00fff", out, 3));
    assert_false(hex_read("", out, 1));
    assert_false(hex_read("0g", out, 1));
    assert_false(hex_read("g0", out, 1));
    assert_false(hex_read("00 ff", out, 2));
}

static void writes_pairs(void **state)
{
    static const uint8_t bytes[] = {0x00, 0x9a, 0xbf, 0xff};
    char out[2 * sizeof(bytes) + 2];

    (void)state;
    memset(out, '#', sizeof(out));
    hex_write(out, bytes, sizeof(bytes));
    assert_memory_equal(out, "009abfff\0#", sizeof(out));
    hex_write(out, bytes, 0);
    assert_string_equal(out, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits),
        cmocka_unit_test(reads_pairs),
        cmocka_unit_test(writes_pairs),
    };

    return cmocka_run_group_tests_name("hex", tests, NULL, NULL);
}
