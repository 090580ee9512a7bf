// SPDX-License-Identifier: BSD-3-Clause
#include "fw/store/crc32.h"

#define POLYNOMIAL 0xEDB88320u

/* Bit by bit: the time that a table would save at a mount is not worth its flash. */
uint32_t store_crc32(uint32_t crc, const void *data, size_t len)
{
    const uint8_t *bytes = data;

    crc = ~crc;
    for (; len > 0; len--) {
        crc ^= *bytes++;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1u ? crc >> 1 ^ POLYNOMIAL : crc >> 1;
    }
    return ~crc;
}
