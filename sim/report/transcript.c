// SPDX-License-Identifier: BSD-3-Clause
#include "sim/report/transcript.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 640
#define GAPS_SHOWN 6
#define ECHOES_FOLDED 3

const char *transcript_time(uint64_t time_us, char out[32])
{
    uint64_t ms = time_us / 1000;

    snprintf(out, 32, "%" PRIu64 ":%02u:%02u.%03u", ms / 3600000, (unsigned)(ms / 60000 % 60),
             (unsigned)(ms / 1000 % 60), (unsigned)(ms % 1000));
    return out;
}

static bool has_room(struct transcript *t)
{
    size_t cap = t->cap ? 2 * t->cap : 128;

    if (t->lines < t->cap)
        return true;
    struct transcript_line *grown = realloc(t->line, cap * sizeof *grown);
    if (!grown)
        return false;
    t->line = grown;
    t->cap = cap;
    return true;
}

static void add_line(struct transcript *t, uint64_t time_us, const char *who, const char *text)
{
    size_t len = strlen(text) + 1;

    if (!has_room(t)) {
        t->out_of_memory = true;
        return;
    }
    struct transcript_line *line = &t->line[t->lines];
    *line = (struct transcript_line){time_us, who, malloc(len)};
    if (!line->text) {
        t->out_of_memory = true;
        return;
    }
    memcpy(line->text, text, len);
    t->lines++;
}

static void add_entry(struct transcript *t, const struct entry *entry)
{
    char text[ENTRY_TEXT];

    add_line(t, entry->time_us, entry->who, entry_text(entry, text));
}

/* Attempts that are alike, waiting to become one line. */
struct fold {
    const struct recorder *recorder;
    struct transcript *transcript;
    const struct entry *shown;    /* the attempt the others are like; NULL = show the next */
    const struct entry *previous; /* last attempt */
    bool hiding;                  /* parts of the current attempt are folded */
    uint32_t count;
    uint64_t first_us, last_us;
    int64_t first_retry, last_retry;
    uint64_t gap_us[GAPS_SHOWN];
    uint32_t gap_count[GAPS_SHOWN];
    uint32_t gaps;             /* GAPS_SHOWN + 1: too many to list */
    const struct entry *agent; /* what started the agent's last run */
    const struct entry *echo;  /* first line of its that an earlier run printed as well */
    uint32_t echoes;           /* such lines, waiting to become one */
};

/* The next part of the attempt at *at, NULL when there is none. */
static const struct entry *next_part(const struct recorder *r, const struct entry **at)
{
    const struct entry *end = r->entry + r->entries;

    for ((*at)++; *at < end && (*at)->kind != ENTRY_ATTEMPT; (*at)++)
        if ((*at)->kind == ENTRY_ATTEMPT_PART)
            return *at;
    return NULL;
}

static bool alike(const struct recorder *r, const struct entry *a, const struct entry *b)
{
    for (;;) {
        const struct entry *x = next_part(r, &a), *y = next_part(r, &b);

        if (!x || !y)
            return !x && !y;
        if (strcmp(x->text, y->text) != 0)
            return false;
    }
}

static bool says_hello(const struct recorder *r, const struct entry *attempt)
{
    const struct entry *part;

    while ((part = next_part(r, &attempt)))
        if (strncmp(part->text, "-> ", 3) == 0)
            return true;
    return false;
}

static void gaps_text(const struct fold *fold, char *out, size_t cap)
{
    size_t used = 0;
    char gap[32];

    out[0] = '\0';
    if (fold->gaps > GAPS_SHOWN) {
        snprintf(out, cap, ", at changing intervals");
        return;
    }
    if (fold->gaps == 1) {
        snprintf(out, cap, ", every %s", scenario_time_text(fold->gap_us[0], gap));
        return;
    }
    for (uint32_t i = 0; i < fold->gaps && used < cap; i++)
        used += (size_t)snprintf(out + used, cap - used, "%s%" PRIu32 " every %s", i ? ", " : ": ",
                                 fold->gap_count[i], scenario_time_text(fold->gap_us[i], gap));
}

static void flush_attempts(struct fold *fold)
{
    char text[LINE_BYTES], gaps[300], retry[60], last[32];
    const char *what = fold->shown && says_hello(fold->recorder, fold->shown) ? "hello" : "attempt";

    if (fold->count == 0)
        return;
    if (fold->first_retry == fold->last_retry)
        snprintf(retry, sizeof retry, "retry %" PRId64, fold->last_retry);
    else
        snprintf(retry, sizeof retry, "retry %" PRId64 " to %" PRId64, fold->first_retry,
                 fold->last_retry);
    gaps_text(fold, gaps, sizeof gaps);
    if (fold->count == 1)
        snprintf(text, sizeof text, "... 1 more %s alike, %s", what, retry);
    else
        snprintf(text, sizeof text, "... %" PRIu32 " more %ss alike, %s%s; the last at %s",
                 fold->count, what, retry, gaps, transcript_time(fold->last_us, last));
    add_line(fold->transcript, fold->first_us, "me", text);
    fold->count = 0;
    fold->gaps = 0;
}

