// SPDX-License-Identifier: BSD-3-Clause
#include "sim/server/http_reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "sim/server/openssl.h"

enum state { STATUS, HEADERS, BODY, CHUNK_SIZE, CHUNK, CHUNK_END, TRAILER, DONE, BAD };

void http_reply_begin(struct http_reply *r)
{
    memset(r, 0, offsetof(struct http_reply, body) + 1);
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool begins(const char *text, const char *with)
{
    while (*with && small(*text) == small(*with)) {
        text++;
        with++;
    }
    return *with == '\0';
}

static bool same_word(const char *a, const char *b)
{
    return strlen(a) == strlen(b) && begins(a, b);
}

static enum http_reply_result finish(struct http_reply *r, enum state state)
{
    r->state = (uint8_t)state;
    return state == DONE ? HTTP_REPLY_DONE : state == BAD ? HTTP_REPLY_BAD : HTTP_REPLY_MORE;
}

/* Digits of that base and nothing behind them but, for a chunk, an extension. */
static bool number(const char *text, int base, uint32_t *out)
{
    char *end;
    unsigned long value = strtoul(text, &end, base);
    bool digit = (text[0] >= '0' && text[0] <= '9') ||
                 (base == 16 && small(text[0]) >= 'a' && small(text[0]) <= 'f');

    if (!digit || value > HTTP_REPLY_BODY ||
        (*end && !(base == 16 && (*end == ';' || *end == ' '))))
        return false;
    *out = (uint32_t)value;
    return true;
}

/* "HTTP/1.1 200 OK" */
static enum http_reply_result status_line(struct http_reply *r)
{
    const char *at = r->line;

    if (strncmp(at, "HTTP/1.", 7) != 0 || (at[7] != '0' && at[7] != '1') || at[8] != ' ' ||
        strspn(at + 9, "0123456789") != 3)
        return finish(r, BAD);
    r->status = (uint16_t)strtoul(at + 9, NULL, 10);
    r->close = at[7] == '0';
    return finish(r, HEADERS);
}

static enum http_reply_result headers_end(struct http_reply *r)
{
    if (r->status >= 100 && r->status < 200) {
        http_reply_begin(r);
        return HTTP_REPLY_MORE;
    }
    if (r->status == 204 || r->status == 304)
        return finish(r, DONE);
    if (r->chunked)
        return finish(r, CHUNK_SIZE);
    /* A body that only the end of the connection ends says nothing that the status does not. */
    if (!r->has_length && !r->close)
        return finish(r, BAD);
    return finish(r, r->left ? BODY : DONE);
}

static enum http_reply_result header_line(struct http_reply *r)
{
    char *value = strchr(r->line, ':');

    if (r->line_len == 0)
        return headers_end(r);
    if (!value)
        return finish(r, BAD);
    *value++ = '\0';
    value += strspn(value, " \t");
    for (size_t n = strlen(value); n > 0 && strchr(" \t", value[n - 1]); n--)
        value[n - 1] = '\0';
    if (same_word(r->line, "Content-Length")) {
        r->has_length = number(value, 10, &r->left);
        if (!r->has_length)
            return finish(r, BAD);
    } else if (same_word(r->line, "Transfer-Encoding")) {
        r->chunked = same_word(value, "chunked");
        if (!r->chunked)
            return finish(r, BAD);
    } else if (same_word(r->line, "Connection")) {
        r->close = same_word(value, "close");
    } else if (same_word(r->line, "WWW-Authenticate")) {
        memcpy(r->challenge, value, strlen(value) + 1);
    }
    return HTTP_REPLY_MORE;
}

static enum http_reply_result whole_line(struct http_reply *r)
{
    switch (r->state) {
    case STATUS:
        return status_line(r);
    case HEADERS:
        return header_line(r);
    case CHUNK_SIZE:
        if (!number(r->line, 16, &r->left))
            return finish(r, BAD);
        return finish(r, r->left ? CHUNK : TRAILER);
    case CHUNK_END:
        return finish(r, r->line_len ? BAD : CHUNK_SIZE);
    default:
        return r->line_len ? HTTP_REPLY_MORE : finish(r, DONE);
    }
}

static enum http_reply_result line_byte(struct http_reply *r, uint8_t byte)
{
    enum http_reply_result result;

    if (byte != '\n') {
        if (byte == '\0' || r->line_len + 1 >= sizeof(r->line))
            return finish(r, BAD);
        r->line[r->line_len++] = (char)byte;
        return HTTP_REPLY_MORE;
    }
    if (r->line_len > 0 && r->line[r->line_len - 1] == '\r')
        r->line_len--;
    r->line[r->line_len] = '\0';
    result = whole_line(r);
    r->line_len = 0;
    return result;
}

static enum http_reply_result body_byte(struct http_reply *r, uint8_t byte)
{
    if (r->body_len == HTTP_REPLY_BODY)
        return finish(r, BAD);
    r->body[r->body_len++] = (char)byte;
    r->body[r->body_len] = '\0';
    if (--r->left > 0)
        return HTTP_REPLY_MORE;
    return finish(r, r->state == CHUNK ? CHUNK_END : DONE);
}

enum http_reply_result http_reply_feed(struct http_reply *r, uint8_t byte)
{
    if (r->state == DONE || r->state == BAD)
        return finish(r, (enum state)r->state);
    return r->state == BODY || r->state == CHUNK ? body_byte(r, byte) : line_byte(r, byte);
}

/* --- digest --- */

/* The value of NAME=VALUE or NAME="VALUE" in the challenge; false: not there, or too long. */
static bool field(const char *text, const char *name, char out[HTTP_AUTH_TEXT])
{
    size_t len = strlen(name), n;

    while (*text) {
        bool found;

        text += strspn(text, " ,\t");
        found = begins(text, name) && text[len] == '=';
        text += strcspn(text, "=,");
        if (*text == '=')
            text++;
        bool quoted = *text == '"';
        text += quoted;
        n = strcspn(text, quoted ? "\"" : ", \t");
        if (found && n < HTTP_AUTH_TEXT) {
            memcpy(out, text, n);
            out[n] = '\0';
            return true;
        }
        text += n;
        text += quoted && *text;
    }
    return false;
}

/* "auth" or "auth,auth-int" */
static bool offers_auth(const char *list)
{
    while (*list) {
        size_t n = strcspn(list, ", ");

        if (n == 4 && begins(list, "auth"))
            return true;
        list += n;
        list += strspn(list, ", ");
    }
    return false;
}

bool http_auth_challenge(struct http_auth *a, const char *challenge)
{
    char text[HTTP_AUTH_TEXT];

    if (!begins(challenge, "Digest "))
        return false;
    challenge += strlen("Digest ");
    a->stale = field(challenge, "stale", text) && same_word(text, "true");
    a->count = 0;
    return field(challenge, "qop", text) && offers_auth(text) &&
           field(challenge, "realm", a->realm) && field(challenge, "nonce", a->nonce);
}

_Static_assert(HTTP_DIGEST_ANSWER == OPENSSL_MD5_HEX, "the answer is an MD5 sum");

bool http_digest_answer(const struct http_auth *a, const char *user, const char *password,
                        const char *method, const char *path, const char *count, const char *cnonce,
                        char out[HTTP_DIGEST_ANSWER])
{
    char who[OPENSSL_MD5_HEX], what[OPENSSL_MD5_HEX];
    const char *const a1[] = {user, ":", a->realm, ":", password};
    const char *const a2[] = {method, ":", path};
    const char *const all[] = {who, ":", a->nonce, ":", count, ":", cnonce, ":auth:", what};
    const char *const old[] = {who, ":", a->nonce, ":", what};
    bool good = openssl_md5(a1, 5, who) && openssl_md5(a2, 3, what) &&
                (count ? openssl_md5(all, 9, out) : openssl_md5(old, 5, out));

    OPENSSL_cleanse(who, sizeof(who)); /* as good as the password */
    return good;
}

void http_auth_header(struct http_auth *a, const char *user, const char *password,
                      const char *method, const char *path, const uint8_t cnonce[8],
                      char out[HTTP_AUTH_HEADER])
{
    char response[OPENSSL_MD5_HEX], client[17], count[9];

    out[0] = '\0';
    if (!a->nonce[0])
        return;
    snprintf(count, sizeof(count), "%08x", (unsigned)++a->count);
    for (int i = 0; i < 8; i++)
        snprintf(client + 2 * i, 3, "%02x", cnonce[i]);
    if (!http_digest_answer(a, user, password, method, path, count, client, response))
        return;
    snprintf(out, HTTP_AUTH_HEADER,
             "Authorization: Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", "
             "qop=auth, nc=%s, cnonce=\"%s\", response=\"%s\"\r\n",
             user, a->realm, a->nonce, path, count, client, response);
}
