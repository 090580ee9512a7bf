// links: @fw @sim @lwip
#include "tls_bench.h"

/* TLS on the set-up port, against a client with an mbedTLS of its own. What openssl makes of it:
 * tests/peers/tls.sh. */

#define OU "OU=Intel(R) Client Setup Certificate"

static struct der root, leaf, foreign;

static int make_certificates(void **state)
{
    struct lwip_image *image = lwip_image_new();

    (void)state;
    lwip_image_enter(image);
    mbedtls_memory_buffer_alloc_init(test_memory, sizeof(test_memory));
    write_keys();
    write_cert(&root, &(struct cert_spec){"CN=Root", "CN=Root", KEY_ROOT, KEY_ROOT, .ca = true});
    write_cert(&leaf, &(struct cert_spec){"CN=sca.corp.example", "CN=Root", KEY_LEAF, KEY_ROOT,
                                          .uses = USE_SERVER | USE_INTEL});
    write_cert(&foreign,
               &(struct cert_spec){"CN=Root", "CN=Root", KEY_OTHER, KEY_OTHER, .ca = true});
    lwip_image_free(image);
    return 0;
}

static const struct client_spec good = {.chain = {&leaf, &root}, .key = KEY_LEAF};

/* In set-up since a second, with an address; the root's hash is one of the user's. */
static struct peer *begin_on(const char *release, const char *oem)
{
    struct bench *b;
    struct settings s;

    if (peer_live)
        peer_free(peer_live);
    b = bench_new(release, oem);
    s = bench_factory(b);
    s.user_hash[0].algorithm = CERT_HASH_SHA1;
    strcpy(s.user_hash[0].name, "Root");
    mbedtls_sha1_ret(root.bytes, root.len, s.user_hash[0].bytes);
    s.user_hash_active = 1;
    bench_store(b, &s);
    bench_dhcpd(b, "corp.example");
    chip_power(&b->chip, true);
    bench_run(b, 3 * SECOND);
    assert_int_equal(b->count[TRACE_ADDRESS], 1);
    return peer_new(b);
}

static struct peer *begin(void)
{
    return begin_on("5.0.3", "intel");
}

static void end(struct peer *p)
{
    struct bench *b = p->b;

    peer_free(p);
    bench_free(b);
}

static void refused(struct peer *p, const struct client_spec *spec, const char *why)
{
    uint32_t before = p->b->count[TRACE_TLS_REFUSED];

    assert_int_equal(client_try(p, spec), MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE);
    assert_int_equal(p->b->count[TRACE_TLS_REFUSED], before + 1);
    assert_string_equal(p->b->text[TRACE_TLS_REFUSED], why);
}

static void accepted(struct peer *p, const struct client_spec *spec, const char *who)
{
    uint32_t before = p->b->count[TRACE_TLS_ACCEPTED];

    assert_int_equal(client_try(p, spec), 0);
    assert_int_equal(p->b->count[TRACE_TLS_ACCEPTED], before + 1);
    assert_string_equal(p->b->text[TRACE_TLS_ACCEPTED], who);
}

static void every_version(void **state)
{
    struct peer *p = begin();

    (void)state;
    for (int version = 1; version <= 3; version++) {
        struct client_spec spec = good;

        spec.version = version;
        accepted(p, &spec, "sca.corp.example");
    }
    assert_int_equal(p->b->count[TRACE_TLS_REFUSED] + p->b->count[TRACE_TLS_FAILED], 0);
    end(p);
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
        p = begin_on(release[i]->name, "intel");
        accepted(p, &good, "sca.corp.example");
        end(p);
    }
}

/* The policy itself is test_trust.c's: here, that it is asked, with what the client showed. */
static void refusals_have_their_reason(void **state)
{
    struct peer *p = begin();
    struct der bent = leaf;

    (void)state;
    refused(p, &(struct client_spec){.key = KEY_LEAF}, "the server presented no certificate");
    refused(p, &(struct client_spec){.chain = {&leaf}, .key = KEY_LEAF},
            "no certificate of the chain has an active hash");
    refused(p, &(struct client_spec){.chain = {&leaf, &foreign, &root}, .key = KEY_LEAF},
            "a certificate is not signed by the next one of the chain");
    bent.bytes[bent.len - 1] ^= 1;
    refused(p, &(struct client_spec){.chain = {&bent, &root}, .key = KEY_LEAF},
            "a certificate is not signed by the next one of the chain");
    accepted(p, &good, "sca.corp.example");
    end(p);
}

/* Whoever has the certificates, as everybody can, but not the key. */
static void the_key_must_be_there(void **state)
{
    struct peer *p = begin();
    struct client_spec spec = good;

    (void)state;
    spec.key = KEY_OTHER;
    refused(p, &spec, "the client does not hold the key of its certificate");
    end(p);
}

static void pre_shared_key(void **state)
{
    struct peer *p = begin_on("5.0.3", "psk-loaded");
    const char *pps = p->b->chip.config.oem->pps;
    struct client_spec spec = {.identity = "0000037M", .psk = pps};

    (void)state;
    accepted(p, &spec, "0000037M");
    spec.identity = "0000037m";
    refused(p, &spec, "the client's identity is not the PID");
    spec.identity = "0000037M0";
    refused(p, &spec, "the client's identity is not the PID");
    spec.identity = "0000037M";
    spec.psk = "NKLDG5DCRRNQE9YZZIJL7LFLVJED69XK";
    refused(p, &spec, "the client's key is not the PPS");
    /* A key wins over certificates; there is no suite for these. */
    assert_int_equal(client_try(p, &good), MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE);
    assert_string_equal(p->b->text[TRACE_TLS_FAILED], "no cipher suite in common");
    spec.psk = pps;
    accepted(p, &spec, "0000037M");
    end(p);
}

