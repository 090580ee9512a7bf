// SPDX-License-Identifier: BSD-3-Clause
// links: fw/host/usbkey/usbkey.c fw/host/usbkey/usbkey_apply.c fw/host/usbkey/usbkey_file.c
// links: @core
#include "tests/fixtures/usbkey.h"

/* Nothing changed: no outcome, the settings as they were, not a byte written. */
static void refused_in(struct reading *r, struct stick *s, enum usbkey_result result,
                       uint16_t module, uint16_t variable)
{
    reading_run(r, s);
    assert_int_equal(r->report.result, result);
    assert_int_equal(r->report.module, module);
    assert_int_equal(r->report.variable, variable);
    assert_int_equal(r->outcome.change, LOCAL_NONE);
    assert_memory_equal(&r->outcome.settings, &r->before, sizeof(r->before));
    assert_int_equal(s->writes, 0);
}

static void refused(struct stick *s, enum usbkey_result result, uint16_t module, uint16_t variable)
{
    struct reading r;

    reading_begin(&r, "5.0.3");
    refused_in(&r, s, result, module, variable);
    if (module)
        assert_int_equal(r.report.record, 1);
}

static void whole_file(struct stick *s)
{
    stick_passwords(s, HEADER_2_1);
    entry_text(s, 2, 1, PID);
    entry_text(s, 2, 2, PPS);
}

/* --- the file -----------------------------------------------------------------------------------
 */

static void no_file(void **state)
{
    struct stick s;

    (void)state;
    whole_file(&s);
    s.len = -1;
    refused(&s, USBKEY_NO_FILE, 0, 0);
}

static void too_short_for_a_header(void **state)
{
    static const int64_t lengths[] = {0, 1, 15, 16, 511};
    struct stick s;

    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        whole_file(&s);
        s.len = lengths[i];
        refused(&s, USBKEY_NOT_SETUP_BIN, 0, 0);
    }
}

static void another_kind_of_file(void **state)
{
    struct stick s;

    (void)state;
    for (uint32_t i = 0; i < 16; i++) {
        whole_file(&s);
        s.bytes[i] ^= 1;
        refused(&s, USBKEY_NOT_SETUP_BIN, 0, 0);
    }
}

static void read_errors(void **state)
{
    struct stick s;
    int reads = 0;

    (void)state;
    /* header, record, five entry headers, four values */
    for (; reads < 11; reads++) {
        struct reading r;

        whole_file(&s);
        s.reads_left = reads;
        reading_begin(&r, "5.0.3");
        reading_run(&r, &s);
        assert_int_equal(r.report.result, USBKEY_IO);
        assert_int_equal(r.outcome.change, LOCAL_NONE);
        assert_memory_equal(&r.outcome.settings, &r.before, sizeof(r.before));
    }
}

static void formats_by_release(void **state)
{
    static const char *const headers[] = {HEADER_1, HEADER_2_0, HEADER_2_1, HEADER_3,
                                          GUID_4 HEADER_A "04 00" HEADER_B};
    static const struct {
        const char *release;
        uint32_t reads; /* bit per header */
    } rows[] = {{"2.1", 0x01}, {"2.2", 0x01},   {"2.6", 0x01},   {"3.0", 0x07},
                {"4.0", 0x07}, {"5.0.2", 0x07}, {"5.0.3", 0x07}, {"6.0", 0x0F}};
    struct reading r;
    struct stick s;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (uint32_t h = 0; h < 5; h++) {
            stick_passwords(&s, headers[h]);
            reading_begin(&r, rows[i].release);
            if (!(rows[i].reads >> h & 1)) {
                refused_in(&r, &s, USBKEY_FORMAT, 0, 0);
                continue;
            }
            reading_run(&r, &s);
            assert_int_equal(r.report.result, USBKEY_APPLIED);
            assert_int_equal(r.outcome.change, LOCAL_SETTINGS);
        }
}

