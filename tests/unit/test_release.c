// links: fw/core/release.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/release.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The roots of 5.0.x in hello order, SHA-1. */
static const struct {
    const char *name, *sha1;
} roots_5_0[5] = {
    {"VeriSign Class 3 Primary CA-G1", "742c3192e607e424eb4549542be1bbc53e6174e2"},
    {"VeriSign Class 3 Primary CA-G3", "132d0d45534b6997cdb2d5c339e25576609b5cc6"},
    {"Go Daddy Class 2 CA", "2796bae63f1801e277261ba0d77770028f20eee4"},
    {"Comodo AAA CA", "d1eb23a46d17d68fd92564c2f1f1601764d8e349"},
    {"Starfield Class 2 CA", "ad7e1c28b064ef8f6003402014c3d0e3370eb58a"},
};

/* The keys of the source list. */
static const char *const keys[] = {
    "S0",       "S1",        "S2",        "S3",       "S4",      "G-hello",   "G-unprov",
    "G-start",  "G-restore", "G-startex", "G-unconf", "G-otp",   "G-return",  "G-setpki",
    "G-modes",  "G-hash",    "G-roots",   "G-ztc",    "G-cksum", "G-codever", "G-usb",
    "G-flow",   "G-usbver",  "G-rflow",   "G-cert",   "G-agent", "G-power",   "G-amtenabled",
    "G-tls",    "G-mhc",     "G-sacs",    "LMS",      "LMS-old", "LMS-agent", "LMS-pp",
    "LMS-cim",  "PTHI.h",    "PTHI.c",    "STAT-old", "RPC",     "WSM",       "MC",
    "MC-bin",   "MCMD",      "LNX",       "AMTTOOL",  "HONEY",   "RTK",       "OPENAMT",
    "CUTLER",   "SCCM",      "SCCM12",    "ITJ6",     "ITJ7",    "SYM60",     "SYM67",
    "SYM68",    "3HELLO",    "GAEL",      "RCT",      "HP5",     "HP52",      "HP6",
    "HPnb",     "HPj",       "HP3",       "DELL",     "G2LIST",  "VSFW",      "COMM1395",
    "MEINFO52", "USBFILE",   "assumed",
};

/* A source begins with a key of the list or with "assumed". */
static void expect_source(const char *source, const char *what)
{
    size_t n = source ? strcspn(source, " ;,:") : 0;

    for (size_t i = 0; i < COUNT(keys); i++)
        if (n > 0 && n == strlen(keys[i]) && memcmp(source, keys[i], n) == 0)
            return;
    fail_msg("%s: \"%s\" is no source", what, source ? source : "(null)");
}

static void expect_roots(const struct release *r)
{
    assert_int_equal(r->roots.count, 5);
    for (uint32_t i = 0; i < 5; i++) {
        const struct cert_hash *root = &r->roots.hash[i];

        assert_string_equal(root->name, roots_5_0[i].name);
        assert_int_equal(root->algorithm, 1);
        for (int byte = 0; byte < LIMIT_HASH_BYTES; byte++) {
            char digits[3] = {0};

            if (byte < 20)
                memcpy(digits, roots_5_0[i].sha1 + 2 * byte, 2);
            assert_int_equal(root->bytes[byte], strtoul(digits, NULL, 16));
        }
    }
}

/* What both lines have in common. */
static void expect_5_0(const struct release *r)
{
    assert_ptr_equal(r->schedule, hello_schedule_find('A'));
    assert_int_equal(r->intel_bmp_hours.value, 24);
    assert_int_equal(r->bmp_hours_max.value, 255);
    assert_int_equal(r->commanded_hours.value, 6);
    assert_int_equal(r->pki_bare_metal.value, 1);
    assert_int_equal(r->pki_by_agent.value, 1);
    assert_int_equal(r->ac_reopens_window.value, 0);  /* 2.2 and later */
    assert_int_equal(r->stop_configuration.value, 0); /* 6.x */
    assert_int_equal(r->server_fqdn.value, 1);        /* 3.0 and later */
    assert_int_equal(r->sku.value, 14);               /* iQST, ASF, AMT */
    assert_in_range(r->build.value, 1000, 9999);      /* "XXXX" */
    expect_roots(r);
}

