#ifndef CORE_TRUST_H
#define CORE_TRUST_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/release.h"
#include "fw/core/settings.h"

/* The remote-configuration trust policy over parsed certificate fields (behaviour: G-rflow, G-cert,
 * S4, SCCM12, COMM1395). Signatures are checked by whoever parses; this says yes or why not. */

/* In the order in which they are looked for: with several faults, the first of this list is told.
 * The order is assumed; no source has one. */
enum trust_refusal {
    TRUST_OK,
    TRUST_NO_CERTIFICATE, /* the client presented none */
    TRUST_CHAIN_TOO_LONG,
    TRUST_SIGNATURE,      /* a certificate is not signed by the next one's key */
    TRUST_NO_ROOT,        /* no certificate of the chain has an active hash */
    TRUST_NO_PURPOSE,     /* leaf: neither the Intel OID nor the exact OU */
    TRUST_NO_SERVER_AUTH, /* leaf: no TLS web server authentication */
    TRUST_KEY_TOO_SHORT,
    TRUST_KEY_TOO_LONG,
    TRUST_NOT_YET_VALID, /* only once the clock is set */
    TRUST_EXPIRED,
    TRUST_NO_REFERENCE, /* no suffix, FQDN or option 15 to compare with */
    TRUST_WRONG_DOMAIN,
};

#define TRUST_CHAIN 4            /* assumed */
#define TRUST_KEY_BITS_MIN 1024u /* S4 */

struct trust_cert {
    uint8_t hash[4][LIMIT_HASH_BYTES]; /* by enum cert_hash_algorithm; the whole DER certificate */
    bool hash_known[4];                /* which of them were computed */
    uint16_t key_bits;                 /* RSA modulus; 0 = a key of another kind */
    bool signature_ok; /* by the next one's key; of the last one not looked at: a root is trusted
                          for its hash, and old roots sign themselves with MD2 */
    uint64_t not_before_s, not_after_s; /* since 1970, both inclusive (RFC 5280) */
};

struct trust_chain {
    uint8_t count; /* leaf first; over TRUST_CHAIN: presented, but not kept */
    struct trust_cert cert[TRUST_CHAIN];
    char common_name[LIMIT_FQDN + 1]; /* of the leaf; "" when there is none, when it is longer or
                                         when it has a NUL inside */
    bool has_intel_oid;               /* EKU 2.16.840.1.113741.1.2.3 */
    bool has_intel_ou;                /* subject OU exactly "Intel(R) Client Setup Certificate" */
    bool has_server_auth;             /* EKU 1.3.6.1.5.5.7.3.1 */
};

struct trust_reference {
    const char *pki_suffix, *server_fqdn, *option15; /* "" = not known */
    uint64_t now_s;                                  /* 0 = clock not set: dates are not checked */
};

/* Which certificate makes the chain trusted, and by which hash (a handle of settings_hash()). */
struct trust_anchor {
    uint8_t cert;
    uint32_t handle;
};

/* Any certificate of the chain may be the one (G-rflow speaks of one of the chain); sought from
 * the root's end. False when none has an active hash. chain->count must not exceed TRUST_CHAIN. */
bool trust_anchor(const struct release *release, const struct settings *settings,
                  const struct trust_chain *chain, struct trust_anchor *out);

/* The domain is right when any one of these holds (S4: "check DHCP option 15, or MEBX PKI Domain
 * or MEBX Provision Server FQDN"); that one which is set and wrong does not shut the others out is
 * assumed.
 * - The leaf's common name is server_fqdn (assumed).
 * - It lies in pki_suffix, or in option15, by the release's suffix rule (COMM1395). SUFFIX_EQUAL:
 *   what follows its first label is the reference. SUFFIX_LAST_TWO_LABELS: the same, but in .com
 *   and .net the last two labels of both decide.
 * Letter case and one final dot do not count (assumed). A name that is no DNS name, a wildcard
 * among them (assumed), matches nothing; alternative names are not looked at (assumed).
 * The OEM's hashes are in the settings; oem is not consulted. */
enum trust_refusal trust_check(const struct release *release, const struct oem_profile *oem,
                               const struct settings *settings, const struct trust_chain *chain,
                               const struct trust_reference *reference);
const char *trust_refusal_text(enum trust_refusal refusal);

#endif
