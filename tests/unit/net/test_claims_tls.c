// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
// once: slow in an emulator; what hand-shakes say is read there by test_tls and test_tls_chain
#include "tests/fixtures/tls.h"

/* Claims of the sources about the set-up port's TLS, each as a hand-shake (CLAIMS.tsv). The device
 * is a 5.0.3; what it says no to, it says why. */

#define OU "OU=Intel(R) Client Setup Certificate"

static const struct cert_spec right = {"CN=sca.corp.example", "CN=Root", KEY_LEAF, KEY_ROOT,
                                       .uses = USE_SERVER | USE_INTEL};

static struct peer *begin(void)
{
    return tls_begin("5.0.3", "intel", "corp.example", NULL);
}

/* A client whose certificate is one of these, below the root that the device knows. */
static struct client_spec with(struct peer *p, struct der *der, const struct cert_spec *spec)
{
    tls_certificate(p, der, spec);
    return (struct client_spec){.chain = {der, &test_root}, .key = spec->key};
}

/* A08: a server without a remote-configuration certificate, here one for a web shop. */
static void A08_hand_shake_refused_reason_logged_still_in_process(void **state)
{
    struct peer *p = begin();
    struct setup before = p->b->chip.device.setup;
    struct cert_spec spec = right;
    struct client_spec client;
    struct der der;

    (void)state;
    spec.uses = USE_SERVER;
    client = with(p, &der, &spec);
    tls_refused(p, &client, "the certificate has neither the Intel OID nor the Intel OU");
    assert_int_equal(setup_reported(&p->b->chip.device.setup), 1);
    assert_int_equal(p->b->chip.device.setup.state, before.state);
    assert_int_equal(p->b->chip.device.setup.window.kind, before.window.kind);
    assert_int_equal(p->b->count[TRACE_TLS_ACCEPTED], 0);
    tls_end(p);
}

static void G10_neither_oid_nor_ou_refused_in_the_hand_shake(void **state)
{
    struct peer *p = begin();
    struct cert_spec spec = right;
    struct client_spec client;
    struct der der;

    (void)state;
    spec.uses = USE_SERVER;
    client = with(p, &der, &spec);
    tls_refused(p, &client, "the certificate has neither the Intel OID nor the Intel OU");
    spec.subject = "CN=sca.corp.example," OU;
    client = with(p, &der, &spec);
    tls_accepted(p, &client, "sca.corp.example");
    client = with(p, &der, &right);
    tls_accepted(p, &client, "sca.corp.example");
    tls_end(p);
}

static void deactivate(struct settings *s)
{
    s->config.user_hash_active = 0;
}

static void G11_root_not_active_refused_in_the_hand_shake(void **state)
{
    static const char why[] = "no certificate of the chain has an active hash";
    struct peer *p = begin();
    struct client_spec client = test_server;
    struct der other_leaf, other_root;

    (void)state;
    tls_certificate(p, &other_root,
                    &(struct cert_spec){"CN=Other", "CN=Other", KEY_OTHER, KEY_OTHER, .ca = true});
    tls_certificate(p, &other_leaf,
                    &(struct cert_spec){"CN=sca.corp.example", "CN=Other", KEY_LEAF, KEY_OTHER,
                                        .uses = USE_SERVER | USE_INTEL});
    client.chain[0] = &other_leaf;
    client.chain[1] = &other_root;
    tls_refused(p, &client, why);
    tls_accepted(p, &test_server, "sca.corp.example");
    tls_end(p);
    p = tls_begin("5.0.3", "intel", "corp.example", deactivate);
    tls_refused(p, &test_server, why);
    tls_end(p);
}

static void set_suffix(struct settings *s)
{
    strcpy(s->config.pki_suffix, "corp.example");
}

static void set_server(struct settings *s)
{
    strcpy(s->config.server_fqdn, "sca.corp.example");
}

static void G12_wrong_domain_refused_and_each_of_three_mends_it(void **state)
{
    struct peer *p = tls_begin("5.0.3", "intel", "elsewhere.example", NULL);

    (void)state;
    tls_refused(p, &test_server, "the certificate is for another domain");
    tls_end(p);
    p = tls_begin("5.0.3", "intel", "corp.example", NULL);
    tls_accepted(p, &test_server, "sca.corp.example");
    tls_end(p);
    p = tls_begin("5.0.3", "intel", "elsewhere.example", set_suffix);
    tls_accepted(p, &test_server, "sca.corp.example");
    tls_end(p);
    p = tls_begin("5.0.3", "intel", "elsewhere.example", set_server);
    tls_accepted(p, &test_server, "sca.corp.example");
    tls_end(p);
}

static void G13_short_and_long_keys_refused_in_the_hand_shake(void **state)
{
    static const struct {
        uint16_t bits;
        const char *why;
    } keys[] = {
        {512, "a key of the chain is too short"},
        {1016, "a key of the chain is too short"},
        {2056, "a key of the chain is too long"},
        {3072, "a key of the chain is too long"},
    };
    struct peer *p = begin();

    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++) {
        struct cert_spec spec = right;
        struct client_spec client;
        struct der der;

        spec.bits = keys[i].bits;
        client = with(p, &der, &spec);
        tls_refused(p, &client, keys[i].why);
    }
    tls_accepted(p, &test_server, "sca.corp.example");
    tls_end(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(A08_hand_shake_refused_reason_logged_still_in_process),
        cmocka_unit_test(G10_neither_oid_nor_ou_refused_in_the_hand_shake),
        cmocka_unit_test(G11_root_not_active_refused_in_the_hand_shake),
        cmocka_unit_test(G12_wrong_domain_refused_and_each_of_three_mends_it),
        cmocka_unit_test(G13_short_and_long_keys_refused_in_the_hand_shake),
    };

    return cmocka_run_group_tests(tests, tls_certificates, NULL);
}
