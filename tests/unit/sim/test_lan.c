// SPDX-License-Identifier: BSD-3-Clause
// links: sim/base/clock.c sim/base/rng.c sim/net/lan.c
// The Ethernet segment (sim/net/lan.h): latency and order, link state, the ME and host behind one
// MAC.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/net/lan.h"

#define LOG 300
#define FRAME_BYTES 60

/* Times are in µs: longer than any latency, and shorter than the shortest. */
#define LONG_US 1000
#define SHORT_US 50

struct seen {
    int station;
    uint8_t tag; /* first byte of the frame's data */
    enum lan_sender from;
    uint64_t at_us;
};

struct segment;

struct station {
    struct segment *segment;
    int id;
};

struct segment {
    struct sim_clock clock;
    struct lan lan;
    struct station station[LAN_PORTS];
    struct seen seen[LOG];
    int count;
    struct seen tapped[LOG];
    int taps;
    int drop_tag;
};

static void on_frame(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct station *station = ctx;
    struct segment *segment = station->segment;

    assert_int_equal(len, FRAME_BYTES);
    assert_true(segment->count < LOG);
    segment->seen[segment->count++] =
        (struct seen){station->id, frame[14], from, segment->clock.now_us};
}

static void on_tap(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct segment *segment = ctx;

    assert_int_equal(len, FRAME_BYTES);
    assert_true(segment->taps < LOG);
    segment->tapped[segment->taps++] = (struct seen){-1, frame[14], from, segment->clock.now_us};
}

static bool on_drop(void *ctx, const uint8_t *frame, size_t len)
{
    struct segment *segment = ctx;

    (void)len;
    return frame[14] == segment->drop_tag;
}

static int attach(struct segment *segment, enum lan_sender sender, uint8_t group)
{
    int id = segment->lan.ports;
    const struct lan_port port = {.ctx = &segment->station[id],
                                  .frame = on_frame,
                                  .sender = sender,
                                  .link = true,
                                  .group = group};

    return lan_attach(&segment->lan, &port);
}

static void start(struct segment *segment, uint64_t seed)
{
    *segment = (struct segment){.drop_tag = -1};
    clock_init(&segment->clock);
    lan_init(&segment->lan, &segment->clock, seed);
    segment->lan.tap = on_tap;
    segment->lan.tap_ctx = segment;
    segment->lan.drop = on_drop;
    segment->lan.drop_ctx = segment;
    for (int i = 0; i < LAN_PORTS; i++)
        segment->station[i] = (struct station){segment, i};
}

static int set_up(void **state)
{
    static struct segment segment;

    start(&segment, 1);
    *state = &segment;
    return 0;
}

static int tear_down(void **state)
{
    struct segment *segment = *state;

    lan_free(&segment->lan);
    clock_free(&segment->clock);
    return 0;
}

static void send_frame(struct segment *segment, int port, uint8_t tag)
{
    uint8_t frame[FRAME_BYTES] = {0};

    frame[14] = tag;
    lan_send(&segment->lan, port, frame, sizeof(frame));
}

static void pass(struct segment *segment, uint64_t us)
{
    clock_run(&segment->clock, segment->clock.now_us + us);
}

static void test_reaches_every_other_port(void **state)
{
    struct segment *segment = *state;

    for (int i = 0; i < 3; i++)
        assert_int_equal(attach(segment, LAN_LAN, 0), i);
    send_frame(segment, 1, 42);
    pass(segment, LONG_US);
    assert_int_equal(segment->count, 2);
    assert_int_equal(segment->seen[0].station, 0);
    assert_int_equal(segment->seen[1].station, 2);
    assert_int_equal(segment->seen[1].tag, 42);
    assert_int_equal(segment->seen[1].from, LAN_LAN);
    assert_int_equal(segment->seen[1].at_us, segment->seen[0].at_us);
}

static void test_latency_is_100_to_499_us(void **state)
{
    struct segment *segment = *state;
    uint64_t least = UINT64_MAX, most = 0;

    attach(segment, LAN_LAN, 0);
    attach(segment, LAN_LAN, 0);
    for (int i = 0; i < 200; i++) {
        send_frame(segment, 0, (uint8_t)i);
        pass(segment, LONG_US);
        assert_int_equal(segment->count, i + 1);

        uint64_t latency = segment->seen[i].at_us - segment->tapped[i].at_us;

        least = latency < least ? latency : least;
        most = latency > most ? latency : most;
    }
    assert_in_range(least, 100, 150);
    assert_in_range(most, 450, 499);
}

