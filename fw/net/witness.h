#ifndef NET_WITNESS_H
#define NET_WITNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/core/settings.h"

/* What the ME learns from DHCP exchanges for its MAC: the host's, which it overhears, and its own
 * (G-amtenabled: it knows an address and option 15 only from a transaction it witnesses or runs).
 * An answer counts only if somebody on this MAC has asked for it. Who answers first with what was
 * asked is believed, as by every DHCP client: RFC 2131 7 has nothing against a false server.
 * Addresses: 1.2.3.4 = 0x01020304. */

struct witness {
    struct static_address address;   /* 0 where the server did not say, or nothing that can be used;
                                        dns2 is not looked for */
    uint32_t lease_s;                /* never 0; UINT32_MAX = for ever */
    char option15[LIMIT_DOMAIN + 1]; /* "" when absent or not a DNS name */
};

/* A REQUEST that has not been answered. All zero: there is none. An INFORM is none: its answer
 * gives no address. */
struct witness_request {
    bool open;
    uint32_t xid;
    uint32_t ip;     /* asked for: option 50, else ciaddr (RFC 2131 4.3.2) */
    uint32_t server; /* it is meant for: option 54, else where it is sent; 0 = any may answer */
    uint64_t sent_ms;
};

enum witness_reply {
    WITNESS_NOTHING, /* not for a DHCP client at all */
    WITNESS_OFFER,   /* nobody is bound by it; its addresses can be used */
    WITNESS_ACK,     /* answers the request: *out holds what it gives */
    WITNESS_NAK,     /* answers the request: the address is lost */
    WITNESS_REFUSED, /* for a DHCP client, but broken, not for this one, or not asked for */
};

/* A frame that the host has sent. A REQUEST becomes the one that waits; a DISCOVER, DECLINE or
 * RELEASE ends the one before. Checksums are not looked at: the MAC may have to fill them in. Any
 * bytes are safe. */
void witness_host(struct witness_request *request, const uint8_t *frame, size_t len,
                  const uint8_t mac[LIMIT_MAC_BYTES], uint64_t now_ms);

/* A frame from the wire. An ACK or NAK counts when
 * - it is a whole UDP datagram from port 67 to 68, with right lengths and checksums (UDP may have
 *   none), no fragment, from another machine, to this MAC or all, and to the broadcast address or
 *   the one asked for;
 * - the message is a reply for this MAC with the request's xid, its options end inside the message
 *   and none that is read here comes twice (RFC 2132; a host might read the other one);
 * - it names its server (RFC 2131 table 3), the one that the request was meant for;
 * - at most LIMIT_DHCP_ANSWER_MS have passed since the request;
 * - an ACK gives the address asked for, to which a machine can answer in the network of the mask
 *   (a mask of ones in front), for a time that is not 0 (an ACK must say one: RFC 2131 table 3).
 * A gateway outside that network cannot be reached, and a DNS server that no other machine can be
 * does not answer: either is left out, the rest is taken. Where it came from is not asked for: a
 * relay or a server in another network may answer.
 * It closes the request, so that a second answer is refused. Any bytes are safe. *out is
 * written for an ACK only. */
enum witness_reply witness_reply(struct witness_request *request, const uint8_t *frame, size_t len,
                                 const uint8_t mac[LIMIT_MAC_BYTES], uint64_t now_ms,
                                 struct witness *out);

#endif
