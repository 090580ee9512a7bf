#include "fw/host/amthi_reply.h"

#include <string.h>

#include "fw/core/limits.h"
#include "fw/core/status.h"
#include "fw/host/amthi.h"

static void put_u16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static void put_u32(uint8_t *at, uint32_t value)
{
    put_u16(at, value);
    put_u16(at + 2, value >> 16);
}

static size_t text_length(const char *text, size_t max)
{
    size_t len = 0;

    while (len < max && text[len])
        len++;
    return len;
}

void reply_begin(struct amthi_reply *reply, uint8_t *bytes)
{
    reply->bytes = bytes;
    reply->len = AMTHI_ANSWER_OFFSET;
}

void reply_u8(struct amthi_reply *reply, uint8_t value)
{
    reply->bytes[reply->len++] = value;
}

void reply_u16(struct amthi_reply *reply, uint16_t value)
{
    put_u16(reply->bytes + reply->len, value);
    reply->len += 2;
}

void reply_u32(struct amthi_reply *reply, uint32_t value)
{
    put_u32(reply->bytes + reply->len, value);
    reply->len += 4;
}

void reply_bool(struct amthi_reply *reply, bool value)
{
    reply_u32(reply, value ? 1 : 0);
}

void reply_bytes(struct amthi_reply *reply, const void *data, size_t len, size_t field)
{
    memcpy(reply->bytes + reply->len, data, len);
    memset(reply->bytes + reply->len + len, 0, field - len);
    reply->len += field;
}

static void reply_text(struct amthi_reply *reply, const char *text, size_t len, size_t field)
{
    put_u16(reply->bytes + reply->len, (uint32_t)len);
    reply->len += 2;
    reply_bytes(reply, text, len, field);
}

void reply_ansi(struct amthi_reply *reply, const char *text, size_t max)
{
    size_t len = text_length(text, max);

    reply_text(reply, text, len, len);
}

void reply_version_text(struct amthi_reply *reply, const char *text)
{
    reply_text(reply, text, text_length(text, LIMIT_VERSION_TEXT - 1), LIMIT_VERSION_TEXT);
}

void reply_address_text(struct amthi_reply *reply, uint32_t ip)
{
    char text[sizeof("255.255.255.255")];
    size_t len = 0;

    for (int shift = 24; ip != 0 && shift >= 0; shift -= 8) {
        uint8_t part = (uint8_t)(ip >> shift);

        if (part >= 100)
            text[len++] = (char)('0' + part / 100);
        if (part >= 10)
            text[len++] = (char)('0' + part / 10 % 10);
        text[len++] = (char)('0' + part % 10);
        if (shift > 0)
            text[len++] = '.';
    }
    reply_bytes(reply, text, len, REPLY_ADDRESS_TEXT);
}

size_t reply_finish(struct amthi_reply *reply, uint32_t command, uint32_t status)
{
    if (status != PT_STATUS_SUCCESS)
        reply->len = AMTHI_ANSWER_OFFSET;
    reply->bytes[0] = AMTHI_VERSION_MAJOR;
    reply->bytes[1] = AMTHI_VERSION_MINOR;
    put_u16(reply->bytes + 2, 0);
    put_u32(reply->bytes + 4, command | AMTHI_RESPONSE_BIT);
    put_u32(reply->bytes + 8, (uint32_t)(reply->len - AMTHI_HEADER_BYTES));
    put_u32(reply->bytes + 12, status);
    return reply->len;
}
