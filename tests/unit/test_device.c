// links: @fw @sim @lwip
#include "device_bench.h"

#include "fw/core/trace.h"

/* --- what is there is what was asked -------------------------------------------------------- */

static void no_entropy_keeps_the_interface_shut(void **state)
{
    struct bench *b = bench_new("5.0.2", "intel"); /* bare metal would start at once */
    struct settings s;

    (void)state;
    bench_dhcpd(b, "corp.example");
    b->chip.hal.no_entropy = true;
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    assert_int_equal(b->count[TRACE_NO_ENTROPY], 1);
    bench_ack(b, "corp.example");
    assert_int_equal(b->count[TRACE_WITNESSED], 1);
    assert_true(bench_ask(b, 0x2E)); /* GetRNGSeedStatus */
    assert_int_equal(bench_status(b), 0);
    assert_int_equal(b->answer_len, 20);
    assert_memory_equal(b->answer + 16, "\2\0\0\0", 4); /* does not exist */
    assert_int_equal(bench_start(b), 0x30);
    b->chip.hal.host = HAL_HOST_DOWN;
    chip_poll(&b->chip);
    bench_run(b, 25 * HOUR);
    assert_int_equal(bench_start(b), 0x30);
    assert_int_equal(bench_state(b), 0);
    assert_int_equal(b->frames, 0);

    /* Not even for a device that was provisioned, or is asked to open in MEBx. */
    chip_power(&b->chip, false);
    s = bench_provisioned(b);
    bench_store(b, &s);
    chip_power(&b->chip, true);
    bench_run(b, HOUR);
    assert_int_equal(device_mebx_partial_unprovision(bench_device(b), bench_ms(b)), DEVICE_OK);
    bench_run(b, HOUR);
    assert_int_equal(b->frames, 0);
    bench_free(b);
}

static void with_entropy_the_seed_exists(void **state)
{
    struct bench *b = bench_new("5.0.3", "bmp-off");

    (void)state;
    chip_power(&b->chip, true);
    assert_true(bench_ask(b, 0x2E));
    assert_memory_equal(b->answer + 12, "\0\0\0\0\0\0\0\0", 8);
    bench_free(b);
}

/* Nobody shares the wire with an absent host, so there is nothing to witness: the device asks a
 * DHCP server itself, and has 1.5 s for it. */
static struct bench *boarded(const char *release)
{
    struct bench *b = bench_new(release, "bmp-off");

    b->chip.hal.host = HAL_HOST_ABSENT;
    return b;
}

static void expect_silence(struct bench *b)
{
    uint32_t frames = b->frames;
    uint8_t arp[64];
    size_t len;

    bench_run(b, HOUR);
    len =
        packet_arp_reply(arp, sizeof(arp), bench_broadcast, bench_other_mac, 0x0A000063, BENCH_IP);
    packet_put16(arp + 20, PACKET_ARP_REQUEST);
    bench_send(b, arp, len);
    bench_run(b, 26 * HOUR);
    assert_int_equal(b->frames, frames);
}

static void absent_host_and_no_server(void **state)
{
    struct bench *b = boarded("5.0.3");
    uint64_t asked;

    (void)state;
    chip_power(&b->chip, true);
    bench_run(b, MINUTE);
    assert_int_equal(b->frames, 0);
    for (uint32_t round = 1; round <= 3; round++) {
        asked = b->clock.now_us;
        assert_true(bench_ask(b, 0x29));
        assert_int_equal(b->answers, 2 * round - 2);
        bench_run(b, 1499 * MS);
        assert_int_equal(b->answers, 2 * round - 2);
        bench_run(b, 1 * MS);
        assert_int_equal(b->answers, 2 * round - 1);
        assert_int_equal(b->answered_us, asked + 1500 * MS);
        assert_memory_equal(b->answer, "\x01\x01\0\0\x29\0\x80\x04\x04\0\0\0\x02\0\0\0", 16);
        assert_true(b->frames >= round); /* it did ask */
        assert_int_equal(b->last.kind, PACKET_DHCP);
        expect_silence(b);
        assert_int_equal(bench_state(b), 0);
    }
    bench_free(b);
}

static void absent_host_and_a_server_with_option_15(void **state)
{
    struct bench *b = boarded("5.0.3");

    (void)state;
    bench_dhcpd(b, "corp.example");
    chip_power(&b->chip, true);
    bench_run(b, MINUTE);
    assert_int_equal(b->frames, 0);
    assert_true(bench_ask(b, 0x29));
    bench_run(b, 1500 * MS);
    assert_int_equal(b->answers, 1);
    assert_int_equal(bench_status(b), 0);
    assert_true(b->answered_us < MINUTE + 100 * MS);
    assert_int_equal(bench_state(b), 1);
    assert_int_equal(bench_start(b), 3); /* at once: the window is open */
    /* The lease is kept, and looked up with. */
    bench_run(b, 10 * SECOND);
    assert_int_equal(b->chip.device.net.facts.ip, BENCH_IP);
    assert_string_equal(b->text[TRACE_LOOKUP], "ProvisionServer.corp.example");
    bench_free(b);
}

