#include "fw/net/net.h"

#include <stddef.h>
#include <string.h>

#include "lwip/dhcp.h"
#include "lwip/dns.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/prot/dhcp.h"

#include "fw/core/attempt.h"
#include "fw/core/text.h"
#include "fw/core/trace.h"
#include "fw/net/netif_of.h"

_Static_assert(CHECKSUM_CHECK_IP != 0 && CHECKSUM_CHECK_UDP != 0 && CHECKSUM_CHECK_TCP != 0 &&
                   CHECKSUM_CHECK_ICMP != 0,
               "no port checks them, so lwIP has to");

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

static int draw(void *ctx, void *out, size_t len)
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
    net->entropy = (struct hal_entropy){.ctx = net, .fill = draw};
    error = stack_start(&net->stack, mac, &hal->ether, &net->entropy, net_now_ms(net));
    net->stack.trace = &hal->trace;
    hello_sender_begin(&net->hello, &net->stack);
#if FW_SERVED
    ports_begin(&net->ports, &net->stack);
#endif
    return error;
}

static void use_address(struct net *net, const struct static_address *own)
{
    ip4_addr_t ip = address(own->ip), mask = address(own->mask), gateway = address(own->gateway);
    ip_addr_t server;

    netif_set_addr(netif_of(&net->stack.netif), &ip, &mask, &gateway);
    ip_addr_copy_from_ip4(server, address(own->dns1));
    dns_setserver(0, &server);
}

/* With the gate shut, so that lwIP's RELEASE and resets stay inside. Taking the interface down
 * empties the ARP table, in which a RELEASE may be waiting for an address. */
static void leave_mode(struct net *net)
{
    net->stack.open = false;
    hello_sender_lose(&net->hello);
    net_serve(net, ACCESS_NOBODY);
    dhcp_release_and_stop(netif_of(&net->stack.netif));
    netif_set_addr(netif_of(&net->stack.netif), NULL, NULL, NULL);
    netif_set_down(netif_of(&net->stack.netif));
}

static bool is_set(const struct net *net, enum net_mode mode, const struct static_address *fixed)
{
    return mode == net->mode &&
           (mode != NET_FIXED ||
            memcmp(fixed, &net->fixed, offsetof(struct static_address, dns2)) == 0);
}

void net_set_mode(struct net *net, enum net_mode mode, const struct static_address *fixed)
{
    const struct static_address *known = &net->lease.address;

    if (is_set(net, mode, fixed))
        return;
    leave_mode(net);
    net->mode = mode;
    stack_trace(&net->stack, TRACE_NET_MODE, 0,
                text_item("closed\0active\0passive\0fixed\0", mode));
    if (mode == NET_CLOSED)
        return;
    if (mode == NET_FIXED) {
        net->fixed = *fixed;
        known = fixed;
        if (fixed->ip == 0) /* there is nothing to say */
            return;
    }
    net->stack.shared = mode == NET_PASSIVE;
    net->stack.open = true;
    netif_set_up(netif_of(&net->stack.netif));
    if (mode == NET_ACTIVE)
        dhcp_start(netif_of(&net->stack.netif));
    else if (known->ip)
        use_address(net, known);
}

static void lose_lease(struct net *net)
{
    net->lease.address.ip = 0;
    if (net->mode == NET_PASSIVE)
        netif_set_addr(netif_of(&net->stack.netif), NULL, NULL, NULL);
}

static void watch_lease(struct net *net)
{
    if (net->lease.address.ip != 0 && net_now_ms(net) >= net->lease_end_ms)
        lose_lease(net);
}

/* What a trace says of the lease. */
static const char *option15(const struct net *net)
{
    return net->lease.option15[0] ? net->lease.option15 : NULL;
}

static void take_lease(struct net *net, const struct witness *given, uint64_t asked_ms)
{
    net->lease = *given;
    net->lease_end_ms =
        given->lease_s == UINT32_MAX ? UINT64_MAX : asked_ms + (uint64_t)given->lease_s * 1000u;
    net->facts.option15_seen |= given->option15[0] != '\0';
    if (net->mode != NET_ACTIVE)
        stack_trace(&net->stack, TRACE_WITNESSED, given->address.ip, option15(net));
    if (net->mode == NET_PASSIVE)
        use_address(net, &net->lease.address);
}

