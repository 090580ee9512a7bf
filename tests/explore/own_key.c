// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include "fw/net/tls_identity.h"

/* The device makes its key a candidate at a time, for some 20 ms of processor time, after every
 * unprovision. What is made is not looked at here: the first one of its length is made as ever, the
 * others are copies. The program is linked with --wrap=tls_identity_step. */

enum tls_identity_state __real_tls_identity_step(struct tls_identity *identity);
enum tls_identity_state __wrap_tls_identity_step(struct tls_identity *identity);

#define LENGTHS 2

static struct known {
    uint16_t bits;
    size_t primes_len, certificate_len;
    uint8_t primes[LIMIT_OWN_KEY];
    uint8_t certificate[LIMIT_OWN_CERTIFICATE];
} known[LENGTHS];

static struct known *find(uint16_t bits)
{
    int i = 0;

    while (i < LENGTHS - 1 && known[i].bits && known[i].bits != bits)
        i++;
    return &known[i];
}

static void keep(struct known *k, const struct tls_identity *identity)
{
    if (identity->certificate.raw.len > sizeof(k->certificate))
        return;
    k->primes_len = tls_identity_primes(identity, k->primes);
    k->certificate_len = identity->certificate.raw.len;
    memcpy(k->certificate, identity->certificate.raw.p, k->certificate_len);
    k->bits = k->primes_len ? identity->bits : 0;
}

enum tls_identity_state __wrap_tls_identity_step(struct tls_identity *identity)
{
    struct known *k = find(identity->bits);
    const struct hal_entropy *entropy = identity->entropy;
    uint16_t bits = identity->bits;
    enum tls_identity_state state;

    if (k->bits == bits) {
        tls_identity_free(identity);
        tls_identity_load(identity, k->primes, k->primes_len, k->certificate, k->certificate_len,
                          entropy);
        identity->bits = bits;
        return identity->state;
    }
    state = __real_tls_identity_step(identity);
    if (state == TLS_IDENTITY_READY)
        keep(k, identity);
    return state;
}
