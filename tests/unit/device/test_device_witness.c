// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include "tests/fixtures/device.h"

#include "fw/core/trace.h"
#include "fw/net/netif_of.h"
#include "lwip/dhcp.h"
#include "lwip/prot/dhcp.h"

/* What a stranger's DHCP answers change in each mode of the interface: nothing that nobody on the
 * shared MAC has asked for. */

#define EVIL_IP 0x0A000042u

/* An answer from the other station: its type, its transaction, the server it names, the address
 * and the name it gives. */
struct answer {
    uint8_t type;
    uint32_t xid, server, yiaddr;
    const char *option15;
};

static void send_answer(struct fixture *b, const struct answer *a)
{
    struct dhcp_message head = {
        .op = DHCP_FROM_SERVER, .type = a->type, .xid = a->xid, .yiaddr = a->yiaddr};
    uint8_t message[DHCP_BYTES], frame[LAN_FRAME];
    size_t len;

    memcpy(head.mac, fixture_mac, 6);
    len = dhcp_begin(message, &head);
    len = dhcp_option_u32(message, len, 54, a->server);
    len = dhcp_option_u32(message, len, 51, 3600);
    len = dhcp_option_u32(message, len, 1, 0xFFFFFF00u);
    len = dhcp_option_u32(message, len, 3, EVIL_IP);
    len = dhcp_option_u32(message, len, 6, EVIL_IP);
    if (a->option15)
        len = dhcp_option(message, len, 15, a->option15, (uint8_t)strlen(a->option15));
    len = dhcp_end(message, len);
    len = packet_udp(frame, sizeof(frame), fixture_broadcast, fixture_other_mac, FIXTURE_OTHER_IP,
                     67, 0xFFFFFFFFu, 68, message, len);
    fixture_send(b, frame, len);
}

static void expect_known(struct fixture *b, uint32_t ip, const char *option15)
{
    struct static_address address;

    fixture_run(b, SECOND);
    net_address(&fixture_device(b)->net, &address);
    assert_int_equal(address.ip, ip);
    assert_int_equal(address.mask, ip ? 0xFFFFFF00u : 0);
    assert_int_equal(address.gateway, ip ? FIXTURE_DHCP_IP : 0);
    assert_int_not_equal(address.dns1, EVIL_IP);
    assert_string_equal(net_option15(&b->chip.device.net), option15);
}

/* The device of an office, its OS up; state and mode as wanted. */
static struct fixture *with_host(const char *oem)
{
    struct fixture *b = fixture_new("5.0.2", oem);

    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    fixture_run(b, SECOND);
    return b;
}

static const struct answer unasked[] = {
    {DHCP_ACK, FIXTURE_XID, FIXTURE_DHCP_IP, FIXTURE_IP, "evil.example"},
    {DHCP_ACK, 0xDEADBEEF, FIXTURE_DHCP_IP, FIXTURE_IP, "evil.example"},
    {DHCP_ACK, 0, EVIL_IP, 0x0A000077, "evil.example"},
    {DHCP_NAK, FIXTURE_XID, FIXTURE_DHCP_IP, 0, NULL},
    {DHCP_OFFER, FIXTURE_XID, EVIL_IP, 0x0A000077, "evil.example"},
};

static void expect_deaf_to_the_unasked(struct fixture *b, enum net_mode mode)
{
    for (size_t i = 0; i < COUNT(unasked); i++) {
        assert_int_equal(b->chip.device.net.mode, mode);
        send_answer(b, &unasked[i]);
        expect_known(b, 0, "");
    }
    assert_false(b->chip.device.net.facts.option15_seen);
    fixture_ack(b, "corp.example");
    expect_known(b, FIXTURE_IP, "corp.example");
    for (size_t i = 0; i < COUNT(unasked); i++) {
        send_answer(b, &unasked[i]);
        expect_known(b, FIXTURE_IP, "corp.example");
    }
    assert_int_equal(b->chip.device.net.mode, mode);
}

static void closed(void **state)
{
    struct fixture *b = with_host("bmp-off");
    uint32_t frames = b->frames;

    (void)state;
    expect_deaf_to_the_unasked(b, NET_CLOSED);
    assert_int_equal(b->frames, frames);
    fixture_free(b);
}

static void passive(void **state)
{
    struct fixture *b = with_host("intel");

    (void)state;
    expect_deaf_to_the_unasked(b, NET_PASSIVE);
    fixture_free(b);
}

