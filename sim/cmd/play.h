// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_PLAY_H
#define SIM_PLAY_H

#include "sim/run/runner.h"
#include "sim/scenario/oem_file.h"

/* What `proviso run` and `proviso compare` share. Errors are printed; the function then returns
 * false. */

struct play_files {
    const char *pcap, *trace; /* paths, NULL = not wanted */
};

#define PLAY_RELEASES 8

struct play_arguments {
    const char *command;
    const char *file;
    const struct release *release[PLAY_RELEASES]; /* as given, each once */
    size_t releases, releases_max;
    struct run_options options; /* without release */
    struct oem_file oem_file;   /* what options.oem may point into */
    struct play_files files;
    bool quiet, help;
    bool all; /* every difference: `compare` */
};

/* command and releases_max are the caller's. */
bool play_read_arguments(struct play_arguments *arguments, int argc, char **argv);

/* Reads the scenario; each faulty line is a line on standard error. */
bool play_load(const char *file, struct scenario *scenario);

/* Plays the scenario; opens the files first and closes them afterwards. In every case call
 * run_free(). */
bool play_scenario(const char *command, const struct scenario *scenario,
                   const struct run_options *options, const struct play_files *files,
                   struct run *run);

/* Failed expectations, one line each on standard error. */
void play_report_failures(const struct run *run);
/* "12 expectations held", "2 of 12 expectations failed" */
void play_summary(const struct run *run, FILE *out);
/* Whether one of the runs of a scenario judged anything, or the scenario says that none does. */
bool play_judged(const char *command, const struct run *run, size_t runs);

#endif
