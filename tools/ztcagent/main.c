#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/ztcagent/agent.h"
#include "tools/ztcagent/link.h"

#define DEFAULT_SOCKET "proviso-host.sock"
#define SOCKET_VARIABLE "PROVISO_HOST_SOCKET"

struct arguments {
    const char *socket_path; /* NULL: the default */
    const char *serial_path;
    struct agent_options options;
    bool help;
};

static const char help_text[] =
    "usage: ztcagent [--socket PATH | --serial PATH] [-discovery] [-activate] [-otp VALUE] [-dns "
    "SUFFIX]\n"
    "\n"
    "  -discovery     show code versions, certificate hashes and the set-up state\n"
    "  -activate      start set-up and configuration (remote configuration or one-touch)\n"
    "  -otp VALUE     with -activate: one-time password for the set-up server, 8 to 32 characters\n"
    "  -dns SUFFIX    with -activate: PKI DNS suffix\n"
    "  --socket PATH  the device's host interface\n"
    "                 (default: $" SOCKET_VARIABLE ", else ./" DEFAULT_SOCKET ")\n"
    "  --serial PATH  a board's console: a serial line, or a stream socket that leads to one\n"
    "  --help         show this text\n"
    "\n"
    "exit status: 0 done, 1 the device refused, 2 bad usage, 3 no device\n";

static int usage_error(const char *what)
{
    fprintf(stderr, "ztcagent: %s; see ztcagent --help\n", what);
    return AGENT_USAGE;
}

/* Values are never echoed: a mistyped -otp would show its secret. */
static int parse(int argc, char **argv, struct arguments *arguments)
{
    char what[96];

    for (int i = 1; i < argc; i++) {
        const char **value = NULL;

        if (strcmp(argv[i], "--help") == 0)
            arguments->help = true;
        else if (strcmp(argv[i], "-discovery") == 0)
            arguments->options.discovery = true;
        else if (strcmp(argv[i], "-activate") == 0)
            arguments->options.activate = true;
        else if (strcmp(argv[i], "-otp") == 0)
            value = &arguments->options.otp;
        else if (strcmp(argv[i], "-dns") == 0)
            value = &arguments->options.dns;
        else if (strcmp(argv[i], "--socket") == 0)
            value = &arguments->socket_path;
        else if (strcmp(argv[i], "--serial") == 0)
            value = &arguments->serial_path;
        else {
            snprintf(what, sizeof(what), "argument %d is not an option", i);
            return usage_error(what);
        }
        if (!value)
            continue;
        if (i + 1 == argc) {
            snprintf(what, sizeof(what), "%s needs a value", argv[i]);
            return usage_error(what);
        }
        *value = argv[++i];
    }
    if (arguments->socket_path && arguments->serial_path)
        return usage_error("--socket and --serial are two ways to a device, expected one");
    return AGENT_OK;
}

int link_wait(int fd, int timeout_ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int ready;

    do {
        ready = poll(&p, 1, timeout_ms);
    } while (ready < 0 && errno == EINTR);
    return ready;
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

int main(int argc, char **argv)
{
    struct arguments arguments = {0};
    struct agent_result result;
    struct link link = {.fd = -1};
    struct agent_io io = {.ctx = &link, .wait_ms = wait_ms, .print = print};
    int exit_status = parse(argc, argv, &arguments);
    const char *wrong, *path;

    if (exit_status != AGENT_OK)
        return exit_status;
    if (arguments.help) {
        fputs(help_text, stdout);
        return AGENT_OK;
    }
    wrong = agent_usage_error(&arguments.options);
    if (wrong)
        return usage_error(wrong);
    if (arguments.serial_path) {
        path = arguments.serial_path;
        io.exchange = link_exchange_serial;
        wrong = link_open_serial(&link, path);
    } else {
        path = arguments.socket_path ? arguments.socket_path : default_socket();
        io.exchange = link_exchange_socket;
        wrong = link_open_socket(&link, path);
    }
    if (wrong) {
        fprintf(stderr, "ztcagent: cannot reach a device at %s: %s\n", path, wrong);
        return AGENT_NO_DEVICE;
    }
    exit_status = agent_run(&io, &arguments.options, &result);
    close(link.fd);
    return exit_status;
}
