// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include "tests/fixtures/server.h"

/* From hello to provisioned on a whole device, by a server with a TLS client of its own: what is
 * stored when, which ports and credentials are good afterwards, and what a server takes back. */

#define NEW_PASSWORD "N3w!Passw0rd"
/* md5 of "admin:REALM:N3w!Passw0rd", by openssl */
#define NEW_DIGEST "516fd5d7efde139d4e30f5144ecca306"
#define AMT "http://intel.com/wbem/wscim/1/amt-schema/1/"
#define NOW_S "1231940592"

static const struct client_spec nobody = {.key = KEY_OTHER};

static bool refused(struct peer *p, const struct client_spec *spec, const char *password)
{
    struct server s;
    bool is;

    assert_true(server_connect(&s, p, spec, "admin", password));
    is = request(&s, SECURITY, "") == 401;
    server_disconnect(&s);
    return is;
}

static void set_clock(struct server *s)
{
    char arguments[128];
    const char *ta0;

    assert_int_equal(eoi(s, TIME, "GetLowAccuracyTimeSynch", ""), 0);
    ta0 = strstr(s->reply, "<Ta0>");
    assert_non_null(ta0);
    snprintf(arguments, sizeof(arguments), "<Ta0>%u</Ta0><Tm1>" NOW_S "</Tm1><Tm2>" NOW_S "</Tm2>",
             (unsigned)strtoul(ta0 + 5, NULL, 10));
    assert_int_equal(eoi(s, TIME, "SetHighAccuracyTimeSynch", arguments), 0);
}

static void set_everything(struct server *s)
{
    set_clock(s);
    assert_int_equal(eoi(s, NETWORK, "SetHostName", "<HostName>pc17</HostName>"), 0);
    assert_int_equal(eoi(s, SECURITY, "SetAdminAclEntryEx",
                         "<Username>admin</Username><DigestPassword>" NEW_DIGEST
                         "</DigestPassword>"),
                     0);
}

static void with_key(struct settings *s)
{
    memcpy(s->secret.pid, "0000037M", 8);
    memcpy(s->secret.pps, PPS, 32);
}

static void with_key_and_window(struct settings *s)
{
    with_key(s);
    s->machine.setup_state = SETUP_SETUP;
    s->machine.window_kind = WINDOW_COMMANDED;
    s->machine.window_left_s = 6 * 3600;
}

static uint32_t state_of(struct peer *p)
{
    return setup_reported(&p->b->chip.device.setup);
}

static struct peer *begin(const char *release, const char *oem)
{
    return tls_begin(release, oem, "corp.example", NULL);
}

/* What the device would show. */
static struct der own_certificate(struct peer *p)
{
    struct tls_keys_committed own;
    struct der der;

    assert_true(tls_keys_after_commit(&fixture_device(p->b)->tls.keys, &own));
    der.len = own.certificate_len;
    assert_in_range(der.len, 1, sizeof(der.bytes));
    memcpy(der.bytes, own.certificate, der.len);
    return der;
}

/* The device has shown this certificate on this connection: there it is not encrypted. */
static bool shown(const struct peer *p, const struct der *certificate)
{
    for (size_t i = 0; i + certificate->len <= p->rx_len; i++)
        if (memcmp(p->rx + i, certificate->bytes, certificate->len) == 0)
            return true;
    return false;
}

static void after_a_restart(struct peer *p)
{
    chip_power(&p->b->chip, false);
    fixture_run(p->b, SECOND);
    chip_power(&p->b->chip, true);
    fixture_run(p->b, 5 * SECOND);
}

