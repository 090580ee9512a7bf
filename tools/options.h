// SPDX-License-Identifier: BSD-3-Clause
#ifndef TOOLS_OPTIONS_H
#define TOOLS_OPTIONS_H

#include <stdbool.h>

/* Long options on a command line, by getopt_long(): "--name", "--name VALUE" or "--name=VALUE", in
 * full. A table may also have names with one dash, as Intel's tools have: "-name" or "-name VALUE".
 * All else, "-", and what follows "--" is an operand. Options and operands come in the order in
 * which they stand there. */

#define OPTIONS_MAX 64

/* A table ends with a NULL name and holds at most OPTIONS_MAX options. */
struct options_known {
    const char *name; /* "--seed", "-otp" */
    bool takes_value;
};

enum options_result {
    OPTIONS_END = -1,
    OPTIONS_OPERAND = -2,
    OPTIONS_UNKNOWN = -3,
    OPTIONS_NEEDS_VALUE = -4,
    OPTIONS_TAKES_NONE = -5, /* and has one */
};

struct options {
    int argc;
    char **argv; /* [0] is the command's name */
    bool begun, only_operands;
    int at;            /* index of the argument that was looked at last ... */
    const char *text;  /* ... and the argument */
    const char *value; /* of the option, or the operand */
    int option;        /* with OPTIONS_NEEDS_VALUE and OPTIONS_TAKES_NONE: index in the table */
};

/* Index in the table, or an enum options_result. One command line at a time: the state is
 * getopt_long()'s. */
int options_next(struct options *options, const struct options_known *known);

#endif
