// SPDX-License-Identifier: BSD-3-Clause
#include "sim/server/station.h"

#include <stdio.h>

#include "fw/net/netif_of.h"

static void poll_station(void *ctx);

uint64_t station_now_ms(const struct station *s)
{
    return s->clock->now_us / 1000u;
}

void station_enter(struct station *s)
{
    lwip_image_enter(s->image);
}

void station_wake(struct station *s)
{
    station_enter(s);
    ip_stack_run(&s->stack, station_now_ms(s));
}

void station_reschedule(struct station *s)
{
    uint64_t next = ip_stack_next_ms(&s->stack), program = s->program.next_ms(s->program.ctx);

    if (program < next)
        next = program;
    if (s->wake)
        clock_cancel(s->clock, s->wake);
    s->wake = next == UINT64_MAX ? NULL : clock_at(s->clock, next * 1000u, poll_station, s);
}

static void poll_station(void *ctx)
{
    struct station *s = ctx;

    s->wake = NULL;
    station_enter(s);
    ip_stack_run(&s->stack, station_now_ms(s));
    s->program.run(s->program.ctx, station_now_ms(s));
    station_reschedule(s);
}

static void frame_in(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct station *s = ctx;

    (void)from;
    station_enter(s);
    ip_stack_input(&s->stack, frame, len, station_now_ms(s));
    s->program.run(s->program.ctx, station_now_ms(s));
    station_reschedule(s);
}

static int frame_out(void *ctx, const uint8_t *frame, size_t len)
{
    struct station *s = ctx;

    lan_send(s->lan, s->port, frame, len);
    return 0;
}

static size_t no_queue(void *ctx, uint8_t *out, size_t cap)
{
    (void)ctx;
    (void)out;
    (void)cap;
    return 0;
}

static bool link_up(void *ctx)
{
    (void)ctx;
    return true;
}

static int entropy_fill(void *ctx, void *out, size_t len)
{
    struct station *s = ctx;

    rng_fill(&s->rng, out, len);
    return 0;
}

static void configure(struct station *s)
{
    ip4_addr_t address, mask;

    s->stack.gate_open = true;
    ip4_addr_set_u32(&address, lwip_htonl(s->ip));
    ip4_addr_set_u32(&mask, lwip_htonl(0xFFFFFF00u));
    netif_set_addr(netif_of(&s->stack.netif), &address, &mask, NULL);
    netif_set_up(netif_of(&s->stack.netif));
    netif_set_link_up(netif_of(&s->stack.netif));
}

bool station_init(struct station *s, struct sim_clock *clock, struct lan *lan, uint64_t seed,
                  uint32_t ip, const uint8_t mac[6], const char *name,
                  const struct station_program *program)
{
    struct lan_port port = {.ctx = s, .frame = frame_in, .sender = LAN_LAN, .link = true};
    char stream[24];

    s->clock = clock;
    s->lan = lan;
    s->ip = ip;
    s->program = *program;
    s->image = lwip_image_new();
    s->port = s->image ? lan_attach(lan, &port) : -1;
    if (s->port < 0)
        return false;
    snprintf(stream, sizeof(stream), "%s %08x", name, (unsigned)ip);
    rng_seed(&s->rng, seed, stream);
    s->ether = (struct hal_ether){s, no_queue, frame_out, link_up, NULL};
    s->entropy = (struct hal_entropy){.ctx = s, .fill = entropy_fill};
    station_enter(s);
    if (ip_stack_start(&s->stack, mac, &s->ether, &s->entropy, station_now_ms(s)) != 0)
        return false;
    configure(s);
    return true;
}

void station_free(struct station *s)
{
    if (s->wake)
        clock_cancel(s->clock, s->wake);
    lwip_image_free(s->image);
}
