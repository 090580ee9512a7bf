// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
#include "tests/fixtures/manage.h"

#include "fw/core/status.h"

/* What a set-up server writes: checked, kept apart from the settings, ordered of the device. Values
 * and statuses: WSM, MC, S4. */

#define SECURITY "/SecurityAdministrationService"
#define NETWORK "/NetworkAdministrationService"
#define TIME "/NetworkTimeService"
#define SETUP_CLASS AMT "AMT_SetupAndConfigurationService"
#define PPS "NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ"
#define DIGITS "0123456789abcdef0123456789abcdef"

/* In set-up over certificates, the MEBx password still the default. */
static void begin(struct manage_fixture *b, const char *release)
{
    fixture_init(b, release);
    b->settings.config.mode = MODE_ENTERPRISE;
    b->settings.secret.password_default = true;
    b->now_ms = 60000;
    fixture_state(b, 1, ADMITTED_CHAIN);
}

/* The status that an EOI method returns; 0xFFFFFFFF: a fault. */
static uint32_t eoi(struct manage_fixture *b, const char *path, const char *method,
                    const char *arguments)
{
    char request[2048];
    const char *status;

    soap_lite(request, method, arguments);
    fixture_ask(b, path, request);
    status = strstr(fixture_body(b), "<Status>");
    return status ? (uint32_t)strtoul(status + 8, NULL, 10) : UINT32_MAX;
}

/* The same of a WS-Man method. */
static uint32_t invoke(struct manage_fixture *b, const char *class, const char *method,
                       const char *arguments)
{
    char request[2048], action[256], body[1024], element[128];
    const char *value;

    snprintf(action, sizeof(action), "%s/%s", class, method);
    snprintf(body, sizeof(body), "<r:%s_INPUT xmlns:r=\"%s\">%s</r:%s_INPUT>", method, class,
             arguments, method);
    mesh(request, action, class, body);
    fixture_ask(b, "/wsman", request);
    snprintf(element, sizeof(element), "<g:%s_OUTPUT>", method);
    if (!strstr(fixture_body(b), element))
        return UINT32_MAX;
    value = strstr(b->out, "<g:ReturnValue>");
    return value ? (uint32_t)strtoul(value + 15, NULL, 10) : UINT32_MAX;
}

static void nothing_is_pending(const struct manage_fixture *b)
{
    static const struct pending none;

    assert_memory_equal(&b->manage.pending, &none, sizeof(none));
}

static void names(void **state)
{
    static const struct {
        const char *method, *arguments;
        uint32_t status;
    } row[] = {
        {"SetHostName", "<HostName>pc_1</HostName>", 0x0C},
        {"SetHostName", "<HostName>pc1.site1</HostName>", 0x0C},
        {"SetHostName", "<HostName></HostName>", 0x0C},
        {"SetHostName", "", 0x0C},
        {"SetDomainName", "<DomainName>site_1.example</DomainName>", 0x1C},
        {"SetDomainName", "<DomainName>.example</DomainName>", 0x1C},
    };
    struct manage_fixture b;
    struct settings before;

    (void)state;
    begin(&b, "5.0.2");
    before = b.settings;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        assert_int_equal(eoi(&b, NETWORK, row[i].method, row[i].arguments), row[i].status);
        assert_int_equal(b.operation_status, row[i].status);
        nothing_is_pending(&b);
    }
    assert_int_equal(eoi(&b, NETWORK, "SetHostName", "<HostName> pc-17 </HostName>"), 0);
    assert_int_equal(eoi(&b, NETWORK, "SetDomainName", "<DomainName>a.example</DomainName>"), 0);
    assert_string_equal(b.manage.pending.host_name, "pc-17");
    assert_string_equal(b.manage.pending.domain, "a.example");
    assert_memory_equal(&b.settings, &before, sizeof(before)); /* not before a commit */
    assert_int_equal(eoi(&b, NETWORK, "GetHostName", ""), 0);
    assert_non_null(strstr(b.out, "<HostName>pc-17</HostName>"));
}

/* S4's log: 0x10 once the password is changed, or with a pre-shared key; WSM: the three policies.
 */
