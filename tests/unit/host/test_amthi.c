// SPDX-License-Identifier: BSD-3-Clause
// links: @amthi @core
#include "fw/host/amthi/amthi_reply.h"
#include "tests/fixtures/amthi.h"

static void test_provisioning_state(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 11000004 00000000");
    expect_hex(&b, "01010000 11008004 08000000 00000000 00000000");
    assert_int_equal(b.effects.command, 0x04000011);
    set_phase(&b, RUNNING);
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 11008004 08000000 00000000 01000000");
    b.setup.state = SETUP_IN_PROCESS;
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 11008004 08000000 00000000 01000000");
    set_phase(&b, OVER);
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 11008004 08000000 00000000 01000000");
    set_phase(&b, POST);
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 11008004 08000000 00000000 02000000");
}

static void test_provisioning_mode(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 08000004 00000000");
    expect_hex(&b, "01010000 08008004 0C000000 00000000 01000000 00000000");
    b.settings.config.mode = MODE_SMB;
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 08008004 0C000000 00000000 02000000 00000000");
    b.settings.config.mode = MODE_NONE;
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 08008004 0C000000 00000000 00000000 00000000");
}

static size_t put_version_text(uint8_t *at, const char *text)
{
    memset(at, 0, 22);
    at[0] = (uint8_t)strlen(text);
    memcpy(at + 2, text, strlen(text));
    return 22;
}

static void test_code_versions(void **unused)
{
    static const char *const entry[][2] = {
        {"Flash", "5.0.3"},
        {"Netstack", "5.0.3"},
        {"AMTApps", "5.0.3"},
        {"AMT", "5.0.3"},
        {"Sku", "14"},
        {"VendorID", "8086"},
        {"Build Number", "0037"},
        {"Recovery Version", "5.0.3"},
        {"Recovery Build Num", "0037"},
        {"Legacy Mode", "False"},
    };
    uint8_t want[LIMIT_AMTHI_RESPONSE] = {0};
    size_t len;
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.release.sku.value = 14;
    b.release.build.value = 37;
    send_hex(&b, "01010000 1A000004 00000000");
    /* 4 + 65 + 4 + 10 * 44 = 513 */
    len = from_hex("01010000 1A008004 01020000 00000000", want);
    memcpy(want + len, "PROVISO", 7);
    len += 65;
    len += from_hex("0A000000", want + len);
    for (size_t i = 0; i < COUNT(entry); i++)
        for (size_t j = 0; j < 2; j++)
            len += put_version_text(want + len, entry[i][j]);
    assert_int_equal(len, 525);
    expect_bytes(&b, want, len);
}

static void test_code_version_numbers(void **unused)
{
    static const struct {
        uint32_t value;
        const char *sku, *build;
    } cases[] = {{0, "0", "0000"},
                 {9, "9", "0009"},
                 {12345, "12345", "12345"},
                 {UINT16_MAX, "65535", "65535"}};
    const size_t sku_at = 16 + 65 + 4 + 4 * 44 + 22, build_at = 16 + 65 + 4 + 6 * 44 + 22;
    uint8_t want[22];
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    for (size_t i = 0; i < COUNT(cases); i++) {
        b.release.sku.value = b.release.build.value = cases[i].value;
        send_hex(&b, "01010000 1A000004 00000000");
        put_version_text(want, cases[i].sku);
        assert_memory_equal(b.response + sku_at, want, sizeof(want));
        put_version_text(want, cases[i].build);
        assert_memory_equal(b.response + build_at, want, sizeof(want));
    }
}

static void test_every_release_name_fits_its_field(void **unused)
{
    uint32_t count;
    const struct release *const *release = release_table(&count);

    (void)unused;
    for (uint32_t i = 0; i < count; i++)
        assert_in_range(strlen(release[i]->name), 1, 19);
}

