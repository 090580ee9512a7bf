// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include "tests/fixtures/world_watch.h"

/* Finding the set-up application: by address, by name, by which name. */

static void b02_an_address_entered_needs_no_look_up(void **state)
{
    struct watch *x = watch_new(PASSIVE, 1);
    const struct seen *syn[8];

    (void)state;
    ordinary(x);
    assert_true(world_sca(x->world, OTHER_IP, SCA_LISTEN, 1234));
    world_ac(x->world, true);
    assert_true(world_mebx_server(x->world, OTHER_IP, 1234));
    assert_true(world_mebx_domain(x->world, "mebx.example"));
    world_run_until(x->world, 30 * SECOND);
    assert_int_equal(x->queries, 0);
    assert_int_equal(connections(x, syn, COUNT(syn)), 1);
    assert_int_equal(syn[0]->packet.dst_ip, OTHER_IP);
    assert_int_equal(syn[0]->packet.dst_port, 1234);
    assert_int_equal(x->hellos, 1);
    assert_int_equal(x->hello[0].at_ip, OTHER_IP);
    /* Taken out again, names are back. */
    assert_true(world_mebx_server(x->world, 0, 0));
    assert_true(world_mebx_domain(x->world, ""));
    world_run_until(x->world, MINUTE + 30 * SECOND);
    assert_int_equal(x->hello[1].at_ip, SCA_IP);
    watch_free(x);
}

static void b03_the_domain_entered_in_mebx(void **state)
{
    static const char *const want[] = {"provisionserver.mebx.example"};
    struct oem_profile oem = *oem_find("intel");
    struct watch *x;

    (void)state;
    oem.default_domain = "oem.example"; /* is not asked for */
    x = watch_oem(&oem, PASSIVE, 1);
    ordinary(x);
    assert_true(world_dns_a(x->world, "provisionserver.mebx.example", OTHER_IP));
    assert_true(world_sca(x->world, OTHER_IP, SCA_LISTEN, 0));
    world_ac(x->world, true);
    assert_true(world_mebx_domain(x->world, "mebx.example"));
    world_run_until(x->world, 30 * SECOND);
    expect_queries(x, want, COUNT(want));
    assert_int_equal(x->hellos, 1);
    assert_int_equal(x->hello[0].at_ip, OTHER_IP);
    watch_free(x);
}

static void b03_the_oem_domain(void **state)
{
    static const char *const want[] = {"provisionserver.oem.example"};
    struct oem_profile oem = *oem_find("intel");
    struct watch *x;

    (void)state;
    oem.default_domain = "oem.example";
    x = watch_oem(&oem, PASSIVE, 1);
    ordinary(x);
    assert_true(world_dns_a(x->world, "provisionserver.oem.example", OTHER_IP));
    assert_true(world_sca(x->world, OTHER_IP, SCA_LISTEN, 0));
    world_ac(x->world, true);
    world_run_until(x->world, 30 * SECOND);
    expect_queries(x, want, COUNT(want));
    assert_int_equal(x->hello[0].at_ip, OTHER_IP);
    watch_free(x);
}

static void b03_the_bare_name(void **state)
{
    static const char *const want[] = {"provisionserver"};
    struct watch *x = watch_new(PASSIVE, 1);

    (void)state;
    ordinary(x);
    assert_true(world_dns_a(x->world, "provisionserver", OTHER_IP));
    assert_true(world_sca(x->world, OTHER_IP, SCA_LISTEN, 0));
    world_ac(x->world, true);
    world_run_until(x->world, 30 * SECOND);
    expect_queries(x, want, COUNT(want));
    assert_int_equal(x->hello[0].at_ip, OTHER_IP);
    watch_free(x);
}

static void b04_then_option_15(bool no_os, const char *mebx, const char *first)
{
    const char *const want[] = {first, "provisionserver.corp.example"};
    struct watch *x = watch_new(no_os, 1);

    ordinary(x);
    world_ac(x->world, true);
    if (mebx)
        assert_true(world_mebx_domain(x->world, mebx));
    world_run_until(x->world, 30 * SECOND);
    expect_queries(x, want, COUNT(want));
    assert_true(x->query_us[0] < x->query_us[1]);
    assert_int_equal(x->hellos, 1);
    assert_int_equal(x->hello[0].at_ip, SCA_IP);
    watch_free(x);
}

static void b04_option_15_after_a_failed_look_up(void **state)
{
    (void)state;
    b04_then_option_15(PASSIVE, NULL, "provisionserver");
    b04_then_option_15(ACTIVE, NULL, "provisionserver");
    b04_then_option_15(PASSIVE, "mebx.example", "provisionserver.mebx.example");
    b04_then_option_15(ACTIVE, "mebx.example", "provisionserver.mebx.example");
}

/* The suffix of the latest exchange: when DHCP no longer gives one, none is asked with. */
static void b04_option_15_taken_back(bool host_comes_between)
{
    static const char *const before[] = {"provisionserver", "provisionserver.corp.example"};
    struct watch *x = watch_new(ACTIVE, 1);

    ordinary(x);
    world_ac(x->world, true);
    world_run_until(x->world, 30 * SECOND);
    expect_queries(x, before, 2);
    x->queries = 0;
    world_dhcp_option15(x->world, NULL);
    if (host_comes_between) {
        world_os(x->world, true);
        world_run_until(x->world, 40 * SECOND);
    }
    world_link(x->world, false);
    world_run_until(x->world, 45 * SECOND);
    world_link(x->world, true);
    world_os(x->world, false);
    world_run_until(x->world, 90 * SECOND);
    expect_queries(x, before, 1);
    watch_free(x);
}

