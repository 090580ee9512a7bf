// SPDX-License-Identifier: BSD-3-Clause
// links: @amthi @core
#include "tests/fixtures/amthi.h"

/* Every operation of class CFG: since when, and how long its payload is. */
static const struct {
    uint8_t operation, since, payload;
    const char *text; /* what a setter of text takes; payload then counts it */
} known[] = {
    {0x06, 0, 0, NULL},
    {0x08, 0, 0, NULL},
    {0x10, 0, 4, NULL},
    {0x11, 0, 0, NULL},
    {0x1A, 0, 0, NULL},
    {0x1B, 0, 0, NULL},
    {0x1E, 0, 0, NULL},
    {0x25, 0, 0, NULL},
    {0x27, 0, 0, NULL},
    {0x28, 0, 0, NULL},
    {0x29, AMTHI_GEN_AGENT, 0, NULL},
    {0x2A, AMTHI_GEN_AGENT, 10, "password"},
    {0x2B, AMTHI_GEN_AGENT, 0, NULL},
    {0x2C, AMTHI_GEN_AGENT, 0, NULL},
    {0x2D, AMTHI_GEN_AGENT, 4, NULL},
    {0x2E, AMTHI_GEN_AGENT, 0, NULL},
    {0x2F, AMTHI_GEN_AGENT, 14, "corp.example"},
    {0x30, AMTHI_GEN_AGENT, 0, NULL},
    {0x36, AMTHI_GEN_AGENT, 0, NULL},
    {0x3A, AMTHI_GEN_AGENT, 4, NULL},
    {0x3B, AMTHI_GEN_AGENT, 0, NULL},
    {0x3E, AMTHI_GEN_ENVIRONMENT, 0, NULL},
    {0x3F, AMTHI_GEN_ENVIRONMENT, 18, NULL},
    {0x44, AMTHI_GEN_REMOTE_ACCESS, 0, NULL},
    {0x45, AMTHI_GEN_REMOTE_ACCESS, 0, NULL},
    {0x46, AMTHI_GEN_REMOTE_ACCESS, 0, NULL},
    {0x47, 0, 0, NULL},
    {0x48, 0, 4, NULL},
    {0x49, 0, 4, NULL},
    {0x4A, 0, 0, NULL},
    {0x4D, AMTHI_GEN_REMOTE_ACCESS, 0, NULL},
    {0x4E, 0, 0, NULL},
    {0x50, AMTHI_GEN_AUDIT, 0, NULL},
    {0x52, AMTHI_GEN_6_0, 4, NULL},
    {0x56, AMTHI_GEN_6_0, 0, NULL},
    {0x58, AMTHI_GEN_6_0, 0, NULL},
    {0x5B, AMTHI_GEN_6_0, 6, "pc-1"},
    {0x5C, 0, 0, NULL},
    {0x5E, AMTHI_GEN_6_0, 0, NULL},
    {0x62, AMTHI_GEN_6_0, 4, NULL},
    {0x67, AMTHI_GEN_6_0, 40, NULL},
};

/* A correct request, but with `extra` bytes more or fewer in its payload. */
static void send_known(struct fixture *b, size_t i, int extra)
{
    uint8_t payload[64] = {0};

    if (known[i].text) {
        payload[0] = (uint8_t)strlen(known[i].text);
        memcpy(payload + 2, known[i].text, strlen(known[i].text));
    }
    send_payload(b, known[i].operation, payload, (size_t)known[i].payload + (size_t)extra);
}

static const uint8_t all_bits[] = {AMTHI_GEN_AGENT, AMTHI_GEN_ENVIRONMENT, AMTHI_GEN_REMOTE_ACCESS,
                                   AMTHI_GEN_AUDIT, AMTHI_GEN_6_0};

/* Each command is there with its generation's bit alone and gone with all the others. */
static void test_generations(void **unused)
{
    struct fixture b;

    (void)unused;
    for (size_t i = 0; i < COUNT(known); i++) {
        for (size_t bit = 0; bit < COUNT(all_bits); bit++) {
            fixture_init(&b);
            b.release.amthi.value = all_bits[bit];
            send_known(&b, i, 0);
            if (!known[i].since || known[i].since == all_bits[bit])
                assert_int_not_equal(b.effects.status, PT_STATUS_INTERNAL_ERROR);
            else
                expect_refused(&b, known[i].operation, PT_STATUS_INTERNAL_ERROR);
        }
        b.release.amthi.value = (uint32_t)(AMTHI_ALL & ~known[i].since);
        send_known(&b, i, 0);
        if (known[i].since)
            expect_refused(&b, known[i].operation, PT_STATUS_INTERNAL_ERROR);
        b.release.amthi.value = 0;
        send_known(&b, i, 0);
        if (known[i].since)
            expect_refused(&b, known[i].operation, PT_STATUS_INTERNAL_ERROR);
        else
            assert_int_not_equal(b.effects.status, PT_STATUS_INTERNAL_ERROR);
    }
}

/* Nothing answers but what the table above lists; an unknown command's length does not matter. */
static void test_no_other_operations(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.release.amthi.value = AMTHI_ALL;
    for (unsigned operation = 0, i = 0; operation < 256; operation++) {
        if (i < COUNT(known) && known[i].operation == operation) {
            i++;
            continue;
        }
        send_payload(&b, (uint8_t)operation, "", 0);
        expect_refused(&b, (uint8_t)operation, PT_STATUS_INTERNAL_ERROR);
        send_payload(&b, (uint8_t)operation, "\0\0\0\0", 4);
        expect_refused(&b, (uint8_t)operation, PT_STATUS_INTERNAL_ERROR);
    }
}

