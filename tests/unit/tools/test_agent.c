// SPDX-License-Identifier: BSD-3-Clause
// links: @core tools/ztcagent/agent.c
#include "tests/fixtures/agent_fake.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define EXPECT_LINES(f, want) expect_lines((f), (want), COUNT(want))
#define EXPECT_REQUESTS(f, want) expect_requests((f), (want), COUNT(want))
#define SUCCEEDED "Start Configuration command succeeded."

/* The lines of the forum thread, letter by letter (S0). */
static void test_forum_transcript(void **unused)
{
    static const char *const lines[] = {
        "Friendly Name = Starfield Class 2 CA Default = true Active = true Hash Algorithm = SHA1",
        "Certificate Hash: AD 7E 1C 28 B0 64 EF 8F 60 03 40 20 14 C3 D0 E3 37 0E B5 8A",
        "Intel AMT Mode: Non Legacy",
        "Zero Touch Configuration: enabled",
        "Provisioning TLS Mode: PKI",
        "RNG seed status: exists",
        ("Failed performing Start Configuration command: PT_STATUS_NOT_READY: Intel(R) AMT device "
         "has not progressed far enough in its initialization to process the command."),
    };
    static const char *const requests[] = {
        "010100001A00000400000000", "010100002C00000400000000", "010100002D0000040400000004000000",
        "010100000800000400000000", "010100003000000400000000", "010100002B00000400000000",
        "010100002E00000400000000", "010100002900000400000000",
    };
    struct fake f;

    (void)unused;
    fake_forum_device(&f);
    f.options.activate = true;
    fake_run(&f);
    EXPECT_LINES(&f, lines);
    EXPECT_REQUESTS(&f, requests);
    assert_int_equal(f.exit_status, AGENT_FAILED);
    assert_true(f.result.answered);
    assert_int_equal(f.result.status, 2);
    assert_int_equal(f.result.state, UINT32_MAX);
    assert_int_equal(f.waits, 0);
}

static void test_start_outcomes(void **unused)
{
    static const struct {
        uint8_t status;
        int exit_status;
        const char *line;
    } cases[] = {
        {0, AGENT_OK, SUCCEEDED},
        {3, AGENT_FAILED,
         "Failed performing Start Configuration command: PT_STATUS_INVALID_PT_MODE: Command is not "
         "permitted in current operating mode."},
        {0x30, AGENT_FAILED,
         "Failed performing Start Configuration command: PT_STATUS_RNG_NOT_READY: There is no RNG "
         "seed."},
        {0x2D, AGENT_FAILED, "Failed performing Start Configuration command: status 0x2D"},
    };
    struct fake f;

    (void)unused;
    for (size_t i = 0; i < COUNT(cases); i++) {
        fake_forum_device(&f);
        fake_replace(&f, 0x29, cases[i].status, "");
        f.options.activate = true;
        fake_run(&f);
        expect_last_line(&f, cases[i].line);
        assert_int_equal(f.exit_status, cases[i].exit_status);
        assert_int_equal(f.result.status, cases[i].status);
        assert_true(f.result.answered);
    }
}

static void test_discovery_transcript(void **unused)
{
    static const char *const lines[] = {
        "AMT: 5.0.3",
        "Sku: 14",
        "Friendly Name = Starfield Class 2 CA Default = true Active = true Hash Algorithm = SHA1",
        "Certificate Hash: AD 7E 1C 28 B0 64 EF 8F 60 03 40 20 14 C3 D0 E3 37 0E B5 8A",
        "Setup and Configuration: Not started",
    };
    static const char *const requests[] = {
        "010100001A00000400000000",
        "010100002C00000400000000",
        "010100002D0000040400000004000000",
        "010100001100000400000000",
    };
    struct fake f;

    (void)unused;
    fake_forum_device(&f);
    f.options.discovery = true;
    fake_run(&f);
    EXPECT_LINES(&f, lines);
    EXPECT_REQUESTS(&f, requests);
    assert_int_equal(f.exit_status, AGENT_OK);
    assert_true(f.result.answered);
    assert_int_equal(f.result.state, 0);
    assert_int_equal(f.result.status, UINT32_MAX);
}

