#ifndef TESTS_DEVICE_BENCH_H
#define TESTS_DEVICE_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/status.h"
#include "fw/store/settings_store.h"
#include "sim/chip.h"
#include "sim/dhcpd.h"
#include "sim/lan.h"
#include "sim/packet.h"

/* One ME on a segment, and a second station there that can send anything. */

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MS UINT64_C(1000)
#define SECOND (1000 * MS)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define BENCH_IP 0x0A000032u      /* 10.0.0.50: the address that the ME shares */
#define BENCH_DHCP_IP 0x0A000001u /* also the gateway */
#define BENCH_DNS_IP 0x0A000002u  /* nobody is there */
#define BENCH_OTHER_IP 0x0A000063u
#define BENCH_XID 1 /* of the host's exchange */

static const uint8_t bench_mac[6] = {0x02, 0xa3, 0x7e, 0, 0, 1};
static const uint8_t bench_other_mac[6] = {0x02, 0, 0, 0, 0, 0x99};
static const uint8_t bench_broadcast[6] = {255, 255, 255, 255, 255, 255};

struct bench {
    struct sim_clock clock;
    struct lan lan;
    struct chip chip;
    struct dhcpd dhcpd; /* attached by bench_dhcpd() */
    int me, other;
    uint32_t frames; /* that left the ME */
    struct packet last;
    uint8_t last_bytes[LAN_FRAME];
    void (*on_frame)(struct bench *b, const struct packet *packet, size_t len);
    uint32_t answers; /* on the host interface */
    uint64_t answered_us;
    uint8_t answer[VIRTUAL_MESSAGE_BYTES];
    size_t answer_len;
    uint32_t count[64]; /* of traces, by enum trace_event */
    char text[64][256]; /* of the latest of each */
};

static inline void bench_frame_out(void *ctx, const uint8_t *frame, size_t len)
{
    struct bench *b = ctx;

    lan_send(&b->lan, b->me, frame, len);
}

static inline void bench_message_out(void *ctx, const uint8_t *message, size_t len)
{
    struct bench *b = ctx;

    assert_true(len <= sizeof(b->answer));
    b->answers++;
    b->answered_us = b->clock.now_us;
    b->answer_len = len;
    memcpy(b->answer, message, len);
}

static inline void bench_trace(void *ctx, uint64_t now_ms, int event, uint32_t value,
                               const char *text, const char *source)
{
    struct bench *b = ctx;

    (void)value;
    (void)source;
    assert_int_equal(now_ms, chip_now_ms(&b->chip));
    assert_in_range(event, 0, 63);
    b->count[event]++;
    strncpy(b->text[event], text ? text : "", sizeof(b->text[event]) - 1);
}

static inline void bench_frame_in(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct bench *b = ctx;

    (void)from;
    if (!b->chip.powered)
        return;
    virtual_frame_in(&b->chip.hal, frame, len);
    chip_poll(&b->chip);
}

static inline void bench_deaf(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    (void)ctx;
    (void)from;
    (void)frame;
    (void)len;
}

static inline void bench_tap(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct bench *b = ctx;

    if (from != LAN_ME)
        return;
    b->frames++;
    memcpy(b->last_bytes, frame, len);
    assert_true(packet_parse(b->last_bytes, len, &b->last));
    if (b->on_frame)
        b->on_frame(b, &b->last, len);
}

/* A test that failed has left its bench here. One at a time: an image of lwIP's variables must not
 * outlive the test that entered it. */
static struct bench *bench_live;

static inline void bench_free(struct bench *b)
{
    lan_free(&b->lan);
    clock_free(&b->clock);
    chip_free(&b->chip);
    free(b);
    bench_live = NULL;
}

/* Power is off, the cable is in, the host is down. */
static inline struct bench *bench_new(const char *release, const char *oem)
{
    struct bench *b = calloc(1, sizeof(*b));
    struct device_config config = {.release = release_find(release),
                                   .oem = oem_find(oem),
                                   .uuid = {0x44, 0x33, 0x22, 0x11, 0x66, 0x55, 0x88, 0x77, 0x99,
                                            0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x00}};
    struct virtual_out out = {b, bench_frame_out, bench_message_out, bench_trace};
    struct lan_port me = {
        .ctx = b, .frame = bench_frame_in, .sender = LAN_ME, .link = true, .group = 1};
    struct lan_port other = {.ctx = b, .frame = bench_deaf, .sender = LAN_LAN, .link = true};

    assert_non_null(b);
    if (bench_live)
        bench_free(bench_live);
    bench_live = b;
    memcpy(config.mac, bench_mac, sizeof(config.mac));
    clock_init(&b->clock);
    lan_init(&b->lan, &b->clock, 1);
    b->lan.tap = bench_tap;
    b->lan.tap_ctx = b;
    assert_true(chip_init(&b->chip, &b->clock, &config, &out, 7));
    b->chip.hal.link = true;
    b->me = lan_attach(&b->lan, &me);
    b->other = lan_attach(&b->lan, &other);
    return b;
}

