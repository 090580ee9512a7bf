// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/plain_carrier.h"

#include <string.h>

#include "fw/net/net.h"

static size_t stream_write(void *ctx, const void *bytes, size_t len)
{
    struct plain_link *l = ctx;
    size_t n = turns_write(l->plain->turns, l->connection, bytes, len);

    l->unwritten = n < len;
    return n;
}

static void stream_close(void *ctx)
{
    ((struct plain_link *)ctx)->closing = true;
}

static void stream_password_checked(void *ctx, enum password_result result)
{
    turns_password_checked(((struct plain_link *)ctx)->plain->turns, result);
}

/* A request's head: the service answers a stranger's without its body. */
static bool is_whole(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i + 4 <= len; i++)
        if (memcmp(bytes + i, "\r\n\r\n", 4) == 0)
            return true;
    return false;
}

/* What a console says first, before it waits for an answer, has 8 bytes (AMTTERM). */
static bool is_greeting(const uint8_t *bytes, size_t len)
{
    (void)bytes;
    return len >= 8;
}

static struct plain_link *link_of(struct plain_carrier *p, const struct connection *connection)
{
    for (int i = 0; i < PLAIN_LINKS; i++)
        if (p->link[i].connection == connection)
            return &p->link[i];
    return NULL;
}

static bool has_room(void *ctx, const struct connection *connection)
{
    return link_of(ctx, connection) || link_of(ctx, NULL);
}

static void begin(void *ctx, struct connection *connection)
{
    struct plain_carrier *p = ctx;
    struct plain_link *l = p->link;

    p->served = link_of(p, connection); /* it has waited aside */
    if (p->served)
        return;
    while (l->connection && l < p->link + PLAIN_LINKS - 1) /* has_room() has found a free one */
        l++;
    *l = (struct plain_link){.plain = p, .connection = connection};
    p->served = l;
    l->client = p->service.opened(p->service.ctx,
                                  &(struct stream){l, connection->kept, stream_write, stream_close,
                                                   stream_password_checked, false},
                                  ADMITTED_OPEN);
}

static void release(struct plain_link *l)
{
    connection_release(l->connection);
    l->released = true;
}

/* HTTP's does; only redirection's does not. */
static bool pauses(const struct plain_carrier *p)
{
    return !FW_MACHINE || p->pauses;
}

static enum turn_stage wait_aside(struct plain_link *l, uint64_t answer_ms)
{
    connection_release(l->connection);
    l->plain->turns->answer_ms = answer_ms;
    return TURN_ASIDE;
}

/* Releases what the service will not need again. */
static enum turn_stage stage_of(struct plain_link *l)
{
    uint64_t until_ms = 0;

    switch (l->plain->service.state(l->client, &until_ms)) {
    case STREAM_BETWEEN_REQUESTS:
        connection_release(l->connection);
        return TURN_BETWEEN_REQUESTS;
    case STREAM_HEAD:
        if (!pauses(l->plain) && !l->unwritten) /* else it waits for lwIP, not for its peer */
            return wait_aside(l, 0);
        if (connection_is_full(l->connection))
            release(l);
        return TURN_REQUEST;
    case STREAM_ANSWER_WAITS:
        if (!pauses(l->plain))
            return wait_aside(l, until_ms);
        l->plain->turns->answer_ms = until_ms;
        return l->released ? TURN_BROKEN : TURN_ANSWER_WAITS;
    case STREAM_BESIDE:
        release(l);
        return TURN_BESIDE;
    default:
        release(l);
        return TURN_REQUEST;
    }
}

/* beside: the service is called even when nothing has arrived. */
static enum turn_stage go_on(struct plain_link *l, bool beside)
{
    const struct stream_service *service = &l->plain->service;
    const uint8_t *bytes = NULL;
    size_t len = connection_bytes(l->connection, &bytes), taken = 0;
    enum turn_stage stage;

    if (l->unwritten) {
        service->writable(l->client);
    } else if (len > 0 || beside) {
        taken = service->input(l->client, bytes, len);
        turns_consume(l->plain->turns, l->connection, taken);
    }
    if (l->closing)
        return TURN_OVER;
    stage = stage_of(l);
    /* A peer that only says that it will send no more still gets its reply. */
    if (l->connection->peer_finished && taken == len && !l->unwritten && stage != TURN_ANSWER_WAITS)
        return TURN_OVER;
    return stage;
}

static enum turn_stage proceed(void *ctx)
{
    struct plain_link *l = ((struct plain_carrier *)ctx)->served;

    return l->client ? go_on(l, false) : TURN_BROKEN;
}

static enum turn_stage proceed_beside(void *ctx, struct connection *connection, uint64_t *next_ms)
{
    struct plain_carrier *p = ctx;
    struct plain_link *l = link_of(p, connection);
    enum turn_stage stage = l ? go_on(l, true) : TURN_BROKEN;

    if (stage == TURN_BESIDE)
        p->service.state(l->client, next_ms);
    return stage;
}

static bool may_pause(void *ctx)
{
    return pauses(ctx);
}

static bool time_up(void *ctx, struct connection *connection)
{
    (void)ctx;
    (void)connection;
    return false;
}

static void free_link(struct plain_link *l)
{
    l->connection = NULL;
    if (!l->closing && l->client)
        l->plain->service.closed(l->client);
    l->client = NULL;
}

static void end(void *ctx, enum turn_end how)
{
    struct plain_carrier *p = ctx;

    if (how != TURN_LEAVES && how != TURN_STAYS)
        free_link(p->served);
    p->served = NULL;
}

/* A connection that pauses has no link. */
static void gone(void *ctx, const struct connection *connection)
{
    struct plain_link *l = link_of(ctx, connection);

    if (l)
        free_link(l);
}

void plain_carrier_boot(struct plain_carrier *p, const struct stream_service *service,
                        struct net *net, uint16_t port, bool passes_turn)
{
    memset(p, 0, sizeof(*p));
    p->carrier = (struct carrier){p,        !FW_MACHINE || passes_turn ? is_whole : is_greeting,
                                  has_room, begin,
                                  proceed,  may_pause,
                                  time_up,  end,
                                  gone,     proceed_beside};
    p->service = *service;
    p->turns = &net->ports.turns;
    p->pauses = passes_turn;
    net_set_carrier(net, port, &p->carrier);
}