/* Asked for, but not so: the one that is right still counts afterwards. */
static void while_the_host_waits(void **state)
{
    static const struct answer wrong[] = {
        {DHCP_ACK, FIXTURE_XID + 1, FIXTURE_DHCP_IP, FIXTURE_IP, "evil.example"},
        {DHCP_ACK, FIXTURE_XID, EVIL_IP, FIXTURE_IP, "evil.example"},
        {DHCP_ACK, FIXTURE_XID, FIXTURE_DHCP_IP, 0x0A000077, "evil.example"},
        {DHCP_ACK, FIXTURE_XID, FIXTURE_DHCP_IP, 0xE0000001, "evil.example"},
        {DHCP_NAK, FIXTURE_XID + 1, FIXTURE_DHCP_IP, 0, NULL},
        {DHCP_NAK, FIXTURE_XID, EVIL_IP, 0, NULL},
    };
    static const char *const oem[] = {"bmp-off", "intel"};

    (void)state;
    for (size_t o = 0; o < COUNT(oem); o++) {
        struct fixture *b = with_host(oem[o]);

        fixture_host_asks(b);
        for (size_t i = 0; i < COUNT(wrong); i++) {
            send_answer(b, &wrong[i]);
            expect_known(b, 0, "");
        }
        fixture_answer(b, "corp.example", 0);
        expect_known(b, FIXTURE_IP, "corp.example");
        fixture_free(b);
    }
}

/* What comes in from the wire is never the host's own, whatever it says. */
static void a_request_in_the_hosts_name(void **state)
{
    struct dhcp_message head = {.op = DHCP_FROM_CLIENT, .type = DHCP_REQUEST, .xid = FIXTURE_XID};
    struct fixture *b = with_host("intel");
    uint8_t message[DHCP_BYTES], frame[LAN_FRAME];
    size_t len;

    (void)state;
    memcpy(head.mac, fixture_mac, 6);
    len = dhcp_begin(message, &head);
    len = dhcp_option_u32(message, len, 50, FIXTURE_IP);
    len = dhcp_end(message, len);
    len = packet_udp(frame, sizeof(frame), fixture_broadcast, fixture_mac, 0, 68, 0xFFFFFFFFu, 67,
                     message, len);
    fixture_send(b, frame, len);
    fixture_run(b, SECOND);
    fixture_answer(b, "evil.example", 0);
    expect_known(b, 0, "");
    fixture_free(b);
}

static void the_server_takes_the_address_back(void **state)
{
    static const struct answer nak = {DHCP_NAK, FIXTURE_XID, FIXTURE_DHCP_IP, 0, NULL};
    struct fixture *b = with_host("intel");

    (void)state;
    fixture_ack(b, "corp.example");
    expect_known(b, FIXTURE_IP, "corp.example");
    fixture_host_asks(b);
    send_answer(b, &nak);
    fixture_run(b, SECOND);
    assert_int_equal(b->chip.device.net.facts.ip, 0);
    fixture_free(b);
}

/* Reset between the host's REQUEST and its answer: nobody is left who has asked. */
static void reset_between_request_and_answer(void **state)
{
    struct fixture *b = with_host("intel");

    (void)state;
    fixture_host_asks(b);
    chip_power(&b->chip, false);
    chip_power(&b->chip, true);
    fixture_answer(b, "corp.example", 0);
    expect_known(b, 0, "");
    fixture_ack(b, "corp.example"); /* the next renewal */
    expect_known(b, FIXTURE_IP, "corp.example");
    fixture_free(b);
}

/* The host's frames are looked at and are not input: lwIP would answer its ARP. */
static void the_hosts_frames_are_no_input(void **state)
{
    struct fixture *b = fixture_new("5.0.2", "intel");
    uint8_t frame[64];
    uint32_t frames;
    size_t len;

    (void)state;
    fixture_dhcpd(b, "corp.example");
    chip_power(&b->chip, true);
    fixture_run(b, 10 * SECOND);
    assert_int_equal(b->chip.device.net.facts.ip, FIXTURE_IP);
    len = packet_arp_reply(frame, sizeof(frame), fixture_broadcast, fixture_other_mac,
                           FIXTURE_OTHER_IP, FIXTURE_IP);
    packet_put16(frame + 20, PACKET_ARP_REQUEST);
    frames = b->frames;
    virtual_host_frame(&b->chip.hal, frame, len);
    chip_poll(&b->chip);
    assert_int_equal(b->frames, frames);
    virtual_frame_in(&b->chip.hal, frame, len); /* from the wire, it does */
    chip_poll(&b->chip);
    assert_int_equal(b->frames, frames + 1);
    fixture_free(b);
}

/* --- the ME leases for itself: it is alone, with its own client --- */

static struct answer
    forged; /* what the stranger says the moment a REQUEST leaves; type 0: no more */

static void answer_first(struct fixture *b, const struct packet *packet, size_t len)
{
    struct dhcp_message request;
    struct answer a = forged;

    (void)len;
    if (packet->kind != PACKET_DHCP || forged.type == 0 ||
        !dhcp_parse(packet->payload, packet->payload_len, &request) || request.type != DHCP_REQUEST)
        return;
    forged.type = 0;
    a.xid += request.xid;
    send_answer(b, &a);
}

static struct fixture *alone(const struct answer *first)
{
    struct fixture *b = fixture_new("5.0.2", "intel");

    fixture_dhcpd(b, "corp.example");
    forged = *first;
    b->on_frame = answer_first;
    chip_power(&b->chip, true);
    fixture_run(b, 10 * SECOND);
    assert_int_equal(b->chip.device.net.mode, NET_ACTIVE);
    assert_int_equal(forged.type, 0);
    return b;
}

