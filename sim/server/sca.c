// SPDX-License-Identifier: BSD-3-Clause
#include "sim/server/sca.h"

#include <stdio.h>
#include <string.h>

#include "fw/core/settings.h"
#include "fw/net/netif_of.h"

const char *const sca_result_words[SCA_RESULTS] = {[SCA_NONE] = "none",
                                                   [SCA_ACCEPTED] = "accepted",
                                                   [SCA_REFUSED] = "refused",
                                                   [SCA_FAILED] = "failed"};

static void sca_poll(void *ctx);

static uint64_t now_ms(const struct sca *sca)
{
    return sca->clock->now_us / 1000u;
}

static void reschedule(struct sca *sca)
{
    uint64_t next = ip_stack_next_ms(&sca->stack), session = setup_session_next_ms(&sca->session);

    if (session < next)
        next = session;
    if (sca->wake)
        clock_cancel(sca->clock, sca->wake);
    sca->wake = next == UINT64_MAX ? NULL : clock_at(sca->clock, next * 1000u, sca_poll, sca);
}

static void sca_poll(void *ctx)
{
    struct sca *sca = ctx;

    sca->wake = NULL;
    lwip_image_enter(sca->image);
    ip_stack_run(&sca->stack, now_ms(sca));
    setup_session_run(&sca->session, now_ms(sca));
    reschedule(sca);
}

static void frame_in(void *ctx, enum lan_sender from, const uint8_t *frame, size_t len)
{
    struct sca *sca = ctx;

    (void)from;
    lwip_image_enter(sca->image);
    ip_stack_input(&sca->stack, frame, len, now_ms(sca));
    setup_session_run(&sca->session, now_ms(sca));
    reschedule(sca);
}

static int frame_out(void *ctx, const uint8_t *frame, size_t len)
{
    struct sca *sca = ctx;

    lan_send(sca->lan, sca->port, frame, len);
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
    struct sca *sca = ctx;

    rng_fill(&sca->rng, out, len);
    return 0;
}

static void tell(const struct sca *sca, struct sca_event *event)
{
    event->sca_ip = sca->ip;
    sca->observer.event(sca->observer.ctx, event);
}

/* --- what the port reports --- */

static void on_connection(void *ctx, uint32_t peer_ip, uint16_t peer_port, const char *text)
{
    tell(ctx, &(struct sca_event){.kind = SCA_EVENT_CONNECTION,
                                  .text = text,
                                  .peer_ip = peer_ip,
                                  .peer_port = peer_port});
}

static void on_message(void *ctx, uint32_t peer_ip, uint16_t peer_port, const uint8_t *bytes,
                       size_t len)
{
    struct sca *sca = ctx;
    struct hello hello;
    size_t at;
    int error = hello_decode(bytes, len, &hello, &at);
    struct sca_event event = {.kind = SCA_EVENT_HELLO,
                              .frame = bytes,
                              .len = len,
                              .hello = &hello,
                              .peer_ip = peer_ip,
                              .peer_port = peer_port};

    if (error != HELLO_OK) {
        event.kind = SCA_EVENT_CONNECTION;
        event.hello = NULL;
        event.text = hello_error_text(error);
    }
    tell(sca, &event);
    if (error == HELLO_OK)
        setup_session_hello(&sca->session, peer_ip, now_ms(sca));
}

/* --- what the session reports --- */

static void on_log(void *ctx, const char *line)
{
    tell(ctx, &(struct sca_event){.kind = SCA_EVENT_LOG, .text = line});
}

static void on_done(void *ctx, const struct sca_operation *op, uint16_t http, uint32_t status)
{
    tell(ctx, &(struct sca_event){
                  .kind = SCA_EVENT_OPERATION, .text = op->name, .http = http, .status = status});
}

static void on_stage(void *ctx, enum sca_stage stage, enum sca_result result)
{
    tell(ctx, &(struct sca_event){.kind = SCA_EVENT_STAGE,
                                  .text = sca_result_words[result],
                                  .stage = stage,
                                  .result = result});
}

bool sca_init(struct sca *sca, struct sim_clock *clock, struct lan *lan, uint64_t seed, uint32_t ip,
              const struct sca_observer *observer)
{
    uint8_t mac[6] = {0x02, 0x5c, 0xa0, 0, 0, (uint8_t)ip};
    struct lan_port port = {.ctx = sca, .frame = frame_in, .sender = LAN_LAN, .link = true};
    ip4_addr_t address, mask;
    char stream[24];

    memset(sca, 0, sizeof(*sca));
    sca->clock = clock;
    sca->lan = lan;
    sca->ip = ip;
    sca->observer = *observer;
    sca->image = lwip_image_new();
    sca->port = sca->image ? lan_attach(lan, &port) : -1;
    if (sca->port < 0)
        return false;
    snprintf(stream, sizeof(stream), "sca %08x", ip);
    rng_seed(&sca->rng, seed, stream);
    hello_port_init(&sca->hello_port,
                    &(struct hello_port_observer){sca, on_connection, on_message});
    setup_session_init(&sca->session, &sca->entropy,
                       &(struct setup_observer){sca, on_log, on_done, on_stage});
    sca->ether = (struct hal_ether){sca, no_queue, frame_out, link_up, NULL};
    sca->entropy = (struct hal_entropy){.ctx = sca, .fill = entropy_fill};
    lwip_image_enter(sca->image);
    if (ip_stack_start(&sca->stack, mac, &sca->ether, &sca->entropy, now_ms(sca)) != 0)
        return false;
    sca->stack.gate_open = true;
    ip4_addr_set_u32(&address, lwip_htonl(ip));
    ip4_addr_set_u32(&mask, lwip_htonl(0xFFFFFF00u));
    netif_set_addr(netif_of(&sca->stack.netif), &address, &mask, NULL);
    netif_set_up(netif_of(&sca->stack.netif));
    netif_set_link_up(netif_of(&sca->stack.netif));
    return true;
}

void sca_set(struct sca *sca, enum sca_mode mode, uint16_t port)
{
    lwip_image_enter(sca->image);
    sca->listen_port = port ? port : SERVER_PORT_DEFAULT;
    hello_port_set(&sca->hello_port, mode, sca->listen_port);
    reschedule(sca);
}

void sca_plan(struct sca *sca, const struct sca_plan *plan)
{
    lwip_image_enter(sca->image);
    setup_session_plan(&sca->session, plan);
    reschedule(sca);
}

bool sca_ask(struct sca *sca, const struct sca_order *order)
{
    bool good = setup_session_ask(&sca->session, order, now_ms(sca));

    reschedule(sca);
    return good;
}

void sca_clock(struct sca *sca, uint64_t now_s)
{
    sca->session.clock_s = now_s - now_ms(sca) / 1000u;
}

void sca_free(struct sca *sca)
{
    if (sca->wake)
        clock_cancel(sca->clock, sca->wake);
    setup_session_free(&sca->session);
    lwip_image_free(sca->image);
}
