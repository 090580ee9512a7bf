// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
#include "tests/fixtures/redirect.h"

/* Serial over LAN, to the byte as amtterm and MeshCommander speak it. */

#define ON_CONTROLS "03 04" /* RTS, DTR; powered */
#define OFF_CONTROLS "00 00"

/* Up to the point where data flows; what was said is forgotten. */
static struct console *begin_sol(struct redirect_fixture *b, const char *start)
{
    struct console *c = fixture_begin(b);

    log_in(c);
    give_hex(c, start);
    expect(c, SOL_STARTED);
    pass(b, 50);
    expect(c, "29000000 01000000 " ON_CONTROLS);
    pass(b, 50);
    return c;
}

/* amtterm drops what it reads together with 21 or 29: there is time between (AMTTERM). */
static void messages_after_the_start(void **state)
{
    struct redirect_fixture b;
    struct console *c = fixture_begin(&b);

    (void)state;
    log_in(c);
    give_hex(c, AMTTERM_SOL);
    expect(c, SOL_STARTED);
    machine_fixture_say(&b.machine, "login: ");
    pass(&b, 49);
    assert_int_equal(c->out_len, 0);
    pass(&b, 1);
    expect(c, "29000000 01000000 " ON_CONTROLS);
    pass(&b, 49);
    assert_int_equal(c->out_len, 0);
    pass(&b, 1);
    expect(c, "2a000000 02000000 0700 6c6f67696e3a20");
}

static void what_was_said_before_is_gone(void **state)
{
    struct redirect_fixture b;
    struct console *c = fixture_begin(&b);

    (void)state;
    machine_fixture_say(&b.machine, "long ago");
    log_in(c);
    give_hex(c, AMTTERM_SOL);
    expect(c, SOL_STARTED);
    pass(&b, 1000);
    expect(c, "29000000 01000000 " ON_CONTROLS);
}

static void keys_reach_the_machine(void **state)
{
    static const char keys[] = "28000000 00000000 0300 6c730d";
    uint8_t bytes[64];
    size_t len = from_hex(keys, bytes, sizeof(bytes));
    struct redirect_fixture b;
    struct console *c = begin_sol(&b, AMTTERM_SOL);

    (void)state;
    for (size_t split = 0; split <= len; split++) {
        b.machine.heard_len = 0;
        assert_int_equal(give(c, bytes, split), split);
        assert_int_equal(give(c, bytes + split, len - split), len - split);
        assert_int_equal(b.machine.heard_len, 3);
        assert_memory_equal(b.machine.heard, "ls\r", 3);
    }
    give_hex(c, "28000000 00000000 0000 28000000 00000000 0100 41");
    assert_int_equal(b.machine.heard_len, 4);
    assert_int_equal(c->out_len, 0);
}

/* MeshCommander: 27 behind 21, then 2B every two seconds; all of it says that it is there. */
static void what_is_accepted_in_silence(void **state)
{
    struct redirect_fixture b;
    struct console *c = begin_sol(&b, MCO_SOL);

    (void)state;
    give_hex(c, "27000000 02000000 00001b000000");
    for (int i = 0; i < 20; i++) {
        pass(&b, 2000);
        give_hex(c, "2b000000 03000000");
        give_hex(c, "25000000 04000000");
    }
    assert_int_equal(c->out_len, 0); /* it has asked for no heartbeat */
    assert_false(c->closed);
    give_hex(c, "24000000 05000000");
    expect(c, "25000000 02000000");
}

static void heartbeats(void **state)
{
    struct redirect_fixture b;
    struct console *c = begin_sol(&b, AMTTERM_SOL); /* every 5 s, and 10 s of silence end it */

    (void)state;
    pass(&b, 4899);
    assert_int_equal(c->out_len, 0);
    pass(&b, 1);
    expect(c, "2b000000 02000000");
    give_hex(c, "2b000000 02000000"); /* amtterm sends it back */
    pass(&b, 5000);
    expect(c, "2b000000 03000000");
    give_hex(c, "2b000000 03000000");
    pass(&b, 9999);
    assert_false(c->closed);
    pass(&b, 1);
    assert_true(c->closed);
    assert_string_equal(b.why, "the console is silent");
    assert_int_equal(b.closed, 1);
    assert_false(redirect_is_open(&b.redirect));
}

static void silence_that_nobody_minds(void **state)
{
    struct redirect_fixture b;
    struct console *c = begin_sol(&b, "20000000 00000000 e803 6400 0000 0000 0000 0000 00000000");

    (void)state;
    pass(&b, 600000);
    assert_false(c->closed);
    assert_int_equal(c->out_len, 0);
}

static void power_is_told(void **state)
{
    struct redirect_fixture b;
    struct console *c = begin_sol(&b, MCO_SOL);

    (void)state;
    b.machine.state = MACHINE_S5;
    pass(&b, 20);
    expect(c, "29000000 02000000 " OFF_CONTROLS);
    /* Without power nobody hears what is typed. */
    give_hex(c, "28000000 00000000 0100 41");
    assert_int_equal(b.machine.heard_len, 0);
    b.machine.state = MACHINE_S0;
    machine_fixture_say(&b.machine, "POST");
    pass(&b, 100);
    expect(c, "29000000 03000000 " ON_CONTROLS "2a000000 04000000 0400 504f5354");
}

