// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
#include "fw/core/power.h"
#include "tests/fixtures/manage.h"

/* The ME's address, names and power package, read and set as MeshCommander, MeshCentral and amttool
 * do it (MCMD, MC, AMTTOOL). */

#define IPS "http://intel.com/wbem/wscim/1/ips-schema/1/"
#define PORT "AMT_EthernetPortSettings"
#define SCHEME "AMT_SystemPowerScheme"
#define P(name, value) "<g:" name ">" value "</g:" name ">"

static void start(struct manage_fixture *b, const char *release)
{
    fixture_init(b, release);
    fixture_state(b, 2, ADMITTED_OPEN);
}

/* With one selector, unless it is NULL. */
static const char *ask(struct manage_fixture *b, const char *action, const char *uri,
                       const char *key, const char *value, const char *content)
{
    char body[2048], selected[256];
    char *end;
    int len;

    mesh(body, action, uri, content);
    if (key) {
        len = snprintf(selected, sizeof(selected),
                       "<w:SelectorSet><w:Selector Name=\"%s\">%s</w:Selector></w:SelectorSet>",
                       key, value);
        end = strstr(body, "</Header>");
        assert_true(end && strlen(body) + (size_t)len < sizeof(body));
        memmove(end + len, end, strlen(end) + 1);
        memcpy(end, selected, (size_t)len);
    }
    fixture_ask(b, "/wsman", body);
    return fixture_body(b);
}

static const char *get(struct manage_fixture *b, const char *uri)
{
    return ask(b, TRANSFER "/Get", uri, NULL, NULL, "");
}

/* The items of all replies; that of the Enumerate alone where there are none. */
static void enumerate(struct manage_fixture *b, const char *uri, char items[8192])
{
    const char *said = ask(b, ENUMERATION "/Enumerate", uri, NULL, NULL,
                           "<Enumerate xmlns=\"" ENUMERATION "\" />");
    const char *at;

    items[0] = '\0';
    assert_int_equal(b->status, 200);
    for (int i = 0; (at = strstr(said, "<d:EnumerationContext>")) != NULL; i++) {
        char pull[512];

        assert_true(i < 20);
        snprintf(pull, sizeof(pull),
                 "<Pull xmlns=\"" ENUMERATION "\"><EnumerationContext>%.36s</EnumerationContext>"
                 "<MaxElements>999</MaxElements><MaxCharacters>99999</MaxCharacters></Pull>",
                 at + strlen("<d:EnumerationContext>"));
        said = ask(b, ENUMERATION "/Pull", uri, NULL, NULL, pull);
        assert_int_equal(b->status, 200);
        at = strstr(said, "<d:Items>");
        assert_true(at && strlen(items) + strlen(at) < 8192);
        strncat(items, at, (size_t)(strstr(at, "</d:Items>") - at));
    }
}

static int count(const char *text, const char *part)
{
    int n = 0;

    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        n++;
    return n;
}

static void expect_all(const char *text, const char *const *parts)
{
    for (; *parts; parts++)
        if (!strstr(text, *parts))
            fail_msg("%s is not in %s", *parts, text);
}

#define EXPECT(text, ...) expect_all(text, (const char *const[]){__VA_ARGS__, NULL})

/* --- address --- */

static void the_port_is_shown(void **state)
{
    struct manage_fixture b;
    char items[8192];

    (void)state;
    start(&b, "6.2");
    enumerate(&b, AMT PORT, items);
    assert_int_equal(count(items, "<g:" PORT ">"), 1);
    EXPECT(items, P("InstanceID", "Intel(r) AMT Ethernet Port Settings 0"),
           P("ElementName", "Intel(r) AMT Ethernet Port Settings"),
           P("MACAddress", "02-00-5e-1a-bc-0f"), P("DHCPEnabled", "true"), P("LinkIsUp", "true"),
           P("IPAddress", "192.168.77.50"), P("SubnetMask", "255.255.255.0"),
           P("DefaultGateway", "192.168.77.1"), P("PrimaryDNS", "192.168.77.2"),
           P("SharedMAC", "true"), P("PhysicalConnectionType", "0"), P("LinkPolicy", "1"));
    assert_null(strstr(items, "<g:SecondaryDNS>"));
    assert_null(strstr(items, P("LinkPolicy", "14")));
    b.settings.me.power_package = 9; /* Mobile: ON in S0, S3/AC, S4-5/AC */
    EXPECT(get(&b, AMT PORT), P("LinkPolicy", "1"), P("LinkPolicy", "14"), P("LinkPolicy", "16"));
}

