// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_REDIRECTION_H
#define CORE_REDIRECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/settings.h"

/* When redirection may be used. MEBx permits each kind (config.redirection); an administrator then
 * enables it and opens the listener over the network (G-redir). In small-business mode before
 * 6.0, and from 6.0 on in MEBx's "legacy redirection mode", the listener is open all the time
 * (VPRO09, MEBX7), and what MEBx permits is enabled until an administrator says otherwise
 * (assumed). */

/* config.redirect_service: REDIRECTION_SOL and REDIRECTION_IDER as the administrator has enabled
 * them, and */
#define REDIRECT_STATE_SET 0x10u /* these two count: they have been set */
#define REDIRECT_LISTENS 0x20u   /* the listener is open */
#define REDIRECT_SERVICE_ALL 0x33u

bool redirection_is_legacy(const struct release *release, const struct settings *settings);
/* REDIRECTION_SOL and REDIRECTION_IDER: those that can be used. */
uint8_t redirection_enabled(const struct release *release, const struct settings *settings);
bool redirection_listens(const struct release *release, const struct settings *settings);

/* CIM's numbers: 32768 none, 32769 IDE-R, 32770 SOL, 32771 both (LMS-cim). */
uint32_t redirection_cim_state(uint8_t enabled);
/* redirect_service once the administrator has asked for that state. False: it is none of these, or
 * *forbidden: MEBx does not permit it (G-redir). */
bool redirection_set_state(const struct settings *settings, uint32_t state, uint32_t *service,
                           bool *forbidden);

/* Events as the audit log numbers them (G-redir, application 18). */
enum redirection_event {
    REDIRECTION_EVENT_IDER_ENABLED = 2,
    REDIRECTION_EVENT_IDER_DISABLED = 3,
    REDIRECTION_EVENT_SOL_OPEN = 4,
    REDIRECTION_EVENT_SOL_CLOSED = 5,
    REDIRECTION_EVENT_SOL_ENABLED = 6,
    REDIRECTION_EVENT_SOL_DISABLED = 7,
};

#endif
