// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_INVARIANTS_H
#define EXPLORE_INVARIANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/settings.h"

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
    V_CRASHED,
    VIOLATIONS
};

extern const char *const violation_names[VIOLATIONS];

/* What has to be remembered from one act to the next. */
struct ghost {
    uint32_t violations;   /* bits, of this act */
    char detail[96];       /* of the first of them */
    int8_t asker;          /* whose last reply may leave a closed window; -1 = nobody's */
    bool extended;         /* the owner has extended this window */
    bool default_password; /* the right one is "admin", by the factory, by a lost battery */
    bool restored;         /* traced in this act */
    bool unwritten;        /* the flash has refused, and does not hold what time has done */
    bool given_up; /* a person has told a locked device to begin anew, which the flash refused:
                      it may have been erased all the same */
    bool entropy_missed;  /* the device has asked for randomness in vain since it booted */
    bool window_opened;   /* traced in this act */
    bool booted;          /* in this act */
    uint64_t left_ms;     /* of the window, at the end of the last act; 0 = it has no end */
    uint64_t counted_ms;  /* when that was */
    uint64_t opened_ms;   /* the schedule was armed */
    uint64_t base_ms;     /* attempt 0; 0 = not yet */
    uint32_t slot;        /* the next attempt's */
    uint32_t replies;     /* to the owner, on whatever connection */
    uint32_t retry;       /* of the attempt under way */
    struct settings kept; /* what a boot has to find */
};

enum actor {
    ACTOR_TIME,
    ACTOR_OWNER,
    ACTOR_STRANGER,
    ACTOR_PERSON, /* stands at the machine */
    ACTOR_HOST,   /* its operating system, and the agent in it */
    ACTOR_WORLD,  /* servers, power, the chip's own faults */
};

/* So that a message says what was seen. */
void violate(enum violation violation, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Before the first boot, and when the root has been reached. */
void invariants_begin(void);
void invariants_settle(void);
void invariants_before(int which);
void invariants_after(void);
/* The host asks what the device says of itself. Changes the world: the caller puts it back. */
void invariants_ask(void);

/* What goes on while the owner comes. */
enum company {
    COMPANY_QUIET,   /* whoever has a connection says nothing */
    COMPANY_CHATTER, /* a byte a second */
    COMPANY_GUESSES, /* a wrong password a second */
    COMPANY_PINGS,   /* six a second from machines that do not exist */
    COMPANY_SYNS,    /* ten a second, likewise */
    COMPANIES
};
extern const char *const company_names[COMPANIES];
/* Does the owner still get in? Changes the world, too. Returns the milliseconds that it took, -1
 * when nobody could expect it. */
int invariants_probe(enum company company);

/* The owner gives an order. */
void invariants_order(void);
void invariants_frame(const uint8_t *frame, size_t len);
void invariants_trace(int event, uint32_t value, const char *text);
void invariants_reply(int who);
void invariants_hello(const uint8_t *head, size_t len);
void invariants_boot(void);

#endif
