// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include "tests/fixtures/device.h"

#include "lwip/memp.h"
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/stats.h"

#include "fw/core/trace.h"

/* The hello's connection, segment by segment, against a server that a person might have written. */

#define FIN PACKET_TCP_FIN
#define SYN PACKET_TCP_SYN
#define RST PACKET_TCP_RST
#define ACK PACKET_TCP_ACK
#define ISS 1000u /* the server's first sequence number */
#define HELLO_BYTES 135u

static uint32_t sequence(const struct fixture *b)
{
    return packet_get32(b->last_bytes + 38);
}

static uint32_t acknowledged(const struct fixture *b)
{
    return packet_get32(b->last_bytes + 42);
}

/* A segment of the server's to the hello's port. */
static void reply_window(struct fixture *b, uint8_t flags, uint32_t seq, uint32_t ack,
                         const char *data, uint16_t window)
{
    uint8_t tcp[64] = {9971 >> 8, 9971 & 0xFF, 16994 >> 8, 16994 & 0xFF};
    size_t len = strlen(data);

    packet_put32(tcp + 4, seq);
    packet_put32(tcp + 8, ack);
    tcp[12] = 0x50;
    tcp[13] = flags;
    packet_put16(tcp + 14, window);
    memcpy(tcp + 20, data, len);
    fixture_ipv4(b, FIXTURE_TCP, tcp, 20 + len, 16);
    fixture_run(b, MS);
}

static void reply(struct fixture *b, uint8_t flags, uint32_t seq, uint32_t ack, const char *data)
{
    reply_window(b, flags, seq, ack, data, 4096);
}

/* The same, with the option of a maximum segment size. */
static void reply_mss(struct fixture *b, uint8_t flags, uint32_t seq, uint32_t ack, uint16_t mss)
{
    uint8_t tcp[24] = {9971 >> 8, 9971 & 0xFF, 16994 >> 8, 16994 & 0xFF};

    packet_put32(tcp + 4, seq);
    packet_put32(tcp + 8, ack);
    tcp[12] = 0x60;
    tcp[13] = flags;
    packet_put16(tcp + 14, 4096);
    tcp[20] = 2;
    tcp[21] = 4;
    packet_put16(tcp + 22, mss);
    fixture_ipv4(b, FIXTURE_TCP, tcp, sizeof(tcp), 16);
    fixture_run(b, MS);
}

/* On a passive 5.0.2 whose server was entered in MEBx, the SYN of slot 0 has left: at 1 s. */
static struct fixture *syn_sent(void)
{
    struct fixture *b = fixture_new("5.0.2", "intel");
    struct settings s = fixture_factory(b);

    s.config.server_ip = FIXTURE_OTHER_IP;
    fixture_store(b, &s);
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    fixture_arp(b, FIXTURE_OTHER_IP);
    fixture_run(b, SECOND - b->clock.now_us);
    fixture_arp(b, FIXTURE_OTHER_IP);
    assert_int_equal(b->count[TRACE_CONNECT], 1);
    assert_int_equal(b->last.kind, PACKET_TCP);
    assert_int_equal(b->last.tcp_flags, SYN);
    return b;
}

/* Answers the SYN that came last; returns the number of the hello's first byte. */
static uint32_t accept_hello(struct fixture *b)
{
    uint32_t first = sequence(b) + 1;

    reply(b, SYN | ACK, ISS, first, "");
    assert_int_equal(b->last.payload_len, HELLO_BYTES);
    assert_int_equal(sequence(b), first);
    assert_int_equal(acknowledged(b), ISS + 1);
    return first;
}

/* What a target says that is asked for it, and when it was asked. */
struct saying {
    const char *text;
    uint32_t asked;
    bool inside; /* lwIP was working on a segment */
};

static size_t say(void *ctx, uint8_t *out, size_t cap)
{
    struct saying *saying = ctx;
    size_t len = strlen(saying->text);

    assert_true(len <= cap);
    saying->asked++;
    saying->inside |= tcp_input_pcb != NULL;
    memcpy(out, saying->text, len);
    return len;
}

static void will_say(struct fixture *b, struct saying *saying)
{
    fixture_device(b)->net.hello.target.write_hello = say;
    b->chip.device.net.hello.target.ctx = saying;
}

