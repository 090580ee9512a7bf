// SPDX-License-Identifier: BSD-3-Clause
#include "sim/server/tcp_client.h"

#include <string.h>

#include "lwip/tcp.h"

static void on_error(void *arg, err_t err)
{
    struct tcp_client *c = arg;

    (void)err;
    c->pcb = NULL; /* lwIP has freed it */
    c->peer_reset = true;
}

/* What is not read yet is never more than the window. */
static err_t on_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    struct tcp_client *c = arg;

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
    struct tcp_client *c = arg;

    (void)pcb;
    (void)err;
    c->connected = true;
    return ERR_OK;
}

bool tcp_client_connect(struct tcp_client *c, uint32_t ip, uint16_t port)
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

size_t tcp_client_write(struct tcp_client *c, const void *bytes, size_t len)
{
    struct tcp_pcb *pcb = c->pcb;

    if (!pcb)
        return 0;
    if (len > tcp_sndbuf(pcb))
        len = tcp_sndbuf(pcb);
    if (len == 0 || tcp_write(pcb, bytes, (u16_t)len, TCP_WRITE_FLAG_COPY) != ERR_OK)
        return 0;
    return len;
}

size_t tcp_client_read(struct tcp_client *c, void *out, size_t cap)
{
    size_t n = c->rx_len - c->rx_at;

    if (n > cap)
        n = cap;
    if (n == 0)
        return 0;
    memcpy(out, c->rx + c->rx_at, n);
    c->rx_at += n;
    if (c->pcb)
        tcp_recved(c->pcb, (u16_t)n);
    return n;
}

bool tcp_client_is_at_end(const struct tcp_client *c)
{
    return c->rx_len == c->rx_at && (c->peer_closed || !c->pcb);
}

void tcp_client_flush(struct tcp_client *c)
{
    if (c->pcb)
        tcp_output(c->pcb);
}

bool tcp_client_has_sent(const struct tcp_client *c)
{
    const struct tcp_pcb *pcb = c->pcb;

    return !pcb || !pcb->unsent;
}

void tcp_client_close(struct tcp_client *c, bool reset)
{
    struct tcp_pcb *pcb = c->pcb;

    c->pcb = NULL;
    if (!pcb)
        return;
    tcp_arg(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_recv(pcb, NULL);
    if (reset || tcp_close(pcb) != ERR_OK)
        tcp_abort(pcb);
}
