// SPDX-License-Identifier: BSD-3-Clause
// links: @core tools/ztcagent/agent.c
#include "tests/fixtures/agent_fake.h"

/* A device of a release without remote configuration (2.0, 2.1, 2.5): it answers what it does not
 * know with an internal error. */
static void old_device(struct fake *f)
{
    static const uint8_t unknown[] = {0x29, 0x2B, 0x2C, 0x2D, 0x2E, 0x2F, 0x30, 0x36};

    fake_forum_device(f);
    for (size_t i = 0; i < sizeof(unknown); i++)
        fake_replace(f, unknown[i], 1, "");
}

static void test_discovery_goes_on(void **unused)
{
    struct fake f;

    (void)unused;
    old_device(&f);
    f.options.discovery = true;
    fake_run(&f);
    assert_int_equal(f.exit_status, AGENT_OK);
    assert_true(fake_printed(
        &f, "Certificate hashes: none, the device does not know remote configuration"));
    assert_string_equal(f.line[f.lines - 1], "Setup and Configuration: Not started");
    assert_int_equal(fake_count(&f, 0x2D), 0);
    fake_replace(&f, 0x2C, 2, ""); /* any other refusal ends the run */
    fake_run(&f);
    assert_int_equal(f.exit_status, AGENT_FAILED);
    assert_int_equal(fake_count(&f, 0x11), 0);
}

static void test_activation_is_refused(void **unused)
{
    struct fake f;

    (void)unused;
    old_device(&f);
    f.options.activate = true;
    fake_run(&f);
    assert_int_equal(f.exit_status, AGENT_FAILED);
    assert_string_equal(f.line[f.lines - 1],
                        "Failed performing Enumerate Hash Handles command: "
                        "PT_STATUS_INTERNAL_ERROR: The device reports an internal error.");
    assert_int_equal(fake_count(&f, 0x29), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_discovery_goes_on),
        cmocka_unit_test(test_activation_is_refused),
    };

    return cmocka_run_group_tests_name("agent_old", tests, NULL, NULL);
}