static void the_mebx_password(void **state)
{
    static const struct {
        uint8_t policy;
        bool changed, psk;
        uint32_t state;
        const char *password;
        uint32_t status;
    } row[] = {
        {PASSWORD_DEFAULT_ONLY, false, false, 1, "P@ssw0rd1", 0},
        {PASSWORD_DEFAULT_ONLY, false, false, 1, "weak", 0x806},
        {PASSWORD_DEFAULT_ONLY, false, false, 1, "", 0x806},
        {PASSWORD_DEFAULT_ONLY, false, false, 1, "P@ssw0rd1P@ssw0rd1P@ssw0rd1P@sswo", 0x806},
        {PASSWORD_DEFAULT_ONLY, true, false, 1, "P@ssw0rd1", 0x10},
        {PASSWORD_DEFAULT_ONLY, false, true, 1, "P@ssw0rd1", 0x10},
        {PASSWORD_DEFAULT_ONLY, false, false, 2, "P@ssw0rd1", 0x10},
        {PASSWORD_DURING_SETUP, true, false, 1, "P@ssw0rd1", 0},
        {PASSWORD_DURING_SETUP, true, true, 1, "P@ssw0rd1", 0},
        {PASSWORD_DURING_SETUP, false, false, 2, "P@ssw0rd1", 0x10},
        {PASSWORD_ANYTIME, true, true, 2, "P@ssw0rd1", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct manage_fixture b;
        char arguments[128];

        begin(&b, "5.0.2");
        b.settings.config.password_policy = row[i].policy;
        b.settings.secret.password_default = !row[i].changed;
        if (row[i].psk)
            strcpy(b.settings.secret.pid, "0000037M");
        fixture_state(&b, row[i].state,
                      row[i].state == 2 ? ADMITTED_OPEN
                      : row[i].psk      ? ADMITTED_PSK
                                        : ADMITTED_CHAIN);
        snprintf(arguments, sizeof(arguments), "<Password>%s</Password>", row[i].password);
        assert_int_equal(eoi(&b, SECURITY, "SetMEBxPassword", arguments), row[i].status);
        if (row[i].status == 0)
            assert_string_equal(b.manage.pending.password, row[i].password);
        else
            nothing_is_pending(&b);
        assert_string_equal(b.settings.secret.password, FIXTURE_PASSWORD);
    }
}

static void the_administrator(void **state)
{
    static const struct {
        const char *user, *digest;
        uint32_t status;
    } row[] = {
        {"admin", DIGITS, 0},
        {"root", "0123456789ABCDEF0123456789ABCDEF", 0},
        {"root", "ASNFZ4mrze8BI0VniavN7w==", 0}, /* the same bytes (perl's MIME::Base64) */
        {"sixteen-letters!", DIGITS, 0},
        {"seventeen-letters", DIGITS, 0x24},
        {"", DIGITS, 0x24},
        {"a:b", DIGITS, 0x24},
        {"a b", DIGITS, 0x24},
        {"admin", "0123456789abcdef0123456789abcde", 0x24},
        {"admin", "0123456789abcdef0123456789abcdefa", 0x24},
        {"admin", "0123456789abcdef0123456789abcdeg", 0x24},
        {"admin", "ASNFZ4mrze8BI0VniavN7w", 0x24},
        {"admin", "", 0x24},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct manage_fixture b;
        char arguments[256];

        begin(&b, "5.0.2");
        snprintf(arguments, sizeof(arguments),
                 "<Username>%s</Username><DigestPassword>%s</DigestPassword>", row[i].user,
                 row[i].digest);
        assert_int_equal(
            invoke(&b, AMT "AMT_AuthorizationService", "SetAdminAclEntryEx", arguments),
            row[i].status);
        if (row[i].status) {
            nothing_is_pending(&b);
            continue;
        }
        assert_string_equal(b.manage.pending.admin_user, row[i].user);
        assert_string_equal(b.manage.pending.admin_digest, DIGITS);
    }
}

static void the_next_key(void **state)
{
    struct manage_fixture b;

    (void)state;
    begin(&b, "5.0.2");
    assert_int_equal(invoke(&b, SETUP_CLASS, "SetTLSPSK", "<PID>0000037N</PID><PPS>" PPS "</PPS>"),
                     0x2A);
    assert_int_equal(
        invoke(&b, SETUP_CLASS, "SetTLSPSK", "<PID>0000-037M</PID><PPS>" PPS "A</PPS>"), 0x2B);
    nothing_is_pending(&b);
    assert_int_equal(invoke(&b, SETUP_CLASS, "SetTLSPSK", "<PID>0000-037M</PID><PPS>" PPS "</PPS>"),
                     0);
    assert_string_equal(b.manage.pending.pid, "0000037M");
    assert_string_equal(b.manage.pending.pps, PPS);
    assert_string_equal(b.settings.secret.pid, "");
}

/* The fixture's device has been running for a minute, and nobody has set its clock. */
static void the_clock(void **state)
{
    static const struct {
        const char *ta0, *tm1, *tm2;
        uint32_t status, value;
    } row[] = {
        {"60", "1231940592", "1231940592", 0, 1231940592},
        {"58", "1231940592", "1231940593", 0, 1231940594}, /* two seconds have passed since */
        {"61", "1231940592", "1231940592", 0x22, 0},
        {"60", "1231940592", "1231940591", 0x22, 0},
        {"60", "946684799", "1231940592", 0x22, 0},
        {"58", "4294967294", "4294967294", 0x22, 0}, /* it would be 2^32 */
        {"60", "4294967296", "4294967296", 0x22, 0},
        {"60", "1231940592x", "1231940592", 0x22, 0},
        {"", "1231940592", "1231940592", 0x22, 0},
    };
    struct manage_fixture b;
    char arguments[256];

    (void)state;
    begin(&b, "5.0.2");
    assert_int_equal(eoi(&b, TIME, "GetLowAccuracyTimeSynch", ""), 0);
    assert_non_null(strstr(b.out, "NetworkTime/2004/01\"><Status>0</Status><Ta0>60</Ta0></"));
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        uint32_t orders = b.orders;

        snprintf(arguments, sizeof(arguments), "<Ta0>%s</Ta0><Tm1>%s</Tm1><Tm2>%s</Tm2>",
                 row[i].ta0, row[i].tm1, row[i].tm2);
        assert_int_equal(eoi(&b, TIME, "SetHighAccuracyTimeSynch", arguments), row[i].status);
        assert_int_equal(b.orders, orders + (row[i].status ? 0 : 1));
        if (row[i].status == 0) {
            assert_int_equal(b.order, MANAGE_SET_CLOCK);
            assert_int_equal(b.order_value, row[i].value);
        }
    }
}

