// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/places.h"

#include "fw/net/ip_stack.h"

static uint64_t now_of(const struct places *p)
{
    return p->stack->now_ms;
}

static int rank(const struct places *p, uint32_t ip)
{
    return reputation_rank(&p->reputation, ip, now_of(p));
}

/* --- SYNs that were refused --- */

/* The entry of that SYN; NULL = it is not remembered. */
static struct refusal *refusal_of(struct places *p, uint32_t ip, uint16_t port)
{
    for (int i = 0; i < LIMIT_REFUSALS; i++) {
        struct refusal *r = &p->refusal[i];

        if (r->ip == ip && r->port == port && r->since_ms &&
            now_of(p) - r->since_ms < LIMIT_REFUSAL_MS)
            return r;
    }
    return NULL;
}

static void remember_refusal(struct places *p, uint32_t ip, uint16_t port)
{
    p->refusal[p->refusals++ % LIMIT_REFUSALS] = (struct refusal){now_of(p), ip, port};
}

uint64_t places_first_syn_ms(struct places *p, uint32_t ip, uint16_t port)
{
    struct refusal *r = refusal_of(p, ip, port);
    uint64_t first = r ? r->since_ms : now_of(p);

    if (r)
        r->since_ms = 0;
    return first;
}

/* --- who gives his place up --- */

static uint32_t places_of(const struct places *p, uint32_t ip)
{
    uint32_t n = 0;

    for (int i = 0; i < PLACES; i++)
        n += connection_is_open(&p->connection[i]) && p->connection[i].peer_ip == ip;
    return n;
}

/* None of its equals takes its place: whoever waits long enough has his turn. */
static const struct connection *longest_waiting(const struct places *p)
{
    const struct connection *found = NULL;

    for (int i = 0; i < PLACES; i++) {
        const struct connection *c = &p->connection[i];

        if (connection_is_open(c) && c != p->served && c->waiting_since_ms && c->whole &&
            (!found || c->waiting_since_ms < found->waiting_since_ms))
            found = c;
    }
    return found;
}

/* Who wants a place. */
struct newcomer {
    uint32_t ip;
    uint64_t tried_ms; /* its first SYN */
};

/* Whether the connection's place may be taken for the newcomer. Never that of a connection that has
 * the turn or goes on beside, nor an administrator's. An address of a higher rank gives way to one
 * of a lower, never the other way round. Of two equal ones, the address that holds two places more
 * gives one up, whatever it has sent. Otherwise, and never from an address that holds fewer places,
 * a connection goes that tried later; or that has sent no whole message, does not read its reply,
 * or has had long enough to say something or to authenticate itself; but none whose answer waits to
 * be checked, unless it tried later: guessers would never let anybody else in. The one that has
 * waited longest for its turn keeps its place among its equals. */
static bool gives_way(const struct places *p, const struct connection *c, const struct newcomer *n)
{
    uint32_t theirs = places_of(p, c->peer_ip), own = places_of(p, n->ip);

    if (!connection_is_open(c) || c == p->served || c->owners || c->beside)
        return false;
    if (rank(p, c->peer_ip) != rank(p, n->ip))
        return rank(p, c->peer_ip) > rank(p, n->ip);
    if (c == longest_waiting(p))
        return false;
    if (theirs > own + 1)
        return true;
    if (theirs < own)
        return false;
    if (c->tried_ms > n->tried_ms)
        return true;
    if (c->answer_waits || (c->whole && connection_all_acknowledged(c)))
        return false;
    return connection_has_bytes(c) ||
           now_of(p) - c->arrived_ms >= (c->has_sent ? LIMIT_PLACE_KEPT_MS : LIMIT_PLACE_SILENT_MS);
}

/* How much is lost if this connection goes: half a message, silence, a pause, a message. */
static int loss_of(const struct connection *c)
{
    if (c->answer_waits)
        return 4;
    if (connection_has_bytes(c))
        return c->whole ? 3 : 0;
    return c->has_sent ? 2 : 1;
}

/* From the address that holds most places, the connection with which least is lost; of several, the
 * oldest. */
static bool goes_first(const struct places *p, const struct connection *a,
                       const struct connection *b)
{
    uint32_t of_a = places_of(p, a->peer_ip), of_b = places_of(p, b->peer_ip);

    if (of_a != of_b)
        return of_a > of_b;
    if (loss_of(a) != loss_of(b))
        return loss_of(a) < loss_of(b);
    return (int32_t)(a->arrival - b->arrival) < 0;
}

static bool has_lingered(const struct places *p, const struct connection *c)
{
    return c->state == CONNECTION_LINGERS && c != p->last_reply_to &&
           (connection_all_acknowledged(c) ||
            now_of(p) - c->idle_since_ms >= LIMIT_LINGER_WANTED_MS);
}

/* The connection whose place the newcomer takes; NULL = none. own: the newcomer's own connection,
 * if it exists already. */
static const struct connection *victim(const struct places *p, const struct newcomer *newcomer,
                                       const struct connection *own)
{
    const struct connection *found = NULL;

    for (int i = 0; i < PLACES; i++)
        if (has_lingered(p, &p->connection[i]))
            return &p->connection[i];
    for (int i = 0; i < PLACES; i++) {
        const struct connection *c = &p->connection[i];

        if (c != own && gives_way(p, c, newcomer) && (!found || goes_first(p, c, found)))
            found = c;
    }
    return found;
}

uint32_t places_taken(const struct places *p)
{
    uint32_t n = 0;

    for (int i = 0; i < PLACES; i++)
        n += p->connection[i].state != CONNECTION_FREE;
    return n;
}

bool places_admit_syn(struct places *p, uint32_t ip, uint16_t port)
{
    const struct refusal *r = refusal_of(p, ip, port);
    struct newcomer newcomer = {ip, r ? r->since_ms : now_of(p)};

    if (places_taken(p) < LIMIT_CONNECTIONS || victim(p, &newcomer, NULL))
        return true;
    if (!r)
        remember_refusal(p, ip, port);
    return false;
}

const struct connection *places_given_to(struct places *p, struct connection *newcomer)
{
    struct newcomer who = {newcomer->peer_ip, newcomer->tried_ms};
    const struct connection *found;
    uint8_t state = newcomer->state;

    newcomer->state = CONNECTION_FREE; /* so that it does not count */
    found = victim(p, &who, newcomer);
    newcomer->state = state;
    return found;
}
