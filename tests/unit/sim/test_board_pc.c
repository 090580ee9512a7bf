// SPDX-License-Identifier: BSD-3-Clause
// links: sim/live/board_pc.c sim/pc/pc.c sim/pc/bios.c sim/pc/os.c sim/pc/text.c
#include "sim/live/board_pc.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* The board's ends of the two lines, and what the PC has told its owner last. */
static struct fixture {
    int serial, console;
    char told[256];
    struct board_pc b;
    int own_serial, own_console;
} fixture;

static void tell(const char *text)
{
    strncpy(fixture.told, text, sizeof(fixture.told) - 1);
}

static void line(int *board, int *own)
{
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    *board = ends[0];
    *own = ends[1];
}

static void begin(bool running)
{
    memset(&fixture, 0, sizeof(fixture));
    line(&fixture.serial, &fixture.own_serial);
    line(&fixture.console, &fixture.own_console);
    board_pc_open(&fixture.b, fixture.own_serial, fixture.own_console, running, tell);
}

static int end(void **state)
{
    (void)state;
    close(fixture.serial);
    close(fixture.console);
    close(fixture.own_serial);
    close(fixture.own_console);
    return 0;
}

static void board_says(const char *text)
{
    assert_int_equal(write(fixture.console, text, strlen(text)), strlen(text));
}

static bool hears(int fd, char *all, size_t cap, const char *text)
{
    size_t len = strlen(all);
    ssize_t n = read(fd, all + len, cap - 1 - len);

    all[len + (n > 0 ? (size_t)n : 0)] = '\0';
    return strstr(all, text) != NULL;
}

/* Runs the PC until the board hears the text on that line; one that hangs is ended by the runner.
 */
static void until_heard(int fd, const char *text)
{
    char all[16384] = "";

    while (!hears(fd, all, sizeof(all), text))
        assert_true(board_pc_run(&fixture.b, 20));
}

static void the_state_is_told(void **state)
{
    (void)state;
    begin(true);
    until_heard(fixture.console, "\r*0\r");
    end(state);
    begin(false);
    until_heard(fixture.console, "\r*5\r");
    /* A board that has started anew knows nothing. */
    board_says("\r\nproviso on mps2-an385, release 5.0.3\r\n");
    until_heard(fixture.console, "\r*5\r");
}

static void commands_are_carried_out(void **state)
{
    (void)state;
    begin(true);
    until_heard(fixture.console, "*0");
    board_says("     1.000  machine: power down\r\n");
    board_says("*power-down source 0 options 0x0000 verbosity 0 media 0\r\n");
    until_heard(fixture.console, "\r*5\r");
    board_says("*power-up source 0 options 0x0001 verbosity 0 media 0\r\n");
    until_heard(fixture.console, "\r*0\r");
    until_heard(fixture.serial, "BIOS"); /* as the boot option asks */
}

/* The second one comes while the first is not done yet, which the board cannot know. */
static void one_after_the_other(void **state)
{
    (void)state;
    begin(true);
    board_says("*reset source 0 options 0x0000 verbosity 0 media 0\r\n");
    while (!fixture.b.pc.commanded)
        assert_true(board_pc_run(&fixture.b, 20));
    board_says("*reset source 0 options 0x0001 verbosity 0 media 0\r\n");
    until_heard(fixture.serial, "BIOS");
}

static void what_it_cannot_do_is_told(void **state)
{
    (void)state;
    begin(false);
    board_says("*reset source 0 options 0x0000 verbosity 0 media 0\r\n");
    while (strcmp(fixture.told, "the machine does not do it") != 0)
        assert_true(board_pc_run(&fixture.b, 20));
    assert_int_equal(pc_state(&fixture.b.pc), MACHINE_S5);
}

static void other_lines_are_nothing(void **state)
{
    static const char *const lines[] = {
        "*0\r\n",
        "*power-down\r\n",
        "*explode source 0 options 0x0000 verbosity 0 media 0\r\n",
        "power-down source 0 options 0x0000 verbosity 0 media 0\r\n",
        "*\r\n",
    };
    char longer[1024];

    (void)state;
    begin(true);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        board_says(lines[i]);
    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 2] = '\n';
    longer[sizeof(longer) - 1] = '\0';
    board_says(longer);
    for (int i = 0; i < 10; i++)
        assert_true(board_pc_run(&fixture.b, 1));
    assert_false(fixture.b.ordered || fixture.b.pc.commanded);
    assert_string_equal(fixture.told, "");
}

static void echo_and_hanging_up(void **state)
{
    (void)state;
    begin(true);
    assert_int_equal(write(fixture.serial, "\r", 1), 1);
    until_heard(fixture.serial, "login:");
    close(fixture.console);
    while (board_pc_run(&fixture.b, 20))
        continue;
    fixture.console = -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_state_is_told, end),
        cmocka_unit_test_teardown(commands_are_carried_out, end),
        cmocka_unit_test_teardown(one_after_the_other, end),
        cmocka_unit_test_teardown(what_it_cannot_do_is_told, end),
        cmocka_unit_test_teardown(other_lines_are_nothing, end),
        cmocka_unit_test_teardown(echo_and_hanging_up, end),
    };

    return cmocka_run_group_tests_name("board PC", tests, NULL, NULL);
}
