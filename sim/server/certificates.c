#include "sim/server/certificates.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mbedtls/memory_buffer_alloc.h>
#include <mbedtls/pem.h>
#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>

#include "fw/core/wipe.h"
#include "sim/base/lwip_world.h"

#define CERTIFICATE "CERTIFICATE-----"
#define KEY_DER_BYTES 4096u /* of the longest key that a release takes */
#define MEMORY_BYTES (256u * 1024u)

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

/* *at is left behind the certificate. */
static bool take_certificate(struct reading *r, const char **at)
{
    struct pem_file *out = r->out;
    mbedtls_pem_context pem;
    mbedtls_x509_crt crt;
    size_t used = 0;
    bool good;

    if (out->certificates == PEM_FILE_CERTIFICATES)
        return fail(r, "too many certificates; expected at most 6");
    mbedtls_pem_init(&pem);
    mbedtls_x509_crt_init(&crt);
    good = mbedtls_pem_read_buffer(&pem, "-----BEGIN " CERTIFICATE, "-----END " CERTIFICATE,
                                   (const unsigned char *)*at, NULL, 0, &used) == 0 &&
           mbedtls_x509_crt_parse_der(&crt, pem.buf, pem.buflen) == 0;
    if (!good)
        fail(r, "a certificate cannot be read");
    else
        good = keep(r, &out->certificate[out->certificates], pem.buf, pem.buflen);
    out->certificates += good;
    mbedtls_x509_crt_free(&crt);
    mbedtls_pem_free(&pem);
    *at += used;
    return good;
}

/* Whether PKCS #1 or #8, it is kept as PKCS #1. mbedTLS writes to the end of the buffer. */
static bool take_key(struct reading *r, const char *at)
{
    unsigned char der[KEY_DER_BYTES];
    mbedtls_pk_context key;
    bool good;
    int len = 0;

    mbedtls_pk_init(&key);
    good = mbedtls_pk_parse_key(&key, (const unsigned char *)at, strlen(at) + 1, NULL, 0) == 0 &&
           mbedtls_pk_get_type(&key) == MBEDTLS_PK_RSA &&
           (len = mbedtls_pk_write_key_der(&key, der, sizeof(der))) > 0;
    if (!good)
        fail(r, "the key behind the certificates is no RSA key without a password");
    else
        good = keep(r, &r->out->key, der + sizeof(der) - len, (size_t)len);
    wipe(der, sizeof(der));
    mbedtls_pk_free(&key);
    return good;
}

static bool take_parts(struct reading *r)
{
    const char *at = r->text;

    while ((at = strstr(at, "-----BEGIN "))) {
        if (strncmp(at, "-----BEGIN " CERTIFICATE, strlen("-----BEGIN " CERTIFICATE)) != 0)
            break;
        if (!take_certificate(r, &at))
            return false;
    }
    if (r->out->certificates == 0)
        return fail(r, "no certificate in it; expected the server's own first");
    return at ? take_key(r, at) : fail(r, "no key behind the certificates");
}

/* mbedTLS's variables are some world's: these need ones of their own. */
static bool take_parts_apart(struct reading *r)
{
    struct lwip_image *image = lwip_image_new();
    unsigned char *memory = malloc(MEMORY_BYTES);
    bool good = false;

    if (image && memory) {
        lwip_image_enter(image);
        mbedtls_memory_buffer_alloc_init(memory, MEMORY_BYTES);
        good = take_parts(r);
    } else {
        fail(r, "out of memory");
    }
    lwip_image_free(image);
    if (memory)
        wipe(memory, MEMORY_BYTES);
    free(memory);
    return good;
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

    memset(out, 0, sizeof(*out));
    if (!r.text)
        return fail(&r, "out of memory");
    good = read_text(&r) && take_parts_apart(&r);
    wipe(r.text, PEM_FILE_BYTES + 1); /* a key is in it */
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
        wipe(file->key.der, file->key.len);
    free(file->key.der);
    memset(file, 0, sizeof(*file));
}
