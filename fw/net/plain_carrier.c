// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/plain_carrier.h"

#include <string.h>

#include "fw/net/net.h"

static size_t stream_write(void *ctx, const void *bytes, size_t len)
{
    struct plain_carrier *p = ctx;
    size_t n = turns_write(p->turns, p->connection, bytes, len);

    p->unwritten = n < len;
    return n;
}

static void stream_close(void *ctx)
{
    ((struct plain_carrier *)ctx)->closing = true;
}

static void stream_password_checked(void *ctx, bool right)
{
    turns_password_checked(((struct plain_carrier *)ctx)->turns, right);
}

/* A request's head: the service answers a stranger's without its body. */
static bool is_whole(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i + 4 <= len; i++)
        if (memcmp(bytes + i, "\r\n\r\n", 4) == 0)
            return true;
    return false;
}

static void begin(void *ctx, struct connection *connection)
{
    struct plain_carrier *p = ctx;

    p->connection = connection;
    p->closing = p->unwritten = p->released = false;
    p->service.opened(p->service.ctx,
                      &(struct stream){p, connection->kept, stream_write, stream_close,
                                       stream_password_checked, false},
                      ADMITTED_OPEN);
}

static void release(struct plain_carrier *p)
{
    connection_release(p->connection);
    p->released = true;
}

/* Releases what the service will not need again. */
static enum turn_stage stage_of(struct plain_carrier *p)
{
    uint64_t until_ms = 0;

    switch (p->service.state(p->service.ctx, &until_ms)) {
    case STREAM_BETWEEN_REQUESTS:
        connection_release(p->connection);
        return TURN_BETWEEN_REQUESTS;
    case STREAM_HEAD:
        if (connection_is_full(p->connection))
            release(p);
        return TURN_REQUEST;
    case STREAM_ANSWER_WAITS:
        p->turns->answer_ms = until_ms;
        return p->released ? TURN_BROKEN : TURN_ANSWER_WAITS;
    default:
        release(p);
        return TURN_REQUEST;
    }
}

static enum turn_stage proceed(void *ctx)
{
    struct plain_carrier *p = ctx;
    const struct stream_service *service = &p->service;
    const uint8_t *bytes;
    size_t len = connection_bytes(p->connection, &bytes), taken = 0;
    enum turn_stage stage;

    if (p->unwritten) {
        service->writable(service->ctx);
    } else if (len > 0) {
        taken = service->input(service->ctx, bytes, len);
        turns_consume(p->turns, p->connection, taken);
    }
    if (p->closing)
        return TURN_OVER;
    stage = stage_of(p);
    /* A peer that only says that it will send no more still gets its reply. */
    if (p->connection->peer_finished && taken == len && !p->unwritten && stage != TURN_ANSWER_WAITS)
        return TURN_OVER;
    return stage;
}

static bool has_room(void *ctx, const struct connection *connection)
{
    (void)ctx;
    (void)connection;
    return true;
}

static bool may_pause(void *ctx)
{
    (void)ctx;
    return true;
}

static bool time_up(void *ctx, struct connection *connection)
{
    (void)ctx;
    (void)connection;
    return false;
}

static void gone(void *ctx, const struct connection *connection)
{
    (void)ctx;
    (void)connection;
}

static void end(void *ctx, bool pauses)
{
    struct plain_carrier *p = ctx;

    (void)pauses;
    p->connection = NULL;
    if (!p->closing)
        p->service.closed(p->service.ctx);
}

void plain_carrier_boot(struct plain_carrier *p, const struct stream_service *service,
                        struct net *net)
{
    memset(p, 0, sizeof(*p));
    p->carrier =
        (struct carrier){p, is_whole, has_room, begin, proceed, may_pause, time_up, end, gone};
    p->service = *service;
    p->turns = &net->ports.turns;
    net_set_carrier(net, PLAIN_PORT, &p->carrier);
}
