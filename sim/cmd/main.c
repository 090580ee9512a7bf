// SPDX-License-Identifier: BSD-3-Clause
#include <stdio.h>
#include <string.h>

#include "sim/cmd/cmd.h"
#include "tools/secret.h"
#include "tools/version.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
};

static const struct command commands[] = {
    {"run", cmd_run, "play a scenario in the virtual world"},
    {"compare", cmd_compare, "play a scenario on several releases, side by side"},
    {"live", cmd_live, "a device in real time on a TAP interface"},
    {"control", cmd_control, "operate the machine of a running `proviso live`"},
    {"pc", cmd_pc, "the virtual PC behind a board"},
    {"mebx", cmd_mebx, "the MEBx menu of a device that is not running"},
    {"hello", cmd_hello, "decode or encode a hello message"},
    {"releases", cmd_releases, "every release and OEM profile, each value with its source"},
    {"statechart", cmd_statechart, "the set-up state machine as a chart or a list"},
};

#define COMMANDS (sizeof commands / sizeof commands[0])

static void usage(FILE *out)
{
    fputs("usage: proviso COMMAND [ARGUMENT...]\n"
          "       proviso COMMAND --help\n"
          "       proviso --help | --version\n"
          "\n"
          "commands:\n",
          out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-12s%s\n", commands[i].name, commands[i].summary);
    fputs("\n"
          "exit status: 0 all held, 1 an expectation failed, 2 bad usage or bad input\n",
          out);
}

int main(int argc, char **argv)
{
    secret_keep();
    if (argc < 2) {
        usage(stderr);
        return CMD_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0) {
        usage(stdout);
        return cmd_finish("--help");
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("proviso " PROVISO_VERSION);
        return cmd_finish("--version");
    }
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    fprintf(stderr, "proviso: unknown command \"%s\"; `proviso --help` lists them\n", argv[1]);
    return CMD_USAGE;
}
