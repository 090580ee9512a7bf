// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/manage/digest.h"

/* Expected answers: RFC 2617 3.5, and Perl's Digest::MD5 as
 *   md5_hex(md5_hex("$user:$realm:$password") . ":$nonce:$nc:$cnonce:auth:" .
 * md5_hex("$method:$uri")). The nonce, with a secret of 00 01 02 .. and S and N as little-endian
 * numbers of four bytes: S N and the first half of md5(secret S N secret). */

#define PASSWORD "P@ssw0rd"
#define REALM "Digest:0ECCEB04303EF2688B07446501853B9F"
#define NONCE "0000000001000000da4e0198a4868ff1"
#define RIGHT "b0a411dbe7ee5cbd3c7ab358878b2fe5"   /* nc 00000001 */
#define RIGHT_2 "8e33d7f7a31e111b553cb90de58ac2f8" /* nc 00000002 */
#define EMPTY_PASSWORD "8567cc06da20fea05b61257c29ff791d"

#define BEFORE "Digest username=\"admin\", realm=\"" REALM "\", nonce=\"" NONCE "\", uri=\"/wsman\""
#define NC "nc=00000001, cnonce=\"c0ffee\", qop=auth"
#define HEADER(response) BEFORE ", " NC ", response=\"" response "\""

static const uint8_t uuid[16] = {0x44, 0x33, 0x22, 0x11, 0x66, 0x55, 0x88, 0x77,
                                 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x00};

static const struct digest_account admin = {.user = "admin", .password = PASSWORD};
static const struct digest_expected expected = {.realm = REALM,
                                                .account = &admin,
                                                .accounts = 1,
                                                .method = "POST",
                                                .path = "/wsman",
                                                .now_ms = 1000};

/* 00 01 02 .. on the first call, and so on. */
static int count_up(void *ctx, void *out, size_t len)
{
    uint8_t *next = ctx;

    for (size_t i = 0; i < len; i++)
        ((uint8_t *)out)[i] = (*next)++;
    return 0;
}

static int none(void *ctx, void *out, size_t len)
{
    (void)ctx;
    (void)out;
    (void)len;
    return -1;
}

/* NONCE has been offered at time 0. */
static struct digest offered(void)
{
    struct digest d;
    uint8_t next = 0;
    char nonce[DIGEST_HEX + 1];

    memset(&d, 0, sizeof(d));
    assert_true(digest_offer(&d, &(struct hal_entropy){.ctx = &next, .fill = count_up}, 0, nonce));
    assert_string_equal(nonce, NONCE);
    return d;
}

static enum digest_result check(struct digest *d, const char *header)
{
    return digest_check(d, &expected, header);
}

/* As if no wrong answer had been given for long. */
static enum digest_result check_anew(struct digest *d, const char *header)
{
    d->wrong = 0;
    d->check_from_ms = 0;
    return check(d, header);
}

static bool is_refused(enum digest_result result)
{
    return result == DIGEST_REFUSED || result == DIGEST_WRONG;
}

static void the_example_of_the_rfc(void **state)
{
    static const uint8_t answer[16] = {0x66, 0x29, 0xfa, 0xe4, 0x93, 0x93, 0xa0, 0x53,
                                       0x97, 0x45, 0x09, 0x78, 0x50, 0x7c, 0x4e, 0xf1};
    uint8_t out[16];

    (void)state;
    digest_response(&(struct digest_input){.user = "Mufasa",
                                           .realm = "testrealm@host.com",
                                           .password = "Circle Of Life",
                                           .method = "GET",
                                           .uri = "/dir/index.html",
                                           .nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                                           .nonce_len = 34,
                                           .count = "00000001",
                                           .count_len = 8,
                                           .cnonce = "0a4f113b",
                                           .cnonce_len = 8},
                    out);
    assert_memory_equal(out, answer, 16);
}

