// SPDX-License-Identifier: BSD-3-Clause
// links: @amthi @core
#include "tests/fixtures/amthi.h"

static void expect_silence(const struct fixture *b)
{
    assert_int_equal(b->effects.action, AMTHI_SILENT);
    assert_int_equal(b->len, 0);
}

/* Status that the state machine gives for what the door raised; in each phase all facts hold but
 * those named. */
static uint32_t raised_status(struct fixture *b, enum phase phase, struct setup_facts facts)
{
    struct setup_event event = {.facts = facts};
    struct setup_effects effects;

    assert_int_equal(b->effects.action, AMTHI_RAISE_EVENT);
    set_phase(b, phase);
    event.id = b->effects.event;
    setup_step(&b->release, &b->setup, &event, &effects);
    return effects.status;
}

static void test_start_table(void **unused)
{
    const struct setup_facts good = {.credentials = CREDENTIALS_PKI,
                                     .link = true,
                                     .address = true,
                                     .suffix = true,
                                     .rng_ready = true};
    struct setup_facts no_address = good, no_suffix = good, no_rng = good, no_cert = good;
    struct fixture b;

    (void)unused;
    no_address.address = no_suffix.suffix = no_rng.rng_ready = false;
    no_cert.cert_ms = UINT64_MAX;
    for (enum phase phase = PRE; phase < PHASES; phase++) {
        bool allowed = phase == PRE || phase == OVER;

        fixture_init(&b);
        set_phase(&b, phase);
        send_hex(&b, "01010000 29000004 00000000");
        assert_int_equal(raised_status(&b, phase, good), allowed ? 0 : 3);
        assert_int_equal(raised_status(&b, phase, no_address), allowed ? 2 : 3);
        assert_int_equal(raised_status(&b, phase, no_suffix), allowed ? 2 : 3);
        assert_int_equal(raised_status(&b, phase, no_rng), allowed ? 0x30 : 3);
        assert_int_equal(raised_status(&b, phase, no_cert), allowed ? 0x31 : 3);
    }
}

static void test_stop_table(void **unused)
{
    const struct setup_facts good = {.credentials = CREDENTIALS_PKI,
                                     .link = true,
                                     .address = true,
                                     .suffix = true,
                                     .rng_ready = true};
    struct fixture b;

    (void)unused;
    for (enum phase phase = PRE; phase < PHASES; phase++) {
        fixture_init(&b);
        b.release.amthi.value = AMTHI_ALL;
        set_phase(&b, phase);
        send_hex(&b, "01010000 5E000004 00000000");
        assert_int_equal(raised_status(&b, phase, good), phase == RUNNING ? 0 : 3);
    }
}

static void test_setter_table(void **unused)
{
    static const uint32_t want[PHASES] = {0, 3, 0, 3};
    static const struct {
        uint8_t operation;
        const char *text;
        enum amthi_action action;
    } setter[] = {{0x2A, "password", AMTHI_SET_OTP}, {0x2F, "corp.example", AMTHI_SET_SUFFIX}};
    struct fixture b;

    (void)unused;
    for (size_t i = 0; i < COUNT(setter); i++)
        for (enum phase phase = PRE; phase < PHASES; phase++) {
            fixture_init(&b);
            set_phase(&b, phase);
            send_text(&b, setter[i].operation, setter[i].text, strlen(setter[i].text));
            if (want[phase] != 0) {
                expect_refused(&b, setter[i].operation, want[phase]);
                continue;
            }
            assert_int_equal(b.effects.action, setter[i].action);
            assert_int_equal(b.effects.status, 0);
            assert_int_equal(b.len, 0);
            assert_string_equal(b.effects.text, setter[i].text);
        }
}

static void test_zero_touch_table(void **unused)
{
    static const uint32_t want[PHASES] = {0x10, 3, 3, 3}; /* allowed, but not by this door */
    struct fixture b;

    (void)unused;
    for (enum phase phase = PRE; phase < PHASES; phase++) {
        fixture_init(&b);
        set_phase(&b, phase);
        send_payload(&b, 0x3A, "\1\0\0\0", 4);
        expect_refused(&b, 0x3A, want[phase]);
        send_payload(&b, 0x3A, "\1\0\0", 3);
        expect_refused(&b, 0x3A, PT_STATUS_INVALID_MESSAGE_LENGTH);
    }
}

