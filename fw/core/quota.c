// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/quota.h"

#include "fw/core/limits.h"
#include "fw/core/text.h"

#define MINUTE_MS 60000u

_Static_assert(sizeof("and 4294967295 more") <= QUOTA_TEXT, "each number has room");

struct writer {
    char *text;
    uint32_t len;
};

static void put_char(void *ctx, char c)
{
    struct writer *w = ctx;

    w->text[w->len++] = c;
}

bool quota_take(struct quota *q, uint64_t now_ms, char summary[QUOTA_TEXT])
{
    struct writer w = {summary, 0};

    if (q->reported == 0 || now_ms - q->begun_ms >= MINUTE_MS) {
        if (q->suppressed > 0)
            text_print(&(struct text_out){put_char, &w}, "and %u more", q->suppressed);
        *q = (struct quota){.begun_ms = now_ms};
    }
    summary[w.len] = '\0';
    if (q->reported >= LIMIT_TRACES_A_MINUTE) {
        q->suppressed++;
        return false;
    }
    q->reported++;
    return true;
}
