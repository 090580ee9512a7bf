// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_REALMS_H
#define CORE_REALMS_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/config.h"
#include "fw/core/permits.h"

/* What an account opens of the device: each of its realms some acts (permits.h), PTAdministration
 * all of them. The audit log, which would be excepted once another user holds it, is not there
 * (G-admins). What an act is permitted for at a time is said in permits.h. */

enum realm { /* LMS-cim; 0, 1 and 22 are none; 23: G-realms, from 5.1 on */
             REALM_INVALID = 0,
             REALM_REDIRECTION = 2,
             REALM_ADMINISTRATION = 3, /* PTAdministration */
             REALM_HARDWARE_ASSET = 4,
             REALM_REMOTE_CONTROL = 5,
             REALM_EVENT_MANAGER = 7,
             REALM_NETWORK_TIME = 12,
             REALM_GENERAL_INFO = 13,
             REALM_LOCAL_NOTIFICATION = 16,
             REALM_EVENT_LOG_READER = 19,
             REALM_ACL = 21,
             REALM_LOCAL_SYSTEM = 24,
             REALM_END
};

/* A set of realms has a bit for each, at its number. */
#define REALM_BIT(realm) (UINT32_C(1) << (realm))
#define REALMS_KNOWN ((REALM_BIT(REALM_END) - 1u) & ~(REALM_BIT(0) | REALM_BIT(1) | REALM_BIT(22)))

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
