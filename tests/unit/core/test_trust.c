// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include "tests/fixtures/trust.h"

static struct fixture good(void)
{
    return fixture_of("5.0.2");
}

static void a_good_server_is_trusted(void **state)
{
    struct fixture b = good();

    (void)state;
    assert_int_equal(verdict(&b), TRUST_OK);
    b.chain.has_intel_oid = false;
    b.chain.has_intel_ou = true;
    assert_int_equal(verdict(&b), TRUST_OK);
    b.chain.has_intel_oid = true;
    assert_int_equal(verdict(&b), TRUST_OK);
}

static void no_certificate(struct fixture *b)
{
    b->chain.count = 0;
}

static void five_certificates(struct fixture *b)
{
    b->chain.count = 5;
}

static void bad_signature(struct fixture *b)
{
    b->chain.cert[MIDDLE].signature_ok = false;
}

static void another_issuer(struct fixture *b)
{
    b->chain.cert[LEAF].issuer_ok = false;
}

static void root_not_active(struct fixture *b)
{
    b->settings.config.hash_active &= ~(1u << GO_DADDY);
}

static void old_version(struct fixture *b)
{
    b->chain.cert[MIDDLE].version = 2;
}

static void no_ca(struct fixture *b)
{
    b->chain.cert[ROOT].is_ca = false;
}

static void no_cert_sign(struct fixture *b)
{
    b->chain.cert[MIDDLE].cert_sign = false;
}

static void short_path(struct fixture *b)
{
    b->chain.cert[ROOT].path_length = 0;
}

static void unknown_extension(struct fixture *b)
{
    b->chain.cert[ROOT].unknown_critical = true;
}

static void unread_constraint(struct fixture *b)
{
    b->chain.cert[LEAF].constraint_unread = true;
}

static void several_names(struct fixture *b)
{
    b->chain.common_names = 2;
}

static void zero_in_name(struct fixture *b)
{
    b->chain.zero_in_name = true;
}

static void name_outside(struct fixture *b)
{
    b->chain.cert[ROOT].name_outside = true;
}

static void no_purpose(struct fixture *b)
{
    b->chain.has_intel_oid = b->chain.has_intel_ou = false;
}

static void no_server_auth(struct fixture *b)
{
    b->chain.has_server_auth = false;
}

static void short_key(struct fixture *b)
{
    b->chain.cert[ROOT].key_bits = 512;
}

static void long_key(struct fixture *b)
{
    b->chain.cert[LEAF].key_bits = 4096;
}

static void not_yet_valid(struct fixture *b)
{
    b->chain.cert[ROOT].not_before_s = JULY_2009 + 1;
}

static void expired(struct fixture *b)
{
    b->chain.cert[LEAF].not_after_s = JULY_2009 - 1;
}

static void no_reference(struct fixture *b)
{
    b->reference.pki_suffix = b->reference.server_fqdn = b->reference.option15 = "";
}

static void wrong_domain(struct fixture *b)
{
    b->reference.option15 = "example.org";
}

static const struct {
    void (*make)(struct fixture *b);
    enum trust_refusal refusal;
} faults[] = {
    {no_certificate, TRUST_NO_CERTIFICATE},
    {five_certificates, TRUST_CHAIN_TOO_LONG},
    {bad_signature, TRUST_SIGNATURE},
    {another_issuer, TRUST_ISSUER},
    {root_not_active, TRUST_NO_ROOT},
    {old_version, TRUST_OLD_VERSION},
    {no_ca, TRUST_NOT_CA},
    {no_cert_sign, TRUST_NO_CERT_SIGN},
    {short_path, TRUST_PATH_LENGTH},
    {unknown_extension, TRUST_EXTENSION},
    {unread_constraint, TRUST_CONSTRAINT_UNREAD},
    {several_names, TRUST_SEVERAL_NAMES},
    {zero_in_name, TRUST_ZERO_IN_NAME},
    {name_outside, TRUST_NAME_CONSTRAINT},
    {no_purpose, TRUST_NO_PURPOSE},
    {no_server_auth, TRUST_NO_SERVER_AUTH},
    {short_key, TRUST_KEY_TOO_SHORT},
    {long_key, TRUST_KEY_TOO_LONG},
    {not_yet_valid, TRUST_NOT_YET_VALID},
    {expired, TRUST_EXPIRED},
    {no_reference, TRUST_NO_REFERENCE},
    {wrong_domain, TRUST_WRONG_DOMAIN},
};

static void every_fault_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(faults); i++) {
        struct fixture b = good();

        faults[i].make(&b);
        assert_int_equal(verdict(&b), faults[i].refusal);
    }
}

