// SPDX-License-Identifier: BSD-3-Clause
// links: fw/core/machine.c
#include "fw/core/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* A machine whose BIOS heeds this, and which can boot from that. */
#define HEEDED (BOOT_SOL | BOOT_SETUP | BOOT_PAUSE | BOOT_IDER)
#define PRESENT (1u << BOOT_PXE | 1u << BOOT_DISK | 1u << BOOT_CD)

/* To be switched on only while it is off or sleeps, all else only while it is on; with a
 * redirection session neither off nor off and on (G-change). */
static void what_is_permitted_when(void **state)
{
    static const struct {
        enum machine_command command;
        bool on, off, redirecting;
    } row[] = {{MACHINE_POWER_UP, false, true, true},
               {MACHINE_POWER_DOWN, true, false, false},
               {MACHINE_POWER_CYCLE, true, false, false},
               {MACHINE_RESET, true, false, true}};

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
        for (int s = MACHINE_S0; s <= MACHINE_S5; s++) {
            bool may = s <= MACHINE_S2 ? row[i].on : row[i].off;

            assert_int_equal(machine_permits(row[i].command, (enum machine_state)s, false), may);
            assert_int_equal(machine_permits(row[i].command, (enum machine_state)s, true),
                             may && row[i].redirecting);
        }
}

static void numbers(void **state)
{
    static const uint8_t cim_state[] = {2, 3, 3, 4, 7, 8}; /* MCMD */
    static const struct {
        enum machine_command command;
        uint32_t cim, eoi;
    } row[] = {{MACHINE_POWER_UP, 2, 17},
               {MACHINE_POWER_DOWN, 8, 18},
               {MACHINE_POWER_CYCLE, 5, 19},
               {MACHINE_RESET, 10, 16}};
    static const uint32_t none[] = {0, 1, 3, 4, 6, 7, 9, 11, 12, 13, 14, 15, 20, 266, UINT32_MAX};
    enum machine_command command;

    (void)state;
    for (int s = MACHINE_S0; s <= MACHINE_S5; s++)
        assert_int_equal(machine_cim_state((enum machine_state)s), cim_state[s]);
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        assert_true(machine_cim_command(row[i].cim, &command));
        assert_int_equal(command, row[i].command);
        assert_int_equal(machine_cim_number(command), row[i].cim);
        assert_true(machine_eoi_command(row[i].eoi, &command));
        assert_int_equal(command, row[i].command);
    }
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        assert_false(machine_cim_command(none[i], &command));
        assert_false(machine_eoi_command(none[i], &command));
    }
}

static void what_the_machine_cannot(void **state)
{
    struct machine_boot b = {0};

    (void)state;
    assert_int_equal(
        machine_boot_options(&b, HEEDED, &(struct boot_settings){.options = BOOT_SETUP}),
        MACHINE_BOOT_OK);
    assert_int_equal(
        machine_boot_options(&b, HEEDED, &(struct boot_settings){.options = BOOT_REFLASH}),
        MACHINE_BOOT_ABSENT);
    assert_int_equal(b.boot.options, BOOT_SETUP);
    assert_int_equal(machine_boot_source(&b, PRESENT, BOOT_DIAGNOSTIC), MACHINE_BOOT_ABSENT);
    assert_int_equal(b.boot.source, BOOT_DEFAULT);
}

/* Whichever of two calls comes last is the one that is refused (G-boot). */
static void a_source_excludes(void **state)
{
    static const uint16_t alone[] = {BOOT_SOL, BOOT_IDER, BOOT_SETUP, BOOT_PAUSE};

    (void)state;
    for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++) {
        struct machine_boot b = {0};

        machine_boot_options(&b, HEEDED, &(struct boot_settings){.options = alone[i]});
        assert_int_equal(machine_boot_next(&b, true), MACHINE_BOOT_OK);
        assert_int_equal(machine_boot_source(&b, PRESENT, BOOT_PXE), MACHINE_BOOT_EXCLUDED);
        assert_int_equal(b.boot.source, BOOT_DEFAULT);
        assert_int_equal(machine_boot_next(&b, false), MACHINE_BOOT_OK);
        assert_int_equal(machine_boot_source(&b, PRESENT, BOOT_PXE), MACHINE_BOOT_OK);
        assert_int_equal(machine_boot_next(&b, true), MACHINE_BOOT_EXCLUDED);
        assert_false(b.next);
        assert_int_equal(machine_boot_source(&b, PRESENT, BOOT_DEFAULT), MACHINE_BOOT_OK);
        assert_int_equal(machine_boot_next(&b, true), MACHINE_BOOT_OK);
    }
}

/* They count for one boot, which switching off is not, and only if they were meant for it. */
static void once(void **state)
{
    struct machine_boot b = {.boot = {.source = BOOT_CD, .verbosity = 2}, .next = true};
    struct boot_settings boot = machine_boot_take(&b, MACHINE_POWER_DOWN);

    (void)state;
    assert_int_equal(boot.source, BOOT_DEFAULT);
    boot = machine_boot_take(&b, MACHINE_POWER_UP);
    assert_int_equal(boot.source, BOOT_CD);
    assert_int_equal(boot.verbosity, 2);
    boot = machine_boot_take(&b, MACHINE_RESET);
    assert_int_equal(boot.source, BOOT_DEFAULT);
    b = (struct machine_boot){.boot = {.source = BOOT_CD}};
    boot = machine_boot_take(&b, MACHINE_RESET);
    assert_int_equal(boot.source, BOOT_DEFAULT);
    assert_int_equal(b.boot.source, BOOT_DEFAULT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_permitted_when),
        cmocka_unit_test(numbers),
        cmocka_unit_test(what_the_machine_cannot),
        cmocka_unit_test(a_source_excludes),
        cmocka_unit_test(once),
    };

    return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
