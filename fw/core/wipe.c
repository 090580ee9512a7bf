// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/wipe.h"

#include <string.h>

void wipe(void *secret, size_t len)
{
    memset(secret, 0, len);
    /* As far as the compiler knows, the memory is read here, even with link-time optimisation. */
    __asm__ volatile("" : : "r"(secret) : "memory");
}
