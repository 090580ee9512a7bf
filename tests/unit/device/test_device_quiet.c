// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include "tests/fixtures/device.h"

#include "fw/core/trace.h"

/* When the interface is closed not one frame leaves, whatever the segment says; when the host's
 * operating system owns the address, the ME does not answer in its place. */

#define PING 8

static void send_ping(struct fixture *b)
{
    const uint8_t echo[16] = {PING, 0, 0, 0, 0x12, 0x34, 0, 1, 'p', 'r', 'o', 'v'};

    fixture_ipv4(b, FIXTURE_ICMP, echo, sizeof(echo), 2);
}

static void send_syn(struct fixture *b, uint16_t port)
{
    uint8_t syn[20] = {0xC0, 0x00, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02, 0x20};

    packet_put16(syn + 2, port);
    fixture_ipv4(b, FIXTURE_TCP, syn, sizeof(syn), 16);
}

static void send_udp(struct fixture *b, uint16_t port)
{
    uint8_t udp[16] = {0xC0, 0x00, 0, 0, 0, 16};

    packet_put16(udp + 2, port);
    fixture_ipv4(b, FIXTURE_UDP, udp, sizeof(udp), 6);
}

static void send_presence_ping(struct fixture *b)
{
    const uint8_t udp[20] = {0xC0, 0,    0x02, 0x6F, 0,    20,   0,    0,    0x06, 0,
                             0,    0x06, 0,    0,    0x11, 0xBE, 0x80, 0x7B, 0,    0};

    fixture_ipv4(b, FIXTURE_UDP, udp, sizeof(udp), 6);
}

/* Of another machine; its server is silent here. */
static void send_dhcp(struct fixture *b, uint8_t op, uint8_t type, const uint8_t mac[6])
{
    struct dhcp_message head = {
        .op = op, .type = type, .xid = 0x1234, .yiaddr = op == DHCP_FROM_SERVER ? FIXTURE_IP : 0};
    uint8_t message[DHCP_BYTES], frame[LAN_FRAME];
    size_t len;

    memcpy(head.mac, mac, 6);
    len = dhcp_end(message, dhcp_begin(message, &head));
    len = packet_udp(frame, sizeof(frame), fixture_broadcast, fixture_other_mac,
                     op == DHCP_FROM_SERVER ? FIXTURE_DHCP_IP : 0,
                     op == DHCP_FROM_SERVER ? DHCP_SERVER_PORT : DHCP_CLIENT_PORT, 0xFFFFFFFFu,
                     op == DHCP_FROM_SERVER ? DHCP_CLIENT_PORT : DHCP_SERVER_PORT, message, len);
    fixture_send(b, frame, len);
}

static void send_broadcast(struct fixture *b)
{
    uint8_t frame[LAN_FRAME];
    size_t len = packet_udp(frame, sizeof(frame), fixture_broadcast, fixture_other_mac,
                            FIXTURE_OTHER_IP, 137, 0x0A0000FFu, 137, "who is there", 12);

    fixture_send(b, frame, len);
}

static void busy_minute(struct fixture *b)
{
    for (uint16_t port = 16992; port <= 16995; port++)
        send_syn(b, port);
    send_ping(b);
    send_presence_ping(b);
    send_udp(b, 16992);
    fixture_arp_request(b, FIXTURE_IP);
    fixture_arp_request(b, FIXTURE_DHCP_IP);
    send_broadcast(b);
    send_dhcp(b, DHCP_FROM_CLIENT, DHCP_DISCOVER, fixture_other_mac);
    send_dhcp(b, DHCP_FROM_SERVER, DHCP_OFFER, fixture_other_mac);
    send_dhcp(b, DHCP_FROM_SERVER, DHCP_ACK, fixture_other_mac);
    send_dhcp(b, DHCP_FROM_SERVER, DHCP_OFFER, fixture_mac);
    send_dhcp(b, DHCP_FROM_SERVER, DHCP_NAK, fixture_mac);
    fixture_run(b, MINUTE);
}

