// SPDX-License-Identifier: BSD-3-Clause
#include "fw/redirect/session.h"

#include <string.h>

#include "fw/core/redirection.h"
#include "fw/core/trace.h"
#include "fw/core/wipe.h"

/* What a session says, and how it begins to count and ends. */

uint8_t *session_say(struct redirect_session *s, enum redirect_message type, size_t len)
{
    uint8_t *at = s->out + s->out_len;

    memset(at, 0, len);
    at[0] = (uint8_t)type;
    s->out_len = (uint16_t)(s->out_len + len);
    return at;
}

static void trace_account(const struct redirect_session *s, enum redirection_event event,
                          const char *text)
{
    const struct redirect_device *device = &s->redirect->device;

    device->trace(device->ctx, TRACE_REDIRECTION, s->account * 100u + event, text);
}

/* What strangers cause is said a limited number of times. */
static void trace_refused(const struct redirect_session *s, uint64_t now_ms, const char *why)
{
    const struct redirect_device *device = &s->redirect->device;
    char before[QUOTA_TEXT];

    if (!session_is_known(s) && !quota_take(&s->redirect->refused, now_ms, before))
        return;
    if (!session_is_known(s) && before[0])
        device->trace(device->ctx, TRACE_REDIRECTION_REFUSED, 0, before);
    device->trace(device->ctx, TRACE_REDIRECTION_REFUSED, 0, why);
}

void session_forget(struct redirect_session *s)
{
    if (session_is_known(s))
        trace_account(s, REDIRECTION_EVENT_SOL_CLOSED, "SOL closed");
    wipe(s, sizeof(*s));
}

void session_flush(struct redirect_session *s, uint64_t now_ms)
{
    const struct stream stream = s->stream;
    size_t n;

    if (s->out_len > 0) {
        n = stream.write(stream.ctx, s->out + s->out_sent, (size_t)(s->out_len - s->out_sent));
        if ((n > 0 && !s->closing) || !s->stuck) /* nobody puts his end off byte by byte */
            s->stuck_ms = now_ms;
        s->out_sent = (uint16_t)(s->out_sent + n);
        s->stuck = s->out_sent < s->out_len;
        if (s->stuck)
            return;
        s->out_len = s->out_sent = 0;
    }
    if (!s->closing)
        return;
    session_forget(s);
    stream.close(stream.ctx);
}

void session_end(struct redirect_session *s, const struct redirect_view *v, const char *why)
{
    if (why && !s->closing)
        trace_refused(s, v->now_ms, why);
    s->closing = true;
}

const struct redirect_session *session_other(const struct redirect_session *s)
{
    const struct redirect_session *all = s->redirect->session;

    for (int i = 0; i < LIMIT_REDIRECT_SESSIONS; i++)
        if (&all[i] != s && session_is_known(&all[i]))
            return &all[i];
    return NULL;
}

bool session_accept(struct redirect_session *s, const struct redirect_view *v,
                    const struct redirect_account *account)
{
    if (session_other(s))
        return false;
    s->stage = REDIRECT_IDLE;
    s->account = account->number;
    s->limit_ms = v->now_ms + LIMIT_REDIRECT_LOGIN_MS;
    trace_account(s, REDIRECTION_EVENT_SOL_OPEN, "SOL open");
    return true;
}
