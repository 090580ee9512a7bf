// SPDX-License-Identifier: BSD-3-Clause
#include "fw/device_internal.h"

#include "fw/core/trace.h"

/* The machine behind the ME, for whoever manages it over the network. */

bool device_machine_control(void *ctx, enum hal_machine_command command,
                            const struct hal_boot *boot)
{
    static const char *const text[] = {[HAL_MACHINE_POWER_UP] = "power up",
                                       [HAL_MACHINE_POWER_DOWN] = "power down",
                                       [HAL_MACHINE_POWER_CYCLE] = "power cycle",
                                       [HAL_MACHINE_RESET] = "reset"};
    const struct device *d = ctx;
    const struct hal_machine *machine = d->hal->machine;

    device_trace(d, TRACE_MACHINE, command, text[command], NULL);
    return machine->control(machine->ctx, command, boot);
}
