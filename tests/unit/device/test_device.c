// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include "tests/fixtures/device.h"

#include "fw/core/trace.h"

/* --- what is there is what was asked -------------------------------------------------------- */

static void no_entropy_keeps_the_interface_shut(void **state)
{
    struct fixture *b = fixture_new("5.0.2", "intel"); /* bare metal would start at once */
    struct settings s;

    (void)state;
    fixture_dhcpd(b, "corp.example");
    b->chip.hal.no_entropy = true;
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    assert_int_equal(b->count[TRACE_NO_ENTROPY], 1);
    fixture_ack(b, "corp.example");
    assert_int_equal(b->count[TRACE_WITNESSED], 1);
    assert_true(fixture_ask(b, 0x2E)); /* GetRNGSeedStatus */
    assert_int_equal(fixture_status(b), 0);
    assert_int_equal(b->answer_len, 20);
    assert_memory_equal(b->answer + 16, "\2\0\0\0", 4); /* does not exist */
    assert_int_equal(fixture_start(b), 0x30);
    b->chip.hal.host = HAL_HOST_DOWN;
    chip_poll(&b->chip);
    fixture_run(b, 25 * HOUR);
    assert_int_equal(fixture_start(b), 0x30);
    assert_int_equal(fixture_state(b), 0);
    assert_int_equal(b->frames, 0);

    /* Not even for a device that was provisioned, or is asked to open in MEBx. */
    chip_power(&b->chip, false);
    s = fixture_provisioned(b);
    fixture_store(b, &s);
    chip_power(&b->chip, true);
    fixture_run(b, HOUR);
    assert_int_equal(device_mebx_partial_unprovision(fixture_device(b), fixture_ms(b)), DEVICE_OK);
    fixture_run(b, HOUR);
    assert_true(window_is_open(&b->chip.device.setup.window));
    assert_int_equal(b->chip.device.net.mode, NET_CLOSED);
    assert_int_equal(b->frames, 0);
    fixture_free(b);
}

static void with_entropy_the_seed_exists(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");

    (void)state;
    chip_power(&b->chip, true);
    assert_true(fixture_ask(b, 0x2E));
    assert_memory_equal(b->answer + 12, "\0\0\0\0\0\0\0\0", 8);
    fixture_free(b);
}

/* Where a host shares the wire, it is witnessed and nothing is sent. */
static void present_host_is_only_witnessed(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");

    (void)state;
    fixture_dhcpd(b, "corp.example");
    chip_power(&b->chip, true);
    assert_int_equal(fixture_start(b), 2);
    b->chip.hal.host = HAL_HOST_UP;
    chip_poll(&b->chip);
    assert_int_equal(fixture_start(b), 2);
    fixture_ack(b, NULL);
    assert_int_equal(fixture_start(b), 2);
    assert_int_equal(b->frames, 0);
    fixture_ack(b, "corp.example");
    assert_int_equal(fixture_start(b), 0);
    /* The address witnessed behind the shut door is used at once. */
    fixture_run(b, 2 * SECOND);
    assert_int_equal(b->chip.device.net.facts.ip, FIXTURE_IP);
    assert_int_equal(b->count[TRACE_ATTEMPT], 1);
    fixture_free(b);
}

/* One character is a domain's name, and none is none. */
static void the_shortest_domain(void **state)
{
    static const char *const domains[] = {"x", NULL};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct fixture *b = fixture_new("5.0.3", "intel");

        b->chip.hal.host = HAL_HOST_UP;
        chip_power(&b->chip, true);
        fixture_ack(b, domains[i]);
        fixture_run(b, SECOND);
        assert_int_equal(b->chip.device.net.facts.ip, FIXTURE_IP);
        assert_string_equal(b->text[TRACE_ADDRESS], domains[i] ? domains[i] : "");
        fixture_free(b);
    }
}

/* A lease does not help without a cable. */
static void without_a_link_there_is_no_address(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");

    (void)state;
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    b->chip.hal.link = false;
    chip_poll(&b->chip);
    assert_int_equal(fixture_start(b), 2);
    b->chip.hal.link = true;
    chip_poll(&b->chip);
    assert_int_equal(fixture_start(b), 0);
    fixture_run(b, 2 * SECOND);
    assert_int_equal(b->count[TRACE_ATTEMPT], 1);
    /* Slots 1 to 3 pass without an attempt, slot 4 is used. */
    b->chip.hal.link = false;
    chip_poll(&b->chip);
    fixture_run(b, 3 * MINUTE);
    assert_int_equal(b->count[TRACE_ATTEMPT], 1);
    b->chip.hal.link = true;
    chip_poll(&b->chip);
    fixture_run(b, MINUTE);
    assert_int_equal(b->count[TRACE_ATTEMPT], 2);
    assert_int_equal(b->chip.device.setup.attempt.retry, 4);
    assert_int_equal(b->count[TRACE_LINK], 5); /* said once each time: up, down, up, down, up */
    fixture_free(b);
}

