// SPDX-License-Identifier: BSD-3-Clause
// links: fw/net/ip_filter.c fw/net/packet.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/net/ip_filter.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define TCP 6
#define UDP 17
#define ICMP 1
#define IP_AT 14
#define L4_AT 34

static const uint8_t me_mac[6] = {0x02, 0xa3, 0x7e, 0, 0, 1};
static const uint8_t me_ip[4] = {10, 0, 0, 50}, other_ip[4] = {10, 0, 0, 1};

struct frame {
    uint8_t bytes[128];
    size_t len;
};

static void put16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static struct frame ethernet(unsigned type, size_t len)
{
    struct frame f = {.len = len};

    memset(f.bytes, 0xFF, 6);
    memcpy(f.bytes + 6, me_mac, 6);
    put16(f.bytes + 12, type);
    return f;
}

static struct frame arp(unsigned op, const uint8_t sender[4], const uint8_t target[4])
{
    static const uint8_t head[] = {0, 1, 8, 0, 6, 4};
    struct frame f = ethernet(0x0806, 42);

    memcpy(f.bytes + 14, head, sizeof(head));
    put16(f.bytes + 20, op);
    memcpy(f.bytes + 22, me_mac, 6);
    memcpy(f.bytes + 28, sender, 4);
    memcpy(f.bytes + 38, target, 4);
    return f;
}

/* `words` is the IPv4 header's length: 5 without options. */
static struct frame ipv4_words(unsigned proto, unsigned from, unsigned to, size_t words)
{
    size_t header = 4 * words;
    struct frame f = ethernet(0x0800, 14 + header + 20);

    f.bytes[IP_AT] = (uint8_t)(0x40 | words);
    put16(f.bytes + IP_AT + 2, (unsigned)header + 20);
    f.bytes[IP_AT + 8] = 64;
    f.bytes[IP_AT + 9] = (uint8_t)proto;
    memcpy(f.bytes + IP_AT + 12, other_ip, 4);
    memcpy(f.bytes + IP_AT + 16, me_ip, 4);
    put16(f.bytes + 14 + header, from);
    put16(f.bytes + 14 + header + 2, to);
    return f;
}

static struct frame ipv4(unsigned proto, unsigned from, unsigned to)
{
    return ipv4_words(proto, from, to, 5);
}

static bool sends(struct frame f)
{
    return ip_filter_shared_may_send(f.bytes, f.len);
}

static bool receives(struct frame f)
{
    return ip_filter_shared_may_receive(f.bytes, f.len);
}

/* The host answers for the address, and announces it. */
static void arp_leaves_only_as_a_question_for_another(void **state)
{
    static const uint8_t near_ip[4] = {11, 0, 0, 50}, near_ip4[4] = {10, 0, 0, 51};
    static const uint8_t none[4];

    (void)state;
    assert_true(sends(arp(1, me_ip, other_ip)));
    assert_true(sends(arp(1, me_ip, near_ip)));
    assert_true(sends(arp(1, me_ip, near_ip4)));
    assert_false(sends(arp(1, me_ip, me_ip))); /* gratuitous */
    assert_true(sends(arp(1, none, other_ip)));
    for (unsigned op = 0; op < 0x10000; op++)
        if (op != 1)
            assert_false(sends(arp(op, me_ip, other_ip)));
}

static void arp_comes_in(void **state)
{
    (void)state;
    assert_true(receives(arp(2, other_ip, me_ip)));
}

static void tcp_leaves(void **state)
{
    (void)state;
    assert_true(sends(ipv4(TCP, 16994, 9971)));
    assert_true(sends(ipv4_words(TCP, 16994, 9971, 6)));
    assert_true(sends(ipv4_words(TCP, 16994, 9971, 15)));
}

static void of_udp_only_dns_leaves(void **state)
{
    (void)state;
    assert_true(sends(ipv4(UDP, 50000, 53)));
    assert_true(sends(ipv4_words(UDP, 50000, 53, 7)));
    for (unsigned port = 0; port < 0x10000; port++)
        if (port != 53)
            assert_false(sends(ipv4(UDP, 50000, port)));
    assert_false(sends(ipv4(UDP, 53, 50000)));
    assert_false(sends(ipv4(UDP, 68, 67)));
}

static void nothing_else_leaves(void **state)
{
    (void)state;
    for (unsigned proto = 0; proto < 256; proto++)
        if (proto != TCP && proto != UDP)
            assert_false(sends(ipv4(proto, 16994, 53)));
    for (unsigned type = 0; type < 0x10000; type++) {
        struct frame f = ipv4(TCP, 16994, 9971);

        if (type == 0x0800 || type == 0x0806)
            continue;
        put16(f.bytes + 12, type);
        assert_false(sends(f));
        assert_false(receives(f));
    }
}

