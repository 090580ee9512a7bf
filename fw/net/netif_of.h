// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_NETIF_OF_H
#define NET_NETIF_OF_H

#include "lwip/netif.h"

#include "fw/net/netif_memory.h"

_Static_assert(sizeof(struct netif) == LIMIT_NETIF_BYTES &&
                   _Alignof(struct netif) <= _Alignof(struct netif_memory),
               "lwIP's struct netif fits exactly");

/* Takes a const pointer, since lwIP's functions that only read an interface do not take one. */
static inline struct netif *netif_of(const struct netif_memory *memory)
{
    return (struct netif *)(uintptr_t)memory->bytes;
}

#endif
