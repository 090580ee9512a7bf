#ifndef NET_TLS_IDENTITY_H
#define NET_TLS_IDENTITY_H

#include <stdint.h>

#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>

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
void tls_identity_free(struct tls_identity *identity);

/* mbedTLS's form of a source of randomness; ctx is a struct hal_entropy. */
int tls_random(void *ctx, unsigned char *out, size_t len);

#endif