static void test_state_words(void **unused)
{
    static const char *const payload[] = {"00000000", "01000000", "02000000", "03000000"};
    static const char *const line[] = {
        "Setup and Configuration: Not started", "Setup and Configuration: In process",
        "Setup and Configuration: Completed", "Setup and Configuration: unknown"};
    struct fake f;

    (void)unused;
    for (uint32_t i = 0; i < COUNT(payload); i++) {
        fake_forum_device(&f);
        fake_replace(&f, 0x11, 0, payload[i]);
        f.options.discovery = true;
        fake_run(&f);
        expect_last_line(&f, line[i]);
        assert_int_equal(f.result.state, i);
    }
}

static void test_discovery_then_activation(void **unused)
{
    struct fake f;

    (void)unused;
    fake_forum_device(&f);
    f.options.discovery = f.options.activate = true;
    fake_run(&f);
    assert_int_equal(f.lines, 5 + 7);
    assert_string_equal(f.line[4], "Setup and Configuration: Not started");
    assert_int_equal(f.result.state, 0);
    assert_int_equal(f.result.status, 2);
    assert_int_equal(f.exit_status, AGENT_FAILED);
}

static void test_words(void **unused)
{
    static const struct {
        uint8_t operation;
        const char *payload, *line;
    } cases[] = {
        {0x08, "01000000 01000000", "Intel AMT Mode: Legacy"},
        {0x08, "02000000 00000000", "Intel AMT Mode: Non Legacy"},
        {0x30, "00000000", "Zero Touch Configuration: disabled"},
        {0x2B, "00000000", "Provisioning TLS Mode: Not ready"},
        {0x2B, "01000000", "Provisioning TLS Mode: PSK"},
        {0x2B, "03000000", "Provisioning TLS Mode: unknown"},
        {0x2B, "FFFFFFFF", "Provisioning TLS Mode: unknown"},
        {0x2E, "01000000", "RNG seed status: in progress"},
        {0x2E, "04000000", "RNG seed status: unknown"},
    };
    struct fake f;

    (void)unused;
    for (size_t i = 0; i < COUNT(cases); i++) {
        fake_forum_device(&f);
        fake_replace(&f, cases[i].operation, 0, cases[i].payload);
        f.options.activate = true;
        fake_run(&f);
        assert_true(fake_printed(&f, cases[i].line));
        assert_int_equal(f.result.status, 2); /* none of these keeps it from starting */
        assert_int_equal(fake_count(&f, 0x28), 0);
    }
}

static void test_hash_lines(void **unused)
{
    static const char *const lines[] = {
        "Friendly Name = A Default = false Active = true Hash Algorithm = MD5",
        "Certificate Hash: AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB",
        "Friendly Name =  Default = true Active = false Hash Algorithm = SHA256",
        ("Certificate Hash: AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB "
         "AB "
         "AB AB AB AB AB AB AB AB"),
        ("Friendly Name = 01234567890123456789012345678901 Default = false Active = false "
         "Hash Algorithm = SHA384"),
        ("Certificate Hash: AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB "
         "AB "
         "AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB AB"),
        "Friendly Name = a?b?? Default = false Active = false Hash Algorithm = unknown",
    };
    static const char *const head[] = {"00000000 01000000", "01000000 00000000",
                                       "00000000 00000000", "00000000 00000000"};
    static const char *const tail[] = {
        "00 0100 41", "02 0000",
        "03 2000 3031323334353637383930313233343536373839303132333435363738393031",
        "09 0500 611B62C3A9"};
    char payload[400];
    struct fake f;

    (void)unused;
    fake_forum_device(&f);
    fake_replace(&f, 0x2C, 0, "04000000 00000000 01000000 02000000 00000080");
    fake_drop(&f, 0x2D);
    for (size_t i = 0; i < 4; i++) {
        char hash[129];

        for (size_t j = 0; j < 64; j++)
            memcpy(hash + 2 * j, "AB", 3);
        snprintf(payload, sizeof(payload), "%s %s %s", head[i], hash, tail[i]);
        fake_add(&f, 0x2D, 0, payload);
    }
    f.options.discovery = true;
    fake_run(&f);
    for (size_t i = 0; i < COUNT(lines); i++)
        assert_string_equal(f.line[2 + i], lines[i]);
    assert_int_equal(strlen(f.line[2 + 7]), strlen("Certificate Hash:") + 64 * 3);
    assert_string_equal(f.request[2], "010100002D0000040400000000000000");
    assert_string_equal(f.request[5], "010100002D0000040400000000000080");
    assert_int_equal(f.exit_status, AGENT_OK);
}

