#include "fw/core/setup.h"

#include <string.h>

#include "fw/core/status.h"
#include "fw/core/text.h"

#define MS_PER_MINUTE 60000u
#define MS_PER_S 1000u
#define FIRST_ATTEMPT_MS 1000u /* from opening to attempt 0: at least 1 s, assumed */

#define F (1u << SETUP_FACTORY)
#define IN SETUP_IN_STATES
#define P (1u << SETUP_PROVISIONED)
#define ANY SETUP_ANY_STATE

static uint64_t attempt_due_ms(const struct release *r, const struct setup *s)
{
    if (!s->started)
        return s->opened_ms + FIRST_ATTEMPT_MS;
    return s->base_ms + hello_slot_ms(r->schedule, s->slot);
}

/* Open, and not at its very end: a window without time left is a closed one. */
static bool window_runs(const struct release *r, const struct setup *s, const struct setup_event *e)
{
    (void)r;
    (void)e;
    return window_is_open(&s->window) && !window_is_over(&s->window);
}

static bool window_over(const struct release *r, const struct setup *s, const struct setup_event *e)
{
    (void)r;
    (void)e;
    return window_is_over(&s->window);
}

static bool bare_metal_due(const struct release *r, const struct setup *s,
                           const struct setup_event *e)
{
    bool usable = e->facts.credentials == CREDENTIALS_PSK ||
                  (e->facts.credentials == CREDENTIALS_PKI && r->pki_bare_metal.value);

    return usable && e->facts.link && e->facts.rng_ready && s->window.bmp_left_ms > 0;
}

static bool slot_due(const struct release *r, const struct setup *s, const struct setup_event *e)
{
    return window_is_open(&s->window) && !s->attempting &&
           e->facts.credentials != CREDENTIALS_NONE && e->now_ms >= attempt_due_ms(r, s);
}

static bool slot_due_with_address(const struct release *r, const struct setup *s,
                                  const struct setup_event *e)
{
    return e->facts.address && slot_due(r, s, e);
}

/* The first attempt waits for the first address; later slots pass whether there is one or not. */
static bool slot_due_without_address(const struct release *r, const struct setup *s,
                                     const struct setup_event *e)
{
    return s->started && !e->facts.address && slot_due(r, s, e);
}

static bool reopens(const struct release *r, const struct setup *s, const struct setup_event *e)
{
    (void)s;
    (void)e;
    return r->ac_reopens_window.value != 0;
}

static bool no_network_name(const struct release *r, const struct setup *s,
                            const struct setup_event *e)
{
    (void)r;
    (void)s;
    if (!e->facts.address)
        return true;
    return e->facts.credentials != CREDENTIALS_PSK && !e->facts.suffix;
}

static bool no_credentials(const struct release *r, const struct setup *s,
                           const struct setup_event *e)
{
    (void)r;
    (void)s;
    return e->facts.credentials == CREDENTIALS_NONE;
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
    return !e->facts.cert_ready;
}

static bool to_intel(const struct release *r, const struct setup *s, const struct setup_event *e)
{
    (void)s;
    (void)e;
    return r->unprovision_to.value == UNPROVISION_TO_INTEL;
}

#if FW_TEXTS
#define WHY(guard, reason, source) guard, reason, source
#else
#define WHY(guard, reason, source)
#endif

