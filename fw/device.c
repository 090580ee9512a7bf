#include "fw/device_internal.h"

#include <string.h>

#include "fw/core/hello.h"
#include "fw/core/status.h"
#include "fw/core/text.h"
#include "fw/core/trace.h"
#include "fw/core/wipe.h"
#include "fw/net/ports.h"
#include "fw/store/settings_store.h"

static void trace(const struct device *d, int event, uint32_t value, const char *text,
                  const char *source)
{
    const struct hal_console *console = &d->hal->console;

    console->trace(console->ctx, d->net.now_ms, event, value, text, source);
}

static bool certificate_ready(const struct device *d)
{
#if FW_TLS
    return d->certificate_at_ms == 0;
#else
    (void)d;
    return true;
#endif
}

static struct setup_facts facts(const struct device *d)
{
    const struct net_facts *net = &d->net.facts;
    enum credentials credentials = settings_credentials(&d->settings, d->config.release);

    return (struct setup_facts){
        .credentials = credentials,
        .link = net->link,
        .address = net->link && net->ip != 0,
        .suffix = net->option15_seen || d->settings.config.pki_suffix[0] != '\0',
        .rng_ready = d->rng_ready,
        .cert_ready = certificate_ready(d) || credentials == CREDENTIALS_PSK,
    };
}

/* AMT is off in the BIOS or in MEBx: nothing on the wire, and no time passes for the machine. */
static bool enabled(const struct device *d)
{
    return !d->config.bios_disabled && d->settings.me.manageability == MANAGEABILITY_AMT;
}

static enum net_mode open_mode(const struct device *d)
{
    if (!d->settings.config.dhcp_enabled)
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
    if (settings_tls(&d->settings))
        return NET_PORT_HTTPS | NET_PORT_REDIRECT_TLS;
    return NET_PORT_HTTP | NET_PORT_REDIRECT;
}

static void follow_ports(struct device *d)
{
    net_listen(&d->net, ports(d));
#if FW_TLS
    tls_allow(&d->tls, !(ports(d) & NET_PORT_HTTPS)          ? TLS_USE_NONE
                       : d->setup.state == SETUP_PROVISIONED ? TLS_USE_OPERATION
                                                             : TLS_USE_SETUP);
#endif
}

void device_follow_window(struct device *d)
{
    bool open = window_is_open(&d->setup.window) || d->start_deadline_ms != 0;
    enum net_mode mode = open && d->rng_ready && enabled(d) ? open_mode(d) : NET_CLOSED;

#if FW_MANAGE
    if (d->reply_until_ms)
        return;
#endif
    if (mode == NET_FIXED && d->settings.config.fixed.ip == 0 && d->net.mode != NET_FIXED)
        trace(d, TRACE_NO_ADDRESS, 0, "DHCP is off and no address is set", NULL);
    net_set_mode(&d->net, mode, &d->settings.config.fixed);
    if (mode != NET_CLOSED)
        follow_ports(d);
}

void device_reload(struct device *d)
{
    settings_factory(&d->settings, d->config.release, d->config.oem);
    d->store_lost |= settings_load(&d->store, &d->settings) != STORE_OK;
}

static void trace_store_error(const struct device *d, int error)
{
    trace(d, TRACE_STORE_ERROR, (uint32_t)-error, NULL, NULL);
}

bool device_save(struct device *d)
{
    int error = STORE_IO;

    setup_snapshot(&d->setup, d->net.now_ms, &d->settings);
#if FW_MANAGE
    if (!d->store_lost)
        error = settings_save_identity(&d->store, &d->settings, d->committed);
#else
    if (!d->store_lost)
        error = settings_save(&d->store, &d->settings);
#endif
    d->checkpoint_ms = d->net.now_ms + LIMIT_CHECKPOINT_MS;
    if (error == STORE_OK)
        return true;
    trace_store_error(d, error);
    device_reload(d);
    return false;
}

