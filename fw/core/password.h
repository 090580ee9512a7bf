// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_PASSWORD_H
#define CORE_PASSWORD_H

#include <stdbool.h>

/* The MEBx password, which is the network administrator's too until a server sets another. When one
 * may be changed, and where, permits.h says. */

/* 8 to 32 printable ASCII characters, among them a lower-case letter, a capital, a digit and a
 * special character; ':', '"' and ',' are not allowed; '_' and blank do not count as special
 * (DELL). */
bool password_is_strong(const char *password);

#endif
