// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE // getopt_long
#include "tools/options.h"

#include <getopt.h>
#include <string.h>

#define VALUE 256 /* of the first option: no character's */

static void fill(struct option table[OPTIONS_MAX + 1], const struct options_known *known)
{
    int i;

    for (i = 0; i < OPTIONS_MAX && known[i].name; i++)
        table[i] = (struct option){known[i].name + strlen("--"),
                                   known[i].takes_value ? required_argument : no_argument, NULL,
                                   VALUE + i};
    table[i] = (struct option){NULL, 0, NULL, 0};
}

/* getopt_long() takes what an option begins with for the option. */
static bool is_whole(const char *text, const char *name)
{
    size_t len = strlen(name);

    return strncmp(text, name, len) == 0 && (text[len] == '\0' || text[len] == '=');
}

static int operand(struct options *o)
{
    if (optind >= o->argc)
        return OPTIONS_END;
    o->value = o->argv[optind++];
    return OPTIONS_OPERAND;
}

int options_next(struct options *o, const struct options_known *known)
{
    struct option table[OPTIONS_MAX + 1];
    int got;

    o->value = NULL;
    if (o->only_operands)
        return operand(o);
    fill(table, known);
    if (!o->begun)
        optind = 0; /* glibc's: forget what was read before */
    o->text = o->begun ? o->argv[optind] : o->argc > 1 ? o->argv[1] : NULL;
    o->begun = true;
    opterr = 0;
    got = getopt_long(o->argc, o->argv, "-:", table, NULL);
    if (got == -1) {
        o->only_operands = true;
        return operand(o);
    }
    o->value = optarg;
    if (got == 1) /* the first character of "-:" */
        return OPTIONS_OPERAND;
    o->option = (got == '?' || got == ':' ? optopt : got) - VALUE;
    if (o->option < 0 || o->option >= OPTIONS_MAX || !is_whole(o->text, known[o->option].name))
        return OPTIONS_UNKNOWN;
    return got == ':' ? OPTIONS_NEEDS_VALUE : got == '?' ? OPTIONS_TAKES_NONE : o->option;
}
