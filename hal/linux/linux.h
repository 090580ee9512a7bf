// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_LINUX_H
#define HAL_LINUX_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/hal.h"
#include "hal/linux/error.h"
#include "hal/linux/flash.h"
#include "hal/linux/hostbus.h"
#include "hal/linux/socket.h"
#include "hal/linux/tap.h"

/* The port of the live world: real time, a TAP interface as the wire, a file as the flash, local
 * sockets as the host interface and for whoever operates the machine. */

struct linux_options {
    const char *tap;
    const char *state;       /* NULL: the flash is in memory only */
    const char *host_socket; /* NULL: no host interface */
    const char *control;     /* NULL: no control socket */
    bool seeded;             /* the same seed gives the same random bytes */
    uint64_t seed;
    int stop_fd; /* ends a sleep when it is readable */
    void *ctx;
    void (*trace)(void *ctx, uint64_t now_ms, int event, uint32_t value, const char *text,
                  const char *source);
};

struct linux_hal {
    struct hal hal;
    struct linux_options options; /* the paths are not kept */
    struct linux_tap tap;
    struct linux_flash flash;
    struct linux_hostbus hostbus;
    struct linux_socket control;
    uint64_t start_ms; /* the system's clock when the port was opened: the device's time 0 */
    uint64_t entropy;  /* generator state, with a seed */
    bool powered;
    bool cmos_lost;
};

/* Power is off. */
bool linux_open(struct linux_hal *port, const struct linux_options *options,
                struct linux_error *error);
void linux_close(struct linux_hal *port);
/* Off: frames are not received, host clients are disconnected. On: frames that arrived meanwhile
 * are dropped. */
void linux_power(struct linux_hal *port, bool on);

#endif
