// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_ACTS_LINE_H
#define EXPLORE_ACTS_LINE_H

#include "tests/explore/act.h"

/* Acts around the serial line, its users, the machine and the event log; behind the others in
 * act_at()'s order. */
extern const struct explore_act line_acts[];
extern const int line_act_count;

#endif