static void test_suffix_is_set_and_read_back(void **unused)
{
    static const char *const requests[] = {
        "010100002F0000040E0000000C00636F72702E6578616D706C65",
        "010100003600000400000000",
        "010100002900000400000000",
    };
    struct fake f;

    (void)unused;
    fake_forum_device(&f);
    fake_add(&f, 0x2F, 0, "");
    fake_add(&f, 0x36, 0, "0C00 636F72702E6578616D706C65");
    fake_replace(&f, 0x29, 0, "");
    f.options = (struct agent_options){.activate = true, .dns = "corp.example"};
    fake_run(&f);
    assert_int_equal(f.requests, 10);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(f.request[7 + i], requests[i]);
    assert_true(fake_printed(&f, "PKI DNS suffix: corp.example"));
    expect_last_line(&f, SUCCEEDED);
    assert_int_equal(f.exit_status, AGENT_OK);
}

static void test_suffix_that_reads_back_otherwise(void **unused)
{
    static const char *const payload[] = {"0000", "0C00 636F72702E6578616D706C66",
                                          "0B00 636F72702E6578616D706C",
                                          "0D00 636F72702E6578616D706C6500"};
    struct fake f;

    (void)unused;
    for (size_t i = 0; i < COUNT(payload); i++) {
        fake_forum_device(&f);
        fake_add(&f, 0x2F, 0, "");
        fake_add(&f, 0x36, 0, payload[i]);
        f.options = (struct agent_options){.activate = true, .dns = "corp.example"};
        fake_run(&f);
        expect_last_line(&f, "PKI DNS suffix: the device returned a different one");
        assert_int_equal(f.exit_status, AGENT_FAILED);
        assert_int_equal(fake_count(&f, 0x29), 0);
        assert_true(f.result.answered);
    }
}

static void test_suffix_is_left_out_where_it_is_not_used(void **unused)
{
    struct fake f;

    (void)unused;
    fake_forum_device(&f);
    fake_replace(&f, 0x2B, 0, "01000000");
    fake_replace(&f, 0x29, 3, "");
    f.options = (struct agent_options){.activate = true, .dns = "corp.example"};
    fake_run(&f);
    assert_int_equal(fake_count(&f, 0x2F), 0);
    assert_int_equal(f.exit_status, AGENT_FAILED); /* nothing was set, so 3 is a failure */
    assert_int_equal(f.result.status, 3);

    fake_forum_device(&f);
    fake_replace(&f, 0x30, 0, "00000000");
    f.options = (struct agent_options){.activate = true, .dns = "corp.example"};
    fake_run(&f);
    assert_int_equal(fake_count(&f, 0x2F), 0);
    assert_int_equal(fake_count(&f, 0x29), 1);
}

static void test_otp_is_sent_with_its_nul(void **unused)
{
    struct fake f;

    (void)unused;
    fake_forum_device(&f);
    fake_add(&f, 0x2A, 0, "");
    fake_replace(&f, 0x29, 0, "");
    f.options = (struct agent_options){.activate = true, .otp = "S3cret-OTP"};
    fake_run(&f);
    assert_int_equal(f.requests, 9);
    assert_string_equal(f.request[7], "010100002A0000040D0000000B005333637265742D4F545000");
    assert_true(fake_printed(&f, "Provisioning server OTP: set"));
    assert_int_equal(f.exit_status, AGENT_OK);
}

