// SPDX-License-Identifier: BSD-3-Clause
// links: fw/host/usbkey/usbkey.c fw/host/usbkey/usbkey_apply.c fw/host/usbkey/usbkey_file.c
// links: @core
#include "tests/fixtures/usbkey.h"

#define ENTRIES_1                                                                                  \
    "0100 0100 0500 0000 61646d696e 000000"                                                        \
    "0100 0200 0900 0000 537472306e67217077 000000"                                                \
    "0200 0100 0800 0000 303030303033374d"                                                         \
    "0200 0200 2000 0000 4e4b4c44 47354443 52524e51 4539595a 5a494a4c 374c464c 564a4544 3639584a"

static void applied(struct reading *r, struct stick *s, enum local_change change)
{
    reading_run(r, s);
    assert_int_equal(r->report.result, USBKEY_APPLIED);
    assert_int_equal(r->report.record, 1);
    assert_int_equal(r->report.module, 0);
    assert_int_equal(r->outcome.change, change);
    assert_int_equal(s->writes, 0);
}

static void key_is_loaded(const struct settings *s)
{
    assert_string_equal(s->secret.password, STRONG);
    assert_false(s->secret.password_default);
    assert_string_equal(s->secret.pid, PID);
    assert_string_equal(s->secret.pps, PPS);
}

static void version_1(void **state)
{
    struct stick s;
    struct reading r;
    struct settings want;

    (void)state;
    stick_begin(&s, HEADER_1, RECORD ENTRIES_1);
    reading_begin(&r, "5.0.3");
    applied(&r, &s, LOCAL_KEY_ENTERED);
    key_is_loaded(&r.outcome.settings);
    assert_int_equal(r.report.ignored, 0);
    want = r.before;
    strcpy(want.secret.password, STRONG);
    want.secret.password_default = false;
    strcpy(want.secret.pid, PID);
    strcpy(want.secret.pps, PPS);
    assert_memory_equal(&r.outcome.settings, &want, sizeof(want));
}

/* Chunk counts of 0, and a record header with its fields at 8, 10 and 12. */
static void version_2_0(void **state)
{
    struct stick s;
    struct reading r;
    const struct settings *got = &r.outcome.settings;

    (void)state;
    stick_begin(&s,
                GUID_2 "0000 2e00 00000000 02 00 0100 01000000 00000000 0000 0000 0100 0200 0000",
                "01000000 01000000 0000 1800 01000000 0000000000000000" ENTRIES_1
                "0200 0300 0f00 0000 616d742e6578616d706c652e636f6d 00"
                "0200 0400 0b00 0000 7363612e6578616d706c65 00"
                "0200 0500 0100 0000 00 000000"
                "0200 0600 0100 0000 00 000000"
                "0200 0700 0100 0000 01 000000"
                "0200 0800 1900 0000 01 000102030405060708090a0b0c0d0e0f10111213 03 6f6e65 000000"
                "0200 0a00 0100 0000 05 000000");
    reading_begin(&r, "3.0");
    applied(&r, &s, LOCAL_KEY_ENTERED);
    key_is_loaded(got);
    assert_string_equal(got->config.pki_suffix, "amt.example.com");
    assert_string_equal(got->config.server_fqdn, "sca.example");
    assert_false(got->config.rcfg_enabled);
    assert_int_equal(got->config.hash_active & 0x1F, 0); /* five roots; what comes later is on */
    assert_int_equal(got->config.hash_active >> 5, UINT32_MAX >> 5);
    assert_int_equal(got->config.user_hash_active, 1);
    assert_int_equal(got->config.user_hash[0].algorithm, 1);
    assert_string_equal(got->config.user_hash[0].name, "one");
    for (uint8_t i = 0; i < LIMIT_HASH_BYTES; i++)
        assert_int_equal(got->config.user_hash[0].bytes[i], i < 20 ? i : 0);
    assert_int_equal(got->config.redirection, REDIRECTION_SOL | REDIRECTION_USER);
}

