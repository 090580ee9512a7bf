// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/machine.h"

#include <stddef.h>

#define ON (1u << MACHINE_S0 | 1u << MACHINE_S1 | 1u << MACHINE_S2)
#define OFF (1u << MACHINE_S3 | 1u << MACHINE_S4 | 1u << MACHINE_S5)

static const struct command {
    uint8_t states; /* a bit each */
    bool redirecting;
    uint8_t cim, eoi;
} commands[] = {
    [MACHINE_POWER_UP] = {OFF, true, 2, 17},
    [MACHINE_POWER_DOWN] = {ON, false, 8, 18},
    [MACHINE_POWER_CYCLE] = {ON, false, 5, 19},
    [MACHINE_RESET] = {ON, true, 10, 16},
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

bool machine_permits(enum machine_command command, enum machine_state state, bool redirecting)
{
    const struct command *c = &commands[command];

    return c->states >> state & 1u && (!redirecting || c->redirecting);
}

uint8_t machine_cim_state(enum machine_state state)
{
    static const uint8_t number[] = {
        [MACHINE_S0] = 2, [MACHINE_S1] = 3, [MACHINE_S2] = 3,
        [MACHINE_S3] = 4, [MACHINE_S4] = 7, [MACHINE_S5] = 8,
    };

    return number[state];
}

bool machine_cim_command(uint32_t number, enum machine_command *out)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (commands[i].cim == number) {
            *out = (enum machine_command)i;
            return true;
        }
    return false;
}

uint8_t machine_cim_number(enum machine_command command)
{
    return commands[command].cim;
}

bool machine_eoi_command(uint32_t number, enum machine_command *out)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (commands[i].eoi == number) {
            *out = (enum machine_command)i;
            return true;
        }
    return false;
}

/* What the BIOS or the console does itself leaves no choice of a source (G-boot). */
#define WITHOUT_SOURCE (BOOT_SOL | BOOT_IDER | BOOT_SETUP | BOOT_PAUSE | BOOT_REFLASH)

static bool is_excluded(const struct boot_settings *boot)
{
    return boot->source != BOOT_DEFAULT && (boot->options & WITHOUT_SOURCE);
}

enum machine_boot_error machine_boot_options(struct machine_boot *b, uint16_t heeded,
                                             const struct boot_settings *options)
{
    uint8_t source = b->boot.source;

    if (options->options & ~heeded)
        return MACHINE_BOOT_ABSENT;
    b->boot = *options;
    b->boot.source = source;
    return MACHINE_BOOT_OK;
}

enum machine_boot_error machine_boot_source(struct machine_boot *b, uint16_t present,
                                            uint8_t source)
{
    struct boot_settings wanted = b->boot;

    if (source != BOOT_DEFAULT && !(present >> source & 1u))
        return MACHINE_BOOT_ABSENT;
    wanted.source = source;
    if (b->next && is_excluded(&wanted))
        return MACHINE_BOOT_EXCLUDED;
    b->boot = wanted;
    return MACHINE_BOOT_OK;
}

enum machine_boot_error machine_boot_next(struct machine_boot *b, bool next)
{
    if (next && is_excluded(&b->boot))
        return MACHINE_BOOT_EXCLUDED;
    b->next = next;
    return MACHINE_BOOT_OK;
}

struct boot_settings machine_boot_take(struct machine_boot *b, enum machine_command command)
{
    struct boot_settings boot = {0};

    if (command == MACHINE_POWER_DOWN)
        return boot; /* the boot comes later */
    if (b->next)
        boot = b->boot;
    *b = (struct machine_boot){0};
    return boot;
}
