// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "fw/core/psk.h"
#include "fw/core/status.h"
#include "sim/net/probe.h"
#include "sim/scenario/reader.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool read_op(struct reader *r, enum compare_op *op)
{
    size_t index = 0;

    if (!reader_choose(r, "comparison", compare_op_names, OPS, &index))
        return false;
    *op = (enum compare_op)index;
    return true;
}

static bool read_comparison(struct reader *r, struct expectation *expect)
{
    return read_op(r, &expect->op) && reader_number(r, "number", 0, UINT32_MAX, &expect->number);
}

static bool read_state(struct reader *r, struct expectation *expect)
{
    const char *list[REPORTED_STATES + 1];
    size_t index = 0;

    for (size_t i = 0; i < REPORTED_STATES; i++)
        list[i] = reported_state_names[i];
    list[STATE_NO_ANSWER] = "none";
    expect->kind = EXPECT_STATE;
    if (!reader_choose(r, "state", list, COUNT(list), &index))
        return false;
    expect->number = index;
    return true;
}

static bool read_window(struct reader *r, struct expectation *expect)
{
    static const char *const list[] = {"closed", "open", "left"};
    size_t index = 0;
    uint64_t time_us;

    expect->kind = EXPECT_WINDOW;
    if (!reader_choose(r, "word after window", list, COUNT(list), &index))
        return false;
    expect->number = index;
    if (index < 2)
        return true;
    expect->kind = EXPECT_WINDOW_LEFT;
    if (!read_op(r, &expect->op) || !reader_time(r, "time left", &time_us))
        return false;
    expect->number = time_us / 1000000;
    return time_us % 1000000 == 0 || reader_fail(r, "invalid time left; expected whole seconds");
}

static bool read_status(struct reader *r, struct expectation *expect)
{
    static const struct {
        const char *name;
        uint32_t value;
    } status[] = {
#define STATUS(value, name) {"PT_STATUS_" #name, value},
        PT_STATUS_LIST(STATUS)
#undef STATUS
    };
    const char *word;

    expect->kind = EXPECT_STATUS;
    if (!reader_next_word(r, "status", &word))
        return false;
    for (size_t i = 0; i < COUNT(status); i++) {
        if (strcmp(word, status[i].name) == 0) {
            expect->number = status[i].value;
            return true;
        }
    }
    return reader_fail(r, "unknown status \"%s\"; expected one like PT_STATUS_NOT_READY", word);
}

static bool read_agent(struct reader *r, struct expectation *expect)
{
    static const char *const list[] = {"line", "lines"};
    size_t index = 0;

    if (!reader_choose(r, "word after agent", list, COUNT(list), &index) ||
        !reader_next_word(r, "text of the agent's line", &expect->text))
        return false;
    expect->kind = index == 0 ? EXPECT_AGENT_LINE : EXPECT_AGENT_LINES;
    return index == 0 || read_comparison(r, expect);
}

static bool read_times(struct reader *r, struct expectation *expect)
{
    expect->kind = EXPECT_HELLO_TIMES;
    expect->times_us = calloc(SCENARIO_WORDS, sizeof *expect->times_us);
    if (!expect->times_us)
        return reader_fail(r, "out of memory");
    do {
        uint64_t *time_us = &expect->times_us[expect->times];

        if (!reader_time(r, "time since the first hello", time_us))
            return false;
        if (expect->times ? time_us[0] <= time_us[-1] : time_us[0] != 0)
            return reader_fail(r, "times since the first hello must begin with 0 and increase");
        expect->times++;
    } while (reader_peek(r));
    return true;
}

static bool check_hex(struct reader *r, const char *word)
{
    size_t length = strlen(word);

    if (length % 2 || length == 0 || strspn(word, "0123456789abcdefABCDEFx") != length)
        return reader_fail(
            r, "invalid bytes \"%s\"; expected pairs of hexadecimal digits, xx or a final ...",
            word);
    for (size_t i = 0; i < length; i += 2)
        if ((word[i] == 'x') != (word[i + 1] == 'x'))
            return reader_fail(r, "invalid bytes \"%s\"; xx stands for a whole byte", word);
    return true;
}

/* Blanks inside a quoted text are for the reader's eye. */
static bool read_hex_word(struct reader *r, const char *what, const char **digits)
{
    const char *word;

    if (!reader_next_word(r, what, &word))
        return false;
    char *out = r->word[r->next_word - 1].text;
    *digits = out;
    for (; *word; word++)
        if (*word != ' ')
            *out++ = *word;
    *out = '\0';
    return true;
}

