// SPDX-License-Identifier: BSD-3-Clause
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fw/core/wipe.h"
#include "tools/options.h"
#include "tools/secret.h"
#include "tools/version.h"
#include "tools/ztcagent/agent.h"
#include "tools/ztcagent/link.h"

#define DEFAULT_SOCKET "proviso-host.sock"
#define SOCKET_VARIABLE "PROVISO_HOST_SOCKET"
#define LINE_BYTES 300 /* the agent says what is too long */

struct arguments {
    const char *socket_path; /* NULL: the default */
    const char *serial_path;
    struct agent_options options;
    const char *otp_path; /* NULL: not from a file */
    char otp[LINE_BYTES];
    bool help;
    bool version;
};

static const char help_text[] =
    "usage: ztcagent [--socket PATH | --serial PATH] [-discovery] [-activate]\n"
    "                [-otp-file FILE | -otp VALUE] [-dns SUFFIX]\n"
    "\n"
    "  -discovery     show code versions, certificate hashes and the set-up state\n"
    "  -activate      start set-up and configuration (remote configuration or one-touch)\n"
    "  -otp-file FILE with -activate: one-time password for the set-up server, 8 to 32 "
    "characters,\n"
    "                 as the only line of a file; - reads it from standard input\n"
    "  -otp VALUE     the same, visible to other users in the process list\n"
    "  -dns SUFFIX    with -activate: PKI DNS suffix\n"
    "  --socket PATH  the device's host interface\n"
    "                 (default: $" SOCKET_VARIABLE ", else ./" DEFAULT_SOCKET ")\n"
    "  --serial PATH  a board's console: a serial line, or a stream socket that leads to one\n"
    "  --help         show this text\n"
    "  --version      show the version\n"
    "\n"
    "exit status: 0 done, 1 the device refused, 2 bad usage, 3 no device\n";

static int usage_error(const char *what)
{
    fprintf(stderr, "ztcagent: %s; see ztcagent --help\n", what);
    return AGENT_USAGE;
}

enum {
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_DISCOVERY,
    OPTION_ACTIVATE,
    OPTION_OTP,
    OPTION_OTP_FILE,
    OPTION_DNS,
    OPTION_SOCKET,
    OPTION_SERIAL,
    OPTIONS
};

static const struct options_known known[OPTIONS + 1] = {
    [OPTION_HELP] = {"--help", false},
    [OPTION_VERSION] = {"--version", false},
    [OPTION_DISCOVERY] = {"-discovery", false},
    [OPTION_ACTIVATE] = {"-activate", false},
    [OPTION_OTP] = {"-otp", true},
    [OPTION_OTP_FILE] = {"-otp-file", true},
    [OPTION_DNS] = {"-dns", true},
    [OPTION_SOCKET] = {"--socket", true},
    [OPTION_SERIAL] = {"--serial", true},
};

static void take(struct arguments *arguments, int option, const char *value)
{
    bool *const flag[OPTIONS] = {
        [OPTION_HELP] = &arguments->help,
        [OPTION_VERSION] = &arguments->version,
        [OPTION_DISCOVERY] = &arguments->options.discovery,
        [OPTION_ACTIVATE] = &arguments->options.activate,
    };
    const char **const text[OPTIONS] = {
        [OPTION_OTP] = &arguments->options.otp,    [OPTION_OTP_FILE] = &arguments->otp_path,
        [OPTION_DNS] = &arguments->options.dns,    [OPTION_SOCKET] = &arguments->socket_path,
        [OPTION_SERIAL] = &arguments->serial_path,
    };

    if (flag[option])
        *flag[option] = true;
    else
        *text[option] = value;
}

