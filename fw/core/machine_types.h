// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_MACHINE_TYPES_H
#define CORE_MACHINE_TYPES_H

#include <stdint.h>

/* What is said of the PC behind the ME: its states, what it may be told, how it boots and what it
 * reports. The rules speak of it (machine.h, event_log.h), and hal/machine.h carries it. */

/* ACPI's states, as RemoteControlService numbers them (AMTTOOL). */
enum machine_state {
    MACHINE_S0,
    MACHINE_S1,
    MACHINE_S2,
    MACHINE_S3,
    MACHINE_S4,
    MACHINE_S5,
};

enum machine_command {
    MACHINE_POWER_UP,
    MACHINE_POWER_DOWN, /* at once, the operating system is not asked */
    MACHINE_POWER_CYCLE,
    MACHINE_RESET,
};

enum boot_source {
    BOOT_DEFAULT,
    BOOT_PXE,
    BOOT_DISK,
    BOOT_DISK_SAFE,
    BOOT_DIAGNOSTIC,
    BOOT_CD,
};

/* What the BIOS is to do at one boot; AMT_BootSettingData's booleans (LMS-cim), as bits. */
enum boot_option {
    BOOT_SOL = 1 << 0, /* the BIOS shows its text on the serial line, too */
    BOOT_SAFE_MODE = 1 << 1,
    BOOT_REFLASH = 1 << 2,
    BOOT_SETUP = 1 << 3, /* stop in the BIOS set-up */
    BOOT_PAUSE = 1 << 4,
    BOOT_LOCK_POWER = 1 << 5,
    BOOT_LOCK_RESET = 1 << 6,
    BOOT_LOCK_KEYBOARD = 1 << 7,
    BOOT_LOCK_SLEEP = 1 << 8,
    BOOT_BYPASS_PASSWORD = 1 << 9,
    BOOT_FORCE_PROGRESS = 1 << 10,
    BOOT_RESET_CONFIG = 1 << 11,
    BOOT_IDER = 1 << 12,
};

struct boot_settings {
    uint8_t source;      /* enum boot_source */
    uint8_t verbosity;   /* 0 default, 1 quiet, 2 verbose, 3 blank screen (LMS-cim) */
    uint8_t ider_device; /* 0 floppy, 1 CD */
    uint16_t options;    /* BOOT_ bits */
    uint16_t media;      /* which device of that source; 0 = the default one, 1 = the first */
};

/* A report of the machine to the ME: an event of the ASF kind (DSP0136), without its time. */
struct machine_event {
    uint8_t device, sensor_type, event_type, offset, source, severity, sensor, entity, instance;
    uint8_t data[8];
};

#endif
