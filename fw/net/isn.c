// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include <mbedtls/sha256.h>

#include "lwip/netif.h"

#include "fw/core/bytes.h"
#include "fw/core/wipe.h"
#include "fw/net/hooks.h"
#include "fw/net/ip_stack.h"

/* RFC 6528: ISN = time + hash(connection, secret). lwIP's add-on for it brings an MD5 of its own,
 * which nothing else here needs. */

#define TICKS_PER_MS 250u /* of 4 microseconds, RFC 793 */

u32_t ip_stack_isn(const ip_addr_t *local_ip, u16_t local_port, const ip_addr_t *remote_ip,
                   u16_t remote_port)
{
    const struct ip_stack *stack = netif_default->state;
    uint8_t hash[32];
    struct {
        uint8_t secret[IP_STACK_SECRET_BYTES];
        ip4_addr_t ip[2];
        uint8_t port[4];
    } input = {.ip = {*ip_2_ip4(local_ip), *ip_2_ip4(remote_ip)},
               .port = {(uint8_t)(local_port >> 8), (uint8_t)local_port,
                        (uint8_t)(remote_port >> 8), (uint8_t)remote_port}};

    memcpy(input.secret, stack->secret, sizeof(input.secret));
    mbedtls_sha256_ret((const unsigned char *)&input, sizeof(input), hash, 0);
    wipe(&input, sizeof(input));
    /* Byte by byte: the same seed gives the same frames on machines of both byte orders. */
    return get_le32(hash) + (uint32_t)stack->now_ms * TICKS_PER_MS;
}