/* RFC 2069's example, as its erratum 749 corrects it. */
static void the_older_answer(void **state)
{
    static const uint8_t answer[16] = {0x19, 0x49, 0x32, 0x37, 0x46, 0xfe, 0x6a, 0x43,
                                       0xef, 0x61, 0xf9, 0x60, 0x6e, 0x7f, 0xeb, 0xea};
    uint8_t out[16];

    (void)state;
    digest_response(&(struct digest_input){.user = "Mufasa",
                                           .realm = "testrealm@host.com",
                                           .password = "CircleOfLife",
                                           .method = "GET",
                                           .uri = "/dir/index.html",
                                           .nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                                           .nonce_len = 34},
                    out);
    assert_memory_equal(out, answer, 16);
}

static void a_device_has_one_realm(void **state)
{
    char realm[DIGEST_REALM];

    (void)state;
    digest_realm(uuid, realm);
    assert_string_equal(realm, REALM);
}

static void right_answers(void **state)
{
    static const char *const row[] = {
        HEADER(RIGHT),
        /* amttool's form (libwww-perl) */
        "Digest username=\"admin\", realm=\"" REALM "\", qop=\"auth\", algorithm=\"MD5\", "
        "uri=\"/wsman\", nonce=\"" NONCE "\", nc=00000001, cnonce=\"c0ffee\", response=\"" RIGHT
        "\"",
        /* without blanks, with a field that nobody knows */
        "DIGEST username=\"admin\",realm=\"" REALM "\",nonce=\"" NONCE "\",uri=\"/wsman\","
        "nc=00000001,cnonce=\"c0ffee\",qop=auth,response=\"" RIGHT "\",opaque=\"x\"",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct digest d = offered();

        assert_int_equal(check(&d, row[i]), DIGEST_OK);
    }
}

/* CVE-2017-5689: only as many characters were compared as the answer had, so that an empty one was
 * right. Every length but the whole is wrong, and so is every answer that differs in one digit. */
static void an_answer_counts_whole(void **state)
{
    struct digest d = offered();
    char header[512];

    (void)state;
    for (int len = 0; len <= 48; len++) {
        snprintf(header, sizeof(header), "%s, %s, response=\"%.*s\"", BEFORE, NC, len,
                 RIGHT "0000000000000000");
        assert_int_equal(check(&d, header), len == 32 ? DIGEST_OK : DIGEST_REFUSED);
        if (len == 32)
            d = offered();
    }
    for (int i = 0; i < 32; i++) {
        char wrong[] = RIGHT;

        wrong[i] = wrong[i] == '0' ? '1' : '0';
        snprintf(header, sizeof(header), "%s, %s, response=\"%s\"", BEFORE, NC, wrong);
        assert_int_equal(check_anew(&d, header), DIGEST_WRONG);
    }
    assert_int_equal(check_anew(&d, HEADER(RIGHT)), DIGEST_OK); /* nothing of that has used it up */
}

