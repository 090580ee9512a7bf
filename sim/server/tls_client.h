// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_SERVER_TLS_CLIENT_H
#define SIM_SERVER_TLS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hal/entropy.h"
#include "sim/server/pem_file.h"
#include "sim/server/tcp_client.h"

/* A TLS client over lwIP, one connection at a time: what a set-up server calls a device back with.
 * It speaks TLS 1.0 with its one kind of suites and no extension, as a server of the time; it asks
 * no device's certificate whose it is (G-rflow), but must be able to read it, and keeps the last
 * one. OpenSSL's, not the firmware's.
 *
 * Its host's lwIP variables must be in place whenever it is called. Nothing is done from within
 * lwIP: tls_client_poll() after each time that lwIP ran. */

enum tls_client_state {
    TLS_CLIENT_IDLE,
    TLS_CLIENT_CONNECTING,
    TLS_CLIENT_SHAKING,
    TLS_CLIENT_OPEN,
    TLS_CLIENT_ENDED, /* by the device or the network: error says how */
};

/* Who the client is; without a certificate and without a key it is nobody. */
struct tls_client_identity {
    const struct pem_file *certificate; /* NULL = none */
    const char *pid, *pps;              /* NULL = none; they live as long as the connection */
};

/* What a connection draws. How much OpenSSL draws in between depends on the processor (a record's
 * cipher may be one that draws as well), so each length of a draw has a stream of its own: the same
 * bytes on every machine. */
struct tls_client_random {
    struct hal_entropy entropy; /* of these streams */
    uint64_t key;               /* of the connection */
    uint32_t draws[513];        /* of each length; the longest is that of a key of 4096 bits */
};

#define TLS_CLIENT_PEER_BYTES 2048u

struct tls_client {
    enum tls_client_state state;
    const char *error; /* in words, of ENDED */
    bool refused;      /* ... by an alert */
    struct tcp_client tcp;
    struct ssl_ctx_st *context; /* OpenSSL's */
    struct ssl_st *session;
    const char *pid, *pps;
    struct tls_client_random random;
    uint8_t peer[TLS_CLIENT_PEER_BYTES]; /* the device's certificate */
    size_t peer_len;                     /* 0 = none was shown */
};

/* False: no memory, or an identity that TLS cannot show; the state is IDLE. */
bool tls_client_open(struct tls_client *client, uint32_t ip, uint16_t port,
                     const struct tls_client_identity *identity, const struct hal_entropy *entropy);
void tls_client_poll(struct tls_client *client);
/* How many bytes were taken: fewer when no more fit now, and then the same ones are to be offered
 * again. */
size_t tls_client_write(struct tls_client *client, const void *bytes, size_t len);
/* All that was written is on its way. */
bool tls_client_has_sent(const struct tls_client *client);
/* 0: nothing has come. */
size_t tls_client_read(struct tls_client *client, void *out, size_t cap);
/* Ends the connection, in order or by a TCP reset. */
void tls_client_close(struct tls_client *client, bool reset);
/* The memory only: nothing is sent, and lwIP is not asked. */
void tls_client_free(struct tls_client *client);

#endif
