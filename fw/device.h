#ifndef FW_DEVICE_H
#define FW_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/power.h"
#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "fw/core/setup.h"
#include "fw/host/amthi.h"
#include "fw/host/local.h"
#include "fw/host/usbkey.h"
#include "fw/manage/service.h"
#include "fw/net/net.h"
#include "fw/store/store.h"
#include "hal/hal.h"

/* One AMT device. The caller owns the memory; nothing else holds state but lwIP's own variables. */

struct device_config {
    const struct release *release;
    const struct oem_profile *oem;
    uint8_t uuid[LIMIT_UUID_BYTES]; /* wire (SMBIOS) order */
    uint8_t mac[LIMIT_MAC_BYTES];
    bool bios_disabled; /* AMT is switched off in the BIOS */
    bool blind_to_dhcp; /* see struct net_config */
    bool eager_timers;  /* see struct net_config */
};

struct device {
    struct device_config config;
    const struct hal *hal;
    struct store store;
    struct settings settings; /* as stored, but for the window's running time */
    struct setup setup;
    struct net net;
#if FW_MANAGE
    struct manage manage;
#endif
    bool rng_ready;
    bool store_lost; /* the store could not be read back: it is not written any more */
    enum hal_host host;
    uint64_t checkpoint_ms;       /* next write of the used window time */
    uint64_t start_deadline_ms;   /* StartConfiguration runs its own DHCP until then; 0 = no */
    uint32_t start_command;       /* the command that is answered then */
    uint64_t attempt_deadline_ms; /* of the attempt under way */
    uint32_t attempt_retry;
    /* The host is either before its operating system, where somebody is in the MEBx menu, or in it,
     * where the agent talks AMTHI: one memory serves both. */
    bool in_menu;
    union {
        struct {
            uint8_t request[LIMIT_AMTHI_REQUEST];
            uint8_t response[LIMIT_AMTHI_RESPONSE];
        };
        struct local_outcome local;
    };
};

/* Power has come (AC), or the firmware was reset. lwIP's variables must be as after program start.
 */
void device_boot(struct device *device, const struct device_config *config, const struct hal *hal,
                 uint64_t now_ms);

/* The one door for time: takes in what the HAL has, carries out what follows. Returns when it next
 * wants to be called; UINT64_MAX = only when the HAL has something. */
uint64_t device_poll(struct device *device, uint64_t now_ms);

/* What a person does in the MEBx menu. Each stores its result before it returns.
 * Return 0 or a negative enum device_error; on an error nothing is changed. */
enum device_error {
    DEVICE_OK = 0,
    DEVICE_BAD_VALUE = -1, /* a name that is not a DNS name, or too long */
    DEVICE_REFUSED = -2,   /* not in this state */
    DEVICE_STORE = -3,     /* could not be stored */
};

int device_mebx_full_unprovision(struct device *device, uint64_t now_ms);
int device_mebx_partial_unprovision(struct device *device, uint64_t now_ms);
/* ip 0: look the SCA up again; port 0: 9971. */
int device_mebx_server(struct device *device, uint32_t ip, uint16_t port, uint64_t now_ms);
/* "" removes it. */
int device_mebx_domain(struct device *device, const char *domain, uint64_t now_ms);
int device_mebx_manual(struct device *device, uint64_t now_ms);

/* The memory for a MEBx menu on this device (mebx_open()); the host interface is not served until
 * device_local_end(). NULL: an answer to the host is still owed. */
struct local_outcome *device_local_begin(struct device *device);
/* The menu has been left: its outcome is stored and carried out. */
int device_local_end(struct device *device, uint64_t now_ms);
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
