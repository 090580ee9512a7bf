// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_REALMS_H
#define CORE_REALMS_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/config.h"
#include "fw/core/permits.h"
#include "fw/core/users.h"

/* What an account opens of the device: each of its realms some acts (permits.h), PTAdministration
 * all of them. The audit log, which would be excepted once another user holds it, is not there
 * (G-admins). What an act is permitted for at a time is said in permits.h. */

#if FW_MACHINE
/* Whether an account with these realms may do it. */
bool realms_open(uint32_t realms, enum act act);
/* Whether an account with these realms may give the others away, or take them from somebody: it has
 * them itself. Else whoever manages users could make himself administrator (assumed). */
bool realms_cover(uint32_t realms, uint32_t others);

/* A row of the table, for pages and tests: the realms, beside PTAdministration, that open an act.
 */
struct realm_row {
    uint8_t act;
    uint32_t realms;
#if FW_TEXTS
    const char *source;
#endif
};

const struct realm_row *realm_rows(uint32_t *count);
#endif

#endif
