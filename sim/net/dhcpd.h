// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_DHCPD_H
#define SIM_DHCPD_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/net/lan.h"

/* A DHCP server (RFC 2131): one address per client MAC, for good; options 53, 54, 51, 58, 59, 1, 3,
 * 6, 15 in this order; option 15 only to a client that asks for it in option 55, as dnsmasq does.
 * Answers go to the broadcast address when the client asks so or has no address, else to its
 * ciaddr. It is authoritative: an address that is not the client's gets a NAK, known client or not.
 * A full pool, a relayed (giaddr) or a malformed message gets no answer. */

#define DHCPD_LEASES 32

struct dhcpd_lease {
    uint8_t mac[6];
    uint32_t ip;
};

#define DHCPD_DELAYED 8

struct dhcpd_delayed {
    size_t len;
    uint8_t frame[LAN_FRAME];
};

struct dhcpd {
    struct lan *lan;
    int port;
    uint8_t mac[6];
    uint32_t ip, mask, gateway, dns; /* gateway, dns: 0 = option not sent */
    uint32_t first_ip;  /* of the pool; the server's, gateway's and DNS address are left out */
    uint32_t lease_s;   /* 0xFFFFFFFF = for ever; 0 is no lease, clients ignore it */
    char option15[256]; /* "" = not sent */
    bool nak_requests;  /* every REQUEST is NAKed */
    uint64_t delay_us;  /* delay of answers; more than DHCPD_DELAYED waiting ones are lost */
    bool enabled;       /* false: no DHCP answer at all (ARP still) */
    struct dhcpd_lease lease[DHCPD_LEASES];
    struct dhcpd_delayed delayed[DHCPD_DELAYED]; /* answers on their way out */
    uint8_t delayed_first, delayed_count;
    uint8_t leases; /* set to 0: all are forgotten, addresses are given anew from first_ip */
};

/* Attaches to the segment; ip is the server's own, its MAC 02:00 and the four bytes of ip. Until
 * the caller sets something else: a /24, itself the gateway, no DNS, a pool from .50, leases of 24
 * hours, no option 15, enabled. Answers DISCOVER, REQUEST (ACK, or NAK for
 * an address that is not the client's) and INFORM; takes RELEASE without an answer; also ARP for
 * its own address. */
void dhcpd_init(struct dhcpd *dhcpd, struct lan *lan, uint32_t ip);

#endif
