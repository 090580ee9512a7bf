// SPDX-License-Identifier: BSD-3-Clause
#include "sim/console/sol.h"

#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#define PLAIN_PORT 16994
#define TLS_PORT 16995

/* Messages (AMTTERM: RedirectionConstants.h). */
#define START_SESSION 0x10
#define START_SESSION_REPLY 0x11
#define END_SESSION 0x12
#define AUTHENTICATE 0x13
#define AUTHENTICATE_REPLY 0x14
#define START_SOL 0x20
#define START_SOL_REPLY 0x21
#define END_SOL 0x22
#define END_SOL_REPLY 0x23
#define PING 0x24
#define PONG 0x25
#define DATA_TO_HOST 0x28
#define CONTROLS_FROM_HOST 0x29
#define DATA_FROM_HOST 0x2A
#define HEARTBEAT 0x2B

#define STATUS_BUSY 2

enum auth_type { AUTH_QUERY, AUTH_PLAIN, AUTH_KERBEROS, AUTH_DIGEST, AUTH_DIGEST_QOP };

#define URI "/RedirectionService" /* AMTTERM, MCMD */
#define METHOD "POST"
#define NONCE_COUNT "00000002"
#define CNONCE_BYTES 16
#define PIECE 1000u /* longest message of typed text: what amtterm announces as its buffer */

static void stop(struct sol *s, enum sol_state state, const char *why)
{
    wire_close(&s->wire);
    s->state = state;
    s->why = why;
}

static void send(struct sol *s, const uint8_t *bytes, size_t len)
{
    if (len > sizeof(s->out) - s->out_len) {
        stop(s, SOL_FAILED, "the device does not read");
        return;
    }
    memcpy(s->out + s->out_len, bytes, len);
    s->out_len += len;
}

static void put32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t get32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* --- log-in --- */

static void send_login(struct sol *s, uint8_t type, const uint8_t *data, size_t len)
{
    uint8_t head[9] = {AUTHENTICATE, 0, 0, 0, type};

    put32(head + 5, (uint32_t)len);
    send(s, head, sizeof(head));
    send(s, data, len);
}

static size_t put_text(uint8_t *out, size_t at, const char *text)
{
    size_t len = strlen(text);

    out[at] = (uint8_t)len;
    memcpy(out + at + 1, text, len);
    return at + 1 + len;
}

/* Texts of the answer; before a challenge all but two are empty. */
static void send_digest(struct sol *s, bool challenged)
{
    bool qop = s->type == AUTH_DIGEST_QOP;
    char cnonce[2 * CNONCE_BYTES + 1] = "", answer[HTTP_DIGEST_ANSWER] = "";
    uint8_t random[CNONCE_BYTES], data[768];
    size_t len;

    if (challenged) {
        s->entropy->fill(s->entropy->ctx, random, sizeof(random));
        for (size_t i = 0; i < CNONCE_BYTES; i++)
            snprintf(cnonce + 2 * i, 3, "%02x", random[i]);
        http_digest_answer(&s->auth, s->user, s->password, METHOD, URI, qop ? NONCE_COUNT : NULL,
                           cnonce, answer);
    }
    len = put_text(data, 0, s->user);
    len = put_text(data, len, s->auth.realm);
    len = put_text(data, len, s->auth.nonce);
    len = put_text(data, len, URI);
    len = put_text(data, len, cnonce);
    len = put_text(data, len, challenged ? NONCE_COUNT : "");
    len = put_text(data, len, answer);
    if (qop)
        len = put_text(data, len, challenged ? "auth" : "");
    s->answered = challenged;
    send_login(s, s->type, data, len);
}

static void send_plain(struct sol *s)
{
    uint8_t data[2 * 256];
    size_t len = put_text(data, 0, s->user);

    len = put_text(data, len, s->password);
    s->answered = true;
    send_login(s, AUTH_PLAIN, data, len);
}

/* One byte for each way that the device offers. */
static void choose_login(struct sol *s, const uint8_t *offered, size_t len)
{
    static const uint8_t strongest_first[] = {AUTH_DIGEST_QOP, AUTH_DIGEST, AUTH_PLAIN};

    for (size_t i = 0; i < sizeof(strongest_first); i++) {
        if (!memchr(offered, strongest_first[i], len))
            continue;
        s->type = strongest_first[i];
        if (s->type == AUTH_PLAIN)
            send_plain(s);
        else
            send_digest(s, false);
        return;
    }
    stop(s, SOL_REFUSED, "no way to log in is offered");
}

