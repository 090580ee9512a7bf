// SPDX-License-Identifier: BSD-3-Clause
/* RAND_set_rand_method() is deprecated from OpenSSL 3.0 on; providers, which replace it, would need
 * a library context for each world. */
#define OPENSSL_API_COMPAT 0x10100000L

#include "sim/server/openssl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

static _Thread_local const struct hal_entropy *source;

void openssl_draw_from(const struct hal_entropy *from)
{
    source = from;
}

static int draw(unsigned char *out, int len)
{
    if (!source) {
        fprintf(stderr, "proviso: OpenSSL draws randomness that is no world's\n");
        abort();
    }
    return source->fill(source->ctx, out, (size_t)len) == 0;
}

static int is_seeded(void)
{
    return 1;
}

static void start(void)
{
    static const RAND_METHOD method = {.bytes = draw, .pseudorand = draw, .status = is_seeded};

    /* No tidying up at the end of the process: that allocates anew what it never frees. */
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT | OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    RAND_set_rand_method(&method);
}

void openssl_start(void)
{
    static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;

    if (!CRYPTO_THREAD_run_once(&once, start)) {
        fprintf(stderr, "proviso: OpenSSL does not start\n");
        abort();
    }
}

bool openssl_md5(const char *const text[], size_t texts, char hex[OPENSSL_MD5_HEX])
{
    unsigned char md5[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *context;
    bool good;

    openssl_start();
    context = EVP_MD_CTX_new();
    good = context && EVP_DigestInit_ex(context, EVP_md5(), NULL);
    for (size_t i = 0; good && i < texts; i++)
        good = EVP_DigestUpdate(context, text[i], strlen(text[i]));
    good = good && EVP_DigestFinal_ex(context, md5, NULL);
    EVP_MD_CTX_free(context);
    for (size_t i = 0; good && i < OPENSSL_MD5_HEX / 2; i++)
        snprintf(hex + 2 * i, 3, "%02x", md5[i]);
    return good;
}