static void absent_host_and_a_server_without_option_15(void **state)
{
    struct bench *b = boarded("5.0.3");

    (void)state;
    bench_dhcpd(b, "");
    chip_power(&b->chip, true);
    for (int round = 0; round < 2; round++) {
        uint32_t frames = b->frames;
        uint64_t asked = b->clock.now_us;

        assert_true(bench_ask(b, 0x29));
        bench_run(b, 1500 * MS);
        assert_int_equal(b->answered_us, asked + 1500 * MS);
        assert_int_equal(bench_status(b), 2);
        assert_true(b->frames > frames);
        expect_silence(b);
    }
    /* A suffix set by the agent is as good: the address alone was missing, and is known now. */
    memcpy(b->chip.device.settings.pki_suffix, "corp.example", 13);
    assert_int_equal(bench_start(b), 0);
    bench_free(b);
}

static void absent_host_and_a_psk(void **state)
{
    struct bench *b = boarded("5.0.3");
    struct settings s = bench_factory(b);

    (void)state;
    memcpy(s.pid, "0000037M", 8);
    bench_store(b, &s);
    bench_dhcpd(b, "");
    chip_power(&b->chip, true);
    assert_true(bench_ask(b, 0x29));
    bench_run(b, 100 * MS);
    assert_int_equal(b->answers, 1);
    assert_int_equal(bench_status(b), 0);
    bench_free(b);
}

static void absent_host_waits_with_what_follows(void **state)
{
    struct bench *b = boarded("5.0.3");

    (void)state;
    chip_power(&b->chip, true);
    assert_true(bench_ask(b, 0x29));
    assert_true(bench_ask(b, 0x11));
    assert_false(bench_ask(b, 0x11)); /* the port holds one message */
    bench_run(b, 1499 * MS);
    assert_int_equal(b->answers, 0);
    bench_run(b, 2 * MS);
    assert_true(b->answers >= 1);
    chip_poll(&b->chip);
    assert_int_equal(b->answers, 2);
    assert_int_equal(b->answer[4], 0x11);
    bench_free(b);
}

/* Where a host shares the wire, it is witnessed and nothing is sent. */
static void present_host_is_only_witnessed(void **state)
{
    struct bench *b = bench_new("5.0.3", "bmp-off");

    (void)state;
    bench_dhcpd(b, "corp.example");
    chip_power(&b->chip, true);
    assert_int_equal(bench_start(b), 2);
    b->chip.hal.host = HAL_HOST_UP;
    chip_poll(&b->chip);
    assert_int_equal(bench_start(b), 2);
    bench_ack(b, NULL);
    assert_int_equal(bench_start(b), 2);
    assert_int_equal(b->frames, 0);
    bench_ack(b, "corp.example");
    assert_int_equal(bench_start(b), 0);
    bench_free(b);
}

/* Once seen it stays seen until the next reset; the suffix itself is the latest one's. */
static void witnessed_since_the_firmware_reset(void **state)
{
    struct bench *b = bench_new("5.0.3", "bmp-off");

    (void)state;
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    bench_ack(b, "corp.example");
    bench_ack(b, NULL);
    assert_string_equal(b->chip.device.net.facts.option15, "");
    assert_int_equal(bench_start(b), 0);
    chip_power(&b->chip, false);
    chip_power(&b->chip, true);
    assert_false(b->chip.device.net.facts.option15_seen);
    assert_int_equal(b->chip.device.net.facts.ip, 0);
    bench_free(b);
}

/* --- malformed host messages ---------------------------------------------------------------- */

static void hand_in(struct bench *b, const uint8_t *message, size_t len)
{
    assert_true(virtual_message_in(&b->chip.hal, message, len));
    chip_poll(&b->chip);
    assert_int_equal(b->chip.hal.message_len, 0); /* taken */
}

