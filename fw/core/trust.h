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
    TRUST_SIGNATURE,         /* a certificate is not signed by the next one's key */
    TRUST_ISSUER,            /* the issuer that it names is not the next one's subject */
    TRUST_NO_ROOT,           /* no certificate of the chain has an active hash */
    TRUST_OLD_VERSION,       /* of version 1 or 2, and it has no active hash itself */
    TRUST_NOT_CA,            /* it signed another, and is no CA's */
    TRUST_NO_CERT_SIGN,      /* it signed another, and its key usage does not allow that */
    TRUST_PATH_LENGTH,       /* more CAs below it than it allows */
    TRUST_EXTENSION,         /* a critical extension that is not known here */
    TRUST_CONSTRAINT_UNREAD, /* a name constraint of a form that is not applied here */
    TRUST_SEVERAL_NAMES,     /* leaf: more than one common name */
    TRUST_ZERO_IN_NAME,      /* leaf: a zero byte in its common name */
    TRUST_NAME_CONSTRAINT,   /* leaf: its common name is none that its CA may certify */
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
    bool signature_ok; /* by the next one's key; of the last one not looked at: a root is trusted
                          for its hash, and old roots sign themselves with MD2 */
    bool issuer_ok; /* its issuer's name is the next one's subject; of the last one not looked at */
    uint64_t not_before_s, not_after_s; /* since 1970, both inclusive (RFC 5280) */
    uint8_t version;                    /* 1 to 3 */
    bool is_ca;                         /* basicConstraints with CA:TRUE */
    bool cert_sign;                     /* keyUsage has keyCertSign, or there is no keyUsage */
    bool self_issued;                   /* subject and issuer are the same name */
    uint8_t path_length;                /* of basicConstraints; TRUST_PATH_ANY = it has none */
    bool unknown_critical;              /* an extension */
    bool constraint_unread;             /* nameConstraints that could not be applied */
    bool name_outside; /* the leaf's common name is not permitted by its nameConstraints, or
                          excluded */
};

struct trust_chain {
    uint8_t count; /* leaf first; over TRUST_CHAIN: presented, but not kept */
    struct trust_cert cert[TRUST_CHAIN];
    uint8_t common_names;             /* of the leaf; 2 = two or more */
    bool zero_in_name;                /* in one of these */
    char common_name[LIMIT_FQDN + 1]; /* "" when there is not exactly one, when it is longer or
                                         when it has a zero byte inside */
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

/* Every certificate of the chain counts, also above the anchor (assumed). No source says how a
 * device looks at a chain; the rules for who may sign whom are those of RFC 5280, 6.1.3 and 6.1.4,
 * with these choices of this project:
 * - The anchor, too, must be a CA's, allow certificates to be signed and keep its own path length.
 *   Only one of version 1 or 2 cannot say so: VeriSign's roots G1 to G3 are such.
 * - Name constraints are applied to the leaf's common name, since that is the name that counts. One
 *   that is not made of DNS names only refuses the chain, critical or not.
 * - Of certificate policies nothing is asked, hence they refuse nothing.
 *
 * The domain is right when any one of these holds (S4: "check DHCP option 15, or MEBX PKI Domain
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

/* RFC 5280, 4.2.1.10: inside = the DNS name is that of the subtree or one with labels before it.
 * False: the subtree is no DNS name, hence says nothing that can be applied. */
bool trust_subtree(const char *name, const char *subtree, bool *inside);
const char *trust_refusal_text(enum trust_refusal refusal);

#endif
