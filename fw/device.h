#ifndef FW_DEVICE_H
#define FW_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/power.h"
#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "fw/core/setup.h"
#include "fw/host/amthi/amthi.h"
#include "fw/host/local.h"
#include "fw/host/usbkey/usbkey.h"
#include "fw/net/net.h"
#include "fw/net/plain.h"
#if FW_TLS
#include "fw/net/tls.h"
#endif
#if FW_MANAGE
#include "fw/manage/service.h"
#endif
#include "fw/store/store.h"
#include "hal/hal.h"

/* One AMT device. The caller owns the memory; nothing else holds state but lwIP's and
 * mbedTLS's own variables, which point into it: it must not move while it runs. */

struct device_config {
    const struct release *release;
    const struct oem_profile *oem;
    uint8_t uuid[LIMIT_UUID_BYTES]; /* wire (SMBIOS) order */
    uint8_t mac[LIMIT_MAC_BYTES];
    bool bios_disabled; /* AMT is switched off in the BIOS */
    bool blind_to_dhcp; /* see struct net */
    bool eager_timers;  /* see struct stack */
    /* The self-signed set-up certificate does not exist before so long after a boot; 0 = it is
     * there from the factory (assumed). */
    uint16_t certificate_s;
};

/* What is looked at most comes first: that is reached by the shortest instructions. Every decision
 * is fw/core's; what is here is what the decisions are about. */
struct device {
    const struct hal *hal;
    enum hal_host host;
    bool rng_ready;
    bool store_lost;         /* what is stored cannot be trusted: it is not written over unasked */
    bool in_menu;            /* see below */
    uint32_t changes;        /* of the settings, by whatever door; not by time */
    uint32_t menu_began;     /* changes, when the menu was opened */
    uint64_t certificate_ms; /* there is no set-up certificate before that time; 0 = there is */
    struct device_config config;
    struct setup setup;
    struct net net; /* net_now_ms() is the time of the call that the device is in */
#if FW_MANAGE
    struct manage manage;
    struct plain plain;
#endif
    struct store store;
    struct settings settings; /* as stored, but for the window's running time */
    struct settings draft;    /* as they shall be: they take the place of the others once stored */
    /* The host is either before its operating system, where somebody is in the MEBx menu, or in it,
     * where the agent talks AMTHI: one memory serves both. */
    union {
        struct {
            uint8_t request[LIMIT_AMTHI_REQUEST];
            uint8_t response[LIMIT_AMTHI_RESPONSE];
        };
        struct local_outcome local;
    };
#if FW_TLS
    struct tls tls;
#endif
};

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
 * device_local_end(). NULL: an answer to the host is still owed. */
struct local_outcome *device_local_begin(struct device *device);
/* The menu has been left: its outcome is stored and carried out, as a whole or not at all. */
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
