#ifndef NET_PLAIN_H
#define NET_PLAIN_H

#include "fw/core/stream.h"
#include "fw/net/net.h"

/* The service on port 16992, without TLS: request by request, whoever's it is. */

#define PLAIN_PORT 16992

struct plain {
    struct carrier carrier;
    struct stream_service service;
    struct turns *turns;
    struct line *line; /* whose turn it is; NULL = nobody's */
    bool closing;      /* the service wants to end it */
    bool unwritten;    /* the service has more to write than was taken */
    bool released;     /* a part of the request cannot be put back */
};

/* After net_boot(); carries its port from then on. The service must stay where it is. */
void plain_boot(struct plain *plain, const struct stream_service *service, struct net *net);

#endif
