// SPDX-License-Identifier: BSD-3-Clause
// links: fw/net/presence_port.c fw/net/packet.c @core
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fw/core/bytes.h"
#include "fw/core/limits.h"
#include "fw/net/packet.h"
#include "fw/net/presence_port.h"

/* MeshCentral's ping, from 10.0.0.9 port 40000 to 10.0.0.5, with its checksums. */
#define PING_FRAME 54
static const uint8_t ping_frame[PING_FRAME] = {
    0x02, 0xA3, 0x7E, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00, 0x00, 0x09, 0x08, 0x00,
    0x45, 0x00, 0x00, 0x28, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0x26, 0xB8, 0x0A, 0x00,
    0x00, 0x09, 0x0A, 0x00, 0x00, 0x05, 0x9C, 0x40, 0x02, 0x6F, 0x00, 0x14, 0x00, 0x00,
    0x06, 0x00, 0x00, 0x06, 0x00, 0x00, 0x11, 0xBE, 0x80, 0x7B, 0x00, 0x00,
};
#define OWN_IP 0x0A000005u
#define DATA_AT 42

static uint8_t sent[128];
static size_t sent_len;
static uint32_t sent_count;
static const struct release *release;
static struct presence_facts facts;

static int send_frame(void *ctx, const uint8_t *frame, size_t len)
{
    (void)ctx;
    assert_in_range(len, 1, sizeof(sent));
    memcpy(sent, frame, len);
    sent_len = len;
    sent_count++;
    return 0;
}

static bool describe(void *ctx, uint8_t out[PRESENCE_BYTES])
{
    (void)ctx;
    return presence_describe(release, &facts, out);
}

static const struct hal_ether ether = {.send = send_frame};
static struct presence_port port;

static int set_up(void **state)
{
    (void)state;
    port = (struct presence_port){.describe = describe};
    release = &release_5_1;
    facts = (struct presence_facts){
        .state = SETUP_PROVISIONED, .host_on = true, .dhcp = true, .tls_on = true};
    sent_count = 0;
    return 0;
}

static bool hears(const uint8_t *frame, size_t len)
{
    return presence_port_input(&port, &ether, OWN_IP, 5000, frame, len);
}

/* Where the ping came from gets it, with its tag (DSP0136). */
static void an_answer(void **state)
{
    static const uint8_t addresses[] = {0x02, 0x00, 0x00, 0x00, 0x00, 0x09, 0x02,
                                        0xA3, 0x7E, 0x00, 0x00, 0x01, 0x08, 0x00};
    static const uint8_t ends[] = {10, 0, 0, 5, 10, 0, 0, 9, 0x02, 0x6F, 0x9C, 0x40, 0x00, 36};
    size_t bytes;
    static const uint8_t pong[] = {0x06, 0x00, 0xFF, 0x06, 0x00, 0x00, 0x11, 0xBE,
                                   0x40, 0x7B, 0x00, 0x10, 0x00, 0x00, 0x01, 0x57};

    (void)state;
    assert_true(hears(ping_frame, PING_FRAME));
    assert_int_equal(sent_count, 1);
    assert_int_equal(sent_len, DATA_AT + 28);
    assert_memory_equal(sent, addresses, sizeof(addresses));
    assert_memory_equal(sent + 26, ends, sizeof(ends));
    assert_memory_equal(sent + DATA_AT, pong, sizeof(pong));
    assert_ptr_equal(packet_datagram(sent, sent_len, &bytes), sent + 34);
    assert_int_equal(bytes, 28);
    assert_int_not_equal(get_be16(sent + 40), 0);
    assert_true(packet_sums_right(sent, sent + 34));
    assert_int_equal(sent[16] << 8 | sent[17], sent_len - 14);
}

static void says(const struct release *of, const uint8_t expected[PRESENCE_BYTES])
{
    uint8_t got[PRESENCE_BYTES];

    assert_true(presence_describe(of, &facts, got));
    assert_memory_equal(got, expected, PRESENCE_BYTES);
}

/* G-pong: Intel's number, port, release, state, entities, interactions. */
static void what_each_release_says(void **state)
{
    static const uint8_t on_4_0[PRESENCE_BYTES] = {0, 0, 1, 0x57, 0, 0, 0, 0, 0x21},
                         on_5_1[PRESENCE_BYTES] = {0, 0, 1, 0x57, 0, 0, 0, 0, 0x01, 0x20},
                         on_6_0[PRESENCE_BYTES] = {0, 0, 1, 0x57, 0x42, 0x61, 0x60, 2, 0x01, 0x20},
                         on_6_2[PRESENCE_BYTES] = {0, 0, 1, 0x57, 0x42, 0x60, 0x62, 2, 0x01, 0x20},
                         early[PRESENCE_BYTES] = {0, 0, 1, 0x57, 0, 0, 0x61, 1, 0x01, 0x20};
    uint8_t out[PRESENCE_BYTES];

    (void)state;
    says(&release_4_0, on_4_0);
    says(&release_5_0_3, on_4_0);
    says(&release_5_1, on_5_1);
    says(&release_5_2, on_5_1);
    says(&release_6_0, on_6_0);
    facts.tls_on = false;
    says(&release_6_2, on_6_2);
    assert_false(presence_describe(&release_3_2_2, &facts, out));
    assert_false(presence_describe(&release_2_0, &facts, out));
    facts.state = SETUP_IN_PROCESS;
    says(&release_6_1, early);
    facts.state = SETUP_FACTORY;
    assert_true(presence_describe(&release_6_1, &facts, out));
    assert_int_equal(out[7], 0);
}

