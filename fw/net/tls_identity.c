// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/tls_identity.h"

#include <stdbool.h>
#include <string.h>

#include <mbedtls/asn1.h>
#include <mbedtls/platform.h>
#include <mbedtls/rsa.h>

#include "fw/core/status.h"

#define EXPONENT 65537
#define SERIAL_BYTES 8
#define DER_BYTES 1024
/* Fixed dates, since there is no clock; more than ten years (behaviour: assumed). */
#define SUBJECT "CN=iAMT"
#define NOT_BEFORE "20060101000000"
#define NOT_AFTER "20360101000000"
#define NO_DATE "20000000000000" /* two digits of the year are written, so that all are 0 */

int tls_random(void *ctx, unsigned char *out, size_t len)
{
    const struct hal_entropy *entropy = ctx;

    return entropy->fill(entropy->ctx, out, len) == 0 ? 0 : MBEDTLS_ERR_RSA_RNG_FAILED;
}

void tls_identity_begin(struct tls_identity *id, uint16_t bits, const struct hal_entropy *entropy)
{
    memset(id, 0, sizeof(*id));
    id->bits = bits;
    id->entropy = entropy;
    mbedtls_mpi_init(&id->candidate);
    mbedtls_mpi_init(&id->prime);
    mbedtls_pk_init(&id->key);
    mbedtls_x509_crt_init(&id->certificate);
}

void tls_identity_free(struct tls_identity *id)
{
    mbedtls_mpi_free(&id->candidate);
    mbedtls_mpi_free(&id->prime);
    mbedtls_x509_crt_free(&id->certificate);
    mbedtls_pk_free(&id->key);
}

/* The two highest bits are set, so that two primes make a modulus of the full length. */
static int next_candidate(struct tls_identity *id)
{
    size_t bits = id->bits / 2u;
    int error;

    if (mbedtls_mpi_cmp_int(&id->candidate, 0) != 0)
        return mbedtls_mpi_add_int(&id->candidate, &id->candidate, 2);
    error = mbedtls_mpi_fill_random(&id->candidate, bits / 8u, tls_random,
                                    (void *)(uintptr_t)id->entropy);
    if (error == 0)
        error = mbedtls_mpi_set_bit(&id->candidate, bits - 1, 1);
    if (error == 0)
        error = mbedtls_mpi_set_bit(&id->candidate, bits - 2, 1);
    return error ? error : mbedtls_mpi_set_bit(&id->candidate, 0, 1);
}

/* Returns 0 for a prime; MBEDTLS_ERR_MPI_NOT_ACCEPTABLE if it is none, or not usable with this
 * exponent. */
static int try_candidate(struct tls_identity *id)
{
    /* As many rounds that a composite passes with a probability below 2^-80 (HAC, table 4.4). */
    int rounds = id->bits > 1024 ? 4 : 8;
    mbedtls_mpi_uint rest = 0;
    int error = mbedtls_mpi_mod_int(&rest, &id->candidate, EXPONENT);

    if (error == 0 && rest == 1)
        error = MBEDTLS_ERR_MPI_NOT_ACCEPTABLE;
    if (error == 0)
        error = mbedtls_mpi_is_prime_ext(&id->candidate, rounds, tls_random,
                                         (void *)(uintptr_t)id->entropy);
    return error;
}

/* Makes the key from two primes. */
static int make_key(struct tls_identity *id, const mbedtls_mpi *p, const mbedtls_mpi *q)
{
    mbedtls_rsa_context *rsa;
    mbedtls_mpi exponent;
    int error = mbedtls_pk_setup(&id->key, mbedtls_pk_info_from_type(MBEDTLS_PK_RSA));

    if (error)
        return error;
    rsa = mbedtls_pk_rsa(id->key);
    mbedtls_mpi_init(&exponent);
    error = mbedtls_mpi_lset(&exponent, EXPONENT);
    if (error == 0)
        error = mbedtls_rsa_import(rsa, NULL, p, q, NULL, &exponent);
    if (error == 0)
        error = mbedtls_rsa_complete(rsa);
    mbedtls_mpi_free(&exponent);
    return error;
}

static int fill_certificate(struct tls_identity *id, mbedtls_x509write_cert *writer)
{
    mbedtls_mpi serial;
    int error;

    mbedtls_x509write_crt_set_version(writer, MBEDTLS_X509_CRT_VERSION_3);
    mbedtls_x509write_crt_set_md_alg(writer, id->bits > 1024 ? MBEDTLS_MD_SHA256 : MBEDTLS_MD_SHA1);
    mbedtls_x509write_crt_set_subject_key(writer, &id->key);
    mbedtls_x509write_crt_set_issuer_key(writer, &id->key);
    mbedtls_mpi_init(&serial);
    error =
        mbedtls_mpi_fill_random(&serial, SERIAL_BYTES, tls_random, (void *)(uintptr_t)id->entropy);
    if (error == 0)
        error = mbedtls_x509write_crt_set_serial(writer, &serial);
    mbedtls_mpi_free(&serial);
    if (error == 0)
        error = mbedtls_x509write_crt_set_subject_name(writer, SUBJECT);
    if (error == 0)
        error = mbedtls_x509write_crt_set_issuer_name(writer, SUBJECT);
    if (error == 0)
        error = mbedtls_x509write_crt_set_validity(writer, NOT_BEFORE, NOT_AFTER);
    return error;
}

