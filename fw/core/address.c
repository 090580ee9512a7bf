// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/address.h"

#define NET_LOOPBACK 127u
#define NET_MULTICAST 224u /* class D; all above it are reserved, the last is broadcast */

bool address_is_host(uint32_t ip)
{
    uint32_t net = ip >> 24;

    return net != 0 && net != NET_LOOPBACK && net < NET_MULTICAST;
}

bool address_is_mask(uint32_t mask)
{
    return mask != 0 && (~mask & (~mask + 1u)) == 0;
}

bool address_is_host_in(uint32_t ip, uint32_t mask)
{
    uint32_t host = ip & ~mask;

    return address_is_host(ip) && (~mask <= 1 || (host != 0 && host != ~mask));
}

uint32_t address_spelt(const char *name)
{
    uint32_t ip = 0, part = 0, dots = 0;

    for (; *name; name++) {
        if (*name == '.') {
            ip = ip << 8 | part;
            part = 0;
            dots++;
        } else if (*name < '0' || *name > '9') {
            return 0;
        } else {
            part = part * 10 + (uint32_t)(*name - '0');
            if (part > UINT8_MAX)
                return 0;
        }
    }
    return dots == 3 ? ip << 8 | part : 0;
}
