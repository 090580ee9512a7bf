// SPDX-License-Identifier: BSD-3-Clause
// links: sim/net/host_os.c sim/net/dhcpd.c sim/net/packet.c sim/net/lan.c sim/base/clock.c sim/base/rng.c
// The DHCP client of the host's operating system (sim/net/host_os.h), after RFC 2131.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/net/dhcpd.h"
#include "sim/net/host_os.h"
#include "sim/net/packet.h"

#define SERVER 0x0A000001u
#define FIRST 0x0A000032u
#define SECOND UINT64_C(1000000)
#define LOG 64

static const uint8_t mac[6] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55};
static const uint8_t server_mac[6] = {0x02, 0x00, 0x0A, 0x00, 0x00, 0x01};
static const uint8_t broadcast[6] = {255, 255, 255, 255, 255, 255};

/* A frame that the host sent. */
struct sent {
    uint64_t at_us;
    uint8_t frame[LAN_FRAME];
    size_t len;
};

struct segment {
    struct sim_clock clock;
    struct lan lan;
    struct dhcpd dhcpd;
    struct host_os host;
    int me, server; /* the ME's port, and one to answer from by hand */
    struct sent sent[LOG];
    int count;
    int me_heard;
};

static void on_tap(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct segment *segment = ctx;
    struct sent *sent = &segment->sent[segment->count];

    if (from != LAN_HOST)
        return;
    assert_true(segment->count < LOG);
    segment->count++;
    sent->at_us = segment->clock.now_us;
    sent->len = len;
    memcpy(sent->frame, frame, len);
}

static void on_me_frame(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct segment *segment = ctx;

    (void)frame;
    (void)len;
    segment->me_heard += from == LAN_HOST;
}

static void on_server_frame(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    (void)ctx;
    (void)from;
    (void)frame;
    (void)len;
}

