// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_QUOTA_H
#define CORE_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

/* Limits the trace records that strangers can cause: LIMIT_TRACES_A_MINUTE are reported; the others
 * are only counted. */

#define QUOTA_TEXT 24

struct quota {
    uint64_t begun_ms; /* when the current minute began */
    uint32_t reported, suppressed;
};

/* Whether one more may be reported now. summary: "and 123 more", for an earlier minute, to be
 * reported first; "" = none were suppressed. */
bool quota_take(struct quota *quota, uint64_t now_ms, char summary[QUOTA_TEXT]);

#endif