static void flush_echoes(struct fold *fold)
{
    char text[LINE_BYTES];

    if (fold->echoes >= ECHOES_FOLDED) {
        snprintf(text, sizeof text, "... %" PRIu32 " lines as before", fold->echoes);
        add_line(fold->transcript, fold->echo->time_us, "agent", text);
        fold->echoes = 0;
    }
    for (const struct entry *e = fold->echo; fold->echoes > 0; e++) {
        if (e->kind != ENTRY_AGENT_LINE)
            continue;
        add_entry(fold->transcript, e);
        fold->echoes--;
    }
}

static void flush(struct fold *fold)
{
    flush_attempts(fold);
    flush_echoes(fold);
}

static void note_gap(struct fold *fold, uint64_t gap_us)
{
    uint64_t rounded_us = (gap_us + 500000) / 1000000 * 1000000;

    if (fold->gaps > GAPS_SHOWN)
        return;
    if (fold->gaps > 0 && fold->gap_us[fold->gaps - 1] == rounded_us) {
        fold->gap_count[fold->gaps - 1]++;
        return;
    }
    if (fold->gaps < GAPS_SHOWN) {
        fold->gap_us[fold->gaps] = rounded_us;
        fold->gap_count[fold->gaps] = 1;
    }
    fold->gaps++;
}

static void on_attempt(struct fold *fold, const struct entry *entry)
{
    fold->hiding = fold->shown && alike(fold->recorder, fold->shown, entry);
    if (!fold->hiding) {
        flush(fold);
        fold->shown = entry;
    } else {
        if (fold->count++ == 0) {
            fold->first_us = entry->time_us;
            fold->first_retry = entry->retry;
        }
        fold->last_us = entry->time_us;
        fold->last_retry = entry->retry;
        note_gap(fold, entry->time_us - fold->previous->time_us);
    }
    fold->previous = entry;
}

/* Whether the last such entry of the same author said the same. */
static bool repeats(const struct recorder *r, const struct entry *entry)
{
    for (const struct entry *e = entry; e > r->entry;) {
        e--;
        if (e->kind == ENTRY_REPEAT && strcmp(e->who, entry->who) == 0)
            return strcmp(e->text, entry->text) == 0;
    }
    return false;
}

static bool said_before(const struct fold *fold, const struct entry *entry)
{
    for (const struct entry *e = fold->recorder->entry; e < fold->agent; e++)
        if (e->kind == ENTRY_AGENT_LINE && strcmp(e->text, entry->text) == 0)
            return true;
    return false;
}

static void on_entry(struct fold *fold, const struct entry *entry)
{
    if (entry->kind == ENTRY_AGENT_LINE && said_before(fold, entry)) {
        if (fold->echoes++ == 0) {
            flush_attempts(fold);
            fold->echo = entry;
        }
        return;
    }
    if (entry->kind == ENTRY_ATTEMPT) {
        on_attempt(fold, entry);
        return;
    }
    if (entry->kind == ENTRY_ATTEMPT_PART && fold->hiding)
        return;
    if (entry->kind == ENTRY_REPEAT && repeats(fold->recorder, entry))
        return;
    flush(fold);
    if (entry->kind == ENTRY_NEWS)
        fold->shown = NULL;
    if (entry->kind == ENTRY_AGENT_START)
        fold->agent = entry;
    add_entry(fold->transcript, entry);
}

bool transcript_build(const struct recorder *recorder, struct transcript *transcript)
{
    struct fold fold = {.recorder = recorder, .transcript = transcript, .agent = recorder->entry};

    memset(transcript, 0, sizeof(*transcript));
    for (size_t i = 0; i < recorder->entries; i++)
        on_entry(&fold, &recorder->entry[i]);
    flush(&fold);
    return !transcript->out_of_memory;
}

void transcript_free(struct transcript *transcript)
{
    for (size_t i = 0; i < transcript->lines; i++)
        free(transcript->line[i].text);
    free(transcript->line);
    memset(transcript, 0, sizeof(*transcript));
}

void transcript_head(const struct run *run, FILE *out)
{
    fprintf(out, "release %s, OEM profile %s%s, seed %" PRIu64, run->release->name, run->oem_name,
            run->blind_to_dhcp ? ", blind to DHCP while closed" : "", run->seed);
}

void transcript_print(const struct transcript *transcript, FILE *out)
{
    char time[32];

    for (size_t i = 0; i < transcript->lines; i++) {
        const struct transcript_line *line = &transcript->line[i];

        fprintf(out, "%13s  %-5s  %s\n", transcript_time(line->time_us, time), line->who,
                line->text);
    }
}

