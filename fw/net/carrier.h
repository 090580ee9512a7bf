// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_CARRIER_H
#define NET_CARRIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What speaks over a port's connections: plain HTTP or TLS. A carrier registers for its port with
 * net_set_carrier(). */

struct connection;

enum turn_stage {
    TURN_NONE,
    TURN_PREPARING,        /* the device works for itself: that time is charged to nobody */
    TURN_HANDSHAKE,        /* TLS's */
    TURN_BETWEEN_REQUESTS, /* nothing of a request has arrived, no reply is to leave */
    TURN_REQUEST,          /* in one, or in its reply */
    TURN_ANSWER_WAITS, /* a password may not be checked yet; the carrier has set turns.answer_ms */
    TURN_ASIDE,  /* it waits without the turn, for its peer or, till turns.answer_ms, for the check
                  */
    TURN_BESIDE, /* its connection goes on beside the turns */
    TURN_OVER,   /* everything is written: the connection is closed after it */
    TURN_BROKEN, /* it is reset */
};

/* How a connection's turn ends. */
enum turn_end {
    TURN_ENDS,   /* it must not be touched any more */
    TURN_PAUSES, /* it may have another one, from the start of what it says */
    TURN_STAYS,  /* it will have another one, and goes on where it was */
    TURN_LEAVES, /* it goes on beside the turns */
};

/* Each function is called outside lwIP only; none ends the connection itself. */
struct carrier {
    void *ctx;
    /* Whether of a message that begins with these bytes so much is there that the turn need not
       wait for its peer. */
    bool (*is_whole)(const uint8_t *bytes, size_t len);
    /* Whether there is room for the connection's turn. */
    bool (*has_room)(void *ctx, const struct connection *connection);
    /* The connection's turn begins: bytes have arrived. */
    void (*begin)(void *ctx, struct connection *connection);
    /* Processes what has arrived, up to the end of one request. */
    enum turn_stage (*proceed)(void *ctx);
    /* Whether the turn may pass on between two requests; else the connection keeps it, or waits
       aside. */
    bool (*may_pause)(void *ctx);
    /* The time is up of a connection that has the turn, or waits for its next one. True: a closing
       message was written; false: reset the connection. */
    bool (*time_up)(void *ctx, struct connection *connection);
    void (*end)(void *ctx, enum turn_end how);
    /* A connection between two turns, or beside them, has ended. */
    void (*gone)(void *ctx, const struct connection *connection);
    /* For a connection beside the turns: processes what has arrived or has become due. TURN_BESIDE,
       TURN_OVER or TURN_BROKEN. next_ms: when to call again if nothing arrives. */
    enum turn_stage (*proceed_beside)(void *ctx, struct connection *connection, uint64_t *next_ms);
};

#endif
