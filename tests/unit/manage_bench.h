#ifndef TESTS_MANAGE_BENCH_H
#define TESTS_MANAGE_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/setup.h"
#include "fw/core/trace.h"
#include "fw/manage/service.h"

/* The configuration service, without a network: what it writes is kept. */

#define BENCH_PASSWORD "P@ssw0rd"
#define BENCH_REALM "Digest:0ecceb04303ef2688b07446501853b9f"

#define ENVELOPE_11                                                                                \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><s:Envelope "                                       \
    "xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
#define END_11 "</s:Body></s:Envelope>"
#define NS "http://schemas.intel.com/platform/client/"
#define TRANSFER "http://schemas.xmlsoap.org/ws/2004/09/transfer"
#define ENUMERATION "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
#define AMT "http://intel.com/wbem/wscim/1/amt-schema/1/"
#define CIM "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/"

/* As SOAP::Lite writes it. */
static inline void soap_lite(char out[2048], const char *method, const char *arguments)
{
    snprintf(out, 2048,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope "
             "soap:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\" "
             "xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" "
             "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soap:Body><%s "
             "xmlns=\"" NS "x/2004/01\">%s</%s></soap:Body></soap:Envelope>",
             method, arguments, method);
}

/* As MeshCentral writes it. */
static inline void mesh(char out[2048], const char *action, const char *class, const char *body)
{
    snprintf(out, 2048,
             "<?xml version=\"1.0\" encoding=\"utf-8\"?><Envelope "
             "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
             "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
             "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\" "
             "xmlns=\"http://www.w3.org/2003/05/soap-envelope\"><Header><a:Action>%s</a:Action>"
             "<a:To>/wsman</a:To><w:ResourceURI>%s</w:ResourceURI><a:MessageID>7</a:MessageID>"
             "<a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/"
             "anonymous</a:Address></a:ReplyTo><w:OperationTimeout>PT60S</w:OperationTimeout>"
             "</Header><Body>%s</Body></Envelope>",
             action, class, body);
}

struct manage_bench {
    struct manage manage;
    struct stream_service service;
    struct settings settings;
    const struct release *release;
    struct hal_entropy entropy;
    uint8_t random;
    uint64_t now_ms;
    size_t room; /* what a write takes at most */
    char out[16384];
    size_t out_len;
    uint32_t closed;             /* how often the service has closed a connection */
    uint32_t state;              /* setup_reported() */
    enum admission admission;    /* of the connection that is made next */
    uint32_t right, wrong;       /* answers, as the carrier is told */
    const char *user, *password; /* who asks */
    const uint8_t *certificate, *public_key;
    size_t certificate_len, public_key_len;
    uint32_t orders;
    enum manage_order order;
    uint32_t order_value, order_status;
    uint32_t operations, operation_status;
    uint32_t requests;
    uint32_t status;
    char event[128];
};

static const uint8_t bench_uuid[16] = {0x44, 0x33, 0x22, 0x11, 0x66, 0x55, 0x88, 0x77,
                                       0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x00};

static inline int bench_random(void *ctx, void *out, size_t len)
{
    uint8_t *next = ctx;

    for (size_t i = 0; i < len; i++)
        ((uint8_t *)out)[i] = (*next)++;
    return 0;
}

static inline void bench_view(void *ctx, struct manage_view *out)
{
    struct manage_bench *b = ctx;

    *out = (struct manage_view){.release = b->release,
                                .settings = &b->settings,
                                .pending = &b->manage.pending,
                                .uuid = bench_uuid,
                                .entropy = &b->entropy,
                                .now_ms = b->now_ms,
                                .situation = b->state == 2   ? SITUATION_PROVISIONED
                                             : b->state == 1 ? SITUATION_SETUP
                                                             : SITUATION_FACTORY,
                                .setup_state = b->state == 2   ? SETUP_PROVISIONED
                                               : b->state == 1 ? SETUP_IN_PROCESS
                                                               : SETUP_FACTORY,
                                .host_on = true,
                                .ip = 0xC0A84D32,
                                .mask = 0xFFFFFF00,
                                .gateway = 0xC0A84D01,
                                .dns = 0xC0A84D02,
                                .option15 = "site1.example",
                                .certificate = b->certificate,
                                .certificate_len = b->certificate_len,
                                .public_key = b->public_key,
                                .public_key_len = b->public_key_len};
}

static inline void bench_event(void *ctx, int event, uint32_t value, const char *text)
{
    struct manage_bench *b = ctx;

    if (event == TRACE_OPERATION) {
        b->operations++;
        b->operation_status = value;
        return;
    }
    assert_int_equal(event, TRACE_REQUEST);
    b->requests++;
    b->status = value;
    snprintf(b->event, sizeof(b->event), "%s", text ? text : "-");
}

static inline uint32_t bench_order(void *ctx, enum manage_order order, uint32_t value,
                                   const char **why)
{
    struct manage_bench *b = ctx;

    (void)why;
    b->orders++;
    b->order = order;
    b->order_value = value;
    return b->order_status;
}

static inline uint32_t bench_install(void *ctx, const uint8_t *key, size_t key_len,
                                     const uint8_t *certificate, size_t certificate_len)
{
    (void)ctx;
    if (key && (key_len != 3 || memcmp(key, "key", 3) != 0))
        return 0x80E;
    return certificate && (certificate_len != 4 || memcmp(certificate, "cert", 4) != 0) ? 0x80F : 0;
}

