// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/digest.h"

#include <string.h>

#include "fw/core/bytes.h"
#include "fw/core/hex.h"
#include "fw/core/text.h"
#include "fw/core/wipe.h"
#include "fw/manage/http.h"

static struct md5_part part(const char *text)
{
    return (struct md5_part){text, strlen(text)};
}

void digest_realm(const uint8_t uuid[LIMIT_UUID_BYTES], char realm[DIGEST_REALM])
{
    static const char prefix[] = "Digest:";
    const struct md5_part in[] = {part(prefix), {uuid, LIMIT_UUID_BYTES}};
    uint8_t hash[MD5_BYTES];

    md5_of(in, 2, hash);
    memcpy(realm, prefix, sizeof(prefix));
    hex_write(realm + sizeof(prefix) - 1, hash, sizeof(hash));
    for (char *c = realm + sizeof(prefix) - 1; *c; c++)
        if (*c >= 'a')
            *c = (char)(*c & ~0x20);
}

void digest_ha1(const struct digest_account *account, const char *realm, char out[DIGEST_HEX + 1])
{
    uint8_t hash[MD5_BYTES];

    if (account->ha1) {
        memcpy(out, account->ha1, DIGEST_HEX + 1);
        return;
    }
    if (!account->hash) {
        const struct md5_part colon = part(":");
        const struct md5_part a1[] = {part(account->user), colon, part(realm), colon,
                                      part(account->password)};

        md5_of(a1, 5, hash);
    }
    hex_write(out, account->hash ? account->hash : hash, MD5_BYTES);
    wipe(hash, sizeof(hash));
}

void digest_response(const struct digest_input *in, uint8_t out[MD5_BYTES])
{
    const struct md5_part colon = part(":");
    const struct md5_part a2[] = {
        part(in->method), colon, {in->uri, in->uri_len ? in->uri_len : strlen(in->uri)}};
    char h1[DIGEST_HEX + 1], h2[DIGEST_HEX + 1];
    const struct md5_part all[] = {
        {h1, DIGEST_HEX},
        colon,
        {in->nonce, in->nonce_len},
        colon,
        {in->count ? in->count : h2, in->count ? in->count_len : DIGEST_HEX},
        colon,
        {in->cnonce, in->cnonce_len},
        part(":auth:"),
        {h2, DIGEST_HEX}};

    digest_ha1(
        &(struct digest_account){
            .user = in->user, .password = in->password, .ha1 = in->ha1, .hash = in->hash},
        in->realm, h1);
    md5_of(a2, 3, out);
    hex_write(h2, out, MD5_BYTES);
    md5_of(all, in->count ? 9 : 5, out);
    wipe(h1, sizeof(h1)); /* as good as the password */
}

/* The fields of the header. */
enum field { USERNAME, REALM, NONCE, URI, RESPONSE, CNONCE, NC, QOP, ALGORITHM, FIELDS };

struct fields {
    const char *at[FIELDS]; /* NULL = not there */
    size_t len[FIELDS];
};

static size_t span(const char *text, const char *stop)
{
    size_t n = 0;

    while (text[n] && !strchr(stop, text[n]))
        n++;
    return n;
}

static const char *skip_blanks(const char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    return text;
}

static int find_field(const char *name, size_t len)
{
    static const char *const known[FIELDS] = {"username", "realm", "nonce", "uri",      "response",
                                              "cnonce",   "nc",    "qop",   "algorithm"};

    for (int i = 0; i < FIELDS; i++)
        if (strlen(known[i]) == len && memcmp(known[i], name, len) == 0)
            return i;
    return FIELDS;
}

/* Reads NAME=VALUE or NAME="VALUE". Returns what follows; NULL: malformed, or a field that has
 * occurred before. */
static const char *read_field(const char *text, struct fields *f)
{
    size_t name = span(text, "=\", \t"), len;
    int field = find_field(text, name);
    bool quoted;

    text += name;
    if (name == 0 || *text++ != '=')
        return NULL;
    quoted = *text == '"';
    text += quoted;
    len = span(text, quoted ? "\"\\" : "\", \t");
    if (quoted && text[len] != '"')
        return NULL;
    if (field < FIELDS) {
        if (f->at[field])
            return NULL;
        f->at[field] = text;
        f->len[field] = len;
    }
    return text + len + quoted;
}

