// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_INVARIANTS_H
#define EXPLORE_INVARIANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What must hold whoever does whatever in whichever order. Some is looked at while it happens
 * (frames, traces, replies), the rest when an act is over. */

enum violation {
    V_SERVED,
    V_CHANGED,
    V_PROVISIONED,
    V_FRAME_CLOSED,
    V_FRAME_OTHER,
    V_CEILING,
    V_SCHEDULE,
    V_HELLO,
    V_ERASED,
    V_STORED,
    V_REPORTED,
    V_BOOTED,
    V_PORTS,
    V_ORPHAN,
    V_OUTLIVES,
    V_LATE,
    V_ATTEMPT,
    V_POOLS,
    V_OWNER_REFUSED,
    V_OWNER_WAITS,
    V_UNANSWERED,
    V_BUSY,
    V_FLASH_OPENS,
    V_LOCKED,
    V_RESTORED,
    V_ENTROPY,
    V_WITNESS,
    V_LOST_UPDATE,
    V_LINE,
    V_POWER,
    V_REALM,
    V_CRASHED,
    VIOLATIONS /* a set of them is one word of 32 bits */
};

extern const char *const violation_names[VIOLATIONS];

enum actor {
    ACTOR_TIME,
    ACTOR_OWNER,
    ACTOR_STRANGER,
    ACTOR_PERSON, /* stands at the machine */
    ACTOR_HOST,   /* its operating system, and the agent in it */
    ACTOR_WORLD,  /* servers, power, the chip's own faults */
};

enum act_trait {
    ACT_PARTIAL = 1 << 0, /* orders a partial unprovision */
    ACT_FULL = 1 << 1,    /* orders a full unprovision */
    ACT_EXTENDS = 1 << 2, /* orders a longer window */
    ACT_MENU = 1 << 3,    /* MEBx is left with a change of ACT's own */
    ACT_STALLS = 1 << 4,  /* nobody polls meanwhile */
    ACT_BOOTS = 1 << 5,
    ACT_PROVISIONS = 1 << 6, /* a person configures the machine by hand */
};

/* So that a message says what was seen. */
void violate(enum violation violation, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Before the first boot, and when the root has been reached. */
void invariants_begin(void);
void invariants_settle(void);
void invariants_before(const char *act, enum actor actor, uint8_t traits);
void invariants_after(void);

/* The flash works, and nothing in it was changed. */
bool invariants_store_is_sound(void);
/* While the owner is tried out (probe.h) only this one counts; VIOLATIONS: all do again. */
void invariants_only(enum violation violation);

/* The owner gives an order. */
void invariants_order(void);
void invariants_frame(const uint8_t *frame, size_t len);
void invariants_trace(int event, uint32_t value, const char *text);
void invariants_reply(int who);
void invariants_hello(const uint8_t *head, size_t len);
void invariants_boot(void);
/* A console has been let in; somebody reads from the serial line, or writes to it. */
void invariants_log_in(int who);
void invariants_serial(void);
/* The machine is told something: enum machine_command. */
void invariants_power(unsigned command);

#endif
