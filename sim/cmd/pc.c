// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "sim/cmd/cmd.h"
#include "sim/live/board_pc.h"
#include "tools/line.h"

#define NAME "pc"

static const char help[] =
    "usage: proviso pc --serial PATH --console PATH [--off]\n"
    "\n"
    "The virtual PC behind a board whose image has MACHINE=1, until SIGINT or SIGTERM: its serial\n"
    "port is the board's second UART, its power what the board says on its console. Prints what\n"
    "the board wants and what the machine does, one line each.\n"
    "  --serial PATH       a serial device, or the socket of QEMU's second -serial\n"
    "  --console PATH      likewise, of the board's console\n"
    "  --off               begins switched off; else its operating system has been running\n"
    "\n"
    "exit status: 0 ended by a signal, 1 the board has hung up, 2 bad usage or bad input\n";

enum pc_option { OPT_SERIAL, OPT_CONSOLE, OPT_OFF };

static const struct cmd_option options[] = {
    [OPT_SERIAL] = {"--serial", "PATH", false},
    [OPT_CONSOLE] = {"--console", "PATH", false},
    [OPT_OFF] = {"--off", NULL, false},
    {NULL, NULL, false},
};

struct pc_arguments {
    const char *serial, *console;
    bool off;
};

static int parse_option(void *ctx, int option, const char *value)
{
    struct pc_arguments *o = ctx;

    if (option == OPT_SERIAL)
        o->serial = value;
    else if (option == OPT_CONSOLE)
        o->console = value;
    else
        o->off = true;
    return CMD_OK;
}

static volatile sig_atomic_t ended;

static void end(int signal)
{
    (void)signal;
    ended = 1;
}

static void tell(const char *text)
{
    puts(text);
    fflush(stdout);
}

/* -1: an error was printed. */
static int open_line(const char *path)
{
    const char *why;
    int fd = line_open(path, &why);

    if (fd < 0) {
        cmd_error(NAME, "cannot open %s: %s", path, why);
        return -1;
    }
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    return fd;
}

/* A signal that comes just before it waits is seen a second later. */
static int run(const struct pc_arguments *o, int serial, int console)
{
    static struct board_pc pc;

    sigaction(SIGINT, &(struct sigaction){.sa_handler = end}, NULL);
    sigaction(SIGTERM, &(struct sigaction){.sa_handler = end}, NULL);
    signal(SIGPIPE, SIG_IGN);
    board_pc_open(&pc, serial, console, !o->off, tell);
    while (!ended && board_pc_run(&pc, 1000))
        continue;
    if (ended)
        return cmd_finish(NAME);
    cmd_error(NAME, "the board has hung up");
    return CMD_FAILED;
}

int cmd_pc(int argc, char **argv)
{
    struct cmd_args args = {.command = NAME, .options = {.argc = argc, .argv = argv}};
    struct pc_arguments o = {0};
    int status = cmd_options(&args, options, help, parse_option, &o), serial, console;

    if (status != CMD_GO_ON)
        return status;
    if (!o.serial)
        return cmd_error(NAME, "--serial PATH is required");
    if (!o.console)
        return cmd_error(NAME, "--console PATH is required");
    serial = open_line(o.serial);
    if (serial < 0)
        return CMD_USAGE;
    console = open_line(o.console);
    status = console < 0 ? CMD_USAGE : run(&o, serial, console);
    close(serial);
    if (console >= 0)
        close(console);
    return status;
}
