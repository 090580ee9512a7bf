#include "fw/core/wipe.h"

#include <string.h>

void wipe(void *secret, size_t len)
{
    memset(secret, 0, len);
    /* As far as the compiler knows somebody reads it here, even when all is compiled as one. */
    __asm__ volatile("" : : "r"(secret) : "memory");
}
