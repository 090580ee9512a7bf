// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_LINE_H
#define SIM_LINE_H

#include <stdbool.h>

#include "sim/world/world.h"

/* The words of a transcript's line for what the device's trace says. Each function returns false,
 * and no words, for an event that is not its own. */

#define LINE_TEXT 512

enum entry_kind {
    ENTRY_EVENT,        /* always shown */
    ENTRY_NEWS,         /* always shown; attempts after it are shown in full again */
    ENTRY_REPEAT,       /* shown unless it says the same as the last of its kind and author */
    ENTRY_ATTEMPT,      /* an attempt to say hello begins; shows nothing itself */
    ENTRY_ATTEMPT_PART, /* belongs to the attempt that began last */
    ENTRY_AGENT_START,  /* the agent is started */
    ENTRY_AGENT_LINE,   /* a line that the agent prints */
    ENTRY_LOG,          /* a line of a set-up server's log */
    ENTRY_CHECK,        /* an expectation's result: the script's words, not the world's */
};

/* The event's text, or "". */
const char *line_said(const struct world_event *event);
/* kind is set as well. */
bool line_of_device(const struct world_event *event, char text[LINE_TEXT], enum entry_kind *kind);
/* A client on the set-up port. */
bool line_of_tls(const struct world_event *event, char text[LINE_TEXT]);
/* A step of an attempt to say hello. */
bool line_of_attempt(const struct world_event *event, char text[LINE_TEXT]);

#endif
