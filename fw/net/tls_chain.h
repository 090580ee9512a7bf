#ifndef NET_TLS_CHAIN_H
#define NET_TLS_CHAIN_H

#include <stdbool.h>

#include <mbedtls/x509_crt.h>

#include "fw/core/trust.h"

/* What the policy wants to know of a chain as its owner presented it, leaf first; NULL = none.
 * Beyond TRUST_CHAIN certificates are counted, not read. False: there was no memory to check a
 * signature.
 * - signature_ok: RSA with SHA-1, SHA-256 or SHA-384, by a key whose certificate may sign: it is a
 *   CA's, or of a version that could not say so (assumed: no source has this).
 * - Of several common names the first counts (assumed). */
bool tls_chain_read(const mbedtls_x509_crt *leaf, struct trust_chain *out);

/* Before a client's RSA key is used for the first time: mbedTLS would begin that with a division of
 * a number twice as long as the key, and nothing else of a hand-shake takes as much memory. The
 * same value comes here from shorter divisions; where there is no memory even for these, mbedTLS
 * says so.
 */
void tls_chain_ease_key(const mbedtls_pk_context *key);
/* The same for the key that crt should be signed by. In the form of a search for trusted
 * certificates, which mbedTLS begins at each one of a chain; it finds none. */
int tls_chain_ease(void *ctx, const mbedtls_x509_crt *crt, mbedtls_x509_crt **trusted);

/* Where the rule behind a refusal comes from; NULL without FW_TEXTS. */
const char *tls_chain_source(enum trust_refusal refusal);

#endif
