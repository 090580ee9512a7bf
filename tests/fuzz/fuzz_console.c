// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip hal/virtual/virtual.c
// runs: 2000
/* What somebody types at a board's terminal: lines for the host interface, Ctrl-P, and the MEBx
 * menu of a device of each kind, as fw/board/main.c serves them. Promises: only printable text,
 * line ends, bells and steps back are written; no password and no pre-shared key that the device
 * holds is shown; the menu can be left; the device goes on, and keeps settings whose texts end. */
#include "fw/board/console.h"
#include "fw/host/mebx/mebx.h"
#include "tests/fuzz/fuzz_wire.h"

static struct {
    struct console console;
    struct mebx mebx;
    struct hal_console terminal;
    struct input typed;
    char line[600]; /* the last bytes that were written */
    size_t len;
} desk;

static size_t terminal_read(void *ctx, char *out, size_t cap)
{
    (void)ctx;
    if (desk.typed.left == 0 || cap == 0)
        return 0;
    *out = (char)take_byte(&desk.typed);
    return 1;
}

static void terminal_write(void *ctx, const char *text, size_t len)
{
    (void)ctx;
    for (size_t i = 0; i < len; i++) {
        uint8_t c = (uint8_t)text[i];

        promise((c >= 0x20 && c <= 0x7E) || (c && strchr("\r\n\b\a", c)),
                "what is written is text for a terminal");
        if (c == '\n' || desk.len + 1 == sizeof(desk.line))
            desk.len = 0;
        desk.line[desk.len++] = (char)c;
        desk.line[desk.len] = '\0';
    }
    promise(!contains((const uint8_t *)desk.line, desk.len, WORLD_PPS),
            "no pre-shared key is shown");
}

static void open_menu(void)
{
    struct local_outcome *outcome = device_menu_begin(&w.device);

    if (!outcome)
        return;
    console_set_menu(&desk.console, true);
    mebx_open(&desk.mebx, outcome, &w.device.settings, &w.device.setup, world_config.release,
              world_config.oem, desk.console.out);
}

static void leave_menu(void)
{
    device_menu_end(&w.device, w.now_ms);
    memset(&desk.mebx, 0, sizeof(desk.mebx));
    console_set_menu(&desk.console, false);
}

static void serve(void)
{
    int key;

    if (!desk.console.menu_open && console_poll(&desk.console) == CONSOLE_MENU)
        open_menu();
    while (desk.console.menu_open && (key = console_key(&desk.console)) >= 0)
        if (mebx_input(&desk.mebx, (char)key))
            leave_menu();
}

static void promise_settings(void)
{
    const struct secret_settings *secret = &w.device.settings.secret;
    const struct setup_settings *config = &w.device.settings.config;

    promise(memchr(secret->password, '\0', sizeof(secret->password)) != NULL &&
                memchr(secret->pid, '\0', sizeof(secret->pid)) != NULL &&
                memchr(secret->pps, '\0', sizeof(secret->pps)) != NULL &&
                memchr(config->domain, '\0', sizeof(config->domain)) != NULL &&
                memchr(config->host_name, '\0', sizeof(config->host_name)) != NULL &&
                memchr(config->server_fqdn, '\0', sizeof(config->server_fqdn)) != NULL,
            "what was entered ends");
    promise(!config->host_name[0] || settings_dns_name_ok(config->host_name, LIMIT_HOST_NAME),
            "a host name is one");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    enum world_kind kind = (enum world_kind)(take_byte(&in) % WORLDS);
    struct hal_hostbus bus;

    if (!world_moment[kind].variables) {
        world_prepare(kind, NULL);
        world_keep(kind);
    }
    world_enter(kind, data, size);
    memset(&desk, 0, sizeof(desk));
    desk.typed = in;
    desk.terminal = (struct hal_console){NULL, terminal_read, terminal_write};
    bus = w.hal.hal.hostbus;
    w.hal.hal.hostbus = (struct hal_hostbus){0};
    console_open(&desk.console, &desk.terminal, &w.hal.hal);
    while (desk.typed.left > 0) {
        serve();
        world_poll();
        w.now_ms += 10;
    }
    if (desk.console.menu_open && mebx_input(&desk.mebx, 3)) /* Ctrl-C */
        leave_menu();
    promise(!desk.console.menu_open, "the menu can be left");
    world_pass(10000);
    promise_settings();
    w.hal.hal.hostbus = bus;
    world_state();
    return 0;
}
