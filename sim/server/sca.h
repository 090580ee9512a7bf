// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_SERVER_SCA_H
#define SIM_SERVER_SCA_H

#include "fw/core/hello.h"
#include "sim/server/hello_port.h"
#include "sim/server/setup_session.h"
#include "sim/server/station.h"

/* A set-up and configuration application on the segment: a host with a lwIP stack of its own, on
 * which a port hears hellos, and a set-up session calls the device back when there is a plan. Its
 * observer is told what it sees. */

enum sca_event_kind {
    SCA_EVENT_HELLO,      /* hello, frame/len = raw bytes, peer */
    SCA_EVENT_CONNECTION, /* text ("connection closed by device"), peer (0 = none) */
    SCA_EVENT_LOG,        /* a line of its log: text */
    SCA_EVENT_OPERATION,  /* was answered: text = its name, http, status */
    SCA_EVENT_STAGE,      /* is over: stage, result, text = the result's word */
};

struct sca_event {
    enum sca_event_kind kind;
    uint32_t sca_ip, peer_ip;
    uint16_t peer_port;
    uint16_t http;
    uint32_t status; /* PT_STATUS */
    enum sca_stage stage;
    enum sca_result result;
    const struct hello *hello;
    const uint8_t *frame;
    size_t len;
    const char *text;
};

struct sca_observer {
    void *ctx;
    void (*event)(void *ctx, const struct sca_event *event);
};

extern const char *const sca_result_words[SCA_RESULTS]; /* "none", "accepted", ... */

struct sca {
    struct station station;
    uint32_t ip;
    uint16_t listen_port;
    struct sca_observer observer;
    struct hello_port hello_port;
    struct setup_session session;
};

/* False without memory or a free port on the segment. */
bool sca_init(struct sca *sca, struct sim_clock *clock, struct lan *lan, uint64_t seed, uint32_t ip,
              const struct sca_observer *observer);
void sca_set(struct sca *sca, enum sca_mode mode, uint16_t port);
/* The plan must outlive the SCA or the next call; NULL = none any more. */
void sca_plan(struct sca *sca, const struct sca_plan *plan);
/* False: no plan, no device known, or too many orders. */
bool sca_ask(struct sca *sca, const struct sca_order *order);
void sca_clock(struct sca *sca, uint64_t now_s); /* since 1970 */
void sca_free(struct sca *sca);

#endif
