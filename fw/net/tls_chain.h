#ifndef NET_TLS_CHAIN_H
#define NET_TLS_CHAIN_H

#include <stdbool.h>

#include <mbedtls/x509_crt.h>

#include "fw/core/trust.h"

/* What the policy wants to know of a chain as its owner presented it, leaf first; NULL = none.
 * Beyond TRUST_CHAIN certificates are counted, not read. False: there was no memory to check a
 * signature.
 * - signature_ok: RSA with SHA-1, SHA-256 or SHA-384.
 * - Names are the same when their parts are, in the same order (RFC 5280, 7.1). Between
 * PrintableString and UTF8String the case of a to z and the number of blanks do not count; all else
 * is compared byte by byte. A name without parts is that of nobody.
 * - Known extensions are basicConstraints, keyUsage, extKeyUsage, subjectAltName, nameConstraints
 *   and certificatePolicies. */
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