static inline void bench_dhcpd(struct bench *b, const char *option15)
{
    dhcpd_init(&b->dhcpd, &b->lan, BENCH_DHCP_IP);
    b->dhcpd.first_ip = BENCH_IP;
    strcpy(b->dhcpd.option15, option15);
}

static inline struct device *bench_device(struct bench *b)
{
    lwip_image_enter(b->chip.image);
    return &b->chip.device;
}

static inline uint64_t bench_ms(const struct bench *b)
{
    return chip_now_ms(&b->chip);
}

static inline void bench_run(struct bench *b, uint64_t us)
{
    clock_run(&b->clock, b->clock.now_us + us);
}

static inline void bench_send(struct bench *b, const uint8_t *frame, size_t len)
{
    assert_int_not_equal(len, 0);
    lan_send(&b->lan, b->other, frame, len);
}

/* What the device would find at its next start. */
static inline struct settings bench_stored(struct bench *b)
{
    struct settings s;
    struct store store;

    settings_factory(&s, b->chip.config.release, b->chip.config.oem);
    assert_int_equal(store_mount(&store, &b->chip.hal.hal.flash), STORE_OK);
    assert_int_equal(settings_load(&store, &s), STORE_OK);
    return s;
}

/* Before power comes. */
static inline void bench_store(struct bench *b, const struct settings *s)
{
    struct store store;

    assert_int_equal(store_mount(&store, &b->chip.hal.hal.flash), STORE_OK);
    assert_int_equal(settings_save(&store, s), STORE_OK);
}

static inline struct settings bench_factory(const struct bench *b)
{
    struct settings s;

    settings_factory(&s, b->chip.config.release, b->chip.config.oem);
    return s;
}

static inline struct settings bench_provisioned(const struct bench *b)
{
    struct settings s = bench_factory(b);

    s.machine.setup_state = SETUP_PROVISIONED;
    s.machine.window_kind = WINDOW_OPERATIONAL;
    s.machine.bmp_left_s = 0;
    s.secret.password_default = false;
    memset(s.secret.password, 0, sizeof(s.secret.password));
    memcpy(s.secret.password, "P@ssw0rd", 8);
    return s;
}

static inline uint16_t bench_sum(const uint8_t *bytes, size_t len, uint32_t sum)
{
    for (size_t i = 0; i < len; i++)
        sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t)~sum;
}

#define BENCH_ICMP 1
#define BENCH_TCP 6
#define BENCH_UDP 17

/* An IPv4 packet of the other station's to the shared address, with right checksums. */
static inline void bench_ipv4(struct bench *b, uint8_t proto, const uint8_t *payload, size_t len,
                              size_t checksum_at)
{
    uint8_t frame[256] = {0}, *ip = frame + 14;
    uint32_t pseudo = 0;

    memcpy(frame, bench_mac, 6);
    memcpy(frame + 6, bench_other_mac, 6);
    packet_put16(frame + 12, 0x0800);
    ip[0] = 0x45;
    packet_put16(ip + 2, (uint16_t)(20 + len));
    ip[8] = 64;
    ip[9] = proto;
    packet_put32(ip + 12, BENCH_OTHER_IP);
    packet_put32(ip + 16, BENCH_IP);
    packet_put16(ip + 10, bench_sum(ip, 20, 0));
    memcpy(ip + 20, payload, len);
    if (proto != BENCH_ICMP)
        pseudo = 0x0A00 + 0x0063 + 0x0A00 + 0x0032 + proto + (uint32_t)len;
    packet_put16(ip + 20 + checksum_at, bench_sum(ip + 20, len, pseudo));
    bench_send(b, frame, 14 + 20 + len);
}

/* The host asks for the shared address. */
static inline void bench_host_asks(struct bench *b)
{
    struct dhcp_message head = {.op = DHCP_FROM_CLIENT, .type = DHCP_REQUEST, .xid = BENCH_XID};
    uint8_t message[DHCP_BYTES], frame[LAN_FRAME];
    size_t len;

    memcpy(head.mac, bench_mac, 6);
    len = dhcp_begin(message, &head);
    len = dhcp_option_u32(message, len, 50, BENCH_IP);
    len = dhcp_option_u32(message, len, 54, BENCH_DHCP_IP);
    len = dhcp_end(message, len);
    len = packet_udp(frame, sizeof(frame), bench_broadcast, bench_mac, 0, 68, 0xFFFFFFFFu, 67,
                     message, len);
    virtual_host_frame(&b->chip.hal, frame, len);
    chip_poll(&b->chip);
}

