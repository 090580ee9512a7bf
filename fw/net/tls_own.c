#include "fw/net/tls_own.h"

#include <string.h>

#include <mbedtls/platform.h>

#include "fw/core/status.h"
#include "fw/core/wipe.h"
#include "fw/net/tls_identity.h"

/* --- in use --- */

static void free_identity(struct tls_identity **identity)
{
    if (*identity) {
        tls_identity_free(*identity);
        mbedtls_free(*identity);
    }
    *identity = NULL;
}

#if FW_MANAGE
/* What was committed comes back from the store. */
static bool load(struct tls_keys *k)
{
    uint8_t *bytes = mbedtls_calloc(1, LIMIT_OWN_KEY + LIMIT_OWN_CERTIFICATE);
    uint8_t *certificate = bytes ? bytes + LIMIT_OWN_KEY : NULL;
    size_t key_len, certificate_len;
    bool good = bytes && k->stored &&
                k->stored(k->ctx, bytes, &key_len, certificate, &certificate_len) == 0;

    good = good && tls_identity_load(k->identity, bytes, key_len, certificate, certificate_len,
                                     k->entropy) == PT_STATUS_SUCCESS;
    good = good && tls_identity_warm_up(k->identity);
    if (bytes)
        wipe(bytes, LIMIT_OWN_KEY);
    mbedtls_free(bytes);
    return good;
}
#endif

/* False: no memory, or the stored one cannot be read. */
static bool new_identity(struct tls_keys *k)
{
    k->identity = mbedtls_calloc(1, sizeof(*k->identity));
    if (!k->identity)
        return false;
#if FW_MANAGE
    if (k->settings->config.own_identity)
        return load(k);
#endif
    tls_identity_begin(k->identity, (uint16_t)k->release->own_key_bits.value, k->entropy);
    return true;
}

/* The device's own key is made when the first client needs it. */
int tls_own_prepare(struct tls_keys *k)
{
    enum tls_identity_state state = TLS_IDENTITY_FAILED;

    if (k->identity || new_identity(k))
        state = tls_identity_step(k->identity);
    if (state == TLS_IDENTITY_FAILED)
        free_identity(&k->identity);
    return state;
}

/* --- pending --- */

/* Only what is stored at a commit: a key that is ready for use takes some 5 KB. */
struct tls_given {
    uint8_t primes[LIMIT_OWN_KEY];
    size_t primes_len;
    size_t certificate_len; /* 0 = there is none yet */
    size_t public_at, public_len;
    uint8_t certificate[LIMIT_OWN_CERTIFICATE];
};

static void free_given(struct tls_given **given)
{
    if (*given)
        wipe((*given)->primes, sizeof((*given)->primes));
    mbedtls_free(*given);
    *given = NULL;
}

static uint32_t take_key(struct tls_given *given, const uint8_t *key, size_t key_len)
{
    return tls_identity_read_key(key, key_len, given->primes, &given->primes_len)
               ? PT_STATUS_SUCCESS
               : PT_STATUS_INVALID_KEY;
}

/* Tried by making an identity of both. */
static uint32_t take_certificate(struct tls_keys *k, struct tls_given *given,
                                 const uint8_t *certificate, size_t len)
{
    struct tls_identity *tried;
    const uint8_t *public_key;
    uint32_t status;

    if (len > LIMIT_OWN_CERTIFICATE)
        return PT_STATUS_NOT_ENOUGH_STORAGE;
    tried = mbedtls_calloc(1, sizeof(*tried));
    if (!tried)
        return PT_STATUS_NOT_ENOUGH_STORAGE;
    status =
        tls_identity_load(tried, given->primes, given->primes_len, certificate, len, k->entropy);
    if (status == PT_STATUS_SUCCESS) {
        memcpy(given->certificate, certificate, len);
        given->certificate_len = len;
        public_key = tls_identity_public_key(tried, &given->public_len);
        given->public_at = public_key ? (size_t)(public_key - tried->certificate.raw.p) : 0;
        tls_identity_free(tried);
    }
    mbedtls_free(tried);
    return status;
}

/* Takes the place of what was pending. */
static uint32_t set_next(struct tls_keys *k, struct tls_given *next, uint32_t status)
{
    if (status == PT_STATUS_SUCCESS) {
        free_given(&k->next);
        k->next = next;
    } else {
        free_given(&next);
    }
    return status;
}

uint32_t tls_install(struct tls_keys *k, const uint8_t *key, size_t key_len,
                     const uint8_t *certificate, size_t certificate_len)
{
    struct tls_given *next = mbedtls_calloc(1, sizeof(*next));
    uint32_t status;

    if (!next)
        return PT_STATUS_NOT_ENOUGH_STORAGE;
    status = take_key(next, key, key_len);
    if (status == PT_STATUS_SUCCESS)
        status = take_certificate(k, next, certificate, certificate_len);
    return set_next(k, next, status);
}

uint32_t tls_install_key(struct tls_keys *k, const uint8_t *key, size_t key_len)
{
    struct tls_given *next = mbedtls_calloc(1, sizeof(*next));

    if (!next)
        return PT_STATUS_NOT_ENOUGH_STORAGE;
    return set_next(k, next, take_key(next, key, key_len));
}

uint32_t tls_install_certificate(struct tls_keys *k, const uint8_t *certificate,
                                 size_t certificate_len)
{
    if (!k->next || k->next->certificate_len > 0)
        return PT_STATUS_CERT_KEY_NOT_MATCH;
    return take_certificate(k, k->next, certificate, certificate_len);
}

void tls_clear(struct tls_keys *k)
{
    free_given(&k->next);
    k->cleared = true;
}

static bool given_counts(const struct tls_keys *k)
{
    return k->next && k->next->certificate_len > 0;
}

static bool identity_counts(const struct tls_keys *k)
{
    return !k->cleared && k->identity && k->identity->state == TLS_IDENTITY_READY;
}

bool tls_own(const struct tls_keys *k, struct tls_own *out)
{
    memset(out, 0, sizeof(*out));
    if (given_counts(k)) {
        *out =
            (struct tls_own){true, k->next->certificate, k->next->certificate + k->next->public_at,
                             k->next->certificate_len, k->next->public_len};
    } else if (identity_counts(k)) {
        out->certificate = k->identity->certificate.raw.p;
        out->certificate_len = k->identity->certificate.raw.len;
        out->public_key = tls_identity_public_key(k->identity, &out->public_key_len);
    }
    return out->certificate != NULL;
}

size_t tls_own_primes(const struct tls_keys *k, uint8_t out[LIMIT_OWN_KEY])
{
    if (given_counts(k)) {
        memcpy(out, k->next->primes, sizeof(k->next->primes));
        return k->next->primes_len;
    }
    return identity_counts(k) ? tls_identity_primes(k->identity, out) : 0;
}

bool tls_own_replaces(const struct tls_keys *k)
{
    return given_counts(k) || k->cleared;
}

void tls_own_settle(struct tls_keys *k)
{
    if (tls_own_replaces(k))
        free_identity(&k->identity);
    tls_forget_pending(k);
}

void tls_forget_pending(struct tls_keys *k)
{
    free_given(&k->next);
    k->cleared = false;
}

void tls_own_forget(struct tls_keys *k)
{
    free_identity(&k->identity);
    tls_forget_pending(k);
}
