// SPDX-License-Identifier: BSD-3-Clause
// links: @core sim/scenario/oem_file.c
// links: @core
#define _POSIX_C_SOURCE 200809L // mkdtemp
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fw/core/settings.h"
#include "sim/scenario/oem_file.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define PPS "NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XJ"
#define HEX "0102030405060708090a0b0c0d0e0f1011121314"

static char dir[] = "/tmp/oem_file_XXXXXX";
static char path[64];
static struct oem_file oem;
static char error[400];

static int make_dir(void **state)
{
    (void)state;
    if (!mkdtemp(dir))
        return -1;
    snprintf(path, sizeof path, "%s/test.oem", dir);
    return 0;
}

static int remove_dir(void **state)
{
    (void)state;
    remove(path);
    return rmdir(dir);
}

static bool load_bytes(const void *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    memset(&oem, 0xEE, sizeof oem);
    memset(error, 0, sizeof error);
    return oem_file_load(path, &oem, error, sizeof error);
}

static bool load(const char *text)
{
    return load_bytes(text, strlen(text));
}

/* "PATH<rest>", as the whole of the message. */
static void expect_error(const char *text, const char *rest)
{
    char want[500];

    snprintf(want, sizeof want, "%s%s", path, rest);
    assert_false(load(text));
    assert_string_equal(error, want);
}

static void a_name_is_enough(void **state)
{
    const struct oem_profile *intel = oem_find("intel"), *p = &oem.profile;

    (void)state;
    assert_true(load("name acme"));
    assert_string_equal(error, "");
    assert_string_equal(p->name, "acme");
    assert_int_equal(p->bmp_hours.value, intel->bmp_hours.value);
    assert_int_equal(p->rcfg_enabled.value, intel->rcfg_enabled.value);
    assert_int_equal(p->localized_bios.value, 0);
    assert_int_equal(p->power_package.value, 0);
    assert_string_equal(p->pid, "");
    assert_string_equal(p->pps, "");
    assert_int_equal(p->hash_count, 0);
    assert_string_equal(p->default_domain, "");
    assert_string_equal(p->host_label, "ProvisionServer");
}

static const char everything[] =
    "# a comment\r\n"
    "\n"
    "   \t\n"
    "name acme-2\r\n"
    "bmp-hours 48   # hours\n"
    "\tremote-configuration \t off\n"
    "localized-bios\n"
    "default-domain oem.example\n"
    "host-label Setup\n"
    "pid 0000-037M\n"
    "pps " PPS "\n"
    "power-package \"Desktop: ON in S0, ME Wake in S3, S4-5\"\n"
    "hash sha1 " HEX " \"First # of two\"\n"
    "hash sha1 FFfe000000000000000000000000000000000000 \"Second\""; /* no newline */

static void every_key(void **state)
{
    static const uint8_t first[20] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                      11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
    const struct oem_profile *p = &oem.profile;

    (void)state;
    assert_true(load(everything));
    assert_string_equal(p->name, "acme-2");
    assert_int_equal(p->bmp_hours.value, 48);
    assert_int_equal(p->rcfg_enabled.value, 0);
    assert_int_equal(p->localized_bios.value, 1);
    assert_string_equal(p->default_domain, "oem.example");
    assert_string_equal(p->host_label, "Setup");
    assert_string_equal(p->pid, "0000037M");
    assert_string_equal(p->pps, "NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ");
    assert_int_equal(p->power_package.value, 4);
    assert_int_equal(p->hash_count, 2);
    assert_string_equal(p->hash[0].name, "First # of two");
    assert_int_equal(p->hash[0].algorithm, CERT_HASH_SHA1);
    assert_memory_equal(p->hash[0].bytes, first, sizeof first);
    assert_string_equal(p->hash[1].name, "Second");
    assert_memory_equal(p->hash[1].bytes, "\xFF\xFE\x00", 3);
}

/* A device of that OEM has what the file says. */
static void a_device_of_that_oem(void **state)
{
    const struct release *r = release_find("5.0.3");
    struct hash_view view;
    struct settings s;

    (void)state;
    assert_true(load(everything));
    settings_factory(&s, r, &oem.profile);
    assert_int_equal(s.machine.bmp_left_s, 48 * 3600);
    assert_string_equal(s.secret.pid, "0000037M");
    assert_int_equal(s.me.power_package, 4);
    assert_false(s.config.rcfg_enabled);
    assert_int_equal(settings_hash_count(&s, r), 7);
    assert_true(settings_find_hash(&s, r, 6, &view));
    assert_string_equal(view.name, "Second");
    assert_true(view.is_default);
}

