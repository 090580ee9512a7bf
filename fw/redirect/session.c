// SPDX-License-Identifier: BSD-3-Clause
#include "fw/redirect/session.h"

#include <string.h>

#include "fw/core/bytes.h"
#include "fw/core/wipe.h"

static struct redirect_view view_of(const struct redirect_session *s)
{
    const struct redirect_device *device = &s->redirect->device;
    struct redirect_view view;

    device->view(device->ctx, &view);
    return view;
}

/* --- the session layer --- */

#define START_REPLY 13u

/* Statuses: MCMD; that of an unknown kind is assumed. */
static void start(struct redirect_session *s, const struct redirect_view *v)
{
    enum { STARTED = 0, UNKNOWN = 1, BUSY = 2, UNSUPPORTED = 3 };
    static const char kinds[] = "SOL IDERKVMR";
    const uint8_t *kind = s->in + 4;
    uint8_t status = UNKNOWN;

    if (memcmp(kind, kinds, 4) == 0)
        status = !v->sol ? UNSUPPORTED : session_other(s) ? BUSY : STARTED;
    else if (memcmp(kind, kinds + 4, 4) == 0 || memcmp(kind, kinds + 8, 4) == 0)
        status = UNSUPPORTED;
    session_say(s, REDIRECT_START_REPLY, START_REPLY)[1] = status;
    s->out[4] = status == STARTED;
    if (status == STARTED)
        s->stage = REDIRECT_LOGIN;
    else
        session_end(s, v,
                    status == BUSY          ? "busy"
                    : status == UNSUPPORTED ? "not served, or not enabled"
                                            : "an unknown kind of session");
}

/* Which messages there are from a console, their lengths, and the stages in which they may come. */
#define IN(stage) (1u << (stage))
/* Once the serial line has been connected: amtterm still says what was typed behind its end. */
#define LATE IN(REDIRECT_FREE)
#define STARTED (IN(REDIRECT_LOGIN) | IN(REDIRECT_IDLE) | IN(REDIRECT_SOL))

static const struct message {
    uint8_t type, len, stages;
} messages[] = {
    {REDIRECT_START, 8, IN(REDIRECT_STARTING)},
    {REDIRECT_END, 4, STARTED},
    {REDIRECT_AUTHENTICATE, LOGIN_HEADER, IN(REDIRECT_LOGIN)},
    {SOL_START, 24, IN(REDIRECT_IDLE)},
    {SOL_END, SOL_HEADER, IN(REDIRECT_SOL)},
    {SOL_PING, SOL_HEADER, IN(REDIRECT_SOL)},
    {SOL_PONG, SOL_HEADER, IN(REDIRECT_SOL)},
    {SOL_CONTROLS_TO_HOST, 14, IN(REDIRECT_SOL)},
    {SOL_DATA_TO_HOST, SOL_DATA_HEADER, IN(REDIRECT_SOL) | LATE},
    {SOL_HEARTBEAT, SOL_HEADER, IN(REDIRECT_SOL) | LATE},
};

/* Of the message that begins as what has been read; 0: it may not come now, or is too long. */
static size_t message_len(const struct redirect_session *s)
{
    bool ended = s->stage == REDIRECT_IDLE && s->sol.seq > 0;
    uint32_t stages = IN(s->stage) | (ended ? LATE : 0);

    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
        const struct message *m = &messages[i];
        uint32_t more;

        if (m->type != s->in[0] || !(m->stages & stages))
            continue;
        if (m->type != REDIRECT_AUTHENTICATE || s->in_len < LOGIN_HEADER ||
            !login_is_known(s->in[LOGIN_KIND_AT]))
            return m->len;
        more = get_le32(s->in + LOGIN_LENGTH_AT);
        return more <= sizeof(s->in) - LOGIN_HEADER ? LOGIN_HEADER + more : 0;
    }
    return 0;
}

static void end_sol(struct redirect_session *s, const struct redirect_view *v)
{
    put_le32(session_say(s, SOL_END_REPLY, SOL_HEADER) + 4, s->sol.seq++);
    s->stage = REDIRECT_IDLE;
    s->limit_ms = v->now_ms + LIMIT_REDIRECT_LOGIN_MS;
}

/* False: it is to be handled later. */
static bool handle(struct redirect_session *s, const struct redirect_view *v)
{
    switch (s->in[0]) {
    case REDIRECT_START:
        start(s, v);
        break;
    case REDIRECT_END:
        session_end(s, v, NULL);
        break;
    case REDIRECT_AUTHENTICATE:
        if (login_is_known(s->in[LOGIN_KIND_AT]))
            return login_handle(s, v);
        login_refuse(s, v, "a kind of log-in that there is not");
        break;
    case SOL_START:
        sol_start(s, v);
        break;
    case SOL_END:
        end_sol(s, v);
        break;
    case SOL_PING:
        put_le32(session_say(s, SOL_PONG, SOL_HEADER) + 4, s->sol.seq++);
        break;
    case SOL_DATA_TO_HOST:
        s->sol.data_left = get_le16(s->in + SOL_HEADER);
        break;
    default: /* says nothing that counts, except that the console is there */
        break;
    }
    return true;
}

