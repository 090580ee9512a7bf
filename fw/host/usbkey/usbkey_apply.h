// SPDX-License-Identifier: BSD-3-Clause
#ifndef HOST_USBKEY_APPLY_H
#define HOST_USBKEY_APPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "fw/host/usbkey/usbkey_file.h"

/* Applies the entries of one record to settings, in the order of the file. After a refusal the
 * settings are incomplete: the caller discards them. */

struct usbkey_apply {
    const struct release *release;
    struct settings *settings;
    uint8_t format;    /* enum usbkey_format of the reader */
    uint32_t position; /* number of entries so far */
    uint32_t ignored;
    uint64_t seen[USBKEY_CM + 1]; /* for each module, a bit for each variable */
    bool manual;                  /* SMB mode, or manual set-up */
    bool active;                  /* 2/28 says "start" */
    bool user_hashes_off;         /* by 2/7 */
};

void usbkey_apply_begin(struct usbkey_apply *apply, const struct release *release,
                        const struct usbkey_file *file, struct settings *settings);
/* NULL: the reader's format does not have this variable. */
const struct usbkey_variable *usbkey_apply_known(const struct usbkey_apply *apply,
                                                 const struct usbkey_entry *entry);
/* value has entry->length bytes; it is ignored for an unknown variable. Returns an enum
 * usbkey_result. */
int usbkey_apply_entry(struct usbkey_apply *apply, const struct usbkey_entry *entry,
                       const uint8_t *value);
/* Checks that the record is complete. On error *entry is the missing or faulty entry. */
int usbkey_apply_end(const struct usbkey_apply *apply, struct usbkey_entry *entry);
bool usbkey_apply_seen(const struct usbkey_apply *apply, uint16_t module, uint16_t variable);

#endif
