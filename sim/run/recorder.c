// SPDX-License-Identifier: BSD-3-Clause
#include "sim/run/recorder_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/core/setup.h"
#include "fw/core/status.h"
#include "sim/run/line.h"

void recorder_init(struct recorder *recorder)
{
    memset(recorder, 0, sizeof(*recorder));
}

void recorder_free(struct recorder *recorder)
{
    for (size_t i = 0; i < recorder->entries; i++)
        recorder_free_entry(&recorder->entry[i]);
    free(recorder->entry);
    recorder_mark(recorder);
    memset(recorder, 0, sizeof(*recorder));
}

static void on_serial(struct recorder *r, const struct world_event *event)
{
    struct counters *c = &r->since_mark;

    for (size_t i = 0; i < event->len; i++) {
        if (r->said_len == sizeof r->said)
            recorder_end(r);
        r->said_us = event->time_us;
        r->said[r->said_len++] = (char)event->frame[i];
        if (!recorder_grow(r, &c->serial, c->serial_len + 1, &c->serial_cap, 1))
            return;
        c->serial[c->serial_len++] = (char)event->frame[i];
        c->serial[c->serial_len] = '\0';
    }
}

static struct console_seen *console_of(struct recorder *r, uint32_t ip)
{
    for (size_t i = 0; i < r->consoles; i++)
        if (r->console[i].ip == ip)
            return &r->console[i];
    if (r->consoles == RECORDER_CONSOLES)
        return NULL;
    r->console[r->consoles].ip = ip;
    return &r->console[r->consoles++];
}

const struct console_seen *recorder_console(const struct recorder *recorder, uint32_t ip)
{
    for (size_t i = 0; i < recorder->consoles; i++)
        if (recorder->console[i].ip == ip)
            return &recorder->console[i];
    return NULL;
}

static void on_console(struct recorder *r, const struct world_event *event)
{
    struct console_seen *seen = console_of(r, event->ip);
    char text[LINE_TEXT], ip[16];

    if (event->kind == WORLD_CONSOLE) {
        ip_text(event->ip, ip);
        snprintf(text, sizeof text, "%s: %s", ip, event->text);
        recorder_add(r, event, ENTRY_EVENT, "admin", text, -1);
    } else if (seen && event->kind == WORLD_CONSOLE_SOL) {
        seen->sol = (enum sol_state)event->result;
    } else if (seen) {
        seen->result = (enum call_result)event->result;
        seen->http = event->port;
        seen->status = event->value;
        seen->value = event->number;
    }
}

void recorder_mark(struct recorder *recorder)
{
    free(recorder->since_mark.hello);
    free(recorder->since_mark.query);
    free(recorder->since_mark.operation);
    free(recorder->since_mark.serial);
    memset(&recorder->since_mark, 0, sizeof(recorder->since_mark));
    recorder->mark_from = recorder->entries;
    for (size_t i = 0; i < recorder->consoles; i++)
        recorder->console[i] =
            (struct console_seen){.ip = recorder->console[i].ip, .sol = recorder->console[i].sol};
}

static void on_hello(struct recorder *r, const struct world_event *event)
{
    struct counters *c = &r->since_mark;
    struct hello_seen seen = r->last_connection;
    char text[LINE_TEXT], ip[16];
    const struct hello *hello = event->hello;

    if (!recorder_grow(r, &c->hello, c->hellos, &c->hello_cap, sizeof *c->hello))
        return;
    seen.time_us = event->time_us;
    seen.from_ip = event->ip;
    seen.from_port = event->port;
    seen.retry = hello ? hello->retry : 0;
    c->hello[c->hellos++] = seen;
    c->last_hello_len = event->len < sizeof c->last_hello ? event->len : sizeof c->last_hello;
    memcpy(c->last_hello, event->frame, c->last_hello_len);
    ip_text(seen.to_ip, ip);
    int used = snprintf(text, sizeof text, "-> %s:%u hello, ", ip, (unsigned)seen.to_port);
    char *rest = text + used;
    size_t left = sizeof text - (size_t)used;
    if (!hello)
        snprintf(rest, left, "unreadable, %zu bytes", event->len);
    else if (hello->version == HELLO_V3_PKI)
        snprintf(rest, left, "%u hashes, %zu bytes", (unsigned)hello->hash_count, event->len);
    else if (hello->version == HELLO_V2_PSK)
        snprintf(rest, left, "PSK, %zu bytes", event->len);
    else
        snprintf(rest, left, "version %u, %zu bytes", (unsigned)hello->version, event->len);
    recorder_add(r, event, ENTRY_ATTEMPT_PART, "me", text, hello ? (int64_t)hello->retry : -1);
}