static void over_certificates(void **state)
{
    struct peer *p = begin("5.0.3", "intel");
    struct settings before = fixture_stored(p->b), after;
    struct server s;
    struct der certificate;

    (void)state;
    assert_true(server_connect(&s, p, &test_server, "admin", ""));
    certificate = own_certificate(p);
    assert_true(shown(p, &certificate));
    assert_int_equal(eoi(&s, SECURITY, "CommitChanges", ""), 0x809); /* the clock */
    assert_string_equal(p->b->text[TRACE_OPERATION], "nobody has set the clock");
    set_everything(&s);
    assert_int_equal(eoi(&s, SECURITY, "SetMEBxPassword", "<Password>" NEW_PASSWORD "</Password>"),
                     0);
    after = fixture_stored(p->b);
    assert_memory_equal(&after, &before, sizeof(after)); /* nothing reaches flash */
    assert_int_equal(state_of(p), 1);
    assert_int_equal(eoi(&s, SECURITY, "CommitChanges", ""), 0);
    assert_int_equal(state_of(p), 2);
    after = fixture_stored(p->b);
    assert_int_equal(after.machine.setup_state, SETUP_PROVISIONED);
    assert_string_equal(after.config.host_name, "pc17");
    assert_string_equal(after.secret.admin_digest, NEW_DIGEST);
    assert_string_equal(after.secret.password, NEW_PASSWORD);
    assert_false(after.secret.password_default);
    assert_true(after.config.own_identity);
    peer_run(p, 100 * MS);
    assert_true(p->fin); /* the last words of set-up */
    server_disconnect(&s);

    peer_run(p, 5 * SECOND);
    assert_true(refused(p, &nobody, ""));
    assert_true(refused(p, &nobody, "admin"));
    for (int round = 0; round < 2; round++) {
        assert_true(server_connect(&s, p, &nobody, "admin", NEW_PASSWORD));
        assert_true(shown(p, &certificate));
        assert_int_equal(eoi(&s, NETWORK, "GetHostName", ""), 0);
        assert_non_null(strstr(s.reply, "<HostName>pc17</HostName>"));
        assert_int_equal(eoi(&s, SECURITY, "ClearTLSCredentials", ""), 0x10);
        server_disconnect(&s);
        after_a_restart(p);
        assert_int_equal(state_of(p), 2);
    }
    tls_end(p);
}

/* The clock is set, so a chain whose time is over is refused from then on (G14's rule). */
static void the_clock_counts_at_the_next_hand_shake(void **state)
{
    struct peer *p = begin("5.0.3", "intel");
    struct server s;

    (void)state;
    tls_accepted(p, &test_server, "sca.corp.example");
    assert_true(server_connect(&s, p, &test_server, "admin", ""));
    assert_int_equal(eoi(&s, TIME, "SetHighAccuracyTimeSynch",
                         "<Ta0>0</Ta0><Tm1>1583020800</Tm1><Tm2>1583020800</Tm2>"),
                     0); /* 1 March 2020: a day too late */
    server_disconnect(&s);
    tls_refused(p, &test_server, "a certificate of the chain has expired");
    after_a_restart(p); /* the clock is lost */
    tls_accepted(p, &test_server, "sca.corp.example");
    tls_end(p);
}

/* What was not committed is gone with the power, and the device says hello again. */
static void power_is_lost_before_the_commit(void **state)
{
    struct peer *p = begin("5.0.3", "intel");
    struct settings before = fixture_stored(p->b), after;
    struct server s;

    (void)state;
    assert_true(server_connect(&s, p, &test_server, "admin", ""));
    set_everything(&s);
    client_close(&s.tls);
    peer_leave(p, true);
    after_a_restart(p);
    after = fixture_stored(p->b);
    after.machine.window_left_s = before.machine.window_left_s;
    after.machine.bmp_left_s = before.machine.bmp_left_s;
    assert_memory_equal(&after, &before, sizeof(after));
    assert_int_equal(state_of(p), 1);
    assert_true(server_connect(&s, p, &test_server, "admin", ""));
    assert_int_equal(eoi(&s, SECURITY, "CommitChanges", ""), 0x809);
    server_disconnect(&s);
    tls_end(p);
}

/* With a pre-shared key there is no certificate: either TLS goes off, or the server brings one. */
/* The key and the certificate that set-up used are not kept where TLS is off. */
static void over_certificates_without_tls(void **state)
{
    struct peer *p = begin("5.0.3", "intel");
    struct server s;

    (void)state;
    assert_true(server_connect(&s, p, &test_server, "admin", ""));
    set_everything(&s);
    assert_int_equal(eoi(&s, SECURITY, "SetTlsServerAuthentication", "<Enabled>0</Enabled>"), 0);
    assert_int_equal(eoi(&s, SECURITY, "CommitChanges", ""), 0);
    server_disconnect(&s);
    peer_run(p, 2 * SECOND);
    assert_int_equal(state_of(p), 2);
    assert_false(peer_connect(p)); /* 16993 */
    assert_true(fixture_stored(p->b).config.tls_off);
    assert_false(fixture_stored(p->b).config.own_identity);
    tls_end(p);
}

