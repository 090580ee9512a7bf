// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include "fw/core/setup.h"
#include "tests/fixtures/trust.h"

/* What the seed documents say of certificates, on every release that has built-in hashes: the
 * decision alone, without the TLS hand-shake that it decides. */

typedef void (*claim)(struct fixture b);

static void on_every_release(claim show)
{
    uint32_t count, shown = 0;
    const struct release *const *r = release_table(&count);

    for (; count > 0; count--, r++)
        if ((*r)->roots.count > 0) {
            show(fixture_of((*r)->name));
            shown++;
        }
    assert_true(shown >= 2);
}

static void a08(struct fixture b)
{
    struct settings before;

    b.settings.machine.setup_state = SETUP_IN_PROCESS;
    memcpy(&before, &b.settings, sizeof(before));
    b.chain.has_intel_oid = false; /* an ordinary web server's certificate */
    assert_int_equal(verdict(&b), TRUST_NO_PURPOSE);
    assert_string_equal(trust_refusal_text(verdict(&b)),
                        "the certificate has neither the Intel OID nor the Intel OU");
    b.chain.cert[ROOT].hash[CERT_HASH_SHA1][0] ^= 1; /* under the company's own root */
    assert_int_equal(verdict(&b), TRUST_NO_ROOT);
    assert_string_equal(trust_refusal_text(verdict(&b)),
                        "no certificate of the chain has an active hash");
    b.chain.count = 0; /* none at all */
    assert_int_equal(verdict(&b), TRUST_NO_CERTIFICATE);
    assert_string_equal(trust_refusal_text(verdict(&b)), "the server presented no certificate");
    assert_memory_equal(&before, &b.settings, sizeof(before));
}

static void A08_wrong_certificate_refused_with_a_reason(void **state)
{
    (void)state;
    on_every_release(a08);
}

static void g10(struct fixture b)
{
    b.chain.has_intel_oid = false;
    assert_int_equal(verdict(&b), TRUST_NO_PURPOSE);
    b.chain.has_intel_ou = true;
    assert_int_equal(verdict(&b), TRUST_OK);
    b.chain.has_intel_ou = false;
    b.chain.has_intel_oid = true;
    assert_int_equal(verdict(&b), TRUST_OK);
}

static void G10_neither_oid_nor_ou_refused(void **state)
{
    (void)state;
    on_every_release(g10);
}

static void g11(struct fixture b)
{
    assert_int_equal(verdict(&b), TRUST_OK);
    b.settings.config.hash_active &= ~(1u << GO_DADDY);
    assert_int_equal(verdict(&b), TRUST_NO_ROOT);
    b.settings.config.hash_active |= 1u << GO_DADDY;
    assert_int_equal(verdict(&b), TRUST_OK);
    b.chain.cert[ROOT].hash[CERT_HASH_SHA1][19] ^= 1;
    assert_int_equal(verdict(&b), TRUST_NO_ROOT);
}

static void G11_root_not_active_refused(void **state)
{
    (void)state;
    on_every_release(g11);
}

static void g12(struct fixture b)
{
    put_name(&b, "sca.example.org");
    b.reference = (struct trust_reference){"suffix.org", "sca.server.org", "option.org", 0};
    assert_int_equal(verdict(&b), TRUST_WRONG_DOMAIN);
    b.reference.option15 = "example.org";
    assert_int_equal(verdict(&b), TRUST_OK);
    b.reference.option15 = "option.org";
    b.reference.pki_suffix = "example.org";
    assert_int_equal(verdict(&b), TRUST_OK);
    b.reference.pki_suffix = "suffix.org";
    b.reference.server_fqdn = "sca.example.org";
    assert_int_equal(verdict(&b), TRUST_OK);
}

static void G12_wrong_domain_refused_and_each_of_three_mends_it(void **state)
{
    (void)state;
    on_every_release(g12);
}

static void g13(struct fixture b)
{
    bool from_6_0 = strcmp(b.release.name, "6.0") >= 0;

    for (int cert = LEAF; cert <= ROOT; cert++) {
        b.chain.cert[cert].key_bits = 1023;
        assert_int_equal(verdict(&b), TRUST_KEY_TOO_SHORT);
        b.chain.cert[cert].key_bits = 1024;
        assert_int_equal(verdict(&b), TRUST_OK);
        b.chain.cert[cert].key_bits = 2049;
        assert_int_equal(verdict(&b), from_6_0 ? TRUST_OK : TRUST_KEY_TOO_LONG);
        b.chain.cert[cert].key_bits = 4096;
        assert_int_equal(verdict(&b), from_6_0 ? TRUST_OK : TRUST_KEY_TOO_LONG);
        b.chain.cert[cert].key_bits = 4097;
        assert_int_equal(verdict(&b), TRUST_KEY_TOO_LONG);
        b.chain.cert[cert].key_bits = 2048;
        assert_int_equal(verdict(&b), TRUST_OK);
    }
}

