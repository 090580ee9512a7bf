// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_ATTEMPT_H
#define CORE_ATTEMPT_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/release.h"
#include "fw/core/settings.h"

/* One attempt to deliver a hello: look up the set-up application, connect, send (S1 steps 1 to 4).
 * Pure, like the set-up state machine that begins it. The network reports events and carries out
 * actions. */

enum attempt_state {
    ATTEMPT_NONE,
    ATTEMPT_LOOKS_UP,
    ATTEMPT_CONNECTS, /* until the hello is acknowledged */
    ATTEMPT_STATES
};

enum attempt_event_id {
    ATTEMPT_EV_BEGIN_NAME, /* no server address is set: names are looked up */
    ATTEMPT_EV_BEGIN_ADDRESS,
    ATTEMPT_EV_FOUND,     /* the name has an address */
    ATTEMPT_EV_NOT_FOUND, /* it has none */
    ATTEMPT_EV_NO_NAME,   /* there are no more names */
    ATTEMPT_EV_DELIVERED, /* the hello is acknowledged */
    ATTEMPT_EV_FAILED,    /* refused, closed, no route, no memory */
    ATTEMPT_EV_LOST,      /* the interface or its address changed */
    ATTEMPT_EV_LATE,      /* LIMIT_ATTEMPT_MS have passed */
    ATTEMPT_EVENTS
};

enum attempt_action {
    ATTEMPT_DO_NOTHING,
    ATTEMPT_DO_LOOK_UP, /* attempt_name() of attempt.name */
    ATTEMPT_DO_CONNECT, /* to the address of the event */
    ATTEMPT_DO_DROP,    /* the look-up or connection under way, without a result */
};

enum attempt_outcome { ATTEMPT_GOES_ON, ATTEMPT_HAS_DELIVERED, ATTEMPT_HAS_FAILED };

struct attempt {
    uint8_t state;  /* enum attempt_state */
    uint8_t name;   /* number of the name that is being looked up */
    uint32_t retry; /* the hello's retry field */
    uint64_t deadline_ms;
};

/* One row of the machine. The first row whose state and event match fires. */
struct attempt_transition {
    uint8_t from;        /* bit per state */
    uint8_t event;       /* enum attempt_event_id */
    uint8_t to;          /* enum attempt_state */
    uint8_t action;      /* enum attempt_action */
    uint8_t outcome;     /* enum attempt_outcome */
    const char *failure; /* NULL unless it has failed */
};

const struct attempt_transition *attempt_transitions(uint32_t *count);
const char *attempt_state_name(uint8_t state); /* "looks up" */
const char *attempt_event_name(uint8_t event); /* "not found" */

/* A new attempt; feed it ATTEMPT_EV_BEGIN_NAME or _ADDRESS next. */
void attempt_begin(struct attempt *attempt, uint32_t retry, uint64_t now_ms);
void attempt_end(struct attempt *attempt);

/* Returns the row that fired; NULL: the event means nothing in this state. */
const struct attempt_transition *attempt_step(struct attempt *attempt, uint8_t event);

static inline bool attempt_is_under_way(const struct attempt *attempt)
{
    return attempt->state != ATTEMPT_NONE;
}

/* When ATTEMPT_EV_LATE is due; UINT64_MAX = there is no attempt. */
static inline uint64_t attempt_late_ms(const struct attempt *attempt)
{
    return attempt_is_under_way(attempt) ? attempt->deadline_ms : UINT64_MAX;
}

/* The names under which the set-up application is looked up, counted from 0: the configuration
 * server's FQDN on releases that have it; the host label in the MEBx or OEM domain, or without one;
 * the host label in option 15's domain (S1). False: there are no more. option15: "" = none. */
bool attempt_name(const struct settings *settings, const struct release *release,
                  const struct oem_profile *oem, const char *option15, uint32_t number,
                  char out[LIMIT_FQDN + 1]);

#endif
