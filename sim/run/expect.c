// SPDX-License-Identifier: BSD-3-Clause
#include "sim/run/expect.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fw/core/psk.h"
#include "fw/core/status.h"
#include "sim/net/packet.h"

static bool number_holds(const struct expectation *e, uint64_t seen_number, char *seen)
{
    snprintf(seen, EXPECT_SEEN_BYTES, "%" PRIu64, seen_number);
    return compare_holds(e->op, seen_number, e->number);
}

static bool state_holds(const struct expectation *e, int state, char *seen)
{
    if (state < 0)
        snprintf(seen, EXPECT_SEEN_BYTES, "no answer");
    else
        snprintf(seen, EXPECT_SEEN_BYTES, "state \"%s\"", reported_state_name(state));
    if (e->number == STATE_NO_ANSWER)
        return state < 0;
    return state >= 0 && (uint64_t)state == e->number;
}

/* digits may hold "xx" and end with HEX_OPEN_END. */
static bool same_bytes(const char *digits, const uint8_t *bytes, size_t len, char *seen)
{
    static const char hex[] = "0123456789abcdef";
    const char *open_end = strchr(digits, HEX_OPEN_END);
    size_t wanted = strlen(digits) / 2; /* an open end is half a byte */
    bool same = wanted == len || (open_end && wanted < len);
    size_t used = 0;

    for (size_t i = 0; i < len; i++) {
        char high = hex[bytes[i] >> 4], low = hex[bytes[i] & 15];

        if (i < wanted && digits[2 * i] != 'x')
            same = same && (digits[2 * i] | 0x20) == (high | 0x20) &&
                   (digits[2 * i + 1] | 0x20) == (low | 0x20);
        if (used + 3 < EXPECT_SEEN_BYTES) {
            seen[used++] = high;
            seen[used++] = low;
        }
    }
    seen[used] = '\0';
    return same;
}

static void window_text(const struct expect_view *view, char *seen)
{
    char left[32];

    if (!view->window_open)
        snprintf(seen, EXPECT_SEEN_BYTES, "window closed");
    else if (view->window_left_s == 0)
        snprintf(seen, EXPECT_SEEN_BYTES, "window open without an end");
    else
        snprintf(seen, EXPECT_SEEN_BYTES, "window open, left %s",
                 scenario_time_text((uint64_t)view->window_left_s * 1000000u, left));
}

static bool window_holds(const struct expectation *e, const struct expect_view *view, char *seen)
{
    window_text(view, seen);
    if (e->kind == EXPECT_WINDOW)
        return view->window_open == (e->number == 1);
    return view->window_open && view->window_left_s > 0 &&
           compare_holds(e->op, view->window_left_s, e->number);
}

/* As text where it is that, else in hexadecimal. */
static void option_text(const uint8_t *bytes, size_t len, char *seen)
{
    bool text = len > 0;

    for (size_t i = 0; i < len; i++)
        text = text && bytes[i] >= 0x20 && bytes[i] < 0x7F;
    if (text)
        snprintf(seen, EXPECT_SEEN_BYTES, "\"%.*s\"", (int)len, (const char *)bytes);
    else
        same_bytes("", bytes, len, seen);
}

/* Of the last DHCP message that the ME sent. */
static bool dhcp_holds(const struct expectation *e, const struct recorder *r, char *seen)
{
    uint8_t bytes[LAN_FRAME];
    size_t len;
    bool there = recorder_dhcp_option(r, (uint8_t)e->number, bytes, &len);

    if (r->since_mark.last_dhcp_len == 0) {
        snprintf(seen, EXPECT_SEEN_BYTES, "no DHCP message of the ME");
        return false;
    }
    if (!there)
        snprintf(seen, EXPECT_SEEN_BYTES, "no such option");
    else if (e->kind == EXPECT_DHCP_BYTES)
        return same_bytes(e->text, bytes, len, seen);
    else
        option_text(bytes, len, seen);
    if (e->kind != EXPECT_DHCP_TEXT)
        return !there && e->kind == EXPECT_DHCP_NONE;
    return there && strlen(e->text) == len && memcmp(e->text, bytes, len) == 0;
}

static bool status_holds(const struct expectation *e, const struct agent_result *agent, char *seen)
{
    const char *name = agent ? pt_status_name(agent->status) : NULL;

    if (!agent || agent->status == UINT32_MAX) {
        snprintf(seen, EXPECT_SEEN_BYTES, "no StartConfiguration sent");
        return false;
    }
    if (name)
        snprintf(seen, EXPECT_SEEN_BYTES, "status %s", name);
    else
        snprintf(seen, EXPECT_SEEN_BYTES, "status 0x%" PRIX32, agent->status);
    return agent->status == e->number;
}