/* A DHCP ACK for the shared MAC, as the host's server would send it: it counts after
 * bench_host_asks(). NULL: without option 15; 0 s: for ever. */
static inline void bench_answer(struct bench *b, const char *option15, uint32_t lease_s)
{
    struct dhcp_message head = {
        .op = DHCP_FROM_SERVER, .type = DHCP_ACK, .xid = BENCH_XID, .yiaddr = BENCH_IP};
    uint8_t message[DHCP_BYTES], frame[LAN_FRAME];
    size_t len;

    memcpy(head.mac, bench_mac, 6);
    len = dhcp_begin(message, &head);
    len = dhcp_option_u32(message, len, 54, BENCH_DHCP_IP);
    len = dhcp_option_u32(message, len, 51, lease_s ? lease_s : UINT32_MAX);
    len = dhcp_option_u32(message, len, 1, 0xFFFFFF00u);
    len = dhcp_option_u32(message, len, 3, BENCH_DHCP_IP);
    len = dhcp_option_u32(message, len, 6, BENCH_DNS_IP);
    if (option15)
        len = dhcp_option(message, len, 15, option15, (uint8_t)strlen(option15));
    len = dhcp_end(message, len);
    len = packet_udp(frame, sizeof(frame), bench_broadcast, bench_other_mac, BENCH_DHCP_IP, 67,
                     0xFFFFFFFFu, 68, message, len);
    bench_send(b, frame, len);
    bench_run(b, MS);
}

static inline void bench_lease(struct bench *b, const char *option15, uint32_t lease_s)
{
    bench_host_asks(b);
    bench_answer(b, option15, lease_s);
}

static inline void bench_ack(struct bench *b, const char *option15)
{
    bench_lease(b, option15, 0);
}

/* The other station is at `ip`: an answer to the ME, asked for or not. */
static inline void bench_arp(struct bench *b, uint32_t ip)
{
    uint8_t frame[64];

    bench_send(b, frame,
               packet_arp_reply(frame, sizeof(frame), bench_mac, bench_other_mac, ip, BENCH_IP));
    bench_run(b, MS);
}

/* It asks who has `target`. */
static inline void bench_arp_request(struct bench *b, uint32_t target)
{
    uint8_t frame[64];
    size_t len = packet_arp_reply(frame, sizeof(frame), bench_broadcast, bench_other_mac,
                                  BENCH_OTHER_IP, target);

    packet_put16(frame + 20, PACKET_ARP_REQUEST);
    bench_send(b, frame, len);
}

/* A day and more in which not one frame leaves, whoever asks. */
static inline void bench_silence(struct bench *b)
{
    uint32_t frames = b->frames;

    bench_arp_request(b, BENCH_IP);
    bench_run(b, HOUR);
    bench_arp_request(b, BENCH_IP);
    bench_run(b, 26 * HOUR);
    assert_int_equal(b->frames, frames);
}

/* Hands in a request and polls; false: the device has not taken the one before. */
static inline bool bench_ask(struct bench *b, uint8_t operation)
{
    const uint8_t request[12] = {1, 1, 0, 0, operation, 0, 0, 4};

    if (!virtual_message_in(&b->chip.hal, request, sizeof(request)))
        return false;
    chip_poll(&b->chip);
    return true;
}

static inline uint32_t bench_status(const struct bench *b)
{
    assert_true(b->answer_len >= 16);
    return b->answer[12] | b->answer[13] << 8 | b->answer[14] << 16 | (uint32_t)b->answer[15] << 24;
}

/* StartConfiguration, with an answer at once. */
static inline uint32_t bench_start(struct bench *b)
{
    uint32_t answers = b->answers;

    assert_true(bench_ask(b, 0x29));
    assert_int_equal(b->answers, answers + 1);
    assert_int_equal(b->answer_len, 16);
    assert_memory_equal(b->answer, "\x01\x01\0\0\x29\0\x80\x04\x04\0\0\0", 12);
    return bench_status(b);
}

/* GetProvisioningState. */
static inline uint32_t bench_state(struct bench *b)
{
    uint32_t answers = b->answers;

    assert_true(bench_ask(b, 0x11));
    assert_int_equal(b->answers, answers + 1);
    assert_int_equal(b->answer_len, 20);
    assert_int_equal(bench_status(b), 0);
    assert_memory_equal(b->answer + 17, "\0\0\0", 3);
    return b->answer[16];
}

#endif
