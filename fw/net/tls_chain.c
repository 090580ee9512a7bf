// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/tls_chain.h"

#include <string.h>

#include <mbedtls/md.h>
#include <mbedtls/oid.h>
#include <mbedtls/rsa.h>
#include <mbedtls/sha1.h>
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>

#define OID_INTEL_SETUP "\x60\x86\x48\x01\x86\xF8\x4D\x01\x02\x03" /* 2.16.840.1.113741.1.2.3 */
#define OU_INTEL_SETUP "Intel(R) Client Setup Certificate"
#define ID_CE "\x55\x1D" /* 2.5.29; one byte follows */
#define CE_KEY_USAGE 0x0F
#define CE_SUBJECT_ALT_NAME 0x11
#define CE_BASIC_CONSTRAINTS 0x13
#define CE_NAME_CONSTRAINTS 0x1E
#define CE_CERTIFICATE_POLICIES 0x20
#define CE_EXT_KEY_USAGE 0x25
#define SEQUENCE (MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE)
#define PERMITTED (MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED | 0)
#define EXCLUDED (MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED | 1)
#define DNS_NAME (MBEDTLS_ASN1_CONTEXT_SPECIFIC | 2)
#define LIMB_BITS (8 * sizeof(mbedtls_mpi_uint))
#define REDUCE_LIMBS 8 /* a division's memory grows with this, its time does not */

static bool equals(const mbedtls_asn1_buf *value, const char *text, size_t len)
{
    return value->p && value->len == len && memcmp(value->p, text, len) == 0;
}

static void hash_certificate(const mbedtls_x509_crt *crt, struct trust_cert *out)
{
    uint8_t sha512[64] = {0};

    out->hash_known[CERT_HASH_SHA1] =
        mbedtls_sha1_ret(crt->raw.p, crt->raw.len, out->hash[CERT_HASH_SHA1]) == 0;
    out->hash_known[CERT_HASH_SHA256] =
        mbedtls_sha256_ret(crt->raw.p, crt->raw.len, out->hash[CERT_HASH_SHA256], 0) == 0;
    /* The function writes all eight words even for SHA-384. */
    out->hash_known[CERT_HASH_SHA384] =
        mbedtls_sha512_ret(crt->raw.p, crt->raw.len, sha512, 1) == 0;
    memcpy(out->hash[CERT_HASH_SHA384], sha512, LIMIT_HASH_BYTES);
}

/* R^2 mod N, where R is the power of two just above N's limbs. */
static int square_of_r(const mbedtls_mpi *n, mbedtls_mpi *out)
{
    size_t left = 2 * n->n * LIMB_BITS, step = mbedtls_mpi_bitlen(n) - 1;
    int error = mbedtls_mpi_lset(out, 1);

    while (error == 0 && left > 0) {
        if (step > left)
            step = left;
        left -= step;
        error = mbedtls_mpi_shift_l(out, step);
        if (error == 0)
            error = mbedtls_mpi_mod_mpi(out, out, n);
        step = REDUCE_LIMBS * LIMB_BITS;
    }
    return error ? error : mbedtls_mpi_shrink(out, n->n);
}

void tls_chain_precompute_key(const mbedtls_pk_context *key)
{
    mbedtls_rsa_context *rsa;

    if (mbedtls_pk_get_type(key) != MBEDTLS_PK_RSA)
        return;
    rsa = mbedtls_pk_rsa(*key);
    if (!rsa->RN.p && square_of_r(&rsa->N, &rsa->RN) != 0)
        mbedtls_mpi_free(&rsa->RN);
}

int tls_chain_precompute_signer(void *ctx, const mbedtls_x509_crt *crt, mbedtls_x509_crt **trusted)
{
    (void)ctx;
    *trusted = NULL;
    if (crt->next)
        tls_chain_precompute_key(&crt->next->pk);
    return 0;
}

/* 0, or an error of mbedTLS's. */
static int signature_error(const mbedtls_x509_crt *crt, const mbedtls_x509_crt *signer)
{
    const mbedtls_md_info_t *md = mbedtls_md_info_from_type(crt->sig_md);
    mbedtls_pk_context *key = (mbedtls_pk_context *)(uintptr_t)&signer->pk;
    uint8_t digest[LIMIT_HASH_BYTES];
    bool known = crt->sig_md == MBEDTLS_MD_SHA1 || crt->sig_md == MBEDTLS_MD_SHA256 ||
                 crt->sig_md == MBEDTLS_MD_SHA384;

    if (!known || !md || crt->sig_pk != MBEDTLS_PK_RSA ||
        mbedtls_pk_get_type(key) != MBEDTLS_PK_RSA ||
        mbedtls_md(md, crt->tbs.p, crt->tbs.len, digest) != 0)
        return MBEDTLS_ERR_RSA_VERIFY_FAILED;
    tls_chain_precompute_key(key); /* mbedTLS stops at the first that is not a CA's */
    return mbedtls_pk_verify(key, crt->sig_md, digest, mbedtls_md_get_size(md), crt->sig.p,
                             crt->sig.len);
}

