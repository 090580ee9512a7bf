// SPDX-License-Identifier: BSD-3-Clause
// links: @sim @fw @lwip
// once: it reads pages and words, which are single bytes
/* Every word that the reader of scenarios knows stands in GRAMMAR.md and in the editor's syntax
 * file. The reader itself says which words there are: it answers a wrong one with those that it
 * expected. */
#include "sim/scenario/scenario.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define WRONG "~"
#define DEPTH 9
#define WORDS 400
#define LINES 400

static char grammar[64 * 1024], syntax[32 * 1024];

/* Words that stand where any text may, so that no list of expected ones has them. */
static const char *const beside_text[] = {"at",   "end",   "when", "refused", "repeat",
                                          "none", "again", "add",  "off",     "silent"};

/* The beginning, and where a line goes on behind what may be any text. */
static const char *const behind_text[] = {
    "",
    "agent -activate",
    "lan rogue-dhcp 10.0.0.9",
    "mebx psk 0000-037M PPS",
    "usb tests/unit/sim/test_grammar.c",
    "mebx hash 1",
    "expect agent lines x",
    "expect hello to",
    "repeat 2",
    "console 10.0.0.8",
    "console 10.0.0.8 user add name password",
};

/* Lists that other pages have: trace events, releases, OEM profiles. */
static const char *const elsewhere[] = {"trace event", "release", "OEM profile"};

static char known[WORDS][64];
static size_t words;

static void load(const char *file, char *out, size_t cap)
{
    FILE *in = fopen(file, "rb");

    if (!in)
        fail_msg("cannot open %s", file);
    size_t len = fread(out, 1, cap - 1, in);
    assert_true(len > 0 && len < cap - 1);
    out[len] = '\0';
    fclose(in);
}

static bool is_part(char c)
{
    return isalnum((unsigned char)c) || c == '-' || c == '_';
}

/* As a whole word; in the grammar between backquotes. */
static bool stands_in(const char *text, const char *word, bool quoted)
{
    size_t len = strlen(word), quotes = 0;

    for (const char *p = text; *p; p++) {
        quotes += *p == '`';
        if (strncmp(p, word, len) == 0 && !is_part(p[len]) && (p == text || !is_part(p[-1])) &&
            (!quoted || quotes % 2 == 1))
            return true;
    }
    return false;
}

static void note_word(const char *word)
{
    for (size_t i = 0; i < words; i++)
        if (strcmp(known[i], word) == 0)
            return;
    assert_true(words < WORDS);
    snprintf(known[words++], sizeof known[0], "%s", word);
}

static bool is_elsewhere(const char *message)
{
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
        if (strstr(message, elsewhere[i]) &&
            strstr(message, elsewhere[i]) < strstr(message, "expected"))
            return true;
    return false;
}

/* The answer to a line that ends in a wrong word; "" when it was taken. */
static const char *answer_to(const char *line, char out[SCENARIO_FAULT])
{
    struct scenario scenario;
    struct scenario_error error = {.text = ""};
    char text[900];
    const char *timed = strncmp(line, "device", 6) == 0 || strncmp(line, "start", 5) == 0 ||
                                strncmp(line, "pc", 2) == 0 || strncmp(line, "judges", 6) == 0
                            ? ""
                            : "at 1m ";

    snprintf(text, sizeof text, "device 5.0.2\nsca 10.0.0.5 provision soap\n%s%s\n", timed, line);
    if (scenario_read("t", text, strlen(text), &scenario, &error))
        scenario_free(&scenario);
    snprintf(out, SCENARIO_FAULT, "%s", error.text);
    return out;
}

/* Beginnings of lines that are still to be tried. */
static struct {
    char line[200];
    int depth; /* how many words were found on the way */
} waiting[LINES];
static size_t lines;

static void go_on(const char *line, const char *word, int depth)
{
    if (depth > DEPTH)
        return;
    assert_true(lines < LINES);
    snprintf(waiting[lines].line, sizeof waiting[0].line,
             strchr(word, ' ') ? "%s%s\"%s\"" : "%s%s%s", line, *line && *word ? " " : "", word);
    waiting[lines++].depth = depth;
}

