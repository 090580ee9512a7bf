// SPDX-License-Identifier: BSD-3-Clause
#include "fw/device_internal.h"

#include "fw/core/hex.h"
#include "fw/core/realms.h"
#include "fw/core/redirection.h"
#include "fw/core/status.h"
#include "fw/core/trace.h"
#include "fw/core/wipe.h"
#include "fw/manage/accounts.h"

/* Connects redirection to the device. */

static void fill_view(void *ctx, struct redirect_view *out)
{
    const struct device *d = ctx;
    const struct release *release = d->config.release;
    const struct hal_machine *machine = d->hal->machine;
    bool provisioned = d->setup.state == SETUP_PROVISIONED && machine;

    *out = (struct redirect_view){
        .now_ms = net_now_ms(&d->net),
        .listens = provisioned && redirection_listens(release, &d->settings),
        .sol = provisioned && redirection_enabled(release, &d->settings) & REDIRECTION_SOL,
        .plain = d->settings.config.redirection & REDIRECTION_USER,
        .machine_on = machine && machine->state(machine->ctx) <= MACHINE_S2,
        .machine = machine,
        .entropy = &d->net.entropy,
        .uuid = d->config.uuid,
    };
}

static bool find_account(void *ctx, const char *realm, const char *user, size_t len,
                         struct redirect_account *out)
{
    const struct device *d = ctx;
    struct account_secret secret;
    bool known = accounts_find(&d->settings, d->setup.state, realm, user, len, &secret) &&
                 hex_read(secret.ha1, out->ha1, sizeof(out->ha1));

    out->number = secret.number;
    out->owner = secret.realms & REALM_BIT(REALM_ADMINISTRATION);
    out->allowed = realms_open(secret.realms, ACT_SET_REDIRECTION);
    wipe(&secret, sizeof(secret));
    return known;
}

/* A session's begin and end are in the event log, too. */
static void trace(void *ctx, int event, uint32_t value, const char *text)
{
    device_trace(ctx, event, value, text, NULL);
    if (event == TRACE_REDIRECTION)
        device_log_redirection(ctx, value % 100u == REDIRECTION_EVENT_SOL_OPEN);
}

/* What an audit tells of an administrator's change. */
static void trace_change(const struct device *d, uint8_t before, uint8_t after)
{
    static const struct {
        uint8_t kind, enabled, disabled;
        const char *on, *off;
    } row[] = {{REDIRECTION_SOL, REDIRECTION_EVENT_SOL_ENABLED, REDIRECTION_EVENT_SOL_DISABLED,
                "SOL enabled", "SOL disabled"},
               {REDIRECTION_IDER, REDIRECTION_EVENT_IDER_ENABLED, REDIRECTION_EVENT_IDER_DISABLED,
                "IDE-R enabled", "IDE-R disabled"}};

    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        bool on = after & row[i].kind;

        if ((before ^ after) & row[i].kind)
            device_trace(d, TRACE_REDIRECTION, on ? row[i].enabled : row[i].disabled,
                         on ? row[i].on : row[i].off, NULL);
    }
}

uint32_t device_redirect_set(struct device *d, uint32_t service)
{
    const struct release *release = d->config.release;
    uint8_t before = redirection_enabled(release, &d->settings);
    struct settings *draft = device_draft(d);

    draft->config.redirect_service = service;
    if (!device_save(d, draft, NULL))
        return PT_STATUS_INTERNAL_ERROR;
    trace_change(d, before, redirection_enabled(release, &d->settings));
    return PT_STATUS_SUCCESS;
}

void device_redirect_start(struct device *d)
{
    struct stream_service service;

    redirect_init(&d->redirect,
                  &(struct redirect_device){d, fill_view, find_account, trace,
                                            device_machine_wrong_password, &d->manage.digest});
    service = redirect_service(&d->redirect);
    plain_carrier_boot(&d->plain_redirect, &service, &d->net, PLAIN_REDIRECT_PORT, false);
}
