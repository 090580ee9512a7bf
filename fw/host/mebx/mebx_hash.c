// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include "fw/host/mebx/mebx_table.h"
#include "fw/host/mebx/mebx_text.h"

/* Longer hashes came with version 3 of setup.bin (G-usbver: 6.0). */
bool mebx_has_long_hashes(const struct release *release)
{
    return (release->setup_bin.value & SETUP_BIN_V3) != 0;
}

/* 0 = this release has no hash of that length. */
static uint8_t algorithm_of(size_t len, bool long_too)
{
    uint8_t last = long_too ? CERT_HASH_SHA384 : CERT_HASH_SHA1;

    for (uint8_t algorithm = CERT_HASH_SHA1; algorithm <= last; algorithm++)
        if (cert_hash_bytes(algorithm) == len)
            return algorithm;
    return 0;
}

static bool view_hash(const struct mebx *mebx, uint32_t handle, struct hash_view *view)
{
    return settings_find_hash(&mebx->outcome->settings, mebx->release, handle, view);
}

void mebx_hashes_show(const struct mebx *mebx)
{
    struct hash_view view;

    for (uint32_t i = 0; view_hash(mebx, i, &view); i++) {
        uint32_t len = cert_hash_bytes(view.algorithm);

        mebx_print(mebx, "  Hash %u: %s, SHA-%u, %s, %sactive\n    ", i + 1, view.name,
                   view.algorithm == CERT_HASH_SHA1 ? 1u : 8u * len,
                   view.is_default ? "built in" : "added", view.active ? "" : "not ");
        text_print_hex(&mebx->out, view.bytes, len, 2, ' ');
        text_put(&mebx->out, '\n');
    }
}

static void delete_hash(struct settings *s, uint32_t slot)
{
    memset(&s->config.user_hash[slot], 0, sizeof(s->config.user_hash[slot]));
    s->config.user_hash_active &= (uint8_t) ~(1u << slot);
}

enum mebx_refusal mebx_accept_hash_number(struct mebx *mebx)
{
    struct settings *s = &mebx->outcome->settings;
    uint8_t kind = mebx->item->kind;
    int32_t number = mebx_read_number(mebx->line, LIMIT_HASHES);
    struct hash_view view;

    if (number < 1 || !view_hash(mebx, (uint32_t)number - 1, &view))
        return MEBX_NOT_IN_LIST;
    if (kind == MEBX_DELETE_HASH) {
        if (view.is_default)
            return MEBX_BUILT_IN_HASH;
        delete_hash(s, view.bit);
    } else if (view.active == (kind == MEBX_ACTIVATE)) {
        return MEBX_ACCEPTED;
    } else if (view.is_default) {
        s->config.hash_active ^= 1u << view.bit;
    } else {
        s->config.user_hash_active ^= (uint8_t)(1u << view.bit);
    }
    mebx->changed = true;
    return MEBX_ACCEPTED;
}

/* --- adding a hash --- */

static bool is_listed(const struct mebx *mebx, const struct user_hash *hash)
{
    struct hash_view view;

    for (uint32_t i = 0; view_hash(mebx, i, &view); i++)
        if (view.algorithm == hash->algorithm &&
            memcmp(view.bytes, hash->bytes, cert_hash_bytes(hash->algorithm)) == 0)
            return true;
    return false;
}

static uint32_t free_slot(const struct settings *s)
{
    uint32_t slot = 0;

    while (slot < LIMIT_HASHES_USER && s->config.user_hash[slot].algorithm)
        slot++;
    return slot;
}

enum mebx_refusal mebx_accept_hash(struct mebx *mebx)
{
    struct user_hash *hash = &mebx->hash;
    bool long_too = mebx_has_long_hashes(mebx->release);

    memset(hash, 0, sizeof(*hash));
    hash->algorithm =
        algorithm_of(mebx_read_hex(mebx->line, hash->bytes, sizeof(hash->bytes)), long_too);
    if (free_slot(&mebx->outcome->settings) == LIMIT_HASHES_USER)
        return MEBX_HASHES_FULL;
    if (!hash->algorithm)
        return long_too ? MEBX_NO_HASH : MEBX_NO_SHA1;
    if (is_listed(mebx, hash))
        return MEBX_KNOWN_HASH;
    mebx->question = MEBX_HASH_NAME;
    return MEBX_ACCEPTED;
}

enum mebx_refusal mebx_accept_hash_name(struct mebx *mebx)
{
    struct settings *s = &mebx->outcome->settings;
    uint32_t slot = free_slot(s); /* there is one */
    struct user_hash *hash = &s->config.user_hash[slot];

    if (strlen(mebx->line) > LIMIT_HASH_NAME) {
        mebx->question = MEBX_HASH_NAME;
        return MEBX_LONG_HASH_NAME;
    }
    *hash = mebx->hash;
    mebx_set_text(mebx, hash->name, sizeof(hash->name), mebx->line);
    s->config.user_hash_active |= (uint8_t)(1u << slot);
    return MEBX_ACCEPTED;
}
