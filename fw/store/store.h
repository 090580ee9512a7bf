#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "hal/flash.h"

/* A key/value store that survives power loss: a versioned, CRC-checked record log on a flash
 * region, in two banks of whole sectors. One record is one update; an update holds any number of
 * keys and is all or nothing: after a power cut at any flash operation the next mount sees either
 * the old values or the new ones. The format is described in SPEC.md. */

enum store_error {
    STORE_OK = 0,
    STORE_IO = -1,        /* the flash reported an error */
    STORE_GEOMETRY = -2,  /* the region cannot hold two banks, or the program unit is not 1..16 */
    STORE_FULL = -3,      /* live values and the update together exceed a bank */
    STORE_TOO_LARGE = -4, /* key or value over its limit */
    STORE_MISSING = -5,   /* no such key */
    STORE_VERSION = -6,   /* written by a newer firmware; left untouched */
};

struct store {
    const struct hal_flash *flash;
    uint32_t bank_bytes;
    uint8_t bank;        /* the one in use */
    bool fresh;          /* the region held no store when mounted */
    bool tail_dirty;     /* a cut left bytes behind the log: compact before the next update */
    uint32_t generation; /* of the bank in use */
    uint32_t end;        /* offset in the bank of the first free byte */
    uint32_t at[LIMIT_STORE_KEYS]; /* flash offset of each key's value, 0 = none */
    uint16_t len[LIMIT_STORE_KEYS];
};

/* What some keys shall hold from now on. */
struct store_update {
    uint32_t keys; /* bit i: key i is one of them */
    /* The value of one of the keys, NULL = it shall have none. Asked more than once, and has to
     * answer the same each time. What the last answer points to need not outlive the next. */
    const void *(*value)(void *ctx, uint8_t key, size_t *len);
    void *ctx;
};

/* Reads only. An empty or foreign region mounts with fresh set and no keys. */
int store_mount(struct store *store, const struct hal_flash *flash);

/* Erases the region and mounts it as blank: whatever was stored, readable or not, is gone. */
int store_begin_anew(struct store *store, const struct hal_flash *flash);

/* What went wrong, in a word or two; NULL for STORE_OK, and without FW_TEXTS (limits.h). */
#if FW_TEXTS
const char *store_error_text(int error);
#else
static inline const char *store_error_text(int error)
{
    (void)error;
    return NULL;
}
#endif

/* Copies the value; *len is its length. STORE_TOO_LARGE when it exceeds cap. */
int store_get(const struct store *store, uint8_t key, void *out, size_t cap, size_t *len);

/* 1: the key holds exactly this value (NULL: none), 0: it does not. */
int store_holds(const struct store *store, uint8_t key, const void *value, size_t len);

/* All of the update or, on an error, nothing of it. */
int store_commit(struct store *store, const struct store_update *update);

#endif
