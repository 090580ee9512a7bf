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
#include "sim/report/trace_text.h"
#include "sim/scenario/oem_file.h"

#define NAME "live"

static const char help[] =
    "usage: proviso live --tap NAME [OPTION...]\n"
    "\n"
    "A device in real time on a TAP interface, until SIGINT or SIGTERM. Prints what the device\n"
    "does, one line each, with the seconds since the start. Needs root or CAP_NET_ADMIN.\n"
    "  --tap NAME          the interface; created when there is none\n"
    "  --release R         firmware release; `proviso releases` lists them. Default: the newest\n"
    "  --oem NAME          OEM profile, or a file of one (.oem). Default: intel\n"
    "  --state FILE        the device's flash; created when there is none. Default: in memory\n"
    "  --host-socket PATH  the host interface, for ztcagent --socket PATH\n"
    "  --control PATH      takes the commands of `proviso control`\n"
    "  --seed N            repeatable randomness, for tests\n"
    "  --uuid UUID         default: " IDENTITY_UUID "\n"
    "  --mac MAC           default: " IDENTITY_MAC "\n"
    "\n"
    "exit status: 0 ended by a signal, 1 the interface went away, 2 bad usage or bad input\n";

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

struct setup_of_world {
    struct device_config device;
    struct linux_options port;
};

static int take_release(struct device_config *device, const char *text)
{
    device->release = release_find(text);
    if (!device->release)
        return cmd_error(NAME, "--release: unknown release \"%s\"; `proviso releases` lists them",
                         text);
    return CMD_OK;
}

static int take_oem(struct device_config *device, const char *text)
{
    static struct oem_file storage; /* outlives the device */
    char error[256];

    device->oem = oem_file_or_profile(text, &storage, error, sizeof error);
    return device->oem ? CMD_OK : cmd_error(NAME, "--oem: %s", error);
}

static int take_seed(struct linux_options *port, const char *text)
{
    port->seeded = true;
    return cmd_number(NAME, "--seed", text, 0, UINT64_MAX, &port->seed) ? CMD_OK : CMD_USAGE;
}

static int take_option(void *ctx, int option, const char *value)
{
    struct setup_of_world *o = ctx;

    switch (option) {
    case OPT_RELEASE:
        return take_release(&o->device, value);
    case OPT_OEM:
        return take_oem(&o->device, value);
    case OPT_SEED:
        return take_seed(&o->port, value);
    case OPT_UUID:
        return identity_uuid(value, o->device.uuid)
                   ? CMD_OK
                   : cmd_error(NAME, "--uuid: expected 8-4-4-4-12 hexadecimal digits, not \"%s\"",
                               value);
    case OPT_MAC:
        return identity_mac(value, o->device.mac)
                   ? CMD_OK
                   : cmd_error(NAME,
                               "--mac: expected one device's address like " IDENTITY_MAC
                               ", not \"%s\"",
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

/* What holds when nothing is said. */
static void take_defaults(struct setup_of_world *o)
{
    uint32_t count;
    const struct release *const *release = release_table(&count);

    memset(o, 0, sizeof *o);
    o->device.release = release[count - 1];
    o->device.oem = oem_find("intel");
    identity_uuid(IDENTITY_UUID, o->device.uuid);
    identity_mac(IDENTITY_MAC, o->device.mac);
}

static int check(const struct setup_of_world *o)
{
    const struct linux_options *port = &o->port;

    if (!port->tap)
        return cmd_error(NAME, "expected --tap NAME");
    if (!linux_tap_name_ok(port->tap))
        return cmd_error(NAME, "--tap: \"%s\" is no name for an interface", port->tap);
    if (port->host_socket && port->control && strcmp(port->host_socket, port->control) == 0)
        return cmd_error(NAME, "--host-socket and --control are two sockets: they need two paths");
    return CMD_OK;
}

/* Readable when the user wants the end. Blocked signals cannot come between a look and a sleep. */
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
    struct text_out out = trace_to_file(stdout);

    (void)ctx;
    trace_line(&out, now_ms, event, value, text, source);
}

static void announce(const struct setup_of_world *o)
{
    printf("proviso live: release %s, OEM profile %s, interface %s, ", o->device.release->name,
           o->device.oem->name, o->port.tap);
    if (o->port.state)
        printf("flash in %s\n", o->port.state);
    else
        puts("flash in memory only");
}

static int run(struct live *live, const struct setup_of_world *o)
{
    announce(o);
    live_power(live, true);
    while (!ferror(stdout)) {
        if (!live_run(live)) {
            cmd_error(NAME, "interface %s went away", o->port.tap);
            return CMD_FAILED;
        }
        if (stopped(o->port.stop_fd))
            return cmd_finish(NAME);
        live_control(live);
    }
    return cmd_error(NAME, "cannot write to standard output");
}

static int open_and_run(struct setup_of_world *o)
{
    static struct live live; /* too large for a small stack */
    struct linux_error error;
    int status;

    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    o->port.trace = on_trace;
    o->port.stop_fd = watch_signals();
    if (o->port.stop_fd < 0)
        return cmd_error(NAME, "cannot watch for signals: %s", strerror(errno));
    if (live_open(&live, &o->device, &o->port, &error)) {
        status = run(&live, o);
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
    struct setup_of_world o;
    int status;

    take_defaults(&o);
    status = cmd_options(&args, options, help, "", take_option, &o);
    if (status != CMD_GO_ON)
        return status;
    status = check(&o);
    return status == CMD_OK ? open_and_run(&o) : status;
}
