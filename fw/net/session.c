#include "fw/net/session.h"

#include <string.h>

#include "lwip/tcp.h"

/* One pbuf of a connection is held here and one is kept by lwIP, which drops what comes behind it:
 * all connections together leave frames in the pool for everything else. */

#define POLL_TICKS 2   /* lwIP's, of half a second */
#define LINGER_TICKS 4 /* for the peer's FIN after ours */

static void serve_next(struct net_session *s);

static void detach(struct tcp_pcb *pcb)
{
    tcp_arg(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_sent(pcb, NULL);
    tcp_poll(pcb, NULL, 0);
}

static void drop_held(struct net_connection *c)
{
    if (c->held)
        pbuf_free(c->held);
    c->held = NULL;
    c->held_at = 0;
}

/* The connection's place is free. The service is told unless it has closed it itself. */
static void forget(struct net_connection *c)
{
    struct net_session *s = c->session;

    drop_held(c);
    c->pcb = NULL;
    if (s->served != c)
        return;
    s->served = NULL;
    if (!c->closing)
        s->service.closed(s->service.ctx);
}

static err_t on_lingering(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    (void)arg;
    (void)err;
    if (p) {
        tcp_recved(pcb, p->tot_len);
        pbuf_free(p);
        return ERR_OK;
    }
    detach(pcb);
    if (tcp_close(pcb) == ERR_OK)
        return ERR_OK;
    tcp_abort(pcb);
    return ERR_ABRT;
}

static err_t on_lingered(void *arg, struct tcp_pcb *pcb)
{
    (void)arg;
    detach(pcb);
    tcp_abort(pcb);
    return ERR_ABRT;
}

/* The FIN leaves behind what was written. Bytes that still come are taken and thrown away for a
 * moment: a reset in answer to them could overtake the reply. Whoever needs the pcb may have it. */
static err_t linger(struct tcp_pcb *pcb, bool peer_closed)
{
    err_t err;

    detach(pcb);
    tcp_setprio(pcb, TCP_PRIO_MIN);
    if (peer_closed) {
        err = tcp_close(pcb);
    } else {
        tcp_recv(pcb, on_lingering);
        tcp_poll(pcb, on_lingered, LINGER_TICKS);
        err = tcp_shutdown(pcb, 0, 1);
    }
    if (err == ERR_OK)
        return ERR_OK;
    detach(pcb);
    tcp_abort(pcb);
    return ERR_ABRT;
}

/* Offers what is held to the service. */
static void pump(struct net_connection *c)
{
    struct net_session *s = c->session;

    while (c->held && !c->closing) {
        struct pbuf *p = c->held;
        uint16_t len = (uint16_t)(p->len - c->held_at), n;

        n = (uint16_t)s->service.input(s->service.ctx, (uint8_t *)p->payload + c->held_at, len);
        tcp_recved(c->pcb, n);
        c->held_at = (uint16_t)(c->held_at + n);
        if (n < len)
            return;
        c->held = p->next;
        c->held_at = 0;
        if (p->next)
            pbuf_ref(p->next);
        pbuf_free(p);
    }
}

/* At the end of each of lwIP's callbacks: what has ended is let go, the next one is served. */
static err_t settle(struct net_connection *c)
{
    struct net_session *s = c->session;
    struct tcp_pcb *pcb = c->pcb;
    bool peer_closed = c->peer_closed;

    /* Who only says that nothing more will come still gets its replies. */
    if (!c->closing && !(peer_closed && !c->held && !c->unwritten))
        return ERR_OK;
    for (struct pbuf *p = c->held; p; p = p->next) {
        tcp_recved(pcb, (u16_t)(p->len - c->held_at)); /* or closing would be a reset */
        c->held_at = 0;
    }
    forget(c);
    serve_next(s);
    return linger(pcb, peer_closed);
}

static err_t on_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    struct net_connection *c = arg;

    (void)pcb;
    (void)err;
    if (!p) {
        c->peer_closed = true;
        return settle(c);
    }
    if (c->session->served != c || c->held)
        return ERR_MEM; /* lwIP offers it again */
    c->held = p;
    c->held_at = 0;
    pump(c);
    return settle(c);
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
    struct net_connection *c = arg;

    (void)pcb;
    (void)len;
    if (c->session->served == c) {
        c->session->service.writable(c->session->service.ctx);
        pump(c);
    }
    return settle(c);
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
    struct net_connection *c = arg;
    struct net_session *s = c->session;

    if (s->served != c)
        return ERR_OK;
    if (*s->now_ms < s->deadline_ms)
        return on_sent(arg, pcb, 0); /* lwIP may have memory again */
    forget(c);
    serve_next(s);
    detach(pcb);
    tcp_abort(pcb);
    return ERR_ABRT;
}

/* lwIP has freed the pcb. */
static void on_error(void *arg, err_t err)
{
    struct net_connection *c = arg;

    (void)err;
    forget(c);
    serve_next(c->session);
}

static size_t stream_write(void *ctx, const void *bytes, size_t len)
{
    struct net_connection *c = ctx;
    size_t room = tcp_sndbuf((struct tcp_pcb *)c->pcb), wanted = len;

    if (len > room)
        len = room;
    /* Where lwIP has no memory for all of it, it may have some for a part. */
    while (len > 0 && tcp_write(c->pcb, bytes, (u16_t)len, TCP_WRITE_FLAG_COPY) != ERR_OK)
        len /= 2;
    c->unwritten = len < wanted;
    if (len > 0)
        c->session->deadline_ms = *c->session->now_ms + LIMIT_MANAGE_IDLE_MS;
    return len;
}

static void stream_close(void *ctx)
{
    struct net_connection *c = ctx;

    c->closing = true;
}

/* What the next one has sent meanwhile lwIP offers again within a quarter of a second. */
static void serve_next(struct net_session *s)
{
    struct net_connection *next = NULL;

    if (s->served)
        return;
    for (int i = 0; i < SESSION_CONNECTIONS; i++) {
        struct net_connection *c = &s->connection[i];

        if (c->pcb && (!next || (int32_t)(c->order - next->order) < 0))
            next = c;
    }
    if (!next)
        return;
    s->served = next;
    s->deadline_ms = *s->now_ms + LIMIT_MANAGE_IDLE_MS;
    s->service.opened(s->service.ctx, &(struct stream){next, stream_write, stream_close});
}

int session_accept(struct net_session *s, void *accepted)
{
    struct tcp_pcb *pcb = accepted;

    for (int i = 0; s->service.input && i < SESSION_CONNECTIONS; i++) {
        struct net_connection *c = &s->connection[i];

        if (c->pcb)
            continue;
        *c = (struct net_connection){.session = s, .pcb = pcb, .order = s->arrivals++};
        tcp_arg(pcb, c);
        tcp_err(pcb, on_error);
        tcp_recv(pcb, on_received);
        tcp_sent(pcb, on_sent);
        tcp_poll(pcb, on_poll, POLL_TICKS);
        serve_next(s);
        return ERR_OK;
    }
    tcp_abort(pcb);
    return ERR_ABRT;
}

void session_init(struct net_session *s, const struct stream_service *service,
                  const uint64_t *now_ms)
{
    memset(s, 0, sizeof(*s));
    s->service = *service;
    s->now_ms = now_ms;
}

void session_end(struct net_session *s)
{
    for (int i = 0; i < SESSION_CONNECTIONS; i++) {
        struct net_connection *c = &s->connection[i];
        struct tcp_pcb *pcb = c->pcb;

        if (!pcb)
            continue;
        forget(c);
        detach(pcb);
        tcp_abort(pcb);
    }
}
