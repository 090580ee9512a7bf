// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_RESOLVER_H
#define NET_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"

/* Looks a name up in the DNS (RFC 1035), one at a time: a question of type A over UDP, recursion
 * desired, without EDNS. lwIP has a client of its own, of twice the size, which gives the first
 * address of an answer only.
 *
 * Assumed, since no source says it of the real device:
 * - A server that does not answer is asked four times, within seven seconds; then the next one is.
 *   One that answers with an error, or without an address, is followed by the next one at once.
 * - Any address in the answer section counts, so that a chain of CNAMEs may lead to it; the server
 *   has followed the chain (RFC 1034 4.3.2).
 * - Of an answer that is truncated (TC) what has arrived counts. TCP is not tried.
 * - Of several addresses the first is used, and after one to which a connection has failed, the one
 *   behind it in the answer, the first again behind the last. That tries all of them in turn,
 *   whether the server rotates its answers or not.
 *
 * An answer counts only if it comes from port 53 of the server that was asked to the port that the
 * question left from, and has its id (both random, RFC 5452), and the question itself, in capital
 * letters or small ones. Addresses: 1.2.3.4 = 0x01020304. */

#define RESOLVER_SERVERS 2
#define RESOLVER_TICK_MS 1000u

#define RESOLVER_NAME_AT 12 /* behind the header */
/* The header, the name with a length in front and a root behind, type and class. */
#define RESOLVER_QUERY_BYTES (RESOLVER_NAME_AT + 1 + LIMIT_FQDN + 1 + 4)

struct resolver {
    void *pcb;                         /* lwIP's struct udp_pcb; NULL = nothing is looked up */
    uint32_t server[RESOLVER_SERVERS]; /* 0 = none */
    uint8_t next_server;               /* after the one that is being asked */
    uint8_t sent, ticks_left;          /* to that one; until it is sent again */
    uint16_t query_bytes;
    uint8_t query[RESOLVER_QUERY_BYTES];
    uint32_t failed_ip; /* the address to use is the one behind it */
    /* Called once for each look-up that is not stopped. ip 0 = there is no address. The
     * name is valid during the call. */
    void (*found)(void *ctx, const char *name, uint32_t ip);
    void *ctx;
};

/* The name as settings_domain_ok() takes it; one that spells an address is not asked for. random:
 * for the question's id and port. found() may be called before this returns. */
void resolver_look_up(struct resolver *resolver, const char *name, uint32_t random);
void resolver_stop(struct resolver *resolver);
/* Every RESOLVER_TICK_MS while something is looked up. */
void resolver_tick(struct resolver *resolver);

static inline bool resolver_waits(const struct resolver *resolver)
{
    return resolver->pcb != NULL;
}

/* Whether the message answers the question in query. */
bool resolver_is_answer(const uint8_t *query, size_t query_bytes, const uint8_t *message,
                        size_t len);
/* The address in an answer to a question of that length; 0 = it has none. Any bytes are safe. */
uint32_t resolver_address(const uint8_t *message, size_t len, size_t query_bytes,
                          uint32_t failed_ip);

#endif
