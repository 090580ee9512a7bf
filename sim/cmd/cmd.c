#include "sim/cmd/cmd.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "fw/core/release.h"

#define MESSAGE_MAX 1024

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

static int find_option(const struct cmd_option *options, const char *text, size_t length)
{
    for (int i = 0; options[i].name != NULL; i++)
        if (strlen(options[i].name) == length && memcmp(options[i].name, text, length) == 0)
            return i;
    return CMD_ARG_BAD;
}

/* Takes the value of `option`, from behind the '=' or from the next argument. */
static bool take_value(struct cmd_args *args, const struct cmd_option *option, const char *equals)
{
    if (option->value == NULL && equals == NULL)
        return true;
    if (option->value == NULL) {
        cmd_error(args->command, "%s takes no value", option->name);
        return false;
    }
    if (equals != NULL) {
        args->value = equals + 1;
        return true;
    }
    if (args->next >= args->argc) {
        cmd_error(args->command, "%s expects %s", option->name, option->value);
        return false;
    }
    args->value = args->argv[args->next++];
    return true;
}

int cmd_next(struct cmd_args *args, const struct cmd_option *options)
{
    args->value = NULL;
    if (!args->only_operands && args->next < args->argc &&
        strcmp(args->argv[args->next], "--") == 0) {
        args->only_operands = true;
        args->next++;
    }
    if (args->next >= args->argc)
        return CMD_ARG_END;
    const char *text = args->argv[args->next++];
    if (args->only_operands || text[0] != '-' || text[1] == '\0') {
        args->value = text;
        return CMD_ARG_OPERAND;
    }
    if (strcmp(text, "--help") == 0)
        return CMD_ARG_HELP;
    const char *equals = strchr(text, '=');
    int found = find_option(options, text, equals ? (size_t)(equals - text) : strlen(text));
    if (found < 0) {
        cmd_error(args->command, "unknown option %s; `proviso %s --help` lists them", text,
                  args->command);
        return CMD_ARG_BAD;
    }
    if (!take_value(args, &options[found], equals))
        return CMD_ARG_BAD;
    if ((args->seen >> found & 1u) != 0 && !options[found].repeatable) {
        cmd_error(args->command, "%s is given twice", options[found].name);
        return CMD_ARG_BAD;
    }
    args->seen |= UINT32_C(1) << found;
    return found;
}

int cmd_options(struct cmd_args *args, const struct cmd_option *options, const char *help,
                const char *part, int (*take)(void *ctx, int option, const char *value), void *ctx)
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
            return cmd_error(args->command, "%stakes options only, not \"%s\"", part, args->value);
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
        cmd_error(command, "%s: expected a number from %" PRIu64 " to %" PRIu64 ", not \"%s\"",
                  option, min, max, text);
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
