// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/permits.h"

#include <stddef.h>

#include "fw/core/status.h"

#define FACTORY (1u << SITUATION_FACTORY)
#define SETUP (1u << SITUATION_SETUP)
#define OVER (1u << SITUATION_SETUP_OVER)
#define DONE (1u << SITUATION_PROVISIONED)
#define LOCKED (1u << SITUATION_LOCKED)
#define ALIVE (FACTORY | SETUP | OVER | DONE)

#define YES PT_STATUS_SUCCESS
#define MODE PT_STATUS_INVALID_PT_MODE
#define BROKEN PT_STATUS_INTERNAL_ERROR

#if FW_TEXTS
#define BY(source) source
#else
#define BY(source)
#endif

/* When a server may name a device: with a machine to manage, consoles do so later, too (MCMD). */
#define NAMED (FW_MACHINE ? SETUP | DONE : SETUP)

/* The first row with the door, the act and the situation decides. */
static const struct permission table[] = {
#if FW_MANAGE
    /* During set-up most of the device is not accessible. What set-up has set cannot be changed on
       a provisioned device, except the next set-up's key and what MEBx allows at any time. */
    {DOOR_NETWORK, ACT_READ, SETUP | DONE, YES, BY("G-modes")},
    {DOOR_NETWORK, ACT_READ_MACHINE, DONE, YES, BY("G-modes")},
#if FW_MACHINE
    {DOOR_NETWORK, ACT_READ_POWER, DONE, YES, BY("G-modes")},
    {DOOR_NETWORK, ACT_CONTROL_POWER, DONE, YES, BY("G-modes")},
    {DOOR_NETWORK, ACT_READ_REDIRECTION, DONE, YES, BY("G-modes")},
    {DOOR_NETWORK, ACT_SET_REDIRECTION, DONE, YES, BY("G-modes")},
    {DOOR_NETWORK, ACT_READ_LOG, DONE, YES, BY("G-modes")},
    {DOOR_NETWORK, ACT_CHANGE_LOG, DONE, YES, BY("G-modes")},
    {DOOR_NETWORK, ACT_READ_ASSETS, DONE, YES, BY("G-modes")},
    {DOOR_NETWORK, ACT_READ_NETWORK, DONE, YES, BY("G-modes")},
    {DOOR_NETWORK, ACT_SET_NETWORK, DONE, YES, BY("G-modes")},
#endif
    {DOOR_NETWORK, ACT_READ_CLOCK, SETUP | DONE, YES, BY("WSM")},
    {DOOR_NETWORK, ACT_SET_CLOCK, SETUP | DONE, YES, BY("WSM")},
    {DOOR_NETWORK, ACT_SET_NAME, NAMED, YES, BY("WSM; MCMD")},
#if FW_MACHINE
    {DOOR_NETWORK, ACT_SET_ADMIN, SETUP | DONE, YES, BY("WSM; MCMD")},
    {DOOR_NETWORK, ACT_READ_USERS, DONE, YES, BY("G-modes; MCMD")},
    {DOOR_NETWORK, ACT_SET_USERS, DONE, YES, BY("G-modes; MCMD")},
#else
    {DOOR_NETWORK, ACT_SET_ADMIN, SETUP, YES, BY("WSM; afterwards: assumed")},
#endif
    {DOOR_NETWORK, ACT_SET_TLS, SETUP, YES, BY("WSM; afterwards: assumed")},
    {DOOR_NETWORK, ACT_SET_PSK, SETUP | DONE, YES, BY("HP3")},
    {DOOR_NETWORK, ACT_SET_PASSWORD, SETUP | DONE, YES, BY("WSM; LMS-cim")},
    {DOOR_NETWORK, ACT_COMMIT, SETUP | DONE, YES, BY("WSM")},
    {DOOR_NETWORK, ACT_EXTEND, SETUP, YES, BY("WSM")},
    {DOOR_NETWORK, ACT_UNPROVISION_PARTIAL, SETUP | DONE, YES, BY("WSM")},
    {DOOR_NETWORK, ACT_UNPROVISION_FULL, SETUP | DONE, YES, BY("WSM")},
#endif

    /* What a set-up uses can be set before it begins and after its time is over, not during it.
       Before 12.0 only BIOS and MEBx switch zero touch, and only in factory state. */
    {DOOR_AGENT, ACT_READ, ALIVE, YES, BY("RPC; LMS")},
    {DOOR_AGENT, ACT_READ, LOCKED, BROKEN, BY("assumed")},
    {DOOR_AGENT, ACT_SET_OTP, FACTORY | OVER, YES, BY("G-otp")},
    {DOOR_AGENT, ACT_SET_OTP, SETUP | DONE, MODE, BY("G-otp")},
    {DOOR_AGENT, ACT_SET_SUFFIX, FACTORY | OVER, YES, BY("G-setpki")},
    {DOOR_AGENT, ACT_SET_SUFFIX, SETUP | DONE, MODE, BY("G-setpki")},
    {DOOR_AGENT, ACT_SET_ZERO_TOUCH, SETUP | OVER | DONE, MODE, BY("G-ztc; status assumed")},

    /* What a set-up server has set can be changed only after an unprovision; the mode only in
       factory state. A locked device can only be reset. */
    {DOOR_MEBX, ACT_OPEN_MENU, ALIVE, YES, BY("assumed")},
    {DOOR_MEBX, ACT_SET_LOCAL, ALIVE, YES, BY("assumed")},
#if FW_MACHINE
    {DOOR_MEBX, ACT_SET_LEGACY, ALIVE, YES, BY("MEBX7; 6.0: assumed")},
#endif
    {DOOR_MEBX, ACT_SET_NAME, ALIVE, YES, BY("assumed")},
    {DOOR_MEBX, ACT_SET_PASSWORD, ALIVE, YES, BY("DELL")},
    {DOOR_MEBX, ACT_SET_MODE, FACTORY, YES, BY("G-restore")},
    {DOOR_MEBX, ACT_SET_SERVER, FACTORY | SETUP | OVER, YES, BY("assumed")},
    {DOOR_MEBX, ACT_SET_PSK, FACTORY | SETUP | OVER, YES, BY("assumed")},
    {DOOR_MEBX, ACT_SET_SUFFIX, FACTORY | SETUP | OVER, YES, BY("assumed")},
    {DOOR_MEBX, ACT_SET_REMOTE, FACTORY | SETUP | OVER, YES, BY("assumed")},
    /* This stands for everything that a person does at the machine to configure it by hand, and may
       end a set-up that goes on. In the menu ACT_SET_MODE does that. */
    {DOOR_MEBX, ACT_SET_BY_HAND, FACTORY | SETUP | OVER, YES, BY("HP; RTK; in set-up: assumed")},
    {DOOR_MEBX, ACT_UNPROVISION_PARTIAL, SETUP | OVER | DONE, YES, BY("HP; DELL")},
    {DOOR_MEBX, ACT_UNPROVISION_FULL, ALIVE | LOCKED, YES, BY("HP; DELL; locked: assumed")},

    /* Beyond factory state: permits_key(). Before 3.0 a key is for factory state only (CUTLER);
       later machines come with bare-metal set-up running, and take one all the same. */
    {DOOR_USB_KEY, ACT_APPLY_KEY, FACTORY | SETUP | OVER, YES, BY("S1; S0; DELL; HP5")},
};

