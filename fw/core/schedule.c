// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/schedule.h"

#define MS_PER_MINUTE 60000u

uint64_t hello_slot_ms(const struct hello_schedule *schedule, uint32_t slot)
{
    uint64_t minutes = 0;
    uint32_t left = slot;

    for (uint32_t i = 0; left > 0; i++) { /* the last step takes what is left */
        bool last = i + 1 == HELLO_STEPS || schedule->step[i + 1].count == 0;
        uint32_t n = last || left < schedule->step[i].count ? left : schedule->step[i].count;

        minutes += (uint64_t)n * schedule->step[i].minutes;
        left -= n;
    }
    return minutes * MS_PER_MINUTE;
}
