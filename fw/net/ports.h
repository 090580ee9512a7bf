#ifndef NET_PORTS_H
#define NET_PORTS_H

#include "fw/net/net.h"

/* Listeners, and what of a SYN gets to them. */

/* A frame may go to lwIP: no, where a SYN would find no place. It is not answered, and the client
 * repeats it. ctx is the net. */
bool ports_admit(void *ctx, const uint8_t *frame, size_t len);

#endif
