// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_LIVE_CONTROL_H
#define SIM_LIVE_CONTROL_H

#include "sim/live/live.h"

/* Operates the machine: one command per packet of the control socket, one answer to each. The
 * words are those of scenarios:
 *   ac on | off
 *   cmos out | in | clear    clear is the jumper: AC must be off, the CMOS is lost at once
 *   unprovision full | partial
 *   mebx server IP [PORT] | domain NAME | manual
 *   press power | reset | enter | esc | del | keys TEXT
 *   state | screen
 * The answer is "ok", "error: ...", to state "Not started", "In process", "Completed", "AC off" or
 * "ME off", to screen the text on the PC's screen. */

#define CONTROL_COMMAND_BYTES 320 /* longest command and a NUL */
#define CONTROL_ANSWER_BYTES 2560 /* a whole screen is the longest */

/* Accepts clients of the control socket and answers their commands. */
void live_control(struct live *live);

#endif
