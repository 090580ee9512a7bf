// SPDX-License-Identifier: BSD-3-Clause
#ifndef BOARD_MACHINE_H
#define BOARD_MACHINE_H

#include "fw/board/console.h"
#include "hal/machine.h"

/* The machine behind the ME as a board has it. Its serial port is the board's second UART. Its
 power
 * goes over the console, to whoever is there (`proviso pc`, a person, a relay board): the console
 * says

 *     *reset source 0 options 0x0001 verbosity 0 media 0

 * with power-up, power-down, power-cycle or reset, an enum boot_source, BOOT_ bits, and what else
 * struct boot_settings has; and is told in which ACPI state the machine is by a line from *0 to *5.
 * Until it has been told, the machine is off. While the menu is open nothing can be asked of it. */
struct board_machine {
    struct hal_machine hal;
    const struct console *console;
    /* As hal/board.h has them. */
    struct board_serial {
        size_t (*read)(uint8_t *out, size_t cap);
        size_t (*write)(const uint8_t *bytes, size_t len);
    } serial;
};

void board_machine_open(struct board_machine *machine, const struct console *console,
                        struct board_serial serial);

#endif
