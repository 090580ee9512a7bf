// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/machine.h"

#include <stddef.h>

#define ON (1u << HAL_MACHINE_S0 | 1u << HAL_MACHINE_S1 | 1u << HAL_MACHINE_S2)
#define OFF (1u << HAL_MACHINE_S3 | 1u << HAL_MACHINE_S4 | 1u << HAL_MACHINE_S5)

static const struct command {
    uint8_t states; /* a bit each */
    bool redirecting;
    uint8_t cim, eoi;
} commands[] = {
    [HAL_MACHINE_POWER_UP] = {OFF, true, 2, 17},
    [HAL_MACHINE_POWER_DOWN] = {ON, false, 8, 18},
    [HAL_MACHINE_POWER_CYCLE] = {ON, false, 5, 19},
    [HAL_MACHINE_RESET] = {ON, true, 10, 16},
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

bool machine_permits(enum hal_machine_command command, enum hal_machine_state state,
                     bool redirecting)
{
    const struct command *c = &commands[command];

    return c->states >> state & 1u && (!redirecting || c->redirecting);
}

uint8_t machine_cim_state(enum hal_machine_state state)
{
    static const uint8_t number[] = {
        [HAL_MACHINE_S0] = 2, [HAL_MACHINE_S1] = 3, [HAL_MACHINE_S2] = 3,
        [HAL_MACHINE_S3] = 4, [HAL_MACHINE_S4] = 7, [HAL_MACHINE_S5] = 8,
    };

    return number[state];
}

bool machine_cim_command(uint32_t number, enum hal_machine_command *out)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (commands[i].cim == number) {
            *out = (enum hal_machine_command)i;
            return true;
        }
    return false;
}

uint8_t machine_cim_number(enum hal_machine_command command)
{
    return commands[command].cim;
}

bool machine_eoi_command(uint32_t number, enum hal_machine_command *out)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (commands[i].eoi == number) {
            *out = (enum hal_machine_command)i;
            return true;
        }
    return false;
}

/* What the BIOS or the console does itself leaves no choice of a source (G-boot). */
#define WITHOUT_SOURCE                                                                             \
    (HAL_BOOT_SOL | HAL_BOOT_IDER | HAL_BOOT_SETUP | HAL_BOOT_PAUSE | HAL_BOOT_REFLASH)

static bool is_excluded(const struct hal_boot *boot)
{
    return boot->source != HAL_BOOT_DEFAULT && (boot->options & WITHOUT_SOURCE);
}

enum machine_boot_error machine_boot_options(struct machine_boot *b,
                                             const struct hal_machine *machine,
                                             const struct hal_boot *options)
{
    uint8_t source = b->boot.source;

    if (options->options & ~machine->options)
        return MACHINE_BOOT_ABSENT;
    b->boot = *options;
    b->boot.source = source;
    return MACHINE_BOOT_OK;
}

enum machine_boot_error machine_boot_source(struct machine_boot *b,
                                            const struct hal_machine *machine, uint8_t source)
{
    struct hal_boot wanted = b->boot;

    if (source != HAL_BOOT_DEFAULT && !(machine->sources >> source & 1u))
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

struct hal_boot machine_boot_take(struct machine_boot *b, enum hal_machine_command command)
{
    struct hal_boot boot = {0};

    if (command == HAL_MACHINE_POWER_DOWN)
        return boot; /* the boot comes later */
    if (b->next)
        boot = b->boot;
    *b = (struct machine_boot){0};
    return boot;
}
