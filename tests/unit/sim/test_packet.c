// SPDX-License-Identifier: BSD-3-Clause
// links: sim/net/packet.c sim/base/rng.c
// Reading and building frames (sim/net/packet.h).

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/rng.h"
#include "sim/net/packet.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const uint8_t client_mac[6] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55};
static const uint8_t server_mac[6] = {0x02, 0x00, 0x0A, 0x00, 0x00, 0x02};

/* 10.0.0.50:49152 to 10.0.0.2:53, "abc"; checksums 0x269B and 0x670C worked out apart. */
static const uint8_t udp_frame[] = {
    0x02, 0x00, 0x0A, 0x00, 0x00, 0x02, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x08, 0x00, 0x45,
    0x00, 0x00, 0x1F, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0x26, 0x9B, 0x0A, 0x00, 0x00, 0x32,
    0x0A, 0x00, 0x00, 0x02, 0xC0, 0x00, 0x00, 0x35, 0x00, 0x0B, 0x67, 0x0C, 'a',  'b',  'c'};

static const uint8_t arp_frame[] = {
    0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x02, 0x00, 0x0A, 0x00, 0x00, 0x02, 0x08, 0x06,
    0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x02, 0x02, 0x00, 0x0A, 0x00, 0x00, 0x02,
    0x0A, 0x00, 0x00, 0x02, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x0A, 0x00, 0x00, 0x32};

/* 10.0.0.50:16994 to 10.0.0.5:9971, SYN, one option, two bytes of data. */
static const uint8_t tcp_frame[] = {
    0x02, 0x00, 0x0A, 0x00, 0x00, 0x05, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x08, 0x00, 0x45,
    0x00, 0x00, 0x2E, 0x00, 0x00, 0x40, 0x00, 0x40, 0x06, 0x26, 0x94, 0x0A, 0x00, 0x00, 0x32,
    0x0A, 0x00, 0x00, 0x05, 0x42, 0x62, 0x26, 0xF3, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00,
    0x00, 0x60, 0x02, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x04, 0x05, 0xB4, 'h',  'i'};

static void mend_ip_checksum(uint8_t *frame)
{
    uint32_t sum = 0;
    uint8_t *ip = frame + 14;

    ip[10] = ip[11] = 0;
    for (size_t i = 0; i < (size_t)(ip[0] & 15) * 4; i += 2)
        sum += (uint32_t)ip[i] << 8 | ip[i + 1];
    sum = (sum & 0xFFFF) + (sum >> 16);
    sum = ~((sum & 0xFFFF) + (sum >> 16));
    ip[10] = (uint8_t)(sum >> 8);
    ip[11] = (uint8_t)sum;
}

/* Parses an exact-size copy on the heap, so that the sanitizer sees a read past the end. */
static bool parse_copy(const uint8_t *frame, size_t len, struct packet *out)
{
    uint8_t *copy = malloc(len ? len : 1);

    assert_non_null(copy);
    if (len)
        memcpy(copy, frame, len);

    bool good = packet_parse(len ? copy : copy + 1, len, out);

    if (good) {
        assert_ptr_equal(out->dst_mac, copy);
        assert_ptr_equal(out->src_mac, copy + 6);
        if (out->payload) {
            assert_true(out->payload >= copy && out->payload <= copy + len);
            assert_true(out->payload_len <= (size_t)(copy + len - out->payload));
        } else {
            assert_int_equal(out->payload_len, 0);
        }
    } else {
        static const struct packet nothing;

        assert_int_equal(out->kind, PACKET_OTHER);
        assert_memory_equal(out, &nothing, sizeof(nothing));
    }
    free(copy);
    return good;
}

static void refused(const uint8_t *frame, size_t len)
{
    struct packet packet;

    assert_false(parse_copy(frame, len, &packet));
}

