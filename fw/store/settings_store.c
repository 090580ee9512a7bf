#include "fw/store/settings_store.h"

#include <string.h>

#include "fw/core/power.h"
#include "fw/core/setup.h"
#include "fw/core/window.h"

/* Key numbers and layouts are part of the format: SPEC.md. Never reuse a number. */
enum settings_key {
    KEY_SETUP = 0,
    KEY_FLAGS = 1,
    KEY_PASSWORD = 2,
    KEY_PID = 3,
    KEY_PPS = 4,
    KEY_OTP = 5,
    KEY_PKI_SUFFIX = 6,
    KEY_DOMAIN = 7,
    KEY_SERVER_FQDN = 8,
    KEY_SERVER = 9,
    KEY_HASHES_ACTIVE = 10,
    KEY_USER_HASH = 11, /* and the next LIMIT_HASHES_USER - 1 */
    KEY_ME = KEY_USER_HASH + LIMIT_HASHES_USER,
    KEY_ADDRESS = 15,
    KEY_HOST_NAME = 16,
    KEY_NEXT = 17,
};

#define SETUP_BYTES 10u
#define FLAGS_BYTES 3u
#define SERVER_BYTES 6u
#define HASHES_BYTES 5u
#define ME_BYTES 6u
#define ADDRESS_BYTES 21u
#define USER_HASH_HEAD (1u + LIMIT_HASH_BYTES)
#define READ_CHUNK 32u

_Static_assert(KEY_ME == 14, "a user hash more would take another value's number");
_Static_assert(KEY_NEXT <= LIMIT_STORE_KEYS, "settings need more keys than the store has");
/* A user hash is stored as it lies in memory, up to the end of its name. */
_Static_assert(sizeof(struct user_hash) == USER_HASH_HEAD + LIMIT_HASH_NAME + 1 &&
                   offsetof(struct user_hash, name) == USER_HASH_HEAD,
               "struct user_hash has padding");
_Static_assert(KEY_NEXT * 3 + SETUP_BYTES + FLAGS_BYTES + LIMIT_PASSWORD + LIMIT_PID + LIMIT_PPS +
                       LIMIT_OTP + LIMIT_SUFFIX + LIMIT_DOMAIN + LIMIT_FQDN + SERVER_BYTES +
                       HASHES_BYTES + ME_BYTES + ADDRESS_BYTES + LIMIT_HOST_NAME +
                       LIMIT_HASHES_USER * sizeof(struct user_hash) <=
                   LIMIT_STORE_BATCH,
               "all settings at their longest must fit one update");

struct text_field {
    uint8_t key;
    uint16_t at;
    uint16_t size; /* with the NUL */
};

#define TEXT(number, field)                                                                        \
    {                                                                                              \
        number, offsetof(struct settings, field), sizeof(((struct settings *)0)->field)            \
    }

static const struct text_field texts[] = {
    TEXT(KEY_PASSWORD, password),
    TEXT(KEY_PID, pid),
    TEXT(KEY_PPS, pps),
    TEXT(KEY_OTP, otp),
    TEXT(KEY_PKI_SUFFIX, pki_suffix),
    TEXT(KEY_DOMAIN, domain),
    TEXT(KEY_SERVER_FQDN, server_fqdn),
    TEXT(KEY_HOST_NAME, host_name),
};

#define TEXTS (sizeof(texts) / sizeof(texts[0]))

static uint32_t get_u32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void set_u32(uint8_t *p, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(value >> (8 * i));
}

static int read_part(const struct store *store, uint8_t key, size_t from, void *out, size_t len)
{
    const struct hal_flash *flash = store->flash;
    uint32_t at = store->at[key] + (uint32_t)from;

    return flash->read(flash->ctx, at, out, len) == 0 ? STORE_OK : STORE_IO;
}

/* 1: the key holds a value of exactly that length, 0: treat as absent. */
static int load_exact(const struct store *store, uint8_t key, uint8_t *out, size_t want)
{
    if (store->at[key] == 0 || store->len[key] != want)
        return 0;
    return read_part(store, key, 0, out, want) == STORE_OK ? 1 : STORE_IO;
}

/* 1: no NUL in the value from `from` on, 0: there is one. */
static int is_plain_text(const struct store *store, uint8_t key, size_t from)
{
    uint8_t chunk[READ_CHUNK];
    size_t len = store->len[key];

    while (from < len) {
        size_t n = len - from < sizeof(chunk) ? len - from : sizeof(chunk);

        if (read_part(store, key, from, chunk, n) != STORE_OK)
            return STORE_IO;
        if (memchr(chunk, 0, n))
            return 0;
        from += n;
    }
    return 1;
}

/* Reads a value that ends in text into a field of `size` bytes; the rest of the field is zeroed.
 * The field is touched only when head and text fit. */
