// SPDX-License-Identifier: BSD-3-Clause
// links: @core fw/net/dhcp_witness.c fw/net/packet.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/limits.h"
#include "fw/net/dhcp_witness.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define IP_AT 14
#define UDP_AT 34
#define BOOTP_AT 42
#define XID_AT (BOOTP_AT + 4)
#define YIADDR_AT (BOOTP_AT + 16)
#define CHADDR_AT (BOOTP_AT + 28)
#define SNAME_AT (BOOTP_AT + 44)
#define FILE_AT (BOOTP_AT + 108)
#define COOKIE_AT (BOOTP_AT + 236)
#define OPTIONS_AT (BOOTP_AT + 240)
#define FRAME_BYTES 1514

#define XID 0x3903F326u
#define ASKED 0x0A000032u  /* 10.0.0.50 */
#define SERVER 0x0A000001u /* 10.0.0.1 */
#define ALL 0xFFFFFFFFu
#define ASKED_MS 1000u

static const uint8_t mac[LIMIT_MAC_BYTES] = {0x02, 0xa3, 0x7e, 0, 0, 1};
static const uint8_t server_mac[LIMIT_MAC_BYTES] = {0x02, 0, 0x0a, 0, 0, 1};
static const struct witness_request asked = {true, XID, ASKED, SERVER, ASKED_MS};

struct frame {
    uint8_t bytes[FRAME_BYTES];
    size_t len;
};

static void put16(uint8_t *at, size_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value & 0xFFFF);
}

static uint32_t sum(const uint8_t *bytes, size_t len, uint32_t total)
{
    for (size_t i = 0; i < len; i++)
        total += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
    return total;
}

static uint16_t folded(uint32_t total)
{
    while (total >> 16)
        total = (total & 0xFFFF) + (total >> 16);
    return (uint16_t)~total;
}

/* Checksums as the lengths in the frame say, where they make sense. */
static void set_sums(struct frame *f)
{
    size_t udp_len = (size_t)f->bytes[UDP_AT + 4] << 8 | f->bytes[UDP_AT + 5];
    uint8_t *ip = f->bytes + IP_AT, *udp = f->bytes + UDP_AT;
    uint16_t value;

    put16(ip + 10, 0);
    put16(ip + 10, folded(sum(ip, 20, 0)));
    if (UDP_AT + udp_len > f->len)
        return;
    put16(udp + 6, 0);
    value = folded(sum(udp, udp_len, sum(ip + 12, 8, 17 + (uint32_t)udp_len)));
    put16(udp + 6, value ? value : 0xFFFF);
}

/* IPv4 and UDP lengths as the frame's length says. */
static void set_lengths(struct frame *f)
{
    put16(f->bytes + IP_AT + 2, f->len - IP_AT);
    put16(f->bytes + UDP_AT + 4, f->len - UDP_AT);
}

static void finish(struct frame *f)
{
    set_lengths(f);
    set_sums(f);
}

static void option(struct frame *f, uint8_t code, const void *value, size_t len)
{
    f->bytes[f->len] = code;
    f->bytes[f->len + 1] = (uint8_t)len;
    if (len > 0)
        memcpy(f->bytes + f->len + 2, value, len);
    f->len += 2 + len;
    finish(f);
}

static void number(struct frame *f, uint8_t code, uint32_t value)
{
    uint8_t bytes[4];

    put32(bytes, value);
    option(f, code, bytes, 4);
}

static void type(struct frame *f, uint8_t value)
{
    option(f, 53, &value, 1);
}

static void end(struct frame *f)
{
    f->bytes[f->len++] = 255;
    finish(f);
}

/* A message with these ends and no options yet. */
static void message(struct frame *f, uint8_t op, const uint8_t from[6], uint32_t from_ip,
                    uint16_t from_port, uint16_t to_port)
{
    memset(f, 0, sizeof(*f));
    memset(f->bytes, 0xFF, 6);
    memcpy(f->bytes + 6, from, 6);
    f->bytes[12] = 0x08;
    f->bytes[IP_AT] = 0x45;
    f->bytes[IP_AT + 8] = 64;
    f->bytes[IP_AT + 9] = 17;
    put32(f->bytes + IP_AT + 12, from_ip);
    put32(f->bytes + IP_AT + 16, ALL);
    put16(f->bytes + UDP_AT, from_port);
    put16(f->bytes + UDP_AT + 2, to_port);
    f->bytes[BOOTP_AT] = op;
    f->bytes[BOOTP_AT + 1] = 1;
    f->bytes[BOOTP_AT + 2] = 6;
    put32(f->bytes + XID_AT, XID);
    memcpy(f->bytes + CHADDR_AT, mac, 6);
    put32(f->bytes + COOKIE_AT, 0x63825363u);
    f->len = OPTIONS_AT;
    finish(f);
}

