// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include "tests/fixtures/tls.h"

/* What the policy is told of a chain, field by field. Expected hashes are mbedTLS's own of the
 * whole certificate, in one piece. */

#define OU "OU=Intel(R) Client Setup Certificate"
#define NOT_BEFORE UINT64_C(1230768000) /* 2009-01-01 00:00:00 */
#define NOT_AFTER UINT64_C(1583020799)  /* 2020-02-29 23:59:59 */

static struct lwip_image *image;

static int begin(void **state)
{
    (void)state;
    image = lwip_image_new();
    lwip_image_enter(image);
    mbedtls_memory_buffer_alloc_init(test_memory, sizeof(test_memory));
    write_keys();
    return 0;
}

static int end(void **state)
{
    (void)state;
    lwip_image_free(image);
    return 0;
}

/* Writes the certificates, leaf first, and reads them as a chain. */
static struct trust_chain read_chain(const struct cert_spec *spec, int count)
{
    mbedtls_x509_crt chain;
    struct trust_chain out;

    mbedtls_x509_crt_init(&chain);
    for (int i = 0; i < count; i++) {
        struct der der;

        write_cert(&der, &spec[i]);
        assert_int_equal(mbedtls_x509_crt_parse_der(&chain, der.bytes, der.len), 0);
    }
    memset(&out, 0xAA, sizeof(out));
    assert_true(tls_chain_read(&chain, &out));
    mbedtls_x509_crt_free(&chain);
    return out;
}

static const struct cert_spec root = {"CN=Root", "CN=Root", KEY_ROOT, KEY_ROOT, .ca = true};
static const struct cert_spec leaf = {"CN=sca.corp.example," OU, "CN=Root", KEY_LEAF, KEY_ROOT,
                                      .uses = USE_SERVER};

static struct trust_chain read_leaf(const struct cert_spec *spec)
{
    return read_chain(spec, 1);
}

static void no_certificate(void **state)
{
    struct trust_chain chain;

    (void)state;
    memset(&chain, 0xAA, sizeof(chain));
    tls_chain_read(NULL, &chain);
    assert_int_equal(chain.count, 0);
    assert_string_equal(chain.common_name, "");
}

static void hashes_keys_and_dates(void **state)
{
    struct cert_spec spec[] = {leaf, root};
    struct trust_chain chain = read_chain(spec, 2);
    uint8_t hash[64];
    struct der der;

    (void)state;
    assert_int_equal(chain.count, 2);
    for (int i = 0; i < 2; i++) {
        write_cert(&der, &spec[i]);
        mbedtls_sha1_ret(der.bytes, der.len, hash);
        assert_memory_equal(chain.cert[i].hash[CERT_HASH_SHA1], hash, 20);
        mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), der.bytes, der.len, hash);
        assert_memory_equal(chain.cert[i].hash[CERT_HASH_SHA256], hash, 32);
        mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA384), der.bytes, der.len, hash);
        assert_memory_equal(chain.cert[i].hash[CERT_HASH_SHA384], hash, 48);
        for (int algorithm = CERT_HASH_SHA1; algorithm <= CERT_HASH_SHA384; algorithm++)
            assert_true(chain.cert[i].hash_known[algorithm]);
        assert_int_equal(chain.cert[i].key_bits, 1024);
        assert_int_equal(chain.cert[i].not_before_s, NOT_BEFORE);
        assert_int_equal(chain.cert[i].not_after_s, NOT_AFTER);
    }
    assert_true(chain.cert[0].signature_ok);
    assert_false(chain.cert[1].signature_ok);
}

static void more_certificates_than_are_kept(void **state)
{
    const struct cert_spec spec[] = {leaf, root, root, root, root, root};

    (void)state;
    assert_int_equal(read_chain(spec, TRUST_CHAIN).count, TRUST_CHAIN);
    assert_int_equal(read_chain(spec, TRUST_CHAIN + 1).count, TRUST_CHAIN + 1);
    assert_int_equal(read_chain(spec, TRUST_CHAIN + 2).count, TRUST_CHAIN + 1);
}

