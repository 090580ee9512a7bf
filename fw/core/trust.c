// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/trust.h"

#include <stddef.h>
#include <string.h>

#define VERSION_3 3

static bool has_hash(const struct trust_cert *cert, const struct hash_view *view)
{
    uint8_t bytes = cert_hash_bytes(view->algorithm);

    return bytes > 0 && cert->hash_known[view->algorithm] &&
           memcmp(cert->hash[view->algorithm], view->bytes, bytes) == 0;
}

/* Whether the certificate has an active hash, and which. */
static bool active_hash(const struct release *release, const struct settings *settings,
                        const struct trust_cert *cert, uint32_t *handle)
{
    struct hash_view view;

    for (*handle = 0; settings_find_hash(settings, release, *handle, &view); (*handle)++)
        if (view.active && has_hash(cert, &view))
            return true;
    return false;
}

bool trust_anchor(const struct release *release, const struct settings *settings,
                  const struct trust_chain *chain, struct trust_anchor *out)
{
    uint32_t handle;

    for (uint8_t i = chain->count; i-- > 0;)
        if (active_hash(release, settings, &chain->cert[i], &handle)) {
            *out = (struct trust_anchor){.cert = i, .handle = handle};
            return true;
        }
    return false;
}

static bool signed_upwards(const struct trust_chain *chain)
{
    for (uint8_t i = 0; i + 1 < chain->count; i++)
        if (!chain->cert[i].signature_ok)
            return false;
    return true;
}

static bool issued_upwards(const struct trust_chain *chain)
{
    for (uint8_t i = 0; i + 1 < chain->count; i++)
        if (!chain->cert[i].issuer_ok)
            return false;
    return true;
}

/* Whether each certificate may sign the one before it. */
static enum trust_refusal check_signers(const struct release *release,
                                        const struct settings *settings,
                                        const struct trust_chain *chain)
{
    enum trust_refusal refusal = TRUST_OK;
    uint32_t handle;
    uint8_t below = 0; /* CAs; self-issued certificates do not count */

    for (uint8_t i = 0; i < chain->count; i++)
        if (chain->cert[i].version < VERSION_3 &&
            !active_hash(release, settings, &chain->cert[i], &handle))
            return TRUST_OLD_VERSION;
    for (uint8_t i = 1; i < chain->count; i++)
        if (chain->cert[i].version >= VERSION_3 && !chain->cert[i].is_ca)
            return TRUST_NOT_CA;
    for (uint8_t i = 1; i < chain->count; i++) {
        if (!chain->cert[i].cert_sign)
            return TRUST_NO_CERT_SIGN;
        if (below > chain->cert[i].path_length)
            refusal = TRUST_PATH_LENGTH;
        if (!chain->cert[i].self_issued)
            below++;
    }
    return refusal;
}

static enum trust_refusal check_extensions(const struct trust_chain *chain)
{
    enum trust_refusal refusal = TRUST_OK;

    for (uint8_t i = 0; i < chain->count; i++) {
        if (chain->cert[i].unknown_critical)
            return TRUST_EXTENSION;
        if (chain->cert[i].constraint_unread)
            refusal = TRUST_CONSTRAINT_UNREAD;
    }
    return refusal;
}

static enum trust_refusal check_name(const struct trust_chain *chain)
{
    if (chain->common_names > 1)
        return TRUST_SEVERAL_NAMES;
    if (chain->zero_in_name)
        return TRUST_ZERO_IN_NAME;
    for (uint8_t i = 0; i < chain->count; i++)
        if (chain->cert[i].name_outside)
            return TRUST_NAME_CONSTRAINT;
    return TRUST_OK;
}

static enum trust_refusal check_keys(const struct release *release, const struct trust_chain *chain)
{
    enum trust_refusal refusal = TRUST_OK;

