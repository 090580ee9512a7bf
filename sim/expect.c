#include "sim/expect.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fw/core/status.h"
#include "sim/packet.h"

static bool hold_number(const struct expectation *e, uint64_t seen_number, char *seen)
{
    snprintf(seen, EXPECT_SEEN_BYTES, "%" PRIu64, seen_number);
    return compare_holds(e->op, seen_number, e->number);
}

static bool hold_state(const struct expectation *e, int state, char *seen)
{
    snprintf(seen, EXPECT_SEEN_BYTES, "state \"%s\"", state_word(state));
    return state >= 0 && (uint64_t)state == e->number;
}

static bool hold_status(const struct expectation *e, const struct agent_result *agent, char *seen)
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
static bool hold_agent_line(const struct expectation *e, const struct recorder *r, char *seen)
{
    const char *closest = NULL;
    size_t agreed = 0;

    for (size_t i = r->agent_from; i < r->entries; i++) {
        const struct entry *entry = &r->entry[i];
        size_t same = 0;

        if (entry->kind != ENTRY_SAID)
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

static bool hold_agent_lines(const struct expectation *e, const struct recorder *r, char *seen)
{
    size_t length = strlen(e->text);
    uint64_t count = 0;

    for (size_t i = r->agent_from; i < r->entries; i++)
        count += r->entry[i].kind == ENTRY_SAID && strncmp(r->entry[i].text, e->text, length) == 0;
    return hold_number(e, count, seen);
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

static bool hold_times(const struct expectation *e, const struct recorder *r, char *seen)
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

static bool hold_bytes(const struct expectation *e, const struct recorder *r, char *seen)
{
    static const char digits[] = "0123456789abcdef";
    const struct counters *c = &r->since_mark;
    const char *open_end = strchr(e->text, HEX_OPEN_END);
    size_t wanted = strlen(e->text) / 2; /* an open end is half a byte */
    bool same = wanted == c->last_hello_len || (open_end && wanted < c->last_hello_len);
    size_t used = 0;

    for (size_t i = 0; i < c->last_hello_len; i++) {
        char high = digits[c->last_hello[i] >> 4], low = digits[c->last_hello[i] & 15];

        if (i < wanted && e->text[2 * i] != 'x')
            same = same && (e->text[2 * i] | 0x20) == (high | 0x20) &&
                   (e->text[2 * i + 1] | 0x20) == (low | 0x20);
        if (used + 3 < EXPECT_SEEN_BYTES) {
            seen[used++] = high;
            seen[used++] = low;
        }
    }
    seen[used] = '\0';
    return same;
}

static bool hold_peer(const struct expectation *e, const struct hello_seen *hello, char *seen)
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
static bool hold_hello(const struct expectation *e, const struct recorder *r, char *seen)
{
    const struct hello_seen *hello = last_hello(r);

    if (!hello) {
        snprintf(seen, EXPECT_SEEN_BYTES, "no hello");
        return false;
    }
    if (e->kind == EXPECT_HELLO_RETRY)
        return hold_number(e, hello->retry, seen);
    if (e->kind == EXPECT_HELLO_BYTES)
        return hold_bytes(e, r, seen);
    return hold_peer(e, hello, seen);
}

bool expect_holds(const struct expectation *expect, const struct expect_view *view,
                  char seen[EXPECT_SEEN_BYTES])
{
    const struct recorder *r = view->recorder;

    switch (expect->kind) {
    case EXPECT_STATE:
        return hold_state(expect, view->state, seen);
    case EXPECT_STATUS:
        return hold_status(expect, view->agent, seen);
    case EXPECT_AGENT_LINE:
        return hold_agent_line(expect, r, seen);
    case EXPECT_AGENT_LINES:
        return hold_agent_lines(expect, r, seen);
    case EXPECT_HELLO_COUNT:
        return hold_number(expect, r->since_mark.hellos, seen);
    case EXPECT_HELLO_TIMES:
        return hold_times(expect, r, seen);
    case EXPECT_HELLO_RETRY:
    case EXPECT_HELLO_BYTES:
    case EXPECT_HELLO_FROM:
    case EXPECT_HELLO_TO:
    case EXPECT_HELLO_SOURCE_PORT:
        return hold_hello(expect, r, seen);
    case EXPECT_FRAMES:
        return hold_number(expect, r->since_mark.frames[expect->sender][expect->frames], seen);
    case EXPECT_DNS_QUERY:
        return hold_number(expect, recorder_queries(r, expect->text), seen);
    case EXPECT_TCP_DATA:
        return hold_number(expect, r->since_mark.data_segments[expect->sender], seen);
    case EXPECT_TRACE:
        return hold_number(expect, r->since_mark.trace[expect->trace], seen);
    }
    return false;
}
