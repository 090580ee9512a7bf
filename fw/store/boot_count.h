#ifndef STORE_BOOT_COUNT_H
#define STORE_BOOT_COUNT_H

#include "fw/store/store.h"

/* How often this device has started since it left the factory. No reset of the settings touches it:
 * mixed into the entropy pool, it makes every start's numbers others than those of the one before,
 * also when all else is as it was. */

#define STORE_KEY_BOOT_COUNT 26u

/* Adds 1 (modulo 2^32; a new device begins with 1) and returns once that is stored: *count is a
 * number that no start before had. STORE_CORRUPT when what is stored is not a number. On an error
 * *count is unchanged. */
int store_boot_count(struct store *store, uint32_t *count);

#endif
