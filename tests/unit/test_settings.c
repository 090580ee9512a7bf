// links: fw/core/settings.c fw/core/release.c fw/core/hello.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/hello.h"
#include "fw/core/settings.h"
#include "fw/core/setup.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define DAY_S 86400u
#define ALL_FIVE 0x1Fu

static const struct release *r502, *r503;
static const struct oem_profile *intel, *bmp_off, *localized;

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
    return r502 && r503 && intel && bmp_off && localized ? 0 : -1;
}

static void put_text(char *field, const char *text)
{
    memcpy(field, text, strlen(text) + 1);
}

static void put_user_hash(struct settings *s, int slot, uint8_t algorithm, uint8_t fill,
                          const char *name)
{
    s->user_hash[slot].algorithm = algorithm;
    memset(s->user_hash[slot].bytes, fill, cert_hash_bytes(algorithm));
    put_text(s->user_hash[slot].name, name);
}

/* Not one field as the factory leaves it. */
static struct settings used(void)
{
    struct settings s;

    memset(&s, 0, sizeof(s));
    s.setup_state = SETUP_PROVISIONED;
    s.window_kind = WINDOW_OPERATIONAL;
    s.window_left_s = 111;
    s.bmp_left_s = 222;
    s.mode = MODE_SMB;
    s.rcfg_enabled = false;
    s.password_default = false;
    put_text(s.password, "P@ssw0rd");
    put_text(s.pid, "0000037M");
    put_text(s.pps, "0123456789ABCDEFGHJKLMNPQRSTUVWX");
    put_text(s.otp, "one-time password");
    put_text(s.pki_suffix, "pki.example");
    put_text(s.domain, "mebx.example");
    put_text(s.server_fqdn, "scs.example");
    s.server_ip = 0x0A000005;
    s.server_port = 12345;
    s.hash_active = 0x0A;
    s.user_hash_active = 0x5;
    put_user_hash(&s, 0, CERT_HASH_SHA1, 0x11, "first");
    put_user_hash(&s, 2, CERT_HASH_SHA256, 0x22, "third");
    return s;
}

static bool all_zero(const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    while (len > 0)
        if (at[--len] != 0)
            return false;
    return true;
}

#define ERASED(field) assert_true(all_zero(&(field), sizeof(field)))
#define KEPT(now, before, field)                                                                   \
    assert_memory_equal(&(now).field, &(before).field, sizeof((now).field))

/* Credentials, names, addresses, user hashes and the one-time password are gone. */
static void expect_erased(const struct settings *s)
{
    ERASED(s->pid);
    ERASED(s->pps);
    ERASED(s->otp);
    ERASED(s->pki_suffix);
    ERASED(s->domain);
    ERASED(s->server_fqdn);
    ERASED(s->server_ip);
    ERASED(s->user_hash);
    ERASED(s->user_hash_active);
    assert_int_equal(s->server_port, 9971);
    assert_int_equal(s->mode, MODE_ENTERPRISE);
    assert_int_equal(s->hash_active, ALL_FIVE);
    assert_int_equal(s->setup_state, SETUP_FACTORY);
    assert_int_equal(s->window_kind, WINDOW_CLOSED);
    assert_int_equal(s->window_left_s, 0);
}

static void expect_admin(const struct settings *s)
{
    static const char admin[LIMIT_PASSWORD + 1] = "admin";

    assert_true(s->password_default);
    assert_memory_equal(s->password, admin, sizeof(admin));
}

static void factory_is_what_the_oem_ships(void **state)
{
    struct settings s;

    (void)state;
    memset(&s, 0xEE, sizeof(s));
    settings_factory(&s, r502, bmp_off);
    expect_erased(&s);
    expect_admin(&s);
    assert_int_equal(s.bmp_left_s, 0);
    assert_true(s.rcfg_enabled);

    settings_factory(&s, r503, intel);
    expect_erased(&s);
    expect_admin(&s);
    assert_int_equal(s.bmp_left_s, DAY_S);
}

static void factory_follows_the_oem(void **state)
{
    struct oem_profile oem = *bmp_off;
    struct settings s;

    (void)state;
    oem.rcfg_enabled.value = 0;
    oem.bmp_hours.value = 255;
    settings_factory(&s, r502, &oem);
    assert_false(s.rcfg_enabled);
    assert_int_equal(s.bmp_left_s, 255 * 3600);
    oem.bmp_hours.value = 1;
    settings_factory(&s, r503, &oem);
    assert_int_equal(s.bmp_left_s, 3600);
}

static void full_unprovision_to_intel(void **state)
{
    struct oem_profile oem = *bmp_off;
    struct settings s = used(), before = s;

    (void)state;
    oem.rcfg_enabled.value = 0; /* Intel's default does not care */
    settings_full_unprovision(&s, r502, &oem, true);
    expect_erased(&s);
    KEPT(s, before, password);
    assert_false(s.password_default);
    assert_int_equal(s.bmp_left_s, DAY_S);
    assert_true(s.rcfg_enabled);
}

