// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
// once: slow in an emulator, and about text, which is single bytes
#include "tests/fixtures/manage.h"

/* The configuration service and peers that mean harm, or have a slow line. */

#define GET                                                                                        \
    "<s:Envelope><s:Header><a:Action m=\"1\">http://schemas.xmlsoap.org/ws/2004/09/transfer/Get"   \
    "</a:Action><w:ResourceURI s:mustUnderstand='true'>"                                           \
    "http://intel.com/wbem/wscim/1/amt-schema/1/AMT_GeneralSettings"                               \
    "</w:ResourceURI><a:MessageID>1</a:MessageID><a:ReplyTo><a:Address>x/anonymous</a:Address>"    \
    "</a:ReplyTo><w:SelectorSet><w:Selector Name=\"InstanceID\">Intel(r) AMT: General Settings"    \
    "</w:Selector></w:SelectorSet></s:Header><s:Body/></s:Envelope>"
#define VERSION "<Envelope><Body><GetCoreVersion/></Body></Envelope>"
#define EOI "/SecurityAdministrationService"
#define FIRST_NONCE "0000000001000000da4e0198a4868ff1"

/* The device has offered FIRST_NONCE, and waits for a connection's first request. */
static void challenged(struct manage_fixture *b)
{
    fixture_init(b, "5.0.2");
    fixture_feed_text(b, "POST /wsman HTTP/1.1\r\nHost: me\r\nContent-Length: 0\r\n\r\n");
    assert_int_equal(b->status, 401);
    fixture_connect(b);
    b->requests = b->closed = b->status = 0;
}

/* A stranger's request, then two with the right answer. */
static size_t conversation(char out[8192])
{
    static const struct manage_fixture admin = {.user = "admin", .password = FIXTURE_PASSWORD};
    size_t len = (size_t)snprintf(out, 4096,
                                  "GET /logon.htm HTTP/1.1\r\nHost: me\r\n"
                                  "Transfer-Encoding: chunked\r\n\r\n"
                                  "4\r\n<a/>\r\n0\r\n\r\n");

    len += fixture_request(&admin, out + len, "/wsman", FIRST_NONCE, 1, GET);
    len += fixture_request(&admin, out + len, EOI, FIRST_NONCE, 2, VERSION);
    return len;
}

static void play(struct manage_fixture *b, const char *bytes, size_t len, size_t first, size_t step,
                 size_t room)
{
    challenged(b);
    b->room = room;
    fixture_feed(b, bytes, first);
    for (size_t at = first; at < len; at += step)
        fixture_feed(b, bytes + at, len - at < step ? len - at : step);
    assert_int_equal(b->requests, 3);
    assert_int_equal(b->status, 200);
    assert_string_equal(b->event, "GetCoreVersion");
    assert_int_equal(b->closed, 0);
}

/* However the bytes come and go, the answer is the same. */
static void every_split(void **state)
{
    static struct manage_fixture whole, b;
    char bytes[8192];
    size_t len = conversation(bytes);

    (void)state;
    play(&whole, bytes, len, len, len, SIZE_MAX);
    for (size_t first = 0; first <= len; first++) {
        play(&b, bytes, len, first, len, SIZE_MAX);
        assert_string_equal(b.out, whole.out);
    }
    for (size_t step = 1; step < 100; step++) {
        play(&b, bytes, len, 0, step, step);
        assert_string_equal(b.out, whole.out);
    }
}

/* While a reply cannot leave, nothing more is taken in. */
static void a_peer_that_does_not_read(void **state)
{
    static struct manage_fixture b;
    char bytes[8192];
    size_t len = conversation(bytes), taken;

    (void)state;
    challenged(&b);
    b.room = 0;
    taken = b.service.input(b.service.ctx, (const uint8_t *)bytes, len);
    assert_true(taken < len);
    for (int i = 0; i < 100; i++) {
        b.service.writable(b.service.ctx);
        assert_int_equal(
            b.service.input(b.service.ctx, (const uint8_t *)bytes + taken, len - taken), 0);
    }
    assert_int_equal(b.requests, 1);
    assert_int_equal(b.out_len, 0);
    b.room = SIZE_MAX;
    fixture_feed(&b, bytes + taken, len - taken);
    assert_int_equal(b.requests, 3);
}