static void test_rng(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 2E000004 00000000");
    expect_hex(&b, "01010000 2E008004 08000000 00000000 00000000");
    send_hex(&b, "01010000 28000004 00000000");
    expect_hex(&b, "01010000 28008004 04000000 00000000");
    b.view.rng_ready = false;
    send_hex(&b, "01010000 2E000004 00000000");
    expect_hex(&b, "01010000 2E008004 08000000 00000000 02000000");
    send_hex(&b, "01010000 28000004 00000000");
    expect_hex(&b, "01010000 28008004 04000000 2F000000");
}

static void test_tls_mode(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.settings.config.rcfg_enabled = true;
    send_hex(&b, "01010000 2B000004 00000000");
    expect_hex(&b, "01010000 2B008004 08000000 00000000 02000000");
    b.settings.config.rcfg_enabled = false;
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 2B008004 08000000 00000000 00000000");
    memcpy(b.settings.secret.pid, "0000037M", 8);
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 2B008004 08000000 00000000 01000000");
    b.settings.config.rcfg_enabled = true;
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 2B008004 08000000 00000000 01000000");
}

static void test_zero_touch(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.settings.config.rcfg_enabled = true;
    send_hex(&b, "01010000 30000004 00000000");
    expect_hex(&b, "01010000 30008004 08000000 00000000 01000000");
    b.settings.config.rcfg_enabled = false;
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 30008004 08000000 00000000 00000000");
}

static void test_get_suffix(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 36000004 00000000");
    expect_hex(&b, "01010000 36008004 06000000 00000000 0000");
    memcpy(b.settings.config.pki_suffix, "corp.example", 13);
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 36008004 12000000 00000000 0C00 636F72702E6578616D706C65");
    memset(b.settings.config.pki_suffix, 'a', LIMIT_PKI_SUFFIX);
    send_len(&b, b.request_len);
    assert_int_equal(b.len, 16 + 2 + 223);
    assert_int_equal(b.response[16], 223);
}

static void test_hash_handles(void **unused)
{
    struct cert_hash root[LIMIT_HASHES_BUILTIN] = {0};
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 2C000004 00000000"); /* five roots on 5.0.3 */
    expect_hex(&b, "01010000 2C008004 1C000000 00000000 05000000"
                   "00000000 01000000 02000000 03000000 04000000");
    b.release.roots = (struct root_set){root, LIMIT_HASHES_BUILTIN, "test"};
    for (size_t i = 0; i < LIMIT_HASHES_USER; i++)
        b.settings.config.user_hash[i].algorithm = CERT_HASH_SHA1;
    send_len(&b, b.request_len);
    assert_int_equal(b.len, 16 + 4 + 23 * 4);
    assert_int_equal(b.response[16], 23);
    for (uint8_t i = 0; i < 23; i++)
        assert_int_equal(b.response[20 + 4 * i], i);
    b.release.roots.count = 0;
    memset(b.settings.config.user_hash, 0, sizeof(b.settings.config.user_hash));
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 2C008004 08000000 00000000 00000000");
}

/* The entry whose text the forum thread shows (S0). */
static void test_starfield_entry(void **unused)
{
    uint8_t want[200] = {0};
    size_t len;
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 2D000004 04000000 04000000");
    len = from_hex("01010000 2D008004 63000000 00000000 01000000 01000000"
                   "AD7E1C28B064EF8F6003402014C3D0E3370EB58A",
                   want);
    len += 64 - 20;
    len += from_hex("01 1400", want + len);
    memcpy(want + len, "Starfield Class 2 CA", 20);
    expect_bytes(&b, want, len + 20);
    b.settings.config.hash_active = 0;
    send_len(&b, b.request_len);
    want[20] = 0;
    expect_bytes(&b, want, len + 20);
}

