// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_IP_FILTER_H
#define NET_IP_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which frames may pass while not all may. Any bytes are safe to pass in. */

struct ip_filter_peer { /* the far end of a TCP connection; 1.2.3.4 = 0x01020304 */
    uint32_t ip;
    uint16_t port, own_port;
};

/* While the host's operating system owns the address: only such frames may pass. */
bool ip_filter_shared_may_send(const uint8_t *frame, size_t len);
bool ip_filter_shared_may_receive(const uint8_t *frame, size_t len);
/* While only one peer is served: only such frames may leave. hop: the next hop's address on the way
 * to it. */
bool ip_filter_peer_may_be_sent(const struct ip_filter_peer *peer, uint32_t hop,
                                const uint8_t *frame, size_t len);

#endif