static void over_a_key_without_tls(void **state)
{
    struct peer *p = tls_begin("5.0.3", "intel", "corp.example", with_key);
    struct server s;

    (void)state;
    assert_true(server_connect(&s, p, &psk, "admin", "admin"));
    set_everything(&s);
    assert_int_equal(eoi(&s, SECURITY, "SetMEBxPassword", "<Password>" NEW_PASSWORD "</Password>"),
                     0x10); /* S4's log, and it goes on */
    assert_int_equal(eoi(&s, SECURITY, "CommitChanges", ""), 0x809);
    assert_string_equal(p->b->text[TRACE_OPERATION], "TLS is on, without a key and a certificate");
    assert_int_equal(eoi(&s, SECURITY, "SetTlsServerAuthentication", "<Enabled>0</Enabled>"), 0);
    assert_int_equal(eoi(&s, SECURITY, "CommitChanges", ""), 0);
    server_disconnect(&s);
    peer_run(p, 2 * SECOND);
    assert_int_equal(state_of(p), 2);
    assert_false(peer_connect(p)); /* 16993 */
    assert_false(fixture_stored(p->b).config.own_identity);
    assert_true(p->b->chip.device.net.ports.listener[0] != NULL); /* 16992 */
    assert_null(p->b->chip.device.net.ports.listener[1]);
    tls_end(p);
}

static void base64(const struct der *der, char *out)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;
    int count = 0;

    for (size_t i = 0; i < der->len; i++) {
        bits = bits << 8 | der->bytes[i];
        for (count += 8; count >= 6; count -= 6)
            *out++ = digit[bits >> (count - 6) & 63];
    }
    if (count > 0)
        *out++ = digit[bits << (6 - count) & 63];
    *out = '\0';
}

static int give(struct server *s, const struct der *key, const struct der *certificate)
{
    static char arguments[4500], one[2000], other[2000];

    base64(key, one);
    base64(certificate, other);
    snprintf(arguments, sizeof(arguments), "<KeyPair>%s</KeyPair><Certificate>%s</Certificate>",
             one, other);
    return eoi(s, SECURITY, "SetTLSCertificateWithKeyPair", arguments);
}

static void over_a_key_with_a_certificate(void **state)
{
    struct peer *p = tls_begin("5.0.3", "intel", "corp.example", with_key);
    struct der mine, cut, long_one;
    struct server s;

    (void)state;
    tls_certificate(p, &mine,
                    &(struct cert_spec){"CN=pc17.corp.example", "CN=Root", KEY_OTHER, KEY_ROOT,
                                        .uses = USE_SERVER});
    cut = mine;
    cut.len--;
    assert_true(server_connect(&s, p, &psk, "admin", "admin"));
    set_everything(&s);
    assert_int_equal(give(&s, &test_key[KEY_LEAF], &mine), 0x810);
    assert_int_equal(give(&s, &test_key[KEY_OTHER], &cut), 0x80F);
    assert_int_equal(give(&s, &mine, &mine), 0x80E);
    long_one = (struct der){.len = 1152};
    assert_int_equal(give(&s, &test_key[KEY_OTHER], &long_one), 0x80F);
    long_one.len++;
    assert_int_equal(give(&s, &test_key[KEY_OTHER], &long_one), 0x0B);
    assert_int_equal(eoi(&s, SECURITY, "CommitChanges", ""), 0x809);
    assert_int_equal(give(&s, &test_key[KEY_OTHER], &mine), 0);
    assert_int_equal(eoi(&s, SECURITY, "ClearTLSCredentials", ""), 0);
    assert_int_equal(eoi(&s, SECURITY, "CommitChanges", ""), 0x809);
    assert_int_equal(give(&s, &test_key[KEY_OTHER], &mine), 0);
    assert_int_equal(eoi(&s, SECURITY, "CommitChanges", ""), 0);
    server_disconnect(&s);
    for (int round = 0; round < 2; round++) {
        peer_run(p, 2 * SECOND);
        assert_true(server_connect(&s, p, &nobody, "admin", NEW_PASSWORD));
        assert_true(shown(p, &mine));
        assert_int_equal(eoi(&s, SECURITY, "GetCoreVersion", ""), 0);
        server_disconnect(&s);
        after_a_restart(p);
    }
    tls_end(p);
}

