// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_PLAIN_CARRIER_H
#define NET_PLAIN_CARRIER_H

#include "fw/core/stream.h"
#include "fw/net/net.h"

/* The carrier of port 16992: the service without TLS. The turn passes on after each request. */

#define PLAIN_PORT 16992

struct plain_carrier {
    struct carrier carrier;
    struct stream_service service;
    struct turns *turns;
    struct connection *connection; /* the one that has the turn; NULL = none */
    bool closing;                  /* the service wants to close it */
    bool unwritten;                /* the service has more to write than lwIP has accepted */
    bool released;                 /* a part of the request can no longer be put back */
};

/* After net_boot(). From then on it is its port's carrier. The service is copied; what its ctx
 * points to must stay where it is. */
void plain_carrier_boot(struct plain_carrier *plain, const struct stream_service *service,
                        struct net *net);

#endif