static void what_is_refused(void **state)
{
#define FIELDS(user, realm, nonce, uri, rest)                                                      \
    "Digest username=" user ", realm=" realm ", nonce=" nonce ", uri=" uri ", " rest
#define R "\"" REALM "\""
#define N "\"" NONCE "\""
#define TAIL NC ", response=\"" RIGHT "\""
    static const char *const row[] = {
        "",
        "Digest",
        "Digest ",
        "Basic YWRtaW46UEBzc3cwcmQ=",
        "Digest username",
        "Digest =\"admin\"",
        FIELDS("\"\"", R, N, "\"/wsman\"", TAIL),
        FIELDS("\"root\"", R, N, "\"/wsman\"", TAIL),
        FIELDS("\"admin2\"", R, N, "\"/wsman\"", TAIL),
        FIELDS("\"adm\"", R, N, "\"/wsman\"", TAIL),
        FIELDS("\"Admin\"", R, N, "\"/wsman\"", TAIL),
        FIELDS("\"$$osAdmin\"", R, N, "\"/wsman\"", TAIL),
        FIELDS("\"ad\\min\"", R, N, "\"/wsman\"", TAIL),
        FIELDS("\"admin\"", "\"\"", N, "\"/wsman\"", TAIL),
        FIELDS("\"admin\"", "\"Digest:0\"", N, "\"/wsman\"", TAIL),
        FIELDS("\"admin\"", R, "\"\"", "\"/wsman\"", TAIL),
        FIELDS("\"admin\"", R, "\"00\"", "\"/wsman\"", TAIL),
        FIELDS("\"admin\"", R, "\"" NONCE "00\"", "\"/wsman\"", TAIL),
        FIELDS("\"admin\"", R, N, "\"\"", TAIL),
        FIELDS("\"admin\"", R, N, "\"/\"", TAIL),
        FIELDS("\"admin\"", R, N, "\"/wsman2\"", TAIL),
        FIELDS("\"admin\"", R, N, "\"/wsman\"", NC), /* no response */
        FIELDS("\"admin\"", R, N, "\"/wsman\"", NC ", response="),
        FIELDS("\"admin\"", R, N, "\"/wsman\"", NC ", response=\"" RIGHT),
        FIELDS("\"admin\"", R, N, "\"/wsman\"", NC ", response=\"" EMPTY_PASSWORD "\""),
        /* the same answer twice */
        FIELDS("\"admin\"", R, N, "\"/wsman\"", TAIL ", response=\"" RIGHT "\""),
        FIELDS("\"admin\"", R, N, "\"/wsman\"", TAIL ","),
        FIELDS("\"admin\"", R, N, "\"/wsman\"", TAIL " x"),
        FIELDS("\"admin\"", R, N, "\"/wsman\"", TAIL ", algorithm=MD5-sess"),
        FIELDS("\"admin\"", R, N, "\"/wsman\"",
               "cnonce=\"c0ffee\", qop=auth, response=\"" RIGHT "\""),
        FIELDS("\"admin\"", R, N, "\"/wsman\"",
               "nc=1, cnonce=\"c0ffee\", qop=auth, response=\"" RIGHT "\""),
        FIELDS("\"admin\"", R, N, "\"/wsman\"", "nc=00000001, qop=auth, response=\"" RIGHT "\""),
        FIELDS("\"admin\"", R, N, "\"/wsman\"",
               "nc=00000001, cnonce=\"\", qop=auth, response=\"" RIGHT "\""),
        FIELDS("\"admin\"", R, N, "\"/wsman\"",
               "nc=00000001, cnonce=\"c0ffee\", response=\"" RIGHT "\""),
        FIELDS("\"admin\"", R, N, "\"/wsman\"",
               "nc=00000001, cnonce=\"c0ffee\", qop=auth-int, response=\"" RIGHT "\""),
    };
    struct digest d = offered();

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
        if (!is_refused(check_anew(&d, row[i])))
            fail_msg("taken: %s", row[i]);
    assert_int_equal(check_anew(&d, HEADER(RIGHT)), DIGEST_OK);
}

/* Another method, path or password makes the right answer a wrong one. */
static void it_is_of_one_request(void **state)
{
    struct digest d = offered();
    struct digest_expected e = expected;

    (void)state;
    e.method = "GET";
    assert_int_equal(digest_check(&d, &e, HEADER(RIGHT)), DIGEST_WRONG);
    e = expected;
    e.path = "/";
    assert_int_equal(digest_check(&d, &e, HEADER(RIGHT)), DIGEST_REFUSED);
    e = expected;
    e.account = &(struct digest_account){.user = "admin", .password = ""};
    assert_int_equal(digest_check(&d, &e, HEADER(RIGHT)), DIGEST_WRONG);
    assert_int_equal(digest_check(&d, &e, HEADER(EMPTY_PASSWORD)), DIGEST_OK);
}

/* Every header that is cut somewhere is refused. */
static void every_beginning_is_refused(void **state)
{
    struct digest d = offered();
    char header[] = HEADER(RIGHT);

    (void)state;
    for (size_t len = 0; len < sizeof(header) - 1; len++) {
        char *cut = malloc(len + 1); /* of that size: reading beyond it would be noticed */

        assert_non_null(cut);
        memcpy(cut, header, len);
        cut[len] = '\0';
        assert_int_equal(check(&d, cut), DIGEST_REFUSED);
        free(cut);
    }
}

