// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip hal/virtual/virtual.c sim/server/pem_file.c sim/server/openssl.c sim/base/lwip_world.c
// runs: 300
/* Consoles, strangers and a machine around a whole device: what comes in on 16994 in segments, and
 * on 16995 in TLS records that may be changed on their way, beside HTTP. The input: how it is
 * carried (bit 7: TLS) and how its connections end, then a list of acts.
 * Promises: the serial line is read and written only while a console has a session, and after the
 * right password was said; afterwards, in whatever state the input has left it, a right console is
 * served, the service answers, mbedTLS's memory and lwIP's pools are given back. */
#include "fw/core/redirection.h"
#include "tests/fuzz/fuzz_tls.h"

#define LINES 4         /* connections, without TLS */
#define OWN_PORTS 10000 /* the connections of the input have theirs so far from the checker's */
#define FIRST_OWN 45000
#define LINE_PORT 16994
#define TLS_LINE_PORT 16995

static struct {
    bool said;   /* the right password */
    size_t says; /* bytes of the machine's that wait */
    uint8_t state;
    uint32_t written;
} line;

/* --- the machine --- */

static void promise_console(void)
{
    promise(redirect_is_open(&w.device.redirect), "the serial line is a session's");
    promise(line.said || w.told, "a session has had the right password");
}

static enum machine_state state(void *ctx)
{
    (void)ctx;
    return (enum machine_state)line.state;
}

static bool control(void *ctx, enum machine_command command, const struct boot_settings *boot)
{
    (void)ctx;
    (void)command;
    (void)boot;
    promise(w.told, "nobody is told to switch the machine who has not logged in");
    return true;
}

static size_t serial_read(void *ctx, uint8_t *bytes, size_t cap)
{
    size_t n = line.says < cap ? line.says : cap;

    (void)ctx;
    promise_console();
    memset(bytes, 'x', n);
    line.says -= n;
    return n;
}

static size_t serial_write(void *ctx, const uint8_t *bytes, size_t len)
{
    (void)ctx;
    promise(len > 0 && bytes[len - 1] <= 0xFF, "what is written to the serial line is there");
    promise_console();
    line.written += (uint32_t)len;
    return len;
}

static bool report(void *ctx, struct machine_event *out)
{
    (void)ctx;
    (void)out;
    return false;
}

static const struct hal_inventory *inventory(void *ctx)
{
    (void)ctx;
    return NULL;
}

static const struct hal_machine machine = {.state = state,
                                           .control = control,
                                           .serial_read = serial_read,
                                           .serial_write = serial_write,
                                           .report = report,
                                           .inventory = inventory};

static void permit(struct settings *s)
{
    s->config.redirection = REDIRECTION_ALL;
    s->config.redirect_service = REDIRECT_LISTENS | REDIRECT_STATE_SET | REDIRECTION_SOL;
}

/* --- what consoles say --- */

#define TEXT(t) (const uint8_t *)(t), sizeof(t) - 1
#define SUCCESS "\x14\0\0\0\1\0\0\0\0"

enum { START, LOG_IN, BEGIN };

static const struct {
    const uint8_t *bytes;
    size_t len;
} message[] = {
    [START] = {TEXT("\x10\0\0\0SOL ")},
    [LOG_IN] = {TEXT("\x13\0\0\0\1\x11\0\0\0\5admin\x0A" WORLD_PASSWORD)},
    [BEGIN] = {TEXT("\x20\0\0\0\0\0\0\0\xE8\3\x64\0\0\0\x10\x27\0\0\x88\x13\0\0\0\0")},
    {TEXT("\x20\0\0\0\0\0\0\0\xE8\3\x64\0\0\0\0\0\0\0\0\0\0\0\0\0")}, /* without time-outs */
    {TEXT("\x28\0\0\0\0\0\0\0\3\0abc")},
    {TEXT("\x12\0\0\0")},
    {TEXT("\x22\0\0\0\0\0\0\0")},
    {TEXT("\x24\0\0\0\0\0\0\0")},
    {TEXT("\x13\0\0\0\4\x20\0\0\0\5admin\0\0\x13/RedirectionService\0\0\0\0")},
    {TEXT("\x13\0\0\0\1\x11\0\0\0\5admin\x0A" WORLD_PASSWORD "x")},
    {TEXT("\x13\0\0\0\4\xFF\xFF\xFF\xFF")},
    {TEXT("POST / HTTP/1.1\r\nHost: me\r\nContent-Length: 0\r\n\r\n")},
};

#define MESSAGES (sizeof(message) / sizeof(message[0]))

static void say(struct flow *f, const uint8_t *bytes, size_t len, struct input *in)
{
    if (f)
        flow_push(f, bytes, len, 8000);
    else
        client_write(bytes, len, in);
    world_poll();
}

