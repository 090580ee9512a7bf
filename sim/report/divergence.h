// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_DIVERGENCE_H
#define SIM_DIVERGENCE_H

#include <stdio.h>

#include "sim/run/runner.h"

/* Where two runs of one scenario differ: moments at which one of them has what the other has not.
 * Until they part the same must happen at the same time; after that what is alike may be
 * DIVERGENCE_TOLERANCE_US apart, for one frame more shifts the latencies of all that follow. The
 * releases' own names and the scripts' checks do not count. */

#define DIVERGENCE_TOLERANCE_US 1000000u

/* The side that has nothing of its own at that time: its entry is its next one, or NULL. */
struct divergence {
    uint64_t time_us;
    const struct entry *entry[2];  /* first that the other side does not have */
    const struct entry *reason[2]; /* the firmware's rule behind each, NULL = none known */
    bool by_rule;                  /* a rule of the firmware speaks in what differs */
    bool by_input;                 /* the scenario does something then on one side only */
};

struct divergences {
    const struct run *run[2];
    bool *matched[2]; /* of each entry: the other side has it, too */
    struct divergence *list;
    size_t count, cap;
    /* The one that is worth showing: the first by a rule and not by input, else the first by a
     * rule, else the first. */
    size_t chosen;
};

/* False: out of memory. In every case call divergences_free(). */
bool divergences_find(const struct run *left, const struct run *right, struct divergences *out);
void divergences_free(struct divergences *divergences);
/* The lines of the scenario that are played on one side only, expectations apart; nothing when
 * there are none. */
void divergence_print_inputs(const struct run *left, const struct run *right, FILE *out);
/* "First divergence at ...", each side's line and the reasons, and how many there are besides;
 * count must not be 0. */
void divergences_print(const struct divergences *divergences, FILE *out);
/* Every one, with all that either side has alone. */
void divergences_print_all(const struct divergences *divergences, FILE *out);

#endif