/* What follows a word depends on the list that it was chosen from: once is enough. */
static bool is_new_choice(const char *message, const char *item)
{
    static uint64_t seen[4 * WORDS];
    static size_t count;
    uint64_t hash = 14695981039346656037u; /* FNV-1a */

    for (const char *p = message; *p; p++)
        hash = (hash ^ (uint8_t)*p) * 1099511628211u;
    for (const char *p = item; *p; p++)
        hash = (hash ^ (uint8_t)*p) * 1099511628211u;
    for (size_t i = 0; i < count; i++)
        if (seen[i] == hash)
            return false;
    assert_true(count < sizeof seen / sizeof seen[0]);
    seen[count++] = hash;
    return true;
}

/* The next item of "a, "b c", d or e"; false at the end. */
static bool next_item(const char **at, char out[100])
{
    size_t len = strcspn(*at, ",");
    const char * or = strstr(*at, " or ");

    if (**at == '\0')
        return false;
    if (or &&(size_t)(or -*at) < len)
        len = (size_t)(or -*at);
    snprintf(out, 100, "%.*s", (int)len, *at);
    *at += len;
    *at += strncmp(*at, " or ", 4) == 0 ? 4 : strspn(*at, ", ");
    return true;
}

/* A word of the language, neither a number nor a description of what may stand there. */
static bool is_word(char *item)
{
    size_t len = strlen(item);

    if (len > 2 && item[0] == '"') {
        memmove(item, item + 1, len);
        item[len - 2] = '\0';
        return true;
    }
    return len > 0 && !strchr(item, ' ') && strcmp(item, "...") != 0 &&
           !isdigit((unsigned char)item[0]);
}

/* What a wrong word was expected to be, if that is not a word of the language. */
static const char *sample(const char *message)
{
    static const struct {
        const char *said, *sample;
    } table[] = {
        {"IPv4 address", "10.0.0.5"},
        {"expected a number", "1"},
        {"one like 90s", "1m"},
        {"one like corp.example", "a.example"},
        {"hexadecimal digits", "00"},
        {"one like PT_STATUS", "PT_STATUS_SUCCESS"},
        {"like CommitChanges", "CommitChanges"},
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strstr(message, table[i].said))
            return table[i].sample;
    return NULL;
}

/* Notes the words that may follow. */
static void try_line(const char *line, int depth)
{
    char message[SCENARIO_FAULT], wrong[300], item[100];
    bool found = false;

    snprintf(wrong, sizeof wrong, "%s%s" WRONG, line, *line ? " " : "");
    const char *expected = strstr(answer_to(wrong, message), "; expected ");

    if (strstr(message, "end of the line") || strstr(message, "stands on this line twice"))
        return;
    if (expected && strstr(message, "\"" WRONG "\"") && !is_elsewhere(message) &&
        !strstr(expected, "one like")) {
        const char *at = expected + strlen("; expected ");

        at += strncmp(at, "one of ", 7) == 0 ? 7 : 0;
        while (next_item(&at, item)) {
            if (!is_word(item))
                continue;
            found = true;
            note_word(item);
            if (is_new_choice(message, item))
                go_on(line, item, depth + 1);
        }
    }
    if (!found && sample(message))
        go_on(line, sample(message), depth + 1);
}

static void explore(const char *line)
{
    go_on(line, "", 0);
    while (lines > 0) {
        char next[sizeof waiting[0].line];
        int depth = waiting[--lines].depth;

        memcpy(next, waiting[lines].line, sizeof next);
        try_line(next, depth);
    }
}

static void every_word_is_described(void **state)
{
    (void)state;
    load("sim/scenarios/GRAMMAR.md", grammar, sizeof grammar);
    load("tools/vim/syntax/proviso.vim", syntax, sizeof syntax);
    for (size_t i = 0; i < sizeof beside_text / sizeof beside_text[0]; i++)
        note_word(beside_text[i]);
    for (size_t i = 0; i < sizeof behind_text / sizeof behind_text[0]; i++)
        explore(behind_text[i]);
    /* It did look: these stand at the ends of long lines. */
    assert_true(words > 150);
    for (size_t i = 0; i < words; i++) {
        if (!stands_in(grammar, known[i], true))
            print_error("not in GRAMMAR.md: %s\n", known[i]);
        if (!stands_in(syntax, known[i], false))
            print_error("not in proviso.vim: %s\n", known[i]);
    }
    for (size_t i = 0; i < words; i++)
        assert_true(stands_in(grammar, known[i], true) && stands_in(syntax, known[i], false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_word_is_described)};

    return cmocka_run_group_tests_name("grammar", tests, NULL, NULL);
}