static void test_build_udp(void **state)
{
    uint8_t out[64];

    (void)state;
    assert_int_equal(packet_udp(out, sizeof(udp_frame), server_mac, client_mac, 0x0A000032, 49152,
                                0x0A000002, 53, "abc", 3),
                     sizeof(udp_frame));
    assert_memory_equal(out, udp_frame, sizeof(udp_frame));
    assert_int_equal(packet_udp(out, sizeof(udp_frame) - 1, server_mac, client_mac, 0x0A000032,
                                49152, 0x0A000002, 53, "abc", 3),
                     0);
}

/* A checksum that comes out as 0 is sent as FFFF: 0 would say that there is none. */
static void test_udp_checksum_is_never_zero(void **state)
{
    static const uint8_t data[2] = {0x2B, 0x9D};
    uint8_t out[64];
    struct packet packet;
    size_t len = packet_udp(out, sizeof(out), server_mac, client_mac, 0x0A000032, 49152, 0x0A000002,
                            9, data, sizeof(data));

    (void)state;
    assert_int_equal(len, 44);
    assert_int_equal(out[40], 0xFF);
    assert_int_equal(out[41], 0xFF);
    assert_true(parse_copy(out, len, &packet));
    assert_int_equal(packet.kind, PACKET_UDP);
}

static void test_udp_limits(void **state)
{
    static uint8_t data[65508], out[66000];

    (void)state;
    assert_int_equal(packet_udp(out, sizeof(out), server_mac, client_mac, 1, 2, 3, 4, data, 65507),
                     65549);
    assert_int_equal(packet_udp(out, sizeof(out), server_mac, client_mac, 1, 2, 3, 4, data, 65508),
                     0);
    assert_int_equal(
        packet_udp(out, sizeof(out), server_mac, client_mac, 1, 2, 3, 4, data, SIZE_MAX), 0);
    assert_int_equal(packet_udp(out, 42, server_mac, client_mac, 1, 2, 3, 4, NULL, 0), 42);
}

static void test_build_arp_reply(void **state)
{
    uint8_t out[42];

    (void)state;
    assert_int_equal(
        packet_arp_reply(out, sizeof(out), client_mac, server_mac, 0x0A000002, 0x0A000032), 42);
    assert_memory_equal(out, arp_frame, sizeof(arp_frame));
    assert_int_equal(packet_arp_reply(out, 41, client_mac, server_mac, 0x0A000002, 0x0A000032), 0);
}

static void test_arp_answer(void **state)
{
    static const uint8_t request[42] = {
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x08, 0x06,
        0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x01, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55,
        0x0A, 0x00, 0x00, 0x32, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0A, 0x00, 0x00, 0x02};
    uint8_t out[64];
    struct packet packet;

    (void)state;
    assert_true(packet_parse(request, sizeof(request), &packet));
    assert_int_equal(packet_arp_answer(out, sizeof(out), &packet, server_mac, 0x0A000002), 42);
    assert_memory_equal(out, arp_frame, sizeof(arp_frame));
    assert_int_equal(packet_arp_answer(out, sizeof(out), &packet, server_mac, 0x0A000003), 0);
    assert_true(packet_parse(arp_frame, sizeof(arp_frame), &packet));
    assert_int_equal(packet_arp_answer(out, sizeof(out), &packet, client_mac, 0x0A000032), 0);
    assert_true(packet_parse(udp_frame, sizeof(udp_frame), &packet));
    assert_int_equal(packet_arp_answer(out, sizeof(out), &packet, server_mac, 0x0A000002), 0);
}

static void test_parse_udp(void **state)
{
    struct packet packet;
    uint8_t padded[60] = {0};

    (void)state;
    memcpy(padded, udp_frame, sizeof(udp_frame));
    assert_true(packet_parse(padded, sizeof(padded), &packet));
    assert_int_equal(packet.kind, PACKET_DNS);
    assert_int_equal(packet.src_ip, 0x0A000032);
    assert_int_equal(packet.dst_ip, 0x0A000002);
    assert_int_equal(packet.src_port, 49152);
    assert_int_equal(packet.dst_port, 53);
    assert_int_equal(packet.payload_len, 3);
    assert_memory_equal(packet.payload, "abc", 3);
    assert_true(packet_is_for(&packet, server_mac));
    assert_false(packet_is_for(&packet, client_mac));
    memset(padded, 0xFF, 6);
    assert_true(packet_parse(padded, sizeof(padded), &packet));
    assert_true(packet_is_for(&packet, client_mac));
}

