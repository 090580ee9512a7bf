// SPDX-License-Identifier: BSD-3-Clause
// links: @mebx @core
#include "tests/fixtures/mebx.h"

/* --- PID, PPS, mode: what starts a set-up --- */

static void test_pid_and_pps(void **state)
{
    static const struct entry keys[] = {
        {PID "\r" PPS, NULL},
        {"0000037M\r" PPS_PLAIN, NULL},
        {"0000-037N", "expected digits and capitals in groups of XXXX"},
        {"0000-037m", "expected digits and capitals in groups of XXXX"},
        {"0000-037", "expected digits and capitals in groups of XXXX"},
        {"0000-037MM", "expected digits and capitals in groups of XXXX"},
        {PID "\rNKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XK",
         "expected digits and capitals in groups of XXXX"},
        {PID "\rNKLE-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XJ",
         "expected digits and capitals in groups of XXXX"},
        {PID "\rNKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED",
         "expected digits and capitals in groups of XXXX"},
        {PID "\rnkld-g5dc-rrnq-e9yz-zijl-7lfl-vjed-69xj",
         "expected digits and capitals in groups of XXXX"},
    };

    (void)state;
    TRY(SETUP, "2\r", keys);
    changed(r502);
    walk(SETUP_FACTORY, SETUP "2\r" PID "\r\r"); /* a PID alone is none */
    assert_string_equal(now()->secret.pid, "");
    shows("  2. Set PID and PPS [not set]\n");
    type("2\r" PID "\r" PPS "\r");
    shows("PPS (empty: keep): ***************************************\n");
    shows("  2. Set PID and PPS [0000-037M]\n");
    type(UP UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_KEY_ENTERED);
    assert_string_equal(now()->secret.pid, "0000037M");
    assert_string_equal(now()->secret.pps, PPS_PLAIN);
}

static void test_a_key_on_a_new_device_with_its_password(void **state)
{
    (void)state;
    factory(r503);
    open_menu(r503);
    type("admin\r" OWN "\r" OWN "\r" SETUP "2\r" PID "\r" PPS "\r" UP UP "4\rn\r4\r\r");
    assert_false(fixture.left);
    assert_int_equal(fixture.outcome.change, LOCAL_NONE);
    type("4\rY\r");
    assert_true(fixture.left);
    assert_int_equal(fixture.outcome.change, LOCAL_KEY_ENTERED);
    assert_string_equal(now()->secret.password, OWN);
    assert_string_equal(now()->secret.pid, "0000037M");
    shows("Leaving the menu.\n");
}

