// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/password.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void strong_passwords(void **state)
{
    static const char *const good[] = {
        "P@ssw0rd", "Admin'98", "aA1!aA1!",
        "aA1!    ",                                                 /* blanks are legal */
        "aA1!____", "~~~~aA1~", "aA1#5678901234567890123456789012", /* 32 */
    };
    static const char *const bad[] = {
        "",
        "admin",
        "P@ssw0r",                           /* 7 */
        "aA1#56789012345678901234567890123", /* 33 */
        "p@ssw0rd",                          /* no capital */
        "P@SSW0RD",                          /* no small letter */
        "P@ssword",                          /* no digit */
        "Passw0rd",                          /* nothing special */
        "Pass_0rd",                          /* DELL: '_' does not count ... */
        "Pass 0rd",                          /* ... nor does a blank */
        "P@ss:0rd",                          /* not allowed */
        "P@ss\"0rd",
        "P@ss,0rd",
        "P@ss\t0rd",
        "P@ss\1770rd",
        "P@ss\3440rd",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(password_is_strong(good[i]));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(password_is_strong(bad[i]));
}

/* Each character in a password that lacks only a special one, and in one that lacks nothing. */
static void special_characters(void **state)
{
    (void)state;
    for (int c = 1; c < 256; c++) {
        char lacking[] = "Passw0r?", complete[] = "P@ssw0r?";
        bool letter_or_digit =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        bool legal = c >= 32 && c <= 126 && c != ':' && c != '"' && c != ',';

        lacking[7] = (char)c;
        complete[7] = (char)c;
        assert_int_equal(password_is_strong(complete), legal);
        assert_int_equal(password_is_strong(lacking),
                         legal && !letter_or_digit && c != '_' && c != ' ');
    }
}

static void password_lengths(void **state)
{
    char text[64];

    (void)state;
    for (size_t n = 4; n < 60; n++) {
        memset(text, 'x', n);
        memcpy(text, "aA1!", 4);
        text[n] = '\0';
        assert_int_equal(password_is_strong(text), n >= 8 && n <= 32);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strong_passwords),
        cmocka_unit_test(special_characters),
        cmocka_unit_test(password_lengths),
    };

    return cmocka_run_group_tests_name("password", tests, NULL, NULL);
}