static void the_key_and_certificate(void **state)
{
    struct manage_fixture b;

    (void)state;
    begin(&b, "5.0.2");
    /* "key" and "cert", in base 64 */
    assert_int_equal(eoi(&b, SECURITY, "SetTLSCertificateWithKeyPair",
                         "<KeyPair>a2V5</KeyPair><Certificate>Y2\n VydA==</Certificate>"),
                     0);
    for (size_t i = 0; i + 3 < sizeof(b.manage.reply); i++)
        assert_memory_not_equal(b.manage.reply + i, "cert", 4); /* nothing stays */
    assert_int_equal(eoi(&b, SECURITY, "SetTLSCertificateWithKeyPair",
                         "<KeyPair>a2V4</KeyPair><Certificate>Y2VydA==</Certificate>"),
                     0x80E); /* what the device says */
    assert_int_equal(eoi(&b, SECURITY, "SetTLSCertificateWithKeyPair", "<KeyPair>a2V5</KeyPair>"),
                     0x80F);
    assert_int_equal(
        eoi(&b, SECURITY, "SetTLSCertificateWithKeyPair", "<Certificate>Y2VydA==</Certificate>"),
        0x80E);
    for (int i = 0; i < 6; i++) {
        static const char *const bad[] = {"a2V5*", "a2V5=a", "a2V", "a", "****", "a2U=a2V5"};
        char arguments[64];

        snprintf(arguments, sizeof(arguments), "<KeyPair>%s</KeyPair>", bad[i]);
        assert_int_equal(eoi(&b, SECURITY, "SetTLSCertificateWithKeyPair", arguments), UINT32_MAX);
        assert_int_equal(b.status, 500);
    }
    assert_int_equal(eoi(&b, SECURITY, "ClearTLSCredentials", ""), 0);
    assert_int_equal(b.order, MANAGE_CLEAR_IDENTITY);
    assert_int_equal(eoi(&b, SECURITY, "SetTlsServerAuthentication", "<Enabled>false</Enabled>"),
                     0);
    assert_true(b.manage.pending.has_tls && b.manage.pending.tls_off);
    assert_int_equal(eoi(&b, SECURITY, "SetTlsServerAuthentication", "<Enabled>no</Enabled>"),
                     0x24);
}

/* In two steps, and what was made is referred to (MC). */
static void the_key_and_certificate_by_wsman(void **state)
{
    static const char keys[] = AMT "AMT_PublicKeyManagementService";
    struct manage_fixture b;

    (void)state;
    begin(&b, "5.0.2");
    assert_int_equal(invoke(&b, keys, "AddKey", "<r:KeyBlob>a2V5</r:KeyBlob>"), 0);
    assert_non_null(strstr(b.out, "<g:CreatedKey><b:Address>default</b:Address>"
                                  "<b:ReferenceParameters><c:ResourceURI>" AMT
                                  "AMT_PublicPrivateKeyPair</c:ResourceURI><c:SelectorSet>"
                                  "<c:Selector Name=\"InstanceID\">Intel(r) AMT Key: Handle: 1</"));
    assert_int_equal(
        invoke(&b, keys, "AddCertificate", "<r:CertificateBlob>Y2VydA==</r:CertificateBlob>"), 0);
    assert_non_null(strstr(b.out, "<g:CreatedCertificate><b:Address>"));
    assert_non_null(strstr(b.out, ">Intel(r) AMT Certificate: Handle: 1</c:Selector>"));
    assert_int_equal(invoke(&b, keys, "AddKey", "<r:KeyBlob>a2V4</r:KeyBlob>"), 0x80E);
    assert_null(strstr(b.out, "CreatedKey"));
    assert_int_equal(invoke(&b, keys, "AddKey", ""), 0x80E);
    assert_int_equal(invoke(&b, keys, "AddCertificate", ""), 0x80F);
}

