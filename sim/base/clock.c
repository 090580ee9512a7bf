// SPDX-License-Identifier: BSD-3-Clause
#include "sim/base/clock.h"

#include <stdlib.h>

struct clock_event {
    uint64_t at_us;
    uint64_t order;
    clock_fn *fn;
    void *ctx;
    size_t index; /* in the heap, so that cancelling needs no search */
};

void clock_init(struct sim_clock *clock)
{
    *clock = (struct sim_clock){0};
}

void clock_free(struct sim_clock *clock)
{
    for (size_t i = 0; i < clock->count; i++)
        free(clock->heap[i]);
    free(clock->heap);
    clock->heap = NULL;
    clock->count = clock->cap = 0;
}

static bool before(const struct clock_event *a, const struct clock_event *b)
{
    return a->at_us != b->at_us ? a->at_us < b->at_us : a->order < b->order;
}

static void place(struct sim_clock *clock, size_t index, struct clock_event *event)
{
    clock->heap[index] = event;
    event->index = index;
}

static void sift_up(struct sim_clock *clock, size_t index, struct clock_event *event)
{
    while (index > 0) {
        size_t parent = (index - 1) / 2;

        if (!before(event, clock->heap[parent]))
            break;
        place(clock, index, clock->heap[parent]);
        index = parent;
    }
    place(clock, index, event);
}

static void sift_down(struct sim_clock *clock, size_t index, struct clock_event *event)
{
    for (;;) {
        size_t child = 2 * index + 1;

        if (child >= clock->count)
            break;
        if (child + 1 < clock->count && before(clock->heap[child + 1], clock->heap[child]))
            child++;
        if (!before(clock->heap[child], event))
            break;
        place(clock, index, clock->heap[child]);
        index = child;
    }
    place(clock, index, event);
}

static void take_out(struct sim_clock *clock, size_t index)
{
    struct clock_event *moved = clock->heap[--clock->count];

    if (index == clock->count)
        return;
    if (index > 0 && before(moved, clock->heap[(index - 1) / 2]))
        sift_up(clock, index, moved);
    else
        sift_down(clock, index, moved);
}

static void grow(struct sim_clock *clock)
{
    size_t cap = clock->cap ? 2 * clock->cap : 16;
    struct clock_event **heap = realloc(clock->heap, cap * sizeof(struct clock_event *));

    if (heap == NULL)
        abort();
    clock->heap = heap;
    clock->cap = cap;
}

struct clock_event *clock_at(struct sim_clock *clock, uint64_t at_us, clock_fn *fn, void *ctx)
{
    struct clock_event *event = malloc(sizeof(*event));

    if (event == NULL)
        abort();
    if (clock->count == clock->cap)
        grow(clock);
    event->at_us = at_us > clock->now_us ? at_us : clock->now_us;
    event->order = clock->order++;
    event->fn = fn;
    event->ctx = ctx;
    sift_up(clock, clock->count++, event);
    return event;
}

void clock_cancel(struct sim_clock *clock, struct clock_event *event)
{
    /* After clock_free() the handle points nowhere. */
    if (event == NULL || clock->count == 0)
        return;
    take_out(clock, event->index);
    free(event);
}

bool clock_step(struct sim_clock *clock, uint64_t until_us)
{
    if (clock->count == 0 || clock->heap[0]->at_us > until_us) {
        /* An event inside which the clock was stepped may have taken it further. */
        if (until_us > clock->now_us)
            clock->now_us = until_us;
        return false;
    }

    struct clock_event event = *clock->heap[0];

    free(clock->heap[0]);
    take_out(clock, 0);
    clock->now_us = event.at_us;
    clock->steps++;
    event.fn(event.ctx);
    return true;
}

void clock_run(struct sim_clock *clock, uint64_t until_us)
{
    while (clock_step(clock, until_us))
        continue;
}
