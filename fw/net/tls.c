#include "fw/net/tls.h"

#include <string.h>

#include <mbedtls/memory_buffer_alloc.h>
#include <mbedtls/platform.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_internal.h>

#include "lwip/priv/tcp_priv.h"

#include "fw/core/status.h"
#include "fw/core/trace.h"
#include "fw/net/tls_chain.h"
#include "fw/net/tls_own.h"

struct tls_session {
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config config;
    struct trust_chain chain; /* the client's; it says no more once the hand-shake goes on */
    bool out_of_memory;       /* while it was read */
    bool trusted;
};

static void trace(const struct tls *t, int event, const char *text, const char *source)
{
    const struct hal_console *console = &t->config.hal->console;

    console->trace(console->ctx, t->net->now_ms, event, t->peer_ip, text, source);
}

void tls_boot(struct tls *t, const struct tls_config *config, struct net *net)
{
    memset(t, 0, sizeof(*t));
    t->config = *config;
    t->net = net;
    mbedtls_memory_buffer_alloc_init(t->memory, sizeof(t->memory));
}

/* --- the connection below --- */

static void forget_pcb(struct tls *t)
{
    struct tcp_pcb *pcb = t->pcb;

    t->pcb = NULL;
    if (!pcb)
        return;
    tcp_arg(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_recv(pcb, NULL);
}

static void forget_received(struct tls *t)
{
    if (t->received)
        pbuf_free(t->received);
    t->received = NULL;
}

static void free_session(struct tls *t)
{
    struct tls_session *s = t->session;

    t->session = NULL;
    if (t->serving) {
        t->serving = false;
        t->config.service.closed(t->config.service.ctx);
    }
    if (!s)
        return;
    mbedtls_ssl_free(&s->ssl);
    mbedtls_ssl_config_free(&s->config);
    mbedtls_free(s);
}

/* No connection is left. */
static void go_idle(struct tls *t)
{
    free_session(t);
    forget_received(t);
    forget_pcb(t);
    t->state = TLS_IDLE;
}

static void reset(struct tls *t)
{
    struct tcp_pcb *pcb = t->pcb;

    go_idle(t);
    if (pcb)
        tcp_abort(pcb);
}

/* Our side is closed behind what was sent. The client may still be talking: a reset now would take
 * our last word from it. */
static void close_gently(struct tls *t)
{
    struct tcp_pcb *pcb = t->pcb;

    free_session(t);
    if (t->received)
        tcp_recved(pcb, ((struct pbuf *)t->received)->tot_len);
    forget_received(t);
    if (t->peer_done) {
        go_idle(t);
        if (tcp_close(pcb) != ERR_OK)
            tcp_abort(pcb);
        return;
    }
    if (tcp_shutdown(pcb, 0, 1) != ERR_OK) {
        reset(t);
        return;
    }
    t->state = TLS_LINGER;
    t->deadline_ms = t->net->now_ms + LIMIT_TLS_LINGER_MS;
}

static void on_error(void *arg, err_t err)
{
    struct tls *t = arg;

    (void)err;
    t->pcb = NULL; /* lwIP has freed it */
    if (t->state == TLS_PREPARING || t->state == TLS_HANDSHAKE)
        trace(t, TRACE_TLS_FAILED, "the client reset the connection", NULL);
    go_idle(t);
}

/* One buffer is kept, and lwIP keeps one more when that is refused: a client that sends byte by
 * byte must not use up the pool. */
static err_t on_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    struct tls *t = arg;

    (void)err;
    if (!p) {
        t->peer_done = true;
        if (t->state == TLS_LINGER)
            go_idle(t); /* lwIP ends it by itself */
        return ERR_OK;
    }
    if (t->state == TLS_LINGER) {
        tcp_recved(pcb, p->tot_len);
        pbuf_free(p);
        return ERR_OK;
    }
    if (t->received)
        return ERR_MEM;
    t->received = p;
    t->read_bytes = 0;
    return ERR_OK;
}

static int read_bytes(void *ctx, unsigned char *out, size_t len)
{
    struct tls *t = ctx;
    struct pbuf *p = t->received;
    uint16_t n;

    if (!p)
        return t->peer_done ? 0 : MBEDTLS_ERR_SSL_WANT_READ;
    n = (uint16_t)(p->tot_len - t->read_bytes);
    if (len < n)
        n = (uint16_t)len;
    pbuf_copy_partial(p, out, n, t->read_bytes);
    t->read_bytes = (uint16_t)(t->read_bytes + n);
    if (t->read_bytes == p->tot_len) {
        tcp_recved(t->pcb, p->tot_len);
        forget_received(t);
    }
    return n;
}

