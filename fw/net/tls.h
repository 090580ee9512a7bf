#ifndef NET_TLS_H
#define NET_TLS_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "fw/net/net.h"
#include "fw/net/stream.h"

/* The TLS server on port 16993. In set-up the device shows its own certificate, asks for the
 * client's and applies the remote-configuration policy (fw/core/trust.h), or, where a PID and PPS
 * are loaded, speaks TLS with a pre-shared key. Provisioned, it shows its certificate and asks for
 * none: who the client is, the service behind finds out. One client at a time; provisioned, a
 * second one waits, and one that keeps its connection and is silent then has to go.
 *
 * Each connection has one trace: TLS_ACCEPTED, TLS_REFUSED or TLS_FAILED.
 *
 * mbedTLS keeps its allocator in variables of its own; like lwIP's they must be as after program
 * start when the device boots, and they then point into struct tls, which must not move. */

struct tls_config {
    const struct hal *hal;
    const struct release *release;
    const struct oem_profile *oem;
    const struct settings *settings; /* read at each hand-shake */
    /* What is behind the hand-shake; without functions a session ends when the client speaks. */
    struct stream_service service;
    /* The identity that settings.own_identity speaks of, as tls_identity_load() takes it. Returns
     * 0, or anything else: it cannot be read. */
    int (*stored)(void *ctx, uint8_t key[LIMIT_OWN_KEY], size_t *key_len,
                  uint8_t certificate[LIMIT_OWN_CERTIFICATE], size_t *certificate_len);
    void *ctx; /* of stored() */
};

/* Who is let in. */
enum tls_use {
    TLS_USE_NONE,
    TLS_USE_SETUP,     /* whom the policy or the pre-shared key lets in */
    TLS_USE_OPERATION, /* everybody */
};

enum tls_state {
    TLS_IDLE,
    TLS_PREPARING, /* a client waits for the device's own key */
    TLS_HANDSHAKE,
    TLS_OPEN,
    TLS_LINGER, /* we have said our last word; another client may come */
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
    struct net *net;
    enum tls_state state;
    enum tls_use use;
    enum tls_way way; /* of this session */
    bool peer_done;   /* the client has closed its side */
    bool serving;     /* the service has this session */
    bool closing;     /* it wants to end it */
    bool unwritten;   /* it has more to write than was taken */
    bool broken;      /* what it wrote cannot be sent */
    uint32_t peer_ip;
    uint64_t deadline_ms;
    uint64_t heard_ms; /* when the service has got bytes, or given some, the last time */
    void *waiting;     /* lwIP's struct tcp_pcb of the next client; NULL = none */
    void *pcb;         /* lwIP's struct tcp_pcb; NULL = none */
    void *received;    /* lwIP's struct pbuf; what of it was read: read_bytes */
    uint16_t read_bytes;
    uint8_t held[TLS_HELD];
    uint8_t held_at, held_len;
    struct tls_session *session; /* while HANDSHAKE and OPEN */
    /* The device's key and certificate, in use from the first client that needs them; and what a
     * server has given it, pending. */
    struct tls_identity *identity;
    struct tls_given *next;
    bool cleared; /* pending: what is in use is not to be used any more */
    _Alignas(8) uint8_t memory[LIMIT_TLS_MEMORY];
};

/* After net_boot(); no clients are taken. */
void tls_boot(struct tls *tls, const struct tls_config *config, struct net *net);
/* TLS_USE_NONE drops the session; another use is the next session's. */
void tls_allow(struct tls *tls, enum tls_use use);
/* Drops the client without a word, for an interface that is going down. */
void tls_drop(struct tls *tls);
/* Takes over a connection that lwIP has accepted; false: others are served or wait, or none is
 * wanted, and the caller resets it. */
bool tls_take(struct tls *tls, void *pcb);
/* Goes on with what has come in. Never called from inside lwIP: the stack is small. */
void tls_poll(struct tls *tls);
/* Drops a client in the middle of its hand-shake. A session that is open has no use for the
 * device's key any more. */
void tls_drop_hand_shake(struct tls *tls);
/* When to poll again, if nothing comes in; UINT64_MAX = never. */
uint64_t tls_next_ms(const struct tls *tls);

#endif
