// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_RING_H
#define HAL_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes from one interrupt handler to the main loop. Each side writes one index only. */

#define RING_BYTES 256u /* 22 ms at 115,200 baud */

struct ring {
    volatile uint16_t in, out; /* modulo 2^16: in - out bytes wait */
    char bytes[RING_BYTES];
};

static inline bool ring_full(const struct ring *ring)
{
    return (uint16_t)(ring->in - ring->out) == RING_BYTES;
}

static inline void ring_put(struct ring *ring, char byte)
{
    if (ring_full(ring))
        return;
    ring->bytes[ring->in % RING_BYTES] = byte;
    __asm volatile("" ::: "memory");
    ring->in++;
}

static inline size_t ring_take(struct ring *ring, char *out, size_t cap)
{
    size_t n = 0;

    while (n < cap && ring->out != ring->in) {
        out[n++] = ring->bytes[ring->out % RING_BYTES];
        __asm volatile("" ::: "memory");
        ring->out++;
    }
    return n;
}

#endif