/* Without an exact match the line that agrees longest is what the writer probably meant. */
static bool agent_line_holds(const struct expectation *e, const struct recorder *r, char *seen)
{
    const char *closest = NULL;
    size_t agreed = 0;

    for (size_t i = r->agent_from; i < r->entries; i++) {
        const struct entry *entry = &r->entry[i];
        size_t same = 0;

        if (entry->kind != ENTRY_AGENT_LINE)
            continue;
        while (entry->text[same] && entry->text[same] == e->text[same])
            same++;
        if (!closest || same > agreed) {
            closest = entry->text;
            agreed = same;
        }
    }
    if (closest)
        snprintf(seen, EXPECT_SEEN_BYTES, "\"%s\"", closest);
    else
        snprintf(seen, EXPECT_SEEN_BYTES, "no line from the agent");
    return recorder_agent_printed(r, e->text);
}

static bool agent_lines_holds(const struct expectation *e, const struct recorder *r, char *seen)
{
    size_t length = strlen(e->text);
    uint64_t count = 0;

    for (size_t i = r->agent_from; i < r->entries; i++)
        count +=
            r->entry[i].kind == ENTRY_AGENT_LINE && strncmp(r->entry[i].text, e->text, length) == 0;
    return number_holds(e, count, seen);
}

static const struct hello_seen *last_hello(const struct recorder *r)
{
    const struct counters *c = &r->since_mark;

    return c->hellos ? &c->hello[c->hellos - 1] : NULL;
}

static bool near(uint64_t a, uint64_t b)
{
    return (a > b ? a - b : b - a) <= EXPECT_TIME_TOLERANCE_US;
}

static bool times_holds(const struct expectation *e, const struct recorder *r, char *seen)
{
    const struct counters *c = &r->since_mark;
    size_t shared = c->hellos < e->times ? c->hellos : e->times;
    char text[32];

    for (size_t i = 0; i < shared; i++) {
        uint64_t since_us = c->hello[i].time_us - c->hello[0].time_us;

        if (near(since_us, e->times_us[i]))
            continue;
        snprintf(seen, EXPECT_SEEN_BYTES, "hello %zu of %zu after %s", i + 1, c->hellos,
                 scenario_time_text(since_us / 1000 * 1000, text));
        return false;
    }
    snprintf(seen, EXPECT_SEEN_BYTES, "%zu hellos", c->hellos);
    return c->hellos == e->times;
}

static bool peer_holds(const struct expectation *e, const struct hello_seen *hello, char *seen)
{
    bool to = e->kind == EXPECT_HELLO_TO;
    uint32_t ip = to ? hello->to_ip : hello->from_ip;
    uint16_t port = to ? hello->to_port : hello->from_port;
    char text[16];

    if (e->kind == EXPECT_HELLO_SOURCE_PORT) {
        snprintf(seen, EXPECT_SEEN_BYTES, "hello source-port %u", (unsigned)port);
        return port == e->number;
    }
    ip_text(ip, text);
    if (to)
        snprintf(seen, EXPECT_SEEN_BYTES, "hello to %s %u", text, (unsigned)port);
    else
        snprintf(seen, EXPECT_SEEN_BYTES, "hello from %s", text);
    return ip == e->ip && (!to || port == e->number);
}

/* Those that are about the last hello. */
static bool hello_holds(const struct expectation *e, const struct recorder *r, char *seen)
{
    const struct hello_seen *hello = last_hello(r);

    if (!hello) {
        snprintf(seen, EXPECT_SEEN_BYTES, "no hello");
        return false;
    }
    if (e->kind == EXPECT_HELLO_RETRY)
        return number_holds(e, hello->retry, seen);
    if (e->kind == EXPECT_HELLO_BYTES)
        return same_bytes(e->text, r->since_mark.last_hello, r->since_mark.last_hello_len, seen);
    return peer_holds(e, hello, seen);
}

static bool is_log(const struct entry *entry, const char *part)
{
    return entry->kind == ENTRY_LOG && strstr(entry->text, part);
}