static void full_unprovision_to_oem(void **state)
{
    struct oem_profile oem = *bmp_off;
    struct settings s = used(), before = s;

    (void)state;
    settings_full_unprovision(&s, r503, &oem, false);
    expect_erased(&s);
    KEPT(s, before, password);
    assert_false(s.password_default);
    assert_int_equal(s.bmp_left_s, 0);
    assert_true(s.rcfg_enabled);

    oem.rcfg_enabled.value = 0;
    oem.bmp_hours.value = 48;
    s = used();
    settings_full_unprovision(&s, r503, &oem, false);
    assert_false(s.rcfg_enabled);
    assert_int_equal(s.bmp_left_s, 48 * 3600);
}

static void full_unprovision_keeps_a_default_password_default(void **state)
{
    struct settings s;

    (void)state;
    settings_factory(&s, r502, bmp_off);
    settings_full_unprovision(&s, r502, bmp_off, true);
    expect_admin(&s);
}

static void partial_unprovision_keeps_what_the_table_says(void **state)
{
    struct settings s = used(), before = s;

    (void)state;
    settings_partial_unprovision(&s);
    KEPT(s, before, pid);
    KEPT(s, before, pps);
    KEPT(s, before, domain);
    KEPT(s, before, server_ip);
    KEPT(s, before, server_port);
    KEPT(s, before, mode);
    KEPT(s, before, password);
    KEPT(s, before, password_default);
    KEPT(s, before, rcfg_enabled);
    KEPT(s, before, hash_active);
    KEPT(s, before, bmp_left_s);
    ERASED(s.pki_suffix);
    ERASED(s.server_fqdn);
    ERASED(s.otp);
    ERASED(s.user_hash);
    ERASED(s.user_hash_active);

    before.rcfg_enabled = s.rcfg_enabled = true;
    settings_partial_unprovision(&s);
    KEPT(s, before, rcfg_enabled);
}

static void cmos_is_full_and_the_default_password(void **state)
{
    struct settings s = used(), full = used();

    (void)state;
    settings_cmos_lost(&s, r502, bmp_off, true);
    expect_erased(&s);
    expect_admin(&s);
    assert_int_equal(s.bmp_left_s, DAY_S);

    s = used();
    settings_cmos_lost(&s, r503, bmp_off, false);
    expect_erased(&s);
    expect_admin(&s);
    assert_int_equal(s.bmp_left_s, 0);
    settings_full_unprovision(&full, r503, bmp_off, false);
    KEPT(s, full, rcfg_enabled);
    KEPT(s, full, hash_active);
}

static void psk_wins_over_pki(void **state)
{
    struct settings s;

    (void)state;
    settings_factory(&s, r502, bmp_off);
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_PKI);
    put_text(s.pid, "0000037M");
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_PSK);
    s.rcfg_enabled = false;
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_PSK);
}

static void pki_wants_rcfg_and_an_active_hash(void **state)
{
    struct settings s;

    (void)state;
    settings_factory(&s, r502, bmp_off);
    s.rcfg_enabled = false;
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_NONE);
    s.rcfg_enabled = true;
    s.hash_active = 0;
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_NONE);
    s.user_hash_active = 0x7; /* no slot is in use */
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_NONE);
    put_user_hash(&s, 2, CERT_HASH_SHA1, 1, "mine");
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_PKI);
    s.user_hash_active = 0x3; /* in use, but deactivated */
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_NONE);
    for (int bit = 0; bit < 5; bit++) {
        s.hash_active = 1u << bit;
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
    s.hash_active = 0x15; /* 0, 2, 4 */
    put_user_hash(&s, 0, CERT_HASH_SHA256, 0xA0, "slot zero");
    put_user_hash(&s, 2, CERT_HASH_SHA1, 0xA2, "slot two"); /* slot 1 is a gap */
    s.user_hash_active = 0x4;
    assert_int_equal(settings_hash_count(&s, r502), 7);
    for (uint32_t i = 0; i < 5; i++) {
        assert_true(settings_hash(&s, r502, i, &view));
        assert_ptr_equal(view.name, r502->roots.hash[i].name);
        assert_ptr_equal(view.bytes, r502->roots.hash[i].bytes);
        assert_int_equal(view.algorithm, CERT_HASH_SHA1);
        assert_true(view.is_default);
        assert_int_equal(view.active, i % 2 == 0);
    }
    assert_true(settings_hash(&s, r502, 5, &view));
    assert_string_equal(view.name, "slot zero");
    assert_int_equal(view.algorithm, CERT_HASH_SHA256);
    assert_int_equal(view.bytes[31], 0xA0);
    assert_false(view.is_default);
    assert_false(view.active);
    assert_true(settings_hash(&s, r502, 6, &view));
    assert_string_equal(view.name, "slot two");
    assert_int_equal(view.algorithm, CERT_HASH_SHA1);
    assert_int_equal(view.bytes[0], 0xA2);
    assert_true(view.active);
    assert_false(settings_hash(&s, r502, 7, &view));
    assert_false(settings_hash(&s, r502, 8, &view));
    assert_false(settings_hash(&s, r502, UINT32_MAX, &view));
}