static bool take_text(const uint8_t **from, size_t *left, char out[HTTP_AUTH_TEXT])
{
    size_t len = *left > 0 ? (*from)[0] : 0;

    if (*left == 0 || len >= *left || len >= HTTP_AUTH_TEXT)
        return false;
    memcpy(out, *from + 1, len);
    out[len] = '\0';
    *from += len + 1;
    *left -= len + 1;
    return true;
}

static void take_challenge(struct sol *s, const uint8_t *data, size_t len)
{
    if (s->answered)
        stop(s, SOL_REFUSED, "the password is wrong");
    else if (!take_text(&data, &len, s->auth.realm) || !take_text(&data, &len, s->auth.nonce))
        stop(s, SOL_FAILED, "the challenge is not one");
    else
        send_digest(s, true);
}

/* amtterm's figures: transmit buffer and time-outs, silence of the console, heartbeat (AMTTERM). */
static void start_sol(struct sol *s)
{
    static const uint16_t figures[] = {1000, 100, 0, 10000, 0, 5000};
    uint8_t message[24] = {START_SOL};

    for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
        message[8 + 2 * i] = (uint8_t)figures[i];
        message[9 + 2 * i] = (uint8_t)(figures[i] >> 8);
    }
    send(s, message, sizeof(message));
}

static void on_login_reply(struct sol *s, const uint8_t *m)
{
    size_t len = get32(m + 5);

    if (m[1] == 0 && m[4] == AUTH_QUERY)
        choose_login(s, m + 9, len);
    else if (m[1] == 0)
        start_sol(s);
    else if (m[1] == 1 && (m[4] == AUTH_DIGEST || m[4] == AUTH_DIGEST_QOP) && m[4] == s->type)
        take_challenge(s, m + 9, len);
    else
        stop(s, SOL_REFUSED, "the log-in is refused");
}

/* --- messages --- */

static void on_session_reply(struct sol *s, uint8_t status)
{
    static const uint8_t nothing;

    if (status == 0)
        send_login(s, AUTH_QUERY, &nothing, 0);
    else if (status == STATUS_BUSY)
        stop(s, SOL_BUSY, NULL);
    else
        stop(s, SOL_REFUSED, "the session is refused");
}

static void on_message(struct sol *s, const uint8_t *m, size_t len)
{
    uint8_t pong[8] = {PONG}, beat[8] = {HEARTBEAT};

    switch (m[0]) {
    case START_SESSION_REPLY:
        on_session_reply(s, m[1]);
        break;
    case AUTHENTICATE_REPLY:
        on_login_reply(s, m);
        break;
    case START_SOL_REPLY:
        if (m[1] != 0)
            stop(s, m[1] == STATUS_BUSY ? SOL_BUSY : SOL_REFUSED, "serial over LAN is refused");
        else
            s->state = SOL_OPEN;
        break;
    case END_SOL_REPLY:
    case END_SESSION:
        stop(s, SOL_ENDED, NULL);
        break;
    case PING:
        send(s, pong, sizeof(pong));
        break;
    case HEARTBEAT:
        send(s, beat, sizeof(beat));
        break;
    case DATA_FROM_HOST:
        s->text(s->ctx, m + 10, len - 10);
        break;
    default:
        break;
    }
}

/* How long the message is that begins here; 0: more bytes must come to tell; -1: none of this
 * protocol's. */
static long message_length(const uint8_t *m, size_t len)
{
    switch (m[0]) {
    case START_SESSION_REPLY:
        if (len < 13)
            return len > 1 && m[1] != 0 ? (long)len : 0; /* a refusal may be short */
        return 13L + m[12];
    case AUTHENTICATE_REPLY:
        if (len < 9)
            return 0;
        return get32(m + 5) > SOL_BYTES - 9 ? -1 : 9L + (long)get32(m + 5);
    case START_SOL_REPLY:
        return 23;
    case END_SESSION:
        return 4;
    case END_SOL_REPLY:
    case PING:
    case PONG:
    case HEARTBEAT:
        return 8;
    case CONTROLS_FROM_HOST:
        return 10;
    case DATA_FROM_HOST:
        if (len < 10)
            return 0;
        return m[8] + 256L * m[9] > (long)SOL_BYTES - 10 ? -1 : 10L + m[8] + 256L * m[9];
    default:
        return -1;
    }
}