/* The address of a lease that has run out is nobody's; that option 15 was seen stays true. */
static void a_witnessed_lease_ends(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");

    (void)state;
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    fixture_lease(b, "corp.example", 120);
    fixture_run(b, 121 * SECOND);
    assert_int_equal(fixture_start(b), 2);
    fixture_lease(b, NULL, 120);
    assert_int_equal(fixture_start(b), 0);
    fixture_run(b, 119 * SECOND);
    assert_int_equal(b->chip.device.net.facts.ip, FIXTURE_IP);
    assert_int_equal(b->count[TRACE_ATTEMPT], 2);
    fixture_run(b, 2 * SECOND);
    assert_int_equal(b->chip.device.net.facts.ip, 0);
    fixture_run(b, HOUR);
    assert_int_equal(b->count[TRACE_ATTEMPT], 2);
    fixture_free(b);
}

/* The forum's machine (S0): behind the shut door it does not see the host's exchange. */
static void t04_a_device_that_is_blind_to_dhcp(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");

    (void)state;
    b->chip.config.blind_to_dhcp = true;
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    for (int i = 0; i < 5; i++) {
        fixture_ack(b, "corp.example");
        fixture_run(b, HOUR);
        assert_int_equal(fixture_start(b), 2);
    }
    assert_int_equal(b->count[TRACE_WITNESSED], 0);
    assert_int_equal(fixture_state(b), 0);
    fixture_free(b);
}

/* Once seen it stays seen until the next reset; the suffix itself is the latest one's. */
static void witnessed_since_the_firmware_reset(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");

    (void)state;
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    fixture_ack(b, NULL);
    assert_string_equal(b->chip.device.net.lease.option15, "");
    assert_int_equal(fixture_start(b), 0);
    chip_power(&b->chip, false);
    chip_power(&b->chip, true);
    assert_false(b->chip.device.net.facts.option15_seen);
    assert_int_equal(b->chip.device.net.facts.ip, 0);
    fixture_free(b);
}

/* --- from AC to the first attempt ----------------------------------------------------------- */

/* Up-time counts from the boot: the schedule begins anew, the window goes on. */
static void b10_ac_restarts_the_schedule(void **state)
{
    struct fixture *b = fixture_new("5.0.2", "intel");
    uint64_t on;

    (void)state;
    fixture_dhcpd(b, "corp.example");
    chip_power(&b->chip, true);
    fixture_run(b, 20 * MINUTE);
    assert_int_equal(b->count[TRACE_ATTEMPT], 8); /* 0 to 5, 10 and 15 */
    assert_int_equal(b->chip.device.setup.attempt.retry, 7);
    chip_power(&b->chip, false);
    fixture_run(b, 3 * MINUTE + 400 * MS);
    on = b->clock.now_us;
    chip_power(&b->chip, true);
    assert_int_equal(b->chip.device.setup.state, SETUP_SETUP);
    fixture_run(b, 999 * MS);
    assert_int_equal(b->count[TRACE_ATTEMPT], 8);
    fixture_run(b, 1 * MS);
    assert_int_equal(b->count[TRACE_ATTEMPT], 9);
    assert_int_equal(b->chip.device.setup.attempt.retry, 0);
    assert_int_equal(b->clock.now_us, on + SECOND);
    fixture_run(b, MINUTE);
    assert_int_equal(b->count[TRACE_ATTEMPT], 10);
    assert_int_equal(b->chip.device.setup.attempt.retry, 1);
    /* Of the 20 minutes what was used up to the last attempt is written: 15 minutes and a second.
     */
    fixture_run(b, on + 24 * HOUR - 15 * MINUTE - SECOND - 1 * MS - b->clock.now_us);
    assert_int_equal(b->count[TRACE_WINDOW_CLOSED], 0);
    fixture_run(b, 1 * MS);
    assert_int_equal(b->count[TRACE_WINDOW_CLOSED], 1);
    fixture_free(b);
}

/* --- the names ------------------------------------------------------------------------------ */

static char asked[8][256];
static uint32_t asks;

static void note_lookup(struct fixture *b, const struct packet *p, size_t len)
{
    (void)p;
    (void)len;
    if (b->count[TRACE_LOOKUP] > asks && asks < COUNT(asked))
        strcpy(asked[asks++], b->text[TRACE_LOOKUP]);
}

