// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_TURNS_H
#define NET_TURNS_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/stream.h"
#include "fw/net/carrier.h"
#include "fw/net/connection.h"
#include "fw/net/places.h"

/* Whose turn it is. All ports lead to the same server: of the connections that have something to
 * say, one at a time is served, for one request or, while its carrier does not let it pause, until
 * it ends. A connection that has not given a right password yet is a stranger's. No stranger keeps
 * a turn, or a place, that somebody else wants for longer than limits.h says. */

struct turns {
    struct places places;
    uint8_t stage;        /* enum turn_stage, of served */
    bool busy;            /* the carrier is running: its connection ends when it returns */
    bool answered;        /* something was written in this turn */
    bool wrote;           /* something was written in this call of the carrier */
    bool worked;          /* and the device had much to reckon in it: the carrier says so */
    bool last_reply;      /* only the served one may finish its reply; nobody else gets a turn */
    bool last_reply_done; /* with last_reply: its connection has ended */
    uint8_t own_work;     /* the device has worked for itself since polled_ms; polls to count */
    uint32_t arrivals;
    uint64_t began_ms; /* begin of the stage whose time is limited */
    uint64_t turn_ms;  /* begin of the turn */
    uint64_t answer_ms;
    uint64_t polled_ms;
};

/* From lwIP's accept callback; pcb is a struct tcp_pcb. False: there is no room. */
bool turns_add(struct turns *turns, void *pcb, const struct carrier *carrier);
/* Does whatever is due. Not to be called from inside lwIP. */
void turns_poll(struct turns *turns);
/* When to poll again if nothing arrives; UINT64_MAX = never. */
uint64_t turns_next_ms(const struct turns *turns);

#if FW_MACHINE
/* Whether a connection goes on beside the turns. */
bool turns_have_beside(const struct turns *turns);
#endif

/* Resets every open connection except `except`. The resets leave only while the interface is
 * open. */
void turns_drop(struct turns *turns, const struct connection *except);

/* For carriers, with the connection that they serve: like connection_consume() and
 * connection_write(), but when lwIP has no memory left, strangers who hold some are reset. */
void turns_consume(struct turns *turns, struct connection *connection, size_t len);
size_t turns_write(struct turns *turns, struct connection *connection, const void *bytes,
                   size_t len);
/* The served connection's password was checked. */
void turns_password_checked(struct turns *turns, enum password_result result);

#endif