static void handles_without_user_hashes(void **state)
{
    struct hash_view view;
    struct settings s;

    (void)state;
    settings_factory(&s, r503, intel);
    assert_int_equal(settings_hash_count(&s, r503), 5);
    assert_true(settings_hash(&s, r503, 4, &view));
    assert_string_equal(view.name, "Starfield Class 2 CA");
    assert_true(view.active);
    assert_false(settings_hash(&s, r503, 5, &view));
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
    assert_true(settings_hello(s, r502, oem, uuid, retry, &hello));
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
    put_text(s.pid, "0000037M");
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
}

static void only_active_hashes_are_offered(void **state)
{
    struct settings s;

    (void)state;
    settings_factory(&s, r502, bmp_off);
    s.hash_active = 0x11;
    put_user_hash(&s, 1, CERT_HASH_SHA1, 0x5A, "mine");
    expect_hello(&s, bmp_off, 2, "0100030002000000" ID "02" G1 STARFIELD);
    s.user_hash_active = 0x2;
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
    s.rcfg_enabled = false;
    assert_false(settings_hello(&s, r502, bmp_off, uuid, 0, &hello));
    s.rcfg_enabled = true;
    s.hash_active = 0;
    assert_false(settings_hello(&s, r502, bmp_off, uuid, 0, &hello));
}

#define L15 "abcdefghijklmno"
#define L63 L15 "-" L15 "-" L15 "-" L15
#define L31 L15 "-" L15

static void dns_names(void **state)
{
    static const char *const good[] = {"a",       "A",     "0",         "provisionserver",
                                       "a.b",     "a-b.c", "xn--p1ai",  "ABC.example.0-9",
                                       "1.2.3.4", L63,     L63 "." L63, L63 ".a"};
    static const char *const bad[] = {
        "",    ".",   "a.",  ".a",    "a..b",       "a_b",   "_a.b",       "a b",
        " a",  "a ",  "a/b", "a\tb",  "a@b",        "a[b",   "a`b",        "a{b",
        "a:b", "a,b", "..",  "a\x7f", "\xc3\xa4.b", L63 "a", "b." L63 "a", L63 "a.b"};

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(settings_dns_name_ok(good[i], 253));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(settings_dns_name_ok(bad[i], 253));
}

static void dns_name_characters(void **state)
{
    (void)state;
    for (int c = 1; c < 256; c++) {
        const char name[] = {'a', (char)c, 'b', 0};
        bool good = strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.", c);

        assert_int_equal(settings_dns_name_ok(name, 253), good);
    }
}

static void dns_name_lengths(void **state)
{
    char name[300];

    (void)state;
    /* 63.63.63.31 = 223 characters. */
    assert_int_equal(strlen(L63 "." L63 "." L63 "." L31), 223);
    assert_true(settings_dns_name_ok(L63 "." L63 "." L63 "." L31, LIMIT_SUFFIX));
    assert_false(settings_dns_name_ok(L63 "." L63 "." L63 "." L31, 222));
    assert_false(settings_dns_name_ok(L63 "." L63 "." L63 "." L31 "a", LIMIT_SUFFIX));
    for (size_t n = 1; n < 299; n++) {
        for (size_t i = 0; i < n; i++)
            name[i] = i % 2 && i + 1 < n ? '.' : 'a'; /* one-letter labels */
        if (n % 2 == 0)
            name[n - 1] = 'a';
        name[n] = '\0';
        assert_int_equal(settings_dns_name_ok(name, 223), n <= 223);
        assert_int_equal(settings_dns_name_ok(name, (uint32_t)n), true);
        assert_int_equal(settings_dns_name_ok(name, (uint32_t)n - 1), false);
    }
    for (size_t n = 1; n < 80; n++) {
        memset(name, 'x', n);
        name[n] = '\0';
        assert_int_equal(settings_dns_name_ok(name, 253), n <= 63);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factory_is_what_the_oem_ships),
        cmocka_unit_test(factory_follows_the_oem),
        cmocka_unit_test(full_unprovision_to_intel),
        cmocka_unit_test(full_unprovision_to_oem),
        cmocka_unit_test(full_unprovision_keeps_a_default_password_default),
        cmocka_unit_test(partial_unprovision_keeps_what_the_table_says),
        cmocka_unit_test(cmos_is_full_and_the_default_password),
        cmocka_unit_test(psk_wins_over_pki),
        cmocka_unit_test(pki_wants_rcfg_and_an_active_hash),
        cmocka_unit_test(pki_is_the_releases_to_offer),
        cmocka_unit_test(handles_count_built_in_then_user),
        cmocka_unit_test(handles_without_user_hashes),
        cmocka_unit_test(psk_hello),
        cmocka_unit_test(pki_hello),
        cmocka_unit_test(only_active_hashes_are_offered),
        cmocka_unit_test(no_credentials_no_hello),
        cmocka_unit_test(dns_names),
        cmocka_unit_test(dns_name_characters),
        cmocka_unit_test(dns_name_lengths),
    };

    return cmocka_run_group_tests_name("settings", tests, find_rows, NULL);
}