/* One side of a row, given out piece by piece. */
struct cell {
    const char *who;
    const char *rest; /* NULL = nothing more */
    uint32_t rows;
};

static struct cell cell_of(const struct transcript_line *line)
{
    return (struct cell){line ? line->who : "", line ? line->text : NULL, 0};
}

#define CELL_AUTHOR 7 /* the author's name, at most five characters, and blanks */
#define ROW_MARGIN 18 /* the time, and the bar between the columns */

int transcript_column(unsigned long line)
{
    if (line < ROW_MARGIN + 2 * TRANSCRIPT_COLUMN_MIN)
        return TRANSCRIPT_COLUMN_MIN;
    if (line > ROW_MARGIN + 2 * TRANSCRIPT_COLUMN_MAX)
        return TRANSCRIPT_COLUMN_MAX;
    return (int)(line - ROW_MARGIN) / 2;
}

/* How much of the text goes on this row: up to a blank if there is one to break at. */
static size_t fitting(const char *text, size_t room)
{
    size_t len = strlen(text), end = room;

    if (len <= room)
        return len;
    while (end > room / 2 && text[end] != ' ')
        end--;
    return text[end] == ' ' ? end : room;
}

static void cell_row(struct cell *cell, int column, char out[TRANSCRIPT_COLUMN_MAX + 1])
{
    const size_t width = (size_t)column, room = width - CELL_AUTHOR;

    memset(out, ' ', width);
    out[width] = '\0';
    if (!cell->rest)
        return;
    size_t len = fitting(cell->rest, room);
    const char *next = cell->rest + len;
    next += strspn(next, " ");
    bool cut = *next && cell->rows + 1 == TRANSCRIPT_ROWS;
    if (cut && len > room - 3)
        len = room - 3;
    if (cell->rows == 0)
        memcpy(out, cell->who, strlen(cell->who));
    memcpy(out + CELL_AUTHOR, cell->rest, len);
    if (cut)
        memcpy(out + CELL_AUTHOR + len, "...", 3);
    cell->rest = *next && !cut ? next : NULL;
    cell->rows++;
}

static void print_row(const struct transcript_line *left, const struct transcript_line *right,
                      int column, FILE *out)
{
    struct cell a = cell_of(left), b = cell_of(right);
    char time[32], left_text[TRANSCRIPT_COLUMN_MAX + 1], right_text[TRANSCRIPT_COLUMN_MAX + 1];

    transcript_time(left ? left->time_us : right->time_us, time);
    do {
        cell_row(&a, column, left_text);
        cell_row(&b, column, right_text);
        for (size_t end = strlen(right_text); end > 0 && right_text[end - 1] == ' '; end--)
            right_text[end - 1] = '\0';
        fprintf(out, "%13s  %s |%s%s\n", time, left_text, right_text[0] ? " " : "", right_text);
        time[0] = '\0';
    } while (a.rest || b.rest);
}

static bool same_moment(const struct transcript_line *a, const struct transcript_line *b)
{
    return a->time_us / 1000 == b->time_us / 1000;
}

/* Whether `line` has its like among the lines of the same moment from *at on. */
static bool comes_later(const struct transcript_line *line, const struct transcript *t, size_t at)
{
    for (; at < t->lines && same_moment(line, &t->line[at]); at++)
        if (strcmp(line->who, t->line[at].who) == 0 && strcmp(line->text, t->line[at].text) == 0)
            return true;
    return false;
}

/* Of the next lines of both sides, takes off the row the one that is not its turn yet. */
static void choose_row(const struct transcript *left, size_t i, const struct transcript *right,
                       size_t j, const struct transcript_line **a, const struct transcript_line **b)
{
    *a = i < left->lines ? &left->line[i] : NULL;
    *b = j < right->lines ? &right->line[j] : NULL;
    if (!*a || !*b)
        return;
    if (!same_moment(*a, *b)) {
        if ((*a)->time_us < (*b)->time_us)
            *b = NULL;
        else
            *a = NULL;
        return;
    }
    bool same_who = strcmp((*a)->who, (*b)->who) == 0;
    if (same_who && strcmp((*a)->text, (*b)->text) == 0)
        return;
    if (comes_later(*a, right, j + 1))
        *a = NULL;
    else if (!same_who || comes_later(*b, left, i + 1))
        *b = NULL;
}

void transcript_print_pair(const struct transcript *left, const struct transcript *right,
                           const char *left_name, const char *right_name, int column, FILE *out)
{
    const struct transcript_line *a, *b;

    fprintf(out, "%13s  %-*.*s | %.*s\n", "", column, column, left_name, column, right_name);
    for (size_t i = 0, j = 0; i < left->lines || j < right->lines;) {
        choose_row(left, i, right, j, &a, &b);
        print_row(a, b, column, out);
        i += a != NULL;
        j += b != NULL;
    }
}
