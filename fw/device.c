#include "fw/device_internal.h"

#include <string.h>

#include "fw/core/access.h"
#include "fw/core/bytes.h"
#include "fw/core/interface.h"
#include "fw/core/trace.h"
#include "fw/store/boot_count.h"
#include "fw/store/settings_store.h"

/* The pump: events in, effects out. */

void device_trace(const struct device *d, int event, uint32_t value, const char *text,
                  const char *source)
{
    const struct hal_trace *sink = &d->hal->trace;

    sink->record(sink->ctx, net_now_ms(&d->net), event, value, text, source);
}

struct setup_facts device_facts(const struct device *d)
{
    const struct net_facts *net = &d->net.facts;
    const struct settings *s = &d->settings;

    return (struct setup_facts){
        .credentials = settings_credentials(s, d->config.release),
        .credentials_kept = settings_credentials_kept(s, d->config.release),
        .disabled = d->config.bios_disabled || s->me.manageability != MANAGEABILITY_AMT,
        .link = net->link,
        .address = net->link && net->ip != 0,
        .suffix = net->option15_seen || s->config.pki_suffix[0] != '\0',
        .dhcp = s->config.dhcp_enabled,
        .alone = d->host == HAL_HOST_ABSENT,
        .host_up = d->host == HAL_HOST_UP,
        .rng_ready = d->rng_ready,
        .store_lost = d->store_lost,
        .cert_ms = d->certificate_ms,
        .reply_left = net_reply_left(&d->net),
    };
}

struct setup_event device_event(const struct device *d, enum setup_event_id id)
{
    return (struct setup_event){.id = id, .now_ms = net_now_ms(&d->net), .facts = device_facts(d)};
}

static void report(struct device *d, const struct setup *before,
                   const struct setup_effects *effects)
{
    const struct setup_transition *rule = effects->rule;
    const struct window *w = &d->setup.window;
    const char *reason = setup_reason(rule), *source = setup_source(rule);

    if (effects->actions & (SETUP_DO_ERASE_FULL | SETUP_DO_ERASE_CMOS))
        device_trace(d, TRACE_RESTORED, d->settings.machine.bmp_left_s / 3600u,
                     effects->actions & SETUP_DO_TO_INTEL ? "Intel default" : "OEM default",
                     source);
    if (before->state != d->setup.state)
        device_trace(d, TRACE_STATE, d->setup.state, reason, source);
    if (rule->window == SETUP_WINDOW_KEEP)
        return;
    if (window_is_open(w))
        device_trace(d, TRACE_WINDOW_OPEN, window_left_s(w), reason, source);
    else if (window_is_open(&before->window))
        device_trace(d, TRACE_WINDOW_CLOSED, 0, reason, source);
}

/* While a last reply leaves, everything stays as net_last_reply() has left it. */
void device_follow(struct device *d)
{
    struct setup_facts facts = device_facts(d);
    enum net_mode mode = interface_mode(&d->setup, &facts);
    const struct static_address *fixed = &d->settings.config.fixed;

    if (d->setup.reply_until_ms)
        return;
    if (mode == NET_FIXED && fixed->ip == 0 && d->net.mode != NET_FIXED)
        device_trace(d, TRACE_NO_ADDRESS, 0, "DHCP is off and no address is set", NULL);
    net_set_mode(&d->net, mode, fixed);
    if (mode != NET_CLOSED)
        net_serve(&d->net, access_policy_of(d->setup.state, window_is_open(&d->setup.window),
                                            settings_tls(&d->settings)));
}

/* The gate first: what is dropped must not speak through a closed interface. */
static void carry_out(struct device *d, const struct setup *before,
                      const struct setup_effects *effects)
{
    report(d, before, effects);
#if FW_MANAGE
    if (effects->actions & SETUP_DO_LAST_REPLY && d->setup.reply_until_ms)
        net_last_reply(&d->net, !window_is_open(&d->setup.window));
#endif
    device_follow(d);
#if FW_MANAGE
    if (effects->actions & (SETUP_DO_CLOSE | SETUP_DO_ERASE))
        device_manage_forget(d, effects->actions & SETUP_DO_ERASE);
#endif
    if (effects->actions & SETUP_DO_ABORT)
        net_attempt_drop(&d->net);
    if (effects->answer)
        device_answer_host(d, effects->answer, effects->answer_status, setup_source(effects->rule));
}

