// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_BOARD_PC_H
#define SIM_BOARD_PC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/pc/pc.h"

/* The virtual PC behind a board: its serial port is a line to the board's second UART, its power is
 * what the board says and is told on its console (fw/board/machine.h). */

#define BOARD_PC_LINE 128u

struct board_pc {
    struct pc pc;
    int serial, console;      /* descriptors, which do not block; -1 = hung up */
    char line[BOARD_PC_LINE]; /* what the console says, without an end yet */
    size_t line_len;
    uint8_t said[256]; /* by the PC on its serial port, not taken yet */
    size_t said_at, said_len;
    bool ordered; /* by the board, and not begun yet: the machine is busy with what came before */
    uint64_t ordered_us;
    enum machine_command command;
    struct boot_settings boot;
    /* Reports what the board wants and what the machine does, a line each without its end. */
    void (*tell)(const char *text);
};

/* The machine has been running for a while, or is off. The descriptors stay the caller's. */
void board_pc_open(struct board_pc *b, int serial, int console, bool running,
                   void (*tell)(const char *text));

/* Waits for at most timeout_ms, -1 = until something is due, and does it. False: a line was hung
 * up, or waiting failed. */
bool board_pc_run(struct board_pc *b, int timeout_ms);

#endif