static void bad_headers(void **state)
{
    static const struct {
        uint32_t at;
        const char *bytes;
    } rows[] = {
        {16, "0900"},                   /* more chunks than there may be */
        {18, "2900"},                   /* header length: 41 */
        {18, "0102"},                   /* 513 */
        {18, "2c00"},                   /* the list of modules does not end in 44 bytes */
        {24, "01"},                     /* major version of another GUID */
        {24, "03"},                     /* the same */
        {28, "02000000"},               /* a second record, but the file ends */
        {28, "ffffffff"},               /* more than 32 bits of file */
        {28, "0000807f"}, {36, "0200"}, /* a record of two chunks, but the file ends */
        {36, "0900"},     {36, "ffff"},
        {16, "0200"}, /* a header of two chunks, but the file ends */
    };
    struct stick s;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        whole_file(&s);
        put_hex(&s, rows[i].at, rows[i].bytes);
        refused(&s, USBKEY_MALFORMED, 0, 0);
    }
}

/* On a stick of a terabyte the second half of the records would be beyond 32-bit offsets. */
static void more_than_offsets_reach(void **state)
{
    struct stick s;

    (void)state;
    whole_file(&s);
    s.len = (int64_t)1 << 40;
    put_hex(&s, 28, "ffffff00 00008000");
    refused(&s, USBKEY_MALFORMED, 0, 0);
}

static void bad_record_headers(void **state)
{
    static const struct {
        uint32_t at;
        const char *bytes;
    } rows[] = {
        {0, "02000000"},                     /* a type nobody knows */
        {0, "01010000"},       {16, "0200"}, /* not the length that the file says */
        {18, "1900"},                        /* neither form of header has its 24 */
        {18, "0000 00000000"},
    };
    struct stick s;
    struct reading r;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        whole_file(&s);
        put_hex(&s, 512 + rows[i].at, rows[i].bytes);
        reading_begin(&r, "5.0.3");
        refused_in(&r, &s, USBKEY_MALFORMED, 0, 0);
        assert_int_equal(r.report.record, 1);
    }
}

static void no_record_left(void **state)
{
    struct stick s;

    (void)state;
    whole_file(&s);
    s.bytes[32] = 1; /* consumed */
    refused(&s, USBKEY_EXHAUSTED, 0, 0);
    put_hex(&s, 32, "ffffffff");
    refused(&s, USBKEY_EXHAUSTED, 0, 0);
    whole_file(&s);
    s.bytes[28] = 0; /* records */
    refused(&s, USBKEY_EXHAUSTED, 0, 0);
    whole_file(&s);
    s.bytes[512] = 0; /* type: invalid */
    refused(&s, USBKEY_EXHAUSTED, 0, 0);
    whole_file(&s);
    s.bytes[512 + 4] = 0; /* flag: not valid */
    refused(&s, USBKEY_EXHAUSTED, 0, 0);
}

/* --- the machine --------------------------------------------------------------------------------
 */

/* CUTLER: in 2.x only a device in factory mode takes a key. */
static void only_in_factory_mode_before_3_0(void **state)
{
    struct stick s;
    struct reading r;

    (void)state;
    for (int i = SITUATION_SETUP; i <= SITUATION_PROVISIONED; i++) {
        stick_passwords(&s, HEADER_1);
        reading_begin(&r, "2.2");
        r.situation = (enum situation)i;
        refused_in(&r, &s, USBKEY_STATE, 0, 0);
    }
}

/* S0, DELL, HP5: from 3.0 on also while set-up by certificates goes on, or is over; not while there
 * is a pre-shared key, nor once it is provisioned. */
static void in_set_up_without_a_key(void **state)
{
    struct stick s;
    struct reading r;

    (void)state;
    for (int i = SITUATION_FACTORY; i <= SITUATION_PROVISIONED; i++) {
        whole_file(&s);
        reading_begin(&r, "5.0.3");
        r.situation = (enum situation)i;
        if (i == SITUATION_PROVISIONED) {
            refused_in(&r, &s, USBKEY_STATE, 0, 0);
            continue;
        }
        reading_run(&r, &s);
        assert_int_equal(r.report.result, USBKEY_APPLIED);
        if (i == SITUATION_FACTORY)
            continue;
        strcpy(r.before.secret.pid, "0000037M");
        refused_in(&r, &s, USBKEY_STATE, 0, 0);
    }
}

static void only_with_the_default_password(void **state)
{
    struct stick s;
    struct reading r;

    (void)state;
    stick_begin(&s, HEADER_1, RECORD);
    entry_text(&s, 1, 1, STRONG);
    entry_text(&s, 1, 2, "An0ther!pw");
    reading_begin(&r, "5.0.3");
    r.before.secret.password_default = false;
    strcpy(r.before.secret.password, STRONG);
    refused_in(&r, &s, USBKEY_NOT_DEFAULT, 0, 0);
}

