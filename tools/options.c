// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE // getopt_long, getopt_long_only
#include "tools/options.h"

#include <getopt.h>
#include <string.h>

#define VALUE 256 /* of the first option: no character's */

static bool has_one_dash(const char *name)
{
    return name[1] != '-';
}

/* Returns whether there are names with one dash. */
static bool fill(struct option table[OPTIONS_MAX + 1], const struct options_known *known)
{
    bool one_dash = false;
    int i;

    for (i = 0; i < OPTIONS_MAX && known[i].name; i++) {
        one_dash |= has_one_dash(known[i].name);
        table[i] = (struct option){known[i].name + strspn(known[i].name, "-"),
                                   known[i].takes_value ? required_argument : no_argument, NULL,
                                   VALUE + i};
    }
    table[i] = (struct option){NULL, 0, NULL, 0};
    return one_dash;
}

/* getopt_long() takes what an option begins with for the option, and getopt_long_only() one dash
 * for two. */
static bool is_whole(const char *text, const char *name)
{
    size_t len = strlen(name);

    return strncmp(text, name, len) == 0 &&
           (text[len] == '\0' || (text[len] == '=' && !has_one_dash(name)));
}

static void look_at(struct options *o, int at)
{
    o->at = at;
    o->text = at < o->argc ? o->argv[at] : NULL;
}

static int operand(struct options *o)
{
    look_at(o, optind);
    if (optind >= o->argc)
        return OPTIONS_END;
    o->value = o->argv[optind++];
    return OPTIONS_OPERAND;
}

int options_next(struct options *o, const struct options_known *known)
{
    struct option table[OPTIONS_MAX + 1];
    bool one_dash;
    int got;

    o->value = NULL;
    if (o->only_operands)
        return operand(o);
    one_dash = fill(table, known);
    look_at(o, o->begun ? optind : 1);
    if (!o->begun)
        optind = 0; /* glibc's: forget what was read before */
    o->begun = true;
    opterr = 0;
    got = (one_dash ? getopt_long_only : getopt_long)(o->argc, o->argv, "-:", table, NULL);
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