/* Joins the words' digits in place: "0100 0300 xx ..." becomes "01000300xx.". */
static bool read_bytes(struct reader *r, enum expect_kind kind, struct expectation *expect)
{
    const char *word = NULL;
    char *out = NULL;
    size_t digits = 0;

    expect->kind = kind;
    do {
        if (!read_hex_word(r, "bytes in hexadecimal", &word))
            return false;
        if (!out)
            expect->text = out = r->word[r->next_word - 1].text;
        if (strcmp(word, "...") == 0 && digits > 0) {
            out[digits++] = HEX_OPEN_END;
            break;
        }
        if (!check_hex(r, word))
            return false;
        memmove(out + digits, word, strlen(word));
        digits += strlen(word);
    } while (reader_peek(r));
    out[digits] = '\0';
    return true;
}

static bool read_dhcp(struct reader *r, struct expectation *expect)
{
    static const char *const list[] = {"option"};
    size_t index = 0;
    uint64_t option;

    if (!reader_choose(r, "word after dhcp", list, COUNT(list), &index) ||
        !reader_number(r, "number of the option", 1, 254, &option))
        return false;
    expect->number = option;
    const char *word = reader_peek(r);
    if (word && strcmp(word, "none") == 0) {
        expect->kind = EXPECT_DHCP_NONE;
        r->next_word++;
        return true;
    }
    if (word && strcmp(word, "text") == 0) {
        expect->kind = EXPECT_DHCP_TEXT;
        r->next_word++;
        return reader_next_word(r, "text of the option", &expect->text);
    }
    if (!word)
        return reader_fail(r, "missing contents of the option; expected none, text \"TEXT\" or "
                              "bytes in hexadecimal");
    if (strspn(word, "0123456789abcdefABCDEFx") == 0)
        return reader_fail(r,
                           "unknown contents of the option \"%s\"; expected none, text or bytes "
                           "in hexadecimal",
                           word);
    return read_bytes(r, EXPECT_DHCP_BYTES, expect);
}

static bool read_to(struct reader *r, struct expectation *expect)
{
    uint16_t port;

    expect->kind = EXPECT_HELLO_TO;
    if (!reader_ip(r, "address", &expect->ip) || !reader_port(r, &port))
        return false;
    expect->number = port;
    return true;
}

static bool read_source_port(struct reader *r, struct expectation *expect)
{
    uint16_t port;

    expect->kind = EXPECT_HELLO_SOURCE_PORT;
    if (!reader_port(r, &port))
        return false;
    expect->number = port;
    return true;
}

static bool read_hello(struct reader *r, struct expectation *expect)
{
    static const char *const list[] = {"count", "retry", "times",      "bytes",
                                       "from",  "to",    "source-port"};
    size_t index = 0;

    if (!reader_choose(r, "word after hello", list, COUNT(list), &index))
        return false;
    switch (index) {
    case 0:
        expect->kind = EXPECT_HELLO_COUNT;
        return read_comparison(r, expect);
    case 1:
        expect->kind = EXPECT_HELLO_RETRY;
        return read_comparison(r, expect);
    case 2:
        return read_times(r, expect);
    case 3:
        return read_bytes(r, EXPECT_HELLO_BYTES, expect);
    case 4:
        expect->kind = EXPECT_HELLO_FROM;
        return reader_ip(r, "address", &expect->ip);
    case 5:
        return read_to(r, expect);
    default:
        return read_source_port(r, expect);
    }
}

static bool is_op(const char *word)
{
    for (size_t i = 0; word && i < OPS; i++)
        if (strcmp(word, compare_op_names[i]) == 0)
            return true;
    return false;
}

static bool read_frames(struct reader *r, struct expectation *expect)
{
    size_t index = 0;

    expect->kind = EXPECT_FRAMES;
    if (!reader_choose(r, "sender", lan_sender_names, LAN_SENDERS, &index))
        return false;
    expect->sender = (uint8_t)index;
    if (is_op(reader_peek(r)))
        return read_comparison(r, expect);
    if (!reader_choose(r, "kind of frame", frame_class_names, FRAME_CLASSES, &index))
        return false;
    expect->frames = (uint8_t)index;
    return read_comparison(r, expect);
}

