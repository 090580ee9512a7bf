// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/ports.h"

#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"

#include "fw/net/ip_stack.h"
#include "fw/net/packet.h"

/* arg: the struct ports. Connections to a port without a carrier are reset. */
static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
#if FW_SERVED
    struct ports *ports = arg;
    const struct carrier *carrier;

    if (err != ERR_OK || !pcb)
        return ERR_OK;
    carrier = ports->carrier[pcb->local_port - PORTS_FIRST];
    if (carrier && turns_add(&ports->turns, pcb, carrier))
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
    /* 16994 is also the hello's source port. */
    ip_set_option(pcb, SOF_REUSEADDR);
    tcp_setprio(pcb,
                TCP_PRIO_MIN); /* for its connections too: the hello's connection comes first */
    if (tcp_bind(pcb, IP_ADDR_ANY, port) != ERR_OK || (listening = tcp_listen(pcb)) == NULL) {
        tcp_abort(pcb);
        return NULL;
    }
    tcp_arg(listening, ports);
    tcp_accept(listening, on_accept);
    return listening;
}

static void set_listeners(struct ports *ports, uint8_t which)
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
static bool is_me_port(const struct tcp_pcb *pcb)
{
    return pcb->local_port >= PORTS_FIRST && pcb->local_port < PORTS_FIRST + PORTS;
}

/* Drops the oldest half-open connections, silently, until `keep` are left. In lwIP's list the
 * newest comes first. */
static void drop_half_open(uint32_t keep)
{
    for (;;) {
        struct tcp_pcb *oldest = NULL;
        uint32_t count = 0;

        for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next)
            if (pcb->state == SYN_RCVD && is_me_port(pcb)) {
                oldest = pcb;
                count++;
            }
        if (count <= keep)
            return;
        tcp_abandon(oldest, 0);
    }
}

static bool is_open_already(uint32_t ip, uint16_t port, uint16_t local)
{
    for (const struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next)
        if (pcb->local_port == local && pcb->remote_port == port &&
            ip4_addr_get_u32(ip_2_ip4(&pcb->remote_ip)) == lwip_htonl(ip))
            return true;
    return false;
}

#define FLAGS_AT 13 /* of a TCP header */
#define SYN_ONLY(flags) (((flags) & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN)) == TCP_SYN)

/* Whether a frame may go to lwIP. A SYN for whose connection there is no place may not: it stays
 * unanswered, and the client repeats it. ctx: the struct ports. */
static bool admits(void *ctx, const uint8_t *frame, size_t len)
{
    struct ports *ports = ctx;
    const uint8_t *tcp = packet_transport(frame, len);
    uint16_t local;

    if (!tcp || frame[PACKET_PROTO_AT] != PACKET_TCP || frame + len < tcp + FLAGS_AT + 1 ||
        !SYN_ONLY(tcp[FLAGS_AT]))
        return true;
    local = get_be16(tcp + 2);
    if (local < PORTS_FIRST || local >= PORTS_FIRST + PORTS ||
        !ports->listener[local - PORTS_FIRST] ||
        is_open_already(get_be32(frame + PACKET_IP_FROM_AT), get_be16(tcp), local))
        return true;
    if (ports->carrier[local - PORTS_FIRST] &&
        !places_admit_syn(&ports->turns.places, get_be32(frame + PACKET_IP_FROM_AT), get_be16(tcp)))
        return false;
    drop_half_open(LIMIT_HALF_OPEN - 1);
    return true;
}
#endif

void ports_set_policy(struct ports *ports, enum access_policy policy)
{
#if FW_SERVED
    struct turns *t = &ports->turns;

    if (policy == ports->policy && !t->last_reply)
        return;
    if (policy != ports->policy) {
        turns_drop(t, NULL);
        drop_half_open(0);
    }
    t->last_reply = false;
    t->places.last_reply_to = NULL;
    t->last_reply_done = false;
    ports->stack->only_peer.ip = 0;
#else
    if (policy == ports->policy)
        return;
#endif
    ports->policy = policy;
    set_listeners(ports, access_ports(policy));
}

#if FW_SERVED
void ports_init(struct ports *ports, struct ip_stack *stack)
{
    ports->stack = stack;
    ports->turns.places.stack = stack;
    stack->admits = admits;
    stack->admits_ctx = ports;
}

void ports_drop_setup_peers(struct ports *ports)
{
    if (ports->policy == ACCESS_SETUP)
        turns_drop(&ports->turns, NULL);
}

void ports_begin_last_reply(struct ports *ports, bool closes)
{
    struct turns *t = &ports->turns;
    const struct connection *c = t->places.served;

    turns_drop(t, c);
    drop_half_open(0);
    set_listeners(ports, 0);
    t->last_reply = true;
    t->places.last_reply_to = t->places.served;
    t->last_reply_done = false;
    if (closes && c)
        ports->stack->only_peer = (struct ip_filter_peer){c->peer_ip, c->peer_port, c->local_port};
}
#endif
