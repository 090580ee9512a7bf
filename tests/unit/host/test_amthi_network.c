// SPDX-License-Identifier: BSD-3-Clause
// links: @amthi @core
#include "tests/fixtures/amthi.h"

static void test_tcpip_parameters_by_dhcp(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 06000004 00000000");
    expect_hex(&b, "01010000 06008004 2A000000 00000000 02000000"
                   "324DA8C0 00FFFFFF 014DA8C0 024DA8C0 034DA8C0"
                   "0C00 636F72702E6578616D706C65");
    b.view.network = (struct amthi_network){.domain = ""};
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 06008004 1E000000 00000000 02000000"
                   "00000000 00000000 00000000 00000000 00000000 0000");
}

static void test_tcpip_parameters_fixed(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.settings.config.dhcp_enabled = false;
    b.settings.config.fixed =
        (struct static_address){0x01020304, 0xFFFF0000, 0x01020001, 0x08080404, 0};
    memcpy(b.settings.config.domain, "a.example", 10);
    send_hex(&b, "01010000 06000004 00000000");
    expect_hex(&b, "01010000 06008004 27000000 00000000 01000000"
                   "04030201 0000FFFF 01000201 04040808 00000000"
                   "0900 612E6578616D706C65");
    memset(b.settings.config.domain, 'd', LIMIT_DOMAIN);
    send_len(&b, b.request_len);
    assert_int_equal(b.len, 16 + 24 + 2 + 223);
}

static void test_mac_addresses(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 25000004 00000000");
    expect_hex(&b, "01010000 25008004 10000000 00000000 02A37E000001 02A37E000001");
}

static void test_dns_suffix_list(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 3E000004 00000000");
    expect_hex(&b, "01010000 3E008004 06000000 00000000 0000");
}

static void test_enterprise_access(void **unused)
{
    static const char address[] = "32 4DA8C0 0000000000000000 00000000";
    static const struct {
        const char *flags, *access, *status;
    } cases[] = {{"00", "00", "00020000"}, {"00", "01", "00020000"}, {"01", "01", "00020000"},
                 {"02", "01", "24000000"}, {"80", "00", "24000000"}, {"00", "02", "24000000"}};
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char request[128], response[64];

        snprintf(request, sizeof(request), "01010000 3F000004 12000000 %s %s %s", cases[i].flags,
                 address, cases[i].access);
        snprintf(response, sizeof(response), "01010000 3F008004 04000000 %s", cases[i].status);
        send_hex(&b, request);
        expect_hex(&b, response);
    }
}

static void test_remote_access(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    set_phase(&b, POST);
    send_hex(&b, "01010000 44000004 00000000");
    expect_hex(&b, "01010000 44008004 04000000 10000000");
    send_hex(&b, "01010000 45000004 00000000");
    expect_hex(&b, "01010000 45008004 04000000 10000000");
    send_hex(&b, "01010000 46000004 00000000");
    expect_hex(&b, "01010000 46008004 12000000 00000000 00000000 00000000 00000000 0000");
    send_hex(&b, "01010000 4D000004 00000000");
    expect_hex(&b, "01010000 4D008004 08000000 00000000 00000000");
}

static void test_lan_interface(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    send_hex(&b, "01010000 48000004 04000000 00000000");
    expect_hex(&b, "01010000 48008004 18000000 00000000"
                   "01000000 324DA8C0 01000000 01 01 02A37E000001");
    b.view.network.active = false;
    b.view.network.link = false;
    b.view.network.address.ip = 0;
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 48008004 18000000 00000000"
                   "01000000 00000000 01000000 02 00 02A37E000001");
    b.settings.config.dhcp_enabled = false;
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 48008004 18000000 00000000"
                   "01000000 00000000 00000000 02 00 02A37E000001");
    fixture_init(&b);
    send_hex(&b, "01010000 48000004 04000000 01000000"); /* wireless */
    expect_hex(&b, "01010000 48008004 18000000 00000000"
                   "00000000 00000000 00000000 00 00 000000000000");
    send_hex(&b, "01010000 48000004 04000000 02000000");
    expect_hex(&b, "01010000 48008004 04000000 24000000");
    send_hex(&b, "01010000 48000004 04000000 00000001");
    expect_hex(&b, "01010000 48008004 04000000 24000000");
}

static void test_ipv6_interface(void **unused)
{
    uint8_t want[16 + 3 * 46 + 4] = {0};
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.release.amthi.value = AMTHI_ALL;
    from_hex("01010000 52008004 92000000 00000000", want);
    send_hex(&b, "01010000 52000004 04000000 00000000");
    expect_bytes(&b, want, sizeof(want));
    send_hex(&b, "01010000 52000004 04000000 01000000");
    expect_bytes(&b, want, sizeof(want));
    send_hex(&b, "01010000 52000004 04000000 02000000");
    expect_hex(&b, "01010000 52008004 04000000 24000000");
}

