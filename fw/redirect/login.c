// SPDX-License-Identifier: BSD-3-Clause
#include "fw/redirect/session.h"

#include <string.h>

#include "fw/core/bytes.h"
#include "fw/core/hex.h"
#include "fw/core/wipe.h"

/* The log-in to a session, with the accounts of the configuration service: by digest (AMTTERM,
 * MCMD), or with the password itself. */

enum login_kind {
    LOGIN_QUERY = 0,      /* which of the others are there? */
    LOGIN_PLAIN = 1,      /* user and password */
    LOGIN_DIGEST_OLD = 3, /* as RFC 2069; 2 is Kerberos */
    LOGIN_DIGEST = 4,     /* as RFC 2617, qop "auth" */
};

/* Not 1 for a wrong password: MeshCommander would take it for another challenge, and go on without
 * end (MCMD). */
enum login_status { LOGIN_SUCCESS = 0, LOGIN_CHALLENGED = 1, LOGIN_REFUSED = 2 };

bool login_is_known(uint8_t kind)
{
    return kind <= LOGIN_DIGEST && kind != 2;
}

static void reply(struct redirect_session *s, enum login_status status, const uint8_t *data,
                  size_t len)
{
    uint8_t *m = session_say(s, REDIRECT_AUTHENTICATE_REPLY, LOGIN_HEADER + len);

    m[1] = (uint8_t)status;
    m[LOGIN_KIND_AT] = s->in[LOGIN_KIND_AT];
    put_le32(m + LOGIN_LENGTH_AT, (uint32_t)len);
    memcpy(m + LOGIN_HEADER, data, len);
}

void login_refuse(struct redirect_session *s, const struct redirect_view *v, const char *why)
{
    reply(s, LOGIN_REFUSED, s->out, 0);
    session_end(s, v, why);
}

/* --- texts, each behind its length --- */

enum field { USER, REALM, NONCE, URI, CNONCE, COUNT, RESPONSE, QOP, FIELDS };

struct fields {
    const char *at[FIELDS];
    uint8_t len[FIELDS];
};

/* False: they are not exactly so many. */
static bool read_fields(const struct redirect_session *s, int count, struct fields *f)
{
    const uint8_t *at = s->in + LOGIN_HEADER, *end = s->in + s->in_len;

    memset(f, 0, sizeof(*f));
    for (int i = 0; i < count; i++) {
        if (at == end || *at > end - at - 1)
            return false;
        f->len[i] = *at++;
        f->at[i] = (const char *)at;
        at += f->len[i];
    }
    return at == end;
}

static bool field_is(const struct fields *f, enum field field, const char *text)
{
    return f->len[field] == strlen(text) && memcmp(f->at[field], text, f->len[field]) == 0;
}

/* --- passwords --- */

static bool may_check(const struct redirect_session *s, const struct redirect_view *v)
{
    return v->now_ms >= digest_check_from_ms(s->redirect->device.digest);
}

static void count_wrong(const struct redirect_session *s, const struct redirect_view *v)
{
    const struct redirect_device *device = &s->redirect->device;

    digest_count_wrong(device->digest, v->now_ms);
    device->wrong_password(device->ctx);
}

static void judge(struct redirect_session *s, const struct redirect_view *v, bool right,
                  const struct redirect_account *account)
{
    s->stream.password_checked(s->stream.ctx, !right           ? PASSWORD_WRONG
                                              : account->owner ? PASSWORD_OWNERS
                                                               : PASSWORD_USERS);
    if (!right)
        count_wrong(s, v);
    if (!right)
        login_refuse(s, v, "wrong password");
    else if (!account->allowed)
        login_refuse(s, v, "no right to redirection");
    else if (!session_accept(s, v, account))
        login_refuse(s, v, "busy");
    else
        reply(s, LOGIN_SUCCESS, s->out, 0);
}

/* Of an unknown user: false, and an account whose password nobody has. */
static bool find_account(const struct redirect_session *s, const char *realm,
                         const struct fields *f, struct redirect_account *out)
{
    const struct redirect_device *device = &s->redirect->device;

    memset(out, 0, sizeof(*out));
    return device->account(device->ctx, realm, f->at[USER], f->len[USER], out);
}

/* User and password (AMTTERM): the fields are two. */
static void check_password(struct redirect_session *s, const struct redirect_view *v,
                           const struct fields *f)
{
    char realm[DIGEST_REALM];
    struct redirect_account account;
    uint8_t given[MD5_BYTES];
    bool known, equal;

    digest_realm(v->uuid, realm);
    known = find_account(s, realm, f, &account);
    md5_of((const struct md5_part[]){{f->at[USER], f->len[USER]},
                                     {":", 1},
                                     {realm, strlen(realm)},
                                     {":", 1},
                                     {f->at[REALM], f->len[REALM]}},
           5, given);
    equal = digest_equal(given, account.ha1);
    judge(s, v, known && equal, &account);
    wipe(given, sizeof(given));
    wipe(&account, sizeof(account));
}

/* --- digest --- */

#define SERVICE_URI "/RedirectionService"
#define SERVICE_QOP "auth"

/* Realm, nonce and qop. The nonce is made from one of HTTP's, which nobody can guess, and is none
 * itself: an answer that was overheard here is good for nothing there. */