/* --- names --- */

static bool is_text(const mbedtls_asn1_buf *value)
{
    return value->tag == MBEDTLS_ASN1_UTF8_STRING || value->tag == MBEDTLS_ASN1_PRINTABLE_STRING;
}

/* The next character of a text: several blanks count as one, blanks at the end as none. -1 = the
 * text has ended. */
static int next_character(const uint8_t **p, const uint8_t *end)
{
    bool blank = *p < end && **p == ' ';

    while (*p < end && **p == ' ')
        (*p)++;
    if (*p == end)
        return -1;
    if (blank)
        return ' ';
    return **p >= 'A' && **p <= 'Z' ? *(*p)++ + ('a' - 'A') : *(*p)++;
}

static const uint8_t *after_blanks(const mbedtls_asn1_buf *text)
{
    const uint8_t *p = text->p, *end = text->p + text->len;

    while (p < end && *p == ' ')
        p++;
    return p;
}

static bool same_text(const mbedtls_asn1_buf *a, const mbedtls_asn1_buf *b)
{
    const uint8_t *p = after_blanks(a), *q = after_blanks(b);
    int c, d;

    do {
        c = next_character(&p, a->p + a->len);
        d = next_character(&q, b->p + b->len);
    } while (c == d && c >= 0);
    return c == d;
}

static bool same_value(const mbedtls_asn1_buf *a, const mbedtls_asn1_buf *b)
{
    if (is_text(a) && is_text(b))
        return same_text(a, b);
    return a->tag == b->tag && equals(a, (const char *)b->p, b->len);
}

static bool same_name(const mbedtls_x509_name *a, const mbedtls_x509_name *b)
{
    while (a && b && equals(&a->oid, (const char *)b->oid.p, b->oid.len) &&
           same_value(&a->val, &b->val) && a->next_merged == b->next_merged) {
        a = a->next;
        b = b->next;
    }
    return !a && !b;
}

/* --- extensions --- */

/* Reads the element with this tag from the DER bytes at *p. False: another one is there, and *p is
 * unchanged. */
static bool der_next(uint8_t **p, const uint8_t *end, int tag, mbedtls_asn1_buf *out)
{
    uint8_t *at = *p;

    if (mbedtls_asn1_get_tag(&at, end, &out->len, tag) != 0)
        return false;
    out->tag = tag;
    out->p = at;
    *p = at + out->len;
    return true;
}

static bool copy_text(const mbedtls_asn1_buf *value, char out[LIMIT_FQDN + 1])
{
    if (value->len > LIMIT_FQDN || memchr(value->p, '\0', value->len))
        return false;
    memcpy(out, value->p, value->len);
    out[value->len] = '\0';
    return true;
}

/* *inside: whether the name is in one of these GeneralSubtrees. False: not all of them are plain
 * DNS names. */
static bool in_subtrees(const mbedtls_asn1_buf *trees, const char *name, bool *inside)
{
    const uint8_t *end = trees->p + trees->len;
    uint8_t *p = trees->p;
    mbedtls_asn1_buf tree, base;
    char text[LIMIT_FQDN + 1];
    bool here;

    *inside = false;
    while (p < end) {
        if (!der_next(&p, end, SEQUENCE, &tree) ||
            !der_next(&tree.p, tree.p + tree.len, DNS_NAME, &base) || tree.p != p ||
            !copy_text(&base, text) || !trust_is_in_subtree(name, text, &here))
            return false;
        *inside |= here;
    }
    return trees->len > 0;
}

static void apply_name_constraints(mbedtls_asn1_buf value, const char *name, struct trust_cert *out)
{
    const uint8_t *end = value.p + value.len;
    mbedtls_asn1_buf all, trees;
    bool inside, read = der_next(&value.p, end, SEQUENCE, &all) && value.p == end && all.len > 0;

    if (read && der_next(&all.p, end, PERMITTED, &trees)) {
        read = in_subtrees(&trees, name, &inside);
        out->name_outside |= !inside;
    }
    if (read && der_next(&all.p, end, EXCLUDED, &trees)) {
        read = in_subtrees(&trees, name, &inside);
        out->name_outside |= inside;
    }
    out->constraint_unread |= !read || all.p != end;
}

