// SPDX-License-Identifier: BSD-3-Clause
#include "sim/base/rng.h"

#define GAMMA 0x9E3779B97F4A7C15u

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

void rng_seed(struct rng *rng, uint64_t seed, const char *stream)
{
    uint64_t hash = 0xCBF29CE484222325u; /* FNV-1a */

    for (; *stream; stream++)
        hash = (hash ^ (uint8_t)*stream) * 0x100000001B3u;
    /* Mixed first, so that neighbouring seeds do not give neighbouring states. */
    rng->state = mix(seed + GAMMA) ^ hash;
}

uint64_t rng_next(struct rng *rng)
{
    rng->state += GAMMA;
    return mix(rng->state);
}

uint32_t rng_below(struct rng *rng, uint32_t bound)
{
    /* Draws below 2^32 mod bound would make the low remainders likelier. */
    uint32_t skip = (0u - bound) % bound;
    uint32_t draw;

    do
        draw = (uint32_t)(rng_next(rng) >> 32);
    while (draw < skip);
    return draw % bound;
}

void rng_fill(struct rng *rng, void *out, size_t len)
{
    uint8_t *bytes = out;

    for (size_t i = 0; i < len; i += 8) {
        uint64_t draw = rng_next(rng);

        for (size_t k = 0; k < 8 && i + k < len; k++)
            bytes[i + k] = (uint8_t)(draw >> (8 * k));
    }
}
