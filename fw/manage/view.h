// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_VIEW_H
#define MANAGE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/permits.h"
#include "fw/core/realms.h"
#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "fw/core/status.h"
#include "fw/manage/pending.h"
#include "hal/entropy.h"
#include "hal/machine.h"

/* The device's state for the configuration service. Valid during one call. */
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
    /* What TLS will use after a commit; NULL = nothing. */
    const uint8_t *certificate, *public_key; /* DER; PKCS #1 */
    size_t certificate_len, public_key_len;
#if FW_MACHINE
    const struct hal_machine *machine; /* NULL: there is none that can be managed */
    uint8_t machine_state;             /* enum machine_state; with a machine */
    bool redirection_open;
    const struct machine_boot *boot;
    const struct event_log *log;
    uint32_t realms; /* what the account opens that asks; set by the service */
    const uint8_t *mac;
    bool link;
#endif
    uint8_t identity; /* handle of this certificate and key: 0 those in use, 1 the pending ones */
};

/* Whether that is done now, for whomever. */
static inline bool manage_is_done_now(const struct manage_view *view, uint8_t act)
{
    return permits_by_release(view->release, view->settings->config.mode, (enum act)act) &&
           permits(DOOR_NETWORK, (enum act)act, view->situation) == PT_STATUS_SUCCESS;
}

/* Whether the account that asks may do that at any time. */
static inline bool manage_opens(const struct manage_view *view, uint8_t act)
{
#if FW_MACHINE
    return realms_open(view->realms, (enum act)act);
#else
    (void)view;
    (void)act;
    return true;
#endif
}

static inline bool manage_permits(const struct manage_view *view, uint8_t act)
{
    return manage_is_done_now(view, act) && manage_opens(view, act);
}

/* The number for GetProvisioningState. */
static inline uint32_t manage_provisioning_state(const struct manage_view *view)
{
    return setup_reported(&(struct setup){.state = view->setup_state});
}

/* The names after a commit: the pending ones (assumed), else those set in MEBx or by a server; the
 * domain, if not set, is DHCP's (assumed). */
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
