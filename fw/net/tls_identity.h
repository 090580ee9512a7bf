// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_TLS_IDENTITY_H
#define NET_TLS_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>

#include "fw/core/limits.h"
#include "hal/entropy.h"

/* The device's own key and its certificate. In set-up the certificate is self-signed and serves for
 * key transport only: the server checks neither (G-rflow, SYM68, ITJ7). All memory comes from
 * mbedTLS's allocator. */

enum tls_identity_state {
    TLS_IDENTITY_BUSY,
    TLS_IDENTITY_READY, /* key and certificate are usable */
    TLS_IDENTITY_FAILED /* no randomness or no memory: free it and begin again */
};

struct tls_identity {
    enum tls_identity_state state;
    uint16_t bits;
    bool undated; /* set before the first step: the certificate's dates are to be none */
    const struct hal_entropy *entropy;
    mbedtls_mpi candidate, prime; /* prime: the first of the two, 0 until it is found */
    mbedtls_pk_context key;
    mbedtls_x509_crt certificate;
};

/* Starts to make one. bits: 1024 (signs with SHA-1) or 2048 (SHA-256). entropy must outlive the
 * identity. */
void tls_identity_begin(struct tls_identity *identity, uint16_t bits,
                        const struct hal_entropy *entropy);
/* Tries one candidate for a prime, so that a slow processor can do other work in between. It takes
 * about 100 to 1000 steps; the last one also signs. */
enum tls_identity_state tls_identity_step(struct tls_identity *identity);
/* Extracts the primes of a key that was made elsewhere, big-endian, of equal length. The key: PKCS
 * #1 DER, 1024 to 2048 bits, exponent 65537. False: it is not such a key. */
bool tls_identity_read_key(const uint8_t *key, size_t key_len, uint8_t primes[LIMIT_OWN_KEY],
                           size_t *primes_len);
/* Makes one from a key's primes and a certificate. On failure all memory is freed. Returns a
 * PT_STATUS: SUCCESS, INVALID_KEY, INVALID_CERT, CERT_KEY_NOT_MATCH. */
uint32_t tls_identity_load(struct tls_identity *identity, const uint8_t *primes, size_t primes_len,
                           const uint8_t *certificate, size_t certificate_len,
                           const struct hal_entropy *entropy);
/* To be called before a loaded one is used: its key then allocates at once what it would allocate
 * at its first uses, in the middle of a session's memory. False: no memory, or no randomness. */
bool tls_identity_warm_up(struct tls_identity *identity);
/* After a hand-shake that failed in the use of the key: where that was for want of memory or
 * randomness, what blinds the key may be left halfway, and no client could be served any more. It
 * is made anew then. */
void tls_identity_mend(struct tls_identity *identity);
/* The primes of one that is ready. Returns how many bytes; 0 on an error. */
size_t tls_identity_primes(const struct tls_identity *identity, uint8_t out[LIMIT_OWN_KEY]);
/* The public key (PKCS #1) in the certificate; NULL = none. */
const uint8_t *tls_identity_public_key(const struct tls_identity *identity, size_t *len);
void tls_identity_free(struct tls_identity *identity);

/* A random function for mbedTLS; ctx is a struct hal_entropy. */
int tls_random(void *ctx, unsigned char *out, size_t len);

#endif
