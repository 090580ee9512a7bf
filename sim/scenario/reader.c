// SPDX-License-Identifier: BSD-3-Clause
#include "sim/scenario/reader.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/net/packet.h"

bool reader_fail(struct reader *r, const char *format, ...)
{
    struct scenario_error *error = r->error;
    uint32_t nth = error->faults++;
    va_list arguments;

    if (nth >= SCENARIO_FAULTS)
        return false;
    char *text = nth == 0 ? error->text : error->more[nth - 1];
    int used = snprintf(text, SCENARIO_FAULT, "%s:%" PRIu32 ": ", r->scenario->file,
                        r->line ? r->line : 1);
    if (used < 0 || (size_t)used >= SCENARIO_FAULT)
        return false;
    va_start(arguments, format);
    vsnprintf(text + used, SCENARIO_FAULT - (size_t)used, format, arguments);
    va_end(arguments);
    for (; *text; text++)
        if (iscntrl((unsigned char)*text))
            *text = '?'; /* the file's words would do something on a terminal */
    return false;
}

/* A word as messages may show it. */
static const char *printable_word(const struct reader *r, const char *word)
{
    return r->secret ? "***" : word;
}

const char *reader_peek(const struct reader *r)
{
    return r->next_word < r->words ? r->word[r->next_word].text : NULL;
}

bool reader_next_word(struct reader *r, const char *what, const char **word)
{
    *word = reader_peek(r);
    if (*word) {
        r->next_word++;
        return true;
    }
    if (r->secret || r->next_word == 0)
        return reader_fail(r, "missing %s; expected it at the end of the line", what);
    return reader_fail(r, "missing %s; expected it after \"%s\"", what,
                       r->word[r->next_word - 1].text);
}

/* The source keeps what transcripts show: not the secret. */
bool reader_secret(struct reader *r, const char *what, const char **word)
{
    r->secret = true;
    if (!reader_next_word(r, what, word))
        return false;
    const struct reader_word *taken = &r->word[r->next_word - 1];
    memset(r->scenario->source + taken->start, '*', taken->end - taken->start);
    return true;
}

bool reader_line_end(struct reader *r)
{
    const char *word = reader_peek(r);

    if (!word)
        return true;
    return reader_fail(r, "unexpected \"%s\"; expected the end of the line",
                       printable_word(r, word));
}

static void join_names(char *out, size_t cap, const char *const *list, size_t count)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < count && used < cap; i++) {
        const char *quote = strchr(list[i], ' ') ? "\"" : "";

        used += (size_t)snprintf(out + used, cap - used, "%s%s%s%s", i ? ", " : "", quote, list[i],
                                 quote);
    }
}

