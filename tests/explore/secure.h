// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_SECURE_H
#define EXPLORE_SECURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/explore/peer.h"

/* In a world with TLS the owner and the stranger are hosts of their own: each has its lwIP and its
 * mbedTLS, whose variables are kept beside the device's and put into the section while it runs. */

#define SECURE_PORT 16993u

void secure_begin(bool with_tls);
/* Whether this one's bytes go through TLS. */
bool secure_is(int who);
/* While the device is in set-up the owner shows its certificate, where the profile trusts it, or
 * the pre-shared key; else nobody shows anything. */
void secure_connect(enum who who);
void secure_close(enum who who, bool reset);
/* A frame for one of them, or, -1, for all. */
void secure_frame(int who, const uint8_t *frame, size_t len);
void secure_run(void);
uint64_t secure_next_ms(void); /* UINT64_MAX = never */

/* All that they are; NULL without TLS. */
void *secure_memory(size_t *bytes);
/* enum secure_client_state. */
unsigned secure_state(enum who who);

#endif