static const struct setup_transition table[] = {
    {window_runs, IN, SETUP_EV_BOOT, SETUP_SETUP, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_RESTART,
     SETUP_DO_OPEN | SETUP_DO_SAVE, 0,
     WHY("window_runs", "firmware reset: schedule restarts at retry 0", "S1; S3; RCT; CUTLER")},
    {reopens, IN, SETUP_EV_BOOT, SETUP_SETUP, SETUP_WINDOW_COMMANDED, SETUP_SCHEDULE_RESTART,
     SETUP_DO_OPEN | SETUP_DO_SAVE, 0,
     WHY("reopens", "firmware reset re-opens the window", "RCT; HPj")},
    {NULL, P, SETUP_EV_BOOT, SETUP_STAY, SETUP_WINDOW_OPERATIONAL, SETUP_SCHEDULE_KEEP,
     SETUP_DO_OPEN, 0, WHY("", "provisioned device starts", "S3")},
    {NULL, ANY, SETUP_EV_BOOT, SETUP_STAY, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP, SETUP_DO_CLOSE,
     0, WHY("", "firmware reset leaves the interface closed", "S1")},

    {bare_metal_due, F, SETUP_EV_TIME, SETUP_SETUP, SETUP_WINDOW_BARE_METAL, SETUP_SCHEDULE_RESTART,
     SETUP_DO_OPEN | SETUP_DO_SAVE, 0,
     WHY("bare_metal_due", "bare-metal provisioning starts by itself", "S0; ITJ7")},
    {window_over, IN, SETUP_EV_TIME, SETUP_STAY, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP,
     SETUP_DO_CLOSE | SETUP_DO_ABORT | SETUP_DO_SAVE, 0,
     WHY("window_over", "window is over", "S1; SYM68; LMS-cim")},
    {slot_due_with_address, IN, SETUP_EV_TIME, SETUP_STAY, SETUP_WINDOW_KEEP,
     SETUP_SCHEDULE_CONSUME, SETUP_DO_ATTEMPT, 0,
     WHY("slot_due_with_address", "schedule slot is due", "S1; CUTLER")},
    {slot_due_without_address, IN, SETUP_EV_TIME, SETUP_STAY, SETUP_WINDOW_KEEP,
     SETUP_SCHEDULE_CONSUME, 0, 0,
     WHY("slot_due_without_address", "schedule slot passes without an address", "assumed")},

    {NULL, IN, SETUP_EV_HELLO_DELIVERED, SETUP_IN_PROCESS, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP,
     0, 0, WHY("", "hello delivered", "S1")},
    {NULL, IN, SETUP_EV_HELLO_FAILED, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP, 0, 0,
     WHY("", "attempt failed: its slot is used up", "S1; assumed")},

    {NULL, P, SETUP_EV_START, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP, 0,
     PT_STATUS_INVALID_PT_MODE, WHY("", "already provisioned", "G-start")},
    {window_runs, IN, SETUP_EV_START, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP, 0,
     PT_STATUS_INVALID_PT_MODE,
     WHY("window_runs", "provisioning period is still running", "S0; G-start")},
    {no_credentials, F | IN, SETUP_EV_START, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP, 0,
     PT_STATUS_NOT_READY,
     WHY("no_credentials", "neither a PSK nor remote configuration", "assumed")},
    {no_network_name, F | IN, SETUP_EV_START, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP, 0,
     PT_STATUS_NOT_READY,
     WHY("no_network_name",
         "no DHCP server answered, or no option 15 witnessed since the firmware reset",
         "S0; G-start; G-startex; G-amtenabled")},
    {no_rng, F | IN, SETUP_EV_START, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP, 0,
     PT_STATUS_RNG_NOT_READY, WHY("no_rng", "no RNG seed", "G-start")},
    {no_certificate, F | IN, SETUP_EV_START, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP, 0,
     PT_STATUS_CERTIFICATE_NOT_READY,
     WHY("no_certificate", "set-up certificate is still being made", "G-start")},
    {NULL, F | IN, SETUP_EV_START, SETUP_SETUP, SETUP_WINDOW_COMMANDED, SETUP_SCHEDULE_RESTART,
     SETUP_DO_OPEN | SETUP_DO_SAVE, PT_STATUS_SUCCESS,
     WHY("", "agent starts configuration", "S0; S1; G-start; SYM68")},

    {window_runs, IN, SETUP_EV_STOP, SETUP_STAY, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP,
     SETUP_DO_CLOSE | SETUP_DO_ABORT | SETUP_DO_SAVE, PT_STATUS_SUCCESS,
     WHY("window_runs", "agent stops configuration", "PTHI.c; effect assumed")},
    {NULL, ANY, SETUP_EV_STOP, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP, 0,
     PT_STATUS_INVALID_PT_MODE, WHY("", "nothing to stop", "PTHI.c")},

    {NULL, F | IN, SETUP_EV_KEY_ENTERED, SETUP_SETUP, SETUP_WINDOW_COMMANDED,
     SETUP_SCHEDULE_RESTART, SETUP_DO_ABORT | SETUP_DO_OPEN | SETUP_DO_SAVE, 0,
     WHY("", "pre-shared key entered", "S1; HP5; six hours: assumed")},
    {NULL, F | IN, SETUP_EV_MANUAL, SETUP_PROVISIONED, SETUP_WINDOW_OPERATIONAL,
     SETUP_SCHEDULE_KEEP, SETUP_DO_ABORT | SETUP_DO_OPEN | SETUP_DO_SAVE, 0,
     WHY("", "configured by hand", "HP; RTK")},
    {NULL, IN, SETUP_EV_COMMIT, SETUP_PROVISIONED, SETUP_WINDOW_OPERATIONAL, SETUP_SCHEDULE_KEEP,
     SETUP_DO_ABORT | SETUP_DO_OPEN | SETUP_DO_SAVE, 0, WHY("", "changes committed", "S1")},

    {no_credentials, IN | P, SETUP_EV_PARTIAL, SETUP_FACTORY, SETUP_WINDOW_CLOSE,
     SETUP_SCHEDULE_KEEP, SETUP_DO_ABORT | SETUP_DO_CLOSE | SETUP_DO_ERASE_PARTIAL | SETUP_DO_SAVE,
     0, WHY("no_credentials", "partial unprovision without usable credentials", "assumed")},
    {NULL, IN | P, SETUP_EV_PARTIAL, SETUP_SETUP, SETUP_WINDOW_COMMANDED, SETUP_SCHEDULE_RESTART,
     SETUP_DO_ABORT | SETUP_DO_OPEN | SETUP_DO_ERASE_PARTIAL | SETUP_DO_SAVE, 0,
     WHY("", "partial unprovision re-opens the window", "S1; HP6; HPnb")},

    {to_intel, ANY, SETUP_EV_FULL, SETUP_FACTORY, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP,
     SETUP_DO_ABORT | SETUP_DO_CLOSE | SETUP_DO_ERASE_FULL | SETUP_DO_TO_INTEL | SETUP_DO_SAVE, 0,
     WHY("to_intel", "full unprovision returns to Intel's factory default", "S0")},
    {NULL, ANY, SETUP_EV_FULL, SETUP_FACTORY, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP,
     SETUP_DO_ABORT | SETUP_DO_CLOSE | SETUP_DO_ERASE_FULL | SETUP_DO_SAVE, 0,
     WHY("", "full unprovision returns to the OEM's factory-defined state", "S0")},
    {to_intel, ANY, SETUP_EV_CMOS, SETUP_FACTORY, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP,
     SETUP_DO_ABORT | SETUP_DO_CLOSE | SETUP_DO_ERASE_CMOS | SETUP_DO_TO_INTEL | SETUP_DO_SAVE, 0,
     WHY("to_intel", "lost CMOS battery returns to Intel's factory default", "S0; S3")},
    {NULL, ANY, SETUP_EV_CMOS, SETUP_FACTORY, SETUP_WINDOW_CLOSE, SETUP_SCHEDULE_KEEP,
     SETUP_DO_ABORT | SETUP_DO_CLOSE | SETUP_DO_ERASE_CMOS | SETUP_DO_SAVE, 0,
     WHY("", "lost CMOS battery returns to the OEM's factory-defined state", "S0; S3")},

#if FW_MANAGE
    {window_runs, IN, SETUP_EV_EXTEND, SETUP_STAY, SETUP_WINDOW_EXTEND, SETUP_SCHEDULE_KEEP,
     SETUP_DO_SAVE, PT_STATUS_SUCCESS,
     WHY("window_runs", "server extends the provisioning period", "WSM; from now on: assumed")},
    {NULL, ANY, SETUP_EV_EXTEND, SETUP_STAY, SETUP_WINDOW_KEEP, SETUP_SCHEDULE_KEEP, 0,
     PT_STATUS_NOT_PERMITTED, WHY("", "no provisioning period to extend", "assumed")},
#endif
};

