// SPDX-License-Identifier: BSD-3-Clause
// links: @core fw/board/trace_line.c
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/board/trace_line.h"
#include "fw/core/setup.h"
#include "tests/fixtures/text_buffer.h"

static struct text_buffer line(uint64_t now_ms, int event, uint32_t value, const char *text,
                               const char *source)
{
    struct text_buffer text_buffer = {{0}, 0};
    struct text_out out = {text_buffer_put, &text_buffer};

    trace_line(&out, now_ms, event, value, text, source);
    return text_buffer;
}

/* As boards and `proviso live` have shown them from the beginning. */
static void each_event_in_its_own_words(void **state)
{
    static const struct {
        int event;
        uint32_t value;
        const char *shown;
    } expected[] = {
        {TRACE_BOOT, 0, "boot"},
        {TRACE_STATE, SETUP_FACTORY, "state factory"},
        {TRACE_STATE, SETUP_SETUP, "state setup"},
        {TRACE_STATE, SETUP_IN_PROCESS, "state in-process"},
        {TRACE_STATE, SETUP_PROVISIONED, "state provisioned"},
        {TRACE_WINDOW_OPEN, 0, "window-open"},
        {TRACE_WINDOW_OPEN, 86400, "window-open for 86400 s"},
        {TRACE_WINDOW_CLOSED, 0, "window-closed"},
        {TRACE_RESTORED, 24, "restored bare-metal 24 h"},
        {TRACE_NET_MODE, 0, "net-mode"},
        {TRACE_LINK, 0, "link down"},
        {TRACE_LINK, 1, "link up"},
        {TRACE_ADDRESS, 0, "address none"},
        {TRACE_ADDRESS, 0xC0A84D32, "address 192.168.77.50"},
        {TRACE_WITNESSED, 0x0A000032, "witnessed 10.0.0.50"},
        {TRACE_OPTION15, 1, "option15 1"},
        {TRACE_ATTEMPT, 3, "attempt retry 3"},
        {TRACE_LOOKUP, 0, "lookup"},
        {TRACE_LOOKUP_FAILED, 0, "lookup-failed"},
        {TRACE_CONNECT, 0x0A000005, "connect 10.0.0.5"},
        {TRACE_CONNECT_FAILED, 0x0A000005, "connect-failed 10.0.0.5"},
        {TRACE_HELLO_DELIVERED, 14, "hello-delivered retry 14"},
        {TRACE_ATTEMPT_FAILED, 0, "attempt-failed retry 0"},
        {TRACE_AMTHI, 0x04000029, "amthi 0x04000029"},
        {TRACE_AMTHI_STATUS, 2, "amthi-status 0x0002"},
        {TRACE_STORE_ERROR, 1, "store-error io"},
        {TRACE_STORE_ERROR, 6, "store-error version"},
        {TRACE_STORE_ERROR, 7, "store-error corrupt"},
        {TRACE_NO_ENTROPY, 0, "no-entropy"},
        {TRACE_DISABLED, 0, "disabled"},
        {TRACE_NO_ADDRESS, 0, "no-address"},
        {TRACE_TLS_ACCEPTED, 0x0A000005, "tls-accepted 10.0.0.5"},
        {TRACE_TLS_REFUSED, 0x0A000005, "tls-refused 10.0.0.5"},
        {TRACE_TLS_FAILED, 0x0A000005, "tls-failed 10.0.0.5"},
        {TRACE_OPERATION, 0x809, "operation 0x0809"},
        {TRACE_REQUEST, 401, "request 401"},
        {TRACE_MACHINE, 3, "machine"},
        {TRACE_REDIRECTION, 104, "redirection 104"},
        {TRACE_REDIRECTION_REFUSED, 0, "redirection-refused"},
    };
    bool seen[TRACE_EVENTS] = {false};

    (void)state;
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        const char *word = trace_word(expected[i].event);
        char wanted[64] = "     0.000  ";

        strcat(wanted, expected[i].shown);
        strcat(wanted, "\n");
        assert_string_equal(line(0, expected[i].event, expected[i].value, NULL, NULL).text, wanted);
        assert_memory_equal(expected[i].shown, word, strlen(word));
        seen[expected[i].event] = true;
    }
    for (int event = 0; event < TRACE_EVENTS; event++)
        assert_true(seen[event]);
}

static void time_text_and_source(void **state)
{
    struct text_buffer text_buffer = {{0}, 0};
    struct text_out out = {text_buffer_put, &text_buffer};

    (void)state;
    assert_string_equal(line(4, TRACE_ADDRESS, 0xC0A84D32, "site1.example", NULL).text,
                        "     0.004  address 192.168.77.50: site1.example\n");
    assert_string_equal(line(86400999, TRACE_STATE, SETUP_SETUP, "a rule", "S0; S1").text,
                        " 86400.999  state setup: a rule [S0; S1]\n");
    assert_string_equal(line(12345678901, TRACE_LOOKUP, 0, "a\nb\x1B", NULL).text,
                        "12345678.901  lookup: a?b?\n");
    trace_note(&out, 3000, "control", "ac off");
    assert_string_equal(text_buffer.text, "     3.000  control: ac off\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_event_in_its_own_words),
        cmocka_unit_test(time_text_and_source),
    };

    return cmocka_run_group_tests_name("trace_line", tests, NULL, NULL);
}
