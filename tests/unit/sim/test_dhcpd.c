// SPDX-License-Identifier: BSD-3-Clause
// links: sim/net/dhcpd.c sim/net/packet.c sim/net/lan.c sim/base/clock.c sim/base/rng.c
// The DHCP server (sim/net/dhcpd.h), after RFC 2131 and 2132.

#include "tests/fixtures/segment.h"

#include "sim/net/dhcpd.h"
#include "sim/net/packet.h"

#define SERVER 0x0A000001u
#define DNS 0x0A000002u
#define FIRST 0x0A000032u
#define XID 0x12345678u

static const uint8_t client[6] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55};
static const uint8_t server_mac[6] = {0x02, 0x00, 0x0A, 0x00, 0x00, 0x01};
static const uint8_t broadcast[6] = {255, 255, 255, 255, 255, 255};

static struct dhcpd dhcpd;

/* What a client asks; 0 = left out. */
struct ask {
    uint8_t type;
    bool broadcast;
    uint32_t ciaddr, requested_ip, server_ip;
    const char *parameters;
};

static int set_up(void **state)
{
    static struct segment segment;

    segment_begin(&segment, LAN_HOST);
    dhcpd_init(&dhcpd, &segment.lan, SERVER);
    dhcpd.dns = DNS;
    dhcpd.lease_s = 3600;
    strcpy(dhcpd.option15, "corp.example");
    *state = &segment;
    return 0;
}

static size_t make(uint8_t out[DHCP_BYTES], const uint8_t mac[6], const struct ask *ask)
{
    struct dhcp_message head = {.op = DHCP_FROM_CLIENT,
                                .type = ask->type,
                                .xid = XID,
                                .broadcast = ask->broadcast,
                                .ciaddr = ask->ciaddr};

    memcpy(head.mac, mac, 6);

    size_t len = dhcp_begin(out, &head);

    if (ask->requested_ip)
        len = dhcp_option_u32(out, len, 50, ask->requested_ip);
    if (ask->server_ip)
        len = dhcp_option_u32(out, len, 54, ask->server_ip);
    if (ask->parameters)
        len = dhcp_option(out, len, 55, ask->parameters, (uint8_t)strlen(ask->parameters));
    return dhcp_end(out, len);
}

static bool send_data(struct segment *segment, const uint8_t *data, size_t len)
{
    uint8_t frame[LAN_FRAME];
    size_t frame_len =
        packet_udp(frame, sizeof(frame), broadcast, client, 0, 68, 0xFFFFFFFF, 67, data, len);

    return segment_send(segment, frame, frame_len);
}

/* True when one reply came. */
static bool ask(struct segment *segment, const uint8_t mac[6], const struct ask *request)
{
    uint8_t data[DHCP_BYTES];

    return send_data(segment, data, make(data, mac, request));
}

static struct packet reply(struct segment *segment)
{
    struct packet packet;

    assert_true(packet_parse(segment->frame, segment->len, &packet));
    assert_int_equal(packet.kind, PACKET_DHCP);
    assert_int_equal(packet.src_port, 67);
    assert_int_equal(packet.dst_port, 68);
    assert_int_equal(packet.src_ip, SERVER);
    assert_memory_equal(packet.src_mac, server_mac, 6);
    return packet;
}

static struct dhcp_message message(struct segment *segment)
{
    struct packet packet = reply(segment);
    struct dhcp_message out;

    assert_true(dhcp_parse(packet.payload, packet.payload_len, &out));
    return out;
}

/* The fixed part up to chaddr, then from the cookie on. */
static void check_bytes(struct segment *segment, const uint8_t fixed[34], const uint8_t *options,
                        size_t options_len)
{
    struct packet packet = reply(segment);

    assert_int_equal(packet.payload_len, 240 + options_len < 300 ? 300 : 240 + options_len);
    assert_memory_equal(packet.payload, fixed, 34);
    for (size_t i = 34; i < 236; i++)
        assert_int_equal(packet.payload[i], 0);
    assert_memory_equal(packet.payload + 236, "\x63\x82\x53\x63", 4);
    assert_memory_equal(packet.payload + 240, options, options_len);
    for (size_t i = 240 + options_len; i < packet.payload_len; i++)
        assert_int_equal(packet.payload[i], 0);
}

