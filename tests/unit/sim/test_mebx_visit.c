// SPDX-License-Identifier: BSD-3-Clause
// links: @sim @fw @lwip
#include "sim/scenario/mebx_visit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/power.h"
#include "fw/core/setup.h"
#include "sim/world/world.h"

/* What one visit to MEBx changes, what it must leave as it was, and what is refused. */

#define PID "0000-037M"
#define PPS "NKLD-G5DC-RRNQ-E9YZ-ZIJL-7LFL-VJED-69XJ" /* the guide's pair (G-cksum) */

static void unwatched(void *ctx, const struct world_event *event)
{
    (void)ctx;
    (void)event;
}

static const struct release *release;
static const struct oem_profile *oem;

static struct world *open_world(const char *name, bool provisioned)
{
    struct world_observer observer = {NULL, unwatched};

    release = release_find(name);
    oem = oem_find("bmp-off");
    struct world_config config = {
        .release = release, .oem = oem, .seed = 1, .start_provisioned = provisioned};
    struct world *world = world_new(&config, &observer);
    assert_non_null(world);
    world_ac(world, true);
    world_run_until(world, 1000000);
    return world;
}

static bool visit(struct world *world, struct mebx_visit visit)
{
    return mebx_visit_apply(world, release, &visit);
}

/* Refused, and not one setting is another one. */
static void assert_refused(struct world *world, struct mebx_visit one)
{
    struct settings before = *world_settings(world);

    assert_false(visit(world, one));
    assert_memory_equal(world_settings(world), &before, sizeof before);
}

static void keys_need_a_password(void **state)
{
    struct world *w = open_world("5.0.3", false);

    (void)state;
    assert_refused(w, (struct mebx_visit){.change = VISIT_PSK, .text = PID, .pps = PPS});
    assert_refused(
        w, (struct mebx_visit){.change = VISIT_PSK, .text = PID, .pps = PPS, .password = "weak"});
    assert_refused(
        w, (struct mebx_visit){
               .change = VISIT_PSK, .text = "0000-037N", .pps = PPS, .password = "Provisi0n!"});
    assert_int_equal(world_state(w), 0);
    assert_true(
        visit(w, (struct mebx_visit){
                     .change = VISIT_PSK, .text = PID, .pps = PPS, .password = "Provisi0n!"}));
    assert_int_equal(world_state(w), 1);
    assert_string_equal(world_settings(w)->secret.pid, "0000037M");
    assert_string_equal(world_settings(w)->secret.password, "Provisi0n!");
    assert_false(world_settings(w)->secret.password_default);
    world_free(w);
}

static void names_and_hosts(void **state)
{
    struct world *w = open_world("5.0.3", false);

    (void)state;
    assert_refused(w, (struct mebx_visit){.change = VISIT_HOST, .text = "under_score"});
    assert_refused(w, (struct mebx_visit){.change = VISIT_HOST, .text = "two.labels"});
    assert_refused(w, (struct mebx_visit){.change = VISIT_SUFFIX, .text = "corp_example.com"});
    assert_refused(w, (struct mebx_visit){.change = VISIT_FQDN, .text = ""});
    assert_true(visit(w, (struct mebx_visit){.change = VISIT_HOST, .text = "client-1"}));
    assert_true(visit(w, (struct mebx_visit){.change = VISIT_SUFFIX, .text = "corp.example"}));
    assert_true(visit(w, (struct mebx_visit){.change = VISIT_FQDN, .text = "sca.corp.example"}));
    assert_string_equal(world_settings(w)->config.host_name, "client-1");
    assert_string_equal(world_settings(w)->config.pki_suffix, "corp.example");
    assert_string_equal(world_settings(w)->config.server_fqdn, "sca.corp.example");
    assert_true(visit(w, (struct mebx_visit){.change = VISIT_SUFFIX}));
    assert_string_equal(world_settings(w)->config.pki_suffix, "");
    assert_int_equal(world_state(w), 0);
    world_free(w);
}