static bool is_blind(const struct net *net)
{
    return net->blind_to_dhcp && net->mode == NET_CLOSED;
}

/* What lwIP's client waits for an answer to. */
static struct witness_request own_request(const struct net *net)
{
    const struct dhcp *dhcp = netif_dhcp_data(netif_of(&net->stack.netif));
    struct witness_request own = {.sent_ms = net_now_ms(net)};

    if (!dhcp)
        return own;
    own.open = dhcp->state == DHCP_STATE_REQUESTING || dhcp->state == DHCP_STATE_REBOOTING ||
               dhcp->state == DHCP_STATE_RENEWING || dhcp->state == DHCP_STATE_REBINDING;
    own.xid = dhcp->xid;
    own.ip = number(&dhcp->offered_ip_addr);
    if (dhcp->state == DHCP_STATE_REQUESTING || dhcp->state == DHCP_STATE_RENEWING)
        own.server = number(ip_2_ip4(&dhcp->server_ip_addr));
    return own;
}

/* One frame, from its sight until lwIP is done with it. */
struct sight {
    struct net *net;
    struct witness given;
    uint64_t asked_ms;
    bool own; /* of the ME's own exchange */
    enum witness_reply reply;
};

/* Returns whether lwIP may have it. Its client would take what no machine can have, or an answer
 * from another server than it asked. */
static bool watch(void *ctx, const uint8_t *frame, size_t len)
{
    struct sight *sight = ctx;
    struct net *net = sight->net;
    struct witness_request own = own_request(net);
    struct witness_request *request = sight->own ? &own : &net->host_request;

    if (is_blind(net))
        return true;
    sight->reply = witness_reply(request, frame, len, netif_of(&net->stack.netif)->hwaddr,
                                 net_now_ms(net), &sight->given);
    sight->asked_ms = request->sent_ms;
    return sight->reply != WITNESS_REFUSED;
}

/* While the ME leases for itself, what its client has accepted counts and nothing else. */
static bool is_accepted(const struct sight *sight)
{
    const struct dhcp *dhcp = netif_dhcp_data(netif_of(&sight->net->stack.netif));

    return sight->reply == WITNESS_ACK &&
           (!sight->own || (dhcp && dhcp->state == DHCP_STATE_BOUND));
}

static size_t receive(struct net *net)
{
    struct sight sight = {.net = net, .own = net->mode == NET_ACTIVE};
    size_t len = stack_receive(&net->stack, watch, &sight);

    if (is_accepted(&sight))
        take_lease(net, &sight.given, sight.asked_ms);
    else if (sight.reply == WITNESS_NAK)
        lose_lease(net);
    return len;
}

/* What the host has sent, before what may be an answer to it. While lwIP has no buffer it waits. */
static void overhear(struct net *net)
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
            witness_host(&net->host_request, p->payload, len, netif_of(&net->stack.netif)->hwaddr,
                         net_now_ms(net));
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
    stack_trace(&net->stack, TRACE_LINK, up, NULL);
    if (up)
        netif_set_link_up(netif_of(&net->stack.netif));
    else
        netif_set_link_down(netif_of(&net->stack.netif));
}

static uint32_t address_in_use(struct net *net)
{
    if (net->mode == NET_CLOSED)
        return net->lease.address.ip;
    if (net->mode == NET_ACTIVE && !dhcp_supplied_address(netif_of(&net->stack.netif)))
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
        stack_trace(&net->stack, TRACE_ADDRESS, ip, option15(net));
}

/* After each frame, so that what one carries is done with before the next takes a buffer. */
static void serve(struct net *net)
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

    stack_catch_up(&net->stack);
    follow_link(net);
    watch_lease(net);
    serve(net);
    overhear(net);
    while (left > 0 && receive(net) > 0) {
        hello_sender_go_on(&net->hello);
        serve(net);
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
        out->dns1 = number(ip_2_ip4(dns_getserver(0)));
    }
    out->ip = net->facts.ip;
    if (out->ip == 0)
        memset(out, 0, sizeof(*out));
}

uint64_t net_next_ms(const struct net *net)
{
    uint64_t next = stack_next_ms(&net->stack);

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