/* Of a server, with yiaddr 10.0.0.50. */
static void begin(struct frame *f, uint8_t message_type)
{
    message(f, 2, server_mac, SERVER, 67, 68);
    put32(f->bytes + YIADDR_AT, message_type == 6 ? 0 : ASKED);
    type(f, message_type);
    number(f, 54, SERVER);
    if (message_type != 6)
        number(f, 51, 86400);
}

static void network(struct frame *f)
{
    static const uint8_t router[] = {10, 0, 0, 1, 10, 0, 0, 9};
    static const uint8_t dns[] = {10, 0, 0, 2, 10, 0, 0, 3};

    number(f, 1, 0xFFFFFF00u);
    option(f, 3, router, 8);
    option(f, 6, dns, 8);
}

static void ack(struct frame *f)
{
    begin(f, 5);
    network(f);
    option(f, 15, "corp.example", 12);
    end(f);
}

/* In a block of exactly the frame's size, so that reading on is seen. */
static enum witness_reply answered(struct witness_request *request, const struct frame *f,
                                   uint64_t now_ms, struct witness_lease *out)
{
    uint8_t *block = malloc(f->len ? f->len : 1);
    enum witness_reply reply;

    assert_non_null(block);
    memcpy(block, f->bytes, f->len);
    reply = witness_server_frame(request, block, f->len, mac, now_ms, out);
    free(block);
    return reply;
}

/* The answer to what was asked, a second ago. */
static enum witness_reply judged(const struct frame *f, struct witness_lease *out)
{
    struct witness_request request = asked;
    enum witness_reply reply = answered(&request, f, ASKED_MS + 1000, out);

    assert_int_equal(request.open, reply != WITNESS_ACK && reply != WITNESS_NAK);
    return reply;
}

static bool accepted(const struct frame *f)
{
    struct witness_lease w;

    return judged(f, &w) == WITNESS_ACK;
}

static void expect_refused(const struct frame *f)
{
    struct witness_lease w, before;

    memset(&w, 0xEE, sizeof(w));
    before = w;
    assert_int_equal(judged(f, &w), WITNESS_REFUSED);
    assert_memory_equal(&w, &before, sizeof(w));
}

/* With right checksums, so that the byte itself is what is refused. */
static void expect_refused_at(size_t at, uint8_t value)
{
    struct frame f;

    ack(&f);
    assert_int_not_equal(f.bytes[at], value);
    f.bytes[at] = value;
    set_sums(&f);
    expect_refused(&f);
}

static void a_good_ack(void **state)
{
    struct witness_lease w;
    struct frame f;

    (void)state;
    ack(&f);
    memset(&w, 0xEE, sizeof(w));
    assert_int_equal(judged(&f, &w), WITNESS_ACK);
    assert_int_equal(w.address.ip, ASKED);
    assert_int_equal(w.address.mask, 0xFFFFFF00);
    assert_int_equal(w.address.gateway, 0x0A000001); /* the first of the list */
    assert_int_equal(w.address.dns1, 0x0A000002);
    assert_int_equal(w.address.dns2, 0x0A000003);
    assert_int_equal(w.lease_s, 86400);
    assert_string_equal(w.option15, "corp.example");
}

static void an_ack_that_says_little(void **state)
{
    struct witness_lease w;
    struct frame f;

    (void)state;
    begin(&f, 5);
    end(&f);
    memset(&w, 0xEE, sizeof(w));
    assert_int_equal(judged(&f, &w), WITNESS_ACK);
    assert_int_equal(w.address.ip, ASKED);
    assert_int_equal(w.address.mask, 0);
    assert_int_equal(w.address.gateway, 0);
    assert_int_equal(w.address.dns1, 0);
    assert_string_equal(w.option15, "");
}

/* --- what was asked --- */

static void nobody_has_asked(void **state)
{
    struct witness_request none = {0}, closed = asked;
    struct witness_lease w;
    struct frame f;

    (void)state;
    ack(&f);
    closed.open = false;
    assert_int_equal(answered(&none, &f, 0, &w), WITNESS_REFUSED);
    assert_int_equal(answered(&closed, &f, ASKED_MS, &w), WITNESS_REFUSED);
    put32(f.bytes + XID_AT, 0); /* as in a request that is all zero */
    set_sums(&f);
    assert_int_equal(answered(&none, &f, 0, &w), WITNESS_REFUSED);
}

static void another_transaction(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++)
        expect_refused_at(XID_AT + i, (uint8_t)(XID >> (24 - 8 * i)) ^ 1);
}

static void another_address_than_was_asked_for(void **state)
{
    (void)state;
    expect_refused_at(YIADDR_AT + 3, 51);
    expect_refused_at(YIADDR_AT, 11);
}

static void another_server_than_was_asked(void **state)
{
    struct witness_request any = asked;
    struct witness_lease w;
    struct frame f;

    (void)state;
    message(&f, 2, server_mac, SERVER, 67, 68);
    put32(f.bytes + YIADDR_AT, ASKED);
    type(&f, 5);
    number(&f, 54, 0x0A000042);
    number(&f, 51, 3600);
    end(&f);
    expect_refused(&f);
    any.server = 0;
    assert_int_equal(answered(&any, &f, ASKED_MS, &w), WITNESS_ACK);
}