static int write_bytes(void *ctx, const unsigned char *bytes, size_t len)
{
    struct tls *t = ctx;
    size_t room = tcp_sndbuf((struct tcp_pcb *)t->pcb);

    if (len > room)
        len = room;
    if (len == 0 || tcp_write(t->pcb, bytes, (u16_t)len, TCP_WRITE_FLAG_COPY) != ERR_OK)
        return MBEDTLS_ERR_SSL_WANT_WRITE;
    return (int)len;
}

/* Connections of earlier clients may wait for acknowledgements that never come, with bytes in
 * lwIP's small heap that this one needs. */
static void forget_others(const struct tls *t)
{
    const struct tcp_pcb *own = t->pcb;
    struct tcp_pcb *pcb = tcp_active_pcbs, *next;

    for (; pcb; pcb = next) {
        next = pcb->next;
        if (pcb != own && pcb->local_port == own->local_port)
            tcp_abort(pcb);
    }
}

/* --- the client that waits: lwIP keeps what it says --- */

static void on_waiting_error(void *arg, err_t err)
{
    struct tls *t = arg;

    (void)err;
    t->waiting = NULL;
}

static err_t on_waiting_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    struct tls *t = arg;

    (void)err;
    if (p)
        return ERR_MEM;
    t->waiting = NULL;
    tcp_abort(pcb);
    return ERR_ABRT;
}

static void wait_in_line(struct tls *t, struct tcp_pcb *pcb)
{
    t->waiting = pcb;
    tcp_arg(pcb, t);
    tcp_err(pcb, on_waiting_error);
    tcp_recv(pcb, on_waiting_received);
}

static void drop_waiting(struct tls *t)
{
    struct tcp_pcb *pcb = t->waiting;

    t->waiting = NULL;
    if (!pcb)
        return;
    tcp_err(pcb, NULL);
    tcp_abort(pcb);
}

bool tls_take(struct tls *t, void *pcb)
{
    const struct tcp_pcb *p = pcb;

    if (t->use == TLS_USE_OPERATION && t->state == TLS_OPEN && !t->waiting) {
        wait_in_line(t, pcb);
        return true;
    }
    if (t->use == TLS_USE_NONE || (t->state != TLS_IDLE && t->state != TLS_LINGER))
        return false;
    if (t->state == TLS_LINGER)
        reset(t);
    t->pcb = pcb;
    t->peer_ip = lwip_ntohl(ip4_addr_get_u32(ip_2_ip4(&p->remote_ip)));
    t->peer_done = false;
    t->way = TLS_WAY_PKI;
    t->state = TLS_PREPARING;
    tcp_arg(pcb, t);
    tcp_err(pcb, on_error);
    tcp_recv(pcb, on_received);
    return true;
}

/* --- the session --- */

/* mbedTLS has parsed the chain where it came in and is about to forget it. What it found out about
 * the signatures does not count: its rules are not the device's. */
static int look_at(void *ctx, mbedtls_x509_crt *crt, int depth, uint32_t *flags)
{
    struct tls_session *s = ctx;

    (void)flags;
    if (depth == 0)
        s->out_of_memory = !tls_chain_read(crt, &s->chain);
    return 0;
}

static int next_bit(uint32_t bits, bool last)
{
    int found = -1;

    for (int i = 0; i < 3; i++)
        if (bits >> i & 1u && (last || found < 0))
            found = i;
    return found;
}

static void offer(struct tls *t, mbedtls_ssl_config *c)
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
    uint32_t versions = t->config.release->tls_versions.value & FW_TLS_VERSIONS;

    mbedtls_ssl_conf_rng(c, tls_random, (void *)(uintptr_t)&t->config.hal->entropy);
    mbedtls_ssl_conf_ciphersuites(c, t->way == TLS_WAY_PSK ? psk : rsa);
    mbedtls_ssl_conf_sig_hashes(c, hashes);
    mbedtls_ssl_conf_min_version(c, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_1 + next_bit(versions, false));
    mbedtls_ssl_conf_max_version(c, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_1 + next_bit(versions, true));
    /* Whoever presents none, or a wrong one, is refused by judge(), with a reason. */
    mbedtls_ssl_conf_authmode(c, t->way == TLS_WAY_OPEN ? MBEDTLS_SSL_VERIFY_NONE
                                                        : MBEDTLS_SSL_VERIFY_OPTIONAL);
    mbedtls_ssl_conf_verify(c, look_at, t->session);
    mbedtls_ssl_conf_ca_cb(c, tls_chain_ease, NULL);
    mbedtls_ssl_conf_cert_req_ca_list(c, MBEDTLS_SSL_CERT_REQ_CA_LIST_DISABLED);
}