/* Scrambled: every byte from 24 on is 0x11 more, the padding too. */
static void version_2_1(void **state)
{
    struct stick s;
    struct reading r;
    const struct settings *got = &r.outcome.settings;

    (void)state;
    stick_begin(&s, HEADER_2_1, "01000000 03000000 0000000000000000 0100 1800 01000000");
    s.at = put_hex(&s, s.at,
                   "1211 1211 1611 1111 72757e7a7f 111111"
                   "1211 1311 1a11 1111 648583417f78328188 111111"
                   "1211 1411 1211 1111 11 111111"
                   "1211 1711 2111 1111 b29711bcab905d53b7f7cc354b3a6eaf"
                   "1311 1c11 1411 1111 817456 11"
                   "1311 1d11 1211 1111 83 111111"
                   "1311 1e11 1211 1111 12 111111"
                   "1311 2011 1311 1111 2f11 1111"
                   "1311 2111 1211 1111 12 111111"
                   "1311 2211 1511 1111 1611111b"
                   "1311 2311 1311 1111 0437 1111"
                   "1311 2411 2511 1111 1a11111b 11101010 1211111b 1311111b 11111111"
                   "1311 2611 1211 1111 13 111111");
    memset(s.bytes + s.at, 0x11, 1024 - s.at);
    reading_begin(&r, "5.0.3");
    applied(&r, &s, LOCAL_SETTINGS);
    assert_string_equal(got->secret.password, STRONG);
    assert_string_equal(got->secret.pid, "");
    assert_int_equal(got->me.manageability, MANAGEABILITY_NONE);
    assert_int_equal(got->me.power_package, 1);
    assert_string_equal(got->config.host_name, "pcE");
    assert_string_equal(got->config.domain, "r");
    assert_false(got->config.dhcp_enabled);
    assert_int_equal(got->me.idle_timeout_min, 30);
    assert_int_equal(got->config.mode, MODE_ENTERPRISE);
    assert_int_equal(got->config.server_ip, 0x0A000005);
    assert_int_equal(got->config.server_port, 9971);
    assert_int_equal(got->config.fixed.ip, 0x0A000009);
    assert_int_equal(got->config.fixed.mask, 0xFFFFFF00);
    assert_int_equal(got->config.fixed.gateway, 0x0A000001);
    assert_int_equal(got->config.fixed.dns1, 0x0A000002);
    assert_int_equal(got->config.fixed.dns2, 0);
    assert_int_equal(got->config.password_policy, PASSWORD_ANYTIME);
}

/* What a server's own tool writes for newer machines: no 2/7 before its 2/8, and 2/28 starts set-up
 * with the certificates (MCMD). */
static void version_3(void **state)
{
    static const uint8_t sha256[1 + 32 + 1 + 4] = {2, [33] = 4, 'r', 'o', 'o', 't'};
    struct stick s;
    struct reading r;

    (void)state;
    stick_passwords(&s, HEADER_3);
    entry_text(&s, 2, 3, "a.example");
    entry(&s, 2, 8, sha256, sizeof(sha256));
    entry_byte(&s, 2, 28, 1);
    reading_begin(&r, "6.0");
    applied(&r, &s, LOCAL_KEY_ENTERED);
    assert_string_equal(r.outcome.settings.config.pki_suffix, "a.example");
    assert_int_equal(r.outcome.settings.config.user_hash[0].algorithm, CERT_HASH_SHA256);
    assert_int_equal(r.outcome.settings.config.user_hash_active, 1);
}

static void dashes_are_read(void **state)
{
    struct stick s;
    struct reading r;

    (void)state;
    stick_passwords(&s, HEADER_1);
    entry_text(&s, 2, 1, "0000-037M");
    entry_text(&s, 2, 2, "NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XJ");
    reading_begin(&r, "2.1");
    applied(&r, &s, LOCAL_KEY_ENTERED);
    key_is_loaded(&r.outcome.settings);
}

/* MCMD: 2/28 stops set-up or starts it. */
static void set_up_is_started_or_stopped(void **state)
{
    static const struct {
        bool key, rcfg;
        uint8_t active;
        enum local_change change;
    } row[] = {
        {true, true, 1, LOCAL_KEY_ENTERED},  {false, true, 1, LOCAL_KEY_ENTERED},
        {true, false, 1, LOCAL_KEY_ENTERED}, {false, false, 1, LOCAL_SETTINGS},
        {true, true, 0, LOCAL_HALT},         {false, true, 0, LOCAL_HALT},
    };
    struct stick s;
    struct reading r;

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        stick_passwords(&s, HEADER_3);
        if (row[i].key) {
            entry_text(&s, 2, 1, PID);
            entry_text(&s, 2, 2, PPS);
        }
        entry_byte(&s, 2, 5, row[i].rcfg);
        entry_byte(&s, 2, 28, row[i].active);
        reading_begin(&r, "6.0");
        applied(&r, &s, row[i].change);
        assert_int_equal(r.outcome.settings.secret.pid[0] != 0, row[i].key);
    }
    /* A format that does not have it: nothing of that (MCMD). */
    stick_passwords(&s, HEADER_2_1);
    entry_byte(&s, 2, 28, 1);
    reading_begin(&r, "5.0.3");
    applied(&r, &s, LOCAL_SETTINGS);
}