/* One frame answers the server's SYN: its acknowledgement and the hello, which is asked for once
 * and outside lwIP. */
static void the_hello_leaves_with_the_acknowledgement(void **state)
{
    struct fixture *b = syn_sent();
    struct saying saying = {.text = "hello"};
    uint32_t first = sequence(b) + 1, frames = b->frames;

    (void)state;
    will_say(b, &saying);
    reply(b, SYN | ACK, ISS, first, "");
    assert_int_equal(saying.asked, 1);
    assert_false(saying.inside);
    assert_int_equal(b->frames, frames + 1);
    assert_int_equal(b->last.payload_len, 5);
    assert_int_equal(sequence(b), first);
    assert_int_equal(acknowledged(b), ISS + 1);
    reply(b, ACK, ISS + 1, first, ""); /* nothing new: nothing is said again */
    assert_int_equal(saying.asked, 1);
    reply(b, ACK, ISS + 1, first + 5, "");
    assert_int_equal(b->count[TRACE_HELLO_DELIVERED], 1);
    fixture_free(b);
}

/* A proxy in front of the server takes no data before it has reached that. It is acknowledged at
 * once, and gets the hello as soon as it opens its window (RFC 9293 3.8.6). */
static void a_server_that_takes_nothing_yet(void **state)
{
    struct fixture *b = syn_sent();
    struct saying saying = {.text = "hello"};
    uint32_t first = sequence(b) + 1, frames = b->frames;

    (void)state;
    will_say(b, &saying);
    reply_window(b, SYN | ACK, ISS, first, "", 0);
    assert_int_equal(b->frames, frames + 1);
    assert_int_equal(b->last.payload_len, 0);
    assert_int_equal(b->last.tcp_flags, ACK);
    assert_int_equal(acknowledged(b), ISS + 1);
    reply(b, ACK, ISS + 1, first, "");
    assert_int_equal(b->frames, frames + 2);
    assert_int_equal(b->last.payload_len, 5);
    assert_int_equal(saying.asked, 1);
    fixture_free(b);
}

/* No hello: the connection is reset, and the attempt has failed. */
static void nothing_to_say(void **state)
{
    struct fixture *b = syn_sent();
    struct saying saying = {.text = ""};
    uint32_t first = sequence(b) + 1, frames = b->frames;

    (void)state;
    will_say(b, &saying);
    reply(b, SYN | ACK, ISS, first, "");
    assert_int_equal(b->frames, frames + 1);
    assert_true(b->last.tcp_flags & RST);
    assert_int_equal(sequence(b), first);
    assert_int_equal(b->count[TRACE_ATTEMPT_FAILED], 1);
    fixture_device(b);
    assert_null(tcp_active_pcbs);
    fixture_free(b);
}

static void the_device_closes_on_the_acknowledgement(void **state)
{
    struct fixture *b = syn_sent();
    uint32_t first = accept_hello(b);

    (void)state;
    assert_int_equal(b->count[TRACE_HELLO_DELIVERED], 0);
    reply(b, ACK, ISS + 1, first + HELLO_BYTES, "");
    assert_int_equal(b->count[TRACE_HELLO_DELIVERED], 1);
    assert_true(b->last.tcp_flags & FIN);
    assert_int_equal(sequence(b), first + HELLO_BYTES);
    assert_int_equal(b->last.payload_len, 0);
    fixture_free(b);
}

/* A peer that takes a hundred bytes at a time acknowledges in two steps. Only the second counts: in
 * this attempt, and in the next one, which begins at nothing again. */
