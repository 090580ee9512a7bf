// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_TLS_KEYS_H
#define NET_TLS_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "hal/entropy.h"

/* The device's own key and certificate for TLS: those in use, and those that a server has installed
 * and that are pending until a commit. */

struct tls_keys {
    const struct release *release;
    const struct release *shipped;   /* the firmware that made the factory's certificate */
    const struct settings *settings; /* read when a key is needed and none is in use */
    const struct hal_entropy *entropy;
    /* Reads the stored identity (settings.own_identity), in the form for tls_identity_load().
     * Returns 0; anything else: it cannot be read. */
    int (*load_stored)(void *ctx, uint8_t key[LIMIT_OWN_KEY], size_t *key_len,
                       uint8_t certificate[LIMIT_OWN_CERTIFICATE], size_t *certificate_len);
    void *ctx; /* of load_stored() */
    /* In use from the first client that needs it on. */
    struct tls_identity *identity;
    struct tls_pending *pending;
    bool cleared; /* pending: what is in use is to be discarded */
};

/* Makes an identity, or loads the stored one, one step at a time. Returns an enum
 * tls_identity_state. FAILED: no memory, no randomness, or the stored one cannot be read. */
int tls_keys_prepare(struct tls_keys *keys);

/* Makes pending: this key (PKCS #1), and this certificate for it, in place of what is in use. A key
 * alone changes nothing yet. Return a PT_STATUS: SUCCESS; INVALID_KEY, INVALID_CERT,
 * CERT_KEY_NOT_MATCH, NOT_ENOUGH_STORAGE, and then nothing has changed. */
uint32_t tls_keys_install_key(struct tls_keys *keys, const uint8_t *key, size_t key_len);
uint32_t tls_keys_install_certificate(struct tls_keys *keys, const uint8_t *certificate,
                                      size_t certificate_len);
/* Both at once: what is pending before stays unless both are good. */
uint32_t tls_keys_install(struct tls_keys *keys, const uint8_t *key, size_t key_len,
                          const uint8_t *certificate, size_t certificate_len);
/* Makes pending: no key and no certificate. */
void tls_keys_clear(struct tls_keys *keys);

/* What would be used after a commit. */
struct tls_keys_committed {
    bool pending;                            /* else it is in use already */
    const uint8_t *certificate, *public_key; /* DER; PKCS #1, which is a part of it */
    size_t certificate_len, public_key_len;
};

/* False: nothing would be used. */
bool tls_keys_after_commit(const struct tls_keys *keys, struct tls_keys_committed *out);
/* The primes of that key. Returns how many bytes; 0 on an error. */
size_t tls_keys_primes(const struct tls_keys *keys, uint8_t out[LIMIT_OWN_KEY]);
/* Whether a commit would replace or discard what is in use. */
bool tls_keys_commit_replaces(const struct tls_keys *keys);
/* What was pending has been stored: it is used from the next client on. No hand-shake may be under
 * way with what it replaces (tls_commit_keys()). */
void tls_keys_commit(struct tls_keys *keys);
/* Drops what is pending. */
void tls_keys_forget_pending(struct tls_keys *keys);
/* Drops what is in use, too: the next client needs a new identity, or the stored one. As above, no
 * hand-shake may be under way (tls_forget_keys()). */
void tls_keys_forget(struct tls_keys *keys);

#endif
