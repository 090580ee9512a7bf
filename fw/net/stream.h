#ifndef NET_STREAM_H
#define NET_STREAM_H

#include <stddef.h>
#include <stdint.h>

/* A connection as a stream of bytes, between what carries it (TCP, TLS) and the service behind it.
 * One connection at a time; input and writable() come from within
 * net_poll(), closed() also from whatever else takes the interface away. */

/* What the carrier gives. */
struct stream {
    void *ctx;
    /* Returns how many bytes, from the first, were taken (copied); after fewer than len the service
     * waits for writable(). */
    size_t (*write)(void *ctx, const void *bytes, size_t len);
    /* Closes when what was written has left. The service hears no more of this connection. */
    void (*close)(void *ctx);
};

/* What the service gives. */
struct stream_service {
    void *ctx;
    /* A new connection; only after closed() or close() of the one before. */
    void (*opened)(void *ctx, const struct stream *stream);
    /* Returns how many bytes, from the first, were taken; fewer than len while a reply cannot
     * leave. The carrier keeps the rest and offers it again after writable(). */
    size_t (*input)(void *ctx, const uint8_t *bytes, size_t len);
    /* The carrier may have room again. */
    void (*writable)(void *ctx);
    /* The peer or the network has ended the connection. */
    void (*closed)(void *ctx);
};

#endif
