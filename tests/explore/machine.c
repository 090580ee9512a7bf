// SPDX-License-Identifier: BSD-3-Clause
#include "tests/explore/machine.h"

#include <string.h>

#include "tests/explore/invariants.h"

static enum machine_state state(void *ctx)
{
    (void)ctx;
    return (enum machine_state)world.pc.state;
}

static bool control(void *ctx, enum machine_command command, const struct boot_settings *boot)
{
    (void)ctx;
    (void)boot;
    invariants_power(command);
    world.pc.ordered++;
    world.pc.state = command == MACHINE_POWER_DOWN ? MACHINE_S5 : MACHINE_S0;
    return true;
}

static size_t serial_read(void *ctx, uint8_t *bytes, size_t cap)
{
    size_t n = world.pc.says < cap ? world.pc.says : cap;

    (void)ctx;
    invariants_serial();
    memset(bytes, '#', n);
    world.pc.says = (uint8_t)(world.pc.says - n);
    return n;
}

static size_t serial_write(void *ctx, const uint8_t *bytes, size_t len)
{
    (void)ctx;
    (void)bytes;
    invariants_serial();
    world.pc.heard = 1;
    return len;
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

const struct hal_machine machine = {
    .state = state,
    .control = control,
    .options = BOOT_SOL,
    .sources = 1u << BOOT_PXE | 1u << BOOT_DISK,
    .serial_read = serial_read,
    .serial_write = serial_write,
    .report = report,
    .inventory = inventory,
};