static void test_getters_answer_in_every_phase(void **unused)
{
    static const struct {
        uint8_t operation, payload;
    } getter[] = {{0x06, 0}, {0x08, 0}, {0x11, 0}, {0x1A, 0}, {0x1B, 0}, {0x1E, 0}, {0x25, 0},
                  {0x2B, 0}, {0x2C, 0}, {0x2D, 4}, {0x2E, 0}, {0x30, 0}, {0x36, 0}, {0x3B, 0},
                  {0x3E, 0}, {0x46, 0}, {0x47, 0}, {0x48, 4}, {0x49, 4}, {0x4A, 0}, {0x4D, 0},
                  {0x4E, 0}, {0x52, 4}, {0x56, 0}, {0x58, 0}, {0x5C, 0}};
    struct fixture b;

    (void)unused;
    for (size_t i = 0; i < COUNT(getter); i++)
        for (enum phase phase = PRE; phase < PHASES; phase++) {
            fixture_init(&b);
            b.release.amthi.value = AMTHI_ALL;
            set_phase(&b, phase);
            send_payload(&b, getter[i].operation, "\0\0\0\0", getter[i].payload);
            assert_int_equal(b.effects.action, AMTHI_ANSWER);
            assert_int_equal(b.effects.status, 0);
            assert_true(b.len > 16);
        }
}

static void test_suffix_not_in_smb_mode(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.settings.config.mode = MODE_SMB;
    send_text(&b, 0x2F, "corp.example", 12);
    expect_refused(&b, 0x2F, PT_STATUS_INVALID_PT_MODE);
    send_text(&b, 0x2A, "password", 8);
    assert_int_equal(b.effects.action, AMTHI_SET_OTP);
}

/* The message's length is looked at before the phase, the phase before the value. */
static void test_order_of_checks(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    set_phase(&b, POST);
    send_payload(&b, 0x2A, "\x09\0password", 10);
    expect_refused(&b, 0x2A, PT_STATUS_INVALID_MESSAGE_LENGTH);
    send_text(&b, 0x2A, "short", 5);
    expect_refused(&b, 0x2A, PT_STATUS_INVALID_PT_MODE);
    send_text(&b, 0x2F, "under_score", 11);
    expect_refused(&b, 0x2F, PT_STATUS_INVALID_PT_MODE);
}

static void test_otp_limits(void **unused)
{
    static const struct {
        size_t len;
        bool nul, ok;
    } cases[] = {{0, false, false},  {0, true, false},  {7, false, false},  {7, true, false},
                 {8, false, true},   {8, true, true},   {32, false, true},  {32, true, true},
                 {33, false, false}, {33, true, false}, {300, false, false}};
    char text[400];
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    for (size_t i = 0; i < COUNT(cases); i++) {
        memset(text, 0, sizeof(text));
        memset(text, 'x', cases[i].len);
        send_text(&b, 0x2A, text, cases[i].len + cases[i].nul);
        if (cases[i].ok) {
            assert_int_equal(b.effects.action, AMTHI_SET_OTP);
            assert_string_equal(b.effects.text, text);
        } else {
            expect_refused(&b, 0x2A, PT_STATUS_INVALID_PARAMETER);
        }
    }
}

static void test_otp_characters(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    for (int i = 0; i < 3 * 256; i++) {
        static const size_t places[] = {0, 3, 7};
        char text[9] = "otp_otpX";
        int c = i % 256;

        text[places[i / 256]] = (char)c;
        if (c == 0 && i / 256 == 2) /* a NUL at the end is taken for the end */
            continue;
        send_text(&b, 0x2A, text, 8);
        if (c >= 0x20 && c <= 0x7E)
            assert_int_equal(b.effects.action, AMTHI_SET_OTP);
        else
            expect_refused(&b, 0x2A, PT_STATUS_INVALID_PARAMETER);
    }
    send_text(&b, 0x2A, "password\0", 10); /* one NUL is taken for the end, not two */
    expect_refused(&b, 0x2A, PT_STATUS_INVALID_PARAMETER);
}

static void test_suffix_limits(void **unused)
{
    char text[300];
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    for (size_t len = 221; len <= 225; len++)
        for (size_t nul = 0; nul < 2; nul++) {
            memset(text, 0, sizeof(text));
            for (size_t i = 0; i < len; i++)
                text[i] = i % 50 == 49 ? '.' : 'a';
            send_text(&b, 0x2F, text, len + nul);
            if (len <= 223) {
                assert_int_equal(b.effects.action, AMTHI_SET_SUFFIX);
                assert_string_equal(b.effects.text, text);
            } else {
                expect_refused(&b, 0x2F, PT_STATUS_INVALID_PARAMETER);
            }
        }
    send_text(&b, 0x2F, "", 0);
    expect_refused(&b, 0x2F, PT_STATUS_INVALID_PARAMETER);
    send_text(&b, 0x2F, "", 1);
    expect_refused(&b, 0x2F, PT_STATUS_INVALID_PARAMETER);
}

