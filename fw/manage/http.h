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
    HTTP_KNOWN, /* another one of RFC 9110's */
};

/* What a byte has completed, as bits. */
enum http_event {
    HTTP_MORE = 0,
    HTTP_HEADER = 1, /* name() and value() until the next byte */
    HTTP_BODY = 2,   /* the byte is one of the body's */
    HTTP_DONE = 4,   /* the request is complete */
    HTTP_BAD = 8,    /* not a request, or beyond a limit: status says what to answer; final */
};

struct http {
    uint8_t state;
    uint8_t method; /* enum http_method */
    bool old;       /* HTTP/1.0 */
    bool close;     /* the peer wants no further request on this connection */
    bool host, has_length, chunked;
    uint16_t status; /* of HTTP_BAD: 400, 411, 413, 414, 431, 501 or 505 */
    uint16_t head;   /* bytes of all lines */
    uint16_t line_len;
    uint16_t value_at;
    uint32_t left;                  /* of the body, or of its chunk */
    uint32_t body;                  /* bytes of all chunks */
    char path[LIMIT_HTTP_PATH + 1]; /* "" when longer: nothing is there */
    char line[LIMIT_HTTP_LINE + 1];
};

void http_begin(struct http *http); /* before each request */
int http_feed(struct http *http, uint8_t byte);

/* The header's name, in small letters, and its value without blanks around it. */
const char *http_name(const struct http *http);
const char *http_value(const struct http *http);

/* The lines before the body are being read; nothing_read: not a byte. */
bool http_in_head(const struct http *http);
bool http_nothing_read(const struct http *http);

/* "GET", "POST"; "" for another one. */
const char *http_method_name(const struct http *http);
/* "Bad Request"; "" for a status that is never answered. */
const char *http_reason(uint16_t status);

#endif
