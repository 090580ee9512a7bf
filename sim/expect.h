#ifndef SIM_EXPECT_H
#define SIM_EXPECT_H

#include "sim/recorder.h"
#include "sim/scenario.h"

/* What an expectation is held against. */
struct expect_view {
    const struct recorder *recorder;
    int state;                        /* reported now, -1 = no answer */
    const struct agent_result *agent; /* of the last run, NULL = none yet */
};

/* Hellos arrive a little after their slot: the first needs ARP and a DNS answer, later ones find
 * them cached, and every frame has its latency. Slots are a minute apart or more. */
#define EXPECT_TIME_TOLERANCE_US 2000000u

#define EXPECT_SEEN_BYTES 480

/* Whether it holds; `seen` then or else says what was found in its place. */
bool expect_holds(const struct expectation *expect, const struct expect_view *view,
                  char seen[EXPECT_SEEN_BYTES]);

#endif
