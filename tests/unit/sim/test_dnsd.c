// SPDX-License-Identifier: BSD-3-Clause
// links: sim/net/dnsd.c sim/net/packet.c sim/net/lan.c sim/base/clock.c sim/base/rng.c
// The DNS server (sim/net/dnsd.h), after RFC 1035.

#include "tests/fixtures/segment.h"

#include <stdio.h>

#include "sim/net/dnsd.h"
#include "sim/net/packet.h"

#define SERVER 0x0A000002u
#define CLIENT 0x0A000032u
#define CLIENT_PORT 49152

static const uint8_t client_mac[6] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55};
static const uint8_t server_mac[6] = {0x02, 0x00, 0x0A, 0x00, 0x00, 0x02};

/* A query: header (id 0xBEEF, RD, one question), then a name's wire form as a string literal, whose
 * own NUL is the root label, then type and class. */
#define HEAD "\xBE\xEF\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
#define A_IN "\x00\x00\x01\x00\x01"
#define AAAA_IN "\x00\x00\x1C\x00\x01"
#define CNAME_IN "\x00\x00\x05\x00\x01"
#define PROVISION                                                                                  \
    "\x0FProvisionServer\x04"                                                                      \
    "corp\x07"                                                                                     \
    "example"

static struct dnsd dnsd;

static int set_up(void **state)
{
    static struct segment segment;

    segment_begin(&segment, LAN_ME);
    dnsd_init(&dnsd, &segment.lan, SERVER);
    *state = &segment;
    return 0;
}

static bool query(struct segment *segment, const void *data, size_t len)
{
    uint8_t frame[LAN_FRAME];

    len = packet_udp(frame, sizeof(frame), server_mac, client_mac, CLIENT, CLIENT_PORT, SERVER, 53,
                     data, len);
    return segment_send(segment, frame, len);
}

static struct packet reply(struct segment *segment)
{
    struct packet packet;

    assert_true(packet_parse(segment->frame, segment->len, &packet));
    assert_int_equal(packet.kind, PACKET_DNS);
    assert_memory_equal(packet.src_mac, server_mac, 6);
    assert_memory_equal(packet.dst_mac, client_mac, 6);
    assert_int_equal(packet.src_ip, SERVER);
    assert_int_equal(packet.dst_ip, CLIENT);
    assert_int_equal(packet.src_port, 53);
    assert_int_equal(packet.dst_port, CLIENT_PORT);
    return packet;
}

static void check_answer(struct segment *segment, const void *question, size_t question_len,
                         const void *expected, size_t expected_len)
{
    assert_true(query(segment, question, question_len));

    struct packet packet = reply(segment);

    assert_int_equal(packet.payload_len, expected_len);
    assert_memory_equal(packet.payload, expected, expected_len);
}

/* Both are string literals; the NUL that C adds does not count. */
#define CHECK_ANSWER(segment, question, expected)                                                  \
    check_answer(segment, question, sizeof(question) - 1, expected, sizeof(expected) - 1)

static char *numbered(char out[32], int number)
{
    snprintf(out, 32, "n%d.corp.example", number);
    return out;
}

static void test_a(void **state)
{
    struct segment *segment = *state;

    dnsd.ttl_s = 0x00010203;
    assert_true(dnsd_set_a(&dnsd, "provisionserver.corp.example", 0x0A000005));
    CHECK_ANSWER(segment, HEAD PROVISION A_IN,
                 "\xBE\xEF\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00" PROVISION A_IN
                 "\xC0\x0C\x00\x01\x00\x01\x00\x01\x02\x03\x00\x04\x0A\x00\x00\x05");
}

