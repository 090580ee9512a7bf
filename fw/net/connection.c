// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/connection.h"

#include <string.h>

#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"

_Static_assert(TCP_WND <= PBUF_POOL_BUFSIZE, "all bytes in flight fit one buffer");

static uint8_t *start_of(struct pbuf *p)
{
    return (uint8_t *)p + LWIP_MEM_ALIGN_SIZE(sizeof(*p));
}

/* Adds to the received bytes, in the same buffer, where the stripped headers have left room in
 * front. */
static void append(struct pbuf *held, struct pbuf *more)
{
    uint8_t *start = start_of(held);
    uint16_t len = held->len;

    if ((uint8_t *)held->payload + len + more->tot_len > start + PBUF_POOL_BUFSIZE) {
        memmove(start, held->payload, len);
        held->payload = start;
    }
    pbuf_copy_partial(more, (uint8_t *)held->payload + len, more->tot_len, 0);
    held->len = held->tot_len = (uint16_t)(len + more->tot_len);
}

static err_t on_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    struct connection *c = arg;

    (void)err;
    if (!p) {
        c->peer_finished = true;
    } else if (c->state == CONNECTION_LINGERS) {
        tcp_recved(pcb, p->tot_len);
        pbuf_free(p);
    } else if (!c->received) {
        c->received = p;
        c->consumed = 0;
    } else if (((struct pbuf *)c->received)->len + p->tot_len > PBUF_POOL_BUFSIZE) {
        return ERR_MEM; /* more than the receive window allows */
    } else {
        append(c->received, p);
        pbuf_free(p);
    }
    return ERR_OK;
}

/* lwIP has freed the pcb. */
static void on_error(void *arg, err_t err)
{
    struct connection *c = arg;

    (void)err;
    c->pcb = NULL;
}

void connection_open(struct connection *c, void *accepted)
{
    struct tcp_pcb *pcb = accepted;

    memset(c, 0, sizeof(*c));
    c->state = CONNECTION_OPEN;
    c->pcb = pcb;
    c->peer_ip = lwip_ntohl(ip4_addr_get_u32(ip_2_ip4(&pcb->remote_ip)));
    c->local_port = pcb->local_port;
    c->peer_port = pcb->remote_port;
    tcp_arg(pcb, c);
    tcp_err(pcb, on_error);
    tcp_recv(pcb, on_received);
}

size_t connection_bytes(const struct connection *c, const uint8_t **bytes)
{
    const struct pbuf *p = c->received;

    if (!p)
        return 0;
    *bytes = (const uint8_t *)p->payload + c->consumed;
    return (size_t)(p->len - c->consumed);
}

bool connection_has_bytes(const struct connection *c)
{
    const uint8_t *bytes;

    return connection_bytes(c, &bytes) > 0;
}

void connection_consume(struct connection *c, size_t len)
{
    c->consumed = (uint16_t)(c->consumed + len);
}

void connection_release(struct connection *c)
{
    struct pbuf *p = c->received;

    if (!p || c->consumed == 0)
        return;
    if (c->pcb)
        tcp_recved(c->pcb, c->consumed);
    if (c->consumed == p->len) {
        pbuf_free(p);
        c->received = NULL;
    } else {
        pbuf_remove_header(p, c->consumed);
    }
    c->consumed = 0;
}

void connection_put_back(struct connection *c)
{
    c->consumed = 0;
}

/* Below half of the window a peer may wait for more of it (RFC 1122 4.2.3.4). */
bool connection_is_full(const struct connection *c)
{
    return c->received && ((const struct pbuf *)c->received)->len > TCP_WND / 2;
}

size_t connection_write(struct connection *c, const void *bytes, size_t len)
{
    struct tcp_pcb *pcb = c->pcb;

    if (!pcb)
        return 0;
    if (len > tcp_sndbuf(pcb))
        len = tcp_sndbuf(pcb);
    /* lwIP may have memory for a part where it has none for all. */
    while (len > 0 && tcp_write(pcb, bytes, (u16_t)len, TCP_WRITE_FLAG_COPY) != ERR_OK)
        len /= 2;
    return len;
}

bool connection_has_room(const struct connection *c)
{
    const struct tcp_pcb *pcb = c->pcb;

    return pcb && tcp_sndbuf(pcb) > 0 && tcp_sndqueuelen(pcb) < TCP_SND_QUEUELEN;
}

void connection_flush(struct connection *c)
{
    if (c->pcb)
        tcp_output(c->pcb);
}

bool connection_all_acknowledged(const struct connection *c)
{
    const struct tcp_pcb *pcb = c->pcb;

    return !pcb || (!pcb->unsent && !pcb->unacked);
}

bool connection_has_ended(const struct connection *c)
{
    const struct tcp_pcb *pcb = c->pcb;

    return !pcb || pcb->state == TIME_WAIT;
}

#if FW_MACHINE
void connection_keep_alive(struct connection *c)
{
    struct tcp_pcb *pcb = c->pcb;

    if (pcb)
        ip_set_option(pcb, SOF_KEEPALIVE);
}
#endif

static void drop_held(struct connection *c)
{
    if (c->received)
        pbuf_free(c->received);
    c->received = NULL;
    c->consumed = 0;
}

/* The receive window stays open: bytes that still arrive must not be answered with a reset, which
 * could overtake what was written. */
void connection_close(struct connection *c)
{
    const struct pbuf *p = c->received;
    uint16_t left = p ? p->len : 0;

    drop_held(c);
    c->state = CONNECTION_LINGERS;
    if (!c->pcb)
        return;
    if (left > 0)
        tcp_recved(c->pcb, left);
    if (tcp_shutdown(c->pcb, 0, 1) != ERR_OK)
        connection_abort(c, true);
}

void connection_abort(struct connection *c, bool reset)
{
    struct tcp_pcb *pcb = c->pcb;

    c->pcb = NULL;
    drop_held(c);
    if (!pcb)
        return;
    tcp_arg(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_recv(pcb, NULL);
    if (pcb->state != TIME_WAIT) /* lwIP ends such a connection by itself */
        tcp_abandon(pcb, reset);
}
