// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_DIVERGENCE_H
#define SIM_DIVERGENCE_H

#include <stdio.h>

#include "sim/run/runner.h"

/* Where the transcripts of two runs of one scenario first differ. */

/* The side that is behind may have nothing at that time: its entry is then a later one, or NULL. */
struct divergence {
    uint64_t time_us;
    const struct entry *entry[2];  /* first that differ */
    const struct entry *reason[2]; /* the firmware's rule behind each, NULL = none known */
};

/* False: nothing differs but the releases' own names. The scripts' checks do not count. */
bool divergence_find(const struct run *left, const struct run *right, struct divergence *out);
/* "First divergence at ...", each side's line and the reasons. */
void divergence_print(const struct divergence *divergence, const struct run *left,
                      const struct run *right, FILE *out);

#endif
