// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/dhcp_witness.h"

#include <string.h>

#include "fw/core/address.h"
#include "fw/net/packet.h"

#define PORT_SERVER 67u
#define PORT_CLIENT 68u

/* The DHCP message (RFC 2131 2). */
#define FROM_CLIENT 1
#define FROM_SERVER 2
#define ETHERNET 1
#define XID_AT 4
#define CIADDR_AT 12
#define YIADDR_AT 16
#define CHADDR_AT 28
#define SNAME_AT 44
#define SNAME_BYTES 64
#define FILE_AT 108
#define FILE_BYTES 128
#define COOKIE_AT 236
#define OPTIONS_AT 240
#define COOKIE 0x63825363u

#define DISCOVER 1
#define OFFER 2
#define REQUEST 3
#define DECLINE 4
#define ACK 5
#define NAK 6
#define RELEASE 7

#define OPTION_PAD 0
#define OPTION_MASK 1
#define OPTION_ROUTER 3
#define OPTION_DNS 6
#define OPTION_DOMAIN 15
#define OPTION_REQUESTED 50
#define OPTION_LEASE 51
#define OPTION_OVERLOAD 52
#define OPTION_MESSAGE_TYPE 53
#define OPTION_SERVER 54
#define OPTION_END 255
#define OPTIONS_READ 64 /* all options that are read have a lower code */

#define OVERLOAD_FILE 1
#define OVERLOAD_SNAME 2

#define BROADCAST UINT32_MAX

/* What a message contains; a number is 0 when it is missing. */
struct message {
    const uint8_t *bytes;
    uint32_t seen[OPTIONS_READ / 32]; /* options that have occurred, a bit each */
    uint32_t requested, server;
    uint8_t type, overload;
    struct witness_lease lease;
};

static void read_domain(const uint8_t *value, size_t len, struct witness_lease *out)
{
    while (len > 0 && (value[len - 1] == 0 || value[len - 1] == ' '))
        len--;
    if (len > 0 && value[len - 1] == '.')
        len--;
    if (len == 0)
        return;
    out->option15_refused = true;
    if (len > LIMIT_DOMAIN)
        return;
    memcpy(out->option15, value, len);
    out->option15[len] = '\0';
    out->option15_refused =
        strlen(out->option15) != len || !settings_domain_ok(out->option15, LIMIT_DOMAIN);
    if (out->option15_refused)
        out->option15[0] = '\0';
}

static bool read_number(const uint8_t *value, size_t len, uint32_t *out)
{
    if (len != 4)
        return false;
    *out = get_be32(value);
    return true;
}

static bool read_byte(const uint8_t *value, size_t len, uint8_t *out)
{
    if (len != 1)
        return false;
    *out = value[0];
    return true;
}

/* The first of a list of addresses. */
static bool read_first(const uint8_t *value, size_t len, uint32_t *out)
{
    return len >= 4 && len % 4 == 0 && read_number(value, 4, out);
}

/* False: the option's length is wrong. */
static bool read_value(uint8_t option, const uint8_t *value, size_t len, struct message *m)
{
    struct static_address *address = &m->lease.address;

    switch (option) {
    case OPTION_MASK:
        return read_number(value, len, &address->mask);
    case OPTION_ROUTER:
        return read_first(value, len, &address->gateway);
    case OPTION_DNS:
        if (len >= 8)
            address->dns2 = get_be32(value + 4);
        return read_first(value, len, &address->dns1);
    case OPTION_DOMAIN:
        read_domain(value, len, &m->lease);
        return true;
    case OPTION_REQUESTED:
        return read_number(value, len, &m->requested);
    case OPTION_LEASE:
        return read_number(value, len, &m->lease.lease_s);
    case OPTION_OVERLOAD:
        return read_byte(value, len, &m->overload);
    case OPTION_MESSAGE_TYPE:
        return read_byte(value, len, &m->type);
    case OPTION_SERVER:
        return read_number(value, len, &m->server);
    default:
        return true;
    }
}

static bool is_read(uint8_t option)
{
    return option == OPTION_MASK || option == OPTION_ROUTER || option == OPTION_DNS ||
           option == OPTION_DOMAIN || (option >= OPTION_REQUESTED && option <= OPTION_SERVER);
}

