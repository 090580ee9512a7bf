// SPDX-License-Identifier: BSD-3-Clause
#include "fw/device_internal.h"

static void decide_start(struct device *d)
{
    struct setup_event event = device_event(d, SETUP_EV_START);
    struct setup_effects effects;

    if (device_step(d, &event, NULL, NULL, &effects))
        return;
    event.id = SETUP_EV_START_FAILED;
    device_step(d, &event, NULL, NULL, &effects);
}

void device_run_due(struct device *d)
{
    struct setup_effects effects;
    struct setup_event event;

    do {
        device_poll_attempt(d);
        event = device_event(d, SETUP_EV_TIME);
        if (!device_step(d, &event, NULL, NULL, &effects))
            return;
        if (effects.actions & SETUP_DO_ATTEMPT)
            device_begin_attempt(d);
        if (effects.actions & SETUP_DO_DECIDE_START)
            decide_start(d);
    } while (effects.rule);
}
