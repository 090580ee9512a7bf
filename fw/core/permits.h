// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_PERMITS_H
#define CORE_PERMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/settings.h"
#include "fw/core/setup.h"
#include "fw/core/status.h"

/* Who may do what, and when: one table for every door. Who gets in at all is decided by access.h;
 * what an act does to the state, by the state machine (setup.h). */

/* The device's state and window, as far as permissions depend on them. */
enum situation {
    SITUATION_FACTORY,
    SITUATION_SETUP,      /* set-up goes on: the window is open */
    SITUATION_SETUP_OVER, /* set-up was begun and not completed: the window is closed */
    SITUATION_PROVISIONED,
    SITUATION_LOCKED,
    SITUATIONS
};

enum situation situation_of(const struct setup *setup);

enum door {
    DOOR_NETWORK, /* the configuration service */
    DOOR_AGENT,   /* AMTHI, from the host's operating system */
    DOOR_MEBX,    /* the menu, and the calls that bypass it (device_mebx_*()) */
    DOOR_USB_KEY,
};

enum act {
    ACT_READ,         /* versions, state and settings */
    ACT_READ_MACHINE, /* interfaces and power, which set-up does not need */
    ACT_SET_CLOCK,
    ACT_SET_NAME,     /* host name and domain */
    ACT_SET_ADMIN,    /* the network's administrator */
    ACT_SET_TLS,      /* TLS's key, certificate, on or off */
    ACT_SET_PSK,      /* PID and PPS, for the next set-up */
    ACT_SET_PASSWORD, /* the MEBx password; see permits_password() */
    ACT_COMMIT,
    ACT_EXTEND,
    ACT_UNPROVISION_PARTIAL,
    ACT_UNPROVISION_FULL,
    ACT_SET_OTP,
    ACT_SET_SUFFIX,
    ACT_SET_ZERO_TOUCH,
    ACT_SET_MODE,   /* enterprise or small business */
    ACT_SET_SERVER, /* the set-up server's address, port and FQDN */
    ACT_SET_REMOTE, /* remote configuration: on or off, its hashes */
    ACT_SET_LOCAL,  /* what set-up does not depend on: power, address, redirection */
    ACT_OPEN_MENU,  /* a submenu; to leave the menu */
    ACT_APPLY_KEY,
    ACT_SET_BY_HAND, /* provision at once, in small business mode; not an item of the menu */
    ACT_READ_POWER,  /* the machine's: power and boot */
    ACT_CONTROL_POWER,
    ACT_READ_LOG, /* the event log */
    ACT_CHANGE_LOG,
    ACT_READ_ASSETS,
    ACT_READ_NETWORK,
    ACT_SET_NETWORK,
    ACT_READ_REDIRECTION,
    ACT_SET_REDIRECTION, /* and to end a session */
    ACT_READ_CLOCK,
    ACT_READ_USERS,
    ACT_SET_USERS,
    ACT_SET_LEGACY, /* MEBx's "legacy redirection mode" */
    ACTS
};

/* PT_STATUS_SUCCESS, or the status of the refusal; NOT_PERMITTED where the table has no row. */
uint32_t permits(enum door door, enum act act, enum situation situation);

/* Whether this release permits the act in a device's mode, in whatever situation: the choice of
 * small-business mode and what it was replaced with, and an unprovision out of it. */
static inline bool permits_by_release(const struct release *release, enum provisioning_mode mode,
                                      enum act act)
{
    uint16_t smb = release->small_business.value;

    if (act == ACT_SET_MODE)
        return smb != SMALL_BUSINESS_NONE;
    if (FW_MACHINE && act == ACT_SET_LEGACY)
        return smb == SMALL_BUSINESS_NONE;
    return act != ACT_UNPROVISION_PARTIAL || mode != MODE_SMB || smb != SMALL_BUSINESS_FULL;
}

/* Whether a USB key may be applied as far as that depends on set-up; the MEBx password must be the
 * default one, too. */
static inline bool permits_key(const struct release *release, const struct settings *settings,
                               enum situation situation)
{
    if (situation == SITUATION_FACTORY)
        return true;
    return release->key_in_setup.value && settings->secret.pid[0] == '\0' &&
           permits(DOOR_USB_KEY, ACT_APPLY_KEY, situation) == PT_STATUS_SUCCESS;
}

/* The situations in which the act is permitted, a bit each. */
uint8_t permits_when(enum door door, enum act act);

/* Whether a server may set the MEBx password under the password policy of the menu (WSM,
 * LMS-cim). */
bool permits_password(enum password_policy policy, bool password_default,
                      enum credentials credentials, enum situation situation);

/* A row of the table, for pages and tests. */
struct permission {
    uint8_t door, act, when; /* when: a bit for each situation */
    uint8_t status;          /* PT_STATUS */
#if FW_TEXTS
    const char *source;
#endif
};

const struct permission *permissions(uint32_t *count);

#endif
