// SPDX-License-Identifier: BSD-3-Clause
#include "sim/console/wire.h"

#include <string.h>

bool wire_open(struct wire *w, bool tls, uint32_t ip, uint16_t port,
               const struct hal_entropy *entropy)
{
    static const struct tls_client_identity nobody = {NULL, NULL, NULL};

    memset(w, 0, sizeof(*w));
    w->tls = tls;
    w->used = tls ? tls_client_open(&w->secure, ip, port, &nobody, entropy)
                  : tcp_client_connect(&w->secure.tcp, ip, port);
    return w->used;
}

static enum wire_state plain_state(const struct tcp_client *tcp)
{
    if (tcp_client_is_at_end(tcp))
        return WIRE_ENDED;
    return tcp->connected ? WIRE_OPEN : WIRE_CONNECTING;
}

enum wire_state wire_poll(struct wire *w)
{
    if (!w->used)
        return WIRE_IDLE;
    if (!w->tls)
        return plain_state(&w->secure.tcp);
    tls_client_poll(&w->secure);
    switch (w->secure.state) {
    case TLS_CLIENT_OPEN:
        return WIRE_OPEN;
    case TLS_CLIENT_ENDED:
    case TLS_CLIENT_IDLE:
        return WIRE_ENDED;
    default:
        return WIRE_CONNECTING;
    }
}

size_t wire_write(struct wire *w, const void *bytes, size_t len)
{
    size_t n;

    if (w->tls)
        return tls_client_write(&w->secure, bytes, len);
    n = tcp_client_write(&w->secure.tcp, bytes, len);
    tcp_client_flush(&w->secure.tcp);
    return n;
}

size_t wire_read(struct wire *w, void *out, size_t cap)
{
    size_t n;

    if (w->tls)
        return tls_client_read(&w->secure, out, cap);
    n = tcp_client_read(&w->secure.tcp, out, cap);
    tcp_client_flush(&w->secure.tcp);
    return n;
}

void wire_close(struct wire *w)
{
    if (w->used && w->tls)
        tls_client_close(&w->secure, false);
    else if (w->used)
        tcp_client_close(&w->secure.tcp, false);
    memset(w, 0, sizeof(*w));
}

void wire_free(struct wire *w)
{
    if (w->used && w->tls)
        tls_client_free(&w->secure);
}
