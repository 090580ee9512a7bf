#include "fw/core/wipe.h"

void wipe(void *secret, size_t len)
{
    volatile unsigned char *at = secret;

    while (len-- > 0)
        *at++ = 0;
}