static int load_text(const struct store *store, uint8_t key, size_t head, void *field, size_t size)
{
    size_t len = store->len[key];
    int r;

    if (store->at[key] == 0 || len < head || len >= size)
        return STORE_OK;
    r = is_plain_text(store, key, head);
    if (r != 1)
        return r;
    memset(field, 0, size);
    return store_get(store, key, field, size - 1, &len);
}

static int load_setup(const struct store *store, struct settings *out)
{
    uint8_t raw[SETUP_BYTES];
    int r = load_exact(store, KEY_SETUP, raw, sizeof(raw));

    if (r != 1)
        return r;
    if (raw[0] >= SETUP_STATES || raw[1] > WINDOW_OPERATIONAL)
        return STORE_OK;
    out->setup_state = raw[0];
    out->window_kind = raw[1];
    out->window_left_s = get_u32(raw + 2);
    out->bmp_left_s = get_u32(raw + 6);
    return STORE_OK;
}

static int load_flags(const struct store *store, struct settings *out)
{
    uint8_t raw[FLAGS_BYTES];
    int r = load_exact(store, KEY_FLAGS, raw, sizeof(raw));

    if (r != 1)
        return r;
    if (raw[0] > MODE_SMB || raw[1] > 1 || raw[2] > 1)
        return STORE_OK;
    out->mode = raw[0];
    out->rcfg_enabled = raw[1] != 0;
    out->password_default = raw[2] != 0;
    return STORE_OK;
}

static int load_server(const struct store *store, struct settings *out)
{
    uint8_t raw[SERVER_BYTES];
    int r = load_exact(store, KEY_SERVER, raw, sizeof(raw));

    if (r != 1)
        return r;
    out->server_ip = get_u32(raw);
    out->server_port = (uint16_t)(raw[4] | raw[5] << 8);
    return STORE_OK;
}

static int load_hashes_active(const struct store *store, struct settings *out)
{
    uint8_t raw[HASHES_BYTES];
    int r = load_exact(store, KEY_HASHES_ACTIVE, raw, sizeof(raw));

    if (r != 1)
        return r;
    out->hash_active = get_u32(raw);
    out->user_hash_active = raw[4];
    return STORE_OK;
}

static int load_me(const struct store *store, struct settings *out)
{
    uint8_t raw[ME_BYTES];
    int r = load_exact(store, KEY_ME, raw, sizeof(raw));

    if (r != 1)
        return r;
    if (raw[0] > MANAGEABILITY_AMT || raw[1] >= POWER_PACKAGES || raw[2] > REDIRECTION_ALL ||
        raw[3] > PASSWORD_ANYTIME)
        return STORE_OK;
    out->manageability = raw[0];
    out->power_package = raw[1];
    out->redirection = raw[2];
    out->password_policy = raw[3];
    out->idle_timeout_min = (uint16_t)(raw[4] | raw[5] << 8);
    return STORE_OK;
}

static int load_address(const struct store *store, struct settings *out)
{
    uint8_t raw[ADDRESS_BYTES];
    int r = load_exact(store, KEY_ADDRESS, raw, sizeof(raw));

    if (r != 1)
        return r;
    if (raw[0] > 1)
        return STORE_OK;
    out->dhcp_enabled = raw[0] != 0;
    out->fixed.ip = get_u32(raw + 1);
    out->fixed.mask = get_u32(raw + 5);
    out->fixed.gateway = get_u32(raw + 9);
    out->fixed.dns1 = get_u32(raw + 13);
    out->fixed.dns2 = get_u32(raw + 17);
    return STORE_OK;
}

static int load_user_hash(const struct store *store, uint8_t key, struct user_hash *out)
{
    uint8_t algorithm;

    if (store->at[key] == 0 || store->len[key] < USER_HASH_HEAD)
        return STORE_OK;
    if (read_part(store, key, 0, &algorithm, 1) != STORE_OK)
        return STORE_IO;
    if (algorithm < CERT_HASH_SHA1 || algorithm > CERT_HASH_SHA384)
        return STORE_OK;
    return load_text(store, key, USER_HASH_HEAD, out, sizeof(*out));
}

int settings_load(const struct store *store, struct settings *out)
{
    int r;

    if (!store->flash)
        return STORE_IO;
    r = load_setup(store, out);
    if (r == STORE_OK)
        r = load_flags(store, out);
    if (r == STORE_OK)
        r = load_server(store, out);
    if (r == STORE_OK)
        r = load_hashes_active(store, out);
    if (r == STORE_OK)
        r = load_me(store, out);
    if (r == STORE_OK)
        r = load_address(store, out);
    for (size_t i = 0; r == STORE_OK && i < TEXTS; i++)
        r = load_text(store, texts[i].key, 0, (uint8_t *)out + texts[i].at, texts[i].size);
    for (uint8_t i = 0; r == STORE_OK && i < LIMIT_HASHES_USER; i++)
        r = load_user_hash(store, (uint8_t)(KEY_USER_HASH + i), &out->user_hash[i]);
    return r;
}

