// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_PEER_H
#define EXPLORE_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/net/packet.h"
#include "tests/explore/state.h"

/* Clients of the device: each has one TCP connection of its own at a time, made of raw frames, and
 * HTTP with digest on it. In a world with TLS the bytes go through secure.c instead. What they send
 * has arrived when the world has run: visit.h does both. */

struct request {
    const char *path;
    const char *body;
    const char *user, *password; /* NULL: without credentials */
    bool order;                  /* it changes things */
    bool refusable;              /* it is not for the one who asks */
};

#define PEER_SECURITY "/SecurityAdministrationService"
#define PEER_NETWORK "/NetworkAdministrationService"
#define PEER_TIME "/NetworkTimeService"
#define PEER_METHOD(name) "<Envelope><Body><" name "/></Body></Envelope>"

/* To 16992 if the device listens there, else to 16993; TLS for those who have it. While the device
 * is in set-up the owner shows its certificate, where the profile trusts it, or the pre-shared key;
 * else nobody shows anything. */
void peer_connect(enum who who);
/* To that port, without TLS. */
void peer_connect_bare(enum who who, uint16_t port);
void peer_close(enum who who, bool reset);
/* Puts a request behind those that wait to be sent; peer_push() sends. */
void peer_request(enum who who, const struct request *request);
/* Bytes as they are. */
void peer_bytes(enum who who, const char *bytes, size_t len);
void peer_push(enum who who);
/* The same, and from then on it hears nothing, until it connects again. */
void peer_send_and_go_deaf(enum who who);
/* Everybody repeats what is not acknowledged. False: there is nothing. */
bool peer_retransmit(void);
/* Those with TLS do what is due. */
void peer_run(void);
/* Power is gone: what the device knew of connections, too. */
void peer_lose_all(void);

bool peer_is_open(enum who who);
/* Connected, and nothing of its own is under way. */
bool peer_is_idle(enum who who);
bool peer_knows_nonce(enum who who);

/* A frame of the device's. */
void peer_frame(enum who who, const uint8_t *frame, const struct packet *packet);

#endif
