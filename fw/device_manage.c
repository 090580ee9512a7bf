#include "fw/device_internal.h"

/* The configuration service on this device. */

static void view(void *ctx, struct manage_view *out)
{
    const struct device *d = ctx;
    struct static_address address;

    net_address(&d->net, &address);
    *out = (struct manage_view){
        .release = d->config.release,
        .settings = &d->settings,
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
    };
}

static void trace(void *ctx, int event, uint32_t value, const char *text)
{
    struct device *d = ctx;

    const struct hal_console *console = &d->hal->console;

    console->trace(console->ctx, d->net.now_ms, event, value, text, NULL);
}

void device_manage_start(struct device *d)
{
    struct stream_service service;

    manage_init(&d->manage, &(struct manage_host){d, view, trace});
    service = manage_service(&d->manage);
    session_init(&d->net.session, &service, &d->net.now_ms);
}
