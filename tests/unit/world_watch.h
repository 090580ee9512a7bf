#ifndef TESTS_WORLD_WATCH_H
#define TESTS_WORLD_WATCH_H

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/trace.h"
#include "sim/packet.h"
#include "sim/world.h"

/* A virtual world that is watched: what leaves the ME, and what set-up applications receive. */

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define SECOND UINT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define SCA_IP 0x0A000005u
#define OTHER_IP 0x0A000006u
#define ACTIVE true /* no operating system: the ME leases for itself */
#define PASSIVE false

struct seen {
    uint64_t time_us;
    struct packet packet; /* points into bytes */
    uint32_t sequence;    /* TCP */
    uint8_t bytes[LAN_FRAME];
};

struct hello_seen {
    uint64_t time_us;
    uint32_t retry, from_ip, at_ip;
    uint16_t from_port;
    size_t len;
    uint8_t bytes[256];
};

/* One world and what was observed of it. */
struct watch {
    struct world *world;
    struct seen *frame; /* TCP, DNS and DHCP frames of the ME */
    size_t frames;
    struct hello_seen hello[64];
    size_t hellos;
    char query[64][256]; /* names asked for, lower case */
    uint64_t query_us[64];
    size_t queries;
    uint64_t attempt_us[64];
    size_t attempts, failures, lookups;
    size_t of_sca;             /* TCP frames of others with data in them */
    enum lan_sender first_fin; /* LAN_SENDERS: nobody has closed yet */
};

#define FRAMES 4096

static inline void note_query(struct watch *x, const struct packet *p, uint64_t time_us)
{
    char *name = x->query[x->queries];
    size_t at = 12, n = 0;

    assert_true(x->queries < COUNT(x->query));
    assert_int_equal(packet_get16(p->payload + 4), 1); /* one question */
    while (p->payload[at]) {
        uint8_t label = p->payload[at++];

        assert_true(at + label < p->payload_len && n + label + 1 < 255);
        if (n > 0)
            name[n++] = '.';
        for (; label > 0; label--)
            name[n++] = (char)tolower(p->payload[at++]);
    }
    name[n] = '\0';
    assert_int_equal(packet_get16(p->payload + at + 1), 1); /* A, never AAAA */
    x->query_us[x->queries++] = time_us;
}

static inline void note_frame(struct watch *x, const struct world_event *e)
{
    struct seen *s = &x->frame[x->frames];

    assert_true(x->frames < FRAMES);
    memcpy(s->bytes, e->frame, e->len);
    assert_true(packet_parse(s->bytes, e->len, &s->packet));
    if (s->packet.kind == PACKET_TCP && (s->packet.tcp_flags & PACKET_TCP_FIN) &&
        x->first_fin == LAN_SENDERS)
        x->first_fin = e->sender;
    if (e->sender == LAN_LAN)
        x->of_sca += s->packet.kind == PACKET_TCP && s->packet.payload_len > 0;
    if (e->sender != LAN_ME || (s->packet.kind != PACKET_TCP && s->packet.kind != PACKET_DNS &&
                                s->packet.kind != PACKET_DHCP))
        return;
    s->time_us = e->time_us;
    if (s->packet.kind == PACKET_TCP)
        s->sequence = packet_get32(s->bytes + 34 + 4);
    if (s->packet.kind == PACKET_DNS)
        note_query(x, &s->packet, e->time_us);
    x->frames++;
}

static inline void on_event(void *ctx, const struct world_event *e)
{
    struct watch *x = ctx;

    if (e->kind == WORLD_FRAME)
        note_frame(x, e);
    if (e->kind == WORLD_DEVICE && e->trace == TRACE_ATTEMPT && x->attempts < COUNT(x->attempt_us))
        x->attempt_us[x->attempts++] = e->time_us;
    x->lookups += e->kind == WORLD_DEVICE && e->trace == TRACE_LOOKUP;
    x->failures += e->kind == WORLD_DEVICE && e->trace == TRACE_ATTEMPT_FAILED;
    if (e->kind == WORLD_HELLO) {
        struct hello_seen *h = &x->hello[x->hellos++];

        assert_true(x->hellos <= COUNT(x->hello) && e->len <= sizeof(h->bytes));
        *h = (struct hello_seen){.time_us = e->time_us,
                                 .retry = e->hello->retry,
                                 .from_ip = e->ip,
                                 .from_port = e->port,
                                 .at_ip = e->value,
                                 .len = e->len};
        memcpy(h->bytes, e->frame, e->len);
    }
}

static struct watch *live; /* a failed test has left its own here */

static inline void watch_free(struct watch *x)
{
    world_free(x->world);
    free(x->frame);
    free(x);
    live = NULL;
}

static inline struct watch *watch_oem(const struct oem_profile *oem, bool no_os, uint64_t seed)
{
    struct world_config config = {
        .release = release_find("5.0.2"), .oem = oem, .seed = seed, .no_os = no_os};
    struct watch *x = calloc(1, sizeof(*x));
    struct world_observer observer = {x, on_event};

    assert_non_null(x);
    if (live)
        watch_free(live);
    live = x;
    x->first_fin = LAN_SENDERS;
    x->frame = calloc(FRAMES, sizeof(*x->frame));
    assert_non_null(x->frame);
    x->world = world_new(&config, &observer);
    assert_non_null(x->world);
    return x;
}

/* A 5.0.2 as Intel ships it: hellos start by themselves a second after AC. */
static inline struct watch *watch_new(bool no_os, uint64_t seed)
{
    return watch_oem(oem_find("intel"), no_os, seed);
}

/* Option 15, its record and a set-up application that listens. */
static inline void ordinary(struct watch *x)
{
    assert_true(world_option15(x->world, "corp.example"));
    assert_true(world_dns_a(x->world, "provisionserver.corp.example", SCA_IP));
    assert_true(world_sca(x->world, SCA_IP, WORLD_SCA_LISTEN, 0));
}

static inline size_t count_tcp(const struct watch *x, uint8_t flags, uint8_t mask)
{
    size_t n = 0;

    for (size_t i = 0; i < x->frames; i++)
        n +=
            x->frame[i].packet.kind == PACKET_TCP && (x->frame[i].packet.tcp_flags & mask) == flags;
    return n;
}

/* The SYNs that open connections: a repeated one has the number of the one before. */
static inline size_t connections(const struct watch *x, const struct seen *syn[], size_t cap)
{
    size_t n = 0;

    for (size_t i = 0; i < x->frames; i++) {
        const struct seen *s = &x->frame[i];

        if (s->packet.kind != PACKET_TCP || !(s->packet.tcp_flags & PACKET_TCP_SYN) ||
            (n > 0 && syn[n - 1]->sequence == s->sequence))
            continue;
        assert_true(n < cap);
        syn[n++] = s;
    }
    return n;
}

static inline void expect_queries(const struct watch *x, const char *const want[], size_t count)
{
    assert_int_equal(x->queries, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(x->query[i], want[i]);
}

#endif
