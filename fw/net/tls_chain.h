// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_TLS_CHAIN_H
#define NET_TLS_CHAIN_H

#include <stdbool.h>

#include <mbedtls/x509_crt.h>

#include "fw/core/trust.h"

/* Reads what the trust policy needs from a chain as the client presented it, leaf first; NULL = it
 * presented none. Certificates beyond TRUST_CHAIN are counted, not read. False: no memory to check
 * a signature.
 * - Accepted signatures: RSA with SHA-1, SHA-256 or SHA-384.
 * - Names are equal when their parts are equal, in the same order (RFC 5280, 7.1). In
 *   PrintableString and UTF8String the case of a to z and the number of blanks do not count;
 *   everything else is compared byte by byte. A name without parts equals no name.
 * - Known extensions are basicConstraints, keyUsage, extKeyUsage, subjectAltName, nameConstraints
 *   and certificatePolicies. */
bool tls_chain_read(const mbedtls_x509_crt *leaf, struct trust_chain *out);

/* To be called before a client's RSA key is first used. mbedTLS would start with the division of a
 * number twice as long as the key, which takes more memory than anything else in a hand-shake. This
 * computes the same value by shorter divisions; when there is no memory even for these, mbedTLS
 * reports that. */
void tls_chain_precompute_key(const mbedtls_pk_context *key);
/* The same for the key of crt's signer. It has the form of a search for trusted certificates, which
 * mbedTLS makes for each certificate of a chain; it finds none. */
int tls_chain_precompute_signer(void *ctx, const mbedtls_x509_crt *crt, mbedtls_x509_crt **trusted);

/* The source of the rule behind a refusal; NULL without FW_TEXTS. */
const char *tls_chain_source(enum trust_refusal refusal);

#endif
