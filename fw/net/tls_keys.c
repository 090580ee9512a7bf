// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/tls_keys.h"

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
/* Loads the identity that was committed from the store. */
static bool load(struct tls_keys *k)
{
    uint8_t *bytes = mbedtls_calloc(1, LIMIT_OWN_KEY + LIMIT_OWN_CERTIFICATE);
    uint8_t *certificate = bytes ? bytes + LIMIT_OWN_KEY : NULL;
    size_t key_len, certificate_len;
    bool good = bytes && k->load_stored &&
                k->load_stored(k->ctx, bytes, &key_len, certificate, &certificate_len) == 0;

    good = good && tls_identity_load(k->identity, bytes, key_len, certificate, certificate_len,
                                     k->entropy) == PT_STATUS_SUCCESS;
    good = good && tls_identity_warm_up(k->identity);
    if (bytes)
        wipe(bytes, LIMIT_OWN_KEY);
    mbedtls_free(bytes);
    return good;
}
#endif

/* Whether servers shall read the self-signed certificate as invalid. */
static bool is_invalid(const struct tls_keys *k)
{
#if FW_MANAGE
    const char *by = k->settings->me.certificate_by;

    return k->release->old_certificate_invalid.value &&
           strcmp(by[0] ? by : k->shipped->version, k->release->version) != 0;
#else
    (void)k;
    return false;
#endif
}

/* False: no memory, or the stored identity cannot be read. */
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
    k->identity->undated = is_invalid(k);
    return true;
}

/* The key is made when the first client needs it. */
int tls_keys_prepare(struct tls_keys *k)
{
    enum tls_identity_state state = TLS_IDENTITY_FAILED;

    if (k->identity || new_identity(k))
        state = tls_identity_step(k->identity);
    if (state == TLS_IDENTITY_FAILED)
        free_identity(&k->identity);
    return state;
}

/* --- pending --- */

/* Only the bytes that a commit stores: a key ready for use takes about 5 KB. */
struct tls_pending {
    uint8_t primes[LIMIT_OWN_KEY];
    size_t primes_len;
    size_t certificate_len; /* 0 = none has been installed yet */
    size_t public_at, public_len;
    uint8_t certificate[LIMIT_OWN_CERTIFICATE];
};

static void free_pending(struct tls_pending **pending)
{
    if (*pending)
        wipe((*pending)->primes, sizeof((*pending)->primes));
    mbedtls_free(*pending);
    *pending = NULL;
}

static uint32_t read_key(struct tls_pending *pending, const uint8_t *key, size_t key_len)
{
    return tls_identity_read_key(key, key_len, pending->primes, &pending->primes_len)
               ? PT_STATUS_SUCCESS
               : PT_STATUS_INVALID_KEY;
}

/* Checked by making an identity from both. */
static uint32_t try_certificate(struct tls_keys *k, struct tls_pending *pending,
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
    status = tls_identity_load(tried, pending->primes, pending->primes_len, certificate, len,
                               k->entropy);
    if (status == PT_STATUS_SUCCESS) {
        memcpy(pending->certificate, certificate, len);
        pending->certificate_len = len;
        public_key = tls_identity_public_key(tried, &pending->public_len);
        pending->public_at = public_key ? (size_t)(public_key - tried->certificate.raw.p) : 0;
        tls_identity_free(tried);
    }
    mbedtls_free(tried);
    return status;
}

/* Replaces what was pending if the status is SUCCESS. */
static uint32_t set_pending(struct tls_keys *k, struct tls_pending *fresh, uint32_t status)
{
    if (status == PT_STATUS_SUCCESS) {
        free_pending(&k->pending);
        k->pending = fresh;
    } else {
        free_pending(&fresh);
    }
    return status;
}

uint32_t tls_keys_install(struct tls_keys *k, const uint8_t *key, size_t key_len,
                          const uint8_t *certificate, size_t certificate_len)
{
    struct tls_pending *fresh = mbedtls_calloc(1, sizeof(*fresh));
    uint32_t status;

    if (!fresh)
        return PT_STATUS_NOT_ENOUGH_STORAGE;
    status = read_key(fresh, key, key_len);
    if (status == PT_STATUS_SUCCESS)
        status = try_certificate(k, fresh, certificate, certificate_len);
    return set_pending(k, fresh, status);
}

uint32_t tls_keys_install_key(struct tls_keys *k, const uint8_t *key, size_t key_len)
{
    struct tls_pending *fresh = mbedtls_calloc(1, sizeof(*fresh));

    if (!fresh)
        return PT_STATUS_NOT_ENOUGH_STORAGE;
    return set_pending(k, fresh, read_key(fresh, key, key_len));
}

uint32_t tls_keys_install_certificate(struct tls_keys *k, const uint8_t *certificate,
                                      size_t certificate_len)
{
    if (!k->pending || k->pending->certificate_len > 0)
        return PT_STATUS_CERT_KEY_NOT_MATCH;
    return try_certificate(k, k->pending, certificate, certificate_len);
}

void tls_keys_clear(struct tls_keys *k)
{
    free_pending(&k->pending);
    k->cleared = true;
}

static bool pending_is_complete(const struct tls_keys *k)
{
    return k->pending && k->pending->certificate_len > 0;
}

static bool identity_is_usable(const struct tls_keys *k)
{
    return !k->cleared && k->identity && k->identity->state == TLS_IDENTITY_READY &&
           !k->identity->undated;
}

bool tls_keys_after_commit(const struct tls_keys *k, struct tls_keys_committed *out)
{
    memset(out, 0, sizeof(*out));
    if (pending_is_complete(k)) {
        *out = (struct tls_keys_committed){true, k->pending->certificate,
                                           k->pending->certificate + k->pending->public_at,
                                           k->pending->certificate_len, k->pending->public_len};
    } else if (identity_is_usable(k)) {
        out->certificate = k->identity->certificate.raw.p;
        out->certificate_len = k->identity->certificate.raw.len;
        out->public_key = tls_identity_public_key(k->identity, &out->public_key_len);
    }
    return out->certificate != NULL;
}

size_t tls_keys_primes(const struct tls_keys *k, uint8_t out[LIMIT_OWN_KEY])
{
    if (pending_is_complete(k)) {
        memcpy(out, k->pending->primes, sizeof(k->pending->primes));
        return k->pending->primes_len;
    }
    return identity_is_usable(k) ? tls_identity_primes(k->identity, out) : 0;
}

bool tls_keys_commit_replaces(const struct tls_keys *k)
{
    return pending_is_complete(k) || k->cleared;
}

void tls_keys_commit(struct tls_keys *k)
{
    if (tls_keys_commit_replaces(k))
        free_identity(&k->identity);
    tls_keys_forget_pending(k);
}

void tls_keys_forget_pending(struct tls_keys *k)
{
    free_pending(&k->pending);
    k->cleared = false;
}

void tls_keys_forget(struct tls_keys *k)
{
    free_identity(&k->identity);
    tls_keys_forget_pending(k);
}