/* A day and an hour, with the host coming, leasing and going. */
static void expect_a_quiet_day(struct fixture *b)
{
    uint32_t frames = b->frames;

    for (uint32_t minute = 0; minute < 25 * 60; minute++) {
        b->chip.hal.host = minute / 200 % 2 ? HAL_HOST_UP : HAL_HOST_DOWN;
        if (minute % 400 == 210)
            fixture_ack(b, "corp.example");
        busy_minute(b);
        assert_int_equal(b->frames, frames);
    }
    assert_true(b->count[TRACE_WITNESSED] > 0); /* it did hear all that */
}

static void closed_in_the_factory(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");

    (void)state;
    fixture_dhcpd(b, "corp.example");
    chip_power(&b->chip, true);
    assert_null(b->chip.wake); /* and sleeps: no tick has anything to do */
    expect_a_quiet_day(b);
    assert_int_equal(fixture_state(b), 0);
    fixture_free(b);
}

static void closed_after_the_window(void **state)
{
    struct fixture *b = fixture_new("5.0.2", "intel");

    (void)state;
    fixture_dhcpd(b, "corp.example");
    chip_power(&b->chip, true);
    fixture_run(b, 24 * HOUR);
    assert_true(b->frames >= 2); /* open until then: it has leased */
    assert_int_equal(fixture_state(b), 1);
    expect_a_quiet_day(b);
    assert_int_equal(fixture_state(b), 1);
    /* And over AC. */
    chip_power(&b->chip, false);
    chip_power(&b->chip, true);
    expect_a_quiet_day(b);
    fixture_free(b);
}

/* What is under way when the window ends is dropped inside: no RELEASE, no repeated question, no
 * reset leaves behind it. `answer_arp`: the connection's SYN is out, else its ARP request is. The
 * address comes late, so that slot 15 (minute 355) lies 1.5 s before the end. */
static void expect_a_clean_end(enum hal_host host, bool answer_arp)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");
    struct settings s = fixture_provisioned(b);
    uint64_t end = 6 * HOUR + 437 * MS;
    uint32_t frames;

    s.config.server_ip = 0x0A000005u;
    fixture_store(b, &s);
    fixture_dhcpd(b, "corp.example");
    b->chip.hal.host = host;
    b->chip.hal.link = false;
    chip_power(&b->chip, true);
    fixture_run(b, 437 * MS);
    assert_int_equal(device_mebx_partial_unprovision(fixture_device(b), fixture_ms(b)), DEVICE_OK);
    chip_poll(&b->chip);
    fixture_run(b, 5 * MINUTE - 1500 * MS);
    assert_int_equal(b->frames, 0);
    b->chip.hal.link = true;
    chip_poll(&b->chip);
    if (host == HAL_HOST_UP)
        fixture_ack(b, "corp.example");
    fixture_run(b, end - 1300 * MS - b->clock.now_us);
    assert_int_equal(b->count[TRACE_CONNECT], 16);
    if (answer_arp) {
        fixture_arp(b, 0x0A000005u);
        fixture_run(b, 100 * MS);
        assert_int_equal(b->last.kind, PACKET_TCP);
        assert_true(b->last.tcp_flags & PACKET_TCP_SYN);
    }
    fixture_run(b, end - 1 * MS - b->clock.now_us);
    frames = b->frames;
    assert_int_equal(b->count[TRACE_WINDOW_CLOSED], 0);
    fixture_run(b, 1 * MS);
    assert_int_equal(b->count[TRACE_WINDOW_CLOSED], 1);
    fixture_run(b, HOUR);
    assert_int_equal(b->frames, frames);
    assert_int_equal(b->count[TRACE_ATTEMPT], 16);
    fixture_free(b);
}

/* A window taken over from flash ends on a whole second of up-time, as lwIP's ticks do; and a board
 * that comes late has both to do at once. Time comes first, then what waits. */
