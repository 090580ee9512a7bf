// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_CLOCK_H
#define HAL_CLOCK_H

#include <stdint.h>

/* Time. Called only by the loop that owns the device (a board's main loop, `proviso live`): the
 * firmware itself is handed the time with every call and never asks for it. */
struct hal_clock {
    void *ctx;
    /* Milliseconds since an arbitrary start, monotonic, never wraps (64 bits). */
    uint64_t (*now_ms)(void *ctx);
    /* Returns at wake_ms, or earlier when a frame, a host message or a power change is waiting.
     * UINT64_MAX means: only on such an event. */
    void (*sleep_until)(void *ctx, uint64_t wake_ms);
};

#endif