static void test_kinds_by_port(void **state)
{
    static const struct {
        uint16_t src, dst;
        enum packet_kind kind;
    } cases[] = {
        {68, 67, PACKET_DHCP},  {67, 68, PACKET_DHCP},    {67, 67, PACKET_DHCP},
        {53, 5000, PACKET_DNS}, {5000, 53, PACKET_DNS},   {5000, 67, PACKET_UDP},
        {68, 5000, PACKET_UDP}, {5353, 5353, PACKET_UDP},
    };
    uint8_t out[64];
    struct packet packet;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t len = packet_udp(out, sizeof(out), server_mac, client_mac, 1, cases[i].src, 2,
                                cases[i].dst, "x", 1);

        assert_true(packet_parse(out, len, &packet));
        assert_int_equal(packet.kind, cases[i].kind);
    }
}

static void test_parse_arp(void **state)
{
    struct packet packet;
    uint8_t frame[sizeof(arp_frame)];

    (void)state;
    assert_true(parse_copy(arp_frame, sizeof(arp_frame), &packet));
    assert_int_equal(packet.kind, PACKET_ARP);
    assert_int_equal(packet.arp_op, 2);
    assert_int_equal(packet.src_ip, 0x0A000002);
    assert_int_equal(packet.dst_ip, 0x0A000032);
    for (size_t i = 14; i < 20; i++) { /* hardware, protocol, lengths */
        memcpy(frame, arp_frame, sizeof(frame));
        frame[i]++;
        refused(frame, sizeof(frame));
    }
}

static void test_parse_tcp(void **state)
{
    struct packet packet;
    uint8_t frame[sizeof(tcp_frame)];

    (void)state;
    assert_true(packet_parse(tcp_frame, sizeof(tcp_frame), &packet));
    assert_int_equal(packet.kind, PACKET_TCP);
    assert_int_equal(packet.src_port, 16994);
    assert_int_equal(packet.dst_port, 9971);
    assert_int_equal(packet.tcp_flags, PACKET_TCP_SYN);
    assert_int_equal(packet.payload_len, 2);
    assert_memory_equal(packet.payload, "hi", 2);
    memcpy(frame, tcp_frame, sizeof(frame));
    frame[46] = 0x40; /* data offset below 20 bytes, then beyond the segment */
    refused(frame, sizeof(frame));
    frame[46] = 0x70;
    refused(frame, sizeof(frame));
}

static void test_parse_icmp_and_others(void **state)
{
    struct packet packet;
    uint8_t frame[sizeof(tcp_frame)];

    (void)state;
    memcpy(frame, tcp_frame, sizeof(frame));
    frame[23] = 1;
    mend_ip_checksum(frame);
    assert_true(parse_copy(frame, sizeof(frame), &packet));
    assert_int_equal(packet.kind, PACKET_ICMP);
    frame[17] = 20 + 7; /* one byte less than an ICMP header */
    mend_ip_checksum(frame);
    refused(frame, sizeof(frame));
    frame[23] = 132;
    mend_ip_checksum(frame);
    assert_true(parse_copy(frame, sizeof(frame), &packet));
    assert_int_equal(packet.kind, PACKET_OTHER);
    assert_int_equal(packet.dst_ip, 0x0A000005);
    frame[12] = 0x86; /* IPv6 */
    frame[13] = 0xDD;
    assert_true(parse_copy(frame, sizeof(frame), &packet));
    assert_int_equal(packet.kind, PACKET_OTHER);
    assert_int_equal(packet.dst_ip, 0);
}