/* By release, as G-start, S3, G-codever and the platforms' years have it. */
static void test_releases(void **unused)
{
    static const struct {
        const char *release;
        uint32_t generations;
    } cases[] = {
        {"2.0", 0},
        {"2.1", 0},
        {"2.5", 0},
        {"2.2", AMTHI_GEN_AGENT},
        {"2.6", AMTHI_GEN_AGENT},
        {"3.0", AMTHI_GEN_AGENT | AMTHI_GEN_ENVIRONMENT},
        {"4.0", AMTHI_GEN_AGENT | AMTHI_GEN_ENVIRONMENT | AMTHI_GEN_REMOTE_ACCESS},
        {"5.0.2", AMTHI_GEN_AGENT | AMTHI_GEN_ENVIRONMENT | AMTHI_GEN_REMOTE_ACCESS},
        {"5.0.3", AMTHI_GEN_AGENT | AMTHI_GEN_ENVIRONMENT | AMTHI_GEN_REMOTE_ACCESS},
        {"6.0", AMTHI_ALL},
    };

    (void)unused;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct release *release = release_find(cases[i].release);
        struct fixture b;

        assert_non_null(release);
        fixture_init(&b);
        b.view.release = release;
        settings_factory(&b.settings, release, oem_find("intel"));
        for (size_t j = 0; j < COUNT(known); j++) {
            send_known(&b, j, 0);
            if (known[j].since && !(cases[i].generations & known[j].since))
                expect_refused(&b, known[j].operation, PT_STATUS_INTERNAL_ERROR);
            else
                assert_int_not_equal(b.effects.status, PT_STATUS_INTERNAL_ERROR);
        }
    }
}

static void test_lengths(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.release.amthi.value = AMTHI_ALL;
    for (size_t i = 0; i < COUNT(known); i++) {
        send_known(&b, i, 0);
        assert_int_not_equal(b.effects.status, PT_STATUS_INVALID_MESSAGE_LENGTH);
        send_known(&b, i, 1);
        expect_refused(&b, known[i].operation, PT_STATUS_INVALID_MESSAGE_LENGTH);
        if (known[i].payload == 0)
            continue;
        send_known(&b, i, -1);
        expect_refused(&b, known[i].operation, PT_STATUS_INVALID_MESSAGE_LENGTH);
    }
    send_hex(&b, "01010000 01000001 0F000000 000000000000000000000000000000");
    expect_hex(&b, "01010000 01008001 04000000 04000000");
    send_hex(&b, "01010000 01000001 11000000 0000000000000000000000000000000100");
    expect_hex(&b, "01010000 01008001 04000000 04000000");
}

static void test_class_state_has_one_command(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 02000001 10000000 00000000000000000000000000000001");
    assert_int_equal(b.effects.action, AMTHI_SILENT);
    send_hex(&b, "01010000 01000002 10000000 00000000000000000000000000000001");
    assert_int_equal(b.effects.action, AMTHI_SILENT);
    b.release.amthi.value = 0; /* it is as old as the interface */
    send_hex(&b, "01010000 01000001 10000000 00000000000000000000000000000001");
    assert_int_equal(b.effects.action, AMTHI_ANSWER);
    assert_int_equal(b.effects.status, 0);
}

/* M01: to every request the disabled device gives the empty answer, and nothing happens. */
static void test_disabled(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.release.amthi.value = AMTHI_ALL;
    b.settings.me.manageability = MANAGEABILITY_NONE;
    for (size_t i = 0; i < COUNT(known); i++) {
        send_known(&b, i, 0);
        assert_int_equal(b.effects.action, AMTHI_EMPTY);
        assert_int_equal(b.effects.command, 0x04000000u | known[i].operation);
        assert_int_equal(b.effects.text[0], 0);
        assert_int_equal(b.len, 0);
    }
    send_payload(&b, 0x7F, "", 0); /* unknown */
    assert_int_equal(b.effects.action, AMTHI_EMPTY);
    send_hex(&b, "01010000 01000001 10000000 00000000000000000000000000000001");
    assert_int_equal(b.effects.action, AMTHI_EMPTY);
    send_hex(&b, "01010000 11000004 01000000"); /* of a wrong length */
    assert_int_equal(b.effects.action, AMTHI_EMPTY);
    send_hex(&b, "01010000 11000005 00000000"); /* not a class that is served */
    assert_int_equal(b.effects.action, AMTHI_SILENT);
    send_hex(&b, "02010000 11000004 00000000");
    assert_int_equal(b.effects.action, AMTHI_SILENT);
    b.settings.me.manageability = MANAGEABILITY_AMT;
    send_hex(&b, "01010000 11000004 00000000");
    expect_hex(&b, "01010000 11008004 08000000 00000000 00000000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generations),
        cmocka_unit_test(test_no_other_operations),
        cmocka_unit_test(test_releases),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_class_state_has_one_command),
        cmocka_unit_test(test_disabled),
    };

    return cmocka_run_group_tests_name("amthi_matrix", tests, NULL, NULL);
}