static void bare_metal_hours(void **state)
{
    (void)state;
    assert_true(load("name a\nbmp-hours 0\n"));
    assert_int_equal(oem.profile.bmp_hours.value, 0);
    assert_true(load("name a\nbmp-hours off\n"));
    assert_int_equal(oem.profile.bmp_hours.value, 0);
    assert_true(load("name a\nbmp-hours 255\n"));
    assert_int_equal(oem.profile.bmp_hours.value, 255);
    assert_true(load("name a\nbmp-hours intel\n"));
    assert_int_equal(oem.profile.bmp_hours.value, OEM_BMP_INTEL);
    expect_error("name a\nbmp-hours 256\n",
                 ":2: invalid bmp-hours \"256\"; expected 0 to 255, intel or off");
    expect_error("bmp-hours 99999999999999999999\n",
                 ":1: invalid bmp-hours \"99999999999999999999\"; expected 0 to 255, intel or off");
    expect_error("bmp-hours -1\n", ":1: invalid bmp-hours \"-1\"; expected 0 to 255, intel or off");
    expect_error("bmp-hours 4h\n", ":1: invalid bmp-hours \"4h\"; expected 0 to 255, intel or off");
    expect_error("bmp-hours 4 5\n",
                 ":1: invalid bmp-hours \"4 5\"; expected 0 to 255, intel or off");
}

static void keys_and_values(void **state)
{
    (void)state;
    expect_error("", ": missing name; expected a line \"name NAME\"");
    expect_error("# nothing\n", ": missing name; expected a line \"name NAME\"");
    expect_error(
        "name a\n\ncolour blue\n",
        ":3: unknown key \"colour\"; expected name, bmp-hours, remote-configuration, "
        "localized-bios, default-domain, host-label, pid, pps, power-package, unprovision-to "
        "or hash");
    expect_error("name a\nname b\n", ":2: duplicate name; expected one");
    expect_error("name\n", ":1: missing value of name");
    expect_error("pps  # none\n", ":1: missing value of pps");
    expect_error("name a b\n",
                 ":1: invalid name \"a b\"; expected 1 to 31 letters, digits and '-'");
    expect_error("name a_b\n",
                 ":1: invalid name \"a_b\"; expected 1 to 31 letters, digits and '-'");
    expect_error("name \x1b[2J\n",
                 ":1: invalid name \"?[2J\"; expected 1 to 31 letters, digits and '-'");
    expect_error(
        "name abcdefghijklmnopqrstuvwxyz012345\n",
        ":1: invalid name \"abcdefghijklmnopqrstuvwxyz012345\"; expected 1 to 31 letters, digits "
        "and '-'");
    assert_true(load("name abcdefghijklmnopqrstuvwxyz01234\n"));
    expect_error("name bmp-off\n",
                 ":1: name \"bmp-off\" belongs to a built-in profile; expected another");
    expect_error("remote-configuration yes\n",
                 ":1: invalid remote-configuration \"yes\"; expected on or off");
    expect_error("localized-bios on\n",
                 ":1: unexpected value of localized-bios; expected the end of the line");
}

static void names_of_hosts(void **state)
{
    char text[400];

    (void)state;
    expect_error(
        "default-domain corp_a.example\n",
        ":1: invalid default-domain \"corp_a.example\"; expected a DNS name of at most 223 "
        "characters");
    expect_error("host-label a.b\n",
                 ":1: invalid host-label \"a.b\"; expected one DNS label of at most 31 characters");
    expect_error(
        "host-label abcdefghijklmnopqrstuvwxyz012345\n",
        ":1: invalid host-label \"abcdefghijklmnopqrstuvwxyz012345\"; expected one DNS label of "
        "at most 31 characters");
    assert_true(load("name a\nhost-label abcdefghijklmnopqrstuvwxyz01234\n"));
    for (int length = 223; length <= 224; length++) {
        snprintf(text, sizeof text, "name a\ndefault-domain %.*s\n", length,
                 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg."
                 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg."
                 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg."
                 "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd");
        assert_int_equal(load(text), length == 223);
    }
}

static void a_key_is_checked(void **state)
{
    static const char *const bad[] = {"NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XK", "NKLD-G5DC",
                                      "nkld-g5dc-rrnq-e9yz-zijl-7lfl", PPS " " PPS};

    (void)state;
    expect_error(
        "pid 0000-037N\n",
        ":1: invalid pid \"0000-037N\"; expected 8 capital letters and digits, the last one the "
        "check character, with a dash in the middle or without");
    expect_error("name a\npid 0000-037M\n\n", ":2: pid without pps; expected both or neither");
    expect_error("name a\npps " PPS "\n", ":2: pps without pid; expected both or neither");
    for (size_t i = 0; i < COUNT(bad); i++) {
        char text[200];

        snprintf(text, sizeof text, "pps %s\n", bad[i]);
        expect_error(text, ":1: invalid pps; expected 32 capital letters and digits, each "
                           "fourth one a check character, with dashes between fours or without");
    }
    /* a secret stays one wherever the mistake is */
    assert_false(load("name a\npid 0000-037M\npps " PPS "\npps " PPS "\n"));
    assert_null(strstr(error, "NKLD"));
}

