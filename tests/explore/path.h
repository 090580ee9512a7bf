// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_PATH_H
#define EXPLORE_PATH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/explore/state.h"

/* A way through the world, from a root, act by act; as a text:
 *
 *   release 5.0.3
 *   oem bmp-off
 *   root smb
 *   host absent             (only where no host shares the wire)
 *   owner logs in           (and so on, one act a line)
 *
 * '#' begins a comment. */

#define PATH_ACTS 128

struct start {
    const struct release *release;
    const struct oem_profile *oem;
    enum root root;
    bool absent;
};

struct path {
    struct start start;
    uint8_t act[PATH_ACTS];
    int acts;
};

void path_print(FILE *out, const struct path *path);
/* False: error says what is wrong, in one line. */
bool path_read(const char *file, struct path *path, char *error, size_t cap);
/* What was violated, as bits of enum violation. An act that is not possible where it stands is an
 * act in vain. Leaves the world as it is at the end; loud: tells each act. */
uint32_t path_replay(const struct path *path, bool loud);

void start_world(const struct start *start);
/* One act with everything that is checked about it. */
uint32_t step(int act);

#endif
