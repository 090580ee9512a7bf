// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "fw/core/wipe.h"
#include "fw/device.h"
#include "fw/host/mebx/mebx.h"
#include "fw/store/settings_store.h"
#include "hal/linux/flash.h"
#include "sim/base/identity.h"
#include "sim/cmd/cmd.h"
#include "sim/report/text_file.h"
#include "sim/scenario/oem_file.h"

#define NAME "mebx"

static const char help[] =
    "usage: proviso mebx --release R --state FILE [--oem NAME] [--usb SETUP.BIN]\n"
    "\n"
    "The MEBx menu of a device that is not running, on this terminal or from a pipe. Changes\n"
    "are stored when the menu is left by its exit; Ctrl-C leaves it without storing anything.\n"
    "  --release R    firmware release; `proviso releases` lists them\n"
    "  --state FILE   the device's flash, as `proviso live` uses it; created if missing\n"
    "  --oem NAME     OEM profile, or a file that holds one (.oem). Default: intel\n"
    "  --usb FILE     instead of the menu: a USB key with this setup.bin is in the machine while "
    "it\n"
    "                 starts; a record that is used is marked so in the file\n"
    "A device whose state file is damaged is locked: the menu then asks for no password and "
    "offers\n"
    "only a full un-provision, which erases everything; a USB key is refused.\n"
    "\n"
    "exit status: 0 stored, or left without a change; 1 not stored: three wrong passwords,\n"
    "end of input, a signal or a flash error; 2 bad usage or bad input\n";

enum mebx_option { OPT_RELEASE, OPT_STATE, OPT_OEM, OPT_USB };

static const struct cmd_option options[] = {
    [OPT_RELEASE] = {"--release", "R", false},
    [OPT_STATE] = {"--state", "FILE", false},
    [OPT_OEM] = {"--oem", "NAME", false},
    [OPT_USB] = {"--usb", "FILE", false},
    {NULL, NULL, false},
};

struct session {
    const char *state;
    const char *usb; /* NULL: the menu */
    struct oem_file oem;
    struct device_config config;
    bool damaged; /* what is stored: then the menu can only begin anew */
    struct linux_flash flash;
    struct hal_flash hal_flash;
    int stop_fd;
    bool raw;
    struct termios saved_termios;
    uint64_t start_ms;
    struct mebx mebx;
    struct local_outcome outcome;
};

static int parse_option(void *ctx, int option, const char *value)
{
    struct session *o = ctx;
    char error[256];

    switch (option) {
    case OPT_RELEASE:
        o->config.release = release_find(value);
        return o->config.release
                   ? CMD_OK
                   : cmd_error(NAME, "unknown release \"%s\"; `proviso releases` lists them",
                               value);
    case OPT_OEM:
        o->config.oem = oem_file_or_profile(value, &o->oem, error, sizeof error);
        return o->config.oem ? CMD_OK : cmd_error(NAME, "%s", error);
    case OPT_USB:
        o->usb = value;
        return CMD_OK;
    default:
        o->state = value;
        return CMD_OK;
    }
}

/* --- a machine without wire and host: only its flash is real --- */

static size_t receive_nothing(void *ctx, uint8_t *out, size_t cap)
{
    (void)ctx;
    (void)out;
    (void)cap;
    return 0;
}

static int send_nowhere(void *ctx, const uint8_t *bytes, size_t len)
{
    (void)ctx;
    (void)bytes;
    (void)len;
    return -1;
}

static bool never(void *ctx)
{
    (void)ctx;
    return false;
}

static void do_nothing(void *ctx)
{
    (void)ctx;
}

static enum hal_host no_host(void *ctx)
{
    (void)ctx;
    return HAL_HOST_ABSENT;
}

static int random_bytes(void *ctx, void *out, size_t len)
{
    (void)ctx;
    return getrandom(out, len, GRND_NONBLOCK) == (ssize_t)len ? 0 : -1;
}

static void ignore_trace(void *ctx, uint64_t now_ms, int event, uint32_t value, const char *text,
                         const char *source)
{
    (void)ctx;
    (void)now_ms;
    (void)event;
    (void)value;
    (void)text;
    (void)source;
}

