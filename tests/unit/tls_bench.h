#ifndef TESTS_TLS_BENCH_H
#define TESTS_TLS_BENCH_H

#include "device_bench.h"

#include <mbedtls/memory_buffer_alloc.h>
#include <mbedtls/oid.h>
#include <mbedtls/sha1.h>
#include <mbedtls/ssl.h>

#include "lwip/tcp.h"

#include "fw/core/trace.h"
#include "fw/net/tls_chain.h"
#include "fw/net/tls_own.h"
#include "sim/rng.h"

/* A TLS client on the ME's segment: a host with lwIP and mbedTLS of its own, which can be made to
 * cut, spoil or trickle what it sends. */

#define TLS_PORT 16993
#define CHAIN 6

/* --- certificates --- */

struct der {
    uint8_t bytes[2000];
    size_t len;
};

enum test_key { KEY_ROOT, KEY_LEAF, KEY_OTHER, KEYS };

#define USE_SERVER 1u
#define USE_INTEL 2u

struct cert_spec {
    const char *subject, *issuer;
    enum test_key key, signer;
    mbedtls_md_type_t md; /* 0 = SHA-1 */
    unsigned uses;
    bool ca;
    bool old;      /* version 1: without extensions */
    uint16_t bits; /* a key of that length instead, which nobody holds */
};

static struct der test_key[KEYS];
static uint8_t test_memory[256 * 1024];

static inline int test_fill(void *ctx, void *out, size_t len)
{
    rng_fill(ctx, out, len);
    return 0;
}

/* DER writers of mbedTLS write to the end of their buffer. */
static inline void take_der(struct der *out, int len)
{
    assert_true(len > 0);
    memmove(out->bytes, out->bytes + sizeof(out->bytes) - len, (size_t)len);
    out->len = (size_t)len;
}

static inline void write_uses(mbedtls_x509write_cert *w, unsigned uses)
{
    uint8_t list[32] = {0x30, 0};

    if (uses & USE_SERVER) {
        memcpy(list + 2 + list[1], "\x06\x08" MBEDTLS_OID_SERVER_AUTH, 10);
        list[1] = (uint8_t)(list[1] + 10);
    }
    if (uses & USE_INTEL) {
        memcpy(list + 2 + list[1], "\x06\x0A\x60\x86\x48\x01\x86\xF8\x4D\x01\x02\x03", 12);
        list[1] = (uint8_t)(list[1] + 12);
    }
    if (uses)
        assert_int_equal(
            mbedtls_x509write_crt_set_extension(w, MBEDTLS_OID_EXTENDED_KEY_USAGE,
                                                MBEDTLS_OID_SIZE(MBEDTLS_OID_EXTENDED_KEY_USAGE), 0,
                                                list, 2u + list[1]),
            0);
}

/* An odd number is a modulus for all that a certificate says. */
static inline void invent_key(mbedtls_pk_context *key, uint16_t bits, const struct hal_entropy *e)
{
    mbedtls_mpi modulus, exponent;

    mbedtls_mpi_init(&modulus);
    mbedtls_mpi_init(&exponent);
    assert_int_equal(mbedtls_mpi_fill_random(&modulus, bits / 8, tls_random, (void *)(uintptr_t)e),
                     0);
    assert_int_equal(mbedtls_mpi_set_bit(&modulus, bits - 1u, 1), 0);
    assert_int_equal(mbedtls_mpi_set_bit(&modulus, 0, 1), 0);
    assert_int_equal(mbedtls_mpi_lset(&exponent, 65537), 0);
    assert_int_equal(mbedtls_pk_setup(key, mbedtls_pk_info_from_type(MBEDTLS_PK_RSA)), 0);
    assert_int_equal(
        mbedtls_rsa_import(mbedtls_pk_rsa(*key), &modulus, NULL, NULL, NULL, &exponent), 0);
    assert_int_equal(mbedtls_rsa_complete(mbedtls_pk_rsa(*key)), 0);
    mbedtls_mpi_free(&modulus);
    mbedtls_mpi_free(&exponent);
}

