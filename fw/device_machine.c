// SPDX-License-Identifier: BSD-3-Clause
#include "fw/device_internal.h"

#include <string.h>

#include "fw/core/trace.h"

/* The machine behind the ME, for whoever manages it over the network. */

/* Until somebody sets the clock, records have the time since the firmware's start, as the clock
 * shows it (assumed). */
static uint32_t log_time_s(const struct device *d)
{
    return (uint32_t)(d->clock_base_s + net_now_ms(&d->net) / 1000u);
}

void device_poll_machine(struct device *d)
{
    const struct hal_machine *machine = d->hal->machine;
    struct machine_event event;
    enum machine_state state;

    if (!machine)
        return;
    for (uint32_t i = 0; i < LIMIT_EVENTS && machine->report(machine->ctx, &event); i++)
        event_log_add(&d->log, log_time_s(d), &event);
    state = machine->state(machine->ctx);
    if (state == d->machine_state)
        return;
    d->machine_state = (uint8_t)state;
    event_log_power(&d->log, log_time_s(d), state);
}

void device_log_redirection(struct device *d, bool opened)
{
    event_log_redirection(&d->log, log_time_s(d), opened);
}

void device_machine_wrong_password(void *ctx)
{
    struct device *d = ctx;

    event_log_wrong_password(&d->log, log_time_s(d));
}

bool device_machine_control(void *ctx, enum machine_command command,
                            const struct boot_settings *boot)
{
    static const char *const text[] = {[MACHINE_POWER_UP] = "power up",
                                       [MACHINE_POWER_DOWN] = "power down",
                                       [MACHINE_POWER_CYCLE] = "power cycle",
                                       [MACHINE_RESET] = "reset"};
    const struct device *d = ctx;
    const struct hal_machine *machine = d->hal->machine;

    device_trace(d, TRACE_MACHINE, command, text[command], NULL);
    return machine->control(machine->ctx, command, boot);
}

void device_machine_recheck(struct device *d, const struct settings *draft)
{
    const struct secret_settings *now = &d->settings.secret, *then = &draft->secret;
    int user = redirect_user(&d->redirect);
    bool same = true;

    if (user == 0)
        same = memcmp(now->admin_user, then->admin_user, sizeof(now->admin_user)) == 0 &&
               memcmp(now->admin_digest, then->admin_digest, sizeof(now->admin_digest)) == 0 &&
               memcmp(now->password, then->password, sizeof(now->password)) == 0;
    else if (user > 0)
        // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): it is stored byte for byte
        same = memcmp(&now->users.entry[user - 1], &then->users.entry[user - 1],
                      sizeof(now->users.entry[0])) == 0;
    if (!same)
        redirect_end_all(&d->redirect);
}
