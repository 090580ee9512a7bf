#ifndef CORE_STREAM_H
#define CORE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/access.h"

/* A connection as a stream of bytes, between what carries it (TCP, TLS) and the service behind it.
 * One at a time: a carrier may close one between two requests, open another and come back to the
 * first later. Everything comes from within net_poll(), never from inside lwIP; closed() also from
 * whatever else takes the interface away. */

/* What the carrier gives. */
struct stream {
    void *ctx;
    /* Returns how many bytes, from the first, were taken (copied); after fewer than len the service
     * waits for writable(). */
    size_t (*write)(void *ctx, const void *bytes, size_t len);
    /* Closes when what was written has left. The service hears no more of this connection. */
    void (*close)(void *ctx);
    /* The peer has given an answer to a challenge: it is somebody now, or it guesses. */
    void (*password_checked)(void *ctx, bool right);
};

/* Where the service stands with its connection. */
enum stream_state {
    STREAM_BETWEEN_REQUESTS, /* two requests: nothing of one has come, no reply is to leave */
    STREAM_HEAD, /* in a request that has had no effect: all of it may be given once more, later */
    STREAM_REQUEST,      /* further on in one, or in its reply */
    STREAM_ANSWER_WAITS, /* as STREAM_HEAD: an answer may not yet be checked */
};

/* What the service gives. */
struct stream_service {
    void *ctx;
    /* A connection, and how its peer was let in; only after closed() or close() of the one before.
     */
    void (*opened)(void *ctx, const struct stream *stream, enum admission admission);
    /* Returns how many bytes, from the first, were taken; fewer than len at the end of a request,
     * in STREAM_ANSWER_WAITS, and while a reply cannot leave. The carrier keeps the rest and offers
     * it again: at once, when the time has come, or after writable(). */
    size_t (*input)(void *ctx, const uint8_t *bytes, size_t len);
    /* The carrier may have room again. */
    void (*writable)(void *ctx);
    /* The connection has ended, or waits for its turn. */
    void (*closed)(void *ctx);
    /* until_ms is set for STREAM_ANSWER_WAITS: when it is worth while to offer the bytes again. */
    enum stream_state (*state)(const void *ctx, uint64_t *until_ms);
};

#endif
