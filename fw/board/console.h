#ifndef HOST_CONSOLE_H
#define HOST_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/text.h"
#include "hal/console.h"
#include "hal/hal.h"

/* A board's text console. The device's trace goes out, one line a record. A line that comes in is
 *   >HEX    one message for the host interface (AMTHI): the answer is a line <HEX, an empty
 *           response a line < alone
 *   ?       a help text
 * and Ctrl-P, as at a PC's start, opens the MEBx menu. A line ends with CR, LF or both. Anything
 * else is answered by a line that begins with "! " and changes nothing. Lines that begin with
 * neither <, nor ! are for people. */

enum console_event {
    CONSOLE_IDLE, /* no more input */
    CONSOLE_MENU, /* Ctrl-P: the following input is the menu's, byte by byte */
};

struct console {
    struct text_out out; /* text for a person; LF becomes CR LF */
    bool menu_open;      /* the trace waits: its lines would tear the menu's */
    bool after_cr;
    uint16_t missed;  /* records that came while the menu was open */
    uint16_t waiting; /* bytes of a message that has not been taken yet, 0 = none */
    struct console_line {
        char first;     /* '\0' = none yet */
        uint8_t nibble; /* upper half of a byte, | 0x80: waiting for the lower */
        bool overlong, bad;
        uint16_t len; /* of the message so far */
    } line;
    uint8_t message[LIMIT_AMTHI_REQUEST];
};

/* Puts the device's trace on this console, and its host interface if hal has none yet. */
void console_open(struct console *console, struct hal_console *terminal, struct hal *hal);
/* Takes in what waits, up to a whole message or Ctrl-P. */
enum console_event console_poll(struct console *console);
/* While the menu is open its input is read with this: -1 = none waits. */
int console_key(struct console *console);
void console_set_menu(struct console *console, bool open);

#endif
