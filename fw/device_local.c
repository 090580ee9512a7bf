#include "fw/device_internal.h"

#include <string.h>

#include "fw/core/text.h"
#include "fw/core/wipe.h"

static void pass_time(struct device *d, uint64_t now_ms)
{
    d->net.now_ms = now_ms;
    device_pass_time(d);
}

static int command(struct device *d, enum setup_event_id id, uint64_t now_ms)
{
    struct setup_effects effects;

    pass_time(d, now_ms);
    if (!device_step(d, id, &effects))
        return DEVICE_STORE;
    return effects.rule ? DEVICE_OK : DEVICE_REFUSED;
}

int device_mebx_full_unprovision(struct device *d, uint64_t now_ms)
{
    return command(d, SETUP_EV_FULL, now_ms);
}

int device_mebx_partial_unprovision(struct device *d, uint64_t now_ms)
{
    return command(d, SETUP_EV_PARTIAL, now_ms);
}

int device_mebx_manual(struct device *d, uint64_t now_ms)
{
    int result;

    pass_time(d, now_ms);
    d->settings.config.mode = MODE_SMB; /* by hand, without a server, is SMB mode (HP, RTK) */
    result = command(d, SETUP_EV_MANUAL, now_ms);
    if (result == DEVICE_REFUSED)
        device_reload(d);
    return result;
}

int device_mebx_server(struct device *d, uint32_t ip, uint16_t port, uint64_t now_ms)
{
    pass_time(d, now_ms);
    d->settings.config.server_ip = ip;
    d->settings.config.server_port = port ? port : SERVER_PORT_DEFAULT;
    return device_save(d) ? DEVICE_OK : DEVICE_STORE;
}

int device_mebx_domain(struct device *d, const char *domain, uint64_t now_ms)
{
    if (domain[0] && !settings_dns_name_ok(domain, LIMIT_DOMAIN))
        return DEVICE_BAD_VALUE;
    pass_time(d, now_ms);
    text_fill(d->settings.config.domain, sizeof(d->settings.config.domain), domain, strlen(domain));
    return device_save(d) ? DEVICE_OK : DEVICE_STORE;
}

/* The machine's own part is not the menu's to change. */
static void take_over(struct device *d, const struct settings *next)
{
    d->settings.me = next->me;
    d->settings.config = next->config;
    d->settings.secret = next->secret;
}

int device_local_change(struct device *d, const struct local_outcome *outcome, uint64_t now_ms)
{
    static const enum setup_event_id event[] = {
        [LOCAL_KEY_ENTERED] = SETUP_EV_KEY_ENTERED,
        [LOCAL_MANUAL] = SETUP_EV_MANUAL,
        [LOCAL_PARTIAL] = SETUP_EV_PARTIAL,
        [LOCAL_FULL] = SETUP_EV_FULL,
    };
    int result;

    if (outcome->change == LOCAL_NONE)
        return DEVICE_OK;
    pass_time(d, now_ms);
    take_over(d, &outcome->settings);
    if (outcome->change == LOCAL_SETTINGS)
        return device_save(d) ? DEVICE_OK : DEVICE_STORE;
    result = command(d, event[outcome->change], now_ms);
    if (result == DEVICE_REFUSED)
        device_reload(d);
    return result;
}

struct local_outcome *device_local_begin(struct device *d)
{
    if (d->start_deadline_ms != 0)
        return NULL;
    d->in_menu = true;
    return &d->local;
}

int device_local_end(struct device *d, uint64_t now_ms)
{
    int result = device_local_change(d, &d->local, now_ms);

    wipe(&d->local, sizeof(d->local)); /* it held passwords */
    d->in_menu = false;
    return result;
}

int device_usb_key(struct device *d, const struct hal_usb *usb, struct local_outcome *outcome,
                   struct usbkey_report *report, uint64_t now_ms)
{
    int result;

    usbkey_read(usb, d->config.release, &d->settings, setup_reported(&d->setup), outcome, report);
    if (report->result != USBKEY_APPLIED)
        return DEVICE_BAD_VALUE;
    result = device_local_change(d, outcome, now_ms);
    /* Consumed only once it is stored; a record that cannot be marked can be used again. */
    if (result == DEVICE_OK)
        usbkey_consume(usb, report);
    return result;
}

void device_suspend(struct device *d, uint64_t now_ms)
{
    d->net.now_ms = now_ms;
    device_save(d);
}

enum power_me device_power(const struct device *d, enum power_system system, bool mains,
                           bool booted)
{
    uint32_t count;
    const struct power_package *package = power_packages(&count);

    return power_me_state(&package[d->settings.me.power_package % count], system, mains, booted);
}
