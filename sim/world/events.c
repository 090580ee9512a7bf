// SPDX-License-Identifier: BSD-3-Clause
#include "sim/world/world_internal.h"

#include <stdio.h>

const char *world_why(const struct world *w)
{
    return w->why[0] ? w->why : NULL;
}

void world_explain(struct world *w, const char *why)
{
    snprintf(w->why, sizeof(w->why), "%s", why ? why : "");
}

void world_emit(struct world *w, struct world_event *event)
{
    event->time_us = w->clock.now_us;
    w->observer.event(w->observer.ctx, event);
}

void world_pc_event(struct world *w, const char *text)
{
    struct world_event event = {.kind = WORLD_PC, .text = text};

    world_emit(w, &event);
}

void world_sca_event(void *ctx, const struct sca_event *e)
{
    static const enum world_event_kind kind[] = {
        [SCA_EVENT_HELLO] = WORLD_HELLO,     [SCA_EVENT_CONNECTION] = WORLD_SCA,
        [SCA_EVENT_LOG] = WORLD_SCA_LOG,     [SCA_EVENT_OPERATION] = WORLD_SCA_OPERATION,
        [SCA_EVENT_STAGE] = WORLD_SCA_STAGE,
    };
    struct world_event event = {.kind = kind[e->kind],
                                .sender = LAN_LAN,
                                .frame = e->frame,
                                .len = e->len,
                                .hello = e->hello,
                                .text = e->text,
                                .ip = e->sca_ip};

    switch (e->kind) {
    case SCA_EVENT_HELLO:
    case SCA_EVENT_CONNECTION:
        event.ip = e->peer_ip;
        event.port = e->peer_port;
        event.value = e->sca_ip;
        break;
    case SCA_EVENT_OPERATION:
        event.value = e->status;
        event.port = e->http;
        break;
    case SCA_EVENT_STAGE:
        event.value = e->result;
        event.port = (uint16_t)e->stage;
        break;
    case SCA_EVENT_LOG:
        break;
    }
    world_emit(ctx, &event);
}

void world_console_event(void *ctx, const struct console_event *e)
{
    static const enum world_event_kind kind[] = {
        [CONSOLE_EVENT_SAYS] = WORLD_CONSOLE,
        [CONSOLE_EVENT_CALL] = WORLD_CONSOLE_CALL,
        [CONSOLE_EVENT_SOL] = WORLD_CONSOLE_SOL,
        [CONSOLE_EVENT_TEXT] = WORLD_SERIAL,
    };
    struct world_event event = {.kind = kind[e->kind],
                                .sender = LAN_LAN,
                                .frame = e->bytes,
                                .len = e->len,
                                .text = e->text,
                                .ip = e->ip,
                                .port = e->http,
                                .value = e->status,
                                .number = e->value,
                                .result = (uint8_t)e->result};

    if (e->kind == CONSOLE_EVENT_SOL)
        event.result = (uint8_t)e->sol;
    world_emit(ctx, &event);
}