/* As MeshCommander writes it: the object that it has read, with other addresses or with none. */
static int put_port(struct manage_fixture *b, const char *settings)
{
    char object[1536];

    snprintf(object, sizeof(object),
             "<r:" PORT " xmlns:r=\"" AMT PORT "\">%s<r:ElementName>Intel(r) AMT Ethernet Port "
             "Settings</r:ElementName><r:InstanceID>Intel(r) AMT Ethernet Port Settings 0"
             "</r:InstanceID><r:LinkPolicy>1</r:LinkPolicy><r:LinkPolicy>14</r:LinkPolicy>"
             "<r:MACAddress>02-00-5e-1a-bc-0f</r:MACAddress></r:" PORT ">",
             settings);
    ask(b, TRANSFER "/Put", AMT PORT, "InstanceID", "Intel(r) AMT Ethernet Port Settings 0",
        object);
    return (int)b->status;
}

#define FIXED(ip, mask, gateway, dns)                                                              \
    "<r:DHCPEnabled>false</r:DHCPEnabled><r:IPAddress>" ip "</r:IPAddress><r:SubnetMask>" mask     \
    "</r:SubnetMask><r:DefaultGateway>" gateway "</r:DefaultGateway><r:PrimaryDNS>" dns            \
    "</r:PrimaryDNS>"

/* The reply leaves before the address changes, and is the connection's last. */
static void the_address_is_set(void **state)
{
    struct manage_fixture b;

    (void)state;
    start(&b, "6.2");
    assert_int_equal(put_port(&b, FIXED("10.1.2.3", "255.255.0.0", "10.1.0.1",
                                        "10.1.0.2") "<r:SecondaryDNS>8.8.4.4</r:SecondaryDNS>"),
                     200);
    EXPECT(b.out, P("IPAddress", "10.1.2.3"), P("DHCPEnabled", "false"));
    assert_int_equal(b.closed, 1);
    assert_int_equal(b.moves, 1);
    assert_false(b.settings.config.dhcp_enabled);
    assert_int_equal(b.settings.config.fixed.ip, 0x0A010203);
    assert_int_equal(b.settings.config.fixed.mask, 0xFFFF0000);
    assert_int_equal(b.settings.config.fixed.gateway, 0x0A010001);
    assert_int_equal(b.settings.config.fixed.dns1, 0x0A010002);
    assert_int_equal(b.settings.config.fixed.dns2, 0x08080404);
    /* The same again, as when another setting is put: nobody loses a connection. */
    assert_int_equal(put_port(&b, FIXED("10.1.2.3", "255.255.0.0", "10.1.0.1",
                                        "10.1.0.2") "<r:SecondaryDNS>8.8.4.4</r:SecondaryDNS>"),
                     200);
    assert_int_equal(b.closed, 0);
    assert_int_equal(b.stores, 1);
    assert_int_equal(put_port(&b, "<r:DHCPEnabled>true</r:DHCPEnabled>"), 200);
    assert_true(b.settings.config.dhcp_enabled);
    assert_int_equal(b.moves, 2);
}

