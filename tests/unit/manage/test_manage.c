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
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"" FIXTURE_REALM
        "\", nonce=\"0000000001000000da4e0198a4868ff1\",stale=\"false\",qop=\"auth\"\r\n"
        "Content-Type: text/html\r\nServer: Intel(R) Active Management Technology 5.0.2\r\n"
        "Content-Length: ";
    struct manage_fixture b;
    const char *body;

    (void)state;
    fixture_init(&b, "5.0.2");
    fixture_feed_text(&b, "POST /wsman HTTP/1.1\r\nHost: me\r\nContent-Length: 4\r\n\r\nbody");
    assert_memory_equal(b.out, expected, sizeof(expected) - 1);
    body = strstr(b.out, "\r\nConnection: close\r\n\r\n<html>");
    assert_non_null(body);
    body = strstr(body, "<html>");
    assert_int_equal(strtol(b.out + sizeof(expected) - 1, NULL, 10), strlen(body));
    assert_non_null(strstr(body, "Log on failed"));
    assert_int_equal(b.closed, 1);
    /* HEAD has the same head, and no body (RFC 9110 9.3.2). */
    fixture_connect(&b);
    fixture_feed_text(&b, "HEAD /wsman HTTP/1.1\r\nHost: me\r\n\r\n");
    assert_non_null(strstr(b.out, "HTTP/1.1 401 "));
    assert_null(strchr(b.out, '<'));
    assert_int_equal(b.closed, 2);
}

/* Without a body, and without a password. */
static void ask_for(struct manage_fixture *b, const char *method, const char *path)
{
    char request[256];

    snprintf(request, sizeof(request), "%s %s HTTP/1.1\r\nHost: me\r\n\r\n", method, path);
    b->out_len = 0;
    fixture_feed_text(b, request);
}

/* With the password, if it is the right one. */
static void get(struct manage_fixture *b, const char *method, const char *path, bool right)
{
    char request[4096], nonce[33];

    ask_for(b, method, path);
    if (!right)
        return;
    fixture_nonce(b, nonce);
    b->out_len = 0;
    b->method = method;
    fixture_request(b, request, path, nonce, 1, "");
    fixture_feed_text(b, request);
    b->method = NULL;
}

/* / leads to the log-on page, which anybody sees; it leads to the system's status (HONEY). */
static void pages(void **state)
{
    static const char *const shown[] = {"<title>Intel&reg; Active Management Technology</title>",
                                        "Computer: pc1<",
                                        "Power</td><td>On<",
                                        "IP address</td><td>192.168.77.50<",
                                        "System ID</td><td>11223344-5566-7788-99aa-bbccddeeff00<",
                                        "firmware version: 5.0.2-build 1120<",
                                        "value=\"Refresh\""};
    struct manage_fixture b;

    (void)state;
    fixture_init(&b, "5.0.2");
    get(&b, "GET", "/", false);
    assert_string_equal(b.out, "HTTP/1.1 303 See Other\r\nLocation: /logon.htm\r\n"
                               "Content-Length: 0\r\n"
                               "Server: Intel(R) Active Management Technology 5.0.2\r\n\r\n");
    assert_int_equal(b.status, 303);
    get(&b, "GET", "/logon.htm", false);
    assert_int_equal(b.status, 200);
    assert_non_null(strstr(b.out, "<form method=\"GET\" action=\"index.htm\">"));
    assert_non_null(strstr(b.out, "Log On..."));
    assert_int_equal(b.closed, 0);
    get(&b, "GET", "/index.htm", false);
    assert_int_equal(b.status, 401);
    assert_null(strstr(b.out, "pc1"));
    get(&b, "GET", "/index.htm?", true); /* as the form asks */
    assert_int_equal(b.status, 200);
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
        if (!strstr(b.out, shown[i]))
            fail_msg("no %s in %s", shown[i], b.out);
    assert_null(strstr(b.out, "Date"));
    get(&b, "HEAD", "/index.htm", true);
    assert_int_equal(b.status, 200);
    assert_null(strchr(b.out, '<'));
    get(&b, "DELETE", "/index.htm", false);
    assert_int_equal(b.status, 401);
    /* Another password than the right one is told so on every page. */
    b.password = "wrong";
    get(&b, "GET", "/index.htm", true);
    assert_int_equal(b.status, 401);
    assert_int_equal(b.wrong, 1);
    /* Before set-up there are none. */
    fixture_state(&b, 1, ADMITTED_OPEN);
    get(&b, "GET", "/", false);
    assert_int_equal(b.status, 401);
}

