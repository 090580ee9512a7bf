// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include "fw/core/status.h"
#include "fw/host/amthi/amthi_command.h"

uint32_t amthi_accept_name(struct amthi_exchange *x, enum amthi_action action, uint32_t max)
{
    char *text = x->effects->text;

    if (x->len > max)
        return PT_STATUS_INVALID_PARAMETER;
    memcpy(text, x->payload, x->len);
    if (strlen(text) != x->len || !settings_dns_name_ok(text, max)) {
        memset(text, 0, x->len);
        return PT_STATUS_INVALID_PARAMETER;
    }
    x->effects->action = action;
    return PT_STATUS_SUCCESS;
}
