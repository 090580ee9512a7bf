#include "fw/net/hello_sender.h"

#include "lwip/dns.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"

#include "fw/core/attempt.h"
#include "fw/core/trace.h"

/* One attempt's look-up and connection. lwIP's callbacks only note down what has happened; what
 * follows from it is done once lwIP has been left: here, or as the attempt says
 * (fw/core/attempt.h). */

static void report(struct net *net, uint8_t event, uint32_t ip)
{
    net->looking_up = false;
    net->sca_news = SCA_NO_NEWS;
    net->connection = NULL;
    net->report = (struct net_report){event, ip};
}

static void connect_failed(struct net *net, const char *reason)
{
    net_trace(net, TRACE_CONNECT_FAILED, net->connect_ip, reason);
    report(net, ATTEMPT_EV_FAILED, 0);
}

/* FNV-1a: enough to tell the name that is asked for from an earlier one. */
static uint32_t hash(const char *name)
{
    uint32_t h = 2166136261u;

    while (*name)
        h = (h ^ (uint8_t)*name++) * 16777619u;
    return h;
}

static void looked_up(struct net *net, const char *name, const ip_addr_t *ip)
{
    if (ip) {
        report(net, ATTEMPT_EV_FOUND, lwip_ntohl(ip4_addr_get_u32(ip_2_ip4(ip))));
        return;
    }
    net_trace(net, TRACE_LOOKUP_FAILED, 0, name);
    report(net, ATTEMPT_EV_NOT_FOUND, 0);
}

static void found(const char *name, const ip_addr_t *ip, void *arg)
{
    struct net *net = arg;

    net->stack.dns_waiting--;
    /* The answer may belong to an attempt that has been dropped since. */
    if (net->looking_up && hash(name) == net->name_hash)
        looked_up(net, name, ip);
}

void net_look_up(struct net *net, const char *name)
{
    ip_addr_t ip;
    err_t err;

    stack_catch_up(&net->stack);
    net->name_hash = hash(name);
    net_trace(net, TRACE_LOOKUP, 0, name);
    err = dns_gethostbyname(name, &ip, found, net);
    net->looking_up = err == ERR_INPROGRESS;
    if (net->looking_up)
        net->stack.dns_waiting++;
    else
        looked_up(net, name, err == ERR_OK ? &ip : NULL);
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
    struct net *net = arg;

    (void)pcb;
    net->acked = (uint16_t)(net->acked + len);
    return ERR_OK;
}

static bool is_delivered(const struct net *net)
{
    return net->connection && net->hello_len > 0 && net->acked >= net->hello_len;
}

/* What a callback returns for whose news the poll has the answer. lwIP expects this value when the
 * connection was aborted: it looks at it no more, and sends no ACK of its own. So the SYN's leaves
 * with the hello, in one frame, and a reset takes the place of the FIN's. */
#define ANSWERED_BY_THE_POLL ERR_ABRT

/* Nothing is awaited from the SCA (S1): its bytes are thrown away. */
static err_t on_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    struct net *net = arg;

    (void)err;
    if (p) {
        tcp_recved(pcb, p->tot_len);
        pbuf_free(p);
        return ERR_OK;
    }
    if (is_delivered(net))
        return ERR_OK;
    net->sca_news = SCA_CLOSED;
    return ANSWERED_BY_THE_POLL;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
    struct net *net = arg;

    (void)pcb;
    (void)err;
    net->sca_news = SCA_CONNECTED;
    return ANSWERED_BY_THE_POLL;
}

static void give_up(struct net *net, const char *reason)
{
    struct tcp_pcb *pcb = net->connection;

    detach(pcb);
    connect_failed(net, reason);
    tcp_clear_flags(pcb, TF_ACK_DELAY); /* the reset is the only answer */
    tcp_abort(pcb);
}

/* The hello always leaves from the same port, so an earlier connection to the same SCA may still be
 * in TIME_WAIT. RFC 1122 4.2.2.13 lets it go when the new sequence number lies above the old. */
static void forget_earlier(struct tcp_pcb *list)
{
    while (list) {
        struct tcp_pcb *next = list->next;

        if (list->local_port == NET_HELLO_SOURCE_PORT)
            tcp_abort(list);
        list = next;
    }
}

static bool begin_connection(struct net *net, struct tcp_pcb *pcb)
{
    ip_addr_t to;

    ip_set_option(pcb, SOF_REUSEADDR);
    tcp_arg(pcb, net);
    tcp_err(pcb, on_error);
    tcp_recv(pcb, on_received);
    tcp_sent(pcb, on_acked);
    ip_addr_set_ip4_u32(&to, lwip_htonl(net->connect_ip));
    net->connection = pcb;
    return tcp_bind(pcb, IP_ADDR_ANY, NET_HELLO_SOURCE_PORT) == ERR_OK &&
           tcp_connect(pcb, &to, net->target.port, on_connected) == ERR_OK;
}

void net_connect(struct net *net, const struct net_target *target)
{
    struct tcp_pcb *pcb;

    stack_catch_up(&net->stack);
    net->target = *target;
    net->acked = 0;
    net->connect_ip = target->ip;
    net_trace(net, TRACE_CONNECT, target->ip, NULL);
    forget_earlier(tcp_tw_pcbs);
    forget_earlier(tcp_active_pcbs);
    pcb = tcp_new();
    if (!pcb) {
        connect_failed(net, "out of memory");
        return;
    }
    if (begin_connection(net, pcb))
        return;
    detach(pcb);
    tcp_abort(pcb);
    connect_failed(net, "no route");
}

static void say_hello(struct net *net)
{
    struct tcp_pcb *pcb = net->connection;
    uint8_t hello[LIMIT_HELLO_SENT];

    net->sca_news = SCA_NO_NEWS;
    net->hello_len = (uint16_t)net->target.hello(net->target.ctx, hello, sizeof(hello));
    /* One write: real set-up servers look at the first segment only. */
    if (net->hello_len > 0 && tcp_write(pcb, hello, net->hello_len, TCP_WRITE_FLAG_COPY) == ERR_OK)
        tcp_output(pcb);
    else
        give_up(net, "out of memory");
}

static void close_delivered(struct net *net)
{
    struct tcp_pcb *pcb = net->connection;

    detach(pcb);
    report(net, ATTEMPT_EV_DELIVERED, 0);
    if (tcp_close(pcb) != ERR_OK)
        tcp_abort(pcb);
}

void sca_go_on(struct net *net)
{
    if (net->sca_news == SCA_CONNECTED)
        say_hello(net);
    else if (net->sca_news == SCA_CLOSED)
        give_up(net, "closed before the hello was acknowledged");
    else if (is_delivered(net))
        close_delivered(net);
}

void net_attempt_drop(struct net *net)
{
    struct tcp_pcb *pcb;

    stack_catch_up(&net->stack);
    pcb = net->connection; /* lwIP's timers may just have freed it */
    report(net, ATTEMPT_EVENTS, 0);
    if (!pcb)
        return;
    detach(pcb);
    /* A peer that never answered the SYN is not sent a reset. */
    tcp_abandon(pcb, pcb->state != SYN_SENT);
}

bool net_attempt_report(struct net *net, struct net_report *out)
{
    *out = net->report;
    net->report.event = ATTEMPT_EVENTS;
    return out->event != ATTEMPT_EVENTS;
}
