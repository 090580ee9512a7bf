// links: @core fw/net/witness.c fw/net/packet.c
// links: @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/net/witness.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define IP_AT 14
#define UDP_AT 34
#define BOOTP_AT 42
#define CHADDR_AT (BOOTP_AT + 28)
#define COOKIE_AT (BOOTP_AT + 236)
#define OPTIONS_AT (BOOTP_AT + 240)
#define FRAME_BYTES 1514

static const uint8_t mac[LIMIT_MAC_BYTES] = {0x02, 0xa3, 0x7e, 0, 0, 1};

struct frame {
    uint8_t bytes[FRAME_BYTES];
    size_t len;
};

static void put16(uint8_t *at, size_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* IPv4 and UDP lengths as the frame's length says. */
static void set_lengths(struct frame *f)
{
    put16(f->bytes + IP_AT + 2, f->len - IP_AT);
    put16(f->bytes + UDP_AT + 4, f->len - UDP_AT);
}

/* A server's message with yiaddr 10.0.0.50 and no options yet. */
static void begin(struct frame *f)
{
    static const uint8_t cookie[4] = {0x63, 0x82, 0x53, 0x63};

    memset(f, 0, sizeof(*f));
    memset(f->bytes, 0xFF, 6);
    f->bytes[12] = 0x08;
    f->bytes[IP_AT] = 0x45;
    f->bytes[IP_AT + 8] = 64;
    f->bytes[IP_AT + 9] = 17;
    memset(f->bytes + IP_AT + 16, 0xFF, 4);
    put16(f->bytes + UDP_AT, 67);
    put16(f->bytes + UDP_AT + 2, 68);
    f->bytes[BOOTP_AT] = 2;
    f->bytes[BOOTP_AT + 1] = 1;
    f->bytes[BOOTP_AT + 2] = 6;
    f->bytes[BOOTP_AT + 16] = 10;
    f->bytes[BOOTP_AT + 19] = 50;
    memcpy(f->bytes + CHADDR_AT, mac, 6);
    memcpy(f->bytes + COOKIE_AT, cookie, 4);
    f->len = OPTIONS_AT;
}

static void option(struct frame *f, uint8_t code, const void *value, size_t len)
{
    f->bytes[f->len] = code;
    f->bytes[f->len + 1] = (uint8_t)len;
    if (len > 0)
        memcpy(f->bytes + f->len + 2, value, len);
    f->len += 2 + len;
    set_lengths(f);
}

static void end(struct frame *f)
{
    f->bytes[f->len++] = 255;
    set_lengths(f);
}

static void type(struct frame *f, uint8_t value)
{
    option(f, 53, &value, 1);
}

static void network(struct frame *f)
{
    static const uint8_t mask[] = {255, 255, 255, 0}, router[] = {10, 0, 0, 1, 10, 0, 0, 9};
    static const uint8_t dns[] = {10, 0, 0, 2, 10, 0, 0, 3}, lease[] = {0, 1, 0x51, 0x80};

    option(f, 51, lease, 4);
    option(f, 1, mask, 4);
    option(f, 3, router, 8);
    option(f, 6, dns, 8);
}

static void ack(struct frame *f)
{
    begin(f);
    type(f, 5);
    network(f);
    option(f, 15, "corp.example", 12);
    end(f);
}

/* In a block of exactly the frame's size, so that reading on is seen. */
static bool seen(const struct frame *f, size_t len, struct witness *out)
{
    uint8_t *block = malloc(len ? len : 1);
    bool result;

    assert_non_null(block);
    memcpy(block, f->bytes, len);
    result = witness_dhcp_ack(block, len, mac, out);
    free(block);
    return result;
}

static bool accepted(const struct frame *f)
{
    struct witness w;

    return seen(f, f->len, &w);
}

static void a_good_ack(void **state)
{
    struct witness w;
    struct frame f;

    (void)state;
    ack(&f);
    memset(&w, 0xEE, sizeof(w));
    assert_true(seen(&f, f.len, &w));
    assert_int_equal(w.address.ip, 0x0A000032);
    assert_int_equal(w.address.mask, 0xFFFFFF00);
    assert_int_equal(w.address.gateway, 0x0A000001); /* the first of each list */
    assert_int_equal(w.address.dns1, 0x0A000002);
    assert_int_equal(w.lease_s, 86400);
    assert_string_equal(w.option15, "corp.example");
}

static void an_ack_that_says_little(void **state)
{
    struct witness w;
    struct frame f;

    (void)state;
    begin(&f);
    type(&f, 5);
    end(&f);
    memset(&w, 0xEE, sizeof(w));
    assert_true(seen(&f, f.len, &w));
    assert_int_equal(w.address.ip, 0x0A000032);
    assert_int_equal(w.address.mask, 0);
    assert_int_equal(w.address.gateway, 0);
    assert_int_equal(w.address.dns1, 0);
    assert_int_equal(w.lease_s, UINT32_MAX);
    assert_string_equal(w.option15, "");
}

static void order_padding_and_a_missing_end(void **state)
{
    struct witness w;
    struct frame f;

    (void)state;
    begin(&f);
    option(&f, 15, "corp.example", 12);
    f.bytes[f.len++] = 0;
    f.bytes[f.len++] = 0;
    network(&f);
    type(&f, 5); /* last, and no option 255 behind it */
    assert_true(seen(&f, f.len, &w));
    assert_string_equal(w.option15, "corp.example");
    assert_int_equal(w.address.dns1, 0x0A000002);
}

static void what_follows_the_end_is_not_read(void **state)
{
    struct witness w;
    struct frame f;

    (void)state;
    begin(&f);
    type(&f, 5);
    end(&f);
    option(&f, 15, "late.example", 12);
    assert_true(seen(&f, f.len, &w));
    assert_string_equal(w.option15, "");

    begin(&f);
    end(&f);
    type(&f, 5);
    assert_false(accepted(&f));
}

static void ipv4_options_and_ethernet_padding(void **state)
{
    struct witness w;
    struct frame f, wide;

    (void)state;
    ack(&f);
    wide = f;
    memmove(wide.bytes + UDP_AT + 8, f.bytes + UDP_AT, f.len - UDP_AT);
    memset(wide.bytes + UDP_AT, 1, 8); /* no-operation options */
    wide.bytes[IP_AT] = 0x47;
    put16(wide.bytes + IP_AT + 2, f.len - IP_AT + 8);
    wide.len += 8 + 20; /* and twenty bytes behind the packet */
    assert_true(seen(&wide, wide.len, &w));
    assert_int_equal(w.address.ip, 0x0A000032);
    assert_string_equal(w.option15, "corp.example");
}

static void other_message_types(void **state)
{
    struct frame f;

    (void)state;
    for (unsigned value = 0; value < 256; value++) {
        begin(&f);
        type(&f, (uint8_t)value);
        network(&f);
        option(&f, 15, "corp.example", 12);
        end(&f);
        assert_int_equal(accepted(&f), value == 5);
    }
    begin(&f);
    network(&f);
    end(&f);
    assert_false(accepted(&f)); /* BOOTP without option 53 */
    begin(&f);
    option(&f, 53, "\5\0", 2);
    end(&f);
    assert_false(accepted(&f));
}

/* One byte of a good frame differs. */
static void expect_refused_at(size_t at, uint8_t value)
{
    struct frame f;

    ack(&f);
    assert_int_not_equal(f.bytes[at], value);
    f.bytes[at] = value;
    assert_false(accepted(&f));
}

static void for_another_machine(void **state)
{
    (void)state;
    for (size_t i = 0; i < 6; i++)
        expect_refused_at(CHADDR_AT + i, mac[i] ^ 1);
}

static void not_from_67_to_68(void **state)
{
    (void)state;
    expect_refused_at(UDP_AT + 1, 68);
    expect_refused_at(UDP_AT, 1);
    expect_refused_at(UDP_AT + 3, 67);
    expect_refused_at(UDP_AT + 2, 1);
}

static void not_a_reply(void **state)
{
    (void)state;
    expect_refused_at(BOOTP_AT, 1);
    expect_refused_at(BOOTP_AT, 0);
    for (size_t i = 0; i < 4; i++)
        expect_refused_at(COOKIE_AT + i, 0);
}

static void not_udp_over_ipv4(void **state)
{
    (void)state;
    expect_refused_at(12, 0x86);
    expect_refused_at(13, 0x06);
    expect_refused_at(IP_AT, 0x65);
    expect_refused_at(IP_AT, 0x44); /* header shorter than a header */
    expect_refused_at(IP_AT, 0x4F); /* header longer, so that the ports are elsewhere */
    expect_refused_at(IP_AT + 9, 6);
}

static void fragments(void **state)
{
    struct frame f;

    (void)state;
    expect_refused_at(IP_AT + 6, 0x20);
    expect_refused_at(IP_AT + 6, 0x01);
    expect_refused_at(IP_AT + 7, 0x01);
    ack(&f);
    f.bytes[IP_AT + 6] = 0x40; /* don't fragment */
    assert_true(accepted(&f));
}

static void no_address_given(void **state)
{
    struct frame f;

    (void)state;
    ack(&f); /* as the answer to an INFORM */
    memset(f.bytes + BOOTP_AT + 16, 0, 4);
    assert_false(accepted(&f));
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
        struct witness w;

        if (bad > ip_len || bad < 28) {
            put16(f.bytes + IP_AT + 2, bad);
            assert_false(witness_dhcp_ack(f.bytes, f.len, mac, &w));
        }
    }
    set_lengths(&f);
    for (size_t bad = 0; bad < 0x10000; bad++) {
        struct witness w;

        if (bad > udp_len || bad < 8 + 240) {
            put16(f.bytes + UDP_AT + 4, bad);
            assert_false(witness_dhcp_ack(f.bytes, f.len, mac, &w));
        }
    }
}

