// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/interface.h"

enum net_mode interface_mode(const struct setup *setup, const struct setup_facts *facts)
{
    if (!window_may_send(&setup->window) || !facts->rng_ready || facts->disabled)
        return NET_CLOSED;
    if (!facts->dhcp)
        return NET_FIXED;
    return facts->host_up ? NET_PASSIVE : NET_ACTIVE;
}
