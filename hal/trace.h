// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_TRACE_H
#define HAL_TRACE_H

#include <stdint.h>

/* What the firmware reports while it runs: one record per thing that happened, in order. The core
 * does no formatting; the port turns a record into text, or drops it. Called from device_boot(),
 * device_poll() and the device_mebx_*() functions. */
struct hal_trace {
    void *ctx;
    /* event: an enum trace_event (fw/core/trace.h), which documents value and text.
     * text and source may be NULL; they are only valid during the call. */
    void (*record)(void *ctx, uint64_t now_ms, int event, uint32_t value, const char *text,
                   const char *source);
};

#endif