/* The connection ends with the reply that says that it was done, and only with that. */
static void last_words(void **state)
{
    static const struct {
        const char *method, *arguments;
        enum manage_command order;
    } row[] = {{"CommitChanges", "", MANAGE_COMMIT},
               {"Unprovision", "<ProvisioningMode>1</ProvisioningMode>", MANAGE_UNPROVISION_FULL},
               {"PartialUnprovision", "", MANAGE_UNPROVISION_PARTIAL}};

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct manage_fixture b;

        begin(&b, "5.0.2");
        b.order_status = PT_STATUS_DATA_MISSING;
        assert_int_equal(invoke(&b, SETUP_CLASS, row[i].method, row[i].arguments), 0x809);
        assert_int_equal(b.order, row[i].order);
        assert_int_equal(b.closed, 0);
        b.order_status = 0;
        assert_int_equal(eoi(&b, SECURITY, row[i].method, row[i].arguments), 0);
        assert_int_equal(b.closed, 1);
        assert_null(strstr(b.out, "Connection: close")); /* MC passes such a body over */
    }
}

static void hours(void **state)
{
    static const struct {
        const char *hours;
        uint32_t status;
    } row[] = {{"1", 0}, {"24", 0}, {"0", 0x24}, {"25", 0x24}, {"", 0x24}, {"x", 0x24}};
    struct manage_fixture b;
    char arguments[64];

    (void)state;
    begin(&b, "5.0.2");
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        b.orders = 0;
        snprintf(arguments, sizeof(arguments), "<Duration>%s</Duration>", row[i].hours);
        assert_int_equal(invoke(&b, SETUP_CLASS, "ExtendProvisioningPeriod", arguments),
                         row[i].status);
        assert_int_equal(b.orders, row[i].status ? 0 : 1);
        if (b.orders)
            assert_int_equal(b.order_value, strtoul(row[i].hours, NULL, 10));
    }
    assert_int_equal(
        invoke(&b, SETUP_CLASS, "Unprovision", "<ProvisioningMode>2</ProvisioningMode>"), 0x24);
    assert_int_equal(
        invoke(&b, SETUP_CLASS, "Unprovision", "<ProvisioningMode>x</ProvisioningMode>"), 0x24);
}

/* DELL: on 2.x and 3.x only a full unprovision leads out of small-business mode. */
static void out_of_small_business_mode(void **state)
{
    static const struct {
        const char *release, *method;
        enum provisioning_mode mode;
        uint32_t status;
    } row[] = {{"2.2", "PartialUnprovision", MODE_SMB, 0x10},
               {"3.0", "PartialUnprovision", MODE_SMB, 0x10},
               {"3.2.1", "PartialUnprovision", MODE_SMB, 0x10},
               {"5.0.3", "PartialUnprovision", MODE_SMB, 0},
               {"3.0", "PartialUnprovision", MODE_ENTERPRISE, 0},
               {"3.0", "Unprovision", MODE_SMB, 0}};
    struct manage_fixture b;

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        begin(&b, row[i].release);
        b.settings.config.mode = row[i].mode;
        fixture_state(&b, 2, ADMITTED_OPEN);
        assert_int_equal(eoi(&b, SECURITY, row[i].method, ""), row[i].status);
        assert_int_equal(b.orders, row[i].status ? 0 : 1);
    }
}