static void current_password(void **state)
{
    static const char *const wrong[] = {"Admin", "admi", "admin1", "admin ", STRONG};
    struct stick s;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        stick_begin(&s, HEADER_1, RECORD);
        entry_text(&s, 1, 1, wrong[i]);
        entry_text(&s, 1, 2, STRONG);
        refused(&s, USBKEY_PASSWORD, 1, 1);
    }
}

/* --- the order ----------------------------------------------------------------------------------
 */

static void empty_list(void **state)
{
    struct stick s;

    (void)state;
    stick_begin(&s, HEADER_1, RECORD);
    refused(&s, USBKEY_ORDER, 1, 1);
}

static void current_password_first(void **state)
{
    struct stick s;

    (void)state;
    stick_begin(&s, HEADER_1, RECORD);
    entry_text(&s, 1, 2, STRONG);
    entry_text(&s, 1, 1, "admin");
    refused(&s, USBKEY_ORDER, 1, 2);
    stick_begin(&s, HEADER_1, RECORD);
    entry_text(&s, 9, 9, "unknown");
    refused(&s, USBKEY_ORDER, 9, 9);
}

static void new_password_second(void **state)
{
    struct stick s;

    (void)state;
    stick_begin(&s, HEADER_2_0, RECORD);
    entry_text(&s, 1, 1, "admin");
    refused(&s, USBKEY_ORDER, 1, 2);
    entry_byte(&s, 1, 3, 1);
    entry_text(&s, 1, 2, STRONG);
    refused(&s, USBKEY_ORDER, 1, 3);
}

static void manageability_third(void **state)
{
    struct stick s;

    (void)state;
    stick_passwords(&s, HEADER_2_1);
    entry_byte(&s, 2, 5, 1);
    entry_byte(&s, 1, 3, 1);
    refused(&s, USBKEY_ORDER, 1, 3);
    stick_passwords(&s, HEADER_2_1);
    entry_byte(&s, 1, 4, 1);
    entry_byte(&s, 1, 3, 1);
    refused(&s, USBKEY_ORDER, 1, 3);
}

static void hash_after_its_switch(void **state)
{
    uint8_t hash[22] = {1};
    struct stick s;

    (void)state;
    stick_passwords(&s, HEADER_2_0);
    entry(&s, 2, 8, hash, sizeof(hash));
    entry_byte(&s, 2, 7, 1);
    refused(&s, USBKEY_ORDER, 2, 8);
}

static void activation_last(void **state)
{
    static const uint16_t later[] = {3, 4, 17};
    struct stick s;
    struct reading r;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        stick_passwords(&s, HEADER_3);
        entry_byte(&s, 2, 28, 1);
        entry_text(&s, 2, later[i], "aaaa");
        reading_begin(&r, "6.0");
        refused_in(&r, &s, USBKEY_ORDER, 2, later[i]);
    }
}

static void nothing_twice(void **state)
{
    struct stick s;

    (void)state;
    whole_file(&s);
    entry_text(&s, 1, 2, STRONG);
    refused(&s, USBKEY_ORDER, 1, 2);
    whole_file(&s);
    entry_text(&s, 2, 1, PID);
    refused(&s, USBKEY_ORDER, 2, 1);
}

/* --- the values ---------------------------------------------------------------------------------
 */

static void new_password(void **state)
{
    static const char *const weak[] = {
        "admin",
        "Sh0rt!a",
        "nocapital1!",
        "NOLOWER1!",
        "NoDigits!!",
        "NoSpec1als",
        "Under_sc0re",
        "Sp ace1abc",
        "C0lon:!aa",
        "Qu0te\"!aa",
        "C0mma,!aa",
        "Str0ng!pw\x7f",
        "",
        "Str0ng!pw_and_thirty_three_long__" /* 33 characters */
    };
    struct stick s;

    (void)state;
    for (size_t i = 0; i < sizeof(weak) / sizeof(weak[0]); i++) {
        stick_begin(&s, HEADER_1, RECORD);
        entry_text(&s, 1, 1, "admin");
        entry_text(&s, 1, 2, weak[i]);
        refused(&s, USBKEY_VALUE, 1, 2);
    }
    stick_begin(&s, HEADER_1, RECORD);
    entry_text(&s, 1, 1, "admin");
    entry(&s, 1, 2, STRONG "\0x", sizeof(STRONG) + 1);
    refused(&s, USBKEY_VALUE, 1, 2);
}