/* Returns how many of the bytes were taken; 0: none can be now. */
static size_t feed(struct redirect_session *s, const struct redirect_view *v, const uint8_t *bytes,
                   size_t len)
{
    size_t whole;

    if (s->sol.data_left > 0 && s->stage == REDIRECT_SOL)
        return sol_data(s, v, bytes, len);
    if (s->sol.data_left > 0) { /* nobody is connected any more */
        whole = len < s->sol.data_left ? len : s->sol.data_left;
        s->sol.data_left = (uint16_t)(s->sol.data_left - whole);
        return whole;
    }
    s->in[s->in_len++] = *bytes;
    whole = message_len(s);
    if (whole == 0) {
        session_end(s, v, "not a message, or not now");
        return len;
    }
    if (s->in_len < whole)
        return 1;
    if (!handle(s, v)) {
        s->in_len--; /* its last byte is offered again when it can be handled */
        s->waits = true;
        return 0;
    }
    wipe(s->in, s->in_len); /* it may hold a password */
    s->in_len = 0;
    return 1;
}

/* An administrator, or a person at the machine, may end it at any time: at once, whether or not the
 * console reads what was to be said. A console that has said nothing yet is told that it cannot be.
 */
static void check_permission(struct redirect_session *s, const struct redirect_view *v)
{
    bool may_start = v->listens && (v->sol || s->stage == REDIRECT_STARTING);

    if (may_start && !s->ended)
        return;
    s->out_len = s->out_sent = 0;
    session_end(s, v, "ended, or no longer enabled");
}

/* Nothing is read meanwhile: the console is not silent either. */
static void wait_for_room(struct redirect_session *s, const struct redirect_view *v)
{
    s->heard_ms = v->now_ms;
    s->next_ms = s->stuck_ms + LIMIT_REDIRECT_WRITE_MS;
    if (v->now_ms < s->next_ms)
        return;
    s->out_len = 0;
    session_end(s, v, "the console reads nothing");
    session_flush(s, v->now_ms);
}

static void do_due(struct redirect_session *s, const struct redirect_view *v)
{
    s->next_ms = s->limit_ms;
    if (s->stage == REDIRECT_SOL)
        sol_poll(s, v);
    else if (v->now_ms >= s->limit_ms)
        session_end(s, v, "too slow");
}

/* What is due without anything having arrived. */
static void poll(struct redirect_session *s, const struct redirect_view *v)
{
    session_flush(s, v->now_ms);
    if (s->stage == REDIRECT_FREE)
        return;
    if (!s->stuck) {
        do_due(s, v);
        session_flush(s, v->now_ms);
    }
    if (s->stuck)
        wait_for_room(s, v);
}

/* --- the carrier's functions --- */

static void *on_opened(void *ctx, const struct stream *stream, enum admission admission)
{
    struct redirect *r = ctx;
    struct redirect_session *s = NULL;
    struct redirect_view v;

    (void)admission;
    r->device.view(r->device.ctx, &v);
    for (int i = 0; i < LIMIT_REDIRECT_SESSIONS; i++)
        if (r->session[i].stage == REDIRECT_FREE)
            s = &r->session[i];
    if (!s || !v.listens)
        return NULL;
    s->redirect = r;
    s->stream = *stream;
    s->stage = REDIRECT_STARTING;
    s->heard_ms = v.now_ms;
    s->next_ms = s->limit_ms = v.now_ms + LIMIT_REDIRECT_LOGIN_MS;
    return s;
}

static size_t on_input(void *client, const uint8_t *bytes, size_t len)
{
    struct redirect_session *s = client;
    struct redirect_view v;
    size_t n = 0, taken = 1;

    if (s->stage == REDIRECT_FREE)
        return len;
    v = view_of(s);
    check_permission(s, &v);
    s->waits = false;
    if (len > 0)
        s->heard_ms = v.now_ms;
    while (n < len && taken > 0 && s->out_len == 0 && !s->closing) {
        taken = feed(s, &v, bytes + n, len - n);
        n += taken;
        session_flush(s, v.now_ms);
        if (s->stage == REDIRECT_FREE)
            return len;
    }
    poll(s, &v);
    return s->stage == REDIRECT_FREE ? len : n;
}

static void on_writable(void *client)
{
    on_input(client, NULL, 0);
}

static void on_closed(void *client)
{
    struct redirect_session *s = client;

    if (s->stage != REDIRECT_FREE)
        session_forget(s);
}

static enum stream_state on_state(const void *client, uint64_t *until_ms)
{
    const struct redirect_session *s = client;

    *until_ms = s->next_ms;
    if (session_is_known(s))
        return STREAM_BESIDE;
    if (s->waits) {
        *until_ms = digest_check_from_ms(s->redirect->device.digest);
        return STREAM_ANSWER_WAITS;
    }
    return STREAM_HEAD;
}

void redirect_init(struct redirect *r, const struct redirect_device *device)
{
    memset(r, 0, sizeof(*r));
    r->device = *device;
}

struct stream_service redirect_service(struct redirect *r)
{
    return (struct stream_service){r, on_opened, on_input, on_writable, on_closed, on_state};
}

int redirect_user(const struct redirect *r)
{
    for (int i = 0; i < LIMIT_REDIRECT_SESSIONS; i++)
        if (session_is_known(&r->session[i]))
            return r->session[i].account;
    return REDIRECT_NOBODY;
}

void redirect_end_all(struct redirect *r)
{
    for (int i = 0; i < LIMIT_REDIRECT_SESSIONS; i++)
        if (session_is_known(&r->session[i]))
            r->session[i].ended = true;
}
