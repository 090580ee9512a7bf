// SPDX-License-Identifier: BSD-3-Clause
#ifndef ZTCAGENT_AGENT_H
#define ZTCAGENT_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The local agent: discovery and activation over the AMTHI host interface, with the transcript
 * lines of Intel's ZTCLocalAgent sample (S0). The command-line tool and the scenarios' PC use the
 * same code; they differ in the I/O below. */

struct agent_io {
    void *ctx;
    /* One request, one response. Returns the response's length, 0 for an empty response ("AMT
     * disabled"), -1 when none came within 2 s (the client time-out of Intel's code, PTHI.c). */
    int (*exchange)(void *ctx, const uint8_t *request, size_t len, uint8_t *response, size_t cap);
    void (*wait_ms)(void *ctx, uint32_t ms);
    void (*print)(void *ctx, const char *line); /* without line end */
};

struct agent_options {
    bool discovery;
    bool activate;
    const char *otp; /* NULL = none */
    const char *dns; /* PKI suffix, NULL = none */
};

/* Exit status of the command-line tool. */
enum agent_exit {
    AGENT_OK = 0,
    AGENT_FAILED = 1, /* the device refused */
    AGENT_USAGE = 2,
    AGENT_NO_DEVICE = 3, /* no answer, or not AMTHI */
};

struct agent_result {
    bool answered;   /* the device answered every request with a well-formed response */
    uint32_t state;  /* last GetProvisioningState: 0 PRE, 1 IN, 2 POST; UINT32_MAX = not asked */
    uint32_t status; /* last PT_STATUS of StartConfiguration; UINT32_MAX = not sent */
};

/* What is wrong with the options, as a text; NULL = nothing. */
const char *agent_usage_error(const struct agent_options *options);

/* Returns an enum agent_exit. Wrong options are reported in one line, and nothing is sent. */
int agent_run(const struct agent_io *io, const struct agent_options *options,
              struct agent_result *result);

#endif
