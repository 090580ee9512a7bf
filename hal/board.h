// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_BOARD_H
#define HAL_BOARD_H

#include <stddef.h>
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

/* The board's second UART, 115,200 baud, 8N1: the serial port of the machine behind the ME, whose
 * power is fw/board/machine.h's. In a port's serial.c, which only images with MACHINE=1 have.
 * Called from the main loop; read and write return how many bytes were moved, and neither waits.
 * What arrives while the port's buffer is full is lost. */
void board_serial_start(void);
size_t board_serial_read(uint8_t *out, size_t cap);
size_t board_serial_write(const uint8_t *bytes, size_t len);

#endif
