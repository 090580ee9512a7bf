#include "fw/net/tls_identity.h"

#include <string.h>

#include <mbedtls/platform.h>
#include <mbedtls/rsa.h>

#define EXPONENT 65537
#define SERIAL_BYTES 8
#define DER_BYTES 1024
/* Ten years and more (behaviour: assumed), and no clock to begin them with. */
#define SUBJECT "CN=iAMT"
#define NOT_BEFORE "20060101000000"
#define NOT_AFTER "20360101000000"

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

/* 0 prime, MBEDTLS_ERR_MPI_NOT_ACCEPTABLE not one, or not one for this exponent. */
static int try_candidate(struct tls_identity *id)
{
    /* Rounds for a random candidate to be wrong with less than 2^-80 (HAC, table 4.4). */
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

static int make_key(struct tls_identity *id)
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
        error = mbedtls_rsa_import(rsa, NULL, &id->prime, &id->candidate, NULL, &exponent);
    if (error == 0)
        error = mbedtls_rsa_complete(rsa);
    mbedtls_mpi_free(&exponent);
    return error;
}

static int describe(struct tls_identity *id, mbedtls_x509write_cert *writer)
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

/* What a key needs for blinding grows at its second use: now, and not in the middle of a session's
 * memory, where it would stay. The number has one byte less than the modulus. */
static int use_once_more(struct tls_identity *id, uint8_t *number, uint8_t *result)
{
    number[0] = 0;
    return mbedtls_rsa_private(mbedtls_pk_rsa(id->key), tls_random, (void *)(uintptr_t)id->entropy,
                               number, result);
}

static int make_certificate(struct tls_identity *id)
{
    uint8_t *der = mbedtls_calloc(1, DER_BYTES);
    mbedtls_x509write_cert writer;
    int len;

    if (!der)
        return MBEDTLS_ERR_X509_ALLOC_FAILED;
    mbedtls_x509write_crt_init(&writer);
    len = describe(id, &writer);
    /* It writes to the end of the buffer. */
    if (len == 0)
        len = mbedtls_x509write_crt_der(&writer, der, DER_BYTES, tls_random,
                                        (void *)(uintptr_t)id->entropy);
    if (len > 0)
        len = mbedtls_x509_crt_parse_der(&id->certificate, der + DER_BYTES - len, (size_t)len);
    if (len == 0)
        len = use_once_more(id, der, der + DER_BYTES / 2);
    mbedtls_x509write_crt_free(&writer);
    mbedtls_free(der);
    return len;
}

/* The candidate is a prime. */
static int take_prime(struct tls_identity *id)
{
    int error;

    if (mbedtls_mpi_cmp_int(&id->prime, 0) == 0) {
        mbedtls_mpi_swap(&id->prime, &id->candidate);
        return mbedtls_mpi_lset(&id->candidate, 0);
    }
    error = make_key(id);
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
        error = take_prime(id);
    if (error != 0)
        id->state = TLS_IDENTITY_FAILED;
    return id->state;
}