static void test_offer(void **state)
{
    static const uint8_t fixed[34] = {2, 1, 6, 0, 0x12, 0x34, 0x56, 0x78, 0,    0,   0, 0,
                                      0, 0, 0, 0, 10,   0,    0,    50,   0,    0,   0, 0,
                                      0, 0, 0, 0, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55};
    static const uint8_t options[] = {53,  1,   2,                    /* OFFER */
                                      54,  4,   10,  0,   0,    1,    /* server */
                                      51,  4,   0,   0,   0x0E, 0x10, /* 3600 s */
                                      58,  4,   0,   0,   0x07, 0x08, /* 1800 s */
                                      59,  4,   0,   0,   0x0C, 0x4E, /* 3150 s */
                                      1,   4,   255, 255, 255,  0,    /* mask */
                                      3,   4,   10,  0,   0,    1,    /* gateway */
                                      6,   4,   10,  0,   0,    2,    /* DNS */
                                      15,  12,  'c', 'o', 'r',  'p',  '.', 'e',
                                      'x', 'a', 'm', 'p', 'l',  'e',  255};
    struct segment *segment = *state;

    assert_true(ask(segment, client,
                    &(struct ask){.type = DHCP_DISCOVER, .parameters = "\x01\x03\x06\x0F"}));
    check_bytes(segment, fixed, options, sizeof(options));

    struct packet packet = reply(segment);

    assert_memory_equal(packet.dst_mac, broadcast, 6);
    assert_int_equal(packet.dst_ip, 0xFFFFFFFF);
}

/* lwIP's own list is 1, 3, 28, 6: such a client gets no option 15, as from dnsmasq. */
static void test_ack_without_option_15(void **state)
{
    static const uint8_t fixed[34] = {2, 1, 6, 0, 0x12, 0x34, 0x56, 0x78, 0,    0,   0x80, 0,
                                      0, 0, 0, 0, 10,   0,    0,    50,   0,    0,   0,    0,
                                      0, 0, 0, 0, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55};
    static const uint8_t options[] = {53, 1,    5,    54, 4, 10,  0,   0,    1,    51, 4, 0,
                                      0,  0x0E, 0x10, 58, 4, 0,   0,   0x07, 0x08, 59, 4, 0,
                                      0,  0x0C, 0x4E, 1,  4, 255, 255, 255,  0,    3,  4, 10,
                                      0,  0,    1,    6,  4, 10,  0,   0,    2,    255};
    struct segment *segment = *state;

    assert_true(ask(segment, client,
                    &(struct ask){.type = DHCP_REQUEST,
                                  .broadcast = true,
                                  .requested_ip = FIRST,
                                  .server_ip = SERVER,
                                  .parameters = "\x01\x03\x1C\x06"}));
    check_bytes(segment, fixed, options, sizeof(options));
    assert_true(ask(
        segment, client,
        &(struct ask){
            .type = DHCP_REQUEST, .broadcast = true, .requested_ip = FIRST, .server_ip = SERVER}));
    check_bytes(segment, fixed, options, sizeof(options));
}

static void test_unset_options_are_left_out(void **state)
{
    static const uint8_t options[] = {53,  1,   2,   54, 4, 10,  0,   0,   1,   51, 4, 255,
                                      255, 255, 255, 58, 4, 255, 255, 255, 255, 59, 4, 255,
                                      255, 255, 255, 1,  4, 255, 255, 255, 0,   255};
    struct segment *segment = *state;

    dhcpd.gateway = 0;
    dhcpd.dns = 0;
    dhcpd.option15[0] = '\0';
    dhcpd.lease_s = 0xFFFFFFFF; /* for ever: so are T1 and T2 */
    assert_true(ask(segment, client,
                    &(struct ask){.type = DHCP_DISCOVER, .parameters = "\x01\x03\x06\x0F"}));
    assert_memory_equal(reply(segment).payload + 240, options, sizeof(options));
}

static void test_longest_option_15(void **state)
{
    struct segment *segment = *state;

    memset(dhcpd.option15, 'x', 255);
    dhcpd.option15[255] = '\0';
    assert_true(ask(segment, client, &(struct ask){.type = DHCP_DISCOVER, .parameters = "\x0F"}));

    struct packet packet = reply(segment);

    assert_int_equal(packet.payload_len, 240 + 45 + 257 + 1);
    assert_int_equal(packet.payload[240 + 45], 15);
    assert_int_equal(packet.payload[240 + 46], 255);
    assert_int_equal(packet.payload[240 + 45 + 257], 255);
}

static void test_renewal_is_answered_to_ciaddr(void **state)
{
    struct segment *segment = *state;
    struct ask renewal = {.type = DHCP_REQUEST, .ciaddr = FIRST};

    assert_true(ask(segment, client, &renewal));

    struct packet packet = reply(segment);

    assert_memory_equal(packet.dst_mac, client, 6);
    assert_int_equal(packet.dst_ip, FIRST);
    assert_int_equal(message(segment).type, DHCP_ACK);
    assert_int_equal(message(segment).ciaddr, FIRST);
    assert_int_equal(message(segment).yiaddr, FIRST);
    renewal.broadcast = true;
    assert_true(ask(segment, client, &renewal));
    packet = reply(segment);
    assert_memory_equal(packet.dst_mac, broadcast, 6);
    assert_int_equal(packet.dst_ip, 0xFFFFFFFF);
}