static void half_an_acknowledgement_is_none(void **state)
{
    struct fixture *b = syn_sent();

    (void)state;
    for (uint32_t round = 0; round < 2; round++) {
        uint32_t first = sequence(b) + 1;

        reply_mss(b, SYN | ACK, ISS, first, 100);
        assert_int_equal(sequence(b), first);
        assert_int_equal(b->last.payload_len, 100);
        reply(b, ACK, ISS + 1, first + 100, "");
        assert_int_equal(b->count[TRACE_HELLO_DELIVERED], round);
        assert_int_equal(sequence(b), first + 100);
        assert_int_equal(b->last.payload_len, HELLO_BYTES - 100);
        assert_false(b->last.tcp_flags & FIN);
        reply(b, ACK, ISS + 1, first + HELLO_BYTES, "");
        assert_int_equal(b->count[TRACE_HELLO_DELIVERED], round + 1);
        assert_true(b->last.tcp_flags & FIN);
        reply(b, FIN | ACK, ISS + 1, first + HELLO_BYTES + 1, "");
        fixture_run(b, (1 + (round + 1) * 60) * SECOND - b->clock.now_us);
        fixture_arp(b, FIXTURE_OTHER_IP);
        assert_int_equal(b->last.tcp_flags & ~ACK, SYN);
    }
    fixture_free(b);
}

/* 45 s after its beginning the attempt is given up, so that the next slot is free. */
static void a_server_that_falls_silent(void **state)
{
    struct fixture *b = syn_sent();
    uint32_t frames;

    (void)state;
    accept_hello(b);
    fixture_run(b, 46 * SECOND - 1 * MS - b->clock.now_us);
    assert_int_equal(b->count[TRACE_ATTEMPT_FAILED], 0);
    assert_int_equal(b->last.payload_len, HELLO_BYTES); /* it was repeated until then */
    fixture_run(b, 2 * MS);
    assert_int_equal(b->count[TRACE_ATTEMPT_FAILED], 1);
    assert_true(b->last.tcp_flags & RST);
    frames = b->frames;
    fixture_run(b, 61 * SECOND - 1 * MS - b->clock.now_us);
    assert_int_equal(b->frames, frames); /* nothing more of that connection */
    fixture_run(b, 10 * MS);
    fixture_arp(b, FIXTURE_OTHER_IP);
    assert_int_equal(b->last.tcp_flags, SYN);
    assert_int_equal(b->count[TRACE_ATTEMPT], 2);
    fixture_free(b);
}

/* The FIN is never acknowledged: the connection is still there at the next slot, and gives way. */
static void a_server_that_forgets_to_close(void **state)
{
    struct fixture *b = syn_sent();
    uint32_t first = accept_hello(b), frames;

    (void)state;
    reply(b, ACK, ISS + 1, first + HELLO_BYTES, "");
    fixture_run(b, 60 * SECOND + 900 * MS - b->clock.now_us);
    assert_true(b->last.tcp_flags & FIN); /* repeated */
    frames = b->frames;
    fixture_run(b, 200 * MS);
    fixture_arp(b, FIXTURE_OTHER_IP);
    assert_int_not_equal(b->frames, frames);
    assert_int_equal(b->last.tcp_flags, SYN);
    assert_true((int32_t)(sequence(b) - first) > (int32_t)HELLO_BYTES);
    assert_int_equal(b->count[TRACE_CONNECT], 2);
    assert_int_equal(b->count[TRACE_CONNECT_FAILED], 0);
    accept_hello(b);
    fixture_free(b);
}

/* What it says is thrown away, and changes nothing. */
static void a_server_that_talks(void **state)
{
    struct fixture *b = syn_sent();
    uint32_t first = accept_hello(b);

    (void)state;
    reply(b, ACK, ISS + 1, first, "220 ready");
    assert_int_equal(b->count[TRACE_HELLO_DELIVERED], 0);
    assert_int_equal(b->count[TRACE_ATTEMPT_FAILED], 0);
    reply(b, ACK, ISS + 1 + 9, first + HELLO_BYTES, "");
    assert_int_equal(b->count[TRACE_HELLO_DELIVERED], 1);
    fixture_free(b);
}

/* It says more than it has to with its acknowledgement, or closes with it: the hello is delivered,
 * and every buffer comes back, at each of more hellos than there are buffers. */