static void a_server_without_a_name(void **state)
{
    static const uint32_t odd[] = {0, 0x7F000001, 0xE0000001, 0xFFFFFFFF};
    struct witness_request any = asked;
    struct witness_lease w;
    struct frame f;

    (void)state;
    any.server = 0;
    for (size_t i = 0; i <= COUNT(odd); i++) {
        message(&f, 2, server_mac, SERVER, 67, 68);
        put32(f.bytes + YIADDR_AT, ASKED);
        type(&f, 5);
        number(&f, 51, 3600);
        if (i < COUNT(odd))
            number(&f, 54, odd[i]);
        end(&f);
        assert_int_equal(answered(&any, &f, ASKED_MS, &w), WITNESS_REFUSED);
    }
}

static void too_late(void **state)
{
    struct witness_request request = asked;
    struct witness_lease w;
    struct frame f;

    (void)state;
    ack(&f);
    assert_int_equal(answered(&request, &f, ASKED_MS + 64001, &w), WITNESS_REFUSED);
    assert_int_equal(answered(&request, &f, ASKED_MS + 64000, &w), WITNESS_ACK);
}

/* The second may say anything: the host is bound by the first. A refused one closes nothing. */
static void one_answer_to_a_request(void **state)
{
    struct witness_request request = asked;
    struct witness_lease w, other;
    struct frame f, forged, nak;

    (void)state;
    ack(&f);
    forged = f;
    forged.bytes[XID_AT] ^= 1;
    set_sums(&forged);
    assert_int_equal(answered(&request, &forged, ASKED_MS, &w), WITNESS_REFUSED);
    assert_int_equal(answered(&request, &f, ASKED_MS, &w), WITNESS_ACK);
    begin(&forged, 5);
    network(&forged);
    option(&forged, 15, "evil.example", 12);
    end(&forged);
    begin(&nak, 6);
    end(&nak);
    assert_int_equal(answered(&request, &forged, ASKED_MS, &other), WITNESS_REFUSED);
    assert_int_equal(answered(&request, &nak, ASKED_MS, &other), WITNESS_REFUSED);
    assert_int_equal(answered(&request, &f, ASKED_MS, &other), WITNESS_REFUSED);
}

static void a_refusal(void **state)
{
    struct witness_lease w;
    struct frame f;

    (void)state;
    begin(&f, 6);
    end(&f);
    assert_int_equal(judged(&f, &w), WITNESS_NAK);
    put32(f.bytes + XID_AT, XID + 1);
    set_sums(&f);
    assert_int_equal(judged(&f, &w), WITNESS_REFUSED);
    message(&f, 2, server_mac, SERVER, 67, 68);
    type(&f, 6);
    number(&f, 54, 0x0A000042);
    end(&f);
    assert_int_equal(judged(&f, &w), WITNESS_REFUSED);
}

static void an_offer_binds_nobody(void **state)
{
    struct witness_request none = {0};
    struct witness_lease w;
    struct frame f;

    (void)state;
    begin(&f, 2);
    network(&f);
    end(&f);
    assert_int_equal(judged(&f, &w), WITNESS_OFFER);
    assert_int_equal(answered(&none, &f, 0, &w), WITNESS_OFFER);
    put32(f.bytes + IP_AT + 16, ASKED); /* addressed to what it offers */
    set_sums(&f);
    assert_int_equal(answered(&none, &f, 0, &w), WITNESS_OFFER);
    put32(f.bytes + YIADDR_AT, 0xE0000001);
    put32(f.bytes + IP_AT + 16, ALL);
    set_sums(&f);
    assert_int_equal(judged(&f, &w), WITNESS_REFUSED);
}

static void other_message_types(void **state)
{
    struct witness_lease w;
    struct frame f;

    (void)state;
    for (unsigned t = 0; t < 256; t++) {
        begin(&f, (uint8_t)t);
        end(&f);
        if (t != 2 && t != 5 && t != 6)
            assert_int_equal(judged(&f, &w), WITNESS_REFUSED);
    }
    message(&f, 2, server_mac, SERVER, 67, 68);
    put32(f.bytes + YIADDR_AT, ASKED);
    number(&f, 54, SERVER);
    number(&f, 51, 86400);
    end(&f);
    assert_int_equal(judged(&f, &w), WITNESS_REFUSED);
}

/* --- the frame --- */

static void wrong_checksums(void **state)
{
    struct frame f;

    (void)state;
    for (size_t at = IP_AT; at < OPTIONS_AT + 40; at++) {
        ack(&f);
        f.bytes[at] ^= 0x10;
        assert_false(accepted(&f));
    }
    ack(&f);
    put16(f.bytes + UDP_AT + 6, 0); /* UDP may have none; IPv4 may not */
    assert_true(accepted(&f));
    put16(f.bytes + IP_AT + 10, 0);
    expect_refused(&f);
}

