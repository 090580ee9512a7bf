#ifndef TESTS_AGENT_FAKE_H
#define TESTS_AGENT_FAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/ztcagent/agent.h"

/* A device that plays back responses, each made from its bytes in hex, and writes down what the
 * agent sent and printed. */

#define FAKE_RESPONSES 40
#define FAKE_RECORDS 80
#define FAKE_BYTES 1200

struct fake_response {
    uint8_t operation;
    int len; /* what exchange() returns: 0 empty, -1 none */
    bool used;
    uint8_t bytes[FAKE_BYTES];
};

struct fake {
    struct agent_io io;
    struct agent_options options;
    struct agent_result result;
    int exit_status;
    struct fake_response response[FAKE_RESPONSES];
    size_t responses;
    char request[FAKE_RECORDS][FAKE_BYTES]; /* in hex */
    size_t requests;
    char line[FAKE_RECORDS][FAKE_BYTES];
    size_t lines;
    size_t waits;
    uint32_t waited_ms;
    /* What is done to the response to one operation. */
    uint8_t spoil;
    int spoil_len;     /* return this many bytes of it ... */
    bool spoil_header; /* ... with a header that agrees */
    int spoil_at;      /* or flip the bits spoil_mask of this byte */
    uint8_t spoil_mask;
};

static inline size_t fake_from_hex(const char *hex, uint8_t *out)
{
    size_t len = 0;

    for (; *hex; hex++) {
        char pair[3] = {hex[0], hex[1], 0};

        if (*hex == ' ')
            continue;
        out[len++] = (uint8_t)strtoul(pair, NULL, 16);
        hex++;
    }
    return len;
}

static inline void fake_set_length(uint8_t *bytes, int len)
{
    bytes[8] = (uint8_t)(len - 12);
    bytes[9] = (uint8_t)((len - 12) >> 8);
}

/* Adds a response. Several to one operation are played in order, the last one again and again. */
static inline void fake_add(struct fake *f, uint8_t operation, uint8_t status, const char *payload)
{
    struct fake_response *r = &f->response[f->responses++];
    const uint8_t header[16] = {1, 1, 0, 0, operation, 0, 0x80, 4, 0, 0, 0, 0, status};

    assert_true(f->responses <= FAKE_RESPONSES);
    r->operation = operation;
    memcpy(r->bytes, header, sizeof(header));
    r->len = 16 + (int)fake_from_hex(payload, r->bytes + 16);
    fake_set_length(r->bytes, r->len);
}

/* Takes back the responses to an operation. */
static inline void fake_drop(struct fake *f, uint8_t operation)
{
    for (size_t i = 0; i < f->responses; i++)
        if (f->response[i].operation == operation)
            f->response[i].operation = 0;
}

static inline void fake_replace(struct fake *f, uint8_t operation, uint8_t status,
                                const char *payload)
{
    fake_drop(f, operation);
    fake_add(f, operation, status, payload);
}

/* No response (-1) or an empty one (0) as the next one. */
static inline void fake_add_none(struct fake *f, uint8_t operation, int len)
{
    fake_add(f, operation, 0, "");
    f->response[f->responses - 1].len = len;
}

static inline struct fake_response *fake_next(struct fake *f, uint8_t operation)
{
    struct fake_response *last = NULL;

    for (size_t i = 0; i < f->responses; i++) {
        if (f->response[i].operation != operation)
            continue;
        last = &f->response[i];
        if (!last->used)
            break;
    }
    if (last)
        last->used = true;
    return last;
}

static inline int fake_spoil(const struct fake *f, uint8_t *response, int len)
{
    if (f->spoil_mask)
        response[f->spoil_at] ^= f->spoil_mask;
    if (f->spoil_len == 0)
        return len;
    if (f->spoil_header && f->spoil_len >= 12)
        fake_set_length(response, f->spoil_len);
    return f->spoil_len;
}

static inline int fake_exchange(void *ctx, const uint8_t *request, size_t len, uint8_t *response,
                                size_t cap)
{
    struct fake *f = ctx;
    struct fake_response *r;

    assert_true(len >= 12 && f->requests < FAKE_RECORDS);
    for (size_t i = 0; i < len; i++)
        snprintf(f->request[f->requests] + 2 * i, 3, "%02X", request[i]);
    f->requests++;
    r = fake_next(f, request[4]);
    if (!r || r->len <= 0)
        return r ? r->len : -1;
    assert_true(cap >= FAKE_BYTES);
    memcpy(response, r->bytes, FAKE_BYTES);
    return r->operation == f->spoil ? fake_spoil(f, response, r->len) : r->len;
}