static void signatures(void **state)
{
    static const struct {
        mbedtls_md_type_t md;
        bool ok;
    } digests[] = {{MBEDTLS_MD_SHA1, true},
                   {MBEDTLS_MD_SHA256, true},
                   {MBEDTLS_MD_SHA384, true},
                   {MBEDTLS_MD_MD5, false},
                   {MBEDTLS_MD_MD2, false}};

    (void)state;
    for (size_t i = 0; i < COUNT(digests); i++) {
        struct cert_spec spec[] = {leaf, root};

        spec[0].md = digests[i].md;
        assert_int_equal(read_chain(spec, 2).cert[0].signature_ok, digests[i].ok);
        spec[0].signer = KEY_OTHER;
        assert_false(read_chain(spec, 2).cert[0].signature_ok);
    }
}

/* Whose key it is does not count here: that is for the policy to say. */
static void who_may_sign(void **state)
{
    struct cert_spec middle = {"CN=shop.example", "CN=Root", KEY_OTHER, KEY_ROOT,
                               .uses = USE_SERVER};
    struct cert_spec own = leaf;
    struct trust_chain chain;

    (void)state;
    own.signer = KEY_OTHER;
    own.issuer = "CN=Shop.Example";
    chain = read_chain((struct cert_spec[]){own, middle, root}, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(chain.cert[i].signature_ok, i < 2);
        assert_int_equal(chain.cert[i].issuer_ok, i < 2);
        assert_int_equal(chain.cert[i].self_issued, i == 2);
        assert_int_equal(chain.cert[i].version, 3);
        assert_int_equal(chain.cert[i].is_ca, i == 2);
        assert_true(chain.cert[i].cert_sign);
        assert_int_equal(chain.cert[i].path_length, TRUST_PATH_ANY);
        assert_false(chain.cert[i].unknown_critical);
    }
    middle.uses = 0;
    middle.old = true;
    own.issuer = "CN=shop.examples";
    chain = read_chain((struct cert_spec[]){own, middle, root}, 3);
    assert_int_equal(chain.cert[1].version, 1);
    assert_false(chain.cert[1].is_ca);
    assert_true(chain.cert[0].signature_ok);
    assert_false(chain.cert[0].issuer_ok);
}

static void purposes(void **state)
{
    (void)state;
    for (unsigned uses = 0; uses <= (USE_SERVER | USE_INTEL); uses++) {
        struct cert_spec spec = leaf;
        struct trust_chain chain;

        spec.uses = uses;
        chain = read_leaf(&spec);
        assert_int_equal(chain.has_server_auth, (uses & USE_SERVER) != 0);
        assert_int_equal(chain.has_intel_oid, (uses & USE_INTEL) != 0);
    }
}