/* A connection that ends anywhere leaves nothing to the next one, but for the nonces. */
static void every_end(void **state)
{
    static struct manage_fixture b;
    char bytes[8192], request[4096];
    size_t len = conversation(bytes), n;

    (void)state;
    for (size_t end = 0; end < len; end++) {
        char nonce[33];

        challenged(&b);
        b.room = end % 2 ? SIZE_MAX : 0;
        b.service.input(b.service.ctx, (const uint8_t *)bytes, end);
        b.service.closed(b.service.ctx);
        b.room = SIZE_MAX;
        fixture_connect(&b);
        fixture_feed_text(&b, "POST " EOI " HTTP/1.1\r\nHost: me\r\nContent-Length: 0\r\n\r\n");
        assert_int_equal(b.status, 401);
        fixture_nonce(&b, nonce);
        fixture_connect(&b);
        n = fixture_request(&b, request, EOI, nonce, 1, VERSION);
        fixture_feed(&b, request, n);
        assert_int_equal(b.status, 200);
    }
}

/* Of a stranger's request nothing is read, however it is made. */
static void a_stranger(void **state)
{
    static struct manage_fixture b;
    char request[4096];
    size_t n;

    (void)state;
    fixture_init(&b, "5.0.2");
    n = fixture_request(&b, request, "/wsman", FIRST_NONCE, 1, GET);
    fixture_feed(&b, request, n); /* a nonce that nobody has given out */
    assert_int_equal(b.status, 401);
    assert_non_null(strstr(b.out, "stale=\"true\""));
    assert_string_equal(b.event, "/wsman");
    /* Two headers, a wrong one and the right one, in either order. */
    for (int first = 0; first < 2; first++) {
        static const char wrong[] = "Authorization: Digest x=y\r\n";
        char *at;

        fixture_init(&b, "5.0.2");
        fixture_feed_text(&b, "POST /wsman HTTP/1.1\r\nHost: me\r\nContent-Length: 0\r\n\r\n");
        n = fixture_request(&b, request, "/wsman", FIRST_NONCE, 1, "");
        at = strstr(request, first ? "Authorization" : "Content-Length");
        memmove(at + sizeof(wrong) - 1, at, strlen(at) + 1);
        memcpy(at, wrong, sizeof(wrong) - 1);
        b.out_len = 0;
        fixture_feed(&b, request, n + sizeof(wrong) - 1);
        assert_int_equal(b.status, 401);
        assert_non_null(strstr(b.out, "stale=\"false\""));
    }
    fixture_init(&b, "5.0.2");
    fixture_feed_text(&b, "POST /wsman HTTP/1.1\r\nHost: me\r\nContent-Length: 0\r\n\r\n");
    n = fixture_request(&b, request, "/wsman", FIRST_NONCE, 1, GET);
    fixture_feed(&b, request, n);
    assert_int_equal(b.status, 200);
    fixture_feed(&b, request, n); /* replayed */
    assert_int_equal(b.status, 401);
}

/* CVE-2017-5689 from the outside: an empty answer opened real devices. */
static void an_empty_answer(void **state)
{
    static struct manage_fixture b;

    (void)state;
    fixture_init(&b, "6.0");
    fixture_feed_text(&b, "POST /wsman HTTP/1.1\r\nHost: me\r\nContent-Length: 0\r\n\r\n");
    b.out_len = 0;
    fixture_feed_text(&b, "POST /wsman HTTP/1.1\r\nHost: me\r\nAuthorization: Digest "
                          "username=\"admin\", realm=\"" FIXTURE_REALM "\", nonce=\"" FIRST_NONCE
                          "\", uri=\"/wsman\", nc=00000001, cnonce=\"x\", qop=auth, "
                          "response=\"\"\r\nContent-Length: 0\r\n\r\n");
    assert_int_equal(b.status, 401);
}

/* The password of the moment counts. */
static void a_password_changes(void **state)
{
    static struct manage_fixture b;
    char request[4096];
    size_t n;

    (void)state;
    fixture_init(&b, "5.0.2");
    fixture_feed_text(&b, "POST /wsman HTTP/1.1\r\nHost: me\r\nContent-Length: 0\r\n\r\n");
    strcpy(b.settings.secret.password, "another");
    n = fixture_request(&b, request, "/wsman", FIRST_NONCE, 1, GET);
    fixture_feed(&b, request, n);
    assert_int_equal(b.status, 401);
}

