// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @sim @lwip
// plain: plays ten days twice and compares them; what it plays runs with sanitizers elsewhere
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/net/packet.h"
#include "sim/world/world.h"

/* lwIP's ticks at their period, or only when they can have an effect: the wire shows the same. */

#define SECOND UINT64_C(1000000)
#define HOUR (3600 * SECOND)
#define SCA_IP 0x0A000005u
#define HELLOS 40u /* in a bare-metal day (SCCM) */

struct frame {
    uint64_t time_us;
    enum lan_sender sender;
    size_t len;
    uint8_t *bytes;
};

struct record {
    struct frame *frame;
    size_t count, cap;
    size_t of_me, hellos;
};

static void on_event(void *ctx, const struct world_event *event)
{
    struct record *r = ctx;
    struct frame *f;

    r->hellos += event->kind == WORLD_HELLO;
    if (event->kind != WORLD_FRAME)
        return;
    if (r->count == r->cap) {
        struct frame *grown;

        r->cap = r->cap ? 2 * r->cap : 256;
        grown = realloc(r->frame, r->cap * sizeof(*grown));
        assert_non_null(grown);
        r->frame = grown;
    }
    f = &r->frame[r->count++];
    *f = (struct frame){event->time_us, event->sender, event->len, malloc(event->len)};
    assert_non_null(f->bytes);
    memcpy(f->bytes, event->frame, event->len);
    r->of_me += event->sender == LAN_ME;
}

static void record_free(struct record *r)
{
    for (size_t i = 0; i < r->count; i++)
        free(r->frame[i].bytes);
    free(r->frame);
}

/* What is special about the network, and what happens during the 26 hours. */
struct moment {
    bool no_os;
    void (*arrange)(struct world *w);
    void (*during)(struct world *w); /* may be NULL */
};

static struct record play(const struct moment *s, bool eager, uint64_t *polls)
{
    struct record r = {0};
    struct world_config config = {.release = release_find("5.0.2"),
                                  .oem = oem_find("intel"),
                                  .seed = 5,
                                  .eager_timers = eager,
                                  .no_os = s->no_os};
    struct world_observer observer = {&r, on_event};
    struct world *w = world_new(&config, &observer);

    assert_non_null(w);
    world_dhcp_option15(w, "corp.example");
    world_dns_a(w, "provisionserver.corp.example", SCA_IP);
    s->arrange(w);
    world_ac(w, true);
    if (s->during)
        s->during(w);
    world_run_until(w, 26 * HOUR);
    *polls = world_device_polls(w);
    world_free(w);
    return r;
}

static bool equal(const struct frame *a, const struct frame *b)
{
    return a->time_us == b->time_us && a->sender == b->sender && a->len == b->len &&
           memcmp(a->bytes, b->bytes, a->len) == 0;
}

static void show(const char *name, const struct frame *f)
{
    struct packet p;
    char src[16], dst[16];

    packet_parse(f->bytes, f->len, &p);
    ip_text(p.src_ip, src);
    ip_text(p.dst_ip, dst);
    print_error("%s: at %.6f s sender %d, kind %d, %s:%u to %s:%u, flags %02x, %u bytes\n", name,
                (double)f->time_us / 1e6, f->sender, p.kind, src, p.src_port, dst, p.dst_port,
                p.tcp_flags, (unsigned)f->len);
}

/* Returns the hellos that were received. */
static size_t expect_same(const struct moment *s, size_t frames_at_least)
{
    uint64_t lazy_polls, eager_polls;
    struct record lazy = play(s, false, &lazy_polls), eager = play(s, true, &eager_polls);
    size_t i = 0, hellos = lazy.hellos;

    while (i < lazy.count && i < eager.count && equal(&lazy.frame[i], &eager.frame[i]))
        i++;
    if (i < lazy.count || i < eager.count) {
        print_error("frame %u differs; %u lazy, %u eager\n", (unsigned)i, (unsigned)lazy.count,
                    (unsigned)eager.count);
        if (i < lazy.count)
            show("lazy", &lazy.frame[i]);
        if (i < eager.count)
            show("eager", &eager.frame[i]);
        fail();
    }
    assert_true(lazy.of_me >= frames_at_least);
    assert_int_equal(lazy.hellos, eager.hellos);
    /* A tick every 250 ms: the eager one did run them all, the lazy one did not. */
    assert_true(eager_polls > 25 * 3600 * 4);
    assert_true(lazy_polls < eager_polls / 5);
    record_free(&lazy);
    record_free(&eager);
    return hellos;
}

