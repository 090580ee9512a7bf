// SPDX-License-Identifier: BSD-3-Clause
#include "fw/store/settings_store.h"

#include <string.h>

#include "fw/core/power.h"
#include "fw/core/setup.h"
#include "fw/core/window.h"
#include "fw/core/wipe.h"
#include "fw/store/boot_count.h"

#define CERTIFICATE_PARTS ((LIMIT_OWN_CERTIFICATE + LIMIT_STORE_VALUE - 1) / LIMIT_STORE_VALUE)

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
    KEY_USER_HASH = 11, /* and the following LIMIT_HASHES_USER - 1 */
    KEY_ME = KEY_USER_HASH + LIMIT_HASHES_USER,
    KEY_ADDRESS = 15,
    KEY_HOST_NAME = 16,
    KEY_SERVICE = 17,
    KEY_ADMIN_USER = 18,
    KEY_ADMIN_DIGEST = 19,
    KEY_OWN_KEY = 20,
    KEY_OWN_CERTIFICATE = 21, /* and the following, in parts of LIMIT_STORE_VALUE bytes */
    KEY_IDENTITY_END = KEY_OWN_CERTIFICATE + CERTIFICATE_PARTS,
    KEY_CERTIFICATE_BY = 27,
    KEY_USERS = 28, /* and the following, LIMIT_USERS_A_VALUE entries each */
    KEY_USERS_END = KEY_USERS + LIMIT_USER_VALUES,
    KEY_NEXT = FW_MACHINE  ? KEY_USERS_END
               : FW_MANAGE ? KEY_CERTIFICATE_BY + 1
                           : KEY_SERVICE,
};

#define USER_HASH_HEAD (1u + LIMIT_HASH_BYTES)
#define NUMBERS_MAX 32u /* the most bytes that the numbers under one key take */

_Static_assert(KEY_ME == 14, "one more user hash would take another value's number");
_Static_assert(KEY_IDENTITY_END <= STORE_KEY_BOOT_COUNT && KEY_NEXT <= LIMIT_STORE_KEYS &&
                   STORE_KEY_BOOT_COUNT < LIMIT_STORE_KEYS,
               "settings need more keys than the store has for them");
/* A user hash is stored as it is in memory, up to the end of its name. */
_Static_assert(sizeof(struct user_hash) == USER_HASH_HEAD + LIMIT_HASH_NAME + 1 &&
                   offsetof(struct user_hash, name) == USER_HASH_HEAD,
               "struct user_hash has padding");
_Static_assert(sizeof(struct user_hash) <= LIMIT_STORE_VALUE && LIMIT_FQDN <= LIMIT_STORE_VALUE,
               "every text fits a value");
_Static_assert(sizeof(bool) == 1, "a flag is a number of one byte");
#if FW_MACHINE
_Static_assert(LIMIT_USERS_A_VALUE * sizeof(struct user) <= LIMIT_STORE_VALUE,
               "a value holds that many users");
#endif

/* The kind of a field: a number of that many bytes, or a text. */
enum { TEXT = 0, U8 = 1, U16 = 2, U32 = 4, USER_HASH = 5 };

#define OPTIONAL 1 /* values of an earlier firmware end before it: then it is as in the factory */

