// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include "lwip/netif.h"

#include "fw/net/hooks.h"
#include "fw/net/ip_stack.h"

/* What the device's own DHCP messages say of it. While the host is down the device asks the server
 * to register its name in the DNS (S3, S4); the host's client does that itself, so there is none in
 * passive mode. */

#define OPTION_HOST_NAME 12
#define OPTION_ASKED 55 /* lwIP has put it last */
#define OPTION_CLIENT_ID 61
#define OPTION_FQDN 81 /* RFC 4702 */

#define ETHERNET 1
#define SERVER_UPDATES                                                                             \
    1               /* flag S: the server is to register the name; the name is ASCII, assumed */
#define FQDN_HEAD 3 /* the flags, and two bytes for old servers */

static u8_t *put(u8_t *out, const void *bytes, size_t len)
{
    memcpy(out, bytes, len);
    return out + len;
}

static u8_t *put_fqdn(u8_t *out, const char *host, size_t host_len, const char *domain)
{
    size_t domain_len = strlen(domain), len = host_len + (domain_len ? 1 + domain_len : 0);
    const u8_t head[] = {OPTION_FQDN, (u8_t)(FQDN_HEAD + len), SERVER_UPDATES, 0, 0};

    if (FQDN_HEAD + len > UINT8_MAX)
        return out;
    out = put(put(out, head, sizeof(head)), host, host_len);
    if (domain_len) {
        *out++ = '.';
        out = put(out, domain, domain_len);
    }
    return out;
}

/* Mask, router, name servers, domain before the broadcast address, which lwIP asks for third. */
static void order_asked(u8_t *list_end)
{
    static const u8_t asked[] = {OPTION_ASKED, 5, 1, 3, 6, 15, 28};
    u8_t *list = list_end - sizeof(asked);

    if (memcmp(list, asked, 2) == 0)
        memcpy(list, asked, sizeof(asked));
}

u16_t ip_stack_dhcp_options(const struct netif *netif, u8_t *options, u16_t len)
{
    static const u8_t client_id[] = {OPTION_CLIENT_ID, 1 + LIMIT_MAC_BYTES, ETHERNET};
    const struct ip_stack *stack = netif->state;
    u8_t *out = put(options + len, client_id, sizeof(client_id));
    size_t host_len = stack->host_name ? strlen(stack->host_name) : 0;

    order_asked(options + len);
    out = put(out, netif->hwaddr, LIMIT_MAC_BYTES);
    if (host_len > 0) {
        *out++ = OPTION_HOST_NAME;
        *out++ = (u8_t)host_len;
        out = put_fqdn(put(out, stack->host_name, host_len), stack->host_name, host_len,
                       stack->domain);
    }
    return (u16_t)(out - options);
}