static void the_earlier_of_two_faults_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(faults); i++)
        for (size_t j = i + 1; j < COUNT(faults); j++) {
            struct fixture b = good();

            faults[j].make(&b);
            faults[i].make(&b);
            if (verdict(&b) != faults[i].refusal)
                fail_msg("faults %zu and %zu: refusal %d", i, j, (int)verdict(&b));
        }
}

static void all_faults_together_and_mended_one_by_one(void **state)
{
    (void)state;
    for (size_t first = 0; first < COUNT(faults); first++) {
        struct fixture b = good();

        for (size_t i = COUNT(faults); i-- > first;)
            faults[i].make(&b);
        assert_int_equal(verdict(&b), faults[first].refusal);
    }
}

static void asking_changes_nothing(void **state)
{
    struct fixture b = good(), before;

    (void)state;
    wrong_domain(&b);
    memcpy(&before, &b, sizeof(b));
    assert_int_equal(verdict(&b), TRUST_WRONG_DOMAIN);
    assert_memory_equal(&before, &b, sizeof(b));
}

static void chains_of_every_length(void **state)
{
    struct fixture b = good();

    (void)state;
    for (uint8_t count = 1; count <= TRUST_CHAIN; count++) {
        b = good();
        memset(b.chain.cert[ROOT].hash, 0xa2, sizeof(b.chain.cert[ROOT].hash));
        put_hash(&b, count - 1, CERT_HASH_SHA1, go_daddy);
        b.chain.count = count;
        assert_int_equal(verdict(&b), TRUST_OK);
    }
    for (unsigned count = TRUST_CHAIN + 1; count <= 255; count++) {
        b.chain.count = (uint8_t)count;
        assert_int_equal(verdict(&b), TRUST_CHAIN_TOO_LONG);
    }
    b.chain.count = 0;
    assert_int_equal(verdict(&b), TRUST_NO_CERTIFICATE);
}

/* What stands behind the last certificate is not part of the chain. */
static void unused_places_are_not_read(void **state)
{
    struct fixture b = good();

    (void)state;
    memset(&b.chain.cert[3], 0, sizeof(b.chain.cert[3]));
    assert_int_equal(verdict(&b), TRUST_OK);
    put_hash(&b, 3, CERT_HASH_SHA1, go_daddy);
    b.chain.cert[ROOT].hash[CERT_HASH_SHA1][0] ^= 1;
    assert_int_equal(verdict(&b), TRUST_NO_ROOT);
}

static void the_server_must_send_the_root_too(void **state)
{
    struct fixture b = good();

    (void)state;
    b.chain.count = 2;
    assert_int_equal(verdict(&b), TRUST_NO_ROOT);
    b.chain.cert[MIDDLE].signature_ok = false; /* nobody is there to have signed it */
    assert_int_equal(verdict(&b), TRUST_NO_ROOT);
    b.chain.count = 1;
    b.chain.cert[LEAF].signature_ok = false;
    assert_int_equal(verdict(&b), TRUST_NO_ROOT);
}

static void every_link_must_hold(void **state)
{
    (void)state;
    for (int cert = 0; cert < TRUST_CHAIN; cert++) {
        struct fixture b = good();

        b.chain.count = 4;
        b.chain.cert[cert].signature_ok = false;
        assert_int_equal(verdict(&b), cert < 3 ? TRUST_SIGNATURE : TRUST_OK);
    }
}

/* What the last one says of its own issuer is nothing that anybody could check. */
static void every_issuer_must_be_there(void **state)
{
    (void)state;
    for (int cert = 0; cert < TRUST_CHAIN; cert++) {
        struct fixture b = good();

        b.chain.count = 4;
        b.chain.cert[cert].issuer_ok = false;
        assert_int_equal(verdict(&b), cert < 3 ? TRUST_ISSUER : TRUST_OK);
    }
}

/* Of the leaf nothing is asked: it signs none. */
static void every_signer_must_be_allowed_to(void **state)
{
    (void)state;
    for (int cert = 0; cert < TRUST_CHAIN; cert++) {
        struct fixture b = good();

        b.chain.count = 4;
        b.chain.cert[cert].is_ca = false;
        assert_int_equal(verdict(&b), cert > LEAF ? TRUST_NOT_CA : TRUST_OK);
        b.chain.cert[cert].is_ca = true;
        b.chain.cert[cert].cert_sign = false;
        assert_int_equal(verdict(&b), cert > LEAF ? TRUST_NO_CERT_SIGN : TRUST_OK);
    }
}