#undef F
#undef IN
#undef P
#undef ANY

const struct setup_transition *setup_transitions(uint32_t *count)
{
    *count = sizeof(table) / sizeof(table[0]);
    return table;
}

const char setup_state_names[] = "factory\0setup\0in-process\0provisioned\0";

const char *setup_state_name(uint8_t state)
{
    return state < SETUP_STATES ? text_item(setup_state_names, state) : "?";
}

const char *setup_event_name(uint8_t event)
{
    static const char names[] = "boot\0"
                                "time\0"
                                "hello delivered\0"
                                "hello failed\0"
                                "start configuration\0"
                                "stop configuration\0"
                                "key entered\0"
                                "manual\0"
                                "commit\0"
                                "partial unprovision\0"
                                "full unprovision\0"
                                "CMOS lost\0"
#if FW_MANAGE
                                "extend\0"
#endif
        ;

    return event < SETUP_EVENTS ? text_item(names, event) : "?";
}

uint64_t hello_slot_ms(const struct hello_schedule *schedule, uint32_t slot)
{
    uint64_t minutes = 0;
    uint32_t left = slot;

    for (uint32_t i = 0; left > 0 && i < HELLO_STEPS; i++) {
        bool last = i + 1 == HELLO_STEPS || schedule->step[i + 1].count == 0;
        uint32_t n = last || left < schedule->step[i].count ? left : schedule->step[i].count;

        minutes += (uint64_t)n * schedule->step[i].minutes;
        left -= n;
    }
    return minutes * MS_PER_MINUTE;
}

uint32_t hello_retry_field(const struct hello_schedule *schedule, uint32_t slot)
{
    return slot < schedule->retry_max ? slot : schedule->retry_max;
}