static void test_no_frame_overtakes_another(void **state)
{
    struct segment *segment = *state;

    attach(segment, LAN_LAN, 0);
    attach(segment, LAN_LAN, 0);
    attach(segment, LAN_LAN, 0);
    for (int i = 0; i < 100; i++) {
        send_frame(segment, i % 2, (uint8_t)i);
        pass(segment, 10);
    }
    pass(segment, LONG_US);
    assert_int_equal(segment->count, 200);

    int expected = 0;

    for (int i = 0; i < segment->count; i++) {
        if (segment->seen[i].station == 2)
            assert_int_equal(segment->seen[i].tag, expected++);
        if (i > 0)
            assert_true(segment->seen[i].at_us >= segment->seen[i - 1].at_us);
    }
    assert_int_equal(expected, 100);
}

static void test_nothing_leaves_without_link(void **state)
{
    struct segment *segment = *state;

    attach(segment, LAN_LAN, 0);
    attach(segment, LAN_LAN, 0);
    lan_set_link(&segment->lan, 0, false);
    send_frame(segment, 0, 1);
    pass(segment, LONG_US);
    assert_int_equal(segment->taps, 0);
    assert_int_equal(segment->count, 0);
    lan_set_link(&segment->lan, 0, true);
    send_frame(segment, 0, 2);
    pass(segment, LONG_US);
    assert_int_equal(segment->taps, 1);
    assert_int_equal(segment->count, 1);
}

static void test_sent_is_sent_when_the_senders_link_falls(void **state)
{
    struct segment *segment = *state;

    attach(segment, LAN_LAN, 0);
    attach(segment, LAN_LAN, 0);
    send_frame(segment, 0, 1);
    lan_set_link(&segment->lan, 0, false);
    pass(segment, LONG_US);
    assert_int_equal(segment->count, 1);
}

static void test_link_falls_while_in_flight(void **state)
{
    struct segment *segment = *state;

    for (int i = 0; i < 4; i++)
        attach(segment, LAN_LAN, 0);
    lan_set_link(&segment->lan, 3, false);
    send_frame(segment, 0, 1);
    pass(segment, SHORT_US);
    lan_set_link(&segment->lan, 1, false);
    lan_set_link(&segment->lan, 2, false);
    lan_set_link(&segment->lan, 2, true);
    lan_set_link(&segment->lan, 3, true);
    send_frame(segment, 0, 2);
    pass(segment, LONG_US);
    /* 1 is down; 2 missed the first frame, 3 came up in time for it. */
    assert_int_equal(segment->count, 3);
    assert_int_equal(segment->seen[0].station, 3);
    assert_int_equal(segment->seen[0].tag, 1);
    assert_int_equal(segment->seen[1].station, 2);
    assert_int_equal(segment->seen[1].tag, 2);
    assert_int_equal(segment->seen[2].station, 3);
    assert_int_equal(segment->seen[2].tag, 2);
}

static void test_me_and_host_share_a_mac(void **state)
{
    struct segment *segment = *state;
    const int me = attach(segment, LAN_ME, 1);
    const int host = attach(segment, LAN_HOST, 1);
    const int server = attach(segment, LAN_LAN, 0);

    send_frame(segment, host, 1); /* to the server, and past the ME */
    pass(segment, LONG_US);
    assert_int_equal(segment->count, 2);
    assert_int_equal(segment->seen[0].station, me);
    assert_int_equal(segment->seen[0].from, LAN_HOST);
    assert_int_equal(segment->seen[1].station, server);
    assert_int_equal(segment->seen[1].at_us, segment->seen[0].at_us);

    send_frame(segment, me, 2); /* to the server alone */
    pass(segment, LONG_US);
    assert_int_equal(segment->count, 3);
    assert_int_equal(segment->seen[2].station, server);
    assert_int_equal(segment->seen[2].from, LAN_ME);

    send_frame(segment, server, 3); /* to both */
    pass(segment, LONG_US);
    assert_int_equal(segment->count, 5);
    assert_int_equal(segment->seen[3].station, me);
    assert_int_equal(segment->seen[4].station, host);
    assert_int_equal(segment->seen[4].from, LAN_LAN);
}

static void test_another_pc_hears_the_me(void **state)
{
    struct segment *segment = *state;
    const int me = attach(segment, LAN_ME, 1);
    const int other_host = attach(segment, LAN_HOST, 2);

    send_frame(segment, me, 1);
    pass(segment, LONG_US);
    assert_int_equal(segment->count, 1);
    assert_int_equal(segment->seen[0].station, other_host);
}

static void test_dropped_after_the_tap(void **state)
{
    struct segment *segment = *state;

    attach(segment, LAN_HOST, 0);
    attach(segment, LAN_LAN, 0);
    segment->drop_tag = 7;
    send_frame(segment, 0, 7);
    send_frame(segment, 0, 8);
    pass(segment, LONG_US);
    assert_int_equal(segment->taps, 2);
    assert_int_equal(segment->tapped[0].tag, 7);
    assert_int_equal(segment->tapped[0].from, LAN_HOST);
    assert_int_equal(segment->tapped[0].at_us, 0);
    assert_int_equal(segment->count, 1);
    assert_int_equal(segment->seen[0].tag, 8);
}

