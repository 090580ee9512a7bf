#ifndef TESTS_AMTHI_BENCH_H
#define TESTS_AMTHI_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/status.h"
#include "fw/host/amthi.h"

#define GUARD 0xEE
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum phase { PRE, RUNNING, OVER, POST, PHASES };

#define AMTHI_ALL                                                                                  \
    (AMTHI_GEN_AGENT | AMTHI_GEN_ENVIRONMENT | AMTHI_GEN_REMOTE_ACCESS | AMTHI_GEN_AUDIT |         \
     AMTHI_GEN_6_0)

static const uint8_t bench_uuid[16] = {0x44, 0x45, 0x4C, 0x4C, 0x4B, 0x00, 0x10, 0x41,
                                       0x80, 0x33, 0xB4, 0xC0, 0x4F, 0x4E, 0x31, 0x53};
static const uint8_t bench_mac[6] = {0x02, 0xA3, 0x7E, 0x00, 0x00, 0x01};

/* One device's state and the last exchange with it. */
struct bench {
    struct release release;
    struct settings settings;
    struct setup setup;
    struct amthi_view view;
    struct amthi_effects effects;
    uint8_t request[8192];
    size_t request_len;
    uint8_t response[LIMIT_AMTHI_RESPONSE + 16];
    size_t len;
};

static inline void set_phase(struct bench *b, enum phase phase)
{
    static const uint8_t state[] = {SETUP_FACTORY, SETUP_SETUP, SETUP_SETUP, SETUP_PROVISIONED};
    static const uint8_t window[] = {WINDOW_CLOSED, WINDOW_COMMANDED, WINDOW_CLOSED,
                                     WINDOW_OPERATIONAL};

    memset(&b->setup, 0, sizeof(b->setup));
    b->setup.state = state[phase];
    b->setup.window.kind = window[phase];
    b->setup.window.left_ms = phase == RUNNING ? 1000 : 0;
}

static inline void bench_init(struct bench *b)
{
    memset(b, 0, sizeof(*b));
    b->release = *release_find("5.0.3");
    settings_factory(&b->settings, &b->release, oem_find("bmp-off"));
    set_phase(b, PRE);
    b->view = (struct amthi_view){
        .release = &b->release,
        .settings = &b->settings,
        .setup = &b->setup,
        .uuid = bench_uuid,
        .mac = bench_mac,
        .network = {.link = true,
                    .active = true,
                    .address.ip = 0xC0A84D32,
                    .address.mask = 0xFFFFFF00,
                    .address.gateway = 0xC0A84D01,
                    .address.dns1 = 0xC0A84D02,
                    .address.dns2 = 0xC0A84D03,
                    .domain = "corp.example"},
        .rng_ready = true,
    };
}

static inline size_t from_hex(const char *hex, uint8_t *out)
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

static inline void send_len(struct bench *b, size_t len)
{
    memset(b->response, GUARD, sizeof(b->response));
    b->len = amthi_handle(&b->view, b->request, len, b->response, &b->effects);
    assert_true(b->len <= LIMIT_AMTHI_RESPONSE);
    for (size_t i = b->len; i < sizeof(b->response); i++)
        assert_int_equal(b->response[i], GUARD);
}

static inline void send_hex(struct bench *b, const char *hex)
{
    send_len(b, b->request_len = from_hex(hex, b->request));
}

/* A request with a correct header around any payload. */
static inline void send_payload(struct bench *b, uint8_t operation, const void *payload, size_t len)
{
    const uint8_t header[12] = {1, 1, 0, 0, operation, 0, 0, 4, (uint8_t)len, (uint8_t)(len >> 8)};

    memcpy(b->request, header, sizeof(header));
    if (len > 0)
        memcpy(b->request + sizeof(header), payload, len);
    send_len(b, sizeof(header) + len);
}

static inline void send_text(struct bench *b, uint8_t operation, const char *text, size_t len)
{
    uint8_t payload[1024] = {(uint8_t)len, (uint8_t)(len >> 8)};

    memcpy(payload + 2, text, len);
    send_payload(b, operation, payload, 2 + len);
}

static inline void expect_raised(const struct bench *b, enum setup_event_id event)
{
    assert_int_equal(b->effects.action, AMTHI_RAISE);
    assert_int_equal(b->effects.event, event);
    assert_int_equal(b->len, 0);
}

static inline void expect_bytes(const struct bench *b, const uint8_t *want, size_t len)
{
    assert_int_equal(b->effects.action, AMTHI_ANSWER);
    assert_int_equal(b->len, len);
    assert_memory_equal(b->response, want, len);
}

static inline void expect_hex(const struct bench *b, const char *hex)
{
    uint8_t want[LIMIT_AMTHI_RESPONSE];

    expect_bytes(b, want, from_hex(hex, want));
}

static inline void expect_refused(const struct bench *b, uint8_t operation, uint32_t status)
{
    const uint8_t want[16] = {
        1, 1, 0, 0, operation, 0, 0x80, 4, 4, 0, 0, 0, (uint8_t)status, (uint8_t)(status >> 8)};

    expect_bytes(b, want, sizeof(want));
    assert_int_equal(b->effects.status, status);
    assert_int_equal(b->effects.text[0], 0);
}

#endif
