// SPDX-License-Identifier: BSD-3-Clause
#include "sim/console/wire.h"

#include <string.h>

bool wire_open(struct wire *s, bool tls, uint32_t ip, uint16_t port,
               const struct hal_entropy *entropy)
{
    static const struct tls_client_identity nobody = {NULL, NULL, NULL};

    memset(s, 0, sizeof(*s));
    s->tls = tls;
    s->used = tls ? tls_client_open(&s->secure, ip, port, &nobody, entropy)
                  : tcp_client_connect(&s->secure.tcp, ip, port);
    return s->used;
}

static enum wire_state plain_state(const struct tcp_client *tcp)
{
    if (tcp_client_is_at_end(tcp))
        return WIRE_ENDED;
    return tcp->connected ? WIRE_OPEN : WIRE_CONNECTING;
}

enum wire_state wire_poll(struct wire *s)
{
    if (!s->used)
        return WIRE_IDLE;
    if (!s->tls)
        return plain_state(&s->secure.tcp);
    tls_client_poll(&s->secure);
    switch (s->secure.state) {
    case TLS_CLIENT_OPEN:
        return WIRE_OPEN;
    case TLS_CLIENT_ENDED:
    case TLS_CLIENT_IDLE:
        return WIRE_ENDED;
    default:
        return WIRE_CONNECTING;
    }
}

size_t wire_write(struct wire *s, const void *bytes, size_t len)
{
    size_t n;

    if (s->tls)
        return tls_client_write(&s->secure, bytes, len);
    n = tcp_client_write(&s->secure.tcp, bytes, len);
    tcp_client_flush(&s->secure.tcp);
    return n;
}

size_t wire_read(struct wire *s, void *out, size_t cap)
{
    size_t n;

    if (s->tls)
        return tls_client_read(&s->secure, out, cap);
    n = tcp_client_read(&s->secure.tcp, out, cap);
    tcp_client_flush(&s->secure.tcp);
    return n;
}

void wire_close(struct wire *s)
{
    if (s->used && s->tls)
        tls_client_close(&s->secure, false);
    else if (s->used)
        tcp_client_close(&s->secure.tcp, false);
    memset(s, 0, sizeof(*s));
}

void wire_free(struct wire *s)
{
    if (s->used && s->tls)
        tls_client_free(&s->secure);
}