/* The request's line may have had the absolute form, and the answer with it (RFC 9112 3.2.2). */
static void the_absolute_form(void **state)
{
    struct digest d = offered();
    char header[512];
    static const struct {
        const char *uri;
        enum digest_result result;
    } row[] = {
        {"http://me:16992/wsman2", DIGEST_REFUSED}, {"http://me:16992", DIGEST_REFUSED},
        {"ftp://me:16992/wsman", DIGEST_REFUSED},   {"http://wsman", DIGEST_REFUSED},
        {"https://me:16992/wsman", DIGEST_WRONG}, /* of another text */
        {"http://me:16992/wsman", DIGEST_OK},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        snprintf(header, sizeof(header),
                 "Digest username=\"admin\", realm=\"" REALM "\", nonce=\"" NONCE
                 "\", uri=\"%s\", " NC ", response=\"b546c62fb32d7c56db5874238c08cd86\"",
                 row[i].uri);
        assert_int_equal(check_anew(&d, header), row[i].result);
    }
}

/* Where repeating is allowed: the latest count alone, and as long as the nonce is good. */
static void a_count_that_is_repeated(void **state)
{
    static const char second[] =
        BEFORE ", nc=00000002, cnonce=\"c0ffee\", qop=auth, response=\"" RIGHT_2 "\"";
    struct digest d = offered();
    struct digest_used here = {0, 0}, there = {0, 0};
    struct digest_expected e = expected, other = expected;

    (void)state;
    e.repeats = &here;
    other.repeats = &there;
    assert_int_equal(digest_check(&d, &e, HEADER(RIGHT)), DIGEST_OK);
    assert_int_equal(digest_check(&d, &e, HEADER(RIGHT)), DIGEST_OK);
    assert_int_equal(digest_check(&d, &other, HEADER(RIGHT)), DIGEST_STALE);
    assert_int_equal(digest_check(&d, &expected, HEADER(RIGHT)), DIGEST_STALE);
    assert_int_equal(digest_check(&d, &e, second), DIGEST_OK);
    assert_int_equal(digest_check(&d, &e, second), DIGEST_OK);
    assert_int_equal(digest_check(&d, &e, HEADER(RIGHT)), DIGEST_STALE);
    e.now_ms = 600000;
    assert_int_equal(digest_check(&d, &e, second), DIGEST_STALE);
}

static void a_count_is_used_once(void **state)
{
    static const char second[] =
        BEFORE ", nc=00000002, cnonce=\"c0ffee\", qop=auth, response=\"" RIGHT_2 "\"";
    struct digest d = offered();

    (void)state;
    assert_int_equal(check(&d, second), DIGEST_OK);
    assert_int_equal(check(&d, second), DIGEST_STALE);
    assert_int_equal(check(&d, HEADER(RIGHT)), DIGEST_STALE); /* a lower one neither */
}

/* MeshCentral counts 1 to 9, then 10 (MC): the count grows, also when it is read as hexadecimal. */
static void a_count_may_be_short(void **state)
{
    static const char nine[] = BEFORE ", nc=\"9\", cnonce=\"c0ffee\", qop=auth, "
                                      "response=\"79af4d75a69d1f6979732628a7e7a257\"";
    static const char ten[] = BEFORE ", nc=\"10\", cnonce=\"c0ffee\", qop=auth, "
                                     "response=\"a4308a5e7406ed99b89b8113367fd1eb\"";
    static const char nine_digits[] = BEFORE ", nc=000000001, cnonce=\"c0ffee\", qop=auth, "
                                             "response=\"427902216172e71284ceeeb4eb4d754d\"";
    struct digest d = offered();

    (void)state;
    assert_int_equal(check(&d, nine_digits), DIGEST_REFUSED);
    assert_int_equal(check(&d, nine), DIGEST_OK);
    assert_int_equal(check(&d, ten), DIGEST_OK);
    assert_int_equal(check(&d, nine), DIGEST_STALE);
}

static void a_nonce_has_its_time(void **state)
{
    struct digest d = offered();
    struct digest_expected e = expected;

    (void)state;
    e.now_ms = 600000; /* ten minutes */
    assert_int_equal(digest_check(&d, &e, HEADER(RIGHT)), DIGEST_STALE);
    e.now_ms = 599999;
    assert_int_equal(digest_check(&d, &e, HEADER(RIGHT)), DIGEST_OK);
    memset(&d, 0, sizeof(d));
    e.now_ms = 0;
    assert_int_equal(digest_check(&d, &e, HEADER(RIGHT)), DIGEST_STALE); /* not from here */
}

/* Strangers who ask for nonces take nobody's away: not the one that is in use, and not one that was
 * given out a moment ago. */
