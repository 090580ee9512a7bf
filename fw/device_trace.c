// SPDX-License-Identifier: BSD-3-Clause
#include "fw/device_internal.h"

void device_trace(const struct device *d, int event, uint32_t value, const char *text,
                  const char *source)
{
    const struct hal_trace *sink = &d->hal->trace;

    sink->record(sink->ctx, net_now_ms(&d->net), event, value, text, source);
}
