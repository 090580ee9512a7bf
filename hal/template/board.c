// SPDX-License-Identifier: BSD-3-Clause
/* A port to begin with: every service is there, compiles, and gives nothing. Copy the folder, then
 * fill in one service after the other in this order: console, clock, flash, ether, entropy. What a
 * function has to do, who calls it and what failing means is said in its header hal/<service>.h;
 * hal/PORTING.md is the way through. */

#include <string.h>

#include "hal/board.h"

static uint64_t time_ms;

/* From a counter that never stops; its interrupt extends it to 64 bits. */
static uint64_t now_ms(void *ctx)
{
    (void)ctx;
    return time_ms;
}

/* Sleeps (WFI) until the time has come or an interrupt handler has left something for the main
 * loop; feeds the watchdog. Here time passes by itself, which is good for a first look only. */
static void sleep_until(void *ctx, uint64_t wake_ms)
{
    (void)ctx;
    time_ms = wake_ms == UINT64_MAX ? time_ms + 1 : wake_ms;
}

/* A random number generator, or a pool like hal/cortex-m/seed.c, which needs entropy_mix(), too.
 * Without any the device reports its RNG seed as missing and stays off the network. */
static int entropy_fill(void *ctx, void *out, size_t len)
{
    (void)ctx;
    (void)out;
    (void)len;
    return -1;
}

/* For a pool: the number of this start, which goes in before anything comes out. A generator leaves
 * hal_entropy.mix NULL. */
static void entropy_mix(void *ctx, const void *data, size_t len)
{
    (void)ctx;
    (void)data;
    (void)len;
}

/* The MAC's interrupt handler queues; this takes the oldest frame out. */
static size_t ether_receive(void *ctx, uint8_t *out, size_t cap)
{
    (void)ctx;
    (void)out;
    (void)cap;
    return 0;
}

static int ether_send(void *ctx, const uint8_t *frame, size_t len)
{
    (void)ctx;
    (void)frame;
    (void)len;
    return -1;
}

static bool ether_link_up(void *ctx)
{
    (void)ctx;
    return false;
}

/* At least two sectors of flash that nothing else uses, 4 KB each; sector_bytes, sector_count and
 * program_unit below are the chip's. */
static int flash_read(void *ctx, uint32_t offset, void *out, size_t len)
{
    (void)ctx;
    (void)offset;
    (void)out;
    (void)len;
    return -1;
}

static int flash_program(void *ctx, uint32_t offset, const void *data, size_t len)
{
    (void)ctx;
    (void)offset;
    (void)data;
    (void)len;
    return -1;
}

static int flash_erase(void *ctx, uint32_t sector)
{
    (void)ctx;
    (void)sector;
    return -1;
}

static enum hal_host power_host(void *ctx)
{
    (void)ctx;
    return HAL_HOST_ABSENT;
}

static bool power_cmos_lost(void *ctx)
{
    (void)ctx;
    return false;
}

static void power_cmos_acknowledge(void *ctx)
{
    (void)ctx;
}

static size_t console_read(void *ctx, char *out, size_t cap)
{
    (void)ctx;
    (void)out;
    (void)cap;
    return 0;
}

static void console_write(void *ctx, const char *text, size_t len)
{
    (void)ctx;
    (void)text;
    (void)len;
}

void board_open(struct hal_board *board)
{
    static const uint8_t mac[6] = {0x02, 0xA3, 0x7E, 0x00, 0x00, 0x04}; /* the chip knows its own */

    memset(board, 0, sizeof(*board));
    memcpy(board->mac, mac, sizeof(board->mac));
    board->restart = "power";
    board->hal.clock = (struct hal_clock){NULL, now_ms, sleep_until};
    board->hal.entropy = (struct hal_entropy){NULL, entropy_fill, entropy_mix};
    board->hal.ether = (struct hal_ether){NULL, ether_receive, ether_send, ether_link_up, NULL};
    board->hal.flash = (struct hal_flash){.sector_bytes = 4096,
                                          .sector_count = 4,
                                          .program_unit = 4,
                                          .read = flash_read,
                                          .program = flash_program,
                                          .erase = flash_erase};
    board->hal.power =
        (struct hal_power){NULL, power_host, power_cmos_lost, power_cmos_acknowledge};
    board->console = (struct hal_console){NULL, console_read, console_write};
}
