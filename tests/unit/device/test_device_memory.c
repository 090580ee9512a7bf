// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include "tests/fixtures/tls.h"

#include "lwip/mem.h"
#include "lwip/memp.h"

/* lwIP's memory is used up, by whomever: what cannot be paid for is left, nothing else opens for
 * it, and what was left is made up for once there is memory again. */

#define SYN PACKET_TCP_SYN
#define RST PACKET_TCP_RST
#define ACK PACKET_TCP_ACK
#define SETUP_PORT 9971
#define HELLO_PORT 16994
#define PLAIN 16992

/* What the test holds of it. */
static struct {
    void *block[256];
    size_t count;
    memp_t pool; /* MEMP_MAX: the heap */
} held;

static void hold(struct fixture *b, memp_t pool)
{
    size_t size = 4096;
    void *block;

    fixture_device(b);
    held.pool = pool;
    held.count = 0;
    do {
        block = pool == MEMP_MAX ? mem_malloc((mem_size_t)size) : memp_malloc(pool);
        if (block)
            held.block[held.count++] = block;
        else
            size /= 2;
        assert_true(held.count < COUNT(held.block));
    } while (block || (pool == MEMP_MAX && size > 0));
}

static void give_back(struct fixture *b)
{
    fixture_device(b);
    while (held.count > 0) {
        held.count--;
        if (held.pool == MEMP_MAX)
            mem_free(held.block[held.count]);
        else
            memp_free(held.pool, held.block[held.count]);
    }
}

static size_t count_free(struct fixture *b, memp_t pool)
{
    size_t count;

    hold(b, pool);
    count = held.count;
    give_back(b);
    return count;
}

/* --- the hello --- */

/* A passive 5.0.2 that knows its address and where its server is; the first attempt is due at 1 s.
 */
static struct fixture *before_the_hello(void (*change)(struct settings *s))
{
    struct fixture *b = fixture_new("5.0.2", "intel");
    struct settings s = fixture_factory(b);

    s.config.server_ip = FIXTURE_OTHER_IP;
    if (change)
        change(&s);
    fixture_store(b, &s);
    b->chip.hal.host = HAL_HOST_UP;
    chip_power(&b->chip, true);
    fixture_ack(b, "corp.example");
    fixture_arp(b, FIXTURE_OTHER_IP);
    return b;
}

static void expect_syn(const struct fixture *b)
{
    assert_int_equal(b->last.kind, PACKET_TCP);
    assert_int_equal(b->last.tcp_flags, SYN);
    assert_int_equal(b->last.src_port, HELLO_PORT);
    assert_int_equal(b->last.dst_port, SETUP_PORT);
}

/* The attempt fails with this reason, and the next slot's, a minute later, has a SYN again. */
static void expect_left_and_made_up_for(struct fixture *b, const char *reason)
{
    assert_int_equal(b->count[TRACE_CONNECT], 1);
    assert_int_equal(b->count[TRACE_CONNECT_FAILED], 1);
    assert_string_equal(b->text[TRACE_CONNECT_FAILED], reason);
    assert_int_equal(b->count[TRACE_ATTEMPT_FAILED], 1);
    give_back(b);
    fixture_run(b, 59 * SECOND);
    fixture_arp(b, FIXTURE_OTHER_IP);
    fixture_run(b, SECOND);
    assert_int_equal(b->count[TRACE_CONNECT], 2);
    expect_syn(b);
    fixture_free(b);
}

static void no_connection_for_the_hello(void **state)
{
    struct fixture *b = before_the_hello(NULL);

    (void)state;
    hold(b, MEMP_TCP_PCB);
    fixture_run(b, SECOND);
    expect_left_and_made_up_for(b, "out of memory");
}

/* Nor is the connection kept that came to nothing: each attempt would cost one. */
static void no_segment_for_the_syn(void **state)
{
    struct fixture *b = before_the_hello(NULL);
    size_t connections = count_free(b, MEMP_TCP_PCB);

    (void)state;
    hold(b, MEMP_TCP_SEG);
    fixture_run(b, SECOND);
    give_back(b);
    assert_int_equal(count_free(b, MEMP_TCP_PCB), connections);
    expect_left_and_made_up_for(b, "no route");
}

/* The server has answered: it is not left waiting. */
static void no_room_for_the_hello_itself(void **state)
{
    struct fixture *b = before_the_hello(NULL);
    uint8_t tcp[20] = {SETUP_PORT >> 8, SETUP_PORT & 0xFF, HELLO_PORT >> 8, HELLO_PORT & 0xFF};

    (void)state;
    fixture_run(b, SECOND);
    fixture_arp(b, FIXTURE_OTHER_IP);
    expect_syn(b);
    hold(b, MEMP_MAX);
    packet_put32(tcp + 4, 1000);
    packet_put32(tcp + 8, packet_get32(b->last_bytes + 38) + 1);
    tcp[12] = 0x50;
    tcp[13] = SYN | ACK;
    packet_put16(tcp + 14, 4096);
    fixture_ipv4(b, FIXTURE_TCP, tcp, sizeof(tcp), 16);
    fixture_run(b, MS);
    assert_true(b->last.tcp_flags & RST);
    expect_left_and_made_up_for(b, "out of memory");
}

/* Nothing can wait for an address that is not known yet; the repetition finds it. */
static void no_room_for_what_waits_for_arp(void **state)
{
    struct fixture *b = before_the_hello(NULL);
    uint32_t frames;

    (void)state;
    fixture_run(b, 900 * MS);
    hold(b, MEMP_MAX);
    frames = b->frames;
    fixture_run(b, 200 * MS);
    assert_int_equal(b->frames, frames);
    give_back(b);
    fixture_run(b, MINUTE);
    fixture_arp(b, FIXTURE_OTHER_IP);
    fixture_run(b, 2 * SECOND);
    expect_syn(b);
    fixture_free(b);
}