/* A key's value consists of its fields in this order. */
static const struct field {
    uint16_t at;
    uint8_t key : 5, kind : 3;
    uint8_t max; /* of a U8; the length of the longest text; of the last U32 perhaps OPTIONAL */
} fields[] = {
#define AT(field) offsetof(struct settings, field)
    {AT(machine.setup_state), KEY_SETUP, U8, SETUP_PROVISIONED},
    {AT(machine.window_kind), KEY_SETUP, U8, WINDOW_OPERATIONAL},
    {AT(machine.window_left_s), KEY_SETUP, U32, 0},
    {AT(machine.bmp_left_s), KEY_SETUP, U32, 0},
    {AT(config.mode), KEY_FLAGS, U8, MODE_SMB},
    {AT(config.rcfg_enabled), KEY_FLAGS, U8, true},
    {AT(secret.password_default), KEY_FLAGS, U8, true},
    {AT(secret.password), KEY_PASSWORD, TEXT, LIMIT_PASSWORD},
    {AT(secret.pid), KEY_PID, TEXT, LIMIT_PID},
    {AT(secret.pps), KEY_PPS, TEXT, LIMIT_PPS},
    {AT(secret.otp), KEY_OTP, TEXT, LIMIT_OTP_MAX},
    {AT(config.pki_suffix), KEY_PKI_SUFFIX, TEXT, LIMIT_PKI_SUFFIX},
    {AT(config.domain), KEY_DOMAIN, TEXT, LIMIT_DOMAIN},
    {AT(config.server_fqdn), KEY_SERVER_FQDN, TEXT, LIMIT_FQDN},
    {AT(config.server_ip), KEY_SERVER, U32, 0},
    {AT(config.server_port), KEY_SERVER, U16, 0},
    {AT(config.hash_active), KEY_HASHES_ACTIVE, U32, 0},
    {AT(config.user_hash_active), KEY_HASHES_ACTIVE, U8, UINT8_MAX},
    {AT(config.hash_erased), KEY_HASHES_ACTIVE, U32, OPTIONAL},
    {AT(config.user_hash[0]), KEY_USER_HASH, USER_HASH, LIMIT_HASH_NAME},
    {AT(config.user_hash[1]), KEY_USER_HASH + 1, USER_HASH, LIMIT_HASH_NAME},
    {AT(config.user_hash[2]), KEY_USER_HASH + 2, USER_HASH, LIMIT_HASH_NAME},
    {AT(me.manageability), KEY_ME, U8, MANAGEABILITY_AMT},
    {AT(me.power_package), KEY_ME, U8, POWER_PACKAGES - 1},
    {AT(config.redirection), KEY_ME, U8, REDIRECTION_ALL | REDIRECTION_LEGACY},
    {AT(config.password_policy), KEY_ME, U8, PASSWORD_ANYTIME},
    {AT(me.idle_timeout_min), KEY_ME, U16, 0},
    {AT(config.dhcp_enabled), KEY_ADDRESS, U8, true},
    {AT(config.fixed.ip), KEY_ADDRESS, U32, 0},
    {AT(config.fixed.mask), KEY_ADDRESS, U32, 0},
    {AT(config.fixed.gateway), KEY_ADDRESS, U32, 0},
    {AT(config.fixed.dns1), KEY_ADDRESS, U32, 0},
    {AT(config.fixed.dns2), KEY_ADDRESS, U32, 0},
    {AT(config.host_name), KEY_HOST_NAME, TEXT, LIMIT_HOST_NAME},
#if FW_MANAGE
    {AT(config.tls_off), KEY_SERVICE, U8, true},
    {AT(config.own_identity), KEY_SERVICE, U8, true},
    {AT(config.redirect_service), KEY_SERVICE, U32, OPTIONAL},
    {AT(secret.admin_user), KEY_ADMIN_USER, TEXT, LIMIT_ADMIN_USER},
    {AT(secret.admin_digest), KEY_ADMIN_DIGEST, TEXT, LIMIT_DIGEST_DIGITS},
    {AT(me.certificate_by), KEY_CERTIFICATE_BY, TEXT, LIMIT_VERSION},
#endif
#undef AT
};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static bool is_text(const struct field *field)
{
    return field->kind == TEXT || field->kind == USER_HASH;
}

/* The bytes before the text: in a user hash, before its name. */
static size_t text_head(const struct field *field)
{
    return field->kind == USER_HASH ? USER_HASH_HEAD : 0;
}

/* The place in memory of byte `i` of a number; on flash the lowest byte comes first. */
static size_t byte_at(const struct field *field, size_t i)
{
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? field->kind - 1u - i : i;
}

/* --- loading --- */

/* False: empty, too long, containing a NUL, or a hash of an unknown algorithm. */
static bool read_text(const struct field *field, const uint8_t *value, size_t len,
                      struct settings *out)
{
    size_t head = text_head(field), size = head + field->max;
    uint8_t *place = (uint8_t *)out + field->at;

    if (len == 0 || len < head || len > size || memchr(value + head, 0, len - head))
        return false;
    if (head > 0 && (value[0] < CERT_HASH_SHA1 || value[0] > CERT_HASH_SHA384))
        return false;
    memset(place, 0, size + 1);
    memcpy(place, value, len);
    return true;
}

/* Reads a key's numbers. False: one is out of its range, or the value's length is wrong. */
static bool read_numbers(const struct field *field, const uint8_t *value, size_t len,
                         struct settings *out)
{
    const uint8_t *end = value + len;
    uint8_t key = field->key;

    for (; field < fields + FIELDS && field->key == key; field++) {
        if (value == end && field->kind == U32 && field->max == OPTIONAL)
            break;
        if (end - value < field->kind || (field->kind == U8 && *value > field->max))
            return false;
        for (size_t i = 0; i < field->kind; i++)
            ((uint8_t *)out)[field->at + byte_at(field, i)] = value[i];
        value += field->kind;
    }
    return value == end;
}