/* 16992 to 16995 are the ME's. */
static void tcp_comes_in_to_the_me_ports_alone(void **state)
{
    (void)state;
    for (unsigned port = 0; port < 0x10000; port++)
        assert_int_equal(receives(ipv4(TCP, 9971, port)), port >= 16992 && port <= 16995);
    assert_false(receives(ipv4(TCP, 16994, 9971)));
    assert_true(receives(ipv4_words(TCP, 9971, 16994, 8)));
    assert_false(receives(ipv4_words(TCP, 9971, 16991, 8)));
}

static void udp_comes_in_from_dns_alone(void **state)
{
    (void)state;
    for (unsigned port = 0; port < 0x10000; port++)
        assert_int_equal(receives(ipv4(UDP, port, 50000)), port == 53);
    assert_false(receives(ipv4(UDP, 50000, 53)));
    assert_false(receives(ipv4(UDP, 67, 68))); /* the host's lease is witnessed, not received */
    assert_true(receives(ipv4_words(UDP, 53, 50000, 9)));
}

static void nothing_else_comes_in(void **state)
{
    (void)state;
    for (unsigned proto = 0; proto < 256; proto++)
        if (proto != TCP && proto != UDP)
            assert_false(receives(ipv4(proto, 53, 16994)));
}

static void fragments_pass_neither_way(void **state)
{
    static const unsigned fragment[] = {0x2000, 0x0001, 0x1FFF, 0x3FFF, 0x2001};

    (void)state;
    for (size_t i = 0; i < COUNT(fragment); i++) {
        struct frame out = ipv4(TCP, 16994, 9971), in = ipv4(TCP, 9971, 16994);

        put16(out.bytes + IP_AT + 6, fragment[i]);
        put16(in.bytes + IP_AT + 6, fragment[i]);
        assert_false(sends(out));
        assert_false(receives(in));
    }
    struct frame whole = ipv4(TCP, 9971, 16994);

    put16(whole.bytes + IP_AT + 6, 0x4000); /* don't fragment */
    assert_true(receives(whole));
    assert_true(sends(whole));
}

static void other_headers_pass_neither_way(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        struct frame f = ipv4(TCP, 16994, 16994);
        bool good = byte == 0x45;

        if (byte >> 4 == 4 && (byte & 15) > 5)
            continue; /* the ports are elsewhere */
        f.bytes[IP_AT] = (uint8_t)byte;
        assert_int_equal(sends(f), good);
        assert_int_equal(receives(f), good);
    }
}

/* Every prefix of a frame in a block of exactly its size, so that reading on is seen. */
static void expect_whole(struct frame f, size_t enough_out, size_t enough_in)
{
    for (size_t len = 0; len <= f.len; len++) {
        uint8_t *cut = malloc(len ? len : 1);

        assert_non_null(cut);
        memcpy(cut, f.bytes, len);
        assert_int_equal(ip_filter_shared_may_send(cut, len), len >= enough_out);
        assert_int_equal(ip_filter_shared_may_receive(cut, len), len >= enough_in);
        free(cut);
    }
}

static void truncated_frames(void **state)
{
    const size_t never = 1000;

    (void)state;
    expect_whole(ipv4(TCP, 16994, 16994), L4_AT + 8, L4_AT + 8);
    expect_whole(ipv4(UDP, 53, 53), L4_AT + 8, L4_AT + 8);
    expect_whole(ipv4_words(TCP, 16994, 16994, 15), 14 + 60 + 8, 14 + 60 + 8);
    expect_whole(ipv4(ICMP, 8, 0), never, never);
    /* What lwIP is handed it checks itself. */
    expect_whole(arp(1, me_ip, other_ip), 42, 14);
    expect_whole(arp(2, me_ip, other_ip), never, 14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arp_leaves_only_as_a_question_for_another),
        cmocka_unit_test(arp_comes_in),
        cmocka_unit_test(tcp_leaves),
        cmocka_unit_test(of_udp_only_dns_leaves),
        cmocka_unit_test(nothing_else_leaves),
        cmocka_unit_test(tcp_comes_in_to_the_me_ports_alone),
        cmocka_unit_test(udp_comes_in_from_dns_alone),
        cmocka_unit_test(nothing_else_comes_in),
        cmocka_unit_test(fragments_pass_neither_way),
        cmocka_unit_test(other_headers_pass_neither_way),
        cmocka_unit_test(truncated_frames),
    };

    return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
