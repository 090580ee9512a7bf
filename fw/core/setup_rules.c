// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/setup.h"

#include "fw/core/schedule.h"
#include "fw/core/status.h"

/* The table of the set-up state machine, and the conditions of its rows: pure functions of the
 * release, the machine and the facts. setup.c runs it. */

#define FIRST_ATTEMPT_MS 1000u /* from the opening to attempt 0, assumed */

#define F (1u << SETUP_FACTORY)
#define IN SETUP_IN_STATES
#define P (1u << SETUP_PROVISIONED)
#define L (1u << SETUP_LOCKED)
#define ANY SETUP_ANY_STATE

/* --- when rows of SETUP_EV_TIME are due --- */

#define NOW 0
#define NEVER UINT64_MAX

static uint64_t bare_metal_due(const struct release *r, const struct setup *s,
                               const struct setup_facts *f)
{
    bool usable = f->credentials == CREDENTIALS_PSK ||
                  (f->credentials == CREDENTIALS_PKI && r->pki_bare_metal.value);

    return usable && f->link && f->rng_ready && s->window.bmp_left_ms > 0 ? NOW : NEVER;
}

static uint64_t window_over_due(const struct release *r, const struct setup *s,
                                const struct setup_facts *f)
{
    (void)r;
    (void)f;
    return window_is_open(&s->window) ? window_end_ms(&s->window) : NEVER;
}

const struct hello_schedule *setup_schedule(const struct release *r, const struct setup *s)
{
    const struct rule *rule =
        s->window.kind == WINDOW_BARE_METAL ? &r->bare_metal_schedule : &r->commanded_schedule;

    return hello_schedule_find((char)rule->value);
}

static uint64_t slot_due(const struct release *r, const struct setup *s,
                         const struct setup_facts *f)
{
    if (!window_is_open(&s->window) || attempt_is_under_way(&s->attempt) ||
        f->credentials == CREDENTIALS_NONE)
        return NEVER;
    if (!s->started)
        return s->opened_ms + FIRST_ATTEMPT_MS;
    return s->base_ms + hello_slot_ms(setup_schedule(r, s), s->slot);
}

static uint64_t slot_due_with_address(const struct release *r, const struct setup *s,
                                      const struct setup_facts *f)
{
    return f->address ? slot_due(r, s, f) : NEVER;
}

/* The first attempt waits for an address; later slots pass even without one. */
static uint64_t slot_due_without_address(const struct release *r, const struct setup *s,
                                         const struct setup_facts *f)
{
    return s->started && !f->address ? slot_due(r, s, f) : NEVER;
}

static bool knows_network(const struct setup_facts *f)
{
    return f->address && (f->credentials == CREDENTIALS_PSK || f->suffix);
}

static uint64_t probe_over(const struct release *r, const struct setup *s,
                           const struct setup_facts *f)
{
    (void)r;
    if (!window_is_probing(&s->window))
        return NEVER;
    return knows_network(f) ? NOW : window_end_ms(&s->window);
}

static uint64_t certificate_made(const struct release *r, const struct setup *s,
                                 const struct setup_facts *f)
{
    (void)r;
    return s->start_remembered ? f->cert_ms : NEVER;
}

#if FW_MANAGE
static uint64_t reply_over(const struct release *r, const struct setup *s,
                           const struct setup_facts *f)
{
    (void)r;
    if (s->reply_until_ms == 0)
        return NEVER;
    return f->last_reply_done ? 0 : s->reply_until_ms;
}
#endif

static uint64_t time_unsaved(const struct release *r, const struct setup *s,
                             const struct setup_facts *f)
{
    (void)r;
    (void)f;
    return window_is_counting(&s->window) || s->unsaved ? s->snapshot_ms + LIMIT_CHECKPOINT_MS
                                                        : NEVER;
}

/* --- guards --- */

/* Open, and with time left: a window without time left counts as closed. */
static bool window_runs(const struct release *r, const struct setup *s, const struct setup_event *e)
{
    (void)r;
    (void)e;
    return window_is_open(&s->window) && !window_is_over(&s->window);
}

