// SPDX-License-Identifier: BSD-3-Clause
#ifndef HOST_TRACE_LINE_H
#define HOST_TRACE_LINE_H

#include <stdint.h>

#include "fw/core/text.h"
#include "fw/core/trace.h"

/* One record of the device's trace as a line of text: seconds, the event's word, its value, its
 * text, its source in brackets: 0.004  address 192.168.77.50: site1.example A board's UART and
 * `proviso live` show the same. */

/* Ends with LF. text and source may be NULL; control characters, which may come from the network,
 * become '?'. */
void trace_line(const struct text_out *out, uint64_t now_ms, int event, uint32_t value,
                const char *text, const char *source);
/* A line of the same form for an event outside the device: "    3.000  control: ac off". */
void trace_note(const struct text_out *out, uint64_t now_ms, const char *who, const char *text);

#endif