/* B14: in set-up nothing but set-up is served; provisioned, set-up is not. */
static void everything_in_its_state(void **state)
{
    static const struct {
        const char *path, *method;
        bool setup, operation;
    } row[] = {
        {SECURITY, "GetCoreVersion", true, true},
        {NETWORK, "GetHostName", true, true},
        {SECURITY, "GetDigestRealm", true, true},
        {TIME, "GetLowAccuracyTimeSynch", true, true},
        {NETWORK, "EnumerateInterfaces", false, true},
        {"/RemoteControlService", "GetSystemPowerState", false, true},
        {"/RemoteControlService", "GetRemoteControlCapabilities", false, true},
        {SECURITY, "CommitChanges", true, true},
        {SECURITY, "Unprovision", true, true},
        {SECURITY, "PartialUnprovision", true, true},
        {SECURITY, "ClearTLSCredentials", true, false},
    };
    static const char *const only_in_setup[] = {
        "SetTLSCertificateWithKeyPair", "SetTlsServerAuthentication", "ExtendProvisioningPeriod"};
    char request[2048];
    struct manage_fixture b;

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
        for (uint32_t reported = 1; reported < 3; reported++) {
            begin(&b, "5.0.2");
            fixture_state(&b, reported, reported == 1 ? ADMITTED_CHAIN : ADMITTED_OPEN);
            assert_int_equal(
                eoi(&b, row[i].path, row[i].method, ""),
                (reported == 1 && row[i].setup) || (reported == 2 && row[i].operation) ? 0 : 0x10);
        }
    for (size_t i = 0; i < sizeof(only_in_setup) / sizeof(only_in_setup[0]); i++) {
        begin(&b, "5.0.2");
        fixture_state(&b, 2, ADMITTED_OPEN);
        assert_int_equal(eoi(&b, SECURITY, only_in_setup[i], ""), 0x10);
    }
    for (uint32_t reported = 1; reported < 3; reported++) {
        begin(&b, "5.0.2");
        fixture_state(&b, reported, reported == 1 ? ADMITTED_CHAIN : ADMITTED_OPEN);
        mesh(request, TRANSFER "/Get", CIM "CIM_AssociatedPowerManagementService", "");
        fixture_ask(&b, "/wsman", request);
        assert_int_equal(b.status, reported == 1 ? 400 : 200);
        assert_non_null(strstr(b.out, reported == 1 ? "c:AccessDenied" : "<g:PowerState>2</"));
    }
}

/* MeshCentral reads the two settings, writes the first back, and refers a context to a certificate.
 */
static void tls_by_wsman(void **state)
{
    static const uint8_t certificate[] = {'c', 'e', 'r', 't'}, key[] = {'k', 'e', 'y', '.', '.'};
    static const char context[] =
        "<r:AMT_TLSCredentialContext xmlns:r=\"x\"><r:ElementInContext><a:Address>d</a:Address>"
        "<a:ReferenceParameters><w:ResourceURI>x</w:ResourceURI><w:SelectorSet><w:Selector "
        "Name=\"InstanceID\">%s</w:Selector></w:SelectorSet></a:ReferenceParameters>"
        "</r:ElementInContext><r:ElementProvidingContext><a:Address>d</a:Address>"
        "<a:ReferenceParameters><w:ResourceURI>y</w:ResourceURI><w:SelectorSet><w:Selector "
        "Name=\"ElementName\">TLSProtocolEndpointInstances Collection</w:Selector>"
        "</w:SelectorSet></a:ReferenceParameters></r:ElementProvidingContext>"
        "</r:AMT_TLSCredentialContext>";
    struct manage_fixture b;
    char request[2048], body[1024];

    (void)state;
    begin(&b, "5.0.2");
    mesh(request, ENUMERATION "/Enumerate", AMT "AMT_PublicKeyCertificate", "");
    fixture_ask(&b, "/wsman", request);
    mesh(request, ENUMERATION "/Pull", AMT "AMT_PublicKeyCertificate",
         "<Pull><EnumerationContext>00000001-0000-0000-0000-000000000000</EnumerationContext>"
         "</Pull>");
    fixture_ask(&b, "/wsman", request);
    assert_non_null(strstr(fixture_body(&b), "<d:Items></d:Items><d:EndOfSequence>"));
    b.certificate = certificate;
    b.certificate_len = sizeof(certificate);
    b.public_key = key;
    b.public_key_len = sizeof(key);
    mesh(request, TRANSFER "/Get", AMT "AMT_PublicKeyCertificate", "");
    fixture_ask(&b, "/wsman", request);
    assert_non_null(strstr(fixture_body(&b), "<g:X509Certificate>Y2VydA==</g:X509Certificate>"));
    mesh(request, TRANSFER "/Get", AMT "AMT_PublicPrivateKeyPair", "");
    fixture_ask(&b, "/wsman", request);
    assert_non_null(strstr(fixture_body(&b), "<g:DERKey>a2V5Li4=</g:DERKey>"));
    snprintf(body, sizeof(body), context, "Intel(r) AMT Certificate: Handle: 0");
    mesh(request, TRANSFER "/Create", AMT "AMT_TLSCredentialContext", body);
    fixture_ask(&b, "/wsman", request);
    assert_int_equal(b.status, 200);
    assert_non_null(strstr(fixture_body(&b), "<e:ResourceCreated><b:Address>"));
    snprintf(body, sizeof(body), context, "Intel(r) AMT Certificate: Handle: 7");
    mesh(request, TRANSFER "/Create", AMT "AMT_TLSCredentialContext", body);
    fixture_ask(&b, "/wsman", request);
    assert_int_equal(b.status, 400);
    mesh(request, TRANSFER "/Delete", AMT "AMT_TLSCredentialContext", "");
    fixture_ask(&b, "/wsman", request);
    assert_int_equal(b.status, 200);
    assert_int_equal(b.order, MANAGE_CLEAR_IDENTITY);
    b.order_status = PT_STATUS_FLASH_WRITE_LIMIT_EXCEEDED; /* what the device says */
    fixture_ask(&b, "/wsman", request);
    assert_int_equal(b.status, 400);
    assert_null(strstr(b.out, "DeleteResponse"));
    /* There is nothing to be deleted. */
    b.orders = 0;
    b.certificate = NULL;
    fixture_ask(&b, "/wsman", request);
    assert_int_equal(b.status, 400);
    assert_non_null(strstr(b.out, "c:InvalidSelectors"));
    assert_int_equal(b.orders, 0);
}