static void for_another_machine(void **state)
{
    struct frame f;

    (void)state;
    for (size_t i = 0; i < 6; i++)
        expect_refused_at(CHADDR_AT + i, mac[i] ^ 1);
    for (size_t i = 0; i < 6; i++)
        expect_refused_at(i, 0x01);
    ack(&f);
    memcpy(f.bytes, mac, 6);
    assert_true(accepted(&f));
    put32(f.bytes + IP_AT + 16, ASKED);
    set_sums(&f);
    assert_true(accepted(&f));
    put32(f.bytes + IP_AT + 16, ASKED + 1);
    set_sums(&f);
    expect_refused(&f);
    put32(f.bytes + IP_AT + 16, 0x0A0000FF); /* not the network's broadcast address either */
    set_sums(&f);
    expect_refused(&f);
}

static void from_nobody_who_can_be_a_server(void **state)
{
    static const uint32_t odd[] = {0, 0x7F000001, 0xE0000001, 0xFFFFFFFF};
    struct frame f;

    (void)state;
    for (size_t i = 0; i < COUNT(odd); i++) {
        ack(&f);
        put32(f.bytes + IP_AT + 12, odd[i]);
        set_sums(&f);
        expect_refused(&f);
    }
    ack(&f);
    memcpy(f.bytes + 6, mac, 6); /* the host answers nobody */
    expect_refused(&f);
    expect_refused_at(6, 0x03); /* a group sends nothing */
    ack(&f);
    put32(f.bytes + IP_AT + 12, 0xC0A80101); /* by a relay, or behind a router */
    set_sums(&f);
    assert_true(accepted(&f));
}

static void not_from_67_to_68(void **state)
{
    struct witness_lease w;
    struct frame f;

    (void)state;
    expect_refused_at(UDP_AT + 1, 68);
    expect_refused_at(UDP_AT, 1);
    ack(&f);
    put16(f.bytes + UDP_AT + 2, 67);
    set_sums(&f);
    assert_int_equal(judged(&f, &w), WITNESS_NOTHING);
}

static void not_a_reply(void **state)
{
    (void)state;
    expect_refused_at(BOOTP_AT, 1);
    expect_refused_at(BOOTP_AT, 0);
    expect_refused_at(BOOTP_AT + 1, 6);
    expect_refused_at(BOOTP_AT + 2, 16);
    for (size_t i = 0; i < 4; i++)
        expect_refused_at(COOKIE_AT + i, 0);
}

static void not_udp_over_ipv4(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
    } bad[] = {{12, 0x86},        {13, 0x06},       {IP_AT, 0x65},
               {IP_AT, 0x44},     {IP_AT + 9, 6},   {IP_AT + 6, 0x20}, /* a fragment */
               {IP_AT + 6, 0x01}, {IP_AT + 7, 0x01}};
    struct witness_lease w;
    struct frame f;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        ack(&f);
        f.bytes[bad[i].at] = bad[i].value;
        set_sums(&f);
        assert_int_equal(judged(&f, &w), WITNESS_NOTHING);
    }
    ack(&f);
    f.bytes[IP_AT + 6] = 0x40; /* don't fragment */
    set_sums(&f);
    assert_true(accepted(&f));
}

static void wrong_lengths(void **state)
{
    struct frame f;
    size_t ip_len, udp_len;

    (void)state;
    ack(&f);
    ip_len = f.len - IP_AT;
    udp_len = f.len - UDP_AT;
    for (size_t bad = 0; bad < 0x10000; bad++) {
        if (bad == ip_len)
            continue;
        put16(f.bytes + IP_AT + 2, bad);
        set_sums(&f);
        assert_false(accepted(&f));
    }
    finish(&f);
    for (size_t bad = 0; bad < 0x10000; bad++) {
        if (bad == udp_len)
            continue;
        put16(f.bytes + UDP_AT + 4, bad);
        set_sums(&f);
        assert_false(accepted(&f));
    }
    /* Ethernet's padding is not the packet's. */
    finish(&f);
    memset(f.bytes + f.len, 0xAA, 18);
    f.len += 18;
    assert_true(accepted(&f));
}

/* Whether an option ends there, or the fields before them. */
static bool is_between_options(const struct frame *f, size_t at)
{
    size_t next = BOOTP_AT + 240;

    while (next < at && f->bytes[next] != 255)
        next += 2u + f->bytes[next + 1];
    return next == at;
}

/* Cut between two options it is what ISC dhcpd sends when they fill a message (4.4.3, seen):
 * without an end. */
static void every_truncation(void **state)
{
    struct witness_lease w;
    struct frame f;

    (void)state;
    ack(&f);
    for (size_t len = 0; len < f.len; len++) {
        struct frame cut = f;

        cut.len = len;
        assert_int_not_equal(judged(&cut, &w), WITNESS_ACK);
        if (len < BOOTP_AT || is_between_options(&f, len))
            continue;
        finish(&cut); /* lengths that fit what is left: the end of the options is gone */
        assert_int_not_equal(judged(&cut, &w), WITNESS_ACK);
    }
}

