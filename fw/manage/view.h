#ifndef MANAGE_VIEW_H
#define MANAGE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "fw/manage/pending.h"
#include "hal/entropy.h"

/* What the configuration service knows of the device. Valid during one call. */
struct manage_view {
    const struct release *release;
    const struct settings *settings;
    const struct pending *pending;
    const uint8_t *uuid; /* wire order */
    const struct hal_entropy *entropy;
    uint64_t now_ms;
    uint32_t provisioning_state; /* setup_reported(): 0 pre, 1 in, 2 post */
    uint8_t setup_state;         /* enum setup_state */
    bool host_on;
    uint32_t ip, mask, gateway, dns; /* 1.2.3.4 = 0x01020304, 0 = none */
    const char *option15;            /* "" = none */
    uint32_t clock_s;                /* since 1970; 0 = nobody has set it */
    /* What TLS would use after a commit; NULL = nothing. */
    const uint8_t *certificate, *public_key; /* DER; PKCS #1 */
    size_t certificate_len, public_key_len;
    uint8_t identity; /* its handle: 0 the one in use, 1 a pending one */
};

/* When something is served, by provisioning_state; bits. */
#define WHEN_SETUP 1u
#define WHEN_OPERATION 2u
#define WHEN_ANY (WHEN_SETUP | WHEN_OPERATION)

static inline bool manage_is_served(const struct manage_view *view, uint8_t when)
{
    return view->provisioning_state != 0 && (when >> (view->provisioning_state - 1u) & 1u);
}

/* Names as they would be after a commit: what is pending (assumed), else what was set in MEBx or by
 * a server, and for a domain else what DHCP says (assumed). */
static inline const char *manage_host_name(const struct manage_view *view)
{
    return view->pending->has_host_name ? view->pending->host_name
                                        : view->settings->config.host_name;
}

static inline const char *manage_domain(const struct manage_view *view)
{
    if (view->pending->has_domain)
        return view->pending->domain;
    return view->settings->config.domain[0] ? view->settings->config.domain : view->option15;
}

#endif
