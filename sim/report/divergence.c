// SPDX-License-Identifier: BSD-3-Clause
#include "sim/report/divergence.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/transcript.h"

/* How much of the text's beginning is the release: its version in three parts, or its name; else 0.
 */
static size_t own_name(const char *text, const struct release *release)
{
    size_t version = strlen(release->version), name = strlen(release->name);

    if (strncmp(text, release->version, version) == 0)
        return version;
    return strncmp(text, release->name, name) == 0 ? name : 0;
}

/* Equal when each side's own release is taken for the same word. */
static bool same_text(const char *a, const struct release *left, const char *b,
                      const struct release *right)
{
    while (*a && *b) {
        size_t a_len = own_name(a, left), b_len = own_name(b, right);

        if (a_len && b_len) {
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

static bool alike(const struct entry *a, const struct run *left, const struct entry *b,
                  const struct run *right)
{
    if (strcmp(a->who, b->who) != 0)
        return false;
    if (is_build(a) && is_build(b))
        return true;
    return a->retry == b->retry && same_optional(a->source, b->source) &&
           same_optional(a->reason, b->reason) &&
           same_text(a->text, left->release, b->text, right->release);
}

static bool same_moment(uint64_t a_us, uint64_t b_us)
{
    return a_us / 1000 == b_us / 1000;
}

/* An attempt's beginning shows nothing itself: what it does follows. */
static bool counts(const struct entry *entry)
{
    return entry->kind != ENTRY_CHECK && entry->kind != ENTRY_ATTEMPT;
}

/* The first entry from `at` on that counts; the number of entries when there is none. */
static size_t next_counting(const struct run *run, size_t at)
{
    const struct recorder *r = &run->recorder;

    while (at < r->entries && !counts(&r->entry[at]))
        at++;
    return at;
}

static const struct entry *entry_at(const struct run *run, size_t at)
{
    return at < run->recorder.entries ? &run->recorder.entry[at] : NULL;
}

/* The same at the same time, from the beginning; i and j are then the first that differ. */
static void match_beginning(struct divergences *d, size_t *i, size_t *j)
{
    const struct run *left = d->run[0], *right = d->run[1];

    for (;; (*i)++, (*j)++) {
        *i = next_counting(left, *i);
        *j = next_counting(right, *j);
        const struct entry *a = entry_at(left, *i), *b = entry_at(right, *j);

        if (!a || !b || !same_moment(a->time_us, b->time_us) || !alike(a, left, b, right))
            return;
        d->matched[0][*i] = d->matched[1][*j] = true;
    }
}

static void match_rest(struct divergences *d, size_t i, size_t j)
{
    const struct run *left = d->run[0], *right = d->run[1];
    const struct entry *a, *b;

    for (; (a = entry_at(left, i)); i = next_counting(left, i + 1)) {
        while ((b = entry_at(right, j)) && b->time_us + DIVERGENCE_TOLERANCE_US < a->time_us)
            j++;
        for (size_t k = next_counting(right, j);
             (b = entry_at(right, k)) && b->time_us <= a->time_us + DIVERGENCE_TOLERANCE_US;
             k = next_counting(right, k + 1)) {
            if (d->matched[1][k] || !alike(a, left, b, right))
                continue;
            d->matched[0][i] = d->matched[1][k] = true;
            break;
        }
    }
}

/* The next one of a side that the other does not have. */
static size_t next_unmatched(const struct divergences *d, int side, size_t at)
{
    const struct run *run = d->run[side];

    at = next_counting(run, at);
    while (at < run->recorder.entries && d->matched[side][at])
        at = next_counting(run, at + 1);
    return at;
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

static bool acts(const struct step *step)
{
    return step->kind != STEP_EXPECT && step->kind != STEP_MARK && step->kind != STEP_WAIT &&
           step->kind != STEP_JUDGES_NOTHING;
}

/* Both run the same scenario. */
static bool on_one_side(size_t step, const struct run *left, const struct run *right)
{
    return acts(&left->scenario->step[step]) && left->played[step] != right->played[step];
}

static bool is_input(const struct divergences *d, uint64_t time_us)
{
    const struct scenario *scenario = d->run[0]->scenario;

    for (size_t i = 0; scenario && i < scenario->steps; i++)
        if (same_moment(scenario->step[i].at_us, time_us) && on_one_side(i, d->run[0], d->run[1]))
            return true;
    return false;
}

/* What a side has alone at that moment, from entry `at` on: the first, and whether a rule speaks.
 * Leaves `at` behind them. */
static const struct entry *take_moment(const struct divergences *d, int side, uint64_t time_us,
                                       size_t *at, bool *by_rule)
{
    const struct entry *first = NULL, *entry;

    *at = next_unmatched(d, side, *at);
    for (; (entry = entry_at(d->run[side], *at)) && same_moment(entry->time_us, time_us);
         *at = next_unmatched(d, side, *at + 1)) {
        if (!first)
            first = entry;
        *by_rule |= entry->reason || entry->source;
    }
    return first;
}

/* What a side that has nothing of its own at that moment says next. */
static const struct entry *entry_after(const struct run *run, uint64_t time_us)
{
    size_t at = next_counting(run, 0);
    const struct entry *entry;

    while ((entry = entry_at(run, at)) && entry->time_us / 1000 <= time_us / 1000)
        at = next_counting(run, at + 1);
    return entry;
}

static bool add_divergence(struct divergences *d, const struct divergence *divergence)
{
    if (d->count == d->cap) {
        size_t cap = d->cap ? 2 * d->cap : 64;
        struct divergence *grown = realloc(d->list, cap * sizeof *grown);

        if (!grown)
            return false;
        d->list = grown;
        d->cap = cap;
    }
    d->list[d->count++] = *divergence;
    return true;
}

/* The moment of the first of two entries, one of which may be NULL. */
static uint64_t earlier(const struct entry *a, const struct entry *b)
{
    return !b || (a && a->time_us < b->time_us) ? a->time_us : b->time_us;
}

static bool says_rule(const struct entry *entry)
{
    return entry && entry->reason;
}

static bool list_moments(struct divergences *d)
{
    size_t at[2] = {next_unmatched(d, 0, 0), next_unmatched(d, 1, 0)};

    for (;;) {
        const struct entry *a = entry_at(d->run[0], at[0]), *b = entry_at(d->run[1], at[1]);
        struct divergence found = {.by_rule = false};

        if (!a && !b)
            return true;
        found.time_us = earlier(a, b);
        for (int side = 0; side < 2; side++) {
            const struct entry *own =
                take_moment(d, side, found.time_us, &at[side], &found.by_rule);

            found.entry[side] = own ? own : entry_after(d->run[side], found.time_us);
            found.reason[side] = find_reason(d->run[side], found.entry[side], found.time_us);
        }
        /* Where one side's rule has words and the other's has none, what each did says more. */
        if (says_rule(found.reason[0]) != says_rule(found.reason[1]))
            for (int side = 0; side < 2; side++)
                if (found.entry[side] && found.entry[side]->source)
                    found.reason[side] = found.entry[side];
        found.by_input = is_input(d, found.time_us);
        if (!add_divergence(d, &found))
            return false;
    }
}

static size_t choose(const struct divergences *d)
{
    size_t by_rule = d->count;

    for (size_t i = 0; i < d->count; i++) {
        if (!d->list[i].by_rule)
            continue;
        if (!d->list[i].by_input)
            return i;
        if (by_rule == d->count)
            by_rule = i;
    }
    return by_rule < d->count ? by_rule : 0;
}

bool divergences_find(const struct run *left, const struct run *right, struct divergences *out)
{
    size_t i = 0, j = 0;

    *out = (struct divergences){.run = {left, right}};
    for (int side = 0; side < 2; side++) {
        out->matched[side] = calloc(out->run[side]->recorder.entries + 1, sizeof(bool));
        if (!out->matched[side])
            return false;
    }
    match_beginning(out, &i, &j);
    const struct entry *a = entry_at(left, i), *b = entry_at(right, j);
    match_rest(out, i, j);
    if (!list_moments(out))
        return false;
    /* They differ in times or in order alone. */
    if (out->count == 0 && (a || b)) {
        uint64_t time_us = earlier(a, b);

        return add_divergence(out,
                              &(struct divergence){.time_us = time_us,
                                                   .entry = {a, b},
                                                   .reason = {find_reason(left, a, time_us),
                                                              find_reason(right, b, time_us)}});
    }
    out->chosen = choose(out);
    return true;
}

void divergences_free(struct divergences *divergences)
{
    free(divergences->matched[0]);
    free(divergences->matched[1]);
    free(divergences->list);
    memset(divergences, 0, sizeof(*divergences));
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
    else if (reason == d->entry[side])
        fprintf(out, "that is this release's rule [%s]\n", reason->source);
    else
        fprintf(out, "%s\n", entry_text(reason, text));
}

/* A rule that fired alike on both sides before does not part them: what does, is in the release's
 * table. */
static bool same_rule(const struct entry *a, const struct entry *b)
{
    return a && b && same_optional(a->reason, b->reason) && same_optional(a->source, b->source) &&
           strcmp(a->text, b->text) == 0 && same_moment(a->time_us, b->time_us);
}

static void print_reasons(const struct divergences *d, const struct divergence *shown, FILE *out)
{
    if (!shown->by_rule && same_rule(shown->reason[0], shown->reason[1])) {
        fprintf(out, "  no rule that fired: a value of the release; see `proviso releases`\n");
        return;
    }
    print_reason(shown, 0, d->run[0], out);
    print_reason(shown, 1, d->run[1], out);
}

#define INPUTS_SHOWN 8

void divergence_print_inputs(const struct run *left, const struct run *right, FILE *out)
{
    const struct scenario *scenario = left->scenario;
    size_t count = 0;

    for (size_t i = 0; i < scenario->steps; i++) {
        const struct step *step = &scenario->step[i];
        const struct run *run = left->played[i] ? left : right;

        if (!on_one_side(i, left, right))
            continue;
        if (count++ == 0)
            fprintf(out, "The scenario itself differs:\n");
        if (count <= INPUTS_SHOWN)
            fprintf(out, "  %-8s line %" PRIu32 ": %s\n", run->release->name, step->line,
                    step->text);
    }
    if (count > INPUTS_SHOWN)
        fprintf(out, "  ... and %zu more lines\n", count - INPUTS_SHOWN);
    if (count)
        fputc('\n', out);
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void print_others(const struct divergences *d, FILE *out)
{
    size_t before = d->chosen, after = d->count - d->chosen - 1;
    char time[32];

    if (before)
        fprintf(out, "%zu before it, from %s on: by no rule, or by the scenario itself\n", before,
                transcript_time(d->list[0].time_us, time));
    if (after)
        fprintf(out, "%zu after it\n", after);
    fputs("--all lists every difference.\n", out);
}

void divergences_print(const struct divergences *d, FILE *out)
{
    const struct divergence *shown = &d->list[d->chosen];
    char time[32];

    fprintf(out, "First divergence at %s:\n", transcript_time(shown->time_us, time));
    print_side(shown, 0, d->run[0], out);
    print_side(shown, 1, d->run[1], out);
    fprintf(out, "Reason%s:\n", shown->by_input ? ", after what the scenario itself does" : "");
    print_reasons(d, shown, out);
    if (d->count > 1) {
        fputc('\n', out);
        print_others(d, out);
    }
}

void divergences_print_all(const struct divergences *d, FILE *out)
{
    size_t at[2] = {0, 0};
    char time[32], text[ENTRY_TEXT];

    fprintf(out, "%zu difference%s:\n", d->count, plural(d->count));
    for (size_t i = 0; i < d->count; i++) {
        const struct divergence *moment = &d->list[i];

        fprintf(out, "%s%s\n", transcript_time(moment->time_us, time),
                moment->by_input ? ", where the scenario itself differs" : "");
        for (int side = 0; side < 2; side++) {
            const struct entry *entry;

            at[side] = next_unmatched(d, side, at[side]);
            for (; (entry = entry_at(d->run[side], at[side])) &&
                   same_moment(entry->time_us, moment->time_us);
                 at[side] = next_unmatched(d, side, at[side] + 1))
                fprintf(out, "  %-8s %s: %s\n", d->run[side]->release->name, entry->who,
                        entry_text(entry, text));
        }
    }
}