/* Below the line that was found before, so that a list of expectations shows an order. */
static bool log_holds(const struct expectation *e, const struct expect_view *view, char *seen)
{
    const struct recorder *r = view->recorder;
    const char *last = NULL;
    size_t from = r->mark_from;

    if (view->log_from && *view->log_from > from)
        from = *view->log_from;
    for (size_t i = from; i < r->entries; i++) {
        if (is_log(&r->entry[i], e->text)) {
            if (view->log_from)
                *view->log_from = i + 1;
            return true;
        }
        if (r->entry[i].kind == ENTRY_LOG)
            last = r->entry[i].text;
    }
    if (last)
        snprintf(seen, EXPECT_SEEN_BYTES, "no such line; the last one is \"%s\"", last);
    else
        snprintf(seen, EXPECT_SEEN_BYTES, "no further line of a log");
    return false;
}

static bool logs_holds(const struct expectation *e, const struct recorder *r, char *seen)
{
    uint64_t count = 0;

    for (size_t i = r->mark_from; i < r->entries; i++)
        count += is_log(&r->entry[i], e->text);
    return number_holds(e, count, seen);
}

static bool operation_holds(const struct expectation *e, const struct recorder *r, char *seen)
{
    const struct counters *c = &r->since_mark;

    for (size_t i = 0; i < c->operations; i++) {
        const struct operation_seen *o = &c->operation[i];

        if (strcmp(o->name, e->text) != 0)
            continue;
        snprintf(seen, EXPECT_SEEN_BYTES, "HTTP %u, status 0x%" PRIX32, (unsigned)o->http,
                 o->status);
        return e->kind == EXPECT_SCA_HTTP ? o->http == e->number
                                          : o->http == 200 && o->status == e->number;
    }
    snprintf(seen, EXPECT_SEEN_BYTES, "no answer to %s", e->text);
    return false;
}

static bool stage_holds(const struct expectation *e, const struct recorder *r, char *seen)
{
    enum sca_result result = r->since_mark.stage[e->stage];

    snprintf(seen, EXPECT_SEEN_BYTES, "%s", sca_result_words[result]);
    return result == e->number;
}

static bool trace_text_holds(const struct expectation *e, const struct recorder *r, char *seen)
{
    const char *text = r->since_mark.trace_text[e->trace];

    if (r->since_mark.trace[e->trace] == 0)
        snprintf(seen, EXPECT_SEEN_BYTES, "no such event");
    else
        snprintf(seen, EXPECT_SEEN_BYTES, "\"%s\"", text);
    return r->since_mark.trace[e->trace] > 0 && strcmp(text, e->text) == 0;
}

/* Those about a server that calls back. */
static bool sca_holds(const struct expectation *e, const struct expect_view *view, char *seen)
{
    const struct recorder *r = view->recorder;

    switch (e->kind) {
    case EXPECT_SCA_LOG:
        return log_holds(e, view, seen);
    case EXPECT_SCA_LOGS:
        return logs_holds(e, r, seen);
    case EXPECT_SCA_STAGE:
        return stage_holds(e, r, seen);
    default:
        return operation_holds(e, r, seen);
    }
}

static bool probe_holds(const struct expectation *e, int probe, char *seen)
{
    snprintf(seen, EXPECT_SEEN_BYTES, "%s", probe < 0 ? "no probe" : probe_result_names[probe]);
    return probe >= 0 && (uint64_t)probe == e->number;
}

static bool usb_holds(const struct expectation *e, const char *usb, char *seen)
{
    snprintf(seen, EXPECT_SEEN_BYTES, "%s", usb ? usb : "no USB key");
    return usb && strcmp(usb, e->text) == 0;
}

static uint64_t count_text(const char *text, const char *wanted)
{
    uint64_t count = 0;

    for (; wanted[0] && (text = strstr(text, wanted)); text += strlen(wanted))
        count++;
    return count;
}

/* The end of what was received, as one line. */
static void serial_end(const struct counters *c, char *seen)
{
    size_t shown = c->serial_len < 80 ? c->serial_len : 80;
    int used = snprintf(seen, EXPECT_SEEN_BYTES, "... \"");

    for (size_t i = c->serial_len - shown; i < c->serial_len; i++) {
        char one = c->serial[i];

        seen[used++] = one >= ' ' && one < 0x7F ? one : ' ';
    }
    snprintf(seen + used, EXPECT_SEEN_BYTES - (size_t)used, "\"");
}

static bool serial_holds(const struct expectation *e, const struct recorder *r, char *seen)
{
    const struct counters *c = &r->since_mark;
    uint64_t count = c->serial ? count_text(c->serial, e->text) : 0;

    if (c->serial_len == 0)
        snprintf(seen, EXPECT_SEEN_BYTES, "nothing on the serial line");
    else
        serial_end(c, seen);
    return compare_holds(e->op, count, e->number);
}