void device_lock(struct device *d)
{
    struct setup before = d->setup;
    struct setup_event event = device_event(d, SETUP_EV_STORE_LOST);
    struct setup_effects effects;

    d->store_lost = true;
    setup_step(d->config.release, &d->setup, &event, &effects);
    carry_out(d, &before, &effects);
}

bool device_step(struct device *d, const struct setup_event *event, struct settings *draft,
                 const struct own_identity *identity, struct setup_effects *effects)
{
    struct setup before = d->setup;
    uint32_t actions;

    setup_step(d->config.release, &d->setup, event, effects);
    if (!effects->rule)
        return true;
    actions = effects->actions;
    if (actions & SETUP_DO_SAVE && !device_store_step(d, event, draft, identity, &before, effects))
        return false;
    carry_out(d, &before, effects);
    return true;
}

/* --- time --- */

static void decide_start(struct device *d)
{
    struct setup_event event = device_event(d, SETUP_EV_START);
    struct setup_effects effects;

    if (device_step(d, &event, NULL, NULL, &effects))
        return;
    event.id = SETUP_EV_START_FAILED;
    device_step(d, &event, NULL, NULL, &effects);
}

void device_pass_time(struct device *d)
{
    struct setup_effects effects;
    struct setup_event event;

    do {
        device_follow_attempt(d);
        event = device_event(d, SETUP_EV_TIME);
        if (!device_step(d, &event, NULL, NULL, &effects))
            return;
        if (effects.actions & SETUP_DO_ATTEMPT)
            device_begin_attempt(d);
        if (effects.actions & SETUP_DO_DECIDE_START)
            decide_start(d);
    } while (effects.rule);
}

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

/* Randomness that ends closes the device: nothing that needs it is done without. */
static void follow_entropy(struct device *d)
{
    if (!d->rng_ready || !net_lacks_entropy(&d->net))
        return;
    d->rng_ready = false;
    device_trace(d, TRACE_NO_ENTROPY, 0, NULL, NULL);
}

uint64_t device_poll(struct device *d, uint64_t now_ms)
{
    net_set_now(&d->net, now_ms);
    /* A window that ends now is closed before anything else can happen. */
    device_pass_time(d);
    net_poll(&d->net);
    follow_entropy(d);
    d->host = d->hal->power.host(d->hal->power.ctx);
    device_follow(d);
    device_follow_attempt(d);
    device_serve_host(d);
    device_pass_time(d);
    /* Mode changes above may have given or taken the address. */
    net_poll(&d->net);
    return next_ms(d);
}

/* --- boot --- */

static void load(struct device *d)
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

/* A pool must not give after this start what it gave after the one before: without a number that
 * tells them apart it stays closed. */
static void number_start(struct device *d)
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
        .service = manage_service(&d->manage),
        .stored = device_manage_stored,
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
    d->net.stack.eager = d->config.eager_timers;
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
    device_trace(d, TRACE_BOOT, 0, config->release->name, NULL);
    d->host = power->host(power->ctx);
    load(d);
    number_start(d);
    boot_network(d);
    event = device_event(d, SETUP_EV_CMOS);
    if (power->cmos_lost(power->ctx) && device_step(d, &event, NULL, NULL, &effects))
        power->cmos_acknowledge(power->ctx);
    event = device_event(d, SETUP_EV_BOOT);
    device_step(d, &event, NULL, NULL, &effects);
    if (event.facts.disabled)
        device_trace(d, TRACE_DISABLED, 0, config->bios_disabled ? "BIOS" : "MEBx", NULL);
}
