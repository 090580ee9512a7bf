// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/presence.h"

#include <string.h>

#include "fw/core/bytes.h"

#if FW_MANAGE

#define INTEL 343u
#define DASH 0x20u
#define ASF_1_0 0x01u
#define PORT_PLAIN 16992u
#define PORT_TLS 16993u

enum { AT_PORT = 4, AT_VERSION = 6, AT_STATE = 7, AT_ENTITIES = 8, AT_INTERACTIONS = 9 };

static uint8_t state_of(enum setup_state state)
{
    if (state == SETUP_PROVISIONED)
        return 2;
    return state == SETUP_FACTORY ? 0 : 1;
}

static bool answers(enum presence kind, const struct presence_facts *facts)
{
    if (facts->disabled || facts->state >= SETUP_LOCKED || kind == PRESENCE_NONE)
        return false;
    return facts->state == SETUP_PROVISIONED ||
           (kind == PRESENCE_EARLY && facts->host_on && facts->dhcp);
}

bool presence_describe(const struct release *release, const struct presence_facts *facts,
                       uint8_t out[PRESENCE_BYTES])
{
    enum presence kind = (enum presence)release->presence.value;
    const char *version = release->version; /* "6.2.61" */

    if (!answers(kind, facts))
        return false;
    memset(out, 0, PRESENCE_BYTES);
    put_be16(out + 2, INTEL);
    out[AT_ENTITIES] = ASF_1_0;
    out[kind == PRESENCE_ENTITY ? AT_ENTITIES : AT_INTERACTIONS] |= DASH;
    if (kind < PRESENCE_STATE)
        return true;
    if (facts->state == SETUP_PROVISIONED)
        put_be16(out + AT_PORT, facts->tls_on ? PORT_TLS : PORT_PLAIN);
    out[AT_VERSION] = (uint8_t)((version[0] - '0') << 4 | (version[2] - '0'));
    out[AT_STATE] = state_of(facts->state);
    return true;
}

#endif
