// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/settings.h"
#include "fw/core/setup.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define DAY_S 86400u
#define ALL_FIVE 0x1Fu

static const struct release *r502, *r503;
static const struct oem_profile *intel, *bmp_off, *psk_loaded;

static int find_rows(void **state)
{
    (void)state;
    r502 = release_find("5.0.2");
    r503 = release_find("5.0.3");
    intel = oem_find("intel");
    bmp_off = oem_find("bmp-off");
    psk_loaded = oem_find("psk-loaded");
    return r502 && r503 && intel && bmp_off && psk_loaded ? 0 : -1;
}

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

/* Not one field as the factory leaves it. */
static struct settings used(void)
{
    struct settings s;

    memset(&s, 0, sizeof(s));
    s.machine.setup_state = SETUP_PROVISIONED;
    s.machine.window_kind = WINDOW_OPERATIONAL;
    s.machine.window_left_s = 111;
    s.machine.bmp_left_s = 222;
    s.config.mode = MODE_SMB;
    s.config.rcfg_enabled = false;
    s.secret.password_default = false;
    put_text(s.secret.password, "P@ssw0rd");
    put_text(s.secret.pid, "0000037M");
    put_text(s.secret.pps, "0123456789ABCDEFGHJKLMNPQRSTUVWX");
    put_text(s.secret.otp, "one-time password");
    put_text(s.config.pki_suffix, "pki.example");
    put_text(s.config.domain, "mebx.example");
    put_text(s.config.server_fqdn, "scs.example");
    s.config.server_ip = 0x0A000005;
    s.config.server_port = 12345;
    put_text(s.config.host_name, "pc17");
    s.config.dhcp_enabled = false;
    s.config.fixed =
        (struct static_address){0x0A000011, 0xFFFFFF00, 0x0A000001, 0x0A000002, 0x0A000003};
    s.me.manageability = MANAGEABILITY_NONE;
    s.me.power_package = 3;
    s.config.redirection = REDIRECTION_IDER;
    s.config.password_policy = PASSWORD_ANYTIME;
    s.me.idle_timeout_min = 777;
    s.config.hash_active = 0x0A;
    s.config.user_hash_active = 0x5;
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

/* Credentials, names, addresses, user hashes and the one-time password are gone, what a server
 * configured is as in the factory. */
static void expect_erased(const struct settings *s)
{
    ERASED(s->secret.pid);
    ERASED(s->secret.pps);
    ERASED(s->secret.otp);
    ERASED(s->config.pki_suffix);
    ERASED(s->config.domain);
    ERASED(s->config.server_fqdn);
    ERASED(s->config.server_ip);
    ERASED(s->config.user_hash);
    ERASED(s->config.user_hash_active);
    ERASED(s->config.host_name);
    ERASED(s->config.fixed);
    assert_true(s->config.dhcp_enabled);
    assert_int_equal(s->config.redirection, 7); /* SOL, IDER, user and password */
    assert_int_equal(s->config.password_policy, PASSWORD_DEFAULT_ONLY);
    assert_int_equal(s->config.server_port, 9971);
    assert_int_equal(s->config.mode, MODE_ENTERPRISE);
    assert_int_equal(s->config.hash_active & 0x1F, ALL_FIVE);
    assert_int_equal(s->machine.setup_state, SETUP_FACTORY);
    assert_int_equal(s->machine.window_kind, WINDOW_CLOSED);
    assert_int_equal(s->machine.window_left_s, 0);
}

static void expect_admin(const struct settings *s)
{
    static const char admin[LIMIT_PASSWORD + 1] = "admin";

    assert_true(s->secret.password_default);
    assert_memory_equal(s->secret.password, admin, sizeof(admin));
}

/* What MEBx says of the management engine itself. */
static void expect_me_kept(const struct settings *s, const struct settings *before)
{
    KEPT(*s, *before, me.manageability);
    KEPT(*s, *before, me.power_package);
    KEPT(*s, *before, me.idle_timeout_min);
}

static void factory_is_what_the_oem_ships(void **state)
{
    struct settings s;

    (void)state;
    memset(&s, 0xEE, sizeof(s));
    settings_factory(&s, r502, bmp_off);
    expect_erased(&s);
    expect_admin(&s);
    assert_int_equal(s.me.manageability, MANAGEABILITY_AMT);
    assert_int_equal(s.me.power_package, 0); /* HP5: "Desktop: ON in S0" */
    assert_int_equal(s.me.idle_timeout_min, 1);
    assert_int_equal(s.machine.bmp_left_s, 0);
    assert_true(s.config.rcfg_enabled);

    settings_factory(&s, r503, intel);
    expect_erased(&s);
    expect_admin(&s);
    assert_int_equal(s.machine.bmp_left_s, DAY_S);
}

static void factory_follows_the_oem(void **state)
{
    struct oem_profile oem = *bmp_off;
    struct settings s;

    (void)state;
    oem.rcfg_enabled.value = 0;
    oem.bmp_hours.value = 255;
    settings_factory(&s, r502, &oem);
    assert_false(s.config.rcfg_enabled);
    assert_int_equal(s.machine.bmp_left_s, 255 * 3600);
    oem.bmp_hours.value = 1;
    settings_factory(&s, r503, &oem);
    assert_int_equal(s.machine.bmp_left_s, 3600);
}

static void factory_power_package(void **state)
{
    struct oem_profile oem = *intel;
    struct settings s;

    (void)state;
    oem.power_package.value = 4;
    settings_factory(&s, r502, &oem);
    assert_int_equal(s.me.power_package, 4);
    oem.power_package.value = 11; /* a mobile one, which a 5.0 desktop does not have */
    settings_factory(&s, r502, &oem);
    assert_int_equal(s.me.power_package, 0);
    settings_factory(&s, release_find("4.0"), &oem);
    assert_int_equal(s.me.power_package, 11);
    settings_factory(&s, release_find("4.0"), intel);
    assert_int_equal(s.me.power_package, 7); /* "Mobile: ON in S0" */
}

#define GUIDE_PID "0000037M"
#define GUIDE_PPS "NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ"

static void the_oems_key_is_loaded(void **state)
{
    struct settings s;

    (void)state;
    settings_factory(&s, r502, psk_loaded);
    assert_string_equal(s.secret.pid, GUIDE_PID);
    assert_string_equal(s.secret.pps, GUIDE_PPS);
    assert_int_equal(settings_credentials(&s, r502), CREDENTIALS_PSK);
    settings_factory(&s, release_find("2.0"), psk_loaded);
    assert_int_equal(settings_credentials(&s, release_find("2.0")), CREDENTIALS_PSK);
    settings_factory(&s, r502, intel);
    ERASED(s.secret.pid);
    ERASED(s.secret.pps);
}

/* S4: after a full unprovision a key that was loaded has to be entered again; G-restore names the
 * PID/PPS pair. So it is on every release, whichever default that returns to. */
static void the_oems_key_does_not_come_back(void **state)
{
    struct settings s;

    (void)state;
    for (int to_intel = 0; to_intel < 2; to_intel++) {
        settings_factory(&s, r503, psk_loaded);
        settings_full_unprovision(&s, r503, psk_loaded, to_intel);
        ERASED(s.secret.pid);
        ERASED(s.secret.pps);
        assert_int_equal(settings_credentials(&s, r503), CREDENTIALS_PKI);
        settings_factory(&s, r502, psk_loaded);
        settings_cmos_lost(&s, r502, psk_loaded, to_intel);
        ERASED(s.secret.pid);
        ERASED(s.secret.pps);
    }
}

static void full_unprovision_to_intel(void **state)
{
    struct oem_profile oem = *bmp_off;
    struct settings s = used(), before = s;

    (void)state;
    oem.rcfg_enabled.value = 0; /* Intel's default does not care */
    settings_full_unprovision(&s, r502, &oem, true);
    expect_erased(&s);
    expect_me_kept(&s, &before);
    KEPT(s, before, secret.password);
    assert_false(s.secret.password_default);
    assert_int_equal(s.machine.bmp_left_s, DAY_S);
    assert_true(s.config.rcfg_enabled);
}

static void full_unprovision_to_oem(void **state)
{
    struct oem_profile oem = *bmp_off;
    struct settings s = used(), before = s;

    (void)state;
    settings_full_unprovision(&s, r503, &oem, false);
    expect_erased(&s);
    expect_me_kept(&s, &before);
    KEPT(s, before, secret.password);
    assert_false(s.secret.password_default);
    assert_int_equal(s.machine.bmp_left_s, 0);
    assert_true(s.config.rcfg_enabled);

    oem.rcfg_enabled.value = 0;
    oem.bmp_hours.value = 48;
    s = used();
    settings_full_unprovision(&s, r503, &oem, false);
    assert_false(s.config.rcfg_enabled);
    assert_int_equal(s.machine.bmp_left_s, 48 * 3600);
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
    KEPT(s, before, secret.pid);
    KEPT(s, before, secret.pps);
    KEPT(s, before, config.domain);
    KEPT(s, before, config.server_ip);
    KEPT(s, before, config.server_port);
    KEPT(s, before, config.mode);
    KEPT(s, before, secret.password);
    KEPT(s, before, secret.password_default);
    KEPT(s, before, config.rcfg_enabled);
    KEPT(s, before, config.hash_active);
    KEPT(s, before, machine.bmp_left_s);
    KEPT(s, before, config.host_name);
    KEPT(s, before, config.password_policy);
    expect_me_kept(&s, &before);
    ERASED(s.config.fixed);
    assert_true(s.config.dhcp_enabled);
    assert_int_equal(s.config.redirection, 7);
    ERASED(s.config.pki_suffix);
    ERASED(s.config.server_fqdn);
    ERASED(s.secret.otp);
    ERASED(s.config.user_hash);
    ERASED(s.config.user_hash_active);

    before.config.rcfg_enabled = s.config.rcfg_enabled = true;
    settings_partial_unprovision(&s);
    KEPT(s, before, config.rcfg_enabled);
}

static void cmos_is_full_and_the_default_password(void **state)
{
    struct settings s = used(), full = used();

    (void)state;
    settings_cmos_lost(&s, r502, bmp_off, true);
    expect_erased(&s);
    expect_admin(&s);
    assert_int_equal(s.machine.bmp_left_s, DAY_S);
    assert_int_equal(s.me.power_package, 3); /* Dell: all but the power settings */
    assert_int_equal(s.me.idle_timeout_min, 777);
    assert_int_equal(s.me.manageability, MANAGEABILITY_AMT);

    s = used();
    settings_cmos_lost(&s, r503, bmp_off, false);
    expect_erased(&s);
    expect_admin(&s);
    assert_int_equal(s.machine.bmp_left_s, 0);
    settings_full_unprovision(&full, r503, bmp_off, false);
    KEPT(s, full, config.rcfg_enabled);
    KEPT(s, full, config.hash_active);
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
    assert_true(settings_dns_name_ok(L63 "." L63 "." L63 "." L31, LIMIT_PKI_SUFFIX));
    assert_false(settings_dns_name_ok(L63 "." L63 "." L63 "." L31, 222));
    assert_false(settings_dns_name_ok(L63 "." L63 "." L63 "." L31 "a", LIMIT_PKI_SUFFIX));
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
        cmocka_unit_test(factory_power_package),
        cmocka_unit_test(the_oems_key_is_loaded),
        cmocka_unit_test(the_oems_key_does_not_come_back),
        cmocka_unit_test(full_unprovision_to_intel),
        cmocka_unit_test(full_unprovision_to_oem),
        cmocka_unit_test(full_unprovision_keeps_a_default_password_default),
        cmocka_unit_test(partial_unprovision_keeps_what_the_table_says),
        cmocka_unit_test(cmos_is_full_and_the_default_password),
        cmocka_unit_test(dns_names),
        cmocka_unit_test(dns_name_characters),
        cmocka_unit_test(dns_name_lengths),
    };

    return cmocka_run_group_tests_name("settings", tests, find_rows, NULL);
}
