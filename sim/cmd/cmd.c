// SPDX-License-Identifier: BSD-3-Clause
#include "sim/cmd/cmd.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "fw/core/release.h"

#define MESSAGE_MAX 1024
#define HELP "--help"

int cmd_error(const char *command, const char *format, ...)
{
    char message[MESSAGE_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    /* what a message quotes from the input must not break its line */
    for (char *p = message; *p != '\0'; p++) {
        if (iscntrl((unsigned char)*p))
            *p = '?';
    }
    fprintf(stderr, "proviso %s: %s\n", command, message);
    return CMD_USAGE;
}

int cmd_next(struct cmd_args *args, const struct cmd_option *options)
{
    struct options_known known[CMD_OPTIONS_MAX + 2] = {{HELP, false}};
    int count = 1, got;

    for (; options[count - 1].name; count++)
        known[count] =
            (struct options_known){options[count - 1].name, options[count - 1].value != NULL};
    got = options_next(&args->options, known);
    args->value = args->options.value;
    switch (got) {
    case OPTIONS_END:
        return CMD_ARG_END;
    case OPTIONS_OPERAND:
        return CMD_ARG_OPERAND;
    case OPTIONS_UNKNOWN:
        cmd_error(args->command, "unknown option %s; see `proviso %s --help`", args->options.text,
                  args->command);
        return CMD_ARG_BAD;
    case OPTIONS_TAKES_NONE:
        cmd_error(args->command, "%s takes no value", known[args->options.option].name);
        return CMD_ARG_BAD;
    case OPTIONS_NEEDS_VALUE:
        cmd_error(args->command, "%s requires a value (%s)", known[args->options.option].name,
                  options[args->options.option - 1].value);
        return CMD_ARG_BAD;
    case 0:
        return CMD_ARG_HELP;
    }
    got--;
    if ((args->seen >> got & 1u) != 0 && !options[got].repeatable) {
        cmd_error(args->command, "%s given more than once", options[got].name);
        return CMD_ARG_BAD;
    }
    args->seen |= UINT32_C(1) << got;
    return got;
}

int cmd_options(struct cmd_args *args, const struct cmd_option *options, const char *help,
                int (*take)(void *ctx, int option, const char *value), void *ctx)
{
    for (int got; (got = cmd_next(args, options)) != CMD_ARG_END;) {
        int status;

        if (got == CMD_ARG_BAD)
            return CMD_USAGE;
        if (got == CMD_ARG_HELP) {
            fputs(help, stdout);
            return cmd_finish(args->command);
        }
        if (got == CMD_ARG_OPERAND)
            return cmd_error(args->command, "unexpected argument \"%s\"", args->value);
        status = take(ctx, got, args->value);
        if (status != CMD_OK)
            return status;
    }
    return CMD_GO_ON;
}

bool cmd_number(const char *command, const char *option, const char *text, uint64_t min,
                uint64_t max, uint64_t *out)
{
    uint64_t value = 0;
    bool good = text[0] != '\0';
    for (const char *p = text; *p != '\0' && good; p++) {
        uint64_t digit = (uint64_t)(*p - '0');
        good = *p >= '0' && *p <= '9' && digit <= max && value <= (max - digit) / 10;
        value = value * 10 + digit;
    }
    if (!good || value < min) {
        cmd_error(command,
                  "invalid value \"%s\" for %s; expected a number from %" PRIu64 " to %" PRIu64,
                  text, option, min, max);
        return false;
    }
    *out = value;
    return true;
}

const char *cmd_algorithm_name(uint8_t algorithm)
{
    switch (algorithm) {
    case CERT_HASH_SHA1:
        return "sha1";
    case CERT_HASH_SHA256:
        return "sha256";
    case CERT_HASH_SHA384:
        return "sha384";
    default:
        return NULL;
    }
}

int cmd_finish(const char *command)
{
    if (fflush(stdout) == EOF || ferror(stdout))
        return cmd_error(command, "cannot write to standard output: %s", strerror(errno));
    return CMD_OK;
}