/* As eoi(), by WS-Man. */
static int wsman(struct server *s, const char *class, const char *method, const char *parameters)
{
    static char body[6000];
    const char *value;

    snprintf(body, sizeof(body),
             "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
             "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
             "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><s:Header><a:Action>" AMT
             "%s/%s</a:Action><a:To>/wsman</a:To><w:ResourceURI>" AMT "%s</w:ResourceURI>"
             "<a:MessageID>1</a:MessageID></s:Header><s:Body><r:%s_INPUT xmlns:r=\"" AMT
             "%s\">%s</r:%s_INPUT></s:Body></s:Envelope>",
             class, method, class, method, class, parameters, method);
    if (request(s, "/wsman", body) != 200)
        return -1;
    value = strstr(s->reply, "<g:ReturnValue>");
    return value ? (int)strtol(value + strlen("<g:ReturnValue>"), NULL, 10) : -1;
}

static int add(struct server *s, const char *method, const char *parameter, const struct der *der)
{
    static char arguments[2500], text[2000];

    base64(der, text);
    snprintf(arguments, sizeof(arguments), "<r:%s>%s</r:%s>", parameter, text, parameter);
    return wsman(s, "AMT_PublicKeyManagementService", method, arguments);
}

/* What a server reads of the certificate that will be used after a commit: this one, by this handle
 * (MC). */
static void reads_certificate(struct server *s, const char *handle, const uint8_t *bytes,
                              size_t len)
{
    static char body[1200], text[2000];
    struct der der = {.len = len};

    memcpy(der.bytes, bytes, len);
    base64(&der, text);
    snprintf(body, sizeof(body),
             "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
             "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
             "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><s:Header><a:Action>"
             "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get</a:Action><a:To>/wsman</a:To>"
             "<w:ResourceURI>" AMT "AMT_PublicKeyCertificate</w:ResourceURI><a:MessageID>1"
             "</a:MessageID><w:SelectorSet><w:Selector Name=\"InstanceID\">%s</w:Selector>"
             "</w:SelectorSet></s:Header><s:Body/></s:Envelope>",
             handle);
    assert_int_equal(request(s, "/wsman", body), 200);
    assert_non_null(strstr(s->reply, handle));
    assert_non_null(strstr(s->reply, text));
}

static void a_certificate_by_wsman(void **state)
{
    struct peer *p = begin("5.0.3", "intel");
    struct tls_keys_committed own;
    struct der mine;
    struct server s;

    (void)state;
    tls_certificate(p, &mine,
                    &(struct cert_spec){"CN=pc17.corp.example", "CN=Root", KEY_OTHER, KEY_ROOT,
                                        .uses = USE_SERVER});
    assert_true(server_connect(&s, p, &test_server, "admin", ""));
    set_everything(&s);
    assert_int_equal(add(&s, "AddCertificate", "CertificateBlob", &mine), 0x810);
    assert_int_equal(add(&s, "AddKey", "KeyBlob", &mine), 0x80E);
    assert_int_equal(add(&s, "AddKey", "KeyBlob", &test_key[KEY_OTHER]), 0);
    assert_int_equal(add(&s, "AddCertificate", "CertificateBlob", &test_leaf), 0x810);
    assert_true(tls_keys_after_commit(&fixture_device(p->b)->tls.keys, &own));
    assert_false(own.pending);
    reads_certificate(&s, "Intel(r) AMT Certificate: Handle: 0", own.certificate,
                      own.certificate_len);
    assert_int_equal(add(&s, "AddCertificate", "CertificateBlob", &mine), 0);
    reads_certificate(&s, "Intel(r) AMT Certificate: Handle: 1", mine.bytes, mine.len);
    assert_int_equal(wsman(&s, "AMT_SetupAndConfigurationService", "CommitChanges", ""), 0);
    server_disconnect(&s);
    after_a_restart(p);
    assert_true(server_connect(&s, p, &nobody, "admin", NEW_PASSWORD));
    assert_true(shown(p, &mine));
    server_disconnect(&s);
    tls_end(p);
}

