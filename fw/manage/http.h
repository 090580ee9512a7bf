// SPDX-License-Identifier: BSD-3-Clause
#ifndef MANAGE_HTTP_H
#define MANAGE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"

/* A reader of HTTP/1.0 and 1.1 requests, a byte at a time, in bounded memory (RFC 9112). One thing
 * is taken that the RFC forbids: HTTP/1.1 without Host, as MeshCmd asks (MCMD). */

enum http_method {
    HTTP_GET,
    HTTP_POST,
    HTTP_HEAD,
    HTTP_KNOWN, /* from here on: the other methods of RFC 9110 */
};

/* What a byte has completed, as bits. */
enum http_event {
    HTTP_MORE = 0,
    HTTP_HEADER = 1, /* http_name() and http_value() are valid until the next byte */
    HTTP_BODY = 2,   /* the byte is one of the body's */
    HTTP_DONE = 4,   /* the request is complete */
    HTTP_BAD = 8,    /* not a request, or a limit is exceeded: status is the reply's; final */
    HTTP_WAITS = 16, /* the body comes after "100 Continue", or without it some time later */
};

struct http {
    uint8_t state;
    uint8_t method; /* enum http_method */
    bool http_1_0;  /* HTTP/1.0 */
    bool close;     /* the peer wants no further request on this connection */
    bool has_host, has_length, chunked, expects;
    uint16_t status;   /* of HTTP_BAD: 400, 411, 413, 414, 417, 431, 501 or 505 */
    uint16_t head_len; /* bytes of all lines so far */
    uint16_t line_len;
    uint16_t value_at;
    uint32_t body_left;             /* bytes left of the body, or of its chunk */
    uint32_t chunks_len;            /* bytes of all chunks so far */
    const char *why;                /* of HTTP_BAD, in a few words; NULL without FW_TEXTS */
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

/* How many characters of a request's target come before its path: the scheme and the authority of
 * its absolute form (RFC 9112 3.2.2). */
size_t http_before_path(const char *target, size_t len);

/* "GET", "POST" or "HEAD"; "" for another method. */
const char *http_method_name(const struct http *http);
/* "Bad Request"; "" for a status that is never sent. */
const char *http_reason(uint16_t status);

#endif
