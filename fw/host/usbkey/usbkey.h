#ifndef HOST_USBKEY_H
#define HOST_USBKEY_H

#include <stddef.h>
#include <stdint.h>

#include "fw/core/permits.h"
#include "fw/core/release.h"
#include "fw/host/local.h"
#include "fw/host/usbkey/usbkey_result.h"
#include "hal/usb.h"

/* setup.bin, the USB one-touch file (G-usb, G-usbver, USBFILE, CUTLER). Read as hostile input: a
 * record is applied as a whole or not at all. */

struct usbkey_report {
    enum usbkey_result result;
    uint32_t record;           /* number of the record used, counted from 1; 0 = none */
    uint16_t module, variable; /* the entry at fault, 0 = none */
    uint32_t ignored;          /* entries of newer formats, which were passed over */
};

/* Reads the next record and works out what it means. Writes
 * nothing: once the outcome is stored the caller calls usbkey_consume(). Unless the result is
 * USBKEY_APPLIED, the outcome is LOCAL_NONE with the settings as they were.
 *
 * The order of entries is 1/1, 1/2, 1/3 (if any), then the others, in version 2 files 2/7 before
 * 2/8, 2/28 after 2/3, 2/4 and 2/17 (MCMD); only 2/8 may come again. A variable that the release's
 * newest format of the file's major version does not have is passed over, because minor versions
 * may add some (MCMD); one of an unknown module is refused: there is nobody here to take it, and no
 * half of a record is applied (assumed).
 *
 * Provisioning mode SMB or manual set-up make the outcome LOCAL_MANUAL even with a PID/PPS, which
 * is then only stored (assumed: a device in SMB mode says no hello). */
void usbkey_read(const struct hal_usb *usb, const struct release *release,
                 const struct settings *settings, enum situation situation,
                 struct local_outcome *outcome, struct usbkey_report *report);
/* Marks the record of an applied report invalid and counts it, unless the file says "do not
 * consume". Invalid first: whichever write a power cut prevents, the record is not used again.
 * Returns USBKEY_APPLIED or what went wrong. */
int usbkey_consume(const struct hal_usb *usb, const struct usbkey_report *report);
const char *usbkey_result_text(int result); /* for people; "unknown result" when it is none */

#endif