/* --- options --- */

static void options_that_do_not_end(void **state)
{
    struct frame f;

    (void)state;
    begin(&f, 5);
    option(&f, 43, "1234", 4);
    finish(&f);
    assert_true(accepted(&f)); /* no end, but nothing is missing */
    end(&f);
    assert_true(accepted(&f));
    for (unsigned len = 0; len < 256; len++) {
        f.bytes[f.len - 6] = (uint8_t)len;
        set_sums(&f);
        if (len > 5) /* with 5 it has the end as its last byte */
            expect_refused(&f);
    }
    begin(&f, 5);
    f.bytes[f.len++] = 43; /* a code without a length */
    finish(&f);
    expect_refused(&f);
}

static void padding_and_what_follows_the_end(void **state)
{
    struct witness_lease w;
    struct frame f;

    (void)state;
    begin(&f, 5);
    f.bytes[f.len++] = 0;
    f.bytes[f.len++] = 0;
    network(&f);
    end(&f);
    option(&f, 15, "corp.example", 12);
    end(&f);
    assert_int_equal(judged(&f, &w), WITNESS_ACK);
    assert_int_equal(w.address.mask, 0xFFFFFF00);
    assert_string_equal(w.option15, "");
}

static void an_option_that_comes_twice(void **state)
{
    static const uint8_t codes[] = {1, 3, 6, 15, 51, 53, 54};
    static const uint8_t value[] = {5, 10, 0, 0};
    struct frame f;

    (void)state;
    for (size_t i = 0; i < COUNT(codes); i++) {
        begin(&f, 5);
        network(&f);
        option(&f, 15, "corp.example", 12);
        option(&f, codes[i], value, codes[i] == 53 ? 1 : 4);
        end(&f);
        expect_refused(&f);
    }
    begin(&f, 5);
    option(&f, 43, "1", 1); /* not read here */
    option(&f, 43, "2", 1);
    end(&f);
    assert_true(accepted(&f));
}

static void options_of_a_wrong_length(void **state)
{
    static const uint8_t bytes[12] = {255, 255, 255, 0, 10, 0, 0, 2, 10, 0, 0, 3};
    static const struct {
        uint8_t code;
        bool list;
    } row[] = {{1, false}, {3, true}, {6, true}};
    struct frame f;

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++)
        for (size_t n = 0; n <= sizeof(bytes); n++) {
            bool right = n == 4 || (row[i].list && n > 0 && n % 4 == 0);

            begin(&f, 5);
            option(&f, row[i].code, bytes, n);
            end(&f);
            assert_int_equal(accepted(&f), right);
        }
    for (size_t n = 0; n < 8; n++) {
        message(&f, 2, server_mac, SERVER, 67, 68);
        put32(f.bytes + YIADDR_AT, ASKED);
        type(&f, 5);
        number(&f, 54, SERVER);
        option(&f, 51, "\0\1\0\0\0\0\0\0", n);
        end(&f);
        assert_int_equal(accepted(&f), n == 4);
    }
}

/* RFC 2132 9.3: a server that has much to say goes on in two other fields. */
static void options_in_file_and_sname(void **state)
{
    struct witness_lease w;

    (void)state;
    for (uint8_t where = 1; where <= 3; where++) {
        struct frame f;

        begin(&f, 5);
        number(&f, 1, 0xFFFFFF00u);
        option(&f, 52, &where, 1);
        end(&f);
        memcpy(f.bytes + FILE_AT,
               "\x0f\x0c"
               "corp.example\xff",
               15);
        memcpy(f.bytes + SNAME_AT, "\x03\x04\x0a\0\0\1\xff", 7);
        set_sums(&f);
        assert_int_equal(judged(&f, &w), WITNESS_ACK);
        assert_string_equal(w.option15, where & 1 ? "corp.example" : "");
        assert_int_equal(w.address.gateway, where & 2 ? 0x0A000001 : 0);
        memset(f.bytes + FILE_AT, 0, 128); /* without an end */
        memset(f.bytes + SNAME_AT, 0, 64);
        set_sums(&f);
        assert_true(accepted(&f));
        memcpy(f.bytes + FILE_AT + 125, "\x0f\x02\x61",
               3); /* an option that goes on behind the field */
        memcpy(f.bytes + SNAME_AT + 61, "\x0f\x02\x61", 3);
        set_sums(&f);
        expect_refused(&f);
        memcpy(f.bytes + FILE_AT, "\x01\x04\xff\xff\0\0\xff", 7); /* the mask again */
        memcpy(f.bytes + SNAME_AT, f.bytes + FILE_AT, 7);
        set_sums(&f);
        expect_refused(&f);
    }
}

/* --- what is given --- */

