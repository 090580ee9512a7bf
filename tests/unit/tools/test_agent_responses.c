// SPDX-License-Identifier: BSD-3-Clause
// links: @core tools/ztcagent/agent.c
#include "tests/fixtures/agent_fake.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
    uint8_t operation;
    const char *name;
} asked[] = {
    /* by an activation with everything, in order */
    {0x1A, "GetCodeVersions"},          {0x2C, "EnumerateHashHandles"},
    {0x2D, "GetCertificateHashEntry"},  {0x08, "GetProvisioningMode"},
    {0x30, "GetZeroTouchEnabled"},      {0x2B, "GetProvisioningTLSMode"},
    {0x2E, "GetRNGSeedStatus"},         {0x28, "GenerateRNGSeed"},
    {0x2F, "SetPKIFQDNSuffix"},         {0x36, "GetPKIFQDNSuffix"},
    {0x2A, "SetProvisioningServerOTP"}, {0x29, "StartConfiguration"},
};

static void everything(struct fake *f)
{
    fake_forum_device(f);
    fake_replace(f, 0x2E, 0, "02000000");
    fake_add(f, 0x28, 0, "");
    fake_add(f, 0x2F, 0, "");
    fake_add(f, 0x36, 0, "0C00 636F72702E6578616D706C65");
    fake_add(f, 0x2A, 0, "");
    fake_replace(f, 0x29, 0, "");
    f->options =
        (struct agent_options){.activate = true, .otp = "S3cret-OTP", .dns = "corp.example"};
}

static int whole_length(const struct fake *f, uint8_t operation)
{
    for (size_t i = 0; i < f->responses; i++)
        if (f->response[i].operation == operation)
            return f->response[i].len;
    return 0;
}

/* The run ended at the response to asked[i], with this line. */
static void expect_end(const struct fake *f, size_t i, const char *format)
{
    char line[200];

    assert_int_equal(f->exit_status, AGENT_NO_DEVICE);
    assert_false(f->result.answered);
    assert_int_equal(f->requests, i + 1);
    snprintf(line, sizeof(line), "%s%s", format, asked[i].name);
    assert_memory_equal(f->line[f->lines - 1], line, strlen(line));
    assert_int_equal(f->result.status, UINT32_MAX);
}

static void test_all_well(void **unused)
{
    struct fake f;

    (void)unused;
    everything(&f);
    fake_run(&f);
    assert_int_equal(f.exit_status, AGENT_OK);
    assert_true(f.result.answered);
    assert_int_equal(f.requests, COUNT(asked));
}

static void test_cut_at_every_length(void **unused)
{
    struct fake f;

    (void)unused;
    for (size_t i = 0; i < COUNT(asked); i++) {
        everything(&f);
        f.spoil = asked[i].operation;
        for (int len = 1; len < whole_length(&f, f.spoil); len++)
            for (int agrees = 0; agrees < 2; agrees++) {
                f.spoil_len = len;
                f.spoil_header = agrees;
                fake_run(&f);
                expect_end(&f, i, "Malformed response to ");
            }
    }
}

static void test_padding(void **unused)
{
    struct fake f;

    (void)unused;
    for (size_t i = 0; i < COUNT(asked); i++)
        for (int more = 1; more <= 44; more++)
            for (int agrees = 0; agrees < 2; agrees++) {
                everything(&f);
                f.spoil = asked[i].operation;
                f.spoil_len = whole_length(&f, f.spoil) + more;
                f.spoil_header = agrees;
                fake_run(&f);
                expect_end(&f, i, "Malformed response to ");
            }
}