static void strangers_take_no_nonce_away(void **state)
{
    static const char second[] =
        BEFORE ", nc=00000002, cnonce=\"c0ffee\", qop=auth, response=\"" RIGHT_2 "\"";
    struct digest d = offered();
    uint8_t next = 16;
    char nonce[DIGEST_HEX + 1], before[DIGEST_HEX + 1] = NONCE;

    (void)state;
    for (int i = 0; i < 10000; i++) {
        assert_true(
            digest_offer(&d, &(struct hal_entropy){.ctx = &next, .fill = count_up}, 100, nonce));
        assert_string_not_equal(nonce, before);
        strcpy(before, nonce);
    }
    assert_int_equal(check(&d, HEADER(RIGHT)), DIGEST_OK);
    for (int i = 0; i < 10000; i++)
        assert_true(
            digest_offer(&d, &(struct hal_entropy){.ctx = &next, .fill = count_up}, 100, nonce));
    assert_int_equal(check(&d, second), DIGEST_OK);
    assert_int_equal(check(&d, second), DIGEST_STALE);
}

/* An answer to that nonce, with that count; wrong: one digit is another. */
static enum digest_result answer(struct digest *d, const char *nonce, const char *count, bool wrong,
                                 uint64_t now_ms)
{
    struct digest_expected e = expected;
    char header[512], response[DIGEST_HEX + 1];
    uint8_t hash[MD5_BYTES];

    digest_response(&(struct digest_input){.user = "admin",
                                           .realm = REALM,
                                           .password = PASSWORD,
                                           .method = "POST",
                                           .uri = "/wsman",
                                           .nonce = nonce,
                                           .nonce_len = DIGEST_HEX,
                                           .count = count,
                                           .count_len = strlen(count),
                                           .cnonce = "c0ffee",
                                           .cnonce_len = 6},
                    hash);
    for (int i = 0; i < MD5_BYTES; i++)
        snprintf(response + 2 * i, 3, "%02x", hash[i]);
    if (wrong)
        response[7] = response[7] == '0' ? '1' : '0';
    snprintf(
        header, sizeof(header),
        "Digest username=\"admin\", realm=\"" REALM
        "\", nonce=\"%s\", uri=\"/wsman\", nc=%s, cnonce=\"c0ffee\", qop=auth, response=\"%s\"",
        nonce, count, response);
    e.now_ms = now_ms;
    return digest_check(d, &e, header);
}

/* However many nonces are in use, none is ever good for the same count again. */
static void no_request_is_good_twice(void **state)
{
    enum { MANY = 40 };
    char nonce[MANY][DIGEST_HEX + 1];
    struct digest d;
    uint8_t next = 0;
    uint32_t good = 0;

    (void)state;
    memset(&d, 0, sizeof(d));
    for (int i = 0; i < MANY; i++)
        assert_true(
            digest_offer(&d, &(struct hal_entropy){.ctx = &next, .fill = count_up}, 0, nonce[i]));
    for (int i = 0; i < MANY; i++)
        good += answer(&d, nonce[(i * 7) % MANY], "1", false, 10) == DIGEST_OK;
    assert_true(good >= LIMIT_NONCES);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(answer(&d, nonce[i], "1", false, 20), DIGEST_STALE);
    /* A new one is good at once. */
    assert_true(
        digest_offer(&d, &(struct hal_entropy){.ctx = &next, .fill = count_up}, 0, nonce[0]));
    assert_int_equal(answer(&d, nonce[0], "1", false, 30), DIGEST_OK);
}

static void nobody_makes_a_nonce(void **state)
{
    struct digest d = offered();

    (void)state;
    for (int digit = 0; digit < DIGEST_HEX; digit++) {
        char nonce[] = NONCE;

        nonce[digit] = nonce[digit] == '0' ? '1' : '0';
        assert_int_equal(answer(&d, nonce, "1", false, 5000), DIGEST_STALE);
    }
    assert_int_equal(answer(&d, NONCE, "1", false, 5000), DIGEST_OK);
}

/* Three wrong answers cost nothing, then each makes the next check wait twice as long, up to two
 * seconds; what is not looked at is not charged. */