static void expect_lease(uint32_t ip, uint32_t mask, uint32_t lease_s, bool want)
{
    struct witness_request request = {true, XID, ip, SERVER, 0};
    struct witness_lease w;
    struct frame f;

    message(&f, 2, server_mac, SERVER, 67, 68);
    put32(f.bytes + YIADDR_AT, ip);
    type(&f, 5);
    number(&f, 54, SERVER);
    number(&f, 51, lease_s);
    number(&f, 1, mask);
    end(&f);
    if (answered(&request, &f, 0, &w) != (want ? WITNESS_ACK : WITNESS_REFUSED))
        fail_msg("%08x/%08x for %u s", ip, mask, lease_s);
}

static void addresses_that_no_machine_has(void **state)
{
    (void)state;
    expect_lease(0x0A000032, 0xFFFFFF00, 3600, true);
    expect_lease(0x0A000032, 0xFFFFFFFF, 3600, true);
    expect_lease(0x00000000, 0xFFFFFF00, 3600, false);
    expect_lease(0x00000001, 0xFFFFFF00, 3600, false);
    expect_lease(0x7F000001, 0xFF000000, 3600, false);
    expect_lease(0xE0000001, 0xF0000000, 3600, false);
    expect_lease(0xF0000001, 0xF0000000, 3600, false);
    expect_lease(0xFFFFFFFF, 0xFFFFFF00, 3600, false);
    expect_lease(0x0A000000, 0xFFFFFF00, 3600, false);
    expect_lease(0x0A0000FF, 0xFFFFFF00, 3600, false);
    expect_lease(0x0A000032, 0x00000000, 3600, false);
    expect_lease(0x0A000032, 0xFF00FF00, 3600, false);
    expect_lease(0x0A000032, 0x00FFFFFF, 3600, false);
}

static void lease_times(void **state)
{
    struct frame f;

    (void)state;
    expect_lease(0x0A000032, 0xFFFFFF00, 0, false);
    expect_lease(0x0A000032, 0xFFFFFF00, 10, true);
    expect_lease(0x0A000032, 0xFFFFFF00, UINT32_MAX, true);
    message(&f, 2, server_mac, SERVER, 67, 68); /* none said */
    put32(f.bytes + YIADDR_AT, ASKED);
    type(&f, 5);
    number(&f, 54, SERVER);
    end(&f);
    expect_refused(&f);
}

static void gateways_and_name_servers(void **state)
{
    static const struct {
        uint32_t given, gateway, dns;
    } row[] = {
        {0x0A000001, 0x0A000001, 0x0A000001},
        {0x0A000101, 0, 0x0A000101}, /* in another network */
        {0x0A0000FF, 0, 0x0A0000FF}, /* of which only the network's mask knows better */
        {0x0A000032, 0, 0},          /* the address itself */
        {0x7F000001, 0, 0},
        {0xE0000001, 0, 0},
        {0xFFFFFFFF, 0, 0},
        {0, 0, 0},
    };
    struct witness_lease w;
    struct frame f;

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        begin(&f, 5);
        number(&f, 1, 0xFFFFFF00u);
        number(&f, 3, row[i].given);
        number(&f, 6, row[i].given);
        end(&f);
        assert_int_equal(judged(&f, &w), WITNESS_ACK);
        assert_int_equal(w.address.gateway, row[i].gateway);
        assert_int_equal(w.address.dns1, row[i].dns);
    }
}

/* What option 15 holds, and what is taken from it. Returns whether it was refused. */
static bool expect_domain(const void *value, size_t len, const char *want)
{
    struct witness_lease w;
    struct frame f;

    begin(&f, 5);
    option(&f, 15, value, len);
    end(&f);
    memset(&w, 0xEE, sizeof(w));
    assert_int_equal(judged(&f, &w), WITNESS_ACK);
    assert_string_equal(w.option15, want);
    assert_int_equal(w.address.ip, ASKED);
    return w.option15_refused;
}

static void option_15_with_nuls_behind_it(void **state)
{
    (void)state;
    expect_domain("corp.example", 13, "corp.example");
    expect_domain("corp.example\0\0", 15, "corp.example");
    expect_domain("", 1, "");
    expect_domain("\0\0\0", 3, "");
    expect_domain("", 0, "");
}

static void option_15_that_is_no_name(void **state)
{
    static const char *const bad[] = {"corp example",   ".corp",          "corp..example",
                                      "corp.example..", "corp.example .", " corp",
                                      "corp/example",   "\x01",           "c\xc3\xb6rp",
                                      "%s%n",           "corp.example\n", "a.example b.example"};

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_true(expect_domain(bad[i], strlen(bad[i]), ""));
}

/* What kea and Active Directory give. */
static void option_15_as_servers_send_it(void **state)
{
    (void)state;
    assert_false(expect_domain("corp.example.", 13, "corp.example"));
    assert_false(expect_domain("corp.example ", 13, "corp.example"));
    assert_false(expect_domain("corp.example. ", 14, "corp.example"));
    assert_false(expect_domain("corp.example.\0", 14, "corp.example"));
    assert_false(expect_domain("my_corp.example", 15, "my_corp.example"));
    assert_false(expect_domain("CORP.Example", 12, "CORP.Example"));
    assert_false(expect_domain(".", 1, ""));
    assert_false(expect_domain("  ", 2, ""));
}

