// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
// once: slow in an emulator, and about who gets in when, not about bytes
#include "tests/fixtures/server.h"

/* A stranger's answer that may not be checked yet, in a TLS record that ends with it, and then
 * silence: once it may be checked his turn is as short as any stranger's. */

#define PASSWORD "P@ssw0rd"
#define ANSWER                                                                                     \
    "POST " SECURITY " HTTP/1.1\r\nHost: me\r\nAuthorization: Digest username=\"admin\", "         \
    "realm=\"" REALM "\", nonce=\"00000000000000000000000000000000\", uri=\"" SECURITY             \
    "\", nc=1, cnonce=\"c\", qop=auth, response=\"00000000000000000000000000000000\"\r\n"
#define REST "Content-Length: 0\r\n\r\n"

static const struct client_spec nobody = {.key = KEY_OTHER};

static void provisioned(struct settings *s)
{
    s->machine.setup_state = SETUP_PROVISIONED;
    s->machine.window_kind = WINDOW_OPERATIONAL;
    s->machine.bmp_left_s = 0;
    s->secret.password_default = false;
    memset(s->secret.password, 0, sizeof(s->secret.password));
    strcpy(s->secret.password, PASSWORD);
}

/* Every further one waits for two seconds. */
static void guess_often(struct peer *p)
{
    struct server s;

    for (int i = 0; i < 6; i++) {
        assert_true(server_connect(&s, p, &nobody, "admin", ""));
        server_send(&s, ANSWER REST);
        assert_int_equal(server_read_reply(&s), 401);
        server_disconnect(&s);
    }
}

static void an_answer_and_silence(void **state)
{
    struct peer *p = tls_begin("5.0.3", "intel", "corp.example", provisioned), *owner;
    struct server s, o;
    uint64_t polls;

    (void)state;
    guess_often(p);
    assert_true(server_connect(&s, p, &nobody, "admin", ""));
    server_send(&s, ANSWER);
    assert_int_equal(p->b->chip.device.net.ports.turns.stage, TURN_ANSWER_WAITS);
    polls = p->b->chip.polls;
    peer_run(p, 3 * SECOND);
    assert_true(p->b->chip.polls - polls < 100);
    owner = peer_new_at(p->b, 77);
    peer_run(owner, SECOND);
    assert_true(server_connect(&o, owner, &nobody, "admin", PASSWORD));
    assert_int_equal(eoi(&o, SECURITY, "GetCoreVersion", ""), 0);
    server_disconnect(&o);
    peer_free(owner);
    client_close(&s.tls);
    tls_end(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_and_silence),
    };

    return cmocka_run_group_tests(tests, tls_certificates, NULL);
}