static bool reopens(const struct release *r, const struct setup *s, const struct setup_event *e)
{
    (void)s;
    (void)e;
    return r->ac_reopens_window.value != 0;
}

static bool store_lost(const struct release *r, const struct setup *s, const struct setup_event *e)
{
    (void)r;
    (void)s;
    return e->facts.store_lost;
}

/* Without a host on the wire there is no DHCP to witness: the device asks a DHCP server itself
 * before it answers. */
static bool needs_own_dhcp(const struct release *r, const struct setup *s,
                           const struct setup_event *e)
{
    const struct setup_facts *f = &e->facts;

    (void)r;
    return f->alone && f->dhcp && f->rng_ready && f->link && !window_may_send(&s->window) &&
           !(f->address && f->suffix);
}

static bool no_network_name(const struct release *r, const struct setup *s,
                            const struct setup_event *e)
{
    (void)r;
    (void)s;
    return !knows_network(&e->facts);
}

static bool no_credentials(const struct release *r, const struct setup *s,
                           const struct setup_event *e)
{
    (void)r;
    (void)s;
    return e->facts.credentials == CREDENTIALS_NONE;
}

static bool none_kept(const struct release *r, const struct setup *s, const struct setup_event *e)
{
    (void)r;
    (void)s;
    return e->facts.credentials_kept == CREDENTIALS_NONE;
}

static bool no_rng(const struct release *r, const struct setup *s, const struct setup_event *e)
{
    (void)r;
    (void)s;
    return !e->facts.rng_ready;
}

static bool no_certificate(const struct release *r, const struct setup *s,
                           const struct setup_event *e)
{
    (void)r;
    (void)s;
    return e->facts.credentials != CREDENTIALS_PSK && e->now_ms < e->facts.cert_ms;
}

#if FW_MANAGE
static bool tls_switched(const struct release *r, const struct setup *s,
                         const struct setup_event *e)
{
    (void)r;
    (void)s;
    return e->tls_switched;
}
#endif

static bool to_intel(const struct release *r, const struct setup *s, const struct setup_event *e)
{
    uint32_t oem = e->facts.unprovision_to;

    (void)s;
    return (oem ? oem : r->unprovision_to.value) == UNPROVISION_TO_INTEL;
}

/* --- the table --- */

#if FW_TEXTS
#define WHY(guard, reason, source) guard, reason, source
#else
#define WHY(guard, reason, source)
#endif

/* Columns: condition; states, event, next state; window; schedule; status; actions; words. */
#define ON(f)                                                                                      \
    {                                                                                              \
        .guard = (f)                                                                               \
    }
#define WHEN(f)                                                                                    \
    {                                                                                              \
        .due = (f)                                                                                 \
    }
#define ALWAYS                                                                                     \
    {                                                                                              \
        .guard = NULL                                                                              \
    }

#define DROP (SETUP_DO_ABORT | SETUP_DO_CLOSE | SETUP_DO_SAVE)

