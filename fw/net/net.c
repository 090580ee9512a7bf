// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/net.h"

#include <stddef.h>
#include <string.h>

#include "lwip/dhcp.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/prot/dhcp.h"

#include "fw/core/attempt.h"
#include "fw/core/text.h"
#include "fw/core/trace.h"
#include "fw/net/netif_of.h"

_Static_assert(CHECKSUM_CHECK_IP != 0 && CHECKSUM_CHECK_UDP != 0 && CHECKSUM_CHECK_TCP != 0 &&
                   CHECKSUM_CHECK_ICMP != 0,
               "the ports of hal/ do not check them, so lwIP has to");

static ip4_addr_t address(uint32_t ip)
{
    ip4_addr_t a;

    ip4_addr_set_u32(&a, lwip_htonl(ip));
    return a;
}

static uint32_t number(const ip4_addr_t *address)
{
    return lwip_ntohl(ip4_addr_get_u32(address));
}

static int fill_entropy(void *ctx, void *out, size_t len)
{
    struct net *net = ctx;
    const struct hal_entropy *board = &net->hal->entropy;
    int error = board->fill(board->ctx, out, len);

    net->entropy_failed |= error != 0;
    return error;
}

int net_boot(struct net *net, const struct hal *hal, const uint8_t mac[LIMIT_MAC_BYTES])
{
    int error;

    net->hal = hal;
    net->entropy = (struct hal_entropy){.ctx = net, .fill = fill_entropy};
    error = ip_stack_start(&net->stack, mac, &hal->ether, &net->entropy, net_now_ms(net));
    net->stack.trace = &hal->trace;
    hello_sender_init(&net->hello, &net->stack);
#if FW_SERVED
    ports_init(&net->ports, &net->stack);
#endif
    return error;
}

static void use_name_servers(struct net *net, const struct static_address *chosen)
{
    net->stack.resolver.server[0] = chosen->dns1;
    net->stack.resolver.server[1] = chosen->dns2;
}

static void use_address(struct net *net, const struct static_address *chosen)
{
    ip4_addr_t ip = address(chosen->ip), mask = address(chosen->mask),
               gateway = address(chosen->gateway);

    netif_set_addr(netif_of(&net->stack.netif), &ip, &mask, &gateway);
    use_name_servers(net, chosen);
}

/* The gate is closed first, so that lwIP's RELEASE and resets stay inside. Taking the interface
 * down empties the ARP table, in which a RELEASE may be waiting for an address. */
static void leave_mode(struct net *net)
{
    net->stack.gate_open = false;
#if FW_MACHINE
    net->kept = false;
#endif
    hello_sender_network_lost(&net->hello);
    net_set_policy(net, ACCESS_NOBODY);
    dhcp_release_and_stop(netif_of(&net->stack.netif));
    netif_set_addr(netif_of(&net->stack.netif), NULL, NULL, NULL);
    netif_set_down(netif_of(&net->stack.netif));
}

static bool is_in_mode(const struct net *net, enum net_mode mode,
                       const struct static_address *fixed)
{
    return mode == net->mode &&
           (mode != NET_FIXED || memcmp(fixed, &net->fixed, sizeof(*fixed)) == 0);
}

#if FW_MACHINE
/* Whether the machine boots, or is shut down, while somebody is at its serial line: then the
 * address that the host has used so far, or will use from now on, stays, and with it what is
 * connected. */
static bool is_handed_over(const struct net *net, enum net_mode mode)
{
    return ((net->mode == NET_PASSIVE && mode == NET_ACTIVE) ||
            (net->mode == NET_ACTIVE && mode == NET_PASSIVE)) &&
           net->facts.ip != 0 && net->facts.ip == net->lease.address.ip &&
           turns_have_beside(&net->ports.turns);
}

static void hand_over(struct net *net, enum net_mode mode)
{
    struct netif *netif = netif_of(&net->stack.netif);

    net->kept = mode == NET_ACTIVE;
    net->stack.address_shared = mode == NET_PASSIVE;
    if (net->kept) {
        dhcp_start(netif);
        return;
    }
    netif_dhcp_data(netif)->state = DHCP_STATE_INIT; /* a client without address gives none back */
    dhcp_release_and_stop(netif);
    use_address(net, &net->lease.address);
}
#else
static inline bool is_handed_over(const struct net *net, enum net_mode mode)
{
    (void)net;
    (void)mode;
    return false;
}

static inline void hand_over(struct net *net, enum net_mode mode)
{
    (void)net;
    (void)mode;
}
#endif

static void trace_mode(const struct net *net)
{
    ip_stack_trace(&net->stack, TRACE_NET_MODE, 0,
                   text_item("closed\0active\0passive\0fixed\0", net->mode));
}

