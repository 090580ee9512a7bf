#ifndef NET_NETIF_MEMORY_H
#define NET_NETIF_MEMORY_H

#include <stdint.h>

#include "fw/core/limits.h"

/* Where lwIP's struct netif lies, without a word of lwIP's: whoever only owns a stack, or a whole
 * device, needs none of its headers. netif_of() shows what is in it. */
struct netif_memory {
    _Alignas(void *) uint8_t bytes[LIMIT_NETIF_BYTES];
};

#endif