static void b04_option_15_of_the_latest_exchange(void **state)
{
    (void)state;
    b04_option_15_taken_back(true);
    b04_option_15_taken_back(false);
}

static void b04_the_same_name_is_asked_for_once(void **state)
{
    static const char *const want[] = {"provisionserver.corp.example"};
    struct watch *x = watch_new(PASSIVE, 1);

    (void)state;
    ordinary(x);
    assert_true(world_dns_remove(x->world, "provisionserver.corp.example"));
    world_ac(x->world, true);
    assert_true(world_mebx_domain(x->world, "corp.example"));
    world_run_until(x->world, 30 * SECOND);
    expect_queries(x, want, COUNT(want));
    assert_int_equal(x->lookups, 1);
    watch_free(x);
}

static void b05_no_record_anywhere(void **state)
{
    struct watch *x = watch_new(PASSIVE, 1);

    (void)state;
    ordinary(x);
    assert_true(world_dns_remove(x->world, "provisionserver.corp.example"));
    world_ac(x->world, true);
    world_run_until(x->world, 2 * MINUTE + 30 * SECOND);
    assert_int_equal(count_tcp(x, 0, 0), 0);
    assert_int_equal(x->hellos, 0);
    assert_int_equal(x->queries, 6);
    assert_int_equal(x->failures, 3);
    for (size_t i = 0; i < 6; i++)
        assert_in_range(x->query_us[i], SECOND + i / 2 * MINUTE, SECOND + i / 2 * MINUTE + 20000);
    assert_int_equal(world_state(x->world), 1);
    /* The record appears: the next slot finds it, three slots are gone. */
    assert_true(world_dns_a(x->world, "provisionserver.corp.example", SCA_IP));
    world_run_until(x->world, 3 * MINUTE + 30 * SECOND);
    assert_int_equal(x->hellos, 1);
    assert_int_equal(x->hello[0].retry, 3);
    watch_free(x);
}

static void b05_dns_that_does_not_answer(void **state)
{
    struct watch *x = watch_new(PASSIVE, 1);

    (void)state;
    ordinary(x);
    world_dns_silent(x->world, true);
    world_ac(x->world, true);
    world_run_until(x->world, 59 * SECOND);
    assert_int_equal(x->failures, 1); /* given up before the next slot */
    assert_int_equal(count_tcp(x, 0, 0), 0);
    world_dns_silent(x->world, false);
    world_run_until(x->world, MINUTE + 30 * SECOND);
    assert_int_equal(x->hellos, 1);
    assert_int_equal(x->hello[0].retry, 1);
    watch_free(x);
}

static void a_cname_is_followed(void **state)
{
    struct watch *x = watch_new(PASSIVE, 1);

    (void)state;
    ordinary(x);
    assert_true(world_dns_cname(x->world, "provisionserver.corp.example", "scs.corp.example"));
    assert_true(world_dns_cname(x->world, "scs.corp.example", "box.far.example"));
    assert_true(world_dns_a(x->world, "box.far.example", OTHER_IP));
    assert_true(world_sca(x->world, OTHER_IP, SCA_LISTEN, 0));
    world_ac(x->world, true);
    world_run_until(x->world, 30 * SECOND);
    assert_int_equal(x->hellos, 1);
    assert_int_equal(x->hello[0].at_ip, OTHER_IP);
    watch_free(x);
}

/* S1 repeats all steps: a record that moves is found at the next slot. */
static void every_attempt_looks_up_anew(void **state)
{
    struct watch *x = watch_new(PASSIVE, 1);

    (void)state;
    ordinary(x);
    assert_true(world_sca(x->world, OTHER_IP, SCA_LISTEN, 0));
    world_ac(x->world, true);
    world_run_until(x->world, 30 * SECOND);
    assert_true(world_dns_a(x->world, "provisionserver.corp.example", OTHER_IP));
    world_run_until(x->world, 90 * SECOND);
    assert_int_equal(x->queries, 4);
    assert_int_equal(x->hellos, 2);
    assert_int_equal(x->hello[0].at_ip, SCA_IP);
    assert_int_equal(x->hello[1].at_ip, OTHER_IP);
    watch_free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(b02_an_address_entered_needs_no_look_up),
        cmocka_unit_test(b03_the_domain_entered_in_mebx),
        cmocka_unit_test(b03_the_oem_domain),
        cmocka_unit_test(b03_the_bare_name),
        cmocka_unit_test(b04_option_15_after_a_failed_look_up),
        cmocka_unit_test(b04_option_15_of_the_latest_exchange),
        cmocka_unit_test(b04_the_same_name_is_asked_for_once),
        cmocka_unit_test(b05_no_record_anywhere),
        cmocka_unit_test(b05_dns_that_does_not_answer),
        cmocka_unit_test(a_cname_is_followed),
        cmocka_unit_test(every_attempt_looks_up_anew),
    };

    return cmocka_run_group_tests_name("world_lookup", tests, NULL, NULL);
}
