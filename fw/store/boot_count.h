// SPDX-License-Identifier: BSD-3-Clause
#ifndef STORE_BOOT_COUNT_H
#define STORE_BOOT_COUNT_H

#include "fw/store/store.h"

/* How often this device has started since it left the factory. No reset of the settings changes it.
 * It is mixed into the entropy pool, so that each start's random numbers differ from the last one's
 * even if everything else is the same. */

#define STORE_KEY_BOOT_COUNT 26u

/* Adds 1 (modulo 2^32; a new device begins with 1) and returns when that is stored: *count is a
 * number that no earlier start has had. STORE_CORRUPT: the stored value is not a number. On error
 * *count is unchanged. */
int store_boot_count(struct store *store, uint32_t *count);

#endif
