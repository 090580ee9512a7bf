// SPDX-License-Identifier: BSD-3-Clause
#include "fw/store/boot_count.h"

#include "fw/core/bytes.h"

#define COUNT_BYTES 4u

static const void *count_value(void *ctx, uint8_t key, size_t *len)
{
    (void)key;
    *len = COUNT_BYTES;
    return ctx;
}

int store_boot_count(struct store *store, uint32_t *count)
{
    uint8_t value[COUNT_BYTES] = {0};
    const struct store_update update = {1u << STORE_KEY_BOOT_COUNT, count_value, value};
    size_t len = COUNT_BYTES;
    int r = store_get(store, STORE_KEY_BOOT_COUNT, value, COUNT_BYTES, &len);

    if (r == STORE_TOO_LARGE || len != COUNT_BYTES)
        return STORE_CORRUPT;
    if (r != STORE_OK && r != STORE_MISSING)
        return r;
    put_le32(value, get_le32(value) + 1);
    r = store_commit(store, &update);
    if (r == STORE_OK)
        *count = get_le32(value);
    return r;
}
