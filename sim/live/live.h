// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_LIVE_H
#define SIM_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/device.h"
#include "hal/linux/linux.h"
#include "sim/base/lwip_world.h"
#include "sim/pc/pc.h"

/* A machine with an ME in it, in real time. */

struct live {
    struct linux_hal port;
    struct device_config config;
    struct device device;
    struct lwip_image *image;
    struct pc pc;
    bool ac, battery;
    bool powered;  /* the ME is: AC is on, and its power package lets it in this state of the PC */
    bool draining; /* both AC and battery are gone ... */
    uint64_t drained_since_ms; /* ... since then */
};

/* AC is off, the battery is in. */
bool live_open(struct live *live, const struct device_config *config,
               const struct linux_options *options, struct linux_error *error);
void live_close(struct live *live);

/* AC on: the PC starts. AC off: the chip loses its RAM, only the flash stays; the host interface
 * does not answer. */
void live_power(struct live *live, bool on);
/* 15 s with neither AC nor battery lose the CMOS. */
void live_battery(struct live *live, bool in);
/* Milliseconds since live_open(). */
uint64_t live_now_ms(struct live *live);
/* Runs the PC, and the firmware if it has power, then waits until it wants to run again, a host
 * message or a control command has come, or the stop descriptor is readable. False: the wire is
 * gone. */
bool live_run(struct live *live);

#endif
