// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/secure_client.h"

#include <string.h>

#include "lwip/tcp.h"

#include "fw/net/tls_identity.h"

/* --- TCP --- */

static void on_error(void *arg, err_t err)
{
    struct secure_client *c = arg;

    (void)err;
    c->pcb = NULL; /* lwIP has freed it */
    c->peer_reset = true;
}

/* What is not read yet is never more than the window. */
static err_t on_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    struct secure_client *c = arg;

    (void)pcb;
    (void)err;
    if (!p) {
        c->peer_closed = true;
        return ERR_OK;
    }
    memmove(c->rx, c->rx + c->rx_at, c->rx_len - c->rx_at);
    c->rx_len -= c->rx_at;
    c->rx_at = 0;
    if (p->tot_len > sizeof(c->rx) - c->rx_len)
        return ERR_MEM;
    c->rx_len += pbuf_copy_partial(p, c->rx + c->rx_len, p->tot_len, 0);
    pbuf_free(p);
    return ERR_OK;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
    struct secure_client *c = arg;

    (void)pcb;
    (void)err;
    c->connected = true;
    return ERR_OK;
}

static bool connect_to(struct secure_client *c, uint32_t ip, uint16_t port)
{
    struct tcp_pcb *pcb = tcp_new();
    ip_addr_t to;

    if (!pcb)
        return false;
    c->pcb = pcb;
    tcp_nagle_disable(pcb);
    tcp_arg(pcb, c);
    tcp_err(pcb, on_error);
    tcp_recv(pcb, on_received);
    ip_addr_set_ip4_u32(&to, lwip_htonl(ip));
    if (tcp_connect(pcb, &to, port, on_connected) == ERR_OK)
        return true;
    tcp_abort(pcb);
    c->pcb = NULL;
    return false;
}

static int send_bytes(void *ctx, const unsigned char *bytes, size_t len)
{
    struct secure_client *c = ctx;

    if (!c->pcb)
        return MBEDTLS_ERR_SSL_CONN_EOF;
    if (len > tcp_sndbuf((struct tcp_pcb *)c->pcb))
        len = tcp_sndbuf((struct tcp_pcb *)c->pcb);
    if (len == 0 || tcp_write(c->pcb, bytes, (u16_t)len, TCP_WRITE_FLAG_COPY) != ERR_OK)
        return MBEDTLS_ERR_SSL_WANT_WRITE;
    return (int)len;
}

static int receive_bytes(void *ctx, unsigned char *out, size_t len)
{
    struct secure_client *c = ctx;
    size_t n = c->rx_len - c->rx_at;

    if (n == 0)
        return c->peer_closed || !c->pcb ? 0 : MBEDTLS_ERR_SSL_WANT_READ;
    if (n > len)
        n = len;
    memcpy(out, c->rx + c->rx_at, n);
    c->rx_at += n;
    if (c->pcb)
        tcp_recved(c->pcb, (u16_t)n);
    return (int)n;
}

/* --- TLS --- */

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
    if (configure(c, who) != 0 || !connect_to(c, ip, port)) {
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
    struct tcp_pcb *pcb = c->pcb;

    c->pcb = NULL;
    c->state = SECURE_CLIENT_ENDED;
    c->error = why;
    if (!pcb)
        return;
    tcp_arg(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_recv(pcb, NULL);
    if (tcp_close(pcb) != ERR_OK)
        tcp_abort(pcb);
}

static const char *why_ended(struct secure_client *c, int error)
{
    c->refused = error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE;
    if (c->refused)
        return "the device refuses with a TLS alert";
    if (c->peer_reset)
        return "the device resets the connection";
    if (error == 0 || error == MBEDTLS_ERR_SSL_CONN_EOF ||
        error == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
        return "the device closes the connection";
    return "the TLS session fails";
}

void secure_client_poll(struct secure_client *c)
{
    int error;

    if (c->state == SECURE_CLIENT_CONNECTING && c->connected)
        c->state = SECURE_CLIENT_SHAKING;
    if (c->state == SECURE_CLIENT_CONNECTING && c->peer_reset)
        end(c, "no connection");
    if (c->state == SECURE_CLIENT_SHAKING) {
        error = mbedtls_ssl_handshake(&c->ssl);
        if (error == 0)
            c->state = SECURE_CLIENT_OPEN;
        else if (!waits(error))
            end(c, why_ended(c, error));
    }
    if (c->pcb)
        tcp_output(c->pcb);
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
    if (c->pcb)
        tcp_output(c->pcb);
    return sent;
}

bool secure_client_has_sent(const struct secure_client *c)
{
    const struct tcp_pcb *pcb = c->pcb;

    return !pcb || !pcb->unsent;
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
    struct tcp_pcb *pcb = c->pcb;

    if (c->state == SECURE_CLIENT_IDLE)
        return;
    if (c->state == SECURE_CLIENT_OPEN && !reset)
        mbedtls_ssl_close_notify(&c->ssl);
    if (pcb && reset) {
        tcp_arg(pcb, NULL);
        tcp_err(pcb, NULL);
        tcp_recv(pcb, NULL);
        tcp_abort(pcb);
        c->pcb = NULL;
    } else {
        end(c, NULL);
    }
    free_session(c);
    c->state = SECURE_CLIENT_IDLE;
}