/* Whether every save writes it: numbers, and the password, which is never empty. A firmware without
 * the configuration service does not write that service's keys. */
static bool is_required(const struct field *field)
{
    return field->key == KEY_PASSWORD || (!is_text(field) && field->key < KEY_SERVICE);
}

/* A key that a save writes or erases. */
static bool is_settings_key(uint8_t key)
{
    return !FW_MANAGE || key != STORE_KEY_BOOT_COUNT;
}

/* No settings have been saved yet. */
static bool has_no_settings(const struct store *store)
{
    for (uint8_t key = 0; key < KEY_NEXT; key++)
        if (is_settings_key(key) && store->at[key] != 0)
            return false;
    return true;
}

static bool has_identity(const struct store *store, const struct settings *s)
{
#if FW_MANAGE
    return !s->config.own_identity ||
           (store->at[KEY_OWN_KEY] != 0 && store->at[KEY_OWN_CERTIFICATE] != 0);
#else
    (void)store;
    (void)s;
    return true;
#endif
}

#if FW_MACHINE
static bool is_users_key(uint8_t key)
{
    return key >= KEY_USERS;
}

/* How many entries a key has room for: the last one may have fewer than the others. */
static size_t users_of_key(uint8_t key)
{
    size_t left = USERS - (size_t)(key - KEY_USERS) * LIMIT_USERS_A_VALUE;

    return left < LIMIT_USERS_A_VALUE ? left : LIMIT_USERS_A_VALUE;
}

static int load_users(const struct store *store, uint8_t value[LIMIT_STORE_VALUE],
                      struct settings *out)
{
    struct user *entry = out->secret.users.entry;

    wipe(&out->secret.users, sizeof(out->secret.users));
    for (uint8_t key = KEY_USERS; key < KEY_USERS_END; key++) {
        size_t len = 0;
        int r = store_get(store, key, value, LIMIT_STORE_VALUE, &len);

        if (r != STORE_OK && r != STORE_MISSING)
            return r;
        if (len % sizeof(*entry) != 0 || len > users_of_key(key) * sizeof(*entry))
            return STORE_CORRUPT;
        memcpy(entry, value, len);
        entry += LIMIT_USERS_A_VALUE;
    }
    return users_are_valid(&out->secret.users) ? STORE_OK : STORE_CORRUPT;
}

/* Up to the last entry in use. */
static const void *users_value(const struct settings *s, uint8_t key, size_t *len)
{
    const struct user *first =
        &s->secret.users.entry[(size_t)(key - KEY_USERS) * LIMIT_USERS_A_VALUE];
    size_t n = users_of_key(key);

    while (n > 0 && !user_is_there(&first[n - 1]))
        n--;
    *len = n * sizeof(*first);
    return n > 0 ? first : NULL;
}
#endif

/* Loads the key whose first field this is. */
static int load_key(const struct store *store, const struct field *field,
                    uint8_t value[LIMIT_STORE_VALUE], struct settings *out)
{
    size_t len;
    int r = store_get(store, field->key, value, LIMIT_STORE_VALUE, &len);
    bool good;

    if (r == STORE_MISSING && is_required(field))
        return STORE_CORRUPT;
    if (r == STORE_MISSING) {
        if (is_text(field))
            memset((uint8_t *)out + field->at, 0, text_head(field) + field->max + 1u);
        return STORE_OK;
    }
    if (r != STORE_OK)
        return r;
    good =
        is_text(field) ? read_text(field, value, len, out) : read_numbers(field, value, len, out);
    return good ? STORE_OK : STORE_CORRUPT;
}

int settings_load(const struct store *store, struct settings *out)
{
    uint8_t value[LIMIT_STORE_VALUE];
    int r = store->flash ? STORE_OK : STORE_IO;

    if (r == STORE_OK && has_no_settings(store))
        return STORE_OK;
    for (const struct field *field = fields; r == STORE_OK && field < fields + FIELDS; field++)
        if (field == fields || field->key != field[-1].key)
            r = load_key(store, field, value, out);
#if FW_MACHINE
    if (r == STORE_OK)
        r = load_users(store, value, out);
#endif
    if (r == STORE_OK && !has_identity(store, out))
        r = STORE_CORRUPT;
    wipe(value, sizeof(value));
    return r;
}

/* --- saving --- */

struct source {
    const struct settings *settings;
#if FW_MANAGE
    const struct own_identity *identity;
#endif
    uint8_t numbers[NUMBERS_MAX];
};