static void test_hash_entry_layout(void **unused)
{
    static const uint8_t bytes[] = {20, 32, 48};
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.release.roots.count = 0;
    for (uint8_t algorithm = 1; algorithm <= 3; algorithm++) {
        struct user_hash *hash = &b.settings.config.user_hash[algorithm - 1];

        hash->algorithm = algorithm;
        memset(hash->bytes, 0xA0 + algorithm, sizeof(hash->bytes));
        memset(hash->name, 'n', algorithm == 3 ? LIMIT_HASH_NAME : algorithm);
    }
    b.settings.config.user_hash_active = 2;
    for (uint8_t handle = 0; handle < 3; handle++) {
        size_t name = handle == 2 ? 32 : handle + 1u;
        const uint8_t payload[4] = {handle};
        const uint8_t *entry = b.response + 16;

        send_payload(&b, 0x2D, payload, 4);
        assert_int_equal(b.len, 16 + 4 + 4 + 64 + 1 + 2 + name);
        assert_int_equal(b.response[8], 4 + 4 + 4 + 64 + 1 + 2 + name);
        assert_int_equal(entry[0], 0);
        assert_int_equal(entry[4], handle == 1);
        for (size_t i = 0; i < 64; i++)
            assert_int_equal(entry[8 + i], i < bytes[handle] ? 0xA1 + handle : 0);
        assert_int_equal(entry[72], handle + 1);
        assert_int_equal(entry[73], name);
        assert_int_equal(entry[74], 0);
        assert_int_equal(entry[75 + name - 1], 'n');
    }
}

static void test_bad_hash_handle(void **unused)
{
    static const char *const handle[] = {"05000000", "00010000", "00000001", "FFFFFFFF"};
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    for (size_t i = 0; i < COUNT(handle); i++) {
        char hex[64];

        snprintf(hex, sizeof(hex), "01010000 2D000004 04000000 %s", handle[i]);
        send_hex(&b, hex);
        expect_hex(&b, "01010000 2D008004 04000000 14080000");
    }
}

static void test_start_configuration_is_raised(void **unused)
{
    uint8_t response[16], want[16];
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 29000004 00000000");
    assert_int_equal(b.effects.action, AMTHI_RAISE_EVENT);
    assert_int_equal(b.effects.event, SETUP_EV_START);
    assert_int_equal(b.effects.command, 0x04000029);
    assert_int_equal(b.len, 0);
    assert_int_equal(amthi_status_response(b.effects.command, PT_STATUS_NOT_READY, response), 16);
    from_hex("01010000 29008004 04000000 02000000", want);
    assert_memory_equal(response, want, 16);
    assert_int_equal(amthi_status_response(b.effects.command, PT_STATUS_INVALID_PT_MODE, response),
                     16);
    from_hex("01010000 29008004 04000000 03000000", want);
    assert_memory_equal(response, want, 16);
    assert_int_equal(amthi_status_response(0x0400002A, 0x81C, response), 16);
    from_hex("01010000 2A008004 04000000 1C080000", want);
    assert_memory_equal(response, want, 16);
}

static void test_start_configuration_ex(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.release.amthi.value = AMTHI_ALL;
    send_hex(&b, "01010000 62000004 04000000 00000000");
    expect_raised(&b, SETUP_EV_START);
    assert_int_equal(b.effects.command, 0x04000062);
    send_hex(&b, "01010000 62000004 04000000 01000000"); /* over IPv6 */
    expect_hex(&b, "01010000 62008004 04000000 12080000");
    send_hex(&b, "01010000 62000004 04000000 02000000");
    expect_hex(&b, "01010000 62008004 04000000 24000000");
    send_hex(&b, "01010000 62000004 04000000 00000001");
    expect_hex(&b, "01010000 62008004 04000000 24000000");
}

static void test_stop_configuration_is_raised(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.release.amthi.value = AMTHI_ALL;
    send_hex(&b, "01010000 5E000004 00000000");
    expect_raised(&b, SETUP_EV_STOP);
}

static void test_pid(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    memset(b.settings.secret.pid, 0, sizeof(b.settings.secret.pid));
    send_hex(&b, "01010000 3B000004 00000000");
    expect_hex(&b, "01010000 3B008004 0C000000 00000000 0000000000000000");
    memcpy(b.settings.secret.pid, "0000037M", 9);
    memcpy(b.settings.secret.pps, "NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ", 33);
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 3B008004 0C000000 00000000 303030303033374D");
}

