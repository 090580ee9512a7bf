// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_CONSOLE_H
#define HAL_CONSOLE_H

#include <stddef.h>

/* A board's text console, usually a UART. Called by fw/board/main.c and fw/board/console.c, from
 * the main loop only. */
struct hal_console {
    void *ctx;
    /* Takes up to cap waiting bytes; returns how many, 0 when none waits. What arrives while the
     * port's buffer is full is lost. */
    size_t (*read)(void *ctx, char *out, size_t cap);
    /* May wait until the bytes are taken by the UART. */
    void (*write)(void *ctx, const char *text, size_t len);
};

#endif
