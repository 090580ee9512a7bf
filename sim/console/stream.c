// SPDX-License-Identifier: BSD-3-Clause
#include "sim/console/stream.h"

#include <string.h>

bool stream_open(struct stream *s, bool tls, uint32_t ip, uint16_t port,
                 const struct hal_entropy *entropy)
{
    static const struct tls_client_identity nobody = {NULL, NULL, NULL};

    memset(s, 0, sizeof(*s));
    s->tls = tls;
    s->used = tls ? tls_client_open(&s->secure, ip, port, &nobody, entropy)
                  : tcp_client_connect(&s->secure.tcp, ip, port);
    return s->used;
}

static enum stream_state plain_state(const struct tcp_client *tcp)
{
    if (tcp_client_is_at_end(tcp))
        return STREAM_ENDED;
    return tcp->connected ? STREAM_OPEN : STREAM_CONNECTING;
}

enum stream_state stream_poll(struct stream *s)
{
    if (!s->used)
        return STREAM_IDLE;
    if (!s->tls)
        return plain_state(&s->secure.tcp);
    tls_client_poll(&s->secure);
    switch (s->secure.state) {
    case TLS_CLIENT_OPEN:
        return STREAM_OPEN;
    case TLS_CLIENT_ENDED:
    case TLS_CLIENT_IDLE:
        return STREAM_ENDED;
    default:
        return STREAM_CONNECTING;
    }
}

size_t stream_write(struct stream *s, const void *bytes, size_t len)
{
    size_t n;

    if (s->tls)
        return tls_client_write(&s->secure, bytes, len);
    n = tcp_client_write(&s->secure.tcp, bytes, len);
    tcp_client_flush(&s->secure.tcp);
    return n;
}

size_t stream_read(struct stream *s, void *out, size_t cap)
{
    size_t n;

    if (s->tls)
        return tls_client_read(&s->secure, out, cap);
    n = tcp_client_read(&s->secure.tcp, out, cap);
    tcp_client_flush(&s->secure.tcp);
    return n;
}

void stream_close(struct stream *s)
{
    if (s->used && s->tls)
        tls_client_close(&s->secure, false);
    else if (s->used)
        tcp_client_close(&s->secure.tcp, false);
    memset(s, 0, sizeof(*s));
}

void stream_free(struct stream *s)
{
    if (s->used && s->tls)
        tls_client_free(&s->secure);
}
