// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/realms.h"

#include <stddef.h>

#if FW_MACHINE

#if FW_TEXTS
#define BY(source) source
#else
#define BY(source)
#endif

#define R(realm) REALM_BIT(REALM_##realm)

/* An act without a row is open to PTAdministration alone: what set-up sets, and unprovision. */
static const struct realm_row table[] = {
    {ACT_READ, R(GENERAL_INFO), BY("assumed, by the names of G-realms")},
    {ACT_READ_MACHINE, R(GENERAL_INFO) | R(REMOTE_CONTROL),
     BY("assumed, by the names of G-realms")},
    {ACT_READ_CLOCK, R(GENERAL_INFO) | R(NETWORK_TIME), BY("assumed, by the names of G-realms")},
    {ACT_SET_CLOCK, R(NETWORK_TIME), BY("assumed, by the names of G-realms")},
    {ACT_READ_POWER, R(GENERAL_INFO) | R(REMOTE_CONTROL), BY("assumed, by the names of G-realms")},
    {ACT_CONTROL_POWER, R(REMOTE_CONTROL), BY("G-realms; SCS11")},
    {ACT_READ_LOG, R(EVENT_LOG_READER) | R(EVENT_MANAGER), BY("G-realms; SCS11")},
    {ACT_CHANGE_LOG, R(EVENT_MANAGER), BY("G-realms; SCS11")},
    {ACT_READ_ASSETS, R(HARDWARE_ASSET), BY("G-realms; SCS11")},
    {ACT_READ_NETWORK, R(GENERAL_INFO), BY("assumed, by the names of G-realms")},
    {ACT_READ_REDIRECTION, R(REDIRECTION) | R(GENERAL_INFO), BY("G-realms")},
    {ACT_SET_REDIRECTION, R(REDIRECTION), BY("G-realms")},
    {ACT_READ_USERS, R(ACL), BY("assumed, by the names of G-realms")},
    {ACT_SET_USERS, R(ACL), BY("assumed, by the names of G-realms")},
};

const struct realm_row *realm_rows(uint32_t *count)
{
    *count = sizeof(table) / sizeof(table[0]);
    return table;
}

bool realms_open(uint32_t realms, enum act act)
{
    uint32_t opening = R(ADMINISTRATION);

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].act == act)
            opening |= table[i].realms;
    return (realms & opening) != 0;
}

bool realms_cover(uint32_t realms, uint32_t others)
{
    return realms & R(ADMINISTRATION) || (others & ~realms) == 0;
}
#endif
