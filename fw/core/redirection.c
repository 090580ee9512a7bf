// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/redirection.h"

#define KINDS (REDIRECTION_SOL | REDIRECTION_IDER)

#define CIM_NONE 32768u
#define CIM_IDER 1u /* bits beside it */
#define CIM_SOL 2u

bool redirection_is_legacy(const struct release *release, const struct settings *s)
{
    if (release->small_business.value == SMALL_BUSINESS_NONE)
        return s->config.redirection & REDIRECTION_LEGACY;
    return s->config.mode == MODE_SMB;
}

uint8_t redirection_enabled(const struct release *release, const struct settings *s)
{
    uint8_t permitted = s->config.redirection & KINDS;

    if (!(s->config.redirect_service & REDIRECT_STATE_SET))
        return redirection_is_legacy(release, s) ? permitted : 0;
    return (uint8_t)(permitted & s->config.redirect_service);
}

bool redirection_listens(const struct release *release, const struct settings *s)
{
    return redirection_is_legacy(release, s) || (s->config.redirect_service & REDIRECT_LISTENS);
}

uint32_t redirection_cim_state(uint8_t enabled)
{
    return CIM_NONE | (enabled & REDIRECTION_IDER ? CIM_IDER : 0) |
           (enabled & REDIRECTION_SOL ? CIM_SOL : 0);
}

bool redirection_set_state(const struct settings *s, uint32_t state, uint32_t *service,
                           bool *forbidden)
{
    uint32_t kinds =
        (state & CIM_IDER ? REDIRECTION_IDER : 0) | (state & CIM_SOL ? REDIRECTION_SOL : 0);

    *forbidden = false;
    if ((state & ~(CIM_IDER | CIM_SOL)) != CIM_NONE)
        return false;
    *forbidden = kinds & ~(uint32_t)s->config.redirection;
    *service = (s->config.redirect_service & REDIRECT_LISTENS) | REDIRECT_STATE_SET | kinds;
    return !*forbidden;
}
