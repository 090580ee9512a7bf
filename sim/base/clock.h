// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_CLOCK_H
#define SIM_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Virtual time: a heap of events. Events at the same time run in the order they were added, so a
 * run is the same every time. Microseconds since the world began. */

typedef void clock_fn(void *ctx);

struct clock_event;

struct sim_clock {
    uint64_t now_us;
    uint64_t order;
    struct clock_event **heap;
    size_t count, cap;
    uint64_t steps; /* events run, for the benchmark */
};

void clock_init(struct sim_clock *clock);
/* Waiting events are dropped without running. Afterwards clock_cancel() does nothing. */
void clock_free(struct sim_clock *clock);
/* Runs fn(ctx) at at_us (now, if that has passed). The handle is valid until fn begins or the event
 * is cancelled. Never NULL: a host without memory ends the program. */
struct clock_event *clock_at(struct sim_clock *clock, uint64_t at_us, clock_fn *fn, void *ctx);
void clock_cancel(struct sim_clock *clock, struct clock_event *event); /* NULL: nothing */
/* Runs the next event if it is due at or before until_us. False: none; now_us is then at
 * least until_us. May be called from inside an event (the agent waits for its answer that way). */
bool clock_step(struct sim_clock *clock, uint64_t until_us);
void clock_run(struct sim_clock *clock, uint64_t until_us);

#endif