/* In the order in which they were given; they go with the record. */
static void test_several_addresses(void **state)
{
    struct segment *segment = *state;

    assert_false(dnsd_add_a(&dnsd, "provisionserver.corp.example", 0x0A000005));
    assert_true(dnsd_set_a(&dnsd, "provisionserver.corp.example", 0x0A000006));
    assert_true(dnsd_add_a(&dnsd, "provisionserver.corp.example", 0x0A000005));
    CHECK_ANSWER(segment, HEAD PROVISION A_IN,
                 "\xBE\xEF\x81\x80\x00\x01\x00\x02\x00\x00\x00\x00" PROVISION A_IN
                 "\xC0\x0C\x00\x01\x00\x01\x00\x00\x01\x2C\x00\x04\x0A\x00\x00\x06"
                 "\xC0\x0C\x00\x01\x00\x01\x00\x00\x01\x2C\x00\x04\x0A\x00\x00\x05");
    assert_true(dnsd_add_a(&dnsd, "provisionserver.corp.example", 0x0A000007));
    assert_true(dnsd_add_a(&dnsd, "provisionserver.corp.example", 0x0A000008));
    assert_false(dnsd_add_a(&dnsd, "provisionserver.corp.example", 0x0A000009));
    assert_true(dnsd_set_a(&dnsd, "provisionserver.corp.example", 0x0A000005));
    CHECK_ANSWER(segment, HEAD PROVISION A_IN,
                 "\xBE\xEF\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00" PROVISION A_IN
                 "\xC0\x0C\x00\x01\x00\x01\x00\x00\x01\x2C\x00\x04\x0A\x00\x00\x05");
}

static void test_case_is_echoed(void **state)
{
    struct segment *segment = *state;

    assert_true(dnsd_set_a(&dnsd, "ProvisionServer", 0x0A000005));
    CHECK_ANSWER(segment, HEAD "\x0FpROVISIONsERVER" A_IN,
                 "\xBE\xEF\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x0FpROVISIONsERVER" A_IN
                 "\xC0\x0C\x00\x01\x00\x01\x00\x00\x01\x2C\x00\x04\x0A\x00\x00\x05");
}

static void test_unknown_name(void **state)
{
    struct segment *segment = *state;

    assert_true(dnsd_set_a(&dnsd, "corp.example", 0x0A000005));
    CHECK_ANSWER(segment, HEAD PROVISION A_IN,
                 "\xBE\xEF\x81\x83\x00\x01\x00\x00\x00\x00\x00\x00" PROVISION A_IN);
    /* a dot inside a label is no separator */
    CHECK_ANSWER(segment,
                 HEAD "\x0C"
                      "corp.example" A_IN,
                 "\xBE\xEF\x81\x83\x00\x01\x00\x00\x00\x00\x00\x00\x0C"
                 "corp.example" A_IN);
    /* the root */
    CHECK_ANSWER(segment, HEAD A_IN, "\xBE\xEF\x81\x83\x00\x01\x00\x00\x00\x00\x00\x00" A_IN);
}

static void test_recursion_desired_is_copied(void **state)
{
    struct segment *segment = *state;

    CHECK_ANSWER(segment, "\xBE\xEF\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00" PROVISION A_IN,
                 "\xBE\xEF\x80\x83\x00\x01\x00\x00\x00\x00\x00\x00" PROVISION A_IN);
}

static void test_other_types_have_no_data(void **state)
{
    struct segment *segment = *state;

    assert_true(dnsd_set_a(&dnsd, "provisionserver.corp.example", 0x0A000005));
    CHECK_ANSWER(segment, HEAD PROVISION AAAA_IN,
                 "\xBE\xEF\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00" PROVISION AAAA_IN);
    CHECK_ANSWER(segment, HEAD PROVISION CNAME_IN,
                 "\xBE\xEF\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00" PROVISION CNAME_IN);
    assert_true(dnsd_set_cname(&dnsd, "provisionserver.corp.example", "sca.corp.example"));
    CHECK_ANSWER(segment, HEAD PROVISION AAAA_IN,
                 "\xBE\xEF\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00" PROVISION AAAA_IN);
    assert_true(dnsd_remove(&dnsd, "provisionserver.corp.example"));
    CHECK_ANSWER(segment, HEAD PROVISION AAAA_IN,
                 "\xBE\xEF\x81\x83\x00\x01\x00\x00\x00\x00\x00\x00" PROVISION AAAA_IN);
}

