// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/hello.h"
#include "fw/core/release.h"

#define PSK_BYTES 32
#define PKI_BYTES 135
#define PKI_ROOTS 5
#define SHA1_ENTRY 22 /* algorithm, length, 20 bytes */

/* The specification's vectors, UUID 11223344-5566-7788-99aa-bbccddeeff00, PID 0000-037M. */
static const char psk_hex[] = "0100020000000000443322116655887799aabbccddeeff00"
                              "303030303033374d";

static const char pki_hex[] = "0100030000000000443322116655887799aabbccddeeff0005"
                              "0114742c3192e607e424eb4549542be1bbc53e6174e2"  /* VeriSign G1 */
                              "0114132d0d45534b6997cdb2d5c339e25576609b5cc6"  /* VeriSign G3 */
                              "01142796bae63f1801e277261ba0d77770028f20eee4"  /* Go Daddy */
                              "0114d1eb23a46d17d68fd92564c2f1f1601764d8e349"  /* Comodo AAA */
                              "0114ad7e1c28b064ef8f6003402014c3d0e3370eb58a"; /* Starfield */

static uint8_t psk[PSK_BYTES];
static uint8_t pki[PKI_BYTES];

static const uint8_t uuid[LIMIT_UUID_BYTES] = {0x44, 0x33, 0x22, 0x11, 0x66, 0x55, 0x88, 0x77,
                                               0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x00};

static size_t unhex(const char *hex, uint8_t *out)
{
    size_t n = strlen(hex) / 2;

    for (size_t i = 0; i < n; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};

        out[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return n;
}

static int make_vectors(void **state)
{
    (void)state;
    return unhex(psk_hex, psk) == PSK_BYTES && unhex(pki_hex, pki) == PKI_BYTES ? 0 : -1;
}

static struct hello head_of(uint16_t version)
{
    struct hello hello;

    memset(&hello, 0, sizeof hello);
    hello.credentials_set = 1;
    hello.version = version;
    memcpy(hello.uuid, uuid, sizeof uuid);
    return hello;
}

/* Decodes a copy that is exactly len bytes long, so that a sanitizer sees every byte read too far;
 * checks that a failing decode leaves the output alone. Hashes are not to be looked at. */
static int decode_exact(const uint8_t *data, size_t len, struct hello *out, size_t *offset)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    struct hello before;

    assert_non_null(copy);
    memcpy(copy, data, len);
    memset(out, 0xa5, sizeof *out);
    memcpy(&before, out, sizeof before);
    *offset = SIZE_MAX;
    int error = hello_decode(copy, len, out, offset);
    free(copy);
    if (error != HELLO_OK)
        assert_memory_equal(out, &before, sizeof before);
    return error;
}

static void assert_fault(const uint8_t *data, size_t len, int error, size_t at)
{
    struct hello hello;
    size_t offset;

    assert_int_equal(decode_exact(data, len, &hello, &offset), error);
    assert_int_equal(offset, at);
}

static void assert_same_again(const uint8_t *data, size_t len)
{
    uint8_t again[LIMIT_HELLO_BYTES];
    struct hello hello;
    size_t offset;

    assert_int_equal(hello_decode(data, len, &hello, &offset), HELLO_OK);
    assert_int_equal(hello_encode(&hello, again, sizeof again), len);
    assert_memory_equal(again, data, len);
}

static void psk_vector(void **state)
{
    (void)state;
    uint8_t out[LIMIT_HELLO_BYTES];
    struct hello hello = head_of(HELLO_V2_PSK);
    size_t offset;

    memcpy(hello.pid, "0000037M", LIMIT_PID);
    assert_int_equal(hello_encode(&hello, out, sizeof out), PSK_BYTES);
    assert_memory_equal(out, psk, PSK_BYTES);

    memset(&hello, 0, sizeof hello);
    assert_int_equal(hello_decode(psk, sizeof psk, &hello, &offset), HELLO_OK);
    assert_int_equal(hello.credentials_set, 1);
    assert_int_equal(hello.version, 2);
    assert_int_equal(hello.retry, 0);
    assert_memory_equal(hello.uuid, uuid, sizeof uuid);
    assert_memory_equal(hello.pid, "0000037M", LIMIT_PID);
    assert_int_equal(hello.hash_count, 0);
}