static void on_sca(struct recorder *r, const struct world_event *event)
{
    char text[LINE_TEXT], ip[16];

    /* A hello or a failure follows and says more. */
    if (strcmp(event->text, "connection") == 0) {
        r->since_mark.sca_connections++;
        return;
    }
    ip_text(event->value, ip);
    snprintf(text, sizeof text, "%s: %s", ip, event->text);
    recorder_add(r, event, ENTRY_ATTEMPT_PART, "sca", text, -1);
}

static void on_operation(struct recorder *r, const struct world_event *event)
{
    struct counters *c = &r->since_mark;
    struct operation_seen seen = {event->text, event->value, event->port};

    for (size_t i = 0; i < c->operations; i++) {
        if (strcmp(c->operation[i].name, seen.name) == 0) {
            c->operation[i] = seen;
            return;
        }
    }
    if (recorder_grow(r, &c->operation, c->operations, &c->operation_cap, sizeof *c->operation))
        c->operation[c->operations++] = seen;
}

static void on_status(struct recorder *r, const struct world_event *event)
{
    const char *name = pt_status_name(event->value);
    char text[LINE_TEXT];

    if (!event->source)
        return;
    if (name)
        snprintf(text, sizeof text, "answers %s: %s", r->last_command, name);
    else
        snprintf(text, sizeof text, "answers %s: status 0x%" PRIX32, r->last_command, event->value);
    recorder_add(r, event, ENTRY_EVENT, "me", text, -1);
}

/* One rule often changes state and window together: that is one line. */
static void add_device(struct recorder *r, const struct world_event *event, enum entry_kind kind,
                       const char *text)
{
    struct entry *last = r->entries ? &r->entry[r->entries - 1] : NULL;
    char joined[2 * LINE_TEXT];

    if ((event->trace != TRACE_WINDOW_OPEN && event->trace != TRACE_WINDOW_CLOSED) || !last ||
        last->time_us != event->time_us || strncmp(last->text, "state ", 6) != 0 || !last->reason ||
        !event->text || strcmp(last->reason, event->text) != 0) {
        recorder_add(r, event, kind, "me", text, -1);
        return;
    }
    snprintf(joined, sizeof joined, "%s, %s", last->text, text);
    char *copy = recorder_copy(r, joined);
    if (copy) {
        free(last->text);
        last->text = copy;
    }
    last->kind = kind;
}

static void on_device(struct recorder *r, const struct world_event *event)
{
    enum entry_kind kind = ENTRY_EVENT;
    char text[LINE_TEXT];
    int64_t retry = event->trace == TRACE_ATTEMPT_FAILED ? (int64_t)event->value : -1;

    if (event->trace >= 0 && event->trace < TRACE_EVENTS) {
        r->since_mark.trace[event->trace]++;
        snprintf(r->since_mark.trace_text[event->trace], RECORDER_TRACE_TEXT, "%s",
                 line_said(event));
    }
    if (event->trace == TRACE_AMTHI)
        snprintf(r->last_command, sizeof r->last_command, "%s", line_said(event));
    else if (event->trace == TRACE_AMTHI_STATUS)
        on_status(r, event);
    else if (event->trace == TRACE_ATTEMPT)
        recorder_add(r, event, ENTRY_ATTEMPT, "me", line_said(event), event->value);
    else if (line_of_device(event, text, &kind))
        add_device(r, event, kind, text);
    else if (line_of_tls(event, text))
        recorder_add(r, event, ENTRY_EVENT, "me", text, -1);
    else if (line_of_attempt(event, text))
        recorder_add(r, event, ENTRY_ATTEMPT_PART, "me", text, retry);
}

void recorder_event(struct recorder *recorder, const struct world_event *event)
{
    recorder_settle(recorder, event->time_us);
    switch (event->kind) {
    case WORLD_FRAME:
        recorder_frame(recorder, event);
        break;
    case WORLD_DEVICE:
        on_device(recorder, event);
        break;
    case WORLD_PC:
        recorder_add(recorder, event, ENTRY_EVENT, "pc", event->text, -1);
        break;
    case WORLD_AGENT:
        recorder_add(recorder, event, ENTRY_AGENT_LINE, "agent", event->text, -1);
        break;
    case WORLD_HELLO:
        on_hello(recorder, event);
        break;
    case WORLD_SCA:
        on_sca(recorder, event);
        break;
    case WORLD_SCA_LOG:
        recorder_add(recorder, event, ENTRY_LOG, "sca", event->text, -1);
        break;
    case WORLD_SCA_OPERATION:
        on_operation(recorder, event);
        break;
    case WORLD_SCA_STAGE:
        recorder->since_mark.stage[event->port] = (enum sca_result)event->value;
        break;
    case WORLD_CONSOLE:
    case WORLD_CONSOLE_CALL:
    case WORLD_CONSOLE_SOL:
        on_console(recorder, event);
        break;
    case WORLD_SERIAL:
        on_serial(recorder, event);
        break;
    default:
        break;
    }
}
