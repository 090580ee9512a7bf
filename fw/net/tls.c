// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/tls.h"

#include <string.h>

#include <mbedtls/memory_buffer_alloc.h>
#include <mbedtls/platform.h>
#include <mbedtls/ssl.h>

#include "fw/core/bytes.h"
#include "fw/core/trace.h"
#include "fw/net/tls_identity.h"
#include "fw/net/tls_internal.h"

/* --- the connection below --- */

static int read_bytes(void *ctx, unsigned char *out, size_t len)
{
    struct tls_link *l = ctx;
    const uint8_t *bytes;
    size_t n = connection_bytes(l->connection, &bytes);

    if (n == 0)
        return l->connection->peer_finished || !l->connection->pcb ? 0 : MBEDTLS_ERR_SSL_WANT_READ;
    if (len < n)
        n = len;
    memcpy(out, bytes, n);
    turns_consume(&l->tls->net->ports.turns, l->connection, n);
    connection_release(l->connection);
    return (int)n;
}

static int write_bytes(void *ctx, const unsigned char *bytes, size_t len)
{
    struct tls_link *l = ctx;
    size_t n = turns_write(&l->tls->net->ports.turns, l->connection, bytes, len);

    return n > 0 ? (int)n : MBEDTLS_ERR_SSL_WANT_WRITE;
}

static void leave_service(struct tls_link *l)
{
    if (l->serving) {
        l->serving = false;
        l->service->closed(l->client);
    }
}

static void free_session(struct tls_link *l)
{
    struct tls_session *s = l->session;

    l->session = NULL;
    leave_service(l);
    if (!s)
        return;
    mbedtls_ssl_free(&s->ssl);
    mbedtls_ssl_config_free(&s->config);
    mbedtls_free(s);
}

/* --- the session --- */

/* The service's stream. A record that could not leave is sent again by mbedTLS, which requires a
 * call with the same bytes: the service makes it. */
static size_t stream_write(void *ctx, const void *bytes, size_t len)
{
    struct tls_link *l = ctx;
    size_t done = 0;
    int n = 1;

    while (done < len && n > 0) {
        size_t record = len - done < LIMIT_TLS_OUT ? len - done : LIMIT_TLS_OUT;

        n = mbedtls_ssl_write(&l->session->ssl, (const unsigned char *)bytes + done, record);
        if (n > 0)
            done += (size_t)n;
    }
    l->unwritten = done < len;
    l->broken |= n <= 0 && !tls_would_block(n);
    return done;
}

static void stream_close(void *ctx)
{
    struct tls_link *l = ctx;

    l->serving = false;
    l->closing = true;
}

static void stream_password_checked(void *ctx, enum password_result result)
{
    turns_password_checked(&((struct tls_link *)ctx)->tls->net->ports.turns, result);
}

static enum admission admission_of(enum tls_auth auth)
{
    return auth == TLS_AUTH_PSK   ? ADMITTED_PSK
           : auth == TLS_AUTH_PKI ? ADMITTED_CHAIN
                                  : ADMITTED_OPEN;
}

/* A turn of an open session begins. */
static void serve(struct tls_link *l)
{
    if (!l->service->opened)
        return;
    l->client = l->service->opened(l->service->ctx,
                                   &(struct stream){l, l->connection->kept, stream_write,
                                                    stream_close, stream_password_checked, true},
                                   admission_of(l->auth));
    l->serving = l->client != NULL;
}

static void begin_service(struct tls_link *l)
{
    const char *who = l->auth == TLS_AUTH_PSK   ? l->tls->config.settings->secret.pid
                      : l->auth == TLS_AUTH_PKI ? l->session->chain.common_name
                                                : NULL;

    tls_trace(l, TRACE_TLS_ACCEPTED, who, NULL);
    l->state = TLS_OPEN;
    serve(l);
}

/* False: the hand-shake has failed. */
static bool continue_handshake(struct tls_link *l)
{
    switch (tls_handshake(l)) {
    case TLS_HANDSHAKE_DONE:
        begin_service(l);
        return true;
    case TLS_HANDSHAKE_WAITS:
        return true;
    default:
        return false;
    }
}

/* Decrypts the next bytes for the service. False: none have arrived. */
static bool decrypt(struct tls_link *l)
{
    int n;

    if (l->held_at < l->held_len)
        return true;
    n = mbedtls_ssl_read(&l->session->ssl, l->held, sizeof(l->held));
    if (tls_would_block(n))
        return false;
    l->broken |= n <= 0;
    if (l->broken)
        return false;
    l->held_at = 0;
    l->held_len = (uint8_t)n;
    return true;
}

static enum turn_stage stage_of(struct tls_link *l)
{
    const struct stream_service *service = l->service;
    uint64_t until_ms = 0;