static void G13_short_and_long_keys_refused(void **state)
{
    (void)state;
    on_every_release(g13);
}

static void g14(struct fixture b)
{
    static const uint64_t out_of_date[] = {START_2009 - 1, END_2009 + 1};

    for (int i = 0; i < 2; i++)
        for (int cert = LEAF; cert <= ROOT; cert++) {
            for (int other = LEAF; other <= ROOT; other++) {
                b.chain.cert[other].not_before_s = other == cert ? START_2009 : 0;
                b.chain.cert[other].not_after_s = other == cert ? END_2009 : UINT64_MAX;
            }
            b.reference.now_s = 0; /* not set */
            assert_int_equal(verdict(&b), TRUST_OK);
            b.reference.now_s = out_of_date[i];
            assert_int_equal(verdict(&b), i == 0 ? TRUST_NOT_YET_VALID : TRUST_EXPIRED);
            b.reference.now_s = JULY_2009;
            assert_int_equal(verdict(&b), TRUST_OK);
        }
}

static void G14_out_of_date_refused_once_the_clock_is_set(void **state)
{
    (void)state;
    on_every_release(g14);
}

/* A server of this name, a client in this DHCP zone. */
static enum trust_refusal meets(struct fixture *b, const char *server, const char *zone)
{
    put_name(b, server);
    b->reference.option15 = zone;
    return verdict(b);
}

static void g15(struct fixture b)
{
    /* 2.2 and 3.0 match whole (COMM1395); 2.6 and the lines after it know zones below. */
    bool whole = strcmp(b.release.name, "2.2") == 0 || strcmp(b.release.name, "3.0") == 0;
    enum trust_refusal zone = whole ? TRUST_WRONG_DOMAIN : TRUST_OK;

    assert_int_equal(meets(&b, "sca.example.com", "a.example.com"), zone);
    assert_int_equal(meets(&b, "sca.example.net", "b.a.example.net"), zone);
    assert_int_equal(meets(&b, "sca.example.com", "a.other.com"), TRUST_WRONG_DOMAIN);

    assert_int_equal(meets(&b, "sca.example.org", "a.example.org"), TRUST_WRONG_DOMAIN);
    assert_int_equal(meets(&b, "sca.example.co.uk", "a.example.co.uk"), TRUST_WRONG_DOMAIN);
    assert_int_equal(meets(&b, "sca.other.co.uk", "example.co.uk"), TRUST_WRONG_DOMAIN);
    assert_int_equal(meets(&b, "sca.example.com.au", "a.example.com.au"), TRUST_WRONG_DOMAIN);

    /* What S4 has an administrator look at: a certificate for the zone, the suffix, the name. */
    assert_int_equal(meets(&b, "sca.a.example.org", "a.example.org"), TRUST_OK);
    b.reference.pki_suffix = "example.org";
    assert_int_equal(meets(&b, "sca.example.org", "a.example.org"), TRUST_OK);
    b.reference.pki_suffix = "";
    b.reference.server_fqdn = "sca.example.org";
    assert_int_equal(meets(&b, "sca.example.org", "a.example.org"), TRUST_OK);
}

static void G15_third_level_domains_by_the_rule_of_the_release(void **state)
{
    (void)state;
    on_every_release(g15);
}

/* Both rules are in the table, or the claim above would show one side only. */
static void G15_has_releases_of_both_rules(void **state)
{
    (void)state;
    assert_int_equal(release_find("2.2")->suffix.value, SUFFIX_EQUAL);
    assert_int_equal(release_find("3.0")->suffix.value, SUFFIX_EQUAL);
    assert_int_equal(release_find("2.6")->suffix.value, SUFFIX_LAST_TWO_LABELS);
    assert_int_equal(release_find("5.0.2")->suffix.value, SUFFIX_LAST_TWO_LABELS);
    assert_int_equal(release_find("5.0.3")->suffix.value, SUFFIX_LAST_TWO_LABELS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(A08_wrong_certificate_refused_with_a_reason),
        cmocka_unit_test(G10_neither_oid_nor_ou_refused),
        cmocka_unit_test(G11_root_not_active_refused),
        cmocka_unit_test(G12_wrong_domain_refused_and_each_of_three_mends_it),
        cmocka_unit_test(G13_short_and_long_keys_refused),
        cmocka_unit_test(G14_out_of_date_refused_once_the_clock_is_set),
        cmocka_unit_test(G15_third_level_domains_by_the_rule_of_the_release),
        cmocka_unit_test(G15_has_releases_of_both_rules),
    };

    return cmocka_run_group_tests_name("claims_trust", tests, NULL, NULL);
}
