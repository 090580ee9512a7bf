// SPDX-License-Identifier: BSD-3-Clause
#include "sim/world/world_internal.h"

#include <string.h>

#define ANSWER_US 2000000u /* Intel's clients wait 2 s for an answer (PTHI.c) */

int world_amthi(struct world *w, const uint8_t *request, size_t len, uint8_t *response, size_t cap)
{
    uint64_t until = w->clock.now_us + ANSWER_US;

    if (!w->chip.powered || !virtual_message_in(&w->chip.hal, request, len))
        return -1;
    w->answered = false;
    chip_poll(&w->chip);
    while (!w->answered && clock_step(&w->clock, until))
        ;
    if (!w->answered || w->answer_len > cap)
        return -1;
    memcpy(response, w->answer, w->answer_len);
    return (int)w->answer_len;
}

static int agent_exchange(void *ctx, const uint8_t *request, size_t len, uint8_t *response,
                          size_t cap)
{
    return world_amthi(ctx, request, len, response, cap);
}

static void agent_wait(void *ctx, uint32_t ms)
{
    struct world *w = ctx;

    clock_run(&w->clock, w->clock.now_us + (uint64_t)ms * 1000u);
}

static void agent_print(void *ctx, const char *line)
{
    struct world *w = ctx;
    struct world_event event = {.kind = WORLD_AGENT, .text = line};

    world_emit(w, &event);
}

void world_agent(struct world *w, const struct agent_options *options, struct agent_result *result)
{
    struct agent_io io = {w, agent_exchange, agent_wait, agent_print};

    agent_run(&io, options, result);
}

int world_state(struct world *w)
{
    static const uint8_t get_provisioning_state[] = {1, 1, 0, 0, 0x11, 0, 0, 4, 0, 0, 0, 0};
    uint8_t response[32];
    int n = world_amthi(w, get_provisioning_state, sizeof(get_provisioning_state), response,
                        sizeof(response));

    /* header, status 0, state */
    if (n != 20 || response[12] != 0)
        return -1;
    return response[16];
}