/* mbedTLS writes the parts of a name in the opposite order. */
static inline void write_cert(struct der *out, const struct cert_spec *spec)
{
    mbedtls_x509write_cert w;
    mbedtls_pk_context key, signer;
    mbedtls_mpi serial;
    struct rng rng;
    struct hal_entropy entropy = {.ctx = &rng, .fill = test_fill};

    rng_seed(&rng, 1, "certificate");
    mbedtls_x509write_crt_init(&w);
    mbedtls_pk_init(&key);
    mbedtls_pk_init(&signer);
    mbedtls_mpi_init(&serial);
    if (spec->bits)
        invent_key(&key, spec->bits, &entropy);
    else
        assert_int_equal(
            mbedtls_pk_parse_key(&key, test_key[spec->key].bytes, test_key[spec->key].len, NULL, 0),
            0);
    assert_int_equal(mbedtls_pk_parse_key(&signer, test_key[spec->signer].bytes,
                                          test_key[spec->signer].len, NULL, 0),
                     0);
    assert_int_equal(mbedtls_mpi_lset(&serial, 7), 0);
    mbedtls_x509write_crt_set_version(&w, spec->old ? MBEDTLS_X509_CRT_VERSION_1
                                                    : MBEDTLS_X509_CRT_VERSION_3);
    mbedtls_x509write_crt_set_md_alg(&w, spec->md ? spec->md : MBEDTLS_MD_SHA1);
    mbedtls_x509write_crt_set_subject_key(&w, &key);
    mbedtls_x509write_crt_set_issuer_key(&w, &signer);
    assert_int_equal(mbedtls_x509write_crt_set_serial(&w, &serial), 0);
    assert_int_equal(mbedtls_x509write_crt_set_subject_name(&w, spec->subject), 0);
    assert_int_equal(mbedtls_x509write_crt_set_issuer_name(&w, spec->issuer), 0);
    assert_int_equal(mbedtls_x509write_crt_set_validity(&w, "20090101000000", "20200229235959"), 0);
    if (spec->ca)
        assert_int_equal(mbedtls_x509write_crt_set_basic_constraints(&w, 1, -1), 0);
    write_uses(&w, spec->uses);
    take_der(out,
             mbedtls_x509write_crt_der(&w, out->bytes, sizeof(out->bytes), tls_random, &entropy));
    mbedtls_mpi_free(&serial);
    mbedtls_pk_free(&signer);
    mbedtls_pk_free(&key);
    mbedtls_x509write_crt_free(&w);
}

static inline void write_keys(void)
{
    struct rng rng;
    struct hal_entropy entropy = {.ctx = &rng, .fill = test_fill};

    rng_seed(&rng, 1, "keys");
    for (int i = 0; i < KEYS; i++) {
        struct tls_identity id;
        enum tls_identity_state state;

        tls_identity_begin(&id, 1024, &entropy);
        while ((state = tls_identity_step(&id)) == TLS_IDENTITY_BUSY)
            ;
        assert_int_equal(state, TLS_IDENTITY_READY);
        take_der(&test_key[i],
                 mbedtls_pk_write_key_der(&id.key, test_key[i].bytes, sizeof(test_key[i].bytes)));
        tls_identity_free(&id);
    }
}

/* --- the client's host --- */

struct peer {
    struct bench *b;
    int port;
    struct lwip_image *image;
    struct stack stack;
    struct hal_ether ether;
    struct hal_entropy entropy;
    struct rng rng;
    struct clock_event *wake;
    struct tcp_pcb *pcb;
    uint16_t to; /* the device's port */
    bool connected, fin, rst;
    uint8_t rx[20000];
    size_t rx_len, rx_at;
    size_t sent;
    size_t cut_at;    /* nothing is sent from this byte on */
    size_t spoil;     /* this byte is changed ... */
    uint8_t spoil_by; /* ... by these bits */
    bool trickle;     /* one byte a segment */
    uint8_t memory[128 * 1024];
};

