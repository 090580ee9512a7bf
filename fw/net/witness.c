#include "fw/net/witness.h"

#include <string.h>

#include "fw/core/settings.h"

#define BOOTP_REPLY 2
#define BOOTP_BYTES 236
#define OPTIONS_AT 240
#define DHCP_ACK 5

#define OPTION_PAD 0
#define OPTION_MASK 1
#define OPTION_ROUTER 3
#define OPTION_DNS 6
#define OPTION_DOMAIN 15
#define OPTION_LEASE 51
#define OPTION_MESSAGE_TYPE 53
#define OPTION_END 255

static uint16_t be16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* The UDP payload of a packet from port 67 to 68, NULL otherwise. */
static const uint8_t *server_message(const uint8_t *frame, size_t len, size_t *out_len)
{
    const uint8_t *ip = frame + 14, *udp;
    size_t header, total;

    if (len < 14 + 20 + 8 || be16(frame + 12) != 0x0800 || ip[0] >> 4 != 4 || ip[9] != 17)
        return NULL;
    header = (size_t)(ip[0] & 15u) * 4u;
    total = be16(ip + 2);
    if (header < 20 || total > len - 14 || total < header + 8 || (be16(ip + 6) & 0x3FFFu) != 0)
        return NULL;
    udp = ip + header;
    if (be16(udp) != 67 || be16(udp + 2) != 68 || be16(udp + 4) < 8 ||
        be16(udp + 4) > total - header)
        return NULL;
    *out_len = be16(udp + 4) - 8u;
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
    if (option == OPTION_MESSAGE_TYPE && len == 1)
        *type = value[0];
    else if (option == OPTION_DOMAIN)
        take_domain(value, len, out);
    else if (option == OPTION_MASK && len >= 4)
        out->mask = be32(value);
    else if (option == OPTION_ROUTER && len >= 4)
        out->gateway = be32(value);
    else if (option == OPTION_DNS && len >= 4)
        out->dns = be32(value);
    else if (option == OPTION_LEASE && len == 4)
        out->lease_s = be32(value);
}

bool witness_dhcp_ack(const uint8_t *frame, size_t len, const uint8_t mac[LIMIT_MAC_BYTES],
                      struct witness *out)
{
    static const uint8_t cookie[4] = {99, 130, 83, 99};
    size_t n, at = OPTIONS_AT;
    const uint8_t *m = server_message(frame, len, &n);
    uint8_t type = 0;

    if (!m || n < OPTIONS_AT || m[0] != BOOTP_REPLY || memcmp(m + 28, mac, LIMIT_MAC_BYTES) != 0 ||
        memcmp(m + BOOTP_BYTES, cookie, sizeof(cookie)) != 0)
        return false;
    memset(out, 0, sizeof(*out));
    out->ip = be32(m + 16);
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
    return type == DHCP_ACK && out->ip != 0;
}
