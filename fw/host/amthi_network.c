#include <string.h>

#include "fw/core/status.h"
#include "fw/host/amthi_command.h"

/* The commands about the wire and the way out. The device has IPv4 only, no remote access server,
 * no list of home domains: where a command tells of them it answers as a device on which nobody
 * configured them. */

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

static uint32_t get_tcpip_parameters(struct exchange *x)
{
    const struct amthi_network *net = &x->view->network;
    const struct settings *s = x->view->settings;

    reply_u32(&x->reply, s->dhcp_enabled ? DHCP_ENABLED : DHCP_DISABLED);
    reply_u32(&x->reply, s->dhcp_enabled ? net->ip : s->fixed.ip);
    reply_u32(&x->reply, s->dhcp_enabled ? net->mask : s->fixed.mask);
    reply_u32(&x->reply, s->dhcp_enabled ? net->gateway : s->fixed.gateway);
    reply_u32(&x->reply, s->dhcp_enabled ? net->dns1 : s->fixed.dns1);
    reply_u32(&x->reply, s->dhcp_enabled ? net->dns2 : s->fixed.dns2);
    reply_ansi(&x->reply, s->dhcp_enabled ? net->domain : s->domain, LIMIT_DOMAIN);
    return PT_STATUS_SUCCESS;
}

/* The ME shares the host's MAC: both fields are that one (assumed). */
static uint32_t get_mac_addresses(struct exchange *x)
{
    reply_bytes(&x->reply, x->view->mac, LIMIT_MAC_BYTES, LIMIT_MAC_BYTES);
    reply_bytes(&x->reply, x->view->mac, LIMIT_MAC_BYTES, LIMIT_MAC_BYTES);
    return PT_STATUS_SUCCESS;
}

/* There is no wireless interface: all zero (assumed). */
static uint32_t get_lan_interface(struct exchange *x)
{
    static const uint8_t no_mac[LIMIT_MAC_BYTES];
    const struct amthi_network *net = &x->view->network;
    uint32_t interface = amthi_get_u32(x->payload);
    uint8_t mode = net->active ? IP_MODE_ACTIVE : IP_MODE_PASSIVE;
    bool wired = interface == INTERFACE_WIRED;

    if (!wired && interface != INTERFACE_WIRELESS)
        return PT_STATUS_INVALID_PARAMETER; /* assumed */
    reply_bool(&x->reply, wired);
    reply_u32(&x->reply, wired ? net->ip : 0);
    reply_bool(&x->reply, wired && x->view->settings->dhcp_enabled);
    reply_u8(&x->reply, wired ? mode : 0);
    reply_u8(&x->reply, wired && net->link);
    reply_bytes(&x->reply, wired ? x->view->mac : no_mac, LIMIT_MAC_BYTES, LIMIT_MAC_BYTES);
    return PT_STATUS_SUCCESS;
}

static uint32_t get_dns_suffix_list(struct exchange *x)
{
    reply_u16(&x->reply, 0);
    return PT_STATUS_SUCCESS;
}

/* u8 flags (bit 0: IPv6), u8 address[16], u8 access (PTHI.h). Never granted: assumed. */
static uint32_t set_enterprise_access(struct exchange *x)
{
    if ((x->payload[0] & ~1u) != 0 || x->payload[17] > 1)
        return PT_STATUS_INVALID_PARAMETER;
    return PT_STATUS_REMOTE_ACCESS_NOT_GRANTED;
}

/* Neither BIOS nor agent is enabled for it, see below. */
static uint32_t user_initiated_connection(struct exchange *x)
{
    (void)x;
    return PT_STATUS_NOT_PERMITTED;
}

static uint32_t get_user_initiated_interfaces(struct exchange *x)
{
    reply_u32(&x->reply, 0);
    return PT_STATUS_SUCCESS;
}

static uint32_t get_remote_access_status(struct exchange *x)
{
    reply_u32(&x->reply, 0); /* directly on the enterprise's network */
    reply_u32(&x->reply, 0); /* not connected */
    reply_u32(&x->reply, 0); /* trigger: user */
    reply_ansi(&x->reply, "", 0);
    return PT_STATUS_SUCCESS;
}

