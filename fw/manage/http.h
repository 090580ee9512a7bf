// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_HTTP_H
#define MANAGE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"

/* A reader of HTTP/1.0 and 1.1 requests, a byte at a time, in bounded memory (RFC 9112). */

enum http_method {
    HTTP_GET,
    HTTP_POST,
    HTTP_KNOWN, /* another method of RFC 9110 */
};

/* What a byte has completed, as bits. */
enum http_event {
    HTTP_MORE = 0,
    HTTP_HEADER = 1, /* http_name() and http_value() are valid until the next byte */
    HTTP_BODY = 2,   /* the byte is one of the body's */
    HTTP_DONE = 4,   /* the request is complete */
    HTTP_BAD = 8,    /* not a request, or a limit is exceeded: status is the reply's; final */
};

struct http {
    uint8_t state;
    uint8_t method; /* enum http_method */
    bool http_1_0;  /* HTTP/1.0 */
    bool close;     /* the peer wants no further request on this connection */
    bool has_host, has_length, chunked;
    uint16_t status;   /* of HTTP_BAD: 400, 411, 413, 414, 431, 501 or 505 */
    uint16_t head_len; /* bytes of all lines so far */
    uint16_t line_len;
    uint16_t value_at;
    uint32_t body_left;             /* bytes left of the body, or of its chunk */
    uint32_t chunks_len;            /* bytes of all chunks so far */
    char path[LIMIT_HTTP_PATH + 1]; /* "" for a longer path: nothing is served there */
    char line[LIMIT_HTTP_LINE + 1];
};

void http_begin(struct http *http); /* before each request */
int http_feed(struct http *http, uint8_t byte);

/* The header's name, in lower case, and its value without surrounding blanks. */
const char *http_name(const struct http *http);
const char *http_value(const struct http *http);

/* in_head: the lines before the body are being read; nothing_read: not a byte has been read yet. */
bool http_in_head(const struct http *http);
bool http_nothing_read(const struct http *http);

/* "GET" or "POST"; "" for another method. */
const char *http_method_name(const struct http *http);
/* "Bad Request"; "" for a status that is never sent. */
const char *http_reason(uint16_t status);

#endif
