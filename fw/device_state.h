// SPDX-License-Identifier: BSD-3-Clause
#ifndef FW_DEVICE_STATE_H
#define FW_DEVICE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/power.h"
#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "fw/core/setup.h"
#include "fw/host/local.h"
#include "fw/net/net.h"
#if FW_TLS
#include "fw/net/tls.h"
#endif
#if FW_MANAGE
#include "fw/manage/service.h"
#include "fw/net/plain_carrier.h"
#endif
#if FW_MACHINE
#include "fw/redirect/redirect.h"
#endif
#include "fw/store/store.h"
#if FW_MACHINE
#include "fw/core/event_log.h"
#endif
#include "hal/hal.h"

/* The state of one AMT device. The caller owns the memory. The only other state is in lwIP's and
 * mbedTLS's own variables, which point into this: it must not move while the device runs. */

struct device_config {
    const struct release *release;
    const struct oem_profile *oem;
    uint8_t uuid[LIMIT_UUID_BYTES]; /* wire (SMBIOS) order */
    uint8_t mac[LIMIT_MAC_BYTES];
    bool bios_disabled; /* AMT is switched off in the BIOS */
    bool blind_to_dhcp; /* see struct net */
    bool eager_timers;  /* see struct ip_stack */
    /* How long after a boot the self-signed set-up certificate comes into existence; 0 = it exists
     * from the factory on (assumed). */
    uint16_t certificate_s;
#if FW_MANAGE
    const struct release *shipped; /* with which it left the factory; NULL = release */
#endif
};

/* What is used most stands first, within reach of the short instructions. All decisions are made in
 * fw/core, on the state that is kept here. */
struct device {
    const struct hal *hal;
    enum hal_host host;
    bool rng_ready;
    bool store_lost; /* what is stored cannot be trusted; it is not overwritten without a command */
    bool in_menu;    /* a MEBx menu is open: see the union below */
    uint32_t change_count;      /* changes of the settings from anywhere, except by time */
    uint32_t menu_change_count; /* change_count when the menu was opened */
    uint64_t certificate_ms;    /* when the set-up certificate will exist; 0 = it does */
    struct device_config config;
    struct setup setup;
    struct net net; /* net_now_ms() is the time of the current call */
#if FW_MANAGE
    uint64_t clock_base_s; /* seconds from 1970 to device time 0; 0 = nobody has set the clock. It
                              is lost with power: the HAL has no lasting clock */
    struct manage manage;
    struct plain_carrier plain;
#if FW_MACHINE
    struct event_log log;
    uint8_t machine_state; /* enum machine_state, as the log has it */
#endif
#endif
#if FW_MACHINE
    struct redirect redirect;
    struct plain_carrier plain_redirect;
#endif
    struct store store;
    struct settings settings; /* as stored, except the window's running time */
    struct settings draft;    /* the new settings: in effect once they are stored */
    /* Either the host has not started its operating system and a person is in the MEBx menu, or it
     * has and the agent uses AMTHI: both share this memory. */
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

#endif
