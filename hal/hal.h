// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_HAL_H
#define HAL_HAL_H

#include "hal/clock.h"
#include "hal/entropy.h"
#include "hal/ether.h"
#include "hal/flash.h"
#include "hal/hostbus.h"
#include "hal/machine.h"
#include "hal/power.h"
#include "hal/trace.h"

/* Everything a port provides. Every function pointer but entropy.mix must be set; the struct must
 * outlive the device. clock is used by the loop around the device, not by the device. */
struct hal {
    struct hal_clock clock;
    struct hal_trace trace;
    struct hal_entropy entropy;
    struct hal_ether ether;
    struct hal_flash flash;
    struct hal_hostbus hostbus;
    struct hal_power power;
    const struct hal_machine *machine; /* NULL: there is none that could be managed */
};

#endif