/* The last line that is not empty is what was shown last. */
static bool screen_holds(const struct expectation *e, const struct pc *pc, char *seen)
{
    char line[PC_COLUMNS + 1];
    uint64_t count = 0;

    snprintf(seen, EXPECT_SEEN_BYTES, "a black screen");
    for (uint32_t i = 0; pc && i < PC_ROWS; i++) {
        if (pc_screen_line(pc, i, line)[0])
            snprintf(seen, EXPECT_SEEN_BYTES, "... \"%s\"", line);
        count += count_text(line, e->text);
    }
    return compare_holds(e->op, count, e->number);
}

static bool console_holds(const struct expectation *e, const struct recorder *r, char *seen)
{
    static const struct console_seen nothing;
    const struct console_seen *c = recorder_console(r, e->ip);

    if (!c)
        c = &nothing;
    switch (e->kind) {
    case EXPECT_CONSOLE_SOL:
        snprintf(seen, EXPECT_SEEN_BYTES, "sol %s", sol_state_words[c->sol]);
        return c->sol == e->number;
    case EXPECT_CONSOLE_VALUE:
        return number_holds(e, c->value, seen) && c->result == CALL_DONE;
    default:
        snprintf(seen, EXPECT_SEEN_BYTES, "call %s, HTTP %u, status 0x%" PRIX32,
                 call_result_words[c->result], (unsigned)c->http, c->status);
        break;
    }
    if (e->kind == EXPECT_CONSOLE_CALL)
        return c->result == e->number;
    if (e->kind == EXPECT_CONSOLE_HTTP)
        return c->http == e->number;
    return c->http == 200 && c->status == e->number;
}

#define CLASS_CFG 0x04000000u
#define GET_PROVISIONING_TLS_MODE 0x2Bu
#define ENUMERATE_HASH_HANDLES 0x2Cu
#define GET_PID 0x3Bu
#define ANSWER_HEADER 16u /* header and status */
#define ANSWER_BYTES 1024u

static uint32_t get_u32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static int exchange_message(const struct expect_view *view, const uint8_t *request, size_t len,
                            uint8_t answer[ANSWER_BYTES])
{
    return view->amthi ? view->amthi(view->host, request, len, answer, ANSWER_BYTES) : 0;
}

/* Asks a command without a payload. False: no answer or a status that is no success, as `seen`
 * says; else the payload is at least `len` bytes. */
static bool ask_device(const struct expect_view *view, uint8_t command, size_t len,
                       uint8_t answer[ANSWER_BYTES], char *seen)
{
    const uint8_t request[12] = {1, 1, 0, 0, command, 0, 0, CLASS_CFG >> 24};
    int n = exchange_message(view, request, sizeof(request), answer);

    if (n < (int)ANSWER_HEADER || answer[4] != command)
        snprintf(seen, EXPECT_SEEN_BYTES, "no answer");
    else if (get_u32(answer + 12) != 0)
        snprintf(seen, EXPECT_SEEN_BYTES, "status 0x%" PRIX32, get_u32(answer + 12));
    else if ((size_t)n < ANSWER_HEADER + len)
        snprintf(seen, EXPECT_SEEN_BYTES, "an answer of %d bytes", n);
    else
        return true;
    return false;
}

static bool hash_count_holds(const struct expectation *e, const struct expect_view *view,
                             char *seen)
{
    uint8_t answer[ANSWER_BYTES];

    return ask_device(view, ENUMERATE_HASH_HANDLES, 4, answer, seen) &&
           number_holds(e, get_u32(answer + ANSWER_HEADER), seen);
}

/* A device without a key answers with eight zeros. */
static bool pid_holds(const struct expectation *e, const struct expect_view *view, char *seen)
{
    uint8_t answer[ANSWER_BYTES];
    char pid[LIMIT_PID + 1] = "", wanted[LIMIT_PID + 1] = "";

    if (!ask_device(view, GET_PID, LIMIT_PID, answer, seen))
        return false;
    memcpy(pid, answer + ANSWER_HEADER, LIMIT_PID);
    snprintf(seen, EXPECT_SEEN_BYTES, "pid %s", pid[0] ? pid : "none");
    if (e->text)
        psk_read_pid(e->text, wanted);
    return strcmp(pid, wanted) == 0;
}

static bool tls_mode_holds(const struct expectation *e, const struct expect_view *view, char *seen)
{
    uint8_t answer[ANSWER_BYTES];

    if (!ask_device(view, GET_PROVISIONING_TLS_MODE, 4, answer, seen))
        return false;
    uint32_t mode = get_u32(answer + ANSWER_HEADER);
    snprintf(seen, EXPECT_SEEN_BYTES, "tls-mode %s", mode < TLS_MODES ? tls_mode_names[mode] : "?");
    return mode == e->number;
}