/* Addresses that no machine can have (RFC 1122), and what is none. */
static void wrong_addresses_change_nothing(void **state)
{
    static const char *const wrong[] = {
        "",
        "<r:DHCPEnabled>maybe</r:DHCPEnabled>",
        "<r:DHCPEnabled>false</r:DHCPEnabled>",
        FIXED("", "255.255.255.0", "10.1.2.1", "10.1.2.1"),
        FIXED("10.1.2.3", "", "10.1.2.1", "10.1.2.1"),
        FIXED("10.1.2.3", "255.0.255.0", "10.1.2.1", "10.1.2.1"),
        FIXED("10.1.2.256", "255.255.255.0", "10.1.2.1", "10.1.2.1"),
        FIXED("10.1.2.3x", "255.255.255.0", "10.1.2.1", "10.1.2.1"),
        FIXED("10.1.2.255", "255.255.255.0", "10.1.2.1", "10.1.2.1"),
        FIXED("10.1.2.0", "255.255.255.0", "10.1.2.1", "10.1.2.1"),
        FIXED("127.0.0.1", "255.0.0.0", "10.1.2.1", "10.1.2.1"),
        FIXED("224.0.0.5", "255.255.255.0", "10.1.2.1", "10.1.2.1"),
        FIXED("10.1.2.3", "255.255.255.0", "255.255.255.255", "10.1.2.1"),
        FIXED("10.1.2.3", "255.255.255.0", "10.1.2.1", "0.0.0.1"),
        FIXED("10.1.2.3", "255.255.255.0", "10.1.2.1", "dns.example"),
        FIXED("10.1.2.3", "255.255.255.0", "10.1.2.1", "") "<r:SecondaryDNS>-</r:SecondaryDNS>",
    };
    struct manage_fixture b;
    struct settings before;

    (void)state;
    start(&b, "6.2");
    before = b.settings;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_int_equal(put_port(&b, wrong[i]), 400);
        assert_int_equal(b.stores, 0);
        assert_int_equal(b.closed, 0);
    }
    b.store_fails = true;
    assert_int_equal(put_port(&b, FIXED("10.1.2.3", "255.255.255.0", "", "")), 400);
    assert_int_equal(b.closed, 0);
    assert_memory_equal(&before, &b.settings, sizeof(before));
}

static int eoi(struct manage_fixture *b, const char *path, const char *method,
               const char *arguments)
{
    char body[2048];
    const char *status;

    soap_lite(body, method, arguments);
    fixture_ask(b, path, body);
    assert_int_equal(b->status, 200);
    status = strstr(fixture_body(b), "<Status>");
    assert_non_null(status);
    return (int)strtol(status + strlen("<Status>"), NULL, 10);
}

#define AMTTOOL_NETCONF(mode, ip)                                                                  \
    "<InterfaceHandle>0</InterfaceHandle><InterfaceDescriptor><InterfaceMode>" mode                \
    "</InterfaceMode><LinkPolicy>1</LinkPolicy>" ip "</InterfaceDescriptor>"
/* 10.1.2.3, 255.255.255.0, 10.1.2.1 twice, none */
#define AMTTOOL_IP                                                                                 \
    "<IPv4Parameters><LocalAddress>167838211</LocalAddress><SubnetMask>4294967040</SubnetMask>"    \
    "<DefaultGatewayAddress>167838209</DefaultGatewayAddress><PrimaryDnsAddress>167838209"         \
    "</PrimaryDnsAddress><SecondaryDnsAddress>0</SecondaryDnsAddress></IPv4Parameters>"
#define SET "/NetworkAdministrationService", "SetInterfaceSettings"

static void amttool_configures_the_network(void **state)
{
    struct manage_fixture b;

    (void)state;
    start(&b, "5.0.3");
    assert_int_equal(eoi(&b, SET, AMTTOOL_NETCONF("SEPARATE_MAC_ADDRESS", AMTTOOL_IP)), 0);
    assert_int_equal(b.closed, 1);
    assert_int_equal(b.moves, 1);
    assert_false(b.settings.config.dhcp_enabled);
    assert_int_equal(b.settings.config.fixed.ip, 0x0A010203);
    assert_int_equal(b.settings.config.fixed.mask, 0xFFFFFF00);
    assert_int_equal(b.settings.config.fixed.gateway, 0x0A010201);
    assert_int_equal(b.settings.config.fixed.dns1, 0x0A010201);
    assert_int_equal(b.settings.config.fixed.dns2, 0);
    assert_int_equal(eoi(&b, SET, AMTTOOL_NETCONF("SHARED_MAC_ADDRESS", "")), 0);
    assert_true(b.settings.config.dhcp_enabled);
    /* Statuses: AMTTOOL's table. */
    assert_int_equal(eoi(&b, SET, AMTTOOL_NETCONF("SEPARATE_MAC_ADDRESS", "")), 0x24);
    assert_int_equal(eoi(&b, SET, AMTTOOL_NETCONF("OTHER", AMTTOOL_IP)), 0x24);
    assert_int_equal(eoi(&b, SET, "<InterfaceHandle>1</InterfaceHandle>"), 0x805);
    assert_int_equal(b.stores, 2);
}

/* --- power packages --- */

