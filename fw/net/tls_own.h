#ifndef NET_TLS_OWN_H
#define NET_TLS_OWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "hal/entropy.h"

/* The device's own key and certificate: those in use, and those that a server has given it and that
 * are pending until a commit. */

struct tls_keys {
    const struct release *release;
    const struct settings *settings; /* read when one is needed that is not there */
    const struct hal_entropy *entropy;
    /* The identity that settings.own_identity speaks of, as tls_identity_load() takes it. Returns
     * 0, or anything else: it cannot be read. */
    int (*stored)(void *ctx, uint8_t key[LIMIT_OWN_KEY], size_t *key_len,
                  uint8_t certificate[LIMIT_OWN_CERTIFICATE], size_t *certificate_len);
    void *ctx; /* of stored() */
    /* In use from the first client that needs them; and what a server has given, pending. */
    struct tls_identity *identity;
    struct tls_given *next;
    bool cleared; /* pending: what is in use is not to be used any more */
};

/* Makes the one in use, or loads the stored one, a step at a time: an enum tls_identity_state.
 * FAILED: no memory, no randomness, or the stored one cannot be read. */
int tls_own_prepare(struct tls_keys *keys);

/* Pending: this key (PKCS #1), and this certificate for it, instead of what is in use. The key
 * alone changes nothing yet. Return a PT_STATUS: INVALID_KEY, INVALID_CERT, CERT_KEY_NOT_MATCH,
 * NOT_ENOUGH_STORAGE; on another than SUCCESS nothing has changed. */
uint32_t tls_install_key(struct tls_keys *keys, const uint8_t *key, size_t key_len);
uint32_t tls_install_certificate(struct tls_keys *keys, const uint8_t *certificate,
                                 size_t certificate_len);
/* Both at once: what is pending stays unless both are good. */
uint32_t tls_install(struct tls_keys *keys, const uint8_t *key, size_t key_len,
                     const uint8_t *certificate, size_t certificate_len);
/* Pending: neither. */
void tls_clear(struct tls_keys *keys);

/* What would be used once the pending is committed. */
struct tls_own {
    bool pending;
    const uint8_t *certificate, *public_key; /* DER; PKCS #1, a part of it */
    size_t certificate_len, public_key_len;
};

/* False: nothing. */
bool tls_own(const struct tls_keys *keys, struct tls_own *out);
/* The primes of its key: how many bytes, 0 on an error. */
size_t tls_own_primes(const struct tls_keys *keys, uint8_t out[LIMIT_OWN_KEY]);
/* A commit would put what is in use out of use. */
bool tls_own_replaces(const struct tls_keys *keys);
/* The pending is committed: from the next client on the stored one is used. Nobody may be in the
 * middle of a hand-shake with what goes out of use (tls_settle()). */
void tls_own_settle(struct tls_keys *keys);
/* Nothing is pending any more. */
void tls_forget_pending(struct tls_keys *keys);
/* Nor is anything in use: the next client needs a new identity, or the stored one. As above
 * (tls_forget()). */
void tls_own_forget(struct tls_keys *keys);

#endif