static void only_an_anchor_may_be_old(void **state)
{
    (void)state;
    for (uint8_t version = 0; version <= 3; version++)
        for (int cert = 0; cert < 3; cert++) {
            struct fixture b = good();

            b.chain.cert[cert].version = version;
            b.chain.cert[cert].is_ca = version == 3;
            assert_int_equal(verdict(&b),
                             cert == ROOT || version == 3 ? TRUST_OK : TRUST_OLD_VERSION);
        }
}

/* RFC 5280, 4.2.1.9: the certificates between it and the leaf, without those that were issued to
 * themselves. */
static void paths_of_every_length(void **state)
{
    (void)state;
    for (int cert = 0; cert < TRUST_CHAIN; cert++)
        for (uint8_t length = 0; length < TRUST_CHAIN; length++)
            for (int own = 0; own < TRUST_CHAIN; own++) {
                struct fixture b = good();
                int below = cert > 1 ? cert - 1 : 0;

                b.chain.count = 4;
                b.chain.cert[cert].path_length = length;
                b.chain.cert[own].self_issued = true;
                if (own > LEAF && own < cert)
                    below--;
                assert_int_equal(verdict(&b), below > length ? TRUST_PATH_LENGTH : TRUST_OK);
            }
}

/* Whoever sets them, whichever certificate has them. */
static void every_extension_counts(void **state)
{
    (void)state;
    for (int cert = 0; cert < 3; cert++) {
        struct fixture b = good();

        b.chain.cert[cert].unknown_critical = true;
        assert_int_equal(verdict(&b), TRUST_EXTENSION);
        b = good();
        b.chain.cert[cert].constraint_unread = true;
        assert_int_equal(verdict(&b), TRUST_CONSTRAINT_UNREAD);
        b = good();
        b.chain.cert[cert].name_outside = true;
        assert_int_equal(verdict(&b), TRUST_NAME_CONSTRAINT);
    }
}

static void a_built_in_hash_counts_while_active(void **state)
{
    struct fixture b = good();

    (void)state;
    b.settings.config.hash_active = 1u << GO_DADDY;
    assert_int_equal(verdict(&b), TRUST_OK);
    b.settings.config.hash_active = ~(1u << GO_DADDY);
    assert_int_equal(verdict(&b), TRUST_NO_ROOT);
    b.settings.config.hash_active = 0;
    assert_int_equal(verdict(&b), TRUST_NO_ROOT);
}

static void every_byte_of_a_hash_counts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(go_daddy); i++) {
        struct fixture b = good();

        b.chain.cert[ROOT].hash[CERT_HASH_SHA1][i] ^= 0x80;
        assert_int_equal(verdict(&b), TRUST_NO_ROOT);
    }
}

static void a_hash_that_was_not_computed_is_no_hash(void **state)
{
    struct fixture b = good();

    (void)state;
    b.chain.cert[ROOT].hash_known[CERT_HASH_SHA1] = false;
    assert_int_equal(verdict(&b), TRUST_NO_ROOT);
    b.chain.cert[ROOT].hash_known[CERT_HASH_SHA256] = true;
    assert_int_equal(verdict(&b), TRUST_NO_ROOT);
    memcpy(b.chain.cert[ROOT].hash[CERT_HASH_SHA256], go_daddy, sizeof(go_daddy));
    assert_int_equal(verdict(&b), TRUST_NO_ROOT);
}

static void put_user_hash(struct fixture *b, int slot, uint8_t algorithm, const uint8_t *hash)
{
    b->settings.config.user_hash[slot].algorithm = algorithm;
    memcpy(b->settings.config.user_hash[slot].bytes, hash, LIMIT_HASH_BYTES);
    b->settings.config.user_hash_active |= (uint8_t)(1u << slot);
}

/* A server under the user's own root: its hashes of every kind are known. */
static struct fixture own_root(const uint8_t hash[LIMIT_HASH_BYTES])
{
    struct fixture b = good();

    for (uint8_t algorithm = CERT_HASH_SHA1; algorithm <= CERT_HASH_SHA384; algorithm++)
        put_hash(&b, ROOT, algorithm, hash);
    return b;
}

