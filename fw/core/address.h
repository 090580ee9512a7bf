#ifndef CORE_ADDRESS_H
#define CORE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

/* IPv4 addresses and masks as numbers: 1.2.3.4 = 0x01020304. What may be an address at all is asked
 * here, whoever gave it: MEBx, a key, a server or DHCP. */

/* One machine can have it: not of 0.0.0.0/8 ("this network"), not loopback, multicast, reserved or
 * the broadcast address (RFC 1122 3.2.1.3, RFC 1112 4). */
bool address_is_host(uint32_t ip);
/* All ones are in front, and there is at least one. */
bool address_is_mask(uint32_t mask);
/* A host's in a network of this mask: neither the network's own address nor its broadcast address
 * (RFC 1122 3.2.1.3). Networks of one or two addresses have neither (RFC 3021). */
bool address_is_host_in(uint32_t ip, uint32_t mask);

#endif
