// SPDX-License-Identifier: BSD-3-Clause
#include "fw/board/console.h"

#include <string.h>

#include "fw/board/trace_line.h"
#include "fw/core/hex.h"
#include "fw/core/wipe.h"

#define CTRL_P 0x10
#define BACKSPACE 0x08
#define DELETE 0x7F
#define NIBBLE 0x80u

static void put_char(void *ctx, char c)
{
    const struct hal_console *t = ctx;

    if (c == '\n')
        t->write(t->ctx, "\r", 1);
    t->write(t->ctx, &c, 1);
}

static void begin_line(struct console *c)
{
    c->line = (struct console_line){0};
}

static void add_digit(struct console *c, char key)
{
    struct console_line *line = &c->line;
    int digit = hex_digit(key);

    if (digit < 0) {
        line->bad = true;
    } else if (!line->nibble) {
        line->nibble = (uint8_t)(NIBBLE | digit);
    } else if (line->len == sizeof(c->message)) {
        line->overlong = true;
    } else {
        c->message[line->len++] = (uint8_t)(line->nibble << 4 | digit);
        line->nibble = 0;
    }
}

enum line_error { NONE, NO_COMMAND, TOO_LONG, NO_HEX, NO_MESSAGE, NO_STATE };

static enum line_error check_message(const struct console_line *line)
{
    if (line->overlong)
        return TOO_LONG;
    if (line->bad || line->nibble)
        return NO_HEX;
    return line->len > 0 ? NONE : NO_MESSAGE;
}

#if FW_MACHINE

#define HELP                                                                                       \
    "*N      the machine behind the ME is in state SN, from *0 (on) to *5 (off);\n"                \
    "        what it is to do is said as *COMMAND\n"
#define ERRORS                                                                                     \
    "expected >HEX, *N, ? or Ctrl-P\0the message is too long\0"                                    \
    "expected pairs of hexadecimal digits\0expected a message\0expected a state from *0 to *5\0"

static uint8_t state_of(const struct console_line *line)
{
    return line->nibble & (uint8_t)~NIBBLE;
}

/* One digit, which no second one has made a byte of a message. */
static enum line_error check_state(const struct console_line *line)
{
    return line->bad || line->len > 0 || !line->nibble || state_of(line) > MACHINE_S5 ? NO_STATE
                                                                                      : NONE;
}

static enum line_error check_line(const struct console_line *line)
{
    return line->first == '>'   ? check_message(line)
           : line->first == '*' ? check_state(line)
                                : NO_COMMAND;
}

static void accept_line(struct console *c)
{
    if (c->line.first == '*')
        c->machine_state = state_of(&c->line);
    else
        c->waiting = c->line.len;
}

#else

#define HELP ""
#define ERRORS                                                                                     \
    "expected >HEX, ? or Ctrl-P\0the message is too long\0expected pairs of hexadecimal digits\0"  \
    "expected a message\0"

static enum line_error check_line(const struct console_line *line)
{
    return line->first == '>' ? check_message(line) : NO_COMMAND;
}

static void accept_line(struct console *c)
{
    c->waiting = c->line.len;
}

#endif

static void end_line(struct console *c)
{
    static const char errors[] = ERRORS;
    enum line_error error = check_line(&c->line);

    text_put(&c->out, '\n');
    if (c->line.first == '?')
        text_print(&c->out, ">HEX    a message to the host interface (AMTHI); the answer is <HEX\n"
                            "Ctrl-P  the MEBx menu\n" HELP);
    else if (!error)
        accept_line(c);
    else if (c->line.first)
        text_print(&c->out, "! %l\n", error - 1u, errors);
    begin_line(c);
}

static void take_key(struct console *c, char key)
{
    if (!c->line.first)
        c->line.first = key;
    else if (c->line.first == '>' || (FW_MACHINE && c->line.first == '*'))
        add_digit(c, key);
    text_put(&c->out, key);
}

enum console_event console_poll(struct console *c)
{
    int key;

    while (!c->waiting && (key = console_key(c)) >= 0) {
        bool after_cr = c->after_cr;

        c->after_cr = key == '\r';
        if (key == CTRL_P) {
            begin_line(c);
            return CONSOLE_MENU;
        }
        if (key == '\r' || (key == '\n' && !after_cr)) {
            end_line(c);
        } else if (key == BACKSPACE || key == DELETE) {
            text_put(&c->out, '\n');
            begin_line(c);
        } else if (key >= ' ' && key < DELETE) {
            take_key(c, (char)key);
        }
    }
    return CONSOLE_IDLE;
}

int console_key(struct console *c)
{
    const struct hal_console *t = c->out.ctx;
    char key;

    return t->read(t->ctx, &key, 1) == 1 ? (uint8_t)key : -1;
}

void console_set_menu(struct console *c, bool open)
{
    c->menu_open = open;
    if (open || c->missed == 0)
        return;
    text_print(&c->out, "%u trace records were not shown.\n", (uint32_t)c->missed);
    c->missed = 0;
}

static void record_trace(void *ctx, uint64_t now_ms, int event, uint32_t value, const char *text,
                         const char *source)
{
    struct console *c = ctx;

    if (c->menu_open)
        c->missed++;
    else
        trace_line(&c->out, now_ms, event, value, text, source);
}

static size_t receive_message(void *ctx, uint8_t *out, size_t cap)
{
    struct console *c = ctx;
    size_t len = c->waiting;

    if (len == 0)
        return 0;
    memcpy(out, c->message, len < cap ? len : cap);
    wipe(c->message, sizeof(c->message)); /* it may hold a one-time password */
    c->waiting = 0;
    return len;
}

static int send_message(void *ctx, const uint8_t *message, size_t len)
{
    const struct console *c = ctx;

    text_put(&c->out, '<');
    text_print_hex(&c->out, message, len, len, '\0');
    text_put(&c->out, '\n');
    return 0;
}

void console_open(struct console *c, struct hal_console *terminal, struct hal *hal)
{
    memset(c, 0, sizeof(*c));
    c->out = (struct text_out){put_char, terminal};
#if FW_MACHINE
    c->machine_state = MACHINE_S5;
#endif
    hal->trace = (struct hal_trace){c, record_trace};
    if (!hal->hostbus.receive)
        hal->hostbus = (struct hal_hostbus){c, receive_message, send_message};
}
