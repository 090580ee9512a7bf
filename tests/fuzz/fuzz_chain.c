// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
// runs: 15000
/* Certificates that somebody shows: the chain, as TLS and the trust policy read it; names, as the
 * service shows them; a key. The input is a list of certificates, each behind its length in two
 * bytes; with 1 in its first byte it is a private key.
 * Promises: nothing is read outside a certificate, all memory is given back, names are printable,
 * and nobody is trusted without a root that the device knows. */
#include <mbedtls/platform.h>
#include <mbedtls/x509_crt.h>

#include "fw/core/trust.h"
#include "fw/manage/certificate_name.h"
#include "fw/net/tls_chain.h"
#include "fw/net/tls_identity.h"
#include "tests/fuzz/fuzz.h"

static void read_key(const uint8_t *bytes, size_t len)
{
    uint8_t *key = exact_copy(bytes, len), primes[LIMIT_OWN_KEY];
    size_t primes_len = 0;

    if (tls_identity_read_key(key, len, primes, &primes_len))
        promise(primes_len >= 128 && primes_len <= sizeof(primes), "a key has its two primes");
    free(key);
}

static void show_names(const uint8_t *certificate, size_t len)
{
    char text[160];

    for (int which = NAME_ISSUER; which <= NAME_SUBJECT; which++) {
        struct out out = {text, sizeof(text), 0, false};

        memset(text, 0, sizeof(text));
        certificate_name_write(&out, certificate, len, (enum certificate_name)which);
        promise(out.len <= sizeof(text), "a name keeps to its room");
        for (size_t i = 0; i < out.len; i++)
            promise((uint8_t)text[i] >= 0x20 && (uint8_t)text[i] <= 0x7E, "a name is printable");
    }
}

static void judge(const mbedtls_x509_crt *leaf)
{
    static const char *const release[] = {"2.2", "3.2.1", "5.0.3", "6.0"};
    struct trust_reference reference = {"site1.example", "", "corp.example", 1246406400};
    struct trust_chain chain;
    struct settings s;

    for (const mbedtls_x509_crt *c = leaf; c; c = c->next)
        tls_chain_precompute_key(&c->pk);
    if (!tls_chain_read(leaf, &chain))
        return;
    promise(memchr(chain.common_name, '\0', sizeof(chain.common_name)) != NULL, "a name ends");
    for (size_t i = 0; i < COUNT(release); i++) {
        const struct release *r = release_find(release[i]);

        settings_factory(&s, r, oem_find("intel"));
        promise(trust_check(r, oem_find("intel"), &s, &chain, &reference) != TRUST_OK,
                "nobody has a certificate below a root of that time");
        reference.now_s = 0;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    mbedtls_x509_crt leaf;

    mbedtls_platform_set_calloc_free(calloc, free);
    if (size > 0 && data[0] == 1) {
        read_key(data + 1, size - 1);
        return 0;
    }
    mbedtls_x509_crt_init(&leaf);
    for (int i = 0; i < 8 && in.left > 2; i++) {
        size_t len = (size_t)take_byte(&in) << 8;
        const uint8_t *bytes = take_bytes(&in, len | take_byte(&in), &len);
        uint8_t *certificate = exact_copy(bytes, len);

        mbedtls_x509_crt_parse_der(&leaf, certificate, len);
        show_names(certificate, len);
        free(certificate);
    }
    judge(leaf.raw.p ? &leaf : NULL);
    mbedtls_x509_crt_free(&leaf);
    return 0;
}