/* Not "corp": what is not a name as it stands is not cut until it is one. */
static void option_15_with_a_nul_inside(void **state)
{
    (void)state;
    expect_domain("corp\0example", 12, "");
    expect_domain("corp\0.example\0", 14, "");
    expect_domain("\0corp", 5, "");
}

static void option_15_of_every_length(void **state)
{
    char name[256], want[256];

    (void)state;
    for (size_t n = 1; n < 256; n++) {
        for (size_t i = 0; i < n; i++)
            name[i] = i % 32 == 31 && i + 1 < n ? '.' : 'x';
        memcpy(want, name, n);
        want[n <= 223 ? n : 0] = '\0';
        expect_domain(name, n, want);
    }
}

/* --- the host's side --- */

static void host_message(struct frame *f, uint8_t message_type)
{
    message(f, 1, mac, 0, 68, 67);
    type(f, message_type);
}

static void overhear(struct witness_request *request, const struct frame *f, uint64_t now_ms)
{
    uint8_t *block = malloc(f->len ? f->len : 1);

    assert_non_null(block);
    memcpy(block, f->bytes, f->len);
    witness_host_frame(request, block, f->len, mac, now_ms);
    free(block);
}

static void host_request(struct frame *f)
{
    host_message(f, 3);
    number(f, 50, ASKED);
    number(f, 54, SERVER);
    end(f);
}

static void the_host_takes_an_offer(void **state)
{
    struct witness_request request = {0};
    struct frame f;

    (void)state;
    host_request(&f);
    put16(f.bytes + IP_AT + 10, 0); /* the MAC fills them in on the way out */
    put16(f.bytes + UDP_AT + 6, 0x1234);
    overhear(&request, &f, 77);
    assert_true(request.open);
    assert_int_equal(request.xid, XID);
    assert_int_equal(request.ip, ASKED);
    assert_int_equal(request.server, SERVER);
    assert_int_equal(request.sent_ms, 77);
}

/* RFC 2131 4.3.2: INIT-REBOOT names no server, RENEWING goes to the one it is from, REBINDING to
 * all; the latter two say their address in ciaddr. */
static void the_host_asks_for_its_lease_again(void **state)
{
    struct witness_request request = {0};
    struct frame f;

    (void)state;
    host_message(&f, 3);
    number(&f, 50, ASKED);
    end(&f);
    overhear(&request, &f, 1);
    assert_true(request.open);
    assert_int_equal(request.server, 0);

    host_message(&f, 3);
    put32(f.bytes + BOOTP_AT + 12, ASKED);
    put32(f.bytes + IP_AT + 16, SERVER);
    end(&f);
    overhear(&request, &f, 2);
    assert_true(request.open);
    assert_int_equal(request.ip, ASKED);
    assert_int_equal(request.server, SERVER);

    put32(f.bytes + IP_AT + 16, ALL);
    overhear(&request, &f, 3);
    assert_int_equal(request.ip, ASKED);
    assert_int_equal(request.server, 0);
    assert_int_equal(request.sent_ms, 3);
}

static void the_host_starts_over(void **state)
{
    static const uint8_t ends[] = {1, 4, 7}; /* DISCOVER, DECLINE, RELEASE */
    struct frame f;

    (void)state;
    for (unsigned t = 0; t < 256; t++) {
        struct witness_request request = asked;

        if (t == 3)
            continue;
        host_message(&f, (uint8_t)t);
        put32(f.bytes + BOOTP_AT + 12, 0x0A000099);
        end(&f);
        overhear(&request, &f, 5);
        assert_int_equal(request.open, !memchr(ends, (int)t, sizeof(ends)));
        assert_int_equal(request.xid, asked.xid);
        assert_int_equal(request.ip, asked.ip);
    }
}

static void what_the_host_does_not_send(void **state)
{
    struct frame f;

    (void)state;
    for (size_t at = 0; at < OPTIONS_AT; at++) {
        struct witness_request request = {0};
        bool read = (at >= 12 && at < IP_AT + 1) || at == IP_AT + 2 || at == IP_AT + 3 ||
                    (at >= IP_AT + 6 && at < IP_AT + 8) || at == IP_AT + 9 ||
                    (at >= UDP_AT && at < UDP_AT + 6) || (at >= BOOTP_AT && at < BOOTP_AT + 3) ||
                    (at >= CHADDR_AT && at < CHADDR_AT + 6) || at >= COOKIE_AT;

        host_request(&f);
        f.bytes[at] ^= at == IP_AT + 6 ? 0x20 : 0x01;
        overhear(&request, &f, 1);
        assert_int_equal(request.open, !read);
    }
    for (size_t len = 0;; len++) {
        struct witness_request request = {0};
        struct frame cut;

        host_request(&f);
        cut = f;
        cut.len = len;
        if (len == f.len)
            break;
        overhear(&request, &cut, 1);
        assert_false(request.open);
    }
}

