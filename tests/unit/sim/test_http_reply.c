// SPDX-License-Identifier: BSD-3-Clause
// links: sim/server/http_reply.c sim/server/openssl.c @fw @lwip
#include "sim/server/http_reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "HTTP/1.1 200 OK\r\nServer: x\r\n"
#define CHUNKED HEAD "Transfer-Encoding: chunked\r\n\r\n"

static struct http_reply reply;

/* Feeds until the end of the text or of the reply; *used: how many bytes that took. */
static enum http_reply_result feed_some(const char *text, size_t *used)
{
    enum http_reply_result result = HTTP_REPLY_MORE;

    http_reply_begin(&reply);
    for (*used = 0; text[*used] && result == HTTP_REPLY_MORE; ++*used)
        result = http_reply_feed(&reply, (uint8_t)text[*used]);
    return result;
}

static enum http_reply_result feed(const char *text)
{
    size_t used;

    return feed_some(text, &used);
}

static void a_body_with_its_length(void **state)
{
    size_t used;

    (void)state;
    assert_int_equal(feed_some(HEAD "content-length:  5 \r\n\r\nHelloHTTP", &used),
                     HTTP_REPLY_DONE);
    assert_int_equal(used, strlen(HEAD "content-length:  5 \r\n\r\nHello"));
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, "Hello");
    assert_false(reply.close);
    assert_int_equal(http_reply_feed(&reply, 'x'), HTTP_REPLY_DONE);
    assert_string_equal(reply.body, "Hello");
}

static void no_body(void **state)
{
    (void)state;
    assert_int_equal(feed(HEAD "Content-Length: 0\r\n\r\n"), HTTP_REPLY_DONE);
    assert_string_equal(reply.body, "");
    assert_int_equal(feed("HTTP/1.1 204 No Content\r\n\r\n"), HTTP_REPLY_DONE);
    assert_int_equal(feed("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
                     HTTP_REPLY_DONE);
    assert_int_equal(reply.status, 400);
    assert_true(reply.close);
}

static void chunks_become_one_body(void **state)
{
    (void)state;
    assert_int_equal(feed(CHUNKED "5\r\nHello\r\n000b;name=x\r\n, world!\r\n \r\n0\r\n\r\n"),
                     HTTP_REPLY_DONE);
    assert_string_equal(reply.body, "Hello, world!\r\n ");
    assert_int_equal(feed(CHUNKED "0\r\nTrailer: x\r\n\r\n"), HTTP_REPLY_DONE);
    assert_string_equal(reply.body, "");
    assert_int_equal(feed(CHUNKED "A\r\n0123456789\r\n0\r\n"), HTTP_REPLY_MORE);
}

static void bad_chunks(void **state)
{
    static const char *const text[] = {"\r\n",  "x\r\n",       "-1\r\n",       "5\r\nHelloX",
                                       " \r\n", "5\r\nHello!", "fffffffff\r\n"};

    (void)state;
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
        char whole[200];

        snprintf(whole, sizeof whole, CHUNKED "%s\r\n0\r\n\r\n", text[i]);
        assert_int_equal(feed(whole), HTTP_REPLY_BAD);
        assert_int_equal(http_reply_feed(&reply, 'H'), HTTP_REPLY_BAD);
    }
}

static void not_a_reply(void **state)
{
    static const char *const text[] = {
        "HTTP/2.0 200 OK\r\n",
        "HTTP/1.1 20 OK\r\n",
        "HTTP/1.1200 OK\r\n",
        "\r\n",
        "SSH-2.0-x\r\n",
        HEAD "no colon\r\n",
        HEAD "\r\n", /* neither a length nor an end */
        HEAD "Content-Length: five\r\n",
        HEAD "Content-Length: 5x\r\n",
        HEAD "Content-Length: 99999999999\r\n",
        HEAD "Transfer-Encoding: gzip\r\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
        if (feed(text[i]) != HTTP_REPLY_BAD)
            fail_msg("taken: %s", text[i]);
}

static void lines_and_bodies_have_limits(void **state)
{
    (void)state;
    http_reply_begin(&reply);
    for (size_t i = 0; i < HTTP_REPLY_LINE - 1; i++)
        assert_int_equal(http_reply_feed(&reply, 'a'), HTTP_REPLY_MORE);
    assert_int_equal(http_reply_feed(&reply, 'a'), HTTP_REPLY_BAD);
    feed(CHUNKED "10000\r\n");
    for (size_t i = 0; i < HTTP_REPLY_BODY; i++)
        assert_int_equal(http_reply_feed(&reply, 'a'), HTTP_REPLY_MORE);
    assert_int_equal(reply.body_len, HTTP_REPLY_BODY);
    for (const char *next = "\r\n1\r\n"; *next; next++)
        assert_int_equal(http_reply_feed(&reply, (uint8_t)*next), HTTP_REPLY_MORE);
    assert_int_equal(http_reply_feed(&reply, 'a'), HTTP_REPLY_BAD);
}

static void an_interim_reply_is_passed_over(void **state)
{
    (void)state;
    assert_int_equal(feed("HTTP/1.1 100 Continue\r\n\r\n" HEAD "Content-Length: 2\r\n\r\nok"),
                     HTTP_REPLY_DONE);
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, "ok");
}