/* mbedTLS takes a path length without a preceding CA flag, which means CA:FALSE, for a CA's. */
static bool says_ca(mbedtls_asn1_buf value)
{
    const uint8_t *end = value.p + value.len;
    mbedtls_asn1_buf all;
    int ca = 0;

    return der_next(&value.p, end, SEQUENCE, &all) &&
           mbedtls_asn1_get_bool(&all.p, end, &ca) == 0 && ca != 0;
}

static void read_extension(const mbedtls_asn1_buf *oid, bool critical,
                           const mbedtls_asn1_buf *value, const char *name, struct trust_cert *out)
{
    bool standard = oid->len == sizeof(ID_CE) && memcmp(oid->p, ID_CE, oid->len - 1) == 0;

    switch (standard ? oid->p[oid->len - 1] : 0) {
    case CE_KEY_USAGE:
    case CE_SUBJECT_ALT_NAME:
    case CE_CERTIFICATE_POLICIES:
    case CE_EXT_KEY_USAGE:
        break;
    case CE_BASIC_CONSTRAINTS:
        out->is_ca = says_ca(*value);
        break;
    case CE_NAME_CONSTRAINTS:
        apply_name_constraints(*value, name, out);
        break;
    default:
        out->unknown_critical |= critical;
    }
}

/* mbedTLS has made sure that no extension that it knows occurs twice. */
static void read_extensions(const mbedtls_x509_crt *crt, const char *name, struct trust_cert *out)
{
    uint8_t *p = crt->v3_ext.p;
    mbedtls_asn1_buf list = {0}, extension, oid, value;

    out->cert_sign = !(crt->ext_types & MBEDTLS_X509_EXT_KEY_USAGE) ||
                     (crt->key_usage & MBEDTLS_X509_KU_KEY_CERT_SIGN);
    out->path_length = TRUST_PATH_ANY;
    if (crt->max_pathlen > 0 && crt->max_pathlen <= TRUST_PATH_ANY) /* mbedTLS counts from 1 */
        out->path_length = (uint8_t)(crt->max_pathlen - 1);
    if (p)
        der_next(&p, p + crt->v3_ext.len, SEQUENCE, &list);
    for (p = list.p; p && p < list.p + list.len;) {
        int critical = 0;

        if (!der_next(&p, list.p + list.len, SEQUENCE, &extension) ||
            !der_next(&extension.p, p, MBEDTLS_ASN1_OID, &oid)) {
            out->unknown_critical = true;
            return;
        }
        mbedtls_asn1_get_bool(&extension.p, p, &critical); /* optional */
        if (!der_next(&extension.p, p, MBEDTLS_ASN1_OCTET_STRING, &value)) {
            out->unknown_critical = true;
            return;
        }
        read_extension(&oid, critical != 0, &value, name, out);
    }
}

/* --- certificates --- */

