// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_ACT_H
#define EXPLORE_ACT_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/explore/invariants.h"

/* Groups that an alphabet is put together from, as bits. */
enum act_group {
    GROUP_TIME = 1 << 0,
    GROUP_LONG = 1 << 1,     /* hours at once */
    GROUP_OWNER = 1 << 2,    /* log in, unprovision */
    GROUP_COMMIT = 1 << 3,   /* the owner changes settings */
    GROUP_STRANGER = 1 << 4, /* connect, nonce, ask */
    GROUP_MORE = 1 << 5,     /* the stranger's other ways */
    GROUP_SECOND = 1 << 6,   /* another stranger */
    GROUP_SHAKE = 1 << 7,    /* half hand-shakes */
    GROUP_SPOOF = 1 << 8,    /* frames that seem to be somebody else's */
    GROUP_PERSON = 1 << 9,   /* unprovisions in MEBx */
    GROUP_MENU = 1 << 10,    /* MEBx open, a key, by hand, the BIOS */
    GROUP_POWER = 1 << 11,
    GROUP_AGENT = 1 << 12,
    GROUP_NETWORK = 1 << 13, /* servers, cable, operating system */
    GROUP_FAULTS = 1 << 14,  /* of the flash */
    GROUP_ENTROPY = 1 << 15, /* it ends */
    GROUP_SILENT = 1 << 16,  /* the owner does not hear its last reply */
    GROUP_LINE = 1 << 17,    /* consoles of the serial line */
    GROUP_USERS = 1 << 18,   /* the owner changes who may, and ends sessions */
    GROUP_MACHINE = 1 << 19, /* its power, by the owner's orders and by itself */
    GROUP_READER = 1 << 20,  /* who may read the event log, and nothing else */
};

struct explore_act {
    const char *name; /* as in a path */
    uint8_t actor;    /* enum actor */
    uint8_t traits;   /* enum act_trait bits */
    uint32_t group;   /* one enum act_group */
    bool (*can)(void);
    void (*run)(void);
};

#endif