static void power_packages_by_text(void **state)
{
    (void)state;
    assert_true(load("name a\npower-package \"Mobile: ON in S0\"\n"));
    assert_int_equal(oem.profile.power_package.value, 7);
    expect_error("power-package \"Desktop: ON in S1\"\n",
                 ":1: unknown power package \"Desktop: ON in S1\"; expected one like \"Desktop: ON "
                 "in S0\"");
    expect_error("power-package Desktop: ON in S0\n",
                 ":1: invalid power-package; expected a text in quotes like \"Desktop: ON in "
                 "S0\"");
    expect_error("power-package \"Desktop: ON in S0\n",
                 ":1: invalid power-package; expected a text in quotes like \"Desktop: ON in "
                 "S0\"");
}

static void what_an_unprovision_returns_to(void **state)
{
    (void)state;
    assert_true(load("name a\n"));
    assert_int_equal(oem.profile.unprovision_to.value, 0);
    assert_true(load("name a\nunprovision-to oem\n"));
    assert_int_equal(oem.profile.unprovision_to.value, UNPROVISION_TO_OEM);
    assert_true(load("name a\nunprovision-to intel\n"));
    assert_int_equal(oem.profile.unprovision_to.value, UNPROVISION_TO_INTEL);
    expect_error("unprovision-to 5.0.3\n",
                 ":1: invalid unprovision-to \"5.0.3\"; expected intel or oem");
}

static void hashes_are_checked(void **state)
{
    static const char *const length[] = {
        "hash sha1 0102 \"x\"\n",
        "hash sha1 " HEX "00 \"x\"\n",
        "hash sha1 " HEX "\n",
        "hash sha1 " HEX "\"x\"\n",
        "hash sha1\n",
        "hash sha1 0x02030405060708090a0b0c0d0e0f1011121314 \"x\"\n"};
    static const char *const name[] = {"hash sha1 " HEX " x\n",
                                       "hash sha1 " HEX " \"\"\n",
                                       "hash sha1 " HEX " \"x\n",
                                       "hash sha1 " HEX " \"x\" y\n",
                                       "hash sha1 " HEX " \"x\"y\"\n",
                                       "hash sha1 " HEX " \"123456789012345678901234567890123\"\n"};

    (void)state;
    for (size_t i = 0; i < COUNT(length); i++)
        expect_error(length[i], ":1: invalid hash; expected 40 hexadecimal digits and a name");
    for (size_t i = 0; i < COUNT(name); i++)
        expect_error(name[i],
                     ":1: invalid name of the hash; expected 1 to 32 characters in quotes");
    assert_true(load("name a\nhash sha1 " HEX " \"12345678901234567890123456789012\"\n"));
    expect_error(
        "hash sha256 " HEX " \"x\"\n",
        ":1: invalid hash \"sha256 0102030405060\"; expected sha1, 40 hexadecimal digits and a "
        "name in quotes");
    expect_error("hash sha1 " HEX " \"x\"\nhash sha1 " HEX " \"y\"\n",
                 ":2: duplicate hash; expected another");
}

/* G-roots: 20 in all; 6.1 has seven. */
static void room_for_hashes(void **state)
{
    char text[2000] = "name a\n";
    char line[100];

    (void)state;
    for (int i = 1; i <= 13; i++) {
        snprintf(line, sizeof line, "hash sha1 %040d \"root %d\"\n", i, i);
        strcat(text, line);
    }
    assert_true(load(text));
    assert_int_equal(oem.profile.hash_count, 13);
    strcat(text, "hash sha1 " HEX " \"root 14\"\n");
    expect_error(text, ":15: too many hashes; expected at most 13");
}

static void what_is_no_text_file(void **state)
{
    char text[500];

    (void)state;
    assert_false(load_bytes("name a\nx\0y\n", 11));
    assert_non_null(strstr(error, ":2: not a text file"));
    assert_false(load_bytes("name a\0b", 8));
    assert_non_null(strstr(error, ":1: not a text file"));
    memset(text, '#', sizeof text);
    text[401] = '\n';
    assert_false(load_bytes(text, 402));
    assert_non_null(strstr(error, ":1: line too long; expected at most 400 characters"));
    memcpy(text, "name a\n", 7);
    text[7 + 400] = '\n';
    assert_true(load_bytes(text, 408));
    text[401] = '#';
    text[407] = '#';
    text[408] = '\n';
    assert_false(load_bytes(text, 409));
    assert_non_null(strstr(error, ":2: line too long"));
}

