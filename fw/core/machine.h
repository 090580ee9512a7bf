// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_MACHINE_H
#define CORE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/machine_types.h"

/* What an administrator may ask of the machine's power and next boot, and when (G-change,
 * LMS-cim, AMTTOOL). What is asked by either protocol ends here. */

/* Whether a machine in that state can be asked for it: to be switched on only while it is off or
 * sleeps, everything else only while it is on. While a redirection session is open it is not
 * switched off, nor off and on (G-change). */
bool machine_permits(enum machine_command command, enum machine_state state, bool redirecting);

/* CIM's numbers for a state: 2 on, 3 S1 and S2, 4 S3, 7 S4, 8 S5 (MCMD, MC). */
uint8_t machine_cim_state(enum machine_state state);
/* The commands with CIM's numbers: 2 on, 5 off and on, 8 off, 10 reset; those are all before 9.0
 * (G-change, MCMD). False: it is none of them. */
bool machine_cim_command(uint32_t number, enum machine_command *out);
uint8_t machine_cim_number(enum machine_command command);
/* With RemoteControlService's: 16 reset, 17 up, 18 down, 19 cycle (AMTTOOL). */
bool machine_eoi_command(uint32_t number, enum machine_command *out);

/* The settings for the next boot that a command brings about. Lost with the ME's power. */
struct machine_boot {
    struct boot_settings boot;
    bool next; /* CIM's role 1: they count for the next boot (LMS-cim) */
};

enum machine_boot_error {
    MACHINE_BOOT_OK,
    MACHINE_BOOT_ABSENT,   /* this machine cannot boot like that */
    MACHINE_BOOT_EXCLUDED, /* options that go to the BIOS's own doing, with a source (G-boot) */
};

/* Each changes nothing unless it returns MACHINE_BOOT_OK. The options are all set anew; heeded and
 * present are what this machine has, as BOOT_ bits and as a bit for each enum boot_source. */
enum machine_boot_error machine_boot_options(struct machine_boot *boot, uint16_t heeded,
                                             const struct boot_settings *options);
enum machine_boot_error machine_boot_source(struct machine_boot *boot, uint16_t present,
                                            uint8_t source);
enum machine_boot_error machine_boot_next(struct machine_boot *boot, bool next);
/* The settings for a boot that begins now: the ones above if they count for it. Whatever was set is
 * used up. */
struct boot_settings machine_boot_take(struct machine_boot *boot, enum machine_command command);

#endif
