// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/psk.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ALPHABET "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* The guide's pair (G-cksum). */
#define PID "0000037M"
#define PID_DASHED "0000-037M"
#define PPS "NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ"
#define PPS_DASHED "NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XJ"

static void expect_pid(const char *text, const char *want)
{
    char out[LIMIT_PID + 1] = "kept";

    assert_int_equal(psk_read_pid(text, out), want != NULL);
    assert_string_equal(out, want ? want : "kept");
}

static void expect_pps(const char *text, const char *want)
{
    char out[LIMIT_PPS + 1] = "kept";

    assert_int_equal(psk_read_pps(text, out), want != NULL);
    assert_string_equal(out, want ? want : "kept");
}

static void the_guides_pair(void **state)
{
    (void)state;
    expect_pid(PID, PID);
    expect_pid(PID_DASHED, PID);
    expect_pps(PPS, PPS);
    expect_pps(PPS_DASHED, PPS);
}

/* Sums by hand: 0 * 48 * 7 = 336 = 9 * 36 + 12 -> 'C'; Z: 90 * 7 = 630 = 17 * 36 + 18 -> 'I';
 * A: 65 * 3 = 195 = 5 * 36 + 15 -> 'F'; 9: 57 * 3 = 171 = 4 * 36 + 27 -> 'R';
 * 004: 148 = 4 * 36 + 4 -> '4'; 00C: 163 = 4 * 36 + 19 -> 'J'; 009: 153 = 4 * 36 + 9 -> '9';
 * 00A: 161 = 4 * 36 + 17 -> 'H'; 000: 144 = 4 * 36 -> '0'; 4 * 36 + 10 -> 'A' for 019. */
static void check_characters_by_hand(void **state)
{
    (void)state;
    expect_pid("0000000C", "0000000C");
    expect_pid("ZZZZ-ZZZI", "ZZZZZZZI");
    expect_pps("AAAF999R004400CJ009900AH0000019A", "AAAF999R004400CJ009900AH0000019A");
}

static void every_wrong_check_character_of_the_pid(void **state)
{
    (void)state;
    for (const char *c = ALPHABET; *c; c++) {
        char text[] = PID;

        text[7] = *c;
        expect_pid(text, *c == 'M' ? PID : NULL);
    }
}

static void every_wrong_check_character_of_the_pps(void **state)
{
    (void)state;
    for (size_t at = 3; at < 32; at += 4)
        for (const char *c = ALPHABET; *c; c++) {
            char text[] = PPS;

            text[at] = *c;
            expect_pps(text, *c == PPS[at] ? PPS : NULL);
        }
}

/* It is noticed unless the codes are 36 apart, as those of 'T' and '0' are. */
static void a_changed_data_character(void **state)
{
    (void)state;
    for (size_t at = 0; at < 32; at++)
        for (const char *c = ALPHABET; *c; c++) {
            char text[] = PPS;
            bool same_sum = (*c - PPS[at]) % 36 == 0;

            text[at] = *c;
            expect_pps(text, at % 4 == 3 ? (*c == PPS[at] ? PPS : NULL) : same_sum ? text : NULL);
        }
    expect_pid("T000-037M", "T000037M");
    expect_pid("0000-037M", "0000037M");
    expect_pid("1000-037M", NULL);
}

static void only_capitals_and_digits(void **state)
{
    (void)state;
    for (int c = 1; c < 256; c++) {
        char pid[] = PID, pps[] = PPS;
        int sum = 0;

        /* with the check character that would fit */
        pid[0] = (char)c;
        for (int i = 0; i < 7; i++)
            sum += (uint8_t)pid[i];
        pid[7] = ALPHABET[sum % 36];
        expect_pid(pid, strchr(ALPHABET, c) ? pid : NULL);
        pps[4] = (char)c;
        sum = (uint8_t)pps[4] + (uint8_t)pps[5] + (uint8_t)pps[6];
        pps[7] = ALPHABET[sum % 36];
        expect_pps(pps, strchr(ALPHABET, c) ? pps : NULL);
    }
}

static void dashes_stand_between_all_groups(void **state)
{
    static const char *const bad_pid[] = {"000-0037M",  "00000-37M",  "-0000037M", "0000037M-",
                                          "0000--037M", "0000 037M",  "0000-037",  "0000-037M-",
                                          "0000-037-M", "0-000-037M", "-",         "0000-"};
    static const char *const bad_pps[] = {
        "NKLD-G5DCRRNQE9YZZIJL7LFLVJED69XJ",        "NKLDG5DC-RRNQE9YZ-ZIJL7LFL-VJED69XJ",
        "NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED69XJ",   "NKLDG5DCRRNQE9YZZIJL7LFLVJED-69XJ",
        "NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XJ-", "-NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XJ",
        "NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED--69XJ", "NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(bad_pid); i++)
        expect_pid(bad_pid[i], NULL);
    for (size_t i = 0; i < COUNT(bad_pps); i++)
        expect_pps(bad_pps[i], NULL);
}

/* Every prefix, and one character more than the longest. */
static void lengths(void **state)
{
    char text[64];

    (void)state;
    for (size_t n = 0; n < strlen(PID_DASHED); n++) {
        snprintf(text, sizeof(text), "%.*s", (int)n, PID_DASHED);
        expect_pid(text, NULL);
        if (n < strlen(PID)) {
            snprintf(text, sizeof(text), "%.*s", (int)n, PID);
            expect_pid(text, NULL);
        }
    }
    for (size_t n = 0; n < strlen(PPS_DASHED); n++) {
        snprintf(text, sizeof(text), "%.*s", (int)n, PPS_DASHED);
        expect_pps(text, NULL);
        if (n < strlen(PPS)) {
            snprintf(text, sizeof(text), "%.*s", (int)n, PPS);
            expect_pps(text, NULL);
        }
    }
    expect_pid(PID "0", NULL);
    expect_pid(PID_DASHED "-000C", NULL);
    expect_pps(PPS "0", NULL);
    expect_pps(PPS PPS, NULL);
    expect_pid(PPS, NULL);
    expect_pps(PID, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_guides_pair),
        cmocka_unit_test(check_characters_by_hand),
        cmocka_unit_test(every_wrong_check_character_of_the_pid),
        cmocka_unit_test(every_wrong_check_character_of_the_pps),
        cmocka_unit_test(a_changed_data_character),
        cmocka_unit_test(only_capitals_and_digits),
        cmocka_unit_test(dashes_stand_between_all_groups),
        cmocka_unit_test(lengths),
    };

    return cmocka_run_group_tests_name("psk", tests, NULL, NULL);
}
