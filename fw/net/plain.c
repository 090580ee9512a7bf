#include "fw/net/plain.h"

#include <string.h>

#include "fw/net/net.h"

static size_t stream_write(void *ctx, const void *bytes, size_t len)
{
    struct plain *p = ctx;
    size_t n = turns_write(p->turns, p->line, bytes, len);

    p->unwritten = n < len;
    return n;
}

static void stream_close(void *ctx)
{
    ((struct plain *)ctx)->closing = true;
}

static void stream_judged(void *ctx, bool right)
{
    turns_judged(((struct plain *)ctx)->turns, right);
}

static void begin(void *ctx, struct line *line)
{
    struct plain *p = ctx;

    p->line = line;
    p->closing = p->unwritten = p->released = false;
    p->service.opened(p->service.ctx,
                      &(struct stream){p, stream_write, stream_close, stream_judged},
                      ADMITTED_OPEN);
}

static void release(struct plain *p)
{
    line_release(p->line);
    p->released = true;
}

/* What the service does not want again is released. */
static enum turn_stage stage_of(struct plain *p)
{
    uint64_t until_ms = 0;

    switch (p->service.state(p->service.ctx, &until_ms)) {
    case STREAM_BETWEEN:
        line_release(p->line);
        return TURN_BETWEEN;
    case STREAM_HEAD:
        if (line_is_full(p->line))
            release(p);
        return TURN_REQUEST;
    case STREAM_WAITS:
        p->turns->answer_ms = until_ms;
        return p->released ? TURN_BROKEN : TURN_WAITS;
    default:
        release(p);
        return TURN_REQUEST;
    }
}

static enum turn_stage go_on(void *ctx)
{
    struct plain *p = ctx;
    const struct stream_service *service = &p->service;
    const uint8_t *bytes;
    size_t len = line_bytes(p->line, &bytes), taken = 0;
    enum turn_stage stage;

    if (p->unwritten) {
        service->writable(service->ctx);
    } else if (len > 0) {
        taken = service->input(service->ctx, bytes, len);
        turns_take(p->turns, p->line, taken);
    }
    if (p->closing)
        return TURN_OVER;
    stage = stage_of(p);
    /* Who only says that nothing more will come still gets its reply. */
    if (p->line->peer_done && taken == len && !p->unwritten && stage != TURN_WAITS)
        return TURN_OVER;
    return stage;
}

static bool run_out(void *ctx)
{
    (void)ctx;
    return false;
}

static void end(void *ctx)
{
    struct plain *p = ctx;

    p->line = NULL;
    if (!p->closing)
        p->service.closed(p->service.ctx);
}

void plain_boot(struct plain *p, const struct stream_service *service, struct net *net)
{
    memset(p, 0, sizeof(*p));
    p->carrier = (struct carrier){p, true, begin, go_on, run_out, end};
    p->service = *service;
    p->turns = &net->ports.turns;
    net_carry(net, PLAIN_PORT, &p->carrier);
}
