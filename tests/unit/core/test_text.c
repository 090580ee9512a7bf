// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/text.h"
#include "tests/fixtures/text_buffer.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define expect(wanted, ...)                                                                        \
    do {                                                                                           \
        struct text_buffer text_buffer = {{0}, 0};                                                 \
        struct text_out out = {text_buffer_put, &text_buffer};                                     \
        text_print(&out, __VA_ARGS__);                                                             \
        assert_string_equal(text_buffer.text, wanted);                                             \
    } while (0)

static void texts(void **state)
{
    (void)state;
    expect("", "");
    expect("plain\n", "plain\n");
    expect("a-b", "%s-%s", "a", "b");
    expect("", "%s", "");
    /* What comes from the network must not move the cursor; bytes of UTF-8 pass. */
    expect("a?b??\xC3\xA9", "%s", "a\nb\x1B\x7F\xC3\xA9");
}

static void numbers(void **state)
{
    (void)state;
    expect("0", "%u", 0u);
    expect("4294967295", "%u", UINT32_MAX);
    expect("     7|", "%6u|", 7u);
    expect("1234567", "%6u", 1234567u);
    expect("0009", "%04u", 9u);
    expect("12345", "%04u", 12345u);
    expect("     3.042", "%6u.%03u", 3u, 42u);
}

static void hexadecimal(void **state)
{
    (void)state;
    expect("0x0400002A", "0x%8X", 0x0400002Au);
    expect("0x0814", "0x%4X", 0x814u);
    expect("FFFFFFFF", "%4X", UINT32_MAX);
}

static void groups_of_bytes(void **state)
{
    static const uint8_t bytes[] = {0x00, 0x0A, 0xB0, 0xFF, 0x7E};
    struct text_buffer text_buffer = {{0}, 0};
    struct text_out out = {text_buffer_put, &text_buffer};

    (void)state;
    text_print_hex(&out, bytes, sizeof(bytes), 1, ':');
    text_put(&out, '|');
    text_print_hex(&out, bytes, sizeof(bytes), 2, ' ');
    text_put(&out, '|');
    text_print_hex(&out, bytes, sizeof(bytes), sizeof(bytes), '\0');
    text_print_hex(&out, bytes, 0, 1, ':');
    assert_string_equal(text_buffer.text, "00:0A:B0:FF:7E|000A B0FF 7E|000AB0FF7E");
}

static void addresses(void **state)
{
    (void)state;
    expect("none", "%a", 0u);
    expect("1.2.3.4", "%a", 0x01020304u);
    expect("255.255.255.255", "%a", UINT32_MAX);
    expect("10.0.0.50", "%a", 0x0A000032u);
    expect("0.0.0.1", "%a", 1u);
}

static void lists(void **state)
{
    static const char list[] = "no\0yes\0perhaps\0";

    (void)state;
    assert_string_equal(text_item(list, 0), "no");
    assert_string_equal(text_item(list, 2), "perhaps");
    assert_string_equal(text_item(list, 3), "");
    assert_string_equal(text_item(list, 1000), "");
    assert_string_equal(text_item("", 1), "");
    expect("yes, 5", "%l, %u", 1u, list, 5u);
    expect("", "%l", 3u, list);
}

static void fields(void **state)
{
    char field[6];

    (void)state;
    memset(field, 'x', sizeof(field));
    text_fill(field, sizeof(field), "abcd", 3);
    assert_memory_equal(field, "abc\0\0", 6);
    text_fill(field, sizeof(field), "", 0);
    assert_memory_equal(field, "\0\0\0\0\0", 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),       cmocka_unit_test(numbers),
        cmocka_unit_test(hexadecimal), cmocka_unit_test(groups_of_bytes),
        cmocka_unit_test(addresses),   cmocka_unit_test(lists),
        cmocka_unit_test(fields),
    };

    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