/* mbedTLS's memory for blinding grows at the second use of a key. That shall happen now, and not in
 * the middle of a session's memory, where it would stay. The number is made one byte shorter than
 * the modulus. */
static int use_private_key(struct tls_identity *id, uint8_t *number, uint8_t *result)
{
    number[0] = 0;
    return mbedtls_rsa_private(mbedtls_pk_rsa(id->key), tls_random, (void *)(uintptr_t)id->entropy,
                               number, result);
}

/* mbedTLS writes to the end of the buffer, and returns the length or an error. */
static int write_der(struct tls_identity *id, mbedtls_x509write_cert *writer, uint8_t *der)
{
    return mbedtls_x509write_crt_der(writer, der, DER_BYTES, tls_random,
                                     (void *)(uintptr_t)id->entropy);
}

/* What is wrong with an invalid certificate is not published but for its "date zero" (CERT321).
 * mbedTLS would not read one, so its bytes take the place of those of a good one, which are as
 * many; the signature is right. */
static int remove_dates(struct tls_identity *id, mbedtls_x509write_cert *writer, uint8_t *der)
{
    int len = mbedtls_x509write_crt_set_validity(writer, NO_DATE, NO_DATE);

    if (len == 0)
        len = write_der(id, writer, der);
    if (len < 0)
        return len;
    if ((size_t)len != id->certificate.raw.len)
        return MBEDTLS_ERR_X509_INVALID_DATE;
    memcpy(id->certificate.raw.p, der + DER_BYTES - len, (size_t)len);
    return 0;
}

static int make_certificate(struct tls_identity *id)
{
    uint8_t *der = mbedtls_calloc(1, DER_BYTES);
    mbedtls_x509write_cert writer;
    int len;

    if (!der)
        return MBEDTLS_ERR_X509_ALLOC_FAILED;
    mbedtls_x509write_crt_init(&writer);
    len = fill_certificate(id, &writer);
    if (len == 0)
        len = write_der(id, &writer, der);
    if (len > 0)
        len = mbedtls_x509_crt_parse_der(&id->certificate, der + DER_BYTES - len, (size_t)len);
    if (len == 0 && id->undated)
        len = remove_dates(id, &writer, der);
    if (len == 0)
        len = use_private_key(id, der, der + DER_BYTES / 2);
    mbedtls_x509write_crt_free(&writer);
    mbedtls_free(der);
    return len;
}

/* The candidate is a prime: the first one, or the second, which completes the identity. */
static int prime_found(struct tls_identity *id)
{
    int error;

    if (mbedtls_mpi_cmp_int(&id->prime, 0) == 0) {
        mbedtls_mpi_swap(&id->prime, &id->candidate);
        return mbedtls_mpi_lset(&id->candidate, 0);
    }
    error = make_key(id, &id->prime, &id->candidate);
    if (error == 0)
        error = make_certificate(id);
    mbedtls_mpi_free(&id->prime);
    mbedtls_mpi_free(&id->candidate);
    if (error == 0)
        id->state = TLS_IDENTITY_READY;
    return error;
}

enum tls_identity_state tls_identity_step(struct tls_identity *id)
{
    int error;

    if (id->state != TLS_IDENTITY_BUSY)
        return id->state;
    error = next_candidate(id);
    if (error == 0)
        error = try_candidate(id);
    if (error == MBEDTLS_ERR_MPI_NOT_ACCEPTABLE)
        return TLS_IDENTITY_BUSY;
    if (error == 0)
        error = prime_found(id);
    if (error != 0)
        id->state = TLS_IDENTITY_FAILED;
    return id->state;
}

/* --- a key and a certificate from the store or a server --- */

#define BITS_MIN 1024u
#define BITS_MAX (8u * LIMIT_OWN_KEY) /* the modulus is as long as both primes */

static bool key_ok(const mbedtls_pk_context *key)
{
    const mbedtls_rsa_context *rsa;
    size_t bits = mbedtls_pk_get_bitlen(key);

    if (!mbedtls_pk_can_do(key, MBEDTLS_PK_RSA) || bits < BITS_MIN || bits > BITS_MAX)
        return false;
    rsa = mbedtls_pk_rsa(*key);
    return mbedtls_rsa_check_privkey(rsa) == 0 && mbedtls_mpi_cmp_int(&rsa->E, EXPONENT) == 0;
}

/* The key has been loaded already. */
static uint32_t load_certificate(struct tls_identity *id, const uint8_t *certificate, size_t len)
{
    if (mbedtls_x509_crt_parse_der(&id->certificate, certificate, len) != 0)
        return PT_STATUS_INVALID_CERT;
    if (mbedtls_pk_check_pair(&id->certificate.pk, &id->key) != 0)
        return PT_STATUS_CERT_KEY_NOT_MATCH;
    id->state = TLS_IDENTITY_READY;
    return PT_STATUS_SUCCESS;
}

