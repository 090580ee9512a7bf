// SPDX-License-Identifier: BSD-3-Clause
// links: @amthi @core
#define _GNU_SOURCE // memmem
#include "tests/fixtures/amthi.h"

#define RESERVED "0000000000000000000000000000000000000000000000000000000000000000"

static void test_security_parameters(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.settings.config.redirection = REDIRECTION_SOL | REDIRECTION_IDER;
    send_hex(&b, "01010000 1B000004 00000000");
    expect_hex(&b, "01010000 1B008004 48000000 00000000"
                   "01000000 01000000 01000000 00000000 00000000"
                   "01000000 01000000 01000000 01000000" RESERVED);
    set_phase(&b, RUNNING);
    b.settings.config.redirection = REDIRECTION_IDER | REDIRECTION_USER;
    b.view.network.link = false;
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 1B008004 48000000 00000000"
                   "01000000 01000000 01000000 01000000 01000000"
                   "00000000 01000000 01000000 00000000" RESERVED);
    set_phase(&b, POST);
    b.settings.config.mode = MODE_SMB;
    b.settings.config.redirection = REDIRECTION_SOL;
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 1B008004 48000000 00000000"
                   "00000000 00000000 01000000 02000000 01000000"
                   "01000000 00000000 01000000 00000000" RESERVED);
    b.settings.config.mode = MODE_ENTERPRISE; /* a server has switched TLS off */
    b.settings.config.tls_off = true;
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 1B008004 48000000 00000000"
                   "01000000 00000000 01000000 02000000 01000000"
                   "01000000 00000000 01000000 00000000" RESERVED);
}

static void test_admin_entry(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 1E000004 00000000");
    expect_hex(&b, "01010000 1E008004 08000000 00000000 01000000");
    strcpy(b.settings.secret.admin_digest, "0123456789abcdef0123456789abcdef");
    send_hex(&b, "01010000 1E000004 00000000");
    expect_hex(&b, "01010000 1E008004 08000000 00000000 00000000");
    b.settings.secret.admin_digest[0] = '\0';
    b.settings.secret.password_default = false;
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 1E008004 08000000 00000000 00000000");
}

static void test_power_policy(void **unused)
{
    static const struct {
        uint8_t index;
        const char *text;
    } cases[] = {{0, "Desktop: ON in S0"},
                 {6, "Desktop: ON in S0, ME Wake in S3, S4-5, OFF After Power Loss"},
                 {9, "Mobile: ON in S0, S3/AC, S4-5/AC"}};
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.settings.me.power_package = 0;
    send_hex(&b, "01010000 47000004 00000000");
    expect_hex(&b, "01010000 47008004 17000000 00000000"
                   "1100 4465736B746F703A204F4E20696E205330");
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t len = strlen(cases[i].text);

        b.settings.me.power_package = cases[i].index;
        send_len(&b, b.request_len);
        assert_int_equal(b.len, 16 + 2 + len);
        assert_int_equal(b.response[16], len);
        assert_memory_equal(b.response + 18, cases[i].text, len);
    }
    b.settings.me.power_package = 0xFF;
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 47008004 04000000 01000000");
}

static void test_features(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 49000004 04000000 00000000");
    expect_hex(&b, "01010000 49008004 14000000 00000000 00000000 00000000 00000000 00000000");
    b.view.sol_open = true; /* LMS-old: IDE-R, SOL, reserved */
    send_hex(&b, "01010000 49000004 04000000 00000000");
    expect_hex(&b, "01010000 49008004 14000000 00000000 00000000 00000000 01000000 00000000");
    send_hex(&b, "01010000 49000004 04000000 01000000");
    expect_hex(&b, "01010000 49008004 0C000000 00000000 01000000 00000000");
    send_hex(&b, "01010000 49000004 04000000 02000000");
    expect_hex(&b, "01010000 49008004 0C000000 00000000 02000000 00000000");
    set_phase(&b, POST);
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 49008004 0C000000 00000000 02000000 01000000");
    send_hex(&b, "01010000 49000004 04000000 01000000");
    expect_hex(&b, "01010000 49008004 0C000000 00000000 01000000 00000000");
    send_hex(&b, "01010000 49000004 04000000 03000000");
    expect_hex(&b, "01010000 49008004 04000000 24000000");
    send_hex(&b, "01010000 49000004 04000000 00010000");
    expect_hex(&b, "01010000 49008004 04000000 24000000");
}

