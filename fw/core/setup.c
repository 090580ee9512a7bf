// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/setup.h"

#include <string.h>

#include "fw/core/schedule.h"
#include "fw/core/status.h"
#include "fw/core/text.h"

#define MS_PER_S 1000u

const char setup_state_names[] = "factory\0setup\0in-process\0provisioned\0locked\0";

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
                                "start failed\0"
                                "stop configuration\0"
                                "key entered\0"
                                "halt\0"
                                "manual\0"
                                "commit\0"
                                "partial unprovision\0"
                                "full unprovision\0"
                                "CMOS lost\0"
                                "store lost\0"
                                "extend\0";

    return event < SETUP_EVENTS ? text_item(names, event) : "?";
}

void setup_restore(struct setup *setup, const struct settings *stored, uint64_t now_ms)
{
    memset(setup, 0, sizeof(*setup));
    setup->state = stored->machine.setup_state;
    setup->window.kind = stored->machine.window_kind;
    setup->window.counted_ms = now_ms;
    setup->window.left_ms = (uint64_t)stored->machine.window_left_s * MS_PER_S;
    setup->snapshot_ms = now_ms;
    setup_load_bare_metal_timer(setup, stored, now_ms);
}

void setup_load_bare_metal_timer(struct setup *setup, const struct settings *s, uint64_t now_ms)
{
    window_count(&setup->window, now_ms);
    setup->window.bmp_left_ms = (uint64_t)s->machine.bmp_left_s * MS_PER_S;
    setup->window.bmp_runs = setup->state == SETUP_FACTORY;
}

void setup_snapshot(struct setup *setup, uint64_t now_ms, struct settings *out)
{
    window_count(&setup->window, now_ms);
    setup->snapshot_ms = now_ms;
    out->machine.setup_state = setup->state;
    out->machine.window_kind = window_is_open(&setup->window) ? setup->window.kind : WINDOW_CLOSED;
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
        [SETUP_WINDOW_PROBE] = WINDOW_PROBE,
        [SETUP_WINDOW_END_PROBE] = WINDOW_CLOSED,
    };

    (void)e;
    switch (action) {
    case SETUP_WINDOW_KEEP:
        return;
#if FW_MANAGE
    case SETUP_WINDOW_EXTEND:
        window_set_hours(&s->window, e->hours);
        return;
#endif
    case SETUP_WINDOW_END_PROBE:
        if (!window_is_probing(&s->window))
            return;
        break;
    default:
        break;
    }
    window_change(&s->window, kind[action], r->commanded_hours.value);
}

/* Slots that were missed (the clock has jumped) are used up together with the one that is due. */
static uint32_t consume_slot(const struct release *r, struct setup *s, uint64_t now_ms)
{
    if (!s->started) {
        s->started = true;
        s->base_ms = now_ms;
        s->slot = 0;
    }
    do {
        s->slot++;
    } while (s->base_ms + hello_slot_ms(setup_schedule(r, s), s->slot) <= now_ms);
    return s->slot - 1;
}

static void apply_schedule(const struct release *r, struct setup *s, const struct setup_event *e,
                           const struct setup_transition *row)
{
    if (row->schedule == SETUP_SCHEDULE_RESTART) {
        s->started = false;
        s->slot = 0;
        s->opened_ms = e->now_ms;
    } else if (row->schedule == SETUP_SCHEDULE_CONSUME) {
        uint32_t slot = consume_slot(r, s, e->now_ms);

        if (row->actions & SETUP_DO_ATTEMPT)
            attempt_begin(&s->attempt, hello_retry_field(setup_schedule(r, s), slot), e->now_ms);
    }
    if (row->actions & SETUP_DO_ABORT)
        attempt_end(&s->attempt);
}

/* The time for a last reply ends early when anything but time changes the window. */
static void apply_reply(struct setup *s, const struct setup_event *e,
                        const struct setup_transition *row)
{
#if FW_MANAGE
    if ((row->window != SETUP_WINDOW_KEEP && e->id != SETUP_EV_TIME) ||
        row->actions & SETUP_DO_END_REPLY)
        s->reply_until_ms = 0;
    if (row->actions & SETUP_DO_LAST_REPLY && e->over_network)
        s->reply_until_ms = e->now_ms + LIMIT_LAST_REPLY_MS;
#else
    (void)s;
    (void)e;
    (void)row;
#endif
}

