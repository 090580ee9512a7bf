// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_DHCP_WITNESS_H
#define NET_DHCP_WITNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/settings.h"

/* What the ME learns from the DHCP exchanges of its MAC: the host's, which it overhears, and its
 * own (G-amtenabled: it knows an address and option 15 only from a transaction that it witnesses or
 * runs). An answer counts only if somebody on this MAC has asked for it. The first answer that fits
 * is believed, as by every DHCP client: RFC 2131 7 has no defence against a false server.
 *
 * Addresses: 1.2.3.4 = 0x01020304. */

struct witness_lease {
    struct static_address address;   /* 0 where missing or unusable */
    uint32_t lease_s;                /* never 0; UINT32_MAX = for ever */
    bool option15_refused;           /* there is one that is not a domain's name */
    char option15[LIMIT_DOMAIN + 1]; /* option 15; "" when absent or refused */
};

/* A REQUEST that has not been answered yet. All zero: there is none. An INFORM is not one: its
 * answer gives no address. */
struct witness_request {
    bool open;
    uint32_t xid;
    uint32_t ip;     /* asked for: option 50, else ciaddr (RFC 2131 4.3.2) */
    uint32_t server; /* option 54, else the destination address; 0 = any may answer */
    uint64_t sent_ms;
};

enum witness_reply {
    WITNESS_NOTHING, /* not for a DHCP client at all */
    WITNESS_OFFER,   /* binds nobody; its addresses are usable */
    WITNESS_ACK,     /* answers the request: *out is the lease */
    WITNESS_NAK,     /* answers the request: the address is lost */
    WITNESS_REFUSED, /* for a DHCP client, but malformed, not for this one, or unasked */
};

/* Option 15 as servers send it: with a NUL, a blank or a dot behind it, with the underscores that
 * Active Directory allows. A list of names is refused.
 *
 * A frame that the host has sent. A REQUEST becomes the one that waits; a DISCOVER, DECLINE or
 * RELEASE ends the one before. Checksums are not checked: the MAC may still have to fill them in.
 * Any bytes are safe to pass in. */
void witness_host_frame(struct witness_request *request, const uint8_t *frame, size_t len,
                        const uint8_t mac[LIMIT_MAC_BYTES], uint64_t now_ms);

/* A received frame. An ACK or NAK counts when
 * - it is a whole UDP datagram from port 67 to 68, with right lengths and checksums (UDP may have
 *   none), not fragmented, from another machine, to this MAC or to all, and to the broadcast
 *   address or the one asked for;
 * - the message is a reply for this MAC with the request's xid, each of its options ends inside the
 *   message, and none that is read here occurs twice (RFC 2132; the host might read the other one);
 * - it names its server (RFC 2131 table 3), and that is the one that was asked;
 * - at most LIMIT_DHCP_ANSWER_MS have passed since the request;
 * - an ACK gives the address that was asked for; a machine can have it in the network of the given
 *   mask, whose ones are all in front; and its lease time is not 0 (an ACK must have one: RFC 2131
 *   table 3).
 * A gateway outside that network cannot be reached, and a DNS server at an address that no other
 * machine can have does not answer: either is left out, and the rest is used. The source address is
 * not checked: a relay or a server in another network may answer. An ACK or NAK that counts ends
 * the request, so that a second answer is refused. Any bytes are safe to pass in. *out is written
 * for an ACK only. */
enum witness_reply witness_server_frame(struct witness_request *request, const uint8_t *frame,
                                        size_t len, const uint8_t mac[LIMIT_MAC_BYTES],
                                        uint64_t now_ms, struct witness_lease *out);

#endif
