// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
#include "tests/fixtures/world_watch.h"

/* The hello's connection, what a set-up application that misbehaves does to it, and where chance
 * enters. */

static const char pki_hex[] = "0100030000000000443322116655887799aabbccddeeff0005"
                              "0114742c3192e607e424eb4549542be1bbc53e6174e2"
                              "0114132d0d45534b6997cdb2d5c339e25576609b5cc6"
                              "01142796bae63f1801e277261ba0d77770028f20eee4"
                              "0114d1eb23a46d17d68fd92564c2f1f1601764d8e349"
                              "0114ad7e1c28b064ef8f6003402014c3d0e3370eb58a";

static void expect_pki_hello(const uint8_t *bytes, size_t len, uint8_t retry)
{
    assert_int_equal(len, 135);
    for (size_t i = 0; i < 135; i++) {
        char digits[3] = {pki_hex[2 * i], pki_hex[2 * i + 1], 0};

        assert_int_equal(bytes[i], i == 4 ? retry : strtoul(digits, NULL, 16));
    }
}

static void one_hello(bool no_os)
{
    struct watch *x = watch_new(no_os, 1);
    size_t data = 0;

    ordinary(x);
    world_ac(x->world, true);
    world_run_until(x->world, 30 * SECOND);
    assert_int_equal(count_tcp(x, PACKET_TCP_SYN, PACKET_TCP_SYN), 1);
    assert_int_equal(count_tcp(x, PACKET_TCP_FIN, PACKET_TCP_FIN), 1);
    assert_int_equal(count_tcp(x, PACKET_TCP_RST, PACKET_TCP_RST), 0);
    for (size_t i = 0; i < x->frames; i++) {
        const struct packet *p = &x->frame[i].packet;

        if (p->kind != PACKET_TCP)
            continue;
        assert_int_equal(p->src_port, 16994);
        assert_int_equal(p->dst_port, 9971);
        assert_int_equal(p->dst_ip, SCA_IP);
        assert_int_equal(p->src_ip, WORLD_POOL_IP);
        if (p->payload_len == 0)
            continue;
        data++;
        expect_pki_hello(p->payload, p->payload_len, 0);
    }
    assert_int_equal(data, 1);
    assert_int_equal(x->first_fin, LAN_ME);
    assert_int_equal(x->of_sca, 0);
    assert_int_equal(x->hellos, 1);
    assert_int_equal(x->hello[0].from_port, 16994);
    assert_int_equal(x->hello[0].from_ip, WORLD_POOL_IP);
    expect_pki_hello(x->hello[0].bytes, x->hello[0].len, 0);
    assert_in_range(x->hello[0].time_us, SECOND, 2 * SECOND);
    watch_free(x);
}

static void b07_one_segment_and_the_device_closes_first(void **state)
{
    (void)state;
    one_hello(PASSIVE);
    one_hello(ACTIVE);
}

/* An application that never closes its side is not waited for either. */
static void b07_nothing_is_awaited(void **state)
{
    struct watch *x = watch_new(PASSIVE, 1);

    (void)state;
    ordinary(x);
    world_sca(x->world, SCA_IP, SCA_HANG, 0);
    world_ac(x->world, true);
    world_run_until(x->world, 30 * SECOND);
    assert_int_equal(count_tcp(x, PACKET_TCP_FIN, PACKET_TCP_FIN), 1);
    assert_int_equal(x->hellos, 1);
    watch_free(x);
}

/* The second leaves while the first is in TIME_WAIT, from the same port to the same place. */
static void m08_the_same_five_tuple_a_minute_later(void **state)
{
    const struct seen *syn[8];
    struct watch *x = watch_new(PASSIVE, 1);

    (void)state;
    ordinary(x);
    world_ac(x->world, true);
    world_run_until(x->world, 5 * MINUTE + 30 * SECOND);
    assert_int_equal(connections(x, syn, COUNT(syn)), 6);
    assert_int_equal(count_tcp(x, PACKET_TCP_SYN, PACKET_TCP_SYN), 6);
    assert_int_equal(x->hellos, 6);
    for (uint32_t i = 0; i < 6; i++) {
        assert_in_range(syn[i]->time_us, SECOND + i * MINUTE, SECOND + i * MINUTE + 20000);
        assert_int_equal(syn[i]->packet.src_port, 16994);
        assert_int_equal(syn[i]->packet.dst_port, 9971);
        if (i > 0) /* RFC 1122 4.2.2.13: above the old connection's */
            assert_true((int32_t)(syn[i]->sequence - syn[i - 1]->sequence) > 137);
        assert_int_equal(x->hello[i].retry, i);
        assert_int_equal(x->hello[i].from_port, 16994);
        expect_pki_hello(x->hello[i].bytes, x->hello[i].len, (uint8_t)i);
    }
    watch_free(x);
}

