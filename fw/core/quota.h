#ifndef CORE_QUOTA_H
#define CORE_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

/* Strangers cause traces: so many a minute are said, of the others only how many they were. */

#define QUOTA_TEXT 24

struct quota {
    uint64_t begun_ms; /* the minute */
    uint32_t said, left_out;
};

/* Whether one more is said now. before: "and 123 more", of an earlier minute, to be said first; ""
 * = there were none. */
bool quota_take(struct quota *quota, uint64_t now_ms, char before[QUOTA_TEXT]);

#endif
