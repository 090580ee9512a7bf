// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/secure_client.h"

#include <string.h>

#include "fw/net/tls_identity.h"

static int send_bytes(void *ctx, const unsigned char *bytes, size_t len)
{
    struct secure_client *c = ctx;
    size_t n = tcp_client_write(&c->tcp, bytes, len);

    if (n == 0)
        return c->tcp.pcb ? MBEDTLS_ERR_SSL_WANT_WRITE : MBEDTLS_ERR_SSL_CONN_EOF;
    return (int)n;
}

static int receive_bytes(void *ctx, unsigned char *out, size_t len)
{
    struct secure_client *c = ctx;
    size_t n = tcp_client_read(&c->tcp, out, len);

    return n > 0 || tcp_client_is_at_end(&c->tcp) ? (int)n : MBEDTLS_ERR_SSL_WANT_READ;
}

static void free_session(struct secure_client *c)
{
    mbedtls_ssl_free(&c->ssl);
    mbedtls_ssl_config_free(&c->config);
    mbedtls_x509_crt_free(&c->chain);
    mbedtls_pk_free(&c->key);
}

static int keep_peer(void *ctx, mbedtls_x509_crt *crt, int depth, uint32_t *flags)
{
    struct secure_client *c = ctx;

    (void)flags;
    if (depth == 0 && crt->raw.len <= sizeof(c->peer)) {
        memcpy(c->peer, crt->raw.p, crt->raw.len);
        c->peer_len = crt->raw.len;
    }
    return 0;
}

static int show_identity(struct secure_client *c, const struct secure_client_identity *who)
{
    const struct pem_file *pem = who->certificate;
    int error;

    if (who->pid)
        return mbedtls_ssl_conf_psk(&c->config, (const unsigned char *)who->pps, strlen(who->pps),
                                    (const unsigned char *)who->pid, strlen(who->pid));
    if (!pem)
        return 0;
    for (uint32_t i = 0; i < pem->certificates; i++) {
        error =
            mbedtls_x509_crt_parse_der(&c->chain, pem->certificate[i].der, pem->certificate[i].len);
        if (error != 0)
            return error;
    }
    error = mbedtls_pk_parse_key(&c->key, pem->key.der, pem->key.len, NULL, 0);
    return error ? error : mbedtls_ssl_conf_own_cert(&c->config, &c->chain, &c->key);
}

/* As a server of the time: TLS 1.0 with its one kind of suites. */
static int configure(struct secure_client *c, const struct secure_client_identity *who)
{
    static const int rsa[] = {MBEDTLS_TLS_RSA_WITH_AES_128_CBC_SHA,
                              MBEDTLS_TLS_RSA_WITH_AES_256_CBC_SHA, 0};
    static const int psk[] = {MBEDTLS_TLS_PSK_WITH_AES_128_CBC_SHA, 0};
    int error =
        mbedtls_ssl_config_defaults(&c->config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                    MBEDTLS_SSL_PRESET_DEFAULT);

    mbedtls_ssl_conf_rng(&c->config, tls_random, (void *)(uintptr_t)c->entropy);
    mbedtls_ssl_conf_authmode(&c->config, MBEDTLS_SSL_VERIFY_OPTIONAL);
    mbedtls_ssl_conf_verify(&c->config, keep_peer, c);
    mbedtls_ssl_conf_min_version(&c->config, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_1);
    mbedtls_ssl_conf_max_version(&c->config, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_1);
    mbedtls_ssl_conf_ciphersuites(&c->config, who->pid ? psk : rsa);
    error = error ? error : show_identity(c, who);
    error = error ? error : mbedtls_ssl_setup(&c->ssl, &c->config);
    mbedtls_ssl_set_bio(&c->ssl, c, send_bytes, receive_bytes, NULL);
    return error;
}

bool secure_client_open(struct secure_client *c, uint32_t ip, uint16_t port,
                        const struct secure_client_identity *who, const struct hal_entropy *entropy)
{
    memset(c, 0, sizeof(*c));
    c->entropy = entropy;
    mbedtls_ssl_init(&c->ssl);
    mbedtls_ssl_config_init(&c->config);
    mbedtls_x509_crt_init(&c->chain);
    mbedtls_pk_init(&c->key);
    if (configure(c, who) != 0 || !tcp_client_connect(&c->tcp, ip, port)) {
        free_session(c);
        return false;
    }
    c->state = SECURE_CLIENT_CONNECTING;
    return true;
}

static bool waits(int error)
{
    return error == MBEDTLS_ERR_SSL_WANT_READ || error == MBEDTLS_ERR_SSL_WANT_WRITE;
}

static void end(struct secure_client *c, const char *why)
{
    tcp_client_close(&c->tcp, false);
    c->state = SECURE_CLIENT_ENDED;
    c->error = why;
}

static const char *why_ended(struct secure_client *c, int error)
{
    c->refused = error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE;
    if (c->refused)
        return "the device refuses with a TLS alert";
    if (c->tcp.peer_reset)
        return "the device resets the connection";
    if (error == 0 || error == MBEDTLS_ERR_SSL_CONN_EOF ||
        error == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
        return "the device closes the connection";
    return "the TLS session fails";
}

void secure_client_poll(struct secure_client *c)
{
    int error;

    if (c->state == SECURE_CLIENT_CONNECTING && c->tcp.connected)
        c->state = SECURE_CLIENT_SHAKING;
    if (c->state == SECURE_CLIENT_CONNECTING && c->tcp.peer_reset)
        end(c, "no connection");
    if (c->state == SECURE_CLIENT_SHAKING) {
        error = mbedtls_ssl_handshake(&c->ssl);
        if (error == 0)
            c->state = SECURE_CLIENT_OPEN;
        else if (!waits(error))
            end(c, why_ended(c, error));
    }
    tcp_client_flush(&c->tcp);
}

size_t secure_client_write(struct secure_client *c, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    size_t sent = 0;

    while (c->state == SECURE_CLIENT_OPEN && sent < len) {
        int n = mbedtls_ssl_write(&c->ssl, at + sent, len - sent);

        if (waits(n))
            break;
        if (n <= 0)
            end(c, why_ended(c, n));
        else
            sent += (size_t)n;
    }
    tcp_client_flush(&c->tcp);
    return sent;
}

bool secure_client_has_sent(const struct secure_client *c)
{
    return tcp_client_has_sent(&c->tcp);
}

size_t secure_client_read(struct secure_client *c, void *out, size_t cap)
{
    int n;

    if (c->state != SECURE_CLIENT_OPEN)
        return 0;
    n = mbedtls_ssl_read(&c->ssl, out, cap);
    if (n > 0)
        return (size_t)n;
    if (!waits(n))
        end(c, why_ended(c, n));
    return 0;
}

void secure_client_close(struct secure_client *c, bool reset)
{
    if (c->state == SECURE_CLIENT_IDLE)
        return;
    if (c->state == SECURE_CLIENT_OPEN && !reset)
        mbedtls_ssl_close_notify(&c->ssl);
    tcp_client_close(&c->tcp, reset);
    free_session(c);
    c->state = SECURE_CLIENT_IDLE;
}
