// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_CORTEX_M_POOL_H
#define HAL_CORTEX_M_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A pool of randomness, by hash chaining: what is drawn does not tell the pool, and a pool that
 * leaks does not tell what was drawn before. It makes none: what comes out is as hard to guess as
 * what went in, and repeats when all that went in does. Nothing in here touches hardware. */

#define CM_POOL_BYTES 32u

struct cm_pool {
    uint8_t bytes[CM_POOL_BYTES];
    uint32_t steps;
    bool open; /* cm_pool_open() */
};

/* What a step adds by itself: a counter of the processor's, say; no secret. */
struct cm_moment {
    uint32_t times, ticks;
};

void cm_pool_stir(struct cm_pool *pool, const void *data, size_t len, struct cm_moment now);
/* As cm_pool_stir(), and from now on it gives: data is what no start before has stirred in. */
void cm_pool_open(struct cm_pool *pool, const void *data, size_t len, struct cm_moment now);
/* Returns 0, or -1 while the pool has not been opened. */
int cm_pool_draw(struct cm_pool *pool, void *out, size_t len, struct cm_moment now);

#endif