static void test_not_from_the_host(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 10000004 04000000 00000000");
    expect_hex(&b, "01010000 10008004 04000000 10000000");
    send_hex(&b, "01010000 10000004 04000000 09000000"); /* the mode is ignored (G-unprov) */
    expect_hex(&b, "01010000 10008004 04000000 10000000");
    send_hex(&b, "01010000 3A000004 04000000 01000000");
    expect_hex(&b, "01010000 3A008004 04000000 10000000");
    assert_int_equal(b.effects.action, AMTHI_ANSWER);
}

static void test_no_audit_record(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    set_phase(&b, POST);
    send_hex(&b, "01010000 27000004 00000000");
    expect_hex(&b, "01010000 27008004 04000000 02000000");
    b.release.amthi.value = AMTHI_ALL;
    send_hex(&b, "01010000 50000004 00000000");
    expect_hex(&b, "01010000 50008004 04000000 02000000");
}

static void test_config_server(void **unused)
{
    struct fixture b;
    uint8_t want[80] = {0};
    size_t len;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 4E000004 00000000");
    len = from_hex("01010000 4E008004 36000000 00000000 F326", want);
    expect_bytes(&b, want, len + 46 + 2);
    b.settings.config.server_ip = 0xC0A84D01;
    b.settings.config.server_port = 0x1234;
    memcpy(b.settings.config.server_fqdn, "sca.example", 12);
    send_len(&b, b.request_len);
    len = from_hex("01010000 4E008004 41000000 00000000 3412", want);
    memcpy(want + len, "192.168.77.1", 12);
    len += 46;
    len += from_hex("0B00 7363612E6578616D706C65", want + len);
    expect_bytes(&b, want, len);
    memset(b.settings.config.server_fqdn, 'a', LIMIT_FQDN);
    send_len(&b, b.request_len);
    assert_int_equal(b.len, 16 + 2 + 46 + 2 + 253);
}

static void test_address_text(void **unused)
{
    static const struct {
        uint32_t ip;
        const char *text;
    } cases[] = {{0, ""},
                 {0xFFFFFFFF, "255.255.255.255"},
                 {0x01020304, "1.2.3.4"},
                 {0x0A000064, "10.0.0.100"},
                 {0x00000001, "0.0.0.1"},
                 {0x65096300, "101.9.99.0"}};
    char want[46];
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    for (size_t i = 0; i < COUNT(cases); i++) {
        b.settings.config.server_ip = cases[i].ip;
        send_hex(&b, "01010000 4E000004 00000000");
        memset(want, 0, sizeof(want));
        memcpy(want, cases[i].text, strlen(cases[i].text));
        assert_memory_equal(b.response + 18, want, sizeof(want));
    }
}

