// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_SEARCH_H
#define EXPLORE_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/explore/acts.h"
#include "tests/explore/path.h"

/* Breadth first from a root: every act in every state, states told apart by abstraction_hash(). */

struct search_options {
    act_set alphabet;
    int depth;        /* at most */
    double seconds;   /* of processor time, at most */
    bool probe;       /* in each new state: does the owner get in? */
    bool audit;       /* walk the device and compare; takes a third of the search's time */
    bool go_on;       /* beyond states in which something was violated */
    bool loud;        /* a line for each depth */
    const char *save; /* a folder for the paths that are found; NULL = print them only */
};

struct search_result {
    uint32_t states;
    uint64_t transitions;
    int depth;        /* searched to the end */
    bool fixed_point; /* there is nothing beyond it */
    double seconds;
    uint64_t bytes;         /* of all states */
    uint32_t found;         /* violations, as bits */
    uint32_t probes;        /* log-ins of the owner */
    uint32_t longest_ms;    /* the longest of them */
    uint64_t agree, differ; /* the audit's steps */
    uint64_t unknown;       /* of those that differ: to a state that the search never saw */
};

void search(const struct start *start, const struct search_options *options,
            struct search_result *result);

#endif
