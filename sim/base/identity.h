// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_IDENTITY_H
#define SIM_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"

/* What tells one device from another. */

#define IDENTITY_UUID "11223344-5566-7788-99aa-bbccddeeff00"
#define IDENTITY_MAC "02:a3:7e:00:00:01"

#define IDENTITY_UUID_TEXT 36 /* characters of the text form */

/* 8-4-4-4-12 hexadecimal digits; wire order keeps the first three fields little-endian (SMBIOS).
 * False: not a UUID. */
bool identity_parse_uuid(const char *text, uint8_t wire[LIMIT_UUID_BYTES]);
void identity_uuid_text(const uint8_t wire[LIMIT_UUID_BYTES], char out[IDENTITY_UUID_TEXT + 1]);
/* Six bytes as two hexadecimal digits each, with colons between. False: not that, or a group's
 * address, or all zero. */
bool identity_parse_mac(const char *text, uint8_t mac[LIMIT_MAC_BYTES]);

#endif
