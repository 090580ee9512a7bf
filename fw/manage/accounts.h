// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_ACCOUNTS_H
#define MANAGE_ACCOUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/access.h"
#include "fw/core/settings.h"
#include "fw/manage/digest.h"

/* Who may log in, and what each opens: the administrator or "admin", and on a provisioned device
 * the users with a digest. */

#if FW_MACHINE
#define ACCOUNTS (3 + LIMIT_USERS)
#else
#define ACCOUNTS 3
#endif

/* The accounts that are accepted on a connection (access.h); state: enum setup_state. Returns how
 * many. They point into the settings. A user that is disabled or good only from the machine itself
 * is among them, and off. */
uint8_t accounts_list(const struct settings *settings, enum admission admission, uint8_t state,
                      struct digest_account out[ACCOUNTS]);

#if FW_MACHINE
/* What the redirection ports need of an account: to be wiped. */
struct account_secret {
    char ha1[DIGEST_HEX + 1]; /* MD5 of user:realm:password, in lower-case digits */
    uint32_t realms;          /* REALM_BIT()s; realms_open() says what they open */
    uint8_t number;           /* a user's handle; 0 = the administrator */
};

/* For a log-in by digest or in plain text at a provisioned device. realm: digest_realm(). False:
 * nobody of this name may come in; then ha1 is one that no password is known for, and is to be
 * compared with all the same. */
bool accounts_find(const struct settings *settings, uint8_t state, const char *realm,
                   const char *user, size_t user_len, struct account_secret *out);
#endif

#endif
