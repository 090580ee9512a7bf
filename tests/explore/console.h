// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_CONSOLE_H
#define EXPLORE_CONSOLE_H

#include <stddef.h>

#include "tests/explore/state.h"

/* What consoles of the serial line say (fw/core/SOURCES.md: AMTTERM). Messages wait, as requests
 * do, until peer_push(). */

void console_starts(enum who who);
/* account: enum line_account, whose name is said; wrong: another password. `part`: so many bytes of
 * the message, 0 = all. */
void console_logs_in(enum who who, enum line_account account, bool wrong, size_t part);
void console_begins(enum who who);
void console_types(enum who who);
void console_lives(enum who who);
void console_ends(enum who who);

#endif
