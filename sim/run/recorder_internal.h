// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_RECORDER_INTERNAL_H
#define SIM_RECORDER_INTERNAL_H

#include "sim/run/recorder.h"

/* Shared by recorder.c (what the sources of events tell), recorder_wire.c (what frames do) and
 * recorder_entries.c. */

/* Makes room for one more element of a list, whose address is `list`; false when memory is out. */
bool recorder_grow(struct recorder *r, void *list, size_t count, size_t *cap, size_t size);
/* NULL when memory is out. */
char *recorder_copy(struct recorder *r, const char *text);
/* An entry for the event. retry: -1 = none. */
void recorder_add(struct recorder *r, const struct world_event *event, enum entry_kind kind,
                  const char *who, const char *text, int64_t retry);
void recorder_free_entry(struct entry *entry);
/* The serial line's text of one moment belongs together: what was said before now_us is an entry.
 */
void recorder_settle(struct recorder *r, uint64_t now_us);
void recorder_frame(struct recorder *r, const struct world_event *event);

#endif