static void test_fragments_are_other(void **state)
{
    static const uint8_t fragment[][2] = {{0x20, 0x00}, {0x00, 0x01}, {0x1F, 0xFF}};
    struct packet packet;
    uint8_t frame[sizeof(udp_frame)];

    (void)state;
    for (size_t i = 0; i < COUNT(fragment); i++) {
        memcpy(frame, udp_frame, sizeof(frame));
        memcpy(frame + 20, fragment[i], 2);
        mend_ip_checksum(frame);
        assert_true(parse_copy(frame, sizeof(frame), &packet));
        assert_int_equal(packet.kind, PACKET_OTHER);
        assert_null(packet.payload);
        assert_int_equal(packet.src_ip, 0x0A000032);
    }
}

static void test_malformed_ipv4(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
    } bad[] = {
        {14, 0x65}, /* version 6 */
        {14, 0x44}, /* header of 16 bytes */
        {14, 0x48}, /* header of 32 bytes, beyond the total length */
        {17, 0x20}, /* total length beyond the frame */
        {17, 0x13}, /* total length below the header's */
        {39, 0x07}, /* UDP length below its header's */
        {39, 0x0C}, /* UDP length beyond the packet */
        {43, 'x'},  /* UDP checksum */
    };
    uint8_t frame[128] = {0}; /* room for the longest header that is claimed */

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        memcpy(frame, udp_frame, sizeof(udp_frame));
        frame[bad[i].at] = bad[i].value;
        mend_ip_checksum(frame);
        refused(frame, sizeof(udp_frame));
    }
    memcpy(frame, udp_frame, sizeof(udp_frame));
    frame[39] = 7; /* a UDP length below its header's, with no checksum to fail */
    frame[40] = frame[41] = 0;
    refused(frame, sizeof(udp_frame));
    memcpy(frame, udp_frame, sizeof(udp_frame));
    frame[23] = 132; /* a short header before a protocol that is not looked into */
    for (uint8_t words = 0; words < 5; words++) {
        frame[14] = 0x40 | words;
        mend_ip_checksum(frame);
        refused(frame, sizeof(udp_frame));
    }
    memcpy(frame, udp_frame, sizeof(udp_frame));
    frame[22]--; /* without a right header checksum */
    refused(frame, sizeof(udp_frame));
}

static void test_udp_without_checksum(void **state)
{
    struct packet packet;
    uint8_t frame[sizeof(udp_frame)];

    (void)state;
    memcpy(frame, udp_frame, sizeof(frame));
    frame[40] = frame[41] = 0;
    assert_true(parse_copy(frame, sizeof(frame), &packet));
    assert_int_equal(packet.payload_len, 3);
}

static void test_truncated(void **state)
{
    (void)state;
    for (size_t len = 0; len < sizeof(udp_frame); len++)
        refused(udp_frame, len);
    for (size_t len = 0; len < sizeof(arp_frame); len++)
        refused(arp_frame, len);
    for (size_t len = 0; len < sizeof(tcp_frame); len++)
        refused(tcp_frame, len);
}

static void test_random_frames(void **state)
{
    static const uint8_t *const seed[] = {udp_frame, arp_frame, tcp_frame};
    static const size_t seed_len[] = {sizeof(udp_frame), sizeof(arp_frame), sizeof(tcp_frame)};
    uint8_t frame[128];
    struct packet packet;
    struct rng rng;
    int good = 0;

    (void)state;
    rng_seed(&rng, 1, "test");
    for (int i = 0; i < 50000; i++) {
        uint32_t which = rng_below(&rng, 3);

        rng_fill(&rng, frame, sizeof(frame));
        if (i % 4) {
            memcpy(frame, seed[which], seed_len[which]);
            for (uint32_t k = rng_below(&rng, 4); k > 0; k--)
                frame[12 + rng_below(&rng, 50)] = (uint8_t)rng_next(&rng);
            if (which != 1)
                mend_ip_checksum(frame);
        }
        good += parse_copy(frame, rng_below(&rng, sizeof(frame) + 1), &packet);
    }
    assert_in_range(good, 5000, 45000);
}

static const uint8_t request_options[] = {99, 130, 83, 99, 53, 1, 3, 0,  50, 4,  10,
                                          0,  0,   50, 51, 4,  0, 0, 14, 16, 54, 4,
                                          10, 0,   0,  1,  55, 4, 1, 3,  6,  15, 255};

