// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_BOARD_H
#define HAL_BOARD_H

#include <stdint.h>

#include "hal/console.h"
#include "hal/hal.h"

/* What a board port gives fw/board/main.c. The port's start-up calls main(); main() calls
 * board_open() once; ports call nothing of fw/. */
struct hal_board {
    /* Without trace and hostbus, which main.c puts on the console; a board with a host interface
     * of its own sets hostbus. */
    struct hal hal;
    struct hal_console console;
    uint8_t mac[6];
    const char
        *restart; /* why the firmware starts: "power", "fault", "watchdog", "request" or "reset" */
};

/* Brings the board up: clock, UART, MAC and PHY, watchdog; interrupts are on when it returns. The
 * watchdog is fed by hal.clock.sleep_until(): a loop that does not come back to it for about ten
 * seconds is reset. */
void board_open(struct hal_board *board);

/* Resets the chip. */
_Noreturn void board_restart(void);

#endif
