#ifndef CORE_INTERFACE_H
#define CORE_INTERFACE_H

#include "fw/core/setup.h"

/* What the interface does, and whose address it uses: from the window and the facts alone. */

enum net_mode {
    NET_CLOSED,  /* sends nothing at all; still witnesses the host's DHCP */
    NET_ACTIVE,  /* host down: leases for itself */
    NET_PASSIVE, /* host's OS up: uses the address of the host's lease */
    NET_FIXED,   /* DHCP is off: an address of its own, whatever the host does */
};

/* Without randomness, and while AMT is off, nothing is sent. */
enum net_mode interface_mode(const struct setup *setup, const struct setup_facts *facts);

#endif