void setup_restore(struct setup *setup, const struct settings *stored, uint64_t now_ms)
{
    memset(setup, 0, sizeof(*setup));
    setup->state = stored->machine.setup_state;
    setup->window.kind = stored->machine.window_kind;
    setup->window.counted_ms = now_ms;
    setup->window.left_ms = (uint64_t)stored->machine.window_left_s * MS_PER_S;
    setup_take_bmp(setup, stored, now_ms);
}

void setup_take_bmp(struct setup *setup, const struct settings *s, uint64_t now_ms)
{
    window_count(&setup->window, now_ms);
    setup->window.bmp_left_ms = (uint64_t)s->machine.bmp_left_s * MS_PER_S;
    setup->window.bmp_runs = setup->state == SETUP_FACTORY;
}

void setup_snapshot(struct setup *setup, uint64_t now_ms, struct settings *out)
{
    window_count(&setup->window, now_ms);
    out->machine.setup_state = setup->state;
    out->machine.window_kind = setup->window.kind;
    out->machine.window_left_s = (uint32_t)(setup->window.left_ms / MS_PER_S);
    out->machine.bmp_left_s = (uint32_t)(setup->window.bmp_left_ms / MS_PER_S);
}

static void apply_window(const struct release *r, struct setup *s, const struct setup_event *e,
                         uint8_t action)
{
    static const uint8_t kind[] = {
        [SETUP_WINDOW_CLOSE] = WINDOW_CLOSED,
        [SETUP_WINDOW_BARE_METAL] = WINDOW_BARE_METAL,
        [SETUP_WINDOW_COMMANDED] = WINDOW_COMMANDED,
        [SETUP_WINDOW_OPERATIONAL] = WINDOW_OPERATIONAL,
    };

#if FW_MANAGE
    if (action == SETUP_WINDOW_EXTEND) {
        window_extend(&s->window, e->hours);
        return;
    }
#else
    (void)e;
#endif
    if (action != SETUP_WINDOW_KEEP)
        window_change(&s->window, kind[action], r->commanded_hours.value);
}

/* Slots that passed unnoticed (a clock that jumped) are used up together with the due one. */
static uint32_t consume_slot(const struct release *r, struct setup *s, uint64_t now_ms)
{
    if (!s->started) {
        s->started = true;
        s->base_ms = now_ms;
        s->slot = 0;
    }
    do {
        s->slot++;
    } while (s->base_ms + hello_slot_ms(r->schedule, s->slot) <= now_ms);
    return s->slot - 1;
}

static void fire(const struct release *r, struct setup *s, const struct setup_event *e,
                 const struct setup_transition *row, struct setup_effects *effects)
{
    effects->rule = row;
    effects->actions = row->actions;
    effects->status = row->status;
    if (row->to != SETUP_STAY)
        s->state = row->to;
    apply_window(r, s, e, row->window);
    if (row->schedule == SETUP_SCHEDULE_RESTART) {
        s->started = false;
        s->slot = 0;
        s->opened_ms = e->now_ms;
    } else if (row->schedule == SETUP_SCHEDULE_CONSUME) {
        effects->retry = hello_retry_field(r->schedule, consume_slot(r, s, e->now_ms));
    }
    if (row->actions & SETUP_DO_ATTEMPT)
        s->attempting = true;
    if (row->actions & SETUP_DO_ABORT)
        s->attempting = false;
}

void setup_step(const struct release *release, struct setup *setup, const struct setup_event *event,
                struct setup_effects *effects)
{
    memset(effects, 0, sizeof(*effects));
    window_count(&setup->window, event->now_ms);
    if (event->id == SETUP_EV_HELLO_DELIVERED || event->id == SETUP_EV_HELLO_FAILED)
        setup->attempting = false;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        const struct setup_transition *row = &table[i];

        if (row->event == event->id && (row->from >> setup->state & 1u) &&
            (!row->guard || row->guard(release, setup, event))) {
            fire(release, setup, event, row, effects);
            return;
        }
    }
}

uint64_t setup_next_ms(const struct release *release, const struct setup *setup,
                       const struct setup_facts *facts)
{
    uint64_t end = window_end_ms(&setup->window);
    uint64_t due;

    if (!(SETUP_IN_STATES >> setup->state & 1u) || !window_is_open(&setup->window))
        return UINT64_MAX;
    if (setup->attempting || facts->credentials == CREDENTIALS_NONE ||
        (!setup->started && !facts->address))
        return end;
    due = attempt_due_ms(release, setup);
    return due < end ? due : end;
}

uint32_t setup_reported(const struct setup *setup)
{
    if (setup->state == SETUP_PROVISIONED)
        return 2;
    return setup->state == SETUP_FACTORY ? 0 : 1;
}
