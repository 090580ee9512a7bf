// SPDX-License-Identifier: BSD-3-Clause
#include "fw/device_internal.h"

#include "fw/core/attempt.h"
#include "fw/core/hello.h"
#include "fw/core/trace.h"

/* Carries out the actions of an attempt, and feeds it what the network reports. */

static size_t write_hello(void *ctx, uint8_t *out, size_t cap)
{
    const struct device *d = ctx;
    struct hello hello;
    int len;

    if (!settings_make_hello(&d->settings, d->config.release, d->config.oem, d->config.uuid,
                             d->setup.attempt.retry, &hello))
        return 0;
    len = hello_encode(&hello, out, cap);
    return len > 0 ? (size_t)len : 0;
}

/* Carries out the row's action. Returns the event that follows at once; ATTEMPT_EVENTS = none, the
 * network will report one. */
static uint8_t attempt_act(struct device *d, const struct attempt_transition *row, uint32_t ip)
{
    const struct hello_target target = {
        .ctx = d, .ip = ip, .port = d->settings.config.server_port, .write_hello = write_hello};
    char name[LIMIT_FQDN + 1];

    switch (row->action) {
    case ATTEMPT_DO_LOOK_UP:
        if (!attempt_name(&d->settings, d->config.release, d->config.oem, net_option15(&d->net),
                          d->setup.attempt.name, name))
            return ATTEMPT_EV_NO_NAME;
        hello_sender_look_up(&d->net.hello, name);
        break;
    case ATTEMPT_DO_CONNECT:
        hello_sender_connect(&d->net.hello, &target);
        break;
    case ATTEMPT_DO_DROP:
        hello_sender_drop(&d->net.hello);
        break;
    default:
        break;
    }
    return ATTEMPT_EVENTS;
}

/* Feeds the attempt an event, and those that follow at once. */
static void attempt_feed(struct device *d, uint8_t event, uint32_t ip)
{
    const struct attempt_transition *row = NULL;
    struct setup_effects effects;
    struct setup_event result;

    for (; event < ATTEMPT_EVENTS; event = attempt_act(d, row, ip)) {
        row = attempt_step(&d->setup.attempt, event);
        if (!row)
            return;
    }
    if (!row || row->outcome == ATTEMPT_GOES_ON)
        return;
    device_trace(d, row->failure ? TRACE_ATTEMPT_FAILED : TRACE_HELLO_DELIVERED,
                 d->setup.attempt.retry, row->failure, NULL);
    result = device_event(d, row->failure ? SETUP_EV_HELLO_FAILED : SETUP_EV_HELLO_DELIVERED);
    device_step(d, &result, NULL, NULL, &effects);
}

void device_poll_attempt(struct device *d)
{
    struct hello_report report;

    while (hello_sender_take_report(&d->net.hello, &report))
        attempt_feed(d, report.event, report.ip);
    if (net_now_ms(&d->net) >= attempt_late_ms(&d->setup.attempt))
        attempt_feed(d, ATTEMPT_EV_LATE, 0);
}

void device_begin_attempt(struct device *d)
{
    uint32_t ip = d->settings.config.server_ip;
    bool psk = settings_credentials(&d->settings, d->config.release) == CREDENTIALS_PSK;

    device_trace(d, TRACE_ATTEMPT, d->setup.attempt.retry, psk ? "PSK" : "PKI", NULL);
    attempt_feed(d, ip ? ATTEMPT_EV_BEGIN_ADDRESS : ATTEMPT_EV_BEGIN_NAME, ip);
}
