#ifndef NET_TLS_IDENTITY_H
#define NET_TLS_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>

#include "fw/core/limits.h"
#include "hal/entropy.h"

/* The device's own key and the self-signed certificate around it, as set-up uses them: for key
 * transport only, the server looks at neither (G-rflow, SYM68, ITJ7). All memory is mbedTLS's. */

enum tls_identity_state {
    TLS_IDENTITY_BUSY,
    TLS_IDENTITY_READY, /* key and certificate may be used */
    TLS_IDENTITY_FAILED /* no randomness or no memory: free it and begin again */
};

struct tls_identity {
    enum tls_identity_state state;
    uint16_t bits;
    const struct hal_entropy *entropy;
    mbedtls_mpi candidate, prime; /* prime: the first of the two, 0 while it is sought */
    mbedtls_pk_context key;
    mbedtls_x509_crt certificate;
};

/* bits: 1024 (signs with SHA-1) or 2048 (SHA-256); every field but entropy's is the identity's own.
 */
void tls_identity_begin(struct tls_identity *identity, uint16_t bits,
                        const struct hal_entropy *entropy);
/* One candidate for a prime is tried, so that a slow processor can do something else in between:
 * some 100 to 1000 steps in all; the last one also signs. */
enum tls_identity_state tls_identity_step(struct tls_identity *identity);
/* The primes of a key that somebody else has made, big-endian, of equal length: PKCS #1 DER, of
 * 1024 to 2048 bits and with the exponent 65537. False: it is not such a key. */
bool tls_identity_read_key(const uint8_t *key, size_t key_len, uint8_t primes[LIMIT_OWN_KEY],
                           size_t *primes_len);
/* From a key's primes and a certificate. All memory of a failed one is free again. Returns a
 * PT_STATUS: SUCCESS, INVALID_KEY, INVALID_CERT, CERT_KEY_NOT_MATCH. */
uint32_t tls_identity_load(struct tls_identity *identity, const uint8_t *primes, size_t primes_len,
                           const uint8_t *certificate, size_t certificate_len,
                           const struct hal_entropy *entropy);
/* Before a loaded one is used: what its key allocates at its first uses it allocates now, and not
 * among a session's memory. False: no memory, or no randomness. */
bool tls_identity_warm_up(struct tls_identity *identity);
/* After a hand-shake that failed in the use of the key: where that was for want of memory or
 * randomness, what blinds the key may be left halfway, and no client could be served any more. It
 * is made anew then. */
void tls_identity_mend(struct tls_identity *identity);
/* Of one that is ready: the bytes of both primes; 0 on an error. */
size_t tls_identity_primes(const struct tls_identity *identity, uint8_t out[LIMIT_OWN_KEY]);
/* The public key (PKCS #1) as it stands in the certificate; NULL: it has none. */
const uint8_t *tls_identity_public_key(const struct tls_identity *identity, size_t *len);
void tls_identity_free(struct tls_identity *identity);

/* mbedTLS's form of a source of randomness; ctx is a struct hal_entropy. */
int tls_random(void *ctx, unsigned char *out, size_t len);

#endif