static void who_says_nothing(void **state)
{
    static const struct presence_facts silent[] = {
        {.state = SETUP_SETUP, .host_on = false, .dhcp = true},
        {.state = SETUP_SETUP, .host_on = true, .dhcp = false},
        {.state = SETUP_PROVISIONED, .host_on = true, .dhcp = true, .disabled = true},
        {.state = SETUP_LOCKED, .host_on = true, .dhcp = true},
    };
    uint8_t out[PRESENCE_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++)
        assert_false(presence_describe(&release_6_1, &silent[i], out));
    facts.state = SETUP_IN_PROCESS;
    assert_false(presence_describe(&release_6_0, &facts, out));
    /* lwIP then does with the frame what it does with any other. */
    assert_false(hears(ping_frame, PING_FRAME));
    assert_int_equal(sent_count, 0);
}

/* Every byte that has to be as it is; of the sequence number (44) and the tag (51) none has. */
static void a_ping_is_right_as_a_whole(void **state)
{
    uint8_t frame[PING_FRAME + 1] = {0};

    (void)state;
    for (size_t i = 12; i < PING_FRAME; i++) {
        bool any = i == 44 || i == 51 || i == 34 || i == 35;

        memcpy(frame, ping_frame, PING_FRAME);
        frame[i] ^= 0x40;
        assert_int_equal(hears(frame, PING_FRAME), any);
    }
    assert_int_equal(sent_count, 4);
    for (size_t len = 0; len < PING_FRAME; len++)
        assert_false(hears(ping_frame, len));
    /* Padding behind the packet is Ethernet's. */
    memcpy(frame, ping_frame, PING_FRAME);
    assert_true(hears(frame, PING_FRAME + 1));
}

static void with_sum(uint8_t frame[PING_FRAME])
{
    uint32_t sum = 0;

    frame[24] = frame[25] = 0;
    for (size_t i = 14; i < 34; i += 2)
        sum += (uint32_t)frame[i] << 8 | frame[i + 1];
    sum = (sum & 0xFFFFu) + (sum >> 16);
    frame[24] = (uint8_t)(~sum >> 8);
    frame[25] = (uint8_t)~sum;
}

/* An answer goes to one station: nobody can be made to flood a network. */
static void only_to_a_station(void **state)
{
    static const uint8_t nobody[][4] = {
        {0, 0, 0, 0}, {127, 0, 0, 1}, {224, 0, 0, 1}, {255, 255, 255, 255}};
    uint8_t frame[PING_FRAME];

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        memcpy(frame, ping_frame, PING_FRAME);
        memcpy(frame + 26, nobody[i], 4);
        with_sum(frame);
        assert_false(hears(frame, PING_FRAME));
    }
    memcpy(frame, ping_frame, PING_FRAME);
    memset(frame, 0xFF, 6);
    assert_false(hears(frame, PING_FRAME));
    memcpy(frame, ping_frame, PING_FRAME);
    frame[6] |= 1;
    assert_false(hears(frame, PING_FRAME));
    memcpy(frame, ping_frame, PING_FRAME);
    memset(frame + 34, 0, 2);
    assert_false(hears(frame, PING_FRAME));
    assert_false(presence_port_input(&port, &ether, 0, 0, ping_frame, PING_FRAME));
    assert_int_equal(sent_count, 0);
}

static void a_flood(void **state)
{
    (void)state;
    for (uint64_t now = 10000; now < 12000; now++)
        assert_true(presence_port_input(&port, &ether, OWN_IP, now, ping_frame, PING_FRAME));
    assert_int_equal(sent_count, 2 * LIMIT_PONGS_A_SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_answer, set_up),
        cmocka_unit_test_setup(what_each_release_says, set_up),
        cmocka_unit_test_setup(who_says_nothing, set_up),
        cmocka_unit_test_setup(a_ping_is_right_as_a_whole, set_up),
        cmocka_unit_test_setup(only_to_a_station, set_up),
        cmocka_unit_test_setup(a_flood, set_up),
    };

    return cmocka_run_group_tests_name("presence_port", tests, NULL, NULL);
}
