#ifndef CORE_PERMITS_H
#define CORE_PERMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/settings.h"
#include "fw/core/setup.h"

/* Who may do what, and when: one table for every door. Who is let in at all is access.h; what an
 * act does to the state is the machine's (setup.h). */

/* Where the device stands, as far as permissions go: its state and its window. */
enum situation {
    SITUATION_FACTORY,
    SITUATION_SETUP,      /* and the window is open */
    SITUATION_SETUP_OVER, /* set up neither done nor going on: the window is closed */
    SITUATION_PROVISIONED,
    SITUATION_LOCKED,
    SITUATIONS
};

enum situation situation_of(const struct setup *setup);

enum door {
    DOOR_NETWORK, /* the configuration service */
    DOOR_AGENT,   /* AMTHI, from the host's operating system */
    DOOR_MEBX,    /* the menu, and the short cuts past it (device_mebx_*()) */
    DOOR_USB_KEY,
};

enum act {
    ACT_READ,         /* what the device is, and its settings */
    ACT_READ_MACHINE, /* interfaces, power: what set-up does not need */
    ACT_SET_CLOCK,
    ACT_SET_NAME,     /* host name and domain */
    ACT_SET_ADMIN,    /* the network's administrator */
    ACT_SET_TLS,      /* key, certificate, and whether it is on */
    ACT_SET_PSK,      /* PID and PPS: for the next set-up */
    ACT_SET_PASSWORD, /* MEBx's; see permits_password() */
    ACT_COMMIT,
    ACT_EXTEND,
    ACT_UNPROVISION_PARTIAL,
    ACT_UNPROVISION_FULL,
    ACT_SET_OTP,
    ACT_SET_SUFFIX,
    ACT_SET_ZERO_TOUCH,
    ACT_SET_MODE,   /* enterprise or small business */
    ACT_SET_SERVER, /* the set-up server's address, port and FQDN */
    ACT_SET_REMOTE, /* remote configuration: on, off, its hashes */
    ACT_SET_OWN,    /* the ME's and the network's own: power, address, redirection */
    ACT_LOOK,       /* a menu, its end */
    ACT_APPLY_KEY,
    ACT_SET_BY_HAND, /* provisioned at once, in small business mode: no item of the menu */
    ACTS
};

/* PT_STATUS_SUCCESS, or the status of the refusal. What no row permits is NOT_PERMITTED. */
uint32_t permits(enum door door, enum act act, enum situation situation);

/* The situations in which it is permitted, a bit each. */
uint8_t permits_when(enum door door, enum act act);

/* Whether a server may set the MEBx password, by the policy of the menu (WSM, LMS-cim). */
bool permits_password(enum password_policy policy, bool password_default,
                      enum credentials credentials, enum situation situation);

/* The table, for pages and tests. */
struct permission {
    uint8_t door, act, when; /* when: a bit for each situation */
    uint8_t status;          /* PT_STATUS */
#if FW_TEXTS
    const char *source;
#endif
};

const struct permission *permissions(uint32_t *count);

#endif
