// SPDX-License-Identifier: BSD-3-Clause
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/attempt.h"

/* One attempt to say hello (S1, steps 1 to 4): where the set-up application is looked for, and what
 * becomes of the attempt. */

static char name[LIMIT_FQDN + 1];

static bool looked_for(const struct settings *s, const struct oem_profile *oem,
                       const char *option15, uint32_t number)
{
    return attempt_name(s, release_find("5.0.3"), oem, option15, number, name);
}

/* S1: "ProvisionServer" alone, then with the suffix that DHCP's option 15 gives. */
static void the_label_then_with_option_15(void **state)
{
    static const struct settings s;

    (void)state;
    assert_true(looked_for(&s, &oem_intel, "corp.example", 0));
    assert_string_equal(name, "ProvisionServer");
    assert_true(looked_for(&s, &oem_intel, "corp.example", 1));
    assert_string_equal(name, "ProvisionServer.corp.example");
    assert_false(looked_for(&s, &oem_intel, "corp.example", 2));
    assert_false(looked_for(&s, &oem_intel, "", 1));
}

/* The owner's domain stands for the OEM's; nobody is asked for the same name twice. */
static void domains(void **state)
{
    struct settings s = {0};

    (void)state;
    assert_true(looked_for(&s, &oem_own_domain, "", 0));
    assert_string_equal(name, "ProvisionServer.oem.example");
    assert_false(looked_for(&s, &oem_own_domain, "oem.example", 1));
    assert_true(looked_for(&s, &oem_own_domain, "oem.examples", 1));
    assert_string_equal(name, "ProvisionServer.oem.examples");
    assert_true(looked_for(&s, &oem_own_domain, "oem", 1));
    assert_string_equal(name, "ProvisionServer.oem");
    strcpy(s.config.domain, "corp.example");
    assert_true(looked_for(&s, &oem_own_domain, "", 0));
    assert_string_equal(name, "ProvisionServer.corp.example");
}

/* G-usbver: a configuration server's FQDN is there from release 3.0 on. */
static void a_configuration_server_comes_first(void **state)
{
    struct settings s = {0};

    (void)state;
    strcpy(s.config.server_fqdn, "scs.corp.example");
    assert_true(looked_for(&s, &oem_intel, "", 0));
    assert_string_equal(name, "scs.corp.example");
    assert_true(looked_for(&s, &oem_intel, "", 1));
    assert_string_equal(name, "ProvisionServer");
    assert_false(looked_for(&s, &oem_intel, "", 2));
    assert_true(attempt_name(&s, release_find("2.2"), &oem_intel, "", 0, name));
    assert_string_equal(name, "ProvisionServer");
}

/* A name that has no room is none; the others keep their order. */
static void what_is_too_long_is_left_out(void **state)
{
    struct settings s = {0};
    struct oem_profile oem = oem_intel;
    char label[LIMIT_FQDN + 2];

    (void)state;
    memset(s.config.domain, 'd', LIMIT_DOMAIN);
    memset(label, 'l', sizeof(label));
    label[LIMIT_FQDN - LIMIT_DOMAIN - 1] = '\0';
    oem.host_label = label;
    assert_true(looked_for(&s, &oem, "", 0));
    assert_int_equal(strlen(name), LIMIT_FQDN);
    for (size_t over = LIMIT_FQDN - LIMIT_DOMAIN; over <= LIMIT_FQDN + 1; over++) {
        label[over - 1] = 'l';
        label[over] = '\0';
        assert_false(looked_for(&s, &oem, "", 0));
    }
    label[LIMIT_FQDN - LIMIT_DOMAIN] = '\0';
    assert_true(looked_for(&s, &oem, "short.example", 0));
    assert_memory_equal(name + LIMIT_FQDN - LIMIT_DOMAIN, ".short.example", 15);
}

/* What comes too late, or to an attempt that is over, means nothing to it. */
static void events_of_another_time(void **state)
{
    struct attempt a;

    (void)state;
    attempt_begin(&a, 3, 1000);
    assert_int_equal(attempt_late_ms(&a), 1000 + LIMIT_ATTEMPT_MS);
    assert_null(attempt_step(&a, ATTEMPT_EV_DELIVERED)); /* before there is a connection */
    assert_int_equal(a.state, ATTEMPT_LOOKS_UP);
    assert_int_equal(attempt_step(&a, ATTEMPT_EV_NOT_FOUND)->action, ATTEMPT_DO_LOOK_UP);
    assert_int_equal(a.name, 1);
    assert_int_equal(attempt_step(&a, ATTEMPT_EV_FOUND)->action, ATTEMPT_DO_CONNECT);
    assert_null(attempt_step(&a, ATTEMPT_EV_FOUND));
    assert_int_equal(attempt_step(&a, ATTEMPT_EV_LATE)->outcome, ATTEMPT_HAS_FAILED);
    for (uint8_t event = 0; event < ATTEMPT_EVENTS; event++)
        assert_null(attempt_step(&a, event));
    assert_false(attempt_is_under_way(&a));
    assert_int_equal(attempt_late_ms(&a), UINT64_MAX);
}

/* Each row of the table can be shown to a reader. */
static void states_and_events_have_names(void **state)
{
    uint32_t rows;

    (void)state;
    assert_non_null(attempt_transitions(&rows));
    assert_true(rows > 0);
    for (uint8_t i = 0; i < ATTEMPT_STATES; i++)
        assert_true(strlen(attempt_state_name(i)) > 1);
    for (uint8_t i = 0; i < ATTEMPT_EVENTS; i++)
        assert_true(strlen(attempt_event_name(i)) > 1);
    assert_string_equal(attempt_state_name(ATTEMPT_LOOKS_UP), "looks up");
    assert_string_equal(attempt_event_name(ATTEMPT_EV_LATE), "too late");
    assert_string_equal(attempt_state_name(ATTEMPT_STATES), "?");
    assert_string_equal(attempt_event_name(ATTEMPT_EVENTS), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_label_then_with_option_15),
        cmocka_unit_test(domains),
        cmocka_unit_test(a_configuration_server_comes_first),
        cmocka_unit_test(what_is_too_long_is_left_out),
        cmocka_unit_test(events_of_another_time),
        cmocka_unit_test(states_and_events_have_names),
    };

    return cmocka_run_group_tests_name("attempt", tests, NULL, NULL);
}
