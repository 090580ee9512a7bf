// SPDX-License-Identifier: BSD-3-Clause
#include "sim/net/packet.h"

#include <string.h>

#define ETHERNET_HEADER 14
#define ARP_BYTES 28
#define IPV4_HEADER 20
#define UDP_HEADER 8
#define TCP_HEADER 20
#define ICMP_HEADER 8
#define TYPE_IPV4 0x0800
#define TYPE_ARP 0x0806
#define PROTOCOL_ICMP 1
#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define FLAG_DONT_FRAGMENT 0x4000
#define FRAGMENT_MASK 0x3FFF /* more fragments, offset */
#define DNS_PORT 53

#define DHCP_FIXED 236
#define DHCP_OPTIONS 240   /* after the magic cookie */
#define DHCP_MIN_BYTES 300 /* RFC 1542 2.1 */
#define DHCP_COOKIE 0x63825363u
#define DHCP_BROADCAST 0x8000
#define OPTION_PAD 0
#define OPTION_END 255

uint16_t packet_get16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

uint32_t packet_get32(const uint8_t *bytes)
{
    return (uint32_t)packet_get16(bytes) << 16 | packet_get16(bytes + 2);
}

void packet_put16(uint8_t *bytes, uint16_t value)
{
    bytes[0] = (uint8_t)(value >> 8);
    bytes[1] = (uint8_t)value;
}

void packet_put32(uint8_t *bytes, uint32_t value)
{
    packet_put16(bytes, (uint16_t)(value >> 16));
    packet_put16(bytes + 2, (uint16_t)value);
}

/* Internet checksum (RFC 1071) of the bytes on top of sum; 0 over data that holds a right one. */
static uint16_t checksum(const uint8_t *data, size_t len, uint32_t sum)
{
    size_t i = 0;

    for (; i + 1 < len; i += 2)
        sum += packet_get16(data + i);
    if (i < len)
        sum += (uint32_t)data[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t)~sum;
}

/* What UDP's checksum covers besides the datagram. */
static uint32_t pseudo_header(uint32_t src_ip, uint32_t dst_ip, size_t len)
{
    return (src_ip >> 16) + (src_ip & 0xFFFF) + (dst_ip >> 16) + (dst_ip & 0xFFFF) + PROTOCOL_UDP +
           (uint32_t)len;
}

static bool parse_arp(const uint8_t *data, size_t len, struct packet *out)
{
    static const uint8_t ethernet_ipv4[6] = {0, 1, 8, 0, 6, 4};

    if (len < ARP_BYTES || memcmp(data, ethernet_ipv4, sizeof(ethernet_ipv4)) != 0)
        return false;
    out->kind = PACKET_ARP;
    out->arp_op = packet_get16(data + 6);
    out->src_ip = packet_get32(data + 14);
    out->dst_ip = packet_get32(data + 24);
    return true;
}

static bool is_dhcp_port(uint16_t port)
{
    return port == DHCP_SERVER_PORT || port == DHCP_CLIENT_PORT;
}

static bool parse_udp(const uint8_t *data, size_t len, struct packet *out)
{
    if (len < UDP_HEADER)
        return false;

    size_t udp_len = packet_get16(data + 4);

    if (udp_len < UDP_HEADER || udp_len > len)
        return false;
    if (packet_get16(data + 6) != 0 &&
        checksum(data, udp_len, pseudo_header(out->src_ip, out->dst_ip, udp_len)) != 0)
        return false;
    out->src_port = packet_get16(data);
    out->dst_port = packet_get16(data + 2);
    out->payload = data + UDP_HEADER;
    out->payload_len = udp_len - UDP_HEADER;
    if (is_dhcp_port(out->src_port) && is_dhcp_port(out->dst_port))
        out->kind = PACKET_DHCP;
    else if (out->src_port == DNS_PORT || out->dst_port == DNS_PORT)
        out->kind = PACKET_DNS;
    else
        out->kind = PACKET_UDP;
    return true;
}

