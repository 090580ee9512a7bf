// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_TLS_H
#define NET_TLS_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/quota.h"
#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "fw/core/stream.h"
#include "fw/net/net.h"
#include "fw/net/tls_keys.h"

/* The TLS server on port 16993. In set-up the device presents its own certificate, requests
 * the client's and applies the remote-configuration policy (fw/core/trust.h); where a PID and PPS
 * are loaded, it uses TLS with a pre-shared key instead. Provisioned, it presents its certificate
 * and requests none: the service authenticates the client. One session at a time has the turn
 * (turns.h); on a provisioned device up to LIMIT_TLS_SESSIONS stay open meanwhile.
 *
 * Each connection leaves one trace record: TLS_ACCEPTED, TLS_REFUSED or TLS_FAILED; those of the
 * last two kinds are limited per minute (quota.h).
 *
 * mbedTLS keeps its allocator in variables of its own. When the device boots they, like lwIP's,
 * must be as after program start. They then point into struct tls, which must not move. */

#define TLS_PORT 16993
#define TLS_REDIRECT_PORT 16995

struct tls_config {
    const struct hal *hal;
    const struct release *release, *shipped; /* shipped: see struct tls_keys */
    const struct oem_profile *oem;
    const struct settings *settings; /* read at each hand-shake */
    /* What is served after the hand-shake, on 16993 and on 16995; without functions a session ends
     * at the client's first byte, and 16995 is no port of TLS's. */
    struct stream_service service, redirect;
    /* For struct tls_keys; NULL: nothing is stored. */
    int (*load_stored)(void *ctx, uint8_t key[LIMIT_OWN_KEY], size_t *key_len,
                       uint8_t certificate[LIMIT_OWN_CERTIFICATE], size_t *certificate_len);
    /* Seconds since 1970; 0, or NULL: nobody has set the clock. */
    uint64_t (*clock_s)(void *ctx);
    void *ctx; /* for both */
};

enum tls_state {
    TLS_IDLE,
    TLS_PREPARING, /* a client waits for the device's own key */
    TLS_HANDSHAKE,
    TLS_OPEN,
    TLS_BROKEN, /* its session has been taken away: the connection is reset at the next poll */
};

enum tls_auth {
    TLS_AUTH_PKI,    /* both sides present certificates */
    TLS_AUTH_PSK,    /* a pre-shared key */
    TLS_AUTH_SERVER, /* only the device presents a certificate */
};

/* Decrypted bytes that wait for the service, which reads none while a reply has to leave. */
#define TLS_HELD 32

struct tls;

struct tls_port {
    struct tls *tls;
    struct carrier carrier;
    const struct stream_service *service;
};

/* One connection's session. */
struct tls_link {
    struct tls *tls;
    const struct stream_service *service;
    void *client;                  /* the service's, for its functions; while serving */
    struct connection *connection; /* NULL = this link is free */
    enum tls_state state;
    enum tls_auth auth; /* how this session's peers prove who they are */
    bool serving;       /* the service knows of this session */
    bool closing;       /* it wants to close the session */
    bool unwritten;     /* it has more to write than was accepted */
    bool broken;        /* the session has failed: nothing more can be sent or read */
    uint32_t peer_ip;
    uint8_t held[TLS_HELD];
    uint8_t held_at, held_len;
    struct tls_session *session; /* while HANDSHAKE and OPEN */
};

struct tls {
    struct tls_config config;
    struct tls_port port[FW_MACHINE ? 2 : 1];
    struct net *net;
    struct quota quota;
    struct tls_link link[LIMIT_TLS_SESSIONS];
    struct tls_link *served; /* the one that has the turn; NULL = none */
    struct tls_keys keys;
    _Alignas(8) uint8_t memory[LIMIT_TLS_MEMORY];
};

/* After net_boot(). From then on it is its ports' carrier. */
void tls_boot(struct tls *tls, const struct tls_config *config, struct net *net);
/* As tls_keys_commit() and tls_keys_forget(); a client in the middle of its hand-shake is dropped.
 * An open session no longer uses the device's key. */
void tls_commit_keys(struct tls *tls);
void tls_forget_keys(struct tls *tls);

#endif
