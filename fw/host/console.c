#include "fw/host/console.h"

#include <string.h>

#include "fw/core/text.h"
#include "fw/host/trace_line.h"

#define CTRL_P 0x10
#define BACKSPACE 0x08
#define DELETE 0x7F
#define NIBBLE 0x80u

static const char help[] = ">HEX    a message to the host interface (AMTHI); the answer is <HEX\n"
                           "Ctrl-P  the MEBx menu\n";

static void begin_line(struct console *c)
{
    c->first = '\0';
    c->nibble = 0;
    c->overlong = false;
    c->bad = false;
    if (!c->waiting)
        c->len = 0;
}

void console_open(struct console *c, const struct hal_terminal *terminal)
{
    memset(c, 0, sizeof(*c));
    c->terminal = terminal;
}

static void write_text(void *ctx, const char *text, size_t len)
{
    const struct hal_terminal *t = ((const struct console *)ctx)->terminal;

    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n')
            t->write(t->ctx, "\r", 1);
        t->write(t->ctx, text + i, 1);
    }
}

void console_print(struct console *c, const char *text)
{
    write_text(c, text, strlen(text));
}

/* A message that the device has not taken yet is not overwritten. */
static void add_digit(struct console *c, char key)
{
    int digit = text_digit(key);

    if (digit < 0 || c->waiting) {
        c->bad = true;
    } else if (!(c->nibble & NIBBLE)) {
        c->nibble = (uint8_t)(NIBBLE | digit);
    } else if (c->len == sizeof(c->message)) {
        c->overlong = true;
    } else {
        c->message[c->len++] = (uint8_t)(c->nibble << 4 | digit);
        c->nibble = 0;
    }
}

static const char *complaint(const struct console *c)
{
    if (c->first != '>')
        return "! expected >HEX, ? or Ctrl-P\n";
    if (c->waiting)
        return "! the message before has not been answered\n";
    if (c->overlong)
        return "! the message is too long\n";
    if (c->bad || c->nibble)
        return "! expected pairs of hexadecimal digits\n";
    return c->len > 0 ? NULL : "! expected a message\n";
}

static void end_line(struct console *c)
{
    const char *wrong = complaint(c);

    console_print(c, "\n");
    if (c->first == '?')
        console_print(c, help);
    else if (!wrong)
        c->waiting = true;
    else if (c->first)
        console_print(c, wrong);
    begin_line(c);
}

static void take_key(struct console *c, char key)
{
    if (!c->first)
        c->first = key;
    else if (c->first == '>')
        add_digit(c, key);
    c->terminal->write(c->terminal->ctx, &key, 1);
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
        if (key == '\r' || (key == '\n' && !after_cr))
            end_line(c);
        else if (key == BACKSPACE || key == DELETE) {
            console_print(c, "\n");
            begin_line(c);
        } else if (key >= ' ' && key < DELETE) {
            take_key(c, (char)key);
        }
    }
    return CONSOLE_IDLE;
}

int console_key(struct console *c)
{
    char key;

    return c->terminal->read(c->terminal->ctx, &key, 1) == 1 ? (uint8_t)key : -1;
}

void console_menu(struct console *c, bool open)
{
    char missed[TEXT_DECIMAL];

    c->menu_open = open;
    if (open || c->missed == 0)
        return;
    console_print(c, text_decimal(missed, c->missed, 1));
    console_print(c, " trace records were not shown.\n");
    c->missed = 0;
}

static void trace(void *ctx, uint64_t now_ms, int event, uint32_t value, const char *text,
                  const char *source)
{
    struct console *c = ctx;
    struct trace_out out = {c, write_text};

    if (c->menu_open)
        c->missed++;
    else
        trace_line(&out, now_ms, event, value, text, source);
}

static size_t receive(void *ctx, uint8_t *out, size_t cap)
{
    struct console *c = ctx;
    size_t len = c->len;

    if (!c->waiting)
        return 0;
    memcpy(out, c->message, len < cap ? len : cap);
    memset(c->message, 0, sizeof(c->message)); /* it may have held a one-time password */
    c->waiting = false;
    c->len = 0;
    return len;
}

static int send(void *ctx, const uint8_t *message, size_t len)
{
    char digits[3];

    console_print(ctx, "<");
    for (size_t i = 0; i < len; i++) {
        text_hex(digits, message[i], 2);
        console_print(ctx, digits);
    }
    console_print(ctx, "\n");
    return 0;
}

struct hal_console console_trace_hal(struct console *c)
{
    return (struct hal_console){c, trace};
}

struct hal_hostbus console_hostbus(struct console *c)
{
    return (struct hal_hostbus){c, receive, send};
}
