// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIM_CONSOLE_CALL_H
#define SIM_CONSOLE_CALL_H

#include "sim/console/order.h"
#include "sim/console/wire.h"
#include "sim/server/http_reply.h"

/* A console's order on its way: HTTP with digest, one request after the other, over one connection
 * as long as the device keeps it. The first answer that is no success ends it. */

#define CALL_PATIENCE_MS 30000u

enum call_result { CALL_NONE, CALL_DONE, CALL_REFUSED, CALL_FAILED, CALL_RESULTS };

struct call {
    bool busy;
    enum call_result result; /* of the last one */
    uint16_t http;           /* of its last answer; 0 = none came */
    uint32_t status;         /* ReturnValue or PT_STATUS in it */
    uint32_t value;          /* what was read */
    const char *why;         /* in words, of FAILED */
    enum console_protocol protocol;
    bool tls;
    uint32_t ip;
    const struct hal_entropy *entropy;
    struct console_order order;
    uint8_t nth;
    bool tried, waits; /* an answer to the credentials is awaited; the request is not written yet */
    uint64_t deadline_ms;
    struct wire wire;
    struct http_auth auth;
    struct http_reply reply;
    char request[ORDER_REQUEST + 1536];
    size_t len, sent;
};

/* What order points to must live as long. */
void call_begin(struct call *call, const struct console_order *order, uint64_t now_ms);
void call_run(struct call *call, uint64_t now_ms);
uint64_t call_next_ms(const struct call *call);

#endif