    for (uint8_t i = 0; i < chain->count; i++) {
        if (chain->cert[i].key_bits < TRUST_KEY_BITS_MIN)
            return TRUST_KEY_TOO_SHORT;
        if (chain->cert[i].key_bits > release->key_bits_max.value)
            refusal = TRUST_KEY_TOO_LONG;
    }
    return refusal;
}

static enum trust_refusal check_dates(const struct trust_chain *chain, uint64_t now_s)
{
    enum trust_refusal refusal = TRUST_OK;

    if (now_s == 0)
        return TRUST_OK;
    for (uint8_t i = 0; i < chain->count; i++) {
        if (now_s < chain->cert[i].not_before_s)
            return TRUST_NOT_YET_VALID;
        if (now_s > chain->cert[i].not_after_s)
            refusal = TRUST_EXPIRED;
    }
    return refusal;
}

/* Copies the name in lower case and without its final dot. False: it is not a DNS name; a reference
 * may have underscores, a certificate's name not. */
static bool plain_domain(char out[LIMIT_FQDN + 1], const char *text)
{
    uint32_t n = 0;

    for (; n < LIMIT_FQDN && text[n]; n++)
        out[n] = text[n] >= 'A' && text[n] <= 'Z' ? (char)(text[n] + ('a' - 'A')) : text[n];
    if (text[n])
        return false;
    if (n > 0 && out[n - 1] == '.')
        n--;
    out[n] = '\0';
    return settings_domain_ok(out, LIMIT_FQDN);
}

static bool plain_name(char out[LIMIT_FQDN + 1], const char *text)
{
    return plain_domain(out, text) && settings_dns_name_ok(out, LIMIT_FQDN);
}

