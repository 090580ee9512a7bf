// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "sim/base/identity.h"
#include "sim/cmd/cmd.h"
#include "sim/live/control.h"
#include "sim/live/live.h"
#include "sim/report/text_file.h"
#include "sim/scenario/oem_file.h"

#define NAME "live"

static const char help[] =
    "usage: proviso live --tap NAME [OPTION...]\n"
    "\n"
    "A device in real time on a TAP interface, until SIGINT or SIGTERM. Prints what the device\n"
    "does, one line each, with the seconds since the start. Needs root or CAP_NET_ADMIN.\n"
    "  --tap NAME          the interface; created if missing\n"
    "  --release R         firmware release; `proviso releases` lists them. Default: the newest\n"
    "  --oem NAME          OEM profile, or a file that holds one (.oem). Default: intel\n"
    "  --state FILE        the device's flash; created if missing. Default: in memory\n"
    "  --host-socket PATH  the host interface, for ztcagent --socket PATH\n"
    "  --control PATH      takes the commands of `proviso control`\n"
    "  --seed N            repeatable randomness, for tests\n"
    "  --uuid UUID         default: " IDENTITY_UUID "\n"
    "  --mac MAC           default: " IDENTITY_MAC "\n"
    "\n"
    "exit status: 0 ended by a signal, 1 the interface was removed, 2 bad usage or bad input\n";

enum live_option {
    OPT_TAP,
    OPT_RELEASE,
    OPT_OEM,
    OPT_STATE,
    OPT_HOST_SOCKET,
    OPT_CONTROL,
    OPT_SEED,
    OPT_UUID,
    OPT_MAC,
};

static const struct cmd_option options[] = {
    [OPT_TAP] = {"--tap", "NAME", false},
    [OPT_RELEASE] = {"--release", "R", false},
    [OPT_OEM] = {"--oem", "NAME", false},
    [OPT_STATE] = {"--state", "FILE", false},
    [OPT_HOST_SOCKET] = {"--host-socket", "PATH", false},
    [OPT_CONTROL] = {"--control", "PATH", false},
    [OPT_SEED] = {"--seed", "N", false},
    [OPT_UUID] = {"--uuid", "UUID", false},
    [OPT_MAC] = {"--mac", "MAC", false},
    {NULL, NULL, false},
};

struct live_arguments {
    struct device_config device;
    struct linux_options port;
};

static int parse_release(struct device_config *device, const char *text)
{
    device->release = release_find(text);
    if (!device->release)
        return cmd_error(NAME, "unknown release \"%s\"; `proviso releases` lists them", text);
    return CMD_OK;
}

static int parse_oem(struct device_config *device, const char *text)
{
    static struct oem_file storage; /* outlives the device */
    char error[256];

    device->oem = oem_file_or_profile(text, &storage, error, sizeof error);
    return device->oem ? CMD_OK : cmd_error(NAME, "%s", error);
}

static int parse_seed(struct linux_options *port, const char *text)
{
    port->seeded = true;
    return cmd_number(NAME, "--seed", text, 0, UINT64_MAX, &port->seed) ? CMD_OK : CMD_USAGE;
}

static int parse_option(void *ctx, int option, const char *value)
{
    struct live_arguments *o = ctx;

    switch (option) {
    case OPT_RELEASE:
        return parse_release(&o->device, value);
    case OPT_OEM:
        return parse_oem(&o->device, value);
    case OPT_SEED:
        return parse_seed(&o->port, value);
    case OPT_UUID:
        return identity_parse_uuid(value, o->device.uuid)
                   ? CMD_OK
                   : cmd_error(NAME, "invalid UUID \"%s\"; expected 8-4-4-4-12 hexadecimal digits",
                               value);
    case OPT_MAC:
        return identity_parse_mac(value, o->device.mac)
                   ? CMD_OK
                   : cmd_error(NAME,
                               "invalid MAC address \"%s\"; expected one like " IDENTITY_MAC
                               ", not a group's",
                               value);
    case OPT_STATE:
        o->port.state = value;
        return CMD_OK;
    case OPT_HOST_SOCKET:
        o->port.host_socket = value;
        return CMD_OK;
    case OPT_CONTROL:
        o->port.control = value;
        return CMD_OK;
    default:
        o->port.tap = value;
        return CMD_OK;
    }
}

