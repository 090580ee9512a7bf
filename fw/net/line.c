#include "fw/net/line.h"

#include <string.h>

#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"

_Static_assert(TCP_WND <= PBUF_POOL_BUFSIZE, "all that may be under way fits one buffer");

static uint8_t *start_of(struct pbuf *p)
{
    return (uint8_t *)p + LWIP_MEM_ALIGN_SIZE(sizeof(*p));
}

/* Behind what is held, in the same buffer, whose front the headers have left free. */
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
    struct line *l = arg;

    (void)err;
    if (!p) {
        l->peer_done = true;
    } else if (l->state == LINE_LINGER) {
        tcp_recved(pcb, p->tot_len);
        pbuf_free(p);
    } else if (!l->held) {
        l->held = p;
        l->taken = 0;
    } else if (((struct pbuf *)l->held)->len + p->tot_len > PBUF_POOL_BUFSIZE) {
        return ERR_MEM; /* the window does not allow it */
    } else {
        append(l->held, p);
        pbuf_free(p);
    }
    return ERR_OK;
}

/* lwIP has freed the pcb. */
static void on_error(void *arg, err_t err)
{
    struct line *l = arg;

    (void)err;
    l->pcb = NULL;
}

void line_open(struct line *l, void *accepted)
{
    struct tcp_pcb *pcb = accepted;

    memset(l, 0, sizeof(*l));
    l->state = LINE_OPEN;
    l->pcb = pcb;
    l->ip = lwip_ntohl(ip4_addr_get_u32(ip_2_ip4(&pcb->remote_ip)));
    l->own_port = pcb->local_port;
    l->port = pcb->remote_port;
    tcp_arg(pcb, l);
    tcp_err(pcb, on_error);
    tcp_recv(pcb, on_received);
}

size_t line_bytes(const struct line *l, const uint8_t **bytes)
{
    const struct pbuf *p = l->held;

    if (!p)
        return 0;
    *bytes = (const uint8_t *)p->payload + l->taken;
    return (size_t)(p->len - l->taken);
}

void line_take(struct line *l, size_t len)
{
    l->taken = (uint16_t)(l->taken + len);
}

void line_release(struct line *l)
{
    struct pbuf *p = l->held;

    if (!p || l->taken == 0)
        return;
    if (l->pcb)
        tcp_recved(l->pcb, l->taken);
    if (l->taken == p->len) {
        pbuf_free(p);
        l->held = NULL;
    } else {
        pbuf_remove_header(p, l->taken);
    }
    l->taken = 0;
}

void line_put_back(struct line *l)
{
    l->taken = 0;
}

/* Below half of the window a peer may wait for more of it (RFC 1122 4.2.3.4). */
bool line_is_full(const struct line *l)
{
    return l->taken > TCP_WND / 2;
}

size_t line_write(struct line *l, const void *bytes, size_t len)
{
    struct tcp_pcb *pcb = l->pcb;

    if (!pcb)
        return 0;
    if (len > tcp_sndbuf(pcb))
        len = tcp_sndbuf(pcb);
    /* Where lwIP has no memory for all of it, it may have some for a part. */
    while (len > 0 && tcp_write(pcb, bytes, (u16_t)len, TCP_WRITE_FLAG_COPY) != ERR_OK)
        len /= 2;
    return len;
}

bool line_has_room(const struct line *l)
{
    const struct tcp_pcb *pcb = l->pcb;

    return pcb && tcp_sndbuf(pcb) > 0 && tcp_sndqueuelen(pcb) < TCP_SND_QUEUELEN;
}

void line_flush(struct line *l)
{
    if (l->pcb)
        tcp_output(l->pcb);
}

bool line_all_acknowledged(const struct line *l)
{
    const struct tcp_pcb *pcb = l->pcb;

    return !pcb || (!pcb->unsent && !pcb->unacked);
}

bool line_has_ended(const struct line *l)
{
    const struct tcp_pcb *pcb = l->pcb;

    return !pcb || pcb->state == TIME_WAIT;
}

static void drop_held(struct line *l)
{
    if (l->held)
        pbuf_free(l->held);
    l->held = NULL;
    l->taken = 0;
}

/* The window stays open: bytes that still come must not be answered by a reset, which could
 * overtake what was written. */
void line_shut(struct line *l)
{
    const struct pbuf *p = l->held;
    uint16_t left = p ? p->len : 0;

    drop_held(l);
    l->state = LINE_LINGER;
    if (!l->pcb)
        return;
    if (left > 0)
        tcp_recved(l->pcb, left);
    if (tcp_shutdown(l->pcb, 0, 1) != ERR_OK)
        line_cut(l, true);
}

void line_cut(struct line *l, bool reset)
{
    struct tcp_pcb *pcb = l->pcb;

    l->pcb = NULL;
    drop_held(l);
    if (!pcb)
        return;
    tcp_arg(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_recv(pcb, NULL);
    if (pcb->state != TIME_WAIT) /* lwIP ends that by itself */
        tcp_abandon(pcb, reset);
}
