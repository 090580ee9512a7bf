// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_PACKET_H
#define SIM_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reading and building Ethernet, ARP, IPv4, UDP and DHCP for the simulated servers and for counting
 * what passes the wire. Addresses: 1.2.3.4 = 0x01020304. */

enum packet_kind {
    PACKET_OTHER, /* also IPv4 fragments, VLAN tags and IEEE 802.3 lengths */
    PACKET_ARP,
    PACKET_DHCP, /* UDP 67/68 */
    PACKET_DNS,  /* UDP 53 */
    PACKET_UDP,
    PACKET_TCP,
    PACKET_ICMP,
};

#define PACKET_TCP_FIN 0x01
#define PACKET_TCP_SYN 0x02
#define PACKET_TCP_RST 0x04
#define PACKET_TCP_ACK 0x10

#define PACKET_ARP_REQUEST 1
#define PACKET_ARP_REPLY 2

struct packet {
    enum packet_kind kind;
    const uint8_t *dst_mac, *src_mac; /* inside the frame */
    uint32_t src_ip, dst_ip;          /* ARP: sender and target protocol address */
    uint16_t src_port, dst_port;
    uint16_t arp_op;
    uint8_t tcp_flags;
    const uint8_t *payload; /* UDP and TCP data, inside the frame */
    size_t payload_len;
};

/* False for a malformed frame (lengths, IPv4 header or UDP checksum); *out is then all zero, its
 * kind PACKET_OTHER. TCP and ICMP checksums are not looked at. */
bool packet_parse(const uint8_t *frame, size_t len, struct packet *out);
/* The frame's destination is mac or the broadcast address. */
bool packet_is_for(const struct packet *packet, const uint8_t mac[6]);

/* Build a whole frame; return its length, 0 when it does not fit cap. Pads nothing. */
size_t packet_udp(uint8_t *out, size_t cap, const uint8_t dst_mac[6], const uint8_t src_mac[6],
                  uint32_t src_ip, uint16_t src_port, uint32_t dst_ip, uint16_t dst_port,
                  const void *data, size_t len);
size_t packet_arp_reply(uint8_t *out, size_t cap, const uint8_t dst_mac[6],
                        const uint8_t src_mac[6], uint32_t src_ip, uint32_t dst_ip);
/* The reply of the station mac/ip when packet is an ARP request for ip; else 0. */
size_t packet_arp_answer(uint8_t *out, size_t cap, const struct packet *packet,
                         const uint8_t mac[6], uint32_t ip);

/* DHCP messages (RFC 2131, RFC 2132). */

enum dhcp_type {
    DHCP_DISCOVER = 1,
    DHCP_OFFER,
    DHCP_REQUEST,
    DHCP_DECLINE,
    DHCP_ACK,
    DHCP_NAK,
    DHCP_RELEASE,
    DHCP_INFORM,
};

#define DHCP_SERVER_PORT 67
#define DHCP_CLIENT_PORT 68
#define DHCP_FROM_CLIENT 1 /* op */
#define DHCP_FROM_SERVER 2
#define DHCP_BYTES 548 /* what every client must take: 576 less IPv4 and UDP headers */

struct dhcp_message {
    uint8_t op;
    uint8_t type; /* option 53 */
    uint32_t xid;
    bool broadcast;
    uint32_t ciaddr, yiaddr, giaddr;
    uint8_t mac[6];
    /* Options as read; 0 = absent. dhcp_begin() does not write them. */
    uint32_t requested_ip;     /* 50 */
    uint32_t lease_s;          /* 51 */
    uint32_t server_ip;        /* 54 */
    const uint8_t *parameters; /* 55, inside the message */
    uint8_t parameter_count;
};

/* False when malformed: too short, not Ethernet, no magic cookie, an option outside the message or
 * of a wrong length, no option 53, no end option. Of an option given twice the last counts. */
bool dhcp_parse(const uint8_t *data, size_t len, struct dhcp_message *out);
/* The value of an option, NULL when the message has none; any bytes are safe to pass in. */
const uint8_t *dhcp_find_option(const uint8_t *data, size_t len, uint8_t option, uint8_t *bytes);
bool dhcp_asks_for(const struct dhcp_message *message, uint8_t option);
/* Writing: begin (fixed part and option 53), options, end (option 255, zeros up to 300 bytes). Each
 * returns the length so far. An option that does not fit is left out. */
size_t dhcp_begin(uint8_t out[DHCP_BYTES], const struct dhcp_message *message);
size_t dhcp_option(uint8_t out[DHCP_BYTES], size_t len, uint8_t option, const void *value,
                   uint8_t value_len);
size_t dhcp_option_u32(uint8_t out[DHCP_BYTES], size_t len, uint8_t option, uint32_t value);
size_t dhcp_end(uint8_t out[DHCP_BYTES], size_t len);

/* Network byte order, at any alignment. */
uint16_t packet_get16(const uint8_t *bytes);
uint32_t packet_get32(const uint8_t *bytes);
void packet_put16(uint8_t *bytes, uint16_t value);
void packet_put32(uint8_t *bytes, uint32_t value);

/* "10.0.0.5"; out has room for 16 bytes. */
void ip_text(uint32_t ip, char out[16]);
bool ip_parse(const char *text, uint32_t *ip); /* strict dotted quad, no leading zeros */

#endif