static void challenge(struct redirect_session *s, const struct redirect_view *v)
{
    uint8_t data[1 + DIGEST_REALM + DIGEST_HEX + sizeof(SERVICE_QOP)], *at = data;
    uint8_t hash[MD5_BYTES];
    char realm[DIGEST_REALM];
    bool qop = s->in[LOGIN_KIND_AT] == LOGIN_DIGEST;

    if (!digest_offer(s->redirect->device.digest, v->entropy, v->now_ms, s->nonce)) {
        login_refuse(s, v, "no randomness");
        return;
    }
    md5_of((const struct md5_part[]){{s->nonce, DIGEST_HEX}}, 1, hash);
    hex_write(s->nonce, hash, sizeof(hash));
    s->challenge = s->in[LOGIN_KIND_AT];
    digest_realm(v->uuid, realm);
    *at++ = DIGEST_REALM - 1;
    memcpy(at, realm, DIGEST_REALM - 1);
    at += DIGEST_REALM - 1;
    *at++ = DIGEST_HEX;
    memcpy(at, s->nonce, DIGEST_HEX);
    at += DIGEST_HEX;
    if (qop) {
        *at++ = sizeof(SERVICE_QOP) - 1;
        memcpy(at, SERVICE_QOP, sizeof(SERVICE_QOP) - 1);
        at += sizeof(SERVICE_QOP) - 1;
    }
    reply(s, LOGIN_CHALLENGED, data, (size_t)(at - data));
}

/* Whether it is an answer to the challenge, right or wrong. */
static bool is_answer(const struct redirect_session *s, const struct fields *f, const char *realm,
                      uint8_t answer[MD5_BYTES])
{
    bool qop = s->in[LOGIN_KIND_AT] == LOGIN_DIGEST;

    return s->challenge == s->in[LOGIN_KIND_AT] && field_is(f, NONCE, s->nonce) &&
           field_is(f, REALM, realm) && field_is(f, URI, SERVICE_URI) &&
           f->len[RESPONSE] == DIGEST_HEX && hex_read(f->at[RESPONSE], answer, MD5_BYTES) &&
           (!qop || (f->len[CNONCE] > 0 && f->len[COUNT] > 0 && field_is(f, QOP, SERVICE_QOP)));
}

static void check_answer(struct redirect_session *s, const struct redirect_view *v,
                         const struct fields *f)
{
    bool qop = s->in[LOGIN_KIND_AT] == LOGIN_DIGEST, known, equal;
    char realm[DIGEST_REALM], ha1[DIGEST_HEX + 1];
    uint8_t answer[MD5_BYTES], right[MD5_BYTES];
    struct redirect_account account;

    digest_realm(v->uuid, realm);
    if (!is_answer(s, f, realm, answer)) {
        login_refuse(s, v, "not an answer to the challenge");
        return;
    }
    s->challenge = 0; /* a nonce is good for one answer */
    known = find_account(s, realm, f, &account);
    hex_write(ha1, account.ha1, MD5_BYTES);
    digest_response(&(struct digest_input){.user = "",
                                           .realm = "",
                                           .method = "POST",
                                           .uri = SERVICE_URI,
                                           .ha1 = ha1,
                                           .nonce = s->nonce,
                                           .nonce_len = DIGEST_HEX,
                                           .count = qop ? f->at[COUNT] : NULL,
                                           .count_len = f->len[COUNT],
                                           .cnonce = f->at[CNONCE],
                                           .cnonce_len = f->len[CNONCE]},
                    right);
    equal = digest_equal(answer, right);
    judge(s, v, known && equal, &account);
    wipe(right, sizeof(right));
    wipe(ha1, sizeof(ha1));
    wipe(&account, sizeof(account));
}

static void answer_query(struct redirect_session *s, const struct redirect_view *v)
{
    static const uint8_t kinds[] = {LOGIN_PLAIN, LOGIN_DIGEST_OLD, LOGIN_DIGEST};

    reply(s, LOGIN_SUCCESS, v->plain ? kinds : kinds + 1, sizeof(kinds) - !v->plain);
}

bool login_handle(struct redirect_session *s, const struct redirect_view *v)
{
    static const uint8_t count[] = {
        [LOGIN_QUERY] = 0, [LOGIN_PLAIN] = 2, [LOGIN_DIGEST_OLD] = QOP, [LOGIN_DIGEST] = FIELDS};
    uint8_t kind = s->in[LOGIN_KIND_AT];
    struct fields f;

    if (!read_fields(s, count[kind], &f)) {
        session_end(s, v, "a malformed log-in");
        return true;
    }
    if (kind == LOGIN_QUERY) {
        answer_query(s, v);
        return true;
    }
    if (kind == LOGIN_PLAIN && !v->plain) {
        login_refuse(s, v, "no passwords in clear: MEBx forbids it");
        return true;
    }
    if (kind != LOGIN_PLAIN && f.len[RESPONSE] == 0) {
        challenge(s, v);
        return true;
    }
    if (!may_check(s, v))
        return false;
    if (kind == LOGIN_PLAIN)
        check_password(s, v, &f);
    else
        check_answer(s, v, &f);
    return true;
}