static void a_server_that_answers_with_the_acknowledgement(void **state)
{
    struct fixture *b = syn_sent();

    (void)state;
    for (uint32_t round = 0; round < PBUF_POOL_SIZE + 2; round++) {
        uint8_t with = round % 2 ? FIN : 0;
        uint32_t first = sequence(b) + 1;

        reply(b, SYN | ACK, ISS, first, "");
        reply(b, ACK | with, ISS + 1, first + HELLO_BYTES, "200 OK");
        assert_int_equal(b->count[TRACE_HELLO_DELIVERED], round + 1);
        assert_true(b->last.tcp_flags & FIN);
        reply(b, ACK | FIN, ISS + 7, first + HELLO_BYTES + 1, "");
        fixture_device(b);
        assert_int_equal(lwip_stats.memp[MEMP_PBUF_POOL]->used, 0);
        while (!(b->last.tcp_flags & SYN)) {
            fixture_run(b, 10 * SECOND);
            fixture_arp(b, FIXTURE_OTHER_IP);
        }
    }
    fixture_free(b);
}

static void a_server_that_closes_too_soon(void **state)
{
    struct fixture *b = syn_sent();
    uint32_t first = accept_hello(b), frames = b->frames;

    (void)state;
    reply(b, FIN | ACK, ISS + 1, first, "bye");
    assert_int_equal(b->count[TRACE_HELLO_DELIVERED], 0);
    assert_int_equal(b->count[TRACE_ATTEMPT_FAILED], 1);
    assert_int_equal(b->frames, frames + 1); /* a reset in the place of the FIN's acknowledgement */
    assert_true(b->last.tcp_flags & RST);
    assert_int_equal(sequence(b), first + HELLO_BYTES);
    fixture_device(b);
    assert_null(tcp_active_pcbs);
    assert_int_equal(lwip_stats.memp[MEMP_PBUF_POOL]->used, 0);
    fixture_free(b);
}

static void a_server_that_refuses(void **state)
{
    struct fixture *b = syn_sent();
    uint32_t frames = b->frames;

    (void)state;
    reply(b, RST | ACK, 0, sequence(b) + 1, "");
    assert_int_equal(b->count[TRACE_ATTEMPT_FAILED], 1);
    assert_string_equal(b->text[TRACE_CONNECT_FAILED], "refused or reset");
    assert_int_equal(b->frames, frames); /* nothing to say to that */
    fixture_free(b);
}

static void nobody_answers(void **state)
{
    struct fixture *b = syn_sent();

    (void)state;
    fixture_run(b, 44 * SECOND);
    assert_int_equal(b->count[TRACE_ATTEMPT_FAILED], 1);
    assert_string_equal(b->text[TRACE_CONNECT_FAILED], "no answer");
    assert_int_equal(b->last.tcp_flags, SYN);
    fixture_free(b);
}

/* The hello has left, its acknowledgement is on its way, and the device is unprovisioned: on 5.0.3
 * the interface is shut in that moment, and not even a reset gets out. */
static void full_unprovision_in_the_middle(void **state)
{
    struct fixture *b = syn_sent();
    uint32_t first = accept_hello(b);

    (void)state;
    b->chip.device.config.release = release_find("5.0.3");
    b->chip.device.config.oem = oem_find("bmp-off");
    b->frames = 0;
    assert_int_equal(device_mebx_full_unprovision(fixture_device(b), fixture_ms(b)), DEVICE_OK);
    chip_poll(&b->chip);
    reply(b, ACK, ISS + 1, first + HELLO_BYTES, "");
    fixture_run(b, HOUR);
    assert_int_equal(b->frames, 0);
    assert_int_equal(b->count[TRACE_HELLO_DELIVERED], 0);
    fixture_free(b);
}

/* The interface stays open, the attempt is dropped: whoever never answered is sent no reset, and
 * the schedule begins anew a second later. */
static void partial_unprovision_before_the_answer(void **state)
{
    struct fixture *b = syn_sent();
    uint64_t dropped = b->clock.now_us;

    (void)state;
    b->frames = 0;
    assert_int_equal(device_mebx_partial_unprovision(fixture_device(b), fixture_ms(b)), DEVICE_OK);
    chip_poll(&b->chip);
    fixture_run(b, SECOND - 5 * MS);
    assert_int_equal(b->frames, 0);
    fixture_run(b, 10 * MS);
    fixture_arp(b, FIXTURE_OTHER_IP);
    assert_int_equal(b->last.tcp_flags, SYN);
    assert_true(b->clock.now_us - dropped < 1100 * MS);
    assert_int_equal(b->count[TRACE_ATTEMPT], 2);
    assert_int_equal(b->chip.device.setup.attempt.retry, 0);
    fixture_free(b);
}

