// SPDX-License-Identifier: BSD-3-Clause
#include "sim/pc/pc_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PRINTED 256u

void pc_black(struct pc *pc)
{
    memset(pc->screen, 0, sizeof(pc->screen));
    pc->row = pc->column = 0;
}

static void next_row(struct pc *pc)
{
    pc->column = 0;
    if (pc->row + 1u < PC_ROWS) {
        pc->row++;
        return;
    }
    memmove(pc->screen[0], pc->screen[1], sizeof(pc->screen) - sizeof(pc->screen[0]));
    memset(pc->screen[PC_ROWS - 1], 0, sizeof(pc->screen[0]));
}

static void show(struct pc *pc, char c)
{
    if (c == '\r') {
        pc->column = 0;
    } else if (c == '\n') {
        next_row(pc);
    } else if (c == '\b') {
        pc->column -= pc->column > 0;
    } else if (c >= ' ') {
        if (pc->column == PC_COLUMNS)
            next_row(pc);
        pc->screen[pc->row][pc->column++] = c;
    }
}

/* Nobody reads: nothing is kept. */
static void forget_unread(struct pc *pc)
{
    if (pc->serial_len > 0 && pc_now(pc) - pc->serial_us > PC_SERIAL_KEPT_US)
        pc->serial_len = 0;
}

static void send(struct pc *pc, const char *bytes, size_t len)
{
    forget_unread(pc);
    if (pc->serial_len == 0)
        pc->serial_us = pc_now(pc);
    for (size_t i = 0; i < len; i++) {
        if (pc->serial_len == PC_SERIAL_BYTES) {
            pc->serial_first = (pc->serial_first + 1) % PC_SERIAL_BYTES;
            pc->serial_len--;
        }
        pc->serial[(pc->serial_first + pc->serial_len++) % PC_SERIAL_BYTES] = (uint8_t)bytes[i];
    }
    pc_changed(pc, PC_CHANGE_WORDS);
}

static bool is_bios(const struct pc *pc)
{
    return pc->phase < PC_LOADING || pc->phase == PC_TESTS;
}

static bool line_is_used(const struct pc *pc)
{
    return !is_bios(pc) || pc->boot.options & BOOT_SOL;
}

/* LMS-cim: 3 blanks the screen. */
static bool screen_is_used(const struct pc *pc)
{
    return !is_bios(pc) || pc->boot.verbosity != 3;
}

void pc_print(struct pc *pc, const char *format, ...)
{
    char text[PRINTED];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    for (const char *c = text; *c && screen_is_used(pc); c++)
        show(pc, *c);
    if (line_is_used(pc))
        send(pc, text, strlen(text));
}

void pc_clear(struct pc *pc)
{
    static const char clear[] = "\x1b[2J\x1b[H";

    pc_black(pc);
    if (line_is_used(pc))
        send(pc, clear, sizeof(clear) - 1);
}

size_t pc_serial_read(void *ctx, uint8_t *bytes, size_t cap)
{
    struct pc *pc = ctx;
    size_t n = 0;

    forget_unread(pc);
    pc->serial_us = pc_now(pc);
    for (; n < cap && pc->serial_len > 0; pc->serial_len--) {
        bytes[n++] = pc->serial[pc->serial_first];
        pc->serial_first = (pc->serial_first + 1) % PC_SERIAL_BYTES;
    }
    return n;
}

const char *pc_screen_line(const struct pc *pc, uint32_t row, char out[PC_COLUMNS + 1])
{
    size_t len = 0;

    memset(out, 0, PC_COLUMNS + 1);
    for (size_t i = 0; row < PC_ROWS && i < PC_COLUMNS; i++) {
        out[i] = pc->screen[row][i] ? pc->screen[row][i] : ' ';
        if (out[i] != ' ')
            len = i + 1;
    }
    out[len] = '\0';
    return out;
}
