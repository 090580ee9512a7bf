// SPDX-License-Identifier: BSD-3-Clause
#ifndef TESTS_FUZZ_FUZZ_DEVICE_H
#define TESTS_FUZZ_FUZZ_DEVICE_H

#include <mbedtls/memory_buffer_alloc.h>
#include <mbedtls/sha1.h>

#include "lwip/memp.h"
#include "lwip/stats.h"

#include "fw/core/bytes.h"
#include "fw/core/status.h"
#include "fw/core/trace.h"
#include "fw/device.h"
#include "fw/store/settings_store.h"
#include "hal/virtual/virtual.h"
#include "tests/fuzz/fuzz.h"

/* A whole device in the virtual world: the shipped code from the MAC to the flash. Each kind of
 * device is brought up once; from then on every input begins with a copy of that moment, taken of
 * everything: the device, its ports and lwIP's and mbedTLS's variables. */

enum world_kind {
    WORLD_SETUP_PKI,    /* 5.0.3, bare metal: says hello, waits for a server with a certificate */
    WORLD_SETUP_PSK,    /* 2.2 with a PID and PPS, the same */
    WORLD_SETUP_SERVER, /* 5.0.2, its server's address is set: no look-up */
    WORLD_SMB,          /* 5.0.3, provisioned: HTTP */
    WORLD_PLAIN,        /* 5.0.3, provisioned in enterprise mode without TLS */
    WORLD_TLS,          /* 5.0.3, provisioned: HTTPS */
    WORLD_CLOSED,       /* 5.0.2, its windows have ended */
    WORLDS
};

#define WORLD_ME_IP 0x0A000032u
#define WORLD_PEER_IP 0x0A000063u /* also the set-up server */
#define WORLD_GATEWAY_IP 0x0A000001u
#define WORLD_DNS_IP 0x0A000002u
#define WORLD_PASSWORD "P@ssw0rd!X"
#define WORLD_PID "0000037M"
#define WORLD_PPS "NKLDG5DCRRNQE9YZZIJL7LFLVJED69XJ"
#define WORLD_FLOWS 10
#define WORLD_REPLY 4096

static const uint8_t world_me[6] = {2, 0xA3, 0x7E, 0, 0, 1}, world_peer[6] = {2, 0, 0, 0, 0, 0x99};
static const uint8_t world_uuid[16] = {0x44, 0x33, 0x22, 0x11, 0x66, 0x55, 0x88, 0x77,
                                       0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0x00};

/* The other end of a connection, as far as a test needs one. */
struct flow {
    uint16_t mine, theirs; /* ports */
    uint32_t next, heard;  /* sequence numbers: what is sent next, what is expected next */
    uint32_t acked, window;
    bool answered, open, ended, reset;
    size_t reply_len; /* what has come since the caller set it to 0; beyond the room it is lost */
};

static struct world {
    struct virtual_hal hal;
    struct device device;
    uint64_t now_ms, next_ms;
    /* What the network does by itself. */
    bool arp, dhcp, dns, server, acks;
    uint32_t lease_ip;
    uint32_t dhcp_xid;
    uint16_t dns_id, dns_port;
    uint8_t question[280];
    size_t question_len;
    struct flow flow[WORLD_FLOWS];
    char nonce[33];
    uint32_t nonce_count;
    /* What was seen. */
    bool silent;   /* no frame may leave */
    bool replying; /* the last reply to a request may leave before the interface closes */
    bool told;     /* the input has a secret of the device's in it, so that it may come out again */
    uint32_t frames, answers;
    uint8_t answer[LIMIT_AMTHI_RESPONSE];
    size_t answer_len;
} w;

/* Behind the flows, so that a copy of the world stays small. */
static char world_reply[WORLD_FLOWS][WORLD_REPLY + 1];

static struct device_config world_config;

/* --- a copy of everything --- */

/* Bounds of lwIP's and mbedTLS's variables, given by the linker (tools/lwip-world.lds). */
extern char __start_lwip_world[], __stop_lwip_world[];

struct moment {
    struct world world;
    struct device_config config;
    char *variables;
};

static struct moment world_moment[WORLDS];
static char *world_pristine;

static inline size_t world_variables(void)
{
    return (size_t)(__stop_lwip_world - __start_lwip_world);
}

static inline char *world_copy_variables(void)
{
    char *copy = malloc(world_variables());

    promise(copy != NULL, "memory for the test");
    memcpy(copy, __start_lwip_world, world_variables());
    return copy;
}

static inline void world_enter_variables(const char *variables)
{
    memcpy(__start_lwip_world, variables, world_variables());
}

/* --- time --- */

/* Making a key takes some 1000 calls; a device that never rests hangs. */
#define WORLD_POLLS 5000u

/* Until the device waits for something. A call takes a millisecond, and what a frame makes others
 * send comes with the next one. */
