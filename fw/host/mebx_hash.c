#include <string.h>

#include "fw/host/mebx_menu.h"
#include "fw/host/mebx_text.h"

/* The longer hashes came together with the third setup.bin format (G-usbver: 6.0). */
bool mebx_has_long_hashes(const struct release *release)
{
    return (release->setup_bin.value & SETUP_BIN_V3) != 0;
}

/* 0 = no hash of that length on this release. */
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
    return settings_hash(&mebx->outcome->settings, mebx->release, handle, view);
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
        mebx_print(mebx, "\n");
    }
}

static void delete_hash(struct settings *s, uint32_t slot)
{
    memset(&s->user_hash[slot], 0, sizeof(s->user_hash[slot]));
    s->user_hash_active &= (uint8_t) ~(1u << slot);
}

const char *mebx_take_hash_number(struct mebx *mebx, const struct mebx_item *item, const char *line)
{
    struct settings *s = &mebx->outcome->settings;
    int32_t number = mebx_read_number(line, LIMIT_HASHES);
    struct hash_view view;

    if (number < 1 || !view_hash(mebx, (uint32_t)number - 1, &view))
        return "the list has no such hash";
    if (item->kind == MEBX_DELETE_HASH) {
        if (view.is_default)
            return "a built-in hash cannot be deleted, only deactivated";
        delete_hash(s, view.bit);
    } else if (view.active == (item->kind == MEBX_ACTIVATE)) {
        return NULL;
    } else if (view.is_default) {
        s->hash_active ^= 1u << view.bit;
    } else {
        s->user_hash_active ^= (uint8_t)(1u << view.bit);
    }
    mebx->changed = true;
    return NULL;
}

/* --- adding one --- */

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

    while (slot < LIMIT_HASHES_USER && s->user_hash[slot].algorithm)
        slot++;
    return slot;
}

const char *mebx_take_hash(struct mebx *mebx, const struct mebx_item *item, const char *line)
{
    struct user_hash *hash = &mebx->hash;
    bool long_too = mebx_has_long_hashes(mebx->release);

    (void)item;
    memset(hash, 0, sizeof(*hash));
    hash->algorithm = algorithm_of(mebx_read_hex(line, hash->bytes, sizeof(hash->bytes)), long_too);
    if (free_slot(&mebx->outcome->settings) == LIMIT_HASHES_USER)
        return "three hashes are added already; delete one of them first";
    if (!hash->algorithm)
        return long_too ? "expected 40, 64 or 96 hexadecimal digits"
                        : "expected 40 hexadecimal digits; this release knows SHA-1 only";
    if (is_listed(mebx, hash))
        return "this hash is in the list already";
    mebx->question = MEBX_HASH_NAME;
    return NULL;
}

const char *mebx_take_hash_name(struct mebx *mebx, const struct mebx_item *item, const char *line)
{
    struct settings *s = &mebx->outcome->settings;
    uint32_t slot = free_slot(s); /* there is one */
    struct user_hash *hash = &s->user_hash[slot];

    (void)item;
    if (strlen(line) > LIMIT_HASH_NAME) {
        mebx->question = MEBX_HASH_NAME;
        return "a hash's name has at most 32 characters";
    }
    *hash = mebx->hash;
    mebx_set_text(mebx, hash->name, sizeof(hash->name), line);
    s->user_hash_active |= (uint8_t)(1u << slot);
    return NULL;
}
