// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include "tests/fixtures/tls.h"

/* TLS on the set-up port, against a client with an mbedTLS of its own. What openssl makes of it:
 * tests/peers/tls.sh. */

static struct peer *begin(void)
{
    return tls_begin("5.0.3", "intel", "corp.example", NULL);
}

static void every_version(void **state)
{
    struct peer *p = begin();

    (void)state;
    for (int version = 1; version <= 3; version++) {
        struct client_spec spec = test_server;

        spec.version = version;
        tls_accepted(p, &spec, "sca.corp.example");
    }
    assert_int_equal(p->b->count[TRACE_TLS_REFUSED] + p->b->count[TRACE_TLS_FAILED], 0);
    tls_end(p);
}

/* RFC 7366, RFC 7627: each is agreed upon with a client that has it; whoever has not goes on
 * without. That the master secret is the extended one shows in openssl only: tests/peers/tls.sh. */
static void clients_of_before_2014(void **state)
{
    struct peer *p = begin();

    (void)state;
    for (int i = 0; i < 3 * 4; i++) {
        struct client_spec spec = test_server;
        struct client c;

        spec.version = 1 + i / 4;
        spec.no_etm = i & 1;
        spec.no_ems = i & 2;
        assert_true(peer_connect(p));
        client_open(&c, p, &spec);
        assert_int_equal(client_shake(&c), 0);
        assert_int_equal(c.ssl.session->encrypt_then_mac, !spec.no_etm);
        client_close(&c);
        peer_leave(p, false);
        peer_run(p, 50 * MS);
    }
    assert_int_equal(p->b->count[TRACE_TLS_ACCEPTED], 3 * 4);
    tls_end(p);
}

static void every_release(void **state)
{
    uint32_t count;
    const struct release *const *release = release_table(&count);

    (void)state;
    for (uint32_t i = 0; i < count; i++) {
        struct peer *p;

        if (!release[i]->pki_bare_metal.value)
            continue;
        p = tls_begin(release[i]->name, "intel", "corp.example", NULL);
        tls_accepted(p, &test_server, "sca.corp.example");
        tls_end(p);
    }
}

/* The policy itself is test_trust.c's: here, that it is asked, with what the client showed. */
static void refusals_have_their_reason(void **state)
{
    struct peer *p = begin();
    struct der bent = test_leaf, foreign, shop, stolen;

    (void)state;
    tls_certificate(p, &foreign,
                    &(struct cert_spec){"CN=Root", "CN=Root", KEY_OTHER, KEY_OTHER, .ca = true});
    tls_refused(p, &(struct client_spec){.key = KEY_LEAF}, "the server presented no certificate");
    tls_refused(p, &(struct client_spec){.chain = {&test_leaf}, .key = KEY_LEAF},
                "no certificate of the chain has an active hash");
    tls_refused(p,
                &(struct client_spec){.chain = {&test_leaf, &foreign, &test_root}, .key = KEY_LEAF},
                "a certificate is not signed by the next one of the chain");
    tls_certificate(
        p, &shop,
        &(struct cert_spec){"CN=Shop", "CN=Root", KEY_OTHER, KEY_ROOT, .uses = USE_SERVER});
    tls_certificate(p, &stolen,
                    &(struct cert_spec){"CN=sca.corp.example", "CN=Shop", KEY_LEAF, KEY_OTHER,
                                        .uses = USE_SERVER | USE_INTEL});
    tls_refused(p, &(struct client_spec){.chain = {&stolen, &shop, &test_root}, .key = KEY_LEAF},
                "a certificate was signed by one that is not a CA's");
    bent.bytes[bent.len - 1] ^= 1;
    tls_refused(p, &(struct client_spec){.chain = {&bent, &test_root}, .key = KEY_LEAF},
                "a certificate is not signed by the next one of the chain");
    tls_accepted(p, &test_server, "sca.corp.example");
    tls_end(p);
}

/* Whoever has the certificates, as everybody can, but not the key. */
static void the_key_must_be_there(void **state)
{
    struct peer *p = begin();
    struct client_spec spec = test_server;

    (void)state;
    spec.key = KEY_OTHER;
    tls_refused(p, &spec, "the client does not hold the key of its certificate");
    tls_end(p);
}

