// SPDX-License-Identifier: BSD-3-Clause
#include "sim/run/recorder.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/core/setup.h"
#include "fw/core/status.h"
#include "sim/net/packet.h"
#include "sim/run/line.h"

/* Makes room for one more element; false when memory is out. */
static bool grow(struct recorder *r, void *list, size_t count, size_t *cap, size_t size)
{
    void *old, *grown;

    if (count < *cap)
        return true;
    memcpy(&old, list, sizeof old);
    grown = realloc(old, (*cap ? 2 * *cap : 64) * size);
    if (!grown) {
        r->out_of_memory = true;
        return false;
    }
    memcpy(list, &grown, sizeof grown);
    *cap = *cap ? 2 * *cap : 64;
    return true;
}

static char *copy_text(struct recorder *r, const char *text)
{
    size_t len = strlen(text) + 1;
    char *copy = malloc(len);

    if (copy)
        memcpy(copy, text, len);
    else
        r->out_of_memory = true;
    return copy;
}

static void free_entry(struct entry *entry)
{
    free(entry->text);
    free(entry->reason);
    free(entry->source);
}

static bool has_rule(int trace)
{
    return trace == TRACE_STATE || trace == TRACE_WINDOW_OPEN || trace == TRACE_WINDOW_CLOSED;
}

static void add_entry(struct recorder *r, const struct world_event *event, enum entry_kind kind,
                      const char *who, const char *text, int64_t retry)
{
    bool device = event->kind == WORLD_DEVICE;

    if (!grow(r, &r->entry, r->entries, &r->entry_cap, sizeof *r->entry))
        return;
    struct entry entry = {.time_us = event->time_us,
                          .kind = kind,
                          .who = who,
                          .text = copy_text(r, text),
                          .reason = device && has_rule(event->trace) && event->text
                                        ? copy_text(r, event->text)
                                        : NULL,
                          .source = device && event->source ? copy_text(r, event->source) : NULL,
                          .retry = retry};
    if (r->out_of_memory)
        free_entry(&entry);
    else
        r->entry[r->entries++] = entry;
}

const char *entry_text(const struct entry *entry, char out[ENTRY_TEXT])
{
    size_t used = (size_t)snprintf(out, ENTRY_TEXT, "%.500s", entry->text);

    if (entry->reason)
        used += (size_t)snprintf(out + used, ENTRY_TEXT - used, ": %.300s", entry->reason);
    if (entry->retry >= 0)
        used += (size_t)snprintf(out + used, ENTRY_TEXT - used, ", retry %" PRId64, entry->retry);
    if (entry->source)
        snprintf(out + used, ENTRY_TEXT - used, " [%.300s]", entry->source);
    return out;
}

void recorder_init(struct recorder *recorder)
{
    memset(recorder, 0, sizeof(*recorder));
}

void recorder_free(struct recorder *recorder)
{
    for (size_t i = 0; i < recorder->entries; i++)
        free_entry(&recorder->entry[i]);
    free(recorder->entry);
    recorder_mark(recorder);
    memset(recorder, 0, sizeof(*recorder));
}

/* --- the serial line --- */

static void add_line(struct recorder *r, const char *text)
{
    struct world_event event = {.kind = WORLD_SERIAL, .time_us = r->said_us};

    if (text[0])
        add_entry(r, &event, ENTRY_EVENT, "sol", text, -1);
}

/* One entry for each line, without what only a terminal understands. */
void recorder_end(struct recorder *r)
{
    char line[RECORDER_SAID + 1];
    size_t len = 0;

    for (size_t i = 0; i < r->said_len; i++) {
        char c = r->said[i];

        if (c == '\r' || c == '\n') {
            line[len] = '\0';
            add_line(r, line);
            len = 0;
        } else if (c == 0x1B) {
            while (i + 1 < r->said_len && !isalpha((unsigned char)r->said[i + 1]))
                i++;
            i++;
        } else if (c >= ' ' && c < 0x7F) {
            line[len++] = c;
        }
    }
    line[len] = '\0';
    add_line(r, line);
    r->said_len = 0;
}

static void on_serial(struct recorder *r, const struct world_event *event)
{
    struct counters *c = &r->since_mark;

    for (size_t i = 0; i < event->len; i++) {
        if (r->said_len == sizeof r->said)
            recorder_end(r);
        r->said_us = event->time_us;
        r->said[r->said_len++] = (char)event->frame[i];
        if (!grow(r, &c->serial, c->serial_len + 1, &c->serial_cap, 1))
            return;
        c->serial[c->serial_len++] = (char)event->frame[i];
        c->serial[c->serial_len] = '\0';
    }
}