static void start(struct segment *segment, uint64_t seed)
{
    const struct lan_port me = {
        .ctx = segment, .frame = on_me_frame, .sender = LAN_ME, .link = true, .group = 1};
    const struct lan_port server = {
        .ctx = segment, .frame = on_server_frame, .sender = LAN_LAN, .link = true};

    memset(segment, 0, sizeof(*segment));
    clock_init(&segment->clock);
    lan_init(&segment->lan, &segment->clock, seed);
    segment->lan.tap = on_tap;
    segment->lan.tap_ctx = segment;
    dhcpd_init(&segment->dhcpd, &segment->lan, SERVER);
    segment->dhcpd.lease_s = 600;
    segment->me = lan_attach(&segment->lan, &me);
    segment->server = lan_attach(&segment->lan, &server);
    host_os_init(&segment->host, &segment->lan, &segment->clock, seed, mac, 1);
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

static void pass(struct segment *segment, uint64_t us)
{
    clock_run(&segment->clock, segment->clock.now_us + us);
}

static struct packet packet_of(struct segment *segment, int index)
{
    struct packet packet;

    assert_true(index < segment->count);
    assert_true(packet_parse(segment->sent[index].frame, segment->sent[index].len, &packet));
    assert_memory_equal(packet.src_mac, mac, 6);
    return packet;
}

static struct dhcp_message message_of(struct segment *segment, int index)
{
    struct packet packet = packet_of(segment, index);
    struct dhcp_message message;

    assert_int_equal(packet.kind, PACKET_DHCP);
    assert_int_equal(packet.src_port, 68);
    assert_int_equal(packet.dst_port, 67);
    assert_true(dhcp_parse(packet.payload, packet.payload_len, &message));
    assert_int_equal(message.op, DHCP_FROM_CLIENT);
    return message;
}

static size_t make_answer(uint8_t out[LAN_FRAME], uint8_t type, uint32_t yiaddr, uint32_t server_ip,
                          uint32_t lease_s, uint32_t xid)
{
    struct dhcp_message head = {.op = DHCP_FROM_SERVER, .type = type, .xid = xid, .yiaddr = yiaddr};
    uint8_t data[DHCP_BYTES];
    size_t len;

    memcpy(head.mac, mac, 6);
    len = dhcp_begin(data, &head);
    if (server_ip)
        len = dhcp_option_u32(data, len, 54, server_ip);
    if (lease_s)
        len = dhcp_option_u32(data, len, 51, lease_s);
    len = dhcp_end(data, len);
    return packet_udp(out, LAN_FRAME, broadcast, server_mac, SERVER, 67, 0xFFFFFFFF, 68, data, len);
}

/* Answers the host by hand, from the server's MAC. */
static void answer(struct segment *segment, uint8_t type, uint32_t yiaddr, uint32_t server_ip,
                   uint32_t lease_s, uint32_t xid)
{
    uint8_t frame[LAN_FRAME];
    size_t len = make_answer(frame, type, yiaddr, server_ip, lease_s, xid);

    lan_send(&segment->lan, segment->server, frame, len);
    pass(segment, 1000);
}

/* Up, and with the server's lease; the DISCOVER and the REQUEST are frames 0 and 1. */
static void lease(struct segment *segment)
{
    host_os_up(&segment->host);
    pass(segment, 10000);
    assert_int_equal(segment->host.ip, FIRST);
    assert_int_equal(segment->count, 2);
}

static void check_fixed(const struct packet *packet, uint32_t xid, uint32_t ciaddr)
{
    uint8_t fixed[236] = {1, 1, 6, 0};

    packet_put32(fixed + 4, xid);
    packet_put32(fixed + 12, ciaddr);
    memcpy(fixed + 28, mac, 6);
    assert_int_equal(packet->payload_len, 300);
    assert_memory_equal(packet->payload, fixed, sizeof(fixed));
}

static void test_discover_and_request(void **state)
{
    static const uint8_t discover[] = {99,   130,  83,   99,   53, 1, 1, 61, 7, 1,  0x00, 0x11,
                                       0x22, 0x33, 0x44, 0x55, 55, 4, 1, 3,  6, 15, 255,  0};
    static const uint8_t request[] = {99,   130,  83,   99,   53, 1, 3,  61, 7, 1,  0x00, 0x11,
                                      0x22, 0x33, 0x44, 0x55, 50, 4, 10, 0,  0, 50, 54,   4,
                                      10,   0,    0,    1,    55, 4, 1,  3,  6, 15, 255,  0};
    struct segment *segment = *state;

    lease(segment);

    struct packet first = packet_of(segment, 0);
    struct packet second = packet_of(segment, 1);

    assert_int_equal(segment->sent[0].at_us, 0);
    assert_memory_equal(first.dst_mac, broadcast, 6);
    assert_int_equal(first.src_ip, 0);
    assert_int_equal(first.dst_ip, 0xFFFFFFFF);
    check_fixed(&first, segment->host.xid, 0);
    assert_memory_equal(first.payload + 236, discover, sizeof(discover));
    assert_memory_equal(second.dst_mac, broadcast, 6);
    assert_int_equal(second.src_ip, 0);
    assert_int_equal(second.dst_ip, 0xFFFFFFFF);
    check_fixed(&second, segment->host.xid, 0);
    assert_memory_equal(second.payload + 236, request, sizeof(request));
    assert_int_equal(segment->host.server_ip, SERVER);
    assert_int_equal(segment->host.lease_s, 600);
    assert_int_equal(segment->me_heard, 2);
}

static void test_backoff(void **state)
{
    static const uint64_t at_s[] = {0, 4, 12, 28, 60, 124, 188, 252};
    struct segment *segment = *state;

    segment->dhcpd.enabled = false;
    host_os_up(&segment->host);
    pass(segment, 260 * SECOND);
    assert_int_equal(segment->count, 8);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(segment->sent[i].at_us, at_s[i] * SECOND);
        assert_int_equal(message_of(segment, i).type, DHCP_DISCOVER);
        assert_int_equal(message_of(segment, i).xid, segment->host.xid);
    }
    segment->dhcpd.enabled = true;
    pass(segment, 60 * SECOND);
    assert_int_equal(segment->host.ip, FIRST);
}

