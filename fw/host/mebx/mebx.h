// SPDX-License-Identifier: BSD-3-Clause
#ifndef HOST_MEBX_H
#define HOST_MEBX_H

#include <stdbool.h>

#include "fw/core/setup.h"
#include "fw/host/mebx/mebx_state.h"

/* The MEBx menu on a plain text console: numbered items, one line of input at a time, echo and
 * backspace. It works on a copy of the settings, which the caller stores when the menu is left by
 * "exit" and confirmed (DELL: changes are committed only on leaving). Ctrl-C leaves without any
 * change. Passwords and PPS are echoed as '*'. A line of input ends with CR, LF or both; a line of
 * output with LF. */

/* Shows the login prompt. The menu works in *outcome and owns it until it is left. */
void mebx_open(struct mebx *mebx, struct local_outcome *outcome, const struct settings *settings,
               const struct setup *setup, const struct release *release,
               const struct oem_profile *oem, struct text_out out);
/* Takes one byte of input. True: the menu has been left and outcome says what to do; with
 * LOCAL_NONE its settings are wiped. */
bool mebx_input(struct mebx *mebx, char key);

#endif
