// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_EXPECT_H
#define SIM_EXPECT_H

#include "sim/run/recorder.h"
#include "sim/scenario/scenario.h"

/* What an expectation is checked against. */
struct expect_view {
    const struct recorder *recorder;
    int state; /* reported now, -1 = no answer */
    bool window_open;
    uint32_t window_left_s;           /* 0 = no end */
    const struct agent_result *agent; /* of the last run, NULL = none yet */
    int probe;                        /* enum probe_result of the last probe, -1 = none yet */
    const struct pc *pc;              /* for its screen */
    const char *usb;                  /* what became of the last USB key, NULL = none yet */
    size_t *log_from; /* entry behind the log line that was found last; NULL = always the first */
    /* The host interface: length of the answer, 0 for none. */
    void *host;
    int (*amthi)(void *host, const uint8_t *request, size_t len, uint8_t *response, size_t cap);
};

/* Hellos arrive a little after their slot: the first needs ARP and a DNS answer, later ones find
 * them cached, and every frame has its latency. Slots are a minute apart or more. */
#define EXPECT_TIME_TOLERANCE_US 2000000u

#define EXPECT_SEEN_BYTES 480

/* Whether it holds. In either case `seen` says what was found. */
bool expect_holds(const struct expectation *expect, const struct expect_view *view,
                  char seen[EXPECT_SEEN_BYTES]);

#endif