static void an_option_that_leaves_the_message(void **state)
{
    struct frame f;

    (void)state;
    begin(&f);
    type(&f, 5);
    option(&f, 43, "1234", 4);
    assert_true(accepted(&f));
    f.bytes[f.len - 5] = 5;
    assert_false(accepted(&f));
    f.bytes[f.len - 5] = 255;
    assert_false(accepted(&f));

    begin(&f);
    type(&f, 5);
    f.bytes[f.len++] = 43; /* a code without a length */
    set_lengths(&f);
    assert_false(accepted(&f));
}

/* The length that UDP gives ends the message, whatever stands behind it in the frame. */
static void udp_length_ends_the_message(void **state)
{
    struct witness w;
    struct frame f;
    size_t short_len;

    (void)state;
    begin(&f);
    type(&f, 5);
    short_len = f.len;
    option(&f, 15, "corp.example", 12);
    end(&f);
    put16(f.bytes + UDP_AT + 4, short_len - UDP_AT);
    assert_true(seen(&f, f.len, &w));
    assert_string_equal(w.option15, "");
}

/* What option 15 holds, and what is taken from it. */
static void expect_domain(const void *value, size_t len, const char *want)
{
    struct witness w;
    struct frame f;

    begin(&f);
    type(&f, 5);
    option(&f, 15, value, len);
    end(&f);
    memset(&w, 0xEE, sizeof(w));
    assert_true(seen(&f, f.len, &w));
    assert_string_equal(w.option15, want);
    assert_int_equal(w.address.ip, 0x0A000032);
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
    static const char *const bad[] = {"corp_x.example", "corp example",  ".corp", "corp..example",
                                      "corp.example.",  "corp/example",  "\x01",  "c\xc3\xb6rp",
                                      "%s%n",           "corp.example\n"};

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        expect_domain(bad[i], strlen(bad[i]), "");
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

static void short_and_long_addresses(void **state)
{
    static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7};
    struct witness w;
    struct frame f;

    (void)state;
    for (size_t n = 0; n < sizeof(bytes); n++) {
        begin(&f);
        type(&f, 5);
        option(&f, 1, bytes, n);
        option(&f, 3, bytes, n);
        option(&f, 6, bytes, n);
        option(&f, 51, bytes, n);
        end(&f);
        assert_true(seen(&f, f.len, &w));
        assert_int_equal(w.address.mask, n < 4 ? 0 : 0x01020304);
        assert_int_equal(w.address.gateway, n < 4 ? 0 : 0x01020304);
        assert_int_equal(w.address.dns1, n < 4 ? 0 : 0x01020304);
        if (n <= 4)
            assert_int_equal(w.lease_s, n < 4 ? UINT32_MAX : 0x01020304);
    }
}

