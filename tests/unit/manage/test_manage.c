// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
#include "tests/fixtures/manage.h"

/* Replies, byte for byte. Forms: MC, AMTTOOL, HONEY, RTK. */

static void eoi_replies(void **state)
{
    static const struct {
        const char *path, *method, *arguments, *reply;
    } row[] = {
        {"/SecurityAdministrationService", "GetCoreVersion", "",
         "<GetCoreVersionResponse xmlns=\"" NS "SecurityAdministration/2004/01\"><Status>0</Status>"
         "<Version>5.0.2</Version></GetCoreVersionResponse>"},
        {"/NetworkAdministrationService", "GetHostName", "",
         "<GetHostNameResponse xmlns=\"" NS "NetworkAdministration/2004/01\"><Status>0</Status>"
         "<HostName>pc1</HostName></GetHostNameResponse>"},
        {"/NetworkAdministrationService", "GetDomainName", "",
         "<GetDomainNameResponse xmlns=\"" NS "NetworkAdministration/2004/01\"><Status>0</Status>"
         "<DomainName>site1.example</DomainName></GetDomainNameResponse>"},
        {"/NetworkAdministrationService", "EnumerateInterfaces", "",
         "<EnumerateInterfacesResponse xmlns=\"" NS "NetworkAdministration/2004/01\"><Status>0"
         "</Status><InterfaceHandle>0</InterfaceHandle></EnumerateInterfacesResponse>"},
        {"/NetworkAdministrationService", "GetInterfaceSettings",
         "<InterfaceHandle> 0 </InterfaceHandle>",
         "<GetInterfaceSettingsResponse xmlns=\"" NS
         "NetworkAdministration/2004/01\"><Status>0</Status><InterfaceDescriptor><InterfaceMode>"
         "SHARED_MAC_ADDRESS</InterfaceMode><LinkPolicy>1</LinkPolicy><IPv4Parameters>"
         "<LocalAddress>3232255282</LocalAddress><SubnetMask>4294967040</SubnetMask>"
         "<DefaultGatewayAddress>3232255233</DefaultGatewayAddress><PrimaryDnsAddress>3232255234"
         "</PrimaryDnsAddress><SecondaryDnsAddress>0</SecondaryDnsAddress></IPv4Parameters>"
         "</InterfaceDescriptor></GetInterfaceSettingsResponse>"},
        {"/NetworkAdministrationService", "GetInterfaceSettings",
         "<InterfaceHandle>1</InterfaceHandle>",
         "<GetInterfaceSettingsResponse xmlns=\"" NS
         "NetworkAdministration/2004/01\"><Status>2053</Status></GetInterfaceSettingsResponse>"},
        {"/RemoteControlService", "GetSystemPowerState", "",
         "<GetSystemPowerStateResponse xmlns=\"" NS "RemoteControl/2004/01\"><Status>0</Status>"
         "<SystemPowerState>0</SystemPowerState></GetSystemPowerStateResponse>"},
        {"/RemoteControlService", "GetRemoteControlCapabilities", "",
         "<GetRemoteControlCapabilitiesResponse xmlns=\"" NS
         "RemoteControl/2004/01\"><Status>0</Status><IanaOemNumber>0</IanaOemNumber>"
         "<OemDefinedCapabilities>11</OemDefinedCapabilities><SpecialCommandsSupported>4864"
         "</SpecialCommandsSupported><SystemCapabilitiesSupported>15"
         "</SystemCapabilitiesSupported><SystemFirmwareCapabilities>0"
         "</SystemFirmwareCapabilities></GetRemoteControlCapabilitiesResponse>"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct manage_fixture b;
        char request[2048], expected[2048];

        fixture_init(&b, "5.0.2");
        soap_lite(request, row[i].method, row[i].arguments);
        fixture_ask(&b, row[i].path, request);
        assert_int_equal(b.status, 200);
        assert_string_equal(b.event, row[i].method);
        snprintf(expected, sizeof(expected), "%s%s%s", ENVELOPE_11, row[i].reply, END_11);
        assert_string_equal(fixture_body(&b), expected);
    }
}

static void eoi_faults(void **state)
{
    static const struct {
        const char *path, *request, *reason;
    } row[] = {
        {"/RemoteControlService",
         "<E:Envelope xmlns:E='x'><E:Body><GetCoreVersion/></E:Body></E:Envelope>",
         "unknown method"},
        {"/RemoteControlService", "<Envelope><Body></Body></Envelope>", "unknown method"},
        {"/RemoteControlService", "", "not a SOAP request"},
        {"/RemoteControlService", "<Envelope><Body><A/><B/></Body></Envelope>",
         "not a SOAP request"},
        {"/RemoteControlService", "<!DOCTYPE x><Envelope><Body><A/></Body></Envelope>",
         "not a SOAP request"},
        {"/NetworkAdministrationService",
         "<Envelope><Body><GetInterfaceSettings><InterfaceHandle>"
         "000000000000000000000000000000000000000000000000</InterfaceHandle>"
         "</GetInterfaceSettings></Body></Envelope>",
         "a value is too long"},
        /* Which of the two would count? */
        {"/NetworkAdministrationService",
         "<Envelope><Body><GetInterfaceSettings><InterfaceHandle>0</InterfaceHandle>"
         "<InterfaceHandle>1</InterfaceHandle></GetInterfaceSettings></Body></Envelope>",
         "not a SOAP request"},
        {"/SecurityAdministrationService",
         "<Envelope><Body><SetTLSCertificateWithKeyPair><KeyPair>a2V5</KeyPair>"
         "<KeyPair>a2V4</KeyPair></SetTLSCertificateWithKeyPair></Body></Envelope>",
         "not a SOAP request"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct manage_fixture b;
        char expected[2048];

        fixture_init(&b, "5.0.2");
        fixture_ask(&b, row[i].path, row[i].request);
        assert_int_equal(b.status, 500);
        snprintf(
            expected, sizeof(expected),
            "%s<s:Fault><faultcode>s:Client</faultcode><faultstring>%s</faultstring></s:Fault>%s",
            ENVELOPE_11, row[i].reason, END_11);
        assert_string_equal(fixture_body(&b), expected);
    }
}

static void the_head_of_a_reply(void **state)
{
    static const char expected[] =
        "HTTP/1.1 200 OK\r\nServer: Intel(R) Active Management Technology 5.0.2\r\n"
        "Content-Type: text/xml; charset=UTF-8\r\nCache-Control: no-cache\r\n"
        "Expires: Thu, 26 Oct 1995 00:00:00 GMT\r\nTransfer-Encoding: chunked\r\n\r\n";
    struct manage_fixture b;
    char request[2048];

    (void)state;
    fixture_init(&b, "5.0.2");
    soap_lite(request, "GetCoreVersion", "");
    fixture_ask(&b, "/SecurityAdministrationService", request);
    assert_memory_equal(b.out, expected, sizeof(expected) - 1);
    assert_int_equal(b.closed, 0);
}

static void the_challenge(void **state)
{
    static const char expected[] =
        "HTTP/1.1 401 Unauthorized\r\nServer: Intel(R) Active Management Technology 5.0.2\r\n"
        "WWW-Authenticate: Digest realm=\"" FIXTURE_REALM
        "\", nonce=\"0000000001000000da4e0198a4868ff1\", stale=\"false\", qop=\"auth\"\r\n"
        "Content-Length: 0\r\n\r\n";
    struct manage_fixture b;

    (void)state;
    fixture_init(&b, "5.0.2");
    fixture_feed_text(&b, "POST /wsman HTTP/1.1\r\nHost: me\r\nContent-Length: 4\r\n\r\nbody");
    assert_string_equal(b.out, expected);
    assert_int_equal(b.closed, 0);
}

static const char head[] =
    "HTTP/1.1 %s\r\nServer: Intel(R) Active Management Technology 5.0.2\r\n%s\r\n\r\n";

/* Without a password, and before it is asked for. Never "Connection: close" with Content-Length:
 * MeshCentral (MC). */
static void what_is_not_served(void **state)
{
    static const struct {
        const char *request, *status, *rest, *event;
        bool closed;
    } row[] = {
        {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "404 Not Found", "Content-Length: 0", "/", false},
        {"GET /index.htm?secret HTTP/1.1\r\nHost: x\r\n\r\n", "404 Not Found", "Content-Length: 0",
         "/index.htm", false},
        {"POST /Wsman HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "404 Not Found",
         "Content-Length: 0", "/Wsman", false},
        {"GET /wsman HTTP/1.1\r\nHost: x\r\n\r\n", "405 Method Not Allowed",
         "Allow: POST\r\nContent-Length: 0", "/wsman", false},
        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "404 Not Found",
         "Connection: close", "/", true},
        {"GET / HTTP/1.0\r\n\r\n", "404 Not Found", "Connection: close", "/", true},
        {"hello\r\n", "400 Bad Request", "Connection: close", "-", true},
        {"POST /wsman HTTP/1.1\r\nHost: x\r\n\r\n", "411 Length Required", "Connection: close",
         "/wsman", true},
        {"POST /wsman HTTP/1.1\r\nContent-Length: 20000\r\n", "413 Content Too Large",
         "Connection: close", "/wsman", true},
        {"BREW / HTTP/1.1\r\n", "501 Not Implemented", "Connection: close", "-", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct manage_fixture b;
        char expected[512];

        fixture_init(&b, "5.0.2");
        fixture_feed_text(&b, row[i].request);
        snprintf(expected, sizeof(expected), head, row[i].status, row[i].rest);
        assert_string_equal(b.out, expected);
        assert_string_equal(b.event, row[i].event);
        assert_int_equal(b.closed, row[i].closed);
        assert_int_equal(b.requests, 1);
    }
}

/* G16: before 3.2.1 SOAP only, with any password or none. */
static void a_release_speaks_its_protocols(void **state)
{
    static const struct {
        const char *release;
        uint32_t eoi, wsman;
    } row[] = {{"2.0", 401, 404},   {"2.2", 401, 404}, {"2.6", 401, 404},   {"3.0", 401, 404},
               {"3.2.1", 401, 401}, {"4.0", 401, 401}, {"5.0.2", 401, 401}, {"6.0", 401, 401}};

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct manage_fixture b;

        fixture_init(&b, row[i].release);
        fixture_feed_text(&b, "POST /wsman HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        assert_int_equal(b.status, row[i].wsman);
        fixture_feed_text(&b, "POST /RemoteControlService HTTP/1.1\r\nHost: x\r\n"
                              "Content-Length: 0\r\n\r\n");
        assert_int_equal(b.status, row[i].eoi);
    }
}

#define BEGIN_12(space, action)                                                                    \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a:Envelope "                                       \
    "xmlns:a=\"http://www.w3.org/2003/05/soap-envelope\" "                                         \
    "xmlns:b=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "                                \
    "xmlns:c=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\" xmlns:d=\"" ENUMERATION "\""       \
    " xmlns:e=\"" TRANSFER "\"" space                                                              \
    "><a:Header><b:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</b:To>"      \
    "<b:RelatesTo>7</b:RelatesTo><b:Action>" action "</b:Action><b:MessageID>"                     \
    "uuid:00000000-8086-8086-8086-000000000000</b:MessageID>"
#define REPLY_12(class, action)                                                                    \
    BEGIN_12(" xmlns:g=\"" class "\"", action)                                                     \
    "<c:ResourceURI>" class "</c:ResourceURI></a:Header><a:Body>"
#define END_12 "</a:Body></a:Envelope>"

static void get_general_settings(void **state)
{
    struct manage_fixture b;
    char request[2048];

    (void)state;
    fixture_init(&b, "5.0.2");
    mesh(request, TRANSFER "/Get", AMT "AMT_GeneralSettings", "");
    fixture_ask(&b, "/wsman", request);
    assert_int_equal(b.status, 200);
    assert_string_equal(b.event, "Get AMT_GeneralSettings");
    assert_string_equal(
        fixture_body(&b),
        REPLY_12(AMT "AMT_GeneralSettings", TRANSFER
                 "/GetResponse") "<g:AMT_GeneralSettings><g:DigestRealm>" FIXTURE_REALM
                                 "</g:DigestRealm>"
                                 "<g:DomainName>site1.example</"
                                 "g:DomainName><g:ElementName>Intel(r) AMT: General Settings"
                                 "</g:ElementName><g:HostName>pc1</"
                                 "g:HostName><g:IdleWakeTimeout>1</g:IdleWakeTimeout>"
                                 "<g:InstanceID>Intel(r) AMT: General "
                                 "Settings</g:InstanceID><g:NetworkInterfaceEnabled>"
                                 "true</g:NetworkInterfaceEnabled></g:AMT_GeneralSettings>" END_12);
}

static void get_setup_service(void **state)
{
    struct manage_fixture b;
    char request[2048];

    (void)state;
    fixture_init(&b, "5.0.2");
    mesh(request, TRANSFER "/Get", AMT "AMT_SetupAndConfigurationService", "");
    fixture_ask(&b, "/wsman", request);
    assert_string_equal(
        fixture_body(&b),
        REPLY_12(AMT "AMT_SetupAndConfigurationService", TRANSFER
                 "/GetResponse") "<g:AMT_SetupAndConfigurationService><g:CreationClassName>"
                                 "AMT_SetupAndConfigurationService</"
                                 "g:CreationClassName><g:ElementName>Intel(r) AMT Setup "
                                 "and Configuration Service</g:ElementName><g:Name>Intel(r) AMT "
                                 "Setup and Configuration "
                                 "Service</g:Name>"
                                 "<g:SystemCreationClassName>CIM_ComputerSystem</"
                                 "g:SystemCreationClassName><g:SystemName>"
                                 "Intel(r) AMT</g:SystemName>"
                                 "<g:ConfigurationServerFQDN></g:ConfigurationServerFQDN>"
                                 "<g:DhcpDNSSuffix>site1.example</g:DhcpDNSSuffix>"
                                 "<g:PasswordModel>1</"
                                 "g:PasswordModel><g:ProvisioningMode>2"
                                 "</g:ProvisioningMode><g:ProvisioningState>2</g:ProvisioningState>"
                                 "<g:TrustedDNSSuffix></g:TrustedDNSSuffix>"
                                 "</g:AMT_SetupAndConfigurationService>" END_12);
}

/* Every service is called by its class's name (CIM). */
static void every_service_has_its_name(void **state)
{
    static const char *const name[] = {"AMT_AuthorizationService", "AMT_TimeSynchronizationService",
                                       "AMT_PublicKeyManagementService",
                                       "AMT_SetupAndConfigurationService"};

    (void)state;
    for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
        struct manage_fixture b;
        char request[2048], class[128], expected[512];

        fixture_init(&b, "5.0.2");
        snprintf(class, sizeof(class), AMT "%s", name[i]);
        mesh(request, TRANSFER "/Get", class, "");
        fixture_ask(&b, "/wsman", request);
        assert_int_equal(b.status, 200);
        snprintf(expected, sizeof(expected), "<g:%s><g:CreationClassName>%s</g:CreationClassName>",
                 name[i], name[i]);
        assert_non_null(strstr(fixture_body(&b), expected));
        assert_non_null(strstr(b.out, "<g:SystemCreationClassName>CIM_ComputerSystem</"
                                      "g:SystemCreationClassName><g:SystemName>Intel(r) AMT</"));
    }
}

/* S5, and CIM's 8: off - soft (DSP1027). */
static void the_machine_is_off(void **state)
{
    struct manage_fixture b;
    char request[2048];

    (void)state;
    fixture_init(&b, "5.0.2");
    b.host_off = true;
    soap_lite(request, "GetSystemPowerState", "");
    fixture_ask(&b, "/RemoteControlService", request);
    assert_non_null(strstr(fixture_body(&b), "<SystemPowerState>5</SystemPowerState>"));
    mesh(request, TRANSFER "/Get", CIM "CIM_AssociatedPowerManagementService", "");
    fixture_ask(&b, "/wsman", request);
    assert_non_null(strstr(fixture_body(&b), "<g:PowerState>8</g:PowerState>"));
}

/* A fixed address is the ME's own, with a MAC address of its own (AMTTOOL). */
static void a_fixed_address(void **state)
{
    struct manage_fixture b;
    char request[2048];

    (void)state;
    fixture_init(&b, "5.0.2");
    b.settings.config.dhcp_enabled = false;
    b.settings.config.fixed.dns2 = 0x0A000003;
    soap_lite(request, "GetInterfaceSettings", "<InterfaceHandle>0</InterfaceHandle>");
    fixture_ask(&b, "/NetworkAdministrationService", request);
    assert_non_null(
        strstr(fixture_body(&b), "<InterfaceMode>SEPARATE_MAC_ADDRESS</InterfaceMode>"));
    assert_non_null(strstr(b.out, "<SecondaryDnsAddress>167772163</SecondaryDnsAddress>"));
}

/* A client of HTTP/1.0 knows no chunks: the connection's end is the body's (RFC 9112 6.3). */
static void a_client_of_http_1_0(void **state)
{
    static const char version[] = "HTTP/1.1\r\nHost: me:16992";
    struct manage_fixture b;
    char nonce[33], body[2048], request[4096], *at;
    size_t len;

    (void)state;
    fixture_init(&b, "5.0.2");
    fixture_feed_text(&b, "POST /SecurityAdministrationService HTTP/1.1\r\nHost: me\r\n"
                          "Content-Length: 0\r\n\r\n");
    fixture_nonce(&b, nonce);
    b.out_len = 0;
    soap_lite(body, "GetCoreVersion", "");
    len = fixture_request(&b, request, "/SecurityAdministrationService", nonce, 1, body);
    at = strstr(request, version);
    assert_non_null(at);
    memcpy(at, "HTTP/1.0", 8);
    fixture_feed(&b, request, len);
    assert_int_equal(b.status, 200);
    assert_null(strstr(b.out, "Transfer-Encoding"));
    assert_non_null(strstr(b.out, "Connection: close\r\n\r\n" ENVELOPE_11));
    assert_string_equal(b.out + b.out_len - strlen(END_11), END_11);
    assert_int_equal(b.closed, 1);
}

static void identify(void **state)
{
    struct manage_fixture b;

    (void)state;
    fixture_init(&b, "5.0.2");
    fixture_ask(
        &b, "/wsman",
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header/><s:Body>"
        "<i:Identify xmlns:i=\"http://schemas.dmtf.org/wbem/wsman/identity/1/"
        "wsmanidentity.xsd\"/></s:Body></s:Envelope>");
    assert_string_equal(b.event, "Identify");
    assert_string_equal(
        fixture_body(&b),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a:Envelope xmlns:a=\"http://www.w3.org/2003/05/"
        "soap-envelope\" xmlns:b=\"http://schemas.dmtf.org/wbem/wsman/identity/1/"
        "wsmanidentity.xsd\"><a:Header></a:Header><a:Body><b:IdentifyResponse><b:ProtocolVersion>"
        "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</b:ProtocolVersion><b:ProductVendor>"
        "Intel(r)</b:ProductVendor><b:ProductVersion>AMT 5.0.2</b:ProductVersion>"
        "<b:SecurityProfiles><b:SecurityProfileName>http://schemas.dmtf.org/wbem/wsman/1/wsman/"
        "secprofile/http/digest</b:SecurityProfileName></b:SecurityProfiles>"
        "</b:IdentifyResponse></a:Body></a:Envelope>");
}

#define CONTEXT_1 "00000001-0000-0000-0000-000000000000"
#define PULL(context, max)                                                                         \
    "<Pull xmlns=\"" ENUMERATION "\"><EnumerationContext>" context                                 \
    "</EnumerationContext><MaxElements>" max "</MaxElements><MaxCharacters>99999"                  \
    "</MaxCharacters></Pull>"

static void enumerate_software(void **state)
{
    struct manage_fixture b;
    char request[2048];
    const char *body;
    uint32_t pulls = 0, items = 0;

    (void)state;
    fixture_init(&b, "5.0.2");
    mesh(request, ENUMERATION "/Enumerate", CIM "CIM_SoftwareIdentity",
         "<Enumerate xmlns=\"" ENUMERATION "\"/>");
    fixture_ask(&b, "/wsman", request);
    assert_string_equal(
        fixture_body(&b),
        REPLY_12(CIM "CIM_SoftwareIdentity", ENUMERATION
                 "/EnumerateResponse") "<d:EnumerateResponse><d:EnumerationContext>" CONTEXT_1
                                       "</d:EnumerationContext></d:EnumerateResponse>" END_12);
    mesh(request, ENUMERATION "/Pull", CIM "CIM_SoftwareIdentity", PULL(CONTEXT_1, "999"));
    do { /* until the reply has no context any more */
        fixture_ask(&b, "/wsman", request);
        body = fixture_body(&b);
        assert_non_null(
            strstr(body, "<d:PullResponse><d:Items><g:CIM_SoftwareIdentity><g:InstanceID>"));
        for (const char *at = body; (at = strstr(at, "<g:CIM_SoftwareIdentity>")); at++)
            items++;
        if (pulls == 0)
            assert_non_null(strstr(
                body,
                "<g:CIM_SoftwareIdentity><g:InstanceID>AMT</g:InstanceID><g:IsEntity>true</"
                "g:IsEntity><g:VersionString>5.0.2</g:VersionString></g:CIM_SoftwareIdentity>"));
        pulls++;
    } while (strstr(body, CONTEXT_1));
    assert_int_equal(items, 10); /* GetCodeVersions has ten */
    assert_non_null(strstr(body, "</d:Items><d:EndOfSequence></d:EndOfSequence></d:PullResponse>"));
    fixture_ask(&b, "/wsman", request);
    assert_int_equal(b.status, 400);
}

/* Not more than is asked for. */
static void pull_one_by_one(void **state)
{
    struct manage_fixture b;
    char request[2048];

    (void)state;
    fixture_init(&b, "5.0.2");
    mesh(request, ENUMERATION "/Enumerate", AMT "AMT_GeneralSettings", "");
    fixture_ask(&b, "/wsman", request);
    mesh(request, ENUMERATION "/Enumerate", CIM "CIM_SoftwareIdentity", "");
    fixture_ask(&b, "/wsman", request);
    mesh(request, ENUMERATION "/Pull", CIM "CIM_SoftwareIdentity",
         PULL("00000002-0000-0000-0000-000000000000", "1"));
    for (int i = 0; i < 10; i++) {
        const char *body;

        fixture_ask(&b, "/wsman", request);
        body = strstr(fixture_body(&b), "<g:CIM_SoftwareIdentity>");
        assert_non_null(body);
        assert_null(strstr(body + 1, "<g:CIM_SoftwareIdentity>"));
        assert_int_equal(strstr(body, "EndOfSequence") != NULL, i == 9);
    }
    /* The first one is still there, for its own class only. */
    mesh(request, ENUMERATION "/Pull", CIM "CIM_SoftwareIdentity", PULL(CONTEXT_1, "1"));
    fixture_ask(&b, "/wsman", request);
    assert_int_equal(b.status, 400);
    mesh(request, ENUMERATION "/Pull", AMT "AMT_GeneralSettings", PULL(CONTEXT_1, "1"));
    fixture_ask(&b, "/wsman", request);
    assert_int_equal(b.status, 200);
}

static void wsman_faults(void **state)
{
    static const struct {
        const char *action, *class, *body, *space, *code, *detail, *reason;
    } row[] = {
        {TRANSFER "/Get", AMT "IPS_HostBasedSetupService", "",
         "http://schemas.xmlsoap.org/ws/2004/08/addressing", "b:DestinationUnreachable",
         "InvalidResourceURI", "There is no such class."},
        {TRANSFER "/Get", CIM "AMT_GeneralSettings", "",
         "http://schemas.xmlsoap.org/ws/2004/08/addressing", "b:DestinationUnreachable",
         "InvalidResourceURI", "There is no such class."},
        {TRANSFER "/Get", "", "", "http://schemas.xmlsoap.org/ws/2004/08/addressing",
         "b:DestinationUnreachable", "InvalidResourceURI", "There is no such class."},
        {TRANSFER "/Put", CIM "CIM_SoftwareIdentity", "",
         "http://schemas.xmlsoap.org/ws/2004/08/addressing", "b:ActionNotSupported", NULL,
         "The action is not supported."},
        {TRANSFER "/Put", AMT "AMT_GeneralSettings", "<AMT_GeneralSettings/>",
         "http://schemas.dmtf.org/wbem/wsman/1/wsman", "c:AccessDenied", NULL,
         "Not in this state of the device."},
        {AMT "AMT_SetupAndConfigurationService/Reboot", AMT "AMT_SetupAndConfigurationService", "",
         "http://schemas.xmlsoap.org/ws/2004/08/addressing", "b:ActionNotSupported", NULL,
         "The action is not supported."},
        {AMT "AMT_SetupAndConfigurationService/CommitChanges", AMT "AMT_GeneralSettings", "",
         "http://schemas.xmlsoap.org/ws/2004/08/addressing", "b:ActionNotSupported", NULL,
         "The action is not supported."},
        {TRANSFER "/Get", CIM "CIM_SoftwareIdentity", "",
         "http://schemas.dmtf.org/wbem/wsman/1/wsman", "c:InvalidSelectors",
         "InsufficientSelectors", "The class has several instances."},
        {ENUMERATION "/Pull", CIM "CIM_SoftwareIdentity", "", ENUMERATION,
         "d:InvalidEnumerationContext", NULL, "There is no such enumeration."},
        {ENUMERATION "/Pull", CIM "CIM_SoftwareIdentity",
         PULL("00000000-0000-0000-0000-000000000000", "1"), ENUMERATION,
         "d:InvalidEnumerationContext", NULL, "There is no such enumeration."},
        {ENUMERATION "/Pull", CIM "CIM_SoftwareIdentity", PULL("0000000", "1"), ENUMERATION,
         "d:InvalidEnumerationContext", NULL, "There is no such enumeration."},
        {ENUMERATION "/Pull", CIM "CIM_SoftwareIdentity",
         PULL("0000000g-0000-0000-0000-000000000000", "1"), ENUMERATION,
         "d:InvalidEnumerationContext", NULL, "There is no such enumeration."},
        {ENUMERATION "/Pull", CIM "CIM_SoftwareIdentity",
         PULL("00000001-0000-0000-0000-000000000001", "1"), ENUMERATION,
         "d:InvalidEnumerationContext", NULL, "There is no such enumeration."},
        {TRANSFER "/Create", CIM "CIM_SoftwareIdentity", "",
         "http://schemas.xmlsoap.org/ws/2004/08/addressing", "b:ActionNotSupported", NULL,
         "The action is not supported."},
        {TRANSFER "/Delete", CIM "CIM_SoftwareIdentity", "",
         "http://schemas.xmlsoap.org/ws/2004/08/addressing", "b:ActionNotSupported", NULL,
         "The action is not supported."},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct manage_fixture b;
        char request[2048], detail[256] = "", expected[2048];

        fixture_init(&b, "5.0.2");
        mesh(request, row[i].action, row[i].class, row[i].body);
        fixture_ask(&b, "/wsman", request);
        assert_int_equal(b.status, 400);
        if (row[i].detail)
            snprintf(detail, sizeof(detail),
                     "<a:Detail><c:FaultDetail>http://schemas.dmtf.org/wbem/wsman/1/wsman/"
                     "faultDetail/%s</c:FaultDetail></a:Detail>",
                     row[i].detail);
        snprintf(expected, sizeof(expected),
                 BEGIN_12("", "%s/fault") "</a:Header><a:Body><a:Fault><a:Code><a:Value>a:Sender</"
                                          "a:Value><a:Subcode><a:Value>%s</a:Value></a:Subcode></"
                                          "a:Code><a:Reason><a:Text xml:lang=\"en-US\">%s</a:Text>"
                                          "</a:Reason>%s</a:Fault>" END_12,
                 row[i].space, row[i].code, row[i].reason, detail);
        assert_string_equal(fixture_body(&b), expected);
    }
}

static void what_the_peer_says_is_escaped(void **state)
{
    struct manage_fixture b;

    (void)state;
    fixture_init(&b, "5.0.2");
    fixture_ask(
        &b, "/wsman",
        "<Envelope><Header><MessageID>&lt;x/&gt;&amp;</MessageID></Header><Body/></Envelope>");
    assert_non_null(strstr(b.out, "<b:RelatesTo>&lt;x/&gt;&amp;</b:RelatesTo>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eoi_replies),
        cmocka_unit_test(eoi_faults),
        cmocka_unit_test(the_head_of_a_reply),
        cmocka_unit_test(the_challenge),
        cmocka_unit_test(what_is_not_served),
        cmocka_unit_test(a_release_speaks_its_protocols),
        cmocka_unit_test(get_general_settings),
        cmocka_unit_test(get_setup_service),
        cmocka_unit_test(every_service_has_its_name),
        cmocka_unit_test(the_machine_is_off),
        cmocka_unit_test(a_fixed_address),
        cmocka_unit_test(a_client_of_http_1_0),
        cmocka_unit_test(identify),
        cmocka_unit_test(enumerate_software),
        cmocka_unit_test(pull_one_by_one),
        cmocka_unit_test(wsman_faults),
        cmocka_unit_test(what_the_peer_says_is_escaped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
