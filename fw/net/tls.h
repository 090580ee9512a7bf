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
#include "fw/net/tls_own.h"

/* The TLS server on port 16993. In set-up the device shows its own certificate, asks for the
 * client's and applies the remote-configuration policy (fw/core/trust.h), or, where a PID and PPS
 * are loaded, speaks TLS with a pre-shared key. Provisioned, it shows its certificate and asks for
 * none: who the client is, the service behind finds out. One session at a time; whose, turns.h
 * says.
 *
 * Each connection has one trace: TLS_ACCEPTED, TLS_REFUSED or TLS_FAILED; of the last two there are
 * only so many a minute (quota.h).
 *
 * mbedTLS keeps its allocator in variables of its own; like lwIP's they must be as after program
 * start when the device boots, and they then point into struct tls, which must not move. */

#define TLS_PORT 16993

struct tls_config {
    const struct hal *hal;
    const struct release *release;
    const struct oem_profile *oem;
    const struct settings *settings; /* read at each hand-shake */
    /* What is behind the hand-shake; without functions a session ends when the client speaks. */
    struct stream_service service;
    /* struct tls_keys's; without it nothing is stored. */
    int (*stored)(void *ctx, uint8_t key[LIMIT_OWN_KEY], size_t *key_len,
                  uint8_t certificate[LIMIT_OWN_CERTIFICATE], size_t *certificate_len);
    /* Seconds since 1970; 0, or without it: nobody has set the clock. */
    uint64_t (*clock_s)(void *ctx);
    void *ctx; /* of both */
};

enum tls_state {
    TLS_IDLE,
    TLS_PREPARING, /* a client waits for the device's own key */
    TLS_HANDSHAKE,
    TLS_OPEN,
    TLS_BROKEN, /* its session has been taken away: the connection is reset at the next poll */
};

enum tls_way {
    TLS_WAY_PKI,  /* both show certificates */
    TLS_WAY_PSK,  /* a pre-shared key */
    TLS_WAY_OPEN, /* only the device shows one */
};

#define TLS_HELD                                                                                   \
    32 /* bytes that wait for the service: it takes nothing while a reply is to leave */

struct tls {
    struct tls_config config;
    struct carrier carrier;
    struct net *net;
    enum tls_state state;
    enum tls_way way; /* of this session */
    bool serving;     /* the service has this session */
    bool closing;     /* it wants to end it */
    bool unwritten;   /* it has more to write than was taken */
    bool broken;      /* what it wrote cannot be sent */
    uint32_t peer_ip;
    struct line *line; /* NULL = nobody's turn */
    struct quota quota;
    uint8_t held[TLS_HELD];
    uint8_t held_at, held_len;
    struct tls_session *session; /* while HANDSHAKE and OPEN */
    struct tls_keys keys;
    _Alignas(8) uint8_t memory[LIMIT_TLS_MEMORY];
};

/* After net_boot(); carries its port from then on. */
void tls_boot(struct tls *tls, const struct tls_config *config, struct net *net);
/* tls_own_settle() and tls_own_forget(): a client in the middle of its hand-shake is dropped. A
 * session that is open has no use for the device's key any more. */
void tls_settle(struct tls *tls);
void tls_forget(struct tls *tls);

#endif
