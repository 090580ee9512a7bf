// SPDX-License-Identifier: BSD-3-Clause
#include "sim/server/tls_client.h"

#include <stdio.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "sim/base/rng.h"
#include "sim/server/openssl.h"

/* --- OpenSSL's way to TCP --- */

static int bio_write(BIO *bio, const char *bytes, int len)
{
    struct tls_client *c = BIO_get_data(bio);
    size_t n = tcp_client_write(&c->tcp, bytes, len > 0 ? (size_t)len : 0);

    BIO_clear_retry_flags(bio);
    if (n > 0)
        return (int)n;
    if (c->tcp.pcb)
        BIO_set_retry_write(bio);
    return -1;
}

static int bio_read(BIO *bio, char *out, int len)
{
    struct tls_client *c = BIO_get_data(bio);
    size_t n = tcp_client_read(&c->tcp, out, len > 0 ? (size_t)len : 0);

    BIO_clear_retry_flags(bio);
    if (n > 0 || tcp_client_is_at_end(&c->tcp))
        return (int)n;
    BIO_set_retry_read(bio);
    return -1;
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
    const struct tls_client *c = BIO_get_data(bio);

    (void)number;
    (void)pointer;
    switch (command) {
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_EOF:
        return tcp_client_is_at_end(&c->tcp);
    default:
        return 0;
    }
}

static BIO_METHOD *method;

static void make_method(void)
{
    BIO_METHOD *m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "lwIP");

    if (m && BIO_meth_set_write(m, bio_write) && BIO_meth_set_read(m, bio_read) &&
        BIO_meth_set_ctrl(m, bio_control))
        method = m;
    else
        BIO_meth_free(m);
}

/* NULL: no memory. */
static BIO *bio_new(struct tls_client *c)
{
    static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
    BIO *bio;

    if (!CRYPTO_THREAD_run_once(&once, make_method) || !method)
        return NULL;
    bio = BIO_new(method);
    if (!bio)
        return NULL;
    BIO_set_data(bio, c);
    BIO_set_init(bio, 1);
    return bio;
}

/* --- randomness --- */

static int fill(void *ctx, void *out, size_t len)
{
    struct tls_client_random *random = ctx;
    struct rng rng;
    char stream[48];

    if (len >= sizeof(random->draws) / sizeof(random->draws[0]))
        return -1;
    snprintf(stream, sizeof(stream), "tls %zu %lu", len, (unsigned long)random->draws[len]++);
    rng_seed(&rng, random->key, stream);
    rng_fill(&rng, out, len);
    return 0;
}

/* Before each call of OpenSSL's that may draw, and whose errors are looked at. */
static void enter(struct tls_client *c)
{
    openssl_draw_from(&c->random.entropy);
    ERR_clear_error();
}

static void leave(void)
{
    openssl_draw_from(NULL);
}

static bool seed(struct tls_client *c, const struct hal_entropy *entropy)
{
    uint8_t key[8];

    if (entropy->fill(entropy->ctx, key, sizeof(key)) != 0)
        return false;
    c->random.entropy = (struct hal_entropy){.ctx = &c->random, .fill = fill};
    for (size_t i = 0; i < sizeof(key); i++)
        c->random.key = c->random.key << 8 | key[i];
    return true;
}

/* --- TLS --- */

void tls_client_free(struct tls_client *c)
{
    enter(c);
    SSL_free(c->session);
    SSL_CTX_free(c->context);
    c->session = NULL;
    c->context = NULL;
    leave();
}

static unsigned show_key(SSL *session, const char *hint, char *pid, unsigned pid_cap,
                         unsigned char *pps, unsigned pps_cap)
{
    const struct tls_client *c = SSL_get_app_data(session);
    size_t pps_len = strlen(c->pps);

    (void)hint;
    if (strlen(c->pid) >= pid_cap || pps_len > pps_cap)
        return 0;
    memcpy(pid, c->pid, strlen(c->pid) + 1);
    memcpy(pps, c->pps, pps_len);
    return (unsigned)pps_len;
}

static X509 *certificate_of(const struct pem_part *part)
{
    const uint8_t *der = part->der;

    return d2i_X509(NULL, &der, (long)part->len);
}

static bool show_certificate(SSL_CTX *context, const struct pem_file *pem)
{
    for (uint32_t i = 0; i < pem->certificates; i++) {
        X509 *certificate = certificate_of(&pem->certificate[i]);
        bool good = certificate;

        if (i == 0) {
            good = good && SSL_CTX_use_certificate(context, certificate) == 1;
            X509_free(certificate); /* the context has its own hold of it */
        } else if (good && SSL_CTX_add0_chain_cert(context, certificate) != 1) {
            X509_free(certificate);
            good = false;
        }
        if (!good)
            return false;
    }
    return SSL_CTX_use_PrivateKey_ASN1(EVP_PKEY_RSA, context, pem->key.der, (long)pem->key.len) ==
           1;
}

/* Who the device is does not matter in set-up; a certificate that cannot be read, as one without
 * dates, does (CERT321). */
static int read_certificate(X509_STORE_CTX *chain, void *ctx)
{
    const X509 *certificate = X509_STORE_CTX_get0_cert(chain);
    struct tm date;

    (void)ctx;
    if (certificate && ASN1_TIME_to_tm(X509_get0_notBefore(certificate), &date) == 1 &&
        ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &date) == 1)
        return 1;
    X509_STORE_CTX_set_error(chain, X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD);
    return 0;
}

static bool show_identity(struct tls_client *c, const struct tls_client_identity *who)
{
    c->pid = who->pid;
    c->pps = who->pps;
    if (who->pid)
        SSL_CTX_set_psk_client_callback(c->context, show_key);
    return who->pid || !who->certificate || show_certificate(c->context, who->certificate);
}