/* --- set-up applications that misbehave ----------------------------------------------------- */

/* Three slots with it, then it recovers: hello with retry 3 at the slot of minute 3. */
static void recovers_from(enum sca_mode mode, size_t hellos_meanwhile)
{
    struct watch *x = watch_new(PASSIVE, 1);
    size_t n = hellos_meanwhile;

    ordinary(x);
    assert_true(world_sca(x->world, SCA_IP, mode, 0));
    world_ac(x->world, true);
    world_run_until(x->world, 2 * MINUTE + 50 * SECOND);
    assert_int_equal(x->attempts, 3);
    assert_int_equal(x->hellos, n);
    assert_int_equal(x->failures, n > 0 ? 0 : 3); /* all three were given up before the next slot */
    assert_true(count_tcp(x, PACKET_TCP_SYN, PACKET_TCP_SYN) >= 3);
    if (n == 0 && mode != SCA_RESET)
        for (size_t i = 0; i < x->frames; i++)
            assert_true(x->frame[i].packet.kind != PACKET_TCP ||
                        x->frame[i].packet.payload_len == 0); /* no hello bytes */
    assert_int_equal(world_state(x->world), 1);
    assert_true(world_sca(x->world, SCA_IP, SCA_LISTEN, 0));
    world_run_until(x->world, 4 * MINUTE + 30 * SECOND);
    assert_int_equal(x->hellos, n + 2);
    assert_int_equal(x->hello[n].retry, 3);
    assert_int_equal(x->hello[n].from_port, 16994);
    assert_in_range(x->attempt_us[3], 3 * MINUTE + SECOND, 3 * MINUTE + SECOND + 20000);
    assert_int_equal(x->hello[n + 1].retry, 4);
    watch_free(x);
}

static void refused_then_accepted(void **state)
{
    (void)state;
    recovers_from(SCA_REFUSE, 0);
}

static void filtered_then_accepted(void **state)
{
    (void)state;
    recovers_from(SCA_FILTER, 0);
}

static void hanging_then_closing(void **state)
{
    (void)state;
    recovers_from(SCA_HANG, 3);
}

static void reset_then_accepted(void **state)
{
    (void)state;
    recovers_from(SCA_RESET, 0);
}

/* S3: it listens on another port than the device uses. */
static void the_wrong_port_is_refused(void **state)
{
    struct watch *x = watch_new(PASSIVE, 1);

    (void)state;
    ordinary(x);
    assert_true(world_sca(x->world, SCA_IP, SCA_LISTEN, 9972));
    world_ac(x->world, true);
    world_run_until(x->world, 90 * SECOND);
    assert_int_equal(x->hellos, 0);
    assert_int_equal(x->failures, 2);
    assert_true(world_mebx_server(x->world, 0, 9972)); /* and mended in MEBx */
    world_run_until(x->world, 150 * SECOND);
    assert_int_equal(x->hellos, 1);
    assert_int_equal(x->hello[0].retry, 2);
    watch_free(x);
}

/* --- chance --------------------------------------------------------------------------------- */

struct draws {
    uint32_t xid, isn;
    uint16_t dns_id, dns_port;
};

static struct draws draws_of(const struct watch *x, size_t from)
{
    struct draws d = {0};
    bool dhcp = false, dns = false, tcp = false;

    for (size_t i = from; i < x->frames; i++) {
        const struct packet *p = &x->frame[i].packet;

        if (p->kind == PACKET_DHCP && !dhcp)
            d.xid = packet_get32(p->payload + 4);
        if (p->kind == PACKET_DNS && !dns) {
            d.dns_id = packet_get16(p->payload);
            d.dns_port = p->src_port;
        }
        if (p->kind == PACKET_TCP && !tcp)
            d.isn = x->frame[i].sequence;
        dhcp |= p->kind == PACKET_DHCP;
        dns |= p->kind == PACKET_DNS;
        tcp |= p->kind == PACKET_TCP;
    }
    assert_true(dhcp && dns && tcp);
    return d;
}

static void expect_all_different(const struct draws *a, const struct draws *b)
{
    assert_int_not_equal(a->xid, b->xid);
    assert_int_not_equal(a->dns_id, b->dns_id);
    assert_int_not_equal(a->dns_port, b->dns_port);
    /* Time alone would give a second's worth of microseconds; this is another secret. */
    assert_true((int32_t)(a->isn - b->isn) > 1000000 || (int32_t)(a->isn - b->isn) < -1000000);
}

