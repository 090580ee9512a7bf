// SPDX-License-Identifier: BSD-3-Clause
#ifndef HOST_MEBX_STATE_H
#define HOST_MEBX_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/permits.h"
#include "fw/core/release.h"
#include "fw/core/text.h"
#include "fw/host/local.h"

/* The state of an open MEBx menu. */

#define MEBX_LINE 260
#define MEBX_TRIES 3 /* wrong passwords before the menu closes (assumed) */

struct mebx_item;

struct mebx {
    struct text_out out;
    const struct release *release;
    const struct oem_profile *oem;
    enum situation situation; /* when the menu was opened: some items depend on it */
    bool logged_in;
    /* private to mebx*.c, except outcome */
    bool changed, psk_entered, smb_chosen, closed, after_cr;
    uint8_t tries;
    uint8_t question;             /* enum mebx_kind; 0 = a number of the menu is expected */
    uint16_t length;              /* of line; MEBX_LINE = the line is too long */
    const struct mebx_item *menu; /* the title of the menu that is shown */
    const struct mebx_item *item; /* the item that asks the question */
    struct local_outcome *outcome;
    char line[MEBX_LINE];
    /* kept until a later line completes it */
    char answer[LIMIT_PASSWORD + 1]; /* new password, PID */
    struct user_hash hash;
};

#endif