static void smb_is_manual(void **state)
{
    struct stick s;
    struct reading r;

    (void)state;
    stick_passwords(&s, HEADER_2_1);
    entry_byte(&s, 2, 16, 2);
    reading_begin(&r, "4.0");
    applied(&r, &s, LOCAL_MANUAL);
    assert_int_equal(r.outcome.settings.config.mode, MODE_SMB);

    /* G-restore: from 6.0 there is no choice of mode, but still a set-up by hand. */
    stick_passwords(&s, HEADER_3);
    entry_text(&s, 2, 1, PID);
    entry_text(&s, 2, 2, PPS);
    entry_byte(&s, 2, 16, 1);
    entry_byte(&s, 2, 29, 1);
    reading_begin(&r, "6.0");
    applied(&r, &s, LOCAL_MANUAL);
    key_is_loaded(&r.outcome.settings);
}

static void add_sha1(struct stick *s, uint8_t first)
{
    uint8_t hash[23] = {1, first, [21] = 1, [22] = 'x'};

    entry(s, 2, 8, hash, sizeof(hash));
}

static void user_hashes(void **state)
{
    struct stick s;
    struct reading r;

    (void)state;
    reading_begin(&r, "5.0.3");
    r.before.config.user_hash[0] = (struct user_hash){CERT_HASH_SHA1, {9}, "old"};
    r.before.config.user_hash_active = 1;

    stick_passwords(&s, HEADER_2_0);
    entry_byte(&s, 2, 7, 2);
    add_sha1(&s, 1);
    add_sha1(&s, 2);
    add_sha1(&s, 3);
    applied(&r, &s, LOCAL_SETTINGS);
    assert_int_equal(r.outcome.settings.config.user_hash_active, 7);
    assert_int_equal(r.outcome.settings.config.user_hash[0].bytes[0], 1);
    assert_string_equal(r.outcome.settings.config.user_hash[0].name, "x");
    assert_int_equal(r.outcome.settings.config.user_hash[2].bytes[0], 3);

    stick_passwords(&s, HEADER_2_0);
    entry_byte(&s, 2, 7, 0);
    add_sha1(&s, 1);
    applied(&r, &s, LOCAL_SETTINGS);
    assert_int_equal(r.outcome.settings.config.user_hash_active, 0);
    assert_string_equal(r.outcome.settings.config.user_hash[0].name, "old");
    assert_int_equal(r.outcome.settings.config.user_hash[1].algorithm, CERT_HASH_SHA1);

    r.before.config.user_hash_active = 0;
    stick_passwords(&s, HEADER_2_0);
    entry_byte(&s, 2, 7, 1);
    applied(&r, &s, LOCAL_SETTINGS);
    assert_int_equal(r.outcome.settings.config.user_hash_active, 1);

    stick_passwords(&s, HEADER_2_0);
    entry_byte(&s, 2, 7, 2);
    applied(&r, &s, LOCAL_SETTINGS);
    assert_int_equal(r.outcome.settings.config.user_hash[0].algorithm, 0);
}

static void builtin_hashes_on(void **state)
{
    struct stick s;
    struct reading r;

    (void)state;
    reading_begin(&r, "5.0.3");
    r.before.config.hash_active = 0;
    stick_passwords(&s, HEADER_2_0);
    entry_byte(&s, 2, 6, 1);
    applied(&r, &s, LOCAL_SETTINGS);
    assert_int_equal(r.outcome.settings.config.hash_active & 0x1F, 0x1F); /* five roots */
}

/* A 3.0 machine knows format 2.0: of a 2.1 file it takes what it knows. */
static void newer_variables_are_passed_over(void **state)
{
    uint8_t longer[300] = {0};
    struct stick s;
    struct reading r;

    (void)state;
    stick_passwords(&s, HEADER_2_1);
    entry_text(&s, 2, 3, "a.example");
    entry_text(&s, 2, 11, "not_a_name");
    entry(&s, 2, 99, longer, 100);
    entry_byte(&s, 1, 200, 1);
    reading_begin(&r, "3.0");
    applied(&r, &s, LOCAL_SETTINGS);
    assert_int_equal(r.report.ignored, 3);
    assert_string_equal(r.outcome.settings.config.pki_suffix, "a.example");
    assert_string_equal(r.outcome.settings.config.host_name, "");

    stick_passwords(&s, HEADER_2_0);
    entry(&s, 2, 25, longer, sizeof(longer));
    reading_begin(&r, "5.0.3");
    applied(&r, &s, LOCAL_SETTINGS);
    assert_int_equal(r.report.ignored, 1);
}

