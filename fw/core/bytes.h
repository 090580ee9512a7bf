// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_BYTES_H
#define CORE_BYTES_H

#include <stdint.h>

/* Numbers are read and written byte by byte, whatever the CPU's byte order and alignment. Always
 * inline: only then can a compiler combine the four accesses into one, which is shorter than a
 * call. */
#define BYTES_INLINE static inline __attribute__((always_inline))

BYTES_INLINE uint16_t get_le16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

BYTES_INLINE uint32_t get_le32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

BYTES_INLINE uint16_t get_be16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

BYTES_INLINE uint32_t get_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

BYTES_INLINE void put_le16(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
}

BYTES_INLINE void put_le32(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
    p[2] = (uint8_t)(value >> 16);
    p[3] = (uint8_t)(value >> 24);
}

BYTES_INLINE void put_be16(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

#endif
