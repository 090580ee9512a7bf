// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/hello.h"
#include "fw/core/settings.h"

static const struct release *r502, *r503;
static const struct oem_profile *intel, *bmp_off, *localized, *own_hashes;

static const uint8_t uuid[LIMIT_UUID_BYTES] = {0x44, 0x33, 0x22, 0x11, 0x66, 0x55, 0x88, 0x77,
                                               0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x00};

static int find_rows(void **state)
{
    (void)state;
    r502 = release_find("5.0.2");
    r503 = release_find("5.0.3");
    intel = oem_find("intel");
    bmp_off = oem_find("bmp-off");
    localized = oem_find("localized");
    own_hashes = oem_find("own-hashes");
    return r502 && r503 && intel && bmp_off && localized && own_hashes ? 0 : -1;
}

/* VeriSign Class 3 - G5 (G2LIST). */
static const uint8_t g5[20] = {0x4e, 0xb6, 0xd5, 0x78, 0x49, 0x9b, 0x1c, 0xcf, 0x5f, 0x58,
                               0x1e, 0xad, 0x56, 0xbe, 0x3d, 0x9b, 0x67, 0x44, 0xa5, 0xe5};

static void put_text(char *field, const char *text)
{
    memcpy(field, text, strlen(text) + 1);
}

static void put_user_hash(struct settings *s, int slot, uint8_t algorithm, uint8_t fill,
                          const char *name)
{
    s->config.user_hash[slot].algorithm = algorithm;
    memset(s->config.user_hash[slot].bytes, fill, cert_hash_bytes(algorithm));
    put_text(s->config.user_hash[slot].name, name);
}

/* The release's five, then the OEM's one, then the user's. */
static void handles_with_the_oems_hashes(void **state)
{
    struct hash_view view;
    struct settings s;

    (void)state;
    settings_factory(&s, r502, own_hashes);
    assert_int_equal(s.config.hash_active & 0x3F, 0x3F);
    put_user_hash(&s, 1, CERT_HASH_SHA1, 0x77, "mine");
    assert_int_equal(settings_hash_count(&s, r502), 7);
    assert_true(settings_find_hash(&s, r502, 4, &view));
    assert_string_equal(view.name, "Starfield Class 2 CA");
    assert_true(settings_find_hash(&s, r502, 5, &view));
    assert_string_equal(view.name, "VeriSign Class 3 Primary CA-G5");
    assert_int_equal(view.algorithm, CERT_HASH_SHA1);
    assert_memory_equal(view.bytes, g5, sizeof(g5));
    assert_true(view.is_default);
    assert_true(view.active);
    assert_true(settings_find_hash(&s, r502, 6, &view));
    assert_string_equal(view.name, "mine");
    assert_false(view.is_default);
    assert_false(settings_find_hash(&s, r502, 7, &view));
    s.config.hash_active = 0x1F;
    assert_true(settings_find_hash(&s, r502, 5, &view));
    assert_false(view.active);
}

/* COMM1395: what the OEM added survives every reset; whatever default that one returns to. */
static void the_oems_hashes_survive(void **state)
{
    struct hash_view view;
    struct settings s;

    (void)state;
    settings_factory(&s, r502, own_hashes);
    s.config.hash_active = 0;
    put_user_hash(&s, 2, CERT_HASH_SHA256, 0x22, "mine");
    settings_full_unprovision(&s, r502, own_hashes, true);
    assert_int_equal(s.config.hash_active & 0x3F, 0x3F);
    assert_int_equal(settings_hash_count(&s, r502), 6);
    settings_cmos_lost(&s, r503, own_hashes, false);
    assert_int_equal(s.config.hash_active & 0x3F, 0x3F);
    assert_int_equal(settings_hash_count(&s, r503), 6);
    put_user_hash(&s, 0, CERT_HASH_SHA1, 0x11, "mine");
    settings_partial_unprovision(&s);
    assert_int_equal(settings_hash_count(&s, r503), 6);
    assert_true(settings_find_hash(&s, r503, 5, &view));
    assert_true(view.active);
}