/* False also for an option that has occurred before. */
static bool read_option(uint8_t option, const uint8_t *value, size_t len, struct message *m)
{
    uint32_t bit = 1u << option % 32;

    if (!is_read(option))
        return true;
    if (m->seen[option / 32] & bit)
        return false;
    m->seen[option / 32] |= bit;
    return read_value(option, value, len, m);
}

static bool has_option(const struct message *m, uint8_t option)
{
    return (m->seen[option / 32] & 1u << option % 32) != 0;
}

/* False when an option does not end inside the area. ISC dhcpd leaves out the one that ends them
 * all where they fill the area without it. */
static bool read_options(const uint8_t *area, size_t len, struct message *m)
{
    size_t at = 0;

    while (at < len && area[at] != OPTION_END) {
        if (area[at] == OPTION_PAD) {
            at++;
            continue;
        }
        if (len - at < 2 || len - at - 2 < area[at + 1] ||
            !read_option(area[at], area + at + 2, area[at + 1], m))
            return false;
        at += 2u + area[at + 1];
    }
    return true;
}

static bool read_message(const uint8_t *bytes, size_t len, uint8_t op,
                         const uint8_t mac[LIMIT_MAC_BYTES], struct message *m)
{
    memset(m, 0, sizeof(*m));
    m->bytes = bytes;
    if (len < OPTIONS_AT || bytes[0] != op || bytes[1] != ETHERNET || bytes[2] != LIMIT_MAC_BYTES ||
        memcmp(bytes + CHADDR_AT, mac, LIMIT_MAC_BYTES) != 0 ||
        get_be32(bytes + COOKIE_AT) != COOKIE ||
        !read_options(bytes + OPTIONS_AT, len - OPTIONS_AT, m))
        return false;
    /* Options may continue in two fields that are otherwise unused (RFC 2132 9.3). */
    if ((m->overload & OVERLOAD_FILE) && !read_options(bytes + FILE_AT, FILE_BYTES, m))
        return false;
    return !(m->overload & OVERLOAD_SNAME) || read_options(bytes + SNAME_AT, SNAME_BYTES, m);
}

static bool has_ports(const uint8_t *udp, uint32_t source, uint32_t destination)
{
    return get_be16(udp) == source && get_be16(udp + 2) == destination;
}

/* The server to which a REQUEST without option 54 is sent: the one that gave the lease; 0 = all. */
static uint32_t addressee(const uint8_t *frame)
{
    uint32_t ip = get_be32(frame + PACKET_IP_TO_AT);

    return ip == BROADCAST ? 0 : ip;
}

void witness_host_frame(struct witness_request *request, const uint8_t *frame, size_t len,
                        const uint8_t mac[LIMIT_MAC_BYTES], uint64_t now_ms)
{
    size_t bytes;
    const uint8_t *udp = packet_datagram(frame, len, &bytes);
    struct message m;

    if (!udp || !has_ports(udp, PORT_CLIENT, PORT_SERVER) ||
        !read_message(udp + PACKET_UDP_HEADER, bytes, FROM_CLIENT, mac, &m))
        return;
    if (m.type == DISCOVER || m.type == DECLINE || m.type == RELEASE)
        request->open = false;
    if (m.type != REQUEST)
        return;
    request->xid = get_be32(m.bytes + XID_AT);
    request->ip = m.requested ? m.requested : get_be32(m.bytes + CIADDR_AT);
    request->server = m.server ? m.server : addressee(frame);
    request->sent_ms = now_ms;
    request->open = address_is_host(request->ip);
}

static bool from_another_machine(const uint8_t *frame, const uint8_t mac[LIMIT_MAC_BYTES])
{
    const uint8_t *source = frame + PACKET_SOURCE_AT;

    return (source[0] & 1u) == 0 && memcmp(source, mac, LIMIT_MAC_BYTES) != 0 &&
           address_is_host(get_be32(frame + PACKET_IP_FROM_AT));
}

