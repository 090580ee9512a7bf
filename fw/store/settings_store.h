#ifndef STORE_SETTINGS_STORE_H
#define STORE_SETTINGS_STORE_H

#include "fw/core/settings.h"
#include "fw/store/store.h"

/* struct settings on the store: one key per field or group of fields, so that a checkpoint of the
 * window costs a few bytes of flash. Integers are little-endian whatever the CPU. */

/* Fills *out from the store. Keys that are absent keep the value *out had: pass a factory-fresh
 * struct. A value of the wrong length is treated as absent. */
int settings_load(const struct store *store, struct settings *out);

/* Writes the fields in which `next` differs from what the store holds, in one atomic update.
 * Writes nothing when nothing differs. */
int settings_save(struct store *store, const struct settings *next);

#endif
