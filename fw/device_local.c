// SPDX-License-Identifier: BSD-3-Clause
#include "fw/device.h"

#include <string.h>

#include "fw/core/address.h"
#include "fw/core/permits.h"
#include "fw/core/status.h"
#include "fw/core/text.h"
#include "fw/core/wipe.h"
#include "fw/device_internal.h"

static void pass_time(struct device *d, uint64_t now_ms)
{
    net_set_now(&d->net, now_ms);
    device_run_due(d);
}

static int refusal_of(bool stored, const struct setup_effects *effects)
{
    if (!stored)
        return DEVICE_STORE;
    return effects->rule ? DEVICE_OK : DEVICE_REFUSED;
}

/* A person may have changed the credentials for set-up servers: sessions from before end, and what
 * they have left pending is dropped. */
static void end_setup_sessions(struct device *d)
{
#if FW_MANAGE
    ports_drop_setup_peers(&d->net.ports);
    device_forget_pending(d, false);
#else
    (void)d;
#endif
}

/* Feeds an event to the machine. draft NULL: the settings as they are. */
static int raise_event(struct device *d, enum setup_event_id id, struct settings *draft)
{
    struct setup_event event = device_event(d, id);
    struct setup_effects effects;
    bool in_setup =
        d->net.ports.policy == ACCESS_SETUP; /* otherwise the change of policy ends the sessions */
    int refusal = refusal_of(device_step(d, &event, draft, NULL, &effects), &effects);

    if (refusal == DEVICE_OK && in_setup)
        end_setup_sessions(d);
    return refusal;
}

/* Whether the act is permitted in MEBx at that time. */
static bool is_permitted(struct device *d, enum act act, uint64_t now_ms)
{
    pass_time(d, now_ms);
    return permits_by_release(d->config.release, d->settings.config.mode, act) &&
           permits(DOOR_MEBX, act, situation_of(&d->setup)) == PT_STATUS_SUCCESS;
}

int device_mebx_full_unprovision(struct device *d, uint64_t now_ms)
{
    if (!is_permitted(d, ACT_UNPROVISION_FULL, now_ms))
        return DEVICE_REFUSED;
    return raise_event(d, SETUP_EV_FULL, NULL);
}

int device_mebx_partial_unprovision(struct device *d, uint64_t now_ms)
{
    if (!is_permitted(d, ACT_UNPROVISION_PARTIAL, now_ms))
        return DEVICE_REFUSED;
    return raise_event(d, SETUP_EV_PARTIAL, NULL);
}

int device_mebx_manual(struct device *d, uint64_t now_ms)
{
    struct settings *draft;

    if (!is_permitted(d, ACT_SET_BY_HAND, now_ms))
        return DEVICE_REFUSED;
    draft = device_draft(d);
    draft->config.mode = MODE_SMB; /* set-up by hand, without a server, means SMB mode (HP, RTK) */
    return raise_event(d, SETUP_EV_MANUAL, draft);
}

/* Whether another machine can have this address. */
static bool can_be_server(const struct device *d, uint32_t ip)
{
    struct static_address own;
    bool near;

    net_address(&d->net, &own);
    near = own.mask != 0 && ((ip ^ own.ip) & own.mask) == 0;
    return ip != own.ip && (near ? address_is_host_in(ip, own.mask) : address_is_host(ip));
}

int device_mebx_server(struct device *d, uint32_t ip, uint16_t port, uint64_t now_ms)
{
    struct settings *draft;

    if (!is_permitted(d, ACT_SET_SERVER, now_ms))
        return DEVICE_REFUSED;
    if (ip != 0 && !can_be_server(d, ip))
        return DEVICE_BAD_VALUE;
    draft = device_draft(d);
    draft->config.server_ip = ip;
    draft->config.server_port = port ? port : SERVER_PORT_DEFAULT;
    return device_save(d, draft, NULL) ? DEVICE_OK : DEVICE_STORE;
}

int device_mebx_domain(struct device *d, const char *domain, uint64_t now_ms)
{
    struct settings *draft;

    if (!is_permitted(d, ACT_SET_NAME, now_ms))
        return DEVICE_REFUSED;
    if (domain[0] && !settings_dns_name_ok(domain, LIMIT_DOMAIN))
        return DEVICE_BAD_VALUE;
    draft = device_draft(d);
    text_fill(draft->config.domain, sizeof(draft->config.domain), domain, strlen(domain));
    return device_save(d, draft, NULL) ? DEVICE_OK : DEVICE_STORE;
}

/* Makes a draft from these settings, except the state machine's part. */
static struct settings *draft_of(struct device *d, const struct settings *changed)
{
    struct settings *draft = device_draft(d);

    draft->me = changed->me;
    draft->config = changed->config;
    draft->secret = changed->secret;
    return draft;
}

static int store_outcome(struct device *d, const struct local_outcome *outcome)
{
    static const enum setup_event_id event[] = {
        [LOCAL_KEY_ENTERED] = SETUP_EV_KEY_ENTERED,
        [LOCAL_HALT] = SETUP_EV_HALT,
        [LOCAL_MANUAL] = SETUP_EV_MANUAL,
        [LOCAL_PARTIAL] = SETUP_EV_PARTIAL,
        [LOCAL_FULL] = SETUP_EV_FULL,
    };
    struct settings *draft = draft_of(d, &outcome->settings);

    if (outcome->change != LOCAL_SETTINGS)
        return raise_event(d, event[outcome->change], draft);
    if (!device_save(d, draft, NULL))
        return DEVICE_STORE;
    end_setup_sessions(d);
    return DEVICE_OK;
}

int device_local_change(struct device *d, const struct local_outcome *outcome, uint64_t now_ms)
{
    if (outcome->change == LOCAL_NONE)
        return DEVICE_OK;
    pass_time(d, now_ms);
    return store_outcome(d, outcome);
}

struct local_outcome *device_menu_begin(struct device *d)
{
    if (d->setup.start_command != 0)
        return NULL;
    d->in_menu = true;
    d->menu_change_count = d->change_count;
    return &d->local;
}

int device_menu_end(struct device *d, uint64_t now_ms)
{
    int result = DEVICE_OVERTAKEN;

    /* The menu shows the settings from when it was opened. Storing it would silently undo what a
     * server has committed since then. */
    if (d->local.change == LOCAL_NONE || d->change_count == d->menu_change_count)
        result = device_local_change(d, &d->local, now_ms);
    wipe(&d->local, sizeof(d->local)); /* it holds passwords */
    d->in_menu = false;
    return result;
}

int device_usb_key(struct device *d, const struct hal_usb *usb, struct local_outcome *outcome,
                   struct usbkey_report *report, uint64_t now_ms)
{
    int result;

    usbkey_read(usb, d->config.release, &d->settings, situation_of(&d->setup), outcome, report);
    if (report->result != USBKEY_APPLIED)
        return DEVICE_BAD_VALUE;
    result = device_local_change(d, outcome, now_ms);
    /* The record is consumed only after the outcome is stored; one that cannot be marked may be
     * used again. */
    if (result == DEVICE_OK)
        usbkey_consume(usb, report);
    return result;
}

void device_suspend(struct device *d, uint64_t now_ms)
{
    net_set_now(&d->net, now_ms);
    device_save(d, device_draft(d), NULL);
}

enum power_me device_power(const struct device *d, enum power_system system, bool mains,
                           bool booted)
{
    uint32_t count;
    const struct power_package *package = power_packages(&count);

    return power_me_state(&package[d->settings.me.power_package % count], system, mains, booted);
}