/* A key that waits for its certificate is not what TLS uses: the device's own stays. */
static void a_key_without_its_certificate(void **state)
{
    struct peer *p = begin("5.0.3", "intel");
    struct der own;
    struct server s;

    (void)state;
    assert_true(server_connect(&s, p, &test_server, "admin", ""));
    own = own_certificate(p);
    set_everything(&s);
    assert_int_equal(add(&s, "AddKey", "KeyBlob", &test_key[KEY_OTHER]), 0);
    assert_int_equal(eoi(&s, SECURITY, "CommitChanges", ""), 0);
    server_disconnect(&s);
    after_a_restart(p);
    assert_true(server_connect(&s, p, &nobody, "admin", NEW_PASSWORD));
    assert_true(shown(p, &own));
    server_disconnect(&s);
    tls_end(p);
}

static void nothing_is_pending(const struct peer *p)
{
    static const struct pending none;

    assert_memory_equal(&p->b->chip.device.manage.pending, &none, sizeof(none));
    assert_null(p->b->chip.device.tls.keys.pending);
    assert_false(p->b->chip.device.tls.keys.cleared);
}

static void with_a_minute(struct settings *s)
{
    with_key_and_window(s);
    s->machine.window_left_s = 60;
}

/* It goes with the set-up that it was for: when the window closes, when somebody un-provisions,
 * when it is committed. */
static void what_is_pending_goes(void **state)
{
    (void)state;
    for (int how = 0; how < 3; how++) {
        struct peer *p = tls_begin("5.0.3", "bmp-off", "corp.example", with_a_minute);
        struct server s;

        assert_true(server_connect(&s, p, &psk, "admin", "admin"));
        set_everything(&s);
        assert_int_equal(add(&s, "AddKey", "KeyBlob", &test_key[KEY_OTHER]), 0);
        assert_int_equal(eoi(&s, SECURITY, "SetTlsServerAuthentication", "<Enabled>0</Enabled>"),
                         0);
        assert_non_null(p->b->chip.device.tls.keys.pending);
        if (how == 1)
            assert_int_equal(
                device_mebx_partial_unprovision(fixture_device(p->b), fixture_ms(p->b)), 0);
        else if (how == 2)
            assert_int_equal(eoi(&s, SECURITY, "CommitChanges", ""), 0);
        server_disconnect(&s);
        if (how == 0)
            peer_run(p, 60 * SECOND);
        nothing_is_pending(p);
        tls_end(p);
    }
}

/* It and each later server connects twice, before the challenge and after it. */
static struct peer *provisioned(void)
{
    struct peer *p = begin("5.0.3", "intel");
    struct server s;

    assert_true(server_connect(&s, p, &test_server, "admin", ""));
    set_everything(&s);
    assert_int_equal(eoi(&s, SECURITY, "CommitChanges", ""), 0);
    server_disconnect(&s);
    peer_run(p, 2 * SECOND);
    return p;
}

/* An answer that was good is good again on its TLS connection from 6.0 on (G-auth). */
static void an_answer_is_repeated(void **state)
{
    static const struct {
        const char *release;
        int again;
    } row[] = {{"5.0.3", -1}, {"6.0", 0}};

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct peer *p = begin(row[i].release, "intel");
        struct server s;

        assert_true(server_connect(&s, p, &test_server, "admin", ""));
        assert_int_equal(eoi(&s, SECURITY, "GetCoreVersion", ""), 0);
        s.count--;
        assert_int_equal(eoi(&s, SECURITY, "GetCoreVersion", ""), row[i].again);
        server_disconnect(&s);
        tls_end(p);
    }
}

/* lwIP goes on with the connection alone: what comes there is no other one's. */
static void forget_connection(struct peer *p)
{
    tcp_arg(p->pcb, NULL);
    tcp_err(p->pcb, NULL);
    tcp_recv(p->pcb, NULL);
    p->pcb = NULL;
}

#define STATIONS (LIMIT_TLS_SESSIONS + 1)
#define FIRST_STATION 60u /* the last number of its address */

/* As many servers as have a session at once, each at its own station, and a station more. */
struct stations {
    struct peer *p[STATIONS];
    struct server server[LIMIT_TLS_SESSIONS];
    uint64_t heard_ms; /* the first one's last request */
};

static void connect_stations(struct stations *s, struct fixture *b)
{
    for (uint32_t i = 0; i < STATIONS; i++) {
        s->p[i] = peer_new_at(b, FIRST_STATION + i);
        if (i == LIMIT_TLS_SESSIONS)
            continue;
        assert_true(server_connect(&s->server[i], s->p[i], &nobody, "admin", NEW_PASSWORD));
        assert_int_equal(eoi(&s->server[i], SECURITY, "GetCoreVersion", ""), 0);
        if (i == 0)
            s->heard_ms = fixture_ms(b);
    }
}