static void test_reset_reason(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 4A000004 00000000");
    expect_hex(&b, "01010000 4A008004 0C000000 00000000 01000000 00000000");
}

static void test_redirection_state(void **unused)
{
    static const char *const want[] = {"00000000", "01000000", "02000000", "03000000"};
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.release.amthi.value = AMTHI_ALL;
    for (uint8_t on = 0; on < 8; on++) { /* the third bit, user access, is none of these */
        char response[64];

        b.settings.config.redirection = on;
        snprintf(response, sizeof(response), "01010000 58008004 08000000 00000000 %s",
                 want[on & 3]);
        send_hex(&b, "01010000 58000004 00000000");
        expect_hex(&b, response);
    }
}

static void test_uuid(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 5C000004 00000000");
    expect_hex(&b, "01010000 5C008004 14000000 00000000 44454C4C4B0010418033B4C04F4E3153");
}

static void test_no_local_system_account(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.release.amthi.value = AMTHI_ALL;
    for (enum phase phase = PRE; phase < PHASES; phase++) {
        set_phase(&b, phase);
        send_payload(&b, 0x67, "0123456789012345678901234567890123456789", 40);
        expect_hex(&b, "01010000 67008004 04000000 10000000");
    }
}

static void test_amt_state(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 01000001 10000000 00000000000000000000000000000001");
    expect_hex(&b, "01010000 01008001 1D000000 00000000"
                   "00000000000000000000000000000001 05000000 01 00 01 01 00");
    b.view.network.link = false;
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 01008001 1D000000 00000000"
                   "00000000000000000000000000000001 05000000 00 00 01 01 00");
    send_hex(&b, "01010000 01000001 10000000 00000000000000000000000000000002");
    expect_hex(&b, "01010000 01008001 04000000 24000000");
    send_hex(&b, "01010000 01000001 10000000 01000000000000000000000000000001");
    expect_hex(&b, "01010000 01008001 04000000 24000000");
}

/* No answer of any command may hold what only the device may know. */
static void test_no_secrets(void **unused)
{
    static const char *const secret[] = {"NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ", "P@ssw0rd-of-MEBx",
                                         "one-time-password"};
    static const uint8_t zeros[40];
    static const uint8_t size[] = {0, 4, 16, 18, 40};
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.release.amthi.value = AMTHI_ALL;
    memcpy(b.settings.secret.pid, "0000037M", 9);
    memcpy(b.settings.secret.pps, secret[0], strlen(secret[0]) + 1);
    memcpy(b.settings.secret.password, secret[1], strlen(secret[1]) + 1);
    memcpy(b.settings.secret.otp, secret[2], strlen(secret[2]) + 1);
    for (unsigned operation = 0; operation < 256; operation++)
        for (size_t i = 0; i < COUNT(size); i++) {
            send_payload(&b, (uint8_t)operation, zeros, size[i]);
            for (size_t j = 0; j < COUNT(secret); j++)
                assert_null(memmem(b.response, b.len, secret[j], 8));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_security_parameters),
        cmocka_unit_test(test_admin_entry),
        cmocka_unit_test(test_power_policy),
        cmocka_unit_test(test_features),
        cmocka_unit_test(test_reset_reason),
        cmocka_unit_test(test_redirection_state),
        cmocka_unit_test(test_uuid),
        cmocka_unit_test(test_no_local_system_account),
        cmocka_unit_test(test_amt_state),
        cmocka_unit_test(test_no_secrets),
    };

    return cmocka_run_group_tests_name("amthi_info", tests, NULL, NULL);
}
