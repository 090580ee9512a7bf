// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/hello_sender.h"

#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"

#include "fw/core/attempt.h"
#include "fw/core/limits.h"
#include "fw/core/trace.h"
#include "fw/net/ip_stack.h"

/* One attempt's look-up and connection. lwIP's callbacks only note what has happened; what follows
 * from it is done outside lwIP, here or as the attempt decides (fw/core/attempt.h). */

static void set_report(struct hello_sender *s, uint8_t event, uint32_t ip)
{
    if (s->connection && event != ATTEMPT_EV_DELIVERED)
        s->stack->resolver.failed_ip = s->connect_ip;
    s->noted = HELLO_NOTED_NOTHING;
    s->connection = NULL;
    s->report = (struct hello_report){event, ip};
}

static void connect_failed(struct hello_sender *s, const char *reason)
{
    ip_stack_trace(s->stack, TRACE_CONNECT_FAILED, s->connect_ip, reason);
    set_report(s, ATTEMPT_EV_FAILED, 0);
}

static void on_found(void *ctx, const char *name, uint32_t ip)
{
    struct hello_sender *s = ctx;

    if (!ip)
        ip_stack_trace(s->stack, TRACE_LOOKUP_FAILED, 0, name);
    set_report(s, ip ? ATTEMPT_EV_FOUND : ATTEMPT_EV_NOT_FOUND, ip);
}

void hello_sender_look_up(struct hello_sender *s, const char *name)
{
    ip_stack_catch_up(s->stack);
    ip_stack_trace(s->stack, TRACE_LOOKUP, 0, name);
    s->stack->resolver.found = on_found;
    s->stack->resolver.ctx = s;
    resolver_look_up(&s->stack->resolver, name, LWIP_RAND());
}

static void detach(struct tcp_pcb *pcb)
{
    tcp_arg(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_sent(pcb, NULL);
}

static void on_error(void *arg, err_t err)
{
    connect_failed(arg, err == ERR_RST ? "refused or reset" : "no answer");
}

static err_t on_acked(void *arg, struct tcp_pcb *pcb, u16_t len)
{
    struct hello_sender *s = arg;

    (void)pcb;
    s->acked = (uint16_t)(s->acked + len);
    return ERR_OK;
}

static bool is_delivered(const struct hello_sender *s)
{
    return s->connection && s->length > 0 && s->acked >= s->length;
}

/* Returned by a callback when hello_sender_poll() has to react. lwIP takes this value to mean that
 * the connection was aborted: it does not look at it again and sends no ACK of its own. So the ACK
 * of the SYN leaves with the hello in one frame, and a reset replaces the ACK of the FIN. */
#define LEAVE_TO_POLL ERR_ABRT

/* Nothing is expected from the SCA (S1): its bytes are discarded. */
static err_t on_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    struct hello_sender *s = arg;

    (void)err;
    if (p) {
        tcp_recved(pcb, p->tot_len);
        pbuf_free(p);
        return ERR_OK;
    }
    if (is_delivered(s))
        return ERR_OK;
    s->noted = HELLO_NOTED_CLOSED;
    return LEAVE_TO_POLL;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
    struct hello_sender *s = arg;

    (void)pcb;
    (void)err;
    s->noted = HELLO_NOTED_CONNECTED;
    return LEAVE_TO_POLL;
}

static void give_up(struct hello_sender *s, const char *reason)
{
    struct tcp_pcb *pcb = s->connection;

    detach(pcb);
    connect_failed(s, reason);
    tcp_clear_flags(pcb, TF_ACK_DELAY); /* the reset has to be the only answer */
    tcp_abort(pcb);
}

/* The hello always leaves from the same port, so an earlier connection to the same SCA may still be
 * in TIME_WAIT. RFC 1122 4.2.2.13 permits reuse when the new sequence number is above the old. */
static void abort_earlier(struct tcp_pcb *list)
{
    while (list) {
        struct tcp_pcb *next = list->next;

        if (list->local_port == HELLO_SOURCE_PORT)
            tcp_abort(list);
        list = next;
    }
}