static void pre_shared_key(void **state)
{
    struct peer *p = tls_begin("5.0.3", "psk-loaded", "corp.example", NULL);
    const char *pps = p->b->chip.config.oem->pps;
    struct client_spec spec = {.identity = "0000037M", .psk = pps};

    (void)state;
    tls_accepted(p, &spec, "0000037M");
    spec.identity = "0000037m";
    tls_refused(p, &spec, "the client's identity is not the PID");
    spec.identity = "0000037M0";
    tls_refused(p, &spec, "the client's identity is not the PID");
    spec.identity = "0000037M";
    spec.psk = "NKLDG5DCRRNQE9YZZIJL7LFLVJED69XK";
    tls_refused(p, &spec, "the client's key is not the PPS");
    /* A key wins over certificates; there is no suite for these. */
    assert_int_equal(client_try(p, &test_server), MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE);
    assert_string_equal(p->b->text[TRACE_TLS_FAILED], "no cipher suite in common");
    spec.psk = pps;
    tls_accepted(p, &spec, "0000037M");
    tls_end(p);
}

/* Nothing of the device's own state moves, and nothing stays in memory but its key. */
static void nothing_is_left(void **state)
{
    struct peer *p = begin();
    struct setup setup;
    size_t memory;

    (void)state;
    tls_accepted(p, &test_server, "sca.corp.example");
    memory = device_memory(p->b);
    assert_true(memory < 4000);
    setup = p->b->chip.device.setup;
    tls_refused(p, &(struct client_spec){.chain = {&test_leaf}, .key = KEY_LEAF},
                "no certificate of the chain has an active hash");
    tls_accepted(p, &test_server, "sca.corp.example");
    assert_int_equal(device_memory(p->b), memory);
    assert_int_equal(setup.state, p->b->chip.device.setup.state);
    assert_int_equal(setup.slot, p->b->chip.device.setup.slot);
    tls_end(p);
}

static void the_same_seed_gives_the_same_key(void **state)
{
    uint8_t first[1024];
    size_t len = 0;

    (void)state;
    for (int round = 0; round < 2; round++) {
        struct peer *p = begin();
        const struct tls_identity *id;

        tls_accepted(p, &test_server, "sca.corp.example");
        id = fixture_device(p->b)->tls.keys.identity;
        assert_int_equal(mbedtls_pk_get_bitlen(&id->key), 1024);
        assert_int_equal(id->certificate.sig_md, MBEDTLS_MD_SHA1);
        assert_true(id->certificate.valid_to.year - id->certificate.valid_from.year >= 10);
        if (round == 0) {
            len = id->certificate.raw.len;
            memcpy(first, id->certificate.raw.p, len);
        }
        assert_int_equal(id->certificate.raw.len, len);
        assert_memory_equal(id->certificate.raw.p, first, len);
        tls_end(p);
    }
}

static void with_open_window(struct settings *s)
{
    s->machine.setup_state = SETUP_SETUP;
    s->machine.window_kind = WINDOW_COMMANDED;
    s->machine.window_left_s = 6 * 3600;
}

