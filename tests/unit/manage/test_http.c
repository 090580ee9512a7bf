// SPDX-License-Identifier: BSD-3-Clause
// links: @core fw/manage/http.c
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/manage/http.h"

/* Requests, a byte at a time; what is expected is RFC 9112's. What is taken that needs not be, and
 * what is refused that might be taken, is the table in fw/manage/README.md. */

struct seen {
    struct http http;
    int last; /* event of the last byte that was fed */
    size_t fed;
    int waits;          /* how often the reader said that the body is awaited */
    char headers[1024]; /* "name=value;" of each */
    char body[64];
    size_t body_len;
};

static struct seen feed(const char *bytes, size_t len)
{
    struct seen s = {.last = 0};

    http_begin(&s.http);
    for (; s.fed < len && !(s.last & (HTTP_DONE | HTTP_BAD)); s.fed++) {
        s.last = http_feed(&s.http, (uint8_t)bytes[s.fed]);
        s.waits += (s.last & HTTP_WAITS) != 0;
        if (s.last & HTTP_HEADER && strlen(s.headers) < sizeof(s.headers) - 256)
            snprintf(s.headers + strlen(s.headers), sizeof(s.headers) - strlen(s.headers),
                     "%.100s=%.100s;", http_name(&s.http), http_value(&s.http));
        if (s.last & HTTP_BODY && s.body_len < sizeof(s.body))
            s.body[s.body_len++] = bytes[s.fed];
    }
    return s;
}

static struct seen feed_text(const char *text)
{
    return feed(text, strlen(text));
}

static void is_refused(const char *text, uint16_t status)
{
    struct seen s = feed_text(text);

    if (s.last != HTTP_BAD || s.http.status != status)
        fail_msg("%s: event %d, status %u instead of %u", text, s.last, s.http.status, status);
    assert_true(s.http.close);
    assert_string_not_equal(http_reason(status), "");
    assert_non_null(s.http.why);
    /* It stays so. */
    assert_int_equal(http_feed(&s.http, 'G'), HTTP_BAD);
}

static void a_request_with_a_body(void **state)
{
    struct seen s = feed_text("POST /wsman HTTP/1.1\r\nHost: me:16992\r\nContent-Length: 5\r\n"
                              "SOAPAction:  \"x#Y\" \t\r\n\r\nhelloGET");

    (void)state;
    assert_int_equal(s.last, HTTP_BODY | HTTP_DONE);
    assert_int_equal(s.http.method, HTTP_POST);
    assert_string_equal(s.http.path, "/wsman");
    assert_string_equal(s.headers, "host=me:16992;content-length=5;soapaction=\"x#Y\";");
    assert_int_equal(s.body_len, 5);
    assert_memory_equal(s.body, "hello", 5);
    assert_false(s.http.close);
    assert_string_equal(http_method_name(&s.http), "POST");
}