#if FW_MANAGE
static const void *identity_value(const struct source *source, uint8_t key, size_t *len)
{
    const struct own_identity *id = source->identity;
    size_t at = (size_t)(key - KEY_OWN_CERTIFICATE) * LIMIT_STORE_VALUE;

    *len = 0;
    if (!source->settings->config.own_identity || !id)
        return NULL;
    if (key == KEY_OWN_KEY) {
        *len = id->key_len;
        return id->key;
    }
    if (at >= id->certificate_len)
        return NULL;
    *len = id->certificate_len - at;
    if (*len > LIMIT_STORE_VALUE)
        *len = LIMIT_STORE_VALUE;
    return id->certificate + at;
}

static bool is_identity_key(uint8_t key)
{
    return key >= KEY_OWN_KEY && key < KEY_IDENTITY_END;
}

/* The stored identity stays if the settings have one and none is passed. */
static bool keeps_stored(const struct source *source, uint8_t key)
{
    return is_identity_key(key) && source->settings->config.own_identity && !source->identity;
}
#else
static inline bool keeps_stored(const struct source *source, uint8_t key)
{
    (void)source;
    (void)key;
    return false;
}
#endif

static const void *value_of(void *ctx, uint8_t key, size_t *len)
{
    struct source *source = ctx;
    uint8_t *out = source->numbers;

#if FW_MANAGE
    if (is_identity_key(key))
        return identity_value(source, key, len);
#endif
#if FW_MACHINE
    if (is_users_key(key))
        return users_value(source->settings, key, len);
#endif
    for (const struct field *field = fields; field < fields + FIELDS; field++) {
        const uint8_t *place = (const uint8_t *)source->settings + field->at;
        const uint8_t *end;

        if (field->key != key)
            continue;
        if (is_text(field)) {
            end = memchr(place + text_head(field), 0, field->max + 1u);
            *len = end ? (size_t)(end - place) : LIMIT_STORE_VALUE + 1;
            return place[0] ? place : NULL;
        }
        for (size_t i = 0; i < field->kind; i++)
            *out++ = place[byte_at(field, i)];
    }
    *len = (size_t)(out - source->numbers);
    return source->numbers;
}

static int save(struct store *store, struct source *source)
{
    struct store_update update = {.value = value_of, .ctx = source};

    if (!store->flash)
        return STORE_IO;
    for (uint8_t key = 0; key < KEY_NEXT; key++) {
        size_t len;
        const void *value;
        int held;

        if (!is_settings_key(key) || keeps_stored(source, key))
            continue;
        value = value_of(source, key, &len);
        held = store_holds(store, key, value, len);
        if (held < 0)
            return held;
        if (held == 0)
            update.keys |= STORE_KEY(key);
    }
    return store_commit(store, &update);
}

int settings_save(struct store *store, const struct settings *settings)
{
    return save(store, &(struct source){.settings = settings});
}

#if FW_MANAGE
int settings_save_identity(struct store *store, const struct settings *settings,
                           const struct own_identity *identity)
{
    return save(store, &(struct source){.settings = settings, .identity = identity});
}

/* The certificate's parts are full except the last, and no part follows that. */
static int load_certificate(const struct store *store, uint8_t certificate[LIMIT_OWN_CERTIFICATE],
                            size_t *length)
{
    bool more = true;

    *length = 0;
    for (uint8_t i = 0; i < CERTIFICATE_PARTS; i++) {
        size_t len = 0;
        int r = store_get(store, (uint8_t)(KEY_OWN_CERTIFICATE + i), certificate + *length,
                          LIMIT_OWN_CERTIFICATE - *length, &len);

        if (r != STORE_OK && r != STORE_MISSING)
            return r == STORE_TOO_LARGE ? STORE_CORRUPT : r;
        if (r == STORE_OK && (!more || len == 0))
            return STORE_CORRUPT;
        more = len == LIMIT_STORE_VALUE;
        *length += len;
    }
    return STORE_OK;
}

int settings_load_identity(const struct store *store, uint8_t key[LIMIT_OWN_KEY], size_t *key_len,
                           uint8_t certificate[LIMIT_OWN_CERTIFICATE], size_t *certificate_len)
{
    int r = store_get(store, KEY_OWN_KEY, key, LIMIT_OWN_KEY, key_len);
    bool no_key = r == STORE_MISSING;

    if (r != STORE_OK && !no_key)
        return r;
    if (!no_key && (*key_len == 0 || *key_len % 2 != 0))
        return STORE_CORRUPT;
    r = load_certificate(store, certificate, certificate_len);
    if (r == STORE_OK && no_key != (*certificate_len == 0))
        r = STORE_CORRUPT;
    return r == STORE_OK && no_key ? STORE_MISSING : r;
}
#endif
