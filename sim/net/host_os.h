// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_HOST_OS_H
#define SIM_HOST_OS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/clock.h"
#include "sim/base/rng.h"
#include "sim/net/lan.h"

/* The network side of the host's operating system: a DHCP client (RFC 2131) on the MAC that it
 * shares with the ME, and ARP replies for its address. Sends as LAN_HOST.
 * Asks for options 1, 3, 6, 15. A DISCOVER is repeated after 4, 8, 16, 32, 64 and then every 64 s;
 * a REQUEST for an offer after 4, 8 and 16 s, and 32 s later everything starts over. Renews by
 * unicast at half the lease, rebinds by broadcast at 7/8 (options 58 and 59 are not looked at),
 * repeats either when half of the time left to the next stage has passed (not before 60 s), and
 * starts over at expiry or on a NAK; 10 s later when an offer is taken back by a NAK. */
struct host_os {
    struct lan *lan;
    struct sim_clock *clock;
    struct rng rng;
    int port;
    uint8_t mac[6];
    bool up;
    uint32_t ip; /* 0 = no lease */
    uint32_t server_ip;
    uint8_t server_mac[6]; /* renewals are sent there without asking ARP */
    uint32_t offered_ip;   /* while requesting */
    uint32_t lease_s;      /* 0xFFFFFFFF = for ever */
    uint64_t requested_us; /* when the REQUEST under way was sent */
    uint64_t leased_us;    /* when the REQUEST that got the lease was sent: it counts from there */
    uint32_t xid;
    uint8_t state; /* private to host_os.c */
    uint8_t tries;
    struct clock_event *timer; /* private to host_os.c */
};

/* Attaches to the segment, down. Before the struct goes away: host_os_down(), or free the clock. */
void host_os_init(struct host_os *host, struct lan *lan, struct sim_clock *clock, uint64_t seed,
                  const uint8_t mac[6], uint8_t group);
void host_os_up(struct host_os *host);   /* boots: DISCOVER at once; nothing when up */
void host_os_down(struct host_os *host); /* stops without RELEASE */
/* Like `ipconfig /renew`: a REQUEST now; a DISCOVER without a lease; nothing while down. */
void host_os_renew(struct host_os *host);

#endif
