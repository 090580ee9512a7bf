// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/hello.h"

#include <string.h>

#include "fw/core/bytes.h"
#include "fw/core/release.h"

#define OFFSET_CREDENTIALS 0
#define OFFSET_VERSION 2
#define OFFSET_RETRY 4
#define OFFSET_UUID 8
#define OFFSET_TAIL HELLO_HEAD_BYTES
#define HASH_HEAD_BYTES 2 /* algorithm, length */

static int check_head(const struct hello *hello)
{
    if (hello->credentials_set > 1)
        return HELLO_BAD_CREDENTIALS;
    if (hello->version < HELLO_V1 || hello->version > HELLO_V3_PKI)
        return HELLO_BAD_VERSION;
    return HELLO_OK;
}

/* The bytes that follow the head, or a negative enum hello_error. */
static int tail_bytes(const struct hello *hello)
{
    if (hello->version == HELLO_V1)
        return 0;
    if (hello->version == HELLO_V2_PSK)
        return LIMIT_PID;
    if (hello->hash_count > LIMIT_HELLO_HASHES)
        return HELLO_TOO_MANY_HASHES;
    int bytes = 1;
    for (unsigned i = 0; i < hello->hash_count; i++) {
        uint8_t length = cert_hash_bytes(hello->hash[i].algorithm);
        if (length == 0)
            return HELLO_BAD_HASH;
        bytes += HASH_HEAD_BYTES + length;
    }
    return bytes;
}

static void put_hashes(const struct hello *hello, uint8_t *p)
{
    *p++ = hello->hash_count;
    for (unsigned i = 0; i < hello->hash_count; i++) {
        const struct hello_hash *hash = &hello->hash[i];
        uint8_t length = cert_hash_bytes(hash->algorithm);
        *p++ = hash->algorithm;
        *p++ = length;
        memcpy(p, hash->bytes, length);
        p += length;
    }
}

int hello_encode(const struct hello *hello, uint8_t *out, size_t cap)
{
    int error = check_head(hello);
    if (error != HELLO_OK)
        return error;
    int tail = tail_bytes(hello);
    if (tail < 0)
        return tail;
    int total = HELLO_HEAD_BYTES + tail;
    if ((size_t)total > cap)
        return HELLO_TOO_LONG;
    put_le16(out + OFFSET_CREDENTIALS, hello->credentials_set);
    put_le16(out + OFFSET_VERSION, hello->version);
    put_le32(out + OFFSET_RETRY, hello->retry);
    memcpy(out + OFFSET_UUID, hello->uuid, LIMIT_UUID_BYTES);
    if (hello->version == HELLO_V2_PSK)
        memcpy(out + OFFSET_TAIL, hello->pid, LIMIT_PID);
    else if (hello->version == HELLO_V3_PKI)
        put_hashes(hello, out + OFFSET_TAIL);
    return total;
}

struct reader {
    const uint8_t *data;
    size_t len;
    size_t at; /* start of the current field, where a fault is reported */
};

/* Returns the next field. NULL: the message ends inside it; that end is where the fault is
 * reported. */
static const uint8_t *next_field(struct reader *r, size_t bytes)
{
    if (r->len - r->at < bytes) {
        r->at = r->len;
        return NULL;
    }
    const uint8_t *field = r->data + r->at;
    r->at += bytes;
    return field;
}

static int fault_at(struct reader *r, size_t offset, int error)
{
    r->at = offset;
    return error;
}

static int get_head(struct reader *r, struct hello *out)
{
    const uint8_t *field = next_field(r, 2);
    if (field == NULL)
        return HELLO_TRUNCATED;
    out->credentials_set = get_le16(field);
    if (out->credentials_set > 1)
        return fault_at(r, OFFSET_CREDENTIALS, HELLO_BAD_CREDENTIALS);
    field = next_field(r, 2);
    if (field == NULL)
        return HELLO_TRUNCATED;
    out->version = get_le16(field);
    if (out->version < HELLO_V1 || out->version > HELLO_V3_PKI)
        return fault_at(r, OFFSET_VERSION, HELLO_BAD_VERSION);
    field = next_field(r, HELLO_HEAD_BYTES - OFFSET_RETRY);
    if (field == NULL)
        return HELLO_TRUNCATED;
    out->retry = get_le32(field);
    memcpy(out->uuid, field + OFFSET_UUID - OFFSET_RETRY, LIMIT_UUID_BYTES);
    return HELLO_OK;
}

static int get_hash(struct reader *r, struct hello_hash *out)
{
    const uint8_t *field = next_field(r, 1);
    if (field == NULL)
        return HELLO_TRUNCATED;
    out->algorithm = *field;
    uint8_t length = cert_hash_bytes(out->algorithm);
    if (length == 0)
        return fault_at(r, r->at - 1, HELLO_BAD_HASH);
    field = next_field(r, 1);
    if (field == NULL)
        return HELLO_TRUNCATED;
    if (*field != length)
        return fault_at(r, r->at - 1, HELLO_BAD_HASH);
    out->bytes = next_field(r, length);
    return out->bytes == NULL ? HELLO_TRUNCATED : HELLO_OK;
}

static int get_hashes(struct reader *r, struct hello *out)
{
    const uint8_t *field = next_field(r, 1);
    if (field == NULL)
        return HELLO_TRUNCATED;
    if (*field > LIMIT_HELLO_HASHES)
        return fault_at(r, OFFSET_TAIL, HELLO_TOO_MANY_HASHES);
    out->hash_count = *field;
    int error = HELLO_OK;
    for (unsigned i = 0; i < out->hash_count && error == HELLO_OK; i++)
        error = get_hash(r, &out->hash[i]);
    return error;
}

static int get_pid(struct reader *r, struct hello *out)
{
    const uint8_t *field = next_field(r, LIMIT_PID);
    if (field == NULL)
        return HELLO_TRUNCATED;
    memcpy(out->pid, field, LIMIT_PID);
    return HELLO_OK;
}

int hello_decode(const uint8_t *data, size_t len, struct hello *out, size_t *offset)
{
    struct reader r = {data, len, 0};
    struct hello hello;
    memset(&hello, 0, sizeof hello);
    int error = get_head(&r, &hello);
    if (error == HELLO_OK && hello.version == HELLO_V2_PSK)
        error = get_pid(&r, &hello);
    else if (error == HELLO_OK && hello.version == HELLO_V3_PKI)
        error = get_hashes(&r, &hello);
    if (error == HELLO_OK && r.at != len)
        error = HELLO_TOO_LONG;
    if (error != HELLO_OK) {
        *offset = r.at;
        return error;
    }
    *out = hello;
    return HELLO_OK;
}

const char *hello_error_text(int error)
{
    switch (error) {
    case HELLO_OK:
        return "no error";
    case HELLO_TRUNCATED:
        return "the message ends inside a field";
    case HELLO_TOO_LONG:
        return "bytes after the last field, or more than the buffer holds";
    case HELLO_BAD_CREDENTIALS:
        return "credentials field is neither 0 nor 1";
    case HELLO_BAD_VERSION:
        return "version is not 1, 2 or 3";
    case HELLO_BAD_HASH:
        return "unknown hash algorithm, or a length that is not this algorithm's";
    case HELLO_TOO_MANY_HASHES:
        return "more hashes than a hello can carry";
    default:
        return "unknown error";
    }
}
