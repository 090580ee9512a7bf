// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/power.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Text, bytes, base-64 as WS-Man carries them (LMS-pp, G-power), and the ME in S3 and S4-5: '-'
 * off, 'o' on, 'w' wakeable. */
static const struct {
    const char *text, *hex, *base64;
    char s3, s45;
    bool off_after_power_loss;
} expected[12] = {
    {"Desktop: ON in S0", "944F8312FB104FDC968E1E232B0C9065", "lE+DEvsQT9yWjh4jKwyQZQ==", '-', '-',
     false},
    {"Desktop: ON in S0, S3", "A18600AB9A7F4C42A6E6BB243A295D9E", "oYYAq5p/TEKm5rskOildng==", 'o',
     '-', false},
    {"Desktop: ON in S0, S3, S4-5", "7286ABAC96B448E29B9E9B7DF91C7FD4",
     "coarrJa0SOKbnpt9+Rx/1A==", 'o', 'o', false},
    {"Desktop: ON in S0, ME Wake in S3", "7B32CD4D6BBE4389A62A4D7BD8DBD026",
     "ezLNTWu+Q4mmKk172NvQJg==", 'w', '-', false},
    {"Desktop: ON in S0, ME Wake in S3, S4-5", "7322734623DC432FA98A13D37982D855",
     "cyJzRiPcQy+pihPTeYLYVQ==", 'w', 'w', false},
    {"Desktop: ON in S0, S3, S4-5, OFF After Power Loss", "C519A4BA6E6F8D4DB227517F7E4595DB",
     "xRmkum5vjU2yJ1F/fkWV2w==", 'o', 'o', true},
    {"Desktop: ON in S0, ME Wake in S3, S4-5, OFF After Power Loss",
     "D60BE3ED04C52C46B772D18018EE2FC4", "1gvj7QTFLEa3ctGAGO4vxA==", 'w', 'w', true},
    {"Mobile: ON in S0", "763997110B56504388709812F391B560", "djmXEQtWUEOIcJgS85G1YA==", '-', '-',
     false},
    {"Mobile: ON in S0, S3/AC", "26D31C768708C74BBB5F38744315A5FF", "JtMcdocIx0u7Xzh0QxWl/w==", 'o',
     '-', false},
    {"Mobile: ON in S0, S3/AC, S4-5/AC", "530E08DB6C0FD948B2D28958D3F1156E",
     "Uw4I22wP2Uiy0olY0/EVbg==", 'o', 'o', false},
    {"Mobile: ON in S0, ME Wake in S3/AC", "055DD5B64CA4874DA5A8B47C14DEDA5F",
     "BV3Vtkykh02lqLR8FN7aXw==", 'w', '-', false},
    {"Mobile: ON in S0, ME Wake in S3/AC, S4-5/AC", "30800DEE09C07843AF287868A2DBBE3A",
     "MIAN7gnAeEOvKHhootu+Og==", 'w', 'w', false},
};

static int sextet(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    return (int)(strchr(digits, c) - digits);
}

static void texts_and_guids(void **state)
{
    char text[POWER_TEXT];
    uint32_t count, found;

    power_packages(&count);

    (void)state;
    assert_int_equal(count, 12);
    for (uint32_t i = 0; i < count; i++) {
        assert_string_equal(power_text(i, text), expected[i].text);
        assert_true(power_find(expected[i].text, &found));
        assert_int_equal(found, i);
        for (int byte = 0; byte < 16; byte++) {
            const char digits[3] = {expected[i].hex[2 * byte], expected[i].hex[2 * byte + 1], 0};

            assert_int_equal(power_guids[i][byte], strtoul(digits, NULL, 16));
        }
    }
    assert_false(power_find("Desktop: ON in S0, S4-5", &found));
    assert_false(power_find("", &found));
}

/* The other column of the table: 16 bytes are five groups of three, and one byte. */
static void guids_in_base_64(void **state)
{
    uint32_t count = COUNT(expected);

    (void)state;
    for (uint32_t i = 0; i < count; i++) {
        const char *text = expected[i].base64;

        assert_int_equal(strlen(text), 24);
        for (int byte = 0; byte < 16; byte++) {
            int at = byte / 3 * 4 + byte % 3, shift = 4 - byte % 3 * 2;
            int pair = sextet(text[at]) << 6 | (text[at + 1] == '=' ? 0 : sextet(text[at + 1]));

            assert_int_equal(power_guids[i][byte], pair >> shift & 0xFF);
        }
    }
}