/* A value of one byte: what is allowed is, the next one is not, nor are other lengths. */
static void numbers(void **state)
{
    static const struct {
        uint16_t module, variable;
        uint8_t lowest, highest;
    } rows[] = {{1, 3, 0, 1},  {1, 4, 0, 2},  {1, 5, 0, 2},  {2, 5, 0, 1},
                {2, 6, 0, 1},  {2, 7, 0, 2},  {2, 10, 0, 7}, {2, 13, 1, 2},
                {2, 14, 0, 1}, {2, 16, 1, 2}, {2, 21, 0, 2}};
    static const uint8_t two[2] = {1, 0};
    struct stick s;
    struct reading r;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (int n = 0; n < 256; n++) {
            stick_passwords(&s, HEADER_2_1);
            entry_byte(&s, rows[i].module, rows[i].variable, (uint8_t)n);
            reading_begin(&r, "5.0.3");
            if (n < rows[i].lowest || n > rows[i].highest) {
                refused_in(&r, &s, USBKEY_VALUE, rows[i].module, rows[i].variable);
            } else {
                reading_run(&r, &s);
                assert_int_equal(r.report.result, USBKEY_APPLIED);
            }
        }
        for (size_t len = 0; len <= 2; len += 2) {
            stick_passwords(&s, HEADER_2_1);
            entry(&s, rows[i].module, rows[i].variable, two, len);
            refused(&s, USBKEY_VALUE, rows[i].module, rows[i].variable);
        }
    }
}

struct bytes_row {
    uint16_t variable;
    const char *hex;
};

static void refused_bytes(const char *header, const char *release, const struct bytes_row *row)
{
    struct stick s, value = {0};
    struct reading r;
    uint32_t len = put_hex(&value, 0, row->hex);

    stick_passwords(&s, header);
    if (row->variable == 8)
        entry_byte(&s, 2, 7, 1);
    entry(&s, 2, row->variable, value.bytes, len);
    reading_begin(&r, release);
    refused_in(&r, &s, USBKEY_VALUE, 2, row->variable);
}

