// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_SNAPSHOT_H
#define EXPLORE_SNAPSHOT_H

#include <stddef.h>

/* States of the whole world as copies of its bytes: what differs from the root, line by line. */

struct snapshot;

/* The world as it is becomes the root of the snapshots made from now on. */
void snapshot_root(void);
/* NULL: no memory. free() frees it. */
struct snapshot *snapshot_take(void);
void snapshot_restore(const struct snapshot *snapshot); /* NULL: the root */
size_t snapshot_bytes(const struct snapshot *snapshot);
/* Of a whole world. */
size_t snapshot_world_bytes(void);

#endif
