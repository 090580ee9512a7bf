// SPDX-License-Identifier: BSD-3-Clause
#ifndef TOOLS_MEIRUN_FILTER_H
#define TOOLS_MEIRUN_FILTER_H

#include <stdbool.h>

/* Which system calls of a program are handed to meirun: those that name a file, and those on a
 * descriptor of a fixed range, where meirun puts its own. All others run as ever. */

#define FILTER_DESCRIPTORS 16

struct filter_range {
    int first, last; /* descriptors, FILTER_DESCRIPTORS of them */
};

/* The highest that a program may have, and select() takes. False: there are too few. */
bool filter_range(struct filter_range *out);

/* For the calling process and what it starts, for good. Returns the descriptor that they are
 * answered on (seccomp_unotify(2)), -1 with errno when the kernel has no such thing. */
int filter_install(const struct filter_range *range);

#endif
