#include <string.h>

#include "fw/board/console.h"
#include "fw/core/text.h"
#include "fw/core/wipe.h"
#include "fw/device.h"
#include "fw/host/mebx/mebx.h"
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

/* A UUID that was not given ends in the MAC address, so that two boards differ. */
static void configure(struct device_config *config)
{
    static const struct device_config given = {
        .release = BOARD_RELEASE, .oem = BOARD_OEM, .uuid = BOARD_UUID};
    const uint8_t *mac = me.board.mac;

    *config = given;
    memcpy(config->mac, mac, sizeof(config->mac));
    if (!BOARD_UUID_GIVEN)
        memcpy(config->uuid + sizeof(config->uuid) - sizeof(config->mac), mac, sizeof(config->mac));
}

static void print_banner(const struct device_config *config)
{
    const struct text_out *out = &me.console.out;

    text_print(out, "\nproviso on " BOARD_NAME ", release %s, OEM profile %s, MAC ",
               config->release->name, config->oem->name);
    text_print_hex(out, config->mac, sizeof(config->mac), 1, ':');
    text_print(out, ", UUID (wire order) ");
    text_print_hex(out, config->uuid, sizeof(config->uuid), sizeof(config->uuid), '\0');
    text_print(out, ", started by %s; ? for help\n", me.board.restart);
}

static void open_menu(void)
{
    const struct device_config *config = &me.device.config;
    struct local_outcome *outcome = device_menu_begin(&me.device);

    if (!outcome) {
        text_print(&me.console.out, "! the host interface is busy\n");
        return;
    }
    console_set_menu(&me.console, true);
    mebx_open(&me.mebx, outcome, &me.device.settings, &me.device.setup, config->release,
              config->oem, me.console.out);
}

static void leave_menu(void)
{
    int error = device_menu_end(&me.device, now_ms());

    wipe(&me.mebx, sizeof(me.mebx)); /* it held passwords */
    if (error == DEVICE_STORE)
        text_print(&me.console.out, "The changes could not be stored.\n");
    else if (error == DEVICE_OVERTAKEN)
        text_print(&me.console.out, "A server has changed the settings meanwhile; look again.\n");
    else if (error != DEVICE_OK)
        text_print(&me.console.out, "The device refuses the changes.\n");
    console_set_menu(&me.console, false);
}

/* True: there is something new for the device. */
static bool serve_console(void)
{
    bool waited = me.console.waiting > 0, left = false;
    int key;

    if (!me.console.menu_open && console_poll(&me.console) == CONSOLE_MENU)
        open_menu();
    while (me.console.menu_open && (key = console_key(&me.console)) >= 0) {
        if (!mebx_input(&me.mebx, (char)key))
            continue;
        leave_menu();
        left = true;
    }
    return left || (me.console.waiting > 0 && !waited);
}

int main(void)
{
    struct device_config config;
    const struct hal_clock *clock = &me.board.hal.clock;

    board_open(&me.board);
    console_open(&me.console, &me.board.console, &me.board.hal);
    configure(&config);
    print_banner(&config);
    device_boot(&me.device, &config, &me.board.hal, now_ms());
    for (;;) {
        uint64_t wake_ms = device_poll(&me.device, now_ms());

        if (!serve_console())
            clock->sleep_until(clock->ctx, wake_ms);
    }
}
