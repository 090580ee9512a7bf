#include "fw/core/quota.h"

#include "fw/core/limits.h"
#include "fw/core/text.h"

#define MINUTE_MS 60000u

_Static_assert(sizeof("and 4294967295 more") <= QUOTA_TEXT, "each number has room");

struct writer {
    char *text;
    uint32_t len;
};

static void put(void *ctx, char c)
{
    struct writer *w = ctx;

    w->text[w->len++] = c;
}

bool quota_take(struct quota *q, uint64_t now_ms, char before[QUOTA_TEXT])
{
    struct writer w = {before, 0};

    if (q->said == 0 || now_ms - q->begun_ms >= MINUTE_MS) {
        if (q->left_out > 0)
            text_print(&(struct text_out){put, &w}, "and %u more", q->left_out);
        *q = (struct quota){.begun_ms = now_ms};
    }
    before[w.len] = '\0';
    if (q->said >= LIMIT_TRACES_A_MINUTE) {
        q->left_out++;
        return false;
    }
    q->said++;
    return true;
}
