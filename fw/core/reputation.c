// SPDX-License-Identifier: BSD-3-Clause
#include "fw/core/reputation.h"

#include <stdbool.h>

static bool is_suspect(const struct reputation *r, uint32_t ip, uint64_t now_ms)
{
    for (int i = 0; i < REPUTATION_SUSPECTS; i++) {
        const struct suspect *s = &r->suspect[i];

        if (s->ip == ip && s->until_ms > now_ms)
            return s->wrong_answers >= LIMIT_WRONG_ANSWERS_FREE;
    }
    return false;
}

static bool is_owner_ip(const struct reputation *r, uint32_t ip)
{
    for (int i = 0; i < REPUTATION_OWNERS; i++)
        if (r->owner_ip[i] == ip)
            return true;
    return false;
}

int reputation_rank(const struct reputation *r, uint32_t ip, uint64_t now_ms)
{
    return (is_suspect(r, ip, now_ms) ? 1 : 0) + (is_owner_ip(r, ip) ? 0 : 1);
}

/* The entry of that address, or the one that ends first, made its own. */
static struct suspect *entry_of(struct reputation *r, uint32_t ip, uint64_t now_ms)
{
    struct suspect *found = &r->suspect[0];

    for (int i = 0; i < REPUTATION_SUSPECTS; i++) {
        struct suspect *s = &r->suspect[i];

        if (s->ip == ip || (found->ip != ip && s->until_ms < found->until_ms))
            found = s;
    }
    if (found->ip != ip || found->until_ms <= now_ms)
        *found = (struct suspect){.ip = ip};
    found->until_ms = now_ms + LIMIT_SUSPECT_MS;
    return found;
}

void reputation_turn_wasted(struct reputation *r, uint32_t ip, uint64_t now_ms)
{
    entry_of(r, ip, now_ms)->wrong_answers = LIMIT_WRONG_ANSWERS_FREE;
}

void reputation_wrong_password(struct reputation *r, uint32_t ip, uint64_t now_ms)
{
    struct suspect *s = entry_of(r, ip, now_ms);

    if (s->wrong_answers < LIMIT_WRONG_ANSWERS_FREE)
        s->wrong_answers++;
}

void reputation_right_password(struct reputation *r, uint32_t ip)
{
    uint32_t moved = ip;

    for (int i = 0; i < REPUTATION_SUSPECTS; i++)
        if (r->suspect[i].ip == ip)
            r->suspect[i].until_ms = 0;
    for (int i = 0; i < REPUTATION_OWNERS; i++) {
        uint32_t here = r->owner_ip[i];

        r->owner_ip[i] = moved;
        if (here == ip)
            return;
        moved = here;
    }
}