/* A day without a server: 64 s all the time, never shorter again. */
static void test_backoff_stays(void **state)
{
    struct segment *segment = *state;

    segment->dhcpd.enabled = false;
    host_os_up(&segment->host);
    pass(segment, 124 * SECOND);
    for (int i = 0; i < 1348; i++) {
        segment->count = 0;
        pass(segment, 64 * SECOND);
        assert_int_equal(segment->count, 1);
    }
}

static void test_request_without_an_answer(void **state)
{
    static const uint64_t after_s[] = {0, 4, 12, 28};
    struct segment *segment = *state;

    segment->dhcpd.enabled = false;
    host_os_up(&segment->host);
    answer(segment, DHCP_OFFER, FIRST, SERVER, 600, segment->host.xid);

    uint64_t began_us = segment->sent[1].at_us;
    uint32_t xid = segment->host.xid;

    pass(segment, 61 * SECOND);
    assert_int_equal(segment->count, 6);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(segment->sent[1 + i].at_us, began_us + after_s[i] * SECOND);
        assert_int_equal(message_of(segment, 1 + i).type, DHCP_REQUEST);
        assert_int_equal(message_of(segment, 1 + i).xid, xid);
    }
    assert_int_equal(segment->sent[5].at_us, began_us + 60 * SECOND);
    assert_int_equal(message_of(segment, 5).type, DHCP_DISCOVER);
    assert_int_not_equal(message_of(segment, 5).xid, xid);
}

static void check_renewal(struct segment *segment, int index)
{
    static const uint8_t options[] = {99,   130,  83,   99,   53, 1, 3, 61, 7, 1,  0x00, 0x11,
                                      0x22, 0x33, 0x44, 0x55, 55, 4, 1, 3,  6, 15, 255,  0};
    struct packet packet = packet_of(segment, index);

    assert_memory_equal(packet.dst_mac, server_mac, 6);
    assert_int_equal(packet.src_ip, FIRST);
    assert_int_equal(packet.dst_ip, SERVER);
    check_fixed(&packet, message_of(segment, index).xid, FIRST);
    assert_memory_equal(packet.payload + 236, options, sizeof(options));
}

static void test_renews_at_half_the_lease(void **state)
{
    struct segment *segment = *state;

    lease(segment);

    uint64_t leased_us = segment->sent[1].at_us;

    pass(segment, 1000 * SECOND);
    assert_int_equal(segment->count, 5);
    for (int i = 2; i < 5; i++) {
        /* each renewal starts the lease anew */
        assert_int_equal(segment->sent[i].at_us, leased_us + (uint64_t)(i - 1) * 300 * SECOND);
        check_renewal(segment, i);
        assert_int_not_equal(message_of(segment, i).xid, message_of(segment, i - 1).xid);
    }
    assert_int_equal(segment->host.ip, FIRST);
}

/* T1 300 s, T2 525 s: halves of the time to T2, then to the end, but not under 60 s. */
static void test_server_falls_silent(void **state)
{
    static const uint64_t after_ms[] = {300000, 412500, 472500, 525000, 585000};
    struct segment *segment = *state;

    lease(segment);
    segment->dhcpd.enabled = false;

    uint64_t leased_us = segment->sent[1].at_us;

    clock_run(&segment->clock, leased_us + 600 * SECOND - 1);
    assert_int_equal(segment->count, 7);
    assert_int_equal(segment->host.ip, FIRST);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(segment->sent[2 + i].at_us, leased_us + after_ms[i] * 1000);
        if (i < 3)
            check_renewal(segment, 2 + i);
    }
    for (int i = 5; i < 7; i++) {
        struct packet packet = packet_of(segment, i);

        assert_memory_equal(packet.dst_mac, broadcast, 6);
        assert_int_equal(packet.src_ip, FIRST);
        assert_int_equal(packet.dst_ip, 0xFFFFFFFF);
        check_fixed(&packet, message_of(segment, i).xid, FIRST);
    }
    pass(segment, 1);
    assert_int_equal(segment->host.ip, 0);
    assert_int_equal(segment->count, 8);
    assert_int_equal(segment->sent[7].at_us, leased_us + 600 * SECOND);
    assert_int_equal(message_of(segment, 7).type, DHCP_DISCOVER);
    assert_int_equal(message_of(segment, 7).ciaddr, 0);
}

