#ifndef SIM_SCA_H
#define SIM_SCA_H

#include "fw/core/hello.h"
#include "fw/net/stack.h"
#include "sim/base/clock.h"
#include "sim/base/lwip_world.h"
#include "sim/base/rng.h"
#include "sim/net/lan.h"
#include "sim/server/setup_session.h"
#include "sim/world/world.h"

/* A set-up application on the segment: a host with a lwIP stack of its own that listens for hellos,
 * and calls the device back when it has a plan. Reports what it sees as WORLD_HELLO, WORLD_SCA and
 * WORLD_SCA_... events. */

#define SCA_HELLO_BYTES 2048 /* a longer message is cut and fails to decode */

struct sca {
    struct sim_clock *clock;
    struct lan *lan;
    int port;
    uint32_t ip;
    uint16_t listen_port;
    enum world_sca_mode mode;
    const struct world_observer *observer;
    struct lwip_image *image;
    struct stack stack;
    struct hal_ether ether;
    struct hal_entropy entropy;
    struct rng rng;
    struct clock_event *wake;
    void *listener; /* lwIP's struct tcp_pcb */
    uint8_t data[SCA_HELLO_BYTES];
    size_t data_len;
    struct sca_server server;
};

/* False without memory or a free port on the segment. */
bool sca_init(struct sca *sca, struct sim_clock *clock, struct lan *lan, uint64_t seed, uint32_t ip,
              const struct world_observer *observer);
void sca_set(struct sca *sca, enum world_sca_mode mode, uint16_t port);
/* The plan must outlive the SCA or the next call; NULL = none any more. */
void sca_plan(struct sca *sca, const struct sca_plan *plan);
/* False: no plan, no device known, or too many orders. */
bool sca_ask(struct sca *sca, const struct sca_order *order);
void sca_clock(struct sca *sca, uint64_t now_s); /* since 1970 */
void sca_free(struct sca *sca);

#endif
