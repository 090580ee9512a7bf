// SPDX-License-Identifier: BSD-3-Clause
#include "sim/report/divergence.h"

#include <inttypes.h>
#include <string.h>

#include "sim/report/transcript.h"

/* Equal when each side's own release name is taken for the same word. */
static bool same_text(const char *a, const char *a_name, const char *b, const char *b_name)
{
    size_t a_len = strlen(a_name), b_len = strlen(b_name);

    while (*a && *b) {
        if (strncmp(a, a_name, a_len) == 0 && strncmp(b, b_name, b_len) == 0) {
            a += a_len;
            b += b_len;
        } else if (*a++ != *b++) {
            return false;
        }
    }
    return *a == *b;
}

static bool same_optional(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* A release's build number is part of its name. */
static bool is_build(const struct entry *entry)
{
    return entry->kind == ENTRY_AGENT_LINE && (strncmp(entry->text, "Build Number", 12) == 0 ||
                                               strncmp(entry->text, "Recovery Build Num", 18) == 0);
}

static bool same_entry(const struct entry *a, const struct run *left, const struct entry *b,
                       const struct run *right)
{
    if (a->time_us / 1000 != b->time_us / 1000 || strcmp(a->who, b->who) != 0)
        return false;
    if (is_build(a) && is_build(b))
        return true;
    return a->retry == b->retry && same_optional(a->source, b->source) &&
           same_optional(a->reason, b->reason) &&
           same_text(a->text, left->release->name, b->text, right->release->name);
}

static const struct entry *next_entry(const struct run *run, size_t *at)
{
    const struct recorder *r = &run->recorder;

    while (*at < r->entries && r->entry[*at].kind == ENTRY_CHECK)
        (*at)++;
    return *at < r->entries ? &r->entry[(*at)++] : NULL;
}

/* The rule that decided: the next one of the same moment, else the entry's own, else the last
 * before it. */
static const struct entry *find_reason(const struct run *run, const struct entry *entry,
                                       uint64_t time_us)
{
    const struct recorder *r = &run->recorder;
    const struct entry *before = NULL;

    for (size_t i = 0; i < r->entries; i++) {
        const struct entry *e = &r->entry[i];

        if (e->time_us / 1000 > time_us / 1000)
            break;
        if (entry && e >= entry && e->reason)
            return e;
        if (e->source && (!entry || e <= entry))
            before = e;
    }
    return before;
}

bool divergence_find(const struct run *left, const struct run *right, struct divergence *out)
{
    const struct entry *a, *b;
    size_t i = 0, j = 0;

    memset(out, 0, sizeof(*out));
    do {
        a = next_entry(left, &i);
        b = next_entry(right, &j);
        if (!a && !b)
            return false;
    } while (a && b && same_entry(a, left, b, right));
    out->entry[0] = a;
    out->entry[1] = b;
    out->time_us = !b || (a && a->time_us < b->time_us) ? a->time_us : b->time_us;
    out->reason[0] = find_reason(left, a, out->time_us);
    out->reason[1] = find_reason(right, b, out->time_us);
    return true;
}

static void print_side(const struct divergence *d, int side, const struct run *run, FILE *out)
{
    const struct entry *entry = d->entry[side];
    char time[32], text[ENTRY_TEXT];

    fprintf(out, "  %-8s ", run->release->name);
    if (!entry) {
        fprintf(out, "nothing more\n");
        return;
    }
    if (entry->time_us / 1000 != d->time_us / 1000)
        fprintf(out, "nothing until %s: ", transcript_time(entry->time_us, time));
    fprintf(out, "%s: %s\n", entry->who, entry_text(entry, text));
}

static void print_reason(const struct divergence *d, int side, const struct run *run, FILE *out)
{
    const struct entry *reason = d->reason[side];
    char time[32], text[ENTRY_TEXT];

    fprintf(out, "  %-8s ", run->release->name);
    if (!reason) {
        fprintf(out, "no rule has fired yet\n");
        return;
    }
    if (reason->time_us / 1000 != d->time_us / 1000)
        fprintf(out, "since %s: ", transcript_time(reason->time_us, time));
    if (reason->reason)
        fprintf(out, "%s [%s]\n", reason->reason, reason->source ? reason->source : "no source");
    else
        fprintf(out, "%s\n", entry_text(reason, text));
}

void divergence_print(const struct divergence *divergence, const struct run *left,
                      const struct run *right, FILE *out)
{
    char time[32];

    fprintf(out, "First divergence at %s:\n", transcript_time(divergence->time_us, time));
    print_side(divergence, 0, left, out);
    print_side(divergence, 1, right, out);
    fprintf(out, "Reason:\n");
    print_reason(divergence, 0, left, out);
    print_reason(divergence, 1, right, out);
}