static void release_5_0_2(void **state)
{
    const struct release *r = release_find("5.0.2");

    (void)state;
    assert_non_null(r);
    assert_string_equal(r->name, "5.0.2");
    assert_int_equal(r->unprovision_to.value, UNPROVISION_TO_INTEL);
    expect_5_0(r);
}

static void release_5_0_3(void **state)
{
    const struct release *r = release_find("5.0.3");

    (void)state;
    assert_non_null(r);
    assert_string_equal(r->name, "5.0.3");
    assert_int_equal(r->unprovision_to.value, UNPROVISION_TO_OEM);
    expect_5_0(r);
}

static void in_order_of_release(void **state)
{
    uint32_t count;
    const struct release *r = release_table(&count);

    (void)state;
    assert_true(count >= 2);
    for (uint32_t i = 1; i < count; i++) {
        unsigned a[3] = {0}, b[3] = {0};

        assert_true(sscanf(r[i - 1].name, "%u.%u.%u", &a[0], &a[1], &a[2]) >= 2);
        assert_true(sscanf(r[i].name, "%u.%u.%u", &b[0], &b[1], &b[2]) >= 2);
        assert_true(a[0] * 1000000 + a[1] * 1000 + a[2] < b[0] * 1000000 + b[1] * 1000 + b[2]);
    }
}

static void found_by_exact_name(void **state)
{
    static const char *const unknown[] = {"",      "5",    "5.0",    "5.0.",   "5.0.20",
                                          "5.0.1", "6.0x", "v5.0.2", " 5.0.2", "5.0.2 "};
    uint32_t count;
    const struct release *r = release_table(&count);

    (void)state;
    for (uint32_t i = 0; i < count; i++) {
        assert_ptr_equal(release_find(r[i].name), &r[i]);
        assert_true(strlen(r[i].name) > 0 && strlen(r[i].name) < LIMIT_VERSION_TEXT);
        for (uint32_t j = 0; j < i; j++)
            assert_string_not_equal(r[i].name, r[j].name);
    }
    for (size_t i = 0; i < COUNT(unknown); i++)
        assert_null(release_find(unknown[i]));
}

static void every_value_has_a_source(void **state)
{
    uint32_t count;
    const struct release *r = release_table(&count);

    (void)state;
    for (; count > 0; count--, r++) {
        const struct rule *const rules[] = {
            &r->unprovision_to,
            &r->intel_bmp_hours,
            &r->bmp_hours_max,
            &r->commanded_hours,
            &r->pki_bare_metal,
            &r->pki_by_agent,
            &r->ac_reopens_window,
            &r->stop_configuration,
            &r->server_fqdn,
            &r->sku,
            &r->build,
        };

        /* A rule that is added has to be added above. */
        assert_int_equal(sizeof(*r) - offsetof(struct release, unprovision_to),
                         COUNT(rules) * sizeof(struct rule));
        for (size_t i = 0; i < COUNT(rules); i++)
            expect_source(rules[i]->source, r->name);
        expect_source(r->schedule->source, r->schedule->name);
        assert_in_range(r->roots.count, 0, LIMIT_HASHES_BUILTIN);
        for (uint32_t i = 0; i < r->roots.count; i++) {
            const struct cert_hash *h = &r->roots.hash[i];

            expect_source(h->source, h->name);
            assert_in_range(strlen(h->name), 1, LIMIT_HASH_NAME);
            assert_int_not_equal(cert_hash_bytes(h->algorithm), 0);
        }
    }
    expect_source(hello_schedule_find('A')->source, "A");
    expect_source(hello_schedule_find('B')->source, "B");
}

static void every_oem_value_has_a_source(void **state)
{
    uint32_t count;
    const struct oem_profile *oem = oem_table(&count);

    (void)state;
    for (; count > 0; count--, oem++) {
        expect_source(oem->bmp_hours.source, oem->name);
        expect_source(oem->rcfg_enabled.source, oem->name);
        expect_source(oem->localized_bios.source, oem->name);
        assert_in_range(strlen(oem->host_label), 1, LIMIT_HOST_LABEL);
        assert_true(strlen(oem->default_domain) <= LIMIT_DOMAIN);
    }
}

