// SPDX-License-Identifier: BSD-3-Clause
/* The hand-shake: what the device offers, and who of the clients is let in. */
#include <string.h>

#include <mbedtls/platform.h>
#include <mbedtls/ssl_internal.h>

#include "fw/core/trace.h"
#include "fw/core/trust.h"
#include "fw/net/tls_chain.h"
#include "fw/net/tls_identity.h"
#include "fw/net/tls_internal.h"

void tls_trace(const struct tls_link *l, int event, const char *text, const char *source)
{
    const struct hal_trace *sink = &l->tls->config.hal->trace;

    sink->record(sink->ctx, net_now_ms(l->tls->net), event, l->peer_ip, text, source);
}

void tls_trace_stranger(struct tls_link *l, int event, const char *text, const char *source)
{
    char before[QUOTA_TEXT];
    bool said = quota_take(&l->tls->quota, net_now_ms(l->tls->net), before);

    if (before[0])
        tls_trace(l, TRACE_TLS_FAILED, before, NULL);
    if (said)
        tls_trace(l, event, text, source);
}

/* Called while mbedTLS still has the parsed chain. mbedTLS's own verdict does not count: its rules
 * are not the device's. */
static int keep_chain(void *ctx, mbedtls_x509_crt *crt, int depth, uint32_t *flags)
{
    struct tls_session *s = ctx;

    (void)flags;
    if (depth == 0)
        s->out_of_memory = !tls_chain_read(crt, &s->chain);
    return 0;
}

static int end_bit(uint32_t bits, bool last)
{
    int found = -1;

    for (int i = 0; i < 3; i++)
        if (bits >> i & 1u && (last || found < 0))
            found = i;
    return found;
}

static void configure_offer(struct tls_link *l, mbedtls_ssl_config *c)
{
    static const int psk[] = {MBEDTLS_TLS_PSK_WITH_AES_128_CBC_SHA, 0};
    static const int rsa[] = {MBEDTLS_TLS_RSA_WITH_AES_256_GCM_SHA384,
                              MBEDTLS_TLS_RSA_WITH_AES_128_GCM_SHA256,
                              MBEDTLS_TLS_RSA_WITH_AES_256_CBC_SHA256,
                              MBEDTLS_TLS_RSA_WITH_AES_128_CBC_SHA256,
                              MBEDTLS_TLS_RSA_WITH_AES_256_CBC_SHA,
                              MBEDTLS_TLS_RSA_WITH_AES_128_CBC_SHA,
                              0};
    static const int hashes[] = {MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA1,
                                 MBEDTLS_MD_NONE};
    uint32_t versions = l->tls->config.release->tls_versions.value & FW_TLS_VERSIONS;

    mbedtls_ssl_conf_rng(c, tls_random, (void *)(uintptr_t)&l->tls->net->entropy);
    mbedtls_ssl_conf_ciphersuites(c, l->auth == TLS_AUTH_PSK ? psk : rsa);
    mbedtls_ssl_conf_sig_hashes(c, hashes);
    mbedtls_ssl_conf_min_version(c, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_1 + end_bit(versions, false));
    mbedtls_ssl_conf_max_version(c, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_1 + end_bit(versions, true));
    /* A client with no certificate, or a wrong one, is refused by check_client(), with a reason. */
    mbedtls_ssl_conf_authmode(c, l->auth == TLS_AUTH_SERVER ? MBEDTLS_SSL_VERIFY_NONE
                                                            : MBEDTLS_SSL_VERIFY_OPTIONAL);
    mbedtls_ssl_conf_verify(c, keep_chain, l->session);
    mbedtls_ssl_conf_ca_cb(c, tls_chain_precompute_signer, NULL);
    mbedtls_ssl_conf_cert_req_ca_list(c, MBEDTLS_SSL_CERT_REQ_CA_LIST_DISABLED);
}

