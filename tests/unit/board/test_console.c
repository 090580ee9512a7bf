// SPDX-License-Identifier: BSD-3-Clause
// links: @core fw/board/console.c fw/board/trace_line.c
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>

#include "fw/board/console.h"
#include "fw/core/setup.h"
#include "fw/core/trace.h"

/* A terminal: what is typed and what was said. */
static struct fixture {
    const char *typed;
    size_t typed_len;
    char said[8192];
    size_t said_len;
    struct hal_console terminal;
    struct hal hal;
    struct console console;
} fixture;

static size_t terminal_read(void *ctx, char *out, size_t cap)
{
    struct fixture *b = ctx;
    size_t n = cap < b->typed_len ? cap : b->typed_len;

    memcpy(out, b->typed, n);
    b->typed += n;
    b->typed_len -= n;
    return n;
}

static void terminal_write(void *ctx, const char *text, size_t len)
{
    struct fixture *b = ctx;

    assert_true(b->said_len + len < sizeof(b->said));
    memcpy(b->said + b->said_len, text, len);
    b->said_len += len;
    b->said[b->said_len] = '\0';
}

static int open_fixture(void **state)
{
    (void)state;
    memset(&fixture, 0, sizeof(fixture));
    fixture.terminal = (struct hal_console){&fixture, terminal_read, terminal_write};
    console_open(&fixture.console, &fixture.terminal, &fixture.hal);
    return 0;
}

static enum console_event type_bytes(const char *keys, size_t len)
{
    fixture.typed = keys;
    fixture.typed_len = len;
    fixture.said_len = 0;
    fixture.said[0] = '\0';
    return console_poll(&fixture.console);
}

static enum console_event type(const char *keys)
{
    return type_bytes(keys, strlen(keys));
}

static size_t take(uint8_t *out, size_t cap)
{
    return fixture.hal.hostbus.receive(fixture.hal.hostbus.ctx, out, cap);
}

static void a_line_is_a_message(void **state)
{
    uint8_t message[LIMIT_AMTHI_REQUEST];

    (void)state;
    assert_int_equal(take(message, sizeof(message)), 0);
    assert_int_equal(type(">0aF1\r"), CONSOLE_IDLE);
    assert_string_equal(fixture.said, ">0aF1\r\n"); /* the echo, and nothing else */
    assert_int_equal(take(message, sizeof(message)), 2);
    assert_memory_equal(message, "\x0A\xF1", 2);
    assert_int_equal(take(message, sizeof(message)), 0); /* once */
}

static void an_answer_is_a_line(void **state)
{
    (void)state;
    type("");
    fixture.hal.hostbus.send(fixture.hal.hostbus.ctx, (const uint8_t *)"\x01\xAB\x00", 3);
    assert_string_equal(fixture.said, "<01AB00\r\n");
    type("");
    fixture.hal.hostbus.send(fixture.hal.hostbus.ctx, NULL, 0); /* AMT is disabled (PTHI.c) */
    assert_string_equal(fixture.said, "<\r\n");
}

/* Half a line does not look like a message, however often the device asks for one meanwhile. */
static void a_message_comes_in_pieces(void **state)
{
    static const char line[] = ">0102\r";
    uint8_t message[4];

    (void)state;
    for (size_t i = 0; i + 1 < sizeof(line); i++) {
        assert_int_equal(take(message, sizeof(message)), 0);
        type_bytes(line + i, 1);
    }
    assert_int_equal(take(message, sizeof(message)), 2);
    assert_memory_equal(message, "\1\2", 2);
}

/* Two lines at once: the second one waits until the first message has been taken. */
static void one_message_after_the_other(void **state)
{
    uint8_t message[4];

    (void)state;
    type(">01\r>02\r");
    assert_int_equal(fixture.typed_len, 4);
    assert_int_equal(console_poll(&fixture.console), CONSOLE_IDLE);
    assert_int_equal(fixture.typed_len, 4);
    assert_int_equal(take(message, sizeof(message)), 1);
    assert_int_equal(message[0], 1);
    console_poll(&fixture.console);
    assert_int_equal(take(message, sizeof(message)), 1);
    assert_int_equal(message[0], 2);
}