/* --- frames that come in --- */

/* A frame that finds no buffer is lost, as on any network; the next is answered. */
static void no_buffer_for_a_frame(void **state)
{
    struct fixture *b = before_the_hello(NULL);

    (void)state;
    fixture_run(b, SECOND);
    expect_syn(b);
    hold(b, MEMP_PBUF_POOL);
    fixture_arp(b, FIXTURE_OTHER_IP);
    fixture_ack(b, "other.example");
    assert_string_not_equal(b->text[TRACE_WITNESSED], "other.example");
    give_back(b);
    fixture_ack(b, "third.example");
    assert_string_equal(b->text[TRACE_WITNESSED], "third.example");
    fixture_free(b);
}

/* --- who comes to a port --- */

static void with_open_door(struct settings *s)
{
    s->machine.setup_state = SETUP_PROVISIONED;
    s->machine.window_kind = WINDOW_OPERATIONAL;
    s->machine.bmp_left_s = 0;
    s->config.mode = MODE_SMB;
    s->secret.password_default = false;
    memset(s->secret.password, 0, sizeof(s->secret.password));
    strcpy(s->secret.password, "P@ssw0rd");
}

static void ask(struct peer *p)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    lwip_image_enter(p->image);
    assert_int_equal(peer_put(p, (const uint8_t *)request, sizeof(request) - 1),
                     sizeof(request) - 1);
}

static bool is_answered(struct peer *p)
{
    peer_run(p, 200 * MS);
    return p->rx_len > 12 && memcmp(p->rx, "HTTP/1.1 ", 9) == 0;
}

static void no_connection_for_a_client(void **state)
{
    struct peer *p = tls_begin("5.0.3", "intel", "corp.example", with_open_door);

    (void)state;
    p->to = PLAIN;
    hold(p->b, MEMP_TCP_PCB);
    assert_false(peer_connect(p));
    peer_run(p, SECOND);
    assert_false(p->connected);
    give_back(p->b);
    peer_run(p, 4 * SECOND); /* his host repeats its SYN */
    assert_true(p->connected);
    ask(p);
    assert_true(is_answered(p));
    tls_end(p);
}

/* Who does not take his reply gives up his place for one who does. */
static void no_room_for_a_reply(void **state)
{
    struct peer *deaf = tls_begin("5.0.3", "intel", "corp.example", with_open_door), *p;

    (void)state;
    p = peer_new_at(deaf->b, 0x64);
    deaf->to = p->to = PLAIN;
    assert_true(peer_connect(deaf));
    assert_true(peer_connect(p));
    ask(deaf);
    peer_run(deaf, MS);
    lan_set_link(&deaf->b->lan, deaf->port, false);
    peer_run(p, 100 * MS);
    hold(p->b, MEMP_MAX);
    ask(p);
    assert_true(is_answered(p));
    give_back(p->b);
    lan_set_link(&deaf->b->lan, deaf->port, true);
    ask(deaf);
    peer_run(deaf, SECOND);
    assert_true(deaf->rst);
    peer_free(p);
    tls_end(deaf);
}

/* A port for which there was no memory stays shut, whoever asks. */
static void no_memory_for_a_port(void **state)
{
    static const memp_t pools[] = {MEMP_TCP_PCB, MEMP_TCP_PCB_LISTEN};

    (void)state;
    for (size_t i = 0; i < COUNT(pools); i++) {
        struct fixture *b = fixture_new("5.0.3", "intel");
        struct settings s = fixture_factory(b);
        struct peer *p;

        with_open_door(&s);
        fixture_store(b, &s);
        fixture_dhcpd(b, "corp.example");
        b->chip.hal.no_entropy = false;
        chip_power(&b->chip, true);
        fixture_device(b);
        fixture_run(b, 3 * SECOND);
        p = peer_new(b);
        p->to = PLAIN;
        fixture_device(b);
        net_set_policy(&b->chip.device.net, ACCESS_NOBODY);
        hold(b, pools[i]);
        net_set_policy(&b->chip.device.net, ACCESS_OPERATION);
        give_back(b);
        assert_false(peer_connect(p));
        tls_end(p);
    }
}

/* --- randomness --- */

static void with_a_name_to_look_up(struct settings *s)
{
    s->config.server_ip = 0;
}

/* It ends while the device is in use: nothing that needs it is done without. */
static void randomness_ends(void **state)
{
    struct fixture *b = before_the_hello(with_a_name_to_look_up);

    (void)state;
    fixture_run(b, SECOND);
    assert_int_equal(b->count[TRACE_LOOKUP], 1);
    assert_string_equal(b->text[TRACE_NET_MODE], "passive");
    b->chip.hal.no_entropy = true;
    fixture_run(b, 3 * HOUR);
    assert_int_equal(b->count[TRACE_NO_ENTROPY], 1);
    assert_string_equal(b->text[TRACE_NET_MODE], "closed");
    b->frames = 0;
    fixture_run(b, 24 * HOUR);
    assert_int_equal(b->frames, 0);
    fixture_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_connection_for_the_hello),
        cmocka_unit_test(no_segment_for_the_syn),
        cmocka_unit_test(no_room_for_the_hello_itself),
        cmocka_unit_test(no_room_for_what_waits_for_arp),
        cmocka_unit_test(no_buffer_for_a_frame),
        cmocka_unit_test(no_connection_for_a_client),
        cmocka_unit_test(no_room_for_a_reply),
        cmocka_unit_test(no_memory_for_a_port),
        cmocka_unit_test(randomness_ends),
    };

    return cmocka_run_group_tests_name("device_memory", tests, tls_certificates, NULL);
}