static void hashes(void **state)
{
    struct world *w = open_world("5.0.3", false);
    struct mebx_visit add = {
        .change = VISIT_HASH_ADD, .algorithm = CERT_HASH_SHA1, .text = "Corp root"};
    struct hash_view view;

    (void)state;
    assert_refused(w, (struct mebx_visit){.change = VISIT_HASH_SWITCH, .hash = 6});
    assert_true(visit(w, (struct mebx_visit){.change = VISIT_HASH_SWITCH, .hash = 2}));
    assert_int_equal(world_settings(w)->config.hash_active & 0x1F, 0x1D);
    for (int i = 0; i < 3; i++) {
        add.bytes[0] = (uint8_t)i;
        assert_true(visit(w, add));
    }
    assert_refused(w, add); /* three places */
    assert_true(visit(w, (struct mebx_visit){.change = VISIT_HASH_SWITCH, .hash = 7}));
    assert_int_equal(world_settings(w)->config.user_hash_active, 5);
    assert_true(settings_find_hash(world_settings(w), release, 6, &view));
    assert_string_equal(view.name, "Corp root");
    assert_int_equal(view.bytes[0], 1);
    assert_false(view.active);
    world_free(w);
    w = open_world("5.0.3", false);
    add.algorithm = CERT_HASH_SHA256; /* from 6.0 on */
    assert_refused(w, add);
    world_free(w);
    w = open_world("6.0", false);
    assert_true(visit(w, add));
    world_free(w);
}

static void what_a_release_does_not_have(void **state)
{
    struct world *w = open_world("2.0", false);

    (void)state;
    assert_refused(w, (struct mebx_visit){.change = VISIT_RCFG, .on = true});
    assert_refused(w, (struct mebx_visit){.change = VISIT_SUFFIX, .text = "corp.example"});
    assert_refused(w, (struct mebx_visit){.change = VISIT_POWER, .package = 7}); /* a mobile's */
    assert_true(visit(w, (struct mebx_visit){.change = VISIT_POWER, .package = 1}));
    assert_int_equal(world_settings(w)->me.power_package, 1);
    world_free(w);
}

static void modes_and_states(void **state)
{
    struct world *w = open_world("5.0.3", false);

    (void)state;
    /* SMB is provisioned at once, but not with the default password. */
    assert_refused(w, (struct mebx_visit){.change = VISIT_MODE, .mode = MODE_SMB});
    assert_true(visit(w, (struct mebx_visit){.change = VISIT_PASSWORD, .password = "Chang3d!One"}));
    assert_int_equal(world_state(w), 0);
    assert_true(visit(w, (struct mebx_visit){.change = VISIT_MODE, .mode = MODE_SMB}));
    assert_int_equal(world_state(w), 2);
    assert_refused(w, (struct mebx_visit){.change = VISIT_MODE, .mode = MODE_ENTERPRISE});
    assert_refused(w, (struct mebx_visit){.change = VISIT_RCFG});
    assert_refused(w, (struct mebx_visit){.change = VISIT_PSK, .text = PID, .pps = PPS});
    world_ac(w, false);
    assert_false(visit(w, (struct mebx_visit){.change = VISIT_DHCP}));
    world_free(w);
}

static void typed_keys(void **state)
{
    struct world *w = open_world("5.0.3", false);
    static const char to_password[] = "admin\nChang3d!One\nChang3d!One\n";
    struct settings before = *world_settings(w);
    char typed[80];

    (void)state;
    assert_false(mebx_visit_type(w, release, oem, to_password)); /* still in the menu */
    assert_false(mebx_visit_type(w, release, oem, "wrong\nwrong\nwrong\n"));
    assert_false(mebx_visit_type(w, release, oem, "admin\nChang3d!One\nChang3d!One\n\x03"));
    strcpy(typed, to_password);
    strcat(typed, "4\ny\n1\n"); /* left before its end */
    assert_false(mebx_visit_type(w, release, oem, typed));
    assert_memory_equal(world_settings(w), &before, sizeof before);
    typed[strlen(typed) - 2] = '\0';
    assert_true(mebx_visit_type(w, release, oem, typed));
    assert_string_equal(world_settings(w)->secret.password, "Chang3d!One");
    assert_false(mebx_visit_type(w, release, oem, "Chang3d!One\n4\ny\n")); /* nothing changed */
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_need_a_password),
        cmocka_unit_test(names_and_hosts),
        cmocka_unit_test(hashes),
        cmocka_unit_test(what_a_release_does_not_have),
        cmocka_unit_test(modes_and_states),
        cmocka_unit_test(typed_keys),
    };
    return cmocka_run_group_tests_name("visit", tests, NULL, NULL);
}
