// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_ACTS_H
#define EXPLORE_ACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/explore/act.h"

/* The alphabet: what somebody can do, a step at a time. */

int act_count(void);
const struct explore_act *act_at(int act);

/* Set i is act i's. */
__extension__ typedef unsigned __int128 act_set;
#define ACTS_MAX 128
static inline act_set act_bit(int act)
{
    return (act_set)1 << act;
}

int act_find(const char *name); /* -1: there is none of this name */
/* Name of a group to its bits, a comma between several; 0: unknown. */
uint32_t act_groups(const char *names);

#endif
