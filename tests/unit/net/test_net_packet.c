// SPDX-License-Identifier: BSD-3-Clause
// links: fw/net/packet.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/net/packet.h"

static void ipv4(uint8_t frame[64])
{
    memset(frame, 0, 64);
    frame[12] = 0x08;
    frame[14] = 0x45;
    frame[PACKET_PROTO_AT] = PACKET_UDP;
}

static void the_transport_header_follows_the_options(void **state)
{
    uint8_t frame[64];

    (void)state;
    ipv4(frame);
    assert_ptr_equal(packet_transport(frame, 64), frame + 34);
    assert_ptr_equal(packet_transport(frame, 42), frame + 34); /* its first 8 bytes */
    assert_null(packet_transport(frame, 41));
    frame[14] = 0x47;
    assert_ptr_equal(packet_transport(frame, 50), frame + 42);
    assert_null(packet_transport(frame, 49));
}

static void anything_else_has_none(void **state)
{
    uint8_t frame[64];

    (void)state;
    for (size_t len = 0; len < 34; len++) {
        ipv4(frame);
        assert_null(packet_transport(frame, len));
    }
    frame[13] = 0x06; /* ARP */
    assert_null(packet_transport(frame, 64));
    ipv4(frame);
    frame[14] = 0x65; /* version 6 */
    assert_null(packet_transport(frame, 64));
    frame[14] = 0x44; /* a header of 16 bytes */
    assert_null(packet_transport(frame, 64));
    ipv4(frame);
    frame[20] = 0x20; /* more fragments */
    assert_null(packet_transport(frame, 64));
    frame[20] = 0x00;
    frame[21] = 0x01; /* a later one */
    assert_null(packet_transport(frame, 64));
    frame[20] = 0x40; /* "do not fragment" says nothing against it */
    frame[21] = 0x00;
    assert_non_null(packet_transport(frame, 64));
}

static void bytes_in_both_orders(void **state)
{
    static const uint8_t bytes[] = {0xFF, 0x01, 0x82, 0x03, 0x84}; /* from an odd place */
    uint8_t out[6];

    (void)state;
    assert_int_equal(get_le16(bytes + 1), 0x8201);
    assert_int_equal(get_be16(bytes + 1), 0x0182);
    assert_int_equal(get_le32(bytes + 1), 0x84038201u);
    assert_int_equal(get_be32(bytes + 1), 0x01820384u);
    memset(out, 0xCC, sizeof(out));
    put_le32(out + 1, 0x84038201u);
    assert_memory_equal(out, "\xCC\x01\x82\x03\x84\xCC", 6);
    put_le16(out + 1, 0x1234);
    assert_memory_equal(out, "\xCC\x34\x12\x03\x84\xCC", 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_transport_header_follows_the_options),
        cmocka_unit_test(anything_else_has_none),
        cmocka_unit_test(bytes_in_both_orders),
    };

    return cmocka_run_group_tests_name("net_packet", tests, NULL, NULL);
}
