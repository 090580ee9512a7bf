// SPDX-License-Identifier: BSD-3-Clause
#include "fw/device_internal.h"

#include <string.h>

#include "fw/core/status.h"
#include "fw/core/trace.h"
#include "fw/core/wipe.h"
#include "fw/store/settings_store.h"

/* Connects the configuration service to the device. */

static uint64_t clock_s(const struct device *d)
{
    return d->clock_base_s ? d->clock_base_s + net_now_ms(&d->net) / 1000u : 0;
}

#if FW_TLS
static void show_identity(const struct device *d, struct manage_view *out)
{
    struct tls_keys_committed keys;

    if (!tls_keys_after_commit(&d->tls.keys, &keys))
        return;
    out->identity = keys.pending;
    out->certificate = keys.certificate;
    out->certificate_len = keys.certificate_len;
    out->public_key = keys.public_key;
    out->public_key_len = keys.public_key_len;
}

int device_manage_stored(void *ctx, uint8_t key[LIMIT_OWN_KEY], size_t *key_len,
                         uint8_t certificate[LIMIT_OWN_CERTIFICATE], size_t *certificate_len)
{
    const struct device *d = ctx;

    return settings_load_identity(&d->store, key, key_len, certificate, certificate_len);
}

uint64_t device_manage_clock_s(void *ctx)
{
    return clock_s(ctx);
}
#endif

static void fill_view(void *ctx, struct manage_view *out)
{
    const struct device *d = ctx;
    struct static_address address;

    net_address(&d->net, &address);
    *out = (struct manage_view){
        .release = d->config.release,
        .settings = &d->settings,
        .pending = &d->manage.pending,
        .uuid = d->config.uuid,
        .entropy = &d->net.entropy,
        .now_ms = net_now_ms(&d->net),
        .situation = situation_of(&d->setup),
        .setup_state = d->setup.state,
        .host_on = d->host != HAL_HOST_DOWN,
        .ip = address.ip,
        .mask = address.mask,
        .gateway = address.gateway,
        .dns = address.dns1,
        .option15 = net_option15(&d->net),
        .clock_s = (uint32_t)clock_s(d),
    };
#if FW_MACHINE
    out->machine = d->hal->machine;
    out->boot = &d->manage.boot;
    out->redirection_open = redirect_is_open(&d->redirect);
    out->log = &d->log;
    out->mac = d->config.mac;
    out->link = d->net.facts.link;
    if (out->machine)
        out->machine_state = (uint8_t)out->machine->state(out->machine->ctx);
#endif
#if FW_TLS
    show_identity(d, out);
#endif
}

static void trace(void *ctx, int event, uint32_t value, const char *text)
{
    struct device *d = ctx;

    const struct hal_trace *sink = &d->hal->trace;

    sink->record(sink->ctx, net_now_ms(&d->net), event, value, text, NULL);
}

/* Feeds an event that came over the network, so that its reply has yet to leave. */
static uint32_t raise_event(struct device *d, struct setup_event event, struct settings *draft,
                            const struct own_identity *identity)
{
    struct setup_effects effects;

    event.over_network = true;
    if (!device_step(d, &event, draft, identity, &effects))
        return PT_STATUS_INTERNAL_ERROR;
    return effects.rule ? effects.status : (uint32_t)PT_STATUS_NOT_PERMITTED;
}

/* Stores the settings with what is pending, TLS's key and certificate if TLS is on, and the end of
 * set-up, in one update. */
static uint32_t store_pending(struct device *d)
{
    struct setup_event event = device_event(d, SETUP_EV_COMMIT);
    struct settings *draft = device_draft(d);
    uint32_t status;
#if FW_TLS
    uint8_t primes[LIMIT_OWN_KEY];
    struct own_identity identity = {.key = primes};
    struct tls_keys_committed keys;
#endif

    pending_apply(&d->manage.pending, draft);
#if FW_TLS
    draft->config.own_identity = tls_keys_after_commit(&d->tls.keys, &keys) &&
                                 !draft->config.tls_off && draft->config.mode != MODE_SMB;
    if (draft->config.own_identity) {
        identity.key_len = tls_keys_primes(&d->tls.keys, primes);
        identity.certificate = keys.certificate;
        identity.certificate_len = keys.certificate_len;
        if (identity.key_len == 0)
            return PT_STATUS_INTERNAL_ERROR; /* nothing was written to primes */
    }
    event.tls_switched = settings_tls_on(draft) != settings_tls_on(&d->settings);
    status = raise_event(d, event, draft, draft->config.own_identity ? &identity : NULL);
    wipe(primes, sizeof(primes));
#else
    event.tls_switched = settings_tls_on(draft) != settings_tls_on(&d->settings);
    status = raise_event(d, event, draft, NULL);
#endif
    return status;
}

