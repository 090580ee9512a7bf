#ifndef MANAGE_DIGEST_H
#define MANAGE_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/manage/md5.h"
#include "hal/entropy.h"

/* HTTP digest, MD5 with qop "auth" (RFC 2617). Whose answers are right is the caller's list: the
 * user "admin" with the MEBx password, and what a set-up server has given out (MC, S4). */

#define DIGEST_USER "admin"
#define DIGEST_HEX (2 * MD5_BYTES)
#define DIGEST_REALM sizeof("Digest:0123456789abcdef0123456789abcdef") /* HONEY */

/* Nonces outlive connections (MC) and take no memory before a right answer: a nonce says when it
 * was given out, as which one, and bears a check that only this device can make. So nobody who asks
 * for nonces takes another one's away. */
struct digest {
    bool keyed;
    uint8_t secret[MD5_BYTES]; /* drawn at the first nonce; nonces end with the firmware's run */
    uint32_t offered;          /* number of the latest nonce */
    uint32_t forgotten; /* up to this number, nonces that are not below are not good any more */
    struct digest_used {
        uint32_t number; /* 0 = none */
        uint32_t count;  /* the highest one that was accepted */
    } used[LIMIT_NONCES];
    /* Wrong answers, whoever gave them: each makes the next check wait. */
    uint8_t wrong;     /* how many, lately */
    uint64_t wrong_ms; /* when the last one was given */
    uint64_t next_ms;  /* nothing is checked before */
};

enum digest_result {
    DIGEST_REFUSED =
        0,        /* incomplete, or not meant for this request: it says nothing of a password */
    DIGEST_WRONG, /* for any account */
    DIGEST_STALE, /* right, but for a nonce that is too old, unknown, or was used this often */
    DIGEST_OK,
    DIGEST_WAIT, /* not looked at: digest_next_ms() says from when on it may be */
};

struct digest_account {
    const char *user, *password;
    const char *ha1; /* instead of a password: MD5 of user:realm:password, as 32 small digits */
};

/* What the header is held against. */
struct digest_expected {
    const char *realm;
    const struct digest_account *account; /* any of them is right */
    uint8_t accounts;
    const char *method, *path; /* of the request */
    uint64_t now_ms;
};

/* "Digest:" and 32 digits, always the same for a device; uuid in wire order. */
void digest_realm(const uint8_t uuid[LIMIT_UUID_BYTES], char realm[DIGEST_REALM]);

/* RFC 2617's request-digest for qop "auth". */
struct digest_input {
    const char *user, *realm, *password, *method, *uri;
    const char *ha1; /* as of struct digest_account; NULL: of user, realm and password */
    const char *nonce, *count, *cnonce; /* as in the header, and their lengths */
    size_t nonce_len, count_len, cnonce_len;
};
void digest_response(const struct digest_input *in, uint8_t out[MD5_BYTES]);

/* value: of the Authorization header. DIGEST_OK uses up the count. A wrong answer makes the next
 * check, of whatever answer, wait: LIMIT_WRONG_ANSWERS_FREE of them do not, then it is a quarter of
 * a second, twice as long each time, at most LIMIT_WRONG_ANSWER_WAIT_MS; half a minute without one,
 * and all is forgotten. A right answer changes nothing of that: it would tell who may guess on. */
enum digest_result digest_check(struct digest *digest, const struct digest_expected *expected,
                                const char *value);

/* No answer is checked before; 0 = at any time. */
static inline uint64_t digest_next_ms(const struct digest *digest)
{
    return digest->next_ms;
}

/* A nonce to offer. False: no randomness. */
bool digest_offer(struct digest *digest, const struct hal_entropy *entropy, uint64_t now_ms,
                  char nonce[DIGEST_HEX + 1]);

#endif