static size_t make_request(uint8_t out[300])
{
    memset(out, 0, 300);
    out[0] = 1;
    out[1] = 1;
    out[2] = 6;
    memcpy(out + 4, "\x12\x34\x56\x78", 4);
    out[10] = 0x80;
    memcpy(out + 12, "\x0A\x00\x00\x09", 4);
    memcpy(out + 16, "\x0A\x00\x00\x08", 4);
    memcpy(out + 24, "\x0A\x00\x00\x07", 4);
    memcpy(out + 28, client_mac, 6);
    memcpy(out + 236, request_options, sizeof(request_options));
    return 236 + sizeof(request_options);
}

static bool dhcp_parse_copy(const uint8_t *data, size_t len, struct dhcp_message *out)
{
    uint8_t *copy = malloc(len ? len : 1);

    assert_non_null(copy);
    if (len)
        memcpy(copy, data, len);

    bool good = dhcp_parse(len ? copy : copy + 1, len, out);

    for (int option = 0; good && option < 256; option++)
        (void)dhcp_asks_for(out, (uint8_t)option);
    free(copy);
    return good;
}

static void test_dhcp_parse(void **state)
{
    uint8_t data[300];
    size_t len = make_request(data);
    struct dhcp_message message;

    (void)state;
    assert_true(dhcp_parse(data, len, &message));
    assert_int_equal(message.op, 1);
    assert_int_equal(message.type, DHCP_REQUEST);
    assert_int_equal(message.xid, 0x12345678);
    assert_true(message.broadcast);
    assert_int_equal(message.ciaddr, 0x0A000009);
    assert_int_equal(message.yiaddr, 0x0A000008);
    assert_int_equal(message.giaddr, 0x0A000007);
    assert_memory_equal(message.mac, client_mac, 6);
    assert_int_equal(message.requested_ip, 0x0A000032);
    assert_int_equal(message.lease_s, 3600);
    assert_int_equal(message.server_ip, 0x0A000001);
    assert_true(dhcp_asks_for(&message, 15));
    assert_false(dhcp_asks_for(&message, 28));
    for (size_t shorter = 0; shorter < len; shorter++)
        assert_false(dhcp_parse_copy(data, shorter, &message));
}

static void test_dhcp_malformed(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
    } bad[] = {
        {1, 6},     /* not Ethernet */
        {2, 16},    /* length of the address */
        {239, 0},   /* magic cookie */
        {241, 0},   /* option 53 without a value */
        {240, 60},  /* no option 53 */
        {242, 0},   /* option 53 of type 0 */
        {240, 54},  /* option 54 of one byte, and no 53 */
        {245, 3},   /* option 50 of three bytes */
        {263, 200}, /* option 55 beyond the message */
    };
    uint8_t data[300];
    struct dhcp_message message;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        size_t len = make_request(data);

        data[bad[i].at] = bad[i].value;
        assert_false(dhcp_parse_copy(data, len, &message));
    }
}

static void test_dhcp_random(void **state)
{
    uint8_t data[300];
    struct dhcp_message message;
    struct rng rng;
    int good = 0;

    (void)state;
    rng_seed(&rng, 2, "test");
    for (int i = 0; i < 50000; i++) {
        size_t len = make_request(data);

        for (uint32_t k = rng_below(&rng, 4); k > 0; k--)
            data[236 + rng_below(&rng, 33)] = (uint8_t)rng_next(&rng);
        good += dhcp_parse_copy(data, len - rng_below(&rng, 3), &message);
    }
    assert_in_range(good, 2000, 45000);
}

