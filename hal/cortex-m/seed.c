// SPDX-License-Identifier: BSD-3-Clause
#include "hal/cortex-m/cortex-m.h"

#include <string.h>

#include "hal/cortex-m/pool.h"

#include "board-seed.h" /* made by the Makefile: #define BOARD_SEED "...", "" = none */

static struct {
    struct cm_pool pool;
    volatile uint32_t times;
} seed;

extern const char cm_ram_end[], cm_ram_limit[];

static struct cm_moment now(void)
{
    return (struct cm_moment){seed.times, CM_SYST_CVR};
}

void cm_seed_stir(const void *data, size_t len)
{
    cm_pool_stir(&seed.pool, data, len, now());
}

void cm_seed_time(void)
{
    uint32_t times = seed.times;

    seed.times = (times << 5 | times >> 27) ^ CM_SYST_CVR;
}

void cm_seed_start(const uint8_t mac[6])
{
    cm_seed_stir(BOARD_SEED, strlen(BOARD_SEED));
    cm_seed_stir(mac, 6);
    cm_seed_stir(cm_ram_end, (size_t)(cm_ram_limit - cm_ram_end));
    cm_seed_stir((const void *)cm_store, CM_STORE_BYTES);
}

static int fill(void *ctx, void *out, size_t len)
{
    (void)ctx;
    return BOARD_SEED[0] == '\0' ? -1 : cm_pool_draw(&seed.pool, out, len, now());
}

static void mix(void *ctx, const void *data, size_t len)
{
    (void)ctx;
    cm_pool_open(&seed.pool, data, len, now());
}

struct hal_entropy cm_seed_hal(void)
{
    return (struct hal_entropy){.fill = fill, .mix = mix};
}