bool reader_once(struct reader *r, const char *word, size_t number, uint32_t *seen)
{
    bool first = !(*seen >> number & 1u);

    *seen |= UINT32_C(1) << number;
    return first || reader_fail(r, "\"%s\" stands on this line twice; expected it once", word);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether one letter too many, too few or wrong, two that changed places, or capitals are all that
 * makes the difference. */
static bool is_slip(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    size_t a_len = strlen(a), b_len = strlen(b);

    while (a_len && b_len && lower(a[a_len - 1]) == lower(b[b_len - 1])) {
        a_len--;
        b_len--;
    }
    if (a_len == 2 && b_len == 2)
        return lower(a[0]) == lower(b[1]) && lower(a[1]) == lower(b[0]);
    return a_len <= 1 && b_len <= 1;
}

#define SHORT_LIST 4 /* the reader sees it himself */

/* ", perhaps "expect"", or nothing. */
static const char *suggestion(const char *word, const char *const *list, size_t count, char out[60])
{
    out[0] = '\0';
    size_t letters = strcspn(word, "<=>!");

    for (size_t i = 0; word[letters] && i < count; i++) {
        if (strlen(list[i]) != letters || strncmp(word, list[i], letters) != 0)
            continue;
        snprintf(out, 60, ", perhaps \"%.20s\" and a blank", list[i]);
        return out;
    }
    if (count <= SHORT_LIST || strlen(word) < 3 || (word[0] >= '0' && word[0] <= '9'))
        return out;
    for (size_t i = 0; i < count; i++) {
        if (!is_slip(word, list[i]))
            continue;
        snprintf(out, 60, ", perhaps \"%.40s\"", list[i]);
        break;
    }
    return out;
}

bool reader_choose(struct reader *r, const char *what, const char *const *list, size_t count,
                   size_t *index)
{
    const char *word = reader_peek(r);
    char names[400], meant[60];

    for (size_t i = 0; word && i < count; i++) {
        if (strcmp(word, list[i]) == 0) {
            *index = i;
            r->next_word++;
            return true;
        }
    }
    join_names(names, sizeof names, list, count);
    const char *one_of = count > 1 ? "one of " : "";

    if (!word)
        return reader_fail(r, "missing %s; expected %s%s", what, one_of, names);
    return reader_fail(r, "unknown %s \"%s\"%s; expected %s%s", what, printable_word(r, word),
                       r->secret ? "" : suggestion(word, list, count, meant), one_of, names);
}

bool reader_on_off(struct reader *r, const char *what, bool *on)
{
    static const char *const list[] = {"off", "on"};
    size_t index = 0;

    if (!reader_choose(r, what, list, 2, &index))
        return false;
    *on = index == 1;
    return true;
}

bool reader_number(struct reader *r, const char *what, uint64_t min, uint64_t max, uint64_t *out)
{
    const char *word;
    uint64_t value = 0;

    if (!reader_peek(r))
        return reader_fail(r, "missing %s; expected a number from %" PRIu64 " to %" PRIu64, what,
                           min, max);
    if (!reader_next_word(r, what, &word))
        return false;
    bool good = word[0] != '\0';
    for (const char *p = word; *p && good; p++) {
        uint64_t digit = (uint64_t)(*p - '0');

        good = *p >= '0' && *p <= '9' && digit <= max && value <= (max - digit) / 10;
        value = value * 10 + digit;
    }
    if (!good || value < min)
        return reader_fail(r, "invalid %s \"%s\"; expected a number from %" PRIu64 " to %" PRIu64,
                           what, printable_word(r, word), min, max);
    *out = value;
    return true;
}

bool reader_ip(struct reader *r, const char *what, uint32_t *ip)
{
    const char *word;

    if (!reader_peek(r))
        return reader_fail(r, "missing %s; expected an IPv4 address like 10.0.0.5", what);
    if (!reader_next_word(r, what, &word))
        return false;
    if (!ip_parse(word, ip) || *ip == 0)
        return reader_fail(r, "invalid %s \"%s\"; expected an IPv4 address like 10.0.0.5", what,
                           printable_word(r, word));
    return true;
}

bool reader_port(struct reader *r, uint16_t *port)
{
    uint64_t number;

    if (!reader_number(r, "port", 1, UINT16_MAX, &number))
        return false;
    *port = (uint16_t)number;
    return true;
}

#define A_TIME "expected one like 90s, 5m, 2m5s, 1h30m or 500ms, up to %uh"

bool reader_time(struct reader *r, const char *what, uint64_t *time_us)
{
    const char *word;

    if (!reader_peek(r))
        return reader_fail(r, "missing %s; " A_TIME, what, SCENARIO_LAST_H);
    if (!reader_next_word(r, what, &word))
        return false;
    if (!scenario_time(word, time_us))
        return reader_fail(r, "invalid %s \"%s\"; " A_TIME, what, printable_word(r, word),
                           SCENARIO_LAST_H);
    return true;
}

static bool is_dns_name(const char *name)
{
    size_t label = 0, length = 0;

    for (; *name; name++, length++) {
        bool letter = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') ||
                      (*name >= '0' && *name <= '9') || *name == '-' || *name == '_';

        if (*name == '.' ? label == 0 : !letter || label == 63)
            return false;
        label = *name == '.' ? 0 : label + 1;
    }
    return label > 0 && length <= 253;
}

#define A_NAME "expected one like corp.example: letters, digits, - and _ between dots"

bool reader_name(struct reader *r, const char *what, const char **name)
{
    if (!reader_peek(r))
        return reader_fail(r, "missing %s; " A_NAME, what);
    if (!reader_next_word(r, what, name))
        return false;
    if (!is_dns_name(*name))
        return reader_fail(r, "invalid %s \"%s\"; " A_NAME, what, printable_word(r, *name));
    return true;
}

bool reader_add_step(struct reader *r, const struct step *step)
{
    struct scenario *scenario = r->scenario;

    if (scenario->steps == SCENARIO_STEPS)
        return reader_fail(r, "too many steps; expected at most %u", SCENARIO_STEPS);
    if (scenario->steps == r->cap) {
        size_t cap = r->cap ? 2 * r->cap : 64;
        struct step *grown = realloc(scenario->step, cap * sizeof *grown);

        if (!grown)
            return reader_fail(r, "out of memory");
        scenario->step = grown;
        r->cap = cap;
    }
    scenario->step[scenario->steps++] = *step;
    return true;
}

char *reader_path(const struct reader *r, const char *name)
{
    const char *scenario = r->scenario->file, *slash = strrchr(scenario, '/');
    size_t folder = slash && name[0] != '/' ? (size_t)(slash - scenario) + 1 : 0;
    size_t len = strlen(name) + 1;
    char *path = malloc(folder + len);

    if (path) {
        memcpy(path, scenario, folder);
        memcpy(path + folder, name, len);
    }
    return path;
}
