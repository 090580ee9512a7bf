// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_PLACES_H
#define NET_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/reputation.h"
#include "fw/net/connection.h"

/* Who has a place among the connections of the service's ports, and who gives it up to
 * whom. Assumed; no source says how a device does it. */

struct ip_stack;

/* The last one holds a newcomer while all are taken, until one is freed. */
#define PLACES (LIMIT_CONNECTIONS + 1)

/* A SYN that has not been answered, as there was no place. Its client repeats it, after one second
 * at the earliest; others on the same address must not be quicker each time. */
struct refusal {
    uint64_t since_ms; /* forgotten LIMIT_REFUSAL_MS later; 0 = none */
    uint32_t ip;
    uint16_t port;
};

struct places {
    const struct ip_stack *stack; /* for the time */
    struct connection connection[PLACES];
    struct connection *served;        /* it has the turn; NULL = nobody */
    struct connection *last_reply_to; /* it keeps its place; NULL = nobody does */
    struct reputation reputation;
    struct refusal refusal[LIMIT_REFUSALS]; /* the latest ones */
    uint32_t refusals;
};

/* Whether a SYN from there may be answered: there would be a place for its connection. If not, it
 * is remembered: once repeated, it comes before all who have come after it. */
bool places_admit_syn(struct places *places, uint32_t ip, uint16_t port);
/* When the first SYN of that connection came, which has a place now. */
uint64_t places_first_syn_ms(struct places *places, uint32_t ip, uint16_t port);

/* The newcomer's is one of them. */
uint32_t places_taken(const struct places *places);
/* The connection whose place the newcomer's takes; NULL = none gives way. */
const struct connection *places_given_to(struct places *places, struct connection *newcomer);

#endif
