// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_NET_H
#define NET_NET_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/access.h"
#include "fw/core/interface.h"
#include "fw/core/limits.h"
#include "fw/net/dhcp_witness.h"
#include "fw/net/hello_sender.h"
#include "fw/net/ip_stack.h"
#include "fw/net/ports.h"
#include "fw/net/presence_port.h"
#include "hal/hal.h"

/* The ME's network: an interface that is open or closed; an address from the ME's own DHCP (active)
 * or from watching the host's (passive); the hello; and the ports with their carriers. */

/* What the ME knows of the network since the firmware reset. */
struct net_facts {
    uint32_t ip; /* to send the hello from; 0 = none */
    bool link;
    bool option15_seen; /* any DHCP exchange carried it (StartConfiguration's condition) */
};

struct net {
    const struct hal *hal;
    /* The board's entropy, for all who draw from it while the device runs: a failed draw is
     * noted. */
    struct hal_entropy entropy;
    bool entropy_failed;
    enum net_mode mode;
    bool blind_to_dhcp; /* a known fault: a closed interface does not watch the host's DHCP (S0) */
    bool backlog;       /* frames may still be waiting */
#if FW_MACHINE
    bool kept; /* NET_ACTIVE, begun with the address that was the host's */
#endif
    struct net_facts facts;
    struct hello_sender hello;
    struct ports ports;
#if FW_MANAGE
    struct presence_port presence; /* set after the boot */
#endif
    struct ip_stack stack;
    struct static_address fixed;
    struct witness_request host_request; /* the host's request that is not answered yet */
    struct witness_lease lease; /* the latest; ip 0 = there is none, it has expired or was revoked;
                                   its option 15 stays */
    uint64_t lease_end_ms;
    uint64_t refusals_from_ms; /* lwIP hears the ME's next refusal from then on */
};

/* The time of the current call. It is set before any function below is called; lwIP's timers catch
 * up with it later, when something needs them. */
static inline uint64_t net_now_ms(const struct net *net)
{
    return net->stack.now_ms;
}

static inline void net_set_now(struct net *net, uint64_t now_ms)
{
    net->stack.now_ms = now_ms;
}

/* Starts with the interface closed. net must be all zero but for the time. Returns 0; -1 when there
 * is no randomness: the interface then stays closed. */
int net_boot(struct net *net, const struct hal *hal, const uint8_t mac[LIMIT_MAC_BYTES]);
/* fixed counts in NET_FIXED only; its ip 0 = none, and then nothing is sent.
 * Setting the current mode again changes nothing. */
void net_set_mode(struct net *net, enum net_mode mode, const struct static_address *fixed);
/* Whether a draw of randomness has failed since the boot. */
bool net_lacks_entropy(const struct net *net);
/* Processes waiting frames, runs due timers, brings the facts up to date. */
void net_poll(struct net *net);
/* When to poll again if nothing else happens. */
uint64_t net_next_ms(const struct net *net);

/* The address in use, all zero when there is none; the host's while the interface is closed. */
void net_address(const struct net *net, struct static_address *out);

/* Option 15 (domain name) of the latest DHCP exchange; "" = none. */
static inline const char *net_option15(const struct net *net)
{
    return net->lease.option15;
}

/* Whom the ports listen to from now on (ports_set_policy()). A change of mode sets
 * ACCESS_NOBODY. */
static inline void net_set_policy(struct net *net, enum access_policy policy)
{
    ports_set_policy(&net->ports, policy);
}

#if FW_SERVED
/* At the boot: the carrier of that port's connections. */
static inline void net_set_carrier(struct net *net, uint16_t port, const struct carrier *carrier)
{
    net->ports.carrier[port - PORTS_FIRST] = carrier;
}
#endif

/* After ports_begin_last_reply(): the connection that gets the reply has ended. */
static inline bool net_last_reply_done(const struct net *net)
{
#if FW_SERVED
    return net->ports.turns.last_reply_done;
#else
    (void)net;
    return false;
#endif
}

#endif
