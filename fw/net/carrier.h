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
    TURN_OVER,         /* everything is written: the connection is closed after it */
    TURN_BROKEN,       /* it is reset */
};

/* Each function is called outside lwIP only; none ends the connection itself. */
struct carrier {
    void *ctx;
    bool shared; /* the turn may pass on between two requests; else a connection keeps it until it
                    ends */
    /* Whether of a message that begins with these bytes so much is there that the turn need not
       wait for its peer. */
    bool (*is_whole)(const uint8_t *bytes, size_t len);
    /* The connection's turn begins: its first bytes have arrived. */
    void (*begin)(void *ctx, struct connection *connection);
    /* Processes what has arrived, up to the end of one request. */
    enum turn_stage (*proceed)(void *ctx);
    /* The turn's time is up. True: a closing message was written; false: reset the connection. */
    bool (*time_up)(void *ctx);
    /* The turn is over; the connection must not be touched any more. */
    void (*end)(void *ctx);
};

#endif