static void say_message(struct flow *f, uint8_t which, struct input *in)
{
    which %= MESSAGES;
    line.said |= which == LOG_IN;
    say(f, message[which].bytes, message[which].len, in);
}

/* --- acts; f NULL: over TLS --- */

static void come(struct flow *f, uint8_t value)
{
    if (!f)
        return;
    f->mine = (uint16_t)(f->mine + (f->mine < FIRST_OWN ? OWN_PORTS : WORLD_FLOWS));
    f->theirs = value & 1 ? 16992 : LINE_PORT;
    flow_open(f);
}

static void hear(struct flow *f)
{
    static char reply[WORLD_REPLY];

    if (f)
        f->reply_len = 0;
    else
        client_read(reply, sizeof(reply));
}

static void act(struct input *in, bool tls)
{
    uint8_t what = take_byte(in), value = take_byte(in);
    struct flow *f = tls ? NULL : &w.flow[(what >> 4) % LINES];
    const uint8_t *bytes;
    size_t len;

    hear(f);
    switch (what & 7) {
    case 0:
        bytes = take_bytes(in, value, &len);
        say(f, bytes, len, in);
        break;
    case 1:
        say_message(f, value, in);
        break;
    case 2:
        world_pass((uint64_t)value * value / 4);
        break;
    case 3:
        line.says = (size_t)value * 32;
        line.state = value % 6;
        break;
    case 4:
        w.acks = value & 1; /* whether anybody takes in what is sent */
        break;
    case 5:
        if (f)
            flow_say(f, (value & 1 ? WIRE_RST : WIRE_FIN) | WIRE_ACK);
        world_poll();
        break;
    case 6:
        redirect_end_all(&w.device.redirect);
        break;
    default:
        come(f, value);
        break;
    }
}

/* --- afterwards --- */

static bool hears_success(const char *reply, size_t len)
{
    return len >= 13 + sizeof(SUCCESS) - 1 && reply[0] == 0x11 &&
           memcmp(reply + 13, SUCCESS, sizeof(SUCCESS) - 1) == 0;
}

static bool console_serves(bool tls)
{
    static char reply[WORLD_REPLY];
    struct flow *f = &w.flow[WIRE_CHECKER];
    size_t len = 0;

    if (tls)
        client_new(tls_server());
    end_of_client.port = TLS_LINE_PORT;
    f->mine++;
    f->theirs = LINE_PORT;
    if (!tls)
        flow_open(f);
    if (tls ? !(client_connect() && client_shake(NULL)) : !f->open)
        return false;
    for (uint8_t i = START; i <= LOG_IN; i++) {
        say_message(tls ? NULL : f, i, NULL);
        world_pass(3000); /* wrong passwords may have delayed the check */
        if (tls)
            len += client_read(reply + len, sizeof(reply) - len);
    }
    if (!tls) {
        len = f->reply_len;
        memcpy(reply, world_reply[WIRE_CHECKER], len);
    }
    flow_close(f);
    world_pass(3000);
    return hears_success(reply, len);
}

static void prepare(enum world_kind kind, bool tls)
{
    world_prepare(kind, permit);
    w.hal.hal.machine = &machine;
    if (tls)
        promise(client_serves(tls_server()), "the test's own client is served");
    promise(console_serves(tls), "the test's own console is served");
    world_pass(30000);
    client_new(tls_server());
    end_of_client.port = TLS_LINE_PORT;
    tls_keep(kind);
}

static void leave(uint8_t how)
{
    for (int i = 0; i < WORLD_FLOWS && how & 3; i++)
        flow_say(&w.flow[i], (how & 1 ? WIRE_RST : WIRE_FIN) | WIRE_ACK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static size_t memory[2];
    struct input in = {data, size};
    uint8_t how = take_byte(&in);
    bool tls = how & 0x80;
    enum world_kind kind = tls ? WORLD_TLS : WORLD_SMB;

    memset(&line, 0, sizeof(line));
    if (!world_moment[kind].variables) {
        prepare(kind, tls);
        memory[tls] = device_memory();
    }
    memset(&line, 0, sizeof(line));
    tls_enter(kind, data, size);
    if (tls) {
        promise(client_connect(), "a connection is taken");
        client_shake(how & 0x40 ? &in : NULL);
    }
    for (int i = 0; i < 60 && in.left > 0; i++)
        act(&in, tls);
    leave(how);
    line.state = MACHINE_S0;
    wire_quiet(100000); /* a console that is gone without a word is noticed after a minute */
    promise(console_serves(tls), "a right console is served after quiet");
    if (tls)
        promise(client_serves(tls_server()), "a right client is served after quiet");
    else
        promise_http();
    world_pass(30000);
    if (tls)
        promise(device_memory() <= memory[tls], "a session gives its memory back");
    promise_pools(10);
    return 0;
}
