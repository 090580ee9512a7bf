#ifndef TESTS_UNIT_TRUST_BENCH_H
#define TESTS_UNIT_TRUST_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/trust.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define START_2009 1230768000u /* 2009-01-01 00:00:00 UTC */
#define END_2009 1262303999u   /* 2009-12-31 23:59:59 UTC */
#define JULY_2009 1246406400u  /* 2009-07-01 00:00:00 UTC */

#define LEAF 0
#define MIDDLE 1
#define ROOT 2

/* Go Daddy Class 2 CA, SHA-1 (G2LIST); handle 2 on every release that has hashes. */
static const uint8_t go_daddy[20] = {0x27, 0x96, 0xba, 0xe6, 0x3f, 0x18, 0x01, 0xe2, 0x77, 0x26,
                                     0x1b, 0xa0, 0xd7, 0x77, 0x70, 0x02, 0x8f, 0x20, 0xee, 0xe4};
#define GO_DADDY 2

struct bench {
    struct release release;
    const struct oem_profile *oem;
    struct settings settings;
    struct trust_chain chain;
    struct trust_reference reference;
};

static inline void put_name(struct bench *b, const char *common_name)
{
    memset(b->chain.common_name, 0, sizeof(b->chain.common_name));
    memcpy(b->chain.common_name, common_name, strlen(common_name));
}

static inline void put_hash(struct bench *b, int cert, uint8_t algorithm, const uint8_t *hash)
{
    memcpy(b->chain.cert[cert].hash[algorithm], hash, cert_hash_bytes(algorithm));
    b->chain.cert[cert].hash_known[algorithm] = true;
}

/* A device of this release as it leaves the factory, and a server that it trusts: in example.com,
 * with a chain of three up to Go Daddy, in July 2009. */
static inline struct bench bench_of(const char *release)
{
    struct bench b;

    memset(&b, 0, sizeof(b));
    assert_non_null(release_find(release));
    b.release = *release_find(release);
    b.oem = oem_find("intel");
    assert_non_null(b.oem);
    settings_factory(&b.settings, &b.release, b.oem);
    b.chain.count = 3;
    for (int i = 0; i < TRUST_CHAIN; i++) {
        struct trust_cert *cert = &b.chain.cert[i];

        memset(cert->hash, 0xa0 + i, sizeof(cert->hash));
        cert->hash_known[CERT_HASH_SHA1] = true;
        cert->key_bits = 2048;
        cert->signature_ok = cert->issuer_ok = true;
        cert->version = 3;
        cert->is_ca = i > LEAF;
        cert->cert_sign = i > LEAF;
        cert->path_length = TRUST_PATH_ANY;
        cert->not_before_s = START_2009;
        cert->not_after_s = END_2009;
    }
    put_hash(&b, ROOT, CERT_HASH_SHA1, go_daddy);
    put_name(&b, "sca.example.com");
    b.chain.common_names = 1;
    b.chain.has_intel_oid = true;
    b.chain.has_server_auth = true;
    b.reference = (struct trust_reference){"", "", "example.com", JULY_2009};
    return b;
}

static inline enum trust_refusal verdict(const struct bench *b)
{
    return trust_check(&b->release, b->oem, &b->settings, &b->chain, &b->reference);
}

#endif