/* The question takes 12 + 30 + 4 bytes, so the first target stands at 46 + 12 = 0x3A, the second
 * at 0x3A + 18 + 12 = 0x58. */
static void test_cname_chain(void **state)
{
    struct segment *segment = *state;

    assert_true(dnsd_set_a(&dnsd, "a.b", 0x0A000005));
    assert_true(dnsd_set_cname(&dnsd, "sca.CORP.example", "A.B"));
    assert_true(dnsd_set_cname(&dnsd, "provisionserver.corp.example", "sca.corp.example"));
    CHECK_ANSWER(segment, HEAD PROVISION A_IN,
                 "\xBE\xEF\x81\x80\x00\x01\x00\x03\x00\x00\x00\x00" PROVISION A_IN
                 "\xC0\x0C\x00\x05\x00\x01\x00\x00\x01\x2C\x00\x12"
                 "\x03sca\x04"
                 "corp\x07"
                 "example\x00"
                 "\xC0\x3A\x00\x05\x00\x01\x00\x00\x01\x2C\x00\x05\x01"
                 "A\x01"
                 "B\x00"
                 "\xC0\x58\x00\x01\x00\x01\x00\x00\x01\x2C\x00\x04\x0A\x00\x00\x05");
    CHECK_ANSWER(segment, HEAD PROVISION CNAME_IN,
                 "\xBE\xEF\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00" PROVISION CNAME_IN
                 "\xC0\x0C\x00\x05\x00\x01\x00\x00\x01\x2C\x00\x12"
                 "\x03sca\x04"
                 "corp\x07"
                 "example\x00");
}

static void test_cname_to_nowhere(void **state)
{
    struct segment *segment = *state;

    assert_true(dnsd_set_cname(&dnsd, "provisionserver.corp.example", "a.b"));
    CHECK_ANSWER(segment, HEAD PROVISION A_IN,
                 "\xBE\xEF\x81\x83\x00\x01\x00\x01\x00\x00\x00\x00" PROVISION A_IN
                 "\xC0\x0C\x00\x05\x00\x01\x00\x00\x01\x2C\x00\x05\x01"
                 "a\x01"
                 "b\x00");
}

static void test_cname_loop(void **state)
{
    struct segment *segment = *state;

    assert_true(dnsd_set_cname(&dnsd, "provisionserver.corp.example", "a.b"));
    assert_true(dnsd_set_cname(&dnsd, "a.b", "ProvisionServer.corp.example"));
    CHECK_ANSWER(segment, HEAD PROVISION A_IN,
                 "\xBE\xEF\x81\x82\x00\x01\x00\x00\x00\x00\x00\x00" PROVISION A_IN);
    assert_true(dnsd_set_cname(&dnsd, "a.b", "a.b"));
    CHECK_ANSWER(segment,
                 HEAD "\x01"
                      "a\x01"
                      "b" A_IN,
                 "\xBE\xEF\x81\x82\x00\x01\x00\x00\x00\x00\x00\x00\x01"
                 "a\x01"
                 "b" A_IN);
}

static void test_eight_cnames_and_no_more(void **state)
{
    struct segment *segment = *state;
    char name[32], target[32];

    for (int i = 1; i <= 8; i++)
        assert_true(dnsd_set_cname(&dnsd, numbered(name, i), numbered(target, i + 1)));
    assert_true(dnsd_set_a(&dnsd, numbered(name, 9), 0x0A000005));
    assert_true(dnsd_set_cname(&dnsd, numbered(name, 0), numbered(target, 1)));
    assert_true(query(segment,
                      HEAD "\x02n1\x04"
                           "corp\x07"
                           "example" A_IN,
                      12 + 21));
    /* 33 bytes of header and question, eight CNAMEs of 12 + 17, one A of 16 */
    assert_int_equal(reply(segment).payload_len, 33 + 8 * 29 + 16);
    assert_memory_equal(reply(segment).payload + 2, "\x81\x80\x00\x01\x00\x09", 6);
    CHECK_ANSWER(segment,
                 HEAD "\x02n0\x04"
                      "corp\x07"
                      "example" A_IN,
                 "\xBE\xEF\x81\x82\x00\x01\x00\x00\x00\x00\x00\x00"
                 "\x02n0\x04"
                 "corp\x07"
                 "example" A_IN);
}

