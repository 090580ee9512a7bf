// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
// once: slow in an emulator; frames are read there by test_device and test_packet
#include "tests/fixtures/server.h"

/* Clients of the configuration service behind TLS who mean no good, or not much: afterwards the
 * device serves a right one, and holds no more memory than before. */

struct watched {
    struct peer *p;
    size_t memory;
};

static void with_key(struct settings *s)
{
    memcpy(s->secret.pid, "0000037M", 8);
    memcpy(s->secret.pps, PPS, 32);
}

static void serves(struct peer *p)
{
    struct server s;

    assert_true(server_connect(&s, p, &psk, "admin", "admin"));
    assert_int_equal(eoi(&s, SECURITY, "GetCoreVersion", ""), 0);
    assert_non_null(strstr(s.reply, "<Version>5.0.3</Version>"));
    server_disconnect(&s);
}

static struct watched begin(void)
{
    struct watched w = {.p = tls_begin("5.0.3", "intel", "corp.example", with_key)};

    serves(w.p);
    w.memory = device_memory(w.p->b);
    return w;
}

static void end(struct watched *w)
{
    peer_run(w->p, 5 * SECOND);
    serves(w->p);
    peer_run(w->p, 5 * SECOND);
    assert_int_equal(device_memory(w->p->b), w->memory);
    assert_int_equal(w->p->b->chip.device.setup.state, SETUP_SETUP);
    tls_end(w->p);
}

/* What the client has to say, and then it goes; a device that does not take it all has closed. */
static void say(struct watched *w, const char *text, size_t len, bool reset)
{
    struct server s;
    size_t at = 0;

    assert_true(server_connect(&s, w->p, &psk, "admin", "admin"));
    for (int i = 0; i < 100 && at < len; i++) {
        int n = mbedtls_ssl_write(&s.tls.ssl, (const uint8_t *)text + at, len - at);

        if (n <= 0 && !client_waits(n))
            break;
        at += n > 0 ? (size_t)n : 0;
        peer_run(w->p, 2 * MS);
    }
    client_close(&s.tls);
    peer_leave(w->p, reset);
    peer_run(w->p, 50 * MS);
}

static void fill(char *out, size_t size, const char *before, char what, size_t count)
{
    size_t len = strlen(before);

    assert_true(len + count < size);
    memcpy(out, before, len);
    memset(out + len, what, count);
    out[len + count] = '\0';
}

static void requests_that_are_none(void **state)
{
    static const char *const row[] = {
        "\r\n\r\n\r\n",
        "GET\r\n",
        "POST /wsman HTTP/9.9\r\n\r\n",
        "POST /wsman HTTP/1.1\r\n\r\n",
        "POST /wsman HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
        "POST /wsman HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /wsman HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n",
        "POST /wsman HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0;x=",
        "POST /wsman HTTP/1.1\r\nHost: x\r\nAuthorization: Digest \r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Digest response=\"\"\r\n\r\n",
    };
    static char text[9000];
    struct watched w = begin();

    (void)state;
    for (int reset = 0; reset < 2; reset++) {
        for (size_t i = 0; i < COUNT(row); i++)
            say(&w, row[i], strlen(row[i]), reset);
        fill(text, sizeof(text), "POST /", 'a', 8000);
        say(&w, text, strlen(text), reset);
        fill(text, sizeof(text), "POST / HTTP/1.1\r\nX: ", 'a', 8000);
        say(&w, text, strlen(text), reset);
        fill(text, sizeof(text), "", '\0', 8000);
        say(&w, text, 8000, reset);
    }
    end(&w);
}

