// SPDX-License-Identifier: BSD-3-Clause
#include "fw/device.h"

#include <string.h>

#include "fw/core/bytes.h"
#include "fw/core/trace.h"
#include "fw/device_internal.h"
#include "fw/store/boot_count.h"
#include "fw/store/settings_store.h"

/* Start and main loop: events from the HAL go in, effects come out (device_step.c). */

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t next_ms(const struct device *d)
{
    struct setup_facts facts = device_facts(d);
    uint64_t next =
        earlier(net_next_ms(&d->net), setup_next_ms(d->config.release, &d->setup, &facts));

    return earlier(next, attempt_late_ms(&d->setup.attempt));
}

/* When randomness fails the device closes: nothing is done without the randomness that it needs. */
static void check_entropy(struct device *d)
{
    if (!d->rng_ready || !net_lacks_entropy(&d->net))
        return;
    d->rng_ready = false;
    device_trace(d, TRACE_NO_ENTROPY, 0, NULL, NULL);
}

uint64_t device_poll(struct device *d, uint64_t now_ms)
{
    net_set_now(&d->net, now_ms);
    /* A window that ends now has to be closed before anything else happens. */
    device_run_due(d);
    net_poll(&d->net);
    check_entropy(d);
    d->host = d->hal->power.host(d->hal->power.ctx);
    device_update_network(d);
    device_poll_attempt(d);
    device_poll_host(d);
#if FW_MACHINE
    device_poll_machine(d);
#endif
    device_run_due(d);
    /* Changes of mode above may have set or removed the address. */
    net_poll(&d->net);
    return next_ms(d);
}

/* --- boot --- */

static void load_settings(struct device *d)
{
    int error = store_mount(&d->store, &d->hal->flash);

    settings_factory(&d->settings, d->config.release, d->config.oem);
    d->draft = d->settings;
    if (error == STORE_OK)
        error = settings_load(&d->store, &d->draft);
    d->store_lost = error != STORE_OK;
    if (!d->store_lost)
        d->settings = d->draft;
    else
        device_trace_store(d, error);
    setup_restore(&d->setup, &d->settings, net_now_ms(&d->net));
}

/* An entropy pool must not repeat after this start what it gave after the last one. Without the
 * number that makes the difference the device stays closed. */
static void mix_boot_count(struct device *d)
{
    const struct hal_entropy *entropy = &d->hal->entropy;
    uint8_t number[4];
    uint32_t count;

    if (!entropy->mix || d->store_lost)
        return;
    if (store_boot_count(&d->store, &count) != STORE_OK) {
        d->store_lost = true;
        return;
    }
    put_le32(number, count);
    entropy->mix(entropy->ctx, number, sizeof(number));
}

static void boot_tls(struct device *d)
{
#if FW_TLS
    struct tls_config config = {
        .hal = d->hal,
        .release = d->config.release,
        .oem = d->config.oem,
        .settings = &d->settings,
#if FW_MANAGE
        .shipped = d->config.shipped ? d->config.shipped : d->config.release,
        .service = manage_service(&d->manage),
#if FW_MACHINE
        .redirect = redirect_service(&d->redirect),
#endif
        .load_stored = device_manage_stored,
        .clock_s = device_manage_clock_s,
        .ctx = d,
#endif
    };

    tls_boot(&d->tls, &config, &d->net);
    if (d->config.certificate_s)
        d->certificate_ms = net_now_ms(&d->net) + d->config.certificate_s * 1000u;
#else
    (void)d;
#endif
}

static void boot_network(struct device *d)
{
    d->rng_ready = net_boot(&d->net, d->hal, d->config.mac) == 0;
    d->net.blind_to_dhcp = d->config.blind_to_dhcp;
    d->net.stack.host_name = d->settings.config.host_name;
    d->net.stack.domain = d->settings.config.domain;
    d->net.stack.eager_timers = d->config.eager_timers;
#if FW_MANAGE
    device_manage_start(d);
#endif
    if (!d->rng_ready)
        device_trace(d, TRACE_NO_ENTROPY, 0, NULL, NULL);
    boot_tls(d);
}

void device_boot(struct device *d, const struct device_config *config, const struct hal *hal,
                 uint64_t now_ms)
{
    const struct hal_power *power = &hal->power;
    struct setup_effects effects;
    struct setup_event event;

    memset(d, 0, sizeof(*d));
    d->config = *config;
    d->hal = hal;
    net_set_now(&d->net, now_ms);
    device_trace(d, TRACE_BOOT, 0, config->release->version, NULL);
    d->host = power->host(power->ctx);
    load_settings(d);
    mix_boot_count(d);
    boot_network(d);
    event = device_event(d, SETUP_EV_CMOS);
    if (power->cmos_lost(power->ctx) && device_step(d, &event, NULL, NULL, &effects))
        power->cmos_acknowledge(power->ctx);
    event = device_event(d, SETUP_EV_BOOT);
    device_step(d, &event, NULL, NULL, &effects);
    if (event.facts.disabled)
        device_trace(d, TRACE_DISABLED, 0, config->bios_disabled ? "BIOS" : "MEBx", NULL);
}
