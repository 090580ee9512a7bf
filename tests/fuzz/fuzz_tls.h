// SPDX-License-Identifier: BSD-3-Clause
#ifndef TESTS_FUZZ_FUZZ_TLS_H
#define TESTS_FUZZ_FUZZ_TLS_H

#include <mbedtls/ssl.h>

#include "fw/net/tls_identity.h"
#include "sim/server/pem_file.h"
#include "tests/fuzz/fuzz_wire.h"

/* A set-up server's TLS client against the device. What it sends is changed on its way, record by
 * record, as the input says. It has lwIP's and mbedTLS's variables of its own, in place only while
 * it is called. All its memory is here, so that it is a part of the moment that is kept. */

#define TLS_OUT 16384

static struct tls_end {
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config config;
    mbedtls_x509_crt chain;
    mbedtls_pk_context key;
    uint16_t port; /* 0: 16993 */
    bool open;     /* the hand-shake is done */
    uint8_t out[TLS_OUT];
    size_t out_len, read_at;
    uint64_t entropy;
    _Alignas(16) uint8_t memory[96 * 1024];
} end_of_client;

static char *client_variables, *device_variables;

static struct {
    struct tls_end end;
    char *variables;
} tls_moment[WORLDS];

static inline void client_begins(void)
{
    memcpy(device_variables, __start_lwip_world, world_variables());
    world_enter_variables(client_variables);
}

static inline void client_stops(void)
{
    memcpy(client_variables, __start_lwip_world, world_variables());
    world_enter_variables(device_variables);
}

static inline int client_random(void *ctx, unsigned char *out, size_t len)
{
    uint64_t *state = ctx;

    for (size_t i = 0; i < len; i++) {
        *state = *state * 6364136223846793005u + 1442695040888963407u;
        out[i] = (uint8_t)(*state >> 56);
    }
    return 0;
}

static inline int client_send(void *ctx, const unsigned char *bytes, size_t len)
{
    struct tls_end *c = ctx;

    if (len > sizeof(c->out) - c->out_len)
        return MBEDTLS_ERR_SSL_WANT_WRITE;
    memcpy(c->out + c->out_len, bytes, len);
    c->out_len += len;
    return (int)len;
}

static inline int client_receive(void *ctx, unsigned char *out, size_t len)
{
    struct tls_end *c = ctx;
    const struct flow *f = &w.flow[WIRE_CHECKER];
    size_t n = f->reply_len - c->read_at;

    if (n == 0)
        return f->reset || f->ended ? 0 : MBEDTLS_ERR_SSL_WANT_READ;
    if (n > len)
        n = len;
    memcpy(out, world_reply[WIRE_CHECKER] + c->read_at, n);
    c->read_at += n;
    return (int)n;
}

/* What was read makes room. */
static inline void client_forget(void)
{
    struct flow *f = &w.flow[WIRE_CHECKER];

    f->reply_len -= end_of_client.read_at;
    memmove(world_reply[WIRE_CHECKER], world_reply[WIRE_CHECKER] + end_of_client.read_at,
            f->reply_len);
    end_of_client.read_at = 0;
}

