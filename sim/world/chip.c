// SPDX-License-Identifier: BSD-3-Clause
#include "sim/world/chip.h"

#include <string.h>

bool chip_init(struct chip *chip, struct sim_clock *clock, const struct device_config *config,
               const struct virtual_out *out, uint64_t seed)
{
    memset(chip, 0, sizeof(*chip));
    chip->clock = clock;
    chip->config = *config;
    virtual_init(&chip->hal, out, seed);
    chip->image = lwip_image_new();
    return chip->image != NULL;
}

void chip_free(struct chip *chip)
{
    lwip_image_free(chip->image);
}

uint64_t chip_now_ms(const struct chip *chip)
{
    return chip->clock->now_us / 1000u;
}

static void on_wake(void *ctx)
{
    struct chip *chip = ctx;

    chip->wake = NULL;
    chip_poll(chip);
}

static void cancel_wake(struct chip *chip)
{
    if (chip->wake)
        clock_cancel(chip->clock, chip->wake);
    chip->wake = NULL;
}

void chip_power(struct chip *chip, bool on)
{
    if (on == chip->powered)
        return;
    chip->powered = on;
    cancel_wake(chip);
    virtual_power_off(&chip->hal);
    if (!on)
        return;
    chip->ever_booted = true;
    lwip_image_reset(chip->image);
    lwip_image_enter(chip->image);
    device_boot(&chip->device, &chip->config, &chip->hal.hal, chip_now_ms(chip));
    chip_poll(chip);
}

void chip_poll(struct chip *chip)
{
    uint64_t next_ms;

    if (!chip->powered)
        return;
    cancel_wake(chip);
    lwip_image_enter(chip->image);
    chip->polls++;
    next_ms = device_poll(&chip->device, chip_now_ms(chip));
    if (next_ms != UINT64_MAX)
        chip->wake = clock_at(chip->clock, next_ms * 1000u, on_wake, chip);
}