void net_set_mode(struct net *net, enum net_mode mode, const struct static_address *fixed)
{
    const struct static_address *known = &net->lease.address;

    if (is_in_mode(net, mode, fixed))
        return;
    if (is_handed_over(net, mode)) {
        hand_over(net, mode);
        net->mode = mode;
        trace_mode(net);
        return;
    }
    leave_mode(net);
    net->mode = mode;
    trace_mode(net);
    if (mode == NET_CLOSED)
        return;
    if (mode == NET_FIXED) {
        net->fixed = *fixed;
        known = fixed;
        if (fixed->ip == 0) /* no address to send from */
            return;
    }
    net->stack.address_shared = mode == NET_PASSIVE;
    net->stack.gate_open = true;
    netif_set_up(netif_of(&net->stack.netif));
    if (mode == NET_ACTIVE)
        dhcp_start(netif_of(&net->stack.netif));
    else if (known->ip)
        use_address(net, known);
}

/* Whether it is the host's that it still uses, until it has one of its own. */
static bool keeps_address(const struct net *net)
{
#if FW_MACHINE
    return net->kept && !dhcp_supplied_address(netif_of(&net->stack.netif));
#else
    (void)net;
    return false;
#endif
}

static void lose_lease(struct net *net)
{
    net->lease.address.ip = 0;
    if (net->mode == NET_PASSIVE || keeps_address(net))
        netif_set_addr(netif_of(&net->stack.netif), NULL, NULL, NULL);
}

static void expire_lease(struct net *net)
{
    if (net->lease.address.ip != 0 && net_now_ms(net) >= net->lease_end_ms)
        lose_lease(net);
}

/* For the trace; NULL = none. */
static const char *option15(const struct net *net)
{
    return net->lease.option15[0] ? net->lease.option15 : NULL;
}

/* A new name decides whose certificate is trusted: it does not change silently. */
static void trace_option15(const struct net *net, const struct witness_lease *lease)
{
    const struct witness_lease *before = &net->lease;

    if (lease->option15_refused && !before->option15_refused)
        ip_stack_trace(&net->stack, TRACE_OPTION15, 0, NULL);
    else if (before->lease_s && strcmp(before->option15, lease->option15) != 0)
        ip_stack_trace(&net->stack, TRACE_OPTION15, 1, lease->option15[0] ? lease->option15 : NULL);
}

static void use_lease(struct net *net, const struct witness_lease *lease, uint64_t asked_ms)
{
    trace_option15(net, lease);
    net->lease = *lease;
    net->lease_end_ms =
        lease->lease_s == UINT32_MAX ? UINT64_MAX : asked_ms + (uint64_t)lease->lease_s * 1000u;
    net->facts.option15_seen |= lease->option15[0] != '\0';
    if (net->mode != NET_ACTIVE)
        ip_stack_trace(&net->stack, TRACE_WITNESSED, lease->address.ip, option15(net));
    if (net->mode == NET_PASSIVE)
        use_address(net, &net->lease.address);
    else if (net->mode == NET_ACTIVE)
        use_name_servers(net, &net->lease.address);
}

static bool is_blind(const struct net *net)
{
    return net->blind_to_dhcp && net->mode == NET_CLOSED;
}

/* The request for which lwIP's client awaits an answer. */
static struct witness_request own_request(const struct net *net)
{
    const struct dhcp *dhcp = netif_dhcp_data(netif_of(&net->stack.netif));
    struct witness_request request = {.sent_ms = net_now_ms(net)};

    if (!dhcp)
        return request;
    request.open = dhcp->state == DHCP_STATE_REQUESTING || dhcp->state == DHCP_STATE_REBOOTING ||
                   dhcp->state == DHCP_STATE_RENEWING || dhcp->state == DHCP_STATE_REBINDING;
    request.xid = dhcp->xid;
    request.ip = number(&dhcp->offered_ip_addr);
    if (dhcp->state == DHCP_STATE_REQUESTING || dhcp->state == DHCP_STATE_RENEWING)
        request.server = number(ip_2_ip4(&dhcp->server_ip_addr));
    return request;
}

/* One received frame, until lwIP is done with it. */
struct seen_frame {
    struct net *net;
    struct witness_lease lease;
    uint64_t asked_ms;
    bool own_exchange; /* it would answer the ME's own client */
    enum witness_reply reply;
};

static bool is_too_soon(struct net *net, const struct seen_frame *seen)
{
    uint64_t now = net_now_ms(net);
    bool refusal = seen->own_exchange && seen->reply == WITNESS_NAK;

    if (refusal && now < net->refusals_from_ms)
        return true;
    if (refusal)
        net->refusals_from_ms = now + LIMIT_DHCP_REFUSAL_MS;
    return false;
}

/* Nothing leaves through a closed interface, nor beside a last reply. */
static bool is_ping(struct net *net, const uint8_t *frame, size_t len)
{
#if FW_MANAGE
    return net->stack.gate_open && net->stack.only_peer.ip == 0 &&
           presence_port_input(&net->presence, &net->hal->ether, net->facts.ip, net_now_ms(net),
                               frame, len);
#else
    (void)net;
    (void)frame;
    (void)len;
    return false;
#endif
}

/* Returns whether lwIP may have the frame. Its client would accept an address that no machine can
 * have, or the answer of a server that it did not ask. */
