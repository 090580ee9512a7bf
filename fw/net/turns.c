#include "fw/net/turns.h"

#include "fw/net/stack.h"

#define LINES (LIMIT_CONNECTIONS + 1)

static uint64_t now_of(const struct turns *t)
{
    return t->stack->now_ms;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static bool is_open(const struct line *l)
{
    return l->state == LINE_OPEN;
}

static bool has_bytes(const struct line *l)
{
    const uint8_t *bytes;

    return line_bytes(l, &bytes) > 0;
}

/* --- coming and going --- */

bool turns_arrive(struct turns *t, void *pcb, const struct carrier *carrier)
{
    for (int i = 0; i < LINES; i++) {
        struct line *l = &t->line[i];

        if (l->state != LINE_FREE)
            continue;
        line_open(l, pcb);
        l->carrier = carrier;
        l->order = t->arrivals++;
        l->since_ms = l->came_ms = now_of(t);
        return true;
    }
    return false;
}

static void end_turn(struct turns *t)
{
    struct line *l = t->served;

    t->served = NULL;
    t->stage = TURN_NONE;
    if (l)
        l->carrier->end(l->carrier->ctx);
}

static void cut(struct turns *t, struct line *l, bool reset)
{
    line_cut(l, reset);
    if (l == t->served && t->busy)
        return; /* go_on() sees it */
    if (l == t->served)
        end_turn(t);
    l->state = LINE_FREE;
}

static void shut(struct turns *t, struct line *l)
{
    line_shut(l);
    l->since_ms = now_of(t);
}

void turns_drop(struct turns *t, const struct line *except)
{
    for (int i = 0; i < LINES; i++)
        if (is_open(&t->line[i]) && &t->line[i] != except)
            cut(t, &t->line[i], true);
}

/* --- whom to believe less --- */

static bool is_suspect(const struct turns *t, uint32_t ip)
{
    for (int i = 0; i < TURNS_SUSPECTS; i++) {
        const struct suspect *s = &t->suspect[i];

        if (s->ip == ip && s->until_ms > now_of(t))
            return true;
    }
    return false;
}

/* A stranger's turn that came to nothing, or to a wrong password. */
static void suspect(struct turns *t, uint32_t ip)
{
    struct suspect *oldest = &t->suspect[0];

    for (int i = 0; i < TURNS_SUSPECTS; i++) {
        struct suspect *s = &t->suspect[i];

        if (s->ip == ip || (oldest->ip != ip && s->until_ms < oldest->until_ms))
            oldest = s;
    }
    *oldest = (struct suspect){ip, now_of(t) + LIMIT_SUSPECT_MS};
}

static void clear_of_suspicion(struct turns *t, uint32_t ip)
{
    for (int i = 0; i < TURNS_SUSPECTS; i++)
        if (t->suspect[i].ip == ip)
            t->suspect[i].until_ms = 0;
}

/* Whether a right password has come from there. */
static bool is_home(const struct turns *t, uint32_t ip)
{
    for (int i = 0; i < TURNS_HOMES; i++)
        if (t->home[i] == ip)
            return true;
    return false;
}

/* The last one first; the one that is longest ago is forgotten. */
static void remember_home(struct turns *t, uint32_t ip)
{
    uint32_t moved = ip;

    for (int i = 0; i < TURNS_HOMES; i++) {
        uint32_t here = t->home[i];

        t->home[i] = moved;
        if (here == ip)
            return;
        moved = here;
    }
}

/* Who comes first, the lower: where the owner has logged in from before; where nothing is known of;
 * the owner's address, which he shares with somebody who wastes turns; who wastes turns. */
static int rank(const struct turns *t, uint32_t ip)
{
    bool home = is_home(t, ip);

    return is_suspect(t, ip) ? (home ? 2 : 3) : (home ? 0 : 1);
}

void turns_judged(struct turns *t, bool right)
{
    struct line *l = t->served;

    l->answers = false;
    if (right) {
        l->known = true;
        clear_of_suspicion(t, l->ip);
        remember_home(t, l->ip);
    } else {
        suspect(t, l->ip);
    }
}

/* --- places --- */

static uint32_t places_of(const struct turns *t, uint32_t ip)
{
    uint32_t n = 0;

    for (int i = 0; i < LINES; i++)
        n += is_open(&t->line[i]) && t->line[i].ip == ip;
    return n;
}

/* Nobody's place is taken who has the turn, or is somebody. An address of a higher rank gives way
 * to one of a lower, never the other way round. Between two alike, the one that holds two places
 * more gives one up, whatever is said there; else, and never one of an address that holds fewer,
 * only who says nothing goes, or has had long to say who he is. */
static bool gives_way(const struct turns *t, const struct line *l, uint32_t ip)
{
    uint32_t theirs = places_of(t, l->ip), own = places_of(t, ip);

    if (!is_open(l) || l == t->served || l->known)
        return false;
    if (rank(t, l->ip) != rank(t, ip))
        return rank(t, l->ip) > rank(t, ip);
    if (theirs > own + 1)
        return true;
    return theirs >= own && !l->answers &&
           (!l->heard || now_of(t) - l->came_ms >= LIMIT_PATIENCE_MS);
}

/* How much is lost with it. */
static int worth(const struct line *l)
{
    return l->answers ? 2 : has_bytes(l) ? 1 : 0;
}

/* Of the address that holds most places, the one with least to say; of those the oldest. */
static bool goes_first(const struct turns *t, const struct line *a, const struct line *b)
{
    uint32_t of_a = places_of(t, a->ip), of_b = places_of(t, b->ip);

    if (of_a != of_b)
        return of_a > of_b;
    if (worth(a) != worth(b))
        return worth(a) < worth(b);
    return (int32_t)(a->order - b->order) < 0;
}

static bool has_lingered(const struct turns *t, const struct line *l)
{
    return l->state == LINE_LINGER && l != t->last_line &&
           (line_all_acknowledged(l) || now_of(t) - l->since_ms >= LIMIT_LINGER_FAST_MS);
}

/* Whose place a newcomer from that address takes; NULL: nobody's. newcomer: if it is there. */
static const struct line *victim(const struct turns *t, uint32_t ip, const struct line *newcomer)
{
    const struct line *found = NULL;

    for (int i = 0; i < LINES; i++)
        if (has_lingered(t, &t->line[i]))
            return &t->line[i];
    for (int i = 0; i < LINES; i++) {
        const struct line *l = &t->line[i];

        if (l != newcomer && gives_way(t, l, ip) && (!found || goes_first(t, l, found)))
            found = l;
    }
    return found;
}

static uint32_t places_taken(const struct turns *t)
{
    uint32_t n = 0;

    for (int i = 0; i < LINES; i++)
        n += t->line[i].state != LINE_FREE;
    return n;
}

bool turns_have_place(const struct turns *t, uint32_t ip)
{
    return places_taken(t) < LIMIT_CONNECTIONS || victim(t, ip, NULL);
}

static struct line *newest(struct turns *t)
{
    struct line *found = NULL;

    for (int i = 0; i < LINES; i++) {
        struct line *l = &t->line[i];

        if (l->state != LINE_FREE && (!found || (int32_t)(l->order - found->order) > 0))
            found = l;
    }
    return found;
}

static void make_place(struct turns *t)
{
    struct line *newcomer;
    const struct line *who;

    if (places_taken(t) <= LIMIT_CONNECTIONS)
        return;
    newcomer = newest(t);
    newcomer->state = LINE_FREE; /* it holds no place yet */
    who = victim(t, newcomer->ip, newcomer);
    newcomer->state = LINE_OPEN;
    if (who && is_open(who) && who->asked && !has_bytes(who))
        suspect(t, who->ip); /* he has had his time to say who he is */
    cut(t, who ? &t->line[who - t->line] : newcomer, true);
}

/* What strangers hold of lwIP's memory is given back. False: nobody holds any. */
static bool free_memory(struct turns *t)
{
    struct line *found = NULL;

    for (int i = 0; i < LINES; i++) {
        struct line *l = &t->line[i];

        if (l == t->served || l->known || l->state == LINE_FREE || line_all_acknowledged(l))
            continue;
        if (!found || l->state > found->state ||
            (l->state == found->state && l->since_ms < found->since_ms))
            found = l;
    }
    if (found)
        cut(t, found, true);
    return found != NULL;
}

void turns_take(struct turns *t, struct line *l, size_t len)
{
    line_take(l, len);
    if (len > 0)
        l->heard_ms = now_of(t);
}

size_t turns_write(struct turns *t, struct line *l, const void *bytes, size_t len)
{
    size_t n = line_write(l, bytes, len);

    while (n == 0 && len > 0 && line_has_room(l) && free_memory(t))
        n = line_write(l, bytes, len);
    if (n > 0) {
        l->heard_ms = l->wrote_ms = now_of(t);
        t->wrote = t->greeted = true;
    }
    return n;
}

/* --- time --- */

/* Whether it could be served now, and wants to. A stranger first takes what was said to it: so
 * nobody fills lwIP's memory with replies that he does not read. */
static bool wants_turn(const struct turns *t, const struct line *l)
{
    return is_open(l) && l != t->served && has_bytes(l) &&
           (!l->answers || now_of(t) >= l->answer_ms) && (l->known || line_all_acknowledged(l));
}

static uint64_t others_wait_ms(const struct turns *t)
{
    uint64_t since = UINT64_MAX;

    for (int i = 0; i < LINES; i++)
        if (wants_turn(t, &t->line[i]))
            since = earlier(since, t->line[i].waits_ms);
    return since;
}

struct bound {
    uint32_t alone_ms, waited_ms, silent_ms; /* 0 = none */
};

static const struct bound *bound_of(const struct turns *t)
{
    static const struct bound greeting = {LIMIT_HANDSHAKE_MS, LIMIT_GREETING_WAITED_MS, 0},
                              shaking = {LIMIT_HANDSHAKE_MS, LIMIT_HANDSHAKE_WAITED_MS,
                                         LIMIT_HANDSHAKE_SILENT_MS},
                              stranger = {LIMIT_STRANGER_MS, LIMIT_STRANGER_WAITED_MS,
                                          LIMIT_STRANGER_SILENT_MS},
                              request = {LIMIT_MANAGE_IDLE_MS, LIMIT_REQUEST_WAITED_MS,
                                         LIMIT_REQUEST_SILENT_MS},
                              known = {LIMIT_MANAGE_IDLE_MS, 0, LIMIT_KNOWN_SILENT_MS};

    if (t->stage == TURN_SHAKING)
        return t->greeted ? &shaking : &greeting;
    if (t->served->known)
        return &known;
    return t->served->carrier->shared ? &request : &stranger;
}

/* When the turn is over whatever is said; a stage that waits for the device itself has no end. */
static uint64_t turn_end_ms(const struct turns *t)
{
    const struct line *l = t->served;
    const struct bound *b;
    uint64_t began = t->began_ms, other = others_wait_ms(t), end;

    if (t->stage == TURN_PREPARING || t->stage == TURN_WAITS || t->stage == TURN_BROKEN)
        return UINT64_MAX;
    b = bound_of(t);
    if (l->known)
        began = later(began, l->wrote_ms);
    end = began + b->alone_ms;
    if (other == UINT64_MAX)
        return end;
    if (b->waited_ms)
        end = earlier(end, later(began, other) + b->waited_ms);
    if (b->silent_ms)
        end = earlier(end, later(l->heard_ms, t->began_ms) + b->silent_ms);
    return end;
}

/* Of one that has no turn. */
static uint64_t wait_end_ms(const struct line *l)
{
    if (l->state == LINE_LINGER)
        return l->since_ms + LIMIT_LINGER_MS;
    return l->since_ms + (l->heard ? LIMIT_WAIT_MS : LIMIT_MUTE_MS);
}

static void expire(struct turns *t)
{
    uint64_t now = now_of(t);

    if (t->served && now >= turn_end_ms(t)) {
        struct line *l = t->served;
        bool last_word = l->carrier->run_out(l->carrier->ctx);

        if (!l->known)
            suspect(t, l->ip);
        end_turn(t);
        if (last_word)
            shut(t, l);
        else
            cut(t, l, true);
    }
    for (int i = 0; i < LINES; i++) {
        struct line *l = &t->line[i];

        if (l->state != LINE_FREE && l != t->served && now >= wait_end_ms(l))
            cut(t, l, true);
    }
}

uint64_t turns_next_ms(const struct turns *t)
{
    uint64_t next = UINT64_MAX;

    if (t->worked || (t->served && t->stage == TURN_BROKEN))
        return now_of(t);
    if (t->served)
        next = t->stage == TURN_WAITS ? t->answer_ms : turn_end_ms(t);
    for (int i = 0; i < LINES; i++) {
        const struct line *l = &t->line[i];

        if (l->state == LINE_FREE || l == t->served)
            continue;
        next = earlier(next, wait_end_ms(l));
        if (l->answers && now_of(t) < l->answer_ms)
            next = earlier(next, l->answer_ms);
    }
    return next;
}

/* The device's own work, which only the next poll's time shows, is taken off what others have. It
 * is asked for at once; where no time has passed then, there was no work. */
static void count_own_work(struct turns *t)
{
    uint64_t passed = now_of(t) - t->polled_ms;

    t->polled_ms = now_of(t);
    if (t->worked == 0)
        return;
    if (passed == 0) {
        t->worked--;
        return;
    }
    t->worked = 0;
    t->began_ms += passed;
    for (int i = 0; i < LINES; i++) {
        t->line[i].since_ms += passed;
        t->line[i].came_ms += passed;
        t->line[i].heard_ms += passed;
        t->line[i].waits_ms += t->line[i].waits_ms ? passed : 0;
    }
}

/* --- turns --- */

/* What lwIP's callbacks have noted down. */
static void look_at(struct turns *t, struct line *l)
{
    if (l == t->served || l->state == LINE_FREE)
        return;
    if (line_has_ended(l)) {
        cut(t, l, false);
    } else if (is_open(l) && has_bytes(l)) {
        l->heard = true;
        if (l->waits_ms == 0)
            l->waits_ms = now_of(t);
    } else if (is_open(l) && l->peer_done) {
        shut(t, l);
    }
}

static bool comes_first(const struct turns *t, const struct line *a, const struct line *b)
{
    int of_a = rank(t, a->ip), of_b = rank(t, b->ip);

    if (of_a != of_b)
        return of_a < of_b;
    if (a->waits_ms != b->waits_ms)
        return a->waits_ms < b->waits_ms;
    return (int32_t)(a->order - b->order) < 0;
}

static bool choose(struct turns *t)
{
    struct line *next = NULL;

    for (int i = 0; i < LINES && !t->last; i++) {
        struct line *l = &t->line[i];

        if (wants_turn(t, l) && (!next || comes_first(t, l, next)))
            next = l;
    }
    if (!next)
        return false;
    t->served = next;
    t->stage = TURN_NONE;
    t->greeted = false;
    t->began_ms = now_of(t);
    next->waits_ms = 0;
    next->answers = false;
    next->carrier->begin(next->carrier->ctx, next);
    return true;
}

/* It comes back when it may be checked. */
static void put_off(struct turns *t, struct line *l)
{
    line_put_back(l);
    l->answers = true;
    l->answer_ms = t->answer_ms;
}

/* Of a line that keeps its turn: a stranger who has been told twice to say who he is goes, if
 * another waits. */
static bool ends_for_others(struct turns *t, struct line *l, bool replied)
{
    bool told = replied && l->asked;

    l->asked = l->asked || replied;
    if (!told || l->known || others_wait_ms(t) == UINT64_MAX)
        return false;
    suspect(t, l->ip);
    end_turn(t);
    shut(t, l);
    return true;
}

/* True: the turn is over. */
static bool go_on(struct turns *t)
{
    struct line *l = t->served;
    uint8_t before = t->stage;
    uint64_t heard_ms = l->heard_ms;

    t->busy = true;
    t->wrote = false;
    t->stage = (uint8_t)l->carrier->go_on(l->carrier->ctx);
    t->busy = false;
    if (line_has_ended(l))
        t->stage = TURN_BROKEN;
    line_flush(l);
    if (t->stage == TURN_PREPARING || (t->stage == TURN_SHAKING && l->heard_ms != heard_ms))
        t->worked = 2; /* as often as a device polls at a time */
    if ((t->stage == TURN_SHAKING) != (before == TURN_SHAKING))
        t->began_ms = now_of(t);
    l->answers = t->stage == TURN_WAITS;
    if (t->last && t->stage == TURN_BETWEEN)
        t->stage = TURN_OVER;
    switch (t->stage) {
    case TURN_OVER:
        end_turn(t);
        shut(t, l);
        return true;
    case TURN_BROKEN:
        if (!l->known)
            suspect(t, l->ip);
        end_turn(t);
        cut(t, l, true);
        return true;
    case TURN_WAITS:
    case TURN_BETWEEN:
        if (!l->carrier->shared)
            return ends_for_others(t, l,
                                   t->wrote && t->stage == TURN_BETWEEN && before != TURN_SHAKING);
        if (t->stage == TURN_WAITS)
            put_off(t, l);
        else if (l->asked && !l->known)
            suspect(t, l->ip); /* he knows what is asked of him */
        else
            l->asked = true;
        l->since_ms = now_of(t);
        end_turn(t);
        return true;
    default:
        return false;
    }
}

static void follow_last(struct turns *t)
{
    if (!t->last || t->last_left || (t->last_line && t->last_line->state != LINE_FREE))
        return;
    t->last_line = NULL;
    t->last_left = true;
}

void turns_poll(struct turns *t)
{
    count_own_work(t);
    expire(t);
    for (int i = 0; i < LINES; i++)
        look_at(t, &t->line[i]);
    make_place(t);
    while ((t->served || choose(t)) && go_on(t))
        ;
    follow_last(t);
}