static void a_request_without_a_body(void **state)
{
    struct seen s = feed_text("GET / HTTP/1.1\r\nHost: x\r\n\r\n");

    (void)state;
    assert_int_equal(s.last, HTTP_DONE);
    assert_int_equal(s.http.method, HTTP_GET);
    s = feed_text("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    assert_int_equal(s.last, HTTP_DONE);
    s = feed_text("DELETE / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(s.last, HTTP_DONE);
    assert_in_range(s.http.method, HTTP_KNOWN, UINT8_MAX);
    assert_string_equal(http_method_name(&s.http), "DELETE");
}

static void chunks(void **state)
{
    struct seen s = feed_text("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "3\r\nabc\r\n0A;x=y\r\n0123456789\r\n0\r\nTrailer: z\r\n\r\n");

    (void)state;
    assert_int_equal(s.last, HTTP_DONE);
    assert_int_equal(s.body_len, 13);
    assert_memory_equal(s.body, "abc0123456789", 13);
}

/* Line ends without CR, and empty lines in front (RFC 9112 2.2). */
static void what_is_let_pass(void **state)
{
    struct seen s = feed_text("\r\n\nPOST / HTTP/1.1\nHost: x\ncontent-LENGTH:1\n\nz");

    (void)state;
    assert_int_equal(s.last, HTTP_BODY | HTTP_DONE);
    assert_memory_equal(s.body, "z", 1);
    /* Blanks and a tab around a value and behind a chunk's size (RFC 9112 5.1, 7.1.1). */
    s = feed_text("POST / HTTP/1.1\r\nHost:\tx \t\r\nTransfer-Encoding: chunked \r\n\r\n"
                  "1 \t\r\nz\r\n0\r\n\r\n");
    assert_int_equal(s.last, HTTP_DONE);
    assert_string_equal(s.headers, "host=x;transfer-encoding=chunked;");
    assert_memory_equal(s.body, "z", 1);
}

/* Of each form of the target the path counts (RFC 9112 3.2). */
static void forms_of_the_target(void **state)
{
    static const struct {
        const char *line, *path;
    } row[] = {
        {"GET /index.htm?x=y HTTP/1.1", "/index.htm?x=y"},
        {"GET http://me:16992/wsman HTTP/1.1", "/wsman"},
        {"POST HTTPS://me.site1.example/wsman HTTP/1.1", "/wsman"},
        {"GET http://me:16992 HTTP/1.1", "/"},
        {"GET http:///wsman HTTP/1.1", "/wsman"},
        {"GET //me/wsman HTTP/1.1", "//me/wsman"},
        {"GET /http://me/wsman HTTP/1.1", "/http://me/wsman"},
        {"OPTIONS * HTTP/1.1", "*"},
        {"CONNECT me:16992 HTTP/1.1", "me:16992"},
        {"GET /%77sman HTTP/1.1", "/%77sman"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        char text[256];
        struct seen s;

        snprintf(text, sizeof(text), "%s\r\nHost: other\r\nContent-Length: 0\r\n\r\n", row[i].line);
        s = feed_text(text);
        assert_int_equal(s.last, HTTP_DONE);
        assert_string_equal(s.http.path, row[i].path);
    }
}

/* MeshCmd sends it; a later 1.x is 1.1 (RFC 9110 2.5). */
static void no_host_and_later_versions(void **state)
{
    struct seen s = feed_text("GET / HTTP/1.1\r\n\r\n");

    (void)state;
    assert_int_equal(s.last, HTTP_DONE);
    assert_false(s.http.has_host);
    assert_false(s.http.close);
    s = feed_text("GET / HTTP/1.9\r\nHost: x\r\n\r\n");
    assert_int_equal(s.last, HTTP_DONE);
    assert_false(s.http.close);
}

/* Once, where the head ends and there is a body (RFC 9110 10.1.1). */
static void a_body_that_is_awaited(void **state)
{
    static const struct {
        const char *text;
        int waits;
    } row[] = {
        {"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nz", 1},
        {"POST / HTTP/1.1\r\nContent-Length: 1\r\nEXPECT:100-Continue\r\n\r\nz", 1},
        {"POST / HTTP/1.1\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nz\r\n"
         "0\r\n\r\n",
         1},
        {"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n", 0},
        {"GET / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n", 0},
        {"POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nz", 0},
        {"POST / HTTP/1.0\r\nExpect: more\r\nContent-Length: 1\r\n\r\nz", 0},
        {"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nz", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct seen s = feed_text(row[i].text);

        assert_true(s.last & HTTP_DONE);
        assert_int_equal(s.waits, row[i].waits);
    }
}

static void when_the_connection_ends(void **state)
{
    static const struct {
        const char *text;
        bool close;
    } row[] = {
        {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: TE, close\r\n\r\n", true}, /* amttool */
        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: closed, keep-alive\r\n\r\n", false},
        {"GET / HTTP/1.0\r\n\r\n", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct seen s = feed_text(row[i].text);

        assert_int_equal(s.last, HTTP_DONE);
        assert_int_equal(s.http.close, row[i].close);
    }
}

static void what_is_refused(void **state)
{
    static const struct {
        const char *text;
        uint16_t status;
    } row[] = {
        {"hello\r\n", 400},
        {"GET /\r\n", 400},
        {" / HTTP/1.1\r\n", 400},
        {"GET  HTTP/1.1\r\n", 400},
        {"GET / HTTP/1.1 x\r\n", 400},
        {"GET /\x80 HTTP/1.1\r\n", 400},
        {"GET /\t HTTP/1.1\r\n", 400},
        {"GET / FTP/1.1\r\n", 400},
        {"GET / HTTP/2.0\r\n", 505},
        {"\x16\x03\x01", 400}, /* TLS on the port without */
        {"get / HTTP/1.1\r\n", 501},
        {"BREW / HTTP/1.1\r\n", 501},
        {"GET / HTTP/0.9\r\n", 505},
        {"GET / http/1.1\r\n", 400},
        {"GET / HTTP/1.11\r\n", 400},
        {"GET / HTTP/11.1\r\n", 400},
        {"GET wsman HTTP/1.1\r\n", 400},
        {"GET * HTTP/1.1\r\n", 400},
        {"GET ftp://me/wsman HTTP/1.1\r\n", 400},
        {"GET http:/wsman HTTP/1.1\r\n", 400},
        {"GET http://me?x HTTP/1.1\r\n", 400},
        {"POST / HTTP/1.1\r\nExpect: 200-ok\r\n", 417},
        {"POST / HTTP/1.1\r\nExpect: 100-continue, x\r\n", 417},
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n", 400},
        {"GET / HTTP/1.1\r\nHost : a\r\n", 400},
        {"GET / HTTP/1.1\r\n: a\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\n b\r\n", 400}, /* a line that goes on */
        {"GET / HTTP/1.1\r\n Host: a\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\n\tb\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\x01\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\rb\r\n", 400},
        {"GET / HTTP/1.1\r\nHost\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: x\r\n\r\n", 411},
        {"POST / HTTP/1.1\r\nContent-Length: 16385\r\n", 413},
        {"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n", 413},
        {"POST / HTTP/1.1\r\nContent-Length: -1\r\n", 400},
        {"POST / HTTP/1.1\r\nContent-Length: 1A\r\n", 400},
        {"POST / HTTP/1.1\r\nContent-Length: 0x10\r\n", 400},
        {"POST / HTTP/1.1\r\nContent-Length: 1, 1\r\n", 400},
        {"POST / HTTP/1.1\r\nContent-Length:\r\n", 400},
        /* Read in two ways, it could smuggle a second request. */
        {"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n", 400},
        {"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n", 400},
        {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n", 400},
        {"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n", 400},
        {"POST / HTTP/1.1\r\nContent-Length: +1\r\n", 400},
        {"POST / HTTP/1.1\r\nContent-Length: 1 1\r\n", 400},
        {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400},
        {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked, chunked\r\n", 501},
        {"POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\n", 501},
        {"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n", 501},
        {"POST / HTTP/1.1\r\nTransfer-Encoding: chunkes\r\n", 501},
        {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\n", 400},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;x\n", 400},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\n", 400},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4001\r\n", 413},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n", 413},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n100000000\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
         "1\r\na\r\n4000\r\n",
         413},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
        is_refused(row[i].text, row[i].status);
}

/* Each limit exactly, and one more. */
static void limits(void **state)
{
    static const char rest[] = " HTTP/1.1\r\nHost: x\r\n\r\n";
    char text[2 * LIMIT_HTTP_HEAD];
    struct seen s;

    (void)state;
    for (size_t over = 0; over < 2; over++) {
        /* "GET " and " HTTP/1.1\r" beside the path */
        memset(text, 'a', sizeof(text));
        memcpy(text, "GET /", 5);
        memcpy(text + LIMIT_HTTP_LINE + over - 10, rest, sizeof(rest));
        s = feed_text(text);
        assert_int_equal(s.last, over ? HTTP_BAD : HTTP_DONE);
        assert_int_equal(s.http.status, over ? 414 : 0);
        assert_string_equal(s.http.path, ""); /* nothing has so long a name */

        memset(text, 'a', sizeof(text));
        memcpy(text, "GET / HTTP/1.1\r\nHost: ", 22);
        memcpy(text + 16 + LIMIT_HTTP_LINE + over - 1, "\r\n\r\n", 5);
        s = feed_text(text);
        assert_int_equal(s.last, over ? HTTP_BAD : HTTP_DONE);
        assert_int_equal(s.http.status, over ? 431 : 0);

        strcpy(text, "GET / HTTP/1.1\r\nHost: x\r\n");
        while (strlen(text) + 8 + 2 <= LIMIT_HTTP_HEAD)
            strcat(text, "a: xyz\r\n");
        while (strlen(text) + 2 < LIMIT_HTTP_HEAD + over)
            memmove(text + 23, text + 22, strlen(text + 22) + 1); /* a longer Host */
        strcat(text, "\r\n");
        assert_int_equal(strlen(text), LIMIT_HTTP_HEAD + over);
        s = feed_text(text);
        assert_int_equal(s.last, over ? HTTP_BAD : HTTP_DONE);
        assert_int_equal(s.http.status, over ? 431 : 0);
    }
    memset(text, 'p', sizeof(text));
    memcpy(text, "GET /", 5);
    memcpy(text + 4 + LIMIT_HTTP_PATH, rest, sizeof(rest));
    s = feed_text(text);
    assert_int_equal(strlen(s.http.path), LIMIT_HTTP_PATH);
}

/* Trailers count as lines do: a chunked body cannot go on for ever without bytes. */
static void endless_trailers(void **state)
{
    char text[2 * LIMIT_HTTP_HEAD];

    (void)state;
    strcpy(text, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
    while (strlen(text) + 9 < sizeof(text))
        strcat(text, "a: xyz\r\n");
    is_refused(text, 431);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_with_a_body),
        cmocka_unit_test(a_request_without_a_body),
        cmocka_unit_test(chunks),
        cmocka_unit_test(what_is_let_pass),
        cmocka_unit_test(forms_of_the_target),
        cmocka_unit_test(no_host_and_later_versions),
        cmocka_unit_test(a_body_that_is_awaited),
        cmocka_unit_test(when_the_connection_ends),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(limits),
        cmocka_unit_test(endless_trailers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
