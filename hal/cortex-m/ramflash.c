// SPDX-License-Identifier: BSD-3-Clause
#include "hal/cortex-m/cortex-m.h"

#define ERASED 0xFFFFFFFFu

static bool outside(uint32_t offset, size_t len)
{
    return offset > CM_STORE_BYTES || len > CM_STORE_BYTES - offset;
}

static int read(void *ctx, uint32_t offset, void *out, size_t len)
{
    const volatile uint8_t *from = (const volatile uint8_t *)cm_store + offset;
    uint8_t *to = out;

    (void)ctx;
    if (outside(offset, len))
        return -1;
    while (len-- > 0)
        *to++ = *from++;
    return 0;
}

/* Word by word in ascending order, as a flash controller does it. */
static int program(void *ctx, uint32_t offset, const void *data, size_t len)
{
    const uint8_t *from = data;

    (void)ctx;
    if (outside(offset, len) || offset % 4 || len % 4)
        return -1;
    for (volatile uint32_t *to = cm_store + offset / 4; len > 0; to++, from += 4, len -= 4) {
        if (*to != ERASED)
            return -1;
        *to = from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
    }
    return 0;
}

static int erase(void *ctx, uint32_t sector)
{
    volatile uint32_t *to = cm_store + sector * (CM_SECTOR_BYTES / 4);

    (void)ctx;
    if (sector >= CM_SECTORS)
        return -1;
    for (uint32_t i = 0; i < CM_SECTOR_BYTES / 4; i++)
        to[i] = ERASED;
    return 0;
}

struct hal_flash cm_ramflash(void)
{
    return (struct hal_flash){.sector_bytes = CM_SECTOR_BYTES,
                              .sector_count = CM_SECTORS,
                              .program_unit = 4,
                              .read = read,
                              .program = program,
                              .erase = erase};
}