static uint64_t clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

/* Boots the device that stores an outcome in the flash. */
static struct device *boot(struct session *o)
{
    static struct device device; /* too large for a small stack */
    static struct hal hal;

    hal = (struct hal){
        .trace = {.record = ignore_trace},
        .entropy = {.fill = random_bytes},
        .ether = {.receive = receive_nothing, .send = send_nowhere, .link_up = never},
        .flash = o->hal_flash,
        .hostbus = {.receive = receive_nothing, .send = send_nowhere},
        .power = {.host = no_host, .cmos_lost = never, .cmos_acknowledge = do_nothing},
    };
    device_boot(&device, &o->config, &hal, 0);
    return &device;
}

static int report(const struct session *o, int result)
{
    switch (result) {
    case DEVICE_OK:
        puts("The changes are stored.");
        return cmd_finish(NAME);
    case DEVICE_STORE:
        cmd_error(NAME, "cannot store the changes in %s", o->state);
        return CMD_FAILED;
    default:
        cmd_error(NAME, "the device refused the changes; nothing was stored");
        return CMD_FAILED;
    }
}

static int apply_changes(struct session *o)
{
    struct device *device = boot(o);
    int result = device_local_change(device, &o->outcome, clock_ms() - o->start_ms);

    wipe(device, sizeof(*device));
    return report(o, result);
}

/* --- the USB key --- */

static int64_t key_size(void *ctx)
{
    return fseek(ctx, 0, SEEK_END) == 0 ? ftell(ctx) : -1;
}

static int key_read(void *ctx, uint32_t offset, void *out, size_t len)
{
    return fseek(ctx, (long)offset, SEEK_SET) == 0 && fread(out, 1, len, ctx) == len ? 0 : -1;
}

static int key_write(void *ctx, uint32_t offset, const void *data, size_t len)
{
    bool done = fseek(ctx, (long)offset, SEEK_SET) == 0 && fwrite(data, 1, len, ctx) == len;

    return done && fflush(ctx) == 0 ? 0 : -1;
}

static int apply_usb_key(struct session *o)
{
    FILE *file = fopen(o->usb, "r+b");
    struct hal_usb usb = {file, key_size, key_read, key_write};
    struct usbkey_report key;
    struct device *device;
    int result;

    if (!file)
        return cmd_error(NAME, "cannot open %s: %s", o->usb, strerror(errno));
    device = boot(o);
    result = device_usb_key(device, &usb, &o->outcome, &key, clock_ms() - o->start_ms);
    wipe(device, sizeof(*device));
    fclose(file);
    if (key.result == USBKEY_APPLIED)
        return report(o, result);
    cmd_error(NAME, "%s: %s; nothing was stored", o->usb, usbkey_result_text(key.result));
    return CMD_FAILED;
}

/* --- terminal --- */

/* Byte by byte and without echo: the menu edits its lines itself. Output stays as it is. */
static void make_raw(struct session *o)
{
    struct termios raw;

    if (tcgetattr(STDIN_FILENO, &o->saved_termios) != 0)
        return; /* not a terminal */
    raw = o->saved_termios;
    raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | IXON | ISTRIP);
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | ISIG | IEXTEN);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    o->raw = tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) == 0;
}

static void restore(const struct session *o)
{
    if (o->raw)
        tcsetattr(STDIN_FILENO, TCSANOW, &o->saved_termios);
}

/* Blocked signals cannot end the program between the check and the sleep, nor leave the terminal
 * raw. */
static int watch_signals(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t stop;

    sigaction(SIGPIPE, &ignore, NULL);
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGHUP);
    sigaddset(&stop, SIGQUIT);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    return signalfd(-1, &stop, SFD_NONBLOCK | SFD_CLOEXEC);
}

/* Waits for input. NULL: there is some, else why there will be none. */
static const char *wait_for_input(const struct session *o)
{
    struct pollfd watched[] = {{.fd = o->stop_fd, .events = POLLIN},
                               {.fd = STDIN_FILENO, .events = POLLIN}};

    if (fflush(stdout) != 0 || ferror(stdout))
        return "cannot write to standard output";
    while (poll(watched, 2, -1) < 0)
        if (errno != EINTR)
            return strerror(errno);
    return watched[0].revents ? "interrupted by a signal" : NULL;
}