static void test_one_address_per_mac(void **state)
{
    static const uint8_t second[6] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x56};
    const struct ask discover = {.type = DHCP_DISCOVER};
    struct segment *segment = *state;

    assert_true(ask(segment, client, &discover));
    assert_int_equal(message(segment).yiaddr, FIRST);
    assert_true(ask(segment, second, &discover));
    assert_int_equal(message(segment).yiaddr, FIRST + 1);
    assert_true(ask(segment, client, &discover));
    assert_int_equal(message(segment).yiaddr, FIRST);
    assert_false(ask(segment, client,
                     &(struct ask){.type = DHCP_RELEASE, .ciaddr = FIRST, .server_ip = SERVER}));
    assert_true(ask(segment, client, &discover));
    assert_int_equal(message(segment).yiaddr, FIRST);
    dhcpd.leases = 0;
    dhcpd.first_ip = FIRST + 40;
    assert_true(ask(segment, client, &discover));
    assert_int_equal(message(segment).yiaddr, FIRST + 40);
}

static void test_nak(void **state)
{
    static const uint8_t fixed[34] = {2, 1, 6, 0, 0x12, 0x34, 0x56, 0x78, 0,    0,   0, 0,
                                      0, 0, 0, 0, 0,    0,    0,    0,    0,    0,   0, 0,
                                      0, 0, 0, 0, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55};
    static const uint8_t options[] = {53, 1, 6, 54, 4, 10, 0, 0, 1, 255};
    const struct ask wrong[] = {
        {.type = DHCP_REQUEST, .requested_ip = FIRST + 1, .server_ip = SERVER},
        {.type = DHCP_REQUEST, .requested_ip = FIRST + 1, .parameters = "\x0F"},
        {.type = DHCP_REQUEST, .ciaddr = FIRST + 1},
    };
    struct segment *segment = *state;

    for (size_t i = 0; i < 3; i++) {
        assert_true(ask(segment, client, &wrong[i]));
        check_bytes(segment, fixed, options, sizeof(options));
        assert_memory_equal(reply(segment).dst_mac, broadcast, 6);
        assert_int_equal(reply(segment).dst_ip, 0xFFFFFFFF);
    }
    assert_true(ask(segment, client, &(struct ask){.type = DHCP_REQUEST, .requested_ip = FIRST}));
    assert_int_equal(message(segment).type, DHCP_ACK);
}

static void test_inform(void **state)
{
    static const uint8_t options[] = {53,  1,   5,   54,  4,   10,  0,   0,   1,   1,   4,
                                      255, 255, 255, 0,   3,   4,   10,  0,   0,   1,   6,
                                      4,   10,  0,   0,   2,   15,  12,  'c', 'o', 'r', 'p',
                                      '.', 'e', 'x', 'a', 'm', 'p', 'l', 'e', 255};
    struct segment *segment = *state;

    assert_true(
        ask(segment, client,
            &(struct ask){.type = DHCP_INFORM, .ciaddr = FIRST + 9, .parameters = "\x0F\x06"}));
    assert_int_equal(message(segment).yiaddr, 0);
    assert_int_equal(reply(segment).dst_ip, FIRST + 9);
    assert_memory_equal(reply(segment).payload + 240, options, sizeof(options));
    assert_int_equal(dhcpd.leases, 0);
}

static void test_not_for_this_server(void **state)
{
    struct segment *segment = *state;
    uint8_t data[DHCP_BYTES], frame[LAN_FRAME];
    size_t len = make(data, client, &(struct ask){.type = DHCP_DISCOVER});

    /* the client took another server's offer */
    assert_false(
        ask(segment, client,
            &(struct ask){.type = DHCP_REQUEST, .requested_ip = FIRST, .server_ip = SERVER + 7}));
    /* asks for nothing; a server's message; other types; INFORM without an address */
    assert_false(ask(segment, client, &(struct ask){.type = DHCP_REQUEST}));
    assert_false(ask(segment, client, &(struct ask){.type = DHCP_ACK}));
    assert_false(ask(segment, client, &(struct ask){.type = 200}));
    assert_false(ask(segment, client, &(struct ask){.type = DHCP_INFORM}));
    /* to another station, address or port */
    len = packet_udp(frame, sizeof(frame), client, client, 0, 68, 0xFFFFFFFF, 67, data, len);
    assert_false(segment_send(segment, frame, len));
    len = make(data, client, &(struct ask){.type = DHCP_DISCOVER});
    len = packet_udp(frame, sizeof(frame), broadcast, client, 0, 68, SERVER + 1, 67, data, len);
    assert_false(segment_send(segment, frame, len));
    len = make(data, client, &(struct ask){.type = DHCP_DISCOVER});
    len = packet_udp(frame, sizeof(frame), broadcast, client, 0, 67, 0xFFFFFFFF, 68, data, len);
    assert_false(segment_send(segment, frame, len));
    assert_int_equal(dhcpd.leases, 0);
    /* by unicast it does */
    len = make(data, client, &(struct ask){.type = DHCP_DISCOVER});
    len = packet_udp(frame, sizeof(frame), server_mac, client, 0, 68, SERVER, 67, data, len);
    assert_true(segment_send(segment, frame, len));
}

