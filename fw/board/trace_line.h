#ifndef HOST_TRACE_LINE_H
#define HOST_TRACE_LINE_H

#include <stdint.h>

#include "fw/core/text.h"
#include "fw/core/trace.h"

/* One record of the device's trace as one line of text: seconds, the event's word, its value as
 * what it is, its text, its source in brackets:
 *     0.004  address 192.168.77.50: site1.example
 * The same on a board's UART and in `proviso live`. */

/* With a LF at its end. text and source may be NULL; control characters, which can come from the
 * network, become '?'. */
void trace_line(const struct text_out *out, uint64_t now_ms, int event, uint32_t value,
                const char *text, const char *source);
/* The same shape for what is not the device's: "    3.000  control: ac off". */
void trace_note(const struct text_out *out, uint64_t now_ms, const char *who, const char *text);

#endif
