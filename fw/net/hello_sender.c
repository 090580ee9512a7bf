#include "fw/net/hello_sender.h"

#include "lwip/dns.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"

#include "fw/core/attempt.h"
#include "fw/core/limits.h"
#include "fw/core/trace.h"
#include "fw/net/stack.h"

/* One attempt's look-up and connection. lwIP's callbacks only note down what has happened; what
 * follows from it is done once lwIP has been left: here, or as the attempt says
 * (fw/core/attempt.h). */

static void report(struct hello_sender *s, uint8_t event, uint32_t ip)
{
    s->looking_up = false;
    s->news = SCA_NO_NEWS;
    s->connection = NULL;
    s->report = (struct hello_report){event, ip};
}

static void connect_failed(struct hello_sender *s, const char *reason)
{
    stack_trace(s->stack, TRACE_CONNECT_FAILED, s->connect_ip, reason);
    report(s, ATTEMPT_EV_FAILED, 0);
}

/* FNV-1a: enough to tell the name that is asked for from an earlier one. */
static uint32_t hash(const char *name)
{
    uint32_t h = 2166136261u;

    while (*name)
        h = (h ^ (uint8_t)*name++) * 16777619u;
    return h;
}

static void looked_up(struct hello_sender *s, const char *name, const ip_addr_t *ip)
{
    if (ip) {
        report(s, ATTEMPT_EV_FOUND, lwip_ntohl(ip4_addr_get_u32(ip_2_ip4(ip))));
        return;
    }
    stack_trace(s->stack, TRACE_LOOKUP_FAILED, 0, name);
    report(s, ATTEMPT_EV_NOT_FOUND, 0);
}

static void found(const char *name, const ip_addr_t *ip, void *arg)
{
    struct hello_sender *s = arg;

    s->stack->dns_waiting--;
    /* The answer may belong to an attempt that has been dropped since. */
    if (s->looking_up && hash(name) == s->name_hash)
        looked_up(s, name, ip);
}

void hello_sender_look_up(struct hello_sender *s, const char *name)
{
    ip_addr_t ip;
    err_t err;

    stack_catch_up(s->stack);
    s->name_hash = hash(name);
    stack_trace(s->stack, TRACE_LOOKUP, 0, name);
    err = dns_gethostbyname(name, &ip, found, s);
    s->looking_up = err == ERR_INPROGRESS;
    if (s->looking_up)
        s->stack->dns_waiting++;
    else
        looked_up(s, name, err == ERR_OK ? &ip : NULL);
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

/* What a callback returns for whose news the poll has the answer. lwIP expects this value when the
 * connection was aborted: it looks at it no more, and sends no ACK of its own. So the SYN's leaves
 * with the hello, in one frame, and a reset takes the place of the FIN's. */
#define ANSWERED_BY_THE_POLL ERR_ABRT

/* Nothing is awaited from the SCA (S1): its bytes are thrown away. */
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
    s->news = SCA_CLOSED;
    return ANSWERED_BY_THE_POLL;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
    struct hello_sender *s = arg;

    (void)pcb;
    (void)err;
    s->news = SCA_CONNECTED;
    return ANSWERED_BY_THE_POLL;
}

static void give_up(struct hello_sender *s, const char *reason)
{
    struct tcp_pcb *pcb = s->connection;

    detach(pcb);
    connect_failed(s, reason);
    tcp_clear_flags(pcb, TF_ACK_DELAY); /* the reset is the only answer */
    tcp_abort(pcb);
}

/* The hello always leaves from the same port, so an earlier connection to the same SCA may still be
 * in TIME_WAIT. RFC 1122 4.2.2.13 lets it go when the new sequence number lies above the old. */
static void forget_earlier(struct tcp_pcb *list)
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

    stack_catch_up(s->stack);
    s->target = *target;
    s->acked = 0;
    s->connect_ip = target->ip;
    stack_trace(s->stack, TRACE_CONNECT, target->ip, NULL);
    forget_earlier(tcp_tw_pcbs);
    forget_earlier(tcp_active_pcbs);
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

static void say_hello(struct hello_sender *s)
{
    struct tcp_pcb *pcb = s->connection;
    uint8_t hello[LIMIT_HELLO_SENT];

    s->news = SCA_NO_NEWS;
    s->length = (uint16_t)s->target.hello(s->target.ctx, hello, sizeof(hello));
    /* One write: real set-up servers look at the first segment only. */
    if (s->length > 0 && tcp_write(pcb, hello, s->length, TCP_WRITE_FLAG_COPY) == ERR_OK)
        tcp_output(pcb);
    else
        give_up(s, "out of memory");
}

static void close_delivered(struct hello_sender *s)
{
    struct tcp_pcb *pcb = s->connection;

    detach(pcb);
    report(s, ATTEMPT_EV_DELIVERED, 0);
    if (tcp_close(pcb) != ERR_OK)
        tcp_abort(pcb);
}

void hello_sender_go_on(struct hello_sender *s)
{
    if (s->news == SCA_CONNECTED)
        say_hello(s);
    else if (s->news == SCA_CLOSED)
        give_up(s, "closed before the hello was acknowledged");
    else if (is_delivered(s))
        close_delivered(s);
}

void hello_sender_drop(struct hello_sender *s)
{
    struct tcp_pcb *pcb;

    stack_catch_up(s->stack);
    pcb = s->connection; /* lwIP's timers may just have freed it */
    report(s, ATTEMPT_EVENTS, 0);
    if (!pcb)
        return;
    detach(pcb);
    /* A peer that never answered the SYN is not sent a reset. */
    tcp_abandon(pcb, pcb->state != SYN_SENT);
}

void hello_sender_lose(struct hello_sender *s)
{
    bool under_way = s->looking_up || s->connection;

    hello_sender_drop(s);
    if (under_way)
        s->report.event = ATTEMPT_EV_LOST;
}

bool hello_sender_report(struct hello_sender *s, struct hello_report *out)
{
    *out = s->report;
    s->report.event = ATTEMPT_EVENTS;
    return out->event != ATTEMPT_EVENTS;
}