static void test_header_fields(void **unused)
{
    static const struct {
        int at;
        uint8_t mask;
    } flip[] = {
        {0, 1}, {0, 2},    {0, 3},  {1, 1},                                   /* 0, 3, 2; 0 */
        {2, 1}, {3, 0x80}, {4, 1},  {5, 1},     {6, 0x80}, {7, 1}, {7, 0xFF}, /* command */
        {8, 1}, {9, 1},    {10, 1}, {11, 0x80},
    };
    struct fake f;

    (void)unused;
    for (size_t i = 0; i < COUNT(asked); i++)
        for (size_t j = 0; j < COUNT(flip); j++) {
            everything(&f);
            f.spoil = asked[i].operation;
            f.spoil_at = flip[j].at;
            f.spoil_mask = flip[j].mask;
            fake_run(&f);
            expect_end(&f, i, "Malformed response to ");
        }
}

static void test_later_minor_version_is_accepted(void **unused)
{
    struct fake f;

    (void)unused;
    everything(&f);
    f.spoil = 0x1A;
    f.spoil_at = 1;
    f.spoil_mask = 3;
    fake_run(&f);
    assert_int_equal(f.exit_status, AGENT_OK);
}

static void test_no_and_empty_responses(void **unused)
{
    struct fake f;

    (void)unused;
    for (size_t i = 0; i < COUNT(asked); i++) {
        everything(&f);
        fake_drop(&f, asked[i].operation);
        fake_run(&f);
        expect_end(&f, i, "No response to ");
        fake_add_none(&f, asked[i].operation, 0);
        fake_run(&f);
        expect_end(&f, i, "Empty response to ");
        assert_int_equal(f.waits, 0);
    }
}

/* A status that was not sent is not believed, and neither is one of an endless response. */
static void test_refusal_of_a_wrong_length(void **unused)
{
    static const int len[] = {1, 11, 12, 13, 14, 15, 5121};
    struct fake f;

    (void)unused;
    for (size_t i = 0; i < COUNT(len); i++) {
        everything(&f);
        fake_replace(&f, 0x29, 3, "");
        f.spoil = 0x29;
        f.spoil_len = len[i];
        f.spoil_header = true;
        fake_run(&f);
        expect_end(&f, COUNT(asked) - 1, "Malformed response to ");
    }
}

static void test_code_version_contents(void **unused)
{
    static const struct {
        int at;
        uint8_t mask;
    } flip[] = {
        {16 + 65, 1},           {16 + 65, 3},      {16 + 68, 0x80}, /* another count */
        {16 + 69, 0x18},        {16 + 70, 1},      /* description of 27, 259 bytes */
        {16 + 69 + 22, 1},      {16 + 69 + 22, 2}, /* version longer than its text ... */
        {16 + 69 + 22, 0x10},   {16 + 69 + 23, 1}, /* ... than its field */
        {16 + 69 + 24, 0x35},                      /* a NUL inside */
        {16 + 69 + 24 + 5, 1},                     /* none at the end */
        {16 + 69 + 44 + 22, 1},                    /* the second entry counts too */
    };
    struct fake f;

    (void)unused;
    for (int discovery = 0; discovery < 2; discovery++)
        for (size_t i = 0; i < COUNT(flip); i++) {
            everything(&f);
            if (discovery)
                f.options = (struct agent_options){.discovery = true};
            f.spoil = 0x1A;
            f.spoil_at = flip[i].at;
            f.spoil_mask = flip[i].mask;
            fake_run(&f);
            expect_end(&f, 0, "Malformed response to ");
            assert_int_equal(f.lines, 1);
        }
}

static void test_version_texts(void **unused)
{
    struct fake f;

    (void)unused;
    fake_forum_device(&f);
    fake_replace(&f, 0x1A, 0,
                 FAKE_BIOS "01000000"
                           "1400 6162636465666768696A6B6C6D6E6F7071727374"
                           "1300 0A1B7F80FF353637383930313233343536207E 00");
    f.options.discovery = true;
    fake_run(&f);
    assert_string_equal(f.line[0], "abcdefghijklmnopqrst: ?????567890123456 ~");
    fake_replace(&f, 0x1A, 0, /* no room for the NUL */
                 FAKE_BIOS "01000000"
                           "0300 414D54 0000000000000000000000000000000000"
                           "1400 3132333435363738393031323334353637383930");
    fake_run(&f);
    assert_string_equal(f.line[0], "Malformed response to GetCodeVersions");
}