static void pki_vector(void **state)
{
    (void)state;
    uint8_t out[LIMIT_HELLO_BYTES];
    struct hello hello = head_of(HELLO_V3_PKI);
    size_t offset;

    hello.hash_count = PKI_ROOTS;
    for (size_t i = 0; i < PKI_ROOTS; i++) {
        hello.hash[i].algorithm = 1;
        hello.hash[i].bytes = &pki[25 + i * SHA1_ENTRY + 2];
    }
    assert_int_equal(hello_encode(&hello, out, sizeof out), PKI_BYTES);
    assert_memory_equal(out, pki, PKI_BYTES);

    memset(&hello, 0, sizeof hello);
    assert_int_equal(hello_decode(pki, sizeof pki, &hello, &offset), HELLO_OK);
    assert_int_equal(hello.version, 3);
    assert_memory_equal(hello.uuid, uuid, sizeof uuid);
    assert_int_equal(hello.hash_count, PKI_ROOTS);
    for (size_t i = 0; i < PKI_ROOTS; i++) {
        assert_int_equal(hello.hash[i].algorithm, 1);
        assert_ptr_equal(hello.hash[i].bytes, &pki[25 + i * SHA1_ENTRY + 2]);
    }
}

/* The five roots of 5.0.2 and 5.0.3, in this order, make the vector. */
static void release_roots_make_the_pki_vector(void **state)
{
    (void)state;
    static const char *const names[] = {"5.0.2", "5.0.3"};

    for (size_t n = 0; n < 2; n++) {
        const struct release *release = release_find(names[n]);
        struct hello hello = head_of(HELLO_V3_PKI);
        uint8_t out[LIMIT_HELLO_BYTES];

        assert_non_null(release);
        hello.hash_count = release->roots.count;
        for (size_t i = 0; i < hello.hash_count; i++) {
            hello.hash[i].algorithm = release->roots.hash[i].algorithm;
            hello.hash[i].bytes = release->roots.hash[i].bytes;
        }
        assert_int_equal(hello_encode(&hello, out, sizeof out), PKI_BYTES);
        assert_memory_equal(out, pki, PKI_BYTES);
    }
}

static void version_1_is_the_head_alone(void **state)
{
    (void)state;
    uint8_t expected[HELLO_HEAD_BYTES];
    uint8_t out[LIMIT_HELLO_BYTES];
    struct hello hello = head_of(HELLO_V1);

    assert_int_equal(unhex("0100010000000000443322116655887799aabbccddeeff00", expected), 24);
    assert_int_equal(hello_encode(&hello, out, sizeof out), 24);
    assert_memory_equal(out, expected, sizeof expected);
    assert_same_again(expected, sizeof expected);
}

static void integers_are_little_endian(void **state)
{
    (void)state;
    static const uint8_t expected[8] = {0x00, 0x00, 0x01, 0x00, 0x78, 0x56, 0x34, 0x12};
    uint8_t out[LIMIT_HELLO_BYTES];
    struct hello hello = head_of(HELLO_V1);
    struct hello back;
    size_t offset;

    hello.credentials_set = 0;
    hello.retry = 0x12345678;
    assert_int_equal(hello_encode(&hello, out, sizeof out), 24);
    assert_memory_equal(out, expected, sizeof expected);
    assert_int_equal(hello_decode(out, 24, &back, &offset), HELLO_OK);
    assert_int_equal(back.credentials_set, 0);
    assert_int_equal(back.retry, 0x12345678);

    hello.retry = UINT32_MAX;
    assert_int_equal(hello_encode(&hello, out, sizeof out), 24);
    assert_int_equal(hello_decode(out, 24, &back, &offset), HELLO_OK);
    assert_int_equal(back.retry, UINT32_MAX);
}

