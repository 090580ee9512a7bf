// SPDX-License-Identifier: BSD-3-Clause
#include "sim/live/live.h"

#include <string.h>

#include "fw/core/wipe.h"

#define CMOS_DRAIN_MS 15000u /* S3: pull the battery for 15 s */

uint64_t live_now_ms(struct live *live)
{
    const struct hal_clock *clock = &live->port.hal.clock;

    return clock->now_ms(clock->ctx);
}

bool live_open(struct live *live, const struct device_config *config,
               const struct linux_options *options, struct linux_error *error)
{
    memset(live, 0, sizeof(*live));
    live->config = *config;
    live->battery = true;
    live->image = lwip_image_new();
    if (!live->image)
        return linux_fail(error, "out of memory");
    lwip_image_enter(live->image);
    if (linux_open(&live->port, options, error))
        return true;
    lwip_image_free(live->image);
    return false;
}

void live_close(struct live *live)
{
    linux_close(&live->port);
    lwip_image_free(live->image);
}

static void watch_drain(struct live *live)
{
    uint64_t now = live_now_ms(live);
    bool draining = !live->powered && !live->battery;

    if (live->draining && !draining && now - live->drained_since_ms >= CMOS_DRAIN_MS)
        live->port.cmos_lost = true;
    if (draining && !live->draining)
        live->drained_since_ms = now;
    live->draining = draining;
}

void live_battery(struct live *live, bool in)
{
    live->battery = in;
    watch_drain(live);
}

void live_power(struct live *live, bool on)
{
    if (on == live->powered)
        return;
    live->powered = on;
    watch_drain(live);
    linux_power(&live->port, on);
    wipe(&live->device, sizeof(live->device));
    lwip_image_reset(live->image);
    if (on)
        device_boot(&live->device, &live->config, &live->port.hal, live_now_ms(live));
}

bool live_run(struct live *live)
{
    const struct hal_clock *clock = &live->port.hal.clock;
    uint64_t next_ms = UINT64_MAX;

    if (live->powered)
        next_ms = device_poll(&live->device, live_now_ms(live));
    if (live->port.tap.gone)
        return false;
    clock->sleep_until(clock->ctx, next_ms);
    return true;
}
