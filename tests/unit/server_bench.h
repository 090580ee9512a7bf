#ifndef TESTS_SERVER_BENCH_H
#define TESTS_SERVER_BENCH_H

#include <stdio.h>

#include "tls_bench.h"

#include "fw/manage/digest.h"

/* A set-up server behind a TLS client: HTTP with digest, and EOI in it. */

#define SECURITY "/SecurityAdministrationService"
#define NETWORK "/NetworkAdministrationService"
#define TIME "/NetworkTimeService"
#define REALM "Digest:0ecceb04303ef2688b07446501853b9f" /* of the bench's UUID: test_digest.c */
#define PPS "NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ"

/* A server's session: TLS, the nonce that it was given, the latest reply. */
struct server {
    struct client tls;
    const char *user, *password;
    char nonce[33];
    uint32_t count;
    char reply[8192];
    size_t len;
};

static const struct client_spec psk = {.identity = "0000037M", .psk = PPS};

static inline bool enter(struct server *s, struct peer *p, const struct client_spec *spec,
                         const char *user, const char *password)
{
    memset(s, 0, sizeof(*s));
    s->user = user;
    s->password = password;
    if (!peer_connect(p))
        return false;
    client_open(&s->tls, p, spec);
    return client_shake(&s->tls) == 0;
}

static inline void leave(struct server *s)
{
    client_close(&s->tls);
    peer_leave(s->tls.p, false);
    peer_run(s->tls.p, 100 * MS);
}

static inline void put(struct server *s, const char *text)
{
    size_t len = strlen(text), at = 0;

    for (int i = 0; i < 400 && at < len; i++) {
        int n;

        lwip_image_enter(s->tls.p->image);
        n = mbedtls_ssl_write(&s->tls.ssl, (const uint8_t *)text + at, len - at);
        assert_true(n > 0 || client_waits(n));
        at += n > 0 ? (size_t)n : 0;
        peer_run(s->tls.p, 2 * MS);
    }
    assert_int_equal(at, len);
}

static inline bool whole(const struct server *s)
{
    return strstr(s->reply, "\r\n\r\n") &&
           (strstr(s->reply, "\r\n0\r\n\r\n") || strstr(s->reply, "Content-Length: 0\r\n") ||
            strstr(s->reply, "Connection: close\r\n\r\n"));
}

/* The HTTP status; 0 = no answer. */
static inline int get_reply(struct server *s)
{
    s->len = 0;
    s->reply[0] = '\0';
    for (int i = 0; i < 400 && !whole(s); i++) {
        int n;

        peer_run(s->tls.p, 5 * MS);
        n = mbedtls_ssl_read(&s->tls.ssl, (uint8_t *)s->reply + s->len,
                             sizeof(s->reply) - 1 - s->len);
        if (n <= 0 && !client_waits(n))
            return 0;
        s->len += n > 0 ? (size_t)n : 0;
        s->reply[s->len] = '\0';
    }
    return whole(s) ? atoi(s->reply + strlen("HTTP/1.1 ")) : 0;
}

static inline int send_request(struct server *s, const char *path, const char *body)
{
    char request[6000], count[9], answer[33];
    uint8_t hash[16];

    snprintf(count, sizeof(count), "%08x", (unsigned)++s->count);
    digest_response(&(struct digest_input){.user = s->user,
                                           .realm = REALM,
                                           .password = s->password,
                                           .method = "POST",
                                           .uri = path,
                                           .nonce = s->nonce,
                                           .nonce_len = strlen(s->nonce),
                                           .count = count,
                                           .count_len = 8,
                                           .cnonce = "c0ffee",
                                           .cnonce_len = 6},
                    hash);
    for (int i = 0; i < 16; i++)
        snprintf(answer + 2 * i, 3, "%02x", hash[i]);
    snprintf(request, sizeof(request),
             "POST %s HTTP/1.1\r\nHost: me\r\nAuthorization: Digest username=\"%s\", realm=\"" REALM
             "\", nonce=\"%s\", uri=\"%s\", nc=%s, cnonce=\"c0ffee\", qop=auth, "
             "response=\"%s\"\r\nContent-Length: %zu\r\n\r\n%s",
             path, s->user, s->nonce, path, count, answer, strlen(body), body);
    put(s, request);
    return get_reply(s);
}

static inline int request(struct server *s, const char *path, const char *body)
{
    if (!s->nonce[0]) {
        const char *at;

        assert_int_equal(send_request(s, path, ""), 401);
        at = strstr(s->reply, "nonce=\"");
        assert_non_null(at);
        memcpy(s->nonce, at + 7, 32);
        s->count = 0;
    }
    return send_request(s, path, body);
}

/* The method's status; -1: not an answer with one. */
static inline int eoi(struct server *s, const char *path, const char *method, const char *arguments)
{
    char body[5000];
    const char *status;

    snprintf(body, sizeof(body),
             "<e:Envelope xmlns:e=\"x\"><e:Body><%s>%s</%s></e:Body></e:Envelope>", method,
             arguments, method);
    if (request(s, path, body) != 200)
        return -1;
    status = strstr(s->reply, "<Status>");
    return status ? atoi(status + 8) : -1;
}

#endif
