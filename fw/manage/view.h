#ifndef MANAGE_VIEW_H
#define MANAGE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/release.h"
#include "fw/core/settings.h"
#include "hal/entropy.h"

/* What the configuration service knows of the device. Valid during one call. */
struct manage_view {
    const struct release *release;
    const struct settings *settings;
    const uint8_t *uuid; /* wire order */
    const struct hal_entropy *entropy;
    uint64_t now_ms;
    uint32_t provisioning_state; /* setup_reported(): 0 pre, 1 in, 2 post */
    bool host_on;
    uint32_t ip, mask, gateway, dns; /* 1.2.3.4 = 0x01020304, 0 = none */
    const char *option15;            /* "" = none */
};

/* The domain set in MEBx or by a server, else what DHCP says (assumed). */
static inline const char *manage_domain(const struct manage_view *view)
{
    return view->settings->domain[0] ? view->settings->domain : view->option15;
}

#endif
