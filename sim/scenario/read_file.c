// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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
        while (at < end && (word->quoted ? words[at] != '"' : !strchr(" \t", words[at]))) {
            if (!word->quoted && (unsigned char)words[at] >= 0x80)
                return reader_fail(r, "a character that is not ASCII, outside double quotes; "
                                      "expected plain letters and blanks, and \" for quotes");
            at++;
        }
        if (word->quoted && at == end)
            return reader_fail(r, "missing closing double quote; expected one on the same line");
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

        if ((c >= 0x20 || c == '\t') && c != 0x7f)
            continue;
        bool told = r->faulty_byte;
        r->faulty_byte = true;
        return !told && reader_fail(r, "invalid byte 0x%02x; expected text", (unsigned)c);
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
        return reader_fail(r, "unknown release \"%s\" after when; see `proviso releases`", word);
    return true;
}

static bool concerns_any(const struct step *step)
{
    uint32_t count;
    const struct release *const *release = release_table(&count);

    for (uint32_t i = 0; i < count; i++)
        if (step_applies_to(step, release[i]))
            return true;
    return false;
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
        return reader_fail(r, "missing release after when; expected one like 5.0.2 or >=5.0.3");
    if (r->words - at - 1 > SCENARIO_CONDITIONS)
        return reader_fail(r, "too many releases after when; expected at most %u",
                           SCENARIO_CONDITIONS);
    for (uint32_t i = at + 1; i < r->words; i++)
        if (!read_condition(r, r->word[i].text, &step->when[step->conditions++]))
            return false;
    r->words = at;
    return concerns_any(step) ||
           reader_fail(r, "no release fits this when; see `proviso releases`");
}

/* "5m", or "+30s" from the line above. */
static bool read_moment(struct reader *r, bool timed, uint64_t *at_us)
{
    struct reader_word *word = &r->word[r->next_word];
    bool relative = r->next_word < r->words && word->text[0] == '+';

    if (relative)
        word->text++;
    if (!reader_time(r, "time", at_us))
        return false;
    if (relative) {
        *at_us += r->at_us;
        return timed || reader_fail(r, "nothing above has a time; expected `at TIME` without +");
    }
    return r->repeat_line == 0 || reader_fail(r,
                                              "a time inside the repetition of line %" PRIu32
                                              " counts from the line above; expected one like +30s",
                                              r->repeat_line);
}

static bool read_at(struct reader *r)
{
    uint64_t at_us;
    char text[32];
    bool timed = r->timed;

    r->next_word++;
    r->timed = true; /* also after a fault: the lines below have a time, whichever it is */
    if (!read_moment(r, timed, &at_us))
        return false;
    if (timed && at_us < r->at_us)
        return reader_fail(r, "time goes back; expected %s or later",
                           scenario_time_text(r->at_us, text));
    if (at_us > SCENARIO_LAST_US)
        return reader_fail(r, "time too late; expected one up to %uh", SCENARIO_LAST_H);
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
    if (step->copy)
        return;
    free(step->expect.times_us);
    free(step->stick.file);
    free(step->device.file);
    if (!step->plan)
        return;
    pem_file_free(&step->plan->certificate);
    pem_file_free(&step->plan->device_certificate);
    free(step->plan);
}

/* What people write who know other languages. */
static bool check_first_word(struct reader *r)
{
    const char *word = r->word[0].text;

    if (strncmp(word, "//", 2) == 0 || word[0] == ';')
        return reader_fail(r, "\"%s\" begins no comment; expected #", word);
    if (strcasecmp(word, "at") != 0 && strcasecmp(word, "end") != 0)
        return true;
    r->timed = true;
    return reader_fail(r, "unknown word \"%s\"; expected small letters", word);
}

static bool read_line(struct reader *r)
{
    struct step step = {.line = r->line, .text = ""};

    if (r->words == 0)
        return true;
    if (r->ended) {
        bool told = r->faulty_end;

        r->faulty_end = true;
        return !told && reader_fail(r, "nothing may follow `end`, the last line");
    }
    if (strcmp(r->word[0].text, "end") == 0)
        return read_end(r, &step);
    if (strcmp(r->word[0].text, "at") == 0 ? !read_at(r) : !check_first_word(r))
        return false;
    step.setup = !r->timed;
    step.at_us = r->at_us;
    if (r->next_word < r->words && strcmp(r->word[r->next_word].text, "repeat") == 0) {
        r->next_word++;
        return reader_repeat(r);
    }
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
    if (!good) {
        r->faulty_device |= strspn(r->word[first].text, "Ddevic") > 3; /* also misspelt */
        r->faulty_plan |= step.kind == STEP_SCA_PLAN;
        free_step(&step);
    }
    return good;
}

#define UTF8_MARK "\xEF\xBB\xBF"
#define UTF16_MARK "\xFF\xFE"
#define UTF16_MARK_BIG "\xFE\xFF"

/* Where the text begins: editors put a mark before it. False: it is in another encoding. */
static bool skip_mark(struct reader *r, const char *text, size_t len, size_t *at)
{
    *at = len >= 3 && memcmp(text, UTF8_MARK, 3) == 0 ? 3 : 0;
    if (len < 2 || (memcmp(text, UTF16_MARK, 2) != 0 && memcmp(text, UTF16_MARK_BIG, 2) != 0))
        return true;
    return reader_fail(r, "the file is written in UTF-16; expected UTF-8 or ASCII, as an editor's "
                          "\"save as\" offers");
}

/* Every line, also below a faulty one. */
static void read_lines(struct reader *r, size_t len)
{
    struct scenario *scenario = r->scenario;
    size_t at;

    if (!skip_mark(r, scenario->words, len, &at))
        return;
    while (at < len) {
        const char *newline = memchr(scenario->words + at, '\n', len - at);
        size_t next = newline ? (size_t)(newline - scenario->words) + 1 : len + 1;
        size_t end = next - 1;

        r->line++;
        r->secret = false;
        if (end > at && scenario->words[end - 1] == '\r')
            end--;
        bool good = check_bytes(r, at, end) && split_line(r, at, end);
        if (!good && r->words && strcmp(r->word[0].text, "at") == 0)
            r->timed = true; /* as below a faulty time */
        if ((!good || !read_line(r)) && scenario->steps == SCENARIO_STEPS)
            return;
        at = next;
    }
    if (!scenario->release && !r->faulty_device)
        reader_fail(r, "missing release; expected a line like `device 5.0.2`");
    if (r->repeat_line) {
        r->line = r->repeat_line;
        reader_fail(r, "a repetition without an end; expected `repeat end` below");
    }
    reader_check_file(r);
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

    error->faults = 0;
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
    bool room = scenario->source && scenario->words;
    if (room)
        read_lines(&reader, len);
    else
        snprintf(error->text, sizeof error->text, "%s: out of memory", file);
    if (!room || error->faults) {
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

    error->faults = 0;
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