static void test_otp_is_refused_before_it_is_sent(void **unused)
{
    struct fake f;

    (void)unused;
    fake_forum_device(&f);
    fake_replace(&f, 0x30, 0, "00000000");
    f.options = (struct agent_options){.activate = true, .otp = "S3cret-OTP"};
    fake_run(&f);
    expect_last_line(&f, "Failed performing Set Provisioning Server OTP command: "
                         "PT_STATUS_INVALID_PT_MODE: Command is not permitted in current operating "
                         "mode.");
    assert_int_equal(f.exit_status, AGENT_FAILED);
    assert_int_equal(fake_count(&f, 0x2A) + fake_count(&f, 0x2B) + fake_count(&f, 0x29), 0);
    assert_int_equal(f.result.status, UINT32_MAX);

    fake_forum_device(&f);
    fake_replace(&f, 0x2B, 0, "01000000");
    f.options = (struct agent_options){.activate = true, .otp = "S3cret-OTP"};
    fake_run(&f);
    expect_last_line(&f, "Failed performing Set Provisioning Server OTP command: "
                         "PT_STATUS_INVALID_PARAMETER: A parameter of the command is not valid.");
    assert_int_equal(f.exit_status, AGENT_FAILED);
    assert_int_equal(fake_count(&f, 0x2A) + fake_count(&f, 0x29), 0);
}

static void test_otp_is_never_printed(void **unused)
{
    static const uint8_t status[] = {0, 1, 3, 0x24, 0x77};
    struct fake f;

    (void)unused;
    for (size_t i = 0; i < COUNT(status); i++)
        for (int mode = 0; mode < 4; mode++) {
            fake_forum_device(&f);
            fake_add(&f, 0x2A, status[i], "");
            fake_replace(&f, 0x30, 0, mode & 1 ? "01000000" : "00000000");
            fake_replace(&f, 0x2B, 0, mode & 2 ? "02000000" : "01000000");
            f.options =
                (struct agent_options){.discovery = true, .activate = true, .otp = "S3cret-OTP"};
            fake_run(&f);
            for (size_t line = 0; line < f.lines; line++)
                assert_null(strstr(f.line[line], "S3cret"));
        }
}

static void test_refused_setters_stop_the_activation(void **unused)
{
    struct fake f;

    (void)unused;
    fake_forum_device(&f);
    fake_add(&f, 0x2F, 3, "");
    fake_add(&f, 0x2A, 0, "");
    f.options = (struct agent_options){.activate = true, .otp = "S3cret-OTP", .dns = "a.example"};
    fake_run(&f);
    expect_last_line(&f, "Failed performing Set PKI FQDN Suffix command: PT_STATUS_INVALID_PT_MODE:"
                         " Command is not permitted in current operating mode.");
    assert_int_equal(fake_count(&f, 0x2A) + fake_count(&f, 0x29), 0);
    f.options.dns = NULL;
    fake_replace(&f, 0x2A, 0x24, "");
    fake_run(&f);
    expect_last_line(&f, "Failed performing Set Provisioning Server OTP command: "
                         "PT_STATUS_INVALID_PARAMETER: A parameter of the command is not valid.");
    assert_int_equal(fake_count(&f, 0x29), 0);
    assert_int_equal(f.exit_status, AGENT_FAILED);
    assert_true(f.result.answered);
}

static void test_invalid_mode_after_new_values_is_success(void **unused)
{
    struct fake f;

    (void)unused;
    for (int with_otp = 0; with_otp < 2; with_otp++) {
        fake_forum_device(&f);
        fake_add(&f, 0x2A, 0, "");
        fake_add(&f, 0x2F, 0, "");
        fake_add(&f, 0x36, 0, "0900 612E6578616D706C65");
        fake_replace(&f, 0x29, 3, "");
        f.options = (struct agent_options){.activate = true, .otp = "S3cret-OTP"};
        if (!with_otp)
            f.options = (struct agent_options){.activate = true, .dns = "a.example"};
        fake_run(&f);
        expect_last_line(&f, "Start Configuration command not needed: the new values are set.");
        assert_int_equal(f.exit_status, AGENT_OK);
        assert_int_equal(f.result.status, 3);
        fake_replace(&f, 0x29, 2, "");
        fake_run(&f);
        assert_int_equal(f.exit_status, AGENT_FAILED);
    }
}

