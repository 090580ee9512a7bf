#include "fw/device_internal.h"

#include <string.h>

#include "fw/core/status.h"
#include "fw/core/trace.h"
#if FW_TLS
#include "fw/core/wipe.h"
#include "fw/net/tls_own.h"
#endif
#include "fw/store/settings_store.h"

/* The configuration service on this device. */

#if FW_TLS
static void show_identity(const struct device *d, struct manage_view *out)
{
    struct tls_own own;

    if (!tls_own(&d->tls, &own))
        return;
    out->identity = own.pending;
    out->certificate = own.certificate;
    out->certificate_len = own.certificate_len;
    out->public_key = own.public_key;
    out->public_key_len = own.public_key_len;
}

int device_manage_stored(void *ctx, uint8_t key[LIMIT_OWN_KEY], size_t *key_len,
                         uint8_t certificate[LIMIT_OWN_CERTIFICATE], size_t *certificate_len)
{
    const struct device *d = ctx;

    return settings_load_identity(&d->store, key, key_len, certificate, certificate_len);
}
#endif

static void view(void *ctx, struct manage_view *out)
{
    const struct device *d = ctx;
    struct static_address address;

    net_address(&d->net, &address);
    *out = (struct manage_view){
        .release = d->config.release,
        .settings = &d->settings,
        .pending = &d->manage.pending,
        .uuid = d->config.uuid,
        .entropy = &d->hal->entropy,
        .now_ms = d->net.now_ms,
        .provisioning_state = setup_reported(&d->setup),
        .host_on = d->host != HAL_HOST_DOWN,
        .ip = address.ip,
        .mask = address.mask,
        .gateway = address.gateway,
        .dns = address.dns1,
        .option15 = net_option15(&d->net),
        .clock_s = (uint32_t)net_clock_s(&d->net),
    };
#if FW_TLS
    show_identity(d, out);
#endif
}

static void trace(void *ctx, int event, uint32_t value, const char *text)
{
    struct device *d = ctx;

    const struct hal_console *console = &d->hal->console;

    console->trace(console->ctx, d->net.now_ms, event, value, text, NULL);
}

/* What is done is stored before it is answered; the reply leaves before the ports change. */
static void hold_ports(struct device *d, bool close_then)
{
    d->reply_until_ms = d->net.now_ms + LIMIT_REPLY_LEAVES_MS;
    d->close_then = close_then;
}

/* An interface that closes begins anew: with its own look for an address. */
void device_manage_end_reply(struct device *d)
{
    static const struct static_address none;

    if (d->reply_until_ms == 0 || d->net.now_ms < d->reply_until_ms)
        return;
    d->reply_until_ms = 0;
    if (d->close_then)
        net_set_mode(&d->net, NET_CLOSED, &none);
    device_follow_window(d);
}

void device_manage_forget(struct device *d, bool erased)
{
    wipe(&d->manage.pending, sizeof(d->manage.pending));
#if FW_TLS
    if (erased)
        tls_forget(&d->tls);
    else
        tls_forget_pending(&d->tls);
#else
    (void)erased;
#endif
}

/* Settings with what is pending, stored with the set-up's end. */
static bool store_pending(struct device *d)
{
    struct setup_effects effects;

    pending_apply(&d->manage.pending, &d->settings);
    if (d->setup.state == SETUP_PROVISIONED)
        return device_save(d);
    return device_step(d, SETUP_EV_COMMIT, &effects) && effects.rule;
}

#if FW_TLS
/* TLS's key and certificate, too, where it is on. */
static bool store_all(struct device *d)
{
    bool tls_off = pending_tls_off(&d->manage.pending, &d->settings);
    uint8_t primes[LIMIT_OWN_KEY];
    struct own_identity identity = {.key = primes};
    struct tls_own own;
    bool stored;

    d->settings.config.own_identity =
        tls_own(&d->tls, &own) && !tls_off && d->settings.config.mode != MODE_SMB;
    if (d->settings.config.own_identity) {
        identity.key_len = tls_own_primes(&d->tls, primes);
        identity.certificate = own.certificate;
        identity.certificate_len = own.certificate_len;
        d->committed = &identity;
    }
    stored = (!d->committed || identity.key_len > 0) && store_pending(d);
    if (!stored)
        device_reload(d);
    d->committed = NULL;
    wipe(primes, sizeof(primes));
    return stored;
}
#endif

static uint32_t commit(struct device *d, const char **why)
{
    struct pending_facts facts = {.clock = net_clock_s(&d->net) != 0, .rng_ready = d->rng_ready};
    uint32_t status;
    bool stored;

#if FW_TLS
    struct tls_own own;

    facts.identity = tls_own(&d->tls, &own);
#endif
    status = pending_check(&d->manage.pending, &d->settings, d->config.release, &facts, why);
    if (status != PT_STATUS_SUCCESS)
        return status;
    hold_ports(d, false);
#if FW_TLS
    stored = store_all(d);
#else
    stored = store_pending(d);
#endif
    if (!stored) {
        d->reply_until_ms = 0;
        return PT_STATUS_INTERNAL_ERROR;
    }
    wipe(&d->manage.pending, sizeof(d->manage.pending));
#if FW_TLS
    tls_settle(&d->tls);
#endif
    return PT_STATUS_SUCCESS;
}

static uint32_t raise(struct device *d, enum setup_event_id id)
{
    struct setup_effects effects;

    if (!device_step(d, id, &effects))
        return PT_STATUS_INTERNAL_ERROR;
    return effects.rule ? effects.status : (uint32_t)PT_STATUS_NOT_PERMITTED;
}

static uint32_t unprovision(struct device *d, enum setup_event_id id)
{
    uint32_t status;

    hold_ports(d, true);
    status = raise(d, id);
    if (status != PT_STATUS_SUCCESS)
        d->reply_until_ms = 0;
    return status;
}

static uint32_t order(void *ctx, enum manage_order which, uint32_t value, const char **why)
{
    struct device *d = ctx;

    switch (which) {
    case MANAGE_COMMIT:
        return commit(d, why);
    case MANAGE_FULL:
        return unprovision(d, SETUP_EV_FULL);
    case MANAGE_PARTIAL:
        return unprovision(d, SETUP_EV_PARTIAL);
    case MANAGE_EXTEND:
        d->extend_hours = (uint8_t)value;
        return raise(d, SETUP_EV_EXTEND);
    case MANAGE_CLOCK:
        d->net.clock_base_s = value - d->net.now_ms / 1000u;
        return PT_STATUS_SUCCESS;
    default:
#if FW_TLS
        tls_clear(&d->tls);
#endif
        return PT_STATUS_SUCCESS;
    }
}

static uint32_t install(void *ctx, const uint8_t *key, size_t key_len, const uint8_t *certificate,
                        size_t certificate_len)
{
#if FW_TLS
    struct device *d = ctx;

    if (!certificate)
        return tls_install_key(&d->tls, key, key_len);
    if (!key)
        return tls_install_certificate(&d->tls, certificate, certificate_len);
    return tls_install(&d->tls, key, key_len, certificate, certificate_len);
#else
    (void)ctx;
    (void)key;
    (void)key_len;
    (void)certificate;
    (void)certificate_len;
    return PT_STATUS_UNSUPPORTED;
#endif
}

void device_manage_start(struct device *d)
{
    struct stream_service service;

    manage_init(&d->manage, &(struct manage_host){d, view, trace, order, install});
    service = manage_service(&d->manage);
    session_init(&d->net.session, &service, &d->net.now_ms);
}