static struct peer *peer_live;

static inline void peer_wake(void *ctx);

static inline void peer_reschedule(struct peer *p)
{
    uint64_t next = stack_next_ms(&p->stack);

    if (p->wake)
        clock_cancel(&p->b->clock, p->wake);
    p->wake = next == UINT64_MAX ? NULL : clock_at(&p->b->clock, next * 1000u, peer_wake, p);
}

static inline void peer_wake(void *ctx)
{
    struct peer *p = ctx;

    p->wake = NULL;
    lwip_image_enter(p->image);
    stack_run(&p->stack, p->b->clock.now_us / 1000u);
    peer_reschedule(p);
}

static inline void peer_frame_in(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct peer *p = ctx;

    (void)from;
    lwip_image_enter(p->image);
    stack_input(&p->stack, frame, len, p->b->clock.now_us / 1000u);
    peer_reschedule(p);
}

static inline int peer_frame_out(void *ctx, const uint8_t *frame, size_t len)
{
    struct peer *p = ctx;

    lan_send(&p->b->lan, p->port, frame, len);
    return 0;
}

static inline bool peer_link(void *ctx)
{
    (void)ctx;
    return true;
}

static inline void peer_free(struct peer *p)
{
    if (p->wake)
        clock_cancel(&p->b->clock, p->wake);
    lwip_image_free(p->image);
    if (p == peer_live)
        peer_live = NULL;
    free(p);
}

/* Its address ends in that number. */
static inline struct peer *peer_new_at(struct bench *b, uint8_t last)
{
    const uint8_t mac[6] = {0x02, 0x71, 0x5c, 0, 0, last};
    struct peer *p = calloc(1, sizeof(*p));
    struct lan_port port = {.ctx = p, .frame = peer_frame_in, .sender = LAN_LAN, .link = true};
    ip4_addr_t address, mask;

    assert_non_null(p);
    p->b = b;
    p->to = TLS_PORT;
    p->cut_at = p->spoil = SIZE_MAX;
    p->image = lwip_image_new();
    p->port = lan_attach(&b->lan, &port);
    rng_seed(&p->rng, 1, "peer");
    p->ether = (struct hal_ether){p, NULL, peer_frame_out, peer_link, NULL};
    p->entropy = (struct hal_entropy){.ctx = &p->rng, .fill = test_fill};
    lwip_image_enter(p->image);
    mbedtls_memory_buffer_alloc_init(p->memory, sizeof(p->memory));
    assert_int_equal(stack_start(&p->stack, mac, &p->ether, &p->entropy, b->clock.now_us / 1000u),
                     0);
    p->stack.open = true;
    ip4_addr_set_u32(&address, lwip_htonl((BENCH_OTHER_IP & ~0xFFu) | last));
    ip4_addr_set_u32(&mask, lwip_htonl(0xFFFFFF00u));
    netif_set_addr(&p->stack.netif, &address, &mask, NULL);
    netif_set_up(&p->stack.netif);
    netif_set_link_up(&p->stack.netif);
    return p;
}

static inline struct peer *peer_new(struct bench *b)
{
    peer_live = peer_new_at(b, BENCH_OTHER_IP & 0xFFu);
    return peer_live;
}

static inline void peer_error(void *arg, err_t err)
{
    struct peer *p = arg;

    (void)err;
    p->pcb = NULL;
    p->rst = true;
}

static inline err_t peer_received(void *arg, struct tcp_pcb *pcb, struct pbuf *in, err_t err)
{
    struct peer *p = arg;

    (void)err;
    if (!in) {
        p->fin = true;
        return ERR_OK;
    }
    if (p->rx_at == p->rx_len && p->rx_len + in->tot_len > sizeof(p->rx))
        p->rx_at = p->rx_len = 0;
    assert_true(p->rx_len + in->tot_len <= sizeof(p->rx));
    p->rx_len += pbuf_copy_partial(in, p->rx + p->rx_len, in->tot_len, 0);
    tcp_recved(pcb, in->tot_len);
    pbuf_free(in);
    return ERR_OK;
}