/* What the client says, or that it says no more, ends the session; so does a stranger's silence. */
static void a_session_ends(void **state)
{
    struct peer *p = begin();
    struct client c;
    static const char answer[] = "HTTP/1.1 400 ";
    uint8_t byte, bytes[300];

    (void)state;
    for (int round = 0; round < 3; round++) {
        assert_true(peer_connect(p));
        client_open(&c, p, &test_server);
        assert_int_equal(client_shake(&c), 0);
        if (round == 0)
            assert_int_equal(mbedtls_ssl_write(&c.ssl, (const uint8_t *)"Hm?\r\n", 5), 5);
        else if (round == 1)
            assert_int_equal(mbedtls_ssl_close_notify(&c.ssl), 0);
        else
            peer_run(p, 10 * SECOND - 100 * MS);
        assert_true(round < 2 || !p->fin);
        peer_run(p, 200 * MS);
        if (round == 0) {
            assert_true(mbedtls_ssl_read(&c.ssl, bytes, sizeof(bytes)) > (int)sizeof(answer));
            assert_memory_equal(bytes, answer, sizeof(answer) - 1);
        }
        assert_int_equal(mbedtls_ssl_read(&c.ssl, &byte, 1), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
        assert_true(p->fin);
        assert_false(p->rst);
        client_close(&c);
        peer_leave(p, false);
        peer_run(p, 100 * MS);
    }
    tls_accepted(p, &test_server, "sca.corp.example");
    tls_end(p);
}

/* One byte of a record, and a client that says nothing at all. */
static void one_at_a_time(void **state)
{
    struct peer *p = begin();
    struct tcp_pcb *first;

    (void)state;
    tls_accepted(p, &test_server, "sca.corp.example");
    assert_true(peer_connect(p));
    peer_put(p, (const uint8_t *)"\x16", 1);
    first = p->pcb;
    peer_run(p, 20 * MS);
    assert_true(peer_connect(p));
    peer_run(p, 4900 * MS);
    assert_false(p->rst);
    peer_run(p, 200 * MS);
    assert_true(p->rst); /* it has said nothing */
    p->rst = false;
    peer_run(p, 4800 * MS);
    assert_int_equal(p->b->count[TRACE_TLS_FAILED], 0);
    p->pcb = first;
    peer_run(p, 200 * MS);
    assert_int_equal(p->b->count[TRACE_TLS_FAILED], 1);
    assert_string_equal(p->b->text[TRACE_TLS_FAILED], "no hand-shake in time");
    assert_true(p->rst);
    assert_null(p->pcb);
    tls_accepted(p, &test_server, "sca.corp.example");
    tls_end(p);
}

/* The window closes in the middle of a hand-shake: nothing leaves any more, nothing is kept. */
static void a_closing_window_drops_the_client(void **state)
{
    struct peer *p = begin();
    size_t memory;

    (void)state;
    tls_accepted(p, &test_server, "sca.corp.example");
    memory = device_memory(p->b);
    assert_true(peer_connect(p));
    peer_put(p, (const uint8_t *)"\x16", 1);
    peer_run(p, 20 * MS);
    assert_true(device_memory(p->b) > memory);
    assert_int_equal(device_mebx_manual(fixture_device(p->b), fixture_ms(p->b)), DEVICE_OK);
    chip_poll(&p->b->chip);
    assert_int_equal(device_memory(p->b), memory);
    peer_run(p, 20 * MS);
    assert_true(p->rst);
    tls_end(p);
}

/* A hand-shake is open when a person unprovisions: the window closes, and not even a reset leaves.
 */
static void not_a_frame_after_a_full_unprovision(void **state)
{
    (void)state;
    for (int said = 0; said < 3; said++) {
        struct peer *p = tls_begin("5.0.3", "bmp-off", "corp.example", with_open_window);
        struct client c;
        uint32_t frames;

        tls_accepted(p, &test_server, "sca.corp.example");
        assert_true(peer_connect(p));
        client_open(&c, p, &test_server);
        if (said == 1)
            peer_put(p, (const uint8_t *)"\x16", 1);
        else if (said == 2)
            mbedtls_ssl_handshake(&c.ssl);
        peer_run(p, 20 * MS);
        frames = p->b->frames;
        assert_int_equal(device_mebx_full_unprovision(fixture_device(p->b), fixture_ms(p->b)),
                         DEVICE_OK);
        chip_poll(&p->b->chip);
        peer_run(p, MINUTE);
        assert_int_equal(p->b->frames, frames);
        client_close(&c);
        tls_end(p);
    }
}

static void without_credentials(struct settings *s)
{
    s->config.rcfg_enabled = false;
    s->machine.setup_state = SETUP_IN_PROCESS;
    s->machine.window_kind = WINDOW_COMMANDED;
    s->machine.window_left_s = 3600;
}

/* Neither kind of set-up is possible: nobody gets as far as a hand-shake. */
static void nothing_to_set_up_with(void **state)
{
    struct peer *p = tls_begin("5.0.3", "bmp-off", "corp.example", without_credentials);

    (void)state;
    assert_int_not_equal(client_try(p, &test_server), 0);
    assert_int_equal(p->b->count[TRACE_TLS_ACCEPTED], 0);
    assert_int_equal(p->b->count[TRACE_TLS_REFUSED], 1);
    assert_string_equal(p->b->text[TRACE_TLS_REFUSED], "neither a PSK nor remote configuration");
    tls_end(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_to_set_up_with),
        cmocka_unit_test(every_version),
        cmocka_unit_test(clients_of_before_2014),
        cmocka_unit_test(every_release),
        cmocka_unit_test(refusals_have_their_reason),
        cmocka_unit_test(the_key_must_be_there),
        cmocka_unit_test(pre_shared_key),
        cmocka_unit_test(nothing_is_left),
        cmocka_unit_test(the_same_seed_gives_the_same_key),
        cmocka_unit_test(a_session_ends),
        cmocka_unit_test(one_at_a_time),
        cmocka_unit_test(a_closing_window_drops_the_client),
        cmocka_unit_test(not_a_frame_after_a_full_unprovision),
    };

    return cmocka_run_group_tests(tests, tls_certificates, NULL);
}
