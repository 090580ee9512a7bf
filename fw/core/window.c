// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/window.h"

#include <stddef.h>

#define MS_PER_HOUR 3600000u

/* NULL: there is no end. */
static const uint64_t *time_left_ms(const struct window *w)
{
    if (w->kind == WINDOW_BARE_METAL)
        return &w->bmp_left_ms;
    return w->kind == WINDOW_COMMANDED || w->kind == WINDOW_PROBE ? &w->left_ms : NULL;
}

static uint64_t saturating_sub(uint64_t left_ms, uint64_t elapsed_ms)
{
    return left_ms > elapsed_ms ? left_ms - elapsed_ms : 0;
}

void window_count(struct window *w, uint64_t now_ms)
{
    uint64_t elapsed_ms = now_ms - w->counted_ms;

    w->counted_ms = now_ms;
    if (w->kind == WINDOW_COMMANDED || w->kind == WINDOW_PROBE)
        w->left_ms = saturating_sub(w->left_ms, elapsed_ms);
    if (w->kind == WINDOW_BARE_METAL || w->bmp_runs)
        w->bmp_left_ms = saturating_sub(w->bmp_left_ms, elapsed_ms);
}

void window_skip(struct window *w, uint64_t now_ms)
{
    w->counted_ms = now_ms;
}

bool window_is_over(const struct window *w)
{
    const uint64_t *left_ms = time_left_ms(w);

    return left_ms && *left_ms == 0;
}

uint64_t window_end_ms(const struct window *w)
{
    const uint64_t *left_ms = time_left_ms(w);

    return left_ms ? w->counted_ms + *left_ms : UINT64_MAX;
}

bool window_is_counting(const struct window *w)
{
    return time_left_ms(w) || (w->bmp_runs && w->bmp_left_ms > 0);
}

uint32_t window_left_s(const struct window *w)
{
    const uint64_t *left_ms = time_left_ms(w);

    return left_ms ? (uint32_t)(*left_ms / 1000u) : 0;
}

void window_change(struct window *w, enum window_kind kind, uint32_t hours)
{
    if (kind == WINDOW_COMMANDED)
        w->left_ms = (uint64_t)hours * MS_PER_HOUR;
    if (kind == WINDOW_CLOSED)
        w->left_ms = 0;
    if (kind == WINDOW_PROBE)
        w->left_ms = LIMIT_BLIND_DHCP_MS;
    if (kind == WINDOW_COMMANDED && hours == 0)
        kind = WINDOW_UNLIMITED;
    if (kind != WINDOW_CLOSED && kind != WINDOW_PROBE)
        w->bmp_runs = false;
    w->kind = kind;
}

void window_set_hours(struct window *w, uint32_t hours)
{
    uint64_t *left_ms = w->kind == WINDOW_BARE_METAL ? &w->bmp_left_ms : &w->left_ms;

    if (time_left_ms(w))
        *left_ms = (uint64_t)hours * MS_PER_HOUR;
}
