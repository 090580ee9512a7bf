// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_SERVER_STATION_H
#define SIM_SERVER_STATION_H

#include "fw/net/ip_stack.h"
#include "sim/base/clock.h"
#include "sim/base/lwip_world.h"
#include "sim/base/rng.h"
#include "sim/net/lan.h"

/* A host on the segment with a fixed address and a lwIP stack of its own: what a set-up application
 * and a console run on. */

struct station_program {
    void *ctx;
    /* After each time that lwIP ran, and at next_ms(); lwIP's variables are the station's. */
    void (*run)(void *ctx, uint64_t now_ms);
    uint64_t (*next_ms)(void *ctx); /* UINT64_MAX = never by itself */
};

struct station {
    struct sim_clock *clock;
    struct lan *lan;
    int port;
    uint32_t ip;
    struct station_program program;
    struct lwip_image *image;
    struct ip_stack stack;
    struct hal_ether ether;
    struct hal_entropy entropy; /* a stream of its own, from the seed and its name */
    struct rng rng;
    struct clock_event *wake;
};

/* The station is all zero; name: "sca", which with its address names its randomness. False: no
 * memory, or no free port on the segment; station_free() is to be called all the same. */
bool station_init(struct station *station, struct sim_clock *clock, struct lan *lan, uint64_t seed,
                  uint32_t ip, const uint8_t mac[6], const char *name,
                  const struct station_program *program);
void station_enter(struct station *station); /* puts its lwIP's variables in place */
/* The same before its program begins to use lwIP anew: lwIP's time is the present. */
void station_wake(struct station *station);
/* After anything that its program was told: when it runs next may have changed. */
void station_reschedule(struct station *station);
uint64_t station_now_ms(const struct station *station);
void station_free(struct station *station);

#endif
