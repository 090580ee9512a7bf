#include <string.h>

#include "fw/core/text.h"
#include "fw/device.h"
#include "fw/host/console.h"
#include "fw/host/mebx.h"
#include "hal/board.h"

#include "board-config.h" /* made by the Makefile: which release, OEM profile and UUID this is */

/* A board's firmware: one device, its console, and a loop that sleeps. */
static struct {
    struct hal_board board;
    struct console console;
    struct device device;
    struct mebx mebx;
} me;

int main(void);

static uint64_t now_ms(void)
{
    return me.board.hal.clock.now_ms(me.board.hal.clock.ctx);
}

static void print_hex(const uint8_t *bytes, size_t len, char between)
{
    char text[4];

    for (size_t i = 0; i < len; i++) {
        text_hex(text, bytes[i], 2);
        text[2] = i + 1 < len ? between : '\0';
        text[3] = '\0';
        console_print(&me.console, text);
    }
}

static void print_banner(const struct device_config *config)
{
    console_print(&me.console, "\nproviso on " BOARD_NAME ", release ");
    console_print(&me.console, config->release->name);
    console_print(&me.console, ", OEM profile ");
    console_print(&me.console, config->oem->name);
    console_print(&me.console, ", MAC ");
    print_hex(config->mac, sizeof(config->mac), ':');
    console_print(&me.console, ", UUID (wire order) ");
    print_hex(config->uuid, sizeof(config->uuid), '\0');
    console_print(&me.console, ", started by ");
    console_print(&me.console, me.board.restart);
    console_print(&me.console, "; ? for help\n");
}

/* A UUID that was not given ends in the MAC address, so that two boards differ. */
static void take_uuid(struct device_config *config)
{
    static const uint8_t given[] = BOARD_UUID;

    memcpy(config->uuid, given, sizeof(config->uuid));
    if (!BOARD_UUID_GIVEN)
        memcpy(config->uuid + sizeof(config->uuid) - sizeof(config->mac), config->mac,
               sizeof(config->mac));
}

static void write_menu(void *ctx, const char *text)
{
    console_print(ctx, text);
}

static void open_menu(void)
{
    const struct device_config *config = &me.device.config;
    struct local_outcome *outcome = device_local_begin(&me.device);

    if (!outcome) {
        console_print(&me.console, "! the host interface is busy\n");
        return;
    }
    console_menu(&me.console, true);
    mebx_open(&me.mebx, outcome, &me.device.settings, &me.device.setup, config->release,
              config->oem, &me.console, write_menu);
}

static void leave_menu(void)
{
    int error = device_local_end(&me.device, now_ms());

    memset(&me.mebx, 0, sizeof(me.mebx)); /* it held passwords */
    if (error == DEVICE_STORE)
        console_print(&me.console, "The changes could not be stored.\n");
    else if (error != DEVICE_OK)
        console_print(&me.console, "The device refuses the changes.\n");
    console_menu(&me.console, false);
}

/* True: there is something new for the device. */
static bool serve_console(void)
{
    bool waited = me.console.waiting, left = false;
    int key;

    if (!me.console.menu_open && console_poll(&me.console) == CONSOLE_MENU)
        open_menu();
    while (me.console.menu_open && (key = console_key(&me.console)) >= 0) {
        if (!mebx_key(&me.mebx, (char)key))
            continue;
        leave_menu();
        left = true;
    }
    return left || (me.console.waiting && !waited);
}

int main(void)
{
    struct device_config config = {.release = BOARD_RELEASE, .oem = BOARD_OEM};
    const struct hal_clock *clock = &me.board.hal.clock;

    board_open(&me.board);
    console_open(&me.console, &me.board.terminal);
    me.board.hal.console = console_trace_hal(&me.console);
    if (!me.board.hal.hostbus.receive)
        me.board.hal.hostbus = console_hostbus(&me.console);
    memcpy(config.mac, me.board.mac, sizeof(config.mac));
    take_uuid(&config);
    print_banner(&config);
    device_boot(&me.device, &config, &me.board.hal, now_ms());
    for (;;) {
        uint64_t wake_ms = device_poll(&me.device, now_ms());

        if (!serve_console())
            clock->sleep_until(clock->ctx, wake_ms);
    }
}