/* With the right password: what is in the body is read. */
static void bodies_that_are_none(void **state)
{
    static const char *const row[] = {
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><E>&b;</E>",
        "<E><B><GetCoreVersion>&a;</GetCoreVersion></B></E>",
        "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>",
        "<Envelope><Body><SetHostName><HostName>",
        "<E><Body><X><HostName>a</HostName><HostName>b</HostName></X></Body></E>",
        "<Envelope><Body><X><HostName>a</HostName><HostName>b</HostName></X></Body></Envelope>",
        "<Envelope><Body><X><KeyPair>!</KeyPair></X></Body></Envelope>",
        "",
    };
    static char text[5000];
    struct watched w = begin();
    struct server s;

    (void)state;
    assert_true(server_connect(&s, w.p, &psk, "admin", "admin"));
    for (size_t i = 0; i < COUNT(row); i++)
        assert_int_equal(request(&s, NETWORK, row[i]), 500);
    fill(text, sizeof(text), "<Envelope><Body><SetHostName><HostName>", 'a', 4000);
    assert_int_equal(request(&s, NETWORK, text), 500);
    fill(text, sizeof(text), "<Envelope><Body><SetTLSCertificateWithKeyPair><KeyPair>", 'A', 4000);
    assert_int_equal(request(&s, SECURITY, text), 500);
    /* A key of nonsense, as long as it may be. */
    strcpy(strstr(text, "<KeyPair>") + 9 + 2944,
           "</KeyPair><Certificate>AAAA</Certificate></SetTLSCertificateWithKeyPair>"
           "</Body></Envelope>");
    assert_int_equal(request(&s, SECURITY, text), 200);
    assert_non_null(strstr(s.reply, "<Status>2062</Status>")); /* INVALID_KEY */
    server_disconnect(&s);
    end(&w);
}

/* A right request in two pieces, cut at every byte: two records, or one that is broken off. */
static void every_split(void **state)
{
    static const char head[] =
        "POST " SECURITY " HTTP/1.1\r\nHost: me\r\nContent-Length: 11\r\n\r\n"
        "<E><B/></E>";
    struct watched w = begin();
    struct server s;

    (void)state;
    assert_true(server_connect(&s, w.p, &psk, "admin", "admin"));
    for (size_t at = 1; at < sizeof(head) - 1; at++) {
        char first[sizeof(head)];

        if (at > 1)
            server_connect_again(&s);
        memcpy(first, head, at);
        first[at] = '\0';
        server_send(&s, first);
        peer_run(w.p, 10 * MS);
        server_send(&s, head + at);
        assert_int_equal(server_read_reply(&s), 401);
    }
    server_disconnect(&s);
    for (size_t at = 0; at < sizeof(head) - 1; at += 7)
        say(&w, head, at, at % 2);
    end(&w);
}

/* A byte a second is too slow for a stranger, however it goes on: ten seconds to the log-in. */
static void slow_bytes(void **state)
{
    static const char head[] = "POST " SECURITY " HTTP/1.1\r\nHost: me\r\n";
    struct watched w = begin();
    struct server s;
    int seconds = 0;

    (void)state;
    assert_true(server_connect(&s, w.p, &psk, "admin", "admin"));
    for (; seconds < 40 && !w.p->fin; seconds++) {
        char byte[2] = {head[seconds % (sizeof(head) - 1)], '\0'};

        server_send(&s, byte);
        peer_run(w.p, SECOND);
    }
    assert_in_range(seconds, 9, 11);
    server_disconnect(&s);
    end(&w);
}

/* All ends of a session, among them the one in the middle of a reply that nobody reads. */
static void a_thousand_sessions(void **state)
{
    static const char get[] = "POST /wsman HTTP/1.1\r\nHost: me\r\nContent-Length: 0\r\n\r\n";
    struct watched w = begin();

    (void)state;
    for (int i = 0; i < 1000; i++)
        say(&w, get, i % 5 == 0 ? sizeof(get) - 1 : (size_t)(i * 7) % sizeof(get), i % 3);
    end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_that_are_none),
        cmocka_unit_test(bodies_that_are_none),
        cmocka_unit_test(every_split),
        cmocka_unit_test(slow_bytes),
        cmocka_unit_test(a_thousand_sessions),
    };

    return cmocka_run_group_tests(tests, tls_certificates, NULL);
}