static void test_key_while_in_process_and_deleting_it(void **state)
{
    (void)state;
    changed(r502);
    walk(SETUP_IN_PROCESS, SETUP "2\r" PID "\r" PPS "\r" UP UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_KEY_ENTERED);
    fixture.settings = *now();
    walk(SETUP_IN_PROCESS, SETUP "3\rn\r");
    assert_string_equal(now()->secret.pid, "0000037M");
    type("3\ry\r" UP UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_string_equal(now()->secret.pid, "");
    assert_memory_equal(now()->secret.pps, (char[LIMIT_PPS + 1]){0}, LIMIT_PPS + 1);
    fixture.settings = *now();
    walk(SETUP_FACTORY, SETUP "2\r" PID "\r" PPS "\r3\ry\r" UP UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_string_equal(now()->secret.pid, "");
}

static void test_small_business_mode(void **state)
{
    (void)state;
    changed(r502);
    walk(SETUP_FACTORY, AMT "3\r");
    shows("  3. Provisioning mode [Enterprise]\n");
    shows("Provisioning mode\n  1. Enterprise\n  2. Small business\n");
    type("3\r3\r2\r4\r2\r" PID "\r" PPS "\r" UP UP EXIT); /* 3: no such mode */
    assert_int_equal(fixture.outcome.change, LOCAL_MANUAL);
    assert_int_equal(now()->config.mode, MODE_SMB);
    /* Only choosing the mode provisions; a key does nothing in it. */
    fixture.settings = *now();
    walk(SETUP_FACTORY, SETUP "2\r" PID "\r" PPS "\r" UP UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    changed(r502);
    walk(SETUP_FACTORY, AMT "3\r2\r3\r1\r" UP EXIT); /* taken back */
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_int_equal(now()->config.mode, MODE_ENTERPRISE);
}

/* G-restore: from 6.0 on there is no choice of mode. DELL: on 2.x and 3.x a device in
 * small-business mode offers the full unprovision only. */
static void test_small_business_mode_by_release(void **state)
{
    (void)state;
    changed(r502);
    open_menu(release_find("6.0"));
    type(LOGIN AMT "3\r");
    assert_false(on_screen("Provisioning mode"));
    shows("Refused: the list has no such number\n");
    fixture.settings.config.mode = MODE_SMB;
    fixture.setup.state = SETUP_PROVISIONED;
    open_menu(release_find("3.0"));
    type(LOGIN UNPROVISION "1\r");
    assert_false(on_screen("Partial un-provision"));
    shows("  2. Full un-provision\n");
    shows("Refused: the list has no such number\n");
    type("2\ry\r");
    assert_int_equal(fixture.outcome.change, LOCAL_FULL);
}

/* --- certificate hashes --- */

#define SHA1_B "10112233445566778899AABBCCDDEEFF01234567"
#define SHA1_C "20112233445566778899AABBCCDDEEFF01234567"
#define SHA1_D "30112233445566778899AABBCCDDEEFF01234567"
#define SHA256 SHA1 "89ABCDEF0123456789ABCDEF"
#define SHA384 SHA256 "FFEEDDCCBBAA99887766554433221100"

static void test_hash_list(void **state)
{
    (void)state;
    changed(r502);
    walk(SETUP_FACTORY, HASHES);
    shows("CERTIFICATE HASHES\n"
          "  Hash 1: VeriSign Class 3 Primary CA-G1, SHA-1, built in, active\n"
          "    742C 3192 E607 E424 EB45 4954 2BE1 BBC5 3E61 74E2\n");
    shows("  Hash 5: Starfield Class 2 CA, SHA-1, built in, active\n"
          "    AD7E 1C28 B064 EF8F 6003 4020 14C3 D0E3 370E B58A\n"
          "  1. Activate a hash\n");
}

static void test_hash_switch(void **state)
{
    static const struct entry numbers[] = {{"1", NULL},
                                           {"5", NULL},
                                           {"", NULL},
                                           {"6", "the list has no such number\n"},
                                           {"0", "the list has no such number\n"},
                                           {"x", "the list has no such number\n"}};

    (void)state;
    TRY(HASHES, "1\r", numbers);
    TRY(HASHES, "2\r", numbers);
    changed(r502);
    walk(SETUP_FACTORY, HASHES "2\r1\r2\r5\r");
    assert_int_equal(now()->config.hash_active & 0x1F, 0x0E);
    shows("  Hash 5: Starfield Class 2 CA, SHA-1, built in, not active\n");
    type("1\r5\r" UP UP UP UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_int_equal(now()->config.hash_active & 0x1F, 0x1E);
    fixture.settings = *now();
    walk(SETUP_FACTORY, HASHES "2\r1\r1\r5\r" UP UP UP UP EXIT); /* both as they are */
    assert_int_equal(fixture.outcome.change, LOCAL_NONE);
}

static void test_user_hashes(void **state)
{
    static const uint8_t bytes[20] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99,
                                      0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0x01, 0x23, 0x45, 0x67};

    (void)state;
    changed(r502);
    walk(SETUP_FACTORY, HASHES "3\r" SHA1 "\rMy CA\r3\r" SHA1_B "\rB\r3\r" SHA1_C "\rC\r");
    shows("  Hash 6: My CA, SHA-1, added, active\n"
          "    0011 2233 4455 6677 8899 AABB CCDD EEFF 0123 4567\n");
    assert_int_equal(now()->config.user_hash[0].algorithm, CERT_HASH_SHA1);
    assert_memory_equal(now()->config.user_hash[0].bytes, bytes, sizeof(bytes));
    assert_string_equal(now()->config.user_hash[0].name, "My CA");
    assert_int_equal(now()->config.user_hash_active, 7);
    forget();
    type("3\r" SHA1_D "\r");
    shows("Refused: three hashes are added already\n");
    type("4\r7\r"); /* B */
    assert_int_equal(now()->config.user_hash[1].algorithm, 0);
    assert_int_equal(now()->config.user_hash_active, 5);
    type("2\r7\r"); /* now C */
    assert_int_equal(now()->config.user_hash_active, 1);
    type("3\r" SHA1_D "\rD\r");
    assert_string_equal(now()->config.user_hash[1].name, "D");
    assert_int_equal(now()->config.user_hash_active, 3);
    forget();
    type("4\r5\r");
    shows("Refused: a built-in hash can only be deactivated\n");
    type(UP UP UP UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
}

static void test_one_hash_is_a_change(void **state)
{
    (void)state;
    changed(r502);
    walk(SETUP_FACTORY, HASHES "3\r" SHA1 "\rMy CA\r" UP UP UP UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    fixture.settings = *now();
    walk(SETUP_FACTORY, HASHES "4\r6\r" UP UP UP UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
    assert_int_equal(now()->config.user_hash[0].algorithm, 0);
}

static void test_hash_values(void **state)
{
    static const struct entry hashes[] = {
        {SHA1 "\rn", NULL},
        {"0011-2233:44 55-6677-8899-aabb-ccdd-eeff-0123-4567\rn", NULL},
        {SHA1 "\r12345678901234567890123456789012", NULL},
        {"ad7e1c28b064ef8f6003402014c3d0e3370eb58a", "this hash is in the list\n"},
        {SHA256, "expected 40 hexadecimal digits: SHA-1\n"},
        {SHA384, "expected 40 hexadecimal digits: SHA-1\n"},
        {SHA384 "00", "expected 40 hexadecimal digits"},
        {SHA1 "8", "expected 40 hexadecimal digits"},
        {SHA1 "-", "expected 40 hexadecimal digits"},
        {"-" SHA1, "expected 40 hexadecimal digits"},
        {"G" SHA1, "expected 40 hexadecimal digits"},
        {SHA1 "\r123456789012345678901234567890123", "a name has at most 32 characters\n"},
    };

    (void)state;
    TRY(HASHES, "3\r", hashes);
    changed(r502);
    walk(SETUP_FACTORY, HASHES "3\r" SHA1 "\r\r3\r\r"); /* given up at the name, at the digits */
    assert_int_equal(now()->config.user_hash[0].algorithm, 0);
    assert_false(fixture.mebx.changed);
}

/* G-usbver: SHA-256 and SHA-384 came with 6.0. */
static void test_long_hashes_of_newer_releases(void **state)
{
    struct release newer = *r503;

    (void)state;
    newer.setup_bin.value = SETUP_BIN_V1 | SETUP_BIN_V3;
    changed(r503);
    open_menu(&newer);
    type(LOGIN HASHES "3\r" SHA256 "\rtwo\r3\r" SHA384 "\rthree\r3\r0011\r");
    shows("Refused: expected 40, 64 or 96 hexadecimal digits\n");
    type("3\r" SHA1 "\rone\r");
    assert_int_equal(now()->config.user_hash[0].algorithm, CERT_HASH_SHA256);
    assert_int_equal(now()->config.user_hash[1].algorithm, CERT_HASH_SHA384);
    assert_int_equal(now()->config.user_hash[1].bytes[47], 0x00);
    assert_int_equal(now()->config.user_hash[1].bytes[46], 0x11);
    assert_int_equal(now()->config.user_hash[2].algorithm, CERT_HASH_SHA1);
    shows("SHA-1, SHA-256 or SHA-384 hash in hexadecimal (empty: none): ");
}

/* GAEL: no FQDN and no suffix before 3.0; no remote configuration without PKI. */
static void test_items_that_a_release_lacks(void **state)
{
    struct release older = *r502;

    (void)state;
    older.server_fqdn.value = 0;
    changed(r502);
    open_menu(&older);
    type(LOGIN SETUP);
    assert_false(on_screen("FQDN"));
    type("4\r");
    shows("Refused: the list has no such number\n");
    type("5\r");
    shows("REMOTE CONFIGURATION\n");
    assert_false(on_screen("suffix"));
    older.pki_bare_metal.value = older.pki_by_agent.value = 0;
    forget();
    open_menu(&older);
    type(LOGIN SETUP);
    assert_false(on_screen("PKI"));
    type("5\r");
    shows("Refused: the list has no such number\n");
}

/* --- states and un-provisioning --- */

static void refused(uint8_t state, const char *path, const char *number, const char *reason)
{
    changed(r502);
    walk(state, path);
    forget();
    type(number);
    shows("Refused: ");
    shows(reason);
    assert_false(fixture.mebx.changed);
}

static void test_what_is_refused_in_which_state(void **state)
{
    static const char provisioned[] = "the device is provisioned; un-provision it first\n";
    static const char only_factory[] = "only in factory state; a full un-provision returns there\n";

    (void)state;
    refused(SETUP_SETUP, AMT, "3\r", only_factory);
    refused(SETUP_IN_PROCESS, AMT, "3\r", only_factory);
    refused(SETUP_PROVISIONED, AMT, "3\r", only_factory);
    refused(SETUP_FACTORY, UNPROVISION, "1\r", "there is nothing to un-provision\n");
    for (int i = 1; i <= 4; i++) {
        char number[] = {(char)('0' + i), '\r', '\0'};

        refused(SETUP_PROVISIONED, SETUP, number, provisioned);
        refused(SETUP_PROVISIONED, HASHES, number, provisioned);
    }
    refused(SETUP_PROVISIONED, REMOTE, "1\r", provisioned);
    refused(SETUP_PROVISIONED, REMOTE, "2\r", provisioned);
    walk(SETUP_FACTORY, SETUP);
    shows("SETUP AND CONFIGURATION\n  State: Not started\n");
    walk(SETUP_SETUP, SETUP);
    shows("  State: In process\n");
    walk(SETUP_IN_PROCESS, SETUP);
    shows("  State: In process\n");
    walk(SETUP_PROVISIONED, SETUP);
    shows("  State: Completed\n");
    /* and shown all the same */
    walk(SETUP_PROVISIONED, AMT);
    shows("  3. Provisioning mode [Enterprise]\n");
    type("1\rws1\r" UP EXIT);
    assert_int_equal(fixture.outcome.change, LOCAL_SETTINGS);
}

static void test_unprovision(void **state)
{
    (void)state;
    changed(r502);
    walk(SETUP_PROVISIONED, UNPROVISION "1\r");
    shows("Partial un-provision, are you sure (y/n)? ");
    type("n\r1\ryes\r1\r\r2\rn\r2\r\r");
    assert_false(fixture.left);
    type("1\ry\r");
    assert_true(fixture.left);
    assert_int_equal(fixture.outcome.change, LOCAL_PARTIAL);
    assert_string_equal(now()->secret.password, OWN);

    walk(SETUP_IN_PROCESS, AMT "1\rws1\r7\r1\rY\r");
    assert_int_equal(fixture.outcome.change, LOCAL_PARTIAL);
    assert_string_equal(now()->config.host_name, "ws1");
    walk(SETUP_PROVISIONED, UNPROVISION "2\r");
    shows("Full un-provision, are you sure (y/n)? ");
    type("y\r");
    assert_int_equal(fixture.outcome.change, LOCAL_FULL);
    walk(SETUP_FACTORY, UNPROVISION "2\ry\r");
    assert_int_equal(fixture.outcome.change, LOCAL_FULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pid_and_pps),
        cmocka_unit_test(test_a_key_on_a_new_device_with_its_password),
        cmocka_unit_test(test_key_while_in_process_and_deleting_it),
        cmocka_unit_test(test_small_business_mode),
        cmocka_unit_test(test_small_business_mode_by_release),
        cmocka_unit_test(test_hash_list),
        cmocka_unit_test(test_hash_switch),
        cmocka_unit_test(test_user_hashes),
        cmocka_unit_test(test_one_hash_is_a_change),
        cmocka_unit_test(test_hash_values),
        cmocka_unit_test(test_long_hashes_of_newer_releases),
        cmocka_unit_test(test_items_that_a_release_lacks),
        cmocka_unit_test(test_what_is_refused_in_which_state),
        cmocka_unit_test(test_unprovision),
    };
    return cmocka_run_group_tests_name("mebx_setup", tests, find_rows, NULL);
}
