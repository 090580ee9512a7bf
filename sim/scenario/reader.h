// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_READER_H
#define SIM_READER_H

#include "sim/scenario/scenario.h"

/* Internals of the scenario reader: one line split into words, and the functions that consume them.
 * Every function that returns bool has written the error when it returns false. */

struct reader_word {
    char *text;
    size_t start, end; /* of the word as written, in the scenario's source */
    bool quoted;
};

struct reader {
    struct scenario *scenario;
    struct scenario_error *error;
    size_t cap; /* steps allocated */
    uint32_t line;
    bool timed;  /* an `at` was read */
    bool ended;  /* `end` was read */
    bool secret; /* the rest of the line is not to be quoted */
    /* A faulty line of this kind was told: what misses it, is not told as well. */
    bool faulty_device, faulty_plan, faulty_end, faulty_byte, faulty_repeat;
    uint64_t at_us;
    /* The repetition that the line stands in. */
    uint32_t repeat_line;                 /* where it begins; 0 = none */
    uint64_t rounds, round_us, repeat_us; /* how many, how long each, when the first begins */
    size_t repeat_step;                   /* its first step */
    struct reader_word word[SCENARIO_WORDS];
    uint32_t words, next_word;
};

/* One fault a line. */
bool reader_fail(struct reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* False if the word of this number was on the line before; for lines that take each word once. */
bool reader_once(struct reader *r, const char *word, size_t number, uint32_t *seen);
const char *reader_peek(const struct reader *r); /* NULL at the end of the line */
bool reader_next_word(struct reader *r, const char *what, const char **word);
/* A word that no message and no transcript may show. */
bool reader_secret(struct reader *r, const char *what, const char **word);
bool reader_line_end(struct reader *r); /* nothing may be left */
/* The next word as an index into `list`; the message names the whole list. */
bool reader_choose(struct reader *r, const char *what, const char *const *list, size_t count,
                   size_t *index);
bool reader_on_off(struct reader *r, const char *what, bool *on);
bool reader_number(struct reader *r, const char *what, uint64_t min, uint64_t max, uint64_t *out);
bool reader_ip(struct reader *r, const char *what, uint32_t *ip);
bool reader_port(struct reader *r, uint16_t *port);
bool reader_time(struct reader *r, const char *what, uint64_t *time_us);
bool reader_name(struct reader *r, const char *what, const char **name); /* a DNS name */
/* The path of a file that a scenario names relative to its own folder. The caller frees it; NULL:
 * out of memory.
 */
char *reader_path(const struct reader *r, const char *name);
bool reader_add_step(struct reader *r, const struct step *step);

/* Reads what follows the time; fills the step and sets its kind. */
bool reader_action(struct reader *r, struct step *step);
/* Behind `repeat`: the beginning or the end of a repetition. */
bool reader_repeat(struct reader *r);
/* What is on the machine's network. */
bool reader_lan(struct reader *r, struct step *step);
bool reader_dns(struct reader *r, struct step *step);
bool reader_firewall(struct reader *r, struct step *step);
bool reader_sca(struct reader *r, struct step *step);
bool reader_mebx(struct reader *r, struct step *step);
bool reader_usb(struct reader *r, struct step *step);
/* Behind `sca IP`: provision, ask, clock. */
bool reader_sca_provision(struct reader *r, struct step *step);
bool reader_sca_ask(struct reader *r, struct step *step);
bool reader_sca_clock(struct reader *r, struct step *step);
bool reader_console(struct reader *r, struct step *step);
bool reader_press(struct reader *r, struct step *step);
/* A text with the escapes of what is typed. */
bool reader_keys(struct reader *r, bool secret, const char **keys);
bool reader_expect(struct reader *r, struct step *step);
/* Of the whole file: words that contradict each other. Every line that does is a fault. */
void reader_check_file(struct reader *r);

#endif
