// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <stddef.h>
#include <stdint.h>

/* Seeded randomness of the virtual world (splitmix64). Each user has a stream of its own, so that
 * one part's draws do not shift another's. */
struct rng {
    uint64_t state;
};

void rng_seed(struct rng *rng, uint64_t seed, const char *stream);
uint64_t rng_next(struct rng *rng);
uint32_t rng_below(struct rng *rng, uint32_t bound); /* 0 .. bound - 1, unbiased; bound > 0 */
/* The same bytes on every host: each draw's eight, lowest first. */
void rng_fill(struct rng *rng, void *out, size_t len);

#endif