static void expect_nothing_in_the_last_poll(enum hal_host host, uint64_t late_ms)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");
    struct settings s = fixture_factory(b);
    uint8_t request[64];
    size_t len = packet_arp_reply(request, sizeof(request), fixture_broadcast, fixture_other_mac,
                                  FIXTURE_OTHER_IP, FIXTURE_IP);
    uint32_t frames;

    packet_put16(request + 20, PACKET_ARP_REQUEST);
    s.machine.setup_state = SETUP_SETUP;
    s.machine.window_kind = WINDOW_COMMANDED;
    s.machine.window_left_s = 63;
    s.config.server_ip = 0x0A000005u;
    fixture_store(b, &s);
    fixture_dhcpd(b, "corp.example");
    b->chip.hal.host = host;
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    fixture_run(b, 62500 * MS - b->clock.now_us);
    assert_int_equal(b->count[TRACE_CONNECT], 2);
    assert_int_equal(b->last.kind, PACKET_ARP); /* for the server; to be repeated once a second */
    frames = b->frames;
    virtual_frame_in(&b->chip.hal, request, len);
    b->clock.now_us = (63000 + late_ms) * MS;
    chip_poll(&b->chip);
    assert_int_equal(b->frames, frames);
    assert_int_equal(b->count[TRACE_WINDOW_CLOSED], 1);
    fixture_free(b);
}

static void nothing_leaves_in_the_poll_that_ends_the_window(void **state)
{
    (void)state;
    expect_nothing_in_the_last_poll(HAL_HOST_UP, 0);
    expect_nothing_in_the_last_poll(HAL_HOST_DOWN, 0);
    expect_nothing_in_the_last_poll(HAL_HOST_UP, 300);
    expect_nothing_in_the_last_poll(HAL_HOST_DOWN, 300);
}

static void the_end_of_the_window_is_silent(void **state)
{
    (void)state;
    expect_a_clean_end(HAL_HOST_UP, false);
    expect_a_clean_end(HAL_HOST_UP, true);
    expect_a_clean_end(HAL_HOST_DOWN, false);
    expect_a_clean_end(HAL_HOST_DOWN, true);
}

static void closed_after_full_unprovision(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");
    struct settings s = fixture_provisioned(b);

    (void)state;
    fixture_store(b, &s);
    fixture_dhcpd(b, "corp.example");
    chip_power(&b->chip, true);
    fixture_run(b, MINUTE);
    assert_true(b->frames > 0);
    b->frames = 0; /* from the very call on */
    assert_int_equal(device_mebx_full_unprovision(fixture_device(b), fixture_ms(b)), DEVICE_OK);
    chip_poll(&b->chip);
    expect_a_quiet_day(b);
    assert_int_equal(b->frames, 0);
    fixture_free(b);
}

/* Active: nobody else would answer, so the ME does. */
static void active_answers_for_its_address(void **state)
{
    struct fixture *b = fixture_new("5.0.2", "intel");
    uint32_t frames;

    (void)state;
    fixture_dhcpd(b, "corp.example");
    chip_power(&b->chip, true);
    fixture_run(b, 10 * SECOND);
    frames = b->frames;
    fixture_arp_request(b, FIXTURE_IP);
    fixture_run(b, SECOND);
    assert_int_equal(b->frames, frames + 1);
    assert_int_equal(b->last.kind, PACKET_ARP);
    assert_int_equal(b->last.arp_op, PACKET_ARP_REPLY);
    assert_int_equal(b->last.src_ip, FIXTURE_IP);
    fixture_arp_request(b, FIXTURE_IP + 1);
    fixture_run(b, SECOND);
    assert_int_equal(b->frames, frames + 1);
    fixture_free(b);
}

static struct fixture *passive(void)
{
    struct fixture *b = fixture_new("5.0.2", "intel");

    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    fixture_run(b, 30 * SECOND);
    return b;
}

static void passive_is_open(void **state)
{
    struct fixture *b = passive();

    (void)state;
    assert_int_equal(b->chip.device.net.mode, NET_PASSIVE);
    assert_int_equal(b->chip.device.net.facts.ip, FIXTURE_IP);
    assert_int_equal(fixture_state(b), 1);
    assert_int_equal(b->count[TRACE_ATTEMPT], 1);
    fixture_free(b);
}

static void passive_leaves_arp_and_ping_to_the_host(void **state)
{
    struct fixture *b = passive();
    uint32_t frames = b->frames;

    (void)state;
    for (int i = 0; i < 20; i++) {
        fixture_arp_request(b, FIXTURE_IP);
        send_ping(b);
        send_udp(b, 7);
        send_presence_ping(b); /* on this release provisioned devices answer it */
        send_udp(b, 16993);
        send_syn(b, 80);
        send_syn(b, 16991);
        send_syn(b, 16996);
        send_broadcast(b);
        send_dhcp(b, DHCP_FROM_SERVER, DHCP_OFFER, fixture_mac);
        fixture_run(b, SECOND);
    }
    assert_int_equal(b->frames, frames);
    fixture_free(b);
}

