// SPDX-License-Identifier: BSD-3-Clause
#include "fw/host/amthi/amthi_reply.h"

#include <string.h>

#include "fw/core/bytes.h"
#include "fw/core/limits.h"
#include "fw/core/status.h"
#include "fw/core/text.h"
#include "fw/host/amthi/amthi_message.h"

void reply_begin(struct amthi_reply *reply, uint8_t *bytes)
{
    reply->at = bytes + AMTHI_ANSWER_OFFSET;
    reply->bytes = bytes;
}

uint32_t reply_u8(struct amthi_reply *reply, uint32_t value)
{
    *reply->at++ = (uint8_t)value;
    return PT_STATUS_SUCCESS;
}

uint32_t reply_u16(struct amthi_reply *reply, uint32_t value)
{
    put_le16(reply->at, value);
    reply->at += 2;
    return PT_STATUS_SUCCESS;
}

uint32_t reply_u32(struct amthi_reply *reply, uint32_t value)
{
    put_le32(reply->at, value);
    reply->at += 4;
    return PT_STATUS_SUCCESS;
}

uint32_t reply_words(struct amthi_reply *reply, const uint32_t *value, size_t count)
{
    while (count-- > 0)
        reply_u32(reply, *value++);
    return PT_STATUS_SUCCESS;
}

uint32_t reply_zeros(struct amthi_reply *reply, size_t count)
{
    memset(reply->at, 0, count);
    reply->at += count;
    return PT_STATUS_SUCCESS;
}

uint32_t reply_bytes(struct amthi_reply *reply, const void *data, size_t len, size_t field)
{
    memcpy(reply->at, data, len);
    reply->at += len;
    return reply_zeros(reply, field - len);
}

uint32_t reply_ansi(struct amthi_reply *reply, const char *text, size_t max)
{
    size_t len = 0;

    while (len < max && text[len])
        len++;
    reply_u16(reply, (uint32_t)len);
    return reply_bytes(reply, text, len, len);
}

static void put_char(void *ctx, char c)
{
    struct amthi_reply *reply = ctx;

    *reply->at++ = (uint8_t)c;
}

struct text_out reply_text(struct amthi_reply *reply)
{
    return (struct text_out){put_char, reply};
}

uint32_t reply_text_length(struct amthi_reply *reply, uint8_t *field)
{
    put_le16(field, (uint32_t)(reply->at - field - 2));
    return PT_STATUS_SUCCESS;
}

uint32_t reply_address_text(struct amthi_reply *reply, uint32_t ip)
{
    struct text_out out = reply_text(reply);
    const uint8_t *end = reply->at + REPLY_ADDRESS_TEXT;

    if (ip)
        text_print(&out, "%a", ip);
    return reply_zeros(reply, (size_t)(end - reply->at));
}

size_t reply_finish(struct amthi_reply *reply, uint32_t command, uint32_t status)
{
    size_t len = AMTHI_ANSWER_OFFSET;

    if (status == PT_STATUS_SUCCESS)
        len = (size_t)(reply->at - reply->bytes);
    reply->at = reply->bytes;
    reply_u32(reply, AMTHI_VERSION_MAJOR | AMTHI_VERSION_MINOR << 8);
    reply_u32(reply, command | AMTHI_RESPONSE_BIT);
    reply_u32(reply, (uint32_t)(len - AMTHI_HEADER_BYTES));
    reply_u32(reply, status);
    return len;
}