/* Seconds since 1970; 0 for earlier times. */
static uint64_t seconds(const mbedtls_x509_time *t)
{
    static const uint16_t before_month[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    uint32_t year = (uint32_t)t->year, past = year - 1u, month = (uint32_t)t->mon - 1u, days;
    bool leap = (year % 4u == 0 && year % 100u != 0) || year % 400u == 0;

    if (t->year < 1970 || month > 11)
        return 0;
    days = 365u * (year - 1970u) + (past / 4u - past / 100u + past / 400u) - 477u +
           before_month[month] + (leap && month > 1 ? 1u : 0u) + (uint32_t)t->day - 1u;
    return (uint64_t)days * 86400u + (uint32_t)t->hour * 3600u + (uint32_t)t->min * 60u +
           (uint32_t)t->sec;
}

static bool read_certificate(const mbedtls_x509_crt *crt, const char *name, struct trust_cert *out)
{
    int error = crt->next ? signature_error(crt, crt->next) : MBEDTLS_ERR_RSA_VERIFY_FAILED;

    hash_certificate(crt, out);
    if (mbedtls_pk_get_type(&crt->pk) == MBEDTLS_PK_RSA)
        out->key_bits = (uint16_t)mbedtls_pk_get_bitlen(&crt->pk);
    out->signature_ok = error == 0;
    out->issuer_ok = crt->next && same_name(&crt->issuer, &crt->next->subject);
    out->self_issued = same_name(&crt->issuer, &crt->subject);
    out->version = (uint8_t)crt->version;
    read_extensions(crt, name, out);
    out->not_before_s = seconds(&crt->valid_from);
    out->not_after_s = seconds(&crt->valid_to);
    /* The last seven bits are the low-level error. */
    return (-error & 0x7F) != -MBEDTLS_ERR_MPI_ALLOC_FAILED;
}

static void read_subject(const mbedtls_x509_crt *leaf, struct trust_chain *out)
{
    for (const mbedtls_x509_name *n = &leaf->subject; n; n = n->next) {
        if (equals(&n->oid, MBEDTLS_OID_AT_CN, MBEDTLS_OID_SIZE(MBEDTLS_OID_AT_CN))) {
            out->zero_in_name |= memchr(n->val.p, '\0', n->val.len) != NULL;
            if (out->common_names > 0 || !copy_text(&n->val, out->common_name))
                out->common_name[0] = '\0';
            if (out->common_names < 2)
                out->common_names++;
        }
        if (equals(&n->oid, MBEDTLS_OID_AT_ORG_UNIT, MBEDTLS_OID_SIZE(MBEDTLS_OID_AT_ORG_UNIT)) &&
            equals(&n->val, OU_INTEL_SETUP, sizeof(OU_INTEL_SETUP) - 1))
            out->has_intel_ou = true;
    }
}

/* Only explicit purposes count: "any purpose" is neither of the two. */
static void read_purposes(const mbedtls_x509_crt *leaf, struct trust_chain *out)
{
    for (const mbedtls_x509_sequence *purpose = &leaf->ext_key_usage; purpose;
         purpose = purpose->next) {
        if (equals(&purpose->buf, OID_INTEL_SETUP, sizeof(OID_INTEL_SETUP) - 1))
            out->has_intel_oid = true;
        if (equals(&purpose->buf, MBEDTLS_OID_SERVER_AUTH,
                   MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH)))
            out->has_server_auth = true;
    }
}

bool tls_chain_read(const mbedtls_x509_crt *leaf, struct trust_chain *out)
{
    bool complete = true;

    memset(out, 0, sizeof(*out));
    if (leaf) {
        read_subject(leaf, out);
        read_purposes(leaf, out);
    }
    for (const mbedtls_x509_crt *crt = leaf; crt && out->count <= TRUST_CHAIN; crt = crt->next) {
        if (out->count < TRUST_CHAIN)
            complete &= read_certificate(crt, out->common_name, &out->cert[out->count]);
        out->count++;
    }
    return complete;
}

const char *tls_chain_source(enum trust_refusal refusal)
{
#if FW_TEXTS
    static const char *const source[] = {
        [TRUST_NO_CERTIFICATE] = "G-rflow",
        [TRUST_CHAIN_TOO_LONG] = "assumed",
        [TRUST_SIGNATURE] = "assumed",
        [TRUST_ISSUER] = "RFC 5280 6.1.3",
        [TRUST_NO_ROOT] = "G-rflow",
        [TRUST_OLD_VERSION] = "RFC 5280 6.1.4",
        [TRUST_NOT_CA] = "RFC 5280 6.1.4",
        [TRUST_NO_CERT_SIGN] = "RFC 5280 6.1.4",
        [TRUST_PATH_LENGTH] = "RFC 5280 4.2.1.9",
        [TRUST_EXTENSION] = "RFC 5280 4.2",
        [TRUST_CONSTRAINT_UNREAD] = "RFC 5280 4.2.1.10; assumed",
        [TRUST_SEVERAL_NAMES] = "assumed",
        [TRUST_ZERO_IN_NAME] = "assumed",
        [TRUST_NAME_CONSTRAINT] = "RFC 5280 4.2.1.10",
        [TRUST_NO_PURPOSE] = "G-cert; SCCM12",
        [TRUST_NO_SERVER_AUTH] = "G-cert; S4",
        [TRUST_KEY_TOO_SHORT] = "S4",
        [TRUST_KEY_TOO_LONG] = "S4; SCCM12",
        [TRUST_NOT_YET_VALID] = "S4",
        [TRUST_EXPIRED] = "S4",
        [TRUST_NO_REFERENCE] = "G-rflow",
        [TRUST_WRONG_DOMAIN] = "G-rflow; S4; COMM1395",
    };

    return refusal < sizeof(source) / sizeof(source[0]) ? source[refusal] : NULL;
#else
    (void)refusal;
    return NULL;
#endif
}