static bool same(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

/* What follows the first label; "" = nothing. */
static const char *parent(const char *name)
{
    while (*name && *name != '.')
        name++;
    return *name ? name + 1 : name;
}

/* The last two labels, or the only one. */
static const char *last_two(const char *name)
{
    const char *rest = parent(name);

    while (*parent(rest)) {
        name = rest;
        rest = parent(rest);
    }
    return name;
}

/* What a wildcard stands below; the name itself when it is none. */
static const char *without_wildcard(const char *name)
{
    return name[0] == '*' && name[1] == '.' ? name + 2 : name;
}

bool trust_is_in_subtree(const char *name, const char *subtree, bool *inside)
{
    char plain[LIMIT_FQDN + 1], top[LIMIT_FQDN + 1];

    *inside = false;
    if (!plain_name(top, subtree))
        return false;
    if (!plain_name(plain, without_wildcard(name)))
        return true;
    for (const char *rest = plain; *rest && !*inside; rest = parent(rest))
        *inside = same(rest, top);
    return true;
}

/* A certificate may be for a host of the domain, for the domain itself or for a wildcard of it,
 * below every top-level domain (MC: it sets devices up with a certificate whose name is the
 * suffix). */
static bool in_domain(const struct release *release, const char *name, bool wildcard,
                      const char *domain)
{
    const char *owner = last_two(name);
    const char *top = parent(owner);

    if (release->suffix.value == SUFFIX_LAST_TWO_LABELS && (same(top, "com") || same(top, "net")))
        return same(owner, last_two(domain));
    if (*parent(name) && same(name, domain))
        return true;
    return !wildcard && same(parent(name), domain);
}

static enum trust_refusal check_domain(const struct release *release,
                                       const struct trust_chain *chain,
                                       const struct trust_reference *reference)
{
    const char *common_name = without_wildcard(chain->common_name);
    bool wildcard = common_name != chain->common_name;
    char name[LIMIT_FQDN + 1], wanted[LIMIT_FQDN + 1];

    if (!reference->server_fqdn[0] && !reference->pki_suffix[0] && !reference->option15[0])
        return TRUST_NO_REFERENCE;
    if (!plain_name(name, common_name))
        return TRUST_WRONG_DOMAIN;
    if (!wildcard && plain_name(wanted, reference->server_fqdn) && same(name, wanted))
        return TRUST_OK;
    if (plain_domain(wanted, reference->pki_suffix) && in_domain(release, name, wildcard, wanted))
        return TRUST_OK;
    if (plain_domain(wanted, reference->option15) && in_domain(release, name, wildcard, wanted))
        return TRUST_OK;
    return TRUST_WRONG_DOMAIN;
}

enum trust_refusal trust_check(const struct release *release, const struct oem_profile *oem,
                               const struct settings *settings, const struct trust_chain *chain,
                               const struct trust_reference *reference)
{
    struct trust_anchor anchor;
    enum trust_refusal refusal;

    (void)oem;
    if (chain->count == 0)
        return TRUST_NO_CERTIFICATE;
    if (chain->count > TRUST_CHAIN)
        return TRUST_CHAIN_TOO_LONG;
    if (!signed_upwards(chain))
        return TRUST_SIGNATURE;
    if (!issued_upwards(chain))
        return TRUST_ISSUER;
    if (!trust_anchor(release, settings, chain, &anchor))
        return TRUST_NO_ROOT;
    refusal = check_signers(release, settings, chain);
    if (refusal == TRUST_OK)
        refusal = check_extensions(chain);
    if (refusal == TRUST_OK)
        refusal = check_name(chain);
    if (refusal != TRUST_OK)
        return refusal;
    if (!chain->has_intel_oid && !chain->has_intel_ou)
        return TRUST_NO_PURPOSE;
    if (!chain->has_server_auth)
        return TRUST_NO_SERVER_AUTH;
    refusal = check_keys(release, chain);
    if (refusal == TRUST_OK)
        refusal = check_dates(chain, reference->now_s);
    if (refusal == TRUST_OK)
        refusal = check_domain(release, chain, reference);
    return refusal;
}

const char *trust_refusal_text(enum trust_refusal refusal)
{
    static const char *const text[] = {
        [TRUST_OK] = "trusted",
        [TRUST_NO_CERTIFICATE] = "the server presented no certificate",
        [TRUST_CHAIN_TOO_LONG] = "the certificate chain is too long",
        [TRUST_SIGNATURE] = "a certificate is not signed by the next one of the chain",
        [TRUST_ISSUER] = "a certificate names another issuer than the next one of the chain",
        [TRUST_NO_ROOT] = "no certificate of the chain has an active hash",
        [TRUST_OLD_VERSION] = "a certificate without an active hash is not of X.509 version 3",
        [TRUST_NOT_CA] = "a certificate was signed by one that is not a CA's",
        [TRUST_NO_CERT_SIGN] = "a key of the chain may not sign certificates",
        [TRUST_PATH_LENGTH] = "there are more CAs below one of the chain than it allows",
        [TRUST_EXTENSION] = "a certificate has a critical extension that is not known",
        [TRUST_CONSTRAINT_UNREAD] = "a name constraint of the chain is not one of DNS names",
        [TRUST_SEVERAL_NAMES] = "the certificate has more than one common name",
        [TRUST_ZERO_IN_NAME] = "the certificate's common name has a zero byte inside",
        [TRUST_NAME_CONSTRAINT] = "the name constraints of a CA exclude the certificate's name",
        [TRUST_NO_PURPOSE] = "the certificate has neither the Intel OID nor the Intel OU",
        [TRUST_NO_SERVER_AUTH] = "the certificate is not for TLS web server authentication",
        [TRUST_KEY_TOO_SHORT] = "a key of the chain is too short",
        [TRUST_KEY_TOO_LONG] = "a key of the chain is too long",
        [TRUST_NOT_YET_VALID] = "a certificate of the chain is not yet valid",
        [TRUST_EXPIRED] = "a certificate of the chain has expired",
        [TRUST_NO_REFERENCE] = "no domain is known to compare the certificate with",
        [TRUST_WRONG_DOMAIN] = "the certificate is for another domain",
    };

    if ((size_t)refusal >= sizeof(text) / sizeof(text[0]))
        return "unknown refusal";
    return text[refusal];
}