static void sca_listens(struct world *w)
{
    assert_true(world_sca(w, SCA_IP, SCA_LISTEN, 0));
}

static void sca_filters(struct world *w)
{
    assert_true(world_sca(w, SCA_IP, SCA_FILTER, 0));
}

static void sca_hangs(struct world *w)
{
    assert_true(world_sca(w, SCA_IP, SCA_HANG, 0));
}

static void nobody(struct world *w)
{
    (void)w;
}

static void dns_is_silent(struct world *w)
{
    sca_listens(w);
    world_dns_silent(w, true);
}

static void short_lease(struct world *w)
{
    sca_listens(w);
    world_dhcp_lease(w, 120);
}

static void sca_present(void **state)
{
    const struct moment s = {.arrange = sca_listens};

    (void)state;
    assert_int_equal(expect_same(&s, HELLOS * 5), HELLOS);
}

static void sca_dead_behind_a_filter(void **state)
{
    const struct moment s = {.arrange = sca_filters};

    (void)state;
    assert_int_equal(expect_same(&s, HELLOS * 2), 0);
}

static void sca_dead_and_gone(void **state)
{
    const struct moment s = {.arrange = nobody};

    (void)state;
    assert_int_equal(expect_same(&s, HELLOS * 2), 0);
}

static void sca_hanging(void **state)
{
    const struct moment s = {.arrange = sca_hangs};

    (void)state;
    assert_int_equal(expect_same(&s, HELLOS * 5), HELLOS);
}

static void dns_silent(void **state)
{
    const struct moment s = {.arrange = dns_is_silent};

    (void)state;
    assert_int_equal(expect_same(&s, HELLOS * 2), 0);
}

static void short_lease_without_a_host(void **state)
{
    const struct moment s = {.no_os = true, .arrange = short_lease};

    (void)state;
    assert_int_equal(expect_same(&s, 24 * 60), HELLOS);
}

/* Five minutes, so that the lease runs out between two ticks that would renew it. */
static void five_minute_lease(struct world *w)
{
    sca_listens(w);
    world_dhcp_lease(w, 300);
}

/* The lease runs out while the server is away, and comes back. */
static void dhcp_away(struct world *w)
{
    world_run_until(w, 2 * HOUR);
    world_dhcp(w, false);
    world_run_until(w, 4 * HOUR);
    world_dhcp(w, true);
}

static void lease_lost_and_found(void **state)
{
    const struct moment s = {.no_os = true, .arrange = short_lease, .during = dhcp_away};

    (void)state;
    assert_int_equal(expect_same(&s, 24 * 60),
                     HELLOS - 2); /* without an address at minutes 125, 185 */
}

static void five_minute_lease_lost_and_found(void **state)
{
    const struct moment s = {.no_os = true, .arrange = five_minute_lease, .during = dhcp_away};

    (void)state;
    assert_true(expect_same(&s, 100) >= HELLOS - 2);
}

/* The host goes and comes, the cable too, and power. */
static void a_day_of_changes(struct world *w)
{
    world_run_until(w, 30 * SECOND + 700000);
    world_os(w, false);
    world_run_until(w, 3 * 60 * SECOND + 123456);
    world_os(w, true);
    world_run_until(w, 10 * 60 * SECOND);
    world_link(w, false);
    world_run_until(w, 3 * HOUR + 777777);
    world_link(w, true);
    world_os(w, false);
    world_run_until(w, 9 * HOUR);
    world_ac(w, false);
    world_run_until(w, 10 * HOUR);
    world_ac(w, true);
}

static void everything_changes(void **state)
{
    const struct moment s = {.arrange = short_lease, .during = a_day_of_changes};

    (void)state;
    assert_true(expect_same(&s, 100) > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sca_present),          cmocka_unit_test(sca_dead_behind_a_filter),
        cmocka_unit_test(sca_dead_and_gone),    cmocka_unit_test(sca_hanging),
        cmocka_unit_test(dns_silent),           cmocka_unit_test(short_lease_without_a_host),
        cmocka_unit_test(lease_lost_and_found), cmocka_unit_test(five_minute_lease_lost_and_found),
        cmocka_unit_test(everything_changes),
    };

    return cmocka_run_group_tests_name("eager", tests, NULL, NULL);
}