int tls_open_session(struct tls_link *l, mbedtls_ssl_send_t *send, mbedtls_ssl_recv_t *receive)
{
    const struct settings *settings = l->tls->config.settings;
    struct tls_session *s = mbedtls_calloc(1, sizeof(*s));
    int error;

    if (!s)
        return MBEDTLS_ERR_SSL_ALLOC_FAILED;
    l->session = s;
    mbedtls_ssl_init(&s->ssl);
    mbedtls_ssl_config_init(&s->config);
    error = mbedtls_ssl_config_defaults(&s->config, MBEDTLS_SSL_IS_SERVER,
                                        MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
    configure_offer(l, &s->config);
    if (error == 0 && l->auth == TLS_AUTH_PSK)
        error = mbedtls_ssl_conf_psk(
            &s->config, (const unsigned char *)settings->secret.pps, strlen(settings->secret.pps),
            (const unsigned char *)settings->secret.pid, strlen(settings->secret.pid));
    else if (error == 0)
        error = mbedtls_ssl_conf_own_cert(&s->config, &l->tls->keys.identity->certificate,
                                          &l->tls->keys.identity->key);
    if (error == 0)
        error = mbedtls_ssl_setup(&s->ssl, &s->config);
    mbedtls_ssl_set_bio(&s->ssl, l, send, receive, NULL);
    return error;
}

/* A high-level error holds a low-level one in its last seven bits. */
static bool out_of_memory(int error)
{
    int high = -error & ~0x7F, low = -error & 0x7F;

    return high == -MBEDTLS_ERR_SSL_ALLOC_FAILED || high == -MBEDTLS_ERR_X509_ALLOC_FAILED ||
           high == -MBEDTLS_ERR_PK_ALLOC_FAILED || high == -MBEDTLS_ERR_MD_ALLOC_FAILED ||
           high == -MBEDTLS_ERR_CIPHER_ALLOC_FAILED || low == -MBEDTLS_ERR_MPI_ALLOC_FAILED ||
           low == -MBEDTLS_ERR_ASN1_ALLOC_FAILED;
}

/* A record of more bytes than mbedTLS has room for; where a certificate is due, it is the chain. */
static bool record_too_long(const mbedtls_ssl_context *ssl)
{
    return (ssl->in_len[0] << 8 | ssl->in_len[1]) > LIMIT_TLS_IN;
}

/* Why the client is refused, for errors of mbedTLS's that mean that; state is the step that failed.
 * NULL: the hand-shake has failed for another reason. */
static const char *refusal_of(const struct tls_link *l, int state, int error)
{
    if (out_of_memory(error))
        return NULL;
    if (error == MBEDTLS_ERR_SSL_UNKNOWN_IDENTITY)
        return "the client's identity is not the PID";
    if (l->auth == TLS_AUTH_PSK && state == MBEDTLS_SSL_CLIENT_FINISHED &&
        (error == MBEDTLS_ERR_SSL_INVALID_MAC || error == MBEDTLS_ERR_SSL_BAD_HS_FINISHED))
        return "the client's key is not the PPS";
    if (state == MBEDTLS_SSL_CLIENT_CERTIFICATE &&
        (error == MBEDTLS_ERR_X509_FATAL_ERROR || record_too_long(&l->session->ssl)))
        return trust_refusal_text(TRUST_CHAIN_TOO_LONG); /* too long even for mbedTLS to look at */
    if (state == MBEDTLS_SSL_CLIENT_CERTIFICATE && -error >= 0x1000 && -error < 0x6000)
        return "a certificate of the client cannot be read";
    if (state == MBEDTLS_SSL_CERTIFICATE_VERIFY && l->session->trusted &&
        error != MBEDTLS_ERR_SSL_CONN_EOF && error != MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE)
        return "the client does not hold the key of its certificate";
    return NULL;
}

static const char *failure_of(int error)
{
    if (out_of_memory(error))
        return "out of memory";
    switch (error) {
    case MBEDTLS_ERR_SSL_CONN_EOF:
        return "the client closed the connection";
    case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE:
        return "the client sent an alert";
    case MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION:
        return "no TLS version in common";
    case MBEDTLS_ERR_SSL_NO_CIPHER_CHOSEN:
    case MBEDTLS_ERR_SSL_NO_USABLE_CIPHERSUITE:
        return "no cipher suite in common";
    default:
        return "not a TLS hand-shake";
    }
}

static void handshake_failed(struct tls_link *l, int state, int error)
{
    const char *refusal = refusal_of(l, state, error);
    mbedtls_ssl_context *ssl = &l->session->ssl;

    /* mbedTLS sends the client no alert in these cases. */
    if (refusal && state == MBEDTLS_SSL_CERTIFICATE_VERIFY)
        mbedtls_ssl_send_alert_message(ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL,
                                       MBEDTLS_SSL_ALERT_MSG_DECRYPT_ERROR);
    else if (refusal && record_too_long(ssl))
        mbedtls_ssl_send_alert_message(ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL,
                                       MBEDTLS_SSL_ALERT_MSG_RECORD_OVERFLOW);
    if (refusal)
        tls_trace_stranger(l, TRACE_TLS_REFUSED, refusal, NULL);
    else
        tls_trace_stranger(l, TRACE_TLS_FAILED, failure_of(error), NULL);
}

static uint8_t alert_of(enum trust_refusal refusal)
{
    switch (refusal) {
    case TRUST_NO_CERTIFICATE:
        return MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE;
    case TRUST_NO_ROOT:
        return MBEDTLS_SSL_ALERT_MSG_UNKNOWN_CA;
    case TRUST_EXTENSION:
    case TRUST_CONSTRAINT_UNREAD:
    case TRUST_NO_PURPOSE:
    case TRUST_NO_SERVER_AUTH:
        return MBEDTLS_SSL_ALERT_MSG_UNSUPPORTED_CERT;
    case TRUST_NOT_YET_VALID:
    case TRUST_EXPIRED:
        return MBEDTLS_SSL_ALERT_MSG_CERT_EXPIRED;
    default:
        return MBEDTLS_SSL_ALERT_MSG_BAD_CERT;
    }
}

/* The client's chain, if it has one, has been read. False: the client is refused and has been sent
 * an alert. */
static bool check_client(struct tls_link *l)
{
    const struct tls_config *c = &l->tls->config;
    struct tls_session *s = l->session;
    struct trust_reference reference = {c->settings->config.pki_suffix,
                                        c->settings->config.server_fqdn, net_option15(l->tls->net),
                                        c->clock_s ? c->clock_s(c->ctx) : 0};
    enum trust_refusal refusal;

    if (s->out_of_memory) {
        handshake_failed(l, MBEDTLS_SSL_CLIENT_CERTIFICATE, MBEDTLS_ERR_SSL_ALLOC_FAILED);
        return false;
    }
    refusal = trust_check(c->release, c->oem, c->settings, &s->chain, &reference);
    s->trusted = refusal == TRUST_OK;
    if (s->trusted) {
        tls_chain_precompute_key(&s->ssl.handshake->peer_pubkey);
        return true;
    }
    tls_trace_stranger(l, TRACE_TLS_REFUSED, trust_refusal_text(refusal),
                       tls_chain_source(refusal));
    mbedtls_ssl_send_alert_message(&s->ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL, alert_of(refusal));
    return false;
}

bool tls_would_block(int error)
{
    return error == MBEDTLS_ERR_SSL_WANT_READ || error == MBEDTLS_ERR_SSL_WANT_WRITE;
}

enum tls_handshake tls_handshake(struct tls_link *l)
{
    mbedtls_ssl_context *ssl = &l->session->ssl;

    while (ssl->state != MBEDTLS_SSL_HANDSHAKE_OVER) {
        int state = ssl->state, error;

        if (l->auth == TLS_AUTH_PKI && !l->session->trusted &&
            state == MBEDTLS_SSL_CLIENT_KEY_EXCHANGE && !check_client(l))
            return TLS_HANDSHAKE_FAILED;
        error = mbedtls_ssl_handshake_step(ssl);
        if (ssl->state != state)
            l->tls->net->ports.turns.worked = true;
        if (tls_would_block(error))
            return TLS_HANDSHAKE_WAITS;
        if (error != 0) {
            handshake_failed(l, state, error);
            return TLS_HANDSHAKE_FAILED;
        }
    }
    return TLS_HANDSHAKE_DONE;
}
