// SPDX-License-Identifier: BSD-3-Clause
#ifndef HOST_AMTHI_REPLY_H
#define HOST_AMTHI_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/text.h"

/* Builds an AMTHI response of at most LIMIT_AMTHI_RESPONSE bytes, field by field, little-endian and
 * packed. The caller must stay within the limit: the files of commands assert it for their longest
 * answers. */

#define AMTHI_ANSWER_OFFSET 16 /* header and status come first */
#define REPLY_ADDRESS_TEXT 46  /* CFG_IP_ADDR (LMS-old): holds an IPv6 address too */

struct amthi_reply {
    uint8_t *at; /* where the next field goes */
    uint8_t *bytes;
};

/* Leaves room for header and status, which reply_finish() fills in. */
void reply_begin(struct amthi_reply *reply, uint8_t *bytes);
/* Each appends a field. All return PT_STATUS_SUCCESS, so that a command can end with one. */
uint32_t reply_u8(struct amthi_reply *reply, uint32_t value);
uint32_t reply_u16(struct amthi_reply *reply, uint32_t value);
/* Also AMT_BOOLEAN: 0 or 1 (PTHI.h). */
uint32_t reply_u32(struct amthi_reply *reply, uint32_t value);
uint32_t reply_words(struct amthi_reply *reply, const uint32_t *value, size_t count);
uint32_t reply_zeros(struct amthi_reply *reply, size_t count);
/* `len` bytes of data, zeros up to `field` bytes. */
uint32_t reply_bytes(struct amthi_reply *reply, const void *data, size_t len, size_t field);
/* AMT_ANSI_STRING: u16 length and the bytes. Must be the last field and unpadded: clients take
 * everything after the length as the text (LMS-old). */
uint32_t reply_ansi(struct amthi_reply *reply, const char *text, size_t max);
/* A sink whose text is appended like a field. */
struct text_out reply_text(struct amthi_reply *reply);
/* For a string whose text has been printed after the two bytes of its length: fills these in. */
uint32_t reply_text_length(struct amthi_reply *reply, uint8_t *field);
/* "1.2.3.4" for 0x01020304, "" for 0; zeros up to REPLY_ADDRESS_TEXT bytes. */
uint32_t reply_address_text(struct amthi_reply *reply, uint32_t ip);

/* Writes header and status, drops the answer if the status is an error, and returns the length. */
size_t reply_finish(struct amthi_reply *reply, uint32_t command, uint32_t status);

#endif
