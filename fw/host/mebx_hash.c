#include <string.h>

#include "fw/host/mebx_menu.h"
#include "fw/host/mebx_text.h"

#define STEP_FIRST 0

static const char *algorithm_name(uint8_t algorithm)
{
    switch (algorithm) {
    case CERT_HASH_SHA1:
        return "SHA-1";
    case CERT_HASH_SHA256:
        return "SHA-256";
    default:
        return "SHA-384";
    }
}

/* The longer hashes came together with the third setup.bin format (G-usbver: 6.0). */
static bool has_long_hashes(const struct release *release)
{
    return (release->setup_bin.value & SETUP_BIN_V3) != 0;
}

/* 0 = no hash of that length on this release. */
static uint8_t algorithm_of(const struct release *release, size_t len)
{
    uint8_t last = has_long_hashes(release) ? CERT_HASH_SHA384 : CERT_HASH_SHA1;

    for (uint8_t algorithm = CERT_HASH_SHA1; algorithm <= last; algorithm++)
        if (cert_hash_bytes(algorithm) == len)
            return algorithm;
    return 0;
}

void mebx_hashes_show(const struct mebx *mebx)
{
    struct hash_view view;

    for (uint32_t i = 0; settings_hash(&mebx->outcome.settings, mebx->release, i, &view); i++) {
        mebx_put(mebx, "  Hash ");
        mebx_put_number(mebx, i + 1);
        mebx_put(mebx, ": ");
        mebx_put(mebx, view.name);
        mebx_put(mebx, ", ");
        mebx_put(mebx, algorithm_name(view.algorithm));
        mebx_put(mebx, view.is_default ? ", built in" : ", added");
        mebx_put(mebx, view.active ? ", active\n    " : ", not active\n    ");
        mebx_put_hex(mebx, view.bytes, cert_hash_bytes(view.algorithm));
        mebx_put(mebx, "\n");
    }
}

static void ask_hash_number(const struct mebx *mebx, const struct mebx_item *item)
{
    (void)item;
    mebx_put(mebx, "Hash number (empty: none): ");
}

/* The slot of the nth user hash in use. */
static uint32_t slot_of(const struct settings *s, uint32_t nth)
{
    uint32_t slot = 0;

    for (; slot + 1 < LIMIT_HASHES_USER; slot++)
        if (s->user_hash[slot].algorithm && nth-- == 0)
            break;
    return slot;
}

static uint32_t built_in_count(const struct mebx *mebx)
{
    struct hash_view view;
    uint32_t count = 0;

    while (settings_hash(&mebx->outcome.settings, mebx->release, count, &view) && view.is_default)
        count++;
    return count;
}

/* Reads the number of a hash in the list. False: nothing is to be done, and why is said. */
static bool read_handle(const struct mebx *mebx, const char *line, uint32_t *handle)
{
    uint32_t count = settings_hash_count(&mebx->outcome.settings, mebx->release), number;

    if (line[0] == '\0')
        return false;
    if (!mebx_read_number(line, 1, count, &number)) {
        mebx_refuse(mebx, "the list has no such hash");
        return false;
    }
    *handle = number - 1;
    return true;
}

static enum mebx_next take_hash_switch(struct mebx *mebx, const struct mebx_item *item,
                                       const char *line)
{
    struct settings *s = &mebx->outcome.settings;
    uint32_t handle, built_in = built_in_count(mebx), before = s->hash_active;
    uint8_t user_before = s->user_hash_active, user_bit;

    if (!read_handle(mebx, line, &handle))
        return MEBX_DONE;
    if (handle < built_in) {
        s->hash_active &= ~(1u << handle);
        s->hash_active |= (uint32_t)item->arg << handle;
    } else {
        user_bit = (uint8_t)(1u << slot_of(s, handle - built_in));
        s->user_hash_active &= (uint8_t)~user_bit;
        s->user_hash_active |= item->arg ? user_bit : 0;
    }
    mebx->changed |= s->hash_active != before || s->user_hash_active != user_before;
    return MEBX_DONE;
}

const struct mebx_kind mebx_kind_hash_switch = {.ask = ask_hash_number, .take = take_hash_switch};