static enum power_me letter(char c)
{
    return c == '-' ? POWER_ME_OFF : c == 'o' ? POWER_ME_ON : POWER_ME_WAKEABLE;
}

static bool is_mobile(uint32_t i)
{
    return expected[i].text[0] == 'M';
}

static void in_s0_the_me_is_on(void **state)
{
    uint32_t count;
    const struct power_package *p = power_packages(&count);

    (void)state;
    for (uint32_t i = 0; i < count; i++)
        for (int c = 0; c < 4; c++)
            assert_int_equal(power_me_state(&p[i], POWER_S0, c & 1, c & 2), POWER_ME_ON);
}

/* Every package in every state, on mains and after a boot: what its text says. */
static void in_s3_and_s45_as_the_text_says(void **state)
{
    uint32_t count;
    const struct power_package *p = power_packages(&count);

    (void)state;
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(power_me_state(&p[i], POWER_S3, true, true), letter(expected[i].s3));
        assert_int_equal(power_me_state(&p[i], POWER_S45, true, true), letter(expected[i].s45));
        assert_int_equal(p[i].mobile, is_mobile(i));
        assert_int_equal(p[i].off_after_power_loss, expected[i].off_after_power_loss);
    }
}

static void on_battery_a_mobile_me_is_off(void **state)
{
    uint32_t count;
    const struct power_package *p = power_packages(&count);

    (void)state;
    for (uint32_t i = 0; i < count; i++) {
        enum power_me s3 = is_mobile(i) ? POWER_ME_OFF : letter(expected[i].s3);
        enum power_me s45 = is_mobile(i) ? POWER_ME_OFF : letter(expected[i].s45);

        assert_int_equal(power_me_state(&p[i], POWER_S3, false, true), s3);
        assert_int_equal(power_me_state(&p[i], POWER_S45, false, true), s45);
    }
}

/* "OFF After Power Loss" waits for the host; every other package starts by itself. */
static void before_the_host_was_on(void **state)
{
    uint32_t count;
    const struct power_package *p = power_packages(&count);

    (void)state;
    for (uint32_t i = 0; i < count; i++) {
        bool waits = expected[i].off_after_power_loss;

        assert_int_equal(power_me_state(&p[i], POWER_S3, true, false),
                         waits ? POWER_ME_OFF : letter(expected[i].s3));
        assert_int_equal(power_me_state(&p[i], POWER_S45, true, false),
                         waits ? POWER_ME_OFF : letter(expected[i].s45));
    }
}

/* HP5: the seven desktop ones on 5.0. GAEL: mobile ones on 2.5. DELL: two from 6.0 on; of a machine
 * that may be either, each kind has its S0 package and its wake package. */
static void offered_by_release(void **state)
{
    static const struct {
        const char *release, *offered;
    } row[] = {
        {"2.0", "111111100000"}, {"2.5", "000000011111"},   {"3.2.1", "111111100000"},
        {"4.0", "000000011111"}, {"5.0.2", "111111100000"}, {"5.2", "111111100000"},
        {"6.0", "100010010001"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        const struct release *r = release_find(row[i].release);

        for (uint32_t k = 0; k < 12; k++)
            assert_int_equal(power_package_offered(r, k), row[i].offered[k] == '1');
        for (uint32_t k = 12; k < 80; k++)
            assert_false(power_package_offered(r, k));
        assert_false(power_package_offered(r, UINT32_MAX));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_and_guids),
        cmocka_unit_test(guids_in_base_64),
        cmocka_unit_test(in_s0_the_me_is_on),
        cmocka_unit_test(in_s3_and_s45_as_the_text_says),
        cmocka_unit_test(on_battery_a_mobile_me_is_off),
        cmocka_unit_test(before_the_host_was_on),
        cmocka_unit_test(offered_by_release),
    };

    return cmocka_run_group_tests_name("power", tests, NULL, NULL);
}
