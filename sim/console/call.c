// SPDX-License-Identifier: BSD-3-Clause
#include "sim/console/call.h"

#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include "sim/net/packet.h"

#define PLAIN_PORT 16992
#define TLS_PORT 16993

static void end(struct call *c, enum call_result result, const char *why)
{
    wire_close(&c->wire);
    c->busy = false;
    c->result = result;
    c->why = why;
}

static uint16_t port_of(const struct call *c)
{
    return c->tls ? TLS_PORT : PLAIN_PORT;
}

static void connect_device(struct call *c, uint64_t now_ms)
{
    c->deadline_ms = now_ms + CALL_PATIENCE_MS;
    c->waits = true;
    if (!wire_open(&c->wire, c->tls, c->ip, port_of(c), c->entropy))
        end(c, CALL_FAILED, "out of memory");
}

void call_begin(struct call *c, const struct console_order *order, uint64_t now_ms)
{
    struct order_request request;

    c->order = *order;
    c->nth = 0;
    c->tried = false;
    c->http = 0;
    c->status = c->value = 0;
    OPENSSL_cleanse(&c->auth, sizeof(c->auth));
    if (!order_write(c->protocol, order, 0, "", &request)) {
        end(c, CALL_FAILED, "the protocol has no such request");
        return;
    }
    c->busy = true;
    connect_device(c, now_ms);
}

/* False: the order has no further request. */
static bool write_request(struct call *c)
{
    struct order_request r;
    char auth[HTTP_AUTH_HEADER], ip[16];
    uint8_t cnonce[8];
    int head;

    if (!order_write(c->protocol, &c->order, c->nth, c->auth.realm, &r) ||
        c->entropy->fill(c->entropy->ctx, cnonce, sizeof(cnonce)) != 0)
        return false;
    http_auth_header(&c->auth, c->order.user, c->order.password, "POST", r.path, cnonce, auth);
    c->tried = auth[0] != '\0';
    ip_text(c->ip, ip);
    head = snprintf(c->request, sizeof(c->request),
                    "POST %s HTTP/1.1\r\nHost: %s:%u\r\n%s%s%s%sContent-Length: %zu\r\n\r\n",
                    r.path, ip, (unsigned)port_of(c), auth,
                    r.action[0] ? "Content-Type: text/xml; charset=utf-8\r\nSOAPAction: \"" : "",
                    r.action, r.action[0] ? "\"\r\n" : "", r.len);
    memcpy(c->request + head, r.body, r.len);
    c->len = (size_t)head + r.len;
    c->sent = 0;
    http_reply_begin(&c->reply);
    return true;
}

static void go_on(struct call *c, uint64_t now_ms)
{
    c->deadline_ms = now_ms + CALL_PATIENCE_MS;
    if (c->reply.close) {
        wire_close(&c->wire);
        connect_device(c, now_ms);
    } else if (!write_request(c)) {
        end(c, CALL_DONE, NULL);
    }
}

static void on_answer(struct call *c, uint64_t now_ms)
{
    struct order_request next;

    c->http = c->reply.status;
    if (c->http == 401 && http_auth_challenge(&c->auth, c->reply.challenge) &&
        (!c->tried || c->auth.stale)) {
        go_on(c, now_ms);
        return;
    }
    if (c->http != 200) {
        end(c, CALL_REFUSED, NULL);
    } else if (!order_read(c->protocol, &c->order, c->nth, c->reply.body, &c->status, &c->value)) {
        end(c, CALL_FAILED, "the answer is none to what was asked");
    } else if (c->status != 0) {
        end(c, CALL_REFUSED, NULL);
    } else if (!order_write(c->protocol, &c->order, ++c->nth, c->auth.realm, &next)) {
        end(c, CALL_DONE, NULL);
    } else {
        go_on(c, now_ms);
    }
}

/* True: a whole answer was read. */
static bool read_answer(struct call *c, uint64_t now_ms)
{
    enum http_reply_result result = HTTP_REPLY_MORE;
    uint8_t bytes[512];
    size_t n;

    while ((n = wire_read(&c->wire, bytes, sizeof(bytes))) > 0) {
        for (size_t i = 0; i < n && result == HTTP_REPLY_MORE; i++)
            result = http_reply_feed(&c->reply, bytes[i]);
        if (result == HTTP_REPLY_MORE)
            continue;
        if (result == HTTP_REPLY_DONE)
            on_answer(c, now_ms);
        else
            end(c, CALL_FAILED, "the answer is no HTTP");
        return true;
    }
    return false;
}

void call_run(struct call *c, uint64_t now_ms)
{
    enum wire_state state;

    if (!c->busy)
        return;
    if (now_ms >= c->deadline_ms) {
        end(c, CALL_FAILED, "no answer");
        return;
    }
    do {
        state = wire_poll(&c->wire);
        if (state == WIRE_OPEN && c->waits) {
            c->waits = false;
            if (!write_request(c)) {
                end(c, CALL_FAILED, "nothing is left to ask");
                return;
            }
        }
        if (state == WIRE_OPEN && c->sent < c->len)
            c->sent += wire_write(&c->wire, c->request + c->sent, c->len - c->sent);
    } while (!c->waits && read_answer(c, now_ms) && c->busy);
    if (c->busy && wire_poll(&c->wire) == WIRE_ENDED)
        end(c, CALL_FAILED, "the connection ended without an answer");
}

uint64_t call_next_ms(const struct call *c)
{
    return c->busy ? c->deadline_ms : UINT64_MAX;
}