/* True: the menu was left; the bytes after that are dropped. */
static bool type_keys(struct session *o, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (mebx_input(&o->mebx, bytes[i]))
            return true;
    return false;
}

/* Runs the menu. NULL: it was left, else why not. */
static const char *run_menu(struct session *o)
{
    char bytes[256];

    for (;;) {
        const char *end = wait_for_input(o);
        ssize_t n;
        bool left;

        if (end)
            return end;
        n = read(STDIN_FILENO, bytes, sizeof(bytes));
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n < 0)
            return strerror(errno);
        if (n == 0)
            return "the input ended before the menu's exit";
        left = type_keys(o, bytes, (size_t)n);
        wipe(bytes, sizeof(bytes));
        if (left)
            return NULL;
    }
}

static int run(struct session *o, const struct settings *settings)
{
    struct setup setup;
    const char *failure;

    setup_restore(&setup, settings, 0);
    if (o->damaged)
        setup.state = SETUP_LOCKED;
    make_raw(o);
    mebx_open(&o->mebx, &o->outcome, settings, &setup, o->config.release, o->config.oem,
              text_to_file(stdout));
    failure = run_menu(o);
    restore(o);
    if (failure) {
        putchar('\n');
        fflush(stdout);
        cmd_error(NAME, "%s; nothing was stored", failure);
        return CMD_FAILED;
    }
    if (!o->mebx.logged_in && o->mebx.tries == MEBX_TRIES) {
        fflush(stdout);
        cmd_error(NAME, "three wrong passwords; nothing was stored");
        return CMD_FAILED;
    }
    return o->outcome.change == LOCAL_NONE ? cmd_finish(NAME) : apply_changes(o);
}

static int load_and_run(struct session *o)
{
    struct settings settings;
    struct store store;
    int error, status = CMD_FAILED;

    o->hal_flash = linux_flash_hal(&o->flash);
    settings_factory(&settings, o->config.release, o->config.oem);
    error = store_mount(&store, &o->hal_flash);
    if (error == STORE_OK)
        error = settings_load(&store, &settings);
    o->damaged = error == STORE_CORRUPT || error == STORE_VERSION;
    if (o->damaged)
        settings_factory(&settings, o->config.release, o->config.oem);
    if (error == STORE_OK || (o->damaged && !o->usb))
        status = o->usb ? apply_usb_key(o) : run(o, &settings);
    else
        cmd_error(NAME, "cannot read the settings in %s", o->state);
    wipe(&settings, sizeof(settings));
    return status;
}

static int open_and_run(struct session *o)
{
    struct linux_error error;
    int status;

    o->start_ms = clock_ms();
    o->stop_fd = watch_signals();
    if (o->stop_fd < 0)
        return cmd_error(NAME, "cannot catch signals: %s", strerror(errno));
    if (linux_flash_open(&o->flash, o->state, &error)) {
        status = load_and_run(o);
        linux_flash_close(&o->flash);
    } else {
        status = cmd_error(NAME, "%s", error.text);
    }
    wipe(&o->mebx, sizeof(o->mebx));
    wipe(&o->outcome, sizeof(o->outcome));
    close(o->stop_fd);
    return status;
}

int cmd_mebx(int argc, char **argv)
{
    static struct session o;
    struct cmd_args args = {.command = NAME, .options = {.argc = argc, .argv = argv}};
    int status;

    o.config.oem = oem_find("intel");
    identity_parse_uuid(IDENTITY_UUID, o.config.uuid);
    identity_parse_mac(IDENTITY_MAC, o.config.mac);
    status = cmd_options(&args, options, help, parse_option, &o);
    if (status != CMD_GO_ON)
        return status;
    if (!o.config.release)
        return cmd_error(NAME, "--release R is required");
    if (!o.state)
        return cmd_error(NAME, "--state FILE is required");
    return open_and_run(&o);
}