/* Of the years 1970 to 2106: a leap day, the first of a year, midnight and noon. */
static void the_clock_on_the_page(void **state)
{
    static const struct {
        uint32_t s;
        const char *date, *time;
    } row[] = {
        {1231938000, "1/14/2009", "1:00 pm"},  {1077926400, "2/28/2004", "12:00 am"},
        {1078012799, "2/28/2004", "11:59 pm"}, {1078012800, "2/29/2004", "12:00 am"},
        {1078099200, "3/1/2004", "12:00 am"},  {1230768000, "1/1/2009", "12:00 am"},
        {1230811200, "1/1/2009", "12:00 pm"},  {1262303999, "12/31/2009", "11:59 pm"},
        {4107542400, "3/1/2100", "12:00 am"},  {4294967295, "2/7/2106", "6:28 am"},
        {1, "1/1/1970", "12:00 am"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct manage_fixture b;
        char expected[128];

        fixture_init(&b, "6.0");
        b.clock_s = row[i].s;
        get(&b, "GET", "/index.htm", true);
        snprintf(expected, sizeof(expected), "Date</td><td>%s</td></tr><tr><td>Time</td><td>%s<",
                 row[i].date, row[i].time);
        if (!strstr(b.out, expected))
            fail_msg("%s is not in %s", expected, b.out);
    }
}

/* Who waits before he sends a body is told to go on, once the password is right, and to stop
 * before he has sent it for nothing (RFC 9110 10.1.1). */
static void the_body_is_awaited(void **state)
{
    static const char expects[] = "Expect: 100-continue\r\n";
    struct manage_fixture b;
    char request[4096], nonce[33], body[2048];
    char *at;

    (void)state;
    fixture_init(&b, "5.0.2");
    fixture_feed_text(&b, "POST /wsman HTTP/1.1\r\nHost: me\r\nContent-Length: 9000\r\n"
                          "Expect: 100-continue\r\n\r\n");
    assert_int_equal(b.status, 401);
    assert_int_equal(b.closed, 1);
    fixture_nonce(&b, nonce);
    for (size_t room = 1; room < 60; room += 29) {
        b.room = room;
        b.out_len = 0;
        mesh(body, TRANSFER "/Get", AMT "AMT_GeneralSettings", "");
        fixture_request(&b, request, "/wsman", nonce, (uint32_t)room, body);
        at = strstr(request, "Content-Length");
        memmove(at + sizeof(expects) - 1, at, strlen(at) + 1);
        memcpy(at, expects, sizeof(expects) - 1);
        at = strstr(request, "\r\n\r\n") + 4;
        fixture_feed(&b, request, (size_t)(at - request));
        assert_string_equal(b.out, "HTTP/1.1 100 Continue\r\n\r\n");
        assert_int_equal(b.status, room == 1 ? 401 : 200);
        b.out_len = 0;
        fixture_feed_text(&b, at);
        assert_int_equal(b.status, 200);
        assert_memory_equal(b.out, "HTTP/1.1 200 OK\r\n", 17);
        assert_non_null(strstr(b.out, "DigestRealm"));
    }
    /* A path where nothing is. */
    b.room = SIZE_MAX;
    b.out_len = 0;
    fixture_request(&b, request, "/nowhere", nonce, 99, body);
    at = strstr(request, "Content-Length");
    memmove(at + sizeof(expects) - 1, at, strlen(at) + 1);
    memcpy(at, expects, sizeof(expects) - 1);
    strstr(request, "\r\n\r\n")[4] = '\0';
    fixture_feed_text(&b, request);
    assert_int_equal(b.status, 404);
    assert_non_null(strstr(b.out, "Connection: close\r\n"));
    assert_int_equal(b.closed, 2);
}

/* MeshCmd names the host once a connection (MCMD). */
static void a_request_without_host(void **state)
{
    struct manage_fixture b;
    char request[4096], nonce[33], body[2048];
    char *at;

    (void)state;
    fixture_init(&b, "6.2");
    mesh(body, TRANSFER "/Get", AMT "AMT_GeneralSettings", "");
    fixture_ask(&b, "/wsman", body);
    assert_string_equal(b.event, "Get AMT_GeneralSettings");
    get(&b, "GET", "/wsman", false);
    fixture_nonce(&b, nonce);
    fixture_request(&b, request, "/wsman", nonce, 1, body);
    at = strstr(request, "Host: me:16992\r\n");
    memmove(at, at + 16, strlen(at + 16) + 1);
    fixture_feed_text(&b, request);
    assert_int_equal(b.status, 200);
    assert_string_equal(b.event, "Get AMT_GeneralSettings, without Host");
}

/* From 6.0 on an answer is good again on its TLS connection, and only there (G-auth). */
static void an_answer_that_is_repeated(void **state)
{
    static const struct {
        const char *release;
        bool tls, again;
    } row[] = {{"5.2", true, false},
               {"3.2.1", true, false},
               {"6.0", true, true},
               {"6.2", true, true},
               {"6.0", false, false}};

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct manage_fixture b;
        char request[4096], other[4096], nonce[33], body[2048];

        fixture_init(&b, row[i].release);
        b.tls = row[i].tls;
        fixture_connect(&b);
        mesh(body, TRANSFER "/Get", AMT "AMT_GeneralSettings", "");
        fixture_ask(&b, "/wsman", body);
        fixture_connect(&b);
        get(&b, "GET", "/wsman", false);
        fixture_nonce(&b, nonce);
        fixture_request(&b, request, "/wsman", nonce, 7, body);
        for (int n = 0; n < 3; n++) {
            fixture_feed_text(&b, request);
            assert_int_equal(b.status, n == 0 || row[i].again ? 200 : 401);
        }
        if (!row[i].again)
            continue;
        /* A lower count is none of this connection's latest; a wrong answer stays wrong. */
        fixture_request(&b, other, "/wsman", nonce, 6, body);
        fixture_feed_text(&b, other);
        assert_int_equal(b.status, 401);
        fixture_feed_text(&b, request); /* a new connection */
        assert_int_equal(b.status, 401);
        fixture_request(&b, request, "/wsman", nonce, 8, body);
        fixture_feed_text(&b, request);
        assert_int_equal(b.status, 200);
        strcpy(b.settings.secret.password, "another");
        fixture_feed_text(&b, request);
        assert_int_equal(b.status, 401);
    }
}

