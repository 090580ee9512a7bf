#ifndef NET_HELLO_SENDER_H
#define NET_HELLO_SENDER_H

#include "fw/net/net.h"

/* Between net.c and hello_sender.c, which finds the SCA and delivers the hello. */
void net_trace(const struct net *net, int event, uint32_t value, const char *text);
/* After each frame, outside lwIP: says hello on a connection that has come about, gives one up that
 * the peer has closed too early, and closes one whose hello was acknowledged. */
void sca_go_on(struct net *net);

#endif
