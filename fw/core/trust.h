// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_TRUST_H
#define CORE_TRUST_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/release.h"
#include "fw/core/settings.h"

/* The remote-configuration trust policy, on parsed certificate fields (behaviour: G-rflow, G-cert,
 * S4, SCCM12, COMM1395). The parser checks signatures; this decides, with a reason for a
 * refusal. */

/* In the order of the checks: of several faults the first in this list is reported. The order is
 * assumed; no source has one. */
enum trust_refusal {
    TRUST_OK,
    TRUST_NO_CERTIFICATE, /* the client presented none */
    TRUST_CHAIN_TOO_LONG,
    TRUST_SIGNATURE,         /* a certificate is not signed with the next one's key */
    TRUST_ISSUER,            /* a certificate's issuer is not the next one's subject */
    TRUST_NO_ROOT,           /* no certificate of the chain has an active hash */
    TRUST_OLD_VERSION,       /* version 1 or 2, in a certificate without an active hash */
    TRUST_NOT_CA,            /* a signer's certificate is not a CA's */
    TRUST_NO_CERT_SIGN,      /* a signer's key usage does not allow that */
    TRUST_PATH_LENGTH,       /* more CAs below a certificate than it allows */
    TRUST_EXTENSION,         /* a critical extension that is not known here */
    TRUST_CONSTRAINT_UNREAD, /* a name constraint of other than DNS names: refused, as it may forbid
                                this one */
    TRUST_SEVERAL_NAMES,     /* leaf: more than one common name */
    TRUST_ZERO_IN_NAME,      /* leaf: a zero byte in its common name */
    TRUST_NAME_CONSTRAINT,   /* leaf: its CA may not certify its common name */
    TRUST_NO_PURPOSE,        /* leaf: neither the Intel OID nor the exact OU */
    TRUST_NO_SERVER_AUTH,    /* leaf: no TLS web server authentication */
    TRUST_KEY_TOO_SHORT,
    TRUST_KEY_TOO_LONG,
    TRUST_NOT_YET_VALID, /* only once the clock is set */
    TRUST_EXPIRED,
    TRUST_NO_REFERENCE, /* no suffix, FQDN or option 15 to compare with */
    TRUST_WRONG_DOMAIN,
};

#define TRUST_CHAIN 4            /* assumed */
#define TRUST_KEY_BITS_MIN 1024u /* S4 */
#define TRUST_PATH_ANY 255

struct trust_cert {
    uint8_t hash[4][LIMIT_HASH_BYTES]; /* by enum cert_hash_algorithm; the whole DER certificate */
    bool hash_known[4];                /* which of them were computed */
    uint16_t key_bits;                 /* RSA modulus; 0 = a key of another kind */
    bool signature_ok; /* by the next one's key; ignored for the last one: a root is trusted for its
                          hash, and old roots sign themselves with MD2 */
    bool issuer_ok;    /* its issuer's name is the next one's subject; ignored for the last one */
    uint64_t not_before_s, not_after_s; /* since 1970, both inclusive (RFC 5280) */
    uint8_t version;                    /* 1 to 3 */
    bool is_ca;                         /* basicConstraints with CA:TRUE */
    bool cert_sign;                     /* keyUsage has keyCertSign, or there is no keyUsage */
    bool self_issued;                   /* subject and issuer are the same name */
    uint8_t path_length;                /* of basicConstraints; TRUST_PATH_ANY = it has none */
    bool unknown_critical;              /* it has a critical extension that is not known */
    bool constraint_unread;             /* it has nameConstraints that could not be applied */
    bool name_outside; /* its nameConstraints do not permit the leaf's common name, or exclude it */
};

struct trust_chain {
    uint8_t count; /* leaf first; those over TRUST_CHAIN were presented but not kept */
    struct trust_cert cert[TRUST_CHAIN];
    uint8_t common_names;             /* in the leaf; 2 = two or more */
    bool zero_in_name;                /* in one of these common names */
    char common_name[LIMIT_FQDN + 1]; /* "" if there is not exactly one, if it is longer or if it
                                         contains a zero byte */
    bool has_intel_oid;               /* EKU 2.16.840.1.113741.1.2.3 */
    bool has_intel_ou;                /* subject OU exactly "Intel(R) Client Setup Certificate" */
    bool has_server_auth;             /* EKU 1.3.6.1.5.5.7.3.1 */
};

struct trust_reference {
    const char *pki_suffix, *server_fqdn, *option15; /* "" = not known */
    uint64_t now_s;                                  /* 0 = clock not set: dates are not checked */
};

/* The certificate for which the chain is trusted, and its hash (a handle for
 * settings_find_hash()). */
struct trust_anchor {
    uint8_t cert;
    uint32_t handle;
};

/* Any certificate of the chain may be the anchor (G-rflow: one of the chain); the search begins at
 * the root's end. False: none has an active hash. chain->count must not exceed TRUST_CHAIN. */
bool trust_anchor(const struct release *release, const struct settings *settings,
                  const struct trust_chain *chain, struct trust_anchor *out);

/* Every certificate of the chain is checked, also those above the anchor (assumed). No source says
 * how a device checks a chain. The rules for who may sign whom are those of RFC 5280, 6.1.3 and
 * 6.1.4, with these choices of this project:
 * - The anchor, too, must be a CA's, permit certificate signing and keep its path length. Only
 *   certificates of version 1 or 2 cannot express this: VeriSign's roots G1 to G3.
 * - Name constraints are applied to the leaf's common name, since that is the name that counts. A
 *   constraint that is not made of DNS names only is refused, critical or not.
 * - No certificate policy is required, so none leads to a refusal.
 *
 * The domain is right if any of these holds (S4: "check DHCP option 15, or MEBX PKI Domain or MEBX
 * Provision Server FQDN"). That a reference which is set and does not match does not rule out the
 * others is assumed.
 * - The leaf's common name is server_fqdn (assumed).
 * - It is in pki_suffix or option15 by the release's suffix rule (COMM1395). SUFFIX_EQUAL: what
 *   follows its first label equals the reference. SUFFIX_LAST_TWO_LABELS: the same, but in .com
 *   and .net only the last two labels of both are compared.
 *
 * Letter case and one final dot do not count (assumed). A name that is not a DNS name, such as a
 * wildcard (assumed), matches nothing; alternative names are ignored (assumed). The OEM's hashes
 * are in the settings; oem is not used. */
enum trust_refusal trust_check(const struct release *release, const struct oem_profile *oem,
                               const struct settings *settings, const struct trust_chain *chain,
                               const struct trust_reference *reference);

/* RFC 5280, 4.2.1.10. *inside: the DNS name is the subtree's, or has it as its end, label by label.
 * False: the subtree is not a DNS name, so the constraint cannot be applied. */
bool trust_is_in_subtree(const char *name, const char *subtree, bool *inside);
const char *trust_refusal_text(enum trust_refusal refusal);

#endif