/* A configuration-server FQDN comes first, on releases that know one. */
static void the_server_fqdn_comes_first(void **state)
{
    struct release r = *release_find("5.0.2");

    (void)state;
    for (uint32_t knows = 0; knows <= 1; knows++) {
        struct fixture *b = fixture_new("5.0.2", "intel");
        struct settings s = fixture_factory(b);

        r.server_fqdn.value = knows;
        b->chip.config.release = &r;
        memcpy(s.config.server_fqdn, "scs.example", 11);
        fixture_store(b, &s);
        asks = 0;
        b->on_frame = note_lookup;
        fixture_dhcpd(b, "corp.example");
        b->dhcpd.dns = FIXTURE_DHCP_IP; /* answers ARP, and no question */
        chip_power(&b->chip, true);
        fixture_run(b, MINUTE);
        assert_int_equal(asks, 2 + knows);
        if (knows)
            assert_string_equal(asked[0], "scs.example");
        assert_string_equal(asked[knows], "ProvisionServer");
        assert_string_equal(asked[knows + 1], "ProvisionServer.corp.example");
        fixture_free(b);
    }
}

/* --- malformed host messages ---------------------------------------------------------------- */

static void hand_in(struct fixture *b, const uint8_t *message, size_t len)
{
    assert_true(virtual_message_in(&b->chip.hal, message, len));
    chip_poll(&b->chip);
    assert_int_equal(b->chip.hal.message_len, 0); /* taken */
}

static void malformed_host_messages(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");
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
    assert_int_equal(fixture_state(b), 0);
    assert_memory_equal(&b->chip.device.settings, &before, sizeof(before));
    assert_int_equal(b->frames, 0);
    fixture_free(b);
}

static void host_messages_of_every_length(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");
    static uint8_t message[VIRTUAL_MESSAGE_BYTES];

    (void)state;
    chip_power(&b->chip, true);
    memcpy(message, "\1\1\0\0\x29\0\0\4\0\0\0\0", 12);
    for (size_t len = 1; len <= VIRTUAL_MESSAGE_BYTES; len++) {
        uint32_t answers = b->answers;

        hand_in(b, message, len);
        assert_int_equal(b->answers - answers, len >= 12);
        if (len >= 12)
            assert_int_equal(fixture_status(b), len == 12 ? 2 : 4);
        packet_put16(message + 8, 0);
    }
    assert_false(virtual_message_in(&b->chip.hal, message, VIRTUAL_MESSAGE_BYTES + 1));
    assert_int_equal(fixture_state(b), 0);
    fixture_free(b);
}

static void set_suffix(struct fixture *b, const char *suffix)
{
    uint8_t request[64] = {1, 1, 0, 0, 0x2F, 0, 0, 4};
    size_t len = strlen(suffix);

    request[8] = (uint8_t)(2 + len);
    request[12] = (uint8_t)len;
    memcpy(request + 14, suffix, len);
    hand_in(b, request, 14 + len);
}

/* A shorter one leaves nothing of the longer one behind; a refused one changes nothing. */
static void a_suffix_replaces_the_one_before(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");

    (void)state;
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    set_suffix(b, "long.corp.example");
    set_suffix(b, "ab.example");
    assert_int_equal(fixture_status(b), 0);
    assert_string_equal(fixture_stored(b).config.pki_suffix, "ab.example");
    set_suffix(b, "a_b.example");
    assert_int_equal(fixture_status(b), 0x24);
    assert_string_equal(fixture_stored(b).config.pki_suffix, "ab.example");
    /* It stands for option 15; an address is still needed. */
    assert_int_equal(fixture_start(b), 2);
    fixture_ack(b, NULL);
    assert_int_equal(fixture_start(b), 0);
    /* And is not to be changed while the period runs. */
    set_suffix(b, "other.example");
    assert_int_equal(fixture_status(b), 3);
    assert_string_equal(fixture_stored(b).config.pki_suffix, "ab.example");
    fixture_free(b);
}

/* What may be secret does not stay where the next message is read. */
static void a_one_time_password_is_not_left_behind(void **state)
{
    uint8_t request[12 + 2 + 14] = {1, 1, 0, 0, 0x2A, 0, 0, 4, 16, 0, 0, 0, 14};
    struct fixture *b = fixture_new("5.0.3", "bmp-off");

    (void)state;
    memcpy(request + 14, "onetimepasswor", 14);
    chip_power(&b->chip, true);
    hand_in(b, request, sizeof(request));
    assert_int_equal(fixture_status(b), 0);
    assert_string_equal(fixture_stored(b).secret.otp, "onetimepasswor");
    for (size_t i = 0; i < sizeof(b->chip.device.request); i++)
        assert_int_equal(b->chip.device.request[i], 0);
    fixture_free(b);
}