static void test_dhcp_build(void **state)
{
    static const uint8_t options[] = {99, 130, 83, 99, 53, 1,   2,   54,  4,  10,
                                      0,  0,   1,  15, 3,  'a', '.', 'b', 255};
    struct dhcp_message head = {.op = DHCP_FROM_SERVER,
                                .type = DHCP_OFFER,
                                .xid = 0x12345678,
                                .broadcast = true,
                                .yiaddr = 0x0A000032};
    uint8_t expected[300] = {2, 1, 6, 0, 0x12, 0x34, 0x56, 0x78, 0, 0, 0x80, 0};
    uint8_t out[DHCP_BYTES];

    (void)state;
    memcpy(head.mac, client_mac, 6);
    memcpy(expected + 16, "\x0A\x00\x00\x32", 4);
    memcpy(expected + 28, client_mac, 6);
    memcpy(expected + 236, options, sizeof(options));

    size_t len = dhcp_begin(out, &head);

    len = dhcp_option_u32(out, len, 54, 0x0A000001);
    len = dhcp_option(out, len, 15, "a.b", 3);
    assert_int_equal(dhcp_end(out, len), 300);
    assert_memory_equal(out, expected, sizeof(expected));
}

static void test_dhcp_build_limit(void **state)
{
    const struct dhcp_message head = {.op = 1, .type = 1};
    uint8_t value[255] = {0};
    uint8_t out[DHCP_BYTES];
    size_t len = dhcp_begin(out, &head);

    (void)state;
    assert_int_equal(len, 243);
    len = dhcp_option(out, len, 15, value, 255);
    assert_int_equal(len, 500);
    assert_int_equal(dhcp_option(out, len, 15, value, 46), 500); /* no room for the end */
    len = dhcp_option(out, len, 15, value, 45);
    assert_int_equal(len, 547);
    assert_int_equal(dhcp_end(out, len), DHCP_BYTES);
    assert_int_equal(out[547], 255);
}

static void test_ip_text(void **state)
{
    char text[16];

    (void)state;
    ip_text(0x0A000005, text);
    assert_string_equal(text, "10.0.0.5");
    ip_text(0xFFFFFFFF, text);
    assert_string_equal(text, "255.255.255.255");
    ip_text(0x0064C809, text);
    assert_string_equal(text, "0.100.200.9");
}

static void test_ip_parse(void **state)
{
    static const char *const bad[] = {
        "",          "10",        "10.0.0",   "10.0.0.",          "10.0.0.5.",
        "10.0.0.5 ", " 10.0.0.5", "10..0.5",  "256.0.0.1",        "1.2.3.256",
        "01.2.3.4",  "1.2.3.00",  "1.2.3.-4", "1.2.3.0004",       "1.2.3.4a",
        "0x1.2.3.4", "1,2,3,4",   "+1.2.3.4", "4294967297.0.0.1",
    };
    uint32_t ip = 1;

    (void)state;
    assert_true(ip_parse("10.0.0.5", &ip));
    assert_int_equal(ip, 0x0A000005);
    assert_true(ip_parse("0.0.0.0", &ip));
    assert_int_equal(ip, 0);
    assert_true(ip_parse("255.100.10.255", &ip));
    assert_int_equal(ip, 0xFF640AFF);
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(ip_parse(bad[i], &ip));
    assert_int_equal(ip, 0xFF640AFF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_build_udp),
        cmocka_unit_test(test_udp_checksum_is_never_zero),
        cmocka_unit_test(test_udp_limits),
        cmocka_unit_test(test_build_arp_reply),
        cmocka_unit_test(test_arp_answer),
        cmocka_unit_test(test_parse_udp),
        cmocka_unit_test(test_kinds_by_port),
        cmocka_unit_test(test_parse_arp),
        cmocka_unit_test(test_parse_tcp),
        cmocka_unit_test(test_parse_icmp_and_others),
        cmocka_unit_test(test_fragments_are_other),
        cmocka_unit_test(test_malformed_ipv4),
        cmocka_unit_test(test_udp_without_checksum),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_random_frames),
        cmocka_unit_test(test_dhcp_parse),
        cmocka_unit_test(test_dhcp_malformed),
        cmocka_unit_test(test_dhcp_random),
        cmocka_unit_test(test_dhcp_build),
        cmocka_unit_test(test_dhcp_build_limit),
        cmocka_unit_test(test_ip_text),
        cmocka_unit_test(test_ip_parse),
    };

    return cmocka_run_group_tests_name("packet", tests, NULL, NULL);
}
