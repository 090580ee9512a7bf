// SPDX-License-Identifier: BSD-3-Clause
/* The entries of a transcript. */
#include "sim/run/recorder_internal.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool recorder_grow(struct recorder *r, void *list, size_t count, size_t *cap, size_t size)
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

char *recorder_copy(struct recorder *r, const char *text)
{
    size_t len = strlen(text) + 1;
    char *copy = malloc(len);

    if (copy)
        memcpy(copy, text, len);
    else
        r->out_of_memory = true;
    return copy;
}

void recorder_free_entry(struct entry *entry)
{
    free(entry->text);
    free(entry->reason);
    free(entry->source);
}

static bool has_rule(int trace)
{
    return trace == TRACE_STATE || trace == TRACE_WINDOW_OPEN || trace == TRACE_WINDOW_CLOSED;
}

void recorder_add(struct recorder *r, const struct world_event *event, enum entry_kind kind,
                  const char *who, const char *text, int64_t retry)
{
    bool device = event->kind == WORLD_DEVICE;

    if (!recorder_grow(r, &r->entry, r->entries, &r->entry_cap, sizeof *r->entry))
        return;
    struct entry entry = {
        .time_us = event->time_us,
        .kind = kind,
        .who = who,
        .text = recorder_copy(r, text),
        .reason =
            device && has_rule(event->trace) && event->text ? recorder_copy(r, event->text) : NULL,
        .source = device && event->source ? recorder_copy(r, event->source) : NULL,
        .retry = retry};
    if (r->out_of_memory)
        recorder_free_entry(&entry);
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

/* --- the serial line --- */

static void add_line(struct recorder *r, const char *text)
{
    struct world_event event = {.kind = WORLD_SERIAL, .time_us = r->said_us};

    if (text[0])
        recorder_add(r, &event, ENTRY_EVENT, "sol", text, -1);
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

void recorder_settle(struct recorder *r, uint64_t now_us)
{
    if (r->said_len > 0 && now_us != r->said_us)
        recorder_end(r);
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

    recorder_settle(recorder, time_us);
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    recorder_add(recorder, &event, kind, who, text, -1);
}

void recorder_agent(struct recorder *recorder, uint64_t time_us, const char *command)
{
    recorder_note(recorder, time_us, ENTRY_AGENT_START, "pc", "%s", command);
    recorder->agent_from = recorder->entries;
}
