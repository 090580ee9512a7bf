// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/access.h"

#include "fw/core/setup.h"

enum access_policy access_policy_of(uint8_t state, bool window_open, bool tls)
{
    if (!window_open)
        return ACCESS_NOBODY;
    switch (state) {
    case SETUP_SETUP:
    case SETUP_IN_PROCESS:
        return ACCESS_SETUP;
    case SETUP_PROVISIONED:
        return tls ? ACCESS_OPERATION_TLS : ACCESS_OPERATION;
    default:
        return ACCESS_NOBODY;
    }
}

uint8_t access_ports(enum access_policy policy)
{
    static const uint8_t ports[ACCESS_POLICIES] = {
        [ACCESS_NOBODY] = 0,
        [ACCESS_SETUP] = PORT_HTTPS,
        [ACCESS_OPERATION] = PORT_HTTP | PORT_REDIRECT,
        [ACCESS_OPERATION_TLS] = PORT_HTTPS | PORT_REDIRECT_TLS,
    };

    return policy < ACCESS_POLICIES ? ports[policy] : 0;
}

uint8_t access_accounts(enum admission admission, uint8_t state, bool admin_set)
{
    switch (state) {
    case SETUP_SETUP:
    case SETUP_IN_PROCESS:
        if (admission != ADMITTED_PSK && admission != ADMITTED_CHAIN)
            return 0;
        return (uint8_t)(ACCOUNT_MEBX | (admission == ADMITTED_CHAIN ? ACCOUNT_EMPTY : 0) |
                         (admin_set ? ACCOUNT_ADMIN : 0));
    case SETUP_PROVISIONED:
        if (admission != ADMITTED_OPEN)
            return 0;
        return admin_set ? ACCOUNT_ADMIN : ACCOUNT_MEBX;
    default:
        return 0;
    }
}
