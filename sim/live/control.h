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
 *   state
 * The answer is "ok", "error: ..." or, to state, "Not started", "In process", "Completed" or "AC
 * off". */

#define CONTROL_COMMAND_BYTES 320 /* longest command and a NUL */
#define CONTROL_ANSWER_BYTES 640

/* Accepts clients of the control socket and answers their commands. */
void live_control(struct live *live);

#endif