/* Decides which command is answered now. A start that waits for the device's own DHCP is refused if
 * another event intervenes. */
static void apply_answer(struct setup *s, const struct setup_event *e,
                         const struct setup_transition *row, struct setup_effects *effects)
{
    bool decided = e->id == SETUP_EV_START || e->id == SETUP_EV_STOP;
    bool start = e->id == SETUP_EV_START || e->id == SETUP_EV_START_FAILED;

    effects->status = row->status;
    effects->answer_status = row->status;
    if (row->actions & SETUP_DO_WAIT) {
        s->start_command = e->command;
    } else if (decided && e->command) {
        effects->answer = e->command;
    } else if (s->start_command && !window_is_probing(&s->window)) {
        effects->answer = s->start_command;
        if (!start)
            effects->answer_status = PT_STATUS_NOT_READY;
        s->start_command = 0;
    }
}

static void fire(const struct release *r, struct setup *s, const struct setup_event *e,
                 const struct setup_transition *row, struct setup_effects *effects)
{
    effects->rule = row;
    effects->actions = row->actions;
    if (row->to != SETUP_STAY)
        s->state = row->to;
    if (row->window == SETUP_WINDOW_END_PROBE && window_is_probing(&s->window))
        effects->actions |= SETUP_DO_CLOSE;
    apply_window(r, s, e, row->window);
    apply_schedule(r, s, e, row);
    apply_reply(s, e, row);
    apply_answer(s, e, row, effects);
    if (e->id != SETUP_EV_TIME || row->actions & SETUP_DO_DECIDE_START)
        s->start_remembered = row->actions & SETUP_DO_REMEMBER;
}

static bool fires(const struct release *r, const struct setup *s, const struct setup_event *e,
                  const struct setup_transition *row)
{
    if (row->event != e->id || !(row->from >> s->state & 1u))
        return false;
    if (row->event == SETUP_EV_TIME)
        return row->due(r, s, &e->facts) <= e->now_ms;
    return !row->guard || row->guard(r, s, e);
}

void setup_step(const struct release *release, struct setup *setup, const struct setup_event *event,
                struct setup_effects *effects)
{
    uint32_t count;
    const struct setup_transition *row = setup_transitions(&count);

    memset(effects, 0, sizeof(*effects));
    if (event->facts.disabled)
        window_skip(&setup->window, event->now_ms);
    else
        window_count(&setup->window, event->now_ms);
    if (event->id == SETUP_EV_HELLO_DELIVERED || event->id == SETUP_EV_HELLO_FAILED)
        attempt_end(&setup->attempt);
    if (event->id == SETUP_EV_TIME && event->facts.disabled && setup->reply_until_ms == 0)
        return;
    for (; count > 0; count--, row++) {
        if (fires(release, setup, event, row)) {
            fire(release, setup, event, row, effects);
            return;
        }
    }
}

uint64_t setup_next_ms(const struct release *release, const struct setup *setup,
                       const struct setup_facts *facts)
{
    uint64_t next = UINT64_MAX;
    uint32_t count;
    const struct setup_transition *row = setup_transitions(&count);

    if (facts->disabled && setup->reply_until_ms == 0)
        return UINT64_MAX;
    for (; count > 0; count--, row++) {
        uint64_t due = UINT64_MAX;

        if (row->event == SETUP_EV_TIME && row->from >> setup->state & 1u)
            due = row->due(release, setup, facts);
        if (due < next)
            next = due;
    }
    return next;
}

enum setup_reported setup_reported(const struct setup *setup)
{
    switch (setup->state) {
    case SETUP_FACTORY:
        return SETUP_REPORTED_PRE;
    case SETUP_SETUP:
    case SETUP_IN_PROCESS:
        return SETUP_REPORTED_IN;
    case SETUP_PROVISIONED:
        return SETUP_REPORTED_POST;
    default:
        return SETUP_REPORTED_NONE;
    }
}