/* Nothing of the device's own state moves, and nothing stays in memory but its key. */
static void nothing_is_left(void **state)
{
    struct peer *p = begin();
    struct setup setup;
    size_t memory;

    (void)state;
    accepted(p, &good, "sca.corp.example");
    memory = device_memory(p->b);
    assert_true(memory < 4000);
    setup = p->b->chip.device.setup;
    refused(p, &(struct client_spec){.chain = {&leaf}, .key = KEY_LEAF},
            "no certificate of the chain has an active hash");
    accepted(p, &good, "sca.corp.example");
    assert_int_equal(device_memory(p->b), memory);
    assert_int_equal(setup.state, p->b->chip.device.setup.state);
    assert_int_equal(setup.slot, p->b->chip.device.setup.slot);
    end(p);
}

static void the_same_seed_gives_the_same_key(void **state)
{
    uint8_t first[1024];
    size_t len = 0;

    (void)state;
    for (int round = 0; round < 2; round++) {
        struct peer *p = begin();
        const struct tls_identity *id;

        accepted(p, &good, "sca.corp.example");
        id = bench_device(p->b)->tls.identity;
        assert_int_equal(mbedtls_pk_get_bitlen(&id->key), 1024);
        assert_int_equal(id->certificate.sig_md, MBEDTLS_MD_SHA1);
        assert_true(id->certificate.valid_to.year - id->certificate.valid_from.year >= 10);
        if (round == 0) {
            len = id->certificate.raw.len;
            memcpy(first, id->certificate.raw.p, len);
        }
        assert_int_equal(id->certificate.raw.len, len);
        assert_memory_equal(id->certificate.raw.p, first, len);
        end(p);
    }
}

/* What the client says, or that it says no more, ends the session; nothing is answered. */
static void a_session_ends(void **state)
{
    struct peer *p = begin();
    struct client c;
    uint8_t byte;

    (void)state;
    for (int round = 0; round < 3; round++) {
        assert_true(peer_connect(p));
        client_open(&c, p, &good);
        assert_int_equal(client_shake(&c), 0);
        if (round == 0)
            assert_int_equal(mbedtls_ssl_write(&c.ssl, (const uint8_t *)"GET /", 5), 5);
        else if (round == 1)
            assert_int_equal(mbedtls_ssl_close_notify(&c.ssl), 0);
        else
            peer_run(p, (LIMIT_TLS_IDLE_MS + 100) * MS);
        peer_run(p, 100 * MS);
        assert_int_equal(mbedtls_ssl_read(&c.ssl, &byte, 1), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
        assert_true(p->fin);
        assert_false(p->rst);
        client_close(&c);
        peer_leave(p, false);
        peer_run(p, 100 * MS);
    }
    accepted(p, &good, "sca.corp.example");
    end(p);
}

static void one_at_a_time(void **state)
{
    struct peer *p = begin();
    struct tcp_pcb *first;

    (void)state;
    accepted(p, &good, "sca.corp.example");
    assert_true(peer_connect(p));
    first = p->pcb;
    peer_connect(p);
    assert_true(p->rst);
    peer_run(p, (LIMIT_TLS_HANDSHAKE_MS - 100) * MS);
    assert_int_equal(p->b->count[TRACE_TLS_FAILED], 0);
    p->pcb = first;
    peer_run(p, 200 * MS);
    assert_int_equal(p->b->count[TRACE_TLS_FAILED], 1);
    assert_string_equal(p->b->text[TRACE_TLS_FAILED], "no hand-shake in time");
    assert_true(p->rst);
    assert_null(p->pcb);
    accepted(p, &good, "sca.corp.example");
    end(p);
}

/* The window closes in the middle of a hand-shake: nothing leaves any more, nothing is kept. */
static void a_closing_window_drops_the_client(void **state)
{
    struct peer *p = begin();
    size_t memory;

    (void)state;
    accepted(p, &good, "sca.corp.example");
    memory = device_memory(p->b);
    assert_true(peer_connect(p));
    assert_true(device_memory(p->b) > memory);
    assert_int_equal(device_mebx_manual(bench_device(p->b), bench_ms(p->b)), DEVICE_OK);
    chip_poll(&p->b->chip);
    assert_int_equal(device_memory(p->b), memory);
    peer_run(p, 20 * MS);
    assert_true(p->rst);
    end(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_version),
        cmocka_unit_test(every_release),
        cmocka_unit_test(refusals_have_their_reason),
        cmocka_unit_test(the_key_must_be_there),
        cmocka_unit_test(pre_shared_key),
        cmocka_unit_test(nothing_is_left),
        cmocka_unit_test(the_same_seed_gives_the_same_key),
        cmocka_unit_test(a_session_ends),
        cmocka_unit_test(one_at_a_time),
        cmocka_unit_test(a_closing_window_drops_the_client),
    };

    return cmocka_run_group_tests(tests, make_certificates, NULL);
}
