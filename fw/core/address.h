// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_ADDRESS_H
#define CORE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

/* IPv4 addresses and masks as numbers: 1.2.3.4 = 0x01020304. The one check of addresses, wherever
 * they come from: MEBx, a USB key, a server or DHCP. */

/* Whether one machine can have it: not in 0.0.0.0/8 ("this network"), not loopback, multicast,
 * reserved or the broadcast address (RFC 1122 3.2.1.3, RFC 1112 4). */
bool address_is_host(uint32_t ip);
/* Whether its ones are all in front; there must be at least one. */
bool address_is_mask(uint32_t mask);
/* Whether a machine can have it in a network of this mask: not as the network's address or its
 * broadcast address (RFC 1122 3.2.1.3), which networks of one or two addresses do not have (RFC
 * 3021). */
bool address_is_host_in(uint32_t ip, uint32_t mask);
/* The address that a name spells, "1.2.3.4"; 0 = it is none, but a name. */
uint32_t address_spelt(const char *name);

#endif