bool tls_identity_warm_up(struct tls_identity *id)
{
    uint8_t number[LIMIT_OWN_KEY]; /* as long as the longest modulus */

    memset(number, 1, sizeof(number));
    // NOLINTNEXTLINE(misc-redundant-expression): mbedTLS takes its memory in the first two uses
    return use_private_key(id, number, number) == 0 && use_private_key(id, number, number) == 0;
}

/* What blinds is the inverse of the public power of what unblinds; mbedTLS squares one after the
 * other. */
static bool blinding_fits(mbedtls_rsa_context *rsa)
{
    mbedtls_mpi product;
    int error;

    mbedtls_mpi_init(&product);
    error = mbedtls_mpi_exp_mod(&product, &rsa->Vf, &rsa->E, &rsa->N, &rsa->RN);
    if (error == 0)
        error = mbedtls_mpi_mul_mpi(&product, &product, &rsa->Vi);
    if (error == 0)
        error = mbedtls_mpi_mod_mpi(&product, &product, &rsa->N);
    if (error == 0 && mbedtls_mpi_cmp_int(&product, 1) != 0)
        error = MBEDTLS_ERR_MPI_NOT_ACCEPTABLE;
    mbedtls_mpi_free(&product);
    return error == 0;
}

/* mbedTLS makes it when it finds none. */
static void forget_blinding(mbedtls_rsa_context *rsa)
{
    mbedtls_mpi_free(&rsa->Vi);
    mbedtls_mpi_free(&rsa->Vf);
}

void tls_identity_mend(struct tls_identity *id)
{
    mbedtls_rsa_context *rsa;

    if (id->state != TLS_IDENTITY_READY)
        return;
    rsa = mbedtls_pk_rsa(id->key);
    if (blinding_fits(rsa))
        return;
    forget_blinding(rsa);
    if (!tls_identity_warm_up(id))
        forget_blinding(rsa);
}

static size_t primes_of(const mbedtls_pk_context *key, uint8_t out[LIMIT_OWN_KEY])
{
    const mbedtls_rsa_context *rsa = mbedtls_pk_rsa(*key);
    size_t half = (mbedtls_pk_get_bitlen(key) + 15u) / 16u;

    if (2 * half > LIMIT_OWN_KEY ||
        mbedtls_rsa_export_raw(rsa, NULL, 0, out, half, out + half, half, NULL, 0, NULL, 0) != 0)
        return 0;
    return 2 * half;
}

bool tls_identity_read_key(const uint8_t *key, size_t key_len, uint8_t primes[LIMIT_OWN_KEY],
                           size_t *primes_len)
{
    mbedtls_pk_context pk;

    *primes_len = 0;
    mbedtls_pk_init(&pk);
    if (mbedtls_pk_parse_key(&pk, key, key_len, NULL, 0) == 0 && key_ok(&pk))
        *primes_len = primes_of(&pk, primes);
    mbedtls_pk_free(&pk);
    return *primes_len > 0;
}

uint32_t tls_identity_load(struct tls_identity *id, const uint8_t *primes, size_t primes_len,
                           const uint8_t *certificate, size_t certificate_len,
                           const struct hal_entropy *entropy)
{
    uint32_t status = PT_STATUS_INVALID_KEY;
    size_t half = primes_len / 2;

    tls_identity_begin(id, 0, entropy);
    if (mbedtls_mpi_read_binary(&id->prime, primes, half) == 0 &&
        mbedtls_mpi_read_binary(&id->candidate, primes + half, half) == 0 &&
        make_key(id, &id->prime, &id->candidate) == 0 && key_ok(&id->key))
        status = load_certificate(id, certificate, certificate_len);
    mbedtls_mpi_free(&id->prime);
    mbedtls_mpi_free(&id->candidate);
    if (status != PT_STATUS_SUCCESS)
        tls_identity_free(id);
    return status;
}

size_t tls_identity_primes(const struct tls_identity *id, uint8_t out[LIMIT_OWN_KEY])
{
    return primes_of(&id->key, out);
}

/* SubjectPublicKeyInfo: an algorithm and, in a bit string, the key (RFC 5280 4.1). */
const uint8_t *tls_identity_public_key(const struct tls_identity *id, size_t *len)
{
    unsigned char *p = id->certificate.pk_raw.p, *end = p + id->certificate.pk_raw.len;

    // NOLINTNEXTLINE(misc-redundant-expression): one sequence in the other; the first call moves p
    if (mbedtls_asn1_get_tag(&p, end, len, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE) != 0 ||
        mbedtls_asn1_get_tag(&p, end, len, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE) != 0)
        return NULL;
    p += *len;
    if (mbedtls_asn1_get_bitstring_null(&p, end, len) != 0)
        return NULL;
    return p;
}
