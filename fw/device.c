#include "fw/device_internal.h"

#include <string.h>

#include "fw/core/hello.h"
#include "fw/core/status.h"
#include "fw/core/trace.h"
#include "fw/net/ports.h"
#include "fw/store/settings_store.h"

void device_trace(struct device *d, uint64_t now_ms, int event, uint32_t value, const char *text,
                  const char *source)
{
    d->hal->console.trace(d->hal->console.ctx, now_ms, event, value, text, source);
}

static struct setup_facts facts(const struct device *d)
{
    const struct net_facts *net = &d->net.facts;

    return (struct setup_facts){
        .credentials = settings_credentials(&d->settings, d->config.release),
        .link = net->link,
        .address = net->link && net->ip != 0,
        .suffix = net->option15_seen || d->settings.pki_suffix[0] != '\0',
        .rng_ready = d->rng_ready,
        .cert_ready = true,
    };
}

/* AMT is off in the BIOS or in MEBx: nothing on the wire, and no time passes for the machine. */
static bool enabled(const struct device *d)
{
    return !d->config.bios_disabled && d->settings.manageability == MANAGEABILITY_AMT;
}

static enum net_mode open_mode(const struct device *d)
{
    if (!d->settings.dhcp_enabled)
        return NET_FIXED;
    return d->host == HAL_HOST_UP ? NET_PASSIVE : NET_ACTIVE;
}

/* S3: 16992 and 16994 in SMB mode, 16993 and 16995 with TLS; G-modes: set-up has its one port. */
static uint8_t ports(const struct device *d)
{
    if (!window_is_open(&d->setup.window))
        return 0;
    if (d->setup.state != SETUP_PROVISIONED)
        return NET_PORT_HTTPS;
    if (d->settings.mode == MODE_SMB)
        return NET_PORT_HTTP | NET_PORT_REDIRECT;
    return NET_PORT_HTTPS | NET_PORT_REDIRECT_TLS;
}

static void follow_window(struct device *d, uint64_t now_ms)
{
    bool open = window_is_open(&d->setup.window) || d->start_deadline_ms != 0;
    const struct static_address *own = &d->settings.fixed;
    struct net_fixed fixed = {own->ip, own->mask, own->gateway, own->dns1};
    enum net_mode mode = open && d->rng_ready && enabled(d) ? open_mode(d) : NET_CLOSED;

    if (mode == NET_FIXED && own->ip == 0 && d->net.mode != NET_FIXED)
        device_trace(d, now_ms, TRACE_NO_ADDRESS, 0, "DHCP is off and no address is set", NULL);
    net_set_mode(&d->net, mode, &fixed, now_ms);
    if (mode != NET_CLOSED)
        net_listen(&d->net, ports(d));
}

void device_reload(struct device *d)
{
    settings_factory(&d->settings, d->config.release, d->config.oem);
    d->store_lost |= settings_load(&d->store, &d->settings) != STORE_OK;
}

bool device_save(struct device *d, uint64_t now_ms)
{
    int error;

    setup_snapshot(&d->setup, now_ms, &d->settings);
    error = d->store_lost ? STORE_IO : settings_save(&d->store, &d->settings);
    d->checkpoint_ms = now_ms + LIMIT_CHECKPOINT_MS;
    if (error == STORE_OK)
        return true;
    device_trace(d, now_ms, TRACE_STORE_ERROR, (uint32_t)-error, NULL, NULL);
    device_reload(d);
    return false;
}

static void erase(struct device *d, uint32_t actions, const char *source, uint64_t now_ms)
{
    const struct release *release = d->config.release;
    const struct oem_profile *oem = d->config.oem;
    bool to_intel = actions & SETUP_DO_TO_INTEL;

    if (actions & SETUP_DO_ERASE_PARTIAL)
        settings_partial_unprovision(&d->settings);
    if (actions & SETUP_DO_ERASE_FULL)
        settings_full_unprovision(&d->settings, release, oem, to_intel);
    if (actions & SETUP_DO_ERASE_CMOS)
        settings_cmos_lost(&d->settings, release, oem, to_intel);
    if (!(actions & (SETUP_DO_ERASE_FULL | SETUP_DO_ERASE_CMOS)))
        return;
    setup_take_bmp(&d->setup, &d->settings, now_ms);
    device_trace(d, now_ms, TRACE_RESTORED, d->settings.bmp_left_s / 3600u,
                 to_intel ? "Intel default" : "OEM default", source);
}

/* label, and the domain behind it if there is one. False: too long for a name. */
static bool join_name(char out[LIMIT_FQDN + 1], const char *label, const char *domain)
{
    size_t n = strlen(label), m = strlen(domain);

    if (n + 1 + m > LIMIT_FQDN)
        return false;
    memcpy(out, label, n + 1);
    if (m > 0) {
        out[n] = '.';
        memcpy(out + n + 1, domain, m + 1);
    }
    return true;
}

