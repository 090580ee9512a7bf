// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/ip_stack.h"

#include <string.h>

#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/memp.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/prot/dhcp.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

#include "fw/net/hooks.h"
#include "fw/net/netif_of.h"
#include "fw/net/packet.h"

#define ARP_PENDING_MS 6000u    /* etharp.c repeats a request once a second, at most five times */
#define ARP_AGES_OUT_TICKS 310u /* above ARP_MAXAGE: further ticks find an empty table */

#define SKIPPED_MS 1000u /* idle time is skipped in multiples of it */

// NOLINTNEXTLINE(misc-redundant-expression): lwIP's intervals differ in other versions
_Static_assert(SKIPPED_MS % (2 * TCP_TMR_INTERVAL) == 0 && SKIPPED_MS % ARP_TMR_INTERVAL == 0 &&
                   SKIPPED_MS % RESOLVER_TICK_MS == 0,
               "whole ticks are skipped");
_Static_assert(PBUF_POOL_BUFSIZE >= LIMIT_FRAME, "a frame fits into one buffer");

static const uint16_t period_ms[IP_STACK_TIMERS] = {
    [IP_STACK_TCP] = TCP_TMR_INTERVAL,
    [IP_STACK_ARP] = ARP_TMR_INTERVAL,
    [IP_STACK_DNS] = RESOLVER_TICK_MS,
    [IP_STACK_DHCP_FINE] = DHCP_FINE_TIMER_MSECS,
    [IP_STACK_DHCP_COARSE] = DHCP_COARSE_TIMER_MSECS,
};

/* lwIP calls back without a context; its interface leads to the instance. Before there is an
 * interface, lwIP only draws port numbers that nothing here uses. */
static struct ip_stack *current(void)
{
    return netif_default ? netif_default->state : NULL;
}

u32_t sys_now(void)
{
    const struct ip_stack *stack = current();

    return stack ? (u32_t)stack->now_ms : 0;
}

/* The same bytes make the same number on every machine, so that the same seed gives the same
 * frames. Without randomness the device closes; until it does, the numbers have to differ, or what
 * answers one question would answer the next. */
uint32_t ip_stack_rand(void)
{
    struct ip_stack *stack = current();
    uint8_t bytes[4] = {0};

    if (stack && stack->entropy->fill(stack->entropy->ctx, bytes, sizeof(bytes)) != 0)
        return get_le32(stack->secret) + ++stack->failed_draws * 0x9E3779B1u;
    return get_le32(bytes);
}

/* lwIP's own timer list is not built in; these are the two hooks it expects of a replacement. */
void sys_timeouts_init(void)
{
}

void tcp_timer_needed(void)
{
}

static bool is_arp_request(const uint8_t *frame, size_t len)
{
    return len >= 22 && get_be16(frame + PACKET_TYPE_AT) == PACKET_ARP && frame[21] == 1;
}

/* The next hop of a frame to that address, as etharp_output() finds it; 0 = none. */
static ip4_addr_t next_hop(const struct netif *netif, const ip4_addr_t *to)
{
    if (ip4_addr_net_eq(to, netif_ip4_addr(netif), netif_ip4_netmask(netif)) ||
        ip4_addr_islinklocal(to))
        return *to;
    return *netif_ip4_gw(netif);
}

static bool may_leave(const struct ip_stack *stack, const uint8_t *frame, size_t len)
{
    ip4_addr_t peer, hop;

    if (stack->address_shared && !ip_filter_shared_may_send(frame, len))
        return false;
    if (stack->only_peer.ip == 0)
        return true;
    ip4_addr_set_u32(&peer, lwip_htonl(stack->only_peer.ip));
    hop = next_hop(netif_of(&stack->netif), &peer);
    return ip_filter_peer_may_be_sent(&stack->only_peer, lwip_ntohl(ip4_addr_get_u32(&hop)), frame,
                                      len);
}