static void files_that_cannot_be_read(void **state)
{
    char want[200];

    (void)state;
    snprintf(want, sizeof want, "cannot open %s/none.oem: No such file or directory", dir);
    snprintf(path, sizeof path, "%s/none.oem", dir);
    assert_false(oem_file_load(path, &oem, error, sizeof error));
    assert_string_equal(error, want);
    snprintf(want, sizeof want, "cannot read %s: Is a directory", dir);
    assert_false(oem_file_load(dir, &oem, error, sizeof error));
    assert_string_equal(error, want);
    snprintf(path, sizeof path, "%s/test.oem", dir);
}

static void errors_fit_their_buffer(void **state)
{
    (void)state;
    assert_false(load("colour blue\n"));
    for (size_t cap = 0; cap < 100; cap++) {
        char whole[400], small[104];

        memcpy(whole, error, sizeof whole);
        memset(small, 'x', sizeof small);
        assert_false(oem_file_load(path, &oem, small, cap));
        if (cap > 0)
            assert_int_equal(strlen(small), strlen(whole) < cap ? strlen(whole) : cap - 1);
        for (size_t i = cap; i < sizeof small; i++)
            assert_int_equal(small[i], 'x');
    }
}

/* Those that come with the scenarios, for a reader to copy. */
static void the_examples(void **state)
{
    const struct oem_profile *p;

    (void)state;
    p = oem_file_or_profile("sim/scenarios/oem/notebook.oem", &oem, error, sizeof error);
    assert_non_null(p);
    assert_string_equal(p->name, "notebook");
    assert_int_equal(p->bmp_hours.value, 0);
    assert_int_equal(p->power_package.value, 11);
    p = oem_file_or_profile("sim/scenarios/oem/keyed.oem", &oem, error, sizeof error);
    assert_non_null(p);
    assert_string_equal(p->name, "keyed");
    assert_int_equal(p->bmp_hours.value, 48);
    assert_string_equal(p->pid, "0000037M");
    assert_string_equal(p->default_domain, "setup.oem.example");
    assert_int_equal(p->hash_count, 1);
    assert_string_equal(p->hash[0].name, "OEM Example Root CA");
}

static void a_name_or_a_path(void **state)
{
    (void)state;
    assert_ptr_equal(oem_file_or_profile("bmp-off", &oem, error, sizeof error),
                     oem_find("bmp-off"));
    assert_true(load("name acme\n"));
    assert_ptr_equal(oem_file_or_profile(path, &oem, error, sizeof error), &oem.profile);
    assert_null(oem_file_or_profile("acme", &oem, error, sizeof error));
    assert_string_equal(error, "unknown OEM profile \"acme\"; expected one of intel, bmp-off, "
                               "localized, hp-timer-0, psk-loaded, own-domain, own-hashes, or a "
                               "file *.oem");
    assert_null(oem_file_or_profile("acme.oem", &oem, error, sizeof error));
    assert_string_equal(error, "cannot open acme.oem: No such file or directory");
    assert_null(oem_file_or_profile("./bmp-off", &oem, error, sizeof error));
    assert_string_equal(error, "cannot open ./bmp-off: No such file or directory");
    assert_null(oem_file_or_profile("", &oem, error, sizeof error));
    assert_null(oem_file_or_profile("acme", &oem, NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_enough),
        cmocka_unit_test(every_key),
        cmocka_unit_test(a_device_of_that_oem),
        cmocka_unit_test(bare_metal_hours),
        cmocka_unit_test(keys_and_values),
        cmocka_unit_test(names_of_hosts),
        cmocka_unit_test(a_key_is_checked),
        cmocka_unit_test(power_packages_by_text),
        cmocka_unit_test(what_an_unprovision_returns_to),
        cmocka_unit_test(hashes_are_checked),
        cmocka_unit_test(room_for_hashes),
        cmocka_unit_test(what_is_no_text_file),
        cmocka_unit_test(files_that_cannot_be_read),
        cmocka_unit_test(errors_fit_their_buffer),
        cmocka_unit_test(the_examples),
        cmocka_unit_test(a_name_or_a_path),
    };

    return cmocka_run_group_tests_name("oem_file", tests, make_dir, remove_dir);
}
