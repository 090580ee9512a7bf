#ifndef NET_NET_H
#define NET_NET_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/access.h"
#include "fw/core/interface.h"
#include "fw/core/limits.h"
#include "fw/net/stack.h"
#include "fw/net/turns.h"
#include "fw/net/witness.h"
#include "hal/hal.h"

/* The ME's side of the wire: interface open or closed, an address by DHCP of its own (active) or by
 * watching the host's (passive), finding the SCA, sending the hello. */

#define NET_HELLO_SOURCE_PORT 16994 /* S3: "sending on port 16994, with destination port 9971" */
#define NET_LISTENERS 4

/* Whom to connect to and what to say. The function is asked once the connection is there, so that
 * nothing has to be kept meanwhile. */
struct net_target {
    void *ctx;
    uint32_t ip; /* 1.2.3.4 = 0x01020304 */
    uint16_t port;
    /* Returns the message's length, 0 when there is nothing to say. */
    size_t (*hello)(void *ctx, uint8_t *out, size_t cap);
};

/* What lwIP's callbacks have noted of the hello's connection; the poll carries it out. */
enum sca_news {
    SCA_NO_NEWS,
    SCA_CONNECTED, /* the hello may be written */
    SCA_CLOSED,    /* by the peer, before the hello was acknowledged */
};

/* What lwIP has said of the look-up or connection under way. */
struct net_report {
    uint8_t event; /* enum attempt_event_id; ATTEMPT_EVENTS = nothing yet */
    uint32_t ip;   /* of ATTEMPT_EV_FOUND */
};

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
    bool looking_up;    /* an answer of DNS is awaited */
    uint8_t sca_news;   /* enum sca_news */
    uint16_t hello_len;
    uint16_t acked;
    uint32_t name_hash; /* of the name that is being looked up */
    uint32_t connect_ip;
    void *connection; /* lwIP's struct tcp_pcb */
    struct net_report report;
    void *listener[NET_LISTENERS];
    enum access_policy policy; /* whom it listens to */
#if FW_SERVED
    bool reply_left;
    /* By port: what carries its connections, set at the boot; NULL: each is reset. */
    const struct carrier *carrier[NET_LISTENERS];
    struct turns turns;
#endif
#if FW_MANAGE
    uint64_t clock_base_s; /* since 1970, when net_now_ms() was 0; 0 = nobody has set the clock */
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
/* Whom the service's ports listen to from now on; who came in under another policy goes. An
 * interface that changes its mode listens to nobody. */
void net_serve(struct net *net, enum access_policy policy);
#if FW_SERVED
/* Whoever was let in to set the device up is let in anew or not at all. */
void net_readmit(struct net *net);
/* The connection that is being served gets the reply it is owed and no other; whoever waits is
 * reset, and who comes new is refused, until net_serve() or net_set_mode(). closes: frames leave to
 * that peer alone. */
void net_last_reply(struct net *net, bool closes);
#endif
/* Somebody has drawn randomness in vain since the boot. */
bool net_lacks_entropy(const struct net *net);
/* Takes in waiting frames, runs due timers, brings the facts up to date. */
void net_poll(struct net *net);
/* When to poll again, if nothing else happens. */
uint64_t net_next_ms(const struct net *net);

/* The address in use, all zero when there is none; the host's while the interface is closed. */
void net_address(const struct net *net, struct static_address *out);

/* Of net_last_reply(): its connection has ended. */
static inline bool net_reply_left(const struct net *net)
{
#if FW_SERVED
    return net->reply_left;
#else
    (void)net;
    return false;
#endif
}

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
    return net->clock_base_s ? net->clock_base_s + net_now_ms(net) / 1000u : 0;
#else
    (void)net;
    return 0;
#endif
}

/* One attempt's steps, in the order of fw/core/attempt.h; of what is under way a report follows. */
void net_look_up(struct net *net, const char *name);
/* target is copied. */
void net_connect(struct net *net, const struct net_target *target);
/* Drops what is under way; no report follows. */
void net_attempt_drop(struct net *net);
/* Takes a report; false: there is none. */
bool net_attempt_report(struct net *net, struct net_report *out);

#endif