static void test_suffix_names(void **unused)
{
    static const char *const good[] = {"a", "corp.example", "Sub-1.Corp.Example", "9.9"};
    static const char *const bad[] = {".",   "corp.",    ".corp",      "corp..example",
                                      "a b", "a_b.corp", "corp/x.com", "caf\xC3\xA9.example"};
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    for (size_t i = 0; i < COUNT(good); i++) {
        send_text(&b, 0x2F, good[i], strlen(good[i]));
        assert_int_equal(b.effects.action, AMTHI_SET_SUFFIX);
        assert_string_equal(b.effects.text, good[i]);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        send_text(&b, 0x2F, bad[i], strlen(bad[i]));
        expect_refused(&b, 0x2F, PT_STATUS_INVALID_PARAMETER);
    }
    send_text(&b, 0x2F, "corp\0example", 12);
    expect_refused(&b, 0x2F, PT_STATUS_INVALID_PARAMETER);
    send_text(&b, 0x2F, "corp\0", 6);
    expect_refused(&b, 0x2F, PT_STATUS_INVALID_PARAMETER);
}

static void test_text_length_field(void **unused)
{
    static const uint8_t setter[] = {0x2A, 0x2F};
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    for (size_t i = 0; i < COUNT(setter); i++) {
        send_payload(&b, setter[i], "", 0);
        expect_refused(&b, setter[i], PT_STATUS_INVALID_MESSAGE_LENGTH);
        send_payload(&b, setter[i], "\x08", 1);
        expect_refused(&b, setter[i], PT_STATUS_INVALID_MESSAGE_LENGTH);
        send_payload(&b, setter[i], "\x07\0password", 10);
        expect_refused(&b, setter[i], PT_STATUS_INVALID_MESSAGE_LENGTH);
        send_payload(&b, setter[i], "\x09\0password", 10);
        expect_refused(&b, setter[i], PT_STATUS_INVALID_MESSAGE_LENGTH);
        send_payload(&b, setter[i], "\x08\x01password", 10);
        expect_refused(&b, setter[i], PT_STATUS_INVALID_MESSAGE_LENGTH);
    }
}

static void test_not_amthi_framing_is_met_with_silence(void **unused)
{
    static const char *const message[] = {
        "00010000 11000004 00000000", "02010000 11000004 00000000", /* major */
        "01000000 11000004 00000000",                               /* minor */
        "01010100 11000004 00000000", "01010001 11000004 00000000", /* reserved */
        "01010000 11008004 00000000",                               /* response bit */
        "01010000 11000001 00000000", "01010000 11000000 00000000", /* class */
        "01010000 11000005 00000000", "01010000 110000FF 00000000",
    };
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    for (size_t i = 0; i < COUNT(message); i++) {
        send_hex(&b, message[i]);
        expect_silence(&b);
    }
    from_hex("01010000 11000004 00000000", b.request);
    for (size_t len = 0; len < 12; len++) {
        send_len(&b, len);
        expect_silence(&b);
    }
    send_len(&b, 12);
    expect_hex(&b, "01010000 11008004 08000000 00000000 00000000");
}

static void test_later_minor_version_is_served(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01020000 11000004 00000000");
    expect_hex(&b, "01010000 11008004 08000000 00000000 00000000");
    send_hex(&b, "01FF0000 11000004 00000000");
    expect_hex(&b, "01010000 11008004 08000000 00000000 00000000");
}

static void test_header_length_has_to_agree(void **unused)
{
    static const struct {
        const char *message;
        uint8_t operation;
    } cases[] = {
        {"01010000 29000004 01000000", 0x29},
        {"01010000 29000004 00000000 00", 0x29},
        {"01010000 29000004 00000001", 0x29},
        {"01010000 11000004 00010000", 0x11},
        {"01010000 2D000004 04000000 000000", 0x2D},
        {"01010000 2D000004 03000000 00000000", 0x2D},
        {"01010000 2D000004 FFFFFFFF 00000000", 0x2D},
        {"01010000 7F000004 01000000", 0x7F},
    };
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    for (size_t i = 0; i < COUNT(cases); i++) {
        send_hex(&b, cases[i].message);
        expect_refused(&b, cases[i].operation, PT_STATUS_INVALID_MESSAGE_LENGTH);
    }
}

