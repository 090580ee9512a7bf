// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/core/wipe.h"
#include "sim/scenario/reader.h"

/* Splits the words of one line in place. Returns false after an error. */
static bool split_line(struct reader *r, size_t at, size_t end)
{
    char *words = r->scenario->words;

    r->words = r->next_word = 0;
    while (at < end) {
        if (words[at] == ' ' || words[at] == '\t') {
            at++;
            continue;
        }
        if (words[at] == '#')
            break;
        if (r->words == SCENARIO_WORDS)
            return reader_fail(r, "too many words on one line; expected at most %u",
                               SCENARIO_WORDS);
        struct reader_word *word = &r->word[r->words++];
        *word = (struct reader_word){.start = at, .quoted = words[at] == '"'};
        at += word->quoted;
        word->text = words + at;
        while (at < end && (word->quoted ? words[at] != '"' : !strchr(" \t", words[at])))
            at++;
        if (word->quoted && at == end)
            return reader_fail(r, "missing closing double quote");
        words[at] = '\0';
        at++;
        word->end = word->quoted ? at : at - 1;
    }
    return true;
}

static bool check_bytes(struct reader *r, size_t at, size_t end)
{
    for (size_t i = at; i < end; i++) {
        unsigned char c = (unsigned char)r->scenario->words[i];

        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return reader_fail(r, "invalid byte 0x%02x; expected text", (unsigned)c);
    }
    return true;
}

static bool release_number(const char *text)
{
    for (;;) {
        size_t digits = strspn(text, "0123456789");

        if (digits == 0 || digits > 4)
            return false;
        text += digits;
        if (*text == '\0')
            return true;
        if (*text++ != '.')
            return false;
    }
}

static bool read_condition(struct reader *r, const char *word, struct condition *condition)
{
    static const enum compare_op longest_first[] = {OP_LE, OP_GE, OP_LT, OP_GT};

    *condition = (struct condition){OP_EQ, word};
    for (size_t i = 0; i < sizeof longest_first / sizeof longest_first[0]; i++) {
        const char *op = compare_op_names[longest_first[i]];

        if (strncmp(word, op, strlen(op)) == 0) {
            *condition = (struct condition){longest_first[i], word + strlen(op)};
            break;
        }
    }
    if (!release_number(condition->release))
        return reader_fail(
            r, "invalid release \"%s\" after when; expected one like 5.0.2 or >=5.0.3", word);
    if (condition->op == OP_EQ && !release_find(word))
        return reader_fail(r, "unknown release \"%s\" after when", word);
    return true;
}

/* Takes `when ...` off the end of the line. */
static bool read_when(struct reader *r, struct step *step)
{
    uint32_t at = r->next_word;

    while (at < r->words && (r->word[at].quoted || strcmp(r->word[at].text, "when") != 0))
        at++;
    if (at == r->words)
        return true;
    if (at + 1 == r->words)
        return reader_fail(r, "missing release after when");
    if (r->words - at - 1 > SCENARIO_CONDITIONS)
        return reader_fail(r, "too many releases after when; expected at most %u",
                           SCENARIO_CONDITIONS);
    for (uint32_t i = at + 1; i < r->words; i++)
        if (!read_condition(r, r->word[i].text, &step->when[step->conditions++]))
            return false;
    r->words = at;
    return true;
}

static bool read_at(struct reader *r)
{
    uint64_t at_us;
    char text[32];

    r->next_word++;
    if (!reader_time(r, "time", &at_us))
        return false;
    if (r->timed && at_us < r->at_us)
        return reader_fail(r, "time goes back; expected %s or later",
                           scenario_time_text(r->at_us, text));
    r->timed = true;
    r->at_us = at_us;
    return true;
}

static bool read_end(struct reader *r, struct step *step)
{
    if (!read_at(r) || !reader_line_end(r))
        return false;
    r->ended = true;
    step->kind = STEP_WAIT;
    step->at_us = r->at_us;
    return reader_add_step(r, step);
}

static void free_step(struct step *step)
{
    free(step->expect.times_us);
    free(step->stick.file);
    free(step->device.file);
    if (!step->plan)
        return;
    pem_file_free(&step->plan->certificate);
    pem_file_free(&step->plan->device_certificate);
    free(step->plan);
}

