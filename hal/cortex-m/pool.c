// SPDX-License-Identifier: BSD-3-Clause
#include "hal/cortex-m/pool.h"

#include <string.h>

#include <mbedtls/platform_util.h>
#include <mbedtls/sha256.h>

static void hash(struct cm_pool *pool, char purpose, const void *data, size_t len,
                 struct cm_moment now, uint8_t out[CM_POOL_BYTES])
{
    uint32_t mixed[] = {(uint32_t)purpose, pool->steps++, now.times, now.ticks};
    mbedtls_sha256_context sha;

    mbedtls_sha256_init(&sha);
    mbedtls_sha256_starts_ret(&sha, 0);
    mbedtls_sha256_update_ret(&sha, pool->bytes, sizeof(pool->bytes));
    mbedtls_sha256_update_ret(&sha, (const unsigned char *)mixed, sizeof(mixed));
    mbedtls_sha256_update_ret(&sha, data, len);
    mbedtls_sha256_finish_ret(&sha, out);
    mbedtls_sha256_free(&sha);
}

void cm_pool_stir(struct cm_pool *pool, const void *data, size_t len, struct cm_moment now)
{
    hash(pool, 's', data, len, now, pool->bytes);
}

void cm_pool_open(struct cm_pool *pool, const void *data, size_t len, struct cm_moment now)
{
    cm_pool_stir(pool, data, len, now);
    pool->open = true;
}

int cm_pool_draw(struct cm_pool *pool, void *out, size_t len, struct cm_moment now)
{
    uint8_t block[CM_POOL_BYTES], *to = out;

    if (!pool->open)
        return -1;
    while (len > 0) {
        size_t n = len < sizeof(block) ? len : sizeof(block);

        hash(pool, 'd', NULL, 0, now, block);
        memcpy(to, block, n);
        to += n;
        len -= n;
    }
    mbedtls_platform_zeroize(block, sizeof(block));
    hash(pool, 'n', NULL, 0, now, pool->bytes); /* forward: the way back is lost */
    return 0;
}
