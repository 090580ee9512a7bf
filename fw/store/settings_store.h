#ifndef STORE_SETTINGS_STORE_H
#define STORE_SETTINGS_STORE_H

#include "fw/core/settings.h"
#include "fw/store/store.h"

/* struct settings on the store: one key per field or group of fields, so that a checkpoint of the
 * window costs a few bytes of flash. Integers are little-endian whatever the CPU. */

/* Fills *out from the store. When no settings were ever saved it keeps all that it had, and always
 * what is not stored: pass a factory-fresh struct. STORE_CORRUPT when there is less than any save
 * writes, or a value that none could have written: of a wrong length, out of its range, a text with
 * a NUL. On an error *out is not to be used. */
int settings_load(const struct store *store, struct settings *out);

/* Writes the fields in which `settings` differs from what the store holds, in one atomic update.
 * Writes nothing when nothing differs. */
int settings_save(struct store *store, const struct settings *settings);

#if FW_MANAGE
/* The device's own key and certificate for TLS. They are there while settings.own_identity is set,
 * and written only together with settings. */
struct own_identity {
    const uint8_t *key; /* the two primes, big-endian, of equal length */
    size_t key_len;
    const uint8_t *certificate; /* DER */
    size_t certificate_len;     /* <= LIMIT_OWN_CERTIFICATE */
};

/* As settings_save(), and this identity with it in the one update. */
int settings_save_identity(struct store *store, const struct settings *settings,
                           const struct own_identity *identity);
/* STORE_MISSING: there is none. STORE_CORRUPT: one without the other, or not what was stored; of an
 * identity that was not loaded nothing may be used. */
int settings_load_identity(const struct store *store, uint8_t key[LIMIT_OWN_KEY], size_t *key_len,
                           uint8_t certificate[LIMIT_OWN_CERTIFICATE], size_t *certificate_len);
#endif

#endif