/* The machine's state is what a whole line says last, and off until then (fw/board/machine.h). */
static void the_machines_state(void **state)
{
    static const char *const wrong[] = {"*\r",   "*6\r",  "*A\r",  "*00\r",
                                        "*-1\r", "*0 \r", "* 0\r", "0\r"};
    uint8_t message[4];

    (void)state;
    assert_int_equal(fixture.console.machine_state, MACHINE_S5);
    type("*");
    type("3");
    assert_int_equal(fixture.console.machine_state, MACHINE_S5);
    type("\r");
    assert_int_equal(fixture.console.machine_state, MACHINE_S3);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        type(wrong[i]);
        assert_int_equal(fixture.console.machine_state, MACHINE_S3);
        assert_non_null(strstr(fixture.said, "\r\n! expected "));
    }
    type("*0\r");
    assert_int_equal(fixture.console.machine_state, MACHINE_S0);
    assert_string_equal(fixture.said, "*0\r\n");
    assert_int_equal(take(message, sizeof(message)), 0);
}

static void the_true_length_of_a_message_that_is_cut(void **state)
{
    uint8_t message[2] = {0};

    (void)state;
    type(">010203\r");
    assert_int_equal(take(message, 1), 3); /* hal/hostbus.h */
    assert_int_equal(message[0], 1);
    assert_int_equal(message[1], 0);
}

static void what_is_no_message_is_told(void **state)
{
    static const struct {
        const char *keys, *complaint;
    } cases[] = {
        {">\r", "! expected a message\r\n"},
        {">0\r", "! expected pairs of hexadecimal digits\r\n"},
        {">012\r", "! expected pairs of hexadecimal digits\r\n"},
        {">0g\r", "! expected pairs of hexadecimal digits\r\n"},
        {">01 02\r", "! expected pairs of hexadecimal digits\r\n"},
        {"01\r", "! expected >HEX, *N, ? or Ctrl-P\r\n"},
        {"<01\r", "! expected >HEX, *N, ? or Ctrl-P\r\n"},
        {"help\r", "! expected >HEX, *N, ? or Ctrl-P\r\n"},
    };
    uint8_t message[4];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        type(cases[i].keys);
        assert_non_null(strstr(fixture.said, cases[i].complaint));
        assert_int_equal(take(message, sizeof(message)), 0);
        /* and the next line is a new one */
        type(">7F\r");
        assert_null(strchr(fixture.said, '!'));
        assert_int_equal(take(message, sizeof(message)), 1);
        assert_int_equal(message[0], 0x7F);
    }
}

static void as_long_as_the_device_takes(void **state)
{
    static char line[1 + 2 * (LIMIT_AMTHI_REQUEST + 1) + 1];
    uint8_t message[LIMIT_AMTHI_REQUEST];

    (void)state;
    memset(line, 'e', sizeof(line));
    line[0] = '>';
    line[1 + 2 * LIMIT_AMTHI_REQUEST] = '\r';
    type_bytes(line, 1 + 2 * LIMIT_AMTHI_REQUEST + 1);
    assert_int_equal(take(message, sizeof(message)), LIMIT_AMTHI_REQUEST);
    assert_int_equal(message[LIMIT_AMTHI_REQUEST - 1], 0xEE);
    line[1 + 2 * LIMIT_AMTHI_REQUEST] = 'e';
    line[1 + 2 * (LIMIT_AMTHI_REQUEST + 1)] = '\r';
    type_bytes(line, sizeof(line));
    assert_non_null(strstr(fixture.said, "! the message is too long\r\n"));
    assert_int_equal(take(message, sizeof(message)), 0);
}

static void ends_of_lines(void **state)
{
    static const char *const ends[] = {"\r", "\n", "\r\n"};
    uint8_t message[4];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        char line[8] = ">01";

        type(strcat(line, ends[i]));
        assert_int_equal(take(message, sizeof(message)), 1);
        console_poll(&fixture.console); /* the LF behind a CR is no line of its own */
        assert_null(strchr(fixture.said, '!'));
    }
    type("\r\r\n\n");
    assert_null(strchr(fixture.said, '!')); /* empty lines are nothing */
}

static void rubbed_out(void **state)
{
    uint8_t message[4];

    (void)state;
    type(">01\x7f>02\b>03\r");
    assert_int_equal(take(message, sizeof(message)), 1);
    assert_int_equal(message[0], 3);
}

/* Bytes that are no characters are passed over: noise on a line. */
static void noise(void **state)
{
    uint8_t message[4];

    (void)state;
    type_bytes("\0\xff>0\x01\x1b"
               "1\r",
               8);
    assert_int_equal(take(message, sizeof(message)), 1);
    assert_int_equal(message[0], 1);
}

static void the_menu_takes_its_keys(void **state)
{
    uint8_t message[4];

    (void)state;
    assert_int_equal(type(">01\x10"
                          "ab"),
                     CONSOLE_MENU);
    console_set_menu(&fixture.console, true);
    assert_int_equal(console_key(&fixture.console), 'a');
    assert_int_equal(console_key(&fixture.console), 'b');
    assert_int_equal(console_key(&fixture.console), -1);
    /* The line that had been begun is forgotten. */
    console_set_menu(&fixture.console, false);
    type("02\r");
    assert_int_equal(take(message, sizeof(message)), 0);
}