static void long_name(char out[254], char first)
{
    memset(out, 'x', 253);
    out[0] = first;
    out[63] = out[127] = out[191] = '.';
    out[253] = '\0';
}

/* Names of 253 characters: a question of 12 + 255 + 4 bytes and one CNAME of 12 + 255 do not fit in
 * 512 bytes. */
static void test_truncated(void **state)
{
    struct segment *segment = *state;
    uint8_t question[12 + 255 + 4] = HEAD;
    char name[254], target[254];

    long_name(name, 'a');
    long_name(target, 'b');
    assert_true(dnsd_set_cname(&dnsd, name, target));
    assert_true(dnsd_set_a(&dnsd, target, 1));
    for (int i = 0; i < 4; i++) {
        question[12 + 64 * i] = i < 3 ? 63 : 61;
        memcpy(question + 13 + 64 * i, name + 64 * i, i < 3 ? 63 : 61);
    }
    memcpy(question + 12 + 254, A_IN, 5);
    assert_true(query(segment, question, sizeof(question)));
    assert_int_equal(reply(segment).payload_len, sizeof(question));
    assert_memory_equal(reply(segment).payload, "\xBE\xEF\x83\x80\x00\x01\x00\x00", 8);
    question[13] = 'b';
    assert_true(query(segment, question, sizeof(question)));
    assert_int_equal(reply(segment).payload_len, sizeof(question) + 16);
    assert_memory_equal(reply(segment).payload, "\xBE\xEF\x81\x80\x00\x01\x00\x01", 8);
}

static void test_replace_and_remove(void **state)
{
    (void)state;
    assert_true(dnsd_set_a(&dnsd, "a.example", 1));
    assert_true(dnsd_set_a(&dnsd, "b.example", 2));
    assert_true(dnsd_set_cname(&dnsd, "A.example", "b.example"));
    assert_int_equal(dnsd.records, 2);
    assert_true(dnsd.record[0].is_cname);
    assert_true(dnsd_set_a(&dnsd, "a.EXAMPLE", 3));
    assert_int_equal(dnsd.records, 2);
    assert_false(dnsd.record[0].is_cname);
    assert_int_equal(dnsd.record[0].ip[0], 3);
    assert_false(dnsd_remove(&dnsd, "c.example"));
    assert_false(dnsd_remove(&dnsd, "a.exampl"));
    assert_true(dnsd_remove(&dnsd, "A.EXAMPLE"));
    assert_false(dnsd_remove(&dnsd, "a.example"));
    assert_int_equal(dnsd.records, 1);
    assert_string_equal(dnsd.record[0].name, "b.example");
}

static void test_table_full(void **state)
{
    char name[32];

    (void)state;
    for (int i = 0; i < DNSD_RECORDS; i++)
        assert_true(dnsd_set_a(&dnsd, numbered(name, i), 1));
    assert_false(dnsd_set_a(&dnsd, "other", 1));
    assert_false(dnsd_set_cname(&dnsd, "other", "n0"));
    assert_true(dnsd_set_a(&dnsd, numbered(name, 5), 2));
    assert_int_equal(dnsd.records, DNSD_RECORDS);
}

static void test_legal_names(void **state)
{
    static const char *const bad[] = {
        "",    ".",     ".a",
        "a.",  "a..b",  "a b",
        "a/b", "a*",    "\xC3\xA4",
        "a,b", "a.b\n", "x123456789012345678901234567890123456789012345678901234567890123.example"};
    char name[255];

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(dnsd_set_a(&dnsd, bad[i], 1));
        assert_false(dnsd_set_cname(&dnsd, "a", bad[i]));
        assert_false(dnsd_set_cname(&dnsd, bad[i], "a"));
    }
    assert_int_equal(dnsd.records, 0);
    assert_true(dnsd_set_a(&dnsd, "a", 1));
    assert_true(dnsd_set_a(&dnsd, "_sip.Host-1.example", 1));
    assert_true(dnsd_set_a(
        &dnsd, "x12345678901234567890123456789012345678901234567890123456789012.example", 1));
    long_name(name, 'a');
    assert_true(dnsd_set_a(&dnsd, name, 1));
    strcat(name, "x"); /* 254 characters, although no label is too long */
    assert_false(dnsd_set_a(&dnsd, name, 1));
    assert_int_equal(dnsd.records, 4);
}