static void free_stations(struct stations *s)
{
    for (uint32_t i = 0; i < STATIONS; i++) {
        lwip_image_enter(s->p[i]->image);
        if (i < LIMIT_TLS_SESSIONS)
            client_close(&s->server[i].tls);
        peer_leave(s->p[i], true);
        peer_free(s->p[i]);
    }
}

/* Servers that keep their connections are all served, in whatever order they ask, without another
 * hand-shake. */
static void several_sessions(void **state)
{
    static const uint8_t order[] = {0, LIMIT_TLS_SESSIONS - 1, 0, 1, 1, LIMIT_TLS_SESSIONS - 1};
    struct peer *p = provisioned();
    struct stations s;

    (void)state;
    connect_stations(&s, p->b);
    assert_int_equal(p->b->count[TRACE_TLS_ACCEPTED], 2 + 2 * LIMIT_TLS_SESSIONS);
    for (size_t i = 0; i < sizeof(order); i++)
        assert_int_equal(eoi(&s.server[order[i]], SECURITY, "GetCoreVersion", ""), 0);
    assert_int_equal(p->b->count[TRACE_TLS_ACCEPTED], 2 + 2 * LIMIT_TLS_SESSIONS);
    free_stations(&s);
    tls_end(p);
}

/* Servers that keep their connections, and are silent, do not keep others out for long (MC: after
 * set-up it does so): the one that has been silent longest goes when the next has something to say,
 * two seconds after it was last heard. While nobody has, it may stay. */
static void the_next_one_waits(void **state)
{
    struct peer *p = provisioned(), *mute;
    struct stations s;
    struct client c;

    (void)state;
    connect_stations(&s, p->b);
    mute = peer_new_at(p->b, FIRST_STATION + STATIONS);
    assert_true(peer_connect(mute));
    peer_run(mute, 2500 * MS);
    assert_non_null(s.p[0]->pcb);
    assert_false(s.p[0]->fin);
    assert_true(peer_connect(s.p[LIMIT_TLS_SESSIONS]));
    client_open(&c, s.p[LIMIT_TLS_SESSIONS], &nobody);
    assert_int_equal(client_shake(&c), 0);
    assert_true(s.p[0]->fin);
    for (int i = 1; i < LIMIT_TLS_SESSIONS; i++)
        assert_false(s.p[i]->fin || s.p[i]->rst);
    assert_true(fixture_ms(p->b) > s.heard_ms + 2000);
    client_close(&c);
    free_stations(&s);
    peer_leave(mute, true);
    peer_free(mute);
    tls_end(p);
}

/* Who has just been heard has two seconds, to the millisecond. */
static void two_seconds_of_silence(void **state)
{
    struct peer *p = provisioned();
    struct stations s;
    struct client c;

    (void)state;
    connect_stations(&s, p->b);
    assert_true(fixture_ms(p->b) < s.heard_ms + 1900);
    assert_true(peer_connect(s.p[LIMIT_TLS_SESSIONS]));
    client_open(&c, s.p[LIMIT_TLS_SESSIONS], &nobody);
    assert_true(client_waits(mbedtls_ssl_handshake(&c.ssl)));
    peer_run(s.p[LIMIT_TLS_SESSIONS], (s.heard_ms + 1980 - fixture_ms(p->b)) * MS);
    assert_false(s.p[0]->fin || s.p[0]->rst);
    peer_run(s.p[LIMIT_TLS_SESSIONS], 40 * MS);
    assert_true(s.p[0]->fin);
    assert_int_equal(client_shake(&c), 0);
    client_close(&c);
    free_stations(&s);
    tls_end(p);
}

/* One that waits and goes, or says things that nobody wants to know, leaves nothing behind. */
static void those_who_wait_in_vain(void **state)
{
    struct peer *p = provisioned();
    struct server first, s;

    (void)state;
    assert_true(server_connect(&first, p, &nobody, "admin", NEW_PASSWORD));
    forget_connection(p);
    for (int i = 0; i < 20; i++) {
        peer_connect(p); /* while a third, it is reset */
        if (i % 3 && p->pcb)
            peer_put(p, (const uint8_t *)"nonsense", 8);
        peer_run(p, 10 * MS);
        peer_leave(p, i % 2);
        peer_run(p, 30 * MS);
    }
    client_close(&first.tls);
    peer_run(p, 5 * SECOND);
    assert_true(server_connect(&s, p, &nobody, "admin", NEW_PASSWORD));
    assert_int_equal(eoi(&s, SECURITY, "GetCoreVersion", ""), 0);
    server_disconnect(&s);
    tls_end(p);
}

