#include "fw/net/net.h"

#include <string.h>

#include "lwip/dhcp.h"
#include "lwip/dns.h"
#include "lwip/netif.h"

#include "fw/core/settings.h"
#include "fw/core/trace.h"
#include "fw/net/ports.h"
#include "fw/net/sca.h"
#if FW_TLS
#include "fw/net/tls.h"
#endif

void net_trace(const struct net *net, int event, uint32_t value, const char *text)
{
    const struct hal_console *console = &net->hal->console;

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
    net->hal = config->hal;
    net->blind_to_dhcp = config->blind_to_dhcp;
    result =
        stack_start(&net->stack, config->mac, &config->hal->ether, &config->hal->entropy, now_ms);
    net->stack.eager = config->eager_timers;
    return result;
}

static void use_address(struct net *net, uint32_t ip, uint32_t mask, uint32_t gateway, uint32_t dns)
{
    ip4_addr_t a = address(ip), m = address(mask), g = address(gateway);

    netif_set_addr(&net->stack.netif, &a, &m, &g);
    set_dns_server(dns);
}

static void use_witnessed_lease(struct net *net)
{
    const struct witness *l = &net->lease;

    use_address(net, l->ip, l->mask, l->gateway, l->dns);
}

/* With the gate shut, so that lwIP's RELEASE and resets stay inside. Taking the interface down
 * empties the ARP table, in which a RELEASE may be waiting for an address. */
static void leave_mode(struct net *net, uint64_t now_ms)
{
    net->stack.open = false;
    stack_run(&net->stack, now_ms);
    net_attempt_abort(net, now_ms);
    net_listen(net, 0);
#if FW_TLS
    if (net->tls)
        tls_drop(net->tls);
#endif
    dhcp_release_and_stop(&net->stack.netif);
    netif_set_addr(&net->stack.netif, NULL, NULL, NULL);
    netif_set_down(&net->stack.netif);
}

static bool is_set(const struct net *net, enum net_mode mode, const struct net_fixed *fixed)
{
    return mode == net->mode &&
           (mode != NET_FIXED || memcmp(fixed, &net->fixed, sizeof(*fixed)) == 0);
}

void net_set_mode(struct net *net, enum net_mode mode, const struct net_fixed *fixed,
                  uint64_t now_ms)
{
    static const char *const name[] = {"closed", "active", "passive", "fixed"};

    if (is_set(net, mode, fixed))
        return;
    leave_mode(net, now_ms);
    net->mode = mode;
    net_trace(net, TRACE_NET_MODE, 0, name[mode]);
    if (mode == NET_FIXED)
        net->fixed = *fixed;
    net->stack.shared = mode == NET_PASSIVE;
    /* Without an address of any kind there is nothing to say. */
    net->stack.open = mode != NET_CLOSED && !(mode == NET_FIXED && fixed->ip == 0);
    if (!net->stack.open)
        return;
    netif_set_up(&net->stack.netif);
    if (mode == NET_ACTIVE) {
        dhcp_start(&net->stack.netif);
    } else if (mode == NET_FIXED) {
        use_address(net, fixed->ip, fixed->mask, fixed->gateway, fixed->dns);
    } else if (net->lease.ip) {
        use_witnessed_lease(net);
    }
}

static void watch_lease(struct net *net, uint64_t now_ms)
{
    if (net->lease.ip == 0 || now_ms < net->lease_end_ms)
        return;
    net->lease.ip = 0;
    if (net->mode == NET_PASSIVE)
        netif_set_addr(&net->stack.netif, NULL, NULL, NULL);
}

/* The host's exchange and the ME's own alike: an ACK for the shared MAC is an ACK. */
static void watch(void *ctx, const uint8_t *frame, size_t len)
{
    struct net *net = ctx;
    struct witness seen;

    if ((net->blind_to_dhcp && net->mode == NET_CLOSED) ||
        !witness_dhcp_ack(frame, len, net->stack.netif.hwaddr, &seen))
        return;
    net->lease = seen;
    net->lease_end_ms = seen.lease_s == UINT32_MAX
                            ? UINT64_MAX
                            : net->stack.now_ms + (uint64_t)seen.lease_s * 1000u;
    net->facts.option15_seen |= seen.option15[0] != '\0';
    if (net->mode != NET_ACTIVE)
        net_trace(net, TRACE_WITNESSED, seen.ip, seen.option15[0] ? seen.option15 : NULL);
    if (net->mode == NET_PASSIVE)
        use_witnessed_lease(net);
}

static void follow_link(struct net *net)
{
    const struct hal_ether *ether = &net->hal->ether;
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
        net_trace(net, TRACE_ADDRESS, ip, net->lease.option15[0] ? net->lease.option15 : NULL);
}

/* After each frame, so that what one carries is done with before the next takes a buffer. */
static void serve(struct net *net)
{
#if FW_TLS
    if (net->tls)
        tls_poll(net->tls);
#else
    (void)net;
#endif
}

void net_poll(struct net *net, uint64_t now_ms)
{
    uint32_t left = LIMIT_FRAMES_PER_POLL;

    stack_run(&net->stack, now_ms);
    follow_link(net);
    watch_lease(net, now_ms);
    serve(net);
    while (left > 0 && stack_receive(&net->stack, now_ms, watch, net) > 0) {
        serve(net);
        left--;
    }
    net->backlog = left == 0;
    follow_address(net);
}

const char *net_option15(const struct net *net)
{
    return net->lease.option15;
}

void net_address(const struct net *net, struct net_fixed *out)
{
    const struct netif *n = &net->stack.netif;
    const struct witness *l = &net->lease;

    memset(out, 0, sizeof(*out));
    if (net->facts.ip == 0)
        return;
    if (net->mode == NET_CLOSED) {
        *out = (struct net_fixed){l->ip, l->mask, l->gateway, l->dns};
        return;
    }
    out->ip = net->facts.ip;
    out->mask = lwip_ntohl(ip4_addr_get_u32(netif_ip4_netmask(n)));
    out->gateway = lwip_ntohl(ip4_addr_get_u32(netif_ip4_gw(n)));
    out->dns = lwip_ntohl(ip4_addr_get_u32(ip_2_ip4(dns_getserver(0))));
}

uint64_t net_next_ms(const struct net *net)
{
    uint64_t next = stack_next_ms(&net->stack);

    if (net->backlog)
        return net->stack.now_ms;
    if (net->mode == NET_PASSIVE && net->lease.ip && net->lease_end_ms < next)
        next = net->lease_end_ms;
#if FW_TLS
    if (net->tls && tls_next_ms(net->tls) < next)
        next = tls_next_ms(net->tls);
#endif
    return next;
}