static inline err_t peer_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
    struct peer *p = arg;

    (void)pcb;
    (void)err;
    p->connected = true;
    return ERR_OK;
}

/* Lets the segment live for a while; afterwards lwIP's and mbedTLS's variables are the client's. */
static inline void peer_run(struct peer *p, uint64_t us)
{
    bench_run(p->b, us);
    lwip_image_enter(p->image);
}

static inline void peer_leave(struct peer *p, bool reset)
{
    struct tcp_pcb *pcb = p->pcb;

    lwip_image_enter(p->image);
    p->pcb = NULL;
    if (!pcb)
        return;
    tcp_arg(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_recv(pcb, NULL);
    if (reset || tcp_close(pcb) != ERR_OK)
        tcp_abort(pcb);
    peer_reschedule(p);
}

/* An earlier connection is left as it is. */
static inline bool peer_connect(struct peer *p)
{
    ip_addr_t to;

    lwip_image_enter(p->image);
    p->connected = p->fin = p->rst = false;
    p->rx_len = p->rx_at = p->sent = 0;
    stack_run(&p->stack, p->b->clock.now_us / 1000u);
    p->pcb = tcp_new();
    assert_non_null(p->pcb);
    tcp_nagle_disable(p->pcb);
    tcp_arg(p->pcb, p);
    tcp_err(p->pcb, peer_error);
    tcp_recv(p->pcb, peer_received);
    ip_addr_set_ip4_u32(&to, lwip_htonl(BENCH_IP));
    assert_int_equal(tcp_connect(p->pcb, &to, p->to, peer_connected), ERR_OK);
    peer_reschedule(p);
    peer_run(p, 20 * MS);
    return p->connected && !p->rst;
}

/* Hands the next bytes to lwIP: how many of them it took. What is cut off counts as taken. */
static inline size_t peer_put(struct peer *p, const uint8_t *bytes, size_t len)
{
    size_t n = p->trickle ? 1 : len;
    uint8_t copy[1460];

    if (!p->pcb || p->sent >= p->cut_at)
        return len;
    if (n > tcp_sndbuf(p->pcb))
        n = tcp_sndbuf(p->pcb);
    if (n > sizeof(copy))
        n = sizeof(copy);
    if (n > p->cut_at - p->sent)
        n = p->cut_at - p->sent;
    memcpy(copy, bytes, n);
    if (p->spoil >= p->sent && p->spoil - p->sent < n)
        copy[p->spoil - p->sent] ^= p->spoil_by;
    if (n == 0 || tcp_write(p->pcb, copy, (u16_t)n, TCP_WRITE_FLAG_COPY) != ERR_OK)
        return 0;
    p->sent += n;
    tcp_output(p->pcb);
    peer_reschedule(p);
    return n;
}

static inline int peer_bio_send(void *ctx, const unsigned char *bytes, size_t len)
{
    struct peer *p = ctx;
    size_t n;

    if (!p->pcb)
        return MBEDTLS_ERR_SSL_CONN_EOF;
    if (p->trickle)
        peer_run(p, 2 * MS);
    n = peer_put(p, bytes, len);
    return n > 0 ? (int)n : MBEDTLS_ERR_SSL_WANT_WRITE;
}

static inline int peer_bio_receive(void *ctx, unsigned char *out, size_t len)
{
    struct peer *p = ctx;
    size_t n = p->rx_len - p->rx_at;

    if (n == 0)
        return p->fin || p->rst ? 0 : MBEDTLS_ERR_SSL_WANT_READ;
    if (n > len)
        n = len;
    memcpy(out, p->rx + p->rx_at, n);
    p->rx_at += n;
    return (int)n;
}

/* --- TLS --- */

struct client_spec {
    const struct der *chain[CHAIN + 1]; /* NULL-terminated, leaf first; none = no certificate */
    enum test_key key;
    int version; /* 1 = TLS 1.0 ... 3 = 1.2; 0 = any */
    bool no_etm; /* it has no encrypt-then-MAC */
    bool no_ems; /* no extended master secret */
    const char *identity, *psk;
};

struct client {
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config config;
    mbedtls_x509_crt chain;
    mbedtls_pk_context key;
    struct peer *p;
};

static inline void client_open(struct client *c, struct peer *p, const struct client_spec *spec)
{
    static const int rsa_or_psk[] = {MBEDTLS_TLS_RSA_WITH_AES_128_CBC_SHA,
                                     MBEDTLS_TLS_PSK_WITH_AES_128_CBC_SHA, 0};

    lwip_image_enter(p->image);
    memset(c, 0, sizeof(*c));
    c->p = p;
    mbedtls_ssl_init(&c->ssl);
    mbedtls_ssl_config_init(&c->config);
    mbedtls_x509_crt_init(&c->chain);
    mbedtls_pk_init(&c->key);
    assert_int_equal(mbedtls_ssl_config_defaults(&c->config, MBEDTLS_SSL_IS_CLIENT,
                                                 MBEDTLS_SSL_TRANSPORT_STREAM,
                                                 MBEDTLS_SSL_PRESET_DEFAULT),
                     0);
    mbedtls_ssl_conf_rng(&c->config, tls_random, &p->entropy);
    mbedtls_ssl_conf_authmode(&c->config, MBEDTLS_SSL_VERIFY_NONE);
    mbedtls_ssl_conf_min_version(&c->config, 3, spec->version ? spec->version : 1);
    mbedtls_ssl_conf_max_version(&c->config, 3, spec->version ? spec->version : 3);
    mbedtls_ssl_conf_encrypt_then_mac(&c->config, !spec->no_etm);
    mbedtls_ssl_conf_extended_master_secret(&c->config, !spec->no_ems);
    mbedtls_ssl_conf_ciphersuites(&c->config, spec->psk ? rsa_or_psk + 1 : rsa_or_psk);
    if (spec->psk)
        assert_int_equal(mbedtls_ssl_conf_psk(&c->config, (const uint8_t *)spec->psk,
                                              strlen(spec->psk), (const uint8_t *)spec->identity,
                                              strlen(spec->identity)),
                         0);
    for (int i = 0; spec->chain[i]; i++)
        assert_int_equal(
            mbedtls_x509_crt_parse_der(&c->chain, spec->chain[i]->bytes, spec->chain[i]->len), 0);
    if (spec->chain[0]) {
        assert_int_equal(mbedtls_pk_parse_key(&c->key, test_key[spec->key].bytes,
                                              test_key[spec->key].len, NULL, 0),
                         0);
        assert_int_equal(mbedtls_ssl_conf_own_cert(&c->config, &c->chain, &c->key), 0);
    }
    assert_int_equal(mbedtls_ssl_setup(&c->ssl, &c->config), 0);
    mbedtls_ssl_set_bio(&c->ssl, p, peer_bio_send, peer_bio_receive, NULL);
}

static inline bool client_waits(int error)
{
    return error == MBEDTLS_ERR_SSL_WANT_READ || error == MBEDTLS_ERR_SSL_WANT_WRITE;
}

static inline void client_close(struct client *c)
{
    lwip_image_enter(c->p->image);
    mbedtls_ssl_free(&c->ssl);
    mbedtls_ssl_config_free(&c->config);
    mbedtls_x509_crt_free(&c->chain);
    mbedtls_pk_free(&c->key);
}

/* mbedTLS's result; still waiting for the device after two seconds: WANT_READ. */
static inline int client_shake(struct client *c)
{
    int error = MBEDTLS_ERR_SSL_WANT_READ;

    for (int i = 0; i < 200 && client_waits(error); i++) {
        lwip_image_enter(c->p->image);
        error = mbedtls_ssl_handshake(&c->ssl);
        peer_run(c->p, 10 * MS);
    }
    return error;
}

/* Connects, shakes hands, leaves. */
static inline int client_try(struct peer *p, const struct client_spec *spec)
{
    struct client c;
    int error;

    assert_true(peer_connect(p));
    client_open(&c, p, spec);
    error = client_shake(&c);
    client_close(&c);
    peer_leave(p, false);
    peer_run(p, 50 * MS);
    return error;
}

/* --- a device that has such a client --- */

/* The root, and what a set-up server bought from it. */
static struct der test_root, test_leaf;
static const struct client_spec test_server = {.chain = {&test_leaf, &test_root}, .key = KEY_LEAF};

static inline int tls_certificates(void **state)
{
    struct lwip_image *image = lwip_image_new();

    (void)state;
    lwip_image_enter(image);
    mbedtls_memory_buffer_alloc_init(test_memory, sizeof(test_memory));
    write_keys();
    write_cert(&test_root,
               &(struct cert_spec){"CN=Root", "CN=Root", KEY_ROOT, KEY_ROOT, .ca = true});
    write_cert(&test_leaf, &(struct cert_spec){"CN=sca.corp.example", "CN=Root", KEY_LEAF, KEY_ROOT,
                                               .uses = USE_SERVER | USE_INTEL});
    lwip_image_free(image);
    return 0;
}

/* For a test's own certificates. */
static inline void tls_certificate(struct peer *p, struct der *out, const struct cert_spec *spec)
{
    lwip_image_enter(p->image);
    write_cert(out, spec);
}

/* In set-up since seconds, with an address; the root's hash is one of the user's. change: what else
 * the device has stored; NULL = nothing. */
static inline struct peer *tls_begin(const char *release, const char *oem, const char *option15,
                                     void (*change)(struct settings *s))
{
    struct bench *b;
    struct settings s;

    if (peer_live)
        peer_free(peer_live);
    b = bench_new(release, oem);
    s = bench_factory(b);
    s.config.user_hash[0].algorithm = CERT_HASH_SHA1;
    strcpy(s.config.user_hash[0].name, "Root");
    mbedtls_sha1_ret(test_root.bytes, test_root.len, s.config.user_hash[0].bytes);
    s.config.user_hash_active = 1;
    if (change)
        change(&s);
    bench_store(b, &s);
    bench_dhcpd(b, option15);
    chip_power(&b->chip, true);
    bench_run(b, 3 * SECOND);
    assert_int_equal(b->count[TRACE_ADDRESS], 1);
    return peer_new(b);
}

static inline void tls_end(struct peer *p)
{
    struct bench *b = p->b;

    peer_free(p);
    bench_free(b);
}

/* The hand-shake ends with an alert and this reason. */
static inline void tls_refused(struct peer *p, const struct client_spec *spec, const char *why)
{
    uint32_t before = p->b->count[TRACE_TLS_REFUSED];

    assert_int_equal(client_try(p, spec), MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE);
    assert_int_equal(p->b->count[TRACE_TLS_REFUSED], before + 1);
    assert_string_equal(p->b->text[TRACE_TLS_REFUSED], why);
}

static inline void tls_accepted(struct peer *p, const struct client_spec *spec, const char *who)
{
    uint32_t before = p->b->count[TRACE_TLS_ACCEPTED];

    assert_int_equal(client_try(p, spec), 0);
    assert_int_equal(p->b->count[TRACE_TLS_ACCEPTED], before + 1);
    assert_string_equal(p->b->text[TRACE_TLS_ACCEPTED], who);
}

/* What mbedTLS holds in the device. */
static inline size_t device_memory(struct bench *b)
{
    size_t bytes, blocks;

    bench_device(b);
    mbedtls_memory_buffer_alloc_cur_get(&bytes, &blocks);
    return bytes;
}

#endif
