// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include "tests/fixtures/trust.h"

#include <stdio.h>

#include <mbedtls/memory_buffer_alloc.h>
#include <mbedtls/x509_crt.h>

#include "fw/net/tls_chain.h"
#include "sim/base/lwip_world.h"

/* Chains of openssl's, read and judged. The names are those of tests/certificates, which says what
 * is particular about each; the servers are in corp.example, as the device is. */

static struct lwip_image *image;
static uint8_t memory[256 * 1024];

static int begin(void **state)
{
    (void)state;
    image = lwip_image_new();
    lwip_image_enter(image);
    mbedtls_memory_buffer_alloc_init(memory, sizeof(memory));
    return 0;
}

static int end(void **state)
{
    (void)state;
    lwip_image_free(image);
    return 0;
}

/* Of names with blanks between, leaf first. */
static struct trust_chain read_chain(const char *names)
{
    struct trust_chain out;
    mbedtls_x509_crt chain;
    char path[200], pem[4000];

    mbedtls_x509_crt_init(&chain);
    for (size_t n; *names; names += n + (names[n] == ' ')) {
        FILE *file;
        size_t len;

        n = strcspn(names, " ");
        snprintf(path, sizeof(path), "build/certificates/single/%.*s.pem", (int)n, names);
        file = fopen(path, "r");
        if (!file)
            fail_msg("cannot open %s", path);
        len = fread(pem, 1, sizeof(pem) - 1, file);
        fclose(file);
        pem[len] = '\0';
        if (mbedtls_x509_crt_parse(&chain, (const uint8_t *)pem, len + 1) != 0)
            fail_msg("cannot parse %s", path);
    }
    assert_true(tls_chain_read(&chain, &out));
    mbedtls_x509_crt_free(&chain);
    return out;
}

/* Of one certificate alone the hash is active. The clock is not set. */
static void expect(const char *chain, const char *anchor, enum trust_refusal refusal)
{
    static const char *const releases[] = {"2.2", "5.0.3", "6.0"};

    for (size_t i = 0; i < COUNT(releases); i++) {
        struct fixture b = fixture_of(releases[i]);
        struct trust_chain top = read_chain(anchor);

        b.settings.config.hash_active = 0;
        b.settings.config.user_hash_active = 1;
        b.settings.config.user_hash[0].algorithm = CERT_HASH_SHA1;
        memcpy(b.settings.config.user_hash[0].bytes, top.cert[0].hash[CERT_HASH_SHA1],
               LIMIT_HASH_BYTES);
        b.reference = (struct trust_reference){"", "", "corp.example", 0};
        b.chain = read_chain(chain);
        if (verdict(&b) != refusal)
            fail_msg("%s below %s on %s: %s, not: %s", chain, anchor, releases[i],
                     trust_refusal_text(verdict(&b)), trust_refusal_text(refusal));
    }
}

static void usual_servers(void **state)
{
    (void)state;
    expect("leaf root", "root", TRUST_OK);
    expect("leaf-authority authority root", "root", TRUST_OK);
    expect("leaf-ca2 ca2 authority root", "root", TRUST_OK);
    expect("unit root", "root", TRUST_OK);
    expect("leaf-policies-critical policies-critical root", "root", TRUST_OK);
    expect("leaf", "leaf", TRUST_OK);
}

/* A root of the nineties cannot say that it is a CA's; whoever enters its hash says so. */
static void version_1(void **state)
{
    (void)state;
    expect("leaf-root-version1 root-version1", "root-version1", TRUST_OK);
    expect("leaf-ca-root-version1 ca-root-version1 root-version1", "root-version1", TRUST_OK);
    expect("leaf-root-version1 root-version1 root-version1", "root-version1", TRUST_OK);
    expect("leaf-version1 version1 root", "version1", TRUST_OK);
    expect("leaf-version1 version1 root", "root", TRUST_OLD_VERSION);
    expect("leaf-ca-root-version1 ca-root-version1 root-version1", "ca-root-version1",
           TRUST_OLD_VERSION);
    expect("leaf-root-version1 root-version1", "leaf-root-version1", TRUST_OLD_VERSION);
    expect("leaf-v1 root", "root", TRUST_OLD_VERSION);
    expect("leaf-v1 root", "leaf-v1", TRUST_NO_SERVER_AUTH);
}

static void who_may_sign(void **state)
{
    (void)state;
    expect("leaf-no-ca no-ca root", "root", TRUST_NOT_CA);
    expect("leaf-no-ca no-ca root", "no-ca", TRUST_NOT_CA);
    expect("leaf-no-ca-path no-ca-path root", "root", TRUST_NOT_CA);
    expect("leaf-no-basic no-basic root", "root", TRUST_NOT_CA);
    expect("leaf-root-no-ca root-no-ca", "root-no-ca", TRUST_NOT_CA);
    expect("leaf-no-sign no-sign root", "root", TRUST_NO_CERT_SIGN);
    expect("leaf-root-no-sign root-no-sign", "root-no-sign", TRUST_NO_CERT_SIGN);
    expect("leaf-ca-root-no-sign ca-root-no-sign root-no-sign", "root-no-sign", TRUST_NO_CERT_SIGN);
}