/* --- MEBx ----------------------------------------------------------------------------------- */

static void mebx_values(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");
    char name[LIMIT_DOMAIN + 2];
    struct device *d;

    (void)state;
    chip_power(&b->chip, true);
    d = fixture_device(b);
    assert_int_equal(device_mebx_server(d, 0x0A000005, 0, 0), DEVICE_OK);
    assert_int_equal(d->settings.config.server_ip, 0x0A000005);
    assert_int_equal(fixture_stored(b).config.server_port, 9971);
    assert_int_equal(device_mebx_server(d, 0x0A000006, 1234, 0), DEVICE_OK);
    assert_int_equal(fixture_stored(b).config.server_ip, 0x0A000006);
    assert_int_equal(fixture_stored(b).config.server_port, 1234);
    assert_int_equal(device_mebx_server(d, 0, 0, 0), DEVICE_OK);
    assert_int_equal(fixture_stored(b).config.server_ip, 0);

    for (size_t i = 0; i < sizeof(name); i++)
        name[i] = i % 2 ? '.' : 'a';
    name[LIMIT_DOMAIN] = '\0';
    assert_int_equal(device_mebx_domain(d, name, 0), DEVICE_OK);
    assert_string_equal(fixture_stored(b).config.domain, name);
    name[LIMIT_DOMAIN] = 'b';
    name[LIMIT_DOMAIN - 1] = 'b';
    name[LIMIT_DOMAIN + 1] = '\0';
    assert_int_equal(device_mebx_domain(d, name, 0), DEVICE_BAD_VALUE);
    assert_int_equal(device_mebx_domain(d, "a_b", 0), DEVICE_BAD_VALUE);
    assert_int_equal(device_mebx_domain(d, "corp.example.", 0), DEVICE_BAD_VALUE);
    assert_int_equal(strlen(fixture_stored(b).config.domain), LIMIT_DOMAIN);
    assert_int_equal(strlen(d->settings.config.domain), LIMIT_DOMAIN);
    assert_int_equal(device_mebx_domain(d, "corp.example", 0), DEVICE_OK);
    assert_string_equal(fixture_stored(b).config.domain, "corp.example");
    assert_int_equal(device_mebx_domain(d, "", 0), DEVICE_OK);
    assert_string_equal(fixture_stored(b).config.domain, "");
    assert_int_equal(device_mebx_partial_unprovision(d, 0), DEVICE_REFUSED); /* factory */
    fixture_free(b);
}

/* The only hash in use was the user's, and partial unprovision erases it: there is nothing left to
 * say hello with, and the window stays shut. */
static void partial_unprovision_of_the_last_credentials(void **state)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");
    struct settings s = fixture_provisioned(b);

    (void)state;
    s.config.hash_active = 0;
    s.config.user_hash_active = 1;
    s.config.user_hash[0].algorithm = CERT_HASH_SHA1;
    s.config.user_hash[0].bytes[0] = 1;
    fixture_store(b, &s);
    chip_power(&b->chip, true);
    assert_int_equal(fixture_state(b), 2);
    assert_int_equal(device_mebx_partial_unprovision(fixture_device(b), fixture_ms(b)), DEVICE_OK);
    chip_poll(&b->chip);
    assert_int_equal(fixture_state(b), 0);
    b->frames = 0;
    fixture_run(b, HOUR);
    assert_int_equal(b->frames, 0);
    fixture_free(b);
}

/* --- the window's last millisecond ---------------------------------------------------------- */

static struct fixture *started(void)
{
    struct fixture *b = fixture_new("5.0.3", "bmp-off");

    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    assert_int_equal(fixture_start(b), 0);
    return b;
}

/* A command that waits when the period ends is answered by what is true then. */
static void start_at_the_end_of_the_window(void **state)
{
    const uint8_t request[12] = {1, 1, 0, 0, 0x29, 0, 0, 4};
    struct fixture *b = started();
    uint64_t opened = fixture_ms(b), end = opened + 6 * HOUR / MS;

    (void)state;
    fixture_run(b, 6 * HOUR - 2 * SECOND);
    assert_int_equal(fixture_start(b), 3);
    assert_true(virtual_message_in(&b->chip.hal, request, sizeof(request)));
    b->clock.now_us = end * MS; /* the wake-up and the message are both due */
    chip_poll(&b->chip);
    assert_int_equal(fixture_status(b), 0);
    fixture_free(b);
}

