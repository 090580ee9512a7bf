// SPDX-License-Identifier: BSD-3-Clause
#include "fw/device_internal.h"

#include "fw/core/access.h"
#include "fw/core/interface.h"
#include "fw/core/trace.h"

/* Feeds events to the state machine and carries out their effects. */

struct setup_facts device_facts(const struct device *d)
{
    const struct net_facts *net = &d->net.facts;
    const struct settings *s = &d->settings;

    return (struct setup_facts){
        .credentials = settings_credentials(s, d->config.release),
        .credentials_kept = settings_credentials_kept(s, d->config.release),
        .unprovision_to = (uint8_t)d->config.oem->unprovision_to.value,
        .disabled = d->config.bios_disabled || s->me.manageability != MANAGEABILITY_AMT,
        .link = net->link,
        .address = net->link && net->ip != 0,
        .suffix = net->option15_seen || s->config.pki_suffix[0] != '\0',
        .dhcp = s->config.dhcp_enabled,
        .alone = d->host == HAL_HOST_ABSENT,
        .host_up = d->host == HAL_HOST_UP,
        .rng_ready = d->rng_ready,
        .store_lost = d->store_lost,
        .cert_ms = d->certificate_ms,
        .last_reply_done = net_last_reply_done(&d->net),
    };
}

struct setup_event device_event(const struct device *d, enum setup_event_id id)
{
    return (struct setup_event){.id = id, .now_ms = net_now_ms(&d->net), .facts = device_facts(d)};
}

static void trace_effects(struct device *d, const struct setup *before,
                          const struct setup_effects *effects)
{
    const struct setup_transition *rule = effects->rule;
    const struct window *w = &d->setup.window;
    const char *reason = setup_reason(rule), *source = setup_source(rule);

    if (effects->actions & (SETUP_DO_ERASE_FULL | SETUP_DO_ERASE_CMOS))
        device_trace(d, TRACE_RESTORED, d->settings.machine.bmp_left_s / 3600u,
                     effects->actions & SETUP_DO_TO_INTEL ? "Intel default" : "OEM default",
                     source);
    if (before->state != d->setup.state)
        device_trace(d, TRACE_STATE, d->setup.state, reason, source);
    if (rule->window == SETUP_WINDOW_KEEP)
        return;
    if (window_is_open(w))
        device_trace(d, TRACE_WINDOW_OPEN, window_left_s(w), reason, source);
    else if (window_is_open(&before->window))
        device_trace(d, TRACE_WINDOW_CLOSED, 0, reason, source);
}

/* While a last reply leaves, everything stays as ports_begin_last_reply() has set it. */
void device_update_network(struct device *d)
{
    struct setup_facts facts = device_facts(d);
    enum net_mode mode = interface_mode(&d->setup, &facts);
    const struct static_address *fixed = &d->settings.config.fixed;

    if (d->setup.reply_until_ms)
        return;
    if (mode == NET_FIXED && fixed->ip == 0 && d->net.mode != NET_FIXED)
        device_trace(d, TRACE_NO_ADDRESS, 0, "DHCP is off and no address is set", NULL);
    net_set_mode(&d->net, mode, fixed);
    if (mode != NET_CLOSED)
        net_set_policy(&d->net, access_policy_of(d->setup.state, window_is_open(&d->setup.window),
                                                 settings_tls_on(&d->settings)));
}

/* The gate is closed first: dropped connections must not send through a closed interface. */
static void carry_out(struct device *d, const struct setup *before,
                      const struct setup_effects *effects)
{
    trace_effects(d, before, effects);
#if FW_MANAGE
    if (effects->actions & SETUP_DO_LAST_REPLY && d->setup.reply_until_ms)
        ports_begin_last_reply(&d->net.ports, !window_is_open(&d->setup.window));
#endif
    device_update_network(d);
#if FW_MANAGE
    if (effects->actions & (SETUP_DO_CLOSE | SETUP_DO_ERASE))
        device_forget_pending(d, effects->actions & SETUP_DO_ERASE);
#endif
    if (effects->actions & SETUP_DO_ABORT)
        hello_sender_drop(&d->net.hello);
    if (effects->answer)
        device_answer_host(d, effects->answer, effects->answer_status, setup_source(effects->rule));
}

/* Doubt closes the device: the store can no longer be read, or a window would open that cannot be
 * stored. */
static void lock_device(struct device *d)
{
    struct setup before = d->setup;
    struct setup_event event = device_event(d, SETUP_EV_STORE_LOST);
    struct setup_effects effects;

    d->store_lost = true;
    setup_step(d->config.release, &d->setup, &event, &effects);
    carry_out(d, &before, &effects);
}

static bool happens_by_itself(const struct setup_event *event)
{
    return event->id == SETUP_EV_TIME || event->id == SETUP_EV_BOOT || event->id == SETUP_EV_CMOS;
}

bool device_step(struct device *d, const struct setup_event *event, struct settings *draft,
                 const struct own_identity *identity, struct setup_effects *effects)
{
    struct setup before = d->setup;
    uint32_t actions;

    setup_step(d->config.release, &d->setup, event, effects);
    if (!effects->rule)
        return true;
    actions = effects->actions;
    if (actions & SETUP_DO_SAVE &&
        !device_store_step(d, event, draft, identity, &before, effects)) {
        if (happens_by_itself(event) || !device_store_is_readable(d))
            lock_device(d);
        return false;
    }
    carry_out(d, &before, effects);
    return true;
}

bool device_save(struct device *d, struct settings *draft, const struct own_identity *identity)
{
    bool stored = !d->store_lost && device_store_draft(d, draft, identity);

    d->change_count++;
    if (!stored && !device_store_is_readable(d))
        lock_device(d);
    return stored;
}
