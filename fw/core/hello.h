// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_HELLO_H
#define CORE_HELLO_H

#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"

/* The hello message (G-hello, S1): one per TCP connection, little-endian, no trailer. Addresses and
 * ports are net/hello_sender.h's.
 *   0  u16  1: admin credentials are set; 0: they are not (localized BIOS)
 *   2  u16  version. 1: head only (assumed); 2: PSK; 3: PKI
 *   4  u32  retry
 *   8  16   UUID in SMBIOS order (first three fields little-endian)
 *  24  8    version 2: PID
 *  24  u8   version 3: number of hashes, then each: u8 algorithm, u8 length, bytes */

#define HELLO_HEAD_BYTES 24

enum hello_version { HELLO_V1 = 1, HELLO_V2_PSK = 2, HELLO_V3_PKI = 3 };

enum hello_error {
    HELLO_OK = 0,
    HELLO_TRUNCATED = -1,       /* ends inside a field */
    HELLO_TOO_LONG = -2,        /* bytes after the last field, or too long for the buffer */
    HELLO_BAD_CREDENTIALS = -3, /* first field neither 0 nor 1 */
    HELLO_BAD_VERSION = -4,
    HELLO_BAD_HASH = -5,        /* unknown algorithm, or its length does not belong to it */
    HELLO_TOO_MANY_HASHES = -6, /* more than LIMIT_HELLO_HASHES */
};

struct hello_hash {
    uint8_t algorithm;    /* enum cert_hash_algorithm */
    const uint8_t *bytes; /* after hello_decode(): points into the decoded message */
};

struct hello {
    uint16_t credentials_set;
    uint16_t version;
    uint32_t retry;
    uint8_t uuid[LIMIT_UUID_BYTES]; /* in wire order */
    uint8_t pid[LIMIT_PID];
    uint8_t hash_count;
    struct hello_hash hash[LIMIT_HELLO_HASHES];
};

/* Returns the number of bytes written. On error returns a negative enum hello_error and writes
 * nothing. */
int hello_encode(const struct hello *hello, uint8_t *out, size_t cap);

/* Returns HELLO_OK or a negative enum hello_error. On error *offset is where the faulty field
 * begins, or the length of a message that ends too early, and *out is unchanged. The hashes point
 * into data, which must outlive *out. */
int hello_decode(const uint8_t *data, size_t len, struct hello *out, size_t *offset);

/* A static text without a full stop. */
const char *hello_error_text(int error);

#endif