/* The texts and numbers as a device shows them: `SCHEME n` in the order of its menu. */
static void power_schemes(void **state)
{
    struct manage_fixture b;
    char items[8192];

    (void)state;
    start(&b, "5.0.3");
    enumerate(&b, AMT SCHEME, items);
    assert_int_equal(count(items, "<g:" SCHEME ">"), 7); /* HP5: a desktop's */
    EXPECT(items, P("InstanceID", "SCHEME 0"), P("Description", "Desktop: ON in S0"),
           P("ElementName", "Intel(r) AMT Power Scheme"), P("InstanceID", "SCHEME 6"));
    start(&b, "6.2");
    enumerate(&b, AMT SCHEME, items);
    /* recorded by WSM */
    EXPECT(items,
           P("InstanceID", "SCHEME 2") P("SchemeGUID", "djmXEQtWUEOIcJgS85G1YA==")
               P("ElementName", "Intel(r) AMT Power Scheme") P("Description", "Mobile: ON in S0"),
           P("SchemeGUID", "MIAN7gnAeEOvKHhootu+Og=="));
}

/* The GUIDs are those of the USB key's format. */
static void the_same_guids(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < POWER_PACKAGES; i++) {
        char text[25] = "";
        struct out out = {text, 24, 0, false};

        out_base64(&out, power_guids[i], POWER_GUID_BYTES);
        assert_string_equal(operation_package_guid(i), text);
    }
}

#define CURRENT(n)                                                                                 \
    "<c:ResourceURI>" AMT SCHEME "</c:ResourceURI><c:SelectorSet><c:Selector "                     \
    "Name=\"InstanceID\">SCHEME " n "</c:Selector><c:Selector Name=\"SchemeGUID\">"

static int set_scheme(struct manage_fixture *b, const char *id, const char *parameter)
{
    char input[512];
    const char *value;

    snprintf(input, sizeof(input),
             "<r:SetPowerScheme_INPUT xmlns:r=\"" AMT SCHEME "\">%s</r:SetPowerScheme_INPUT>",
             parameter);
    value = strstr(ask(b, AMT SCHEME "/SetPowerScheme", AMT SCHEME, "InstanceID", id, input),
                   "<g:ReturnValue>");
    return value ? (int)strtol(value + strlen("<g:ReturnValue>"), NULL, 10) : -1;
}

/* MeshCommander names the scheme by the selector and reads which one is current. */
static void the_power_scheme_is_set(void **state)
{
    struct manage_fixture b;
    char items[8192];

    (void)state;
    start(&b, "5.0.3");
    enumerate(&b, CIM "CIM_ElementSettingData", items);
    EXPECT(items, P("IsCurrent", "1"), "<g:SettingData>", CURRENT("0"));
    assert_int_equal(set_scheme(&b, "SCHEME 2", ""), 0);
    assert_int_equal(b.settings.me.power_package, 2);
    assert_int_equal(b.moves, 0);
    EXPECT(get(&b, CIM "CIM_ElementSettingData"), CURRENT("2") "coarrJa0SOKbnpt9+Rx/1A==<");
    /* LMS-cim's parameter: package 1 */
    assert_int_equal(
        set_scheme(&b, "SCHEME 2", "<r:SchemeGUID>oYYAq5p/TEKm5rskOildng==</r:SchemeGUID>"), 0);
    assert_int_equal(b.settings.me.power_package, 1);
    /* A mobile's is not offered, another is none. */
    assert_int_equal(
        set_scheme(&b, "SCHEME 2", "<r:SchemeGUID>djmXEQtWUEOIcJgS85G1YA==</r:SchemeGUID>"), 0x24);
    assert_int_equal(set_scheme(&b, "SCHEME 2", "<r:SchemeGUID></r:SchemeGUID>"), 0x24);
    assert_int_equal(set_scheme(&b, "SCHEME 7", ""), -1);
    assert_int_equal(b.status, 400);
    assert_int_equal(b.settings.me.power_package, 1);
    b.store_fails = true;
    assert_int_equal(set_scheme(&b, "SCHEME 2", ""), 1);
}