static void two_seeds_share_nothing(void **state)
{
    struct draws d[4];

    (void)state;
    for (size_t i = 0; i < COUNT(d); i++) {
        struct watch *x = watch_new(ACTIVE, 100 + i);

        ordinary(x);
        world_ac(x->world, true);
        world_run_until(x->world, 10 * SECOND);
        d[i] = draws_of(x, 0);
        watch_free(x);
        for (size_t j = 0; j < i; j++)
            expect_all_different(&d[i], &d[j]);
    }
}

/* A board that is switched off and on does not begin with the same numbers. */
static void two_boots_share_nothing(void **state)
{
    struct watch *x = watch_new(ACTIVE, 1);
    struct draws first, second;
    size_t before;

    (void)state;
    ordinary(x);
    world_ac(x->world, true);
    world_run_until(x->world, 10 * SECOND);
    first = draws_of(x, 0);
    world_ac(x->world, false);
    before = x->frames;
    world_run_until(x->world, 20 * SECOND);
    world_ac(x->world, true);
    world_run_until(x->world, 30 * SECOND);
    second = draws_of(x, before);
    expect_all_different(&first, &second);
    watch_free(x);
}

static void one_seed_is_one_story(void **state)
{
    struct watch *x[2];
    struct seen *kept;
    size_t count;

    (void)state;
    x[0] = watch_new(ACTIVE, 9);
    ordinary(x[0]);
    world_ac(x[0]->world, true);
    world_run_until(x[0]->world, HOUR);
    count = x[0]->frames;
    kept = x[0]->frame;
    x[0]->frame = NULL;
    watch_free(x[0]);

    x[1] = watch_new(ACTIVE, 9);
    ordinary(x[1]);
    world_ac(x[1]->world, true);
    world_run_until(x[1]->world, HOUR);
    assert_int_equal(x[1]->frames, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(x[1]->frame[i].time_us, kept[i].time_us);
        assert_memory_equal(x[1]->frame[i].bytes, kept[i].bytes, LAN_FRAME);
    }
    free(kept);
    watch_free(x[1]);
}

static bool command(struct watch *x, enum machine_command command)
{
    const struct hal_machine *machine = &world_machine(x->world)->machine;
    struct boot_settings boot = {0};

    return machine->control(machine->ctx, command, &boot);
}

static bool os_is_up(struct watch *x)
{
    return pc_os_is_up(world_machine(x->world));
}

/* The ME, the story and the person at the machine act on one and the same machine. */
static void the_machine_is_one(void **state)
{
    struct watch *x = watch_new(PASSIVE, 1);
    const struct pc *pc = world_machine(x->world);

    (void)state;
    ordinary(x);
    world_ac(x->world, true);
    world_run_until(x->world, 30 * SECOND);
    assert_true(os_is_up(x));
    assert_true(command(x, MACHINE_RESET));
    world_run_until(x->world, 31 * SECOND);
    assert_false(os_is_up(x));
    world_run_until(x->world, 51 * SECOND);
    assert_true(os_is_up(x));
    world_press(x->world, WORLD_POWER_BUTTON, NULL);
    world_run_until(x->world, 55 * SECOND);
    assert_int_equal(pc_state(pc), MACHINE_S5);
    assert_false(command(x, MACHINE_RESET));
    world_explain(x->world, NULL);
    world_power(x->world, POWER_S45);
    assert_string_equal(world_why(x->world), "the machine is in that state already");
    world_press(x->world, WORLD_RESET_BUTTON, NULL);
    assert_string_equal(world_why(x->world), "the machine is not on");
    assert_true(command(x, MACHINE_POWER_UP));
    world_run_until(x->world, 80 * SECOND);
    assert_true(os_is_up(x));
    assert_true(command(x, MACHINE_POWER_DOWN));
    world_run_until(x->world, 81 * SECOND);
    world_explain(x->world, NULL);
    world_os(x->world, true);
    assert_string_equal(world_why(x->world), "the machine is not in S0");
    world_power(x->world, POWER_S0);
    world_ac(x->world, false);
    assert_false(command(x, MACHINE_POWER_UP));
    watch_free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(b07_one_segment_and_the_device_closes_first),
        cmocka_unit_test(b07_nothing_is_awaited),
        cmocka_unit_test(m08_the_same_five_tuple_a_minute_later),
        cmocka_unit_test(refused_then_accepted),
        cmocka_unit_test(filtered_then_accepted),
        cmocka_unit_test(hanging_then_closing),
        cmocka_unit_test(reset_then_accepted),
        cmocka_unit_test(the_wrong_port_is_refused),
        cmocka_unit_test(two_seeds_share_nothing),
        cmocka_unit_test(two_boots_share_nothing),
        cmocka_unit_test(one_seed_is_one_story),
        cmocka_unit_test(the_machine_is_one),
    };

    return cmocka_run_group_tests_name("world", tests, NULL, NULL);
}