static void guesses(uint64_t until_ms, uint32_t least, uint32_t most)
{
    struct digest d = offered();
    uint32_t looked_at = 0;

    for (uint64_t now = 0; now < until_ms; now++) {
        enum digest_result result = answer(&d, NONCE, "1", true, now);

        assert_true(result == DIGEST_WRONG || result == DIGEST_WAIT);
        assert_int_equal(result == DIGEST_WAIT,
                         now < digest_check_from_ms(&d) && result != DIGEST_WRONG);
        looked_at += result == DIGEST_WRONG;
    }
    assert_in_range(looked_at, least, most);
    /* The right one waits no longer than that, and is never charged. */
    for (uint64_t now = until_ms; now < until_ms + 2000; now++) {
        if (answer(&d, NONCE, "1", false, now) == DIGEST_OK) {
            assert_int_equal(answer(&d, NONCE, "2", false, now), DIGEST_OK);
            assert_int_equal(answer(&d, NONCE, "3", false, now), DIGEST_OK);
            return;
        }
    }
    fail();
}

static void a_guesser_is_slow(void **state)
{
    (void)state;
    guesses(1, 1, 1);
    guesses(3000, 4, 9);
    guesses(60000, 20, 36);
}

/* After half a minute without a wrong one three are free again; a right one in between changes
 * nothing. */
static void guesses_are_forgotten(void **state)
{
    struct digest d = offered();
    uint64_t now = 0;

    (void)state;
    for (int i = 0; i < 6; i++, now += 2000)
        assert_int_equal(answer(&d, NONCE, "1", true, now), DIGEST_WRONG);
    assert_int_equal(answer(&d, NONCE, "1", false, now), DIGEST_OK);
    assert_int_equal(answer(&d, NONCE, "1", true, now), DIGEST_WRONG);
    assert_int_equal(answer(&d, NONCE, "2", false, now + 1999), DIGEST_WAIT);
    assert_int_equal(answer(&d, NONCE, "2", false, now + 2000), DIGEST_OK);
    now += 30000;
    for (int i = 0; i < 3; i++)
        assert_int_equal(answer(&d, NONCE, "1", true, now), DIGEST_WRONG);
    assert_int_equal(answer(&d, NONCE, "1", true, now + 249), DIGEST_WAIT);
    assert_int_equal(answer(&d, NONCE, "1", true, now + 250), DIGEST_WRONG);
}

/* What is no answer says nothing of a password: it costs nothing. */
static void what_is_no_answer_is_not_charged(void **state)
{
    struct digest d = offered();

    (void)state;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(check(&d, "Digest username=\"admin\""), DIGEST_REFUSED);
        assert_int_equal(check(&d, "Basic YWRtaW46"), DIGEST_REFUSED);
    }
    assert_int_equal(digest_check_from_ms(&d), 0);
    assert_int_equal(check(&d, HEADER(RIGHT)), DIGEST_OK);
}

static void no_randomness_no_nonce(void **state)
{
    struct digest d;
    char nonce[DIGEST_HEX + 1];

    (void)state;
    memset(&d, 0, sizeof(d));
    assert_false(digest_offer(&d, &(struct hal_entropy){.fill = none}, 0, nonce));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_rfc),
        cmocka_unit_test(the_older_answer),
        cmocka_unit_test(a_device_has_one_realm),
        cmocka_unit_test(right_answers),
        cmocka_unit_test(an_answer_counts_whole),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(it_is_of_one_request),
        cmocka_unit_test(every_beginning_is_refused),
        cmocka_unit_test(the_absolute_form),
        cmocka_unit_test(a_count_that_is_repeated),
        cmocka_unit_test(a_count_is_used_once),
        cmocka_unit_test(a_count_may_be_short),
        cmocka_unit_test(a_nonce_has_its_time),
        cmocka_unit_test(strangers_take_no_nonce_away),
        cmocka_unit_test(no_request_is_good_twice),
        cmocka_unit_test(nobody_makes_a_nonce),
        cmocka_unit_test(a_guesser_is_slow),
        cmocka_unit_test(guesses_are_forgotten),
        cmocka_unit_test(what_is_no_answer_is_not_charged),
        cmocka_unit_test(no_randomness_no_nonce),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
