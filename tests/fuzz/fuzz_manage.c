// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip hal/virtual/virtual.c sim/server/pem_file.c sim/server/openssl.c sim/base/lwip_world.c
// runs: 500
/* Requests to the configuration service: HTTP, SOAP and WS-Man of somebody who has the password, on
 * a provisioned device over TCP, and on one in set-up over TLS. The input is a device's kind and a
 * list of requests, each behind a byte for its kind and its length in two bytes.
 * Promises: each reply begins as one of HTTP's, with a status that the service may give; no reply
 * holds a password or a pre-shared key; afterwards a right client is served; what a commit has not
 * stored is not stored. */
#include "tests/fuzz/fuzz_tls.h"

static const enum world_kind kinds[] = {WORLD_PLAIN, WORLD_SMB, WORLD_SETUP_PSK};
static char reply[16384];

static void check_reply(size_t len)
{
    int status;

    if (len == 0)
        return;
    promise(len >= 12 && memcmp(reply, "HTTP/1.1 ", 9) == 0, "a reply is HTTP's");
    status = (int)strtol(reply + 9, NULL, 10);
    promise(status >= 100 && status <= 505, "a reply has a status");
    promise(!world_holds_secret((const uint8_t *)reply, len), "no reply holds a secret");
}

/* On one connection, which ends when the device wants it. */
static size_t ask(enum world_kind kind, const char *bytes, size_t len)
{
    struct flow *f = &w.flow[WIRE_CHECKER];

    if (kind == WORLD_SETUP_PSK)
        return client_ask(bytes, len, reply, sizeof(reply), NULL);
    if (!f->open || f->ended || f->reset) {
        f->mine++;
        f->theirs = 16992;
        flow_open(f);
    }
    f->reply_len = 0;
    flow_send(f, (const uint8_t *)bytes, len);
    world_pass(50);
    memcpy(reply, world_reply[WIRE_CHECKER], f->reply_len);
    reply[f->reply_len] = '\0';
    return f->reply_len;
}

static void one(enum world_kind kind, struct input *in)
{
    static const char *const path[] = {"/wsman",
                                       "/SecurityAdministrationService",
                                       "/NetworkAdministrationService",
                                       "/NetworkTimeService",
                                       "/RemoteControlService",
                                       "/index.htm"};
    char request[WIRE_REQUEST];
    uint8_t what = take_byte(in);
    size_t len = take_u16(in) & 0x7FF;
    const uint8_t *body = take_bytes(in, len, &len);

    if (what & 0x80) {
        memcpy(request, body, len); /* its own head */
    } else {
        len = wire_request(request, path[what % COUNT(path)],
                           kind == WORLD_SETUP_PSK ? "admin" : WORLD_PASSWORD, body, len);
    }
    check_reply(ask(kind, request, len));
    if (what & 0x40)
        world_pass((what & 0x38u) * 1000u);
}

static void prepare(enum world_kind kind)
{
    static const char first[] = "POST /SecurityAdministrationService HTTP/1.1\r\nHost: me\r\n"
                                "Content-Length: 0\r\n\r\n";

    world_prepare(kind, NULL);
    if (kind == WORLD_SETUP_PSK) {
        client_new(NULL);
        promise(client_connect() && client_shake(NULL), "the test's own client is let in");
    }
    ask(kind, first, sizeof(first) - 1);
    promise(w.nonce[0] != '\0', "the service gives a nonce");
    if (kind == WORLD_SETUP_PSK)
        tls_keep(kind);
    else
        world_keep(kind);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    enum world_kind kind = kinds[take_byte(&in) % COUNT(kinds)];
    uint32_t state;

    if (!world_moment[kind].variables)
        prepare(kind);
    if (kind == WORLD_SETUP_PSK)
        tls_enter(kind, data, size);
    else
        world_enter(kind, data, size);
    w.replying = true;
    for (int i = 0; i < 8 && in.left > 0; i++)
        one(kind, &in);
    wire_quiet(120000);
    state = world_state();
    if (state == 2 && !settings_tls_on(&w.device.settings))
        promise_http();
    else if (w.device.net.mode != NET_CLOSED)
        promise_https();
    promise_pools(15);
    return 0;
}
