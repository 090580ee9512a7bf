#ifndef NET_SCA_H
#define NET_SCA_H

#include "fw/net/net.h"

/* Between net.c and sca.c, which finds the SCA and delivers the hello. */
void net_trace(const struct net *net, int event, uint32_t value, const char *text);
/* After each frame: a hello that was acknowledged is delivered, and its connection is closed. Not
 * from inside lwIP, which would lose the buffer of what came with the acknowledgement. */
void sca_close_delivered(struct net *net);

#endif