static void every_truncation_is_found_at_its_end(void **state)
{
    (void)state;
    for (size_t len = 0; len < PSK_BYTES; len++)
        assert_fault(psk, len, HELLO_TRUNCATED, len);
    for (size_t len = 0; len < PKI_BYTES; len++)
        assert_fault(pki, len, HELLO_TRUNCATED, len);
}

static void trailing_bytes_are_found_where_they_begin(void **state)
{
    (void)state;
    uint8_t longer[PKI_BYTES + 1] = {0};
    uint8_t v1[HELLO_HEAD_BYTES + 1] = {0};

    memcpy(longer, pki, PKI_BYTES);
    assert_fault(longer, PKI_BYTES + 1, HELLO_TOO_LONG, PKI_BYTES);
    memcpy(longer, psk, PSK_BYTES);
    assert_fault(longer, PSK_BYTES + 1, HELLO_TOO_LONG, PSK_BYTES);
    memcpy(v1, psk, HELLO_HEAD_BYTES);
    v1[2] = HELLO_V1;
    assert_fault(v1, sizeof v1, HELLO_TOO_LONG, HELLO_HEAD_BYTES);
}

struct outcome {
    int error;
    size_t at;
};

static const struct outcome fine = {HELLO_OK, 0};

static struct outcome head_outcome(size_t at, unsigned value)
{
    if (at == 0 || at == 1)
        return value <= (at == 0 ? 1u : 0u) ? fine : (struct outcome){HELLO_BAD_CREDENTIALS, 0};
    if (at == 2 && value == 1)
        return (struct outcome){HELLO_TOO_LONG, 24};
    if (at == 2 && value == 2)
        return (struct outcome){HELLO_TOO_LONG, 32};
    return value == (at == 2 ? 3u : 0u) ? fine : (struct outcome){HELLO_BAD_VERSION, 2};
}

static struct outcome count_outcome(unsigned value)
{
    if (value < PKI_ROOTS)
        return (struct outcome){HELLO_TOO_LONG, 25 + value * SHA1_ENTRY};
    if (value == PKI_ROOTS)
        return fine;
    if (value <= 33)
        return (struct outcome){HELLO_TRUNCATED, PKI_BYTES};
    return (struct outcome){HELLO_TOO_MANY_HASHES, 24};
}

/* What a PKI vector with `value` at the structural byte `at` has to be taken for. */
static struct outcome pki_outcome(size_t at, unsigned value)
{
    if (at < 4)
        return head_outcome(at, value);
    if (at == 24)
        return count_outcome(value);
    if ((at - 25) % SHA1_ENTRY == 1)
        return value == 20 ? fine : (struct outcome){HELLO_BAD_HASH, at};
    if (value == 2 || value == 3) /* known, but the length behind it is SHA-1's */
        return (struct outcome){HELLO_BAD_HASH, at + 1};
    return value == 1 ? fine : (struct outcome){HELLO_BAD_HASH, at};
}

static bool structural(size_t at)
{
    return at < 4 || at == 24 || (at >= 25 && (at - 25) % SHA1_ENTRY < 2);
}

static void every_value_of_every_structural_byte(void **state)
{
    (void)state;
    uint8_t bytes[PKI_BYTES];

    for (size_t at = 0; at < PKI_BYTES; at++) {
        for (unsigned value = 0; structural(at) && value <= 0xff; value++) {
            struct outcome expected = pki_outcome(at, value);

            memcpy(bytes, pki, PKI_BYTES);
            bytes[at] = (uint8_t)value;
            if (expected.error == HELLO_OK)
                assert_same_again(bytes, PKI_BYTES);
            else
                assert_fault(bytes, PKI_BYTES, expected.error, expected.at);
        }
    }
}

