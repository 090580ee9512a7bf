// SPDX-License-Identifier: BSD-3-Clause
#include "fw/device_internal.h"

#include <string.h>

#include "fw/core/status.h"
#include "fw/core/text.h"
#include "fw/core/trace.h"
#include "fw/core/wipe.h"
#include "fw/host/amthi/amthi.h"

/* AMTHI requests from the agent in the host's operating system. */

static void set_name(struct setup_settings *s, const char *name)
{
    const char *dot = strchr(name, '.');
    const char *end = name + strlen(name);

    if (!dot)
        dot = end;
    text_fill(s->host_name, sizeof(s->host_name), name, (size_t)(dot - name));
    if (dot < end)
        dot++;
    text_fill(s->domain, sizeof(s->domain), dot, (size_t)(end - dot));
}

/* Stores the new text of the effects, and then answers. */
static void change_settings(struct device *d, const struct amthi_effects *e)
{
    struct settings *s = device_draft(d);
    size_t len = strlen(e->text);

    if (e->action == AMTHI_SET_OTP)
        text_fill(s->secret.otp, sizeof(s->secret.otp), e->text, len);
    else if (e->action == AMTHI_SET_SUFFIX)
        text_fill(s->config.pki_suffix, sizeof(s->config.pki_suffix), e->text, len);
    else
        set_name(&s->config, e->text);
    device_answer_host(d, e->command,
                       device_save(d, s, NULL) ? e->status : PT_STATUS_INTERNAL_ERROR, NULL);
}

static void raise_event(struct device *d, const struct amthi_effects *e)
{
    struct setup_event event = device_event(d, e->event);
    struct setup_effects effects;

    event.command = e->command;
    if (!device_step(d, &event, NULL, NULL, &effects))
        device_answer_host(d, e->command, PT_STATUS_INTERNAL_ERROR, setup_source(effects.rule));
}

static void carry_out(struct device *d, const struct amthi_effects *e)
{
    switch (e->action) {
    case AMTHI_SILENT:
        break;
    case AMTHI_EMPTY:
        device_send_response(d, 0);
        break;
    case AMTHI_RAISE_EVENT:
        raise_event(d, e);
        break;
    default:
        change_settings(d, e);
        break;
    }
}

static void fill_view(const struct device *d, struct amthi_view *view)
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
#if FW_MACHINE
    view->sol_open = redirect_is_open(&d->redirect);
#endif
}

void device_poll_host(struct device *d)
{
    const struct hal_hostbus *bus = &d->hal->hostbus;
    struct amthi_effects effects;
    struct amthi_view view;
    size_t len;

    while (!d->in_menu && d->setup.start_command == 0 &&
           (len = bus->receive(bus->ctx, d->request, sizeof(d->request))) > 0) {
        fill_view(d, &view);
        len = amthi_handle(&view, d->request, len, d->response, &effects);
        device_trace(d, TRACE_AMTHI, effects.command, amthi_command_name(effects.command), NULL);
        if (effects.action == AMTHI_ANSWER) {
            device_trace(d, TRACE_AMTHI_STATUS, effects.status, pt_status_name(effects.status),
                         NULL);
            device_send_response(d, len);
        } else {
            carry_out(d, &effects);
        }
        /* They may hold a one-time password. */
        wipe(d->request, sizeof(d->request));
        wipe(&effects, sizeof(effects));
    }
}
