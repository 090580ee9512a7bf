// SPDX-License-Identifier: BSD-3-Clause
#ifndef EXPLORE_SECURE_H
#define EXPLORE_SECURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/explore/secure_client.h"
#include "tests/explore/state.h"

/* In a world with TLS the owner and the stranger are hosts of their own: each has its lwIP and its
 * mbedTLS, whose variables are kept beside the device's and put into the section while it runs. */

#define SECURE_PORT 16993u

void secure_begin(bool with_tls);
/* Whether this one's bytes go through TLS. */
bool secure_is(int who);
void secure_connect(enum who who, const struct secure_client_identity *identity);
void secure_close(enum who who, bool reset);
/* A frame for one of them, or, -1, for all. */
void secure_frame(int who, const uint8_t *frame, size_t len);
/* There is something for it to do. */
bool secure_is_due(enum who who);

struct secure_text {
    char bytes[1024];
    size_t len;
};

/* What is due; so many bytes are offered to be sent. Returns how many were taken; heard: what has
 * come. secure_read() has the rest. */
size_t secure_run(enum who who, const char *tx, size_t len, struct secure_text *heard);
void secure_read(enum who who, struct secure_text *heard);
uint64_t secure_next_ms(void); /* UINT64_MAX = never */

/* All that they are; NULL without TLS. */
void *secure_memory(size_t *bytes);
enum secure_client_state secure_state(enum who who);

#endif
