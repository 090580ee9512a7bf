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

static uint64_t now_us(void *ctx)
{
    return live_now_ms(ctx) * 1000u;
}

static enum power_system system_of(const struct live *live)
{
    enum machine_state state = pc_state(&live->pc);

    if (state == MACHINE_S0)
        return POWER_S0;
    return state <= MACHINE_S3 ? POWER_S3 : POWER_S45;
}

/* One that sleeps until traffic wakes it is taken for awake. */
static bool me_has_power(const struct live *live)
{
    return live->ac && device_power(&live->device, system_of(live), true, true) != POWER_ME_OFF;
}

static void supply_me(struct live *live)
{
    bool on = me_has_power(live);

    if (on == live->powered)
        return;
    if (!on && live->ac)
        device_suspend(&live->device, live_now_ms(live));
    live->powered = on;
    linux_power(&live->port, on);
    if (on) {
        wipe(&live->device, sizeof(live->device));
        lwip_image_reset(live->image);
        device_boot(&live->device, &live->config, &live->port.hal, live_now_ms(live));
    }
}

static void on_change(void *ctx, enum pc_change change)
{
    if (change == PC_CHANGE_POWER)
        supply_me(ctx);
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
    if (linux_open(&live->port, options, error)) {
        pc_init(&live->pc, &(struct pc_owner){live, now_us, NULL, on_change}, 1u << BOOT_DISK);
        live->port.hal.machine = &live->pc.machine;
        return true;
    }
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
    bool draining = !live->ac && !live->battery;

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
    if (on == live->ac)
        return;
    live->ac = on;
    watch_drain(live);
    pc_ac(&live->pc, on, PC_START_BY_ITSELF);
    supply_me(live);
    if (!on)
        wipe(&live->device, sizeof(live->device));
}

bool live_run(struct live *live)
{
    const struct hal_clock *clock = &live->port.hal.clock;
    uint64_t next_ms = UINT64_MAX, pc_ms;

    pc_run(&live->pc);
    if (live->powered)
        next_ms = device_poll(&live->device, live_now_ms(live));
    pc_ms = pc_next_us(&live->pc);
    pc_ms = pc_ms == UINT64_MAX ? pc_ms : (pc_ms + 999u) / 1000u;
    if (live->port.tap.gone)
        return false;
    clock->sleep_until(clock->ctx, pc_ms < next_ms ? pc_ms : next_ms);
    return true;
}