static void a_changed_value_byte_changes_only_the_value(void **state)
{
    (void)state;
    uint8_t bytes[PKI_BYTES];

    for (size_t at = 0; at < PKI_BYTES; at++) {
        memcpy(bytes, pki, PKI_BYTES);
        bytes[at] ^= 0xff;
        if (!structural(at))
            assert_same_again(bytes, PKI_BYTES);
    }
    for (size_t at = 4; at < PSK_BYTES; at++) {
        memcpy(bytes, psk, PSK_BYTES);
        bytes[at] ^= 0xff;
        assert_same_again(bytes, PSK_BYTES);
    }
}

static void psk_taken_for_another_version(void **state)
{
    (void)state;
    uint8_t bytes[PSK_BYTES];

    memcpy(bytes, psk, PSK_BYTES);
    bytes[2] = HELLO_V1;
    assert_fault(bytes, PSK_BYTES, HELLO_TOO_LONG, 24);
    bytes[2] = HELLO_V3_PKI; /* the PID's first character, 0x30, becomes the count */
    assert_fault(bytes, PSK_BYTES, HELLO_TOO_MANY_HASHES, 24);
}

/* Writes `count` entries with algorithms 1, 2, 3 in turn from `first`; returns the length. */
static size_t make_pki(uint8_t *out, unsigned count, unsigned first)
{
    static const uint8_t length[] = {20, 32, 48};
    size_t n = 25;

    memcpy(out, pki, 24);
    out[24] = (uint8_t)count;
    for (unsigned i = 0; i < count; i++) {
        unsigned kind = (first + i) % 3;

        out[n++] = (uint8_t)(kind + 1);
        out[n++] = length[kind];
        for (unsigned k = 0; k < length[kind]; k++)
            out[n++] = (uint8_t)(i * 50 + k);
    }
    return n;
}

static void counts_from_none_to_the_limit(void **state)
{
    (void)state;
    static const unsigned counts[] = {0, 1, 2, 3, 5, 23, 24, 32, 33};
    uint8_t bytes[25 + 33 * 50];

    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        for (unsigned first = 0; first < 3; first++) {
            size_t len = make_pki(bytes, counts[c], first);
            struct hello hello;
            size_t offset;

            assert_same_again(bytes, len);
            assert_int_equal(hello_decode(bytes, len, &hello, &offset), HELLO_OK);
            assert_int_equal(hello.hash_count, counts[c]);
            for (size_t cut = 25; cut < len; cut++)
                assert_fault(bytes, cut, HELLO_TRUNCATED, cut);
        }
    }
    assert_int_equal(make_pki(bytes, 0, 0), 25);
}

static void one_more_than_the_limit(void **state)
{
    (void)state;
    uint8_t bytes[25 + 34 * 50];
    uint8_t out[sizeof bytes];
    size_t len = make_pki(bytes, 34, 0);
    struct hello hello = head_of(HELLO_V3_PKI);

    assert_fault(bytes, len, HELLO_TOO_MANY_HASHES, 24);
    hello.hash_count = 34;
    assert_int_equal(hello_encode(&hello, out, sizeof out), HELLO_TOO_MANY_HASHES);
}

static void encode_needs_room_for_all_of_it(void **state)
{
    (void)state;
    uint8_t out[PKI_BYTES];
    uint8_t untouched[PKI_BYTES];
    struct hello hello;
    size_t offset;

    memset(untouched, 0x5a, sizeof untouched);
    assert_int_equal(hello_decode(pki, sizeof pki, &hello, &offset), HELLO_OK);
    for (size_t cap = 0; cap < PKI_BYTES; cap++) {
        memset(out, 0x5a, sizeof out);
        assert_int_equal(hello_encode(&hello, out, cap), HELLO_TOO_LONG);
        assert_memory_equal(out, untouched, sizeof out);
    }
    assert_int_equal(hello_encode(&hello, out, PKI_BYTES), PKI_BYTES);
}