static void active_and_answered_wrongly(void **state)
{
    static const struct answer wrong[] = {
        /* xid is what is added to the right one */
        {DHCP_ACK, 1, FIXTURE_DHCP_IP, FIXTURE_IP, "evil.example"},
        {DHCP_ACK, 0, EVIL_IP, FIXTURE_IP, "evil.example"},
        {DHCP_ACK, 0, FIXTURE_DHCP_IP, 0x0A000077, "evil.example"},
        {DHCP_ACK, 0, FIXTURE_DHCP_IP, 0xE0000001, "evil.example"},
        {DHCP_ACK, 0, FIXTURE_DHCP_IP, 0x0A0000FF, "evil.example"},
        {DHCP_ACK, 0, FIXTURE_DHCP_IP, 0, "evil.example"},
        {DHCP_NAK, 1, FIXTURE_DHCP_IP, 0, NULL},
        {DHCP_NAK, 0, EVIL_IP, 0, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct fixture *b = alone(&wrong[i]);

        expect_known(b, FIXTURE_IP, "corp.example");
        assert_int_equal(b->count[TRACE_WITNESSED], 0);
        fixture_free(b);
    }
}

/* Bound, its client waits for nothing: not even the right transaction says anything new. */
static void active_and_bound(void **state)
{
    static const struct answer none = {DHCP_NAK, 1, EVIL_IP, 0, NULL};
    struct fixture *b = alone(&none);
    uint32_t xid = netif_dhcp_data(netif_of(&fixture_device(b)->net.stack.netif))->xid;

    (void)state;
    expect_known(b, FIXTURE_IP, "corp.example");
    for (size_t i = 0; i < COUNT(unasked); i++) {
        struct answer a = unasked[i];

        send_answer(b, &a);
        expect_known(b, FIXTURE_IP, "corp.example");
        a.xid = xid;
        send_answer(b, &a);
        expect_known(b, FIXTURE_IP, "corp.example");
    }
    fixture_host_asks(b); /* and a host that is down has asked nothing, whatever its MAC lets out */
    fixture_answer(b, "evil.example", 0);
    expect_known(b, FIXTURE_IP, "corp.example");
    assert_int_equal(b->chip.device.net.mode, NET_ACTIVE);
    fixture_free(b);
}

/* Its own renewals go on being believed: option 15 follows the server. */
static void active_and_renewed(void **state)
{
    static const struct answer none = {DHCP_NAK, 1, EVIL_IP, 0, NULL};
    struct fixture *b = alone(&none);

    (void)state;
    strcpy(b->dhcpd.option15, "site2.example");
    fixture_run(b, 12 * HOUR + 2 * MINUTE);
    expect_known(b, FIXTURE_IP, "site2.example");
    fixture_free(b);
}

/* No host shares the wire of a board: closed, it witnesses nothing at all. */
static void absent_host(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");

    (void)state;
    b->chip.hal.host = HAL_HOST_ABSENT;
    b->chip.hal.hal.ether.host_sent = NULL;
    chip_power(&b->chip, true);
    for (size_t i = 0; i < COUNT(unasked); i++) {
        send_answer(b, &unasked[i]);
        expect_known(b, 0, "");
    }
    assert_false(b->chip.device.net.facts.option15_seen);
    fixture_free(b);
}

/* MEBx takes no server's address that no other machine can have. */
static void addresses_of_a_server(void **state)
{
    static const uint32_t bad[] = {0xFFFFFFFF, 0xE0000001, 0x7F000001, 0x00000001,
                                   0x0A0000FF, 0x0A000000, FIXTURE_IP};
    struct fixture *b = with_host("intel");

    (void)state;
    fixture_ack(b, "corp.example");
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(device_mebx_server(fixture_device(b), bad[i], 0, fixture_ms(b)),
                         DEVICE_BAD_VALUE);
    assert_int_equal(b->chip.device.settings.config.server_ip, 0);
    assert_int_equal(device_mebx_server(fixture_device(b), 0x0A000005, 0, fixture_ms(b)),
                     DEVICE_OK);
    assert_int_equal(device_mebx_server(fixture_device(b), 0x0A0001FF, 0, fixture_ms(b)),
                     DEVICE_OK);
    fixture_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed),
        cmocka_unit_test(passive),
        cmocka_unit_test(while_the_host_waits),
        cmocka_unit_test(a_request_in_the_hosts_name),
        cmocka_unit_test(the_server_takes_the_address_back),
        cmocka_unit_test(reset_between_request_and_answer),
        cmocka_unit_test(the_hosts_frames_are_no_input),
        cmocka_unit_test(active_and_answered_wrongly),
        cmocka_unit_test(active_and_bound),
        cmocka_unit_test(active_and_renewed),
        cmocka_unit_test(absent_host),
        cmocka_unit_test(addresses_of_a_server),
    };

    return cmocka_run_group_tests_name("device witness", tests, NULL, NULL);
}