static void partial_unprovision_after_the_answer(void **state)
{
    struct fixture *b = syn_sent();

    (void)state;
    accept_hello(b);
    assert_int_equal(device_mebx_partial_unprovision(fixture_device(b), fixture_ms(b)), DEVICE_OK);
    fixture_run(b, MS);
    assert_true(b->last.tcp_flags & RST);
    assert_int_equal(b->count[TRACE_HELLO_DELIVERED], 0);
    fixture_free(b);
}

/* 32 bytes with a PSK, from the same port. */
static void a_psk_hello_on_the_wire(void **state)
{
    static const uint8_t want[32] = {
        1,    0,    2,    0,    0,    0,    0,    0, 0x44, 0x33, 0x22, 0x11, 0x66, 0x55, 0x88, 0x77,
        0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0, '0',  '0',  '0',  '0',  '0',  '3',  '7',  'M'};
    struct fixture *b = syn_sent();
    struct settings s = fixture_stored(b);

    (void)state;
    chip_power(&b->chip, false);
    memcpy(s.secret.pid, "0000037M", 8);
    fixture_store(b, &s);
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    fixture_arp(b, FIXTURE_OTHER_IP);
    fixture_run(b, SECOND);
    fixture_arp(b, FIXTURE_OTHER_IP);
    assert_int_equal(b->last.tcp_flags, SYN);
    reply(b, SYN | ACK, ISS, sequence(b) + 1, "");
    assert_int_equal(b->last.payload_len, sizeof(want));
    assert_memory_equal(b->last.payload, want, sizeof(want));
    assert_string_equal(b->text[TRACE_ATTEMPT], "PSK");
    fixture_free(b);
}

/* A server elsewhere is reached through the gateway of the witnessed lease. */
static void a_server_behind_the_gateway(void **state)
{
    struct fixture *b = fixture_new("5.0.2", "intel");
    struct settings s = fixture_factory(b);

    (void)state;
    s.config.server_ip = 0xC0000205u; /* 192.0.2.5 */
    fixture_store(b, &s);
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    fixture_run(b, 1100 * MS);
    assert_int_equal(b->last.kind, PACKET_ARP);
    assert_int_equal(b->last.dst_ip, FIXTURE_DHCP_IP);
    fixture_arp(b, FIXTURE_DHCP_IP);
    assert_int_equal(b->last.tcp_flags, SYN);
    assert_int_equal(b->last.dst_ip, 0xC0000205u);
    assert_memory_equal(b->last.dst_mac, fixture_other_mac, 6);
    fixture_free(b);
}

/* Names are asked of the DNS server of the witnessed lease. */
static void the_dns_server_of_the_lease(void **state)
{
    struct fixture *b = fixture_new("5.0.2", "intel");

    (void)state;
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    fixture_run(b, 1100 * MS);
    assert_int_equal(b->last.kind, PACKET_ARP);
    assert_int_equal(b->last.dst_ip, FIXTURE_DNS_IP);
    fixture_arp(b, FIXTURE_DNS_IP);
    assert_int_equal(b->last.kind, PACKET_DNS);
    assert_int_equal(b->last.dst_ip, FIXTURE_DNS_IP);
    fixture_free(b);
}

static uint16_t asked_from[16];
static size_t questions;

static void keep_port(struct fixture *b, const struct packet *packet, size_t len)
{
    (void)b;
    (void)len;
    if (packet->kind != PACKET_DNS || questions == sizeof(asked_from) / sizeof(asked_from[0]))
        return;
    if (questions == 0 || asked_from[questions - 1] != packet->src_port)
        asked_from[questions++] = packet->src_port;
}

/* Each name is asked for from another port, which nobody can tell from the one before (RFC
 * 5452 9.2, 10). */