static void open_until_the_last_millisecond(void **state)
{
    struct fixture *b = started();

    (void)state;
    fixture_run(b, 6 * HOUR - 1 * MS);
    assert_int_equal(b->count[TRACE_WINDOW_CLOSED], 0);
    fixture_run(b, 1 * MS);
    assert_int_equal(b->count[TRACE_WINDOW_CLOSED], 1);
    assert_int_equal(fixture_stored(b).machine.window_kind, WINDOW_CLOSED);
    assert_int_equal(fixture_state(b), 1);
    fixture_silence(b);
    assert_int_equal(fixture_start(b), 0);
    fixture_free(b);
}

/* Less than a second was left when power went: not one frame after it has come back. */
static void window_without_time_left_over_ac(void **state)
{
    struct fixture *b = started();

    (void)state;
    b->chip.hal.host = HAL_HOST_DOWN;
    fixture_run(b, 6 * HOUR - 500 * MS);
    assert_int_equal(device_mebx_server(fixture_device(b), 0x0A000005, 0, fixture_ms(b)),
                     DEVICE_OK);
    chip_power(&b->chip, false);
    b->frames = 0;
    chip_power(&b->chip, true);
    assert_int_equal(fixture_state(b), 1);
    fixture_silence(b);
    fixture_free(b);
}

/* The used time is written at every attempt, and at the latest ten minutes after it was written
 * last, so that pulling the plug cannot stretch the window by more than that. */
static void pulling_the_plug_does_not_stretch_the_window(void **state)
{
    struct fixture *b = started();

    (void)state;
    for (int i = 0; i < 5; i++) {
        fixture_run(b, HOUR + 5 * MINUTE);
        chip_power(&b->chip, false);
        fixture_run(b, 10 * HOUR);
        chip_power(&b->chip, true);
    }
    /* 5 h 25 min were used; of each 65 minutes at least 55 are written. */
    assert_in_range(fixture_stored(b).machine.window_left_s, 35 * 60 - 1, 85 * 60);
    assert_true(window_is_open(&b->chip.device.setup.window));
    fixture_run(b, HOUR + 25 * MINUTE);
    assert_false(window_is_open(&b->chip.device.setup.window));
    fixture_free(b);
}

/* The bare-metal timer counts in the factory too, and is stored as often. */
static void pulling_the_plug_does_not_stretch_the_bare_metal_time(void **state)
{
    struct fixture *b = fixture_new("5.0.2", "intel");

    (void)state;
    b->chip.hal.link = false;
    chip_power(&b->chip, true);
    fixture_run(b, 29 * MINUTE);
    chip_power(&b->chip, false);
    assert_int_equal(fixture_stored(b).machine.bmp_left_s, 24 * 3600 - 20 * 60);
    fixture_run(b, 5 * HOUR);
    chip_power(&b->chip, true);
    fixture_run(b, 29 * MINUTE);
    chip_power(&b->chip, false);
    assert_int_equal(fixture_stored(b).machine.bmp_left_s, 24 * 3600 - 40 * 60);
    assert_int_equal(fixture_stored(b).machine.setup_state, SETUP_FACTORY);
    fixture_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_entropy_keeps_the_interface_shut),
        cmocka_unit_test(with_entropy_the_seed_exists),
        cmocka_unit_test(present_host_is_only_witnessed),
        cmocka_unit_test(the_shortest_domain),
        cmocka_unit_test(without_a_link_there_is_no_address),
        cmocka_unit_test(a_witnessed_lease_ends),
        cmocka_unit_test(t04_a_device_that_is_blind_to_dhcp),
        cmocka_unit_test(witnessed_since_the_firmware_reset),
        cmocka_unit_test(b10_ac_restarts_the_schedule),
        cmocka_unit_test(the_server_fqdn_comes_first),
        cmocka_unit_test(malformed_host_messages),
        cmocka_unit_test(host_messages_of_every_length),
        cmocka_unit_test(a_suffix_replaces_the_one_before),
        cmocka_unit_test(a_one_time_password_is_not_left_behind),
        cmocka_unit_test(mebx_values),
        cmocka_unit_test(partial_unprovision_of_the_last_credentials),
        cmocka_unit_test(start_at_the_end_of_the_window),
        cmocka_unit_test(open_until_the_last_millisecond),
        cmocka_unit_test(window_without_time_left_over_ac),
        cmocka_unit_test(pulling_the_plug_does_not_stretch_the_window),
        cmocka_unit_test(pulling_the_plug_does_not_stretch_the_bare_metal_time),
    };

    return cmocka_run_group_tests_name("device", tests, NULL, NULL);
}
