// SPDX-License-Identifier: BSD-3-Clause
#define _POSIX_C_SOURCE 200809L

#include "sim/live/board_pc.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const commands[] = {[MACHINE_POWER_UP] = "power-up",
                                       [MACHINE_POWER_DOWN] = "power-down",
                                       [MACHINE_POWER_CYCLE] = "power-cycle",
                                       [MACHINE_RESET] = "reset"};

#define COMMANDS (sizeof commands / sizeof commands[0])

/* The board has been told that it will be done, so that what the machine cannot do now is tried
 * again for as long as one command takes. */
#define PATIENCE_US (2u * PC_COMMAND_US + PC_OFF_US)
#define AGAIN_MS 50

static uint64_t now_us(void *ctx)
{
    struct timespec now;

    (void)ctx;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

/* A console that takes nothing now has a board that is busy or gone: the next state is another
 * chance. */
static void say_state(struct board_pc *b)
{
    char text[8];
    int len = snprintf(text, sizeof text, "\r*%d\r", (int)pc_state(&b->pc));

    if (write(b->console, text, (size_t)len) != len)
        b->tell("the console does not take the machine's state");
}

static void on_change(void *ctx, enum pc_change change)
{
    struct board_pc *b = ctx;
    char text[32];

    if (change != PC_CHANGE_POWER)
        return;
    snprintf(text, sizeof text, "state S%d", (int)pc_state(&b->pc));
    b->tell(text);
    say_state(b);
}

void board_pc_open(struct board_pc *b, int serial, int console, bool running,
                   void (*tell)(const char *text))
{
    memset(b, 0, sizeof *b);
    b->serial = serial;
    b->console = console;
    b->tell = tell;
    pc_init(&b->pc, &(struct pc_owner){b, now_us, NULL, on_change}, 1u << BOOT_DISK);
    pc_ac(&b->pc, true, running ? PC_START_RUNNING : PC_START_NOT);
    say_state(b);
}

/* Skips " WORD" and reads the number behind it. False: it does not stand there. */
static bool read_number(const char **at, const char *word, unsigned long max, unsigned long *out)
{
    size_t len = strlen(word);
    char *end;

    if (strncmp(*at, word, len) != 0 || !isdigit((unsigned char)(*at)[len]))
        return false;
    *out = strtoul(*at + len, &end, 0);
    *at = end;
    return *out <= max;
}

/* "reset source 0 options 0x0001 verbosity 0 media 0" */
static bool read_order(const char *text, enum machine_command *command, struct boot_settings *boot)
{
    unsigned long source, options, verbosity, media;
    const char *at = strchr(text, ' ');
    size_t i = 0, len;

    if (!at)
        return false;
    len = (size_t)(at - text);
    while (i < COMMANDS && (strlen(commands[i]) != len || memcmp(commands[i], text, len) != 0))
        i++;
    if (i == COMMANDS || !read_number(&at, " source ", BOOT_CD, &source) ||
        !read_number(&at, " options ", UINT16_MAX, &options) ||
        !read_number(&at, " verbosity ", 3, &verbosity) ||
        !read_number(&at, " media ", UINT16_MAX, &media) || *at)
        return false;
    *command = (enum machine_command)i;
    *boot = (struct boot_settings){.source = (uint8_t)source,
                                   .verbosity = (uint8_t)verbosity,
                                   .options = (uint16_t)options,
                                   .media = (uint16_t)media};
    return true;
}

static void obey(struct board_pc *b)
{
    if (!read_order(b->line + 1, &b->command, &b->boot))
        return;
    b->tell(b->line + 1);
    b->ordered = true;
    b->ordered_us = now_us(NULL);
}

static void carry_out(struct board_pc *b)
{
    if (!b->ordered)
        return;
    if (b->pc.machine.control(&b->pc, b->command, &b->boot)) {
        b->ordered = false;
    } else if (now_us(NULL) - b->ordered_us > PATIENCE_US) {
        b->ordered = false;
        b->tell("the machine does not do it");
    }
}

/* A board that has started anew has to be told the machine's state. */
static void heed_line(struct board_pc *b)
{
    b->line[b->line_len] = '\0';
    b->line_len = 0;
    if (b->line[0] == '*')
        obey(b);
    else if (strncmp(b->line, "proviso on ", 11) == 0)
        say_state(b);
}

/* False: hung up. */
static bool read_console(struct board_pc *b)
{
    char bytes[256];
    ssize_t n = read(b->console, bytes, sizeof bytes);

    if (n <= 0)
        return n < 0 && (errno == EAGAIN || errno == EINTR);
    for (ssize_t i = 0; i < n; i++) {
        if (bytes[i] == '\n')
            heed_line(b);
        else if (bytes[i] != '\r' && b->line_len + 1 < sizeof b->line)
            b->line[b->line_len++] = bytes[i];
    }
    return true;
}

static bool read_serial(struct board_pc *b)
{
    uint8_t bytes[64];
    ssize_t n = read(b->serial, bytes, sizeof bytes);

    if (n <= 0)
        return n < 0 && (errno == EAGAIN || errno == EINTR);
    b->pc.machine.serial_write(&b->pc, bytes, (size_t)n);
    return true;
}

/* The PC's words, as many as the line takes. */
static void write_serial(struct board_pc *b)
{
    for (;;) {
        ssize_t n;

        if (b->said_at == b->said_len) {
            b->said_at = 0;
            b->said_len = b->pc.machine.serial_read(&b->pc, b->said, sizeof b->said);
        }
        if (b->said_at == b->said_len)
            return;
        n = write(b->serial, b->said + b->said_at, b->said_len - b->said_at);
        if (n <= 0)
            return;
        b->said_at += (size_t)n;
    }
}

static int until_due_ms(const struct board_pc *b, int timeout_ms)
{
    uint64_t next = pc_next_us(&b->pc), now = now_us(NULL), left_ms;

    if (next == UINT64_MAX)
        return timeout_ms;
    left_ms = next <= now ? 0 : (next - now + 999u) / 1000u;
    return timeout_ms >= 0 && left_ms > (uint64_t)timeout_ms ? timeout_ms : (int)left_ms;
}

bool board_pc_run(struct board_pc *b, int timeout_ms)
{
    struct pollfd p[] = {{.fd = b->console, .events = POLLIN}, {.fd = b->serial, .events = POLLIN}};

    pc_run(&b->pc);
    carry_out(b);
    write_serial(b);
    if (b->ordered && (timeout_ms < 0 || timeout_ms > AGAIN_MS))
        timeout_ms = AGAIN_MS;
    if (b->said_at < b->said_len)
        p[1].events |= POLLOUT;
    if (poll(p, 2, until_due_ms(b, timeout_ms)) < 0)
        return errno == EINTR;
    return (!p[0].revents || read_console(b)) &&
           (!(p[1].revents & (POLLIN | POLLHUP | POLLERR)) || read_serial(b));
}