static void ports_of_questions(void **state)
{
    struct fixture *b = fixture_new("5.0.2", "intel");

    (void)state;
    questions = 0;
    b->chip.hal.host = HAL_HOST_UP;
    b->on_frame = keep_port;
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    fixture_run(b, 1100 * MS);
    for (int i = 0; i < 180; i++) {
        fixture_arp(b, FIXTURE_DNS_IP);
        fixture_run(b, SECOND);
    }
    assert_true(questions >= 4);
    for (size_t i = 1; i < questions; i++) {
        int step = asked_from[i] - asked_from[i - 1];

        assert_true(step > 64 || step < -64);
    }
    fixture_free(b);
}

/* A look-up is dropped with the mode in which it was made, and its slot is used up. */
static void the_host_goes_while_it_looks_up(void **state)
{
    struct fixture *b = fixture_new("5.0.2", "intel");

    (void)state;
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    fixture_run(b, 1100 * MS);
    assert_int_equal(b->count[TRACE_LOOKUP], 1);
    assert_int_equal(b->count[TRACE_ATTEMPT_FAILED], 0);
    b->chip.hal.host = HAL_HOST_DOWN;
    chip_poll(&b->chip);
    assert_int_equal(b->count[TRACE_ATTEMPT_FAILED], 1);
    fixture_run(b, 30 * SECOND);
    assert_int_equal(b->count[TRACE_LOOKUP], 1);
    assert_int_equal(b->last.kind, PACKET_DHCP);
    fixture_free(b);
}

/* The answer to a question, from that server and port: this address. */
static void answer_from(struct fixture *b, uint32_t server, uint16_t server_port,
                        const uint8_t *question, size_t len, uint32_t ip)
{
    static const uint8_t record[12] = {0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4};
    const struct packet *q = &b->last;
    uint8_t message[256], frame[LAN_FRAME];
    uint16_t port = packet_get16(question);

    memcpy(message, question + 2, len - 2);
    message[2] = 0x81;
    message[3] = 0x80;
    message[7] = 1;
    memcpy(message + len - 2, record, sizeof(record));
    packet_put32(message + len - 2 + sizeof(record), ip);
    len = packet_udp(frame, sizeof(frame), fixture_mac, fixture_other_mac, server, server_port,
                     q->src_ip, port, message, len - 2 + sizeof(record) + 4);
    fixture_send(b, frame, len);
    fixture_run(b, MS);
}

static void answer(struct fixture *b, const uint8_t *question, size_t len, uint32_t ip)
{
    answer_from(b, FIXTURE_DNS_IP, 53, question, len, ip);
}

/* Keeps the question that came last, behind the port that it came from. */
static size_t keep_question(const struct fixture *b, uint8_t out[256])
{
    assert_int_equal(b->last.kind, PACKET_DNS);
    assert_true(b->last.payload_len + 2 + 16 <= 256);
    packet_put16(out, b->last.src_port);
    memcpy(out + 2, b->last.payload, b->last.payload_len);
    return b->last.payload_len + 2;
}

/* An answer that comes when nobody waits for it any more is not taken for another one's. */
static void an_answer_that_comes_too_late(void **state)
{
    struct fixture *b = fixture_new("5.0.2", "intel");
    uint8_t first[256], second[256];
    size_t first_len, second_len;

    (void)state;
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    fixture_run(b, 1100 * MS);
    fixture_arp(b, FIXTURE_DNS_IP);
    first_len = keep_question(b, first);
    assert_int_equal(device_mebx_domain(fixture_device(b), "new.example", fixture_ms(b)),
                     DEVICE_OK);
    assert_int_equal(device_mebx_partial_unprovision(fixture_device(b), fixture_ms(b)), DEVICE_OK);
    chip_poll(&b->chip);
    fixture_run(b, 1100 * MS);
    assert_string_equal(b->text[TRACE_LOOKUP], "ProvisionServer.new.example");
    for (int i = 0; i < 3000 && packet_get16(b->last.payload) == packet_get16(first + 2); i++)
        fixture_run(b, MS);
    second_len = keep_question(b, second);
    answer(b, first, first_len, FIXTURE_OTHER_IP);
    assert_int_equal(b->count[TRACE_CONNECT], 0);
    answer(b, second, second_len, FIXTURE_OTHER_IP);
    assert_int_equal(b->count[TRACE_CONNECT], 1);
    fixture_free(b);
}

