// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_VISIT_H
#define EXPLORE_VISIT_H

#include <stddef.h>

#include "tests/explore/state.h"

/* What a client does (peer.h), and all that happens in the world at that moment. */

void visit_connect(enum who who);
/* To 16993, without TLS, and so many bytes of a hand-shake. */
void visit_shake(enum who who, const char *bytes, size_t len);
/* To the serial line's port, and the start of a session. */
void visit_line(enum who who);
void visit_push(enum who who);
void visit_push_and_go_deaf(enum who who);
void visit_close(enum who who, bool reset);

#endif