static void every_truncation(void **state)
{
    struct witness w;
    struct frame f;

    (void)state;
    ack(&f);
    for (size_t len = 0; len < f.len; len++)
        assert_false(seen(&f, len, &w));
    assert_true(seen(&f, f.len, &w));
    /* The same with lengths that fit what is left. */
    for (size_t len = BOOTP_AT; len < f.len; len++) {
        struct frame cut = f;

        cut.len = len;
        set_lengths(&cut);
        (void)accepted(&cut);
        if (len < OPTIONS_AT + 3)
            assert_false(accepted(&cut));
    }
}

/* Any byte may be anything: what is taken is a name or nothing, and nothing is read outside. */
static void every_byte_corrupted(void **state)
{
    struct frame f;
    uint32_t taken = 0;

    (void)state;
    ack(&f);
    for (size_t at = 0; at < f.len; at++) {
        for (unsigned value = 0; value < 256; value++) {
            struct frame bad = f;
            struct witness w;

            bad.bytes[at] = (uint8_t)value;
            if (!seen(&bad, bad.len, &w))
                continue;
            taken++;
            assert_int_not_equal(w.address.ip, 0);
            assert_non_null(memchr(w.option15, 0, sizeof(w.option15)));
            assert_int_equal(strspn(w.option15, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
                                                "XYZ0123456789-."),
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
        cmocka_unit_test(order_padding_and_a_missing_end),
        cmocka_unit_test(what_follows_the_end_is_not_read),
        cmocka_unit_test(ipv4_options_and_ethernet_padding),
        cmocka_unit_test(other_message_types),
        cmocka_unit_test(for_another_machine),
        cmocka_unit_test(not_from_67_to_68),
        cmocka_unit_test(not_a_reply),
        cmocka_unit_test(not_udp_over_ipv4),
        cmocka_unit_test(fragments),
        cmocka_unit_test(no_address_given),
        cmocka_unit_test(wrong_lengths),
        cmocka_unit_test(an_option_that_leaves_the_message),
        cmocka_unit_test(udp_length_ends_the_message),
        cmocka_unit_test(option_15_with_nuls_behind_it),
        cmocka_unit_test(option_15_that_is_no_name),
        cmocka_unit_test(option_15_with_a_nul_inside),
        cmocka_unit_test(option_15_of_every_length),
        cmocka_unit_test(short_and_long_addresses),
        cmocka_unit_test(every_truncation),
        cmocka_unit_test(every_byte_corrupted),
    };

    return cmocka_run_group_tests_name("witness", tests, NULL, NULL);
}
