#include "fw/net/sca.h"

#include "lwip/dns.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"

#include "fw/core/trace.h"

/* One attempt: look-up, connect, one segment, close (S1 steps 1 to 4). */

static void connect_to(struct net *net, uint32_t ip);
static void look_up(struct net *net);

static void finish(struct net *net, enum net_attempt result)
{
    net->attempt = result;
    net->connection = NULL;
}

static void connect_failed(struct net *net, const char *reason)
{
    net_trace(net, TRACE_CONNECT_FAILED, net->connect_ip, reason);
    finish(net, NET_ATTEMPT_FAILED);
}

/* FNV-1a: enough to tell the name that is asked for from an earlier one. */
static uint32_t hash(const char *name)
{
    uint32_t h = 2166136261u;

    while (*name)
        h = (h ^ (uint8_t)*name++) * 16777619u;
    return h;
}

static void found(const char *name, const ip_addr_t *ip, void *arg)
{
    struct net *net = arg;

    net->stack.dns_waiting--;
    /* The answer may belong to an attempt that has been dropped since. */
    if (net->attempt != NET_ATTEMPT_LOOKUP || hash(name) != net->name_hash)
        return;
    if (ip) {
        connect_to(net, lwip_ntohl(ip4_addr_get_u32(ip_2_ip4(ip))));
        return;
    }
    net_trace(net, TRACE_LOOKUP_FAILED, 0, name);
    net->name_index++;
    look_up(net);
}

static void look_up(struct net *net)
{
    char name[LIMIT_FQDN + 1];

    while (net->target.name(net->target.ctx, net->name_index, name)) {
        ip_addr_t ip;
        err_t err;

        net->name_hash = hash(name);
        net_trace(net, TRACE_LOOKUP, 0, name);
        err = dns_gethostbyname(name, &ip, found, net);
        if (err == ERR_INPROGRESS) {
            net->stack.dns_waiting++;
            return;
        }
        if (err == ERR_OK) {
            connect_to(net, lwip_ntohl(ip4_addr_get_u32(ip_2_ip4(&ip))));
            return;
        }
        net_trace(net, TRACE_LOOKUP_FAILED, 0, name);
        net->name_index++;
    }
    finish(net, NET_ATTEMPT_FAILED);
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

    net->acked = (uint16_t)(net->acked + len);
    if (net->acked < net->hello_len)
        return ERR_OK;
    detach(pcb);
    finish(net, NET_ATTEMPT_DELIVERED);
    if (tcp_close(pcb) == ERR_OK)
        return ERR_OK;
    tcp_abort(pcb);
    return ERR_ABRT;
}

/* Nothing is awaited from the SCA (S1): its bytes are thrown away. */
static err_t on_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    (void)err;
    if (p) {
        tcp_recved(pcb, p->tot_len);
        pbuf_free(p);
        return ERR_OK;
    }
    detach(pcb);
    connect_failed(arg, "closed before the hello was acknowledged");
    tcp_abort(pcb);
    return ERR_ABRT;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
    struct net *net = arg;
    uint8_t hello[LIMIT_HELLO_SENT];

    (void)err;
    net->hello_len = (uint16_t)net->target.hello(net->target.ctx, hello, sizeof(hello));
    /* One write: real set-up servers look at the first segment only. */
    if (net->hello_len > 0 && tcp_write(pcb, hello, net->hello_len, TCP_WRITE_FLAG_COPY) == ERR_OK)
        return tcp_output(pcb);
    detach(pcb);
    connect_failed(net, "out of memory");
    tcp_abort(pcb);
    return ERR_ABRT;
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

static void connect_to(struct net *net, uint32_t ip)
{
    struct tcp_pcb *pcb;
    ip_addr_t to;

    net->attempt = NET_ATTEMPT_CONNECT;
    net->connect_ip = ip;
    net_trace(net, TRACE_CONNECT, ip, NULL);
    forget_earlier(tcp_tw_pcbs);
    forget_earlier(tcp_active_pcbs);
    pcb = tcp_new();
    if (!pcb) {
        connect_failed(net, "out of memory");
        return;
    }
    ip_set_option(pcb, SOF_REUSEADDR);
    tcp_arg(pcb, net);
    tcp_err(pcb, on_error);
    tcp_recv(pcb, on_received);
    tcp_sent(pcb, on_acked);
    ip_addr_set_ip4_u32(&to, lwip_htonl(ip));
    net->connection = pcb;
    if (tcp_bind(pcb, IP_ADDR_ANY, NET_HELLO_SOURCE_PORT) == ERR_OK &&
        tcp_connect(pcb, &to, net->target.port, on_connected) == ERR_OK)
        return;
    detach(pcb);
    tcp_abort(pcb);
    connect_failed(net, "no route");
}

void net_attempt_start(struct net *net, const struct net_target *target)
{
    stack_run(&net->stack, net->now_ms);
    net->target = *target;
    net->name_index = 0;
    net->acked = 0;
    if (target->ip) {
        connect_to(net, target->ip);
    } else {
        net->attempt = NET_ATTEMPT_LOOKUP;
        look_up(net);
    }
}

void net_attempt_abort(struct net *net)
{
    struct tcp_pcb *pcb = net->connection;

    stack_run(&net->stack, net->now_ms);
    finish(net, NET_ATTEMPT_NONE);
    if (!pcb)
        return;
    detach(pcb);
    /* A peer that never answered the SYN is not sent a reset. */
    tcp_abandon(pcb, pcb->state != SYN_SENT);
}

enum net_attempt net_attempt_result(struct net *net)
{
    enum net_attempt result = net->attempt;

    if (result == NET_ATTEMPT_DELIVERED || result == NET_ATTEMPT_FAILED)
        net->attempt = NET_ATTEMPT_NONE;
    return result;
}
