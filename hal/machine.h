// SPDX-License-Identifier: BSD-3-Clause
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/machine_types.h"

/* The PC behind the ME, as far as an administrator can reach it through the ME: its power, how it
 * boots, its serial line, what it reports and what it consists of. Called by fw/device from
 * device_boot() and device_poll() only; nothing here may block. */

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
    enum machine_state (*state)(void *ctx);
    /* Does it with these boot settings, which count for the boot that follows. False: it cannot. */
    bool (*control)(void *ctx, enum machine_command command, const struct boot_settings *boot);
    /* BOOT_ bits that its BIOS heeds, and the sources it can boot from, a bit each. */
    uint16_t options, sources;
    /* The machine's serial port, which is its COM port for serial over LAN. Return how many bytes
     * were moved; what the machine writes while nobody reads may be lost. */
    size_t (*serial_read)(void *ctx, uint8_t *bytes, size_t cap);
    size_t (*serial_write)(void *ctx, const uint8_t *bytes, size_t len);
    /* Fetches the next report. False: there is none. */
    bool (*report)(void *ctx, struct machine_event *out);
    /* As of its last boot; NULL = nothing is known. */
    const struct hal_inventory *(*inventory)(void *ctx);
};

#endif