static void take_messages(struct sol *s)
{
    while (s->in_len > 0 && s->wire.used) {
        long len = message_length(s->in, s->in_len);

        if (len < 0) {
            stop(s, SOL_FAILED, "the device does not speak this protocol");
            return;
        }
        if (len == 0 || (size_t)len > s->in_len)
            return;
        on_message(s, s->in, (size_t)len);
        s->in_len -= (size_t)len;
        memmove(s->in, s->in + len, s->in_len);
    }
}

static void send_waiting(struct sol *s)
{
    size_t n = s->out_len ? wire_write(&s->wire, s->out, s->out_len) : 0;

    s->out_len -= n;
    memmove(s->out, s->out + n, s->out_len);
}

/* The connection has ended: what that means depends on how far the session was. */
static void on_end(struct sol *s)
{
    if (s->state == SOL_OPEN)
        stop(s, SOL_ENDED, NULL);
    else if (s->answered)
        stop(s, SOL_REFUSED, "the connection is closed after the log-in");
    else
        stop(s, SOL_FAILED, s->phase ? "the connection is closed" : "no connection");
}

void sol_run(struct sol *s, uint64_t now_ms)
{
    enum wire_state state = wire_poll(&s->wire);
    size_t n;

    if (state == WIRE_OPEN)
        s->phase = 1;
    while (s->wire.used &&
           (n = wire_read(&s->wire, s->in + s->in_len, sizeof(s->in) - s->in_len)) > 0) {
        s->in_len += n;
        take_messages(s);
    }
    if (s->wire.used && state == WIRE_OPEN)
        send_waiting(s);
    if (s->wire.used && wire_poll(&s->wire) == WIRE_ENDED)
        on_end(s);
    if (s->state == SOL_CONNECTING && now_ms >= s->deadline_ms)
        stop(s, SOL_FAILED, "no answer");
}

bool sol_begin(struct sol *s, bool tls, uint32_t ip, const char *user, const char *password,
               uint64_t now_ms)
{
    static const uint8_t start[8] = {START_SESSION, 0, 0, 0, 'S', 'O', 'L', ' '};

    if (s->state == SOL_CONNECTING || s->state == SOL_OPEN)
        return false;
    s->user = user;
    s->password = password;
    s->phase = s->type = 0;
    s->answered = false;
    s->in_len = s->out_len = 0;
    s->sequence = 0;
    OPENSSL_cleanse(&s->auth, sizeof(s->auth));
    s->state = SOL_CONNECTING;
    s->deadline_ms = now_ms + SOL_PATIENCE_MS;
    if (!wire_open(&s->wire, tls, ip, tls ? TLS_PORT : PLAIN_PORT, s->entropy))
        stop(s, SOL_FAILED, "out of memory");
    else
        send(s, start, sizeof(start));
    return true;
}

void sol_end(struct sol *s)
{
    static const uint8_t end[4] = {END_SESSION};
    uint8_t end_sol[8] = {END_SOL};

    if (!s->wire.used)
        return;
    put32(end_sol + 4, s->sequence++);
    if (s->state == SOL_OPEN)
        send(s, end_sol, sizeof(end_sol));
    send(s, end, sizeof(end));
    send_waiting(s);
    stop(s, SOL_NONE, NULL);
}

bool sol_type(struct sol *s, const char *text)
{
    size_t left = strlen(text);

    if (s->state != SOL_OPEN || left + 10 * (left / PIECE + 1) > sizeof(s->out) - s->out_len)
        return false;
    while (left > 0) {
        size_t n = left < PIECE ? left : PIECE;
        uint8_t head[10] = {DATA_TO_HOST};

        put32(head + 4, s->sequence++);
        head[8] = (uint8_t)n;
        head[9] = (uint8_t)(n >> 8);
        send(s, head, sizeof(head));
        send(s, (const uint8_t *)text, n);
        text += n;
        left -= n;
    }
    send_waiting(s);
    return true;
}

uint64_t sol_next_ms(const struct sol *s)
{
    return s->state == SOL_CONNECTING ? s->deadline_ms : UINT64_MAX;
}
