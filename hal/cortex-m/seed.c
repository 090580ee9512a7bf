#include "hal/cortex-m/cortex-m.h"

#include <string.h>

#include <mbedtls/sha256.h>

#include "board-seed.h" /* made by the Makefile: #define BOARD_SEED "...", "" = none */

#define HASH_BYTES 32u

/* Hash chaining: what is drawn does not tell the pool, and a pool that leaks does not tell what was
 * drawn before (the pool is hashed forward after every draw). */
static struct {
    uint8_t pool[HASH_BYTES];
    uint32_t drawn;
    volatile uint32_t times;
} seed;

extern const char cm_ram_end[], cm_ram_limit[];

static void hash_pool(char purpose, const void *data, size_t len, uint8_t out[HASH_BYTES])
{
    uint32_t mixed[] = {(uint32_t)purpose, seed.drawn++, seed.times, CM_SYST_CVR};
    mbedtls_sha256_context sha;

    mbedtls_sha256_init(&sha);
    mbedtls_sha256_starts_ret(&sha, 0);
    mbedtls_sha256_update_ret(&sha, seed.pool, sizeof(seed.pool));
    mbedtls_sha256_update_ret(&sha, (const unsigned char *)mixed, sizeof(mixed));
    mbedtls_sha256_update_ret(&sha, data, len);
    mbedtls_sha256_finish_ret(&sha, out);
    mbedtls_sha256_free(&sha);
}

void cm_seed_stir(const void *data, size_t len)
{
    hash_pool('s', data, len, seed.pool);
}

void cm_seed_time(void)
{
    uint32_t times = seed.times;

    seed.times = (times << 5 | times >> 27) ^ CM_SYST_CVR;
}

void cm_seed_start(const uint8_t mac[6])
{
    cm_seed_stir(BOARD_SEED, strlen(BOARD_SEED));
    cm_seed_stir(mac, 6);
    cm_seed_stir(cm_ram_end, (size_t)(cm_ram_limit - cm_ram_end));
    cm_seed_stir((const void *)cm_store, CM_STORE_BYTES);
}

static int fill(void *ctx, void *out, size_t len)
{
    uint8_t block[HASH_BYTES], *to = out;

    (void)ctx;
    if (BOARD_SEED[0] == '\0')
        return -1;
    while (len > 0) {
        size_t n = len < sizeof(block) ? len : sizeof(block);

        hash_pool('d', NULL, 0, block);
        memcpy(to, block, n);
        to += n;
        len -= n;
    }
    hash_pool('n', NULL, 0, seed.pool);
    return 0;
}

struct hal_entropy cm_seed_hal(void)
{
    return (struct hal_entropy){NULL, fill};
}
