#ifndef HOST_USBKEY_APPLY_H
#define HOST_USBKEY_APPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "fw/host/usbkey/usbkey_file.h"

/* The entries of one record, taken over into settings in the order in which they come. After a
 * refusal the settings are half done: the caller throws them away. */

struct usbkey_apply {
    const struct release *release;
    struct settings *settings;
    uint8_t format;    /* enum usbkey_format of the reader */
    uint32_t position; /* entries so far */
    uint32_t ignored;
    uint64_t seen[USBKEY_CM + 1]; /* per module, bit per variable */
    bool manual;                  /* SMB mode, or manual set-up */
    bool user_hashes_off;         /* by 2/7 */
};

void usbkey_apply_begin(struct usbkey_apply *apply, const struct release *release,
                        const struct usbkey_file *file, struct settings *settings);
/* NULL: a variable that the reader's format does not have. */
const struct usbkey_variable *usbkey_apply_known(const struct usbkey_apply *apply,
                                                 const struct usbkey_entry *entry);
/* value has entry->length bytes; of what is not known it is not looked at. Returns an enum
 * usbkey_result. */
int usbkey_apply_entry(struct usbkey_apply *apply, const struct usbkey_entry *entry,
                       const uint8_t *value);
/* Whether the entries make a whole; else the entry that is missing or at fault is in *entry. */
int usbkey_apply_end(const struct usbkey_apply *apply, struct usbkey_entry *entry);
bool usbkey_apply_seen(const struct usbkey_apply *apply, uint16_t module, uint16_t variable);

#endif
