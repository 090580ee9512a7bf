// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include "fw/core/status.h"
#include "fw/host/amthi/amthi_command.h"

/* The commands about the network and remote access. The device has IPv4 only, no remote access
 * server and no list of home domains: commands about these answer like a device on which they are
 * not configured. */

_Static_assert(AMTHI_ANSWER_OFFSET + 6 * 4 + 2 + LIMIT_DOMAIN <= LIMIT_AMTHI_RESPONSE,
               "GetTcpipParameters fits");
_Static_assert(AMTHI_ANSWER_OFFSET + 3 * REPLY_ADDRESS_TEXT + 4 <= LIMIT_AMTHI_RESPONSE,
               "GetIPv6LanInterfaceStatus fits");
_Static_assert(AMTHI_ANSWER_OFFSET + 5 * 4 + 2 + LIMIT_HOST_NAME + 1 + LIMIT_DOMAIN <=
                   LIMIT_AMTHI_RESPONSE,
               "GetHostFQDN fits");

enum { DHCP_DISABLED = 1, DHCP_ENABLED = 2 };     /* LMS-old */
enum { IP_MODE_ACTIVE = 1, IP_MODE_PASSIVE = 2 }; /* PTHI.h */
enum { INTERFACE_WIRED = 0, INTERFACE_WIRELESS = 1 };

uint32_t amthi_get_tcpip(struct amthi_exchange *x)
{
    const struct amthi_network *net = &x->view->network;
    const struct settings *s = x->view->settings;
    bool dhcp = s->config.dhcp_enabled;
    const struct static_address *own = dhcp ? &net->address : &s->config.fixed;

    reply_u32(&x->reply, dhcp ? DHCP_ENABLED : DHCP_DISABLED);
    reply_words(&x->reply, &own->ip, sizeof(*own) / sizeof(own->ip));
    return reply_ansi(&x->reply, dhcp ? net->domain : s->config.domain, LIMIT_DOMAIN);
}

/* The ME shares the host's MAC: both fields hold it (assumed). */
uint32_t amthi_get_mac_addresses(struct amthi_exchange *x)
{
    reply_bytes(&x->reply, x->view->mac, LIMIT_MAC_BYTES, LIMIT_MAC_BYTES);
    return reply_bytes(&x->reply, x->view->mac, LIMIT_MAC_BYTES, LIMIT_MAC_BYTES);
}

/* There is no wireless interface: all zero (assumed). */
uint32_t amthi_get_lan_interface(struct amthi_exchange *x)
{
    const struct amthi_network *net = &x->view->network;

    switch (get_le32(x->payload)) {
    case INTERFACE_WIRED:
        reply_u32(&x->reply, true);
        reply_u32(&x->reply, net->address.ip);
        reply_u32(&x->reply, x->view->settings->config.dhcp_enabled);
        reply_u8(&x->reply, net->active ? IP_MODE_ACTIVE : IP_MODE_PASSIVE);
        reply_u8(&x->reply, net->link);
        return reply_bytes(&x->reply, x->view->mac, LIMIT_MAC_BYTES, LIMIT_MAC_BYTES);
    case INTERFACE_WIRELESS:
        return reply_zeros(&x->reply, 3 * 4 + 2 + LIMIT_MAC_BYTES);
    default:
        return PT_STATUS_INVALID_PARAMETER; /* assumed */
    }
}

/* The number of entries: 0. */
uint32_t amthi_get_dns_suffix_list(struct amthi_exchange *x)
{
    return reply_zeros(&x->reply, 2);
}

/* u8 flags (bit 0: IPv6), u8 address[16], u8 access (PTHI.h). Never granted: assumed. */
uint32_t amthi_set_enterprise_access(struct amthi_exchange *x)
{
    if ((x->payload[0] & ~1u) != 0 || x->payload[17] > 1)
        return PT_STATUS_INVALID_PARAMETER;
    return PT_STATUS_REMOTE_ACCESS_NOT_GRANTED;
}

/* Neither BIOS nor agent is enabled for it, as the next command says. */
uint32_t amthi_user_initiated(struct amthi_exchange *x)
{
    (void)x;
    return PT_STATUS_NOT_PERMITTED;
}

uint32_t amthi_get_user_initiated_interfaces(struct amthi_exchange *x)
{
    return reply_zeros(&x->reply, 4);
}

/* Directly on the enterprise's network; not connected; trigger: user; no name. */
uint32_t amthi_get_remote_access_status(struct amthi_exchange *x)
{
    return reply_zeros(&x->reply, 3 * 4 + 2);
}

/* Router, two DNS servers and the list of addresses, all empty (LMS-old). */
uint32_t amthi_get_ipv6_interface(struct amthi_exchange *x)
{
    if (get_le32(x->payload) > INTERFACE_WIRELESS)
        return PT_STATUS_INVALID_PARAMETER; /* assumed */
    return reply_zeros(&x->reply, 3 * REPLY_ADDRESS_TEXT + 4);
}

/* Host and ME share the name (S3). Both times are those of AMT_GeneralSettings: assumed. */
uint32_t amthi_get_host_fqdn(struct amthi_exchange *x)
{
    const struct settings *s = x->view->settings;
    const uint32_t answer[] = {
        true,
        false, /* no dynamic DNS update */
        1440,  /* its interval in minutes */
        900,   /* its time to live in seconds */
        (uint32_t)strlen(s->config.host_name),
    };
    struct text_out out = reply_text(&x->reply);
    uint8_t *field;

    reply_words(&x->reply, answer, sizeof(answer) / sizeof(answer[0]));
    field = x->reply.at;
    x->reply.at += 2;
    text_print(&out, s->config.host_name[0] && s->config.domain[0] ? "%s.%s" : "%s",
               s->config.host_name, s->config.domain);
    return reply_text_length(&x->reply, field);
}

/* Host name and domain each have to fit their field. */
uint32_t amthi_set_host_fqdn(struct amthi_exchange *x)
{
    size_t host = 0;

    while (host < x->len && x->payload[host] != '.')
        host++;
    if (host > LIMIT_HOST_NAME || (host < x->len && x->len - host - 1 > LIMIT_DOMAIN))
        return PT_STATUS_INVALID_PARAMETER;
    return amthi_accept_name(x, AMTHI_SET_NAME, LIMIT_FQDN);
}