/* G-cert: exactly this text, in the subject of the leaf. */
static void the_unit(void **state)
{
    static const struct {
        const char *subject;
        bool ok;
    } units[] = {
        {"CN=a.b," OU, true},
        {OU ",CN=a.b", true},
        {"CN=a.b,OU=Sales," OU, true},
        {"CN=a.b," OU ".", false},
        {"CN=a.b,OU=intel(r) client setup certificate", false},
        {"CN=a.b,OU=Intel(R) Client Setup Certificat", false},
        {"CN=a.b,O=Intel(R) Client Setup Certificate", false},
        {"CN=Intel(R) Client Setup Certificate", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(units); i++) {
        struct cert_spec spec = leaf;

        spec.subject = units[i].subject;
        assert_int_equal(read_leaf(&spec).has_intel_ou, units[i].ok);
    }
    assert_false(read_chain((struct cert_spec[]){root, leaf}, 2).has_intel_ou);
}

/* One attribute's value, as bytes that mbedTLS's own writer would not write. */
static void name_is(const char *value, size_t len, const char *expected, bool zero)
{
    static uint8_t copy[300];
    mbedtls_x509_crt crt;
    struct trust_chain chain;

    mbedtls_x509_crt_init(&crt);
    memcpy(copy, value, len);
    crt.subject.oid.p = (uint8_t *)MBEDTLS_OID_AT_CN;
    crt.subject.oid.len = MBEDTLS_OID_SIZE(MBEDTLS_OID_AT_CN);
    crt.subject.val.p = copy;
    crt.subject.val.len = len;
    tls_chain_read(&crt, &chain);
    assert_string_equal(chain.common_name, expected);
    assert_int_equal(chain.zero_in_name, zero);
    assert_int_equal(chain.common_names, 1);
}

static void the_name(void **state)
{
    char longest[LIMIT_FQDN + 3];
    struct cert_spec spec = leaf;

    (void)state;
    assert_string_equal(read_leaf(&leaf).common_name, "sca.corp.example");
    assert_int_equal(read_leaf(&leaf).common_names, 1);
    spec.subject = OU;
    assert_string_equal(read_leaf(&spec).common_name, "");
    assert_int_equal(read_leaf(&spec).common_names, 0);
    name_is("sca.corp.example\0.evil.example", 30, "", true);
    name_is("sca.corp.example\0", 17, "", true);
    name_is("\0sca.corp.example", 17, "", true);
    memset(longest, 'a', sizeof(longest));
    longest[LIMIT_FQDN] = '\0';
    name_is(longest, LIMIT_FQDN, longest, false);
    name_is(longest, LIMIT_FQDN + 2, "", true);
    longest[LIMIT_FQDN] = 'a';
    name_is(longest, LIMIT_FQDN + 1, "", false);
    name_is("", 0, "", false);
}

/* The peak of what mbedTLS holds beyond what it holds now, while the key is used once. */
static size_t used_once(mbedtls_pk_context *key, bool eased)
{
    uint8_t number[MBEDTLS_MPI_MAX_SIZE + 1] = {0}, result[sizeof(number)];
    size_t before, blocks, most;

    mbedtls_memory_buffer_alloc_cur_get(&before, &blocks);
    mbedtls_memory_buffer_alloc_max_reset();
    if (eased)
        tls_chain_precompute_key(key);
    assert_int_equal(mbedtls_rsa_public(mbedtls_pk_rsa(*key), number, result), 0);
    mbedtls_memory_buffer_alloc_max_get(&most, &blocks);
    return most - before;
}

/* What mbedTLS keeps of a key's first use is the same, whatever the length; only the way to it is
 * shorter. */
static void an_eased_key(void **state)
{
    static const uint16_t bits[] = {512, 1016, 1024, 2048, 2056, 3072, 4096};
    struct rng rng;
    struct hal_entropy entropy = {.ctx = &rng, .fill = test_fill};
    mbedtls_pk_context none;

    (void)state;
    for (size_t i = 0; i < COUNT(bits); i++) {
        mbedtls_pk_context key[2];
        size_t most[2];

        for (int eased = 0; eased < 2; eased++) {
            rng_seed(&rng, 1, "eased");
            mbedtls_pk_init(&key[eased]);
            invent_key(&key[eased], bits[i], &entropy);
            most[eased] = used_once(&key[eased], eased);
        }
        assert_int_equal(
            mbedtls_mpi_cmp_mpi(&mbedtls_pk_rsa(key[0])->RN, &mbedtls_pk_rsa(key[1])->RN), 0);
        assert_true(bits[i] < 2048 || most[1] < most[0] * 2 / 3);
        mbedtls_pk_free(&key[0]);
        mbedtls_pk_free(&key[1]);
    }
    mbedtls_pk_init(&none);
    tls_chain_precompute_key(&none);
}

static void every_refusal_has_a_source(void **state)
{
    (void)state;
    for (int refusal = TRUST_NO_CERTIFICATE; refusal <= TRUST_WRONG_DOMAIN; refusal++)
        assert_non_null(tls_chain_source((enum trust_refusal)refusal));
    assert_null(tls_chain_source(TRUST_OK));
    assert_null(tls_chain_source((enum trust_refusal)100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_certificate),
        cmocka_unit_test(hashes_keys_and_dates),
        cmocka_unit_test(more_certificates_than_are_kept),
        cmocka_unit_test(signatures),
        cmocka_unit_test(who_may_sign),
        cmocka_unit_test(purposes),
        cmocka_unit_test(the_unit),
        cmocka_unit_test(the_name),
        cmocka_unit_test(an_eased_key),
        cmocka_unit_test(every_refusal_has_a_source),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