/* A packet that waits for an ARP answer takes an entry of the ARP table, and the oldest known
 * station gives way to it. So only a few may wait at a time. For others the ARP request is sent all
 * the same; when TCP sends again, the station is known if it exists. */
static bool may_wait(struct ip_stack *stack, const ip4_addr_t *hop)
{
    struct ip_stack_arp_wait *free = NULL;
    const ip4_addr_t *known;
    struct eth_addr *mac;

    for (int i = 0; i < IP_STACK_ARP_WAITS; i++) {
        struct ip_stack_arp_wait *w = &stack->arp_wait[i];
        ip4_addr_t ip = {w->ip};

        if (ip4_addr_eq(&ip, hop)) {
            w->until_ms = stack->now_ms + ARP_PENDING_MS;
            return true;
        }
        if (w->until_ms <= stack->now_ms ||
            etharp_find_addr(netif_of(&stack->netif), &ip, &mac, &known) >= 0)
            free = w;
    }
    if (free)
        *free = (struct ip_stack_arp_wait){ip4_addr_get_u32(hop), stack->now_ms + ARP_PENDING_MS};
    return free != NULL;
}

#define COPIED_MAX 128u

/* The answer to an echo request is written into the request's own buffer, of which there are few.
 * So a copy of it waits, if it is short. */
static err_t wait_for_arp(struct netif *netif, struct pbuf *p, const ip4_addr_t *to)
{
    struct pbuf *copy;
    err_t err;

    if (!pbuf_match_allocsrc(p, PBUF_TYPE_ALLOC_SRC_MASK_STD_MEMP_PBUF_POOL))
        return etharp_output(netif, p, to);
    copy = p->tot_len <= COPIED_MAX ? pbuf_clone(PBUF_LINK, PBUF_RAM, p) : NULL;
    if (!copy)
        return ERR_MEM;
    err = etharp_output(netif, copy, to);
    pbuf_free(copy);
    return err;
}

static err_t output(struct netif *netif, struct pbuf *p, const ip4_addr_t *to)
{
    const ip4_addr_t *known;
    struct eth_addr *mac;
    ip4_addr_t hop = next_hop(netif, to);

    if (ip4_addr_isbroadcast(to, netif) || ip4_addr_ismulticast(to) || ip4_addr_isany_val(hop) ||
        etharp_find_addr(netif, &hop, &mac, &known) >= 0)
        return etharp_output(netif, p, to);
    if (may_wait(netif->state, &hop))
        return wait_for_arp(netif, p, to);
    return etharp_request(netif, &hop);
}

static err_t link_output(struct netif *netif, struct pbuf *p)
{
    struct ip_stack *stack = netif->state;
    const uint8_t *frame = p->payload;

    if (!stack->gate_open)
        return ERR_IF;
    /* LWIP_NETIF_TX_SINGLE_PBUF */
    if (p->next || p->len > LIMIT_FRAME)
        return ERR_BUF;
    if (!may_leave(stack, frame, p->len))
        return ERR_OK;
    if (is_arp_request(frame, p->len))
        stack->arp_busy_until_ms = stack->now_ms + ARP_PENDING_MS;
    return stack->ether->send(stack->ether->ctx, frame, p->len) == 0 ? ERR_OK : ERR_IF;
}

static err_t interface_init(struct netif *netif)
{
    netif->mtu = 1500;
    netif->hwaddr_len = LIMIT_MAC_BYTES;
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
    netif->output = output;
    netif->linkoutput = link_output;
    return ERR_OK;
}