static void test_certificate_is_awaited(void **unused)
{
    struct fake f;

    (void)unused;
    fake_forum_device(&f);
    fake_replace(&f, 0x29, 0x31, "");
    fake_drop(&f, 0x11);
    fake_add(&f, 0x11, 0, "00000000");
    fake_add(&f, 0x11, 2, "");
    fake_add(&f, 0x11, 0, "01000000");
    f.options.activate = true;
    fake_run(&f);
    assert_int_equal(f.waits, 3);
    assert_int_equal(f.waited_ms, 90000);
    assert_int_equal(fake_count(&f, 0x11), 3);
    assert_int_equal(fake_count(&f, 0x29), 1);
    expect_last_line(&f, SUCCEEDED);
    assert_int_equal(f.exit_status, AGENT_OK);
    assert_int_equal(f.result.status, 0x31);
    assert_int_equal(f.result.state, 1);
    assert_true(f.result.answered);
}

static void test_certificate_is_awaited_20_times(void **unused)
{
    struct fake f;

    (void)unused;
    fake_forum_device(&f);
    fake_replace(&f, 0x29, 0x31, "");
    f.options.activate = true;
    fake_run(&f);
    assert_int_equal(f.waits, 20);
    assert_int_equal(f.waited_ms, 600000);
    assert_int_equal(fake_count(&f, 0x11), 20);
    expect_last_line(&f, "Failed performing Start Configuration command: "
                         "PT_STATUS_CERTIFICATE_NOT_READY: The set-up certificate is not generated "
                         "yet.");
    assert_int_equal(f.exit_status, AGENT_FAILED);
    assert_int_equal(f.result.state, 0);

    fake_replace(&f, 0x2B, 0, "01000000"); /* PSK needs none: a failure at once */
    fake_run(&f);
    assert_int_equal(f.waits, 0);
    assert_int_equal(f.exit_status, AGENT_FAILED);
}

static void test_silence_while_the_certificate_is_awaited(void **unused)
{
    struct fake f;

    (void)unused;
    fake_forum_device(&f);
    fake_replace(&f, 0x29, 0x31, "");
    fake_drop(&f, 0x11);
    fake_add_none(&f, 0x11, -1);
    fake_add_none(&f, 0x11, 0);
    fake_add(&f, 0x11, 0, "02000000");
    f.options.activate = true;
    fake_run(&f);
    assert_int_equal(f.waits, 3);
    assert_int_equal(f.exit_status, AGENT_OK);
    assert_int_equal(f.result.state, 2);
    assert_false(f.result.answered);
}

static void test_missing_rng_seed_is_generated(void **unused)
{
    static const struct {
        uint8_t status;
        bool starts;
    } cases[] = {{0, true}, {0x2F, true}, {1, false}};
    struct fake f;

    (void)unused;
    for (size_t i = 0; i < COUNT(cases); i++) {
        fake_forum_device(&f);
        fake_replace(&f, 0x2E, 0, "02000000");
        fake_add(&f, 0x28, cases[i].status, "");
        f.options.activate = true;
        fake_run(&f);
        assert_true(fake_printed(&f, "RNG seed status: does not exist"));
        assert_string_equal(f.request[7], "010100002800000400000000");
        assert_int_equal(fake_count(&f, 0x29), cases[i].starts ? 1 : 0);
        assert_int_equal(f.exit_status, AGENT_FAILED);
    }
    expect_last_line(&f, "Failed performing Generate RNG Seed command: PT_STATUS_INTERNAL_ERROR: "
                         "The device reports an internal error.");
}

