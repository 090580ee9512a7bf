// SPDX-License-Identifier: BSD-3-Clause
#include "sim/server/sca.h"

#include <string.h>

#include "fw/core/settings.h"

const char *const sca_result_words[SCA_RESULTS] = {[SCA_NONE] = "none",
                                                   [SCA_ACCEPTED] = "accepted",
                                                   [SCA_REFUSED] = "refused",
                                                   [SCA_FAILED] = "failed"};

static void run(void *ctx, uint64_t now_ms)
{
    setup_session_run(&((struct sca *)ctx)->session, now_ms);
}

static uint64_t next_ms(void *ctx)
{
    return setup_session_next_ms(&((struct sca *)ctx)->session);
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
        setup_session_hello(&sca->session, peer_ip, station_now_ms(&sca->station));
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

    memset(sca, 0, sizeof(*sca));
    sca->ip = ip;
    sca->observer = *observer;
    hello_port_init(&sca->hello_port,
                    &(struct hello_port_observer){sca, on_connection, on_message});
    setup_session_init(&sca->session, &sca->station.entropy,
                       &(struct setup_observer){sca, on_log, on_done, on_stage});
    return station_init(&sca->station, clock, lan, seed, ip, mac, "sca",
                        &(struct station_program){sca, run, next_ms});
}

void sca_set(struct sca *sca, enum sca_mode mode, uint16_t port)
{
    station_enter(&sca->station);
    sca->listen_port = port ? port : SERVER_PORT_DEFAULT;
    hello_port_set(&sca->hello_port, mode, sca->listen_port);
    station_reschedule(&sca->station);
}

void sca_plan(struct sca *sca, const struct sca_plan *plan)
{
    station_enter(&sca->station);
    setup_session_plan(&sca->session, plan);
    station_reschedule(&sca->station);
}

bool sca_ask(struct sca *sca, const struct sca_order *order)
{
    bool good = setup_session_ask(&sca->session, order, station_now_ms(&sca->station));

    station_reschedule(&sca->station);
    return good;
}

void sca_clock(struct sca *sca, uint64_t now_s)
{
    sca->session.clock_s = now_s - station_now_ms(&sca->station) / 1000u;
}

void sca_free(struct sca *sca)
{
    setup_session_free(&sca->session);
    station_free(&sca->station);
}