static void trace(uint64_t now_ms, int event, uint32_t value, const char *text, const char *source)
{
    fixture.hal.trace.record(fixture.hal.trace.ctx, now_ms, event, value, text, source);
}

/* The lines that `proviso live` prints, too. */
static void trace_lines(void **state)
{
    (void)state;
    type("");
    trace(4, TRACE_ADDRESS, 0xC0A84D32, "site1.example", NULL);
    trace(123456789, TRACE_ADDRESS, 0, NULL, NULL);
    trace(1000, TRACE_LINK, 1, NULL, NULL);
    trace(1001, TRACE_STATE, SETUP_IN_PROCESS, "hello delivered", "S1");
    trace(1010, TRACE_WINDOW_OPEN, 21600, "x", "y; z");
    trace(1100, TRACE_WINDOW_OPEN, 0, NULL, NULL);
    trace(999999, TRACE_RESTORED, 24, "Intel default", "S0");
    trace(1000000, TRACE_ATTEMPT, 14, "PKI", NULL);
    trace(0, TRACE_AMTHI, 0x04000029, NULL, NULL);
    trace(0, TRACE_AMTHI_STATUS, 0x2F, NULL, "s");
    trace(0, TRACE_STORE_ERROR, 3, NULL, NULL);
    trace(0, TRACE_LOOKUP, 0, "a\nb\x7f", NULL); /* a name from the network */
    assert_string_equal(fixture.said, "     0.004  address 192.168.77.50: site1.example\r\n"
                                      "123456.789  address none\r\n"
                                      "     1.000  link up\r\n"
                                      "     1.001  state in-process: hello delivered [S1]\r\n"
                                      "     1.010  window-open for 21600 s: x [y; z]\r\n"
                                      "     1.100  window-open\r\n"
                                      "   999.999  restored bare-metal 24 h: Intel default [S0]\r\n"
                                      "  1000.000  attempt retry 14: PKI\r\n"
                                      "     0.000  amthi 0x04000029\r\n"
                                      "     0.000  amthi-status 0x002F [s]\r\n"
                                      "     0.000  store-error full\r\n"
                                      "     0.000  lookup: a?b?\r\n");
}

static void trace_waits_for_the_menu(void **state)
{
    (void)state;
    type("");
    console_set_menu(&fixture.console, true);
    trace(1, TRACE_LINK, 1, NULL, NULL);
    trace(2, TRACE_LINK, 0, NULL, NULL);
    assert_string_equal(fixture.said, "");
    console_set_menu(&fixture.console, false);
    assert_string_equal(fixture.said, "2 trace records were not shown.\r\n");
    type("");
    console_set_menu(&fixture.console, true);
    console_set_menu(&fixture.console, false);
    assert_string_equal(fixture.said, "");
}

static size_t own_receive(void *ctx, uint8_t *out, size_t cap)
{
    (void)ctx;
    (void)out;
    (void)cap;
    return 0;
}

/* A board with a host interface of its own keeps it. */
static void the_port_has_a_host_interface(void **state)
{
    (void)state;
    fixture.hal.hostbus.receive = own_receive;
    console_open(&fixture.console, &fixture.terminal, &fixture.hal);
    assert_ptr_equal(fixture.hal.hostbus.receive, own_receive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_line_is_a_message, open_fixture),
        cmocka_unit_test_setup(an_answer_is_a_line, open_fixture),
        cmocka_unit_test_setup(a_message_comes_in_pieces, open_fixture),
        cmocka_unit_test_setup(one_message_after_the_other, open_fixture),
        cmocka_unit_test_setup(the_machines_state, open_fixture),
        cmocka_unit_test_setup(the_true_length_of_a_message_that_is_cut, open_fixture),
        cmocka_unit_test_setup(what_is_no_message_is_told, open_fixture),
        cmocka_unit_test_setup(as_long_as_the_device_takes, open_fixture),
        cmocka_unit_test_setup(ends_of_lines, open_fixture),
        cmocka_unit_test_setup(rubbed_out, open_fixture),
        cmocka_unit_test_setup(noise, open_fixture),
        cmocka_unit_test_setup(the_menu_takes_its_keys, open_fixture),
        cmocka_unit_test_setup(trace_lines, open_fixture),
        cmocka_unit_test_setup(trace_waits_for_the_menu, open_fixture),
        cmocka_unit_test_setup(the_port_has_a_host_interface, open_fixture),
    };

    return cmocka_run_group_tests_name("console", tests, NULL, NULL);
}