/* The console's limit, and then the firmware's own. */
static void long_output_in_pieces(void **state)
{
    struct redirect_fixture b;
    struct console *c = begin_sol(&b, "20000000 00000000 0300 0000 0000 0000 0000 0000 00000000");
    char text[600];

    (void)state;
    machine_fixture_say(&b.machine, "abcdefgh");
    pass(&b, 20);
    expect(c, "2a000000 02000000 0300 616263 2a000000 03000000 0300 646566"
              "2a000000 04000000 0200 6768");
    c = begin_sol(&b, MCO_SOL);
    memset(text, 'x', sizeof(text));
    text[599] = '\0';
    machine_fixture_say(&b.machine, text);
    pass(&b, 20);
    assert_int_equal(c->out_len, 3 * 10 + 599);
    assert_int_equal(c->out[8] | c->out[9] << 8, 256);
    assert_int_equal(c->out[266 + 8] | c->out[266 + 9] << 8, 256);
    assert_int_equal(c->out[532 + 8] | c->out[532 + 9] << 8, 87);
}

/* A machine that takes nothing holds the console back; what it does not take is dropped after the
 * console's time, and that is told once (AMTTERM). */
static void a_machine_that_does_not_listen(void **state)
{
    uint8_t bytes[64];
    size_t len = from_hex("28000000 00000000 0600 616263646566 24000000 00000000", bytes, 64);
    struct redirect_fixture b;
    struct console *c = begin_sol(&b, MCO_SOL); /* 100 ms */
    size_t n;

    (void)state;
    b.machine.hears = 4;
    n = give(c, bytes, len);
    assert_int_equal(n, 14);
    b.now_ms += 99;
    assert_int_equal(give(c, bytes + n, len - n), 0);
    b.machine.hears = 1;
    n += give(c, bytes + n, len - n);
    assert_int_equal(n, 15);
    b.now_ms += 99;
    assert_int_equal(give(c, bytes + n, len - n), 0);
    /* Its time has begun anew when it took something. It is asked again before that ends. */
    assert_true(due_ms(c) <= 20);
    b.now_ms += 1;
    n += give(c, bytes + n, len - n);
    assert_int_equal(n, len);
    assert_memory_equal(b.machine.heard, "abcde", 5);
    assert_int_equal(b.machine.heard_len, 5);
    pass(&b, 100);
    expect(c, "25000000 02000000 29000000 03000000 03 0c 29000000 04000000 " ON_CONTROLS);
}

static void ends_by_the_console(void **state)
{
    struct redirect_fixture b;
    struct console *c = begin_sol(&b, AMTTERM_SOL);

    (void)state;
    give_hex(c, "22000000 00000000");
    expect(c, "23000000 02000000");
    assert_true(is_beside(c));
    give_hex(c, "28000000 00000000 0200 1d71"); /* amtterm's escape, which it says afterwards */
    give_hex(c, "2b000000 00000000");
    assert_false(c->closed);
    assert_int_equal(b.machine.heard_len, 0);
    give_hex(c, AMTTERM_SOL); /* it may be started again */
    expect(c, SOL_STARTED);
    give_hex(c, "22000000 00000000");
    c->out_len = 0;
    give_hex(c, "12000000");
    assert_true(c->closed);
    assert_int_equal(b.closed, 1);
    assert_int_equal(b.refused, 0);
}

static void a_console_that_reads_nothing(void **state)
{
    struct redirect_fixture b;
    struct console *c = begin_sol(&b, AMTTERM_SOL);

    (void)state;
    c->room = 15;
    machine_fixture_say(&b.machine, "abcdefgh");
    pass(&b, 20);
    expect(c, "2a000000 02000000 0800 6162636465");
    /* Meanwhile it is not read, and is not silent either; the line is not emptied. */
    machine_fixture_say(&b.machine, "more");
    assert_int_equal(give(c, (const uint8_t *)"x", 1), 0);
    pass(&b, 29000);
    assert_false(c->closed);
    assert_int_equal(b.machine.said_len, 4);
    c->room = SIZE_MAX;
    b.service.writable(c->session);
    pass(&b, 0);
    assert_memory_equal(c->out, "fgh", 3);
    assert_memory_equal(c->out + 3, "\x2b\0\0\0\x03\0\0\0\x2a\0\0\0\x04\0\0\0\x04\0more", 22);
    c->out_len = 0;
    c->room = 0;
    machine_fixture_say(&b.machine, "more");
    give_hex(c, "2b000000 00000000");
    pass(&b, 29999);
    assert_false(c->closed);
    pass(&b, 1);
    assert_true(c->closed);
    assert_string_equal(b.why, "the console reads nothing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_after_the_start),
        cmocka_unit_test(what_was_said_before_is_gone),
        cmocka_unit_test(keys_reach_the_machine),
        cmocka_unit_test(what_is_accepted_in_silence),
        cmocka_unit_test(heartbeats),
        cmocka_unit_test(silence_that_nobody_minds),
        cmocka_unit_test(power_is_told),
        cmocka_unit_test(long_output_in_pieces),
        cmocka_unit_test(a_machine_that_does_not_listen),
        cmocka_unit_test(ends_by_the_console),
        cmocka_unit_test(a_console_that_reads_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
