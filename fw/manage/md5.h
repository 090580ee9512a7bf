// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_MD5_H
#define MANAGE_MD5_H

#include <stddef.h>
#include <stdint.h>

#define MD5_BYTES 16

struct md5_part {
    const void *bytes;
    size_t len;
};

/* The MD5 of the concatenated parts. Only for HTTP digest (RFC 2617). */
void md5_of(const struct md5_part *part, size_t parts, uint8_t out[MD5_BYTES]);

#endif