/* The text of one moment belongs together. */
static void settle(struct recorder *r, uint64_t now_us)
{
    if (r->said_len > 0 && now_us != r->said_us)
        recorder_end(r);
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
        add_entry(r, event, ENTRY_EVENT, "admin", text, -1);
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

bool recorder_agent_printed(const struct recorder *recorder, const char *line)
{
    for (size_t i = recorder->agent_from; i < recorder->entries; i++) {
        const struct entry *entry = &recorder->entry[i];

        if (entry->kind == ENTRY_AGENT_LINE && strcmp(entry->text, line) == 0)
            return true;
    }
    return false;
}

void recorder_note(struct recorder *recorder, uint64_t time_us, enum entry_kind kind,
                   const char *who, const char *format, ...)
{
    struct world_event event = {.kind = WORLD_PC, .time_us = time_us};
    char text[LINE_TEXT];

    va_list arguments;

    settle(recorder, time_us);
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    add_entry(recorder, &event, kind, who, text, -1);
}

void recorder_agent(struct recorder *recorder, uint64_t time_us, const char *command)
{
    recorder_note(recorder, time_us, ENTRY_AGENT_START, "pc", "%s", command);
    recorder->agent_from = recorder->entries;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_name(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

uint64_t recorder_queries(const struct recorder *recorder, const char *name)
{
    for (size_t i = 0; i < recorder->since_mark.queries; i++)
        if (same_name(recorder->since_mark.query[i].name, name))
            return recorder->since_mark.query[i].count;
    return 0;
}

/* Reads the first question's name as text. DNS questions carry no compression. */
static bool question_name(const uint8_t *dns, size_t len, char out[LIMIT_FQDN + 1])
{
    size_t at = 12, used = 0;

    if (len < 12 || packet_get16(dns + 4) == 0)
        return false;
    while (at < len && dns[at]) {
        size_t label = dns[at++];

        if (label > 63 || at + label > len || used + label + 1 > LIMIT_FQDN)
            return false;
        if (used)
            out[used++] = '.';
        memcpy(out + used, dns + at, label);
        used += label;
        at += label;
    }
    out[used] = '\0';
    return at < len && used > 0 && strlen(out) == used;
}

static void count_query(struct recorder *r, const struct packet *packet)
{
    struct counters *c = &r->since_mark;
    char name[LIMIT_FQDN + 1];

    if (packet->dst_port != 53 || !question_name(packet->payload, packet->payload_len, name))
        return;
    for (size_t i = 0; i < c->queries; i++) {
        if (same_name(c->query[i].name, name)) {
            c->query[i].count++;
            return;
        }
    }
    if (!grow(r, &c->query, c->queries, &c->query_cap, sizeof *c->query))
        return;
    memcpy(c->query[c->queries].name, name, sizeof name);
    c->query[c->queries++].count = 1;
}

static void count_tcp(struct recorder *r, enum lan_sender sender, const struct packet *packet)
{
    uint64_t *frames = r->since_mark.frames[sender];

    frames[FRAME_TCP]++;
    frames[FRAME_SYN] += (packet->tcp_flags & (PACKET_TCP_SYN | PACKET_TCP_ACK)) == PACKET_TCP_SYN;
    frames[FRAME_FIN] += (packet->tcp_flags & PACKET_TCP_FIN) != 0;
    frames[FRAME_RST] += (packet->tcp_flags & PACKET_TCP_RST) != 0;
    r->since_mark.data_segments[sender] += packet->payload_len > 0;
    if (sender == LAN_ME &&
        (packet->tcp_flags & (PACKET_TCP_SYN | PACKET_TCP_ACK)) == PACKET_TCP_SYN)
        r->last_connection = (struct hello_seen){.from_ip = packet->src_ip,
                                                 .from_port = packet->src_port,
                                                 .to_ip = packet->dst_ip,
                                                 .to_port = packet->dst_port};
}

#define DHCP_OPTIONS 240 /* behind the fixed part and the magic cookie */
#define DHCP_PAD 0
#define DHCP_END 255

bool recorder_dhcp_option(const struct recorder *r, uint8_t option, uint8_t out[LAN_FRAME],
                          size_t *len)
{
    const uint8_t *message = r->since_mark.last_dhcp;
    size_t end = r->since_mark.last_dhcp_len, at = DHCP_OPTIONS;
    bool found = false;

    *len = 0;
    while (at < end && message[at] != DHCP_END) {
        if (message[at] == DHCP_PAD) {
            at++;
            continue;
        }
        size_t value = at + 2, value_len = at + 1 < end ? message[at + 1] : 0;

        if (value + value_len > end)
            break;
        if (message[at] == option) {
            memcpy(out + *len, message + value, value_len);
            *len += value_len;
            found = true;
        }
        at = value + value_len;
    }
    return found;
}

/* A client asks, for the first time or again because nobody answered. */
static void on_dhcp_request(struct recorder *r, const struct world_event *event,
                            const struct packet *packet, const struct dhcp_message *message)
{
    struct client_seen *client = &r->client[event->sender];
    struct counters *c = &r->since_mark;

    if (event->sender == LAN_ME) {
        c->last_dhcp_len =
            packet->payload_len < sizeof c->last_dhcp ? packet->payload_len : sizeof c->last_dhcp;
        memcpy(c->last_dhcp, packet->payload, c->last_dhcp_len);
    }
    if (message->type != DHCP_DISCOVER && message->type != DHCP_REQUEST)
        return;
    if (client->waits && !client->told) {
        recorder_note(r, event->time_us, ENTRY_REPEAT, event->sender == LAN_ME ? "me" : "os",
                      "no DHCP server answers");
        client->told = true;
    }
    client->waits = true;
    client->xid = message->xid;
}

/* The host's own leases are shown, too: the ME may be closed, or blind to them. */
static void on_dhcp_answer(struct recorder *r, const struct world_event *event,
                           const struct dhcp_message *message)
{
    for (int who = 0; who < LAN_LAN; who++) {
        struct client_seen *client = &r->client[who];
        char ip[16];

        if (client->xid != message->xid)
            continue;
        client->waits = client->told = false;
        ip_text(message->yiaddr, ip);
        if (message->type == DHCP_NAK)
            recorder_note(r, event->time_us, ENTRY_REPEAT, who == LAN_ME ? "me" : "os",
                          "the DHCP server refuses the address");
        else if (message->type == DHCP_ACK && who == LAN_HOST)
            recorder_note(r, event->time_us, ENTRY_REPEAT, "os", "DHCP lease %s", ip);
    }
}

static void watch_dhcp(struct recorder *r, const struct world_event *event,
                       const struct packet *packet)
{
    struct dhcp_message message;

    if (!dhcp_parse(packet->payload, packet->payload_len, &message))
        return;
    if (event->sender == LAN_LAN)
        on_dhcp_answer(r, event, &message);
    else
        on_dhcp_request(r, event, packet, &message);
}

static void on_frame(struct recorder *r, const struct world_event *event)
{
    uint64_t *frames = r->since_mark.frames[event->sender];
    struct packet packet;

    frames[FRAME_ANY]++;
    if (!packet_parse(event->frame, event->len, &packet))
        return;
    switch (packet.kind) {
    case PACKET_ARP:
        frames[FRAME_ARP]++;
        break;
    case PACKET_DHCP:
        frames[FRAME_DHCP]++;
        watch_dhcp(r, event, &packet);
        break;
    case PACKET_DNS:
        frames[FRAME_DNS]++;
        if (event->sender == LAN_ME)
            count_query(r, &packet);
        break;
    case PACKET_TCP:
        count_tcp(r, event->sender, &packet);
        break;
    default:
        break;
    }
}

static void on_hello(struct recorder *r, const struct world_event *event)
{
    struct counters *c = &r->since_mark;
    struct hello_seen seen = r->last_connection;
    char text[LINE_TEXT], ip[16];
    const struct hello *hello = event->hello;

    if (!grow(r, &c->hello, c->hellos, &c->hello_cap, sizeof *c->hello))
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
    add_entry(r, event, ENTRY_ATTEMPT_PART, "me", text, hello ? (int64_t)hello->retry : -1);
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
    add_entry(r, event, ENTRY_ATTEMPT_PART, "sca", text, -1);
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
    if (grow(r, &c->operation, c->operations, &c->operation_cap, sizeof *c->operation))
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
    add_entry(r, event, ENTRY_EVENT, "me", text, -1);
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
        add_entry(r, event, kind, "me", text, -1);
        return;
    }
    snprintf(joined, sizeof joined, "%s, %s", last->text, text);
    char *copy = copy_text(r, joined);
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
        add_entry(r, event, ENTRY_ATTEMPT, "me", line_said(event), event->value);
    else if (line_of_device(event, text, &kind))
        add_device(r, event, kind, text);
    else if (line_of_tls(event, text))
        add_entry(r, event, ENTRY_EVENT, "me", text, -1);
    else if (line_of_attempt(event, text))
        add_entry(r, event, ENTRY_ATTEMPT_PART, "me", text, retry);
}

void recorder_event(struct recorder *recorder, const struct world_event *event)
{
    settle(recorder, event->time_us);
    switch (event->kind) {
    case WORLD_FRAME:
        on_frame(recorder, event);
        break;
    case WORLD_DEVICE:
        on_device(recorder, event);
        break;
    case WORLD_PC:
        add_entry(recorder, event, ENTRY_EVENT, "pc", event->text, -1);
        break;
    case WORLD_AGENT:
        add_entry(recorder, event, ENTRY_AGENT_LINE, "agent", event->text, -1);
        break;
    case WORLD_HELLO:
        on_hello(recorder, event);
        break;
    case WORLD_SCA:
        on_sca(recorder, event);
        break;
    case WORLD_SCA_LOG:
        add_entry(recorder, event, ENTRY_LOG, "sca", event->text, -1);
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