static void test_rebinds_to_another_server(void **state)
{
    struct segment *segment = *state;

    lease(segment);
    segment->dhcpd.enabled = false;
    pass(segment, 400 * SECOND);
    answer(segment, DHCP_ACK, FIRST, SERVER + 7, 600, segment->host.xid);
    assert_int_equal(segment->host.server_ip, SERVER); /* it was asked by unicast */
    pass(segment, 130 * SECOND);
    assert_int_equal(segment->count, 6);
    answer(segment, DHCP_ACK, FIRST, SERVER + 7, 1200, segment->host.xid);
    assert_int_equal(segment->host.server_ip, SERVER + 7);
    assert_int_equal(segment->host.lease_s, 1200);

    uint64_t leased_us = segment->sent[5].at_us;

    pass(segment, 700 * SECOND);
    assert_int_equal(segment->sent[6].at_us, leased_us + 600 * SECOND);
    assert_int_equal(packet_of(segment, 6).dst_ip, SERVER + 7);
}

static void test_renew_now(void **state)
{
    struct segment *segment = *state;

    lease(segment);
    pass(segment, 20 * SECOND);
    host_os_renew(&segment->host);
    assert_int_equal(segment->count, 3);
    check_renewal(segment, 2);
    assert_int_not_equal(message_of(segment, 2).xid, message_of(segment, 1).xid);

    uint64_t renewed_us = segment->sent[2].at_us;

    pass(segment, 310 * SECOND);
    assert_int_equal(segment->count, 4);
    assert_int_equal(segment->sent[3].at_us, renewed_us + 300 * SECOND);
}

static void test_renew_without_a_lease(void **state)
{
    struct segment *segment = *state;

    host_os_renew(&segment->host);
    pass(segment, 100 * SECOND);
    assert_int_equal(segment->count, 0);
    segment->dhcpd.enabled = false;
    host_os_up(&segment->host);
    pass(segment, 30 * SECOND);
    assert_int_equal(segment->count, 4);
    host_os_renew(&segment->host);
    assert_int_equal(segment->count, 5);
    assert_int_equal(message_of(segment, 4).type, DHCP_DISCOVER);
    pass(segment, 4 * SECOND);
    assert_int_equal(segment->count, 6);
}

static void test_nak_to_a_renewal(void **state)
{
    struct segment *segment = *state;

    lease(segment);
    segment->dhcpd.leases = 0;
    segment->dhcpd.first_ip = FIRST + 10;
    host_os_renew(&segment->host);
    pass(segment, 10000);
    assert_int_equal(segment->count, 5);
    assert_int_equal(message_of(segment, 3).type, DHCP_DISCOVER);
    assert_int_equal(segment->host.ip, FIRST + 10);
}

static void test_nak_to_an_offer_taken(void **state)
{
    struct segment *segment = *state;

    segment->dhcpd.enabled = false;
    host_os_up(&segment->host);
    answer(segment, DHCP_OFFER, FIRST, SERVER, 600, segment->host.xid);
    answer(segment, DHCP_NAK, 0, SERVER, 0, segment->host.xid);

    uint64_t rejected_us = segment->clock.now_us;

    pass(segment, 9 * SECOND);
    assert_int_equal(segment->count, 2);
    pass(segment, 2 * SECOND);
    assert_int_equal(segment->count, 3);
    assert_int_equal(message_of(segment, 2).type, DHCP_DISCOVER);
    assert_in_range(segment->sent[2].at_us, rejected_us + 10 * SECOND - 1000,
                    rejected_us + 10 * SECOND);
}