static bool parse_tcp(const uint8_t *data, size_t len, struct packet *out)
{
    if (len < TCP_HEADER)
        return false;

    size_t header = (size_t)(data[12] >> 4) * 4;

    if (header < TCP_HEADER || header > len)
        return false;
    out->kind = PACKET_TCP;
    out->src_port = packet_get16(data);
    out->dst_port = packet_get16(data + 2);
    out->tcp_flags = data[13];
    out->payload = data + header;
    out->payload_len = len - header;
    return true;
}

static bool parse_ipv4(const uint8_t *data, size_t len, struct packet *out)
{
    if (len < IPV4_HEADER || data[0] >> 4 != 4)
        return false;

    size_t header = (size_t)(data[0] & 15) * 4;
    size_t total = packet_get16(data + 2); /* beyond it is Ethernet padding */
    uint8_t protocol = data[9];

    if (header < IPV4_HEADER || total < header || total > len || checksum(data, header, 0) != 0)
        return false;
    out->src_ip = packet_get32(data + 12);
    out->dst_ip = packet_get32(data + 16);
    if (packet_get16(data + 6) & FRAGMENT_MASK)
        return true;
    switch (protocol) {
    case PROTOCOL_UDP:
        return parse_udp(data + header, total - header, out);
    case PROTOCOL_TCP:
        return parse_tcp(data + header, total - header, out);
    case PROTOCOL_ICMP:
        if (total - header < ICMP_HEADER)
            return false;
        out->kind = PACKET_ICMP;
        return true;
    default:
        return true;
    }
}

static bool parse_ethernet(const uint8_t *frame, size_t len, struct packet *out)
{
    if (len < ETHERNET_HEADER)
        return false;
    out->dst_mac = frame;
    out->src_mac = frame + 6;
    switch (packet_get16(frame + 12)) {
    case TYPE_ARP:
        return parse_arp(frame + ETHERNET_HEADER, len - ETHERNET_HEADER, out);
    case TYPE_IPV4:
        return parse_ipv4(frame + ETHERNET_HEADER, len - ETHERNET_HEADER, out);
    default:
        return true;
    }
}

bool packet_parse(const uint8_t *frame, size_t len, struct packet *out)
{
    *out = (struct packet){.kind = PACKET_OTHER};
    if (parse_ethernet(frame, len, out))
        return true;
    *out = (struct packet){.kind = PACKET_OTHER};
    return false;
}

bool packet_is_for(const struct packet *packet, const uint8_t mac[6])
{
    static const uint8_t broadcast[6] = {255, 255, 255, 255, 255, 255};

    return memcmp(packet->dst_mac, mac, 6) == 0 || memcmp(packet->dst_mac, broadcast, 6) == 0;
}

static uint8_t *put_ethernet(uint8_t *out, const uint8_t dst_mac[6], const uint8_t src_mac[6],
                             uint16_t type)
{
    memcpy(out, dst_mac, 6);
    memcpy(out + 6, src_mac, 6);
    packet_put16(out + 12, type);
    return out + ETHERNET_HEADER;
}

