// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_MACHINE_H
#define HAL_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The PC behind the ME, as far as an administrator can reach it through the ME: its power, how it
 * boots, its serial line, what it reports and what it consists of. Called by fw/device from
 * device_boot() and device_poll() only; nothing here may block. */

/* ACPI's states, as RemoteControlService numbers them (AMTTOOL). */
enum hal_machine_state {
    HAL_MACHINE_S0,
    HAL_MACHINE_S1,
    HAL_MACHINE_S2,
    HAL_MACHINE_S3,
    HAL_MACHINE_S4,
    HAL_MACHINE_S5,
};

enum hal_machine_command {
    HAL_MACHINE_POWER_UP,
    HAL_MACHINE_POWER_DOWN, /* at once, the operating system is not asked */
    HAL_MACHINE_POWER_CYCLE,
    HAL_MACHINE_RESET,
};

enum hal_boot_source {
    HAL_BOOT_DEFAULT,
    HAL_BOOT_PXE,
    HAL_BOOT_DISK,
    HAL_BOOT_DISK_SAFE,
    HAL_BOOT_DIAGNOSTIC,
    HAL_BOOT_CD,
};

/* What the BIOS is to do at one boot; AMT_BootSettingData's booleans (LMS-cim), as bits. */
enum hal_boot_option {
    HAL_BOOT_SOL = 1 << 0, /* the BIOS shows its text on the serial line, too */
    HAL_BOOT_SAFE_MODE = 1 << 1,
    HAL_BOOT_REFLASH = 1 << 2,
    HAL_BOOT_SETUP = 1 << 3, /* stop in the BIOS set-up */
    HAL_BOOT_PAUSE = 1 << 4,
    HAL_BOOT_LOCK_POWER = 1 << 5,
    HAL_BOOT_LOCK_RESET = 1 << 6,
    HAL_BOOT_LOCK_KEYBOARD = 1 << 7,
    HAL_BOOT_LOCK_SLEEP = 1 << 8,
    HAL_BOOT_BYPASS_PASSWORD = 1 << 9,
    HAL_BOOT_FORCE_PROGRESS = 1 << 10,
    HAL_BOOT_RESET_CONFIG = 1 << 11,
    HAL_BOOT_IDER = 1 << 12,
};

struct hal_boot {
    uint8_t source;      /* enum hal_boot_source */
    uint8_t verbosity;   /* 0 default, 1 quiet, 2 verbose, 3 blank screen (LMS-cim) */
    uint8_t ider_device; /* 0 floppy, 1 CD */
    uint16_t options;    /* HAL_BOOT_ bits */
    uint16_t media;      /* which device of that source; 0 = the default one, 1 = the first */
};

/* A report of the machine to the ME: an event of the ASF kind (DSP0136), without its time. */
struct hal_machine_event {
    uint8_t device, sensor_type, event_type, offset, source, severity, sensor, entity, instance;
    uint8_t data[8];
};

/* What the machine consists of; texts are "" where it does not say. */
struct hal_product {
    const char *manufacturer, *model, *version, *serial;
};

struct hal_memory_module {
    const char *bank, *manufacturer, *serial, *part;
    uint32_t megabytes; /* of 2^20 bytes, here and below */
    uint16_t mhz;
    uint8_t form_factor, type; /* SMBIOS's numbers (DSP0134 7.18) */
};

struct hal_disk {
    const char *model, *serial;
    uint32_t megabytes;
};

struct hal_inventory {
    struct hal_product system, board;
    struct {
        const char *vendor, *version, *date; /* date: 2009-06-30 */
    } bios;
    struct {
        const char *manufacturer, *version;
        uint16_t max_mhz, mhz, family; /* family: SMBIOS's (DSP0134 7.5.2) */
        uint8_t stepping;
    } processor;
    const struct hal_memory_module *memory;
    const struct hal_disk *disk;
    uint8_t memory_count,
        disk_count; /* what exceeds LIMIT_MEMORY_MODULES, LIMIT_DISKS: not shown */
};

struct hal_machine {
    void *ctx;
    enum hal_machine_state (*state)(void *ctx);
    /* Does it with these boot settings, which count for the boot that follows. False: it cannot. */
    bool (*control)(void *ctx, enum hal_machine_command command, const struct hal_boot *boot);
    /* HAL_BOOT_ bits that its BIOS heeds, and the sources it can boot from, a bit each. */
    uint16_t options, sources;
    /* The machine's serial port, which is its COM port for serial over LAN. Return how many bytes
     * were moved; what the machine writes while nobody reads may be lost. */
    size_t (*serial_read)(void *ctx, uint8_t *bytes, size_t cap);
    size_t (*serial_write)(void *ctx, const uint8_t *bytes, size_t len);
    /* Fetches the next report. False: there is none. */
    bool (*report)(void *ctx, struct hal_machine_event *out);
    /* As of its last boot; NULL = nothing is known. */
    const struct hal_inventory *(*inventory)(void *ctx);
};

#endif