/* The state that a full unprovision by the server leads to, and that the reply arrives before the
 * interface closes. */
static void unprovision_by_the_server(void **state)
{
    static const struct {
        const char *release, *oem, *method;
        uint32_t reported;
        uint32_t window_s; /* 0 = closed */
    } row[] = {
        {"5.0.2", "bmp-off", "Unprovision", 1, 24 * 3600},
        {"5.0.3", "bmp-off", "Unprovision", 0, 0},
        {"5.0.3", "intel", "Unprovision", 1, 24 * 3600},
        {"5.0.3", "bmp-off", "PartialUnprovision", 1, 6 * 3600},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct peer *p = tls_begin(row[i].release, row[i].oem, "corp.example", with_key_and_window);
        struct settings after;
        struct server s;
        uint32_t frames, attempts;

        assert_true(server_connect(&s, p, &psk, "admin", "admin"));
        set_everything(&s);
        assert_int_equal(eoi(&s, SECURITY, "SetTlsServerAuthentication", "<Enabled>1</Enabled>"),
                         0);
        assert_int_equal(eoi(&s, SECURITY, row[i].method, ""), 0);
        /* The interface waits a second for the reply to leave, of which some has passed. */
        assert_in_range(p->b->chip.device.setup.reply_until_ms - fixture_ms(p->b), 950, 1000);
        server_disconnect(&s);
        after = fixture_stored(p->b);
        assert_int_equal(after.config.host_name[0], 0);
        assert_int_equal(after.secret.pid[0] != 0,
                         strcmp(row[i].method, "PartialUnprovision") == 0);
        peer_run(p, 5 * SECOND);
        assert_int_equal(state_of(p), row[i].reported);
        assert_in_range(window_left_s(&p->b->chip.device.setup.window),
                        row[i].window_s ? row[i].window_s - 10 : 0, row[i].window_s);
        frames = p->b->frames;
        attempts = p->b->count[TRACE_ATTEMPT];
        peer_run(p, 60 * SECOND);
        if (row[i].reported == 0)
            assert_int_equal(p->b->frames, frames);
        assert_int_equal(p->b->count[TRACE_ATTEMPT] - attempts, row[i].reported);
        assert_int_equal(peer_connect(p), row[i].reported == 1);
        tls_end(p);
    }
}

static void extended(void **state)
{
    struct peer *p = tls_begin("5.0.3", "bmp-off", "corp.example", with_key_and_window);
    struct server s;

    (void)state;
    assert_true(server_connect(&s, p, &psk, "admin", "admin"));
    assert_int_equal(eoi(&s, SECURITY, "ExtendProvisioningPeriod", "<Duration>24</Duration>"), 0);
    assert_in_range(window_left_s(&p->b->chip.device.setup.window), 24 * 3600 - 1, 24 * 3600);
    assert_in_range(fixture_stored(p->b).machine.window_left_s +
                        fixture_stored(p->b).machine.bmp_left_s,
                    24 * 3600 - 1, 24 * 3600);
    server_disconnect(&s);
    tls_end(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(over_certificates),
        cmocka_unit_test(the_clock_counts_at_the_next_hand_shake),
        cmocka_unit_test(power_is_lost_before_the_commit),
        cmocka_unit_test(over_certificates_without_tls),
        cmocka_unit_test(over_a_key_without_tls),
        cmocka_unit_test(over_a_key_with_a_certificate),
        cmocka_unit_test(a_certificate_by_wsman),
        cmocka_unit_test(a_key_without_its_certificate),
        cmocka_unit_test(what_is_pending_goes),
        cmocka_unit_test(an_answer_is_repeated),
        cmocka_unit_test(several_sessions),
        cmocka_unit_test(the_next_one_waits),
        cmocka_unit_test(two_seconds_of_silence),
        cmocka_unit_test(those_who_wait_in_vain),
        cmocka_unit_test(unprovision_by_the_server),
        cmocka_unit_test(extended),
    };

    return cmocka_run_group_tests(tests, tls_certificates, NULL);
}
