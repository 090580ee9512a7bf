#ifndef FW_DEVICE_H
#define FW_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/power.h"
#include "fw/device_state.h"
#include "fw/host/usbkey/usbkey.h"
#include "hal/hal.h"

/* One AMT device (device_state.h), as its owner uses it. */

/* Power has come (AC), or the firmware was reset. lwIP's and mbedTLS's variables must be as
 * after program start. */
void device_boot(struct device *device, const struct device_config *config, const struct hal *hal,
                 uint64_t now_ms);

/* The one door for time: takes in what the HAL has, carries out what follows. Returns when it next
 * wants to be called; UINT64_MAX = only when the HAL has something. */
uint64_t device_poll(struct device *device, uint64_t now_ms);

/* What a person does in the MEBx menu, each act by a short cut past the log-in and the other items.
 * What may be done when is permits.h's to say, as for the menu. Each stores its result before it
 * returns. Return 0 or a negative enum device_error; on an error nothing is changed. */
enum device_error {
    DEVICE_OK = 0,
    DEVICE_BAD_VALUE = -1, /* a name that is not a DNS name, or too long; no server's address */
    DEVICE_REFUSED = -2,   /* not permitted in this situation (permits.h) */
    DEVICE_STORE = -3,     /* could not be stored */
    DEVICE_OVERTAKEN = -4, /* another door has changed the settings since the menu was opened */
};

int device_mebx_full_unprovision(struct device *device, uint64_t now_ms);
int device_mebx_partial_unprovision(struct device *device, uint64_t now_ms);
/* ip 0: look the SCA up again; one that no other machine can have is a bad value. port 0: 9971. */
int device_mebx_server(struct device *device, uint32_t ip, uint16_t port, uint64_t now_ms);
/* "" removes it. */
int device_mebx_domain(struct device *device, const char *domain, uint64_t now_ms);
/* Also with the default password, which the menu asks to change first: whoever uses this door owns
 * the process that the device runs in. */
int device_mebx_manual(struct device *device, uint64_t now_ms);

/* The memory for a MEBx menu on this device (mebx_open()); the host interface is not served until
 * device_menu_end(). NULL: an answer to the host is still owed. */
struct local_outcome *device_menu_begin(struct device *device);
/* The menu has been left: its outcome is stored and carried out, as a whole or not at all. */
int device_menu_end(struct device *device, uint64_t now_ms);
/* What MEBx or a key worked out elsewhere, stored and carried out as one. */
int device_local_change(struct device *device, const struct local_outcome *outcome,
                        uint64_t now_ms);
/* A USB key is plugged in while the machine starts. outcome is working memory; report says which
 * record was used, or why none was (then DEVICE_BAD_VALUE). */
int device_usb_key(struct device *device, const struct hal_usb *usb, struct local_outcome *outcome,
                   struct usbkey_report *report, uint64_t now_ms);

/* Whether the ME has power in this state of the machine, by its power package. Asked by whoever
 * switches the ME's power: a board, or the simulated PC. */
enum power_me device_power(const struct device *device, enum power_system system, bool mains,
                           bool booted);
/* The ME is about to lose power in good order: the used window time is stored. */
void device_suspend(struct device *device, uint64_t now_ms);

#endif