static void malformed_host_messages(void **state)
{
    struct bench *b = bench_new("5.0.3", "bmp-off");
    struct settings before;
    static uint8_t message[VIRTUAL_MESSAGE_BYTES];
    struct rng rng;

    (void)state;
    chip_power(&b->chip, true);
    before = b->chip.device.settings;
    rng_seed(&rng, 1, "messages");
    for (uint32_t round = 0; round < 20000; round++) {
        uint32_t len = 1 + rng_below(&rng, round % 100 ? 60 : VIRTUAL_MESSAGE_BYTES);
        uint32_t answers = b->answers;

        rng_fill(&rng, message, len);
        if (round % 2 && len >= 12) {
            static const uint8_t head[8] = {1, 1, 0, 0, 0, 0, 0, 4};

            memcpy(message, head, sizeof(head));
            message[4] = (uint8_t)(rng_below(&rng, 2) ? 0x29 : rng_below(&rng, 256));
            packet_put32(message + 8, 0);
            message[8] = (uint8_t)(len - 12 + rng_below(&rng, 2));
            if (message[4] == 0x2A || message[4] == 0x2F)
                message[4] = 0x36; /* those two would be taken */
        }
        hand_in(b, message, len);
        assert_in_range(b->answers - answers, 0, 1);
        if (b->answers == answers)
            continue;
        assert_true(b->answer_len >= 16);
        assert_int_equal(b->answer[8] | b->answer[9] << 8, b->answer_len - 12);
        assert_true(b->answer[6] & 0x80);
    }
    assert_int_equal(bench_state(b), 0);
    assert_memory_equal(&b->chip.device.settings, &before, sizeof(before));
    assert_int_equal(b->frames, 0);
    bench_free(b);
}

static void host_messages_of_every_length(void **state)
{
    struct bench *b = bench_new("5.0.3", "bmp-off");
    static uint8_t message[VIRTUAL_MESSAGE_BYTES];

    (void)state;
    chip_power(&b->chip, true);
    memcpy(message, "\1\1\0\0\x29\0\0\4\0\0\0\0", 12);
    for (size_t len = 1; len <= VIRTUAL_MESSAGE_BYTES; len++) {
        uint32_t answers = b->answers;

        hand_in(b, message, len);
        assert_int_equal(b->answers - answers, len >= 12);
        if (len >= 12)
            assert_int_equal(bench_status(b), len == 12 ? 2 : 4);
        packet_put16(message + 8, 0);
    }
    assert_false(virtual_message_in(&b->chip.hal, message, VIRTUAL_MESSAGE_BYTES + 1));
    assert_int_equal(bench_state(b), 0);
    bench_free(b);
}

/* --- MEBx ----------------------------------------------------------------------------------- */

static void mebx_values(void **state)
{
    struct bench *b = bench_new("5.0.3", "bmp-off");
    char name[LIMIT_DOMAIN + 2];
    struct device *d;

    (void)state;
    chip_power(&b->chip, true);
    d = bench_device(b);
    assert_int_equal(device_mebx_server(d, 0x0A000005, 0, 0), DEVICE_OK);
    assert_int_equal(d->settings.server_ip, 0x0A000005);
    assert_int_equal(bench_stored(b).server_port, 9971);
    assert_int_equal(device_mebx_server(d, 0x0A000006, 1234, 0), DEVICE_OK);
    assert_int_equal(bench_stored(b).server_ip, 0x0A000006);
    assert_int_equal(bench_stored(b).server_port, 1234);
    assert_int_equal(device_mebx_server(d, 0, 0, 0), DEVICE_OK);
    assert_int_equal(bench_stored(b).server_ip, 0);

    for (size_t i = 0; i < sizeof(name); i++)
        name[i] = i % 2 ? '.' : 'a';
    name[LIMIT_DOMAIN] = '\0';
    assert_int_equal(device_mebx_domain(d, name, 0), DEVICE_OK);
    assert_string_equal(bench_stored(b).domain, name);
    name[LIMIT_DOMAIN] = 'b';
    name[LIMIT_DOMAIN - 1] = 'b';
    name[LIMIT_DOMAIN + 1] = '\0';
    assert_int_equal(device_mebx_domain(d, name, 0), DEVICE_BAD_VALUE);
    assert_int_equal(device_mebx_domain(d, "a_b", 0), DEVICE_BAD_VALUE);
    assert_int_equal(device_mebx_domain(d, "corp.example.", 0), DEVICE_BAD_VALUE);
    assert_int_equal(strlen(bench_stored(b).domain), LIMIT_DOMAIN);
    assert_int_equal(strlen(d->settings.domain), LIMIT_DOMAIN);
    assert_int_equal(device_mebx_domain(d, "corp.example", 0), DEVICE_OK);
    assert_string_equal(bench_stored(b).domain, "corp.example");
    assert_int_equal(device_mebx_domain(d, "", 0), DEVICE_OK);
    assert_string_equal(bench_stored(b).domain, "");
    assert_int_equal(device_mebx_partial_unprovision(d, 0), DEVICE_REFUSED); /* factory */
    bench_free(b);
}

/* The only hash in use was the user's, and partial unprovision erases it: there is nothing left to
 * say hello with, and the window stays shut. */