/* Values of options that are not given. */
static void set_defaults(struct live_arguments *o)
{
    uint32_t count;
    const struct release *const *release = release_table(&count);

    memset(o, 0, sizeof *o);
    o->device.release = release[count - 1];
    o->device.oem = oem_find("intel");
    identity_parse_uuid(IDENTITY_UUID, o->device.uuid);
    identity_parse_mac(IDENTITY_MAC, o->device.mac);
}

static int check_arguments(const struct live_arguments *o)
{
    const struct linux_options *port = &o->port;

    if (!port->tap)
        return cmd_error(NAME, "--tap NAME is required");
    if (!linux_tap_name_ok(port->tap))
        return cmd_error(NAME, "invalid interface name \"%s\"", port->tap);
    if (port->host_socket && port->control && strcmp(port->host_socket, port->control) == 0)
        return cmd_error(NAME, "--host-socket and --control require two different paths");
    return CMD_OK;
}

/* Returns a descriptor that is readable once a signal asks for the end. Blocked signals cannot
 * arrive between the check and the sleep. */
static int watch_signals(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t stop;

    /* A reader of the output that went away shows as an error of the output. */
    sigaction(SIGPIPE, &ignore, NULL);
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGHUP);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    return signalfd(-1, &stop, SFD_NONBLOCK | SFD_CLOEXEC);
}

static bool stopped(int stop_fd)
{
    struct signalfd_siginfo info;

    return read(stop_fd, &info, sizeof info) == (ssize_t)sizeof info;
}

static void on_trace(void *ctx, uint64_t now_ms, int event, uint32_t value, const char *text,
                     const char *source)
{
    struct text_out out = text_to_file(stdout);

    (void)ctx;
    trace_line(&out, now_ms, event, value, text, source);
}

static void announce(const struct live_arguments *o)
{
    printf("proviso live: release %s, OEM profile %s, interface %s, ", o->device.release->name,
           o->device.oem->name, o->port.tap);
    if (o->port.state)
        printf("flash in %s\n", o->port.state);
    else
        puts("flash in memory only");
}

static int run_device(struct live *live, const struct live_arguments *o)
{
    announce(o);
    live_power(live, true);
    while (!ferror(stdout)) {
        if (!live_run(live)) {
            cmd_error(NAME, "interface %s was removed", o->port.tap);
            return CMD_FAILED;
        }
        if (stopped(o->port.stop_fd))
            return cmd_finish(NAME);
        live_control(live);
    }
    return cmd_error(NAME, "cannot write to standard output");
}

static int open_and_run(struct live_arguments *o)
{
    static struct live live; /* too large for a small stack */
    struct linux_error error;
    int status;

    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    o->port.trace = on_trace;
    o->port.stop_fd = watch_signals();
    if (o->port.stop_fd < 0)
        return cmd_error(NAME, "cannot catch signals: %s", strerror(errno));
    if (live_open(&live, &o->device, &o->port, &error)) {
        status = run_device(&live, o);
        live_close(&live);
    } else {
        status = cmd_error(NAME, "%s", error.text);
    }
    close(o->port.stop_fd);
    return status;
}

int cmd_live(int argc, char **argv)
{
    struct cmd_args args = {.command = NAME, .options = {.argc = argc, .argv = argv}};
    struct live_arguments o;
    int status;

    set_defaults(&o);
    status = cmd_options(&args, options, help, parse_option, &o);
    if (status != CMD_GO_ON)
        return status;
    status = check_arguments(&o);
    return status == CMD_OK ? open_and_run(&o) : status;
}
