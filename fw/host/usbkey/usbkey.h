// SPDX-License-Identifier: BSD-3-Clause
#ifndef HOST_USBKEY_H
#define HOST_USBKEY_H

#include <stddef.h>
#include <stdint.h>

#include "fw/core/permits.h"
#include "fw/core/release.h"
#include "fw/host/local.h"
#include "fw/host/usbkey/usbkey_result.h"
#include "hal/usb.h"

/* setup.bin, the USB one-touch file (G-usb, G-usbver, USBFILE, CUTLER). It is hostile input: a
 * record is applied as a whole or not at all. */

struct usbkey_report {
    enum usbkey_result result;
    uint32_t record;           /* number of the record used, from 1; 0 = none */
    uint16_t module, variable; /* the faulty entry; 0 = none */
    uint32_t ignored;          /* entries of newer formats that were skipped */
};

/* Reads the next record and determines its outcome. Writes nothing: the caller stores the outcome
 * and then calls usbkey_consume(). Unless the result is USBKEY_APPLIED, the outcome is LOCAL_NONE
 * with the settings as they were.
 *
 * The order of entries is 1/1, 1/2, 1/3 (if any), then the others, in version 2 files 2/7 before
 * 2/8, 2/28 after 2/3, 2/4 and 2/17 (MCMD); only 2/8 may come again. A variable that is unknown in
 * the release's newest format of the file's major version is skipped, because minor versions may
 * add variables (MCMD). One of an unknown module is refused, since a record is not applied in part
 * (assumed).
 *
 * 2/28 says whether set-up begins (1), with a pre-shared key or with certificates, or is halted
 * (0; MCMD); without it, a PID/PPS begins it.
 *
 * A release that has no choice of mode (G-restore: from 6.0) refuses provisioning mode SMB.
 * With provisioning mode SMB or manual set-up the outcome is LOCAL_MANUAL even with a PID/PPS,
 * which is then only stored (assumed: a device in SMB mode sends no hello). */
void usbkey_read(const struct hal_usb *usb, const struct release *release,
                 const struct settings *settings, enum situation situation,
                 struct local_outcome *outcome, struct usbkey_report *report);
/* Marks the applied record invalid and then counts it, unless the file says "do not consume". In
 * this order the record is not used again even if a power cut prevents the second write. Returns
 * USBKEY_APPLIED or the error. */
int usbkey_consume(const struct hal_usb *usb, const struct usbkey_report *report);
const char *usbkey_result_text(int result); /* "unknown result" for another number */

#endif
