// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_SECURE_CLIENT_H
#define EXPLORE_SECURE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mbedtls/ssl.h>

#include "hal/entropy.h"
#include "sim/server/pem_file.h"
#include "sim/server/tcp_client.h"

/* A TLS client over lwIP, one connection at a time, whose whole state can be copied out and in with
 * its host's: mbedTLS's, with its memory in a buffer. OpenSSL's, which the simulator's set-up
 * server has (sim/server/tls_client.h), lies on the heap. It looks at no device's certificate
 * (G-rflow), but keeps the last one.
 *
 * Its host's lwIP variables must be in place whenever it is called, with mbedTLS's allocator set
 * up. Nothing is done from within lwIP: secure_client_poll() after each time that lwIP ran. */

enum secure_client_state {
    SECURE_CLIENT_IDLE,
    SECURE_CLIENT_CONNECTING,
    SECURE_CLIENT_SHAKING,
    SECURE_CLIENT_OPEN,
    SECURE_CLIENT_ENDED, /* by the device or the network: error says how */
};

/* Who the client is; without a certificate and without a key it is nobody. */
struct secure_client_identity {
    const struct pem_file *certificate; /* NULL = none */
    const char *pid, *pps;              /* NULL = none */
};

#define SECURE_CLIENT_PEER_BYTES 2048u

struct secure_client {
    enum secure_client_state state;
    const char *error; /* in words, of ENDED */
    bool refused;      /* ... by an alert */
    struct tcp_client tcp;
    const struct hal_entropy *entropy;
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config config;
    mbedtls_x509_crt chain;
    mbedtls_pk_context key;
    uint8_t peer[SECURE_CLIENT_PEER_BYTES]; /* the device's certificate */
    size_t peer_len;                        /* 0 = none was shown */
};

/* False: no memory, or an identity that TLS cannot show; the state is IDLE. */
bool secure_client_open(struct secure_client *client, uint32_t ip, uint16_t port,
                        const struct secure_client_identity *identity,
                        const struct hal_entropy *entropy);
void secure_client_poll(struct secure_client *client);
/* How many bytes were taken: fewer when no more fit now, and then the same ones are to be offered
 * again. */
size_t secure_client_write(struct secure_client *client, const void *bytes, size_t len);
/* All that was written is on its way. */
bool secure_client_has_sent(const struct secure_client *client);
/* 0: nothing has come. */
size_t secure_client_read(struct secure_client *client, void *out, size_t cap);
/* Ends the connection, in order or by a TCP reset. */
void secure_client_close(struct secure_client *client, bool reset);

#endif
