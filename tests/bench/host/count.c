// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include "tests/bench/host/count.h"

#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct device;
uint64_t __real_device_poll(struct device *device, uint64_t now_ms);
uint64_t __wrap_device_poll(struct device *device, uint64_t now_ms);

static int counter = -1;

void count_open(void)
{
    struct perf_event_attr attr = {.type = PERF_TYPE_HARDWARE,
                                   .size = sizeof(attr),
                                   .config = PERF_COUNT_HW_INSTRUCTIONS,
                                   .disabled = 1,
                                   .exclude_kernel = 1,
                                   .exclude_hv = 1};

    counter = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

uint64_t __wrap_device_poll(struct device *device, uint64_t now_ms)
{
    uint64_t next;

    if (counter >= 0)
        ioctl(counter, PERF_EVENT_IOC_ENABLE, 0);
    next = __real_device_poll(device, now_ms);
    if (counter >= 0)
        ioctl(counter, PERF_EVENT_IOC_DISABLE, 0);
    return next;
}

void count_print(void)
{
    uint64_t count;

    if (counter >= 0 && read(counter, &count, sizeof(count)) == sizeof(count))
        printf("%llu\n", (unsigned long long)count);
    else
        puts("uncounted");
}