static bool read_fields(const char *value, struct fields *f)
{
    static const char scheme[] = "digest";

    memset(f, 0, sizeof(*f));
    for (int i = 0; scheme[i]; i++, value++)
        if ((*value | 0x20) != scheme[i])
            return false;
    if (*value != ' ')
        return false;
    for (;;) {
        value = read_field(skip_blanks(value), f);
        if (!value)
            return false;
        value = skip_blanks(value);
        if (*value == '\0')
            return true;
        if (*value++ != ',')
            return false;
    }
}

static bool field_is(const struct fields *f, enum field field, const char *text)
{
    return f->at[field] && f->len[field] == strlen(text) &&
           memcmp(f->at[field], text, f->len[field]) == 0;
}

static bool uri_is(const struct fields *f, const char *path)
{
    const char *uri = f->at[URI];
    size_t before = uri ? http_before_path(uri, f->len[URI]) : 0;

    return uri && f->len[URI] - before == strlen(path) && path[0] &&
           memcmp(uri + before, path, strlen(path)) == 0;
}

/* Exactly 2 * len hexadecimal digits. */
static bool read_hex_field(const struct fields *f, enum field field, uint8_t *out, size_t len)
{
    return f->at[field] && f->len[field] == 2 * len && hex_read(f->at[field], out, len);
}

/* Eight digits (RFC 2617), or fewer: set-up servers count in decimal, without leading zeros (MC).
 * Read as hexadecimal it increases all the same. */
static bool read_count(const struct fields *f, uint32_t *count)
{
    if (!f->at[NC] || f->len[NC] == 0 || f->len[NC] > 8)
        return false;
    *count = 0;
    for (size_t i = 0; i < f->len[NC]; i++) {
        int digit = hex_digit(f->at[NC][i]);

        if (digit < 0)
            return false;
        *count = *count << 4 | (uint32_t)digit;
    }
    return true;
}

bool digest_equal(const uint8_t a[MD5_BYTES], const uint8_t b[MD5_BYTES])
{
    volatile uint8_t difference = 0;

    for (int i = 0; i < MD5_BYTES; i++)
        difference = (uint8_t)(difference | (a[i] ^ b[i]));
    return difference == 0;
}

/* A nonce: the time in seconds when it was offered, its number, and the check value. */
#define NONCE_HEAD 8u

/* Keyed by the secret before and after the head, all of fixed length. */
static void nonce_check(const struct digest *d, const uint8_t head[NONCE_HEAD],
                        uint8_t out[MD5_BYTES])
{
    const struct md5_part in[] = {
        {d->secret, sizeof(d->secret)}, {head, NONCE_HEAD}, {d->secret, sizeof(d->secret)}};

    md5_of(in, 3, out);
}

/* The number of a valid nonce; 0: it is not valid. */
static uint32_t nonce_number(const struct digest *d, const uint8_t nonce[MD5_BYTES],
                             uint64_t now_ms)
{
    uint8_t check[MD5_BYTES], whole[MD5_BYTES];
    uint64_t offered_ms = (uint64_t)get_le32(nonce) * 1000u;

    if (!d->keyed)
        return 0;
    nonce_check(d, nonce, check);
    memcpy(whole, nonce, NONCE_HEAD);
    memcpy(whole + NONCE_HEAD, check, MD5_BYTES - NONCE_HEAD);
    if (!digest_equal(whole, nonce) || now_ms < offered_ms || now_ms - offered_ms >= LIMIT_NONCE_MS)
        return 0;
    return get_le32(nonce + 4);
}

static bool use_nonce(struct digest *d, uint32_t number, uint32_t count)
{
    struct digest_used *oldest = &d->used[0];

    for (int i = 0; i < LIMIT_NONCES; i++) {
        struct digest_used *u = &d->used[i];

        if (u->number == number) {
            if (count <= u->count)
                return false;
            u->count = count;
            return true;
        }
        if (u->number < oldest->number)
            oldest = u;
    }
    if (number <= d->forgotten || number < oldest->number || count == 0)
        return false;
    if (oldest->number > d->forgotten)
        d->forgotten = oldest->number; /* its count is no longer known: it must not be used again */
    *oldest = (struct digest_used){number, count};
    return true;
}