static void test_answers_not_meant(void **state)
{
    struct segment *segment = *state;
    struct host_os *host = &segment->host;

    segment->dhcpd.enabled = false;
    host_os_up(host);
    answer(segment, DHCP_OFFER, FIRST, SERVER, 600, host->xid + 1);
    answer(segment, DHCP_OFFER, 0, SERVER, 600, host->xid);
    answer(segment, DHCP_OFFER, FIRST, 0, 600, host->xid);
    answer(segment, DHCP_ACK, FIRST, SERVER, 600, host->xid);
    answer(segment, DHCP_NAK, 0, SERVER, 0, host->xid);
    assert_int_equal(segment->count, 1);
    answer(segment, DHCP_OFFER, FIRST, SERVER, 600, host->xid);
    assert_int_equal(segment->count, 2);
    answer(segment, DHCP_OFFER, FIRST + 1, SERVER + 1, 600, host->xid);
    answer(segment, DHCP_ACK, FIRST, SERVER, 600, host->xid + 1);
    answer(segment, DHCP_ACK, FIRST, SERVER + 1, 600, host->xid);
    answer(segment, DHCP_ACK, FIRST, SERVER, 0, host->xid);
    answer(segment, DHCP_ACK, 0, SERVER, 600, host->xid);
    answer(segment, DHCP_NAK, 0, SERVER + 1, 0, host->xid);
    assert_int_equal(segment->count, 2);
    assert_int_equal(host->ip, 0);
    answer(segment, DHCP_ACK, FIRST, SERVER, 600, host->xid);
    assert_int_equal(host->ip, FIRST);
    /* nothing is asked any more */
    answer(segment, DHCP_ACK, FIRST + 1, SERVER, 600, host->xid);
    answer(segment, DHCP_NAK, 0, SERVER, 0, host->xid);
    assert_int_equal(host->ip, FIRST);
    assert_int_equal(segment->count, 2);
}

/* Offers that are right but for one byte; the UDP checksum is left out, so that nothing else is
 * wrong with them. */
static void test_frames_not_meant(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
    } wrong[] = {
        {5, 0},          /* to another MAC */
        {37, 67},        /* to the server's port */
        {42, 1},         /* op: a client's message */
        {42 + 28, 0x10}, /* for another client's MAC */
    };
    struct segment *segment = *state;
    uint8_t frame[LAN_FRAME];

    segment->dhcpd.enabled = false;
    host_os_up(&segment->host);
    for (size_t i = 0; i <= 4; i++) {
        size_t len = make_answer(frame, DHCP_OFFER, FIRST, SERVER, 600, segment->host.xid);

        frame[40] = frame[41] = 0;
        if (i < 4)
            frame[wrong[i].at] = wrong[i].value;
        lan_send(&segment->lan, segment->server, frame, len);
        pass(segment, 1000);
        assert_int_equal(segment->count, i < 4 ? 1 : 2);
    }
}

static void test_lease_for_ever(void **state)
{
    struct segment *segment = *state;

    segment->dhcpd.lease_s = 0xFFFFFFFF;
    lease(segment);
    pass(segment, UINT64_C(10000000000) * SECOND);
    assert_int_equal(segment->count, 2);
    assert_int_equal(segment->host.ip, FIRST);
    host_os_renew(&segment->host);
    check_renewal(segment, 2);
}

