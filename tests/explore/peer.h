// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_PEER_H
#define EXPLORE_PEER_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/net/packet.h"
#include "sim/server/http_reply.h"

/* Clients of the device: each has one TCP connection of its own at a time, made of raw frames, and
 * HTTP with digest on it. In a world with TLS the bytes go through secure.c instead. */

enum who {
    OWNER,
    STRANGER,
    SECOND, /* another stranger */
    SHAKER, /* begins hand-shakes and does not go on */
    PEERS
};

enum peer_tcp { PEER_NONE, PEER_SYN_SENT, PEER_OPEN, PEER_OVER };

#define PEER_TX 4096u
#define PEER_RX 4608u

struct peer {
    uint8_t tcp;    /* enum peer_tcp */
    uint8_t policy; /* who was let in when it connected: abstraction_policy() */
    bool secure;    /* this connection is one of secure.c's */
    bool deaf;      /* it takes nothing in any more */
    bool half;      /* half a request has been sent */
    bool sure;      /* the last request had the right credentials */
    uint8_t asked;  /* requests on this connection */
    uint8_t got;    /* replies to them */
    uint8_t orders; /* those with right credentials that change things, not yet answered */
    uint16_t status;
    bool stale;
    uint16_t port, to_port;
    uint32_t una; /* first byte that is not acknowledged: tx[0] */
    uint32_t ack;
    uint16_t tx_len, tx_out; /* of tx: sent already */
    uint16_t rx_len;
    uint64_t asked_ms;     /* the oldest request that has no reply */
    uint32_t nonce_boot;   /* the device run that gave the nonce out */
    struct http_auth auth; /* outlives connections, as the device's nonces do */
    char tx[PEER_TX];
    char rx[PEER_RX];
};

struct request {
    const char *path;
    const char *body;
    const char *user, *password; /* NULL: without credentials */
    bool order;                  /* it changes things */
};

#define PEER_SECURITY "/SecurityAdministrationService"
#define PEER_NETWORK "/NetworkAdministrationService"
#define PEER_TIME "/NetworkTimeService"
#define PEER_METHOD(name) "<Envelope><Body><" name "/></Body></Envelope>"

/* To 16992 if the device listens there, else to 16993; TLS for those who have it. */
void peer_connect(enum who who);
/* To 16993, bare, and so many bytes of a hand-shake. */
void peer_shake(enum who who, const char *bytes, size_t len);
void peer_close(enum who who, bool reset);
/* Puts a request behind those that wait to be sent; peer_push() sends. */
void peer_request(enum who who, const struct request *request);
/* Bytes as they are. */
void peer_bytes(enum who who, const char *bytes, size_t len);
void peer_push(enum who who);
/* The same, and from then on it hears nothing, until it connects again. */
void peer_send_and_go_deaf(enum who who);
/* Everybody repeats what is not acknowledged. */
void peer_retransmit(void);
/* Power is gone: what the device knew of connections, too. */
void peer_lose_all(void);

bool peer_is_open(enum who who);
/* Connected, and nothing of its own is under way. */
bool peer_is_idle(enum who who);
bool peer_knows_nonce(enum who who);

/* From the wire, and from secure.c. */
void peer_frame(enum who who, const uint8_t *frame, const struct packet *packet);
void peer_text(enum who who, const char *text, size_t len);

#endif