static void send_body(struct manage_fixture *b, const char *body)
{
    char request[4096], nonce[33];
    size_t n;

    fixture_init(b, "5.0.2");
    fixture_feed_text(b, "POST /wsman HTTP/1.1\r\nHost: me\r\nContent-Length: 0\r\n\r\n");
    fixture_nonce(b, nonce);
    n = fixture_request(b, request, "/wsman", nonce, 1, "");
    /* The length is the header that came last. */
    n = (size_t)(strstr(request, "Content-Length") - request);
    fixture_feed(b, request, n);
    n = (size_t)snprintf(request, sizeof(request), "Content-Length: %zu\r\n\r\n", strlen(body));
    fixture_feed(b, request, n);
    fixture_feed_text(b, body);
}

/* Documents that blow up, nest or never end: a fault, and the connection goes on. */
static void bombs(void **state)
{
    static struct manage_fixture b;
    static char body[LIMIT_HTTP_BODY + 1];

    (void)state;
    send_body(&b, "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;&lol;&lol;\">]>"
                  "<lolz>&lol2;</lolz>");
    assert_int_equal(b.status, 400);
    body[0] = '\0';
    for (size_t n = 0; n + 3 < LIMIT_HTTP_BODY; n += 3)
        memcpy(body + n, "<a>", 4);
    send_body(&b, body);
    assert_int_equal(b.status, 400);
    memset(body, ' ', LIMIT_HTTP_BODY);
    memcpy(body, "<a x='", 6);
    send_body(&b, body);
    assert_int_equal(b.status, 400);
    memset(body, 'm', LIMIT_HTTP_BODY);
    memcpy(body, "<Envelope><Header><MessageID>", 29);
    send_body(&b, body);
    assert_int_equal(b.status, 400);
    assert_true(b.manage.open);
    assert_int_equal(b.requests, 2);
    fixture_ask(&b, "/wsman", GET);
    assert_int_equal(b.status, 200);
}

/* One byte changed anywhere in a good conversation: it is answered or not, and harms nothing. */
static void every_byte_changed(void **state)
{
    static struct manage_fixture b;
    char bytes[8192];
    size_t len = conversation(bytes);

    (void)state;
    for (size_t at = 0; at < len; at++) {
        static const char with[] = {'\0', '\n', ' ', '<', '&', '"', ',', '9', (char)0xFF};

        for (size_t i = 0; i < sizeof(with); i++) {
            char was = bytes[at];

            bytes[at] = with[i];
            challenged(&b);
            fixture_feed(&b, bytes, len);
            assert_true(b.requests <= 4);
            bytes[at] = was;
        }
    }
}

/* Noise, of a generator that is the same everywhere. */
static void noise(void **state)
{
    static struct manage_fixture b;
    uint32_t x = 1;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        char bytes[256];

        for (size_t i = 0; i < sizeof(bytes); i++) {
            x = x * 1664525u + 1013904223u;
            bytes[i] = (char)(x >> 24);
        }
        fixture_init(&b, "5.0.2");
        fixture_feed(&b, bytes, sizeof(bytes));
        assert_true(b.closed <= 1);
        assert_true(b.status == 0 || b.status >= 400);
    }
}

/* What a host name may not hold cannot break a reply; a reply has room for the longest names. */
static void the_longest_names(void **state)
{
    static struct manage_fixture b;

    (void)state;
    fixture_init(&b, "5.0.2");
    memset(b.settings.config.host_name, '&', LIMIT_HOST_NAME);
    memset(b.settings.config.domain, '<', LIMIT_DOMAIN);
    fixture_ask(&b, "/wsman", GET);
    assert_true(b.status == 200 || b.status == 500);
    fixture_init(&b, "5.0.2");
    memset(b.settings.config.host_name, 'h', LIMIT_HOST_NAME);
    memset(b.settings.config.domain, 'd', LIMIT_DOMAIN);
    fixture_ask(&b, "/wsman", GET);
    assert_int_equal(b.status, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_split),     cmocka_unit_test(a_peer_that_does_not_read),
        cmocka_unit_test(every_end),       cmocka_unit_test(a_stranger),
        cmocka_unit_test(an_empty_answer), cmocka_unit_test(a_password_changes),
        cmocka_unit_test(bombs),           cmocka_unit_test(every_byte_changed),
        cmocka_unit_test(noise),           cmocka_unit_test(the_longest_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
