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
#define VERSION_3 3
#define LIMB_BITS (8 * sizeof(mbedtls_mpi_uint))
#define EASE_LIMBS 8 /* a division's memory grows with it, its time does not */

static bool is(const mbedtls_asn1_buf *value, const char *text, size_t len)
{
    return value->p && value->len == len && memcmp(value->p, text, len) == 0;
}

static void hash(const mbedtls_x509_crt *crt, struct trust_cert *out)
{
    uint8_t sha512[64] = {0};

    out->hash_known[CERT_HASH_SHA1] =
        mbedtls_sha1_ret(crt->raw.p, crt->raw.len, out->hash[CERT_HASH_SHA1]) == 0;
    out->hash_known[CERT_HASH_SHA256] =
        mbedtls_sha256_ret(crt->raw.p, crt->raw.len, out->hash[CERT_HASH_SHA256], 0) == 0;
    /* The function writes all eight words whatever the variant. */
    out->hash_known[CERT_HASH_SHA384] =
        mbedtls_sha512_ret(crt->raw.p, crt->raw.len, sha512, 1) == 0;
    memcpy(out->hash[CERT_HASH_SHA384], sha512, LIMIT_HASH_BYTES);
}

/* R^2 mod N, R being the power of two above N's limbs. */
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
        step = EASE_LIMBS * LIMB_BITS;
    }
    return error ? error : mbedtls_mpi_shrink(out, n->n);
}

void tls_chain_ease_key(const mbedtls_pk_context *key)
{
    mbedtls_rsa_context *rsa;

    if (mbedtls_pk_get_type(key) != MBEDTLS_PK_RSA)
        return;
    rsa = mbedtls_pk_rsa(*key);
    if (!rsa->RN.p && square_of_r(&rsa->N, &rsa->RN) != 0)
        mbedtls_mpi_free(&rsa->RN);
}

int tls_chain_ease(void *ctx, const mbedtls_x509_crt *crt, mbedtls_x509_crt **trusted)
{
    (void)ctx;
    *trusted = NULL;
    if (crt->next)
        tls_chain_ease_key(&crt->next->pk);
    return 0;
}

static bool may_sign(const mbedtls_x509_crt *crt)
{
    return crt->version < VERSION_3 || crt->ca_istrue;
}

/* 0, or an error of mbedTLS's. */
static int signature_error(const mbedtls_x509_crt *crt, const mbedtls_x509_crt *signer)
{
    const mbedtls_md_info_t *md = mbedtls_md_info_from_type(crt->sig_md);
    uint8_t digest[LIMIT_HASH_BYTES];
    bool known = crt->sig_md == MBEDTLS_MD_SHA1 || crt->sig_md == MBEDTLS_MD_SHA256 ||
                 crt->sig_md == MBEDTLS_MD_SHA384;

    if (!known || !md || crt->sig_pk != MBEDTLS_PK_RSA || !may_sign(signer) ||
        mbedtls_pk_get_type(&signer->pk) != MBEDTLS_PK_RSA ||
        mbedtls_md(md, crt->tbs.p, crt->tbs.len, digest) != 0)
        return MBEDTLS_ERR_RSA_VERIFY_FAILED;
    return mbedtls_pk_verify((mbedtls_pk_context *)(uintptr_t)&signer->pk, crt->sig_md, digest,
                             mbedtls_md_get_size(md), crt->sig.p, crt->sig.len);
}

/* Seconds since 1970; what lies before is 0. */
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

static bool read_certificate(const mbedtls_x509_crt *crt, struct trust_cert *out)
{
    int error = crt->next ? signature_error(crt, crt->next) : MBEDTLS_ERR_RSA_VERIFY_FAILED;

    hash(crt, out);
    if (mbedtls_pk_get_type(&crt->pk) == MBEDTLS_PK_RSA)
        out->key_bits = (uint16_t)mbedtls_pk_get_bitlen(&crt->pk);
    out->signature_ok = error == 0;
    out->not_before_s = seconds(&crt->valid_from);
    out->not_after_s = seconds(&crt->valid_to);
    /* A low-level error is the last seven bits of what is returned. */
    return (-error & 0x7F) != -MBEDTLS_ERR_MPI_ALLOC_FAILED;
}

static void take_common_name(const mbedtls_asn1_buf *value, char out[LIMIT_FQDN + 1])
{
    if (value->len > LIMIT_FQDN || memchr(value->p, '\0', value->len))
        return;
    memcpy(out, value->p, value->len);
    out[value->len] = '\0';
}

static void read_subject(const mbedtls_x509_crt *leaf, struct trust_chain *out)
{
    bool named = false;

    for (const mbedtls_x509_name *n = &leaf->subject; n; n = n->next) {
        if (is(&n->oid, MBEDTLS_OID_AT_CN, MBEDTLS_OID_SIZE(MBEDTLS_OID_AT_CN)) && !named) {
            take_common_name(&n->val, out->common_name);
            named = true;
        }
        if (is(&n->oid, MBEDTLS_OID_AT_ORG_UNIT, MBEDTLS_OID_SIZE(MBEDTLS_OID_AT_ORG_UNIT)) &&
            is(&n->val, OU_INTEL_SETUP, sizeof(OU_INTEL_SETUP) - 1))
            out->has_intel_ou = true;
    }
}

/* Only what is said by name: "any purpose" is not one of the two. */
static void read_purposes(const mbedtls_x509_crt *leaf, struct trust_chain *out)
{
    for (const mbedtls_x509_sequence *use = &leaf->ext_key_usage; use; use = use->next) {
        if (is(&use->buf, OID_INTEL_SETUP, sizeof(OID_INTEL_SETUP) - 1))
            out->has_intel_oid = true;
        if (is(&use->buf, MBEDTLS_OID_SERVER_AUTH, MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH)))
            out->has_server_auth = true;
    }
}

bool tls_chain_read(const mbedtls_x509_crt *leaf, struct trust_chain *out)
{
    bool complete = true;

    memset(out, 0, sizeof(*out));
    for (const mbedtls_x509_crt *crt = leaf; crt && out->count <= TRUST_CHAIN; crt = crt->next) {
        if (out->count < TRUST_CHAIN)
            complete &= read_certificate(crt, &out->cert[out->count]);
        out->count++;
    }
    if (leaf) {
        read_subject(leaf, out);
        read_purposes(leaf, out);
    }
    return complete;
}

const char *tls_chain_source(enum trust_refusal refusal)
{
#if FW_TEXTS
    static const char *const source[] = {
        [TRUST_NO_CERTIFICATE] = "G-rflow",    [TRUST_CHAIN_TOO_LONG] = "assumed",
        [TRUST_SIGNATURE] = "assumed",         [TRUST_NO_ROOT] = "G-rflow",
        [TRUST_NO_PURPOSE] = "G-cert; SCCM12", [TRUST_NO_SERVER_AUTH] = "G-cert; S4",
        [TRUST_KEY_TOO_SHORT] = "S4",          [TRUST_KEY_TOO_LONG] = "S4; SCCM12",
        [TRUST_NOT_YET_VALID] = "S4",          [TRUST_EXPIRED] = "S4",
        [TRUST_NO_REFERENCE] = "G-rflow",      [TRUST_WRONG_DOMAIN] = "G-rflow; S4; COMM1395",
    };

    return refusal < sizeof(source) / sizeof(source[0]) ? source[refusal] : NULL;
#else
    (void)refusal;
    return NULL;
#endif
}