/* TLS 1.0 has no signature and no cipher that the library would not call too weak today. */
static bool configure(struct tls_client *c, const struct tls_client_identity *who)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());

    c->context = context;
    if (!context)
        return false;
    memset(c->random.draws, 0, sizeof(c->random.draws)); /* which versions draw here differs */
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_ENCRYPT_THEN_MAC |
                                     SSL_OP_NO_EXTENDED_MASTER_SECRET | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_NO_RENEGOTIATION | SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS |
                                     SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(context, read_certificate, NULL);
    return SSL_CTX_set_min_proto_version(context, TLS1_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(context, TLS1_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, who->pid ? "PSK-AES128-CBC-SHA"
                                                     : "AES128-SHA:AES256-SHA") == 1 &&
           show_identity(c, who);
}

static bool begin_session(struct tls_client *c)
{
    BIO *bio = bio_new(c);

    c->session = bio ? SSL_new(c->context) : NULL;
    if (!c->session) {
        BIO_free(bio);
        return false;
    }
    SSL_set_bio(c->session, bio, bio);
    SSL_set_connect_state(c->session);
    return SSL_set_app_data(c->session, c) == 1;
}

bool tls_client_open(struct tls_client *c, uint32_t ip, uint16_t port,
                     const struct tls_client_identity *who, const struct hal_entropy *entropy)
{
    bool good;

    memset(c, 0, sizeof(*c));
    openssl_start();
    if (!seed(c, entropy))
        return false;
    enter(c);
    good = configure(c, who) && begin_session(c);
    leave();
    if (!good || !tcp_client_connect(&c->tcp, ip, port)) {
        tls_client_free(c);
        return false;
    }
    c->state = TLS_CLIENT_CONNECTING;
    return true;
}

static bool waits(int error)
{
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

static void end(struct tls_client *c, const char *why)
{
    tcp_client_close(&c->tcp, false);
    c->state = TLS_CLIENT_ENDED;
    c->error = why;
}

/* A fatal alert of the peer's is an error whose reason is its number behind a certain one. */
static bool is_alert(int error)
{
    unsigned long first = ERR_peek_error();

    return error == SSL_ERROR_SSL && ERR_GET_LIB(first) == ERR_LIB_SSL &&
           ERR_GET_REASON(first) >= SSL_AD_REASON_OFFSET;
}

static const char *why_ended(struct tls_client *c, int error)
{
    c->refused = is_alert(error);
    if (c->refused)
        return "the device refuses with a TLS alert";
    if (SSL_get_verify_result(c->session) != X509_V_OK)
        return "the device's certificate is invalid";
    if (c->tcp.peer_reset)
        return "the device resets the connection";
    if (error == SSL_ERROR_ZERO_RETURN || error == SSL_ERROR_SYSCALL)
        return "the device closes the connection";
    return "the TLS session fails";
}

static void keep_peer(struct tls_client *c)
{
    X509 *certificate = SSL_get1_peer_certificate(c->session);
    int len = certificate ? i2d_X509(certificate, NULL) : 0;
    uint8_t *at = c->peer;

    if (len > 0 && (size_t)len <= sizeof(c->peer) && i2d_X509(certificate, &at) == len)
        c->peer_len = (size_t)len;
    X509_free(certificate);
}

static void shake_hands(struct tls_client *c)
{
    int result, error;

    enter(c);
    result = SSL_do_handshake(c->session);
    error = SSL_get_error(c->session, result);
    if (result == 1) {
        c->state = TLS_CLIENT_OPEN;
        keep_peer(c);
    } else if (!waits(error)) {
        end(c, why_ended(c, error));
    }
    leave();
}

void tls_client_poll(struct tls_client *c)
{
    if (c->state == TLS_CLIENT_CONNECTING && c->tcp.connected)
        c->state = TLS_CLIENT_SHAKING;
    if (c->state == TLS_CLIENT_CONNECTING && c->tcp.peer_reset)
        end(c, "no connection");
    if (c->state == TLS_CLIENT_SHAKING)
        shake_hands(c);
    tcp_client_flush(&c->tcp);
}

size_t tls_client_write(struct tls_client *c, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    size_t sent = 0;

    while (c->state == TLS_CLIENT_OPEN && sent < len) {
        size_t n = 0;
        int result, error;

        enter(c);
        result = SSL_write_ex(c->session, at + sent, len - sent, &n);
        error = SSL_get_error(c->session, result);
        sent += n;
        if (result != 1 && !waits(error))
            end(c, why_ended(c, error));
        leave();
        if (result != 1)
            break;
    }
    tcp_client_flush(&c->tcp);
    return sent;
}

bool tls_client_has_sent(const struct tls_client *c)
{
    return tcp_client_has_sent(&c->tcp);
}

size_t tls_client_read(struct tls_client *c, void *out, size_t cap)
{
    size_t n = 0;
    int result, error;

    if (c->state != TLS_CLIENT_OPEN)
        return 0;
    enter(c);
    result = SSL_read_ex(c->session, out, cap, &n);
    error = SSL_get_error(c->session, result);
    if (result != 1 && !waits(error))
        end(c, why_ended(c, error));
    leave();
    return n;
}

void tls_client_close(struct tls_client *c, bool reset)
{
    if (c->state == TLS_CLIENT_IDLE)
        return;
    if (c->state == TLS_CLIENT_OPEN && !reset) {
        enter(c);
        SSL_shutdown(c->session);
        leave();
    }
    tcp_client_close(&c->tcp, reset);
    tls_client_free(c);
    c->state = TLS_CLIENT_IDLE;
}