static void test_refused_getter_ends_the_run(void **unused)
{
    static const uint8_t getter[] = {0x1A, 0x2C, 0x2D, 0x08, 0x30, 0x2B, 0x2E};
    struct fake f;

    (void)unused;
    for (size_t i = 0; i < COUNT(getter); i++) {
        fake_forum_device(&f);
        fake_replace(&f, getter[i], 2, "");
        f.options.activate = true;
        fake_run(&f);
        assert_int_equal(f.requests, i + 1);
        assert_int_equal(f.exit_status, AGENT_FAILED);
        assert_non_null(strstr(f.line[f.lines - 1], " command: PT_STATUS_NOT_READY: Intel(R) AMT"));
        assert_true(f.result.answered);
        assert_int_equal(f.result.status, UINT32_MAX);
    }
}

static void test_usage(void **unused)
{
    char long_text[300];
    const struct agent_options wrong[] = {
        {.otp = "password"},
        {.discovery = true, .otp = "password"},
        {.discovery = true, .dns = "corp.example"},
        {.activate = true, .otp = long_text},
        {.activate = true, .dns = long_text},
        {.discovery = false},
    };
    struct fake f;

    (void)unused;
    memset(long_text, 'x', sizeof(long_text));
    long_text[256] = '\0';
    for (size_t i = 0; i < COUNT(wrong); i++) {
        fake_forum_device(&f);
        f.options = wrong[i];
        fake_run(&f);
        assert_int_equal(f.exit_status, AGENT_USAGE);
        assert_int_equal(f.requests, 0);
        assert_int_equal(f.lines, 1);
        assert_non_null(agent_usage_error(&wrong[i]));
        assert_string_equal(f.line[0], agent_usage_error(&wrong[i]));
        assert_false(f.result.answered);
        assert_int_equal(f.result.state, UINT32_MAX);
        assert_int_equal(f.result.status, UINT32_MAX);
    }
}

/* The agent leaves limits to the device, up to 255 characters. */
static void test_longest_values(void **unused)
{
    char text[256];
    struct fake f;

    (void)unused;
    memset(text, 'x', 255);
    text[255] = '\0';
    fake_forum_device(&f);
    fake_add(&f, 0x2A, 0x24, "");
    f.options = (struct agent_options){.activate = true, .otp = text};
    fake_run(&f);
    assert_int_equal(strlen(f.request[7]), 2 * (12 + 2 + 256));
    assert_memory_equal(f.request[7], "010100002A00000402010000000178", 30);
    fake_add(&f, 0x2F, 0x24, "");
    f.options = (struct agent_options){.activate = true, .dns = text};
    fake_run(&f);
    assert_memory_equal(f.request[7], "010100002F00000401010000FF0078", 30);
    assert_int_equal(f.exit_status, AGENT_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forum_transcript),
        cmocka_unit_test(test_start_outcomes),
        cmocka_unit_test(test_discovery_transcript),
        cmocka_unit_test(test_state_words),
        cmocka_unit_test(test_discovery_then_activation),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_hash_lines),
        cmocka_unit_test(test_suffix_is_set_and_read_back),
        cmocka_unit_test(test_suffix_that_reads_back_otherwise),
        cmocka_unit_test(test_suffix_is_left_out_where_it_is_not_used),
        cmocka_unit_test(test_otp_is_sent_with_its_nul),
        cmocka_unit_test(test_otp_is_refused_before_it_is_sent),
        cmocka_unit_test(test_otp_is_never_printed),
        cmocka_unit_test(test_refused_setters_stop_the_activation),
        cmocka_unit_test(test_invalid_mode_after_new_values_is_success),
        cmocka_unit_test(test_certificate_is_awaited),
        cmocka_unit_test(test_certificate_is_awaited_20_times),
        cmocka_unit_test(test_silence_while_the_certificate_is_awaited),
        cmocka_unit_test(test_missing_rng_seed_is_generated),
        cmocka_unit_test(test_refused_getter_ends_the_run),
        cmocka_unit_test(test_usage),
        cmocka_unit_test(test_longest_values),
    };

    return cmocka_run_group_tests_name("agent", tests, NULL, NULL);
}
