// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_LINE_H
#define SIM_LINE_H

#include <stdbool.h>

#include "sim/run/recorder.h"

/* The words of a transcript's line for what the device's trace says. Each function returns false,
 * and no words, for an event that is not its own. */

#define LINE_BYTES 512

/* The event's text, or "". */
const char *line_said(const struct world_event *event);
/* kind is changed where the event is of another kind than ENTRY_EVENT. */
bool line_of_device(const struct world_event *event, char text[LINE_BYTES], enum entry_kind *kind);
/* A client on the set-up port. */
bool line_of_tls(const struct world_event *event, char text[LINE_BYTES]);
/* A step of an attempt to say hello. */
bool line_of_attempt(const struct world_event *event, char text[LINE_BYTES]);

#endif