    switch (service->state(l->client, &until_ms)) {
    case STREAM_BETWEEN_REQUESTS:
        return TURN_BETWEEN_REQUESTS;
    case STREAM_ANSWER_WAITS:
        l->tls->net->ports.turns.answer_ms = until_ms;
        return TURN_ANSWER_WAITS;
    case STREAM_BESIDE:
        return TURN_BESIDE;
    default:
        return TURN_REQUEST;
    }
}

static enum turn_stage close_session(struct tls_link *l)
{
    mbedtls_ssl_close_notify(&l->session->ssl);
    return TURN_OVER;
}

/* Serves request after request; stops after a reply that is the connection's last. */
static enum turn_stage serve_session(struct tls_link *l)
{
    const struct stream_service *service = l->service;
    enum turn_stage stage = TURN_BETWEEN_REQUESTS;
    size_t taken = 1;

    if (l->unwritten)
        service->writable(l->client);
    else if (l->serving && stage_of(l) == TURN_ANSWER_WAITS)
        service->input(l->client, l->held + l->held_at,
                       0); /* the waiting answer is checked without further bytes */
    while (!l->closing && !l->broken && !l->unwritten && taken > 0 &&
           !(l->tls->net->ports.turns.last_reply && stage_of(l) == TURN_BETWEEN_REQUESTS) &&
           decrypt(l)) {
        if (!l->serving)
            return close_session(l);
        taken = service->input(l->client, l->held + l->held_at, (size_t)(l->held_len - l->held_at));
        l->held_at = (uint8_t)(l->held_at + taken);
    }
    if (l->serving)
        stage = stage_of(l);
    return l->closing || l->broken ? close_session(l) : stage;
}

/* Prepares the hand-shake. TURN_NONE: it can begin. */
static enum turn_stage prepare(struct tls_link *l)
{
    enum credentials credentials =
        settings_credentials(l->tls->config.settings, l->tls->config.release);
    int state = TLS_IDENTITY_READY; /* enum tls_identity_state */

    l->auth = l->tls->net->ports.policy == ACCESS_OPERATION_TLS ? TLS_AUTH_SERVER
              : credentials == CREDENTIALS_PSK                  ? TLS_AUTH_PSK
                                                                : TLS_AUTH_PKI;
    if (l->auth == TLS_AUTH_PKI && credentials == CREDENTIALS_NONE) {
        tls_trace_stranger(l, TRACE_TLS_REFUSED, "neither a PSK nor remote configuration", NULL);
        return TURN_BROKEN;
    }
    if (l->auth != TLS_AUTH_PSK)
        state = tls_keys_prepare(&l->tls->keys);
    if (state == TLS_IDENTITY_BUSY)
        return TURN_PREPARING;
    if (state == TLS_IDENTITY_FAILED || tls_open_session(l, write_bytes, read_bytes) != 0) {
        tls_trace_stranger(l, TRACE_TLS_FAILED,
                           "out of memory, or the stored certificate cannot be read", NULL);
        return TURN_BROKEN;
    }
    l->state = TLS_HANDSHAKE;
    return TURN_NONE;
}

/* --- the turn --- */

/* A client's first record, or something that is none. */
static bool is_whole(const uint8_t *bytes, size_t len)
{
    enum { HANDSHAKE = 22, HEAD = 5 };

    if (bytes[0] != HANDSHAKE)
        return true;
    return len >= HEAD && len >= (size_t)HEAD + get_be16(bytes + 3);
}

/* The connection's link, or NULL. */
static struct tls_link *link_of(struct tls *t, const struct connection *connection)
{
    for (int i = 0; i < LIMIT_TLS_SESSIONS; i++)
        if (t->link[i].connection == connection)
            return &t->link[i];
    return NULL;
}

static bool has_room(void *ctx, const struct connection *connection)
{
    struct tls *t = ((struct tls_port *)ctx)->tls;

    return link_of(t, connection) || link_of(t, NULL);
}

static void begin(void *ctx, struct connection *connection)
{
    const struct tls_port *port = ctx;
    struct tls *t = port->tls;
    struct tls_link *l = link_of(t, connection);

    if (l) {
        t->served = l;
        serve(l);
        return;
    }
    for (l = t->link; l->connection && l < t->link + LIMIT_TLS_SESSIONS - 1; l++)
        ; /* has_room() has found a free one */
    t->served = l;
    *l = (struct tls_link){.tls = t,
                           .service = port->service,
                           .connection = connection,
                           .peer_ip = connection->peer_ip,
                           .state = TLS_PREPARING};
}

static bool in_handshake(const struct tls_link *l)
{
    return l->state == TLS_PREPARING || l->state == TLS_HANDSHAKE;
}

static enum turn_stage proceed(void *ctx)
{
    struct tls_link *l = ((struct tls_port *)ctx)->tls->served;
    enum turn_stage stage;

