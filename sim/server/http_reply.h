// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_SERVER_HTTP_REPLY_H
#define SIM_SERVER_HTTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A client's view of HTTP/1.1 (RFC 9112): a reader of replies, a byte at a time, and digest
 * authentication (RFC 2617, MD5 with qop "auth"). */

#define HTTP_REPLY_BODY (64u * 1024u)
#define HTTP_REPLY_LINE 1024u

enum http_reply_result { HTTP_REPLY_MORE, HTTP_REPLY_DONE, HTTP_REPLY_BAD };

struct http_reply {
    uint8_t state;
    uint16_t status;
    bool close;   /* the server closes the connection */
    bool chunked; /* else `left` bytes */
    bool has_length;
    char challenge[HTTP_REPLY_LINE]; /* WWW-Authenticate; "" = none */
    char line[HTTP_REPLY_LINE];
    size_t line_len;
    uint32_t left;   /* of the body or of its chunk */
    size_t body_len; /* without the final NUL */
    char body[HTTP_REPLY_BODY + 1];
};

void http_reply_begin(struct http_reply *reply);
/* DONE and BAD are final: whatever came behind is none of this reply's. */
enum http_reply_result http_reply_feed(struct http_reply *reply, uint8_t byte);

#define HTTP_AUTH_TEXT 128u

struct http_auth {
    char realm[HTTP_AUTH_TEXT], nonce[HTTP_AUTH_TEXT]; /* nonce "" = no challenge yet */
    uint32_t count;                                    /* of requests with this nonce */
    bool stale; /* the credentials of the last request were right */
};

/* False: not a digest challenge with qop "auth". */
bool http_auth_challenge(struct http_auth *auth, const char *challenge);

#define HTTP_AUTH_HEADER 768u

/* The next request's "Authorization: ..." line with its end; "" without a challenge. */
void http_auth_header(struct http_auth *auth, const char *user, const char *password,
                      const char *method, const char *path, const uint8_t cnonce[8],
                      char out[HTTP_AUTH_HEADER]);

#define HTTP_DIGEST_ANSWER 33u

/* RFC 2617's request-digest with qop "auth", or without qop RFC 2069's (count NULL), in
 * hexadecimal. False: no memory. */
bool http_digest_answer(const struct http_auth *auth, const char *user, const char *password,
                        const char *method, const char *path, const char *count, const char *cnonce,
                        char out[HTTP_DIGEST_ANSWER]);

#endif
