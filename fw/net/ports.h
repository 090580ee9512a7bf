// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_PORTS_H
#define NET_PORTS_H

#include <stdbool.h>

#include "fw/core/access.h"
#include "fw/core/limits.h"
#if FW_SERVED
#include "fw/net/turns.h"
#endif

/* The ME's TCP ports: their listeners, which SYNs reach them, and the carriers of their
 * connections. */

#define PORTS_FIRST 16992 /* S3: 16992 to 16995 are the ME's */
#define PORTS 4

struct ip_stack;

/* All zero: no port listens. */
struct ports {
    void *listener[PORTS];
    enum access_policy policy; /* whom they listen to */
#if FW_SERVED
    struct ip_stack *stack;
    const struct carrier *carrier[PORTS]; /* NULL: every connection is reset */
    struct turns turns;
#endif
};

/* Whom the ports listen to from now on. Connections that came in under another policy are reset. */
void ports_set_policy(struct ports *ports, enum access_policy policy);
#if FW_SERVED
/* After ip_stack_start(). */
void ports_init(struct ports *ports, struct ip_stack *stack);
/* Resets all connections of set-up: what let them in may have changed. */
void ports_drop_setup_peers(struct ports *ports);
/* The connection that is being served gets the reply that it is owed and no other. Those that wait
 * are reset, and new ones are refused, until ports_set_policy(). closes: frames leave to that peer
 * only. turns.last_reply_done says when the connection has ended. */
void ports_begin_last_reply(struct ports *ports, bool closes);
#endif

#endif
