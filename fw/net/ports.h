#ifndef NET_PORTS_H
#define NET_PORTS_H

#include "fw/net/net.h"

/* The ports on which the ME answers. Behind the set-up port is TLS (tls.h), if it is built in; a
 * connection that nobody takes is reset. */

/* Bits of a set of ports. */
enum net_port {
    NET_PORT_HTTP = 1 << 0,         /* 16992 */
    NET_PORT_HTTPS = 1 << 1,        /* 16993, also set-up */
    NET_PORT_REDIRECT = 1 << 2,     /* 16994 */
    NET_PORT_REDIRECT_TLS = 1 << 3, /* 16995 */
};

/* Listens on exactly these ports of the open interface; opening what is open changes nothing. */
void net_listen(struct net *net, uint8_t ports);

#endif
