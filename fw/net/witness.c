#include "fw/net/witness.h"

#include <string.h>

#include "fw/core/settings.h"
#include "fw/net/packet.h"

#define BOOTP_REPLY 2
#define BOOTP_BYTES 236
#define OPTIONS_AT 240
#define DHCP_ACK 5
#define COOKIE 0x63825363u
#define PORTS (67u << 16 | 68u)

#define OPTION_PAD 0
#define OPTION_MASK 1
#define OPTION_ROUTER 3
#define OPTION_DNS 6
#define OPTION_DOMAIN 15
#define OPTION_LEASE 51
#define OPTION_MESSAGE_TYPE 53
#define OPTION_END 255

/* The UDP payload of a packet from port 67 to 68, NULL otherwise. */
static const uint8_t *server_message(const uint8_t *frame, size_t len, size_t *out_len)
{
    const uint8_t *udp = packet_transport(frame, len);
    size_t total, bytes;

    if (!udp || frame[PACKET_PROTO_AT] != PACKET_UDP || get_be32(udp) != PORTS)
        return NULL;
    total = get_be16(frame + PACKET_IP_AT + 2);
    bytes = get_be16(udp + 4);
    if (total > len - PACKET_IP_AT || bytes < 8 ||
        (size_t)(udp - frame) + bytes > PACKET_IP_AT + total)
        return NULL;
    *out_len = bytes - 8u;
    return udp + 8;
}

static void take_domain(const uint8_t *value, size_t len, struct witness *out)
{
    while (len > 0 && value[len - 1] == 0)
        len--;
    if (len == 0 || len > LIMIT_DOMAIN)
        return;
    memcpy(out->option15, value, len);
    out->option15[len] = '\0';
    if (strlen(out->option15) != len || !settings_dns_name_ok(out->option15, LIMIT_DOMAIN))
        out->option15[0] = '\0';
}

static void take_option(uint8_t option, const uint8_t *value, size_t len, struct witness *out,
                        uint8_t *type)
{
    uint32_t number;

    if (option == OPTION_MESSAGE_TYPE && len == 1)
        *type = value[0];
    if (option == OPTION_DOMAIN)
        take_domain(value, len, out);
    if (len < 4)
        return;
    number = get_be32(value); /* the first of a list */
    if (option == OPTION_MASK)
        out->address.mask = number;
    else if (option == OPTION_ROUTER)
        out->address.gateway = number;
    else if (option == OPTION_DNS)
        out->address.dns1 = number;
    else if (option == OPTION_LEASE && len == 4)
        out->lease_s = number;
}

bool witness_dhcp_ack(const uint8_t *frame, size_t len, const uint8_t mac[LIMIT_MAC_BYTES],
                      struct witness *out)
{
    size_t n, at = OPTIONS_AT;
    const uint8_t *m = server_message(frame, len, &n);
    uint8_t type = 0;

    if (!m || n < OPTIONS_AT || m[0] != BOOTP_REPLY || memcmp(m + 28, mac, LIMIT_MAC_BYTES) != 0 ||
        get_be32(m + BOOTP_BYTES) != COOKIE)
        return false;
    memset(out, 0, sizeof(*out));
    out->address.ip = get_be32(m + 16);
    out->lease_s = UINT32_MAX;
    while (at < n && m[at] != OPTION_END) {
        if (m[at] == OPTION_PAD) {
            at++;
            continue;
        }
        if (at + 2 > n || at + 2 + m[at + 1] > n)
            return false;
        take_option(m[at], m + at + 2, m[at + 1], out, &type);
        at += 2u + m[at + 1];
    }
    return type == DHCP_ACK && out->address.ip != 0;
}
