#ifndef CORE_SETUP_H
#define CORE_SETUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "fw/core/window.h"

/* The set-up state machine. Pure: events in, effects out; time only in the event. */

enum setup_state {
    SETUP_FACTORY,     /* reported as PRE, "Not started" */
    SETUP_SETUP,       /* IN, "In process": no hello delivered since the schedule started */
    SETUP_IN_PROCESS,  /* IN: a hello was delivered */
    SETUP_PROVISIONED, /* POST, "Completed" */
    SETUP_STATES
};

enum setup_event_id {
    SETUP_EV_BOOT, /* firmware reset: AC came back */
    SETUP_EV_TIME, /* time passed, or the facts changed */
    SETUP_EV_HELLO_DELIVERED,
    SETUP_EV_HELLO_FAILED, /* look-up, connect or send failed: the slot is used up */
    SETUP_EV_START,        /* CFG_StartConfiguration */
    SETUP_EV_STOP,         /* CFG_StopConfiguration */
    SETUP_EV_KEY_ENTERED,  /* PID/PPS and a new password, by MEBx or USB key */
    SETUP_EV_MANUAL,       /* configured by hand in MEBx (SMB mode) */
    SETUP_EV_COMMIT,       /* CommitChanges accepted */
    SETUP_EV_PARTIAL,      /* partial unprovision */
    SETUP_EV_FULL,         /* full unprovision */
    SETUP_EV_CMOS,         /* CMOS battery was lost */
#if FW_MANAGE
    SETUP_EV_EXTEND, /* ExtendProvisioningPeriod */
#endif
    SETUP_EVENTS
};

/* What the guards look at besides the machine's own state. */
struct setup_facts {
    enum credentials credentials;
    bool link;    /* ME has power (it runs) and link */
    bool address; /* an IPv4 address to say hello from */
    bool suffix;  /* option 15 witnessed since the firmware reset, or a PKI suffix is set */
    bool rng_ready;
    bool cert_ready; /* self-signed set-up certificate exists */
};

struct setup_event {
    enum setup_event_id id;
    uint64_t now_ms;
    struct setup_facts facts;
#if FW_MANAGE
    uint32_t hours; /* of SETUP_EV_EXTEND */
#endif
};

enum setup_action { /* what the caller has to carry out, in the order of the bits */
                    SETUP_DO_ERASE_FULL = 1 << 0,    /* settings_full_unprovision() */
                    SETUP_DO_ERASE_CMOS = 1 << 1,    /* settings_cmos_lost() */
                    SETUP_DO_ERASE_PARTIAL = 1 << 2, /* settings_partial_unprovision() */
                    SETUP_DO_TO_INTEL =
                        1 << 3, /* with an erase: to Intel's default, else to the OEM's */
                    SETUP_DO_OPEN = 1 << 4,  /* the interface may send from now on */
                    SETUP_DO_CLOSE = 1 << 5, /* not one frame from now on */
                    SETUP_DO_ATTEMPT =
                        1 << 6, /* find the SCA, connect, say hello (retry in effects) */
                    SETUP_DO_ABORT = 1 << 7, /* drop an attempt that is under way */
                    SETUP_DO_SAVE = 1 << 8,  /* write settings to the store */
};

#define SETUP_DO_ERASE (SETUP_DO_ERASE_FULL | SETUP_DO_ERASE_CMOS | SETUP_DO_ERASE_PARTIAL)

struct setup_transition;

struct setup_effects {
    uint32_t actions;                    /* enum setup_action bits */
    uint32_t status;                     /* PT_STATUS for the events that are commands */
    uint32_t retry;                      /* retry field, with SETUP_DO_ATTEMPT */
    const struct setup_transition *rule; /* the row that fired, NULL when none did */
};

struct setup {
    uint8_t state;   /* enum setup_state */
    bool started;    /* the schedule has made its first attempt */
    bool attempting; /* an attempt is under way */
    uint32_t slot;   /* next attempt's number since the schedule started */
    struct window window;
    uint64_t opened_ms; /* when the schedule was armed */
    uint64_t base_ms;   /* time of attempt 0 */
};

/* One row of the machine. The first row whose state, event and guard match fires. */
typedef bool setup_guard(const struct release *, const struct setup *, const struct setup_event *);

enum setup_window_action {
    SETUP_WINDOW_KEEP,
    SETUP_WINDOW_CLOSE,
    SETUP_WINDOW_BARE_METAL,
    SETUP_WINDOW_COMMANDED,
    SETUP_WINDOW_OPERATIONAL,
    SETUP_WINDOW_EXTEND,
};

enum setup_schedule_action {
    SETUP_SCHEDULE_KEEP,
    SETUP_SCHEDULE_RESTART, /* next attempt is number 0 */
    SETUP_SCHEDULE_CONSUME, /* the due slot is used up */
};

#define SETUP_STAY SETUP_STATES
#define SETUP_IN_STATES ((1u << SETUP_SETUP) | (1u << SETUP_IN_PROCESS))
#define SETUP_ANY_STATE ((1u << SETUP_STATES) - 1u)

struct setup_transition {
    setup_guard *guard;    /* NULL = always */
    uint32_t from : 4;     /* bit per state */
    uint32_t event : 4;    /* enum setup_event_id */
    uint32_t to : 3;       /* state, or SETUP_STAY */
    uint32_t window : 3;   /* enum setup_window_action */
    uint32_t schedule : 2; /* enum setup_schedule_action */
    uint32_t actions : 9;  /* enum setup_action bits */
    uint32_t status : 6;   /* PT_STATUS for commands */
#if FW_TEXTS
    const char *guard_name; /* for charts; "" = always */
    const char *reason;     /* in words, for the transcript */
    const char *source;
#endif
};

/* NULL without FW_TEXTS, or without a rule. */
static inline const char *setup_reason(const struct setup_transition *rule)
{
#if FW_TEXTS
    return rule ? rule->reason : NULL;
#else
    (void)rule;
    return NULL;
#endif
}

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
extern const char setup_state_names[];       /* a list of text_item()'s */
const char *setup_state_name(uint8_t state); /* "factory" */
const char *setup_event_name(uint8_t event); /* "start configuration" */

/* The machine as stored; now_ms is the device time of the boot. Send SETUP_EV_BOOT next. */
void setup_restore(struct setup *setup, const struct settings *stored, uint64_t now_ms);
/* Writes the machine's part of the settings. */
void setup_snapshot(struct setup *setup, uint64_t now_ms, struct settings *out);
/* After an erase: takes over the bare-metal time that the settings were reset to. */
void setup_take_bmp(struct setup *setup, const struct settings *s, uint64_t now_ms);

void setup_step(const struct release *release, struct setup *setup, const struct setup_event *event,
                struct setup_effects *effects);

/* When to send the next SETUP_EV_TIME; UINT64_MAX = not before another event. */
uint64_t setup_next_ms(const struct release *release, const struct setup *setup,
                       const struct setup_facts *facts);

/* 0 PRE, 1 IN, 2 POST (GetProvisioningState). */
uint32_t setup_reported(const struct setup *setup);

/* Minutes from attempt 0 to attempt `slot`. */
uint64_t hello_slot_ms(const struct hello_schedule *schedule, uint32_t slot);
uint32_t hello_retry_field(const struct hello_schedule *schedule, uint32_t slot);

#endif