void digest_count_wrong(struct digest *d, uint64_t now_ms)
{
    uint32_t wait_ms;

    if (now_ms - d->wrong_ms >= LIMIT_WRONG_ANSWERS_FORGOTTEN_MS)
        d->wrong = 0;
    d->wrong_ms = now_ms;
    if (d->wrong < LIMIT_WRONG_ANSWERS_FREE + 8)
        d->wrong++;
    if (d->wrong < LIMIT_WRONG_ANSWERS_FREE)
        return;
    wait_ms = LIMIT_WRONG_ANSWER_FIRST_MS << (d->wrong - LIMIT_WRONG_ANSWERS_FREE);
    d->check_from_ms =
        now_ms + (wait_ms < LIMIT_WRONG_ANSWER_WAIT_MS ? wait_ms : LIMIT_WRONG_ANSWER_WAIT_MS);
}

bool digest_is_user(const struct digest_account *account, const char *name, size_t len)
{
    return len <= LIMIT_USER_NAME && strncmp(account->user, name, len) == 0 &&
           (len == LIMIT_USER_NAME || account->user[len] == '\0');
}

/* All accounts are compared, even after one has matched, and those that are off like the others.
 * Returns the number of the one whose answer it is; e->accounts: it is wrong. */
static uint8_t find_right(const struct fields *f, const struct digest_expected *e,
                          const uint8_t answer[MD5_BYTES])
{
    uint8_t right[MD5_BYTES], found = e->accounts;

    for (uint8_t i = 0; i < e->accounts; i++) {
        const struct digest_account *account = &e->account[i];

        digest_response(&(struct digest_input){.user = account->user,
                                               .realm = e->realm,
                                               .password = account->password,
                                               .ha1 = account->ha1,
                                               .hash = account->hash,
                                               .method = e->method,
                                               .uri = f->at[URI],
                                               .uri_len = f->len[URI],
                                               .nonce = f->at[NONCE],
                                               .nonce_len = f->len[NONCE],
                                               .count = f->at[NC],
                                               .count_len = f->len[NC],
                                               .cnonce = f->at[CNONCE],
                                               .cnonce_len = f->len[CNONCE]},
                        right);
        if (digest_equal(answer, right) && !account->off && f->at[USERNAME] &&
            digest_is_user(account, f->at[USERNAME], f->len[USERNAME]))
            found = i;
    }
    wipe(right, sizeof(right));
    return found;
}

enum digest_result digest_check(struct digest *d, const struct digest_expected *e,
                                const char *value)
{
    struct fields f;
    uint8_t answer[MD5_BYTES], nonce[MD5_BYTES], account;
    uint32_t count, number;

    /* CVE-2017-5689: only as many bytes were compared as the answer had. Here the answer must have
     * all of them. */
    if (!read_fields(value, &f) || !read_hex_field(&f, RESPONSE, answer, sizeof(answer)) ||
        !read_hex_field(&f, NONCE, nonce, sizeof(nonce)) || !read_count(&f, &count))
        return DIGEST_REFUSED;
    if (!field_is(&f, REALM, e->realm) || !uri_is(&f, e->path) || !field_is(&f, QOP, "auth") ||
        !f.at[CNONCE] || f.len[CNONCE] == 0 || (f.at[ALGORITHM] && !field_is(&f, ALGORITHM, "MD5")))
        return DIGEST_REFUSED;
    if (e->now_ms < d->check_from_ms)
        return DIGEST_WAIT;
    account = find_right(&f, e, answer);
    if (account == e->accounts) {
        digest_count_wrong(d, e->now_ms);
        return DIGEST_WRONG;
    }
    number = nonce_number(d, nonce, e->now_ms);
    if (number == 0)
        return DIGEST_STALE;
    if (e->answered)
        *e->answered = account;
    if (e->repeats && e->repeats->number == number && e->repeats->count == count)
        return DIGEST_OK;
    if (!use_nonce(d, number, count))
        return DIGEST_STALE;
    if (e->repeats)
        *e->repeats = (struct digest_used){number, count};
    return DIGEST_OK;
}

bool digest_offer(struct digest *d, const struct hal_entropy *entropy, uint64_t now_ms,
                  char nonce[DIGEST_HEX + 1])
{
    uint8_t bytes[MD5_BYTES], check[MD5_BYTES];

    if (!d->keyed && entropy->fill(entropy->ctx, d->secret, sizeof(d->secret)) != 0)
        return false;
    d->keyed = true;
    put_le32(bytes, (uint32_t)(now_ms / 1000u));
    put_le32(bytes + 4, ++d->offered);
    nonce_check(d, bytes, check);
    memcpy(bytes + NONCE_HEAD, check, MD5_BYTES - NONCE_HEAD);
    hex_write(nonce, bytes, sizeof(bytes));
    return true;
}