static void encode_refuses_what_decode_refuses(void **state)
{
    (void)state;
    uint8_t out[LIMIT_HELLO_BYTES];
    static const uint8_t hash[LIMIT_HASH_BYTES] = {0};
    struct hello hello = head_of(HELLO_V3_PKI);

    hello.credentials_set = 2;
    assert_int_equal(hello_encode(&hello, out, sizeof out), HELLO_BAD_CREDENTIALS);
    hello = head_of(0);
    assert_int_equal(hello_encode(&hello, out, sizeof out), HELLO_BAD_VERSION);
    hello = head_of(4);
    assert_int_equal(hello_encode(&hello, out, sizeof out), HELLO_BAD_VERSION);
    hello = head_of(HELLO_V3_PKI);
    hello.hash_count = 1;
    hello.hash[0].bytes = hash;
    assert_int_equal(hello_encode(&hello, out, sizeof out), HELLO_BAD_HASH);
    hello.hash[0].algorithm = 4;
    assert_int_equal(hello_encode(&hello, out, sizeof out), HELLO_BAD_HASH);
}

struct capture {
    const char *prefix;
    uint8_t retry;
    uint8_t hashes;
    size_t len;
};

/* Heads of hellos recorded from newer firmware; the SHA-256 values behind them are made up. */
static const struct capture captures[] = {
    {"01000300000000004b529b93d413181de4871c697a6b7a2b170220", 0, 23, 807},
    {"01000300010000003ec2ffd2d19d2d41860a54b2039b72ff18", 1, 24, 841},
};

static void heads_of_real_captures(void **state)
{
    (void)state;
    uint8_t bytes[841];

    for (size_t c = 0; c < sizeof captures / sizeof captures[0]; c++) {
        const struct capture *capture = &captures[c];
        struct hello hello;
        size_t offset;
        size_t prefix = unhex(capture->prefix, bytes);

        assert_fault(bytes, prefix, HELLO_TRUNCATED, prefix);
        for (size_t i = 0; i < capture->hashes; i++) {
            uint8_t *entry = &bytes[25 + i * 34];

            entry[0] = 2;
            entry[1] = 32;
            memset(entry + 2, (int)i, 32);
        }
        assert_int_equal(hello_decode(bytes, capture->len, &hello, &offset), HELLO_OK);
        assert_int_equal(hello.credentials_set, 1);
        assert_int_equal(hello.version, 3);
        assert_int_equal(hello.retry, capture->retry);
        assert_memory_equal(hello.uuid, bytes + 8, LIMIT_UUID_BYTES);
        assert_int_equal(hello.hash_count, capture->hashes);
        assert_same_again(bytes, capture->len);
    }
}

static void every_error_has_its_own_text(void **state)
{
    (void)state;
    for (int a = HELLO_OK; a >= HELLO_TOO_MANY_HASHES; a--) {
        assert_true(strlen(hello_error_text(a)) > 0);
        for (int b = HELLO_OK; b > a; b--)
            assert_string_not_equal(hello_error_text(a), hello_error_text(b));
    }
    assert_non_null(hello_error_text(1));
    assert_non_null(hello_error_text(HELLO_TOO_MANY_HASHES - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(psk_vector),
        cmocka_unit_test(pki_vector),
        cmocka_unit_test(release_roots_make_the_pki_vector),
        cmocka_unit_test(version_1_is_the_head_alone),
        cmocka_unit_test(integers_are_little_endian),
        cmocka_unit_test(every_truncation_is_found_at_its_end),
        cmocka_unit_test(trailing_bytes_are_found_where_they_begin),
        cmocka_unit_test(every_value_of_every_structural_byte),
        cmocka_unit_test(a_changed_value_byte_changes_only_the_value),
        cmocka_unit_test(psk_taken_for_another_version),
        cmocka_unit_test(counts_from_none_to_the_limit),
        cmocka_unit_test(one_more_than_the_limit),
        cmocka_unit_test(encode_needs_room_for_all_of_it),
        cmocka_unit_test(encode_refuses_what_decode_refuses),
        cmocka_unit_test(heads_of_real_captures),
        cmocka_unit_test(every_error_has_its_own_text),
    };

    return cmocka_run_group_tests_name("hello", tests, make_vectors, NULL);
}
