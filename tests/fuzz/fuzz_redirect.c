// SPDX-License-Identifier: BSD-3-Clause
// links: @fw @lwip
// runs: 20000
/* What consoles say on the redirection ports. The input is a list of acts on two connections: bytes
 * as they come, right messages, room for what is written, time, the machine's doings, connections
 * that come and go.
 * Promises: what is said to a console is whole messages of the kinds that there are, numbered one
 * by one; only one console has a session, and only after a right password; nobody else reads from
 * or writes to the serial line; nothing is written after the end; a time is never in the past; no
 * more is taken than was given; afterwards a console with the right password is served. */
#include "fw/core/bytes.h"
#include "fw/redirect/redirect.h"
#include "tests/fuzz/fuzz.h"

#define PASSWORD "P@ssw0rd!X"
#define CONSOLES 2

struct console {
    void *session;
    uint32_t kept[STREAM_KEPT];
    size_t room;
    bool right; /* it has given the right password */
    uint8_t head[10];
    size_t in_head; /* of the message that is being said to it */
    size_t left;    /* of the rest of that */
    uint32_t seq;
};

static struct {
    struct redirect redirect;
    struct stream_service service;
    struct digest digest;
    struct hal_machine machine;
    struct hal_entropy entropy;
    uint64_t now_ms;
    uint8_t random;
    size_t says, hears; /* bytes of the machine's */
    bool on, sol, listens, plain;
    bool sent_away; /* an administrator has ended sessions */
    struct console console[CONSOLES];
} b;

static bool is_beside(const struct console *c)
{
    uint64_t until;

    return c->session && b.service.state(c->session, &until) == STREAM_BESIDE;
}

static bool somebody_is_right(void)
{
    for (int i = 0; i < CONSOLES; i++)
        if (b.console[i].session && b.console[i].right)
            return true;
    return false;
}

/* --- the device around it --- */

static int fill(void *ctx, void *out, size_t len)
{
    (void)ctx;
    for (size_t i = 0; i < len; i++)
        ((uint8_t *)out)[i] = b.random++;
    return 0;
}

static void view(void *ctx, struct redirect_view *out)
{
    static const uint8_t uuid[16] = {1, 2, 3};

    (void)ctx;
    *out = (struct redirect_view){.now_ms = b.now_ms,
                                  .listens = b.listens,
                                  .sol = b.sol,
                                  .plain = b.plain,
                                  .machine_on = b.on,
                                  .machine = &b.machine,
                                  .entropy = &b.entropy,
                                  .uuid = uuid};
}

static bool account(void *ctx, const char *realm, const char *user, size_t len,
                    struct redirect_account *out)
{
    (void)ctx;
    if (len != 5 || memcmp(user, "admin", 5) != 0)
        return false;
    md5_of((const struct md5_part[]){{"admin:", 6},
                                     {realm, strlen(realm)},
                                     {":" PASSWORD, sizeof(":" PASSWORD) - 1}},
           3, out->ha1);
    out->allowed = true;
    return true;
}

static void trace(void *ctx, int event, uint32_t value, const char *text)
{
    (void)ctx;
    (void)event;
    (void)value;
    promise_printable(text);
}

static void wrong_password(void *ctx)
{
    (void)ctx;
}

static size_t serial_read(void *ctx, uint8_t *bytes, size_t cap)
{
    size_t n = b.says < cap ? b.says : cap;

    (void)ctx;
    promise(somebody_is_right(), "only a console that has logged in reads the serial line");
    memset(bytes, 'x', n);
    b.says -= n;
    return n;
}

static size_t serial_write(void *ctx, const uint8_t *bytes, size_t len)
{
    size_t n = b.hears < len ? b.hears : len;
    volatile uint8_t last = len ? bytes[len - 1] : 0; /* all of it is there */

    (void)ctx;
    (void)last;
    promise(len > 0, "what is written to the serial line are bytes");
    promise(somebody_is_right(), "only a console that has logged in writes to the serial line");
    b.hears -= n;
    return n;
}

/* --- what is said --- */

/* Bytes behind the head of 8 or, of a log-in's answer, 9; of text, behind 10. */
static size_t head_of(uint8_t type)
{
    return type == 0x2A ? 10 : type == 0x14 ? 9 : 8;
}

static size_t rest_of(const uint8_t *head)
{
    switch (head[0]) {
    case 0x11:
        promise(head[1] <= 3, "a session's start has a status that there is");
        return 5;
    case 0x14:
        promise(head[1] <= 2, "a log-in has a status that there is");
        promise(get_le32(head + 5) <= 80, "a challenge is short");
        return get_le32(head + 5);
    case 0x21:
        return 15;
    case 0x29:
        return 2;
    case 0x2A:
        promise(get_le16(head + 8) > 0 && get_le16(head + 8) <= LIMIT_SOL_DATA,
                "text comes in pieces of the size that there is");
        return get_le16(head + 8);
    case 0x23:
    case 0x25:
    case 0x2B:
        return 0;
    default:
        promise(false, "what is said is a message of the device's");
        return 0;
    }
}

static void check_head(struct console *c)
{
    c->left = rest_of(c->head);
    if (c->head[0] < 0x20)
        return;
    promise(c->right, "serial over LAN is for a console that has logged in");
    if (c->head[0] == 0x21)
        c->seq = 0;
    promise(get_le32(c->head + 4) == c->seq++, "messages are numbered one by one");
}

static size_t stream_write(void *ctx, const void *bytes, size_t len)
{
    struct console *c = ctx;
    const uint8_t *at = bytes;

    promise(c->session != NULL, "nothing is written after the end");
    if (len > c->room)
        len = c->room;
    c->room -= len;
    for (size_t i = 0; i < len; i++) {
        if (c->left > 0) {
            c->left--;
            continue;
        }
        c->head[c->in_head++] = at[i];
        if (c->in_head < head_of(c->head[0]))
            continue;
        check_head(c);
        c->in_head = 0;
    }
    return len;
}