/* An OEM's hash alone is enough, and bits of hashes that do not exist are not. */
static void only_the_bits_of_known_hashes_count(void **state)
{
    struct settings s;

    (void)state;
    settings_factory(&s, r502, own_hashes);
    s.config.hash_active = 0x20;
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_PKI);
    assert_int_equal(settings_credentials_kept(&s, r502), CREDENTIALS_PKI);
    s.config.hash_active = 0xFFFFFFC0;
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_NONE);
    settings_factory(&s, r502, intel);
    s.config.hash_active = 0x20;
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_NONE);
}

/* G-roots: 20 built in. */
static void built_in_hashes_end_at_twenty(void **state)
{
    static const uint8_t last[20];
    static const struct cert_hash hash[30] = {[14] = {.bytes = last}};
    struct oem_profile oem = *intel;
    struct hash_view view;
    struct settings s;

    (void)state;
    oem.hash = hash;
    oem.hash_count = 15;
    settings_factory(&s, r502, &oem);
    assert_int_equal(s.config.hash_active & 0xFFFFF, 0xFFFFF);
    assert_int_equal(settings_hash_count(&s, r502), 20);
    oem.hash_count = 30;
    settings_factory(&s, r502, &oem);
    assert_int_equal(s.config.hash_active & 0xFFFFF, 0xFFFFF);
    assert_int_equal(settings_hash_count(&s, r502), 20);
    assert_true(settings_find_hash(&s, r502, 19, &view));
    assert_ptr_equal(view.bytes, last);
    assert_false(settings_find_hash(&s, r502, 20, &view));
}

static void psk_wins_over_pki(void **state)
{
    struct settings s;

    (void)state;
    settings_factory(&s, r502, bmp_off);
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_PKI);
    put_text(s.secret.pid, "0000037M");
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_PSK);
    s.config.rcfg_enabled = false;
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_PSK);
}

static void pki_wants_rcfg_and_an_active_hash(void **state)
{
    struct settings s;

    (void)state;
    settings_factory(&s, r502, bmp_off);
    s.config.rcfg_enabled = false;
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_NONE);
    s.config.rcfg_enabled = true;
    s.config.hash_active = 0;
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_NONE);
    s.config.user_hash_active = 0x7; /* no slot is in use */
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_NONE);
    put_user_hash(&s, 2, CERT_HASH_SHA1, 1, "mine");
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_PKI);
    s.config.user_hash_active = 0x3; /* in use, but deactivated */
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_NONE);
    for (int bit = 0; bit < 5; bit++) {
        s.config.hash_active = 1u << bit;
        assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_PKI);
    }
}

static void pki_is_the_releases_to_offer(void **state)
{
    struct release r = *r502;
    struct settings s;

    (void)state;
    settings_factory(&s, &r, bmp_off);
    r.pki_bare_metal.value = 0;
    assert_int_equal(settings_credentials(&s, &r), CREDENTIALS_PKI);
    r.pki_by_agent.value = 0;
    assert_int_equal(settings_credentials(&s, &r), CREDENTIALS_NONE);
    r.pki_bare_metal.value = 1;
    assert_int_equal(settings_credentials(&s, &r), CREDENTIALS_PKI);
}

