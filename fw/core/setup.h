// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_SETUP_H
#define CORE_SETUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/attempt.h"
#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "fw/core/setup_state.h"
#include "fw/core/window.h"

/* The set-up state machine. Pure: events in, effects out; the event carries the time. Every
 * decision of the device is a row of this machine, or a function of fw/core on its state. */

enum setup_event_id {
    SETUP_EV_BOOT, /* firmware reset, also when AC returns */
    SETUP_EV_TIME, /* time passed, or the facts changed */
    SETUP_EV_HELLO_DELIVERED,
    SETUP_EV_HELLO_FAILED, /* look-up, connection or hello failed: its slot is used up */
    SETUP_EV_START,        /* CFG_StartConfiguration */
    SETUP_EV_START_FAILED, /* a delayed start was decided and could not be stored */
    SETUP_EV_STOP,         /* CFG_StopConfiguration */
    SETUP_EV_KEY_ENTERED,  /* PID/PPS and a new password entered, or a USB key says "start" */
    SETUP_EV_HALT,         /* a USB key says "stop" */
    SETUP_EV_MANUAL,       /* configured by hand in MEBx (SMB mode) */
    SETUP_EV_COMMIT,       /* CommitChanges accepted */
    SETUP_EV_PARTIAL,      /* partial unprovision */
    SETUP_EV_FULL,         /* full unprovision */
    SETUP_EV_CMOS,         /* the CMOS battery was lost */
    SETUP_EV_STORE_LOST,   /* flash cannot be read back, or cannot be written when it has to be */
    SETUP_EV_EXTEND,       /* ExtendProvisioningPeriod */
    SETUP_EVENTS
};

/* What the guards look at besides the machine's own state. */
struct setup_facts {
    enum credentials credentials;
    enum credentials credentials_kept; /* those left after a partial unprovision */
    uint8_t unprovision_to; /* enum unprovision_default, if not as the release says; 0 = it is */
    bool disabled;          /* AMT is off in the BIOS or in MEBx: the window's time does not run */
    bool link;              /* the ME has link (it runs, so it has power) */
    bool address;           /* it has an IPv4 address to send the hello from */
    bool suffix;          /* option 15 witnessed since the firmware reset, or a PKI suffix is set */
    bool dhcp;            /* no fixed address */
    bool alone;           /* no host ever shares the wire: there is no DHCP to witness */
    bool host_up;         /* the host's OS runs and owns the address */
    bool rng_ready;       /* there is randomness */
    bool store_lost;      /* for SETUP_EV_BOOT: what is stored is damaged or cannot be read */
    uint64_t cert_ms;     /* when the self-signed set-up certificate will exist; 0 = it does */
    bool last_reply_done; /* the connection that gets a last reply has ended */
};

struct setup_event {
    enum setup_event_id id;
    uint64_t now_ms;
    struct setup_facts facts;
    uint32_t command;  /* for START and STOP: the AMTHI command to be answered; 0 = none */
    bool tls_switched; /* for COMMIT: a provisioned device changes to other ports, or another
                          address */
    bool over_network; /* for COMMIT, PARTIAL and FULL: the reply has yet to leave */
    uint32_t hours;    /* for EXTEND */
};

enum setup_action { /* to be carried out by the caller, in the order of the bits */
                    SETUP_DO_ERASE_FULL = 1 << 0,    /* settings_full_unprovision() */
                    SETUP_DO_ERASE_CMOS = 1 << 1,    /* settings_cmos_lost() */
                    SETUP_DO_ERASE_PARTIAL = 1 << 2, /* settings_partial_unprovision() */
                    SETUP_DO_TO_INTEL =
                        1 << 3, /* with an erase: to Intel's defaults instead of the OEM's */
                    SETUP_DO_SAVE = 1 << 4,    /* store the settings before anything else is done */
                    SETUP_DO_OPEN = 1 << 5,    /* the interface may send from now on */
                    SETUP_DO_CLOSE = 1 << 6,   /* no frame may leave from now on */
                    SETUP_DO_ATTEMPT = 1 << 7, /* begin an attempt (setup.attempt) */
                    SETUP_DO_ABORT = 1 << 8,   /* drop an attempt that is under way */
                    SETUP_DO_LAST_REPLY =
                        1
                        << 9, /* for an event over the network: its reply is the connection's last,
                                 and for up to LIMIT_LAST_REPLY_MS nobody else is listened to */
                    SETUP_DO_END_REPLY = 1 << 10, /* that time is over */
                    SETUP_DO_WAIT = 1 << 11,      /* answer the command later */
                    SETUP_DO_REMEMBER = 1 << 12,  /* repeat the start once there is a certificate */
                    SETUP_DO_DECIDE_START =
                        1 << 13, /* feed SETUP_EV_START again, with the present facts */
};

#define SETUP_DO_ERASE (SETUP_DO_ERASE_FULL | SETUP_DO_ERASE_CMOS | SETUP_DO_ERASE_PARTIAL)

struct setup_transition;

struct setup_effects {
    uint32_t actions;                    /* enum setup_action bits */
    uint32_t status;                     /* PT_STATUS, for events that are commands */
    uint32_t answer;                     /* a command that is to be answered now, 0 = none ... */
    uint32_t answer_status;              /* ... and with what */
    const struct setup_transition *rule; /* the row that fired, NULL when none did */
};