static void test_down(void **state)
{
    struct segment *segment = *state;

    lease(segment);
    host_os_up(&segment->host); /* is up */
    assert_int_equal(segment->count, 2);
    host_os_down(&segment->host);
    host_os_down(&segment->host);
    pass(segment, 10000 * SECOND);
    assert_int_equal(segment->count, 2); /* no RELEASE, no renewal */
    assert_int_equal(segment->host.ip, 0);
    assert_false(segment->host.up);
    host_os_up(&segment->host);
    assert_int_equal(segment->count, 3);
    assert_int_equal(message_of(segment, 2).type, DHCP_DISCOVER);
    assert_int_not_equal(message_of(segment, 2).xid, message_of(segment, 0).xid);
    host_os_down(&segment->host);
    pass(segment, 100 * SECOND); /* the offer comes too late */
    assert_int_equal(segment->count, 3);
}

static void test_arp(void **state)
{
    static const uint8_t request[42] = {
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02, 0x00, 0x0A, 0x00, 0x00, 0x01, 0x08, 0x06,
        0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x01, 0x02, 0x00, 0x0A, 0x00, 0x00, 0x01,
        0x0A, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0A, 0x00, 0x00, 0x32};
    static const uint8_t expected[42] = {
        0x02, 0x00, 0x0A, 0x00, 0x00, 0x01, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x08, 0x06,
        0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x02, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55,
        0x0A, 0x00, 0x00, 0x32, 0x02, 0x00, 0x0A, 0x00, 0x00, 0x01, 0x0A, 0x00, 0x00, 0x01};
    struct segment *segment = *state;
    uint8_t other[42];

    host_os_up(&segment->host);
    lan_send(&segment->lan, segment->server, request, sizeof(request)); /* before the lease */
    memcpy(other, request, sizeof(other));
    memset(other + 38, 0, 4);
    lan_send(&segment->lan, segment->server, other, sizeof(other)); /* nobody is 0.0.0.0 */
    pass(segment, 10000);
    assert_int_equal(segment->count, 2);
    lan_send(&segment->lan, segment->server, request, sizeof(request));
    pass(segment, 10000);
    assert_int_equal(segment->count, 3);
    assert_int_equal(segment->sent[2].len, sizeof(expected));
    assert_memory_equal(segment->sent[2].frame, expected, sizeof(expected));
    memcpy(other, request, sizeof(other));
    other[41] = 51;
    lan_send(&segment->lan, segment->server, other, sizeof(other));
    lan_send(&segment->lan, segment->me, request, sizeof(request)); /* the ME's own question */
    pass(segment, 10000);
    assert_int_equal(segment->count, 3);
}

static void test_seed_decides(void **state)
{
    static struct segment a, again, other;
    struct segment *const all[] = {&a, &again, &other};

    (void)state;
    for (int i = 0; i < 3; i++) {
        start(all[i], i < 2 ? 1 : 2);
        host_os_up(&all[i]->host);
        pass(all[i], 1000 * SECOND);
        tear_down((void *[]){all[i]});
        assert_true(all[i]->count > 2);
    }
    assert_int_equal(a.count, again.count);
    for (int i = 0; i < a.count; i++) {
        assert_int_equal(a.sent[i].at_us, again.sent[i].at_us);
        assert_int_equal(a.sent[i].len, again.sent[i].len);
        assert_memory_equal(a.sent[i].frame, again.sent[i].frame, a.sent[i].len);
    }
    assert_int_not_equal(message_of(&a, 0).xid, message_of(&other, 0).xid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_discover_and_request, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_backoff, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_backoff_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_request_without_an_answer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_renews_at_half_the_lease, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_server_falls_silent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rebinds_to_another_server, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_renew_now, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_renew_without_a_lease, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nak_to_a_renewal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nak_to_an_offer_taken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_answers_not_meant, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_frames_not_meant, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lease_for_ever, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_down, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_arp, set_up, tear_down),
        cmocka_unit_test(test_seed_decides),
    };

    return cmocka_run_group_tests_name("host_os", tests, NULL, NULL);
}