static inline size_t bench_write(void *ctx, const void *bytes, size_t len)
{
    struct manage_bench *b = ctx;

    if (len > b->room)
        len = b->room;
    assert_true(b->out_len + len < sizeof(b->out));
    memcpy(b->out + b->out_len, bytes, len);
    b->out_len += len;
    b->out[b->out_len] = '\0';
    return len;
}

static inline void bench_close(void *ctx)
{
    ((struct manage_bench *)ctx)->closed++;
}

static inline void bench_judged(void *ctx, bool right)
{
    struct manage_bench *b = ctx;

    b->right += right;
    b->wrong += !right;
}

static inline void bench_connect(struct manage_bench *b)
{
    b->out_len = 0;
    b->out[0] = '\0';
    b->service.opened(b->service.ctx, &(struct stream){b, bench_write, bench_close, bench_judged},
                      b->admission);
}

/* The device is in that state, and the next connection let in like that. */
static inline void bench_state(struct manage_bench *b, uint32_t reported, enum admission admission)
{
    b->state = reported;
    b->admission = admission;
    bench_connect(b);
}

/* In SMB mode; the secret of the nonces is 000102.. */
static inline void bench_init(struct manage_bench *b, const char *release)
{
    memset(b, 0, sizeof(*b));
    b->release = release_find(release);
    settings_factory(&b->settings, b->release, oem_find("intel"));
    b->settings.config.mode = MODE_SMB;
    strcpy(b->settings.secret.password, BENCH_PASSWORD);
    strcpy(b->settings.config.host_name, "pc1");
    b->state = 2;
    b->admission = ADMITTED_OPEN;
    b->user = "admin";
    b->password = BENCH_PASSWORD;
    b->entropy = (struct hal_entropy){.ctx = &b->random, .fill = bench_random};
    b->room = SIZE_MAX;
    manage_init(&b->manage,
                &(struct manage_host){b, bench_view, bench_event, bench_order, bench_install});
    b->service = manage_service(&b->manage);
    bench_connect(b);
}

static inline void bench_feed(struct manage_bench *b, const char *bytes, size_t len)
{
    size_t n = 0;

    while (n < len) {
        size_t taken = b->service.input(b->service.ctx, (const uint8_t *)bytes + n, len - n);

        n += taken;
        if (n < len)
            b->service.writable(b->service.ctx);
    }
    for (int i = 0; i < 10000 && b->manage.open && b->manage.reply_len > 0; i++)
        b->service.writable(b->service.ctx);
}

static inline void bench_feed_text(struct manage_bench *b, const char *text)
{
    bench_feed(b, text, strlen(text));
}

/* The nonce of the last 401. */
static inline void bench_nonce(const struct manage_bench *b, char nonce[33])
{
    const char *at = strstr(b->out, "nonce=\"");

    assert_non_null(at);
    memcpy(nonce, at + 7, 32);
    nonce[32] = '\0';
}

static inline void bench_hex(const uint8_t bytes[16], char hex[33])
{
    for (int i = 0; i < 16; i++)
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
}

/* A request with the right answer to that nonce; digest_response() has its own known answers in
 * test_digest.c. */
static inline size_t bench_request(const struct manage_bench *b, char out[4096], const char *path,
                                   const char *nonce, uint32_t nc, const char *body)
{
    char count[9], response[33];
    uint8_t hash[16];

    snprintf(count, sizeof(count), "%08x", nc);
    digest_response(&(struct digest_input){.user = b->user,
                                           .realm = BENCH_REALM,
                                           .password = b->password,
                                           .method = "POST",
                                           .uri = path,
                                           .nonce = nonce,
                                           .nonce_len = 32,
                                           .count = count,
                                           .count_len = 8,
                                           .cnonce = "c0ffee",
                                           .cnonce_len = 6},
                    hash);
    bench_hex(hash, response);
    return (size_t)snprintf(out, 4096,
                            "POST %s HTTP/1.1\r\nHost: me:16992\r\nAuthorization: Digest "
                            "username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", nc=%s, "
                            "cnonce=\"c0ffee\", qop=auth, response=\"%s\"\r\nContent-Length: "
                            "%zu\r\n\r\n%s",
                            path, b->user, BENCH_REALM, nonce, path, count, response, strlen(body),
                            body);
}

/* Asks, is asked for the password, asks again: out holds the second reply alone. */
static inline void bench_ask(struct manage_bench *b, const char *path, const char *body)
{
    char nonce[33], request[4096];
    size_t len;

    b->out_len = 0;
    len = (size_t)snprintf(request, sizeof(request),
                           "POST %s HTTP/1.1\r\nHost: me\r\nContent-Length: 0\r\n\r\n", path);
    bench_feed(b, request, len);
    assert_int_equal(b->status, 401);
    bench_nonce(b, nonce);
    b->out_len = 0;
    len = bench_request(b, request, path, nonce, 1, body);
    bench_feed(b, request, len);
}

/* The body of the reply in out: of one chunk. */
static inline const char *bench_body(struct manage_bench *b)
{
    char *at = strstr(b->out, "\r\n\r\n");
    unsigned len;

    assert_non_null(at);
    at += 4;
    assert_int_equal(sscanf(at, "%4x\r", &len), 1); /* always four digits */
    at += 6;
    assert_string_equal(at + len, "\r\n0\r\n\r\n");
    at[len] = '\0';
    return at;
}

#endif