#define REALM "Digest:A40500000000000000000000000000A4"

static void a_challenge_is_kept(void **state)
{
    struct http_auth auth;

    (void)state;
    assert_int_equal(feed("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"" REALM
                          "\", nonce=\"0123456789abcdef\", stale=\"false\", qop=\"auth\"\r\n"
                          "Content-Length: 0\r\n\r\n"),
                     HTTP_REPLY_DONE);
    memset(&auth, 0, sizeof auth);
    assert_true(http_auth_challenge(&auth, reply.challenge));
    assert_string_equal(auth.realm, REALM);
    assert_string_equal(auth.nonce, "0123456789abcdef");
    assert_false(auth.stale);
    assert_true(http_auth_challenge(&auth, "digest qop=\"auth-int,auth\",stale=TRUE,"
                                           "nonce=abc,realm=\"a, nonce=b\""));
    assert_string_equal(auth.realm, "a, nonce=b");
    assert_string_equal(auth.nonce, "abc");
    assert_true(auth.stale);
    assert_false(http_auth_challenge(&auth, "Basic realm=\"x\""));
    assert_false(http_auth_challenge(&auth, "Digest realm=\"x\", nonce=\"y\""));
    assert_false(http_auth_challenge(&auth, "Digest realm=\"x\", nonce=\"y\", qop=\"auth-int\""));
    assert_false(http_auth_challenge(&auth, "Digest realm=\"x\", qop=\"auth\""));
    assert_false(http_auth_challenge(&auth, "Digest realm=\"x"));
}

/* The responses: RFC 2617's formula, by md5sum. */
static void requests_are_counted(void **state)
{
    static const uint8_t cnonce[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct http_auth auth = {.realm = REALM, .nonce = "0123456789abcdef"};
    char header[HTTP_AUTH_HEADER];

    (void)state;
    http_auth_header(&auth, "admin", "P@ssw0rd", "POST", "/wsman", cnonce, header);
    assert_string_equal(
        header, "Authorization: Digest username=\"admin\", realm=\"" REALM
                "\", nonce=\"0123456789abcdef\", uri=\"/wsman\", qop=auth, nc=00000001, "
                "cnonce=\"0102030405060708\", response=\"6f92a095ce8a887e707fbfc5f854dff9\"\r\n");
    http_auth_header(&auth, "admin", "P@ssw0rd", "POST", "/wsman", cnonce, header);
    assert_non_null(strstr(header, "nc=00000002, "));
    assert_non_null(strstr(header, "response=\"e32e9568ad1365c92e019697537fc375\""));
    assert_true(http_auth_challenge(&auth, "Digest realm=\"x\", nonce=\"y\", qop=\"auth\""));
    http_auth_header(&auth, "admin", "P@ssw0rd", "POST", "/wsman", cnonce, header);
    assert_non_null(strstr(header, "nc=00000001, "));
    auth.nonce[0] = '\0';
    http_auth_header(&auth, "admin", "P@ssw0rd", "POST", "/wsman", cnonce, header);
    assert_string_equal(header, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_with_its_length),
        cmocka_unit_test(no_body),
        cmocka_unit_test(chunks_become_one_body),
        cmocka_unit_test(bad_chunks),
        cmocka_unit_test(not_a_reply),
        cmocka_unit_test(lines_and_bodies_have_limits),
        cmocka_unit_test(an_interim_reply_is_passed_over),
        cmocka_unit_test(a_challenge_is_kept),
        cmocka_unit_test(requests_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
