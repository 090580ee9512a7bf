#ifndef NET_NET_H
#define NET_NET_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/access.h"
#include "fw/core/interface.h"
#include "fw/core/limits.h"
#include "fw/net/hello_sender.h"
#include "fw/net/ports.h"
#include "fw/net/stack.h"
#include "fw/net/witness.h"
#include "hal/hal.h"

/* The ME's side of the wire: interface open or closed, an address by DHCP of its own (active) or by
 * watching the host's (passive), the hello, and ports for whoever carries their connections. */

/* What the ME knows of the network since the firmware reset. */
struct net_facts {
    uint32_t ip; /* to say hello from; 0 = none */
    bool link;
    bool option15_seen; /* any exchange carried one (StartConfiguration's condition) */
};

struct net {
    const struct hal *hal;
    /* The board's, for everybody who draws from it while the device runs: who does so in vain is
     * noted. */
    struct hal_entropy entropy;
    bool entropy_failed;
    enum net_mode mode;
    bool blind_to_dhcp; /* fault: a closed interface does not watch the host's DHCP (S0) */
    bool backlog;       /* frames may still be waiting */
    struct net_facts facts;
    struct hello_sender hello;
    struct ports ports;
    struct stack stack;
    struct static_address fixed;
    struct witness_request host_request; /* the host's, under way */
    struct witness lease; /* the latest witnessed; ip 0 = none, it has run out or was taken back;
                             its option 15 stays */
    uint64_t lease_end_ms;
};

/* The time of the call that the net is in. It is set before anything below is called; lwIP's timers
 * run up to it later, when something needs them. */
static inline uint64_t net_now_ms(const struct net *net)
{
    return net->stack.now_ms;
}

static inline void net_set_now(struct net *net, uint64_t now_ms)
{
    net->stack.now_ms = now_ms;
}

/* Interface closed. net is all zero, but for the time. Returns 0, or -1 when there is no
 * randomness: the net then stays closed. */
int net_boot(struct net *net, const struct hal *hal, const uint8_t mac[LIMIT_MAC_BYTES]);
/* fixed is looked at in NET_FIXED only, and not its dns2: its ip 0 = none, and then nothing is
 * sent. Setting what is set changes nothing. */
void net_set_mode(struct net *net, enum net_mode mode, const struct static_address *fixed);
/* Somebody has drawn randomness in vain since the boot. */
bool net_lacks_entropy(const struct net *net);
/* Takes in waiting frames, runs due timers, brings the facts up to date. */
void net_poll(struct net *net);
/* When to poll again, if nothing else happens. */
uint64_t net_next_ms(const struct net *net);

/* The address in use, all zero when there is none; the host's while the interface is closed. */
void net_address(const struct net *net, struct static_address *out);

/* Of the latest DHCP exchange; "" = none. */
static inline const char *net_option15(const struct net *net)
{
    return net->lease.option15;
}

/* Whom the ports listen to from now on (ports_serve()). An interface that changes its mode listens
 * to nobody. */
static inline void net_serve(struct net *net, enum access_policy policy)
{
    ports_serve(&net->ports, policy);
}

#if FW_SERVED
/* At the boot: from now on it carries the connections of that port. */
static inline void net_carry(struct net *net, uint16_t port, const struct carrier *carrier)
{
    net->ports.carrier[port - PORTS_FIRST] = carrier;
}
#endif

/* Of ports_last_reply(): its connection has ended. */
static inline bool net_reply_left(const struct net *net)
{
#if FW_SERVED
    return net->ports.turns.last_left;
#else
    (void)net;
    return false;
#endif
}

#endif
