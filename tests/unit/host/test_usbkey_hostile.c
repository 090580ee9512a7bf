// SPDX-License-Identifier: BSD-3-Clause
// links: fw/host/usbkey/usbkey.c fw/host/usbkey/usbkey_apply.c fw/host/usbkey/usbkey_file.c
// links: @core
// once: slow in an emulator; what a key holds is read there by test_usbkey_refused
#include "tests/fixtures/usbkey.h"
#include "tests/fixtures/usbkey_whole.h"

/* Files that nobody meant: the reader comes to the same verdict twice, and what it hands over is
 * the settings as they were or a complete, valid change of them. */

static void hash_entry(struct stick *s, uint8_t algorithm, uint8_t bytes)
{
    uint8_t value[82] = {algorithm};

    value[1 + bytes] = 4;
    memcpy(value + 2 + bytes, "root", 4);
    entry(s, 2, 8, value, 6u + bytes);
}

static void file_1(struct stick *s)
{
    stick_passwords(s, HEADER_1);
    entry_text(s, 2, 1, PID);
    entry_text(s, 2, 2, PPS);
}

static void file_2_1(struct stick *s)
{
    stick_passwords(s, HEADER_2_1);
    entry_byte(s, 1, 3, 1);
    put_hex(s, s->at, "0100 0600 1000 0000 a18600ab9a7f4c42a6e6bb243a295d9e");
    s->at += 24;
    entry_text(s, 2, 1, PID);
    entry_text(s, 2, 2, PPS);
    entry_text(s, 2, 3, "amt.example");
    entry_text(s, 2, 4, "sca.amt.example");
    entry_byte(s, 2, 6, 1);
    entry_byte(s, 2, 7, 2);
    hash_entry(s, CERT_HASH_SHA1, 20);
    entry_byte(s, 2, 10, 3);
    entry_text(s, 2, 11, "pc");
    entry_byte(s, 2, 13, 1);
    entry(s, 2, 15, "\x1e\x00", 2);
    entry_byte(s, 2, 16, 1);
    entry(s, 2, 17, "\x05\x00\x00\x0a", 4);
    entry(s, 2, 18, "\xf3\x26", 2);
    put_hex(s, s->at, "0200 1300 1400 0000 0900000a 00ffffff 0100000a 0200000a 00000000");
    s->at += 28;
    entry_byte(s, 2, 21, 1);
    assert_true(s->at <= 1024);
}

static void file_scrambled(struct stick *s)
{
    file_2_1(s);
    s->bytes[512 + 4] |= 2;
    for (uint32_t i = 512 + 24; i < 1024; i++)
        s->bytes[i] = (uint8_t)(s->bytes[i] + 17);
}

static void file_3(struct stick *s)
{
    stick_passwords(s, HEADER_3);
    hash_entry(s, CERT_HASH_SHA256, 32);
    hash_entry(s, CERT_HASH_SHA384, 48);
    entry_text(s, 2, 3, "amt.example");
    entry_byte(s, 2, 28, 1);
    entry_byte(s, 2, 29, 0);
}

static const struct {
    void (*write)(struct stick *);
    const char *release;
} files[] = {{file_1, "5.0.3"}, {file_2_1, "5.0.3"}, {file_scrambled, "5.0.2"}, {file_3, "6.0"}};

#define FILES (sizeof(files) / sizeof(files[0]))

/* Reads twice, and consumes what was applied. */
static enum usbkey_result read_hostile(struct stick *s, const char *release)
{
    static struct reading a, b; /* two of them are 6 KB */
    struct hal_usb usb = stick_usb(s);
    struct stick consumed = *s;
    int64_t changed = 0;