static void path_lengths(void **state)
{
    (void)state;
    expect("leaf-path0 path0 root", "root", TRUST_OK);
    expect("leaf-path1 path1 root", "root", TRUST_OK);
    expect("leaf-ca-path1 ca-path1 path1 root", "root", TRUST_OK);
    expect("leaf-ca-path0 ca-path0 path0 root", "root", TRUST_PATH_LENGTH);
    expect("leaf-ca-path0 ca-path0 path0 root", "ca-path0", TRUST_PATH_LENGTH);
    expect("leaf-root-path0 root-path0", "root-path0", TRUST_OK);
    expect("leaf-ca-root-path0 ca-root-path0 root-path0", "root-path0", TRUST_PATH_LENGTH);
    /* RFC 5280, 4.2.1.9: what was issued to itself does not count. */
    expect("leaf-root-path0 root-path0 root-path0", "root-path0", TRUST_OK);
    expect("leaf-self-issued self-issued root-path0", "root-path0", TRUST_OK);
    expect("leaf-ca-self-issued ca-self-issued self-issued root-path0", "root-path0",
           TRUST_PATH_LENGTH);
}

static void name_constraints(void **state)
{
    (void)state;
    expect("leaf-dns-right dns-right root", "root", TRUST_OK);
    expect("leaf-dns-not-excluded dns-not-excluded root", "root", TRUST_OK);
    expect("leaf-dns-wrong dns-wrong root", "root", TRUST_NAME_CONSTRAINT);
    expect("leaf-dns-wrong-critical dns-wrong-critical root", "root", TRUST_NAME_CONSTRAINT);
    expect("leaf-dns-wrong dns-wrong root", "dns-wrong", TRUST_NAME_CONSTRAINT);
    expect("leaf-dns-excluded dns-excluded root", "root", TRUST_NAME_CONSTRAINT);
    expect("leaf-mail mail root", "root", TRUST_CONSTRAINT_UNREAD);
    expect("leaf-mail-critical mail-critical root", "root", TRUST_CONSTRAINT_UNREAD);
    expect("leaf-dns-and-address dns-and-address root", "root", TRUST_CONSTRAINT_UNREAD);
    expect("leaf-dns-dot dns-dot root", "root", TRUST_CONSTRAINT_UNREAD);
    expect("leaf-dns-empty dns-empty root", "root", TRUST_CONSTRAINT_UNREAD);
    expect("leaf-dns-minimum dns-minimum root", "root", TRUST_CONSTRAINT_UNREAD);
    expect("leaf-dns-cut dns-cut root", "root", TRUST_CONSTRAINT_UNREAD);
}

static void critical_extensions(void **state)
{
    (void)state;
    expect("leaf-extension extension root", "root", TRUST_OK);
    expect("leaf-extension-critical extension-critical root", "root", TRUST_EXTENSION);
    expect("oid-extension root", "root", TRUST_OK);
    expect("oid-extension-critical root", "root", TRUST_EXTENSION);
    expect("oid-extension-critical root", "oid-extension-critical", TRUST_EXTENSION);
}

static void issuers(void **state)
{
    (void)state;
    expect("leaf-authority other root", "root", TRUST_ISSUER);
    expect("leaf-authority more root", "root", TRUST_ISSUER);
    expect("leaf-authority wide-authority root", "root", TRUST_ISSUER);
    expect("leaf-authority nobody root", "root", TRUST_ISSUER);
    expect("leaf-authority teletex root", "root", TRUST_ISSUER);
    expect("leaf-parts parts root", "root", TRUST_OK);
    expect("leaf-parts parts-merged root", "root", TRUST_ISSUER);
    expect("leaf-authority case root", "root", TRUST_OK);
    expect("leaf-authority printable root", "root", TRUST_OK);
}

static void common_names(void **state)
{
    (void)state;
    expect("two-names root", "root", TRUST_SEVERAL_NAMES);
    expect("two-names-turned root", "root", TRUST_SEVERAL_NAMES);
    expect("two-names-merged root", "root", TRUST_SEVERAL_NAMES);
    expect("same-name-twice root", "root", TRUST_SEVERAL_NAMES);
    expect("wide root", "root", TRUST_ZERO_IN_NAME);
    expect("no-name root", "root", TRUST_WRONG_DOMAIN);
    expect("wildcard root", "root", TRUST_OK); /* MC: *.suffix */
}

static void orders_and_repetitions(void **state)
{
    (void)state;
    expect("leaf-authority authority root", "authority", TRUST_OK);
    expect("leaf-authority authority", "authority", TRUST_OK);
    expect("leaf-authority authority", "root", TRUST_NO_ROOT);
    expect("leaf root root root", "root", TRUST_OK);
    expect("leaf-authority authority authority root", "root", TRUST_SIGNATURE);
    expect("leaf leaf root", "root", TRUST_SIGNATURE);
    expect("leaf-authority root authority", "root", TRUST_SIGNATURE);
    expect("root leaf", "root", TRUST_SIGNATURE);
    expect("leaf-one one two one", "root", TRUST_NO_ROOT);
    expect("leaf-one one two one", "one", TRUST_OK);
    expect("leaf-md5 root", "root", TRUST_SIGNATURE);
    expect("leaf-ca3 ca3 ca2 authority root", "root", TRUST_CHAIN_TOO_LONG);
    expect("root", "root", TRUST_NO_PURPOSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usual_servers),
        cmocka_unit_test(version_1),
        cmocka_unit_test(who_may_sign),
        cmocka_unit_test(path_lengths),
        cmocka_unit_test(name_constraints),
        cmocka_unit_test(critical_extensions),
        cmocka_unit_test(issuers),
        cmocka_unit_test(common_names),
        cmocka_unit_test(orders_and_repetitions),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