static void test_get_host_fqdn(void **unused)
{
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.release.amthi.value = AMTHI_ALL;
    send_hex(&b, "01010000 56000004 00000000");
    expect_hex(&b, "01010000 56008004 1A000000 00000000"
                   "01000000 00000000 A0050000 84030000 00000000 0000");
    memcpy(b.settings.config.domain, "a.example", 10); /* a domain alone is no host's name */
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 56008004 1A000000 00000000"
                   "01000000 00000000 A0050000 84030000 00000000 0000");
    b.settings.config.domain[0] = '\0';
    memcpy(b.settings.config.host_name, "pc-1", 5);
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 56008004 1E000000 00000000"
                   "01000000 00000000 A0050000 84030000 04000000 0400 70632D31");
    memcpy(b.settings.config.domain, "a.example", 10);
    send_len(&b, b.request_len);
    expect_hex(&b, "01010000 56008004 28000000 00000000"
                   "01000000 00000000 A0050000 84030000 04000000"
                   "0E00 70632D312E612E6578616D706C65");
    memset(b.settings.config.host_name, 'h', LIMIT_HOST_NAME);
    memset(b.settings.config.domain, 'd', LIMIT_DOMAIN);
    send_len(&b, b.request_len);
    assert_int_equal(b.len, 16 + 20 + 2 + 63 + 1 + 223);
    assert_int_equal(b.response[16 + 20], 287 & 0xFF);
    assert_int_equal(b.response[16 + 21], 287 >> 8);
}

static void test_set_host_fqdn(void **unused)
{
    static const char *const good[] = {"pc-1.a.example", "pc-1"};
    static const char *const bad[] = {"pc_1.a.example", "pc-1.", ".example", "pc 1"};
    char text[256];
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.release.amthi.value = AMTHI_ALL;
    for (size_t i = 0; i < COUNT(good); i++)
        for (size_t nul = 0; nul < 2; nul++) {
            send_text(&b, 0x5B, good[i], strlen(good[i]) + nul);
            assert_int_equal(b.effects.action, AMTHI_SET_NAME);
            assert_int_equal(b.effects.status, 0);
            assert_string_equal(b.effects.text, good[i]);
            assert_int_equal(b.len, 0);
        }
    for (size_t i = 0; i < COUNT(bad); i++) {
        send_text(&b, 0x5B, bad[i], strlen(bad[i]));
        expect_refused(&b, 0x5B, PT_STATUS_INVALID_PARAMETER);
    }
    send_text(&b, 0x5B, "", 0);
    expect_refused(&b, 0x5B, PT_STATUS_INVALID_PARAMETER);
    memset(text, 0, sizeof(text));
    for (size_t i = 0; i < 253; i++)
        text[i] = i % 40 == 39 ? '.' : 'x';
    send_text(&b, 0x5B, text, 253); /* 39 and 213 characters */
    assert_int_equal(b.effects.action, AMTHI_SET_NAME);
    assert_string_equal(b.effects.text, text);
    text[253] = 'x';
    send_text(&b, 0x5B, text, 254);
    expect_refused(&b, 0x5B, PT_STATUS_INVALID_PARAMETER);
}

/* The domain may be as long as the settings hold, no longer. */
static void test_set_host_fqdn_parts(void **unused)
{
    char text[256];
    struct fixture b;

    (void)unused;
    fixture_init(&b);
    b.release.amthi.value = AMTHI_ALL;
    for (size_t domain = 223; domain <= 224; domain++) {
        memset(text, 0, sizeof(text));
        memset(text, 'x', 3 + 1 + domain);
        for (size_t i = 3; i < 3 + domain; i += 45)
            text[i] = '.';
        send_text(&b, 0x5B, text, 3 + 1 + domain);
        if (domain == 223) {
            assert_int_equal(b.effects.action, AMTHI_SET_NAME);
            assert_string_equal(b.effects.text, text);
        } else {
            expect_refused(&b, 0x5B, PT_STATUS_INVALID_PARAMETER);
        }
    }
    memset(text, 'x', 64);
    send_text(&b, 0x5B, text, 64);
    expect_refused(&b, 0x5B, PT_STATUS_INVALID_PARAMETER);
    send_text(&b, 0x5B, text, 63);
    assert_int_equal(b.effects.action, AMTHI_SET_NAME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tcpip_parameters_by_dhcp),
        cmocka_unit_test(test_tcpip_parameters_fixed),
        cmocka_unit_test(test_mac_addresses),
        cmocka_unit_test(test_dns_suffix_list),
        cmocka_unit_test(test_enterprise_access),
        cmocka_unit_test(test_remote_access),
        cmocka_unit_test(test_lan_interface),
        cmocka_unit_test(test_ipv6_interface),
        cmocka_unit_test(test_get_host_fqdn),
        cmocka_unit_test(test_set_host_fqdn),
        cmocka_unit_test(test_set_host_fqdn_parts),
    };

    return cmocka_run_group_tests_name("amthi_network", tests, NULL, NULL);
}