static const char head[] =
    "HTTP/1.1 %s\r\nServer: Intel(R) Active Management Technology 5.0.2\r\n%s\r\n\r\n";

/* What is no request, whoever asks. The trace says why. */
static void what_is_no_request(void **state)
{
    static const struct {
        const char *request, *status, *event;
    } row[] = {
        {"hello\r\n", "400 Bad Request", "not a request line"},
        {"\x16\x03\x01", "400 Bad Request", "a control character"},
        {"POST /wsman HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n", "400 Bad Request",
         "/wsman: two lengths of the body"},
        {"POST /wsman?secret HTTP/1.1\r\nContent-Length: 1\r\n more\r\n", "400 Bad Request",
         "/wsman: a header in two lines"},
        {"POST /wsman HTTP/1.1\r\nHost: x\r\n\r\n", "411 Length Required",
         "/wsman: no length of the body"},
        {"POST /wsman HTTP/1.1\r\nContent-Length: 20000\r\n", "413 Content Too Large",
         "/wsman: the body is too long"},
        {"POST /wsman HTTP/1.1\r\nExpect: 200-ok\r\n", "417 Expectation Failed",
         "/wsman: an unknown expectation"},
        {"BREW / HTTP/1.1\r\n", "501 Not Implemented", "an unknown method"},
        {"GET / HTTP/2.0\r\n", "505 HTTP Version Not Supported", "not HTTP/1.x"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct manage_fixture b;
        char expected[512];

        fixture_init(&b, "5.0.2");
        fixture_feed_text(&b, row[i].request);
        snprintf(expected, sizeof(expected), head, row[i].status, "Connection: close");
        assert_string_equal(b.out, expected);
        assert_string_equal(b.event, row[i].event);
        assert_int_equal(b.closed, 1);
        assert_int_equal(b.requests, 1);
    }
}

/* Who has no password is asked for it whatever he asks for (HONEY); who has it learns what there
 * is. Never "Connection: close" with Content-Length: MeshCentral (MC). */
static void what_is_not_served(void **state)
{
    static const struct {
        const char *method, *path, *status, *rest, *event;
    } row[] = {
        {"GET", "/nowhere", "404 Not Found", "Content-Length: 0", "/nowhere"},
        {"GET", "/nowhere?secret", "404 Not Found", "Content-Length: 0", "/nowhere"},
        {"POST", "/Wsman", "404 Not Found", "Content-Length: 0", "/Wsman"},
        {"GET", "/wsman", "405 Method Not Allowed", "Allow: POST\r\nContent-Length: 0", "/wsman"},
        {"POST", "/index.htm", "405 Method Not Allowed", "Allow: GET, HEAD\r\nContent-Length: 0",
         "/index.htm"},
        {"PUT", "/wsman", "405 Method Not Allowed", "Allow: POST\r\nContent-Length: 0", "/wsman"},
        {"DELETE", "/index.htm", "405 Method Not Allowed", "Allow: GET, HEAD\r\nContent-Length: 0",
         "/index.htm"},
        {"OPTIONS", "/nowhere", "404 Not Found", "Content-Length: 0", "/nowhere"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct manage_fixture b;
        char expected[512], request[512];

        fixture_init(&b, "5.0.2");
        snprintf(request, sizeof(request), "%s %s HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
                 row[i].method, row[i].path);
        fixture_feed_text(&b, request);
        assert_int_equal(b.status, 401);
        assert_string_equal(b.event, row[i].event);
        if (strcmp(row[i].method, "POST") != 0)
            get(&b, row[i].method, row[i].path, true);
        else
            fixture_ask(&b, row[i].path, "");
        snprintf(expected, sizeof(expected), head, row[i].status, row[i].rest);
        assert_string_equal(b.out, expected);
        assert_string_equal(b.event, row[i].event);
        assert_int_equal(b.requests, 3);
        assert_true(b.manage.open);
    }
}

/* To nmap's first probe, in HTTP/1.0, nothing follows the Server header (NMAP). */
static void who_wants_the_connection_closed(void **state)
{
    static const struct {
        const char *request, *end;
    } row[] = {
        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "\r\nConnection: close\r\n\r\n"},
        {"GET / HTTP/1.0\r\n\r\n",
         "\r\nServer: Intel(R) Active Management Technology 5.0.2\r\n\r\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct manage_fixture b;

        fixture_init(&b, "5.0.2");
        fixture_feed_text(&b, row[i].request);
        assert_string_equal(strstr(b.out, row[i].end), row[i].end);
        assert_int_equal(b.status, 303);
        assert_int_equal(b.closed, 1);
    }
}

/* G16: before 3.2.1 SOAP only. */
static void a_release_speaks_its_protocols(void **state)
{
    static const struct {
        const char *release;
        uint32_t wsman;
    } row[] = {{"2.0", 404},   {"2.2", 404}, {"2.6", 404},   {"3.0", 404},
               {"3.2.1", 400}, {"4.0", 400}, {"5.0.2", 400}, {"6.0", 400}};

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct manage_fixture b;

        fixture_init(&b, row[i].release);
        fixture_ask(&b, "/wsman", "<a/>");
        assert_int_equal(b.status, row[i].wsman);
        fixture_ask(&b, "/RemoteControlService", "<a/>");
        assert_int_equal(b.status, 500);
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
                                 "true</g:NetworkInterfaceEnabled>"
                                 "<g:PingResponseEnabled>true</g:PingResponseEnabled>"
                                 "<g:PowerSource>0</g:PowerSource>"
                                 "<g:RmcpPingResponseEnabled>true</g:RmcpPingResponseEnabled>"
                                 "</g:AMT_GeneralSettings>" END_12);
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
    assert_int_equal(b.closed, 2); /* with the challenge */
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
        {TRANSFER "/Create", AMT "AMT_TLSCredentialContext", "<AMT_TLSCredentialContext/>",
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
        cmocka_unit_test(pages),
        cmocka_unit_test(the_clock_on_the_page),
        cmocka_unit_test(the_body_is_awaited),
        cmocka_unit_test(a_request_without_host),
        cmocka_unit_test(an_answer_that_is_repeated),
        cmocka_unit_test(what_is_no_request),
        cmocka_unit_test(what_is_not_served),
        cmocka_unit_test(who_wants_the_connection_closed),
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
