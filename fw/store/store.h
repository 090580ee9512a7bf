// SPDX-License-Identifier: BSD-3-Clause
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "hal/flash.h"

/* A key/value store that survives power loss: a versioned, CRC-checked record log on a flash
 * region, in two banks of whole sectors. A record is one update of any number of keys, and is all
 * or nothing: after a power cut at any flash operation the next mount finds either the old values
 * or the new ones. Damage is reported as an error. SPEC.md describes the format. */

enum store_error {
    STORE_OK = 0,
    STORE_IO = -1,        /* the flash reported an error, or does not hold what was written */
    STORE_GEOMETRY = -2,  /* the region cannot hold two banks, or the program unit is not 1..16 */
    STORE_FULL = -3,      /* live values and the update together exceed a bank */
    STORE_TOO_LARGE = -4, /* key or value over its limit */
    STORE_MISSING = -5,   /* no such key */
    STORE_VERSION = -6,   /* a bank has another version of the format; it is left alone */
    STORE_CORRUPT = -7, /* neither blank nor a complete store, or a value is not what was written */
};
/* Their names, by the number without its sign: a list for text_item(). */
#define STORE_ERROR_NAMES "none\0io\0geometry\0full\0too-large\0missing\0version\0corrupt\0"

struct store {
    const struct hal_flash *flash;
    uint32_t bank_bytes;
    uint8_t bank;    /* the one in use */
    bool fresh;      /* no update has ever been completed */
    bool tail_dirty; /* the next update goes to the other bank, even if it would fit in this one */
    uint32_t generation;           /* of the bank in use; 0 = there is none yet */
    uint32_t end;                  /* offset in the bank of the first free byte */
    uint32_t at[LIMIT_STORE_KEYS]; /* flash offset of each key's value; 0 = none */
    uint16_t len[LIMIT_STORE_KEYS];
    uint32_t crc[LIMIT_STORE_KEYS]; /* of the value, checked whenever that is read */
};

/* A set of keys: bit i is key i. */
#if FW_MACHINE && __SIZEOF_POINTER__ > 4
typedef uint64_t store_keys;
#else
typedef uint32_t store_keys;
#endif

_Static_assert(LIMIT_STORE_KEYS < 8 * sizeof(store_keys), "a set holds every key");

#define STORE_KEY(key) ((store_keys)1 << (key))

/* New values for some keys. */
struct store_update {
    store_keys keys; /* those that are updated */
    /* Returns the new value of one of these keys; NULL = it gets none. It is called more than once
     * and must return the same value each time. What it returns need only be valid until the next
     * call. */
    const void *(*value)(void *ctx, uint8_t key, size_t *len);
    void *ctx;
};

/* Only reads. A blank region, all 0xFF or with its first update cut off, mounts with fresh set and
 * no keys. On error the store is unusable, and later calls return STORE_IO. A region that is
 * STORE_CORRUPT or STORE_VERSION stays as it is until store_reformat(). */
int store_mount(struct store *store, const struct hal_flash *flash);

/* Erases both banks and mounts the blank region: everything that was stored is lost, the count of
 * starts too. On error as store_mount(). A power cut may leave any state that was ever stored in
 * these banks, so the reason for the call has to outlast it, as a lost CMOS battery does until it
 * is acknowledged. */
int store_reformat(struct store *store, const struct hal_flash *flash);

/* The error in a few words; NULL for STORE_OK, and without FW_TEXTS (config.h). */
#if FW_TEXTS
const char *store_error_text(int error);
#else
static inline const char *store_error_text(int error)
{
    (void)error;
    return NULL;
}
#endif

/* Copies the value; *len is its length. STORE_TOO_LARGE: it exceeds cap. STORE_CORRUPT: it is no
 * longer what store_mount() read or store_commit() wrote; *out must not be used then. */
int store_get(const struct store *store, uint8_t key, void *out, size_t cap, size_t *len);

/* 1: the key holds exactly this value (NULL: none), 0: it does not. STORE_IO, STORE_CORRUPT as
 * store_get(). */
int store_holds(const struct store *store, uint8_t key, const void *value, size_t len);

/* Carries out all of the update or, on error, nothing of it. */
int store_commit(struct store *store, const struct store_update *update);

#endif
