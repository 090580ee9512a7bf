#ifndef NET_WITNESS_H
#define NET_WITNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/settings.h"

/* What the ME learns by watching a DHCP exchange for its MAC (G-amtenabled: it knows an address and
 * option 15 only from a transaction it witnesses or runs). Addresses: 1.2.3.4 = 0x01020304, 0 when
 * the server did not say. */
struct witness {
    struct static_address address;   /* dns2 is not looked for */
    uint32_t lease_s;                /* UINT32_MAX = for ever, or not said */
    char option15[LIMIT_DOMAIN + 1]; /* "" when absent or not a DNS name */
};

/* True when the frame is a DHCP ACK that gives this MAC an address. Any bytes are safe. */
bool witness_dhcp_ack(const uint8_t *frame, size_t len, const uint8_t mac[LIMIT_MAC_BYTES],
                      struct witness *out);

#endif