static int open_session(struct tls *t)
{
    const struct settings *settings = t->config.settings;
    struct tls_session *s = mbedtls_calloc(1, sizeof(*s));
    int error;

    if (!s)
        return MBEDTLS_ERR_SSL_ALLOC_FAILED;
    t->session = s;
    mbedtls_ssl_init(&s->ssl);
    mbedtls_ssl_config_init(&s->config);
    error = mbedtls_ssl_config_defaults(&s->config, MBEDTLS_SSL_IS_SERVER,
                                        MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
    offer(t, &s->config);
    if (error == 0 && t->way == TLS_WAY_PSK)
        error = mbedtls_ssl_conf_psk(
            &s->config, (const unsigned char *)settings->secret.pps, strlen(settings->secret.pps),
            (const unsigned char *)settings->secret.pid, strlen(settings->secret.pid));
    else if (error == 0)
        error = mbedtls_ssl_conf_own_cert(&s->config, &t->identity->certificate, &t->identity->key);
    if (error == 0)
        error = mbedtls_ssl_setup(&s->ssl, &s->config);
    mbedtls_ssl_set_bio(&s->ssl, t, write_bytes, read_bytes, NULL);
    return error;
}

/* A high-level error carries a low-level one in its last seven bits. */
static bool out_of_memory(int error)
{
    int high = -error & ~0x7F, low = -error & 0x7F;

    return high == -MBEDTLS_ERR_SSL_ALLOC_FAILED || high == -MBEDTLS_ERR_X509_ALLOC_FAILED ||
           high == -MBEDTLS_ERR_PK_ALLOC_FAILED || high == -MBEDTLS_ERR_MD_ALLOC_FAILED ||
           high == -MBEDTLS_ERR_CIPHER_ALLOC_FAILED || low == -MBEDTLS_ERR_MPI_ALLOC_FAILED ||
           low == -MBEDTLS_ERR_ASN1_ALLOC_FAILED;
}

/* More than mbedTLS has room for: where a certificate is due, it is the chain. */
static bool record_too_long(const mbedtls_ssl_context *ssl)
{
    return (ssl->in_len[0] << 8 | ssl->in_len[1]) > LIMIT_TLS_IN;
}

/* mbedTLS's errors that say who the client is not; state is the step that failed. */
static const char *refusal_of(const struct tls *t, int state, int error)
{
    if (out_of_memory(error))
        return NULL;
    if (error == MBEDTLS_ERR_SSL_UNKNOWN_IDENTITY)
        return "the client's identity is not the PID";
    if (t->way == TLS_WAY_PSK && state == MBEDTLS_SSL_CLIENT_FINISHED &&
        (error == MBEDTLS_ERR_SSL_INVALID_MAC || error == MBEDTLS_ERR_SSL_BAD_HS_FINISHED))
        return "the client's key is not the PPS";
    if (state == MBEDTLS_SSL_CLIENT_CERTIFICATE &&
        (error == MBEDTLS_ERR_X509_FATAL_ERROR || record_too_long(&t->session->ssl)))
        return trust_refusal_text(TRUST_CHAIN_TOO_LONG); /* even for mbedTLS to look at it */
    if (state == MBEDTLS_SSL_CLIENT_CERTIFICATE && -error >= 0x1000 && -error < 0x6000)
        return "a certificate of the client cannot be read";
    if (state == MBEDTLS_SSL_CERTIFICATE_VERIFY && t->session->trusted &&
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

static void fail(struct tls *t, int state, int error)
{
    const char *refusal = refusal_of(t, state, error);
    mbedtls_ssl_context *ssl = &t->session->ssl;

    /* Where mbedTLS leaves the client without an alert. */
    if (refusal && state == MBEDTLS_SSL_CERTIFICATE_VERIFY)
        mbedtls_ssl_send_alert_message(ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL,
                                       MBEDTLS_SSL_ALERT_MSG_DECRYPT_ERROR);
    else if (refusal && record_too_long(ssl))
        mbedtls_ssl_send_alert_message(ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL,
                                       MBEDTLS_SSL_ALERT_MSG_RECORD_OVERFLOW);
    if (refusal)
        trace(t, TRACE_TLS_REFUSED, refusal, NULL);
    else
        trace(t, TRACE_TLS_FAILED, failure_of(error), NULL);
    close_gently(t);
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

/* The client's chain was there, if it has one. False: refused, and the client has been told. */
static bool judge(struct tls *t)
{
    const struct tls_config *c = &t->config;
    struct tls_session *s = t->session;
    struct trust_reference reference = {c->settings->config.pki_suffix,
                                        c->settings->config.server_fqdn, net_option15(t->net),
                                        net_clock_s(t->net)};
    enum trust_refusal refusal;

    if (s->out_of_memory) {
        fail(t, MBEDTLS_SSL_CLIENT_CERTIFICATE, MBEDTLS_ERR_SSL_ALLOC_FAILED);
        return false;
    }
    refusal = trust_check(c->release, c->oem, c->settings, &s->chain, &reference);
    s->trusted = refusal == TRUST_OK;
    if (s->trusted) {
        tls_chain_ease_key(&s->ssl.handshake->peer_pubkey);
        return true;
    }
    trace(t, TRACE_TLS_REFUSED, trust_refusal_text(refusal), tls_chain_source(refusal));
    mbedtls_ssl_send_alert_message(&s->ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL, alert_of(refusal));
    close_gently(t);
    return false;
}

static bool waits(int error)
{
    return error == MBEDTLS_ERR_SSL_WANT_READ || error == MBEDTLS_ERR_SSL_WANT_WRITE;
}

/* The service's side of the session. A record that could not leave is offered again by mbedTLS,
 * which wants to be called with the same bytes: the service does. */
static size_t stream_write(void *ctx, const void *bytes, size_t len)
{
    struct tls *t = ctx;
    size_t done = 0;
    int n = 1;

    while (done < len && n > 0) {
        size_t record = len - done < LIMIT_TLS_OUT ? len - done : LIMIT_TLS_OUT;

        n = mbedtls_ssl_write(&t->session->ssl, (const unsigned char *)bytes + done, record);
        if (n > 0)
            done += (size_t)n;
    }
    t->unwritten = done < len;
    t->broken |= n <= 0 && !waits(n);
    if (done > 0)
        t->deadline_ms = t->net->now_ms + LIMIT_TLS_IDLE_MS;
    t->heard_ms = t->net->now_ms;
    return done;
}

static void stream_close(void *ctx)
{
    struct tls *t = ctx;

    t->serving = false;
    t->closing = true;
}

static void accept(struct tls *t)
{
    const struct stream_service *service = &t->config.service;
    const char *who = t->way == TLS_WAY_PSK   ? t->config.settings->secret.pid
                      : t->way == TLS_WAY_PKI ? t->session->chain.common_name
                                              : NULL;

    trace(t, TRACE_TLS_ACCEPTED, who, NULL);
    t->state = TLS_OPEN;
    t->deadline_ms = t->net->now_ms + LIMIT_TLS_IDLE_MS;
    t->heard_ms = t->net->now_ms;
    t->closing = t->unwritten = t->broken = false;
    t->held_at = t->held_len = 0;
    t->serving = service->opened != NULL;
    if (t->serving)
        service->opened(service->ctx, &(struct stream){t, stream_write, stream_close});
}

static void shake_hands(struct tls *t)
{
    mbedtls_ssl_context *ssl = &t->session->ssl;

    while (ssl->state != MBEDTLS_SSL_HANDSHAKE_OVER) {
        int state = ssl->state, error;

        if (t->way == TLS_WAY_PKI && !t->session->trusted &&
            state == MBEDTLS_SSL_CLIENT_KEY_EXCHANGE && !judge(t))
            return;
        error = mbedtls_ssl_handshake_step(ssl);
        if (waits(error))
            return;
        if (error != 0) {
            fail(t, state, error);
            return;
        }
    }
    accept(t);
}

/* False: nothing more to do before the client or the network has done something. */
static bool pass_on(struct tls *t)
{
    const struct stream_service *service = &t->config.service;
    size_t left = (size_t)(t->held_len - t->held_at), taken = 0;
    int n;

    if (left == 0) {
        n = mbedtls_ssl_read(&t->session->ssl, t->held, sizeof(t->held));
        if (waits(n))
            return false;
        t->broken |= n <= 0;
        if (t->broken)
            return false;
        t->heard_ms = t->net->now_ms;
        t->held_at = 0;
        t->held_len = (uint8_t)n;
        left = (size_t)n;
    }
    if (t->serving)
        taken = service->input(service->ctx, t->held + t->held_at, left);
    else
        t->closing = true;
    t->held_at = (uint8_t)(t->held_at + taken);
    return taken == left;
}

static void serve(struct tls *t)
{
    const struct stream_service *service = &t->config.service;

    if (t->unwritten && t->serving)
        service->writable(service->ctx);
    while (!t->closing && !t->broken && !t->unwritten && pass_on(t))
        ;
    if (!t->closing && !t->broken)
        return;
    mbedtls_ssl_close_notify(&t->session->ssl);
    close_gently(t);
}

static void begin(struct tls *t)
{
    enum credentials credentials = settings_credentials(t->config.settings, t->config.release);
    enum tls_identity_state state = TLS_IDENTITY_READY;

    t->way = t->use == TLS_USE_OPERATION      ? TLS_WAY_OPEN
             : credentials == CREDENTIALS_PSK ? TLS_WAY_PSK
                                              : TLS_WAY_PKI;
    if (t->way == TLS_WAY_PKI && credentials == CREDENTIALS_NONE) {
        trace(t, TRACE_TLS_REFUSED, "neither a PSK nor remote configuration", NULL);
        reset(t);
        return;
    }
    if (t->way != TLS_WAY_PSK)
        state = tls_own_prepare(t);
    if (state == TLS_IDENTITY_BUSY)
        return;
    if (state == TLS_IDENTITY_FAILED || open_session(t) != 0) {
        trace(t, TRACE_TLS_FAILED, "out of memory, or the stored certificate cannot be read", NULL);
        reset(t);
        return;
    }
    forget_others(t);
    t->state = TLS_HANDSHAKE;
    t->deadline_ms = t->net->now_ms + LIMIT_TLS_HANDSHAKE_MS;
}

static void run_out(struct tls *t)
{
    if (t->state == TLS_OPEN) {
        mbedtls_ssl_close_notify(&t->session->ssl);
        close_gently(t);
        return;
    }
    if (t->state == TLS_HANDSHAKE)
        trace(t, TRACE_TLS_FAILED, "no hand-shake in time", NULL);
    reset(t);
}

/* What lwIP kept while we had a buffer. False: nothing new has come in. */
static bool take_kept(struct tls *t)
{
    struct tcp_pcb *pcb = t->pcb;

    if (!pcb || !pcb->refused_data || t->received || t->state == TLS_PREPARING)
        return false;
    tcp_process_refused_data(pcb);
    return t->received != NULL;
}

/* When the present state has had its time. */
static uint64_t end_ms(const struct tls *t)
{
    uint64_t silent_ms = t->heard_ms + LIMIT_TLS_SILENT_MS;

    return t->state == TLS_OPEN && t->waiting && silent_ms < t->deadline_ms ? silent_ms
                                                                            : t->deadline_ms;
}

/* The one that waits is next, when the one before it has all that was for it. */
static void take_next(struct tls *t)
{
    struct tcp_pcb *pcb = t->waiting;

    t->waiting = NULL;
    if (pcb && !tls_take(t, pcb)) {
        tcp_err(pcb, NULL);
        tcp_abort(pcb);
    }
}

void tls_poll(struct tls *t)
{
    if (t->state != TLS_IDLE && t->state != TLS_PREPARING && t->net->now_ms >= end_ms(t))
        run_out(t);
    if (t->state == TLS_IDLE)
        take_next(t);
    if (t->state == TLS_IDLE)
        return;
    if (t->state == TLS_PREPARING)
        begin(t);
    do {
        if (t->state == TLS_HANDSHAKE)
            shake_hands(t);
        if (t->state == TLS_OPEN)
            serve(t);
    } while (take_kept(t));
    if (t->pcb)
        tcp_output(t->pcb);
}

uint64_t tls_next_ms(const struct tls *t)
{
    if (t->state == TLS_IDLE)
        return t->waiting ? t->net->now_ms : UINT64_MAX;
    return t->state == TLS_PREPARING ? t->net->now_ms : end_ms(t);
}

void tls_drop(struct tls *t)
{
    drop_waiting(t);
    if (t->state != TLS_IDLE)
        reset(t);
}

void tls_allow(struct tls *t, enum tls_use use)
{
    if (use == TLS_USE_NONE)
        tls_drop(t);
    t->use = use;
}

/* A session that is open has no use for its identity any more. */
void tls_drop_hand_shake(struct tls *t)
{
    if (t->state == TLS_PREPARING || t->state == TLS_HANDSHAKE)
        tls_drop(t);
}