/* By the GUID alone, and with all keys of the reference that is handed out. */
static void a_scheme_by_its_guid(void **state)
{
    struct manage_fixture b;

    (void)state;
    start(&b, "6.2");
    EXPECT(ask(&b, TRANSFER "/Get", AMT SCHEME, "SchemeGUID", "djmXEQtWUEOIcJgS85G1YA==", ""),
           P("Description", "Mobile: ON in S0"), P("InstanceID", "SCHEME 2"));
    assert_int_equal(b.status, 200);
    ask(&b, TRANSFER "/Get", AMT SCHEME, "SchemeGUID", "SCHEME 2", "");
    assert_int_equal(b.status, 400);
}

#define SECURITY "/SecurityAdministrationService"

static void power_packages_by_eoi(void **state)
{
    struct manage_fixture b;

    (void)state;
    start(&b, "3.0");
    assert_int_equal(eoi(&b, SECURITY, "EnumeratePowerPackages", ""), 0);
    assert_int_equal(count(b.out, "<PackageGuid>"), count(b.out, "</PackageGuid>"));
    EXPECT(b.out, "<PackageGuid>lE+DEvsQT9yWjh4jKwyQZQ==</PackageGuid>");
    assert_int_equal(eoi(&b, SECURITY, "SetActivePowerPackage",
                         "<PackageGuid>oYYAq5p/TEKm5rskOildng==</PackageGuid>"),
                     0);
    assert_int_equal(b.settings.me.power_package, 1);
    assert_int_equal(eoi(&b, SECURITY, "GetActivePowerPackage", ""), 0);
    EXPECT(b.out, "<PackageGuid>oYYAq5p/TEKm5rskOildng==</PackageGuid>");
    assert_int_equal(eoi(&b, SECURITY, "SetActivePowerPackage", ""), 0x24);
    assert_int_equal(eoi(&b, SECURITY, "SetActivePowerPackage",
                         "<PackageGuid>djmXEQtWUEOIcJgS85G1YA==</PackageGuid>"),
                     0x24);
    assert_int_equal(b.settings.me.power_package, 1);
}

/* --- names and the like --- */

static int put_general(struct manage_fixture *b, const char *settings)
{
    char object[1536];

    snprintf(object, sizeof(object),
             "<r:AMT_GeneralSettings xmlns:r=\"" AMT "AMT_GeneralSettings\">%s"
             "<r:ElementName>Intel(r) AMT: General Settings</r:ElementName>"
             "<r:InstanceID>Intel(r) AMT: General Settings</r:InstanceID>"
             "</r:AMT_GeneralSettings>",
             settings);
    ask(b, TRANSFER "/Put", AMT "AMT_GeneralSettings", NULL, NULL, object);
    return (int)b->status;
}

#define NAMES(host, domain)                                                                        \
    "<r:DomainName>" domain "</r:DomainName><r:HostName>" host "</r:HostName>"

/* MeshCommander commits nothing. What waits for a commit goes on waiting. */
static void names_of_a_provisioned_device(void **state)
{
    struct manage_fixture b;

    (void)state;
    start(&b, "6.2");
    strcpy(b.manage.pending.admin_user, "other");
    b.manage.pending.has_admin = true;
    assert_int_equal(
        put_general(
            &b, NAMES("pc2", "example.org") "<r:IdleWakeTimeout>30</r:IdleWakeTimeout>"
                                            "<r:PingResponseEnabled>true</r:PingResponseEnabled>"),
        200);
    assert_string_equal(b.settings.config.host_name, "pc2");
    assert_string_equal(b.settings.config.domain, "example.org");
    assert_int_equal(b.settings.me.idle_timeout_min, 30);
    EXPECT(b.out, P("HostName", "pc2"), P("IdleWakeTimeout", "30"));
    assert_int_equal(b.moves, 0);
    assert_int_equal(b.orders, 0);
    assert_true(b.manage.pending.has_admin);
    assert_false(b.manage.pending.has_host_name);
    /* The domain that DHCP tells is not made the device's own by being written back. */
    b.settings.config.domain[0] = '\0';
    assert_int_equal(put_general(&b, NAMES("pc3", "site1.example")), 200);
    assert_string_equal(b.settings.config.domain, "");
}