static bool to_this_machine(const uint8_t *frame, const uint8_t mac[LIMIT_MAC_BYTES], uint32_t ip)
{
    static const uint8_t all[LIMIT_MAC_BYTES] = {255, 255, 255, 255, 255, 255};
    uint32_t to = get_be32(frame + PACKET_IP_TO_AT);

    return (memcmp(frame, mac, LIMIT_MAC_BYTES) == 0 || memcmp(frame, all, LIMIT_MAC_BYTES) == 0) &&
           (to == BROADCAST || to == ip);
}

static uint32_t usable_server(uint32_t server, uint32_t own)
{
    return address_is_host(server) && server != own ? server : 0;
}

/* Leaves out unusable addresses. */
static void drop_unusable(struct static_address *a)
{
    if (!a->mask || ((a->gateway ^ a->ip) & a->mask) != 0 || a->gateway == a->ip ||
        !address_is_host_in(a->gateway, a->mask))
        a->gateway = 0;
    a->dns1 = usable_server(a->dns1, a->ip);
    a->dns2 = usable_server(a->dns2, a->ip);
}

/* False: what an OFFER or ACK gives cannot be a lease. */
static bool read_lease(struct message *m)
{
    struct static_address *a = &m->lease.address;

    a->ip = get_be32(m->bytes + YIADDR_AT);
    if (m->lease.lease_s == 0)
        return false;
    if (has_option(m, OPTION_MASK)
            ? !address_is_mask(a->mask) || !address_is_host_in(a->ip, a->mask)
            : !address_is_host(a->ip))
        return false;
    drop_unusable(a);
    return true;
}

static bool is_awaited(const struct witness_request *request, const struct message *m,
                       uint64_t now_ms)
{
    return request->open && get_be32(m->bytes + XID_AT) == request->xid &&
           now_ms - request->sent_ms <= LIMIT_DHCP_ANSWER_MS &&
           (request->server == 0 || request->server == m->server);
}

static enum witness_reply check_reply(const struct witness_request *request, struct message *m,
                                      uint64_t now_ms)
{
    if (!address_is_host(m->server))
        return WITNESS_REFUSED;
    if (m->type == OFFER)
        return read_lease(m) ? WITNESS_OFFER : WITNESS_REFUSED;
    if (!is_awaited(request, m, now_ms))
        return WITNESS_REFUSED;
    if (m->type == NAK)
        return WITNESS_NAK;
    return m->type == ACK && read_lease(m) && m->lease.address.ip == request->ip ? WITNESS_ACK
                                                                                 : WITNESS_REFUSED;
}

static bool is_for_clients(const uint8_t *frame, size_t len)
{
    const uint8_t *udp = packet_transport(frame, len);

    return udp && frame[PACKET_PROTO_AT] == PACKET_UDP && get_be16(udp + 2) == PORT_CLIENT;
}

/* An OFFER may be sent to the address that it offers. */
static uint32_t expected_ip(const struct witness_request *request, const struct message *m)
{
    return m->type == OFFER ? get_be32(m->bytes + YIADDR_AT) : request->ip;
}

enum witness_reply witness_server_frame(struct witness_request *request, const uint8_t *frame,
                                        size_t len, const uint8_t mac[LIMIT_MAC_BYTES],
                                        uint64_t now_ms, struct witness_lease *out)
{
    enum witness_reply reply = WITNESS_REFUSED;
    struct message m;
    const uint8_t *udp;
    size_t bytes;

    if (!is_for_clients(frame, len))
        return WITNESS_NOTHING;
    udp = packet_datagram(frame, len, &bytes);
    if (udp && packet_sums_right(frame, udp) && has_ports(udp, PORT_SERVER, PORT_CLIENT) &&
        from_another_machine(frame, mac) &&
        read_message(udp + PACKET_UDP_HEADER, bytes, FROM_SERVER, mac, &m) &&
        to_this_machine(frame, mac, expected_ip(request, &m)))
        reply = check_reply(request, &m, now_ms);
    if (reply == WITNESS_ACK)
        *out = m.lease;
    if (reply == WITNESS_ACK || reply == WITNESS_NAK)
        request->open = false;
    return reply;
}
