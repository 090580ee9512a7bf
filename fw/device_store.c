// SPDX-License-Identifier: BSD-3-Clause
#include "fw/device_internal.h"

#include <string.h>

#include "fw/core/text.h"
#include "fw/core/trace.h"
#include "fw/store/settings_store.h"

/* Stores the settings, and handles failures to do so. */

struct settings *device_draft(struct device *d)
{
    d->draft = d->settings;
    return &d->draft;
}

void device_trace_store(const struct device *d, int error)
{
    device_trace(d, TRACE_STORE_ERROR, (uint32_t)-error, store_error_text(error), NULL);
}

bool device_store_draft(struct device *d, struct settings *draft,
                        const struct own_identity *identity)
{
    int error;

    setup_snapshot(&d->setup, net_now_ms(&d->net), draft);
#if FW_MANAGE
    error = settings_save_identity(&d->store, draft, identity);
#else
    (void)identity;
    error = settings_save(&d->store, draft);
#endif
    if (error != STORE_OK) {
        device_trace_store(d, error);
        return false;
    }
#if FW_MACHINE
    device_machine_recheck(d, draft);
#endif
    d->settings = *draft;
    d->store_lost = false;
    d->setup.unsaved = false;
    return true;
}

/* What an unprovision ends gets a new self-signed certificate. */
static void renew_certificate(const struct device *d, struct settings *draft,
                              const struct setup *before)
{
#if FW_MANAGE
    const char *version = d->config.release->version;

    if (before->state == SETUP_PROVISIONED)
        text_fill(draft->me.certificate_by, sizeof(draft->me.certificate_by), version,
                  strlen(version));
#else
    (void)d;
    (void)draft;
    (void)before;
#endif
}

bool device_store_is_readable(struct device *d)
{
    return settings_load(&d->store, &d->draft) == STORE_OK;
}

static void erase(struct device *d, struct settings *draft, uint32_t actions)
{
    const struct release *release = d->config.release;
    const struct oem_profile *oem = d->config.oem;
    bool to_intel = actions & SETUP_DO_TO_INTEL;

    if (actions & SETUP_DO_ERASE_PARTIAL)
        settings_partial_unprovision(draft);
    if (actions & SETUP_DO_ERASE_FULL)
        settings_full_unprovision(draft, release, oem, to_intel);
    if (actions & SETUP_DO_ERASE_CMOS)
        settings_cmos_lost(draft, release, oem, to_intel);
    if (actions & (SETUP_DO_ERASE_FULL | SETUP_DO_ERASE_CMOS))
        setup_load_bare_metal_timer(&d->setup, draft, net_now_ms(&d->net));
}

bool device_store_step(struct device *d, const struct setup_event *event, struct settings *draft,
                       const struct own_identity *identity, const struct setup *before,
                       const struct setup_effects *effects)
{
    bool opens = effects->actions & SETUP_DO_OPEN;

    if (!draft)
        draft = device_draft(d);
    erase(d, draft, effects->actions);
    if (effects->actions & SETUP_DO_ERASE)
        renew_certificate(d, draft, before);
    if (effects->actions & SETUP_DO_ERASE_CMOS && d->store_lost)
        store_reformat(&d->store, &d->hal->flash);
    d->change_count += event->id != SETUP_EV_TIME;
    if (device_store_draft(d, draft, identity))
        return true;
    if (event->id == SETUP_EV_TIME && !opens && device_store_is_readable(d)) {
        d->setup.unsaved = true; /* what has ended stays ended, and storing is tried again */
        return true;
    }
    d->setup = *before;
    return false;
}
