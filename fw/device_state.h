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
    bool eager_timers;  /* see struct ip_stack */
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
    bool store_lost;       /* what is stored cannot be trusted: it is not written over unasked */
    bool in_menu;          /* see below */
    uint32_t change_count; /* of the settings, by whatever door; not by time */
    uint32_t menu_change_count; /* changes, when the menu was opened */
    uint64_t certificate_ms;    /* there is no set-up certificate before that time; 0 = there is */
    struct device_config config;
    struct setup setup;
    struct net net; /* net_now_ms() is the time of the call that the device is in */
#if FW_MANAGE
    uint64_t clock_base_s; /* since 1970, when the time was 0; 0 = nobody has set the clock. The HAL
                              has none that lasts: it is lost with power */
    struct manage manage;
    struct plain_carrier plain;
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

#endif