static void handles_count_built_in_then_user(void **state)
{
    struct hash_view view;
    struct settings s;

    (void)state;
    settings_factory(&s, r502, bmp_off);
    s.config.hash_active = 0x15; /* 0, 2, 4 */
    put_user_hash(&s, 0, CERT_HASH_SHA256, 0xA0, "slot zero");
    put_user_hash(&s, 2, CERT_HASH_SHA1, 0xA2, "slot two"); /* slot 1 is a gap */
    s.config.user_hash_active = 0x4;
    assert_int_equal(settings_hash_count(&s, r502), 7);
    for (uint32_t i = 0; i < 5; i++) {
        assert_true(settings_find_hash(&s, r502, i, &view));
        assert_ptr_equal(view.name, r502->roots.hash[i].name);
        assert_ptr_equal(view.bytes, r502->roots.hash[i].bytes);
        assert_int_equal(view.algorithm, CERT_HASH_SHA1);
        assert_true(view.is_default);
        assert_int_equal(view.active, i % 2 == 0);
    }
    assert_true(settings_find_hash(&s, r502, 5, &view));
    assert_string_equal(view.name, "slot zero");
    assert_int_equal(view.algorithm, CERT_HASH_SHA256);
    assert_int_equal(view.bytes[31], 0xA0);
    assert_false(view.is_default);
    assert_false(view.active);
    assert_true(settings_find_hash(&s, r502, 6, &view));
    assert_string_equal(view.name, "slot two");
    assert_int_equal(view.algorithm, CERT_HASH_SHA1);
    assert_int_equal(view.bytes[0], 0xA2);
    assert_true(view.active);
    assert_false(settings_find_hash(&s, r502, 7, &view));
    assert_false(settings_find_hash(&s, r502, 8, &view));
    assert_false(settings_find_hash(&s, r502, UINT32_MAX, &view));
}

static void handles_without_user_hashes(void **state)
{
    struct hash_view view;
    struct settings s;

    (void)state;
    settings_factory(&s, r503, intel);
    assert_int_equal(settings_hash_count(&s, r503), 5);
    assert_true(settings_find_hash(&s, r503, 4, &view));
    assert_string_equal(view.name, "Starfield Class 2 CA");
    assert_true(view.active);
    assert_false(settings_find_hash(&s, r503, 5, &view));
}

/* What the settings say, encoded, is exactly these bytes. */
static void expect_hello(const struct settings *s, const struct oem_profile *oem, uint32_t retry,
                         const char *hex)
{
    uint8_t bytes[LIMIT_HELLO_BYTES], want[LIMIT_HELLO_BYTES];
    size_t n = strlen(hex) / 2;
    struct hello hello;

    for (size_t i = 0; i < n; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], 0};

        want[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    memset(&hello, 0xEE, sizeof(hello));
    assert_true(settings_make_hello(s, r502, oem, uuid, retry, &hello));
    assert_int_equal(hello_encode(&hello, bytes, sizeof(bytes)), n);
    assert_memory_equal(bytes, want, n);
}

#define ID "443322116655887799aabbccddeeff00"
#define G1 "0114742c3192e607e424eb4549542be1bbc53e6174e2"
#define G3 "0114132d0d45534b6997cdb2d5c339e25576609b5cc6"
#define GO_DADDY "01142796bae63f1801e277261ba0d77770028f20eee4"
#define COMODO "0114d1eb23a46d17d68fd92564c2f1f1601764d8e349"
#define STARFIELD "0114ad7e1c28b064ef8f6003402014c3d0e3370eb58a"

static void psk_hello(void **state)
{
    struct settings s;

    (void)state;
    settings_factory(&s, r502, bmp_off);
    put_text(s.secret.pid, "0000037M");
    expect_hello(&s, bmp_off, 0, "0100020000000000" ID "303030303033374d");
    expect_hello(&s, bmp_off, 14, "010002000e000000" ID "303030303033374d");
    expect_hello(&s, localized, 1, "0000020001000000" ID "303030303033374d");
}

static void pki_hello(void **state)
{
    struct settings s;

    (void)state;
    settings_factory(&s, r502, bmp_off);
    expect_hello(&s, bmp_off, 0, "0100030000000000" ID "05" G1 G3 GO_DADDY COMODO STARFIELD);
    expect_hello(&s, localized, 0x01020304,
                 "0000030004030201" ID "05" G1 G3 GO_DADDY COMODO STARFIELD);
    settings_factory(&s, r502, own_hashes);
    expect_hello(&s, own_hashes, 0,
                 "0100030000000000" ID "06" G1 G3 GO_DADDY COMODO STARFIELD
                 "01144eb6d578499b1ccf5f581ead56be3d9b6744a5e5");
}