size_t packet_udp(uint8_t *out, size_t cap, const uint8_t dst_mac[6], const uint8_t src_mac[6],
                  uint32_t src_ip, uint16_t src_port, uint32_t dst_ip, uint16_t dst_port,
                  const void *data, size_t len)
{
    const size_t headers = ETHERNET_HEADER + IPV4_HEADER + UDP_HEADER;
    const size_t udp_len = UDP_HEADER + len;

    if (len > 0xFFFF - IPV4_HEADER - UDP_HEADER || cap < headers + len)
        return 0;

    uint8_t *ip = put_ethernet(out, dst_mac, src_mac, TYPE_IPV4);
    uint8_t *udp = ip + IPV4_HEADER;

    memset(ip, 0, IPV4_HEADER + UDP_HEADER);
    ip[0] = 4 << 4 | IPV4_HEADER / 4;
    packet_put16(ip + 2, (uint16_t)(IPV4_HEADER + udp_len));
    packet_put16(ip + 6, FLAG_DONT_FRAGMENT);
    ip[8] = 64;
    ip[9] = PROTOCOL_UDP;
    packet_put32(ip + 12, src_ip);
    packet_put32(ip + 16, dst_ip);
    packet_put16(ip + 10, checksum(ip, IPV4_HEADER, 0));
    packet_put16(udp, src_port);
    packet_put16(udp + 2, dst_port);
    packet_put16(udp + 4, (uint16_t)udp_len);
    if (len > 0)
        memcpy(udp + UDP_HEADER, data, len);

    uint16_t sum = checksum(udp, udp_len, pseudo_header(src_ip, dst_ip, udp_len));

    packet_put16(udp + 6, sum ? sum : 0xFFFF); /* 0 would mean: none */
    return headers + len;
}

size_t packet_arp_reply(uint8_t *out, size_t cap, const uint8_t dst_mac[6],
                        const uint8_t src_mac[6], uint32_t src_ip, uint32_t dst_ip)
{
    if (cap < ETHERNET_HEADER + ARP_BYTES)
        return 0;

    uint8_t *arp = put_ethernet(out, dst_mac, src_mac, TYPE_ARP);

    packet_put16(arp, 1); /* Ethernet */
    packet_put16(arp + 2, TYPE_IPV4);
    arp[4] = 6;
    arp[5] = 4;
    packet_put16(arp + 6, PACKET_ARP_REPLY);
    memcpy(arp + 8, src_mac, 6);
    packet_put32(arp + 14, src_ip);
    memcpy(arp + 18, dst_mac, 6);
    packet_put32(arp + 24, dst_ip);
    return ETHERNET_HEADER + ARP_BYTES;
}

size_t packet_arp_answer(uint8_t *out, size_t cap, const struct packet *packet,
                         const uint8_t mac[6], uint32_t ip)
{
    if (packet->kind != PACKET_ARP || packet->arp_op != PACKET_ARP_REQUEST || packet->dst_ip != ip)
        return 0;
    return packet_arp_reply(out, cap, packet->src_mac, mac, ip, packet->src_ip);
}

static bool read_u32(const uint8_t *value, uint8_t len, uint32_t *out)
{
    if (len != 4)
        return false;
    *out = packet_get32(value);
    return true;
}

static bool read_option(uint8_t option, const uint8_t *value, uint8_t len, struct dhcp_message *out)
{
    switch (option) {
    case 50:
        return read_u32(value, len, &out->requested_ip);
    case 51:
        return read_u32(value, len, &out->lease_s);
    case 53:
        if (len != 1)
            return false;
        out->type = value[0];
        return true;
    case 54:
        return read_u32(value, len, &out->server_ip);
    case 55:
        out->parameters = value;
        out->parameter_count = len;
        return len > 0;
    default:
        return true;
    }
}

static bool read_options(const uint8_t *data, size_t len, struct dhcp_message *out)
{
    size_t at = DHCP_OPTIONS;

    while (at < len && data[at] != OPTION_END) {
        if (data[at] == OPTION_PAD) {
            at++;
            continue;
        }
        if (len - at < 2 || len - at - 2 < data[at + 1] ||
            !read_option(data[at], data + at + 2, data[at + 1], out))
            return false;
        at += 2 + (size_t)data[at + 1];
    }
    return at < len && out->type != 0;
}