static bool read_dns(struct reader *r, struct expectation *expect)
{
    static const char *const list[] = {"query"};
    size_t index = 0;

    expect->kind = EXPECT_DNS_QUERY;
    return reader_choose(r, "word after dns", list, COUNT(list), &index) &&
           reader_name(r, "DNS name", &expect->text) && read_comparison(r, expect);
}

static bool read_tcp(struct reader *r, struct expectation *expect)
{
    static const char *const list[] = {"data-segments"};
    size_t index = 0;

    expect->kind = EXPECT_TCP_DATA;
    if (!reader_choose(r, "word after tcp", list, COUNT(list), &index) ||
        !reader_choose(r, "sender", lan_sender_names, LAN_SENDERS, &index))
        return false;
    expect->sender = (uint8_t)index;
    return read_comparison(r, expect);
}

static bool read_trace(struct reader *r, struct expectation *expect)
{
    static const char *const text[] = {"text"};
    size_t index = 0;

    expect->kind = EXPECT_TRACE;
    if (!reader_choose(r, "trace event", trace_words, TRACE_EVENTS, &index))
        return false;
    expect->trace = (uint8_t)index;
    if (is_op(reader_peek(r)))
        return read_comparison(r, expect);
    expect->kind = EXPECT_TRACE_TEXT;
    return reader_choose(r, "comparison or word after the trace event", text, 1, &index) &&
           reader_next_word(r, "text of the trace event", &expect->text);
}

/* "0x10" or "16" */
static bool read_sca_status(struct reader *r, struct expectation *expect)
{
    const char *word;
    char *end;

    if (!reader_next_word(r, "status", &word))
        return false;
    expect->number = strtoul(word, &end, 0);
    return (word[0] >= '0' && word[0] <= '9' && *end == '\0' && expect->number <= UINT32_MAX) ||
           reader_fail(r, "invalid status \"%s\"; expected a number like 0x10", word);
}

static bool read_sca_operation(struct reader *r, struct expectation *expect)
{
    static const char *const list[] = {"status", "http"};
    size_t index = 0;

    if (!reader_next_word(r, "operation", &expect->text) ||
        !reader_choose(r, "word after the operation", list, COUNT(list), &index))
        return false;
    if (!sca_find_operation(SCA_SOAP, false, expect->text) &&
        !sca_find_operation(SCA_WSMAN, false, expect->text))
        return reader_fail(r, "unknown operation \"%s\"; expected one like CommitChanges",
                           expect->text);
    expect->kind = index == 0 ? EXPECT_SCA_STATUS : EXPECT_SCA_HTTP;
    return index == 0 ? read_sca_status(r, expect)
                      : reader_number(r, "HTTP status", 100, 599, &expect->number);
}

static bool read_sca_stage(struct reader *r, struct expectation *expect)
{
    size_t stage = 0, result = 0;

    expect->kind = EXPECT_SCA_STAGE;
    if (!reader_choose(r, "stage", sca_stage_names, SCA_STAGES, &stage) ||
        !reader_choose(r, "result of the stage", sca_result_words, SCA_RESULTS, &result))
        return false;
    expect->stage = (uint8_t)stage;
    expect->number = result;
    return true;
}

static bool read_sca(struct reader *r, struct expectation *expect)
{
    static const char *const list[] = {"connections", "log", "logs", "operation", "stage"};
    size_t index = 0;

    if (!reader_choose(r, "word after sca", list, COUNT(list), &index))
        return false;
    switch (index) {
    case 0:
        expect->kind = EXPECT_SCA_CONNECTIONS;
        return read_comparison(r, expect);
    case 3:
        return read_sca_operation(r, expect);
    case 4:
        return read_sca_stage(r, expect);
    default:
        expect->kind = index == 1 ? EXPECT_SCA_LOG : EXPECT_SCA_LOGS;
        return reader_next_word(r, "part of a log line", &expect->text) &&
               (index == 1 || read_comparison(r, expect));
    }
}

static bool read_probe(struct reader *r, struct expectation *expect)
{
    size_t index = 0;

    expect->kind = EXPECT_PROBE;
    if (!reader_choose(r, "result of the probe", probe_result_names, PROBE_RESULTS, &index))
        return false;
    expect->number = index;
    return true;
}

static bool read_usb(struct reader *r, struct expectation *expect)
{
    expect->kind = EXPECT_USB;
    return reader_next_word(r, "what became of the USB key", &expect->text);
}