static inline void world_poll(void)
{
    for (uint32_t i = 0;; i++) {
        promise(i < WORLD_POLLS, "the device comes to rest");
        w.next_ms = device_poll(&w.device, w.now_ms);
        if (w.hal.rx_queue.count == 0 && w.next_ms > w.now_ms)
            break;
        w.now_ms++;
    }
    promise(mbedtls_memory_buffer_alloc_verify() == 0, "mbedTLS's memory is whole");
}

/* Time passes, and the device is called whenever it has asked for it. */
static inline void world_pass(uint64_t ms)
{
    uint64_t end = w.now_ms + ms;

    world_poll();
    while (w.next_ms < end) {
        if (w.next_ms > w.now_ms)
            w.now_ms = w.next_ms;
        world_poll();
    }
    if (w.now_ms < end)
        w.now_ms = end;
    world_poll();
}

/* The machine stands still: the device is not called meanwhile. */
static inline void world_stall(uint64_t ms)
{
    w.now_ms += ms;
    world_poll();
}

/* --- what comes out --- */

/* Whether there is a secret in it that the input did not bring. */
static inline bool world_holds_secret(const uint8_t *bytes, size_t len)
{
    return !w.told && (contains(bytes, len, WORLD_PASSWORD) || contains(bytes, len, WORLD_PPS));
}

/* fuzz_wire.h: the network. */
static void wire_frame_out(const uint8_t *frame, size_t len);

static inline void world_frame_out(void *ctx, const uint8_t *frame, size_t len)
{
    (void)ctx;
    w.frames++;
    promise(!w.silent, "no frame leaves a closed window");
    promise(len >= 14 && len <= LIMIT_FRAME, "a frame has a legal length");
    promise(memcmp(frame + 6, world_me, 6) == 0, "a frame leaves under the machine's own MAC");
    wire_frame_out(frame, len);
}

static inline void world_message_out(void *ctx, const uint8_t *message, size_t len)
{
    (void)ctx;
    w.answers++;
    w.answer_len = len;
    promise(len <= sizeof(w.answer), "an answer keeps to its limit");
    memcpy(w.answer, message, len);
    if (len == 0)
        return;
    promise(len >= 16 && get_le32(message + 8) == len - 12 && message[0] == 1 && message[1] == 1 &&
                (message[6] & 0x80),
            "an answer on the host interface has its header, and the length that it says");
}

static inline void world_trace(void *ctx, uint64_t now_ms, int event, uint32_t value,
                               const char *text, const char *source)
{
    (void)ctx;
    (void)value;
    if (getenv("FUZZ_TRACE"))
        fprintf(stderr, "%10llu %s %u %s\n", (unsigned long long)now_ms, trace_word(event), value,
                text ? text : "");
    promise(event >= 0 && event < TRACE_EVENTS, "a trace has a known event");
    promise_printable(text);
    promise_printable(source);
    promise(!text || !world_holds_secret((const uint8_t *)text, strlen(text)),
            "no trace holds a secret");
    if (event == TRACE_NET_MODE)
        w.silent = strcmp(text, "closed") == 0;
    if (event == TRACE_WINDOW_CLOSED && !w.replying)
        w.silent = true;
    if (event == TRACE_WINDOW_OPEN || event == TRACE_BOOT)
        w.silent = false;
}

/* --- bringing a device up --- */

static inline void world_boot(void)
{
    virtual_power_off(&w.hal);
    world_enter_variables(world_pristine);
    memset(&w.device, 0, sizeof(w.device));
    device_boot(&w.device, &world_config, &w.hal.hal, w.now_ms);
    world_poll();
}

static inline void world_provisioned(struct settings *s, enum provisioning_mode mode)
{
    s->machine.setup_state = SETUP_PROVISIONED;
    s->machine.window_kind = WINDOW_OPERATIONAL;
    s->machine.bmp_left_s = 0;
    s->secret.password_default = false;
    memset(s->secret.password, 0, sizeof(s->secret.password));
    strcpy(s->secret.password, WORLD_PASSWORD);
    s->config.mode = (uint8_t)mode;
    strcpy(s->config.host_name, "pc1");
}

static inline void world_in_setup(struct settings *s)
{
    s->machine.setup_state = SETUP_SETUP;
    s->machine.window_kind = WINDOW_COMMANDED;
    s->machine.window_left_s = 20000;
}

static inline void world_settings(enum world_kind kind, struct settings *s)
{
    switch (kind) {
    case WORLD_SETUP_PSK:
        world_in_setup(s);
        strcpy(s->secret.pid, WORLD_PID);
        memcpy(s->secret.pps, WORLD_PPS, LIMIT_PPS);
        break;
    case WORLD_SETUP_SERVER:
        world_in_setup(s);
        s->config.server_ip = WORLD_PEER_IP;
        break;
    case WORLD_SMB:
        world_provisioned(s, MODE_SMB);
        break;
    case WORLD_PLAIN:
        world_provisioned(s, MODE_ENTERPRISE);
        s->config.tls_off = true;
        break;
    case WORLD_TLS:
        world_provisioned(s, MODE_ENTERPRISE);
        break;
    case WORLD_CLOSED:
        s->machine.bmp_left_s = 0;
        s->machine.window_kind = WINDOW_CLOSED;
        break;
    default:
        break;
    }
}

