// SPDX-License-Identifier: BSD-3-Clause
#include "hal/cortex-m/cortex-m.h"

static enum hal_host no_host(void *ctx)
{
    (void)ctx;
    return HAL_HOST_ABSENT;
}

/* The store's memory lives and dies with the power: what was lost with it was lost as a whole. */
static bool battery_never_lost(void *ctx)
{
    (void)ctx;
    return false;
}

static void nothing(void *ctx)
{
    (void)ctx;
}

void cm_write(void *ctx, const char *text, size_t len)
{
    (void)ctx;
    while (len-- > 0)
        board_putc_raw(*text++);
}

void cm_board_common(struct hal_board *board)
{
    cm_seed_start(board->mac);
    board->hal.clock = cm_clock();
    board->hal.entropy = cm_seed_hal();
    board->hal.flash = cm_ramflash();
    board->hal.power = (struct hal_power){NULL, no_host, battery_never_lost, nothing};
}