static void a_user_hash_counts_while_active(void **state)
{
    uint8_t hash[LIMIT_HASH_BYTES];

    (void)state;
    for (int i = 0; i < LIMIT_HASH_BYTES; i++)
        hash[i] = (uint8_t)(i + 1);
    for (uint8_t algorithm = CERT_HASH_SHA1; algorithm <= CERT_HASH_SHA384; algorithm++)
        for (int slot = 0; slot < LIMIT_HASHES_USER; slot++) {
            struct fixture b = own_root(hash);

            assert_int_equal(verdict(&b), TRUST_NO_ROOT);
            put_user_hash(&b, slot, algorithm, hash);
            assert_int_equal(verdict(&b), TRUST_OK);
            b.chain.cert[ROOT].hash[algorithm][cert_hash_bytes(algorithm) - 1] ^= 1;
            assert_int_equal(verdict(&b), TRUST_NO_ROOT);
            put_hash(&b, ROOT, algorithm, hash);
            b.chain.cert[ROOT].hash_known[algorithm] = false;
            assert_int_equal(verdict(&b), TRUST_NO_ROOT);
            b.chain.cert[ROOT].hash_known[algorithm] = true;
            b.settings.config.user_hash_active = (uint8_t) ~(1u << slot);
            assert_int_equal(verdict(&b), TRUST_NO_ROOT);
        }
}

static void a_hash_of_an_unknown_kind_matches_nothing(void **state)
{
    static const uint8_t kinds[] = {4, 5, 127, 255};
    static const uint8_t zero[LIMIT_HASH_BYTES];

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct fixture b = own_root(zero);

        put_user_hash(&b, 0, kinds[i], zero);
        assert_int_equal(verdict(&b), TRUST_NO_ROOT);
    }
}

static void an_oem_hash_counts_while_active(void **state)
{
    static const uint8_t bytes[LIMIT_HASH_BYTES] = {1, 2, 3, 4, 5};
    static const struct cert_hash own = {"OEM", bytes, CERT_HASH_SHA1, "assumed"};
    struct oem_profile oem = *oem_find("intel");
    struct fixture b = own_root(own.bytes);

    (void)state;
    assert_int_equal(verdict(&b), TRUST_NO_ROOT);
    oem.hash = &own;
    oem.hash_count = 1;
    b.oem = &oem;
    settings_factory(&b.settings, &b.release, &oem);
    assert_int_equal(verdict(&b), TRUST_OK);
    b.settings.config.hash_active &= ~(1u << b.release.roots.count);
    assert_int_equal(verdict(&b), TRUST_NO_ROOT);
}

static void expect_anchor(const struct fixture *b, uint8_t cert, uint32_t handle)
{
    struct trust_anchor anchor = {99, 99};

    assert_true(trust_anchor(&b->release, &b->settings, &b->chain, &anchor));
    assert_int_equal(anchor.cert, cert);
    assert_int_equal(anchor.handle, handle);
    assert_int_equal(verdict(b), TRUST_OK);
}

static void any_certificate_of_the_chain_may_be_the_anchor(void **state)
{
    struct trust_anchor anchor;
    struct fixture b = good();

    (void)state;
    expect_anchor(&b, ROOT, GO_DADDY);
    put_user_hash(&b, 0, CERT_HASH_SHA1, b.chain.cert[MIDDLE].hash[CERT_HASH_SHA1]);
    put_user_hash(&b, 1, CERT_HASH_SHA1, b.chain.cert[LEAF].hash[CERT_HASH_SHA1]);
    expect_anchor(&b, ROOT, GO_DADDY);
    b.settings.config.hash_active = 0;
    expect_anchor(&b, MIDDLE, 5);
    b.settings.config.user_hash_active = 2;
    expect_anchor(&b, LEAF, 6);
    b.settings.config.user_hash_active = 0;
    assert_false(trust_anchor(&b.release, &b.settings, &b.chain, &anchor));
    b.chain.count = 0;
    assert_false(trust_anchor(&b.release, &b.settings, &b.chain, &anchor));
}

static void key_sizes(void **state)
{
    static const struct {
        uint16_t bits;
        enum trust_refusal to_2048, to_4096;
    } rows[] = {
        {0, TRUST_KEY_TOO_SHORT, TRUST_KEY_TOO_SHORT},
        {512, TRUST_KEY_TOO_SHORT, TRUST_KEY_TOO_SHORT},
        {1023, TRUST_KEY_TOO_SHORT, TRUST_KEY_TOO_SHORT},
        {1024, TRUST_OK, TRUST_OK},
        {1025, TRUST_OK, TRUST_OK},
        {2047, TRUST_OK, TRUST_OK},
        {2048, TRUST_OK, TRUST_OK},
        {2049, TRUST_KEY_TOO_LONG, TRUST_OK},
        {4095, TRUST_KEY_TOO_LONG, TRUST_OK},
        {4096, TRUST_KEY_TOO_LONG, TRUST_OK},
        {4097, TRUST_KEY_TOO_LONG, TRUST_KEY_TOO_LONG},
        {65535, TRUST_KEY_TOO_LONG, TRUST_KEY_TOO_LONG},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int cert = LEAF; cert <= ROOT; cert++) {
            struct fixture b = good();

            b.chain.cert[cert].key_bits = rows[i].bits;
            b.release.key_bits_max.value = 2048;
            assert_int_equal(verdict(&b), rows[i].to_2048);
            b.release.key_bits_max.value = 4096;
            assert_int_equal(verdict(&b), rows[i].to_4096);
        }
}

