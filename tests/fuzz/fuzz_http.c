// SPDX-License-Identifier: BSD-3-Clause
// links: fw/manage/http.c @core
// runs: 100000
/* The bytes of HTTP requests, one after the other on a connection.
 * Promises: a fault is final and has a status that can be answered; names and values end, keep to
 * their limits and are where a header was completed; a body is as long as the head says. */
#include "fw/manage/http.h"
#include "tests/fuzz/fuzz.h"

static void check_header(const struct http *http)
{
    const char *name = http_name(http), *value = http_value(http);

    promise(name[0] != '\0' && strlen(name) <= LIMIT_HTTP_LINE, "a header has a name");
    promise(strlen(value) <= LIMIT_HTTP_LINE, "a value keeps to its limit");
    for (const char *c = name; *c; c++)
        promise(*c < 'A' || *c > 'Z', "a name is in small letters");
    promise(value[0] != ' ' && value[0] != '\t' &&
                (value[0] == '\0' || (value[strlen(value) - 1] != ' ')),
            "a value has no blanks around it");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http http;
    size_t body = 0;

    http_begin(&http);
    for (size_t i = 0; i < size; i++) {
        int event = http_feed(&http, data[i]);

        if (event & HTTP_HEADER)
            check_header(&http);
        body += (event & HTTP_BODY) != 0;
        promise(body <= LIMIT_HTTP_BODY, "a body keeps to its limit");
        promise(strlen(http.path) <= LIMIT_HTTP_PATH, "a path keeps to its limit");
        if (event & HTTP_BAD) {
            promise(http_reason(http.status)[0] != '\0', "a fault has a status");
            promise(http_feed(&http, 'G') & HTTP_BAD, "a fault is final");
            return 0;
        }
        if (event & HTTP_DONE) {
            http_begin(&http);
            body = 0;
        }
    }
    return 0;
}