/* What somebody's own factory or an earlier life has left in this device; NULL = nothing. */
typedef void world_change(struct settings *s);

/* A device of that kind is up and has an address, if it wants one. */
static inline void world_prepare(enum world_kind kind, world_change *change)
{
    static const char *const release[WORLDS] = {"5.0.3", "2.2",   "5.0.2", "5.0.3",
                                                "5.0.3", "5.0.3", "5.0.2"};
    struct virtual_out out = {NULL, world_frame_out, world_message_out, world_trace};
    struct settings s;
    struct store store;

    if (!world_pristine)
        world_pristine = world_copy_variables();
    memset(&w, 0, sizeof(w));
    memset(&world_config, 0, sizeof(world_config));
    world_config.release = release_find(release[kind]);
    world_config.oem = oem_find("intel");
    memcpy(world_config.uuid, world_uuid, sizeof(world_uuid));
    memcpy(world_config.mac, world_me, sizeof(world_me));
    virtual_init(&w.hal, &out, 7);
    w.hal.link = w.arp = w.dhcp = w.acks = true;
    w.lease_ip = WORLD_ME_IP;
    w.now_ms = 1000;
    settings_factory(&s, world_config.release, world_config.oem);
    world_settings(kind, &s);
    if (change)
        change(&s);
    promise(store_mount(&store, &w.hal.hal.flash) == STORE_OK &&
                settings_save(&store, &s) == STORE_OK,
            "the test's own settings are stored");
    for (int i = 0; i < WORLD_FLOWS; i++) {
        w.flow[i].mine = (uint16_t)(40000 + i);
        w.flow[i].theirs = kind == WORLD_SMB || kind == WORLD_PLAIN ? 16992 : 16993;
        w.flow[i].next = w.flow[i].acked = 1000u * (uint32_t)i + 1u;
    }
    world_boot();
    world_pass(3000);
}

static inline void world_keep(enum world_kind kind)
{
    struct moment *m = &world_moment[kind];

    m->world = w;
    m->config = world_config;
    m->variables = world_copy_variables();
}

/* The moment that was kept, again, for this input. */
static inline void world_enter(enum world_kind kind, const uint8_t *data, size_t size)
{
    const struct moment *m = &world_moment[kind];

    w = m->world;
    w.told = contains(data, size, "P@ss") || contains(data, size, "NKLD");
    world_config = m->config;
    world_enter_variables(m->variables);
}

/* --- promises --- */

#define WORLD_DISABLED UINT32_MAX

/* GetProvisioningState, whatever the host has sent before: 0 PRE, 1 IN, 2 POST; WORLD_DISABLED
 * where somebody has switched AMT off, which an empty answer says. */
static inline uint32_t world_state(void)
{
    static const uint8_t request[12] = {1, 1, 0, 0, 0x11, 0, 0, 4};
    uint32_t answers;

    world_pass(10000); /* an answer may still be owed */
    answers = w.answers;
    promise(virtual_message_in(&w.hal, request, sizeof(request)),
            "the host interface takes what the host sends");
    world_poll();
    promise(w.answers == answers + 1, "the host interface answers");
    if (w.answer_len == 0 && w.device.settings.me.manageability == MANAGEABILITY_NONE)
        return WORLD_DISABLED;
    promise(w.answer_len == 20 && get_le32(w.answer + 12) == 0,
            "the host interface knows the state");
    return get_le32(w.answer + 16);
}

static inline bool world_pools_empty(void)
{
    return lwip_stats.memp[MEMP_PBUF_POOL]->used == 0 && lwip_stats.memp[MEMP_PBUF]->used == 0 &&
           lwip_stats.memp[MEMP_TCP_SEG]->used == 0 && lwip_stats.memp[MEMP_TCP_PCB]->used == 0;
}

/* When nobody sends anything more, everything that the strangers held comes back. */
static inline void promise_pools(uint32_t minutes)
{
    for (uint32_t i = 0; i < 4u * minutes && !world_pools_empty(); i++)
        world_pass(15000);
    if (!world_pools_empty())
        fprintf(stderr, "in use: buffers %u, references %u, segments %u, connections %u\n",
                lwip_stats.memp[MEMP_PBUF_POOL]->used, lwip_stats.memp[MEMP_PBUF]->used,
                lwip_stats.memp[MEMP_TCP_SEG]->used, lwip_stats.memp[MEMP_TCP_PCB]->used);
    promise(world_pools_empty(), "lwIP's pools are empty after quiet");
}

#endif