/* A list may end with the record; what lies behind its end does not count. */
static void ends_of_a_list(void **state)
{
    static const uint8_t filler[512];
    struct stick s;
    struct reading r;

    (void)state;
    reading_begin(&r, "5.0.3");
    stick_passwords(&s, HEADER_2_0);
    entry(&s, 2, 99, filler, 1024 - s.at - 8);
    assert_int_equal(s.at, 1024);
    applied(&r, &s, LOCAL_SETTINGS);

    stick_passwords(&s, HEADER_2_0);
    entry(&s, 2, 99, filler, 1024 - s.at - 12); /* four bytes remain */
    applied(&r, &s, LOCAL_SETTINGS);
    put_hex(&s, s.at, "0200 0300");
    reading_run(&r, &s);
    assert_int_equal(r.report.result, USBKEY_MALFORMED);

    stick_passwords(&s, HEADER_2_0);
    put_hex(&s, s.at, "0200 0000 ffff ffff 0300 0300 ffff");
    applied(&r, &s, LOCAL_SETTINGS);
    put_hex(&s, s.at, "0000 0200 ffff ffff");
    applied(&r, &s, LOCAL_SETTINGS);
}

static void a_record_of_two_chunks(void **state)
{
    struct stick s;
    struct reading r;
    char name[251];

    (void)state;
    reading_begin(&r, "5.0.3");
    stick_passwords(&s, HEADER_2_0);
    for (uint32_t i = 0; i < 250; i++)
        name[i] = i % 50 == 49 ? '.' : 'a';
    name[249] = 'a';
    name[250] = '\0';
    entry_text(&s, 2, 4, name);
    name[220] = '\0';
    entry_text(&s, 2, 3, name + 1);
    assert_true(s.at > 1024);
    s.len = 1536;
    s.bytes[36] = 2;
    s.bytes[512 + 16] = 2;
    applied(&r, &s, LOCAL_SETTINGS);
    assert_int_equal(strlen(r.outcome.settings.config.server_fqdn), 250);
    assert_int_equal(strlen(r.outcome.settings.config.pki_suffix), 219);
}

/* --- records and their counter ------------------------------------------------------------------
 */

/* Three records alike. */
static void three_records(struct stick *s)
{
    stick_begin(s, HEADER_1, RECORD ENTRIES_1);
    s->bytes[28] = 3;
    s->len = 4 * 512;
    for (uint32_t i = 1; i < 3; i++)
        memcpy(s->bytes + 512 * (1 + i), s->bytes + 512, 512);
}

static int consume(struct stick *s, const struct usbkey_report *report)
{
    struct hal_usb usb = stick_usb(s);

    return usbkey_consume(&usb, report);
}

static void records_are_consumed(void **state)
{
    struct stick s, want;
    struct reading r;

    (void)state;
    three_records(&s);
    reading_begin(&r, "5.0.3");
    for (uint8_t i = 1; i <= 3; i++) {
        reading_run(&r, &s);
        assert_int_equal(r.report.result, USBKEY_APPLIED);
        assert_int_equal(r.report.record, i);
        want = s;
        want.bytes[32] = i; /* the counter; type and valid flag of the record */
        want.bytes[512 * i] = 0;
        want.bytes[512 * i + 4] = 0;
        assert_int_equal(consume(&s, &r.report), USBKEY_APPLIED);
        assert_memory_equal(s.bytes, want.bytes, sizeof(s.bytes));
    }
    reading_run(&r, &s);
    assert_int_equal(r.report.result, USBKEY_EXHAUSTED);
    assert_int_equal(r.report.record, 0);
    assert_int_equal(consume(&s, &r.report), USBKEY_APPLIED);
    assert_memory_equal(s.bytes, want.bytes, sizeof(s.bytes));
}

static void invalid_records_are_skipped(void **state)
{
    struct stick s;
    struct reading r;

    (void)state;
    three_records(&s);
    s.bytes[512] = 0;      /* type: invalid */
    s.bytes[1024 + 4] = 0; /* flag: not valid */
    reading_begin(&r, "5.0.3");
    reading_run(&r, &s);
    assert_int_equal(r.report.result, USBKEY_APPLIED);
    assert_int_equal(r.report.record, 3);
    assert_int_equal(consume(&s, &r.report), USBKEY_APPLIED);
    assert_int_equal(s.bytes[32], 3);
}