/* server: the certificates and the key to show; NULL = the pre-shared key. */
static inline void client_new(const struct pem_file *server)
{
    static const int suites[] = {MBEDTLS_TLS_RSA_WITH_AES_128_CBC_SHA,
                                 MBEDTLS_TLS_PSK_WITH_AES_128_CBC_SHA, 0};
    struct tls_end *c = &end_of_client;
    int error;

    if (!client_variables) {
        client_variables = malloc(world_variables());
        device_variables = malloc(world_variables());
        promise(client_variables && device_variables, "memory for the test");
    }
    memset(c, 0, sizeof(*c));
    c->entropy = 1;
    memcpy(client_variables, world_pristine, world_variables());
    client_begins();
    mbedtls_memory_buffer_alloc_init(c->memory, sizeof(c->memory));
    mbedtls_ssl_init(&c->ssl);
    mbedtls_ssl_config_init(&c->config);
    mbedtls_x509_crt_init(&c->chain);
    mbedtls_pk_init(&c->key);
    error = mbedtls_ssl_config_defaults(&c->config, MBEDTLS_SSL_IS_CLIENT,
                                        MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
    mbedtls_ssl_conf_rng(&c->config, client_random, &c->entropy);
    mbedtls_ssl_conf_authmode(&c->config, MBEDTLS_SSL_VERIFY_NONE);
    mbedtls_ssl_conf_min_version(&c->config, 3, 1);
    mbedtls_ssl_conf_max_version(&c->config, 3, 1);
    mbedtls_ssl_conf_ciphersuites(&c->config, server ? suites : suites + 1);
    if (server) {
        for (uint32_t i = 0; i < server->certificates; i++)
            error |= mbedtls_x509_crt_parse_der(&c->chain, server->certificate[i].der,
                                                server->certificate[i].len);
        error |= mbedtls_pk_parse_key(&c->key, server->key.der, server->key.len, NULL, 0);
        error |= mbedtls_ssl_conf_own_cert(&c->config, &c->chain, &c->key);
    } else {
        error |= mbedtls_ssl_conf_psk(&c->config, (const uint8_t *)WORLD_PPS, LIMIT_PPS,
                                      (const uint8_t *)WORLD_PID, LIMIT_PID);
    }
    error |= mbedtls_ssl_setup(&c->ssl, &c->config);
    mbedtls_ssl_set_bio(&c->ssl, c, client_send, client_receive, NULL);
    client_stops();
    promise(error == 0, "the test's own client is set up");
}

/* --- what becomes of it on its way --- */

enum change {
    CHANGE_BYTE,   /* exclusive or */
    CHANGE_LENGTH, /* what the record says of it */
    CHANGE_TYPE,
    CHANGE_DROP,
    CHANGE_TWICE,
    CHANGE_SPLIT,   /* into two records */
    CHANGE_CUT,     /* the record ends early, and says so */
    CHANGE_BEFORE,  /* bytes of the input's come before it */
    CHANGE_INSTEAD, /* the body, and its length */
    CHANGE_PAUSE,   /* seconds in the middle of it */
    CHANGES
};

struct changed {
    uint8_t bytes[2 * TLS_OUT];
    size_t len;
    size_t pause_at;
    uint32_t pause_ms;
};

static inline void add(struct changed *out, const uint8_t *bytes, size_t len)
{
    if (len > sizeof(out->bytes) - out->len)
        len = sizeof(out->bytes) - out->len;
    if (len)
        memcpy(out->bytes + out->len, bytes, len);
    out->len += len;
}

static inline void add_record(struct changed *out, uint8_t type, const uint8_t *body, size_t len)
{
    add(out, (const uint8_t[]){type, 3, 1, (uint8_t)(len >> 8), (uint8_t)len}, 5);
    add(out, body, len);
}

/* One record, of len bytes with its head of five, as the input wants it. */
static inline void change_record(struct input *in, struct changed *out, uint8_t *record, size_t len)
{
    uint8_t what = take_byte(in), value = take_byte(in);
    size_t at = 5 + (len > 5 ? take_u16(in) % (len - 5) : 0), got;
    const uint8_t *bytes;

    switch (what % CHANGES) {
    case CHANGE_BYTE:
        if (len > 5)
            record[at] ^= value;
        break;
    case CHANGE_LENGTH:
        record[3] = (uint8_t)(at >> 8);
        record[4] = value;
        break;
    case CHANGE_TYPE:
        record[at % 3] = value;
        break;
    case CHANGE_DROP:
        return;
    case CHANGE_TWICE:
        add(out, record, len);
        break;
    case CHANGE_SPLIT:
        add_record(out, record[0], record + 5, at - 5);
        add_record(out, record[0], record + at, len - at);
        return;
    case CHANGE_CUT:
        add_record(out, record[0], record + 5, at - 5);
        return;
    case CHANGE_BEFORE:
        bytes = take_bytes(in, value, &got);
        add(out, bytes, got);
        break;
    case CHANGE_INSTEAD:
        bytes = take_bytes(in, value * 4u, &got);
        add_record(out, record[0], bytes, got);
        return;
    default:
        out->pause_at = out->len + at;
        out->pause_ms = value * 100u;
        break;
    }
    add(out, record, len);
}

/* Sends what the client has written. For each record the input has a byte: 0 changes it, and what
 * is to be done follows; another one lets it pass. in NULL: nothing is changed. */
static inline void client_flush(struct input *in)
{
    static struct changed out;
    struct tls_end *c = &end_of_client;
    struct flow *f = &w.flow[WIRE_CHECKER];

    out.len = out.pause_at = 0;
    for (size_t at = 0; at + 5 <= c->out_len;) {
        size_t len = 5u + get_be16(c->out + at + 3);

        if (len > c->out_len - at)
            len = c->out_len - at;
        if (in && in->left > 0 && take_byte(in) == 0)
            change_record(in, &out, c->out + at, len);
        else
            add(&out, c->out + at, len);
        at += len;
    }
    c->out_len = 0;
    if (out.pause_at > 0 && out.pause_at < out.len) {
        flow_send(f, out.bytes, out.pause_at);
        world_pass(out.pause_ms);
        flow_send(f, out.bytes + out.pause_at, out.len - out.pause_at);
    } else if (out.len) {
        flow_send(f, out.bytes, out.len);
    }
}

/* --- the client's life --- */

static inline bool client_waits(int error)
{
    return error == MBEDTLS_ERR_SSL_WANT_READ || error == MBEDTLS_ERR_SSL_WANT_WRITE;
}

static inline bool client_connect(void)
{
    struct flow *f = &w.flow[WIRE_CHECKER];

    f->mine++;
    f->theirs = end_of_client.port ? end_of_client.port : 16993;
    flow_open(f);
    return f->open;
}

/* True: the hand-shake is done. */
static inline bool client_shake(struct input *in)
{
    struct tls_end *c = &end_of_client;
    int error = MBEDTLS_ERR_SSL_WANT_READ;

    for (int i = 0; i < 60 && client_waits(error); i++) {
        client_begins();
        error = mbedtls_ssl_handshake(&c->ssl);
        client_stops();
        client_forget();
        client_flush(in);
        world_pass(i < 20 ? 10 : 250);
    }
    c->open = error == 0;
    return c->open;
}

static inline void client_write(const uint8_t *bytes, size_t len, struct input *in)
{
    while (len > 0 && end_of_client.open) {
        int n;

        client_begins();
        n = mbedtls_ssl_write(&end_of_client.ssl, bytes, len);
        client_stops();
        client_flush(in);
        if (n <= 0)
            return;
        bytes += n;
        len -= (size_t)n;
    }
}

/* What the device has said since the last time, up to room bytes. */
static inline size_t client_read(char *out, size_t room)
{
    size_t len = 0;
    int n;

    do {
        client_begins();
        n = end_of_client.open && len < room
                ? mbedtls_ssl_read(&end_of_client.ssl, (uint8_t *)out + len, room - len)
                : 0;
        client_stops();
        client_forget();
        if (n > 0)
            len += (size_t)n;
    } while (n > 0);
    return len;
}

/* Takes the nonce out of a reply. */
static inline void client_keep_nonce(const char *reply)
{
    const char *nonce = strstr(reply, "nonce=\"");

    if (!nonce || strlen(nonce) < 7 + 32)
        return;
    memcpy(w.nonce, nonce + 7, 32);
    w.nonce_count = 0;
}

static inline size_t client_ask(const char *request, size_t len, char *reply, size_t room,
                                struct input *in)
{
    size_t got = 0;

    client_write((const uint8_t *)request, len, in);
    for (int i = 0; i < 5; i++) {
        world_pass(50);
        got += client_read(reply + got, room - 1 - got);
    }
    reply[got] = '\0';
    client_keep_nonce(reply);
    return got;
}

/* A right client is let in and asked for its password. */
static inline bool client_serves(const struct pem_file *server)
{
    static const char ask[] =
        "POST /SecurityAdministrationService HTTP/1.1\r\nHost: me\r\nContent-Length: 0\r\n\r\n";
    static char reply[4096];
    bool served = false;

    for (int i = 0; i < 3 && !served; i++) {
        client_new(server);
        served = client_connect() && client_shake(NULL) &&
                 client_ask(ask, sizeof(ask) - 1, reply, sizeof(reply), NULL) > 12 &&
                 memcmp(reply, "HTTP/1.1 401", 12) == 0;
        flow_close(&w.flow[WIRE_CHECKER]);
        world_pass(3000);
    }
    return served;
}

/* What mbedTLS holds in the device. */
static inline size_t device_memory(void)
{
    size_t bytes, blocks;

    mbedtls_memory_buffer_alloc_cur_get(&bytes, &blocks);
    return bytes;
}

static inline void tls_keep(enum world_kind kind)
{
    world_keep(kind);
    tls_moment[kind].end = end_of_client;
    tls_moment[kind].variables = malloc(world_variables());
    promise(tls_moment[kind].variables != NULL, "memory for the test");
    memcpy(tls_moment[kind].variables, client_variables, world_variables());
}

static inline void tls_enter(enum world_kind kind, const uint8_t *data, size_t size)
{
    world_enter(kind, data, size);
    end_of_client = tls_moment[kind].end;
    memcpy(client_variables, tls_moment[kind].variables, world_variables());
}

/* --- certificates of tests/certificates --- */

static inline const struct pem_file *tls_server(void)
{
    static struct pem_file file;
    char error[256], *variables;
    bool loaded;

    if (file.certificates > 0)
        return &file;
    variables = world_copy_variables(); /* reading it uses mbedTLS */
    loaded = pem_file_load("build/certificates/sha1/unit.pem", &file, error, sizeof(error));
    world_enter_variables(variables);
    free(variables);
    if (!loaded)
        fprintf(stderr, "%s\n", error);
    promise(loaded, "the certificates are made, and this is the project's folder");
    return &file;
}

/* The root is one of the device's. */
static inline void tls_trust(struct settings *s)
{
    const struct pem_file *server = tls_server();
    const struct pem_part *root = &server->certificate[server->certificates - 1];

    s->config.user_hash[0].algorithm = CERT_HASH_SHA1;
    strcpy(s->config.user_hash[0].name, "Root");
    mbedtls_sha1_ret(root->der, root->len, s->config.user_hash[0].bytes);
    s->config.user_hash_active = 1;
}

/* One input: a client whose records are changed, and then a right one. */
static inline void tls_fuzz(enum world_kind kind, const struct pem_file *server,
                            world_change *change, const uint8_t *data, size_t size)
{
    static size_t memory;
    static const char ask[] =
        "POST /SecurityAdministrationService HTTP/1.1\r\nHost: me\r\nContent-Length: 0\r\n\r\n";
    char reply[2048];
    struct input in = {data, size};
    uint8_t leaves = take_byte(&in);

    if (!world_moment[kind].variables) {
        world_prepare(kind, change);
        promise(client_serves(server), "the test's own client is served");
        world_pass(30000);
        memory = device_memory();
        client_new(server);
        tls_keep(kind);
    }
    tls_enter(kind, data, size);
    promise(client_connect(), "a connection is taken");
    if (client_shake(&in))
        client_ask(ask, sizeof(ask) - 1, reply, sizeof(reply), &in);
    if (leaves & 1)
        flow_say(&w.flow[WIRE_CHECKER], WIRE_RST | WIRE_ACK);
    else if (leaves & 2)
        flow_close(&w.flow[WIRE_CHECKER]);
    wire_quiet(60000);
    promise(client_serves(server), "a right client is served after quiet");
    world_pass(30000);
    promise(device_memory() <= memory, "a hand-shake gives its memory back");
    promise_pools(10);
}

#endif
