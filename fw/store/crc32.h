// SPDX-License-Identifier: BSD-3-Clause
#ifndef STORE_CRC32_H
#define STORE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32 as in IEEE 802.3 (reflected polynomial 0xEDB88320; "123456789" gives 0xCBF43926).
 * To continue, pass the last result; start with 0. */
uint32_t store_crc32(uint32_t crc, const void *data, size_t len);

#endif
