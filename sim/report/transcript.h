// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_TRANSCRIPT_H
#define SIM_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/run/runner.h"

/* A run for people to read: one line per thing worth knowing, attempts that are alike folded. */

struct transcript_line {
    uint64_t time_us;
    const char *who;
    char *text;
};

struct transcript {
    struct transcript_line *line;
    size_t lines, cap;
    bool out_of_memory;
};

/* Borrows from the recorder, which must outlive the transcript. False when memory is out. */
bool transcript_build(const struct recorder *recorder, struct transcript *transcript);
void transcript_free(struct transcript *transcript);

/* "0:03:00.000" */
const char *transcript_time(uint64_t time_us, char out[32]);
/* "release 5.0.2, OEM profile bmp-off, seed 1" */
void transcript_head(const struct run *run, FILE *out);
void transcript_print(const struct transcript *transcript, FILE *out);

/* Characters of one side: at least, where nothing says how many fit, and at most. */
#define TRANSCRIPT_COLUMN_MIN 30
#define TRANSCRIPT_COLUMN 60
#define TRANSCRIPT_COLUMN_MAX 200
#define TRANSCRIPT_ROWS 3 /* a longer text is cut with "..." */

/* The widest column, within these bounds, of which two fit into a line of so many characters. */
int transcript_column(unsigned long line);
/* Two runs in two columns. Lines of the same time and author share a row. */
void transcript_print_pair(const struct transcript *left, const struct transcript *right,
                           const char *left_name, const char *right_name, int column, FILE *out);

#endif
