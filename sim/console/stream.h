// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_CONSOLE_STREAM_H
#define SIM_CONSOLE_STREAM_H

#include "sim/server/tls_client.h"

/* One connection of a console's, with TLS or without. lwIP's variables are the station's. */

enum stream_state { STREAM_IDLE, STREAM_CONNECTING, STREAM_OPEN, STREAM_ENDED };

struct stream {
    bool tls;
    bool used;                /* there is a connection, or there was one that has ended */
    struct tls_client secure; /* its TCP connection is the plain one's, too */
};

/* The stream is all zero, or was closed. False: no memory. */
bool stream_open(struct stream *stream, bool tls, uint32_t ip, uint16_t port,
                 const struct hal_entropy *entropy);
/* After each time that lwIP ran. */
enum stream_state stream_poll(struct stream *stream);
/* Both: how many bytes; 0 = none now. */
size_t stream_write(struct stream *stream, const void *bytes, size_t len);
size_t stream_read(struct stream *stream, void *out, size_t cap);
void stream_close(struct stream *stream);
/* Nothing is sent, lwIP is not asked. */
void stream_free(struct stream *stream);

#endif
