#ifndef NET_NET_H
#define NET_NET_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/net/session.h"
#include "fw/net/stack.h"
#include "fw/net/witness.h"
#include "hal/hal.h"

/* The ME's side of the wire: interface open or closed, an address by DHCP of its own (active) or by
 * watching the host's (passive), finding the SCA, sending the hello. */

enum net_mode {
    NET_CLOSED,  /* sends nothing at all; still witnesses the host's DHCP */
    NET_ACTIVE,  /* host down: leases for itself */
    NET_PASSIVE, /* host's OS up: uses the address of the host's lease */
    NET_FIXED,   /* DHCP is off: an address of its own, whatever the host does */
};

enum net_attempt {
    NET_ATTEMPT_NONE,
    NET_ATTEMPT_LOOKUP,
    NET_ATTEMPT_CONNECT,
    NET_ATTEMPT_DELIVERED, /* results: reported once by net_attempt_result() */
    NET_ATTEMPT_FAILED,
};

#define NET_HELLO_SOURCE_PORT 16994 /* S3: "sending on port 16994, with destination port 9971" */
#define NET_LISTENERS 4

/* Where to look for the SCA and what to tell it. The functions are asked while the attempt runs, so
 * that nothing has to be kept meanwhile. */
struct net_target {
    void *ctx;
    uint32_t ip; /* 0 = look up; 1.2.3.4 = 0x01020304 */
    uint16_t port;
    /* The names are asked for in order, from 0, until one has an address. False: no more names. */
    bool (*name)(void *ctx, uint32_t index, char out[LIMIT_FQDN + 1]);
    /* Returns the message's length, 0 when there is nothing to say. */
    size_t (*hello)(void *ctx, uint8_t *out, size_t cap);
};

/* What the ME knows of the network since the firmware reset. */
struct net_facts {
    uint32_t ip; /* to say hello from; 0 = none */
    bool link;
    bool option15_seen; /* any exchange carried one (StartConfiguration's condition) */
};

struct tls;

struct net {
    const struct hal *hal;
    enum net_mode mode;
    enum net_attempt attempt;
    bool blind_to_dhcp; /* fault: a closed interface does not watch the host's DHCP (S0) */
    bool backlog;       /* frames may still be waiting */
    uint8_t name_index;
    uint16_t hello_len;
    uint16_t acked;
    uint64_t now_ms;    /* set by the caller before it calls anything below */
    uint32_t name_hash; /* of the name that is being looked up */
    uint32_t connect_ip;
    void *connection; /* lwIP's struct tcp_pcb */
    void *listener[NET_LISTENERS];
#if FW_TLS
    struct tls *tls; /* takes the set-up port's connections */
#endif
#if FW_MANAGE
    struct net_session session; /* behind port 16992; set after net_boot() by session_init() */
    uint64_t clock_base_s;      /* since 1970, when now_ms was 0; 0 = nobody has set the clock */
#endif
    struct net_facts facts;
    struct net_target target;
    struct stack stack;
    struct static_address fixed;
    struct witness_request host_request; /* the host's, under way */
    struct witness lease; /* the latest witnessed; ip 0 = none, it has run out or was taken back;
                             its option 15 stays */
    uint64_t lease_end_ms;
};

/* Interface closed. net is all zero, but for now_ms. Returns 0, or -1 when there is no randomness:
 * the net then stays closed. */
int net_boot(struct net *net, const struct hal *hal, const uint8_t mac[LIMIT_MAC_BYTES]);
/* fixed is looked at in NET_FIXED only, and not its dns2: its ip 0 = none, and then nothing is
 * sent. Setting what is set changes nothing. */
void net_set_mode(struct net *net, enum net_mode mode, const struct static_address *fixed);
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

/* Seconds since 1970; 0 = nobody has set the clock. It is lost with power: the HAL has none that
 * lasts. */
static inline uint64_t net_clock_s(const struct net *net)
{
#if FW_MANAGE
    return net->clock_base_s ? net->clock_base_s + net->now_ms / 1000u : 0;
#else
    (void)net;
    return 0;
#endif
}

/* Starts an attempt; target is copied. Only while no attempt is under way. */
void net_attempt_start(struct net *net, const struct net_target *target);
/* Drops the attempt and its connection; no result follows. */
void net_attempt_abort(struct net *net);
/* LOOKUP or CONNECT while under way; DELIVERED or FAILED exactly once; else NONE. */
enum net_attempt net_attempt_result(struct net *net);

#endif