/* S1: the host label with the MEBx or OEM domain, or bare; else with option 15. A configuration
 * server's FQDN comes first on releases that have one. */
static bool sca_name(void *ctx, uint32_t index, char out[LIMIT_FQDN + 1])
{
    const struct device *d = ctx;
    const struct settings *s = &d->settings;
    const struct oem_profile *oem = d->config.oem;
    const char *own = s->domain[0] ? s->domain : oem->default_domain;
    const char *option15 = net_option15(&d->net);

    if (d->config.release->server_fqdn.value && s->server_fqdn[0] && index-- == 0)
        return join_name(out, s->server_fqdn, "");
    if (join_name(out, oem->host_label, own) && index-- == 0)
        return true;
    return index == 0 && option15[0] && strcmp(option15, own) != 0 &&
           join_name(out, oem->host_label, option15);
}

static size_t sca_hello(void *ctx, uint8_t *out, size_t cap)
{
    const struct device *d = ctx;
    struct hello hello;
    int len;

    if (!settings_hello(&d->settings, d->config.release, d->config.oem, d->config.uuid,
                        d->attempt_retry, &hello))
        return 0;
    len = hello_encode(&hello, out, cap);
    return len > 0 ? (size_t)len : 0;
}

static void attempt(struct device *d, uint32_t retry, uint64_t now_ms)
{
    const struct settings *s = &d->settings;
    struct net_target target = {
        .ctx = d, .ip = s->server_ip, .port = s->server_port, .name = sca_name, .hello = sca_hello};
    bool psk = settings_credentials(s, d->config.release) == CREDENTIALS_PSK;

    d->attempt_retry = retry;
    d->attempt_deadline_ms = now_ms + LIMIT_ATTEMPT_MS;
    device_trace(d, now_ms, TRACE_ATTEMPT, retry, psk ? "PSK" : "PKI", NULL);
    net_attempt_start(&d->net, &target, now_ms);
}

static void report_change(struct device *d, const struct setup *before,
                          const struct setup_transition *rule, uint64_t now_ms)
{
    const struct window *w = &d->setup.window;
    uint64_t end = window_end_ms(w);
    const char *reason = setup_reason(rule), *source = setup_source(rule);

    if (before->state != d->setup.state)
        device_trace(d, now_ms, TRACE_STATE, d->setup.state, reason, source);
    if (rule->window == SETUP_WINDOW_KEEP)
        return;
    if (window_is_open(w))
        device_trace(d, now_ms, TRACE_WINDOW_OPEN,
                     end == UINT64_MAX ? 0 : (uint32_t)((end - now_ms) / 1000u), reason, source);
    else if (window_is_open(&before->window))
        device_trace(d, now_ms, TRACE_WINDOW_CLOSED, 0, reason, source);
}

bool device_step(struct device *d, enum setup_event_id id, uint64_t now_ms,
                 struct setup_effects *effects)
{
    struct setup before = d->setup;
    struct setup_event event = {.id = id, .now_ms = now_ms, .facts = facts(d)};

    if (id == SETUP_EV_PARTIAL)
        event.facts.credentials = settings_credentials_kept(&d->settings, d->config.release);
    setup_step(d->config.release, &d->setup, &event, effects);
    if (!effects->rule)
        return true;
    erase(d, effects->actions, setup_source(effects->rule), now_ms);
    if ((effects->actions & SETUP_DO_SAVE) && !device_save(d, now_ms) && id != SETUP_EV_TIME &&
        id != SETUP_EV_BOOT) {
        d->setup = before;
        return false;
    }
    report_change(d, &before, effects->rule, now_ms);
    /* The gate first: what a dropped attempt would still send must not leave a closed interface. */
    follow_window(d, now_ms);
    if (effects->actions & SETUP_DO_ABORT)
        net_attempt_abort(&d->net, now_ms);
    if (effects->actions & SETUP_DO_ATTEMPT)
        attempt(d, effects->retry, now_ms);
    return true;
}

static void load(struct device *d, uint64_t now_ms)
{
    int error = store_mount(&d->store, &d->hal->flash);

    settings_factory(&d->settings, d->config.release, d->config.oem);
    if (error == STORE_OK)
        error = settings_load(&d->store, &d->settings);
    if (error != STORE_OK)
        device_trace(d, now_ms, TRACE_STORE_ERROR, (uint32_t)-error, NULL, NULL);
    setup_restore(&d->setup, &d->settings, now_ms);
    d->checkpoint_ms = now_ms + LIMIT_CHECKPOINT_MS;
}