static void dates_to_the_second(void **state)
{
    static const struct {
        uint64_t now_s;
        enum trust_refusal refusal;
    } rows[] = {
        {0, TRUST_OK}, /* the clock is not set */
        {1, TRUST_NOT_YET_VALID},
        {START_2009 - 1, TRUST_NOT_YET_VALID},
        {START_2009, TRUST_OK},
        {START_2009 + 1, TRUST_OK},
        {END_2009 - 1, TRUST_OK},
        {END_2009, TRUST_OK},
        {END_2009 + 1, TRUST_EXPIRED},
        {UINT64_MAX, TRUST_EXPIRED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int cert = LEAF; cert <= ROOT; cert++) {
            struct fixture b = good();

            for (int other = LEAF; other <= ROOT; other++)
                if (other != cert) {
                    b.chain.cert[other].not_before_s = 0;
                    b.chain.cert[other].not_after_s = UINT64_MAX;
                }
            b.reference.now_s = rows[i].now_s;
            assert_int_equal(verdict(&b), rows[i].refusal);
        }
}

static void dates_beyond_32_bits(void **state)
{
    struct fixture b = good();

    (void)state;
    for (int cert = LEAF; cert <= ROOT; cert++) {
        b.chain.cert[cert].not_before_s = 0x100000000u;
        b.chain.cert[cert].not_after_s = 0x100000010u;
    }
    b.reference.now_s = 0x100000005u;
    assert_int_equal(verdict(&b), TRUST_OK);
    b.reference.now_s = 5;
    assert_int_equal(verdict(&b), TRUST_NOT_YET_VALID);
    b.reference.now_s = 0x200000005u;
    assert_int_equal(verdict(&b), TRUST_EXPIRED);
}

static void refusals_have_texts(void **state)
{
    (void)state;
    for (int i = TRUST_OK; i <= TRUST_WRONG_DOMAIN; i++) {
        const char *text = trust_refusal_text((enum trust_refusal)i);

        assert_in_range(strlen(text), 5, 70);
        assert_string_not_equal(text, "unknown refusal");
        for (int j = TRUST_OK; j < i; j++)
            assert_string_not_equal(text, trust_refusal_text((enum trust_refusal)j));
    }
    assert_string_equal(trust_refusal_text((enum trust_refusal)(TRUST_WRONG_DOMAIN + 1)),
                        "unknown refusal");
    assert_string_equal(trust_refusal_text((enum trust_refusal) - 1), "unknown refusal");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_server_is_trusted),
        cmocka_unit_test(every_fault_alone),
        cmocka_unit_test(the_earlier_of_two_faults_is_told),
        cmocka_unit_test(all_faults_together_and_mended_one_by_one),
        cmocka_unit_test(asking_changes_nothing),
        cmocka_unit_test(chains_of_every_length),
        cmocka_unit_test(unused_places_are_not_read),
        cmocka_unit_test(the_server_must_send_the_root_too),
        cmocka_unit_test(every_link_must_hold),
        cmocka_unit_test(every_issuer_must_be_there),
        cmocka_unit_test(every_signer_must_be_allowed_to),
        cmocka_unit_test(only_an_anchor_may_be_old),
        cmocka_unit_test(paths_of_every_length),
        cmocka_unit_test(every_extension_counts),
        cmocka_unit_test(a_built_in_hash_counts_while_active),
        cmocka_unit_test(every_byte_of_a_hash_counts),
        cmocka_unit_test(a_hash_that_was_not_computed_is_no_hash),
        cmocka_unit_test(a_user_hash_counts_while_active),
        cmocka_unit_test(a_hash_of_an_unknown_kind_matches_nothing),
        cmocka_unit_test(an_oem_hash_counts_while_active),
        cmocka_unit_test(any_certificate_of_the_chain_may_be_the_anchor),
        cmocka_unit_test(key_sizes),
        cmocka_unit_test(dates_to_the_second),
        cmocka_unit_test(dates_beyond_32_bits),
        cmocka_unit_test(refusals_have_texts),
    };

    return cmocka_run_group_tests_name("trust", tests, NULL, NULL);
}
