#ifndef NET_PORTS_H
#define NET_PORTS_H

#include <stdbool.h>

#include "fw/core/access.h"
#include "fw/core/limits.h"
#if FW_SERVED
#include "fw/net/turns.h"
#endif

/* Listeners, what of a SYN gets to them, and who carries a port's connections. */

#define PORTS_FIRST 16992 /* S3: 16992 to 16995 are the ME's */
#define PORTS 4

struct stack;

/* All zero: nobody is listened to. */
struct ports {
    void *listener[PORTS];
    enum access_policy policy; /* whom they listen to */
#if FW_SERVED
    struct stack *stack;
    const struct carrier *carrier[PORTS]; /* NULL: each connection is reset */
    struct turns turns;
#endif
};

/* Whom the ports listen to from now on; who came in under another policy goes. */
void ports_serve(struct ports *ports, enum access_policy policy);
#if FW_SERVED
/* After stack_start(). */
void ports_begin(struct ports *ports, struct stack *stack);
/* Whoever was let in to set the device up is let in anew or not at all. */
void ports_readmit(struct ports *ports);
/* The connection that is being served gets the reply it is owed and no other; whoever waits is
 * reset, and who comes new is refused, until ports_serve(). closes: frames leave to that peer
 * alone. turns.last_left says when it has ended. */
void ports_last_reply(struct ports *ports, bool closes);
#endif

#endif