void device_boot(struct device *d, const struct device_config *config, const struct hal *hal,
                 uint64_t now_ms)
{
    struct net_config net = {
        .hal = hal, .blind_to_dhcp = config->blind_to_dhcp, .eager_timers = config->eager_timers};
    struct setup_effects effects;

    memset(d, 0, sizeof(*d));
    d->config = *config;
    d->hal = hal;
    memcpy(net.mac, config->mac, sizeof(net.mac));
    device_trace(d, now_ms, TRACE_BOOT, 0, config->release->name, NULL);
    d->rng_ready = net_boot(&d->net, &net, now_ms) == 0;
    device_manage_start(d);
    if (!d->rng_ready)
        device_trace(d, now_ms, TRACE_NO_ENTROPY, 0, NULL, NULL);
    d->host = hal->power.host(hal->power.ctx);
    load(d, now_ms);
    if (hal->power.cmos_lost(hal->power.ctx) && device_step(d, SETUP_EV_CMOS, now_ms, &effects))
        hal->power.cmos_acknowledge(hal->power.ctx);
    device_step(d, SETUP_EV_BOOT, now_ms, &effects);
    if (!enabled(d))
        device_trace(d, now_ms, TRACE_DISABLED, 0, config->bios_disabled ? "BIOS" : "MEBx", NULL);
}

static void respond(struct device *d, size_t len)
{
    d->hal->hostbus.send(d->hal->hostbus.ctx, d->response, len);
}

static void respond_status(struct device *d, uint32_t command, uint32_t status, const char *source,
                           uint64_t now_ms)
{
    device_trace(d, now_ms, TRACE_AMTHI_STATUS, status, pt_status_name(status), source);
    respond(d, amthi_answer(command, status, d->response));
}

static void raise(struct device *d, enum setup_event_id id, uint32_t command, uint64_t now_ms)
{
    struct setup_effects effects;
    bool stored = device_step(d, id, now_ms, &effects);

    respond_status(d, command, stored ? effects.status : PT_STATUS_INTERNAL_ERROR,
                   setup_source(effects.rule), now_ms);
}

/* Without a host on the wire there is no exchange to witness: the device asks a DHCP server itself
 * before it answers StartConfiguration (assumed). */
static bool needs_own_dhcp(const struct device *d)
{
    struct setup_facts f = facts(d);

    return d->host == HAL_HOST_ABSENT && d->settings.dhcp_enabled && d->rng_ready && f.link &&
           d->setup.state != SETUP_PROVISIONED && !window_is_open(&d->setup.window) &&
           (!f.address || !f.suffix);
}

static void store_text(struct device *d, char *field, size_t size, const struct amthi_effects *e,
                       uint64_t now_ms)
{
    memset(field, 0, size);
    memcpy(field, e->text, strlen(e->text));
    respond_status(d, e->command, device_save(d, now_ms) ? e->status : PT_STATUS_INTERNAL_ERROR,
                   NULL, now_ms);
}

static void store_name(struct device *d, const struct amthi_effects *e, uint64_t now_ms)
{
    struct settings *s = &d->settings;
    const char *dot = strchr(e->text, '.');
    size_t host = dot ? (size_t)(dot - e->text) : strlen(e->text);

    memset(s->host_name, 0, sizeof(s->host_name));
    memset(s->domain, 0, sizeof(s->domain));
    memcpy(s->host_name, e->text, host);
    if (dot)
        memcpy(s->domain, dot + 1, strlen(dot + 1));
    respond_status(d, e->command, device_save(d, now_ms) ? e->status : PT_STATUS_INTERNAL_ERROR,
                   NULL, now_ms);
}

static void carry_out(struct device *d, const struct amthi_effects *e, uint64_t now_ms)
{
    switch (e->action) {
    case AMTHI_SET_OTP:
        store_text(d, d->settings.otp, sizeof(d->settings.otp), e, now_ms);
        break;
    case AMTHI_SET_SUFFIX:
        store_text(d, d->settings.pki_suffix, sizeof(d->settings.pki_suffix), e, now_ms);
        break;
    case AMTHI_SET_NAME:
        store_name(d, e, now_ms);
        break;
    case AMTHI_EMPTY:
        respond(d, 0);
        break;
    case AMTHI_RAISE:
        if (e->event == SETUP_EV_START && needs_own_dhcp(d)) {
            d->start_deadline_ms = now_ms + LIMIT_BLIND_DHCP_MS;
            d->start_command = e->command;
            follow_window(d, now_ms);
        } else {
            raise(d, e->event, e->command, now_ms);
        }
        break;
    default:
        break;
    }
}

static struct amthi_view host_view(const struct device *d)
{
    struct net_fixed address;

    net_address(&d->net, &address);
    return (struct amthi_view){
        .release = d->config.release,
        .settings = &d->settings,
        .setup = &d->setup,
        .uuid = d->config.uuid,
        .mac = d->config.mac,
        .network = {.link = d->net.facts.link,
                    .active = d->host != HAL_HOST_UP,
                    .ip = address.ip,
                    .mask = address.mask,
                    .gateway = address.gateway,
                    .dns1 = address.dns,
                    .domain = net_option15(&d->net)},
        .rng_ready = d->rng_ready,
        .disabled = d->config.bios_disabled,
    };
}