static void test_payload_of_another_size(void **unused)
{
    static const uint8_t operation[] = {0x08, 0x11, 0x1A, 0x28, 0x29, 0x2B,
                                        0x2C, 0x2D, 0x2E, 0x30, 0x36};
    static const uint8_t zeros[16];
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    for (size_t i = 0; i < COUNT(operation); i++)
        for (size_t len = 0; len <= sizeof(zeros); len++) {
            send_payload(&b, operation[i], zeros, len);
            if (len == (operation[i] == 0x2D ? 4u : 0u))
                assert_int_equal(b.effects.status, 0);
            else
                expect_refused(&b, operation[i], PT_STATUS_INVALID_MESSAGE_LENGTH);
        }
}

static void test_unknown_commands(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 6B000004 00000000"); /* GetControlMode came with 7.0 */
    expect_hex(&b, "01010000 6B008004 04000000 01000000");
    send_hex(&b, "01010000 00000004 00000000");
    expect_hex(&b, "01010000 00008004 04000000 01000000");
    send_hex(&b, "01010000 11010004 00000000"); /* all 23 bits of the operation count */
    expect_hex(&b, "01010000 11018004 04000000 01000000");
    send_hex(&b, "01010000 FFFF7F04 00000000");
    expect_hex(&b, "01010000 FFFFFF04 04000000 01000000");
}

/* The bus hands over a cut message with its true length. */
static void test_message_longer_than_the_receive_buffer(void **unused)
{
    static const struct {
        const char *header;
        uint32_t status;
        uint8_t operation;
    } cases[] = {
        {"01010000 2A000004 F40F0000 F20F", PT_STATUS_INVALID_MESSAGE_LENGTH, 0x2A},
        {"01010000 2F000004 F40F0000 F20F", PT_STATUS_INVALID_MESSAGE_LENGTH, 0x2F},
        {"01010000 11000004 F40F0000 0000", PT_STATUS_INVALID_MESSAGE_LENGTH, 0x11},
        {"01010000 7F000004 F40F0000 0000", PT_STATUS_INTERNAL_ERROR, 0x7F},
    };
    uint8_t response[LIMIT_AMTHI_RESPONSE];
    struct amthi_effects effects;
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint8_t *cut = calloc(1, LIMIT_AMTHI_REQUEST); /* so that a sanitizer sees an overrun */

        assert_non_null(cut);
        from_hex(cases[i].header, cut);
        b.len = amthi_handle(&b.view, cut, 4096, response, &effects);
        memcpy(b.response, response, 16);
        b.effects = effects;
        expect_refused(&b, cases[i].operation, cases[i].status);
        free(cut);
    }
}

/* Every byte of every short request, flipped: the door answers or is silent, never out of bounds.
 */
static void test_flipped_bits(void **unused)
{
    static const char *const message[] = {"01010000 2D000004 04000000 04000000",
                                          "01010000 2A000004 0A000000 0800 70617373776F7264",
                                          "01010000 1A000004 00000000"};
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    for (size_t i = 0; i < COUNT(message); i++) {
        size_t len = from_hex(message[i], b.request);

        for (size_t bit = 0; bit < len * 8; bit++) {
            b.request[bit / 8] ^= (uint8_t)(1u << bit % 8);
            send_len(&b, len);
            assert_true(b.effects.action == AMTHI_ANSWER ? b.len >= 16 : b.len == 0);
            if (b.len > 0)
                assert_int_equal(b.response[8] | b.response[9] << 8, b.len - 12);
            b.request[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start_table),
        cmocka_unit_test(test_stop_table),
        cmocka_unit_test(test_setter_table),
        cmocka_unit_test(test_zero_touch_table),
        cmocka_unit_test(test_getters_answer_in_every_phase),
        cmocka_unit_test(test_suffix_not_in_smb_mode),
        cmocka_unit_test(test_order_of_checks),
        cmocka_unit_test(test_otp_limits),
        cmocka_unit_test(test_otp_characters),
        cmocka_unit_test(test_suffix_limits),
        cmocka_unit_test(test_suffix_names),
        cmocka_unit_test(test_text_length_field),
        cmocka_unit_test(test_not_amthi_framing_is_met_with_silence),
        cmocka_unit_test(test_later_minor_version_is_served),
        cmocka_unit_test(test_header_length_has_to_agree),
        cmocka_unit_test(test_payload_of_another_size),
        cmocka_unit_test(test_unknown_commands),
        cmocka_unit_test(test_message_longer_than_the_receive_buffer),
        cmocka_unit_test(test_flipped_bits),
    };

    return cmocka_run_group_tests_name("amthi_checks", tests, NULL, NULL);
}
