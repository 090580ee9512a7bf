#ifndef CORE_WINDOW_H
#define CORE_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"

/* The network window: whether frames may leave the ME is a question to this alone.
 * All times count ME up-time: ITJ7 for the bare-metal timer ("accumulated up-time"), SYM68/HP6 for
 * the six hours ("while the ME is on"). */

enum window_kind {
    WINDOW_CLOSED,
    WINDOW_BARE_METAL,  /* open while bare-metal time is left */
    WINDOW_COMMANDED,   /* opened by agent, MEBx, key or partial unprovision; runs out */
    WINDOW_UNLIMITED,   /* releases without a limit on commanded windows */
    WINDOW_OPERATIONAL, /* provisioned: open for good */
    WINDOW_PROBE,       /* for one DHCP transaction before StartConfiguration is answered; nobody is
                           listened to. Never stored */
};

struct window {
    uint8_t kind;
    bool bmp_runs;        /* the bare-metal timer counts although the window is closed (factory) */
    uint64_t counted_ms;  /* device time up to which the two below are reduced */
    uint64_t left_ms;     /* of a commanded window, or a probe */
    uint64_t bmp_left_ms; /* of the bare-metal timer since the last factory default */
};

static inline bool window_is_probing(const struct window *w)
{
    return w->kind == WINDOW_PROBE;
}

/* A provisioning period, or a provisioned device's. */
static inline bool window_is_open(const struct window *w)
{
    return w->kind != WINDOW_CLOSED && w->kind != WINDOW_PROBE;
}

/* Whether frames may leave. */
static inline bool window_lets_out(const struct window *w)
{
    return w->kind != WINDOW_CLOSED;
}

/* Takes the time since the last call off what is left; closes nothing by itself. */
void window_count(struct window *w, uint64_t now_ms);
/* The same, but the time since the last call does not count: AMT was disabled. */
void window_skip(struct window *w, uint64_t now_ms);
/* True when an open window has run out at the time of the last window_count(). */
bool window_is_over(const struct window *w);
/* When it will run out; UINT64_MAX for a closed or unlimited one. */
uint64_t window_end_ms(const struct window *w);
/* Time passes that has to be written down: of a window with an end, or of the bare-metal timer. */
bool window_is_counting(const struct window *w);
/* What is left of an open window; 0 = it has no end. */
uint32_t window_left_s(const struct window *w);
/* Opens or closes it. A commanded one is for so many hours, 0 = without limit; to the others hours
 * mean nothing. */
void window_change(struct window *w, enum window_kind kind, uint32_t hours);

/* An open one with an end runs for so many hours from now on, unless it has more left. */
void window_extend(struct window *w, uint32_t hours);

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