/* What stands in an argument is never repeated: a mistyped -otp would show its secret. */
static int parse_arguments(int argc, char **argv, struct arguments *arguments)
{
    struct options options = {.argc = argc, .argv = argv};
    char what[96];

    for (int got; (got = options_next(&options, known)) != OPTIONS_END;) {
        switch (got) {
        case OPTIONS_OPERAND:
        case OPTIONS_UNKNOWN:
            snprintf(what, sizeof(what), "unknown option (argument %d)", options.at);
            return usage_error(what);
        case OPTIONS_NEEDS_VALUE:
            snprintf(what, sizeof(what), "%s requires a value", known[options.option].name);
            return usage_error(what);
        case OPTIONS_TAKES_NONE:
            snprintf(what, sizeof(what), "%s takes no value", known[options.option].name);
            return usage_error(what);
        default:
            take(arguments, got, options.value);
        }
    }
    if (arguments->socket_path && arguments->serial_path)
        return usage_error("--socket and --serial cannot be used together");
    if (arguments->otp_path && arguments->options.otp)
        return usage_error("-otp and -otp-file cannot be used together");
    return AGENT_OK;
}

/* The one-time password, from wherever it comes, is nowhere else afterwards. */
static int read_otp(struct arguments *arguments)
{
    const char *on_command_line = arguments->options.otp, *wrong;

    if (on_command_line) {
        if (strlen(on_command_line) < sizeof(arguments->otp)) {
            memcpy(arguments->otp, on_command_line, strlen(on_command_line) + 1);
            arguments->options.otp = arguments->otp;
        }
        fputs("ztcagent: warning: other users can see -otp in the process list; use -otp-file\n",
              stderr);
        secret_forget(on_command_line);
    }
    if (!arguments->otp_path)
        return AGENT_OK;
    wrong = secret_read(arguments->otp_path, arguments->otp, sizeof(arguments->otp));
    if (wrong) {
        fprintf(stderr, "ztcagent: cannot read -otp-file %s: %s\n", arguments->otp_path, wrong);
        return AGENT_USAGE;
    }
    arguments->options.otp = arguments->otp;
    return AGENT_OK;
}

static void wait_ms(void *ctx, uint32_t ms)
{
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

    (void)ctx;
    while (nanosleep(&left, &left) < 0 && errno == EINTR)
        continue;
}

static void print(void *ctx, const char *line)
{
    (void)ctx;
    puts(line);
    fflush(stdout);
}

static const char *default_socket(void)
{
    const char *path = getenv(SOCKET_VARIABLE);

    return path && path[0] ? path : DEFAULT_SOCKET;
}

static int check(const struct arguments *arguments)
{
    const char *wrong = agent_usage_error(&arguments->options);

    if (!wrong && arguments->otp_path && !arguments->options.activate)
        wrong = "-otp-file requires -activate";
    return wrong ? usage_error(wrong) : AGENT_OK;
}

static int run(const struct arguments *arguments)
{
    struct agent_result result;
    struct link link = {.fd = -1};
    struct agent_io io = {.ctx = &link, .wait_ms = wait_ms, .print = print};
    const char *wrong, *path;
    int exit_status;

    if (arguments->serial_path) {
        path = arguments->serial_path;
        io.exchange = link_exchange_serial;
        wrong = link_open_serial(&link, path);
    } else {
        path = arguments->socket_path ? arguments->socket_path : default_socket();
        io.exchange = link_exchange_socket;
        wrong = link_open_socket(&link, path);
    }
    if (wrong) {
        fprintf(stderr, "ztcagent: cannot reach a device at %s: %s\n", path, wrong);
        return AGENT_NO_DEVICE;
    }
    exit_status = agent_run(&io, &arguments->options, &result);
    close(link.fd);
    return exit_status;
}

int main(int argc, char **argv)
{
    struct arguments arguments = {0};
    int exit_status;

    secret_keep();
    exit_status = parse_arguments(argc, argv, &arguments);
    if (exit_status != AGENT_OK)
        return exit_status;
    if (arguments.version && !arguments.help) {
        puts("ztcagent " PROVISO_VERSION);
        return AGENT_OK;
    }
    if (arguments.help) {
        fputs(help_text, stdout);
        return AGENT_OK;
    }
    exit_status = check(&arguments);
    if (exit_status == AGENT_OK)
        exit_status = read_otp(&arguments);
    if (exit_status == AGENT_OK)
        exit_status = check(&arguments); /* what was read, too */
    if (exit_status == AGENT_OK)
        exit_status = run(&arguments);
    wipe(arguments.otp, sizeof(arguments.otp));
    return exit_status;
}
