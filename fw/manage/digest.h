#ifndef MANAGE_DIGEST_H
#define MANAGE_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/net/md5.h"
#include "hal/entropy.h"

/* HTTP digest, MD5 with qop "auth" (RFC 2617). Whose answers are right is the caller's list: the
 * user "admin" with the MEBx password, and what a set-up server has given out (MC, S4). */

#define DIGEST_USER "admin"
#define DIGEST_HEX (2 * MD5_BYTES)
#define DIGEST_REALM sizeof("Digest:0123456789abcdef0123456789abcdef") /* HONEY */

struct digest_nonce {
    uint8_t bytes[MD5_BYTES];
    uint64_t until_ms; /* 0 = none was given out here */
    uint32_t count;    /* the highest one that was accepted */
};

/* The nonces that were given out. They outlive connections (MC). */
struct digest {
    struct digest_nonce nonce[LIMIT_NONCES];
};

enum digest_result {
    DIGEST_REFUSED = 0, /* wrong, incomplete, or not meant for this request */
    DIGEST_STALE, /* right, but for a nonce that is too old, unknown, or was used this often */
    DIGEST_OK,
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

/* value: of the Authorization header. DIGEST_OK uses up the count. */
enum digest_result digest_check(struct digest *digest, const struct digest_expected *expected,
                                const char *value);

/* A nonce to offer. It takes the place of the oldest one that nobody has used, else of the oldest.
 * False: no randomness. */
bool digest_offer(struct digest *digest, const struct hal_entropy *entropy, uint64_t now_ms,
                  char nonce[DIGEST_HEX + 1]);

#endif
