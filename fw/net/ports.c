#include "fw/net/ports.h"

#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"

#include "fw/net/packet.h"

#define FIRST_PORT 16992

/* arg: the net. What nobody carries is reset. */
static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
#if FW_SERVED
    struct net *net = arg;
    const struct carrier *carrier;

    if (err != ERR_OK || !pcb)
        return ERR_OK;
    carrier = net->carrier[pcb->local_port - FIRST_PORT];
    if (carrier && turns_arrive(net, pcb, carrier))
        return ERR_OK;
#else
    (void)arg;
    if (err != ERR_OK || !pcb)
        return ERR_OK;
#endif
    return ERR_MEM;
}

static void *listen_on(struct net *net, uint16_t port)
{
    struct tcp_pcb *pcb = tcp_new(), *listening;

    if (!pcb)
        return NULL;
    /* 16994 is also the hello's own port. */
    ip_set_option(pcb, SOF_REUSEADDR);
    tcp_setprio(pcb, TCP_PRIO_MIN); /* and its connections': the hello's comes first */
    if (tcp_bind(pcb, IP_ADDR_ANY, port) != ERR_OK || (listening = tcp_listen(pcb)) == NULL) {
        tcp_abort(pcb);
        return NULL;
    }
    tcp_arg(listening, net);
    tcp_accept(listening, on_accept);
    return listening;
}

static void listen(struct net *net, uint8_t ports)
{
    for (int i = 0; i < NET_LISTENERS; i++) {
        bool wanted = ports >> i & 1u;

        if (wanted && !net->listener[i]) {
            net->listener[i] = listen_on(net, (uint16_t)(FIRST_PORT + i));
        } else if (!wanted && net->listener[i]) {
            tcp_close(net->listener[i]);
            net->listener[i] = NULL;
        }
    }
}

#if FW_SERVED
static bool is_own(const struct tcp_pcb *pcb)
{
    return pcb->local_port >= FIRST_PORT && pcb->local_port < FIRST_PORT + NET_LISTENERS;
}

/* The oldest connections that are half open, without a word: lwIP puts the newest first. */
static void drop_half_open(uint32_t keep)
{
    for (;;) {
        struct tcp_pcb *oldest = NULL;
        uint32_t count = 0;

        for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next)
            if (pcb->state == SYN_RCVD && is_own(pcb)) {
                oldest = pcb;
                count++;
            }
        if (count <= keep)
            return;
        tcp_abandon(oldest, 0);
    }
}

static bool has_begun(uint32_t ip, uint16_t port, uint16_t own)
{
    for (const struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next)
        if (pcb->local_port == own && pcb->remote_port == port &&
            ip4_addr_get_u32(ip_2_ip4(&pcb->remote_ip)) == lwip_htonl(ip))
            return true;
    return false;
}

#define FLAGS_AT 13 /* of a TCP header */
#define SYN_ONLY(flags) (((flags) & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN)) == TCP_SYN)

bool ports_admit(void *ctx, const uint8_t *frame, size_t len)
{
    struct net *net = ctx;
    const uint8_t *tcp = packet_transport(frame, len);
    uint16_t own;

    if (!tcp || frame[PACKET_PROTO_AT] != PACKET_TCP || frame + len < tcp + FLAGS_AT + 1 ||
        !SYN_ONLY(tcp[FLAGS_AT]))
        return true;
    own = get_be16(tcp + 2);
    if (own < FIRST_PORT || own >= FIRST_PORT + NET_LISTENERS || !net->listener[own - FIRST_PORT] ||
        has_begun(get_be32(frame + PACKET_IP_FROM_AT), get_be16(tcp), own))
        return true;
    if (net->carrier[own - FIRST_PORT] &&
        !turns_have_place(net, get_be32(frame + PACKET_IP_FROM_AT)))
        return false;
    drop_half_open(LIMIT_HALF_OPEN - 1);
    return true;
}
#endif

void net_serve(struct net *net, enum access_policy policy)
{
#if FW_SERVED
    if (policy == net->policy && !net->turns.last)
        return;
    if (policy != net->policy)
        turns_drop(net, NULL);
    net->turns.last = false;
    net->turns.last_line = NULL;
    net->reply_left = false;
    net->stack.only.ip = 0;
#else
    if (policy == net->policy)
        return;
#endif
    net->policy = policy;
    listen(net, access_ports(policy));
}

#if FW_SERVED
void net_readmit(struct net *net)
{
    if (net->policy == ACCESS_SETUP)
        turns_drop(net, NULL);
}

void net_last_reply(struct net *net, bool closes)
{
    struct turns *t = &net->turns;
    const struct line *l = t->served;

    turns_drop(net, l);
    drop_half_open(0);
    listen(net, 0);
    t->last = true;
    t->last_line = t->served;
    net->reply_left = false;
    if (closes && l)
        net->stack.only = (struct stack_peer){l->ip, l->port, l->own_port};
}
#endif