/* Runs until that server has been asked that often; what it is asked is kept. */
static size_t asked(struct fixture *b, uint32_t server, int times, uint8_t out[256])
{
    for (int i = 0; i < 20 * 1000 && times > 0; i++) {
        int frames = (int)b->frames;

        fixture_run(b, MS);
        if ((int)b->frames > frames && b->last.kind == PACKET_ARP)
            fixture_arp(b, b->last.dst_ip);
        if ((int)b->frames > frames && b->last.kind == PACKET_DNS && b->last.dst_ip == server)
            times--;
    }
    assert_int_equal(times, 0);
    return keep_question(b, out);
}

/* With fixed addresses: the first name server is silent, and the second one asked. Nobody else's
 * answer counts then, and none from another port. */
static void the_second_name_server(void **state)
{
    struct fixture *b = fixture_new("5.0.2", "intel");
    struct settings s = fixture_factory(b);
    uint8_t question[256];
    size_t len;

    (void)state;
    s.config.dhcp_enabled = false;
    s.config.fixed = (struct static_address){FIXTURE_IP, 0xFFFFFF00, FIXTURE_DHCP_IP,
                                             FIXTURE_DNS_IP, FIXTURE_OTHER_IP};
    fixture_store(b, &s);
    chip_power(&b->chip, true);
    asked(b, FIXTURE_DNS_IP, 4, question);
    len = asked(b, FIXTURE_OTHER_IP, 1, question);
    answer_from(b, FIXTURE_DNS_IP, 53, question, len, FIXTURE_OTHER_IP);
    answer_from(b, FIXTURE_OTHER_IP, 5353, question, len, FIXTURE_OTHER_IP);
    assert_int_equal(b->count[TRACE_CONNECT], 0);
    answer_from(b, FIXTURE_OTHER_IP, 53, question, len, FIXTURE_OTHER_IP);
    assert_int_equal(b->count[TRACE_CONNECT], 1);
    fixture_free(b);
}

static int no_randomness(void *ctx, void *out, size_t len)
{
    (void)ctx;
    (void)out;
    (void)len;
    return -1;
}

/* The ids and ports of what still leaves before the device closes: nobody's answer counts for
 * another question. */
static void without_randomness_numbers_differ(void **state)
{
    const struct hal_entropy entropy = {.fill = no_randomness};
    static struct ip_stack stack;
    static struct netif netif;
    uint32_t seen[64];

    (void)state;
    stack.entropy = &entropy;
    netif.state = &stack;
    netif_default = &netif;
    for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
        seen[i] = ip_stack_rand();
        for (size_t k = 0; k < i; k++)
            assert_int_not_equal(seen[i], seen[k]);
    }
    netif_default = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_randomness_numbers_differ),
        cmocka_unit_test(the_hello_leaves_with_the_acknowledgement),
        cmocka_unit_test(a_server_that_takes_nothing_yet),
        cmocka_unit_test(nothing_to_say),
        cmocka_unit_test(the_device_closes_on_the_acknowledgement),
        cmocka_unit_test(half_an_acknowledgement_is_none),
        cmocka_unit_test(a_server_that_falls_silent),
        cmocka_unit_test(a_server_that_forgets_to_close),
        cmocka_unit_test(a_server_that_talks),
        cmocka_unit_test(a_server_that_answers_with_the_acknowledgement),
        cmocka_unit_test(a_server_that_closes_too_soon),
        cmocka_unit_test(a_server_that_refuses),
        cmocka_unit_test(nobody_answers),
        cmocka_unit_test(full_unprovision_in_the_middle),
        cmocka_unit_test(partial_unprovision_before_the_answer),
        cmocka_unit_test(partial_unprovision_after_the_answer),
        cmocka_unit_test(a_psk_hello_on_the_wire),
        cmocka_unit_test(a_server_behind_the_gateway),
        cmocka_unit_test(the_dns_server_of_the_lease),
        cmocka_unit_test(ports_of_questions),
        cmocka_unit_test(the_host_goes_while_it_looks_up),
        cmocka_unit_test(an_answer_that_comes_too_late),
        cmocka_unit_test(the_second_name_server),
    };

    return cmocka_run_group_tests_name("device_tcp", tests, NULL, NULL);
}