static enum mebx_next take_hash_delete(struct mebx *mebx, const struct mebx_item *item,
                                       const char *line)
{
    struct settings *s = &mebx->outcome.settings;
    uint32_t handle, built_in = built_in_count(mebx), slot;

    (void)item;
    if (!read_handle(mebx, line, &handle))
        return MEBX_DONE;
    if (handle < built_in) {
        mebx_refuse(mebx, "a built-in hash cannot be deleted, only deactivated");
        return MEBX_DONE;
    }
    slot = slot_of(s, handle - built_in);
    memset(&s->user_hash[slot], 0, sizeof(s->user_hash[slot]));
    s->user_hash_active &= (uint8_t) ~(1u << slot);
    mebx->changed = true;
    return MEBX_DONE;
}

const struct mebx_kind mebx_kind_hash_delete = {.ask = ask_hash_number, .take = take_hash_delete};

/* --- adding one --- */

static bool is_listed(const struct mebx *mebx, uint8_t algorithm, const uint8_t *bytes)
{
    struct hash_view view;

    for (uint32_t i = 0; settings_hash(&mebx->outcome.settings, mebx->release, i, &view); i++)
        if (view.algorithm == algorithm &&
            memcmp(view.bytes, bytes, cert_hash_bytes(algorithm)) == 0)
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

static void ask_hash_add(const struct mebx *mebx, const struct mebx_item *item)
{
    (void)item;
    if (mebx->step != STEP_FIRST)
        mebx_put(mebx, "Name (empty: do not add): ");
    else if (has_long_hashes(mebx->release))
        mebx_put(mebx, "SHA-1, SHA-256 or SHA-384 hash in hexadecimal (empty: none): ");
    else
        mebx_put(mebx, "SHA-1 hash in hexadecimal (empty: none): ");
}

static enum mebx_next take_hash_digits(struct mebx *mebx, const char *line)
{
    uint8_t bytes[LIMIT_HASH_BYTES], algorithm;

    if (line[0] == '\0')
        return MEBX_DONE;
    algorithm = algorithm_of(mebx->release, mebx_read_hex(line, bytes, sizeof(bytes)));
    if (free_slot(&mebx->outcome.settings) == LIMIT_HASHES_USER)
        mebx_refuse(mebx, "three hashes are added already; delete one of them first");
    else if (!algorithm && has_long_hashes(mebx->release))
        mebx_refuse(mebx, "expected 40, 64 or 96 hexadecimal digits");
    else if (!algorithm)
        mebx_refuse(mebx, "expected 40 hexadecimal digits; this release knows SHA-1 only");
    else if (is_listed(mebx, algorithm, bytes))
        mebx_refuse(mebx, "this hash is in the list already");
    else {
        memcpy(mebx->answer, line, strlen(line) + 1);
        return MEBX_MORE;
    }
    return MEBX_DONE;
}

static enum mebx_next take_hash_add(struct mebx *mebx, const struct mebx_item *item,
                                    const char *line)
{
    struct settings *s = &mebx->outcome.settings;
    uint32_t slot = free_slot(s);
    struct user_hash *hash;
    size_t len;

    (void)item;
    if (mebx->step == STEP_FIRST)
        return take_hash_digits(mebx, line);
    if (line[0] == '\0' || slot == LIMIT_HASHES_USER)
        return MEBX_DONE;
    if (strlen(line) > LIMIT_HASH_NAME) {
        mebx_refuse(mebx, "a hash's name has at most 32 characters");
        return MEBX_AGAIN;
    }
    hash = &s->user_hash[slot];
    memset(hash, 0, sizeof(*hash));
    len = mebx_read_hex(mebx->answer, hash->bytes, sizeof(hash->bytes));
    hash->algorithm = algorithm_of(mebx->release, len);
    memcpy(hash->name, line, strlen(line));
    s->user_hash_active |= (uint8_t)(1u << slot);
    mebx->changed = true;
    return MEBX_DONE;
}

const struct mebx_kind mebx_kind_hash_add = {.ask = ask_hash_add, .take = take_hash_add};
