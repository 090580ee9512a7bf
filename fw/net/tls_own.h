#ifndef NET_TLS_OWN_H
#define NET_TLS_OWN_H

#include "fw/net/tls.h"
#include "fw/net/tls_identity.h"

/* The device's own key and certificate: those in use, and those that a server has given it and that
 * are pending until a commit. */

/* Makes the one in use, or loads the stored one, a step at a time. FAILED: no memory, no
 * randomness, or the stored one cannot be read. */
enum tls_identity_state tls_own_prepare(struct tls *tls);

/* Pending: this key (PKCS #1), and this certificate for it, instead of what is in use. The key
 * alone changes nothing yet. Return a PT_STATUS: INVALID_KEY, INVALID_CERT, CERT_KEY_NOT_MATCH,
 * NOT_ENOUGH_STORAGE; on another than SUCCESS nothing has changed. */
uint32_t tls_install_key(struct tls *tls, const uint8_t *key, size_t key_len);
uint32_t tls_install_certificate(struct tls *tls, const uint8_t *certificate,
                                 size_t certificate_len);
/* Both at once: what is pending stays unless both are good. */
uint32_t tls_install(struct tls *tls, const uint8_t *key, size_t key_len,
                     const uint8_t *certificate, size_t certificate_len);
/* Pending: neither. */
void tls_clear(struct tls *tls);

/* What would be used once the pending is committed. */
struct tls_own {
    bool pending;
    const uint8_t *certificate, *public_key; /* DER; PKCS #1, a part of it */
    size_t certificate_len, public_key_len;
};

/* False: nothing. */
bool tls_own(const struct tls *tls, struct tls_own *out);
/* The primes of its key: how many bytes, 0 on an error. */
size_t tls_own_primes(const struct tls *tls, uint8_t out[LIMIT_OWN_KEY]);
/* The pending is committed: from the next client on the stored one is used. */
void tls_settle(struct tls *tls);
/* Nothing is pending any more. */
void tls_forget_pending(struct tls *tls);
/* Nor is anything in use: the next client needs a new identity, or the stored one. */
void tls_forget(struct tls *tls);

#endif
