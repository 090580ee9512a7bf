// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_PLAIN_CARRIER_H
#define NET_PLAIN_CARRIER_H

#include "fw/core/stream.h"
#include "fw/net/net.h"

/* The carrier of a port without TLS. */

#define PLAIN_PORT 16992
#define PLAIN_REDIRECT_PORT 16994

struct plain_carrier;

/* One connection, and what the service says of it. */
struct plain_link {
    struct plain_carrier *plain;
    struct connection *connection; /* NULL = this link is free */
    void *client;                  /* the service's, for its functions */
    bool closing;                  /* the service wants to close it */
    bool unwritten;                /* the service has more to write than lwIP has accepted */
    bool released;                 /* a part of the request can no longer be put back */
};

/* One has the turn; with a machine to manage another may go on beside. */
#define PLAIN_LINKS (FW_MACHINE ? 2 : 1)

struct plain_carrier {
    struct carrier carrier;
    struct stream_service service;
    struct turns *turns;
    struct plain_link link[PLAIN_LINKS];
    struct plain_link *served; /* the one that has the turn; NULL = none */
    bool pauses;
};

/* After net_boot(). From then on it is its port's carrier. The service is copied; what its ctx
 * points to must stay where it is. passes_turn: the turn passes on after each request, else a
 * connection keeps it until it ends or goes on beside the turns. */
void plain_carrier_boot(struct plain_carrier *plain, const struct stream_service *service,
                        struct net *net, uint16_t port, bool passes_turn);

#endif