/* Beside the host at its address, and asking the network nothing; of a flood, a few each second. */
static void passive_answers_presence_pings(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "intel");
    struct settings s = fixture_provisioned(b);
    uint32_t frames;

    (void)state;
    fixture_store(b, &s);
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    fixture_run(b, 30 * SECOND);
    for (int i = 0; i < 20; i++) {
        frames = b->frames;
        send_presence_ping(b);
        fixture_run(b, SECOND);
        assert_int_equal(b->frames, frames + 1);
        assert_int_equal(b->last.kind, PACKET_UDP);
        assert_int_equal(b->last.src_ip, FIXTURE_IP);
        assert_int_equal(b->last.src_port, 623);
        send_udp(b, 623);
        fixture_run(b, SECOND);
        assert_int_equal(b->frames, frames + 1);
    }
    frames = b->frames;
    for (int i = 0; i < 100; i++)
        send_presence_ping(b);
    fixture_run(b, SECOND);
    assert_int_equal(b->frames, frames + 10);
    fixture_free(b);
}

/* B14: in set-up mode only the set-up port answers (S4, MC: the SCA calls back on 16993); what
 * comes to the ME's other ports is turned away. */
static void b14_nothing_else_is_served_in_setup_mode(void **state)
{
    static const uint16_t ports[] = {16992, 16994, 16995, 16993};
    struct fixture *b = passive();

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        uint16_t port = ports[i];

        send_syn(b, port);
        fixture_run(b, 10 * MS);
        fixture_arp(b, FIXTURE_OTHER_IP); /* it may have to ask for the way back */
        fixture_run(b, SECOND);
        assert_int_equal(b->last.kind, PACKET_TCP);
        assert_int_equal(b->last.src_port, port);
        assert_int_equal((b->last.tcp_flags & PACKET_TCP_SYN) != 0, port == 16993);
        assert_int_equal((b->last.tcp_flags & PACKET_TCP_RST) != 0, port != 16993);
    }
    fixture_free(b);
}

/* The host's DHCP traffic is never the ME's, and no announcement of the address either. */
static void only_what_passive_may_send(struct fixture *b, const struct packet *p, size_t len)
{
    (void)b;
    (void)len;
    assert_true(p->kind == PACKET_TCP || p->kind == PACKET_DNS || p->kind == PACKET_ARP);
    if (p->kind == PACKET_ARP) {
        assert_int_equal(p->arp_op, PACKET_ARP_REQUEST);
        assert_int_not_equal(p->dst_ip, FIXTURE_IP);
    }
}

static void passive_sends_no_dhcp_for_a_day(void **state)
{
    struct fixture *b = fixture_new("5.0.2", "intel");

    (void)state;
    b->on_frame = only_what_passive_may_send;
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    for (int hour = 0; hour < 25; hour++) {
        fixture_ack(b, "corp.example");
        busy_minute(b);
        fixture_run(b, 59 * MINUTE);
    }
    assert_true(b->frames > 34);
    fixture_free(b);
}

static uint32_t arp_replies;

static void count_arp_replies(struct fixture *b, const struct packet *p, size_t len)
{
    (void)b;
    (void)len;
    arp_replies += p->kind == PACKET_ARP && p->arp_op == PACKET_ARP_REPLY;
    assert_true(p->kind != PACKET_DHCP || p->src_ip == 0);
}

/* The host is gone and took its lease with it; until there is a lease of its own the ME has no
 * address to answer for. */
static void the_hosts_address_is_not_inherited(void **state)
{
    struct fixture *b = passive();

    (void)state;
    arp_replies = 0;
    b->on_frame = count_arp_replies;
    b->frames = 0;
    b->chip.hal.host = HAL_HOST_DOWN;
    chip_poll(&b->chip);
    for (int i = 0; i < 20; i++) {
        fixture_arp_request(b, FIXTURE_IP);
        fixture_run(b, SECOND);
    }
    assert_true(b->frames > 0); /* it asks for a lease */
    assert_int_equal(arp_replies, 0);
    assert_int_equal(b->chip.device.net.facts.ip, 0);
    fixture_free(b);
}