static void partial_unprovision_of_the_last_credentials(void **state)
{
    struct bench *b = bench_new("5.0.3", "bmp-off");
    struct settings s = bench_provisioned(b);

    (void)state;
    s.hash_active = 0;
    s.user_hash_active = 1;
    s.user_hash[0].algorithm = CERT_HASH_SHA1;
    s.user_hash[0].bytes[0] = 1;
    bench_store(b, &s);
    chip_power(&b->chip, true);
    assert_int_equal(bench_state(b), 2);
    assert_int_equal(device_mebx_partial_unprovision(bench_device(b), bench_ms(b)), DEVICE_OK);
    chip_poll(&b->chip);
    assert_int_equal(bench_state(b), 0);
    b->frames = 0;
    bench_run(b, HOUR);
    assert_int_equal(b->frames, 0);
    bench_free(b);
}

/* --- the window's last millisecond ---------------------------------------------------------- */

static struct bench *started(void)
{
    struct bench *b = bench_new("5.0.3", "bmp-off");

    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    bench_ack(b, "corp.example");
    assert_int_equal(bench_start(b), 0);
    return b;
}

/* A command that waits when the period ends is answered by what is true then. */
static void start_at_the_end_of_the_window(void **state)
{
    const uint8_t request[12] = {1, 1, 0, 0, 0x29, 0, 0, 4};
    struct bench *b = started();
    uint64_t opened = bench_ms(b), end = opened + 6 * HOUR / MS;

    (void)state;
    bench_run(b, 6 * HOUR - 2 * SECOND);
    assert_int_equal(bench_start(b), 3);
    assert_true(virtual_message_in(&b->chip.hal, request, sizeof(request)));
    b->clock.now_us = end * MS; /* the wake-up and the message are both due */
    chip_poll(&b->chip);
    assert_int_equal(bench_status(b), 0);
    bench_free(b);
}

static void open_until_the_last_millisecond(void **state)
{
    struct bench *b = started();

    (void)state;
    bench_run(b, 6 * HOUR - 1 * MS);
    assert_int_equal(b->count[TRACE_WINDOW_CLOSED], 0);
    bench_run(b, 1 * MS);
    assert_int_equal(b->count[TRACE_WINDOW_CLOSED], 1);
    assert_int_equal(bench_stored(b).window_kind, WINDOW_CLOSED);
    assert_int_equal(bench_state(b), 1);
    expect_silence(b);
    assert_int_equal(bench_start(b), 0);
    bench_free(b);
}

/* Less than a second was left when power went: not one frame after it has come back. */
static void window_without_time_left_over_ac(void **state)
{
    struct bench *b = started();

    (void)state;
    b->chip.hal.host = HAL_HOST_DOWN;
    bench_run(b, 6 * HOUR - 500 * MS);
    assert_int_equal(device_mebx_server(bench_device(b), 0x0A000005, 0, bench_ms(b)), DEVICE_OK);
    chip_power(&b->chip, false);
    b->frames = 0;
    chip_power(&b->chip, true);
    assert_int_equal(bench_state(b), 1);
    expect_silence(b);
    bench_free(b);
}

/* The used time is written every ten minutes, so that pulling the plug cannot stretch the window by
 * more than that. */
static void pulling_the_plug_does_not_stretch_the_window(void **state)
{
    struct bench *b = started();

    (void)state;
    for (int i = 0; i < 5; i++) {
        bench_run(b, HOUR + 5 * MINUTE);
        chip_power(&b->chip, false);
        bench_run(b, 10 * HOUR);
        chip_power(&b->chip, true);
    }
    /* 5 h 25 min were used, at least 5 h of them are written. */
    assert_in_range(bench_stored(b).window_left_s, 35 * 60 - 1, 60 * 60);
    assert_true(window_is_open(&b->chip.device.setup.window));
    bench_run(b, HOUR);
    assert_false(window_is_open(&b->chip.device.setup.window));
    bench_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_entropy_keeps_the_interface_shut),
        cmocka_unit_test(with_entropy_the_seed_exists),
        cmocka_unit_test(absent_host_and_no_server),
        cmocka_unit_test(absent_host_and_a_server_with_option_15),
        cmocka_unit_test(absent_host_and_a_server_without_option_15),
        cmocka_unit_test(absent_host_and_a_psk),
        cmocka_unit_test(absent_host_waits_with_what_follows),
        cmocka_unit_test(present_host_is_only_witnessed),
        cmocka_unit_test(witnessed_since_the_firmware_reset),
        cmocka_unit_test(malformed_host_messages),
        cmocka_unit_test(host_messages_of_every_length),
        cmocka_unit_test(mebx_values),
        cmocka_unit_test(partial_unprovision_of_the_last_credentials),
        cmocka_unit_test(start_at_the_end_of_the_window),
        cmocka_unit_test(open_until_the_last_millisecond),
        cmocka_unit_test(window_without_time_left_over_ac),
        cmocka_unit_test(pulling_the_plug_does_not_stretch_the_window),
    };

    return cmocka_run_group_tests_name("device", tests, NULL, NULL);
}