/* As mesh(), for one instance. */
static void select_instance(char request[2048], const char *selector)
{
    char *at = strstr(request, "</Header>");
    char rest[1500], set[160];

    snprintf(rest, sizeof(rest), "%s", at);
    snprintf(set, sizeof(set),
             "<w:SelectorSet><w:Selector Name=\"InstanceID\">%s</w:Selector></w:SelectorSet>",
             selector);
    snprintf(at, 2048 - (size_t)(at - request), "%s%s", set, rest);
}

static void tls_settings_by_wsman(void **state)
{
    static const char body[] =
        "<r:AMT_TLSSettingData xmlns:r=\"x\"><r:Enabled>%s</r:Enabled><r:MutualAuthentication>%s"
        "</r:MutualAuthentication></r:AMT_TLSSettingData>";
    static const struct {
        const char *instance, *enabled, *mutual;
        uint32_t http;
        bool tls_off, is_mutual;
    } row[] = {
        {"Intel(r) AMT 802.3 TLS Settings", "true", "false", 200, false, false},
        {"Intel(r) AMT 802.3 TLS Settings", "false", "false", 200, true, false},
        {"Intel(r) AMT 802.3 TLS Settings", "true", "true", 200, false, true},
        {"Intel(r) AMT 802.3 TLS Settings", "perhaps", "false", 400, false, false},
        {"Intel(r) AMT LMS TLS Settings", "false", "false", 200, false, false},
        {"Intel(r) AMT LMS TLS Settings", "true", "false", 400, false, false},
        {"Intel(r) AMT", "true", "false", 400, false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct manage_fixture b;
        char request[2048], value[512];
        bool network = strstr(row[i].instance, "802.3") != NULL;

        begin(&b, "5.0.2");
        snprintf(value, sizeof(value), body, row[i].enabled, row[i].mutual);
        mesh(request, TRANSFER "/Put", AMT "AMT_TLSSettingData", value);
        select_instance(request, row[i].instance);
        fixture_ask(&b, "/wsman", request);
        assert_int_equal(b.status, row[i].http);
        assert_int_equal(b.manage.pending.has_tls, network && row[i].http == 200);
        assert_int_equal(b.manage.pending.tls_off, row[i].tls_off);
        assert_int_equal(b.manage.pending.mutual, row[i].is_mutual);
        if (row[i].http == 200)
            assert_non_null(strstr(fixture_body(&b), row[i].instance));
    }
}

static void general_settings_by_wsman(void **state)
{
    static const char body[] = "<r:AMT_GeneralSettings xmlns:r=\"x\"><r:DomainName>%s"
                               "</r:DomainName><r:HostName>%s</r:HostName></r:AMT_GeneralSettings>";
    struct manage_fixture b;
    char request[2048], value[512];

    (void)state;
    begin(&b, "5.0.2");
    snprintf(value, sizeof(value), body, "site1.example", "pc_2"); /* the domain as it was */
    mesh(request, TRANSFER "/Put", AMT "AMT_GeneralSettings", value);
    fixture_ask(&b, "/wsman", request);
    assert_int_equal(b.status, 400);
    nothing_is_pending(&b);
    snprintf(value, sizeof(value), body, "bad_domain", "pc2");
    mesh(request, TRANSFER "/Put", AMT "AMT_GeneralSettings", value);
    fixture_ask(&b, "/wsman", request);
    assert_int_equal(b.status, 400);
    nothing_is_pending(&b); /* nor the half of it that was right */
    snprintf(value, sizeof(value), body, "site1.example", "pc2");
    mesh(request, TRANSFER "/Put", AMT "AMT_GeneralSettings", value);
    fixture_ask(&b, "/wsman", request);
    assert_int_equal(b.status, 200);
    assert_non_null(strstr(fixture_body(&b), "<g:HostName>pc2</g:HostName>"));
    assert_true(b.manage.pending.has_host_name);
    assert_false(b.manage.pending.has_domain);
    /* The reply shows what a commit would make of it, and so does the next one. */
    snprintf(value, sizeof(value), body, "corp.example", "pc2");
    mesh(request, TRANSFER "/Put", AMT "AMT_GeneralSettings", value);
    fixture_ask(&b, "/wsman", request);
    assert_non_null(strstr(fixture_body(&b), "<g:DomainName>corp.example</g:DomainName>"));
    assert_int_equal(eoi(&b, NETWORK, "GetDomainName", ""), 0);
    assert_non_null(strstr(b.out, "<DomainName>corp.example</DomainName>"));
}

/* G-rflow, LMS-cim: the one-time password is the server's to compare, in set-up. */
static void the_one_time_password(void **state)
{
    struct manage_fixture b;
    char request[2048];

    (void)state;
    for (uint32_t reported = 1; reported < 3; reported++) {
        begin(&b, "5.0.2");
        fixture_state(&b, reported, reported == 1 ? ADMITTED_CHAIN : ADMITTED_OPEN);
        strcpy(b.settings.secret.otp, "0ne-time-word");
        mesh(request, TRANSFER "/Get", SETUP_CLASS, "");
        fixture_ask(&b, "/wsman", request);
        assert_int_equal(strstr(fixture_body(&b), "<g:ProvisioningServerOTP>0ne-time-word</") !=
                             NULL,
                         reported == 1);
    }
}

/* What a commit needs (WSM). */
static void what_is_missing(void **state)
{
    static const struct pending_facts all = {true, true, true, false};
    struct pending_facts facts = all;
    struct pending p = {0};
    struct settings s;
    const struct release *old = release_find("3.0"), *new = release_find("5.0.3");
    const char *why;

    (void)state;
    settings_factory(&s, new, oem_find("intel"));
    assert_int_equal(pending_check(&p, &s, new, &all, &why), 0);
    assert_null(why);
    facts.identity = false;
    assert_int_equal(pending_check(&p, &s, new, &facts, &why), 0x809);
    assert_string_equal(why, "TLS is on, without a key and a certificate");
    pending_set_tls(&p, false, false);
    assert_int_equal(pending_check(&p, &s, new, &facts, &why), 0);
    pending_set_tls(&p, true, true);
    assert_int_equal(pending_check(&p, &s, new, &all, &why), 0x809);
    assert_string_equal(why, "mutual authentication is on, without a trusted root");
    memset(&p, 0, sizeof(p));
    facts = all;
    facts.clock = false;
    assert_int_equal(pending_check(&p, &s, new, &facts, &why), 0x809);
    assert_string_equal(why, "nobody has set the clock");
    s.config.mode = MODE_SMB; /* which needs nothing */
    assert_int_equal(pending_check(&p, &s, new, &facts, &why), 0);
    s.config.mode = MODE_ENTERPRISE;
    facts = all;
    facts.rng_ready = false;
    assert_int_equal(pending_check(&p, &s, new, &facts, &why), 0x809);
    /* Of a name the later releases' servers know nothing (MC). */
    assert_int_equal(pending_check(&p, &s, old, &all, &why), 0x809);
    assert_string_equal(why, "DHCP is on, without a host name");
    assert_int_equal(pending_set_host_name(&p, "pc1"), 0);
    assert_int_equal(pending_check(&p, &s, old, &all, &why), 0);
    memset(&p, 0, sizeof(p));
    s.config.dhcp_enabled = false;
    assert_int_equal(pending_check(&p, &s, old, &all, &why), 0);
}

/* S1: the hello of a localized BIOS says that new administrator credentials must be set. */
static void a_localized_bios_needs_an_administrator(void **state)
{
    static const struct pending_facts localized = {true, true, true, true};
    struct pending p = {.has_password = true};
    const struct release *r = release_find("5.0.3");
    struct settings s;
    const char *why;

    (void)state;
    settings_factory(&s, r, oem_find("localized"));
    assert_int_equal(pending_check(&p, &s, r, &localized, &why), 0x809);
    assert_non_null(why);
    assert_int_equal(pending_set_admin(&p, "admin", "00112233445566778899aabbccddeeff"), 0);
    assert_int_equal(pending_check(&p, &s, r, &localized, &why), 0);
    /* An administrator of an earlier set-up, whom a partial unprovision keeps, will do. */
    pending_apply(&p, &s);
    memset(&p, 0, sizeof(p));
    assert_int_equal(pending_check(&p, &s, r, &localized, &why), 0);
}

static void it_is_taken_over(void **state)
{
    struct pending p = {0};
    struct settings s, before;

    (void)state;
    settings_factory(&s, release_find("5.0.3"), oem_find("intel"));
    strcpy(s.secret.otp, "0ne-time-word");
    before = s;
    memset(before.secret.otp, 0, sizeof(before.secret.otp));
    pending_apply(&p, &s);
    assert_memory_equal(&s, &before, sizeof(s)); /* but for the one-time password */
    assert_int_equal(pending_set_host_name(&p, "pc1"), 0);
    assert_int_equal(pending_set_domain(&p, "site1.example"), 0);
    assert_int_equal(pending_set_password(&p, &s, release_find("5.0.3"), 1, "P@ssw0rd1"), 0);
    assert_int_equal(pending_set_admin(&p, "root", DIGITS), 0);
    assert_int_equal(pending_set_psk(&p, "0000037M", PPS), 0);
    pending_set_tls(&p, false, false);
    pending_apply(&p, &s);
    strcpy(before.config.host_name, "pc1");
    strcpy(before.config.domain, "site1.example");
    strcpy(before.secret.password, "P@ssw0rd1");
    before.secret.password_default = false;
    strcpy(before.secret.admin_user, "root");
    strcpy(before.secret.admin_digest, DIGITS);
    strcpy(before.secret.pid, "0000037M");
    strcpy(before.secret.pps, PPS);
    before.config.tls_off = true;
    assert_memory_equal(&s, &before, sizeof(s));
}

/* MC: during set-up over certificates the password is empty; S4: or the MEBx password. */
static void whose_answer_is_right(void **state)
{
    static const struct {
        uint32_t state;
        bool psk, admin;
        const char *user, *password;
        bool right;
    } row[] = {
        {1, false, false, "admin", "", true},
        {1, false, false, "admin", FIXTURE_PASSWORD, true},
        {1, false, false, "admin", "wrong", false},
        {1, false, false, "root", "", false},
        {1, true, false, "admin", "", false},
        {1, true, false, "admin", FIXTURE_PASSWORD, true},
        {1, true, true, "root", "P@ssw0rd1", true}, /* a partial unprovision has left it */
        {2, false, false, "admin", "", false},
        {2, false, false, "admin", FIXTURE_PASSWORD, true},
        {2, false, true, "admin", FIXTURE_PASSWORD, false},
        {2, false, true, "admin", "", false},
        {2, false, true, "admin", "P@ssw0rd1", false},
        {2, false, true, "root", "P@ssw0rd1", true},
        {2, false, true, "root", FIXTURE_PASSWORD, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct manage_fixture b;

        begin(&b, "5.0.2");
        fixture_state(&b, row[i].state,
                      row[i].state == 2 ? ADMITTED_OPEN
                      : row[i].psk      ? ADMITTED_PSK
                                        : ADMITTED_CHAIN);
        if (row[i].psk)
            strcpy(b.settings.secret.pid, "0000037M");
        if (row[i].admin) {
            strcpy(b.settings.secret.admin_user, "root");
            /* printf root:REALM:P@ssw0rd1 | openssl md5 */
            strcpy(b.settings.secret.admin_digest, "e1729cb9c2f612c0174e37029e52633d");
        }
        b.user = row[i].user;
        b.password = row[i].password;
        fixture_ask(&b, SECURITY, "");
        assert_int_equal(b.status == 401, !row[i].right);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(the_mebx_password),
        cmocka_unit_test(the_administrator),
        cmocka_unit_test(the_next_key),
        cmocka_unit_test(the_clock),
        cmocka_unit_test(the_key_and_certificate),
        cmocka_unit_test(the_key_and_certificate_by_wsman),
        cmocka_unit_test(last_words),
        cmocka_unit_test(hours),
        cmocka_unit_test(out_of_small_business_mode),
        cmocka_unit_test(everything_in_its_state),
        cmocka_unit_test(tls_by_wsman),
        cmocka_unit_test(tls_settings_by_wsman),
        cmocka_unit_test(general_settings_by_wsman),
        cmocka_unit_test(the_one_time_password),
        cmocka_unit_test(what_is_missing),
        cmocka_unit_test(a_localized_bios_needs_an_administrator),
        cmocka_unit_test(it_is_taken_over),
        cmocka_unit_test(whose_answer_is_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
