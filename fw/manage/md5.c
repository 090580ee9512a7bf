// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/md5.h"

#include <mbedtls/md5.h>

void md5_of(const struct md5_part *part, size_t parts, uint8_t out[MD5_BYTES])
{
    mbedtls_md5_context md5;

    mbedtls_md5_init(&md5);
    mbedtls_md5_starts_ret(&md5);
    for (size_t i = 0; i < parts; i++)
        mbedtls_md5_update_ret(&md5, part[i].bytes, part[i].len);
    mbedtls_md5_finish_ret(&md5, out);
    mbedtls_md5_free(&md5); /* it has seen a password */
}