static void other_values(void **state)
{
    static const struct bytes_row rows[] = {
        {15, "0000"}, /* idle time-out 0 */
        {15, "01"},
        {15, "01000000"},
        {17, "0100007f"}, /* 127.0.0.1 */
        {17, "010000e0"}, /* 224.0.0.1 */
        {17, "ffffffff"},
        {17, "01000000"}, /* 0.0.0.1 */
        {17, "0500000a00"},
        {17, "31302e302e302e35"}, /* "10.0.0.5" */
        {18, "0000"},
        {18, "f3"},
        {19, "0900000a 00ffffff 0100000a 0200000a"},          /* too short */
        {19, "00000000 00ffffff 0100000a 0200000a 00000000"}, /* no address */
        {19, "0900000a 00000000 0100000a 0200000a 00000000"}, /* no mask */
        {19, "0900000a 00ff00ff 0100000a 0200000a 00000000"}, /* 255.0.255.0 */
        {19, "0900000a ffffff00 0100000a 0200000a 00000000"}, /* mask the wrong way round */
        {19, "0900000a 00ffffff 0100007f 0200000a 00000000"}, /* gateway 127.0.0.1 */
        {19, "0900000a 00ffffff 0100000a ffffffff 00000000"}, /* DNS */
        {19, "0900000a 00ffffff 0100000a 0200000a 010000e0"}, /* second DNS */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        refused_bytes(HEADER_2_1, "5.0.3", &rows[i]);
}

static void hashes(void **state)
{
    static const struct bytes_row rows[] = {
        {8, "01 000102030405060708090a0b0c0d0e0f101112 01 78"},     /* one byte short */
        {8, "01 000102030405060708090a0b0c0d0e0f10111213 02 78"},   /* name too short */
        {8, "01 000102030405060708090a0b0c0d0e0f10111213 01 7879"}, /* too long */
        {8, "01 000102030405060708090a0b0c0d0e0f10111213 01 07"},   /* not printable */
        {8, "00 000102030405060708090a0b0c0d0e0f10111213 01 78"},   /* algorithm 0 */
        {8, "04 000102030405060708090a0b0c0d0e0f10111213 01 78"},   /* algorithm 4 */
        {8, "00 01 78"}, /* neither has a hash of no bytes */
        {8, "04 01 78"},
        {8, "01 000102030405060708090a0b0c0d0e0f10111213 21" /* 33 characters */
            "787878787878787878787878787878787878787878787878787878787878787878"},
        {8, "02 000102030405060708090a0b0c0d0e0f" /* SHA-256 */
            "101112131415161718191a1b1c1d1e1f 01 78"},
    };
    struct stick s;
    uint8_t hash[22] = {1};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        refused_bytes(HEADER_2_1, "5.0.3", &rows[i]);
    for (size_t i = 0; i + 1 < sizeof(rows) / sizeof(rows[0]); i++)
        refused_bytes(HEADER_3, "6.0", &rows[i]);
    stick_passwords(&s, HEADER_2_0);
    entry_byte(&s, 2, 7, 1);
    for (int i = 0; i < 4; i++)
        entry(&s, 2, 8, hash, sizeof(hash));
    refused(&s, USBKEY_VALUE, 2, 8);
}

/* G-restore: small-business mode ends with 6.0. */
static void no_small_business_from_6_0(void **state)
{
    static const char *const releases[] = {"6.0", "6.1", "6.2"};
    struct stick s;
    struct reading r;

    (void)state;
    for (size_t i = 0; i < sizeof(releases) / sizeof(releases[0]); i++) {
        stick_passwords(&s, HEADER_3);
        entry_byte(&s, 2, 16, 2);
        reading_begin(&r, releases[i]);
        refused_in(&r, &s, USBKEY_VALUE, 2, 16);
    }
}

static void refused_text(uint16_t variable, const char *text)
{
    struct stick s;

    stick_passwords(&s, HEADER_2_1);
    entry_text(&s, 2, variable, text);
    refused(&s, USBKEY_VALUE, 2, variable);
}

static void names(void **state)
{
    static const char *const wrong[] = {"",    "a_b.example", "a..b",      ".a",
                                        "a b", "a.b/",        "\xC3\xA4.b"};
    static const uint16_t variables[] = {3, 4, 11, 12};
    char longest[256], label[65];

    (void)state;
    for (size_t v = 0; v < 4; v++)
        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
            refused_text(variables[v], wrong[i]);
    refused_text(11, "two.labels");
    memset(label, 'a', 64);
    label[64] = '\0';
    for (size_t v = 0; v < 4; v++)
        refused_text(variables[v], label);
    for (size_t i = 0; i < 255; i++)
        longest[i] = i % 50 == 49 ? '.' : 'a';
    longest[255] = '\0';
    refused_text(4, longest); /* 255: one of 253 is a name's limit */
    longest[224] = '\0';
    refused_text(3, longest);
    refused_text(12, longest);
}

static void key_pair(void **state)
{
    static const char *const pids[] = {"0000037N", "0000-37M", "0000037m", "000037M", "0000037MM"};
    static const char *const ppss[] = {"NKLDG5DCRRNQE9YZZIJL7LFLVJED69XK",
                                       "NKLDG5DCRRNQE9YZZIJL7LFLVJED69X",
                                       "nKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ"};
    struct stick s;

    (void)state;
    for (size_t i = 0; i < sizeof(pids) / sizeof(pids[0]); i++) {
        stick_passwords(&s, HEADER_1);
        entry_text(&s, 2, 1, pids[i]);
        entry_text(&s, 2, 2, PPS);
        refused(&s, USBKEY_VALUE, 2, 1);
    }
    for (size_t i = 0; i < sizeof(ppss) / sizeof(ppss[0]); i++) {
        stick_passwords(&s, HEADER_1);
        entry_text(&s, 2, 1, PID);
        entry_text(&s, 2, 2, ppss[i]);
        refused(&s, USBKEY_VALUE, 2, 2);
    }
}

static void one_of_the_pair(void **state)
{
    struct stick s;
    struct reading r;

    (void)state;
    reading_begin(&r, "5.0.3");
    strcpy(r.before.secret.pid, PID); /* the OEM's pair does not complete it */
    strcpy(r.before.secret.pps, PPS);
    stick_passwords(&s, HEADER_1);
    entry_text(&s, 2, 1, PID);
    refused_in(&r, &s, USBKEY_VALUE, 2, 2);
    stick_passwords(&s, HEADER_1);
    entry_text(&s, 2, 2, PPS);
    refused_in(&r, &s, USBKEY_VALUE, 2, 1);
}

static void power_package(void **state)
{
    struct stick s;

    (void)state;
    stick_passwords(&s, HEADER_2_1);
    put_hex(&s, s.at, "0100 0600 1000 0000 944f8312fb104fdc968e1e232b0c9066");
    refused(&s, USBKEY_VALUE, 1, 6);
    put_hex(&s, s.at, "0100 0600 1000 0000 763997110b56504388709812f391b560"); /* a mobile one */
    refused(&s, USBKEY_VALUE, 1, 6);
    put_hex(&s, s.at, "0100 0600 0f00");
    refused(&s, USBKEY_VALUE, 1, 6);
}

/* After the passwords 452 bytes are left: a header of 8 and 444. */
static void beyond_the_record(void **state)
{
    struct stick s;
    struct reading r;

    (void)state;
    stick_passwords(&s, HEADER_2_1);
    assert_int_equal(1024 - s.at, 452);
    put_hex(&s, s.at, "0200 6300 bc01"); /* 444 */
    reading_begin(&r, "5.0.3");
    reading_run(&r, &s);
    assert_int_equal(r.report.result, USBKEY_APPLIED);
    put_hex(&s, s.at, "0200 6300 bd01"); /* 445 */
    refused(&s, USBKEY_MALFORMED, 2, 99);
    put_hex(&s, s.at, "0200 0300 ffff");
    refused(&s, USBKEY_MALFORMED, 2, 3);
}

static void unknown_module(void **state)
{
    struct stick s;

    (void)state;
    whole_file(&s);
    entry_byte(&s, 3, 1, 0);
    refused(&s, USBKEY_MALFORMED, 3, 1);
}

/* What came before the fault is undone too. */
static void all_or_nothing(void **state)
{
    struct stick s;

    (void)state;
    whole_file(&s);
    entry_text(&s, 2, 3, "a.example");
    entry_byte(&s, 2, 6, 0);
    entry_byte(&s, 2, 7, 2);
    entry_byte(&s, 2, 16, 2);
    entry_byte(&s, 2, 21, 3);
    refused(&s, USBKEY_VALUE, 2, 21);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_file),
        cmocka_unit_test(too_short_for_a_header),
        cmocka_unit_test(another_kind_of_file),
        cmocka_unit_test(read_errors),
        cmocka_unit_test(formats_by_release),
        cmocka_unit_test(bad_headers),
        cmocka_unit_test(more_than_offsets_reach),
        cmocka_unit_test(bad_record_headers),
        cmocka_unit_test(no_record_left),
        cmocka_unit_test(only_in_factory_mode_before_3_0),
        cmocka_unit_test(in_set_up_without_a_key),
        cmocka_unit_test(only_with_the_default_password),
        cmocka_unit_test(current_password),
        cmocka_unit_test(empty_list),
        cmocka_unit_test(current_password_first),
        cmocka_unit_test(new_password_second),
        cmocka_unit_test(manageability_third),
        cmocka_unit_test(hash_after_its_switch),
        cmocka_unit_test(activation_last),
        cmocka_unit_test(nothing_twice),
        cmocka_unit_test(new_password),
        cmocka_unit_test(numbers),
        cmocka_unit_test(other_values),
        cmocka_unit_test(hashes),
        cmocka_unit_test(no_small_business_from_6_0),
        cmocka_unit_test(names),
        cmocka_unit_test(key_pair),
        cmocka_unit_test(one_of_the_pair),
        cmocka_unit_test(power_package),
        cmocka_unit_test(beyond_the_record),
        cmocka_unit_test(unknown_module),
        cmocka_unit_test(all_or_nothing),
    };

    return cmocka_run_group_tests_name("usbkey refused", tests, NULL, NULL);
}
