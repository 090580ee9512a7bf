// SPDX-License-Identifier: BSD-3-Clause
#ifndef HAL_FLASH_H
#define HAL_FLASH_H

#include <stddef.h>
#include <stdint.h>

/* One region of NOR-like flash that the firmware owns alone. Erased bytes read 0xFF; programming
 * can only be done once per program unit between two erases. Called by fw/store only. A power cut
 * may leave an interrupted program with any prefix of its bytes written, and an interrupted erase
 * with any mixture of old and erased bytes; what was completed before stays. */
struct hal_flash {
    void *ctx;
    uint32_t sector_bytes; /* erase unit */
    uint32_t sector_count; /* at least 2 */
    uint32_t program_unit; /* offset and length of a program are multiples of it; 1..16 */
    /* offset counts from the region's start. All return 0, or -1 on a device error. */
    int (*read)(void *ctx, uint32_t offset, void *out, size_t len);
    int (*program)(void *ctx, uint32_t offset, const void *data, size_t len);
    int (*erase)(void *ctx, uint32_t sector);
};

#endif
