// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/http.h"

#include <string.h>

#include "fw/core/hex.h"
#include "fw/core/text.h"
#include "fw/core/wipe.h"

enum state {
    REQUEST_LINE,
    HEADER_LINE,
    BODY,
    CHUNK_SIZE,
    CHUNK_DATA,
    CHUNK_END,
    TRAILER,
    END,
};

/* A text that only the trace shows. */
#define WHY(text) (FW_TEXTS ? (text) : NULL)

static int refuse(struct http *h, uint16_t status, const char *why)
{
    h->state = END;
    h->status = status;
    h->why = why;
    h->close = true;
    return HTTP_BAD;
}

void http_begin(struct http *h)
{
    wipe(h, sizeof(*h));
}

bool http_in_head(const struct http *h)
{
    return h->state == REQUEST_LINE || h->state == HEADER_LINE;
}

bool http_nothing_read(const struct http *h)
{
    return h->state == REQUEST_LINE && h->head_len == 0;
}

const char *http_name(const struct http *h)
{
    return h->line;
}

const char *http_value(const struct http *h)
{
    return h->line + h->value_at;
}

/* By enum http_method; those from HTTP_KNOWN on are answered, but never served. */
static const char *const methods[] = {"GET",     "POST",  "HEAD",    "PUT",  "DELETE",
                                      "OPTIONS", "TRACE", "CONNECT", "PATCH"};

#define METHODS (sizeof(methods) / sizeof(methods[0]))

const char *http_method_name(const struct http *h)
{
    return methods[h->method];
}