static bool inspect(void *ctx, const uint8_t *frame, size_t len)
{
    struct seen_frame *seen = ctx;
    struct net *net = seen->net;
    struct witness_request own = own_request(net);
    struct witness_request *request = seen->own_exchange ? &own : &net->host_request;

    if (is_ping(net, frame, len))
        return false;
    if (is_blind(net))
        return true;
    seen->reply = witness_server_frame(request, frame, len, netif_of(&net->stack.netif)->hwaddr,
                                       net_now_ms(net), &seen->lease);
    seen->asked_ms = request->sent_ms;
    if (is_too_soon(net, seen))
        seen->reply = WITNESS_REFUSED;
    return seen->reply != WITNESS_REFUSED;
}

/* While the ME leases for itself, only what its client has accepted counts. */
static bool is_accepted(const struct seen_frame *seen)
{
    const struct dhcp *dhcp = netif_dhcp_data(netif_of(&seen->net->stack.netif));

    return seen->reply == WITNESS_ACK &&
           (!seen->own_exchange || (dhcp && dhcp->state == DHCP_STATE_BOUND));
}

static size_t receive(struct net *net)
{
    struct seen_frame seen = {.net = net, .own_exchange = net->mode == NET_ACTIVE};
    size_t len = ip_stack_receive(&net->stack, inspect, &seen);

    if (is_accepted(&seen))
        use_lease(net, &seen.lease, seen.asked_ms);
    else if (seen.reply == WITNESS_NAK)
        lose_lease(net);
    return len;
}

/* The host's frames are read before the frame that may answer them. They wait while lwIP has no
 * buffer. */
static void read_host_frames(struct net *net)
{
    const struct hal_ether *ether = &net->hal->ether;
    struct pbuf *p = ether->host_sent ? pbuf_alloc(PBUF_RAW, LIMIT_FRAME, PBUF_POOL) : NULL;
    size_t len;

    if (!p)
        return;
    for (uint32_t left = LIMIT_FRAMES_PER_POLL; left > 0; left--) {
        len = ether->host_sent(ether->ctx, p->payload, LIMIT_FRAME);
        if (len == 0)
            break;
        if (!is_blind(net))
            witness_host_frame(&net->host_request, p->payload, len,
                               netif_of(&net->stack.netif)->hwaddr, net_now_ms(net));
    }
    pbuf_free(p);
}

static void follow_link(struct net *net)
{
    const struct hal_ether *ether = &net->hal->ether;
    bool up = ether->link_up(ether->ctx);

    if (up == net->facts.link)
        return;
    net->facts.link = up;
    ip_stack_trace(&net->stack, TRACE_LINK, up, NULL);
    if (up)
        netif_set_link_up(netif_of(&net->stack.netif));
    else
        netif_set_link_down(netif_of(&net->stack.netif));
}

static uint32_t address_in_use(struct net *net)
{
    if (net->mode == NET_CLOSED)
        return net->lease.address.ip;
    if (net->mode == NET_ACTIVE && !dhcp_supplied_address(netif_of(&net->stack.netif)) &&
        !keeps_address(net))
        return 0;
    return lwip_ntohl(ip4_addr_get_u32(netif_ip4_addr(netif_of(&net->stack.netif))));
}

static void follow_address(struct net *net)
{
    uint32_t ip = address_in_use(net);

    if (ip == net->facts.ip)
        return;
    net->facts.ip = ip;
    if (net->mode != NET_CLOSED)
        ip_stack_trace(&net->stack, TRACE_ADDRESS, ip, option15(net));
}

/* After each frame, so that its content is processed before the next one takes a buffer. */
static void poll_ports(struct net *net)
{
#if FW_SERVED
    turns_poll(&net->ports.turns);
#else
    (void)net;
#endif
}

void net_poll(struct net *net)
{
    uint32_t left = LIMIT_FRAMES_PER_POLL;

    ip_stack_catch_up(&net->stack);
    follow_link(net);
    expire_lease(net);
    poll_ports(net);
    read_host_frames(net);
    while (left > 0 && receive(net) > 0) {
        hello_sender_poll(&net->hello);
        poll_ports(net);
        left--;
    }
    net->backlog = left == 0;
    follow_address(net);
}

void net_address(const struct net *net, struct static_address *out)
{
    const struct netif *n = netif_of(&net->stack.netif);

    *out = net->lease.address;
    if (net->mode != NET_CLOSED) {
        out->mask = number(netif_ip4_netmask(n));
        out->gateway = number(netif_ip4_gw(n));
        out->dns1 = net->stack.resolver.server[0];
        out->dns2 = net->stack.resolver.server[1];
    }
    out->ip = net->facts.ip;
    if (out->ip == 0)
        memset(out, 0, sizeof(*out));
}

uint64_t net_next_ms(const struct net *net)
{
    uint64_t next = ip_stack_next_ms(&net->stack);

    if (net->backlog || net->hello.report.event != ATTEMPT_EVENTS)
        return net_now_ms(net);
    if (net->mode == NET_PASSIVE && net->lease.address.ip && net->lease_end_ms < next)
        next = net->lease_end_ms;
#if FW_SERVED
    if (turns_next_ms(&net->ports.turns) < next)
        next = turns_next_ms(&net->ports.turns);
#endif
    return next;
}

bool net_lacks_entropy(const struct net *net)
{
    return net->entropy_failed;
}
