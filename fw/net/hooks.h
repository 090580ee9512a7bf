// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_HOOKS_H
#define NET_HOOKS_H

#include "lwip/arch.h"
#include "lwip/ip_addr.h"

/* Initial sequence numbers by RFC 6528 (isn.c). They grow with time, so that a connection can
 * follow another on the same addresses and ports. */
u32_t ip_stack_isn(const ip_addr_t *local_ip, u16_t local_port, const ip_addr_t *remote_ip,
                   u16_t remote_port);

struct netif;

/* Writes the device's own DHCP options (dhcp_options.c) behind the first len bytes; returns how
 * many there are then. */
u16_t ip_stack_dhcp_options(const struct netif *netif, u8_t *options, u16_t len);

#endif