bool dhcp_parse(const uint8_t *data, size_t len, struct dhcp_message *out)
{
    *out = (struct dhcp_message){0};
    if (len <= DHCP_OPTIONS || data[1] != 1 || data[2] != 6 ||
        packet_get32(data + DHCP_FIXED) != DHCP_COOKIE)
        return false;
    out->op = data[0];
    out->xid = packet_get32(data + 4);
    out->broadcast = packet_get16(data + 10) & DHCP_BROADCAST;
    out->ciaddr = packet_get32(data + 12);
    out->yiaddr = packet_get32(data + 16);
    out->giaddr = packet_get32(data + 24);
    memcpy(out->mac, data + 28, 6);
    return read_options(data, len, out);
}

const uint8_t *dhcp_find_option(const uint8_t *data, size_t len, uint8_t option, uint8_t *bytes)
{
    size_t at = DHCP_OPTIONS;

    while (at < len && data[at] != OPTION_END) {
        if (data[at] == OPTION_PAD) {
            at++;
            continue;
        }
        if (len - at < 2 || len - at - 2 < data[at + 1])
            return NULL;
        *bytes = data[at + 1];
        if (data[at] == option)
            return data + at + 2;
        at += 2u + *bytes;
    }
    return NULL;
}

bool dhcp_asks_for(const struct dhcp_message *message, uint8_t option)
{
    for (uint8_t i = 0; i < message->parameter_count; i++) {
        if (message->parameters[i] == option)
            return true;
    }
    return false;
}

size_t dhcp_begin(uint8_t out[DHCP_BYTES], const struct dhcp_message *message)
{
    memset(out, 0, DHCP_BYTES);
    out[0] = message->op;
    out[1] = 1; /* Ethernet */
    out[2] = 6;
    packet_put32(out + 4, message->xid);
    packet_put16(out + 10, message->broadcast ? DHCP_BROADCAST : 0);
    packet_put32(out + 12, message->ciaddr);
    packet_put32(out + 16, message->yiaddr);
    packet_put32(out + 24, message->giaddr);
    memcpy(out + 28, message->mac, 6);
    packet_put32(out + DHCP_FIXED, DHCP_COOKIE);
    return dhcp_option(out, DHCP_OPTIONS, 53, &message->type, 1);
}

size_t dhcp_option(uint8_t out[DHCP_BYTES], size_t len, uint8_t option, const void *value,
                   uint8_t value_len)
{
    /* One byte stays free for the end. */
    if (len + 2 + value_len + 1 > DHCP_BYTES)
        return len;
    out[len] = option;
    out[len + 1] = value_len;
    memcpy(out + len + 2, value, value_len);
    return len + 2 + value_len;
}

size_t dhcp_option_u32(uint8_t out[DHCP_BYTES], size_t len, uint8_t option, uint32_t value)
{
    uint8_t bytes[4];

    packet_put32(bytes, value);
    return dhcp_option(out, len, option, bytes, sizeof(bytes));
}

size_t dhcp_end(uint8_t out[DHCP_BYTES], size_t len)
{
    out[len++] = OPTION_END;
    return len < DHCP_MIN_BYTES ? DHCP_MIN_BYTES : len;
}

void ip_text(uint32_t ip, char out[16])
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        unsigned byte = ip >> shift & 255;

        if (byte >= 100)
            *out++ = (char)('0' + byte / 100);
        if (byte >= 10)
            *out++ = (char)('0' + byte / 10 % 10);
        *out++ = (char)('0' + byte % 10);
        *out++ = shift ? '.' : '\0';
    }
}

bool ip_parse(const char *text, uint32_t *ip)
{
    uint32_t value = 0;

    for (int i = 0; i < 4; i++) {
        unsigned byte = 0;
        int digits = 0;

        for (; *text >= '0' && *text <= '9' && digits < 4; digits++)
            byte = byte * 10 + (unsigned)(*text++ - '0');
        if (digits == 0 || byte > 255 || digits != 1 + (byte >= 10) + (byte >= 100))
            return false;
        value = value << 8 | byte;
        if (*text++ != (i < 3 ? '.' : '\0'))
            return false;
    }
    *ip = value;
    return true;
}