    reading_begin(&a, release);
    reading_begin(&b, release);
    reading_run(&a, s);
    reading_run(&b, s);
    assert_int_equal(s->writes, 0);
    assert_int_equal(a.report.result, b.report.result);
    assert_int_equal(a.report.record, b.report.record);
    assert_int_equal(a.outcome.change, b.outcome.change);
    assert_memory_equal(&a.outcome.settings, &b.outcome.settings, sizeof(a.outcome.settings));
    if (a.report.result != USBKEY_APPLIED) {
        assert_int_equal(a.outcome.change, LOCAL_NONE);
        assert_memory_equal(&a.outcome.settings, &a.before, sizeof(a.before));
        return a.report.result;
    }
    assert_null(usbkey_outcome_wrong(&a.outcome, a.release));
    usb.ctx = &consumed;
    assert_int_equal(usbkey_consume(&usb, &a.report), USBKEY_APPLIED);
    for (uint32_t i = 0; i < STICK_BYTES; i++)
        changed += consumed.bytes[i] != s->bytes[i];
    assert_true(changed <= 12); /* type, flags, counter */
    return USBKEY_APPLIED;
}

static void whole_files(void **state)
{
    struct stick s;

    (void)state;
    for (size_t f = 0; f < FILES; f++) {
        files[f].write(&s);
        assert_int_equal(read_hostile(&s, files[f].release), USBKEY_APPLIED);
    }
}

static void every_byte_changed(void **state)
{
    uint32_t applied = 0, refused = 0;
    struct stick s;

    (void)state;
    for (size_t f = 0; f < FILES; f++) {
        files[f].write(&s);
        for (uint32_t at = 0; at < s.len; at++)
            for (uint32_t how = 0; how < 12; how++) {
                uint8_t was = s.bytes[at];
                const uint8_t to[] = {0x00, 0xFF, 0x11, (uint8_t)(was + 1)};

                s.bytes[at] = how < 8 ? (uint8_t)(was ^ 1u << how) : to[how - 8];
                if (read_hostile(&s, files[f].release) == USBKEY_APPLIED)
                    applied++;
                else
                    refused++;
                s.bytes[at] = was;
            }
    }
    assert_int_equal(applied + refused, 4 * 1024 * 12);
    assert_true(applied > 1000 && refused > 1000); /* else the files prove nothing */
}

static void cut_anywhere(void **state)
{
    struct stick s;

    (void)state;
    for (size_t f = 0; f < FILES; f++) {
        files[f].write(&s);
        for (s.len = 0; s.len < 1024; s.len++)
            assert_int_not_equal(read_hostile(&s, files[f].release), USBKEY_APPLIED);
    }
}

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

/* From byte `from` on all is random; up to there the file is whole. */
static void random_from(uint32_t from, uint32_t rounds)
{
    uint32_t seed = 0x2545F491u + from;
    struct stick s;

    for (size_t f = 0; f < FILES; f++)
        for (uint32_t round = 0; round < rounds; round++) {
            files[f].write(&s);
            for (uint32_t i = from; i < s.len; i++)
                s.bytes[i] = (uint8_t)next_random(&seed);
            read_hostile(&s, files[f].release);
        }
}

static void random_files(void **state)
{
    (void)state;
    random_from(0, 200);
    random_from(16, 1000);
    random_from(512, 1000);
    random_from(512 + 24, 1000);
    random_from(512 + 24 + 36, 2000); /* behind the passwords */
}

/* Small values make lists of entries; whatever they are, no two bytes of one are taken for more. */
static void random_entries(void **state)
{
    uint32_t seed = 1;
    struct stick s;

    (void)state;
    for (size_t f = 0; f < FILES; f++)
        for (uint32_t round = 0; round < 5000; round++) {
            files[f].write(&s);
            memset(s.bytes + 572, 0, 1024 - 572);
            s.at = 572;
            while (s.at < 1024 - 8 - 36) {
                uint8_t value[36];
                uint32_t len = next_random(&seed) % sizeof(value);

                for (uint32_t i = 0; i < len; i++)
                    value[i] = (uint8_t)(next_random(&seed) % (round % 2 ? 3 : 256));
                entry(&s, (uint16_t)(1 + next_random(&seed) % 2),
                      (uint16_t)(next_random(&seed) % 37), value, round % 4 < 2 ? 1 : len);
            }
            read_hostile(&s, files[f].release);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_files),    cmocka_unit_test(every_byte_changed),
        cmocka_unit_test(cut_anywhere),   cmocka_unit_test(random_files),
        cmocka_unit_test(random_entries),
    };

    return cmocka_run_group_tests_name("usbkey hostile", tests, NULL, NULL);
}
