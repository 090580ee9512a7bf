// SPDX-License-Identifier: BSD-3-Clause
#include "fw/board/machine.h"

static enum machine_state state(void *ctx)
{
    const struct board_machine *m = ctx;

    return (enum machine_state)m->console->machine_state;
}

static bool control(void *ctx, enum machine_command command, const struct boot_settings *boot)
{
    static const char names[] = "power-up\0power-down\0power-cycle\0reset\0";
    const struct board_machine *m = ctx;

    if (m->console->menu_open)
        return false;
    text_print(&m->console->out, "*%l source %u options 0x%4X verbosity %u media %u\n",
               (uint32_t)command, names, (uint32_t)boot->source, (uint32_t)boot->options,
               (uint32_t)boot->verbosity, (uint32_t)boot->media);
    return true;
}

static size_t serial_read(void *ctx, uint8_t *bytes, size_t cap)
{
    return ((const struct board_machine *)ctx)->serial.read(bytes, cap);
}

static size_t serial_write(void *ctx, const uint8_t *bytes, size_t len)
{
    return ((const struct board_machine *)ctx)->serial.write(bytes, len);
}

static bool report(void *ctx, struct machine_event *out)
{
    (void)ctx;
    (void)out;
    return false;
}

static const struct hal_inventory *inventory(void *ctx)
{
    (void)ctx;
    return NULL;
}

void board_machine_open(struct board_machine *m, const struct console *console,
                        struct board_serial serial)
{
    *m = (struct board_machine){
        .hal = {.ctx = m,
                .state = state,
                .control = control,
                /* What `proviso pc` heeds. */
                .options = BOOT_SOL | BOOT_SETUP | BOOT_PAUSE | BOOT_LOCK_POWER | BOOT_LOCK_RESET |
                           BOOT_LOCK_KEYBOARD | BOOT_FORCE_PROGRESS,
                .sources = 1u << BOOT_PXE | 1u << BOOT_DISK | 1u << BOOT_DIAGNOSTIC | 1u << BOOT_CD,
                .serial_read = serial_read,
                .serial_write = serial_write,
                .report = report,
                .inventory = inventory},
        .console = console,
        .serial = serial,
    };
}
