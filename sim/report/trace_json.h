// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_TRACE_JSON_H
#define SIM_TRACE_JSON_H

#include <stdio.h>

#include "sim/world/world.h"

/* One JSON object per event of a world and line. Every object has "t_us" and "kind":
 *   frame   from, len, proto; with addresses src, dst; TCP: flags ("S", "SA", "F", ...), data
 *   device  event (as in `expect trace`), value; text and source where the firmware gives them
 *   pc, agent   text
 *   hello   from, port, version, retry, bytes (hexadecimal); version and retry null if unreadable
 *   sca     ip, port, text
 * The same run gives the same file. */
void trace_json_event(FILE *out, const struct world_event *event);

#endif