static void test_malformed(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
    } bad[] = {
        {0, 2},     /* op: reply */
        {1, 6},     /* hardware type */
        {2, 8},     /* hardware length */
        {24, 10},   /* relayed */
        {236, 0},   /* cookie */
        {240, 0},   /* no option 53 */
        {241, 200}, /* option beyond the message */
    };
    struct segment *segment = *state;
    uint8_t data[DHCP_BYTES];
    size_t len;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        len = make(data, client, &(struct ask){.type = DHCP_DISCOVER});
        data[bad[i].at] = bad[i].value;
        assert_false(send_data(segment, data, len));
    }
    len = make(data, client, &(struct ask){.type = DHCP_DISCOVER});
    for (size_t cut = 0; cut <= 243; cut++) /* 243: without the end option */
        assert_false(send_data(segment, data, cut));
    assert_true(send_data(segment, data, 244));
    assert_true(send_data(segment, data, len));
    assert_int_equal(dhcpd.leases, 1);
}

static void test_disabled_is_silent(void **state)
{
    struct segment *segment = *state;

    dhcpd.enabled = false;
    assert_false(ask(segment, client, &(struct ask){.type = DHCP_DISCOVER}));
    assert_false(ask(segment, client, &(struct ask){.type = DHCP_REQUEST, .ciaddr = FIRST}));
    dhcpd.enabled = true;
    assert_true(ask(segment, client, &(struct ask){.type = DHCP_DISCOVER}));
}

static void test_pool(void **state)
{
    const struct ask discover = {.type = DHCP_DISCOVER};
    struct segment *segment = *state;
    uint8_t mac[6] = {0x00, 0x11, 0x22, 0, 0, 0};

    /* from the network's own address, past gateway and DNS server */
    dhcpd.first_ip = SERVER;
    for (; mac[5] < DHCPD_LEASES; mac[5]++) {
        assert_true(ask(segment, mac, &discover));
        assert_int_equal(message(segment).yiaddr, 0x0A000003u + mac[5]);
    }
    assert_false(ask(segment, mac, &discover));
    assert_false(ask(segment, mac, &(struct ask){.type = DHCP_REQUEST, .ciaddr = FIRST}));
    mac[5] = 0;
    assert_true(ask(segment, mac, &discover));
    assert_int_equal(message(segment).yiaddr, 0x0A000003);
}

static void test_pool_ends_with_the_subnet(void **state)
{
    const struct ask discover = {.type = DHCP_DISCOVER};
    struct segment *segment = *state;
    uint8_t mac[6] = {0x00, 0x11, 0x22, 0, 0, 1};

    dhcpd.first_ip = 0x0A0000FE;
    assert_true(ask(segment, client, &discover));
    assert_int_equal(message(segment).yiaddr, 0x0A0000FE);
    assert_false(ask(segment, mac, &discover));
}

static void test_arp(void **state)
{
    static const uint8_t request[42] = {
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x08, 0x06,
        0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x01, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55,
        0x0A, 0x00, 0x00, 0x32, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0A, 0x00, 0x00, 0x01};
    static const uint8_t expected[42] = {
        0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x02, 0x00, 0x0A, 0x00, 0x00, 0x01, 0x08, 0x06,
        0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x02, 0x02, 0x00, 0x0A, 0x00, 0x00, 0x01,
        0x0A, 0x00, 0x00, 0x01, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x0A, 0x00, 0x00, 0x32};
    struct segment *segment = *state;
    uint8_t other[42];

    assert_true(segment_send(segment, request, sizeof(request)));
    assert_int_equal(segment->len, sizeof(expected));
    assert_memory_equal(segment->frame, expected, sizeof(expected));
    memcpy(other, request, sizeof(other));
    other[41] = 9;
    assert_false(segment_send(segment, other, sizeof(other)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_offer, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_ack_without_option_15, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_unset_options_are_left_out, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_longest_option_15, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_renewal_is_answered_to_ciaddr, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_one_address_per_mac, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_nak, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_inform, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_not_for_this_server, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_malformed, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_disabled_is_silent, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_pool, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_pool_ends_with_the_subnet, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_arp, set_up, segment_end),
    };

    return cmocka_run_group_tests_name("dhcpd", tests, NULL, NULL);
}
