// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_CHIP_H
#define SIM_CHIP_H

#include "fw/device.h"
#include "hal/virtual/virtual.h"
#include "sim/base/clock.h"
#include "sim/base/lwip_world.h"

/* The ME's chip in a host process: the firmware, its port of the HAL, and its set of lwIP's
 * variables. Polled when a frame, a message or its own wake-up time comes. */
struct chip {
    struct sim_clock *clock;
    struct device_config config;
    struct virtual_hal hal;
    struct lwip_image *image;
    struct device device;
    struct clock_event *wake;
    bool powered;
    bool ever_booted; /* device holds what it last knew, also while the power is off */
    uint64_t polls;
};

/* False without memory. Power is off. */
bool chip_init(struct chip *chip, struct sim_clock *clock, const struct device_config *config,
               const struct virtual_out *out, uint64_t seed);
void chip_free(struct chip *chip);
void chip_power(struct chip *chip, bool on);
/* Runs the firmware now; does nothing without power. */
void chip_poll(struct chip *chip);
/* The firmware's time. */
uint64_t chip_now_ms(const struct chip *chip);

#endif
