#ifndef MANAGE_VIEW_H
#define MANAGE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/permits.h"
#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "fw/core/status.h"
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
    enum situation situation;
    uint8_t setup_state; /* enum setup_state */
    bool host_on;
    uint32_t ip, mask, gateway, dns; /* 1.2.3.4 = 0x01020304, 0 = none */
    const char *option15;            /* "" = none */
    uint32_t clock_s;                /* since 1970; 0 = nobody has set it */
    /* What TLS would use after a commit; NULL = nothing. */
    const uint8_t *certificate, *public_key; /* DER; PKCS #1 */
    size_t certificate_len, public_key_len;
    uint8_t identity; /* its handle: 0 the one in use, 1 a pending one */
};

static inline bool manage_permits(const struct manage_view *view, uint8_t act)
{
    return permits(DOOR_NETWORK, (enum act)act, view->situation) == PT_STATUS_SUCCESS;
}

/* GetProvisioningState's number. */
static inline uint32_t manage_state(const struct manage_view *view)
{
    return setup_reported(&(struct setup){.state = view->setup_state});
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
