// SPDX-License-Identifier: BSD-3-Clause
// links: @core fw/board/console.c fw/board/machine.c fw/board/trace_line.c
#include "fw/board/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* A board's console, and its second UART with room for so many bytes. */
static struct fixture {
    char said[256];
    size_t said_len, room, sent;
    struct hal_console terminal;
    struct hal hal;
    struct console console;
    struct board_machine machine;
} fixture;

static size_t terminal_read(void *ctx, char *out, size_t cap)
{
    (void)ctx;
    (void)out;
    (void)cap;
    return 0;
}

static void terminal_write(void *ctx, const char *text, size_t len)
{
    (void)ctx;
    assert_true(fixture.said_len + len < sizeof(fixture.said));
    memcpy(fixture.said + fixture.said_len, text, len);
    fixture.said_len += len;
}

static size_t uart_read(uint8_t *out, size_t cap)
{
    assert_true(cap >= 2);
    memcpy(out, "ok", 2);
    return 2;
}

static size_t uart_write(const uint8_t *bytes, size_t len)
{
    (void)bytes;
    fixture.sent = len < fixture.room ? len : fixture.room;
    return fixture.sent;
}

static int open_fixture(void **state)
{
    (void)state;
    memset(&fixture, 0, sizeof(fixture));
    fixture.terminal = (struct hal_console){NULL, terminal_read, terminal_write};
    console_open(&fixture.console, &fixture.terminal, &fixture.hal);
    board_machine_open(&fixture.machine, &fixture.console,
                       (struct board_serial){uart_read, uart_write});
    return 0;
}

static bool order(enum machine_command command, const struct boot_settings *boot)
{
    const struct hal_machine *m = &fixture.machine.hal;

    fixture.said_len = 0;
    memset(fixture.said, 0, sizeof(fixture.said));
    return m->control(m->ctx, command, boot);
}

/* The lines of fw/board/machine.h. */
static void what_the_console_says(void **state)
{
    static const struct boot_settings plain = {0}, all = {.source = BOOT_CD,
                                                          .verbosity = 3,
                                                          .options = BOOT_IDER | BOOT_SOL,
                                                          .media = 65535};

    (void)state;
    assert_true(order(MACHINE_POWER_UP, &plain));
    assert_string_equal(fixture.said, "*power-up source 0 options 0x0000 verbosity 0 media 0\r\n");
    assert_true(order(MACHINE_RESET, &all));
    assert_string_equal(fixture.said, "*reset source 5 options 0x1001 verbosity 3 media 65535\r\n");
    assert_true(order(MACHINE_POWER_DOWN, &plain));
    assert_non_null(strstr(fixture.said, "*power-down source 0 "));
    assert_true(order(MACHINE_POWER_CYCLE, &plain));
    assert_non_null(strstr(fixture.said, "*power-cycle source 0 "));
}

/* Somebody is in MEBx on the same console: the machine is not told, and whoever asks learns it. */
static void not_beside_the_menu(void **state)
{
    static const struct boot_settings plain = {0};

    (void)state;
    console_set_menu(&fixture.console, true);
    assert_false(order(MACHINE_RESET, &plain));
    assert_int_equal(fixture.said_len, 0);
    console_set_menu(&fixture.console, false);
    assert_true(order(MACHINE_RESET, &plain));
}

static void state_and_serial_line(void **state)
{
    const struct hal_machine *m = &fixture.machine.hal;
    uint8_t bytes[8];

    (void)state;
    assert_int_equal(m->state(m->ctx), MACHINE_S5);
    fixture.console.machine_state = MACHINE_S0;
    assert_int_equal(m->state(m->ctx), MACHINE_S0);
    assert_int_equal(m->serial_read(m->ctx, bytes, sizeof(bytes)), 2);
    fixture.room = 3;
    assert_int_equal(m->serial_write(m->ctx, (const uint8_t *)"uptime", 6), 3);
    assert_null(m->inventory(m->ctx));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_the_console_says, open_fixture),
        cmocka_unit_test_setup(not_beside_the_menu, open_fixture),
        cmocka_unit_test_setup(state_and_serial_line, open_fixture),
    };

    return cmocka_run_group_tests_name("board machine", tests, NULL, NULL);
}
