#include "fw/net/ports.h"

#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"

#include "fw/net/packet.h"
#include "fw/net/stack.h"

/* arg: the ports. What nobody carries is reset. */
static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
#if FW_SERVED
    struct ports *ports = arg;
    const struct carrier *carrier;

    if (err != ERR_OK || !pcb)
        return ERR_OK;
    carrier = ports->carrier[pcb->local_port - PORTS_FIRST];
    if (carrier && turns_arrive(&ports->turns, pcb, carrier))
        return ERR_OK;
#else
    (void)arg;
    if (err != ERR_OK || !pcb)
        return ERR_OK;
#endif
    return ERR_MEM;
}

static void *listen_on(struct ports *ports, uint16_t port)
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
    tcp_arg(listening, ports);
    tcp_accept(listening, on_accept);
    return listening;
}

static void listen(struct ports *ports, uint8_t which)
{
    for (int i = 0; i < PORTS; i++) {
        bool wanted = which >> i & 1u;

        if (wanted && !ports->listener[i]) {
            ports->listener[i] = listen_on(ports, (uint16_t)(PORTS_FIRST + i));
        } else if (!wanted && ports->listener[i]) {
            tcp_close(ports->listener[i]);
            ports->listener[i] = NULL;
        }
    }
}

#if FW_SERVED
static bool is_own(const struct tcp_pcb *pcb)
{
    return pcb->local_port >= PORTS_FIRST && pcb->local_port < PORTS_FIRST + PORTS;
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

/* A frame may go to lwIP: no, where a SYN would find no place. It is not answered, and the client
 * repeats it. ctx is the ports. */
static bool admits(void *ctx, const uint8_t *frame, size_t len)
{
    struct ports *ports = ctx;
    const uint8_t *tcp = packet_transport(frame, len);
    uint16_t own;

    if (!tcp || frame[PACKET_PROTO_AT] != PACKET_TCP || frame + len < tcp + FLAGS_AT + 1 ||
        !SYN_ONLY(tcp[FLAGS_AT]))
        return true;
    own = get_be16(tcp + 2);
    if (own < PORTS_FIRST || own >= PORTS_FIRST + PORTS || !ports->listener[own - PORTS_FIRST] ||
        has_begun(get_be32(frame + PACKET_IP_FROM_AT), get_be16(tcp), own))
        return true;
    if (ports->carrier[own - PORTS_FIRST] &&
        !turns_have_place(&ports->turns, get_be32(frame + PACKET_IP_FROM_AT)))
        return false;
    drop_half_open(LIMIT_HALF_OPEN - 1);
    return true;
}
#endif

void ports_serve(struct ports *ports, enum access_policy policy)
{
#if FW_SERVED
    struct turns *t = &ports->turns;

    if (policy == ports->policy && !t->last)
        return;
    if (policy != ports->policy)
        turns_drop(t, NULL);
    t->last = false;
    t->last_line = NULL;
    t->last_left = false;
    ports->stack->only.ip = 0;
#else
    if (policy == ports->policy)
        return;
#endif
    ports->policy = policy;
    listen(ports, access_ports(policy));
}

#if FW_SERVED
void ports_begin(struct ports *ports, struct stack *stack)
{
    ports->stack = stack;
    ports->turns.stack = stack;
    stack->admits = admits;
    stack->admits_ctx = ports;
}

void ports_readmit(struct ports *ports)
{
    if (ports->policy == ACCESS_SETUP)
        turns_drop(&ports->turns, NULL);
}

void ports_last_reply(struct ports *ports, bool closes)
{
    struct turns *t = &ports->turns;
    const struct line *l = t->served;

    turns_drop(t, l);
    drop_half_open(0);
    listen(ports, 0);
    t->last = true;
    t->last_line = t->served;
    t->last_left = false;
    if (closes && l)
        ports->stack->only = (struct stack_peer){l->ip, l->port, l->own_port};
}
#endif
