// SPDX-License-Identifier: BSD-3-Clause
// links: sim/net/probe.c sim/net/packet.c sim/net/lan.c sim/base/clock.c sim/base/rng.c
#include "sim/net/probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/net/packet.h"

/* The probe against one station, written out by hand, that answers as it is told. */

#define STATION_IP 0x0A000032u
#define ACK_SYN (PACKET_TCP_ACK | PACKET_TCP_SYN)

static const uint8_t station_mac[6] = {2, 0, 0, 0, 0, 1};

struct station {
    struct sim_clock clock;
    struct lan lan;
    struct probe probe;
    int port;
    bool knows_arp;
    uint8_t flags;         /* of the answer to a SYN, 0 = none */
    uint16_t answer_port;  /* 0 = the one asked for */
    unsigned syns, resets; /* seen */
    uint8_t syn[54];
};

static void send_tcp(struct station *s, const struct packet *to)
{
    uint8_t frame[54] = {0};

    memcpy(frame, to->src_mac, 6);
    memcpy(frame + 6, station_mac, 6);
    packet_put16(frame + 12, 0x0800);
    frame[14] = 0x45;
    packet_put16(frame + 16, 40);
    frame[22] = 64;
    frame[23] = 6;
    packet_put32(frame + 26, STATION_IP);
    packet_put32(frame + 30, PROBE_IP);
    uint32_t sum = 0;
    for (int i = 14; i < 34; i += 2)
        sum += packet_get16(frame + i);
    packet_put16(frame + 24, (uint16_t) ~((sum & 0xFFFF) + (sum >> 16)));
    packet_put16(frame + 34, s->answer_port ? s->answer_port : to->dst_port);
    packet_put16(frame + 36, to->src_port);
    frame[46] = 5 << 4;
    frame[47] = s->flags;
    lan_send(&s->lan, s->port, frame, sizeof frame);
}

static void on_frame(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct station *s = ctx;
    struct packet p;
    uint8_t reply[64];

    (void)from;
    assert_true(packet_parse(frame, len, &p));
    if (p.kind == PACKET_ARP && s->knows_arp) {
        len = packet_arp_answer(reply, sizeof reply, &p, station_mac, STATION_IP);
        if (len)
            lan_send(&s->lan, s->port, reply, len);
    }
    if (p.kind != PACKET_TCP)
        return;
    s->resets += (p.tcp_flags & PACKET_TCP_RST) != 0;
    if (!(p.tcp_flags & PACKET_TCP_SYN))
        return;
    s->syns++;
    assert_int_equal(len, sizeof s->syn);
    memcpy(s->syn, frame, sizeof s->syn);
    if (s->flags)
        send_tcp(s, &p);
}

static struct station *new_station(void)
{
    static struct station s;
    struct lan_port port = {.ctx = &s, .frame = on_frame, .sender = LAN_ME, .link = true};

    memset(&s, 0, sizeof s);
    clock_init(&s.clock);
    lan_init(&s.lan, &s.clock, 1);
    s.port = lan_attach(&s.lan, &port);
    s.knows_arp = true;
    assert_true(probe_init(&s.probe, &s.clock, &s.lan));
    return &s;
}

static void end(struct station *s)
{
    lan_free(&s->lan);
    clock_free(&s->clock);
}

static void open_closed_silent(void **state)
{
    struct station *s = new_station();

    (void)state;
    s->flags = ACK_SYN;
    assert_int_equal(probe_port(&s->probe, STATION_IP, 16993), PROBE_OPEN);
    assert_true(s->clock.now_us < 10000);
    s->flags = PACKET_TCP_RST | PACKET_TCP_ACK;
    assert_int_equal(probe_port(&s->probe, STATION_IP, 16992), PROBE_CLOSED);
    /* The open connection was reset. */
    assert_int_equal(s->resets, 1);
    uint64_t before = s->clock.now_us;
    s->flags = 0;
    assert_int_equal(probe_port(&s->probe, STATION_IP, 16992), PROBE_SILENT);
    assert_int_equal(s->clock.now_us, before + PROBE_WAIT_US);
    assert_int_equal(s->syns, 3);
    end(s);
}

static void nobody_there(void **state)
{
    struct station *s = new_station();

    (void)state;
    s->flags = ACK_SYN;
    s->knows_arp = false;
    assert_int_equal(probe_port(&s->probe, STATION_IP, 16993), PROBE_SILENT);
    assert_int_equal(s->clock.now_us, PROBE_WAIT_US);
    assert_int_equal(s->syns, 0);
    end(s);
}

/* What another port says, or a segment without SYN, is no answer. */
static void other_segments(void **state)
{
    struct station *s = new_station();

    (void)state;
    s->flags = ACK_SYN;
    s->answer_port = 16994;
    assert_int_equal(probe_port(&s->probe, STATION_IP, 16993), PROBE_SILENT);
    s->answer_port = 0;
    s->flags = PACKET_TCP_ACK;
    assert_int_equal(probe_port(&s->probe, STATION_IP, 16993), PROBE_SILENT);
    s->flags = PACKET_TCP_SYN;
    assert_int_equal(probe_port(&s->probe, STATION_IP, 16993), PROBE_SILENT);
    end(s);
}

static uint16_t sum_of(const uint8_t *bytes, size_t len, uint32_t sum)
{
    for (size_t i = 0; i < len; i += 2)
        sum += packet_get16(bytes + i);
    while (sum >> 16)
        sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t)sum;
}

static void the_syn_itself(void **state)
{
    struct station *s = new_station();
    static const uint8_t pseudo[12] = {10, 0, 0, 9, 10, 0, 0, 50, 0, 6, 0, 20};

    (void)state;
    probe_port(&s->probe, STATION_IP, 16993);
    assert_memory_equal(s->syn, station_mac, 6);
    assert_int_equal(packet_get32(s->syn + 26), PROBE_IP);
    assert_int_equal(packet_get32(s->syn + 30), STATION_IP);
    assert_int_equal(packet_get16(s->syn + 36), 16993);
    assert_int_equal(s->syn[47], PACKET_TCP_SYN);
    /* Sums over a right checksum are all ones (RFC 1071). */
    assert_int_equal(sum_of(s->syn + 14, 20, 0), 0xFFFF);
    assert_int_equal(sum_of(s->syn + 34, 20, sum_of(pseudo, sizeof pseudo, 0)), 0xFFFF);
    uint16_t first = packet_get16(s->syn + 34);
    probe_port(&s->probe, STATION_IP, 16993);
    assert_true(packet_get16(s->syn + 34) != first);
    end(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_closed_silent),
        cmocka_unit_test(nobody_there),
        cmocka_unit_test(other_segments),
        cmocka_unit_test(the_syn_itself),
    };
    return cmocka_run_group_tests_name("probe", tests, NULL, NULL);
}