const struct permission *permissions(uint32_t *count)
{
    *count = sizeof(table) / sizeof(table[0]);
    return table;
}

enum situation situation_of(const struct setup *setup)
{
    switch (setup->state) {
    case SETUP_FACTORY:
        return SITUATION_FACTORY;
    case SETUP_SETUP:
    case SETUP_IN_PROCESS:
        return window_is_open(&setup->window) ? SITUATION_SETUP : SITUATION_SETUP_OVER;
    case SETUP_PROVISIONED:
        return SITUATION_PROVISIONED;
    default:
        return SITUATION_LOCKED;
    }
}

uint32_t permits(enum door door, enum act act, enum situation situation)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        const struct permission *p = &table[i];

        if (p->door == door && p->act == act && p->when >> situation & 1u)
            return p->status;
    }
    return PT_STATUS_NOT_PERMITTED;
}

uint8_t permits_when(enum door door, enum act act)
{
    uint8_t when = 0;

    for (int s = 0; s < SITUATIONS; s++)
        if (permits(door, act, (enum situation)s) == PT_STATUS_SUCCESS)
            when = (uint8_t)(when | 1u << s);
    return when;
}

bool permits_password(enum password_policy policy, bool password_default,
                      enum credentials credentials, enum situation situation)
{
    if (permits(DOOR_NETWORK, ACT_SET_PASSWORD, situation) != PT_STATUS_SUCCESS)
        return false;
    switch (policy) {
    case PASSWORD_ANYTIME:
        return true;
    case PASSWORD_DURING_SETUP:
        return situation == SITUATION_SETUP;
    default:
        return situation == SITUATION_SETUP && password_default && credentials == CREDENTIALS_PKI;
    }
}
