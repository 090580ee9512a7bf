// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_SERVERS_H
#define EXPLORE_SERVERS_H

#include <stddef.h>
#include <stdint.h>

/* The DHCP, DNS and set-up server, and the switch between them, the clients and the device. */

/* What the device has sent reaches everybody who is there. */
void servers_deliver(const uint8_t *frame, size_t len);
/* The operating system of the host leases the address that it shares with the device. */
void servers_os_leases(void);
/* An acknowledgement that nobody asked for, with a domain of the stranger's. */
void servers_spoof_ack(void);

#endif
