// SPDX-License-Identifier: BSD-3-Clause
#include "fw/device_internal.h"

#include "fw/core/status.h"
#include "fw/core/trace.h"
#include "fw/host/amthi/amthi.h"

void device_send_response(struct device *d, size_t len)
{
    d->hal->hostbus.send(d->hal->hostbus.ctx, d->response, len);
}

void device_answer_host(struct device *d, uint32_t command, uint32_t status, const char *source)
{
    device_trace(d, TRACE_AMTHI_STATUS, status, pt_status_name(status), source);
    device_send_response(d, amthi_status_response(command, status, d->response));
}
