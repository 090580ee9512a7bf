// SPDX-License-Identifier: BSD-3-Clause
#ifndef BENCH_COUNT_H
#define BENCH_COUNT_H

/* The processor's count of the instructions inside of device_poll(), around which this is linked:
 * what peers and simulator do does not count. */

void count_open(void);
/* The number; "uncounted" where the processor's counters cannot be had. */
void count_print(void);

#endif
