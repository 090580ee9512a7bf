// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_WINDOW_H
#define CORE_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"

/* The network window: it alone decides whether frames may leave the ME. All times count ME up-time:
 * ITJ7 for the bare-metal timer ("accumulated up-time"), SYM68/HP6 for the six hours ("while the ME
 * is on"). How many hours a release gives stands in release.c. */

enum window_kind {
    WINDOW_CLOSED,
    WINDOW_BARE_METAL,  /* open while the bare-metal timer has time left */
    WINDOW_COMMANDED,   /* opened by agent, MEBx, USB key or partial unprovision; has an end */
    WINDOW_UNLIMITED,   /* releases without a limit on commanded windows */
    WINDOW_OPERATIONAL, /* provisioned: open without end */
    WINDOW_PROBE, /* open for one DHCP transaction before StartConfiguration is answered; no port
                     listens. Never stored */
};

struct window {
    uint8_t kind;
    bool bmp_runs;        /* the bare-metal timer runs although the window is closed (factory) */
    uint64_t counted_ms;  /* device time up to which the two below have been counted down */
    uint64_t left_ms;     /* of a commanded window or a probe */
    uint64_t bmp_left_ms; /* of the bare-metal timer since the last factory default */
};

static inline bool window_is_probing(const struct window *w)
{
    return w->kind == WINDOW_PROBE;
}

/* Open for a provisioning period, or because the device is provisioned. */
static inline bool window_is_open(const struct window *w)
{
    return w->kind != WINDOW_CLOSED && w->kind != WINDOW_PROBE;
}

/* Whether frames may leave, also those of a probe. */
static inline bool window_may_send(const struct window *w)
{
    return w->kind != WINDOW_CLOSED;
}

/* Counts down the time since the last call. Does not close the window. */
void window_count(struct window *w, uint64_t now_ms);
/* The same, but the time since the last call is not counted: AMT was disabled. */
void window_skip(struct window *w, uint64_t now_ms);
/* Whether an open window's time had run out at the last window_count(). */
bool window_is_over(const struct window *w);
/* When it will run out; UINT64_MAX for a closed or unlimited window. */
uint64_t window_end_ms(const struct window *w);
/* Whether time runs that has to be stored: of a window with an end, or of the bare-metal timer. */
bool window_is_counting(const struct window *w);
/* Time left of an open window; 0 = it has no end. */
uint32_t window_left_s(const struct window *w);
/* Opens or closes it. hours: the length of a commanded window, 0 = without limit; ignored for other
 * kinds. */
void window_change(struct window *w, enum window_kind kind, uint32_t hours);

/* An open window with an end then has that many hours left, more or fewer than before. */
void window_set_hours(struct window *w, uint32_t hours);

static inline void window_open_bare_metal(struct window *w)
{
    window_change(w, WINDOW_BARE_METAL, 0);
}

static inline void window_open_commanded(struct window *w, uint32_t hours)
{
    window_change(w, WINDOW_COMMANDED, hours);
}

static inline void window_open_operational(struct window *w)
{
    window_change(w, WINDOW_OPERATIONAL, 0);
}

static inline void window_close(struct window *w)
{
    window_change(w, WINDOW_CLOSED, 0);
}

#endif
