// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
// once: slow in an emulator, and about who gets in when, not about bytes
#include "tests/fixtures/server.h"

/* A set-up server that was let in, and then a person at MEBx, or a key, changes who is. */

#define OWN "Passw0rd!"
#define NEW_DIGEST "516fd5d7efde139d4e30f5144ecca306"
#define NOW_S "1231940592"

static void set_clock(struct server *s)
{
    assert_int_equal(eoi(s, TIME, "SetHighAccuracyTimeSynch",
                         "<Ta0>0</Ta0><Tm1>" NOW_S "</Tm1><Tm2>" NOW_S "</Tm2>"),
                     0);
}

static void set_admin(struct server *s)
{
    assert_int_equal(eoi(s, NETWORK, "SetHostName", "<HostName>pc17</HostName>"), 0);
    assert_int_equal(eoi(s, SECURITY, "SetAdminAclEntryEx",
                         "<Username>rogue</Username><DigestPassword>" NEW_DIGEST
                         "</DigestPassword>"),
                     0);
}

static int change(struct peer *p, enum local_change what, void (*edit)(struct settings *s))
{
    struct device *d = fixture_device(p->b);
    struct local_outcome *outcome = device_menu_begin(d);
    int result;

    outcome->settings = d->settings;
    outcome->change = what;
    edit(&outcome->settings);
    result = device_menu_end(d, fixture_ms(p->b));
    chip_poll(&p->b->chip);
    lwip_image_enter(p->image);
    return result;
}

static void own_password(struct settings *s)
{
    memset(s->secret.password, 0, sizeof(s->secret.password));
    strcpy(s->secret.password, OWN);
    s->secret.password_default = false;
}

static void key(struct settings *s)
{
    own_password(s);
    memcpy(s->secret.pid, "0000037M", 8);
    memcpy(s->secret.pps, PPS, 32);
}

static void no_remote(struct settings *s)
{
    own_password(s);
    s->config.rcfg_enabled = false;
}

static void no_hash(struct settings *s)
{
    own_password(s);
    s->config.user_hash_active = 0;
}

static void smb(struct settings *s)
{
    own_password(s);
    s->config.mode = MODE_SMB;
}

static void goes(enum local_change what, void (*edit)(struct settings *s), uint8_t state)
{
    struct peer *p = tls_begin("5.0.3", "intel", "corp.example", NULL);
    struct server s;

    assert_true(server_connect(&s, p, &test_server, "admin", ""));
    set_clock(&s);
    set_admin(&s);
    assert_int_equal(change(p, what, edit), DEVICE_OK);
    peer_run(p, 20 * MS);
    assert_true(p->rst);
    assert_int_equal(p->b->chip.device.setup.state, state);
    assert_false(p->b->chip.device.manage.pending.has_admin);
    client_close(&s.tls);
    tls_end(p);
}

static void whoever_was_let_in_goes(void **state)
{
    (void)state;
    goes(LOCAL_KEY_ENTERED, key, SETUP_SETUP);
    goes(LOCAL_SETTINGS, no_remote, SETUP_SETUP);
    goes(LOCAL_SETTINGS, no_hash, SETUP_SETUP);
    goes(LOCAL_MANUAL, smb, SETUP_PROVISIONED);
    goes(LOCAL_PARTIAL, own_password, SETUP_SETUP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_was_let_in_goes),
    };

    return cmocka_run_group_tests(tests, tls_certificates, NULL);
}