static void schedules_are_well_formed(void **state)
{
    (void)state;
    for (char letter = 'A'; letter <= 'B'; letter++) {
        const struct hello_schedule *s = hello_schedule_find(letter);
        bool ended = false;

        assert_int_equal(s->retry_max, 14);
        assert_true(s->step[0].count > 0);
        for (int i = 0; i < HELLO_STEPS; i++) {
            ended = ended || s->step[i].count == 0;
            assert_int_equal(s->step[i].count == 0, ended);
            assert_int_equal(s->step[i].minutes == 0, ended);
        }
    }
}

static void hash_lengths(void **state)
{
    (void)state;
    for (int algorithm = 0; algorithm < 256; algorithm++)
        assert_int_equal(cert_hash_bytes((uint8_t)algorithm), algorithm == 1   ? 20
                                                              : algorithm == 2 ? 32
                                                              : algorithm == 3 ? 48
                                                                               : 0);
}

static void oem_profiles(void **state)
{
    uint32_t count;
    const struct oem_profile *oem = oem_table(&count);
    const struct oem_profile *intel = oem_find("intel"), *off = oem_find("bmp-off");

    (void)state;
    assert_non_null(intel);
    assert_non_null(off);
    assert_int_equal(off->bmp_hours.value, 0);
    assert_int_equal(intel->rcfg_enabled.value, 1);
    assert_int_equal(off->rcfg_enabled.value, 1); /* S0: zero touch is enabled on that machine */
    assert_int_equal(intel->localized_bios.value, 0);
    assert_int_equal(off->localized_bios.value, 0);
    assert_int_equal(oem_find("localized")->localized_bios.value, 1);
    for (uint32_t i = 0; i < count; i++) {
        assert_ptr_equal(oem_find(oem[i].name), &oem[i]);
        assert_string_equal(oem[i].host_label, "ProvisionServer");
        assert_string_equal(oem[i].default_domain, "");
        for (uint32_t j = 0; j < i; j++)
            assert_string_not_equal(oem[i].name, oem[j].name);
    }
    assert_null(oem_find(""));
    assert_null(oem_find("bmp"));
    assert_null(oem_find("bmp-off2"));
}

static void bare_metal_hours_of_an_oem(void **state)
{
    struct oem_profile oem = *oem_find("bmp-off");
    struct release r = *release_find("5.0.2");
    static const struct {
        uint32_t set, want;
    } row[] = {{0, 0},
               {1, 1},
               {24, 24},
               {254, 254},
               {255, 255},
               {256, 255},
               {300, 255},
               {512, 255},
               {UINT32_MAX - 1, 255},
               {OEM_BMP_INTEL, 24}};

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        oem.bmp_hours.value = row[i].set;
        assert_int_equal(release_oem_bmp_hours(&r, &oem), row[i].want);
    }
    /* The release's values, not constants. */
    r.intel_bmp_hours.value = 12;
    r.bmp_hours_max.value = 48;
    assert_int_equal(release_oem_bmp_hours(&r, &oem), 12);
    oem.bmp_hours.value = 49;
    assert_int_equal(release_oem_bmp_hours(&r, &oem), 48);
    assert_int_equal(release_oem_bmp_hours(release_find("5.0.3"), oem_find("intel")), 24);
    assert_int_equal(release_oem_bmp_hours(release_find("5.0.3"), oem_find("bmp-off")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(release_5_0_2),
        cmocka_unit_test(release_5_0_3),
        cmocka_unit_test(in_order_of_release),
        cmocka_unit_test(found_by_exact_name),
        cmocka_unit_test(every_value_has_a_source),
        cmocka_unit_test(every_oem_value_has_a_source),
        cmocka_unit_test(schedules_are_well_formed),
        cmocka_unit_test(hash_lengths),
        cmocka_unit_test(oem_profiles),
        cmocka_unit_test(bare_metal_hours_of_an_oem),
    };

    return cmocka_run_group_tests_name("release", tests, NULL, NULL);
}