static void test_command_names(void **unused)
{
    static const struct {
        uint32_t id;
        const char *name;
    } known[] = {
        {0x04000006, "GetTcpipParameters"},
        {0x04000008, "GetProvisioningMode"},
        {0x04000010, "Unprovision"},
        {0x04000011, "GetProvisioningState"},
        {0x0400001A, "GetCodeVersions"},
        {0x0400001B, "GetSecurityParameters"},
        {0x0400001E, "GetAdminNetACLEntryStatus"},
        {0x04000025, "GetMacAddresses"},
        {0x04000027, "GetAMTSetupAuditRecord"},
        {0x04000028, "GenerateRNGSeed"},
        {0x04000029, "StartConfiguration"},
        {0x0400002A, "SetProvisioningServerOTP"},
        {0x0400002B, "GetProvisioningTLSMode"},
        {0x0400002C, "EnumerateHashHandles"},
        {0x0400002D, "GetCertificateHashEntry"},
        {0x0400002E, "GetRNGSeedStatus"},
        {0x0400002F, "SetPKIFQDNSuffix"},
        {0x04000030, "GetZeroTouchEnabled"},
        {0x04000036, "GetPKIFQDNSuffix"},
        {0x0400003A, "SetZeroTouchEnabled"},
        {0x0400003B, "GetPID"},
        {0x0400003E, "GetDNSSuffixList"},
        {0x0400003F, "SetEnterpriseAccess"},
        {0x04000044, "OpenUserInitiatedConnection"},
        {0x04000045, "CloseUserInitiatedConnection"},
        {0x04000046, "GetRemoteAccessConnectionStatus"},
        {0x04000047, "GetCurrentPowerPolicy"},
        {0x04000048, "GetLanInterfaceSettings"},
        {0x04000049, "GetFeaturesState"},
        {0x0400004A, "GetLastHostResetReason"},
        {0x0400004D, "GetUserInitiatedEnabledInterfaces"},
        {0x0400004E, "GetConfigServerData"},
        {0x04000050, "GetMESetupAuditRecord"},
        {0x04000052, "GetIPv6LanInterfaceStatus"},
        {0x04000056, "GetHostFQDN"},
        {0x04000058, "GetRedirectionState"},
        {0x0400005B, "SetHostFQDN"},
        {0x0400005C, "GetUUID"},
        {0x0400005E, "StopConfiguration"},
        {0x04000062, "StartConfigurationEx"},
        {0x04000067, "GetLocalSystemAccount"},
        {0x01000001, "GetAMTState"},
    };

    (void)unused;
    for (size_t i = 0; i < COUNT(known); i++)
        assert_string_equal(amthi_command_name(known[i].id), known[i].name);
    assert_null(amthi_command_name(0x04800011));
    assert_null(amthi_command_name(0x11));
    assert_null(amthi_command_name(0x01000011));
    assert_null(amthi_command_name(0x04000001));
}

/* On an error nothing follows the status (PTHI.h). */
static void test_error_drops_the_answer(void **unused)
{
    uint8_t response[LIMIT_AMTHI_RESPONSE], want[24];
    struct amthi_reply reply;

    (void)unused;
    reply_begin(&reply, response);
    reply_u32(&reply, 1);
    reply_u8(&reply, 2);
    assert_int_equal(reply_finish(&reply, 0x04000011, PT_STATUS_SUCCESS), 21);
    from_hex("01010000 11008004 09000000 00000000 01000000 02", want);
    assert_memory_equal(response, want, 21);
    assert_int_equal(reply_finish(&reply, 0x04000011, PT_STATUS_NOT_READY), 16);
    from_hex("01010000 11008004 04000000 02000000", want);
    assert_memory_equal(response, want, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_provisioning_state),
        cmocka_unit_test(test_provisioning_mode),
        cmocka_unit_test(test_code_versions),
        cmocka_unit_test(test_code_version_numbers),
        cmocka_unit_test(test_every_release_name_fits_its_field),
        cmocka_unit_test(test_rng),
        cmocka_unit_test(test_tls_mode),
        cmocka_unit_test(test_zero_touch),
        cmocka_unit_test(test_get_suffix),
        cmocka_unit_test(test_hash_handles),
        cmocka_unit_test(test_starfield_entry),
        cmocka_unit_test(test_hash_entry_layout),
        cmocka_unit_test(test_bad_hash_handle),
        cmocka_unit_test(test_start_configuration_is_raised),
        cmocka_unit_test(test_start_configuration_ex),
        cmocka_unit_test(test_stop_configuration_is_raised),
        cmocka_unit_test(test_pid),
        cmocka_unit_test(test_not_from_the_host),
        cmocka_unit_test(test_no_audit_record),
        cmocka_unit_test(test_config_server),
        cmocka_unit_test(test_address_text),
        cmocka_unit_test(test_command_names),
        cmocka_unit_test(test_error_drops_the_answer),
    };

    return cmocka_run_group_tests_name("amthi", tests, NULL, NULL);
}