static void erase(struct device *d, uint32_t actions, const char *source)
{
    const struct release *release = d->config.release;
    const struct oem_profile *oem = d->config.oem;
    bool to_intel = actions & SETUP_DO_TO_INTEL;

    if (actions & SETUP_DO_ERASE_PARTIAL)
        settings_partial_unprovision(&d->settings);
    if (!(actions & (SETUP_DO_ERASE_FULL | SETUP_DO_ERASE_CMOS)))
        return;
    if (actions & SETUP_DO_ERASE_FULL)
        settings_full_unprovision(&d->settings, release, oem, to_intel);
    else
        settings_cmos_lost(&d->settings, release, oem, to_intel);
    setup_take_bmp(&d->setup, &d->settings, d->net.now_ms);
    trace(d, TRACE_RESTORED, d->settings.machine.bmp_left_s / 3600u,
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
    const char *own = s->config.domain[0] ? s->config.domain : oem->default_domain;
    const char *option15 = net_option15(&d->net);

    if (d->config.release->server_fqdn.value && s->config.server_fqdn[0] && index-- == 0)
        return join_name(out, s->config.server_fqdn, "");
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

static void attempt(struct device *d, uint32_t retry)
{
    const struct settings *s = &d->settings;
    struct net_target target = {.ctx = d,
                                .ip = s->config.server_ip,
                                .port = s->config.server_port,
                                .name = sca_name,
                                .hello = sca_hello};
    bool psk = settings_credentials(s, d->config.release) == CREDENTIALS_PSK;

    d->attempt_retry = retry;
    d->attempt_deadline_ms = d->net.now_ms + LIMIT_ATTEMPT_MS;
    trace(d, TRACE_ATTEMPT, retry, psk ? "PSK" : "PKI", NULL);
    net_attempt_start(&d->net, &target);
}

static void report_change(struct device *d, const struct setup *before,
                          const struct setup_transition *rule)
{
    const struct window *w = &d->setup.window;
    const char *reason = setup_reason(rule), *source = setup_source(rule);

    if (before->state != d->setup.state)
        trace(d, TRACE_STATE, d->setup.state, reason, source);
    if (rule->window == SETUP_WINDOW_KEEP)
        return;
    if (window_is_open(w))
        trace(d, TRACE_WINDOW_OPEN, window_left_s(w), reason, source);
    else if (window_is_open(&before->window))
        trace(d, TRACE_WINDOW_CLOSED, 0, reason, source);
}

bool device_step(struct device *d, enum setup_event_id id, struct setup_effects *effects)
{
    struct setup before = d->setup;
    struct setup_event event = {.id = id, .now_ms = d->net.now_ms, .facts = facts(d)};

#if FW_MANAGE
    event.hours = d->extend_hours;
#endif
    if (id == SETUP_EV_PARTIAL)
        event.facts.credentials = settings_credentials_kept(&d->settings, d->config.release);
    setup_step(d->config.release, &d->setup, &event, effects);
    if (!effects->rule)
        return true;
#if FW_TLS
    if (id != SETUP_EV_TIME)
        d->start_remembered =
            id == SETUP_EV_START && effects->status == PT_STATUS_CERTIFICATE_NOT_READY;
#endif
    erase(d, effects->actions, setup_source(effects->rule));
    if ((effects->actions & SETUP_DO_SAVE) && !device_save(d) && id != SETUP_EV_TIME &&
        id != SETUP_EV_BOOT) {
        d->setup = before;
        return false;
    }
    report_change(d, &before, effects->rule);
#if FW_MANAGE
    if (effects->actions & (SETUP_DO_CLOSE | SETUP_DO_ERASE))
        device_manage_forget(d, effects->actions & SETUP_DO_ERASE);
#endif
    /* The gate first: what a dropped attempt would still send must not leave a closed interface. */
    device_follow_window(d);
    if (effects->actions & SETUP_DO_ABORT)
        net_attempt_abort(&d->net);
    if (effects->actions & SETUP_DO_ATTEMPT)
        attempt(d, effects->retry);
    return true;
}

static void load(struct device *d)
{
    int error = store_mount(&d->store, &d->hal->flash);

    settings_factory(&d->settings, d->config.release, d->config.oem);
    if (error == STORE_OK)
        error = settings_load(&d->store, &d->settings);
    if (error != STORE_OK)
        trace_store_error(d, error);
    setup_restore(&d->setup, &d->settings, d->net.now_ms);
    d->checkpoint_ms = d->net.now_ms + LIMIT_CHECKPOINT_MS;
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
    d->net.tls = &d->tls;
    if (d->config.certificate_s)
        d->certificate_at_ms = d->net.now_ms + d->config.certificate_s * 1000u;
#else
    (void)d;
#endif
}

void device_boot(struct device *d, const struct device_config *config, const struct hal *hal,
                 uint64_t now_ms)
{
    struct setup_effects effects;

    memset(d, 0, sizeof(*d));
    d->config = *config;
    d->hal = hal;
    d->net.now_ms = now_ms;
    trace(d, TRACE_BOOT, 0, config->release->name, NULL);
    d->rng_ready = net_boot(&d->net, hal, config->mac) == 0;
    d->net.blind_to_dhcp = config->blind_to_dhcp;
    d->net.stack.eager = config->eager_timers;
#if FW_MANAGE
    device_manage_start(d);
#endif
    if (!d->rng_ready)
        trace(d, TRACE_NO_ENTROPY, 0, NULL, NULL);
    boot_tls(d);
    d->host = hal->power.host(hal->power.ctx);
    load(d);
    if (hal->power.cmos_lost(hal->power.ctx) && device_step(d, SETUP_EV_CMOS, &effects))
        hal->power.cmos_acknowledge(hal->power.ctx);
    device_step(d, SETUP_EV_BOOT, &effects);
    if (!enabled(d))
        trace(d, TRACE_DISABLED, 0, config->bios_disabled ? "BIOS" : "MEBx", NULL);
}

static void respond(struct device *d, size_t len)
{
    d->hal->hostbus.send(d->hal->hostbus.ctx, d->response, len);
}

static void respond_status(struct device *d, uint32_t command, uint32_t status, const char *source)
{
    trace(d, TRACE_AMTHI_STATUS, status, pt_status_name(status), source);
    respond(d, amthi_answer(command, status, d->response));
}

static void raise(struct device *d, enum setup_event_id id, uint32_t command)
{
    struct setup_effects effects;
    bool stored = device_step(d, id, &effects);

    respond_status(d, command, stored ? effects.status : PT_STATUS_INTERNAL_ERROR,
                   setup_source(effects.rule));
}

/* Without a host on the wire there is no exchange to witness: the device asks a DHCP server itself
 * before it answers StartConfiguration (assumed). */
static bool needs_own_dhcp(const struct device *d)
{
    struct setup_facts f = facts(d);

    return d->host == HAL_HOST_ABSENT && d->settings.config.dhcp_enabled && d->rng_ready &&
           f.link && d->setup.state != SETUP_PROVISIONED && !window_is_open(&d->setup.window) &&
           (!f.address || !f.suffix);
}

static void set_name(struct settings *s, const char *name)
{
    const char *dot = strchr(name, '.');
    const char *end = name + strlen(name);

    if (!dot)
        dot = end;
    text_fill(s->config.host_name, sizeof(s->config.host_name), name, (size_t)(dot - name));
    if (dot < end)
        dot++;
    text_fill(s->config.domain, sizeof(s->config.domain), dot, (size_t)(end - dot));
}

/* Takes over what the effects have for the settings, and answers once it is stored. */
static void change_settings(struct device *d, const struct amthi_effects *e)
{
    struct settings *s = &d->settings;

    if (e->action == AMTHI_SET_OTP)
        text_fill(s->secret.otp, sizeof(s->secret.otp), e->text, strlen(e->text));
    else if (e->action == AMTHI_SET_SUFFIX)
        text_fill(s->config.pki_suffix, sizeof(s->config.pki_suffix), e->text, strlen(e->text));
    else
        set_name(s, e->text);
    respond_status(d, e->command, device_save(d) ? e->status : PT_STATUS_INTERNAL_ERROR, NULL);
}

static void carry_out(struct device *d, const struct amthi_effects *e)
{
    switch (e->action) {
    case AMTHI_SILENT:
        break;
    case AMTHI_EMPTY:
        respond(d, 0);
        break;
    case AMTHI_RAISE:
        if (e->event == SETUP_EV_START && needs_own_dhcp(d)) {
            d->start_deadline_ms = d->net.now_ms + LIMIT_BLIND_DHCP_MS;
            d->start_command = e->command;
            device_follow_window(d);
        } else {
            raise(d, e->event, e->command);
        }
        break;
    default:
        change_settings(d, e);
        break;
    }
}

static void look(const struct device *d, struct amthi_view *view)
{
    view->release = d->config.release;
    view->settings = &d->settings;
    view->setup = &d->setup;
    view->uuid = d->config.uuid;
    view->mac = d->config.mac;
    view->network.link = d->net.facts.link;
    view->network.active = d->host != HAL_HOST_UP;
    net_address(&d->net, &view->network.address);
    view->network.domain = net_option15(&d->net);
    view->rng_ready = d->rng_ready;
    view->disabled = d->config.bios_disabled;
}

static void serve_host(struct device *d)
{
    const struct hal_hostbus *bus = &d->hal->hostbus;
    struct amthi_effects effects;
    struct amthi_view view;
    size_t len;

    while (!d->in_menu && d->start_deadline_ms == 0 &&
           (len = bus->receive(bus->ctx, d->request, sizeof(d->request))) > 0) {
        look(d, &view);
        len = amthi_handle(&view, d->request, len, d->response, &effects);
        trace(d, TRACE_AMTHI, effects.command, amthi_command_name(effects.command), NULL);
        if (effects.action == AMTHI_ANSWER) {
            trace(d, TRACE_AMTHI_STATUS, effects.status, pt_status_name(effects.status), NULL);
            respond(d, len);
        } else {
            carry_out(d, &effects);
        }
        wipe(d->request, sizeof(d->request)); /* it may have held a one-time password */
        wipe(&effects, sizeof(effects));
    }
}

static void finish_start(struct device *d)
{
    struct setup_facts f = facts(d);
    bool ready = f.address && (f.suffix || f.credentials == CREDENTIALS_PSK);

    if (d->start_deadline_ms == 0 || (!ready && d->net.now_ms < d->start_deadline_ms))
        return;
    d->start_deadline_ms = 0;
    raise(d, SETUP_EV_START, d->start_command);
    device_follow_window(d);
}

static void follow_attempt(struct device *d)
{
    struct setup_effects effects;
    const char *failure = NULL;

    if (!d->setup.attempting)
        return;
    switch (net_attempt_result(&d->net)) {
    case NET_ATTEMPT_DELIVERED:
        break;
    case NET_ATTEMPT_FAILED:
        failure = "no set-up application reached";
        break;
    case NET_ATTEMPT_NONE: /* dropped with the interface or the address */
        failure = "network changed";
        break;
    default:
        if (d->net.now_ms < d->attempt_deadline_ms)
            return;
        net_attempt_abort(&d->net);
        failure = "no answer in time";
        break;
    }
    trace(d, failure ? TRACE_ATTEMPT_FAILED : TRACE_HELLO_DELIVERED, d->attempt_retry, failure,
          NULL);
    device_step(d, failure ? SETUP_EV_HELLO_FAILED : SETUP_EV_HELLO_DELIVERED, &effects);
}

/* The start that was answered with CERTIFICATE_NOT_READY goes on by itself: agents count that
 * status as success and poll the state (G-start, LMS-agent). */
static void follow_certificate(struct device *d)
{
#if FW_TLS
    struct setup_effects effects;

    if (d->certificate_at_ms == 0 || d->net.now_ms < d->certificate_at_ms)
        return;
    d->certificate_at_ms = 0;
    if (d->start_remembered)
        device_step(d, SETUP_EV_START, &effects);
#else
    (void)d;
#endif
}

void device_pass_time(struct device *d)
{
    struct setup_effects effects;

    if (!enabled(d)) {
        window_skip(&d->setup.window, d->net.now_ms);
        return;
    }
    follow_certificate(d);
    do {
        follow_attempt(d);
        device_step(d, SETUP_EV_TIME, &effects);
    } while (effects.rule);
}

static bool window_runs(const struct device *d)
{
    const struct window *w = &d->setup.window;

    return enabled(d) && (window_end_ms(w) != UINT64_MAX || (w->bmp_runs && w->bmp_left_ms > 0));
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t next_ms(struct device *d)
{
    struct setup_facts f = facts(d);
    uint64_t next = net_next_ms(&d->net);

    if (enabled(d))
        next = earlier(next, setup_next_ms(d->config.release, &d->setup, &f));
#if FW_TLS
    if (enabled(d) && d->certificate_at_ms)
        next = earlier(next, d->certificate_at_ms);
#endif
    if (window_runs(d))
        next = earlier(next, d->checkpoint_ms);
    if (d->start_deadline_ms)
        next = earlier(next, d->start_deadline_ms);
#if FW_MANAGE
    if (d->reply_until_ms)
        next = earlier(next, d->reply_until_ms);
#endif
    if (d->setup.attempting)
        next = earlier(next, d->attempt_deadline_ms);
    return next;
}

uint64_t device_poll(struct device *d, uint64_t now_ms)
{
    d->net.now_ms = now_ms;
#if FW_MANAGE
    device_manage_end_reply(d);
#endif
    /* A window that ends now is closed before anything else can happen. */
    device_pass_time(d);
    net_poll(&d->net);
    d->host = d->hal->power.host(d->hal->power.ctx);
    device_follow_window(d);
    follow_attempt(d);
    serve_host(d);
    finish_start(d);
    device_pass_time(d);
    if (window_runs(d) && now_ms >= d->checkpoint_ms)
        device_save(d);
    /* Mode changes above may have given or taken the address. */
    net_poll(&d->net);
    return next_ms(d);
}
