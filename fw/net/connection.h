// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_CONNECTION_H
#define NET_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/config.h"

/* One TCP connection to a port of the ME. lwIP's callbacks only note here what has happened;
 * everything else is done later, outside lwIP (turns.h). What the peer sends is kept in one buffer
 * of the pool, however many segments it comes in: the receive window is no larger. */

enum connection_state {
    CONNECTION_FREE,
    CONNECTION_OPEN,
    CONNECTION_LINGERS, /* closed after what was written; bytes that still arrive are discarded */
};

struct carrier;

struct connection {
    const struct carrier *carrier;
    uint8_t state;       /* enum connection_state */
    bool has_sent;       /* the peer has sent something */
    bool whole;          /* what waits for the turn begins with a whole message */
    bool peer_finished;  /* the peer will send nothing more */
    bool authenticated;  /* it has given a right password; until then it is a stranger's */
    bool owners;         /* an administrator's */
    bool got_reply;      /* the peer has had a reply */
    bool paused;         /* its carrier remembers it from its last turn */
    bool aside;          /* it is in its log-in, and waits for its next turn */
    bool beside;         /* it goes on beside the turns; beside_ms: when it is next due */
    bool answer_waits;   /* its answer to a challenge waits until it may be checked */
    uint16_t local_port; /* the ME's */
    uint16_t peer_port;
    uint32_t peer_ip;          /* 1.2.3.4 = 0x01020304 */
    uint32_t arrival;          /* its number in the order of arrival */
    void *pcb;                 /* lwIP's struct tcp_pcb; NULL = lwIP has ended it */
    void *received;            /* lwIP's struct pbuf: bytes that have not been released */
    uint16_t consumed;         /* how many of them, from the first, have been consumed */
    uint64_t tried_ms;         /* its first SYN came, whether it was answered or not */
    uint64_t arrived_ms;       /* when it was accepted */
    uint64_t idle_since_ms;    /* it arrived, had its last turn, or began to linger */
    uint64_t progress_ms;      /* bytes were last consumed or written */
    uint64_t wrote_ms;         /* bytes were last written */
    uint64_t waiting_since_ms; /* it has had bytes for its next turn since then; 0 = it has none */
    uint64_t beside_ms;
    uint64_t aside_ms;  /* since when it is aside, with turns in between */
    uint64_t answer_ms; /* with answer_waits: when it may be checked */
    uint32_t kept[2];   /* for whom it carries: zero at first, never looked at here */
};

/* From lwIP's accept callback. accepted: its struct tcp_pcb. */
void connection_open(struct connection *connection, void *accepted);

static inline bool connection_is_open(const struct connection *connection)
{
    return connection->state == CONNECTION_OPEN;
}

/* The bytes that have been received and not consumed; returns how many. */
size_t connection_bytes(const struct connection *connection, const uint8_t **bytes);
bool connection_has_bytes(const struct connection *connection);
void connection_consume(struct connection *connection, size_t len);
/* The consumed bytes are no longer needed: the peer may send as many more. */
void connection_release(struct connection *connection);
/* Undoes the consumption of all bytes that have not been released. */
void connection_put_back(struct connection *connection);
/* So much has been received and not released that the peer may be unable to go on. */
bool connection_is_full(const struct connection *connection);

/* Returns how many bytes, from the first, lwIP has accepted. */
size_t connection_write(struct connection *connection, const void *bytes, size_t len);
/* The peer could be sent more if lwIP had memory for it. */
bool connection_has_room(const struct connection *connection);
void connection_flush(struct connection *connection);
/* The peer has acknowledged everything, and the FIN too if there was one. */
bool connection_all_acknowledged(const struct connection *connection);
/* lwIP has ended it, or needs nothing more from its owner. */
bool connection_has_ended(const struct connection *connection);

#if FW_MACHINE
/* From now on a peer that has gone without a word is noticed: LIMIT_BESIDE_QUIET_MS. */
void connection_keep_alive(struct connection *connection);
#endif

/* Closes after what was written has left. */
void connection_close(struct connection *connection);
/* Ends it at once, with a reset or silently, and frees what it holds. Its state is left alone. */
void connection_abort(struct connection *connection, bool reset);

#endif
