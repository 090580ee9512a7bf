// SPDX-License-Identifier: BSD-3-Clause
/* What somebody at the machine enters in MEBx, or brings on a USB key. */
#include "sim/world/world_internal.h"

#include <stdio.h>
#include <string.h>

#include "fw/core/setup.h"
#include "fw/core/wipe.h"

/* MEBx runs on the ME: the firmware's lwIP must be in place while it acts. */
static struct device *device_in_mebx(struct world *w)
{
    if (!w->chip.powered) {
        world_explain(w, "the ME has no power");
        return NULL;
    }
    lwip_image_enter(w->chip.image);
    return &w->chip.device;
}

static void explain_refusal(struct world *w, int result)
{
    const struct device *d = &w->chip.device;
    char why[WORLD_WHY];

    switch (result) {
    case DEVICE_BAD_VALUE:
        world_explain(w, "not a value that it can have");
        break;
    case DEVICE_REFUSED:
        snprintf(why, sizeof(why), "the firmware does not permit it in state %s%s",
                 setup_state_name(d->setup.state),
                 d->settings.config.mode == MODE_SMB ? ", in SMB mode" : "");
        world_explain(w, why);
        break;
    case DEVICE_STORE:
        world_explain(w, "the flash did not take it");
        break;
    default:
        world_explain(w, "the settings were changed from elsewhere since the menu was opened");
        break;
    }
}

static bool leave_mebx(struct world *w, int result)
{
    world_leave_bios(w);
    chip_poll(&w->chip);
    if (result != DEVICE_OK)
        explain_refusal(w, result);
    return result == DEVICE_OK;
}

bool world_unprovision(struct world *w, bool full)
{
    struct device *d = device_in_mebx(w);
    uint64_t now = chip_now_ms(&w->chip);

    if (!d)
        return false;
    world_pc_event(w, full ? "full unprovision in MEBx" : "partial unprovision in MEBx");
    return leave_mebx(w, full ? device_mebx_full_unprovision(d, now)
                              : device_mebx_partial_unprovision(d, now));
}

bool world_mebx_server(struct world *w, uint32_t ip, uint16_t port)
{
    struct device *d = device_in_mebx(w);

    if (!d)
        return false;
    world_pc_event(w, "provisioning server entered in MEBx");
    return leave_mebx(w, device_mebx_server(d, ip, port, chip_now_ms(&w->chip)));
}

bool world_mebx_domain(struct world *w, const char *domain)
{
    struct device *d = device_in_mebx(w);

    if (!d)
        return false;
    world_pc_event(w, "domain entered in MEBx");
    return leave_mebx(w, device_mebx_domain(d, domain, chip_now_ms(&w->chip)));
}

bool world_mebx_manual(struct world *w)
{
    struct device *d = device_in_mebx(w);

    if (!d)
        return false;
    world_pc_event(w, "configured by hand in MEBx");
    return leave_mebx(w, device_mebx_manual(d, chip_now_ms(&w->chip)));
}

bool world_window_open(const struct world *w, uint32_t *left_s)
{
    const struct device *d = &w->chip.device;
    struct window window;

    *left_s = 0;
    if (!w->chip.powered || w->chip.config.bios_disabled ||
        d->settings.me.manageability != MANAGEABILITY_AMT)
        return false;
    window = d->setup.window;
    window_count(&window, chip_now_ms(&w->chip));
    *left_s = window_left_s(&window);
    return window_is_open(&window);
}

const struct settings *world_settings(const struct world *w)
{
    return w->chip.powered ? &w->chip.device.settings : NULL;
}

bool world_mebx_leave(struct world *w, const struct local_outcome *outcome, const char *text)
{
    struct device *d = device_in_mebx(w);

    if (!d)
        return false;
    world_pc_event(w, text);
    return leave_mebx(w, device_local_change(d, outcome, chip_now_ms(&w->chip)));
}

struct stick {
    uint8_t *bytes;
    size_t len;
};

static int64_t stick_size(void *ctx)
{
    return (int64_t)((struct stick *)ctx)->len;
}

static int stick_read(void *ctx, uint32_t offset, void *out, size_t len)
{
    const struct stick *stick = ctx;

    if (offset > stick->len || len > stick->len - offset)
        return -1;
    memcpy(out, stick->bytes + offset, len);
    return 0;
}

static int stick_write(void *ctx, uint32_t offset, const void *data, size_t len)
{
    const struct stick *stick = ctx;

    if (offset > stick->len || len > stick->len - offset)
        return -1;
    memcpy(stick->bytes + offset, data, len);
    return 0;
}

bool world_usb_key(struct world *w, uint8_t *file, size_t len, struct usbkey_report *report)
{
    struct stick stick = {file, len};
    struct hal_usb usb = {&stick, stick_size, stick_read, stick_write};
    struct device *d = device_in_mebx(w);
    struct local_outcome outcome;
    struct usbkey_report unwanted;
    int result;

    if (!d)
        return false;
    if (!report)
        report = &unwanted;
    result = device_usb_key(d, &usb, &outcome, report, chip_now_ms(&w->chip));
    wipe(&outcome, sizeof(outcome));
    world_pc_event(w, result == DEVICE_OK ? "USB key accepted" : "USB key refused");
    if (report->result == USBKEY_APPLIED)
        return leave_mebx(w, result);
    world_pc_event(w, usbkey_result_text(report->result));
    world_explain(w, usbkey_result_text(report->result));
    chip_poll(&w->chip);
    return false;
}
