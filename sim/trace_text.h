#ifndef SIM_TRACE_TEXT_H
#define SIM_TRACE_TEXT_H

#include <stdint.h>
#include <stdio.h>

/* One record of the device's trace as one line: seconds, the event's word, its value as what it
 * is, its text, its source in brackets:
 *     0.004  address 192.168.77.50: site1.example
 * Unlike a transcript it leaves nothing out. */
void trace_text(FILE *out, uint64_t now_ms, int event, uint32_t value, const char *text,
                const char *source);

/* The same shape for what is not the device's: "    3.000  control: ac off". */
void trace_text_note(FILE *out, uint64_t now_ms, const char *who, const char *text);

#endif