static bool begin_connection(struct hello_sender *s, struct tcp_pcb *pcb)
{
    ip_addr_t to;

    ip_set_option(pcb, SOF_REUSEADDR);
    tcp_arg(pcb, s);
    tcp_err(pcb, on_error);
    tcp_recv(pcb, on_received);
    tcp_sent(pcb, on_acked);
    ip_addr_set_ip4_u32(&to, lwip_htonl(s->connect_ip));
    s->connection = pcb;
    return tcp_bind(pcb, IP_ADDR_ANY, HELLO_SOURCE_PORT) == ERR_OK &&
           tcp_connect(pcb, &to, s->target.port, on_connected) == ERR_OK;
}

void hello_sender_connect(struct hello_sender *s, const struct hello_target *target)
{
    struct tcp_pcb *pcb;

    ip_stack_catch_up(s->stack);
    s->target = *target;
    s->acked = 0;
    s->connect_ip = target->ip;
    ip_stack_trace(s->stack, TRACE_CONNECT, target->ip, NULL);
    abort_earlier(tcp_tw_pcbs);
    abort_earlier(tcp_active_pcbs);
    pcb = tcp_new();
    if (!pcb) {
        connect_failed(s, "out of memory");
        return;
    }
    if (begin_connection(s, pcb))
        return;
    detach(pcb);
    tcp_abort(pcb);
    connect_failed(s, "no route");
}

/* A server that takes nothing yet still learns that it was heard. */
static void acknowledge_and_output(struct tcp_pcb *pcb)
{
    tcp_ack_now(pcb);
    tcp_output(pcb);
}

static void send_hello(struct hello_sender *s)
{
    struct tcp_pcb *pcb = s->connection;
    uint8_t hello[LIMIT_HELLO_SENT_BYTES];

    s->noted = HELLO_NOTED_NOTHING;
    s->length = (uint16_t)s->target.write_hello(s->target.ctx, hello, sizeof(hello));
    /* In one write: real set-up servers look only at the first segment. */
    if (s->length > 0 && tcp_write(pcb, hello, s->length, TCP_WRITE_FLAG_COPY) == ERR_OK)
        acknowledge_and_output(pcb);
    else
        give_up(s, "out of memory");
}

static void close_delivered(struct hello_sender *s)
{
    struct tcp_pcb *pcb = s->connection;

    detach(pcb);
    set_report(s, ATTEMPT_EV_DELIVERED, 0);
    if (tcp_close(pcb) != ERR_OK)
        tcp_abort(pcb);
}

void hello_sender_poll(struct hello_sender *s)
{
    if (s->noted == HELLO_NOTED_CONNECTED)
        send_hello(s);
    else if (s->noted == HELLO_NOTED_CLOSED)
        give_up(s, "closed before the hello was acknowledged");
    else if (is_delivered(s))
        close_delivered(s);
}

void hello_sender_drop(struct hello_sender *s)
{
    struct tcp_pcb *pcb;

    ip_stack_catch_up(s->stack);
    pcb = s->connection; /* lwIP's timers may just have freed it */
    resolver_stop(&s->stack->resolver);
    set_report(s, ATTEMPT_EVENTS, 0);
    if (!pcb)
        return;
    detach(pcb);
    /* No reset to a peer that never answered the SYN. */
    tcp_abandon(pcb, pcb->state != SYN_SENT);
}

void hello_sender_network_lost(struct hello_sender *s)
{
    bool under_way = resolver_waits(&s->stack->resolver) || s->connection;

    hello_sender_drop(s);
    if (under_way)
        s->report.event = ATTEMPT_EV_LOST;
}

bool hello_sender_take_report(struct hello_sender *s, struct hello_report *out)
{
    *out = s->report;
    s->report.event = ATTEMPT_EVENTS;
    return out->event != ATTEMPT_EVENTS;
}