static void stream_close(void *ctx)
{
    struct console *c = ctx;

    promise(c->session != NULL, "a connection ends once");
    promise((c->left == 0 && c->in_head == 0) || c->room == 0 || b.sent_away || !b.sol ||
                !b.listens,
            "what is said is said to its end, unless somebody else ends it");
    c->session = NULL;
}

static void password_checked(void *ctx, enum password_result result)
{
    struct console *c = ctx;

    c->right |= result != PASSWORD_WRONG;
}

/* --- acts --- */

static void connect(struct console *c)
{
    if (c->session)
        b.service.closed(c->session);
    memset(c, 0, sizeof(*c));
    c->room = SIZE_MAX;
    c->session = b.service.opened(
        b.service.ctx,
        &(struct stream){c, c->kept, stream_write, stream_close, password_checked, false},
        ADMITTED_OPEN);
    promise(c->session || !b.listens, "a connection has a place");
}

static void give(struct console *c, const uint8_t *bytes, size_t len)
{
    uint8_t *copy = exact_copy(bytes, len), *at = copy;

    for (int i = 0; i < 4 && c->session; i++) {
        size_t n = b.service.input(c->session, at, len);

        promise(n <= len, "no more is taken than was given");
        at += n;
        len -= n;
        if (len == 0)
            break;
        b.now_ms += 700; /* for what waits */
    }
    free(copy);
}

static void check(void)
{
    int beside = 0;

    for (int i = 0; i < CONSOLES; i++) {
        struct console *c = &b.console[i];
        uint64_t until = b.now_ms;

        if (!is_beside(c))
            continue;
        beside++;
        promise(c->right, "who has a session has given the right password");
        b.service.input(c->session, NULL, 0);
        if (is_beside(c)) {
            b.service.state(c->session, &until);
            promise(until >= b.now_ms, "a time is not in the past");
        }
    }
    promise(beside <= 1, "one console has a session");
}

#define SOL "\x10\0\0\0SOL "
#define LOG_IN "\x13\0\0\0\1\x11\0\0\0\5admin\x0A" PASSWORD
#define DIGEST "\x13\0\0\0\4\x20\0\0\0\5admin\0\0\x13/RedirectionService\0\0\0\0"
#define BEGIN "\x20\0\0\0\0\0\0\0\xE8\3\x64\0\0\0\x10\x27\0\0\x88\x13\0\0\0\0"
#define TYPE "\x28\0\0\0\0\0\0\0\3\0abc"
#define TEXT(t) (const uint8_t *)(t), sizeof(t) - 1

static void give_right(struct console *c, uint8_t which)
{
    static const struct {
        const uint8_t *bytes;
        size_t len;
    } message[] = {{TEXT(SOL)},
                   {TEXT(LOG_IN)},
                   {TEXT(DIGEST)},
                   {TEXT(BEGIN)},
                   {TEXT(TYPE)},
                   {TEXT("\x12\0\0\0")},
                   {TEXT("\x22\0\0\0\0\0\0\0")},
                   {TEXT("\x24\0\0\0\0\0\0\0")}};

    give(c, message[which % COUNT(message)].bytes, message[which % COUNT(message)].len);
}

static void act(struct input *in)
{
    uint8_t what = take_byte(in), value = take_byte(in);
    struct console *c = &b.console[what >> 7];
    const uint8_t *bytes;
    size_t len;

    switch (what & 7) {
    case 0:
        bytes = take_bytes(in, value, &len);
        give(c, bytes, len);
        break;
    case 1:
        give_right(c, value);
        break;
    case 2:
        c->room = value > 127 ? SIZE_MAX : value;
        if (c->session)
            b.service.writable(c->session);
        break;
    case 3:
        b.now_ms += (uint64_t)value * value;
        break;
    case 4:
        b.says = (size_t)value * 4;
        b.hears = take_byte(in);
        break;
    case 5:
        b.on = value & 1;
        b.sol = !(value & 2);
        b.listens = !(value & 4);
        b.plain = !(value & 8);
        break;
    case 6:
        redirect_end_all(&b.redirect);
        b.sent_away = true;
        break;
    default:
        connect(c);
        break;
    }
}

static void promise_served(void)
{
    struct console *c = &b.console[0];

    for (int i = 0; i < CONSOLES; i++)
        if (b.console[i].session)
            b.service.closed(b.console[i].session);
    memset(b.console, 0, sizeof(b.console));
    promise(!redirect_is_open(&b.redirect), "a session ends with its connection");
    b.sol = b.listens = b.plain = b.on = true;
    b.hears = SIZE_MAX;
    connect(c);
    give_right(c, 0);
    give_right(c, 1);
    give_right(c, 3);
    promise(c->right && is_beside(c), "a console with the right password is served");
    give_right(c, 4);
    promise(b.hears == SIZE_MAX - 3, "what it types reaches the machine");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};

    memset(&b, 0, sizeof(b));
    b.machine.serial_read = serial_read;
    b.machine.serial_write = serial_write;
    b.entropy.fill = fill;
    b.now_ms = 1000;
    b.on = b.sol = b.listens = b.plain = true;
    redirect_init(&b.redirect,
                  &(struct redirect_device){NULL, view, account, trace, wrong_password, &b.digest});
    b.service = redirect_service(&b.redirect);
    for (int i = 0; i < CONSOLES; i++)
        connect(&b.console[i]);
    for (int i = 0; i < 200 && in.left > 0; i++) {
        act(&in);
        check();
    }
    promise_served();
    return 0;
}