/* 1: the store holds exactly this value, 0: another or none. */
static int is_held(const struct store *store, uint8_t key, const uint8_t *value, size_t len)
{
    uint8_t chunk[READ_CHUNK];

    if (store->at[key] == 0 || store->len[key] != len)
        return 0;
    for (size_t from = 0; from < len;) {
        size_t n = len - from < sizeof(chunk) ? len - from : sizeof(chunk);

        if (read_part(store, key, from, chunk, n) != STORE_OK)
            return STORE_IO;
        if (memcmp(chunk, value + from, n) != 0)
            return 0;
        from += n;
    }
    return 1;
}

static int save_value(const struct store *store, struct store_batch *batch, uint8_t key,
                      const void *value, size_t len)
{
    int r = is_held(store, key, value, len);

    if (r < 0)
        return r;
    if (r == 0)
        store_batch_put(batch, key, value, len);
    return STORE_OK;
}

static void save_absence(const struct store *store, struct store_batch *batch, uint8_t key)
{
    if (store->at[key] != 0)
        store_batch_erase(batch, key);
}

static int save_text(const struct store *store, struct store_batch *batch,
                     const struct text_field *text, const struct settings *next)
{
    const char *value = (const char *)next + text->at;
    const char *end = memchr(value, 0, text->size);

    if (!end)
        return STORE_TOO_LARGE;
    if (end != value)
        return save_value(store, batch, text->key, value, (size_t)(end - value));
    save_absence(store, batch, text->key);
    return STORE_OK;
}

static int save_user_hash(const struct store *store, struct store_batch *batch, uint8_t key,
                          const struct user_hash *hash)
{
    const char *end = memchr(hash->name, 0, sizeof(hash->name));

    if (hash->algorithm == 0) {
        save_absence(store, batch, key);
        return STORE_OK;
    }
    if (!end)
        return STORE_TOO_LARGE;
    return save_value(store, batch, key, hash, USER_HASH_HEAD + (size_t)(end - hash->name));
}

static int save_me(const struct store *store, struct store_batch *batch,
                   const struct settings *next)
{
    const uint8_t raw[ME_BYTES] = {
        next->manageability,
        next->power_package,
        next->redirection,
        next->password_policy,
        (uint8_t)next->idle_timeout_min,
        (uint8_t)(next->idle_timeout_min >> 8),
    };

    return save_value(store, batch, KEY_ME, raw, sizeof(raw));
}

static int save_address(const struct store *store, struct store_batch *batch,
                        const struct settings *next)
{
    uint8_t raw[ADDRESS_BYTES] = {next->dhcp_enabled};

    set_u32(raw + 1, next->fixed.ip);
    set_u32(raw + 5, next->fixed.mask);
    set_u32(raw + 9, next->fixed.gateway);
    set_u32(raw + 13, next->fixed.dns1);
    set_u32(raw + 17, next->fixed.dns2);
    return save_value(store, batch, KEY_ADDRESS, raw, sizeof(raw));
}

static int save_numbers(const struct store *store, struct store_batch *batch,
                        const struct settings *next)
{
    uint8_t setup[SETUP_BYTES] = {next->setup_state, next->window_kind};
    uint8_t flags[FLAGS_BYTES] = {next->mode, next->rcfg_enabled, next->password_default};
    uint8_t server[SERVER_BYTES];
    uint8_t hashes[HASHES_BYTES];
    int r;

    set_u32(setup + 2, next->window_left_s);
    set_u32(setup + 6, next->bmp_left_s);
    set_u32(server, next->server_ip);
    server[4] = (uint8_t)next->server_port;
    server[5] = (uint8_t)(next->server_port >> 8);
    set_u32(hashes, next->hash_active);
    hashes[4] = next->user_hash_active;
    r = save_value(store, batch, KEY_SETUP, setup, sizeof(setup));
    if (r == STORE_OK)
        r = save_value(store, batch, KEY_FLAGS, flags, sizeof(flags));
    if (r == STORE_OK)
        r = save_value(store, batch, KEY_SERVER, server, sizeof(server));
    if (r == STORE_OK)
        r = save_value(store, batch, KEY_HASHES_ACTIVE, hashes, sizeof(hashes));
    if (r == STORE_OK)
        r = save_me(store, batch, next);
    if (r == STORE_OK)
        r = save_address(store, batch, next);
    return r;
}

int settings_save(struct store *store, struct store_batch *scratch, const struct settings *next)
{
    int r;

    if (!store->flash)
        return STORE_IO;
    store_batch_begin(scratch);
    r = save_numbers(store, scratch, next);
    for (size_t i = 0; r == STORE_OK && i < TEXTS; i++)
        r = save_text(store, scratch, &texts[i], next);
    for (uint8_t i = 0; r == STORE_OK && i < LIMIT_HASHES_USER; i++)
        r = save_user_hash(store, scratch, (uint8_t)(KEY_USER_HASH + i), &next->user_hash[i]);
    return r == STORE_OK ? store_commit(store, scratch) : r;
}