static uint8_t hex_value(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

static bool amthi_holds(const struct expectation *e, const struct expect_view *view, char *seen)
{
    uint8_t request[EXPECT_REQUEST_BYTES], answer[ANSWER_BYTES];
    size_t len = strlen(e->request) / 2;

    for (size_t i = 0; i < len; i++)
        request[i] =
            (uint8_t)(hex_value(e->request[2 * i]) << 4 | hex_value(e->request[2 * i + 1]));
    int n = exchange_message(view, request, len, answer);
    if (n <= 0) {
        snprintf(seen, EXPECT_SEEN_BYTES, "an empty answer");
        return !e->text;
    }
    bool same = same_bytes(e->text ? e->text : "", answer, (size_t)n, seen);
    return e->text && same;
}

/* Those for which the device is asked. */
static bool host_holds(const struct expectation *e, const struct expect_view *view, char *seen)
{
    switch (e->kind) {
    case EXPECT_HASH_COUNT:
        return hash_count_holds(e, view, seen);
    case EXPECT_PID:
        return pid_holds(e, view, seen);
    case EXPECT_TLS_MODE:
        return tls_mode_holds(e, view, seen);
    default:
        return amthi_holds(e, view, seen);
    }
}

bool expect_holds(const struct expectation *expect, const struct expect_view *view,
                  char seen[EXPECT_SEEN_BYTES])
{
    const struct recorder *r = view->recorder;

    switch (expect->kind) {
    case EXPECT_STATE:
        return state_holds(expect, view->state, seen);
    case EXPECT_WINDOW:
    case EXPECT_WINDOW_LEFT:
        return window_holds(expect, view, seen);
    case EXPECT_STATUS:
        return status_holds(expect, view->agent, seen);
    case EXPECT_AGENT_LINE:
        return agent_line_holds(expect, r, seen);
    case EXPECT_AGENT_LINES:
        return agent_lines_holds(expect, r, seen);
    case EXPECT_HELLO_COUNT:
        return number_holds(expect, r->since_mark.hellos, seen);
    case EXPECT_HELLO_TIMES:
        return times_holds(expect, r, seen);
    case EXPECT_HELLO_RETRY:
    case EXPECT_HELLO_BYTES:
    case EXPECT_HELLO_FROM:
    case EXPECT_HELLO_TO:
    case EXPECT_HELLO_SOURCE_PORT:
        return hello_holds(expect, r, seen);
    case EXPECT_FRAMES:
        return number_holds(expect, r->since_mark.frames[expect->sender][expect->frames], seen);
    case EXPECT_DNS_QUERY:
        return number_holds(expect, recorder_queries(r, expect->text), seen);
    case EXPECT_DHCP_NONE:
    case EXPECT_DHCP_BYTES:
    case EXPECT_DHCP_TEXT:
        return dhcp_holds(expect, r, seen);
    case EXPECT_TCP_DATA:
        return number_holds(expect, r->since_mark.data_segments[expect->sender], seen);
    case EXPECT_TRACE:
        return number_holds(expect, r->since_mark.trace[expect->trace], seen);
    case EXPECT_TRACE_TEXT:
        return trace_text_holds(expect, r, seen);
    case EXPECT_SCA_CONNECTIONS:
        return number_holds(expect, r->since_mark.sca_connections, seen);
    case EXPECT_SCA_LOG:
    case EXPECT_SCA_LOGS:
    case EXPECT_SCA_STATUS:
    case EXPECT_SCA_HTTP:
    case EXPECT_SCA_STAGE:
        return sca_holds(expect, view, seen);
    case EXPECT_PROBE:
        return probe_holds(expect, view->probe, seen);
    case EXPECT_USB:
        return usb_holds(expect, view->usb, seen);
    case EXPECT_SERIAL:
        return serial_holds(expect, r, seen);
    case EXPECT_SCREEN:
        return screen_holds(expect, view->pc, seen);
    case EXPECT_CONSOLE_CALL:
    case EXPECT_CONSOLE_STATUS:
    case EXPECT_CONSOLE_HTTP:
    case EXPECT_CONSOLE_VALUE:
    case EXPECT_CONSOLE_SOL:
        return console_holds(expect, r, seen);
    case EXPECT_HASH_COUNT:
    case EXPECT_PID:
    case EXPECT_TLS_MODE:
    case EXPECT_AMTHI:
        return host_holds(expect, view, seen);
    }
    return false;
}