static void serve_host(struct device *d, uint64_t now_ms)
{
    const struct hal_hostbus *bus = &d->hal->hostbus;
    struct amthi_effects effects;
    size_t len, n;

    while (!d->in_menu && d->start_deadline_ms == 0 &&
           (len = bus->receive(bus->ctx, d->request, sizeof(d->request))) > 0) {
        struct amthi_view view = host_view(d);

        n = amthi_handle(&view, d->request, len, d->response, &effects);
        device_trace(d, now_ms, TRACE_AMTHI, effects.command, amthi_command_name(effects.command),
                     NULL);
        if (effects.action == AMTHI_ANSWER) {
            device_trace(d, now_ms, TRACE_AMTHI_STATUS, effects.status,
                         pt_status_name(effects.status), NULL);
            respond(d, n);
        } else {
            carry_out(d, &effects, now_ms);
        }
        memset(d->request, 0, sizeof(d->request)); /* it may have held a one-time password */
    }
}

static void finish_start(struct device *d, uint64_t now_ms)
{
    struct setup_facts f = facts(d);
    bool ready = f.address && (f.suffix || f.credentials == CREDENTIALS_PSK);

    if (d->start_deadline_ms == 0 || (!ready && now_ms < d->start_deadline_ms))
        return;
    d->start_deadline_ms = 0;
    raise(d, SETUP_EV_START, d->start_command, now_ms);
    follow_window(d, now_ms);
}

static void attempt_ended(struct device *d, bool delivered, const char *reason, uint64_t now_ms)
{
    struct setup_effects effects;

    device_trace(d, now_ms, delivered ? TRACE_HELLO_DELIVERED : TRACE_ATTEMPT_FAILED,
                 d->attempt_retry, reason, NULL);
    device_step(d, delivered ? SETUP_EV_HELLO_DELIVERED : SETUP_EV_HELLO_FAILED, now_ms, &effects);
}

static void follow_attempt(struct device *d, uint64_t now_ms)
{
    if (!d->setup.attempting)
        return;
    switch (net_attempt_result(&d->net)) {
    case NET_ATTEMPT_DELIVERED:
        attempt_ended(d, true, NULL, now_ms);
        break;
    case NET_ATTEMPT_FAILED:
        attempt_ended(d, false, "no set-up application reached", now_ms);
        break;
    case NET_ATTEMPT_NONE: /* dropped with the interface or the address */
        attempt_ended(d, false, "network changed", now_ms);
        break;
    default:
        if (now_ms < d->attempt_deadline_ms)
            break;
        net_attempt_abort(&d->net, now_ms);
        attempt_ended(d, false, "no answer in time", now_ms);
        break;
    }
}

void device_pass_time(struct device *d, uint64_t now_ms)
{
    struct setup_effects effects;

    if (!enabled(d)) {
        window_skip(&d->setup.window, now_ms);
        return;
    }
    do {
        follow_attempt(d, now_ms);
        device_step(d, SETUP_EV_TIME, now_ms, &effects);
    } while (effects.rule);
}

static bool window_runs(const struct device *d)
{
    const struct window *w = &d->setup.window;

    return enabled(d) && (window_end_ms(w) != UINT64_MAX || (w->bmp_runs && w->bmp_left_ms > 0));
}

static uint64_t next_ms(struct device *d)
{
    struct setup_facts f = facts(d);
    uint64_t next = net_next_ms(&d->net);
    uint64_t setup = setup_next_ms(d->config.release, &d->setup, &f);

    if (enabled(d) && setup < next)
        next = setup;
    if (window_runs(d) && d->checkpoint_ms < next)
        next = d->checkpoint_ms;
    if (d->start_deadline_ms && d->start_deadline_ms < next)
        next = d->start_deadline_ms;
    if (d->setup.attempting && d->attempt_deadline_ms < next)
        next = d->attempt_deadline_ms;
    return next;
}

uint64_t device_poll(struct device *d, uint64_t now_ms)
{
    /* A window that ends now is closed before anything else can happen. */
    device_pass_time(d, now_ms);
    net_poll(&d->net, now_ms);
    d->host = d->hal->power.host(d->hal->power.ctx);
    follow_window(d, now_ms);
    follow_attempt(d, now_ms);
    serve_host(d, now_ms);
    finish_start(d, now_ms);
    device_pass_time(d, now_ms);
    if (window_runs(d) && now_ms >= d->checkpoint_ms)
        device_save(d, now_ms);
    /* Mode changes above may have given or taken the address. */
    net_poll(&d->net, now_ms);
    return next_ms(d);
}
