// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_INTERFACE_H
#define CORE_INTERFACE_H

#include "fw/core/setup.h"

/* The mode of the network interface: it follows from the window and the facts alone. */

enum net_mode {
    NET_CLOSED,  /* sends nothing; still witnesses the host's DHCP */
    NET_ACTIVE,  /* the host is down: gets a lease of its own */
    NET_PASSIVE, /* the host's OS is up: uses the address of the host's lease */
    NET_FIXED,   /* DHCP is off: uses the fixed address, whatever the host does */
};

/* NET_CLOSED without randomness and while AMT is off. */
enum net_mode interface_mode(const struct setup *setup, const struct setup_facts *facts);

#endif