static void send_sparse(struct segment *segment, uint64_t seed, int drop_tag)
{
    start(segment, seed);
    segment->drop_tag = drop_tag;
    attach(segment, LAN_LAN, 0);
    attach(segment, LAN_LAN, 0);
    for (uint8_t i = 0; i < 20; i++) {
        send_frame(segment, 0, i);
        pass(segment, LONG_US);
    }
    clock_free(&segment->clock);
}

static void test_same_seed_same_times(void **state)
{
    static struct segment a, again, lossy, other;

    (void)state;
    send_sparse(&a, 5, -1);
    send_sparse(&again, 5, -1);
    send_sparse(&lossy, 5, 0);
    send_sparse(&other, 6, -1);
    assert_int_equal(a.count, 20);
    assert_int_equal(lossy.count, 19);

    int differ = 0;

    for (int i = 0; i < 20; i++) {
        assert_int_equal(a.seen[i].at_us, again.seen[i].at_us);
        differ += a.seen[i].at_us != other.seen[i].at_us;
        if (i > 0)
            assert_int_equal(a.seen[i].at_us, lossy.seen[i - 1].at_us);
    }
    assert_true(differ > 10);
}

/* Sent together, the frames take the latencies that they take alone, or wait for a slower one. */
static void test_waits_behind_a_slow_frame(void **state)
{
    static struct segment alone;
    struct segment *segment = *state;
    uint64_t slowest = 0;

    send_sparse(&alone, 1, -1);
    attach(segment, LAN_LAN, 0);
    attach(segment, LAN_LAN, 0);
    for (uint8_t i = 0; i < 20; i++)
        send_frame(segment, 0, i);
    pass(segment, LONG_US);
    assert_int_equal(segment->count, 20);
    for (int i = 0; i < 20; i++) {
        uint64_t latency = alone.seen[i].at_us - alone.tapped[i].at_us;

        slowest = latency > slowest ? latency : slowest;
        assert_int_equal(segment->seen[i].at_us, slowest);
    }
}

static void test_refuses_what_is_no_frame(void **state)
{
    struct segment *segment = *state;
    uint8_t frame[LAN_FRAME + 1] = {0};

    attach(segment, LAN_LAN, 0);
    attach(segment, LAN_LAN, 0);
    lan_send(&segment->lan, 0, frame, 13);
    lan_send(&segment->lan, 0, frame, 1515);
    send_frame(segment, -1, 1);
    send_frame(segment, 2, 1);
    lan_set_link(&segment->lan, 2, true);
    lan_set_link(&segment->lan, -1, true);
    pass(segment, LONG_US);
    assert_int_equal(segment->taps, 0);
    assert_int_equal(segment->count, 0);
}

static void test_full(void **state)
{
    struct segment *segment = *state;

    for (int i = 0; i < LAN_PORTS; i++)
        assert_int_equal(attach(segment, LAN_LAN, 0), i);

    const struct lan_port port = {.ctx = &segment->station[0], .frame = on_frame, .link = true};

    assert_int_equal(lan_attach(&segment->lan, &port), -1);
    assert_int_equal(segment->lan.ports, LAN_PORTS);
}

/* Under the leak sanitizer: in either order nothing is left, and nothing is touched twice. */
static void test_freed_with_frames_in_flight(void **state)
{
    struct segment *segment = *state;

    attach(segment, LAN_LAN, 0);
    attach(segment, LAN_LAN, 0);
    for (uint8_t i = 0; i < 5; i++)
        send_frame(segment, 0, i);
    lan_free(&segment->lan);
    pass(segment, LONG_US);
    assert_int_equal(segment->count, 0);
    send_frame(segment, 0, 9);
    send_frame(segment, 0, 10);
    clock_free(&segment->clock);
    lan_free(&segment->lan);
    assert_int_equal(segment->count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reaches_every_other_port, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_latency_is_100_to_499_us, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_frame_overtakes_another, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nothing_leaves_without_link, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sent_is_sent_when_the_senders_link_falls, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_link_falls_while_in_flight, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_me_and_host_share_a_mac, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_another_pc_hears_the_me, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_dropped_after_the_tap, set_up, tear_down),
        cmocka_unit_test(test_same_seed_same_times),
        cmocka_unit_test_setup_teardown(test_waits_behind_a_slow_frame, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refuses_what_is_no_frame, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_full, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_freed_with_frames_in_flight, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("lan", tests, NULL, NULL);
}
