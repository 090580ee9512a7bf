// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
// once: slow in an emulator, and about who gets in when, not about bytes
#include "tests/fixtures/server.h"

#include "fw/net/tls_identity.h"

/* A key is entered at the machine while the device still makes its own for a certificate: what is
 * half made is used by nobody, whoever comes then and however the hand-shake ends. */

#define PID "0000037M"
#define PPS "NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ"
#define WRONG_PPS "NKLDG5DCRRNQE9YZZIJL7LFLVJED69XK"

static void enter_key(struct device *d, struct fixture *b)
{
    static struct local_outcome outcome;

    outcome.settings = d->settings;
    strcpy(outcome.settings.secret.pid, PID);
    strcpy(outcome.settings.secret.pps, PPS);
    outcome.change = LOCAL_KEY_ENTERED;
    assert_int_equal(device_local_change(d, &outcome, chip_now_ms(&b->chip)), DEVICE_OK);
    chip_poll(&b->chip);
}

static void a_key_while_one_is_made(void **state)
{
    struct peer *p = tls_begin("5.0.3", "intel", "corp.example", NULL);
    struct fixture *b = p->b;
    struct device *d = fixture_device(b);
    struct client_spec wrong = {.identity = PID, .psk = WRONG_PPS},
                       right = {.identity = PID, .psk = PPS};
    struct client c;
    uint64_t until = b->clock.now_us + SECOND;

    (void)state;
    assert_true(peer_connect(p));
    client_open(&c, p, &test_server);
    mbedtls_ssl_handshake(&c.ssl); /* its first message alone */
    while (d->net.ports.turns.stage != TURN_PREPARING && clock_step(&b->clock, until))
        continue;
    assert_int_equal(d->net.ports.turns.stage, TURN_PREPARING);
    fixture_device(b);
    enter_key(d, b);
    lwip_image_enter(p->image);
    client_close(&c);
    peer_leave(p, true);
    peer_run(p, SECOND);
    assert_int_not_equal(client_try(p, &wrong), 0);
    assert_int_equal(client_try(p, &right), 0);
    tls_end(p);
}

/* On a slow board the key takes minutes. They are the device's own: who waits for it is served
 * then. */
static void a_key_takes_its_time(void **state)
{
    struct peer *p = tls_begin("5.0.3", "intel", "corp.example", NULL);
    struct fixture *b = p->b;
    struct device *d = fixture_device(b);
    struct client c;
    uint64_t from, until = b->clock.now_us + SECOND;

    (void)state;
    assert_true(peer_connect(p));
    client_open(&c, p, &test_server);
    mbedtls_ssl_handshake(&c.ssl); /* its first message alone */
    while (d->net.ports.turns.stage != TURN_PREPARING && clock_step(&b->clock, until))
        continue;
    from = b->clock.now_us;
    while (d->net.ports.turns.stage == TURN_PREPARING) {
        b->chip.powered = false; /* nobody calls the device while it works */
        clock_run(&b->clock, b->clock.now_us + 5 * SECOND);
        b->chip.powered = true;
        chip_poll(&b->chip);
    }
    assert_true(b->clock.now_us - from > 120 * SECOND);
    lwip_image_enter(p->image);
    assert_int_equal(client_shake(&c), 0);
    client_close(&c);
    peer_leave(p, true);
    tls_end(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_while_one_is_made),
        cmocka_unit_test(a_key_takes_its_time),
    };

    return cmocka_run_group_tests(tests, tls_certificates, NULL);
}
