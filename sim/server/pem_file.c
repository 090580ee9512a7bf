// SPDX-License-Identifier: BSD-3-Clause
#include "sim/server/pem_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "sim/server/openssl.h"

struct reading {
    const char *path;
    char *text; /* of the file */
    struct pem_file *out;
    char *error;
    size_t cap;
};

static bool fail(struct reading *r, const char *why)
{
    snprintf(r->error, r->cap, "%s: %s", r->path, why);
    return false;
}

static bool keep(struct reading *r, struct pem_part *part, const uint8_t *der, size_t len)
{
    part->der = malloc(len);
    if (!part->der)
        return fail(r, "out of memory");
    memcpy(part->der, der, len);
    part->len = len;
    return true;
}

static bool take_certificate(struct reading *r, const uint8_t *der, long len)
{
    struct pem_file *out = r->out;
    const uint8_t *end = der;
    X509 *certificate;

    if (out->certificates == PEM_FILE_CERTIFICATES)
        return fail(r, "too many certificates; expected at most 6");
    certificate = d2i_X509(NULL, &end, len);
    X509_free(certificate);
    if (!certificate || end != der + len)
        return fail(r, "a certificate cannot be read");
    if (!keep(r, &out->certificate[out->certificates], der, (size_t)len))
        return false;
    out->certificates++;
    return true;
}

/* Whether PKCS #1 or #8, it is kept as PKCS #1. */
static bool take_key(struct reading *r, const char *header, const uint8_t *der, long len)
{
    EVP_PKEY *key = header[0] ? NULL : d2i_AutoPrivateKey(NULL, &der, len);
    uint8_t *rsa = NULL;
    int rsa_len = 0;
    bool good;

    if (key && EVP_PKEY_base_id(key) == EVP_PKEY_RSA)
        rsa_len = i2d_PrivateKey(key, &rsa);
    if (rsa_len > 0)
        good = keep(r, &r->out->key, rsa, (size_t)rsa_len);
    else
        good = fail(r, "the key behind the certificates is no RSA key without a password");
    OPENSSL_clear_free(rsa, rsa_len > 0 ? (size_t)rsa_len : 0);
    EVP_PKEY_free(key);
    return good;
}

/* The next part of the file. *name: what the file calls it, "" at the end. */
static bool take_part(struct reading *r, BIO *in, char name[32])
{
    char *called = NULL, *header = NULL;
    unsigned char *der = NULL;
    long len = 0;
    bool good, certificate;

    name[0] = '\0';
    if (PEM_read_bio(in, &called, &header, &der, &len) != 1) {
        if (ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE)
            return true;
        return fail(r, r->out->certificates ? "a certificate or the key behind it cannot be read"
                                            : "a certificate cannot be read");
    }
    snprintf(name, 32, "%s", called);
    certificate = strcmp(called, PEM_STRING_X509) == 0;
    if (certificate)
        good = take_certificate(r, der, len);
    else if (r->out->certificates == 0)
        good = fail(r, "no certificate in it; expected the server's own first");
    else
        good = take_key(r, header, der, len);
    OPENSSL_free(called);
    OPENSSL_free(header);
    OPENSSL_clear_free(der, (size_t)len);
    return good;
}

static bool take_parts(struct reading *r)
{
    BIO *in = BIO_new_mem_buf(r->text, -1);
    bool good = in || fail(r, "out of memory");
    char name[32] = PEM_STRING_X509;

    while (good && strcmp(name, PEM_STRING_X509) == 0)
        good = take_part(r, in, name);
    BIO_free(in);
    ERR_clear_error();
    if (good && r->out->certificates == 0)
        return fail(r, "no certificate in it; expected the server's own first");
    return good && (name[0] || fail(r, "no key behind the certificates"));
}

static bool read_text(struct reading *r)
{
    FILE *in = fopen(r->path, "rb");
    size_t len = 0;
    bool good;

    if (!in)
        return fail(r, strerror(errno));
    len = fread(r->text, 1, PEM_FILE_BYTES, in);
    good = !ferror(in) || fail(r, strerror(errno));
    fclose(in);
    r->text[len] = '\0';
    if (good && len == PEM_FILE_BYTES)
        return fail(r, "too long for a file with certificates");
    return good && (strlen(r->text) == len || fail(r, "not a text file"));
}

bool pem_file_load(const char *path, struct pem_file *out, char *error, size_t cap)
{
    struct reading r = {path, malloc(PEM_FILE_BYTES + 1), out, error, cap};
    bool good;

    openssl_start();
    ERR_clear_error();
    memset(out, 0, sizeof(*out));
    if (!r.text)
        return fail(&r, "out of memory");
    good = read_text(&r) && take_parts(&r);
    OPENSSL_cleanse(r.text, PEM_FILE_BYTES + 1); /* a key is in it */
    free(r.text);
    if (!good)
        pem_file_free(out);
    return good;
}

void pem_file_free(struct pem_file *file)
{
    for (uint32_t i = 0; i < file->certificates; i++)
        free(file->certificate[i].der);
    if (file->key.der)
        OPENSSL_cleanse(file->key.der, file->key.len);
    free(file->key.der);
    memset(file, 0, sizeof(*file));
}
