// SPDX-License-Identifier: BSD-3-Clause
#ifndef CORE_SCHEDULE_H
#define CORE_SCHEDULE_H

#include <stdint.h>

#include "fw/core/release.h"

/* When the hellos are due: a release's list of intervals (release.c), attempt by attempt. */

/* Milliseconds from attempt 0 to attempt `slot`. */
uint64_t hello_slot_ms(const struct hello_schedule *schedule, uint32_t slot);
/* The retry field of that attempt's hello. */
static inline uint32_t hello_retry_field(const struct hello_schedule *schedule, uint32_t slot)
{
    return slot < schedule->retry_max ? slot : schedule->retry_max;
}

#endif
