// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_CONSOLE_READER_H
#define EXPLORE_CONSOLE_READER_H

#include <stddef.h>

#include "tests/explore/state.h"

/* What consoles of the serial line hear, with a reader of its own (fw/core/SOURCES.md: AMTTERM). */

#define LINE_PORT 16994u

void console_hears(enum who who, const char *bytes, size_t len);

#endif
