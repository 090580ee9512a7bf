#ifndef TESTS_STORE_BATCH_H
#define TESTS_STORE_BATCH_H

#include <stdint.h>
#include <string.h>

#include "fw/store/store.h"

/* An update out of given values. */

struct store_batch {
    uint32_t keys;
    bool erased[32];
    size_t len[32];
    uint8_t value[32][LIMIT_STORE_VALUE + 1];
};

static inline void store_batch_begin(struct store_batch *batch)
{
    batch->keys = 0;
}

static inline void store_batch_put(struct store_batch *batch, uint8_t key, const void *value,
                                   size_t len)
{
    size_t held = len < sizeof(batch->value[key]) ? len : sizeof(batch->value[key]);

    batch->keys |= 1u << key;
    batch->erased[key] = false;
    batch->len[key] = len;
    if (held > 0)
        memcpy(batch->value[key], value, held);
}

static inline void store_batch_erase(struct store_batch *batch, uint8_t key)
{
    batch->keys |= 1u << key;
    batch->erased[key] = true;
}

static inline const void *store_batch_value(void *ctx, uint8_t key, size_t *len)
{
    struct store_batch *batch = ctx;

    *len = batch->len[key];
    return batch->erased[key] ? NULL : batch->value[key];
}

static inline int store_batch_commit(struct store *store, struct store_batch *batch)
{
    struct store_update update = {batch->keys, store_batch_value, batch};

    return store_commit(store, &update);
}

#endif