int ip_stack_start(struct ip_stack *stack, const uint8_t mac[LIMIT_MAC_BYTES],
                   const struct hal_ether *ether, const struct hal_entropy *entropy,
                   uint64_t now_ms)
{
    memset(stack, 0, sizeof(*stack));
    stack->ether = ether;
    stack->entropy = entropy;
    stack->now_ms = now_ms;
    for (int i = 0; i < IP_STACK_TIMERS; i++)
        stack->due_ms[i] = now_ms + period_ms[i];
    /* Set before randomness is asked for: without it the interface can still witness DHCP. */
    memcpy(netif_of(&stack->netif)->hwaddr, mac, LIMIT_MAC_BYTES);
    lwip_init();
    if (entropy->fill(entropy->ctx, stack->secret, sizeof(stack->secret)) != 0)
        return -1;
    if (!netif_add(netif_of(&stack->netif), NULL, NULL, NULL, stack, interface_init, netif_input))
        return -1;
    netif_set_default(netif_of(&stack->netif));
    return 0;
}

/* Takes ownership of the buffer. */
static void input(struct ip_stack *stack, struct pbuf *p)
{
    struct netif *netif = netif_of(&stack->netif);
    bool wanted = stack->gate_open &&
                  (!stack->address_shared || ip_filter_shared_may_receive(p->payload, p->len)) &&
                  (!stack->admits || stack->admits(stack->admits_ctx, p->payload, p->len));

    if (!wanted || netif->input(p, netif) != ERR_OK)
        pbuf_free(p);
}

void ip_stack_input(struct ip_stack *stack, const uint8_t *frame, size_t len, uint64_t now_ms)
{
    struct pbuf *p = NULL;

    ip_stack_run(stack, now_ms);
    if (len <= LIMIT_FRAME)
        p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_POOL);
    if (!p)
        return;
    pbuf_take(p, frame, (u16_t)len);
    input(stack, p);
}

size_t ip_stack_receive(struct ip_stack *stack,
                        bool (*seen)(void *ctx, const uint8_t *frame, size_t len), void *ctx)
{
    const struct hal_ether *ether = stack->ether;
    /* One buffer of the pool holds any frame (PBUF_POOL_BUFSIZE). */
    struct pbuf *p = pbuf_alloc(PBUF_RAW, LIMIT_FRAME, PBUF_POOL);
    size_t len;
    bool wanted;

    if (!p)
        return ether->receive(ether->ctx, NULL, 0);
    len = ether->receive(ether->ctx, p->payload, LIMIT_FRAME);
    if (len == 0) {
        pbuf_free(p);
        return 0;
    }
    pbuf_realloc(p, (u16_t)len);
    wanted = seen(ctx, p->payload, len);
    ip_stack_catch_up(stack);
    if (wanted)
        input(stack, p);
    else
        pbuf_free(p);
    return len;
}

/* How many ticks of each timer can pass before one has an effect on the wire; NEVER: none has as
 * things stand. lwIP's own counts are higher by one; its 0 means never. */
#define NEVER UINT32_MAX

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* A connection that waits for the answer to its SYN needs only the tick that repeats the SYN; a
 * slow tick is two of TCP's ticks. Any other connection needs every tick. */
static uint32_t idle_tcp_ticks(void)
{
    uint32_t least = NEVER;

    for (const struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next) {
        if (pcb->state != SYN_SENT || pcb->unsent || pcb->nrtx >= TCP_SYNMAXRTX || pcb->rtime < 0 ||
            pcb->rtime >= pcb->rto)
            return 0;
        least = smaller(least, 2u * (uint32_t)(pcb->rto - pcb->rtime - 1));
    }
    return least;
}

static void find_idle_ticks(const struct ip_stack *stack, uint32_t ticks[IP_STACK_TIMERS])
{
    const struct dhcp *dhcp = netif_dhcp_data(netif_of(&stack->netif));

    ticks[IP_STACK_TCP] = idle_tcp_ticks();
    ticks[IP_STACK_ARP] = stack->due_ms[IP_STACK_ARP] <= stack->arp_busy_until_ms ? 0 : NEVER;
    ticks[IP_STACK_DNS] = resolver_waits(&stack->resolver) ? 0 : NEVER;
    ticks[IP_STACK_DHCP_FINE] = ticks[IP_STACK_DHCP_COARSE] = NEVER;
    if (!dhcp || dhcp->state == DHCP_STATE_OFF)
        return;
    ticks[IP_STACK_DHCP_FINE] = dhcp->request_timeout - 1u;
    ticks[IP_STACK_DHCP_COARSE] = smaller(dhcp->t1_renew_time - 1u, dhcp->t2_rebind_time - 1u);
    if (dhcp->t0_timeout)
        ticks[IP_STACK_DHCP_COARSE] = smaller(ticks[IP_STACK_DHCP_COARSE],
                                              (uint32_t)(dhcp->t0_timeout - dhcp->lease_used) - 1u);
}

