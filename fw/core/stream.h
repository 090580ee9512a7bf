// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_STREAM_H
#define CORE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/access.h"

/* A connection as a stream of bytes, between its carrier (plain TCP or TLS) and the service. One at
 * a time has a turn: a carrier may close one between two requests, open another and return to the
 * first later. A service that needs its connection for long asks to go on beside the turns. All
 * functions are called from net_poll(), never from inside lwIP; closed() also when something else
 * closes the interface. */

#define STREAM_KEPT 2

enum password_result {
    PASSWORD_WRONG,
    PASSWORD_USERS, /* right, for an account that does not open everything */
    PASSWORD_OWNERS /* an administrator's */
};

/* The carrier's side. */
struct stream {
    void *ctx;
    /* STREAM_KEPT numbers of the service's that stay with the connection from one turn to the next;
     * zero at first. */
    uint32_t *kept;
    /* Returns how many bytes, from the first, were accepted (copied); after fewer than len the
     * service waits for writable(). */
    size_t (*write)(void *ctx, const void *bytes, size_t len);
    /* Closes after what was written has left. No further function is called for this connection. */
    void (*close)(void *ctx);
    /* The peer's answer to a challenge was checked. */
    void (*password_checked)(void *ctx, enum password_result result);
    bool tls; /* nobody else can read it or say anything in it */
};

/* The service's state of its connection. */
enum stream_state {
    STREAM_BETWEEN_REQUESTS, /* nothing of a request has arrived, no reply is to leave */
    STREAM_HEAD,    /* in a request without effect so far: it may be given again from its start */
    STREAM_REQUEST, /* later in a request, or in its reply */
    STREAM_ANSWER_WAITS, /* as STREAM_HEAD: an answer may not be checked yet */
    STREAM_BESIDE,       /* it goes on beside the turns from now on: its peer has shown who it is */
};

/* The service's side. */
struct stream_service {
    void *ctx;
    /* A new connection, and how its peer was admitted; only after closed() or close() of the one
     * before, unless that goes on beside the turns. Returns what the other functions are called
     * with; NULL: it cannot be served, and is reset. */
    void *(*opened)(void *ctx, const struct stream *stream, enum admission admission);
    /* Returns how many bytes, from the first, were consumed: fewer than len at the end of a
     * request, in STREAM_ANSWER_WAITS, and while a reply cannot leave. The carrier keeps the rest
     * and offers it again: at once, when the time has come, or after writable(). */
    size_t (*input)(void *ctx, const uint8_t *bytes, size_t len);
    /* The carrier may have room again. */
    void (*writable)(void *ctx);
    /* The connection has ended, or has to wait for its next turn. */
    void (*closed)(void *ctx);
    /* until_ms is set for STREAM_ANSWER_WAITS: when to offer the bytes again; and for
     * STREAM_BESIDE: when to call input(), if only with no bytes. */
    enum stream_state (*state)(const void *ctx, uint64_t *until_ms);
};

#endif