static void wrong_names_change_nothing(void **state)
{
    static const char *const wrong[] = {
        NAMES("under_score", "site1.example"),
        NAMES("pc2.example", "site1.example"),
        NAMES("", "site1.example"),
        NAMES("pc2", "a..b"),
        NAMES("pc2", "site1.example") "<r:IdleWakeTimeout>0</r:IdleWakeTimeout>",
        NAMES("pc2", "site1.example") "<r:IdleWakeTimeout>65536</r:IdleWakeTimeout>",
        NAMES("pc2", "site1.example") "<r:PingResponseEnabled>false</r:PingResponseEnabled>",
        NAMES("pc2",
              "site1.example") "<r:RmcpPingResponseEnabled>false</r:RmcpPingResponseEnabled>",
    };
    struct manage_fixture b;

    (void)state;
    start(&b, "6.2");
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        if (put_general(&b, wrong[i]) != 400)
            fail_msg("accepted: %s", wrong[i]);
        assert_int_equal(b.stores, 0);
        assert_string_equal(b.settings.config.host_name, "pc1");
        assert_false(b.manage.pending.has_host_name);
        assert_false(b.manage.pending.has_domain);
    }
}

/* In set-up nothing is stored before the commit. */
static void names_in_set_up(void **state)
{
    struct manage_fixture b;

    (void)state;
    start(&b, "6.2");
    fixture_state(&b, 1, ADMITTED_CHAIN);
    assert_int_equal(put_general(&b, NAMES("pc2", "example.org")), 200);
    assert_int_equal(b.stores, 0);
    assert_string_equal(b.manage.pending.host_name, "pc2");
}

/* --- by release --- */

/* G-kvm, G-hbs and G-optin list the releases. */
static void what_later_releases_have(void **state)
{
    static const struct {
        const char *release;
        int kvm, host_based, opt_in;
    } row[] = {{"3.2.1", 400, 400, 400}, {"5.0.3", 400, 400, 400}, {"5.2", 400, 400, 400},
               {"6.0", 200, 400, 400},   {"6.1", 200, 200, 400},   {"6.2", 200, 200, 200}};
    struct manage_fixture b;

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        start(&b, row[i].release);
        get(&b, IPS "IPS_OptInService");
        assert_int_equal(b.status, row[i].opt_in);
        get(&b, IPS "IPS_HostBasedSetupService");
        assert_int_equal(b.status, row[i].host_based);
        get(&b, CIM "CIM_KVMRedirectionSAP");
        assert_int_equal(b.status, row[i].kvm);
    }
    EXPECT(get(&b, IPS "IPS_HostBasedSetupService"), P("CurrentControlMode", "2"),
           P("AllowedControlModes", "2"), P("AllowedControlModes", "1"),
           P("Name", "Intel(r) AMT Host Based Setup Service"));
    EXPECT(get(&b, IPS "IPS_OptInService"), P("OptInRequired", "0"), P("OptInState", "0"),
           P("CanModifyOptInPolicy", "1"), P("OptInCodeTimeout", "120"));
}

/* G-modes */
static void not_in_set_up(void **state)
{
    struct manage_fixture b;

    (void)state;
    start(&b, "6.2");
    fixture_state(&b, 1, ADMITTED_CHAIN);
    EXPECT(get(&b, AMT PORT), "AccessDenied");
    assert_int_equal(put_port(&b, "<r:DHCPEnabled>false</r:DHCPEnabled>"), 400);
    assert_int_equal(eoi(&b, SET, AMTTOOL_NETCONF("SEPARATE_MAC_ADDRESS", AMTTOOL_IP)), 0x10);
    assert_int_equal(eoi(&b, SECURITY, "GetActivePowerPackage", ""), 0x10);
    assert_int_equal(b.stores, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_port_is_shown),
        cmocka_unit_test(the_address_is_set),
        cmocka_unit_test(wrong_addresses_change_nothing),
        cmocka_unit_test(amttool_configures_the_network),
        cmocka_unit_test(power_schemes),
        cmocka_unit_test(the_same_guids),
        cmocka_unit_test(the_power_scheme_is_set),
        cmocka_unit_test(a_scheme_by_its_guid),
        cmocka_unit_test(power_packages_by_eoi),
        cmocka_unit_test(names_of_a_provisioned_device),
        cmocka_unit_test(wrong_names_change_nothing),
        cmocka_unit_test(names_in_set_up),
        cmocka_unit_test(what_later_releases_have),
        cmocka_unit_test(not_in_set_up),
    };

    return cmocka_run_group_tests_name("network_classes", tests, NULL, NULL);
}