static void test_refused_questions(void **state)
{
    struct segment *segment = *state;

    /* a pointer, a label of 64, no end, two questions, none, an answer in it, a byte too much */
    CHECK_ANSWER(segment, HEAD "\xC0\x0C\x00\x01\x00\x01",
                 "\xBE\xEF\x81\x81\x00\x00\x00\x00\x00\x00\x00\x00");
    CHECK_ANSWER(segment,
                 HEAD "\x40"
                      "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd" A_IN,
                 "\xBE\xEF\x81\x81\x00\x00\x00\x00\x00\x00\x00\x00");
    CHECK_ANSWER(segment,
                 HEAD "\x04"
                      "corp",
                 "\xBE\xEF\x81\x81\x00\x00\x00\x00\x00\x00\x00\x00");
    CHECK_ANSWER(segment,
                 HEAD "\x04"
                      "corp\x00\x00\x01\x00",
                 "\xBE\xEF\x81\x81\x00\x00\x00\x00\x00\x00\x00\x00");
    CHECK_ANSWER(segment,
                 "\xBE\xEF\x01\x00\x00\x02\x00\x00\x00\x00\x00\x00\x01"
                 "a" A_IN,
                 "\xBE\xEF\x81\x81\x00\x00\x00\x00\x00\x00\x00\x00");
    CHECK_ANSWER(segment, "\xBE\xEF\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00",
                 "\xBE\xEF\x81\x81\x00\x00\x00\x00\x00\x00\x00\x00");
    CHECK_ANSWER(segment,
                 "\xBE\xEF\x01\x00\x00\x01\x00\x01\x00\x00\x00\x00\x01"
                 "a" A_IN,
                 "\xBE\xEF\x81\x81\x00\x00\x00\x00\x00\x00\x00\x00");
    CHECK_ANSWER(segment,
                 HEAD "\x01"
                      "a" A_IN "x",
                 "\xBE\xEF\x81\x81\x00\x00\x00\x00\x00\x00\x00\x00");
    /* opcode 2 (status); class CHAOS */
    CHECK_ANSWER(segment,
                 "\xBE\xEF\x11\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01"
                 "a" A_IN,
                 "\xBE\xEF\x91\x84\x00\x00\x00\x00\x00\x00\x00\x00");
    CHECK_ANSWER(segment,
                 HEAD "\x01"
                      "a\x00\x00\x01\x00\x03",
                 "\xBE\xEF\x81\x85\x00\x01\x00\x00\x00\x00\x00\x00\x01"
                 "a\x00\x00\x01\x00\x03");
}

/* A name of 255 characters in legal labels has no room in a message. */
static void test_name_too_long(void **state)
{
    struct segment *segment = *state;
    uint8_t question[12 + 4 * 64 + 5] = HEAD;

    for (int i = 0; i < 4; i++) {
        question[12 + 64 * i] = 63;
        memset(question + 13 + 64 * i, 'x', 63);
    }
    memcpy(question + 12 + 256, A_IN, 5);
    assert_true(query(segment, question, sizeof(question)));
    assert_int_equal(reply(segment).payload_len, 12);
    assert_memory_equal(reply(segment).payload + 2, "\x81\x81\x00\x00", 4);
}

