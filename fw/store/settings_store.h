// SPDX-License-Identifier: BSD-3-Clause
#ifndef STORE_SETTINGS_STORE_H
#define STORE_SETTINGS_STORE_H

#include "fw/core/settings.h"
#include "fw/store/store.h"

/* struct settings in the store: one key for each field or group of fields, so that a checkpoint of
 * the window costs only a few bytes of flash. Integers are little-endian on every CPU. */

/* Fills *out from the store. Fields that are not stored keep their values, and all fields do if no
 * settings were ever saved: pass a factory-fresh struct. STORE_CORRUPT: less is stored than every
 * save writes, or a value that no save can have written: of a wrong length, out of its range, a
 * text with a NUL. On error *out must not be used. */
int settings_load(const struct store *store, struct settings *out);

/* Writes the fields that differ from what the store holds, in one atomic update. Writes nothing if
 * none differs. */
int settings_save(struct store *store, const struct settings *settings);

#if FW_MANAGE
/* The device's own key and certificate for TLS. They are stored while settings.own_identity is set,
 * and written only together with the settings. */
struct own_identity {
    const uint8_t *key; /* the two primes, big-endian, of equal length */
    size_t key_len;
    const uint8_t *certificate; /* DER */
    size_t certificate_len;     /* <= LIMIT_OWN_CERTIFICATE */
};

/* As settings_save(), with this identity in the same update. identity NULL: the stored one stays if
 * settings.own_identity is set. */
int settings_save_identity(struct store *store, const struct settings *settings,
                           const struct own_identity *identity);
/* STORE_MISSING: there is none. STORE_CORRUPT: a key without a certificate or the reverse, or not
 * what was stored. On error nothing of it must be used. */
int settings_load_identity(const struct store *store, uint8_t key[LIMIT_OWN_KEY], size_t *key_len,
                           uint8_t certificate[LIMIT_OWN_CERTIFICATE], size_t *certificate_len);
#endif

#endif
