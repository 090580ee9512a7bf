// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_MEBX_VISIT_H
#define SIM_MEBX_VISIT_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/release.h"
#include "fw/core/settings.h"

/* One visit to MEBx that changes one thing, without the menu's dialogue: the settings as MEBx shows
 * them, one of them changed by the firmware's own rules, and the way in which MEBx is left. */

enum visit_change {
    VISIT_PSK,
    VISIT_PASSWORD,
    VISIT_RCFG,
    VISIT_HASH_SWITCH,
    VISIT_HASH_ADD,
    VISIT_SUFFIX,
    VISIT_FQDN,
    VISIT_MODE,
    VISIT_POWER,
    VISIT_AMT,
    VISIT_DHCP,
    VISIT_ADDRESS,
    VISIT_HOST,
};

struct mebx_visit {
    enum visit_change change;
    const char *text;           /* PID, name; NULL = none; friendly name of a hash */
    const char *pps, *password; /* password NULL = the same as before */
    bool on;
    uint8_t mode;    /* enum provisioning_mode */
    uint8_t package; /* index into power_packages() */
    uint32_t hash;   /* number in the list, from 1 */
    uint8_t algorithm, bytes[LIMIT_HASH_BYTES];
    struct static_address fixed;
};

struct world;

/* False: MEBx or the firmware refused, or the ME has no power; nothing was changed. world_why()
 * then says why. */
bool mebx_visit_apply(struct world *world, const struct release *release,
                      const struct mebx_visit *visit);
/* Types the keys into the real menu. False: they do not leave it, leave it before the last key or
 * without a change, or the firmware refused. */
bool mebx_visit_type(struct world *world, const struct release *release,
                     const struct oem_profile *oem, const char *keys);

#endif