const char *http_reason(uint16_t status)
{
    static const struct {
        uint16_t status;
        const char *reason;
    } row[] = {
        {200, "OK"},
        {303, "See Other"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
#if FW_MACHINE
        {403, "Forbidden"},
#endif
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {417, "Expectation Failed"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {505, "HTTP Version Not Supported"}
    };

    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
        if (row[i].status == status)
            return row[i].reason;
    return "";
}

static bool is_token(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static char to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* -1: an unknown method */
static int find_method(const char *name)
{
    for (int i = 0; i < (int)METHODS; i++)
        if (strcmp(name, methods[i]) == 0)
            return i;
    return -1;
}

/* Returns 0, or the status of the refusal. A later 1.x is 1.1 (RFC 9110 2.5). */
static uint16_t read_version(struct http *h, const char *version)
{
    if (strlen(version) != 8 || memcmp(version, "HTTP/", 5) != 0 || version[6] != '.' ||
        version[5] < '0' || version[5] > '9' || version[7] < '0' || version[7] > '9')
        return 400;
    if (version[5] != '1')
        return 505;
    h->http_1_0 = version[7] == '0';
    h->close = h->http_1_0;
    return 0;
}

size_t http_before_path(const char *target, size_t len)
{
    static const char scheme[] = "https://";
    size_t at = 0;

    for (size_t i = 0; i < sizeof(scheme) - 1; i++) {
        if (at < len && to_lower(target[at]) == scheme[i])
            at++;
        else if (scheme[i] != 's')
            return 0;
    }
    while (at < len && target[at] != '/' && target[at] != '?')
        at++;
    return at;
}

/* Only of a GET or POST it matters where it goes. False: it has no path. */
static bool read_target(struct http *h, const char *target)
{
    size_t len = strlen(target), before = http_before_path(target, len);

    for (size_t i = 0; i < len; i++)
        if (target[i] < 0x21 || target[i] > 0x7E)
            return false;
    target += before;
    len -= before;
    if (before > 0 && len == 0) { /* an empty path is "/" (RFC 9110 4.2.3) */
        target = "/";
        len = 1;
    }
    if (target[0] != '/' && h->method < HTTP_KNOWN)
        return false;
    if (len <= LIMIT_HTTP_PATH)
        memcpy(h->path, target, len + 1);
    return true;
}

/* METHOD SP path SP HTTP/1.x */
static int read_request_line(struct http *h)
{
    char *target, *version;
    uint16_t status;
    int method;

    if (h->line_len == 0) /* empty lines before a request are skipped (RFC 9112 2.2) */
        return HTTP_MORE;
    target = strchr(h->line, ' ');
    version = target ? strchr(target + 1, ' ') : NULL;
    if (!version || target == h->line || version == target + 1)
        return refuse(h, 400, WHY("not a request line"));
    *target++ = '\0';
    *version++ = '\0';
    status = read_version(h, version);
    if (status)
        return refuse(h, status, WHY("not HTTP/1.x"));
    method = find_method(h->line);
    if (method < 0)
        return refuse(h, 501, WHY("an unknown method"));
    h->method = (uint8_t)method;
    if (!read_target(h, target))
        return refuse(h, 400, WHY("no path"));
    h->state = HEADER_LINE;
    return HTTP_MORE;
}

/* Reads up to 8 digits of that base, and nothing else. */
static bool read_number(const char *text, uint32_t base, uint32_t *out)
{
    size_t len = strlen(text);

    *out = 0;
    for (size_t i = 0; i < len; i++) {
        int digit = hex_digit(text[i]);

        if (digit < 0 || (uint32_t)digit >= base || i == 8)
            return false;
        *out = *out * base + (uint32_t)digit;
    }
    return len > 0;
}

/* Whether a list such as "TE, close" has the word, which is in lower case. */
static bool list_has(const char *list, const char *word)
{
    size_t len = strlen(word), n;

    while (*list) {
        while (*list == ' ' || *list == '\t' || *list == ',')
            list++;
        for (n = 0; list[n] && !strchr(" \t,;", list[n]); n++)
            ;
        if (n == len) {
            size_t same = 0;

            while (same < n && to_lower(list[same]) == word[same])
                same++;
            if (same == n)
                return true;
        }
        list += n;
        while (*list && *list != ',')
            list++;
    }
    return false;
}

/* The body's length is said once and in one way; else it could be read in two, and what one reader
 * takes for the body be another's next request. */
static int read_length(struct http *h, const char *value)
{
    if (h->has_length || h->chunked)
        return refuse(h, 400, WHY("two lengths of the body"));
    if (!read_number(value, 10, &h->body_left)) {
        if (strlen(value) > 8)
            return refuse(h, 413, WHY("the body is too long"));
        return refuse(h, 400, WHY("Content-Length is no number"));
    }
    h->has_length = true;
    if (h->body_left > LIMIT_HTTP_BODY)
        return refuse(h, 413, WHY("the body is too long"));
    return HTTP_HEADER;
}

static int read_encoding(struct http *h, const char *value)
{
    if (h->has_length || h->chunked)
        return refuse(h, 400, WHY("two lengths of the body"));
    if (h->http_1_0)
        return refuse(h, 400, WHY("Transfer-Encoding in HTTP/1.0"));
    if (strlen(value) != 7 || !list_has(value, "chunked"))
        return refuse(h, 501, WHY("an unknown Transfer-Encoding"));
    h->chunked = true;
    return HTTP_HEADER;
}

/* HTTP/1.0 knows no Expect: there it is ignored (RFC 9110 10.1.1). */
static int read_expect(struct http *h, const char *value)
{
    if (h->http_1_0)
        return HTTP_HEADER;
    if (strlen(value) != 12 || !list_has(value, "100-continue"))
        return refuse(h, 417, WHY("an unknown expectation"));
    h->expects = true;
    return HTTP_HEADER;
}

/* Headers that this reader acts on. */
static int read_known(struct http *h)
{
    const char *name = http_name(h), *value = http_value(h);

    if (strcmp(name, "content-length") == 0)
        return read_length(h, value);
    if (strcmp(name, "transfer-encoding") == 0)
        return read_encoding(h, value);
    if (strcmp(name, "expect") == 0)
        return read_expect(h, value);
    if (strcmp(name, "connection") == 0) {
        h->close |= list_has(value, "close");
    } else if (strcmp(name, "host") == 0) {
        if (h->has_host)
            return refuse(h, 400, WHY("two Hosts"));
        h->has_host = true;
    }
    return HTTP_HEADER;
}

static int read_header(struct http *h)
{
    size_t colon = 0, at, end = h->line_len;

    while (is_token(h->line[colon])) {
        h->line[colon] = to_lower(h->line[colon]);
        colon++;
    }
    if (colon == 0 && (h->line[0] == ' ' || h->line[0] == '\t'))
        return refuse(h, 400, WHY("a header in two lines"));
    if (colon == 0 || h->line[colon] != ':')
        return refuse(h, 400, WHY("a line that is no header"));
    for (at = colon + 1; h->line[at] == ' ' || h->line[at] == '\t'; at++)
        ;
    while (end > at && (h->line[end - 1] == ' ' || h->line[end - 1] == '\t'))
        end--;
    h->line[colon] = '\0';
    h->line[end] = '\0';
    h->value_at = (uint16_t)at;
    return read_known(h);
}

static int end_head(struct http *h)
{
    if (h->method == HTTP_POST && !h->has_length && !h->chunked)
        return refuse(h, 411, WHY("no length of the body"));
    h->state = h->chunked ? CHUNK_SIZE : h->body_left > 0 ? BODY : END;
    if (h->state == END)
        return HTTP_DONE;
    return h->expects ? HTTP_WAITS : HTTP_MORE;
}

static int read_chunk_size(struct http *h)
{
    char *extension = strchr(h->line, ';');
    size_t len;

    if (extension)
        *extension = '\0';
    for (len = strlen(h->line); len > 0 && (h->line[len - 1] == ' ' || h->line[len - 1] == '\t');
         len--)
        h->line[len - 1] = '\0';
    if (!read_number(h->line, 16, &h->body_left))
        return refuse(h, 400, WHY("a chunk's size is no number"));
    if (h->body_left > LIMIT_HTTP_BODY || h->chunks_len + h->body_left > LIMIT_HTTP_BODY)
        return refuse(h, 413, WHY("the body is too long"));
    h->chunks_len += h->body_left;
    h->state = h->body_left > 0 ? CHUNK_DATA : TRAILER;
    return HTTP_MORE;
}

/* LF alone ends a line of the head (RFC 9112 2.2). A chunk's ends in CR LF: others in between who
 * read it otherwise would see another body. */
static int end_line(struct http *h)
{
    bool cr = h->line_len > 0 && h->line[h->line_len - 1] == '\r';

    if (!cr && (h->state == CHUNK_SIZE || h->state == CHUNK_END))
        return refuse(h, 400, WHY("a chunk's line without CR LF"));
    h->line_len = (uint16_t)(h->line_len - cr);
    h->line[h->line_len] = '\0';
    switch (h->state) {
    case REQUEST_LINE:
        return read_request_line(h);
    case HEADER_LINE:
        return h->line_len > 0 ? read_header(h) : end_head(h);
    case CHUNK_SIZE:
        return read_chunk_size(h);
    case CHUNK_END:
        if (h->line_len > 0)
            return refuse(h, 400, WHY("a chunk is longer than its size"));
        h->state = CHUNK_SIZE;
        return HTTP_MORE;
    default: /* trailer lines are ignored */
        if (h->line_len > 0)
            return HTTP_MORE;
        h->state = END;
        return HTTP_DONE;
    }
}

static int add_line_byte(struct http *h, uint8_t byte)
{
    int event;

    if (h->head_len++ >= LIMIT_HTTP_HEAD)
        return refuse(h, 431, WHY("the head is too long"));
    if (byte == '\n') {
        event = end_line(h);
        h->line_len = 0;
        return event;
    }
    if ((byte < 0x20 && byte != '\t' && byte != '\r') || byte == 0x7F ||
        (h->line_len > 0 && h->line[h->line_len - 1] == '\r'))
        return refuse(h, 400, WHY("a control character"));
    if (h->line_len >= LIMIT_HTTP_LINE)
        return refuse(h, h->state == REQUEST_LINE ? 414 : 431, WHY("a line is too long"));
    h->line[h->line_len++] = (char)byte;
    return HTTP_MORE;
}

int http_feed(struct http *h, uint8_t byte)
{
    switch (h->state) {
    case BODY:
        if (--h->body_left > 0)
            return HTTP_BODY;
        h->state = END;
        return HTTP_BODY | HTTP_DONE;
    case CHUNK_DATA:
        if (--h->body_left == 0)
            h->state = CHUNK_END;
        return HTTP_BODY;
    case END: /* the caller must call http_begin() first */
        return refuse(h, 400, NULL);
    default:
        return add_line_byte(h, byte);
    }
}