/* EDNS: an OPT record after the question is let pass and not answered. */
static void test_edns(void **state)
{
    struct segment *segment = *state;

    assert_true(dnsd_set_a(&dnsd, "a", 0x0A000005));
    CHECK_ANSWER(segment,
                 "\xBE\xEF\x01\x00\x00\x01\x00\x00\x00\x00\x00\x01\x01"
                 "a" A_IN "\x00\x00\x29\x10\x00\x00\x00\x00\x00\x00\x00",
                 "\xBE\xEF\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x01"
                 "a" A_IN "\xC0\x0C\x00\x01\x00\x01\x00\x00\x01\x2C\x00\x04\x0A\x00\x00\x05");
}

static void test_no_answer(void **state)
{
    static const char question[] = HEAD "\x01"
                                        "a" A_IN;
    const size_t len = sizeof(question) - 1;
    struct segment *segment = *state;
    uint8_t frame[LAN_FRAME];
    size_t frame_len;

    assert_true(query(segment, question, len));
    for (size_t cut = 0; cut < 12; cut++) /* less than a header */
        assert_false(query(segment, question, cut));
    assert_false(query(segment,
                       "\xBE\xEF\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00\x01"
                       "a" A_IN,
                       19)); /* a response */
    frame_len = packet_udp(frame, sizeof(frame), server_mac, client_mac, CLIENT, CLIENT_PORT,
                           SERVER + 1, 53, question, len);
    assert_false(segment_send(segment, frame, frame_len));
    frame_len = packet_udp(frame, sizeof(frame), client_mac, client_mac, CLIENT, CLIENT_PORT,
                           SERVER, 53, question, len);
    assert_false(segment_send(segment, frame, frame_len));
    frame_len = packet_udp(frame, sizeof(frame), server_mac, client_mac, CLIENT, 53, SERVER, 5353,
                           question, len);
    assert_false(segment_send(segment, frame, frame_len));
    dnsd.silent = true;
    assert_false(query(segment, question, len));
}

static void test_arp_even_when_silent(void **state)
{
    static const uint8_t request[42] = {
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x08, 0x06,
        0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x01, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55,
        0x0A, 0x00, 0x00, 0x32, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0A, 0x00, 0x00, 0x02};
    static const uint8_t expected[42] = {
        0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x02, 0x00, 0x0A, 0x00, 0x00, 0x02, 0x08, 0x06,
        0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x02, 0x02, 0x00, 0x0A, 0x00, 0x00, 0x02,
        0x0A, 0x00, 0x00, 0x02, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x0A, 0x00, 0x00, 0x32};
    struct segment *segment = *state;

    dnsd.silent = true;
    assert_true(segment_send(segment, request, sizeof(request)));
    assert_int_equal(segment->len, sizeof(expected));
    assert_memory_equal(segment->frame, expected, sizeof(expected));
}

/* Changed questions under the sanitizers: every one gets one answer or none. */
static void test_random_questions(void **state)
{
    struct segment *segment = *state;
    struct rng rng;
    int answered = 0;

    rng_seed(&rng, 1, "test");
    assert_true(dnsd_set_cname(&dnsd, "provisionserver.corp.example", "a.b"));
    for (int i = 0; i < 5000; i++) {
        uint8_t question[] = HEAD PROVISION A_IN;

        for (uint32_t k = rng_below(&rng, 4); k > 0; k--)
            question[rng_below(&rng, sizeof(question) - 1)] = (uint8_t)rng_next(&rng);
        answered += query(segment, question, rng_below(&rng, sizeof(question)));
    }
    assert_int_equal(answered, segment->replies);
    assert_in_range(answered, 1000, 4999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_several_addresses, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_case_is_echoed, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_unknown_name, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_recursion_desired_is_copied, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_other_types_have_no_data, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_cname_chain, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_cname_to_nowhere, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_cname_loop, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_eight_cnames_and_no_more, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_truncated, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_replace_and_remove, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_table_full, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_legal_names, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_refused_questions, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_name_too_long, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_edns, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_no_answer, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_arp_even_when_silent, set_up, segment_end),
        cmocka_unit_test_setup_teardown(test_random_questions, set_up, segment_end),
    };

    return cmocka_run_group_tests_name("dnsd", tests, NULL, NULL);
}
