// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_NETIF_MEMORY_H
#define NET_NETIF_MEMORY_H

#include <stdint.h>

#include "fw/core/limits.h"

/* Memory for lwIP's struct netif, declared without lwIP's headers: the owner of an IP stack, or of
 * a whole device, needs none of them. netif_of() gives access. */
struct netif_memory {
    _Alignas(void *) uint8_t bytes[LIMIT_NETIF_BYTES];
};

#endif