static void test_hash_lists(void **unused)
{
    static const char four[] = "00000000 ";
    char payload[400] = "17000000 ";
    struct fake f;

    (void)unused;
    fake_forum_device(&f);
    f.options.discovery = true;
    for (int i = 0; i < 23; i++)
        strcat(payload, four);
    fake_replace(&f, 0x2C, 0, payload);
    fake_run(&f);
    assert_int_equal(f.exit_status, AGENT_OK);
    assert_int_equal(fake_count(&f, 0x2D), 23);
    strcat(payload, four);
    payload[1] = '8'; /* one more than any device has */
    fake_replace(&f, 0x2C, 0, payload);
    fake_run(&f);
    assert_string_equal(f.line[f.lines - 1], "Malformed response to EnumerateHashHandles");
    fake_replace(&f, 0x2C, 0, "00000000");
    fake_run(&f);
    assert_int_equal(f.exit_status, AGENT_OK);
    assert_int_equal(fake_count(&f, 0x2D), 0);
    fake_replace(&f, 0x2C, 0, "01000040 00000000"); /* 4 * n overflows 32 bits */
    fake_run(&f);
    assert_string_equal(f.line[f.lines - 1], "Malformed response to EnumerateHashHandles");
}

static void test_hash_name_too_long(void **unused)
{
    char payload[400];
    struct fake f;

    (void)unused;
    for (int len = 32; len <= 33; len++) {
        fake_forum_device(&f);
        snprintf(payload, sizeof(payload), "%.*s", (int)(sizeof(FAKE_STARFIELD) - 1 - 45),
                 FAKE_STARFIELD);
        snprintf(payload + strlen(payload), 10, "%02X00", len);
        for (int i = 0; i < len; i++)
            strcat(payload, "6E");
        fake_replace(&f, 0x2D, 0, payload);
        f.options.discovery = true;
        fake_run(&f);
        assert_int_equal(f.exit_status, len == 32 ? AGENT_OK : AGENT_NO_DEVICE);
    }
    assert_string_equal(f.line[f.lines - 1], "Malformed response to GetCertificateHashEntry");
}

static void test_state_of_another_size(void **unused)
{
    struct fake f;

    (void)unused;
    fake_forum_device(&f);
    f.options.discovery = true;
    fake_replace(&f, 0x11, 0, "000000");
    fake_run(&f);
    assert_string_equal(f.line[f.lines - 1], "Malformed response to GetProvisioningState");
    assert_int_equal(f.exit_status, AGENT_NO_DEVICE);
    assert_int_equal(f.result.state, UINT32_MAX);
    assert_false(f.result.answered);
}

/* Clients look at the status before the size of what follows (PTHI.c). */
static void test_refusal_with_a_payload(void **unused)
{
    struct fake f;

    (void)unused;
    fake_forum_device(&f);
    f.options.activate = true;
    fake_replace(&f, 0x29, 3, "00000000");
    fake_run(&f);
    assert_int_equal(f.exit_status, AGENT_FAILED);
    assert_int_equal(f.result.status, 3);
    assert_true(f.result.answered);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_well),
        cmocka_unit_test(test_cut_at_every_length),
        cmocka_unit_test(test_padding),
        cmocka_unit_test(test_header_fields),
        cmocka_unit_test(test_later_minor_version_is_accepted),
        cmocka_unit_test(test_no_and_empty_responses),
        cmocka_unit_test(test_refusal_of_a_wrong_length),
        cmocka_unit_test(test_code_version_contents),
        cmocka_unit_test(test_version_texts),
        cmocka_unit_test(test_hash_lists),
        cmocka_unit_test(test_hash_name_too_long),
        cmocka_unit_test(test_state_of_another_size),
        cmocka_unit_test(test_refusal_with_a_payload),
    };

    return cmocka_run_group_tests_name("agent_responses", tests, NULL, NULL);
}