/* How often it is there; without a comparison, that it is. */
static bool read_text(struct reader *r, const char *what, struct expectation *expect)
{
    expect->op = OP_GE;
    expect->number = 1;
    return reader_next_word(r, what, &expect->text) &&
           (!reader_peek(r) || read_comparison(r, expect));
}

static bool read_serial(struct reader *r, struct expectation *expect)
{
    expect->kind = EXPECT_SERIAL;
    return read_text(r, "text of the serial line", expect);
}

static bool read_screen(struct reader *r, struct expectation *expect)
{
    expect->kind = EXPECT_SCREEN;
    return read_text(r, "text on the screen", expect);
}

static bool read_console(struct reader *r, struct expectation *expect)
{
    static const char *const list[] = {"call", "status", "http", "value", "sol"};
    size_t index = 0, result = 0;

    if (!reader_ip(r, "address of the console", &expect->ip) ||
        !reader_choose(r, "word after console IP", list, COUNT(list), &index))
        return false;
    expect->kind = (enum expect_kind)(EXPECT_CONSOLE_CALL + index);
    switch (expect->kind) {
    case EXPECT_CONSOLE_CALL:
        if (!reader_choose(r, "result of the call", call_result_words, CALL_RESULTS, &result))
            return false;
        break;
    case EXPECT_CONSOLE_SOL:
        if (!reader_choose(r, "state of the session", sol_state_words, SOL_STATES, &result))
            return false;
        break;
    case EXPECT_CONSOLE_STATUS:
        return read_sca_status(r, expect);
    case EXPECT_CONSOLE_HTTP:
        return reader_number(r, "HTTP status", 100, 599, &expect->number);
    default:
        return read_comparison(r, expect);
    }
    expect->number = result;
    return true;
}

static bool read_hash_count(struct reader *r, struct expectation *expect)
{
    static const char *const list[] = {"count"};
    size_t index = 0;

    expect->kind = EXPECT_HASH_COUNT;
    return reader_choose(r, "word after hash", list, COUNT(list), &index) &&
           read_comparison(r, expect);
}

static bool read_pid(struct reader *r, struct expectation *expect)
{
    char pid[LIMIT_PID + 1];

    expect->kind = EXPECT_PID;
    if (!reader_next_word(r, "PID", &expect->text))
        return false;
    if (strcmp(expect->text, "none") == 0)
        expect->text = NULL;
    else if (!psk_read_pid(expect->text, pid))
        return reader_fail(r, "invalid PID \"%s\"; expected one like 0000-037M, or none",
                           expect->text);
    return true;
}

static bool read_tls_mode(struct reader *r, struct expectation *expect)
{
    size_t index = 0;

    expect->kind = EXPECT_TLS_MODE;
    if (!reader_choose(r, "TLS mode", tls_mode_names, TLS_MODES, &index))
        return false;
    expect->number = index;
    return true;
}

static bool read_amthi(struct reader *r, struct expectation *expect)
{
    expect->kind = EXPECT_AMTHI;
    if (!read_hex_word(r, "request in hexadecimal", &expect->request) ||
        !check_hex(r, expect->request))
        return false;
    if (strchr(expect->request, 'x') || strlen(expect->request) > 2 * EXPECT_REQUEST_BYTES)
        return reader_fail(r, "invalid request; expected at most %u bytes, none of them xx",
                           EXPECT_REQUEST_BYTES);
    if (!read_hex_word(r, "answer in hexadecimal, or empty", &expect->text))
        return false;
    if (strcmp(expect->text, "empty") == 0)
        expect->text = NULL;
    return !expect->text || check_hex(r, expect->text);
}

bool reader_expect(struct reader *r, struct step *step)
{
    static const char *const list[] = {"state",    "status", "window", "agent",  "hello",
                                       "frames",   "dns",    "dhcp",   "tcp",    "trace",
                                       "sca",      "probe",  "usb",    "hash",   "pid",
                                       "tls-mode", "amthi",  "serial", "screen", "console"};
    static bool (*const read[])(struct reader *, struct expectation *) = {
        read_state,    read_status, read_window, read_agent,      read_hello,
        read_frames,   read_dns,    read_dhcp,   read_tcp,        read_trace,
        read_sca,      read_probe,  read_usb,    read_hash_count, read_pid,
        read_tls_mode, read_amthi,  read_serial, read_screen,     read_console};
    size_t index = 0;

    step->kind = STEP_EXPECT;
    return reader_choose(r, "expectation", list, COUNT(list), &index) &&
           read[index](r, &step->expect);
}