static void unconsumable_files_stay(void **state)
{
    struct stick s, before;
    struct reading r;

    (void)state;
    stick_begin(&s, HEADER_2_0, RECORD ENTRIES_1);
    s.bytes[26] = 1;
    before = s;
    reading_begin(&r, "5.0.3");
    for (int i = 0; i < 2; i++) {
        applied(&r, &s, LOCAL_KEY_ENTERED);
        assert_int_equal(consume(&s, &r.report), USBKEY_APPLIED);
        assert_int_equal(s.writes, 0);
        assert_memory_equal(s.bytes, before.bytes, sizeof(s.bytes));
    }
}

/* The flag came with 2.0. */
static void version_1_is_always_consumed(void **state)
{
    struct stick s;
    struct reading r;

    (void)state;
    stick_begin(&s, HEADER_1, RECORD ENTRIES_1);
    s.bytes[26] = 1;
    reading_begin(&r, "5.0.3");
    applied(&r, &s, LOCAL_KEY_ENTERED);
    assert_int_equal(consume(&s, &r.report), USBKEY_APPLIED);
    reading_run(&r, &s);
    assert_int_equal(r.report.result, USBKEY_EXHAUSTED);
}

static void a_cut_while_consuming(void **state)
{
    struct stick s;
    struct reading r;

    (void)state;
    reading_begin(&r, "5.0.3");
    for (int writes = 0; writes < 2; writes++) {
        three_records(&s);
        reading_run(&r, &s);
        s.writes_left = writes;
        assert_int_equal(consume(&s, &r.report), USBKEY_IO);
        s.writes_left = -1;
        reading_run(&r, &s);
        assert_int_equal(r.report.record, writes == 0 ? 1 : 2);
        assert_int_equal(consume(&s, &r.report), USBKEY_APPLIED);
        assert_int_equal(s.bytes[32], writes == 0 ? 1 : 2);
    }
}

static void consuming_another_file(void **state)
{
    struct usbkey_report report = {.result = USBKEY_APPLIED, .record = 2};
    struct stick s;

    (void)state;
    stick_begin(&s, HEADER_1, RECORD ENTRIES_1);
    assert_int_equal(consume(&s, &report), USBKEY_MALFORMED);
    s.len = -1;
    assert_int_equal(consume(&s, &report), USBKEY_NO_FILE);
    assert_int_equal(s.writes, 0);
}

static void a_refused_record_is_not_consumed(void **state)
{
    struct usbkey_report report = {.result = USBKEY_VALUE, .record = 1};
    struct stick s;

    (void)state;
    stick_begin(&s, HEADER_1, RECORD ENTRIES_1);
    assert_int_equal(consume(&s, &report), USBKEY_APPLIED);
    assert_int_equal(s.writes, 0);
}

static void every_result_has_its_text(void **state)
{
    (void)state;
    for (int a = USBKEY_STATE; a <= USBKEY_APPLIED; a++) {
        assert_string_not_equal(usbkey_result_text(a), "unknown result");
        for (int b = USBKEY_STATE; b < a; b++)
            assert_string_not_equal(usbkey_result_text(a), usbkey_result_text(b));
    }
    assert_string_equal(usbkey_result_text(1), "unknown result");
    assert_string_equal(usbkey_result_text(USBKEY_STATE - 1), "unknown result");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_1),
        cmocka_unit_test(version_2_0),
        cmocka_unit_test(version_2_1),
        cmocka_unit_test(version_3),
        cmocka_unit_test(dashes_are_read),
        cmocka_unit_test(set_up_is_started_or_stopped),
        cmocka_unit_test(smb_is_manual),
        cmocka_unit_test(user_hashes),
        cmocka_unit_test(builtin_hashes_on),
        cmocka_unit_test(newer_variables_are_passed_over),
        cmocka_unit_test(ends_of_a_list),
        cmocka_unit_test(a_record_of_two_chunks),
        cmocka_unit_test(records_are_consumed),
        cmocka_unit_test(invalid_records_are_skipped),
        cmocka_unit_test(unconsumable_files_stay),
        cmocka_unit_test(version_1_is_always_consumed),
        cmocka_unit_test(a_cut_while_consuming),
        cmocka_unit_test(consuming_another_file),
        cmocka_unit_test(a_refused_record_is_not_consumed),
        cmocka_unit_test(every_result_has_its_text),
    };

    return cmocka_run_group_tests_name("usbkey", tests, NULL, NULL);
}