struct setup {
    uint8_t state;          /* enum setup_state */
    bool started;           /* the schedule has made its first attempt */
    bool start_remembered;  /* StartConfiguration is repeated once there is a certificate */
    bool unsaved;           /* set by the caller: the end of a window could not be stored */
    uint32_t slot;          /* number of the next attempt in the schedule */
    uint32_t start_command; /* the StartConfiguration that is not answered yet; 0 = none */
    struct window window;
    struct attempt attempt;
    uint64_t opened_ms;      /* when the schedule was armed */
    uint64_t base_ms;        /* time of attempt 0 */
    uint64_t snapshot_ms;    /* when used time was last stored */
    uint64_t reply_until_ms; /* a last reply may leave until then; 0 = none is due */
};

/* The back-off of the window that is open. */
const struct hello_schedule *setup_schedule(const struct release *release,
                                            const struct setup *setup);

/* One row of the machine. The first row whose state, event and guard match fires. */
typedef bool setup_guard(const struct release *, const struct setup *, const struct setup_event *);
/* For SETUP_EV_TIME instead of a guard: when the row is due as things stand; 0 = now, UINT64_MAX =
 * never. */
typedef uint64_t setup_due(const struct release *, const struct setup *,
                           const struct setup_facts *);

enum setup_window_action {
    SETUP_WINDOW_KEEP,
    SETUP_WINDOW_CLOSE,
    SETUP_WINDOW_BARE_METAL,
    SETUP_WINDOW_COMMANDED,
    SETUP_WINDOW_OPERATIONAL,
    SETUP_WINDOW_EXTEND,
    SETUP_WINDOW_PROBE,     /* opens for one DHCP transaction of the device's own */
    SETUP_WINDOW_END_PROBE, /* closes it if it was open only for that */
};

enum setup_schedule_action {
    SETUP_SCHEDULE_KEEP,
    SETUP_SCHEDULE_RESTART, /* the next attempt is number 0 */
    SETUP_SCHEDULE_CONSUME, /* the due slot is used up */
};

#define SETUP_STAY SETUP_STATES
#define SETUP_IN_STATES ((1u << SETUP_SETUP) | (1u << SETUP_IN_PROCESS))
#define SETUP_ANY_STATE ((1u << SETUP_STATES) - 1u)

struct setup_transition {
    union {
        setup_guard *guard; /* NULL = always */
        setup_due *due;     /* for SETUP_EV_TIME */
    };
    uint32_t from : 5;     /* bit per state */
    uint32_t event : 4;    /* enum setup_event_id */
    uint32_t to : 3;       /* state, or SETUP_STAY */
    uint32_t window : 3;   /* enum setup_window_action */
    uint32_t schedule : 2; /* enum setup_schedule_action */
    uint32_t status : 6;   /* PT_STATUS for commands */
    uint16_t actions;      /* enum setup_action bits */
#if FW_TEXTS
    const char *guard_name; /* for charts; "" = always */
    const char *reason;     /* in words, for the transcript */
    const char *source;
#endif
};

/* NULL without FW_TEXTS or without a rule. */
static inline const char *setup_reason(const struct setup_transition *rule)
{
#if FW_TEXTS
    return rule->reason;
#else
    (void)rule;
    return NULL;
#endif
}

/* NULL without FW_TEXTS, or without a rule. */
static inline const char *setup_source(const struct setup_transition *rule)
{
#if FW_TEXTS
    return rule ? rule->source : NULL;
#else
    (void)rule;
    return NULL;
#endif
}

const struct setup_transition *setup_transitions(uint32_t *count);
extern const char setup_state_names[];       /* a list for text_item() */
const char *setup_state_name(uint8_t state); /* "factory" */
const char *setup_event_name(uint8_t event); /* "start configuration" */

/* Restores the machine as stored; now_ms: device time of the boot. Feed SETUP_EV_BOOT next. */
void setup_restore(struct setup *setup, const struct settings *stored, uint64_t now_ms);
/* Writes the machine's part of the settings to *out. */
void setup_snapshot(struct setup *setup, uint64_t now_ms, struct settings *out);
/* After an erase: loads the bare-metal timer with the time to which the settings were reset. */
void setup_load_bare_metal_timer(struct setup *setup, const struct settings *s, uint64_t now_ms);

void setup_step(const struct release *release, struct setup *setup, const struct setup_event *event,
                struct setup_effects *effects);

/* When to feed the next SETUP_EV_TIME, by the same rows; 0 = now, UINT64_MAX = not before another
 * event. An attempt's own deadline is attempt_late_ms(). */
uint64_t setup_next_ms(const struct release *release, const struct setup *setup,
                       const struct setup_facts *facts);

/* GetProvisioningState's numbers (RPC, LMS). A locked device has no state to report. */
enum setup_reported {
    SETUP_REPORTED_PRE = 0,
    SETUP_REPORTED_IN = 1,
    SETUP_REPORTED_POST = 2,
    SETUP_REPORTED_NONE = 3, /* never on the wire */
};

enum setup_reported setup_reported(const struct setup *setup);

#endif
