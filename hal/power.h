// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_POWER_H
#define HAL_POWER_H

#include <stdbool.h>

/* What the ME sees of the machine around it. */
enum hal_host {
    HAL_HOST_ABSENT, /* no host shares the wire (boards, `proviso live`): the ME always acts alone
                      */
    HAL_HOST_DOWN,   /* a host is there, its operating system is not running */
    HAL_HOST_UP,     /* the operating system runs and owns the address */
};

/* Called by fw/device from device_boot() and device_poll() only. */
struct hal_power {
    void *ctx;
    enum hal_host (*host)(void *ctx);
    /* True from the loss of the CMOS battery until acknowledged; asked once per boot. */
    bool (*cmos_lost)(void *ctx);
    void (*cmos_acknowledge)(void *ctx);
};

#endif