static uint32_t commit_pending(struct device *d, const char **why)
{
    struct pending_facts facts = {.clock = clock_s(d) != 0,
                                  .rng_ready = d->rng_ready,
                                  .needs_admin = d->config.oem->localized_bios.value};
    uint32_t status;
#if FW_TLS
    struct tls_keys_committed keys;

    facts.identity = tls_keys_after_commit(&d->tls.keys, &keys);
#endif
    status = pending_check(&d->manage.pending, &d->settings, d->config.release, &facts, why);
    if (status == PT_STATUS_SUCCESS)
        status = store_pending(d);
    if (status != PT_STATUS_SUCCESS)
        return status;
    wipe(&d->manage.pending, sizeof(d->manage.pending));
#if FW_TLS
    tls_commit_keys(&d->tls);
#endif
    return PT_STATUS_SUCCESS;
}

#if FW_MACHINE
static struct settings *draft(void *ctx)
{
    return device_draft(ctx);
}

static uint32_t store_draft(void *ctx, bool moves)
{
    struct device *d = ctx;
    struct setup_event event = device_event(d, SETUP_EV_COMMIT);

    if (!moves)
        return device_save(d, &d->draft, NULL) ? PT_STATUS_SUCCESS : PT_STATUS_INTERNAL_ERROR;
    event.tls_switched = true; /* the ports change, too */
    return raise_event(d, event, &d->draft, NULL);
}
#endif

static uint32_t extend_period(struct device *d, uint32_t hours)
{
    struct setup_event event = device_event(d, SETUP_EV_EXTEND);

    event.hours = hours;
    return raise_event(d, event, NULL, NULL);
}

static uint32_t run(void *ctx, enum manage_command command, uint32_t value, const char **why)
{
    struct device *d = ctx;

    switch (command) {
    case MANAGE_COMMIT:
        return commit_pending(d, why);
    case MANAGE_UNPROVISION_FULL:
        return raise_event(d, device_event(d, SETUP_EV_FULL), NULL, NULL);
    case MANAGE_UNPROVISION_PARTIAL:
        return raise_event(d, device_event(d, SETUP_EV_PARTIAL), NULL, NULL);
    case MANAGE_EXTEND:
        return extend_period(d, value);
    case MANAGE_SET_CLOCK:
        d->clock_base_s = value - net_now_ms(&d->net) / 1000u;
        return PT_STATUS_SUCCESS;
#if FW_MACHINE
    case MANAGE_SET_REDIRECTION:
        return device_redirect_set(d, value);
    case MANAGE_END_REDIRECTION:
        redirect_end_all(&d->redirect);
        return PT_STATUS_SUCCESS;
#endif
    default:
#if FW_TLS
        tls_keys_clear(&d->tls.keys);
#endif
        return PT_STATUS_SUCCESS;
    }
}

static uint32_t install_identity(void *ctx, const uint8_t *key, size_t key_len,
                                 const uint8_t *certificate, size_t certificate_len)
{
#if FW_TLS
    struct device *d = ctx;

    if (!certificate)
        return tls_keys_install_key(&d->tls.keys, key, key_len);
    if (!key)
        return tls_keys_install_certificate(&d->tls.keys, certificate, certificate_len);
    return tls_keys_install(&d->tls.keys, key, key_len, certificate, certificate_len);
#else
    (void)ctx;
    (void)key;
    (void)key_len;
    (void)certificate;
    (void)certificate_len;
    return PT_STATUS_UNSUPPORTED;
#endif
}

#if FW_MACHINE
#endif

static bool describe(void *ctx, uint8_t out[PRESENCE_BYTES])
{
    const struct device *d = ctx;
    struct setup_facts facts = device_facts(d);
    struct presence_facts presence = {
        .state = d->setup.state,
        .disabled = facts.disabled,
        .host_on = d->host != HAL_HOST_DOWN,
        .dhcp = facts.dhcp,
        .tls_on = settings_tls_on(&d->settings),
    };

    return presence_describe(d->config.release, &presence, out);
}

void device_manage_start(struct device *d)
{
    struct stream_service service;

    manage_init(
        &d->manage, &(struct manage_device) {
            .ctx = d, .view = fill_view, .trace = trace, .run = run,
            .install_identity = install_identity,
#if FW_MACHINE
            .control = device_machine_control, .log = &d->log,
            .wrong_password = device_machine_wrong_password, .draft = draft, .store = store_draft,
#endif
        });
    service = manage_service(&d->manage);
    plain_carrier_boot(&d->plain, &service, &d->net, PLAIN_PORT, true);
#if FW_MACHINE
    device_redirect_start(d);
#endif
    d->net.presence.ctx = d;
    d->net.presence.describe = describe;
}
