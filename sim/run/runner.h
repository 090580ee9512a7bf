// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_RUNNER_H
#define SIM_RUNNER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/net/capture.h"
#include "sim/run/recorder.h"
#include "sim/scenario/scenario.h"

/* Plays a scenario in a world of its own and checks its expectations. */

struct run_options {
    const struct release *release; /* NULL = the scenario's */
    const struct oem_profile *oem; /* NULL = the scenario's; else all its OEM words are ignored */
    uint64_t seed;
    struct capture *capture;              /* every frame; NULL = none */
    struct world_observer extra_observer; /* sees every event; event NULL = nobody */
};

struct run {
    const struct scenario *scenario;
    const struct release *release;    /* at the beginning; an upgrade replaces the effective one */
    struct release effective_release; /* the one that runs, with what the scenario changes in it */
    char schedule;                    /* the scenario's for every release, 0 = the release's own */
    struct oem_profile oem;           /* as played */
    char oem_name[96];
    uint64_t seed;
    bool provisioned, blind_to_dhcp, no_os, starts_off, stays_off;
    bool judges_nothing; /* the scenario says so; else a run without checks is a failure */
    uint16_t certificate_s;
    struct recorder recorder;
    bool *played; /* of each step: its `when` named the release that ran */
    uint32_t checks, failures;
    char **failure; /* "FILE:LINE: at TIME: expected <...>, seen <...> (release 5.0.2)" */
    size_t failure_cap;
};

/* False: the scenario does not fit the options (an OEM value this release cannot have) or memory
 * ran out; *error says so. Failed expectations are counted, not errors. In every case call
 * run_free(). */
bool run_play(struct run *run, const struct scenario *scenario, const struct run_options *options,
              struct scenario_error *error);
void run_free(struct run *run);

#endif
