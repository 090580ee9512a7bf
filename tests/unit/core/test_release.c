// SPDX-License-Identifier: BSD-3-Clause
// links: @core
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

/* In hello order, SHA-1 (G2LIST, S0): the first so many of a release. */
static const struct {
    const char *name, *sha1;
} known_roots[] = {
    {"VeriSign Class 3 Primary CA-G1", "742c3192e607e424eb4549542be1bbc53e6174e2"},
    {"VeriSign Class 3 Primary CA-G3", "132d0d45534b6997cdb2d5c339e25576609b5cc6"},
    {"Go Daddy Class 2 CA", "2796bae63f1801e277261ba0d77770028f20eee4"},
    {"Comodo AAA CA", "d1eb23a46d17d68fd92564c2f1f1601764d8e349"},
    {"Starfield Class 2 CA", "ad7e1c28b064ef8f6003402014c3d0e3370eb58a"},
    {"VeriSign Class 3 Primary CA-G2", "85371ca6e550143dce2803471bde3a09e8f8770f"},
    {"VeriSign Class 3 Primary CA-G5", "4eb6d578499b1ccf5f581ead56be3d9b6744a5e5"},
};

/* The keys of the source list. */
static const char *const keys[] = {
    "S0",       "S1",        "S2",        "S3",       "S4",        "G-hello",   "G-unprov",
    "G-start",  "G-restore", "G-startex", "G-unconf", "G-otp",     "G-return",  "G-setpki",
    "G-modes",  "G-hash",    "G-roots",   "G-ztc",    "G-cksum",   "G-codever", "G-usb",
    "G-flow",   "G-usbver",  "G-rflow",   "G-cert",   "G-agent",   "G-power",   "G-amtenabled",
    "G-auth",   "G-tls",     "G-mhc",     "G-sacs",   "LMS",       "LMS-old",   "LMS-agent",
    "LMS-pp",   "LMS-cim",   "PTHI.h",    "PTHI.c",   "STAT-old",  "RPC",       "WSM",
    "MC",       "MC-bin",    "MCMD",      "LNX",      "AMTTOOL",   "HONEY",     "RTK",
    "OPENAMT",  "CUTLER",    "SCCM",      "SCCM12",   "ITJ6",      "ITJ7",      "SYM60",
    "SYM67",    "SYM68",     "3HELLO",    "GAEL",     "RCT",       "HP5",       "HP52",
    "HP6",      "HPnb",      "HPj",       "HP3",      "DELL",      "G2LIST",    "VSFW",
    "COMM1395", "MEINFO25",  "ACT08",     "LANDESK",  "MESHCMD81", "X230",      "MEINFO52",
    "MC3576",   "PT332",     "USBFILE",   "CERT321",  "G-ping",    "G-pong",    "G-hbs",
    "G-kvm",    "assumed",
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

static void expect_hash(const struct cert_hash *hash, const char *name, const char *sha1)
{
    assert_string_equal(hash->name, name);
    assert_int_equal(hash->algorithm, 1);
    for (int byte = 0; byte < 20; byte++) {
        char digits[3] = {0};

        memcpy(digits, sha1 + 2 * byte, 2);
        assert_int_equal(hash->bytes[byte], strtoul(digits, NULL, 16));
    }
}

/* What each line does, from the documents. */
static const struct expected {
    const char *name;
    char first_day;                         /* SCCM: B from 3.2.1 on */
    uint32_t bmp_hours, bmp_max, commanded; /* S1, S2, SYM68, G-rflow */
    uint32_t bare_metal, by_agent;          /* S3: 2.0, 2.1, 2.5 none; 2.2 agent only */
    uint32_t reopens;                       /* S1, RCT */
    uint32_t roots;                         /* VSFW, S0, G2LIST */
    enum unprovision_default unprovision;   /* S0 */
    uint32_t fqdn;                          /* GAEL: from 3.0 */
    enum platform platform;                 /* S3, HP */
    uint32_t amthi;                         /* 1 agent, 2 environment, 4 remote, 8 audit, 16 6.0 */
    uint32_t protocols;                     /* S4: 1 EOI, 2 WS-Man from 3.2.1 */
    uint32_t setup_bin;                     /* G-usbver: 1 v1, 2 v2.0, 4 v2.1, 8 v3 */
    enum suffix_rule suffix;                /* COMM1395 */
    uint32_t key_bits;                      /* S4, SCCM12 */
    uint32_t sku;                           /* G-codever; MC3576 */
} expected[] = {
    {"2.0", 'A', 24, 24, 24, 0, 0, 1, 0, UNPROVISION_TO_INTEL, 0, PLATFORM_DESKTOP, 0, 1, 1,
     SUFFIX_EQUAL, 2048, 0},
    {"2.1", 'A', 24, 24, 24, 0, 0, 1, 0, UNPROVISION_TO_INTEL, 0, PLATFORM_DESKTOP, 0, 1, 1,
     SUFFIX_EQUAL, 2048, 0},
    {"2.2", 'A', 6, 6, 6, 0, 1, 0, 5, UNPROVISION_TO_INTEL, 0, PLATFORM_DESKTOP, 1, 1, 1,
     SUFFIX_EQUAL, 2048, 0},
    {"2.5", 'A', 24, 24, 24, 0, 0, 1, 0, UNPROVISION_TO_INTEL, 0, PLATFORM_MOBILE, 0, 1, 1,
     SUFFIX_EQUAL, 2048, 12},
    {"2.6", 'A', 6, 6, 6, 1, 1, 0, 5, UNPROVISION_TO_INTEL, 0, PLATFORM_MOBILE, 1, 1, 1,
     SUFFIX_LAST_TWO_LABELS, 2048, 12},
    {"3.0", 'A', 24, 255, 6, 1, 1, 0, 5, UNPROVISION_TO_INTEL, 1, PLATFORM_DESKTOP, 3, 1, 3,
     SUFFIX_EQUAL, 2048, 14},
    {"3.2.1", 'B', 24, 255, 6, 1, 1, 0, 5, UNPROVISION_TO_INTEL, 1, PLATFORM_DESKTOP, 3, 3, 3,
     SUFFIX_LAST_TWO_LABELS, 2048, 14},
    {"3.2.2", 'B', 24, 255, 6, 1, 1, 0, 5, UNPROVISION_TO_INTEL, 1, PLATFORM_DESKTOP, 3, 3, 3,
     SUFFIX_LAST_TWO_LABELS, 2048, 14},
    {"4.0", 'B', 24, 255, 6, 1, 1, 0, 5, UNPROVISION_TO_INTEL, 1, PLATFORM_MOBILE, 7, 3, 7,
     SUFFIX_LAST_TWO_LABELS, 2048, 12},
    {"5.0.2", 'B', 24, 255, 6, 1, 1, 0, 5, UNPROVISION_TO_INTEL, 1, PLATFORM_DESKTOP, 7, 3, 7,
     SUFFIX_LAST_TWO_LABELS, 2048, 14},
    {"5.0.3", 'B', 24, 255, 6, 1, 1, 0, 5, UNPROVISION_TO_OEM, 1, PLATFORM_DESKTOP, 7, 3, 7,
     SUFFIX_LAST_TWO_LABELS, 2048, 14},
    {"5.1", 'B', 24, 255, 6, 1, 1, 0, 5, UNPROVISION_TO_OEM, 1, PLATFORM_DESKTOP, 15, 3, 7,
     SUFFIX_LAST_TWO_LABELS, 2048, 14},
    {"5.2", 'B', 24, 255, 6, 1, 1, 0, 6, UNPROVISION_TO_OEM, 1, PLATFORM_DESKTOP, 15, 3, 7,
     SUFFIX_LAST_TWO_LABELS, 2048, 14},
    {"6.0", 'B', 24, 255, 6, 1, 1, 0, 6, UNPROVISION_TO_OEM, 1, PLATFORM_BOTH, 31, 3, 15,
     SUFFIX_LAST_TWO_LABELS, 4096, 0x6008},
    {"6.1", 'B', 24, 255, 6, 1, 1, 0, 7, UNPROVISION_TO_OEM, 1, PLATFORM_BOTH, 31, 3, 15,
     SUFFIX_LAST_TWO_LABELS, 4096, 0x6008},
    {"6.2", 'B', 24, 255, 6, 1, 1, 0, 7, UNPROVISION_TO_OEM, 1, PLATFORM_BOTH, 31, 3, 15,
     SUFFIX_LAST_TWO_LABELS, 4096, 0x6008},
};

static void expect_row(const struct release *r, const struct expected *e)
{
    assert_string_equal(r->name, e->name);
    assert_int_equal(r->commanded_schedule.value, 'A');
    assert_int_equal(r->bare_metal_schedule.value, e->first_day);
    assert_int_equal(r->intel_bmp_hours.value, e->bmp_hours);
    assert_int_equal(r->bmp_hours_max.value, e->bmp_max);
    assert_int_equal(r->commanded_hours.value, e->commanded);
    assert_int_equal(r->pki_bare_metal.value, e->bare_metal);
    assert_int_equal(r->pki_by_agent.value, e->by_agent);
    assert_int_equal(r->ac_reopens_window.value, e->reopens);
    assert_int_equal(r->unprovision_to.value, e->unprovision);
    assert_int_equal(r->server_fqdn.value, e->fqdn);
    assert_int_equal(r->platform.value, e->platform);
    assert_int_equal(r->amthi.value, e->amthi);
    assert_int_equal(r->protocols.value, e->protocols);
    assert_int_equal(r->setup_bin.value, e->setup_bin);
    assert_int_equal(r->suffix.value, e->suffix);
    assert_int_equal(r->key_bits_max.value, e->key_bits);
    assert_int_equal(r->sku.value, e->sku);
    assert_int_equal(r->roots.count, e->roots);
    for (uint32_t i = 0; i < e->roots; i++)
        expect_hash(&r->roots.hash[i], known_roots[i].name, known_roots[i].sha1);
}

static void every_release_is_as_documented(void **state)
{
    uint32_t count;
    const struct release *const *r = release_table(&count);

    (void)state;
    assert_int_equal(count, COUNT(expected));
    for (uint32_t i = 0; i < count; i++)
        expect_row(r[i], &expected[i]);
}

/* GetCodeVersions gives four digits; no two rows have the same, and an upgrade has the higher one.
 * Each line counts its own: 2.5.0 is 1084 (MEINFO25), 6.0.0 is 1184 (PT332). */
static void builds_tell_releases_apart(void **state)
{
    static const char *const upgrade[][2] = {
        {"2.0", "2.1"},     {"2.1", "2.2"},   {"2.5", "2.6"}, {"3.0", "3.2.1"},
        {"5.0.2", "5.0.3"}, {"5.0.3", "5.1"}, {"5.1", "5.2"},
    };
    uint32_t count;
    const struct release *const *r = release_table(&count);

    (void)state;
    for (uint32_t i = 0; i < count; i++) {
        assert_in_range(r[i]->build.value, 1000, 9999);
        for (uint32_t k = 0; k < i; k++)
            assert_int_not_equal(r[i]->build.value, r[k]->build.value);
    }
    for (size_t i = 0; i < COUNT(upgrade); i++)
        assert_true(release_find(upgrade[i][1])->build.value >
                    release_find(upgrade[i][0])->build.value);
    assert_int_equal(release_find("2.5")->build.value, 1084);
    assert_int_equal(release_find("6.0")->build.value, 1184);
    assert_int_equal(release_find("6.2")->build.value, 3535); /* MC3576: of 6.2.61 */
    assert_string_equal(release_find("6.2")->version, "6.2.61");
}

/* A value that only one of two neighbours can have is said of it. */
static void assumptions_are_marked(void **state)
{
    (void)state;
    assert_string_equal(release_find("5.0.2")->unprovision_to.source, "S0");
    assert_string_equal(release_find("5.0.3")->unprovision_to.source, "S0");
    for (size_t i = 0; i < COUNT(expected); i++) {
        const struct release *r = release_find(expected[i].name);

        if (strcmp(r->name, "5.0.2") != 0 && strcmp(r->name, "5.0.3") != 0)
            assert_non_null(strstr(r->unprovision_to.source, "assumed"));
        if (r->name[0] == '2' && strcmp(r->name, "2.6") != 0)
            assert_non_null(strstr(r->intel_bmp_hours.source, "assumed"));
        if (strcmp(r->name, "2.5") != 0 && strcmp(r->name, "6.0") != 0 &&
            strcmp(r->name, "6.2") != 0)
            assert_non_null(strstr(r->build.source, "assumed"));
    }
}

static void in_order_of_release(void **state)
{
    uint32_t count;
    const struct release *const *r = release_table(&count);

    (void)state;
    assert_true(count >= 2);
    for (uint32_t i = 1; i < count; i++) {
        unsigned a[3] = {0}, b[3] = {0};

        // NOLINTBEGIN(cert-err34-c): the parts of a release's name are short numbers
        assert_true(sscanf(r[i - 1]->name, "%u.%u.%u", &a[0], &a[1], &a[2]) >= 2);
        assert_true(sscanf(r[i]->name, "%u.%u.%u", &b[0], &b[1], &b[2]) >= 2);
        // NOLINTEND(cert-err34-c)
        assert_true(a[0] * 1000000 + a[1] * 1000 + a[2] < b[0] * 1000000 + b[1] * 1000 + b[2]);
    }
}

static void found_by_exact_name(void **state)
{
    static const char *const unknown[] = {"",      "5",    "5.0",    "5.0.",   "5.0.20",
                                          "5.0.1", "6.0x", "v5.0.2", " 5.0.2", "5.0.2 "};
    uint32_t count;
    const struct release *const *r = release_table(&count);

    (void)state;
    for (uint32_t i = 0; i < count; i++) {
        assert_ptr_equal(release_find(r[i]->name), r[i]);
        assert_true(strlen(r[i]->name) > 0 && strlen(r[i]->name) < LIMIT_VERSION_TEXT);
        for (uint32_t j = 0; j < i; j++)
            assert_string_not_equal(r[i]->name, r[j]->name);
    }
    for (size_t i = 0; i < COUNT(unknown); i++)
        assert_null(release_find(unknown[i]));
}

/* The rules stand one behind the other from `first` up to `end`, so that a new one is seen here. */
static void expect_sources(const void *row, size_t first, size_t end, const char *name)
{
    assert_int_equal((end - first) % sizeof(struct rule), 0);
    for (; first < end; first += sizeof(struct rule)) {
        struct rule rule;

        memcpy(&rule, (const char *)row + first, sizeof(rule));
        expect_source(rule.source, name);
    }
}

static void every_value_has_a_source(void **state)
{
    uint32_t count;
    const struct release *const *table = release_table(&count);

    (void)state;
    for (; count > 0; count--, table++) {
        const struct release *r = *table;

        expect_sources(r, offsetof(struct release, bare_metal_schedule), sizeof(*r), r->name);
        expect_source(r->roots.source, r->name);
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
    const struct oem_profile *const *table = oem_table(&count);

    (void)state;
    for (; count > 0; count--, table++) {
        const struct oem_profile *oem = *table;

        expect_sources(oem, offsetof(struct oem_profile, bmp_hours),
                       offsetof(struct oem_profile, pid), oem->name);
        assert_in_range(strlen(oem->host_label), 1, LIMIT_HOST_LABEL);
        assert_true(strlen(oem->default_domain) <= LIMIT_DOMAIN);
        assert_true(strlen(oem->pid) == 0 || strlen(oem->pid) == LIMIT_PID);
        assert_true(strlen(oem->pps) == (oem->pid[0] ? LIMIT_PPS : 0));
        for (uint32_t i = 0; i < oem->hash_count; i++)
            expect_source(oem->hash[i].source, oem->hash[i].name);
        for (size_t i = 0; i < COUNT(expected); i++)
            assert_true(expected[i].roots + oem->hash_count <= LIMIT_HASHES_BUILTIN);
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
    const struct oem_profile *const *oem = oem_table(&count);
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
    assert_string_equal(intel->host_label, "ProvisionServer");
    assert_string_equal(off->host_label, "ProvisionServer");
    assert_string_equal(intel->default_domain, "");
    assert_string_equal(off->default_domain, "");
    for (uint32_t i = 0; i < count; i++) {
        assert_ptr_equal(oem_find(oem[i]->name), oem[i]);
        for (uint32_t j = 0; j < i; j++)
            assert_string_not_equal(oem[i]->name, oem[j]->name);
    }
    assert_null(oem_find(""));
    assert_null(oem_find("bmp"));
    assert_null(oem_find("bmp-off2"));
}

/* Profiles that differ from "intel" in one thing, and the one of HP's notebooks (HPnb: timer 0). */
static void own_profiles(void **state)
{
    const struct oem_profile *hp = oem_find("hp-timer-0"), *psk = oem_find("psk-loaded");
    const struct oem_profile *domain = oem_find("own-domain"), *hashes = oem_find("own-hashes");

    (void)state;
    assert_int_equal(hp->bmp_hours.value, 0);
    assert_string_equal(hp->bmp_hours.source, "HPnb");
    assert_int_equal(hp->rcfg_enabled.value, 1);
    assert_string_equal(hp->pid, "");
    assert_string_equal(psk->pid, "0000037M");
    assert_string_equal(psk->pps, "NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ");
    assert_int_equal(psk->bmp_hours.value, OEM_BMP_INTEL);
    assert_string_equal(domain->default_domain, "oem.example");
    assert_string_equal(domain->pid, "");
    assert_int_equal(hashes->hash_count, 1);
    expect_hash(&hashes->hash[0], "VeriSign Class 3 Primary CA-G5",
                "4eb6d578499b1ccf5f581ead56be3d9b6744a5e5");
    assert_int_equal(oem_find("intel")->hash_count, 0);
    assert_string_equal(oem_find("intel")->pid, "");
    assert_int_equal(oem_find("intel")->power_package.value, 0); /* HP5: the default */
}

/* HP5: seven on a 5.0 desktop. DELL: two from 6.0 on, for either kind of machine. */
static void power_packages_of_a_release(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(expected); i++) {
        static const uint32_t offered[] = {0x07F, 0xF80, 0x891};
        const struct release *r = release_find(expected[i].name);

        assert_int_equal(release_power_packages(r), offered[expected[i].platform]);
    }
}

static void power_package_of_an_oem(void **state)
{
    static const struct {
        const char *release;
        uint32_t oem, want;
    } row[] = {{"5.0.2", 0, 0}, {"5.0.2", 6, 6},  {"5.0.2", 7, 0},       {"5.0.2", 12, 0},
               {"2.5", 0, 7},   {"2.5", 11, 11},  {"2.5", 6, 7},         {"6.0", 0, 0},
               {"6.0", 4, 4},   {"6.0", 11, 11},  {"6.0", 1, 0},         {"6.0", 31, 0},
               {"6.0", 32, 0},  {"4.0", 0x27, 7}, {"4.0", UINT32_MAX, 7}};

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct oem_profile oem = *oem_find("intel");

        oem.power_package.value = row[i].oem;
        assert_int_equal(release_oem_power_package(release_find(row[i].release), &oem),
                         row[i].want);
    }
    assert_int_equal(release_oem_power_package(release_find("4.0"), oem_find("hp-timer-0")), 11);
    assert_int_equal(release_oem_power_package(release_find("4.0"), oem_find("intel")), 7);
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
    assert_int_equal(release_oem_bmp_hours(release_find("2.2"), oem_find("intel")), 6);
    assert_int_equal(release_oem_bmp_hours(release_find("2.0"), oem_find("psk-loaded")), 24);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_release_is_as_documented),
        cmocka_unit_test(builds_tell_releases_apart),
        cmocka_unit_test(assumptions_are_marked),
        cmocka_unit_test(in_order_of_release),
        cmocka_unit_test(found_by_exact_name),
        cmocka_unit_test(every_value_has_a_source),
        cmocka_unit_test(every_oem_value_has_a_source),
        cmocka_unit_test(schedules_are_well_formed),
        cmocka_unit_test(hash_lengths),
        cmocka_unit_test(oem_profiles),
        cmocka_unit_test(own_profiles),
        cmocka_unit_test(bare_metal_hours_of_an_oem),
        cmocka_unit_test(power_packages_of_a_release),
        cmocka_unit_test(power_package_of_an_oem),
    };

    return cmocka_run_group_tests_name("release", tests, NULL, NULL);
}
