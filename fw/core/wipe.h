// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_WIPE_H
#define CORE_WIPE_H

#include <stddef.h>

/* Overwrites a secret with zeros: a password, a PPS, a one-time password, a key, a digest of one,
 * a request with any of them. Unlike a memset() of memory that is not read again, the compiler
 * cannot remove it. tests/cli/wipe.sh finds memset() where this belongs. */
void wipe(void *secret, size_t len);

#endif