static void only_active_hashes_are_offered(void **state)
{
    struct settings s;

    (void)state;
    settings_factory(&s, r502, bmp_off);
    s.config.hash_active = 0x11;
    put_user_hash(&s, 1, CERT_HASH_SHA1, 0x5A, "mine");
    expect_hello(&s, bmp_off, 2, "0100030002000000" ID "02" G1 STARFIELD);
    s.config.user_hash_active = 0x2;
    expect_hello(&s, bmp_off, 2,
                 "0100030002000000" ID "03" G1 STARFIELD
                 "01145a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a");
}

static void no_credentials_no_hello(void **state)
{
    struct settings s;
    struct hello hello;

    (void)state;
    settings_factory(&s, r502, bmp_off);
    s.config.rcfg_enabled = false;
    assert_false(settings_make_hello(&s, r502, bmp_off, uuid, 0, &hello));
    s.config.rcfg_enabled = true;
    s.config.hash_active = 0;
    assert_false(settings_make_hello(&s, r502, bmp_off, uuid, 0, &hello));
}

static uint32_t count_of(const struct settings *s, const struct release *r, bool active)
{
    struct hash_view view;
    uint32_t count = 0;

    for (uint32_t i = 0; settings_find_hash(s, r, i, &view); i++)
        count += !active || view.active;
    return count;
}

/* G-restore: in 6.x a full unprovision erases the built-in hashes that were switched off; before,
 * all of them are active again. */
static void hashes_that_were_off(void **state)
{
    const struct release *r52 = release_find("5.2"), *r60 = release_find("6.0");
    const struct oem_profile *oem = oem_find("own-hashes");
    struct settings s;
    struct hash_view view;

    (void)state;
    settings_factory(&s, r52, oem);
    assert_int_equal(count_of(&s, r52, true), 7);
    s.config.hash_active &= ~0x42u;
    settings_full_unprovision(&s, r52, oem, false);
    assert_int_equal(count_of(&s, r52, true), 7);

    settings_factory(&s, r60, oem);
    s.config.hash_active &= ~0x42u; /* the second of the release's six, and the OEM's */
    assert_int_equal(count_of(&s, r60, false), 7);
    settings_full_unprovision(&s, r60, oem, false);
    assert_int_equal(count_of(&s, r60, false), 5);
    assert_int_equal(count_of(&s, r60, true), 5);
    /* Handles stay without gaps; a hash keeps its own bit. */
    assert_true(settings_find_hash(&s, r60, 1, &view));
    assert_string_equal(view.name, r60->roots.hash[2].name);
    assert_int_equal(view.bit, 2);
    /* They do not come back, by a partial unprovision, another full one, or a lost battery. */
    s.config.hash_active |= 0x42u;
    settings_partial_unprovision(&s);
    assert_int_equal(count_of(&s, r60, false), 5);
    settings_full_unprovision(&s, r60, oem, true);
    assert_int_equal(count_of(&s, r60, true), 5);
    s.config.hash_active &= ~0x4u;
    settings_cmos_lost(&s, r60, oem, false);
    assert_int_equal(count_of(&s, r60, true), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handles_with_the_oems_hashes),
        cmocka_unit_test(the_oems_hashes_survive),
        cmocka_unit_test(only_the_bits_of_known_hashes_count),
        cmocka_unit_test(built_in_hashes_end_at_twenty),
        cmocka_unit_test(psk_wins_over_pki),
        cmocka_unit_test(pki_wants_rcfg_and_an_active_hash),
        cmocka_unit_test(pki_is_the_releases_to_offer),
        cmocka_unit_test(handles_count_built_in_then_user),
        cmocka_unit_test(hashes_that_were_off),
        cmocka_unit_test(handles_without_user_hashes),
        cmocka_unit_test(psk_hello),
        cmocka_unit_test(pki_hello),
        cmocka_unit_test(only_active_hashes_are_offered),
        cmocka_unit_test(no_credentials_no_hello),
    };

    return cmocka_run_group_tests_name("settings_hash", tests, find_rows, NULL);
}