static void the_host_asks_for_no_address(void **state)
{
    static const uint32_t odd[] = {0, 0x7F000001, 0xE0000001, 0xFFFFFFFF};
    struct frame f;

    (void)state;
    for (size_t i = 0; i < COUNT(odd); i++) {
        struct witness_request request = asked;

        host_message(&f, 3);
        number(&f, 50, odd[i]);
        end(&f);
        overhear(&request, &f, 1);
        assert_false(request.open);
    }
}

/* --- anything --- */

/* Only what the checksums do not cover may change without notice: Ethernet's header. */
static void every_byte_corrupted(void **state)
{
    struct witness_lease good;
    struct frame f;

    (void)state;
    ack(&f);
    assert_int_equal(judged(&f, &good), WITNESS_ACK);
    for (size_t at = 0; at < f.len; at++) {
        for (unsigned value = 0; value < 256; value++) {
            struct frame bad = f;
            struct witness_lease w;

            bad.bytes[at] = (uint8_t)value;
            if (bad.bytes[at] == f.bytes[at] || judged(&bad, &w) != WITNESS_ACK)
                continue;
            assert_true(at >= 6 && at < 12); /* another sender's MAC */
            assert_memory_equal(&w, &good, sizeof(w));
        }
    }
}

/* With right checksums: what is taken is what a machine can have, and the rest is as it was. */
static void every_byte_changed(void **state)
{
    struct witness_lease good;
    struct frame f;
    uint32_t taken = 0;

    (void)state;
    ack(&f);
    assert_int_equal(judged(&f, &good), WITNESS_ACK);
    for (size_t at = 0; at < f.len; at++) {
        for (unsigned value = 0; value < 256; value++) {
            struct frame bad = f;
            struct witness_lease w;

            memset(&w, 0, sizeof(w));
            bad.bytes[at] = (uint8_t)value;
            set_sums(&bad);
            if (judged(&bad, &w) != WITNESS_ACK)
                continue;
            taken++;
            if (at < OPTIONS_AT)
                assert_memory_equal(&w, &good, sizeof(w));
            assert_int_equal(w.address.ip, ASKED);
            assert_int_not_equal(w.lease_s, 0);
            assert_non_null(memchr(w.option15, 0, sizeof(w.option15)));
            assert_int_equal(strspn(w.option15, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
                                                "XYZ0123456789-._"),
                             strlen(w.option15));
        }
    }
    assert_true(taken > f.len); /* unread bytes do no harm */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_ack),
        cmocka_unit_test(an_ack_that_says_little),
        cmocka_unit_test(nobody_has_asked),
        cmocka_unit_test(another_transaction),
        cmocka_unit_test(another_address_than_was_asked_for),
        cmocka_unit_test(another_server_than_was_asked),
        cmocka_unit_test(a_server_without_a_name),
        cmocka_unit_test(too_late),
        cmocka_unit_test(one_answer_to_a_request),
        cmocka_unit_test(a_refusal),
        cmocka_unit_test(an_offer_binds_nobody),
        cmocka_unit_test(other_message_types),
        cmocka_unit_test(wrong_checksums),
        cmocka_unit_test(for_another_machine),
        cmocka_unit_test(from_nobody_who_can_be_a_server),
        cmocka_unit_test(not_from_67_to_68),
        cmocka_unit_test(not_a_reply),
        cmocka_unit_test(not_udp_over_ipv4),
        cmocka_unit_test(wrong_lengths),
        cmocka_unit_test(every_truncation),
        cmocka_unit_test(options_that_do_not_end),
        cmocka_unit_test(padding_and_what_follows_the_end),
        cmocka_unit_test(an_option_that_comes_twice),
        cmocka_unit_test(options_of_a_wrong_length),
        cmocka_unit_test(options_in_file_and_sname),
        cmocka_unit_test(addresses_that_no_machine_has),
        cmocka_unit_test(lease_times),
        cmocka_unit_test(gateways_and_name_servers),
        cmocka_unit_test(option_15_with_nuls_behind_it),
        cmocka_unit_test(option_15_that_is_no_name),
        cmocka_unit_test(option_15_as_servers_send_it),
        cmocka_unit_test(option_15_with_a_nul_inside),
        cmocka_unit_test(option_15_of_every_length),
        cmocka_unit_test(the_host_takes_an_offer),
        cmocka_unit_test(the_host_asks_for_its_lease_again),
        cmocka_unit_test(the_host_starts_over),
        cmocka_unit_test(what_the_host_does_not_send),
        cmocka_unit_test(the_host_asks_for_no_address),
        cmocka_unit_test(every_byte_corrupted),
        cmocka_unit_test(every_byte_changed),
    };

    return cmocka_run_group_tests_name("witness", tests, NULL, NULL);
}
