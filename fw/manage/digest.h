// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_DIGEST_H
#define MANAGE_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/manage/md5.h"
#include "hal/entropy.h"

/* HTTP digest, MD5 with qop "auth" (RFC 2617). The caller passes the list of accounts: the user
 * "admin" with the MEBx password, or the administrator that a set-up server has set (MC, S4). */

#define DIGEST_USER "admin"
#define DIGEST_HEX (2 * MD5_BYTES)
#define DIGEST_REALM sizeof("Digest:0123456789ABCDEF0123456789ABCDEF") /* HONEY, RPS */

struct digest_used {
    uint32_t number; /* of the nonce; 0 = none */
    uint32_t count;  /* the highest count that was accepted */
};

/* Nonces outlive connections (MC) and take no memory before a right answer: a nonce contains its
 * time, its number and a check value that only this device can compute. So nobody can invalidate
 * other nonces by asking for many. */
struct digest {
    bool keyed;
    uint8_t secret[MD5_BYTES]; /* drawn for the first nonce; a reset invalidates all nonces */
    uint32_t offered;          /* number of the latest nonce */
    uint32_t forgotten;        /* nonces up to this number are stale unless they are listed below */
    struct digest_used used[LIMIT_NONCES];
    /* Wrong answers, from whatever peer: each delays the next check. */
    uint8_t wrong;          /* how many, lately */
    uint64_t wrong_ms;      /* when the last one was answered */
    uint64_t check_from_ms; /* no answer is checked before */
};

enum digest_result {
    DIGEST_REFUSED = 0, /* incomplete, or for another request: it says nothing about a password */
    DIGEST_WRONG,       /* wrong for every account */
    DIGEST_STALE, /* right, but the nonce is too old or unknown, or this count was used before */
    DIGEST_OK,
    DIGEST_WAIT, /* not checked: see digest_check_from_ms() */
};

struct digest_account {
    const char *user; /* of LIMIT_USER_NAME characters it need not have a NUL */
    const char *password;
    const char *ha1;     /* instead of a password: its MD5 as in struct secret_settings ... */
    const uint8_t *hash; /* ... or its 16 bytes */
    uint32_t realms;     /* what the account opens, for the caller (realms.h) */
    bool off;            /* its answers are wrong ones */
};

/* What the header is compared with. */
struct digest_expected {
    const char *realm;
    const struct digest_account *account; /* the answer may be any account's */
    uint8_t accounts;
    uint8_t *answered;         /* NULL, or where DIGEST_OK tells the account's number */
    const char *method, *path; /* of the request */
    uint64_t now_ms;
    /* NULL: a count is good once. Else the latest that was accepted on this connection, all zero at
     * its begin: it is good there again, for whatever request it answers (G-auth). */
    struct digest_used *repeats;
};

/* "Digest:" and 32 digits in upper case, constant for a device; uuid in wire order. */
void digest_realm(const uint8_t uuid[LIMIT_UUID_BYTES], char realm[DIGEST_REALM]);

/* RFC 2617's request-digest for qop "auth"; with count NULL that of RFC 2069. */
struct digest_input {
    const char *user, *realm, *password, *method, *uri;
    size_t uri_len; /* 0: the uri is terminated */
    /* As in struct digest_account; both NULL: computed from user, realm and password. */
    const char *ha1;
    const uint8_t *hash;
    const char *nonce, *count, *cnonce; /* as in the header, not terminated */
    size_t nonce_len, count_len, cnonce_len;
};
void digest_response(const struct digest_input *in, uint8_t out[MD5_BYTES]);

/* The account's MD5 of user:realm:password, in lower-case digits: as good as the password, to be
 * wiped. */
void digest_ha1(const struct digest_account *account, const char *realm, char out[DIGEST_HEX + 1]);
/* Whether that is the account's name. */
bool digest_is_user(const struct digest_account *account, const char *name, size_t len);

/* value: the Authorization header's. Its uri is the path, or its absolute form (RFC 9112 3.2.2).
 * DIGEST_OK uses up the count. After LIMIT_WRONG_ANSWERS_FREE
 * wrong answers each one delays the next check of any answer: by LIMIT_WRONG_ANSWER_FIRST_MS, twice
 * as long each time, at most LIMIT_WRONG_ANSWER_WAIT_MS. After LIMIT_WRONG_ANSWERS_FORGOTTEN_MS
 * without a wrong answer all are forgotten. A right answer changes nothing of that, or anybody with
 * an account could guess another's password without delay. */
enum digest_result digest_check(struct digest *digest, const struct digest_expected *expected,
                                const char *value);

/* For another log-in with the same passwords: it shares the delays of digest_check(). */
void digest_count_wrong(struct digest *digest, uint64_t now_ms);
/* In constant time, so that it does not show where they differ. */
bool digest_equal(const uint8_t a[MD5_BYTES], const uint8_t b[MD5_BYTES]);

/* No answer is checked before that time; 0 = at any time. */
static inline uint64_t digest_check_from_ms(const struct digest *digest)
{
    return digest->check_from_ms;
}

/* Writes a new nonce. False: no randomness. */
bool digest_offer(struct digest *digest, const struct hal_entropy *entropy, uint64_t now_ms,
                  char nonce[DIGEST_HEX + 1]);

#endif
