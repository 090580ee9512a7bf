// SPDX-License-Identifier: BSD-3-Clause
#ifndef HOST_CONSOLE_H
#define HOST_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/text.h"
#include "hal/console.h"
#include "hal/hal.h"

/* A board's text console. Output: the device's trace, one line for each record. Input, line by
 * line: >HEX    one message for the host interface (AMTHI); the answer is a line <HEX, or < alone
 * for an empty response ?       a help text Ctrl-P, as at the start of a PC, opens the MEBx menu. A
 * line ends with CR, LF or both. Anything else is answered with a line that begins with "! ", and
 * changes nothing. Lines that begin with neither < nor ! are for people. */

enum console_event {
    CONSOLE_IDLE, /* no more input */
    CONSOLE_MENU, /* Ctrl-P: the input that follows is for the menu, byte by byte */
};

struct console {
    struct text_out out; /* text for a person; LF becomes CR LF */
    bool menu_open;      /* the trace is not shown: it would disturb the menu */
    bool after_cr;
    uint16_t missed;  /* trace records that were not shown while the menu was open */
    uint16_t waiting; /* length of a message that the device has not received yet; 0 = none */
    struct console_line {
        char first;     /* '\0' = none yet */
        uint8_t nibble; /* upper half of a byte | 0x80, while the lower half is missing; 0 = none */
        bool overlong, bad;
        uint16_t len; /* bytes of the message so far */
    } line;
    uint8_t message[LIMIT_AMTHI_REQUEST];
#if FW_MACHINE
    uint8_t machine_state; /* enum machine_state, as the last *0 to *5 says; off until then */
#endif
};

/* Sets hal's trace to this console, and its host interface if hal has none yet. */
void console_open(struct console *console, struct hal_console *terminal, struct hal *hal);
/* Reads waiting input, up to a complete message or Ctrl-P. */
enum console_event console_poll(struct console *console);
/* Reads a byte of input for the menu; -1 = none waits. */
int console_key(struct console *console);
void console_set_menu(struct console *console, bool open);

#endif
