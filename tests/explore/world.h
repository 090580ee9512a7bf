// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_WORLD_H
#define EXPLORE_WORLD_H

#include "tests/explore/state.h"

/* What happens in the world. The wire has no latency; what happens at a moment happens in
 * world_run() until nobody has anything to say. */

/* Power is on and the first second has passed. absent: no host shares the wire. */
void world_begin(enum root root, const struct release *release, const struct oem_profile *oem,
                 bool absent);

/* Everything that happens at this moment. */
void world_run(void);
/* Time passes up to then; the device is polled whenever it wants to be. */
void world_advance(uint64_t to_ms);
/* Time passes and nobody polls: a process that was stopped. */
void world_stall(uint64_t for_ms);
/* When something happens next by itself; UINT64_MAX = never. */
uint64_t world_next_ms(void);

void world_boot(void);
void world_power_off(void);
/* The operating system comes up, leases an address and announces itself; or it goes down. */
void world_set_os(bool up);

#endif