    if (in_handshake(l) && !l->connection->pcb) {
        tls_trace_stranger(l, TRACE_TLS_FAILED, "the client reset the connection", NULL);
        return TURN_BROKEN;
    }
    if (l->state == TLS_BROKEN || !l->connection->pcb)
        return TURN_BROKEN;
    if (l->state == TLS_PREPARING) {
        stage = prepare(l);
        if (stage != TURN_NONE)
            return stage;
    }
    if (l->state == TLS_HANDSHAKE && !continue_handshake(l))
        return TURN_OVER;
    return l->state == TLS_HANDSHAKE ? TURN_HANDSHAKE : serve_session(l);
}

/* In set-up a session keeps its turn until it ends. Nothing of the next request may have been
 * decrypted, or it would not be known to wait. */
static bool may_pause(void *ctx)
{
    const struct tls_link *l = ((struct tls_port *)ctx)->tls->served;
    const struct stream_service *service = l->service;
    uint64_t until_ms;

    return LIMIT_TLS_SESSIONS > 1 && l->state == TLS_OPEN && l->auth == TLS_AUTH_SERVER &&
           l->connection->authenticated && l->serving &&
           service->state(l->client, &until_ms) == STREAM_BETWEEN_REQUESTS &&
           l->held_at == l->held_len && !mbedtls_ssl_check_pending(&l->session->ssl);
}

static bool time_up(void *ctx, struct connection *connection)
{
    struct tls_link *l = link_of(((struct tls_port *)ctx)->tls, connection);

    if (!l)
        return false;
    if (l->state == TLS_OPEN) {
        mbedtls_ssl_close_notify(&l->session->ssl);
        return true;
    }
    if (in_handshake(l))
        tls_trace_stranger(l, TRACE_TLS_FAILED, "no hand-shake in time", NULL);
    return false;
}

static void free_link(struct tls_link *l)
{
    bool key_in_use = l->state == TLS_HANDSHAKE && l->session && l->tls->keys.identity &&
                      l->auth != TLS_AUTH_PSK &&
                      l->session->ssl.state >= MBEDTLS_SSL_CLIENT_KEY_EXCHANGE;

    if (l->closing)
        l->serving = false; /* the service closed it itself */
    free_session(l);
    if (key_in_use)
        tls_identity_mend(l->tls->keys.identity);
    l->connection = NULL;
    l->state = TLS_IDLE;
}

static void end(void *ctx, enum turn_end how)
{
    struct tls *t = ((struct tls_port *)ctx)->tls;
    struct tls_link *l = t->served;

    t->served = NULL;
    if (how == TURN_PAUSES)
        leave_service(l);
    else if (how == TURN_ENDS)
        free_link(l);
}

static enum turn_stage proceed_beside(void *ctx, struct connection *connection, uint64_t *next_ms)
{
    struct tls_link *l = link_of(((struct tls_port *)ctx)->tls, connection);
    enum turn_stage stage;

    if (!l || !l->serving || !connection->pcb)
        return TURN_BROKEN;
    l->service->input(l->client, NULL, 0); /* what has become due */
    stage = serve_session(l);
    if (stage == TURN_BESIDE)
        l->service->state(l->client, next_ms);
    return stage;
}

static void gone(void *ctx, const struct connection *connection)
{
    struct tls_link *l = link_of(((struct tls_port *)ctx)->tls, connection);

    if (l)
        free_link(l);
}

/* An open session no longer needs the device's key; only the one that has the turn can be in its
 * hand-shake. */
static void drop_handshake(struct tls *t)
{
    if (!t->served || !in_handshake(t->served))
        return;
    free_session(t->served);
    t->served->state = TLS_BROKEN;
}

void tls_commit_keys(struct tls *t)
{
    if (tls_keys_commit_replaces(&t->keys))
        drop_handshake(t);
    tls_keys_commit(&t->keys);
}

void tls_forget_keys(struct tls *t)
{
    drop_handshake(t);
    tls_keys_forget(&t->keys);
}

static void open_port(struct tls *t, uint8_t which, const struct stream_service *service,
                      uint16_t number)
{
    struct tls_port *port = &t->port[which];

    *port = (struct tls_port){
        t,
        {port, is_whole, has_room, begin, proceed, may_pause, time_up, end, gone, proceed_beside},
        service};
    net_set_carrier(t->net, number, &port->carrier);
}

void tls_boot(struct tls *t, const struct tls_config *config, struct net *net)
{
    memset(t, 0, sizeof(*t));
    t->config = *config;
    t->keys = (struct tls_keys){.release = config->release,
                                .shipped = config->shipped,
                                .settings = config->settings,
                                .entropy = &net->entropy,
                                .load_stored = config->load_stored,
                                .ctx = config->ctx};
    t->net = net;
    open_port(t, 0, &t->config.service, TLS_PORT);
#if FW_MACHINE
    if (t->config.redirect.opened)
        open_port(t, 1, &t->config.redirect, TLS_REDIRECT_PORT);
#endif
    mbedtls_memory_buffer_alloc_init(t->memory, sizeof(t->memory));
}
