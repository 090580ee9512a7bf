// SPDX-License-Identifier: BSD-3-Clause
#ifndef FW_DEVICE_H
#define FW_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/power.h"
#include "fw/device_state.h"
#include "fw/host/usbkey/usbkey.h"
#include "hal/hal.h"

/* One AMT device (device_state.h): the functions for its owner. */

/* Starts the device: AC power has come, or the firmware was reset. lwIP's and mbedTLS's variables
 * must be as after program start. */
void device_boot(struct device *device, const struct device_config *config, const struct hal *hal,
                 uint64_t now_ms);

/* The only way for time to pass: reads what the HAL has and carries out what follows. Returns when
 * it must next be called; UINT64_MAX = only when the HAL has something. */
uint64_t device_poll(struct device *device, uint64_t now_ms);

/* What a person can do in the MEBx menu, without the log-in and the other items. permits.h decides
 * what is permitted, as for the menu. Each stores its result before it returns. They return 0 or a
 * negative enum device_error; on error nothing is changed. */
enum device_error {
    DEVICE_OK = 0,
    DEVICE_BAD_VALUE = -1, /* not a DNS name, or too long; not an address that a server can have */
    DEVICE_REFUSED = -2,   /* not permitted in this situation (permits.h) */
    DEVICE_STORE = -3,     /* the change could not be stored */
    DEVICE_OVERTAKEN = -4, /* the settings were changed from elsewhere since the menu was opened */
};

int device_mebx_full_unprovision(struct device *device, uint64_t now_ms);
int device_mebx_partial_unprovision(struct device *device, uint64_t now_ms);
/* Sets the SCA's address. ip 0: look it up again; an address that no other machine can have is a
 * bad value. port 0: 9971. */
int device_mebx_server(struct device *device, uint32_t ip, uint16_t port, uint64_t now_ms);
/* Sets the domain; "" removes it. */
int device_mebx_domain(struct device *device, const char *domain, uint64_t now_ms);
/* Provisions the device by hand, even with the default password, which the menu asks to change
 * first: the caller owns the process in which the device runs. */
int device_mebx_manual(struct device *device, uint64_t now_ms);

/* Returns the memory for a MEBx menu (mebx_open()). The host interface is not served until
 * device_menu_end(). NULL: the host still awaits an answer. */
struct local_outcome *device_menu_begin(struct device *device);
/* To be called when the menu has been left: its outcome is stored and carried out, as a whole or
 * not at all. */
int device_menu_end(struct device *device, uint64_t now_ms);
/* Stores and carries out an outcome of MEBx or a USB key that was determined elsewhere. */
int device_local_change(struct device *device, const struct local_outcome *outcome,
                        uint64_t now_ms);
/* The machine starts with a USB key plugged in. outcome is working memory; report says which record
 * was used, or why none was (then DEVICE_BAD_VALUE). */
int device_usb_key(struct device *device, const struct hal_usb *usb, struct local_outcome *outcome,
                   struct usbkey_report *report, uint64_t now_ms);

/* Whether the ME has power in this state of the machine, by its power package. For whatever
 * switches the ME's power: a board or the simulated PC. */
enum power_me device_power(const struct device *device, enum power_system system, bool mains,
                           bool booted);
/* To be called before a planned loss of power: stores the used window time. */
void device_suspend(struct device *device, uint64_t now_ms);

#endif
