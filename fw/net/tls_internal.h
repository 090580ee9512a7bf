// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_TLS_INTERNAL_H
#define NET_TLS_INTERNAL_H

#include <stdbool.h>

#include <mbedtls/ssl.h>

#include "fw/core/trust.h"
#include "fw/net/tls.h"

/* What tls.c, which has the connections, and tls_handshake.c, which lets clients in, share. */

struct tls_session {
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config config;
    struct trust_chain chain; /* the client's; of use until its key exchange */
    bool out_of_memory;       /* while the chain was read */
    bool trusted;
};

/* A trace record of the connection; of a stranger only while the minute has room (quota.h). */
void tls_trace(const struct tls_link *link, int event, const char *text, const char *source);
void tls_trace_stranger(struct tls_link *link, int event, const char *text, const char *source);

/* Whether one of mbedTLS's errors only says that the connection has no more bytes or room now. */
bool tls_would_block(int error);

/* Makes the link's session, as its auth and the release have it, over these two. Returns 0 or
 * mbedTLS's error; free_session() fits after either. */
int tls_open_session(struct tls_link *link, mbedtls_ssl_send_t *send, mbedtls_ssl_recv_t *receive);

enum tls_handshake {
    TLS_HANDSHAKE_WAITS, /* for the client */
    TLS_HANDSHAKE_DONE,
    TLS_HANDSHAKE_FAILED, /* or the client is refused; it has been told and traced */
};

enum tls_handshake tls_handshake(struct tls_link *link);

#endif