/* Router, two DNS servers and the list of addresses, all empty (LMS-old). */
static uint32_t get_ipv6_interface(struct exchange *x)
{
    if (amthi_get_u32(x->payload) > INTERFACE_WIRELESS)
        return PT_STATUS_INVALID_PARAMETER; /* assumed */
    for (int i = 0; i < 3; i++)
        reply_address_text(&x->reply, 0);
    reply_u32(&x->reply, 0);
    return PT_STATUS_SUCCESS;
}

/* Host and ME share the name (S3). The two times are those of AMT_GeneralSettings: assumed. */
static uint32_t get_host_fqdn(struct exchange *x)
{
    const struct settings *s = x->view->settings;
    char name[LIMIT_HOST_NAME + 1 + LIMIT_DOMAIN + 1] = {0};
    size_t host = strlen(s->host_name);

    memcpy(name, s->host_name, host);
    if (host > 0 && s->domain[0]) {
        name[host] = '.';
        memcpy(name + host + 1, s->domain, strlen(s->domain));
    }
    reply_bool(&x->reply, true);
    reply_bool(&x->reply, false); /* no dynamic DNS update */
    reply_u32(&x->reply, 1440);   /* its interval in minutes */
    reply_u32(&x->reply, 900);    /* its time to live in seconds */
    reply_u32(&x->reply, (uint32_t)host);
    reply_ansi(&x->reply, name, sizeof(name) - 1);
    return PT_STATUS_SUCCESS;
}

/* Host name and domain each have to fit their own field. */
static uint32_t set_host_fqdn(struct exchange *x)
{
    size_t host = 0;

    while (host < x->len && x->payload[host] != '.')
        host++;
    if (host > LIMIT_HOST_NAME || (host < x->len && x->len - host - 1 > LIMIT_DOMAIN))
        return PT_STATUS_INVALID_PARAMETER;
    return amthi_take_name(x, AMTHI_SET_NAME, LIMIT_FQDN);
}

#define ENVIRONMENT AMTHI_GEN_ENVIRONMENT
#define REMOTE AMTHI_GEN_REMOTE_ACCESS

static const struct command commands[] = {
    {AMTHI_GET_TCPIP_PARAMETERS, "GetTcpipParameters", get_tcpip_parameters, 0, 0, 0, 0},
    {AMTHI_GET_MAC_ADDRESSES, "GetMacAddresses", get_mac_addresses, 0, 0, 0, 0},
    {AMTHI_GET_DNS_SUFFIX_LIST, "GetDNSSuffixList", get_dns_suffix_list, ENVIRONMENT, 0, 0, 0},
    {AMTHI_SET_ENTERPRISE_ACCESS, "SetEnterpriseAccess", set_enterprise_access, ENVIRONMENT, 18, 0,
     0},
    {AMTHI_OPEN_USER_INITIATED_CONNECTION, "OpenUserInitiatedConnection", user_initiated_connection,
     REMOTE, 0, 0, 0},
    {AMTHI_CLOSE_USER_INITIATED_CONNECTION, "CloseUserInitiatedConnection",
     user_initiated_connection, REMOTE, 0, 0, 0},
    {AMTHI_GET_REMOTE_ACCESS_CONNECTION_STATUS, "GetRemoteAccessConnectionStatus",
     get_remote_access_status, REMOTE, 0, 0, 0},
    {AMTHI_GET_LAN_INTERFACE_SETTINGS, "GetLanInterfaceSettings", get_lan_interface, 0, 4, 0, 0},
    {AMTHI_GET_USER_INITIATED_ENABLED_INTERFACES, "GetUserInitiatedEnabledInterfaces",
     get_user_initiated_interfaces, REMOTE, 0, 0, 0},
    {AMTHI_GET_IPV6_LAN_INTERFACE_STATUS, "GetIPv6LanInterfaceStatus", get_ipv6_interface,
     AMTHI_GEN_6_0, 4, 0, 0},
    {AMTHI_GET_HOST_FQDN, "GetHostFQDN", get_host_fqdn, AMTHI_GEN_6_0, 0, 0, 0},
    {AMTHI_SET_HOST_FQDN, "SetHostFQDN", set_host_fqdn, AMTHI_GEN_6_0, PAYLOAD_TEXT, 1, LIMIT_FQDN},
};

const struct command *amthi_network_commands(size_t *count)
{
    *count = sizeof(commands) / sizeof(commands[0]);
    return commands;
}
