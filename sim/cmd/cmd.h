// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_CMD_H
#define SIM_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tools/options.h"

/* The common shape of a subcommand of `proviso`. argv[0] is the command's own name; the result is
 * the program's exit status. A command answers `--help` itself: its usage on standard output and
 * CMD_OK. Results go to standard output, complaints to standard error, one line each. */

enum cmd_status {
    CMD_OK = 0,     /* all held */
    CMD_FAILED = 1, /* an expectation failed */
    CMD_USAGE = 2,  /* bad usage or bad input */
};

int cmd_run(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_live(int argc, char **argv);
int cmd_control(int argc, char **argv);
int cmd_pc(int argc, char **argv);
int cmd_mebx(int argc, char **argv);
int cmd_hello(int argc, char **argv);
int cmd_releases(int argc, char **argv);
int cmd_statechart(int argc, char **argv);

/* Prints "proviso COMMAND: <message>" as one line on standard error; returns CMD_USAGE. The format
 * ends without a newline. */
int cmd_error(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One long option, as of tools/options.h. A table ends with a NULL name and holds at most
 * CMD_OPTIONS_MAX options. */
struct cmd_option {
    const char *name;  /* "--seed" */
    const char *value; /* what its value is called in messages ("N"), NULL when it takes none */
    bool repeatable;   /* else giving it twice is an error */
};

#define CMD_OPTIONS_MAX 32

struct cmd_args {
    const char *command; /* for messages */
    struct options options;
    const char *value; /* of the option or positional argument just returned */
    uint32_t seen;     /* bit per option already given */
};

enum cmd_arg {
    CMD_ARG_END = -1,     /* no more arguments */
    CMD_ARG_OPERAND = -2, /* args->value is an argument that is no option ("-" is one) */
    CMD_ARG_BAD = -3,     /* the error is already printed: return CMD_USAGE */
    CMD_ARG_HELP = -4,    /* --help */
};

/* Returns the index in the table of the next option, or an enum cmd_arg. */
int cmd_next(struct cmd_args *args, const struct cmd_option *options);

/* For commands without operands: hands every option to take(), which returns CMD_OK or has printed
 * its error. Returns CMD_GO_ON when there are no more, else the exit status (after --help, too). */
#define CMD_GO_ON (-1)
int cmd_options(struct cmd_args *args, const struct cmd_option *options, const char *help,
                int (*take)(void *ctx, int option, const char *value), void *ctx);

/* A decimal number from min to max. Else prints an error that names the option; returns false. */
bool cmd_number(const char *command, const char *option, const char *text, uint64_t min,
                uint64_t max, uint64_t *out);

/* "sha1", "sha256", "sha384"; NULL for an unknown enum cert_hash_algorithm. */
const char *cmd_algorithm_name(uint8_t algorithm);

/* Flushes standard output: CMD_OK, or CMD_USAGE with an error when it could not be written. */
int cmd_finish(const char *command);

#endif