static const struct setup_transition table[] = {
    {ON(store_lost), ANY, SETUP_EV_BOOT, SETUP_LOCKED, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP, 0,
     SETUP_DO_CLOSE, WHY("store_lost", "what is stored cannot be trusted", "assumed")},
    {ON(window_runs), IN, SETUP_EV_BOOT, SETUP_SETUP, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_RESTART, 0,
     SETUP_DO_OPEN | SETUP_DO_SAVE,
     WHY("window_runs", "firmware reset: schedule restarts at retry 0", "S1; S3; RCT; CUTLER")},
    {ON(reopens), IN, SETUP_EV_BOOT, SETUP_SETUP, SETUP_WINDOW_COMMANDED, SETUP_SCHEDULE_RESTART, 0,
     SETUP_DO_OPEN | SETUP_DO_SAVE,
     WHY("reopens", "firmware reset re-opens the window", "RCT; HPj")},
    {ALWAYS, P, SETUP_EV_BOOT, SETUP_STAY, SETUP_WINDOW_OPERATIONAL, SETUP_SCHEDULE_KEEP, 0,
     SETUP_DO_OPEN, WHY("", "provisioned device starts", "S3")},
    {ALWAYS, ANY, SETUP_EV_BOOT, SETUP_STAY, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP, 0,
     SETUP_DO_CLOSE, WHY("", "firmware reset leaves the interface closed", "S1")},

#if FW_MANAGE
    {WHEN(reply_over), ANY, SETUP_EV_TIME, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP, 0,
     SETUP_DO_END_REPLY, WHY("reply_over", "the last reply has had its time", "assumed")},
#endif
    {WHEN(bare_metal_due), F, SETUP_EV_TIME, SETUP_SETUP, SETUP_WINDOW_BARE_METAL,
     SETUP_SCHEDULE_RESTART, 0, SETUP_DO_OPEN | SETUP_DO_SAVE,
     WHY("bare_metal_due", "bare-metal provisioning starts by itself", "S0; ITJ7")},
    {WHEN(window_over_due), IN, SETUP_EV_TIME, SETUP_STAY, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP,
     0, DROP, WHY("window_over", "window is over", "S1; SYM68; LMS-cim")},
    {WHEN(slot_due_with_address), IN, SETUP_EV_TIME, SETUP_STAY, SETUP_WINDOW_KEEP,
     SETUP_SCHEDULE_CONSUME, 0, SETUP_DO_ATTEMPT | SETUP_DO_SAVE,
     WHY("slot_due_with_address", "schedule slot is due, and used time is written down",
         "S1; CUTLER; SCCM; ITJ7")},
    {WHEN(slot_due_without_address), IN, SETUP_EV_TIME, SETUP_STAY, SETUP_WINDOW_KEEP,
     SETUP_SCHEDULE_CONSUME, 0, 0,
     WHY("slot_due_without_address", "schedule slot passes without an address", "assumed")},
    {WHEN(probe_over), F | IN, SETUP_EV_TIME, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP, 0,
     SETUP_DO_DECIDE_START,
     WHY("probe_over", "the device's own DHCP has answered, or had its time", "assumed")},
    {WHEN(certificate_made), F | IN, SETUP_EV_TIME, SETUP_STAY, SETUP_WINDOW_KEEP,
     SETUP_SCHEDULE_KEEP, 0, SETUP_DO_DECIDE_START,
     WHY("certificate_made", "the start goes on by itself: agents only poll the state",
         "G-start; LMS-agent")},
    {WHEN(time_unsaved), F | IN | P, SETUP_EV_TIME, SETUP_STAY, SETUP_WINDOW_KEEP,
     SETUP_SCHEDULE_KEEP, 0, SETUP_DO_SAVE,
     WHY("time_unsaved", "used window time is written down", "assumed")},

    {ALWAYS, IN, SETUP_EV_HELLO_DELIVERED, SETUP_IN_PROCESS, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP,
     0, 0, WHY("", "hello delivered", "S1")},
    {ALWAYS, IN, SETUP_EV_HELLO_FAILED, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP, 0, 0,
     WHY("", "attempt failed: its slot is used up", "S1; assumed")},

    {ALWAYS, L, SETUP_EV_START, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP,
     PT_STATUS_INTERNAL_ERROR, 0, WHY("", "what is stored cannot be trusted", "assumed")},
    {ALWAYS, P, SETUP_EV_START, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP,
     PT_STATUS_INVALID_PT_MODE, 0, WHY("", "already provisioned", "G-start")},
    {ON(window_runs), IN, SETUP_EV_START, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP,
     PT_STATUS_INVALID_PT_MODE, 0,
     WHY("window_runs", "provisioning period is still running", "S0; G-start")},
    {ON(needs_own_dhcp), F | IN, SETUP_EV_START, SETUP_STAY, SETUP_WINDOW_PROBE,
     SETUP_SCHEDULE_KEEP, 0, SETUP_DO_OPEN | SETUP_DO_WAIT,
     WHY("needs_own_dhcp", "the device asks a DHCP server itself before it answers", "assumed")},
    {ON(no_credentials), F | IN, SETUP_EV_START, SETUP_STAY, SETUP_WINDOW_END_PROBE,
     SETUP_SCHEDULE_KEEP, PT_STATUS_NOT_READY, 0,
     WHY("no_credentials", "neither a PSK nor remote configuration", "assumed")},
    {ON(no_network_name), F | IN, SETUP_EV_START, SETUP_STAY, SETUP_WINDOW_END_PROBE,
     SETUP_SCHEDULE_KEEP, PT_STATUS_NOT_READY, 0,
     WHY("no_network_name",
         "no DHCP server answered, or no option 15 witnessed since the firmware reset",
         "S0; G-start; G-startex; G-amtenabled")},
    {ON(no_rng), F | IN, SETUP_EV_START, SETUP_STAY, SETUP_WINDOW_END_PROBE, SETUP_SCHEDULE_KEEP,
     PT_STATUS_RNG_NOT_READY, 0, WHY("no_rng", "no RNG seed", "G-start")},
    {ON(no_certificate), F | IN, SETUP_EV_START, SETUP_STAY, SETUP_WINDOW_END_PROBE,
     SETUP_SCHEDULE_KEEP, PT_STATUS_CERTIFICATE_NOT_READY, SETUP_DO_REMEMBER,
     WHY("no_certificate", "set-up certificate is still being made", "G-start")},
    {ALWAYS, F | IN, SETUP_EV_START, SETUP_SETUP, SETUP_WINDOW_COMMANDED, SETUP_SCHEDULE_RESTART,
     PT_STATUS_SUCCESS, SETUP_DO_OPEN | SETUP_DO_SAVE,
     WHY("", "agent starts configuration", "S0; S1; G-start; SYM68")},

    {ALWAYS, ANY, SETUP_EV_START_FAILED, SETUP_STAY, SETUP_WINDOW_END_PROBE, SETUP_SCHEDULE_KEEP,
     PT_STATUS_INTERNAL_ERROR, 0, WHY("", "the start could not be stored", "assumed")},

    {ALWAYS, L, SETUP_EV_STOP, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP,
     PT_STATUS_INTERNAL_ERROR, 0, WHY("", "what is stored cannot be trusted", "assumed")},
    {ON(window_runs), IN, SETUP_EV_STOP, SETUP_STAY, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP,
     PT_STATUS_SUCCESS, DROP,
     WHY("window_runs", "agent stops configuration", "PTHI.c; effect assumed")},
    {ALWAYS, ANY, SETUP_EV_STOP, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP,
     PT_STATUS_INVALID_PT_MODE, 0, WHY("", "nothing to stop", "PTHI.c")},

    {ALWAYS, F | IN, SETUP_EV_KEY_ENTERED, SETUP_SETUP, SETUP_WINDOW_COMMANDED,
     SETUP_SCHEDULE_RESTART, 0, SETUP_DO_ABORT | SETUP_DO_OPEN | SETUP_DO_SAVE,
     WHY("", "set-up is begun at the machine", "S1; HP5; MCMD; six hours: assumed")},
    {ALWAYS, F | IN, SETUP_EV_HALT, SETUP_SETUP, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP, 0, DROP,
     WHY("", "set-up is halted at the machine", "MCMD; effect assumed")},
    {ALWAYS, F | IN, SETUP_EV_MANUAL, SETUP_PROVISIONED, SETUP_WINDOW_OPERATIONAL,
     SETUP_SCHEDULE_KEEP, 0, SETUP_DO_ABORT | SETUP_DO_OPEN | SETUP_DO_SAVE,
     WHY("", "configured by hand", "HP; RTK")},
#if FW_MANAGE
    {ALWAYS, IN, SETUP_EV_COMMIT, SETUP_PROVISIONED, SETUP_WINDOW_OPERATIONAL, SETUP_SCHEDULE_KEEP,
     PT_STATUS_SUCCESS, SETUP_DO_ABORT | SETUP_DO_OPEN | SETUP_DO_SAVE | SETUP_DO_LAST_REPLY,
     WHY("", "changes committed", "S1")},
    {ON(tls_switched), P, SETUP_EV_COMMIT, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP,
     PT_STATUS_SUCCESS, SETUP_DO_SAVE | SETUP_DO_LAST_REPLY,
     WHY("tls_switched", "changes of a provisioned device committed: other ports", "WSM")},
    {ALWAYS, P, SETUP_EV_COMMIT, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP,
     PT_STATUS_SUCCESS, SETUP_DO_SAVE, WHY("", "changes of a provisioned device committed", "WSM")},
#endif

    {ON(none_kept), IN | P, SETUP_EV_PARTIAL, SETUP_FACTORY, SETUP_WINDOW_CLOSE,
     SETUP_SCHEDULE_KEEP, 0, DROP | SETUP_DO_ERASE_PARTIAL | SETUP_DO_LAST_REPLY,
     WHY("none_kept", "partial unprovision without credentials left", "assumed")},
    {ALWAYS, IN | P, SETUP_EV_PARTIAL, SETUP_SETUP, SETUP_WINDOW_COMMANDED, SETUP_SCHEDULE_RESTART,
     0,
     SETUP_DO_ABORT | SETUP_DO_OPEN | SETUP_DO_ERASE_PARTIAL | SETUP_DO_SAVE | SETUP_DO_LAST_REPLY,
     WHY("", "partial unprovision re-opens the window", "S1; HP6; HPnb")},

    {ON(to_intel), L, SETUP_EV_FULL, SETUP_FACTORY, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP, 0,
     DROP | SETUP_DO_ERASE_CMOS | SETUP_DO_TO_INTEL,
     WHY("to_intel", "a locked device begins anew at Intel's factory default", "assumed")},
    {ALWAYS, L, SETUP_EV_FULL, SETUP_FACTORY, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP, 0,
     DROP | SETUP_DO_ERASE_CMOS,
     WHY("", "a locked device begins anew in the OEM's factory-defined state", "assumed")},
    {ON(to_intel), ANY, SETUP_EV_FULL, SETUP_FACTORY, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP, 0,
     DROP | SETUP_DO_ERASE_FULL | SETUP_DO_TO_INTEL | SETUP_DO_LAST_REPLY,
     WHY("to_intel", "full unprovision returns to Intel's factory default", "S0")},
    {ALWAYS, ANY, SETUP_EV_FULL, SETUP_FACTORY, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP, 0,
     DROP | SETUP_DO_ERASE_FULL | SETUP_DO_LAST_REPLY,
     WHY("", "full unprovision returns to the OEM's factory-defined state", "S0")},
    {ON(to_intel), ANY, SETUP_EV_CMOS, SETUP_FACTORY, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP, 0,
     DROP | SETUP_DO_ERASE_CMOS | SETUP_DO_TO_INTEL,
     WHY("to_intel", "lost CMOS battery returns to Intel's factory default", "S0; S3")},
    {ALWAYS, ANY, SETUP_EV_CMOS, SETUP_FACTORY, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP, 0,
     DROP | SETUP_DO_ERASE_CMOS,
     WHY("", "lost CMOS battery returns to the OEM's factory-defined state", "S0; S3")},

    {ALWAYS, ANY, SETUP_EV_STORE_LOST, SETUP_LOCKED, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP, 0,
     SETUP_DO_ABORT | SETUP_DO_CLOSE, WHY("", "the store cannot be read or written", "assumed")},

#if FW_MANAGE
    {ON(window_runs), IN, SETUP_EV_EXTEND, SETUP_STAY, SETUP_WINDOW_EXTEND, SETUP_SCHEDULE_KEEP,
     PT_STATUS_SUCCESS, SETUP_DO_SAVE,
     WHY("window_runs", "server sets the provisioning period", "WSM; LMS-cim; G-rflow")},
    {ALWAYS, ANY, SETUP_EV_EXTEND, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP,
     PT_STATUS_NOT_PERMITTED, 0, WHY("", "no provisioning period to extend", "assumed")},
#endif
};

const struct setup_transition *setup_transitions(uint32_t *count)
{
    *count = sizeof(table) / sizeof(table[0]);
    return table;
}
