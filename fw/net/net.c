#include "fw/net/net.h"

#include <string.h>

#include "lwip/dhcp.h"
#include "lwip/dns.h"
#include "lwip/netif.h"

#include "fw/core/settings.h"
#include "fw/core/trace.h"
#include "fw/net/sca.h"

void net_trace(const struct net *net, int event, uint32_t value, const char *text)
{
    const struct hal_console *console = &net->config.hal->console;

    console->trace(console->ctx, net->stack.now_ms, event, value, text, NULL);
}

static ip4_addr_t address(uint32_t ip)
{
    ip4_addr_t a;

    ip4_addr_set_u32(&a, lwip_htonl(ip));
    return a;
}

static void set_dns_server(uint32_t ip)
{
    ip_addr_t server;

    ip_addr_copy_from_ip4(server, address(ip));
    dns_setserver(0, &server);
}

int net_boot(struct net *net, const struct net_config *config, uint64_t now_ms)
{
    int result;

    memset(net, 0, sizeof(*net));
    net->config = *config;
    result =
        stack_start(&net->stack, config->mac, &config->hal->ether, &config->hal->entropy, now_ms);
    net->stack.eager = config->eager_timers;
    return result;
}

static void use_witnessed_lease(struct net *net)
{
    ip4_addr_t ip = address(net->lease.ip), mask = address(net->lease.mask),
               gateway = address(net->lease.gateway);

    netif_set_addr(&net->stack.netif, &ip, &mask, &gateway);
    set_dns_server(net->lease.dns);
}

/* With the gate shut, so that lwIP's RELEASE and resets stay inside. Taking the interface down
 * empties the ARP table, in which a RELEASE may be waiting for an address. */
static void leave_mode(struct net *net, uint64_t now_ms)
{
    net->stack.open = false;
    stack_run(&net->stack, now_ms);
    net_attempt_abort(net, now_ms);
    dhcp_release_and_stop(&net->stack.netif);
    netif_set_addr(&net->stack.netif, NULL, NULL, NULL);
    netif_set_down(&net->stack.netif);
}

void net_set_mode(struct net *net, enum net_mode mode, uint64_t now_ms)
{
    static const char *const name[] = {"closed", "active", "passive"};

    if (mode == net->mode)
        return;
    leave_mode(net, now_ms);
    net->mode = mode;
    net_trace(net, TRACE_NET_MODE, 0, name[mode]);
    net->stack.shared = mode == NET_PASSIVE;
    net->stack.open = mode != NET_CLOSED;
    if (mode == NET_CLOSED)
        return;
    netif_set_up(&net->stack.netif);
    if (mode == NET_ACTIVE)
        dhcp_start(&net->stack.netif);
    else if (net->lease.ip)
        use_witnessed_lease(net);
}

/* The host's exchange and the ME's own alike: an ACK for the shared MAC is an ACK. */
static void watch(struct net *net, size_t len)
{
    struct witness seen;

    if ((net->config.blind_to_dhcp && net->mode == NET_CLOSED) ||
        !witness_dhcp_ack(net->frame, len, net->config.mac, &seen))
        return;
    net->lease = seen;
    memcpy(net->facts.option15, seen.option15, sizeof(net->facts.option15));
    net->facts.option15_seen |= seen.option15[0] != '\0';
    if (net->mode != NET_ACTIVE)
        net_trace(net, TRACE_WITNESSED, seen.ip, seen.option15[0] ? seen.option15 : NULL);
    if (net->mode == NET_PASSIVE)
        use_witnessed_lease(net);
}

static void follow_link(struct net *net)
{
    const struct hal_ether *ether = &net->config.hal->ether;
    bool up = ether->link_up(ether->ctx);

    if (up == net->facts.link)
        return;
    net->facts.link = up;
    net_trace(net, TRACE_LINK, up, NULL);
    if (up)
        netif_set_link_up(&net->stack.netif);
    else
        netif_set_link_down(&net->stack.netif);
}

static uint32_t address_in_use(struct net *net)
{
    if (net->mode == NET_CLOSED)
        return net->lease.ip;
    if (net->mode == NET_ACTIVE && !dhcp_supplied_address(&net->stack.netif))
        return 0;
    return lwip_ntohl(ip4_addr_get_u32(netif_ip4_addr(&net->stack.netif)));
}

static void follow_address(struct net *net)
{
    uint32_t ip = address_in_use(net);

    if (ip == net->facts.ip)
        return;
    net->facts.ip = ip;
    if (net->mode != NET_CLOSED)
        net_trace(net, TRACE_ADDRESS, ip, net->facts.option15[0] ? net->facts.option15 : NULL);
}

void net_poll(struct net *net, uint64_t now_ms)
{
    const struct hal_ether *ether = &net->config.hal->ether;
    uint32_t left = LIMIT_FRAMES_PER_POLL;
    size_t len = 0;

    stack_run(&net->stack, now_ms);
    follow_link(net);
    while (left > 0 && (len = ether->receive(ether->ctx, net->frame, sizeof(net->frame))) > 0) {
        watch(net, len);
        stack_input(&net->stack, net->frame, len, now_ms);
        left--;
    }
    net->backlog = left == 0;
    follow_address(net);
}

uint64_t net_next_ms(const struct net *net)
{
    return net->backlog ? net->stack.now_ms : stack_next_ms(&net->stack);
}