static inline void fake_wait(void *ctx, uint32_t ms)
{
    struct fake *f = ctx;

    f->waits++;
    f->waited_ms += ms;
}

static inline void fake_print(void *ctx, const char *line)
{
    struct fake *f = ctx;

    assert_true(f->lines < FAKE_RECORDS);
    assert_null(strchr(line, '\n'));
    snprintf(f->line[f->lines++], FAKE_BYTES, "%s", line);
}

static inline void fake_init(struct fake *f)
{
    memset(f, 0, sizeof(*f));
    f->io = (struct agent_io){f, fake_exchange, fake_wait, fake_print};
}

/* Forgets what was recorded and plays all responses anew. */
static inline void fake_run(struct fake *f)
{
    f->requests = f->lines = f->waits = 0;
    f->waited_ms = 0;
    for (size_t i = 0; i < f->responses; i++)
        f->response[i].used = false;
    memset(&f->result, 0x5A, sizeof(f->result));
    f->exit_status = agent_run(&f->io, &f->options, &f->result);
}

static inline void expect_lines(const struct fake *f, const char *const want[], size_t count)
{
    for (size_t i = 0; i < f->lines && i < count; i++)
        assert_string_equal(f->line[i], want[i]);
    assert_int_equal(f->lines, count);
}

static inline void expect_last_line(const struct fake *f, const char *want)
{
    assert_true(f->lines > 0);
    assert_string_equal(f->line[f->lines - 1], want);
}

static inline bool fake_printed(const struct fake *f, const char *line)
{
    for (size_t i = 0; i < f->lines; i++)
        if (strcmp(f->line[i], line) == 0)
            return true;
    return false;
}

static inline void expect_requests(const struct fake *f, const char *const want[], size_t count)
{
    for (size_t i = 0; i < f->requests && i < count; i++)
        assert_string_equal(f->request[i], want[i]);
    assert_int_equal(f->requests, count);
}

static inline size_t fake_count(const struct fake *f, uint8_t operation)
{
    size_t count = 0;

    for (size_t i = 0; i < f->requests; i++) {
        char start[17];

        snprintf(start, sizeof(start), "01010000%02X000004", operation);
        count += strncmp(f->request[i], start, 16) == 0;
    }
    return count;
}

#define FAKE_BIOS                                                                                  \
    "50524F5649534F 00 0000000000000000 0000000000000000 0000000000000000 0000000000000000 "       \
    "0000000000000000 0000000000000000 0000000000000000 00 "
#define FAKE_AMT_5_0_3                                                                             \
    "0300 414D54 0000000000000000000000000000000000 "                                              \
    "0500 352E302E33 000000000000000000000000000000 "
#define FAKE_SKU_14                                                                                \
    "0300 536B75 0000000000000000000000000000000000 "                                              \
    "0200 3134 000000000000000000000000000000000000 "
#define FAKE_44_ZEROS                                                                              \
    "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000 "
#define FAKE_STARFIELD                                                                             \
    "01000000 01000000 AD7E1C28B064EF8F6003402014C3D0E3370EB58A " FAKE_44_ZEROS                    \
    "01 1400 537461726669656C6420436C6173732032204341"

/* The forum's 5.0.3 machine (S0), with one of its hashes: ready for PKI, but never saw option 15.
 */
static inline void fake_forum_device(struct fake *f)
{
    fake_init(f);
    fake_add(f, 0x1A, 0, FAKE_BIOS "02000000" FAKE_AMT_5_0_3 FAKE_SKU_14);
    fake_add(f, 0x2C, 0, "01000000 04000000");
    fake_add(f, 0x2D, 0, FAKE_STARFIELD);
    fake_add(f, 0x11, 0, "00000000");
    fake_add(f, 0x08, 0, "01000000 00000000");
    fake_add(f, 0x30, 0, "01000000");
    fake_add(f, 0x2B, 0, "02000000");
    fake_add(f, 0x2E, 0, "00000000");
    fake_add(f, 0x29, 2, "");
}

#endif