/* The way to the host's address and back is through the ME's modes: each takes over at once. */
static void the_host_comes_and_goes(void **state)
{
    struct fixture *b = fixture_new("5.0.2", "intel");
    uint32_t frames;

    (void)state;
    fixture_dhcpd(b, "corp.example");
    b->dhcpd.lease_s = 120;
    chip_power(&b->chip, true);
    fixture_run(b, 10 * SECOND);
    assert_int_equal(b->chip.device.net.mode, NET_ACTIVE);
    assert_int_equal(b->chip.device.net.facts.ip, FIXTURE_IP);
    frames = b->frames;
    b->chip.hal.host = HAL_HOST_UP;
    chip_poll(&b->chip);
    assert_int_equal(b->frames, frames); /* no RELEASE: the host wants that lease */
    fixture_arp_request(b, FIXTURE_IP);
    fixture_run(b, SECOND);
    assert_int_equal(b->frames, frames);
    /* The ME's own lease ends unnoticed; the host's is what counts. */
    fixture_ack(b, "corp.example");
    fixture_run(b, HOUR);
    assert_int_equal(b->chip.device.net.facts.ip, FIXTURE_IP);
    frames = b->frames;
    b->chip.hal.host = HAL_HOST_DOWN;
    chip_poll(&b->chip);
    fixture_run(b, SECOND);
    assert_true(b->frames > frames);
    assert_int_equal(b->chip.device.net.facts.ip, FIXTURE_IP);
    fixture_free(b);
}

/* A frame's content ends where the frame does, whatever the last one left in the same buffer. */
static void a_packet_that_is_cut_is_not_made_up(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "intel");
    uint8_t frame[14 + 20 + 64] = {0}, *ip = frame + 14;
    uint32_t frames;

    (void)state;
    fixture_dhcpd(b, "corp.example");
    chip_power(&b->chip, true);
    fixture_run(b, 10 * SECOND);
    memcpy(frame, fixture_mac, 6);
    memcpy(frame + 6, fixture_other_mac, 6);
    packet_put16(frame + 12, 0x0800);
    ip[0] = 0x45;
    packet_put16(ip + 2, 20 + 64);
    ip[8] = 64;
    ip[9] = FIXTURE_ICMP;
    packet_put32(ip + 12, FIXTURE_OTHER_IP);
    packet_put32(ip + 16, FIXTURE_IP);
    packet_put16(ip + 10, fixture_sum(ip, 20, 0));
    ip[20] = PING;
    packet_put16(ip + 22, fixture_sum(ip + 20, 64, 0));
    fixture_arp(b, FIXTURE_OTHER_IP);
    frames = b->frames;
    fixture_send(b, frame, sizeof(frame));
    fixture_run(b, SECOND);
    assert_int_equal(b->frames, frames + 1);
    fixture_send(b, frame, sizeof(frame) - 16);
    fixture_run(b, SECOND);
    assert_int_equal(b->frames, frames + 1);
    fixture_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packet_that_is_cut_is_not_made_up),
        cmocka_unit_test(closed_in_the_factory),
        cmocka_unit_test(closed_after_the_window),
        cmocka_unit_test(the_end_of_the_window_is_silent),
        cmocka_unit_test(nothing_leaves_in_the_poll_that_ends_the_window),
        cmocka_unit_test(closed_after_full_unprovision),
        cmocka_unit_test(active_answers_for_its_address),
        cmocka_unit_test(passive_is_open),
        cmocka_unit_test(passive_leaves_arp_and_ping_to_the_host),
        cmocka_unit_test(passive_answers_presence_pings),
        cmocka_unit_test(b14_nothing_else_is_served_in_setup_mode),
        cmocka_unit_test(passive_sends_no_dhcp_for_a_day),
        cmocka_unit_test(the_hosts_address_is_not_inherited),
        cmocka_unit_test(the_host_comes_and_goes),
    };

    return cmocka_run_group_tests_name("device_quiet", tests, NULL, NULL);
}