static bool read_line(struct reader *r)
{
    struct step step = {.line = r->line, .text = ""};

    if (r->words == 0)
        return true;
    if (r->ended)
        return reader_fail(r, "nothing may follow end");
    if (strcmp(r->word[0].text, "end") == 0)
        return read_end(r, &step);
    if (strcmp(r->word[0].text, "at") == 0 && !read_at(r))
        return false;
    step.setup = !r->timed;
    step.at_us = r->at_us;
    if (r->next_word == r->words) {
        step.kind = STEP_WAIT;
        return reader_add_step(r, &step);
    }
    if (!read_when(r, &step))
        return false;
    uint32_t first = r->next_word;
    if (first < r->words && strcmp(r->word[first].text, "refused") == 0) {
        step.refused = true;
        r->next_word++;
    }
    bool good = reader_action(r, &step) && reader_line_end(r);
    if (good) {
        char *source = r->scenario->source;
        step.text = source + r->word[first].start;
        source[r->word[r->words - 1].end] = '\0';
        good = reader_add_step(r, &step);
    }
    if (!good)
        free_step(&step);
    return good;
}

/* A scenario that says that it judges nothing has nothing to judge. */
static bool check_judging(struct reader *r)
{
    const struct scenario *scenario = r->scenario;
    uint32_t nothing = 0;

    for (size_t i = 0; i < scenario->steps; i++) {
        const struct step *step = &scenario->step[i];

        if (step->kind == STEP_JUDGES_NOTHING && !step->conditions)
            nothing = step->line;
        if (!nothing || (step->kind != STEP_EXPECT && !step->refused))
            continue;
        r->line = step->line;
        return reader_fail(r, "this judges, but line %" PRIu32 " says `judges nothing`", nothing);
    }
    return true;
}

static bool read_lines(struct reader *r, size_t len)
{
    struct scenario *scenario = r->scenario;

    for (size_t at = 0; at < len;) {
        const char *newline = memchr(scenario->words + at, '\n', len - at);
        size_t next = newline ? (size_t)(newline - scenario->words) + 1 : len + 1;
        size_t end = next - 1;

        r->line++;
        r->secret = false;
        if (end > at && scenario->words[end - 1] == '\r')
            end--;
        if (!check_bytes(r, at, end) || !split_line(r, at, end) || !read_line(r))
            return false;
        at = next;
    }
    if (!check_judging(r))
        return false;
    if (!scenario->release)
        return reader_fail(r, "missing release; expected a line `device RELEASE`");
    return true;
}

/* Insertion keeps the order of lines at the same time; only `cmos out for` steps move. */
static void sort_steps(struct scenario *scenario)
{
    for (size_t i = 1; i < scenario->steps; i++) {
        struct step moving = scenario->step[i];
        size_t to = i;

        while (to > 0 && scenario->step[to - 1].at_us > moving.at_us) {
            scenario->step[to] = scenario->step[to - 1];
            to--;
        }
        scenario->step[to] = moving;
    }
}

static char *copy_bytes(const char *text, size_t len)
{
    char *copy = malloc(len + 1);

    if (copy) {
        memcpy(copy, text, len);
        copy[len] = '\0';
    }
    return copy;
}

bool scenario_read(const char *file, const char *text, size_t len, struct scenario *scenario,
                   struct scenario_error *error)
{
    struct reader reader = {.scenario = scenario, .error = error};
    bool good = false;

    memset(scenario, 0, sizeof(*scenario));
    scenario->file = file;
    if (len > SCENARIO_BYTES) {
        snprintf(error->text, sizeof error->text, "%s: file too long; expected at most %u bytes",
                 file, SCENARIO_BYTES);
        return false;
    }
    scenario->source = copy_bytes(text, len);
    scenario->words = copy_bytes(text, len);
    scenario->len = len;
    if (scenario->source && scenario->words)
        good = read_lines(&reader, len);
    else
        snprintf(error->text, sizeof error->text, "%s: out of memory", file);
    if (!good) {
        scenario_free(scenario);
        return false;
    }
    sort_steps(scenario);
    return true;
}

bool scenario_load(const char *file, struct scenario *scenario, struct scenario_error *error)
{
    FILE *in = fopen(file, "rb");
    char *text = malloc(SCENARIO_BYTES + 1u);
    bool good = in && text;
    size_t len = 0;

    if (good) {
        len = fread(text, 1, SCENARIO_BYTES + 1u, in);
        good = !ferror(in);
    }
    if (!good)
        snprintf(error->text, sizeof error->text, "cannot %s %s: %s", in ? "read" : "open", file,
                 strerror(errno));
    if (in)
        fclose(in);
    good = good && scenario_read(file, text, len, scenario, error);
    if (text)
        wipe(text, SCENARIO_BYTES + 1u);
    free(text);
    return good;
}

void scenario_free(struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->steps; i++)
        free_step(&scenario->step[i]);
    free(scenario->step);
    free(scenario->source);
    if (scenario->words)
        wipe(scenario->words, scenario->len); /* with passwords and keys */
    free(scenario->words);
    memset(scenario, 0, sizeof(*scenario));
}