uint64_t ip_stack_next_ms(const struct ip_stack *stack)
{
    uint32_t ticks[IP_STACK_TIMERS] = {0};
    uint64_t least = UINT64_MAX;

    if (!stack->eager_timers)
        find_idle_ticks(stack, ticks);
    for (int i = 0; i < IP_STACK_TIMERS; i++) {
        uint64_t due_ms = stack->due_ms[i] + (uint64_t)ticks[i] * period_ms[i];

        if (ticks[i] != NEVER && due_ms < least)
            least = due_ms;
    }
    return least;
}

static void tick(struct ip_stack *stack, int timer)
{
    switch (timer) {
    case IP_STACK_TCP:
        tcp_tmr();
        break;
    case IP_STACK_ARP:
        etharp_tmr();
        break;
    case IP_STACK_DNS:
        resolver_tick(&stack->resolver);
        break;
    case IP_STACK_DHCP_FINE:
        dhcp_fine_tmr();
        break;
    default:
        dhcp_coarse_tmr();
        break;
    }
}

/* Missed ticks that could not have changed anything are skipped, by whole seconds, since TCP counts
 * its fast and slow ticks in pairs. ARP's entries still have to age. */
static void skip_idle(struct ip_stack *stack)
{
    uint64_t now_ms = stack->now_ms;

    if (tcp_active_pcbs || tcp_tw_pcbs || resolver_waits(&stack->resolver))
        return;
    for (int i = IP_STACK_TCP; i <= IP_STACK_DNS; i++) {
        uint32_t keep_ms = i == IP_STACK_ARP ? ARP_AGES_OUT_TICKS * ARP_TMR_INTERVAL : 0;
        uint64_t due_ms = stack->due_ms[i];

        if (due_ms + keep_ms < now_ms)
            stack->due_ms[i] = now_ms - (now_ms - due_ms) % SKIPPED_MS - keep_ms;
    }
}

void ip_stack_catch_up(struct ip_stack *stack)
{
    uint64_t now_ms = stack->now_ms;

    if (!stack->eager_timers)
        skip_idle(stack);
    for (;;) {
        int first = 0;
        uint64_t due_ms = stack->due_ms[0];

        for (int i = 1; i < IP_STACK_TIMERS; i++)
            if (stack->due_ms[i] < due_ms) {
                first = i;
                due_ms = stack->due_ms[i];
            }
        if (due_ms > now_ms)
            break;
        stack->now_ms = due_ms;
        stack->due_ms[first] = due_ms + period_ms[first];
        tick(stack, first);
    }
    stack->now_ms = now_ms;
}

void ip_stack_run(struct ip_stack *stack, uint64_t now_ms)
{
    stack->now_ms = now_ms;
    ip_stack_catch_up(stack);
}

void ip_stack_trace(const struct ip_stack *stack, int event, uint32_t value, const char *text)
{
    stack->trace->record(stack->trace->ctx, stack->now_ms, event, value, text, NULL);
}

#if FW_TLS_TESTS
void ip_stack_memory(uint32_t *pool_entries, uint32_t *heap_bytes)
{
    *pool_entries = 0;
    for (int i = 0; i < MEMP_MAX; i++)
        *pool_entries += memp_pools[i]->stats->used;
    *heap_bytes = lwip_stats.mem.used;
}
#endif
