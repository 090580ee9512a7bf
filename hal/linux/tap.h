// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_LINUX_TAP_H
#define HAL_LINUX_TAP_H

#include <stdbool.h>

#include "hal/ether.h"
#include "hal/linux/error.h"

/* The wire: a TAP interface. The device is what is plugged into it; what the host, or a bridge,
 * sends on the interface the device receives. */

#define LINUX_TAP_NAME 16u /* IFNAMSIZ */

struct linux_tap {
    int fd;     /* -1 = closed */
    int events; /* netlink: readable when any interface changed; -1 = closed */
    bool gone;  /* the interface was removed: nothing will ever be received again */
    char name[LINUX_TAP_NAME];
};

/* A legal name for an interface. */
bool linux_tap_name_ok(const char *name);
/* Attaches to the interface, or creates one that is down and disappears with the process. */
bool linux_tap_open(struct linux_tap *tap, const char *name, struct linux_error *error);
void linux_tap_close(struct linux_tap *tap);
/* Forgets the frames that wait, as a MAC without power does. */
void linux_tap_drain(struct linux_tap *tap);
/* Forgets that interfaces changed. */
void linux_tap_drain_events(struct linux_tap *tap);
/* Up when the interface is administratively up. */
struct hal_ether linux_tap_hal(struct linux_tap *tap);

#endif
