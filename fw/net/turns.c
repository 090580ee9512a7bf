// SPDX-License-Identifier: BSD-3-Clause
#include "fw/net/turns.h"

#include "fw/net/ip_stack.h"

static uint64_t now_of(const struct turns *t)
{
    return t->places.stack->now_ms;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* A peer that may be unable to send more has done its part. */
static bool is_whole(const struct connection *c)
{
    const uint8_t *bytes;
    size_t len = connection_bytes(c, &bytes);

    return connection_is_full(c) || (len > 0 && c->carrier->is_whole(bytes, len));
}

/* --- coming and going --- */

bool turns_add(struct turns *t, void *pcb, const struct carrier *carrier)
{
    for (int i = 0; i < PLACES; i++) {
        struct connection *c = &t->places.connection[i];

        if (c->state != CONNECTION_FREE)
            continue;
        connection_open(c, pcb);
        c->carrier = carrier;
        c->arrival = t->arrivals++;
        c->idle_since_ms = c->arrived_ms = now_of(t);
        c->tried_ms = places_first_syn_ms(&t->places, c->peer_ip, c->peer_port);
        return true;
    }
    return false;
}

static void end_turn(struct turns *t, enum turn_end how)
{
    struct connection *c = t->places.served;

    t->places.served = NULL;
    t->stage = TURN_NONE;
    if (FW_MACHINE && how == TURN_STAYS && !c->aside)
        c->aside_ms = now_of(t);
    c->paused = how != TURN_ENDS;
    c->aside = FW_MACHINE && how == TURN_STAYS;
    c->beside = FW_MACHINE && how == TURN_LEAVES;
    c->carrier->end(c->carrier->ctx, how);
}

static void forget_paused(struct connection *c)
{
    if (c->paused)
        c->carrier->gone(c->carrier->ctx, c);
    c->paused = c->aside = c->beside = false;
}

static void abort_connection(struct turns *t, struct connection *c, bool reset)
{
    connection_abort(c, reset);
    if (c == t->places.served && t->busy)
        return; /* continue_turn() ends it */
    if (c == t->places.served)
        end_turn(t, TURN_ENDS);
    else
        forget_paused(c);
    c->state = CONNECTION_FREE;
}

static void close_connection(struct turns *t, struct connection *c)
{
    forget_paused(c);
    connection_close(c);
    c->idle_since_ms = now_of(t);
}

void turns_drop(struct turns *t, const struct connection *except)
{
    for (int i = 0; i < PLACES; i++)
        if (connection_is_open(&t->places.connection[i]) && &t->places.connection[i] != except)
            abort_connection(t, &t->places.connection[i], true);
}

static int rank(const struct turns *t, uint32_t ip)
{
    return reputation_rank(&t->places.reputation, ip, now_of(t));
}

static void make_suspect(struct turns *t, uint32_t ip)
{
    reputation_turn_wasted(&t->places.reputation, ip, now_of(t));
}

/* A user who is no administrator is served like one, but with no precedence over him. */
void turns_password_checked(struct turns *t, enum password_result result)
{
    struct connection *c = t->places.served;

    c->answer_waits = false;
    c->authenticated = c->authenticated || result != PASSWORD_WRONG;
    c->owners = c->owners || result == PASSWORD_OWNERS;
    if (result == PASSWORD_OWNERS)
        reputation_right_password(&t->places.reputation, c->peer_ip);
    else if (result == PASSWORD_WRONG)
        reputation_wrong_password(&t->places.reputation, c->peer_ip, now_of(t));
}

/* --- places --- */

static struct connection *newest(struct turns *t)
{
    struct connection *found = NULL;

    for (int i = 0; i < PLACES; i++) {
        struct connection *c = &t->places.connection[i];

        if (c->state != CONNECTION_FREE && (!found || (int32_t)(c->arrival - found->arrival) > 0))
            found = c;
    }
    return found;
}

static void make_place(struct turns *t)
{
    struct connection *newcomer;
    const struct connection *who;

    if (places_taken(&t->places) <= LIMIT_CONNECTIONS)
        return;
    newcomer = newest(t);
    who = places_given_to(&t->places, newcomer);
    if (who && connection_is_open(who) && who->got_reply && !connection_has_bytes(who))
        make_suspect(t, who->peer_ip); /* it has had its time to authenticate itself */
    abort_connection(t, who ? &t->places.connection[who - t->places.connection] : newcomer, true);
}

/* Frees lwIP's memory that a stranger holds. False: none holds any. */
static bool free_memory(struct turns *t)
{
    struct connection *found = NULL;

    for (int i = 0; i < PLACES; i++) {
        struct connection *c = &t->places.connection[i];

        if (c == t->places.served || c->owners || c->beside || c->state == CONNECTION_FREE ||
            connection_all_acknowledged(c))
            continue;
        if (!found || c->state > found->state ||
            (c->state == found->state && c->idle_since_ms < found->idle_since_ms))
            found = c;
    }
    if (found)
        abort_connection(t, found, true);
    return found != NULL;
}

void turns_consume(struct turns *t, struct connection *c, size_t len)
{
    connection_consume(c, len);
    if (len > 0)
        c->progress_ms = now_of(t);
}

size_t turns_write(struct turns *t, struct connection *c, const void *bytes, size_t len)
{
    size_t n = connection_write(c, bytes, len);

    while (n == 0 && len > 0 && connection_has_room(c) && free_memory(t))
        n = connection_write(c, bytes, len);
    if (n > 0) {
        c->progress_ms = c->wrote_ms = now_of(t);
        if (c == t->places.served)
            t->wrote = t->answered = true;
    }
    return n;
}

/* --- time --- */

/* A stranger must first acknowledge what was sent to it, so that nobody fills lwIP's memory with
 * replies that are not read. */
static bool wants_turn(const struct turns *t, const struct connection *c)
{
    return connection_is_open(c) && c != t->places.served && !c->beside &&
           connection_has_bytes(c) && (!c->answer_waits || now_of(t) >= c->answer_ms) &&
           (c->authenticated || connection_all_acknowledged(c));
}

static bool has_room(const struct connection *c)
{
    return c->carrier->has_room(c->carrier->ctx, c);
}

/* Since when somebody wants a turn for which there is no room until this connection goes, which has
 * it between its turns; UINT64_MAX: nobody does. */
static uint64_t room_wanted_ms(const struct turns *t, const struct connection *of)
{
    uint64_t since = UINT64_MAX;

    for (int i = 0; i < PLACES; i++) {
        const struct connection *c = &t->places.connection[i];

        if (wants_turn(t, c) && !has_room(c) && c->carrier->has_room(c->carrier->ctx, of))
            since = earlier(since, c->waiting_since_ms);
    }
    return since;
}

/* For a log-in that waits aside. While its answer may not be checked it waits for the device. */
static uint64_t aside_end_ms(const struct turns *t, const struct connection *c)
{
    uint64_t other = room_wanted_ms(t, c);

    if (c->answer_waits)
        return UINT64_MAX;
    if (other == UINT64_MAX)
        return c->aside_ms + LIMIT_STRANGER_MS;
    other = later(other, c->aside_ms);
    return earlier(other + LIMIT_LOG_IN_WAITED_MS,
                   later(other, c->progress_ms) + LIMIT_LOG_IN_SILENT_MS);
}

static uint64_t others_wait_ms(const struct turns *t)
{
    uint64_t since = UINT64_MAX;

    for (int i = 0; i < PLACES; i++)
        if (wants_turn(t, &t->places.connection[i]))
            since = earlier(since, t->places.connection[i].waiting_since_ms);
    return since;
}

struct bound {
    uint32_t alone_ms, waited_ms, silent_ms; /* 0 = none */
};

static const struct bound *bound_of(const struct turns *t)
{
    static const struct bound greeting = {LIMIT_HANDSHAKE_MS, LIMIT_GREETING_WAITED_MS, 0},
                              handshake = {LIMIT_HANDSHAKE_MS, LIMIT_HANDSHAKE_WAITED_MS,
                                           LIMIT_HANDSHAKE_SILENT_MS},
                              stranger = {LIMIT_STRANGER_MS, LIMIT_STRANGER_WAITED_MS,
                                          LIMIT_STRANGER_SILENT_MS},
                              request = {LIMIT_MANAGE_IDLE_MS, LIMIT_REQUEST_WAITED_MS,
                                         LIMIT_REQUEST_SILENT_MS},
                              known = {LIMIT_MANAGE_IDLE_MS, 0, LIMIT_AUTHENTICATED_SILENT_MS};

    if (t->stage == TURN_HANDSHAKE)
        return t->answered ? &handshake : &greeting;
    if (t->places.served->owners)
        return &known;
    return t->places.served->carrier->may_pause(t->places.served->carrier->ctx) ? &request
                                                                                : &stranger;
}

/* When the turn ends, whatever is sent. The device's own work is charged to nobody
 * (count_own_work()). */
static uint64_t turn_end_ms(const struct turns *t)
{
    const struct connection *c = t->places.served;
    const struct bound *b;
    uint64_t began = t->began_ms, other = others_wait_ms(t), end;

    if (t->stage == TURN_ANSWER_WAITS || t->stage == TURN_BROKEN)
        return UINT64_MAX;
    b = bound_of(t);
    if (c->authenticated)
        began = later(began, c->wrote_ms);
    end = began + b->alone_ms;
    if (other == UINT64_MAX)
        return end;
    if (b->waited_ms)
        end = earlier(end, later(began, other) + b->waited_ms);
    if (b->silent_ms)
        end = earlier(end, later(c->progress_ms, t->began_ms) + b->silent_ms);
    return end;
}

/* For a connection that does not have the turn. */
static uint64_t wait_end_ms(const struct turns *t, const struct connection *c)
{
    uint64_t wanted;

    if (c->state == CONNECTION_LINGERS)
        return c->idle_since_ms + LIMIT_LINGER_MS;
    if (c->beside)
        return UINT64_MAX;
    if (FW_MACHINE && c->aside)
        return aside_end_ms(t, c);
    wanted = c->paused ? room_wanted_ms(t, c) : UINT64_MAX;
    if (wanted != UINT64_MAX && !connection_has_bytes(c))
        return c->idle_since_ms + LIMIT_AUTHENTICATED_SILENT_MS;
    if (FW_MACHINE && wanted != UINT64_MAX && !c->owners) /* it goes even if it is not silent */
        return wanted + LIMIT_AUTHENTICATED_SILENT_MS;
    return c->idle_since_ms + (c->has_sent ? LIMIT_IN_LINE_MS : LIMIT_NEVER_HEARD_MS);
}

static void expire(struct turns *t)
{
    uint64_t now = now_of(t);

    if (t->places.served && now >= turn_end_ms(t)) {
        struct connection *c = t->places.served;
        bool last_word = c->carrier->time_up(c->carrier->ctx, c);

        if (!c->authenticated)
            make_suspect(t, c->peer_ip);
        end_turn(t, TURN_ENDS);
        if (last_word)
            close_connection(t, c);
        else
            abort_connection(t, c, true);
    }
    for (int i = 0; i < PLACES; i++) {
        struct connection *c = &t->places.connection[i];

        if (c->state == CONNECTION_FREE || c == t->places.served || now < wait_end_ms(t, c))
            continue;
        if (FW_MACHINE && c->aside)
            make_suspect(t, c->peer_ip);
        if (c->paused && c->carrier->time_up(c->carrier->ctx, c))
            close_connection(t, c);
        else
            abort_connection(t, c, true);
    }
}

#if FW_MACHINE
bool turns_have_beside(const struct turns *t)
{
    for (int i = 0; i < PLACES; i++)
        if (t->places.connection[i].state != CONNECTION_FREE && t->places.connection[i].beside)
            return true;
    return false;
}
#endif

uint64_t turns_next_ms(const struct turns *t)
{
    uint64_t next = UINT64_MAX;

    if (t->own_work || (t->places.served && t->stage == TURN_BROKEN))
        return now_of(t);
    if (t->places.served)
        next = t->stage == TURN_ANSWER_WAITS ? t->answer_ms : turn_end_ms(t);
    for (int i = 0; i < PLACES; i++) {
        const struct connection *c = &t->places.connection[i];

        if (c->state == CONNECTION_FREE || c == t->places.served)
            continue;
        next = earlier(next, c->beside ? c->beside_ms : wait_end_ms(t, c));
        if (c->answer_waits && now_of(t) < c->answer_ms)
            next = earlier(next, c->answer_ms);
    }
    return next;
}

/* The time of the device's own work, which only the next poll shows, is not charged to the peers.
 * That poll is asked for at once; if no time has passed by then, there was no work. */
static void count_own_work(struct turns *t)
{
    uint64_t passed = now_of(t) - t->polled_ms;

    t->polled_ms = now_of(t);
    if (t->own_work == 0)
        return;
    if (passed == 0) {
        t->own_work--;
        return;
    }
    t->own_work = 0;
    t->began_ms += passed;
    t->turn_ms += passed;
    for (int i = 0; i < PLACES; i++) {
        t->places.connection[i].idle_since_ms += passed;
        t->places.connection[i].arrived_ms += passed;
        t->places.connection[i].progress_ms += passed;
        t->places.connection[i].waiting_since_ms +=
            t->places.connection[i].waiting_since_ms ? passed : 0;
    }
}

/* --- turns --- */

static void continue_beside(struct turns *t, struct connection *c)
{
    enum turn_stage stage;

    c->beside_ms = UINT64_MAX;
    stage = c->carrier->proceed_beside(c->carrier->ctx, c, &c->beside_ms);
    connection_flush(c);
    if (stage == TURN_BROKEN || connection_has_ended(c))
        abort_connection(t, c, true);
    else if (stage == TURN_OVER)
        close_connection(t, c);
}

/* Acts on what lwIP's callbacks have noted. */
static void note_events(struct turns *t, struct connection *c)
{
    if (c == t->places.served || c->state == CONNECTION_FREE)
        return;
    if (connection_has_ended(c)) {
        abort_connection(t, c, false);
    } else if (FW_MACHINE && c->beside) {
        continue_beside(t, c);
    } else if (connection_is_open(c) && connection_has_bytes(c)) {
        c->has_sent = true;
        c->whole = c->whole || is_whole(c);
        if (c->waiting_since_ms == 0)
            c->waiting_since_ms = now_of(t);
    } else if (connection_is_open(c) && c->peer_finished) {
        close_connection(t, c);
    }
}

static bool comes_first(const struct turns *t, const struct connection *a,
                        const struct connection *b)
{
    int of_a = rank(t, a->peer_ip), of_b = rank(t, b->peer_ip);

    if (of_a != of_b)
        return of_a < of_b;
    if (a->waiting_since_ms != b->waiting_since_ms)
        return a->waiting_since_ms < b->waiting_since_ms;
    return (int32_t)(a->arrival - b->arrival) < 0;
}

static bool begin_next_turn(struct turns *t)
{
    struct connection *next = NULL;

    for (int i = 0; i < PLACES && !t->last_reply; i++) {
        struct connection *c = &t->places.connection[i];

        if (wants_turn(t, c) && has_room(c) && (!next || comes_first(t, c, next)))
            next = c;
    }
    if (!next)
        return false;
    t->places.served = next;
    t->stage = TURN_NONE;
    t->answered = false;
    t->began_ms = t->turn_ms = now_of(t);
    next->waiting_since_ms = 0;
    next->answer_waits = next->whole = false;
    next->carrier->begin(next->carrier->ctx, next);
    return true;
}

/* The answer is given to the carrier again when it may be checked. */
static void postpone(struct turns *t, struct connection *c)
{
    connection_put_back(c);
    c->answer_waits = true;
    c->answer_ms = t->answer_ms;
}

/* For a connection that keeps its turn between requests: a stranger that has been asked twice for a
 * password goes if another waits. */
static bool ends_for_others(struct turns *t, struct connection *c, bool replied)
{
    bool told = replied && c->got_reply;

    c->got_reply = c->got_reply || replied;
    if (!told || c->authenticated || others_wait_ms(t) == UINT64_MAX)
        return false;
    make_suspect(t, c->peer_ip);
    end_turn(t, TURN_ENDS);
    close_connection(t, c);
    return true;
}

/* Whether a stranger's turn took longer than a request, or a hand-shake, that is there as a whole.
 */
static bool was_wasted(const struct turns *t)
{
    return !t->places.served->authenticated && !t->last_reply &&
           now_of(t) - t->turn_ms > LIMIT_TURN_CHEAP_MS;
}

/* Lets the carrier go on. True: the turn is over. */
static bool continue_turn(struct turns *t)
{
    struct connection *c = t->places.served;
    uint8_t before = t->stage;

    t->busy = true;
    t->wrote = t->worked = false;
    t->stage = (uint8_t)c->carrier->proceed(c->carrier->ctx);
    t->busy = false;
    if (connection_has_ended(c))
        t->stage = TURN_BROKEN;
    connection_flush(c);
    if (t->stage == TURN_PREPARING || t->worked)
        t->own_work = 2; /* device_poll() polls twice */
    if (before == TURN_ANSWER_WAITS && t->stage != before)
        t->turn_ms = now_of(t); /* that it waited was not its own doing */
    if ((t->stage == TURN_HANDSHAKE) != (before == TURN_HANDSHAKE))
        t->began_ms = now_of(t);
    c->answer_waits = t->stage == TURN_ANSWER_WAITS;
    if (t->last_reply && t->stage == TURN_BETWEEN_REQUESTS)
        t->stage = TURN_OVER;
    switch (t->stage) {
    case TURN_OVER:
        if (was_wasted(t))
            make_suspect(t, c->peer_ip);
        end_turn(t, TURN_ENDS);
        close_connection(t, c);
        return true;
    case TURN_BROKEN:
        if (!c->authenticated)
            make_suspect(t, c->peer_ip);
        end_turn(t, TURN_ENDS);
        abort_connection(t, c, true);
        return true;
#if FW_MACHINE
    case TURN_ASIDE:
        c->answer_ms = t->answer_ms;
        c->answer_waits = now_of(t) < c->answer_ms;
        end_turn(t, TURN_STAYS);
        return true;
    case TURN_BESIDE:
        end_turn(t, TURN_LEAVES);
        connection_keep_alive(c);
        continue_beside(t, c);
        return true;
#endif
    case TURN_ANSWER_WAITS:
    case TURN_BETWEEN_REQUESTS:
        if (!c->carrier->may_pause(c->carrier->ctx))
            return ends_for_others(
                t, c, t->wrote && t->stage == TURN_BETWEEN_REQUESTS && before != TURN_HANDSHAKE);
        if (t->stage == TURN_ANSWER_WAITS)
            postpone(t, c);
        else if (!c->authenticated && (c->got_reply || was_wasted(t)))
            make_suspect(t, c->peer_ip); /* it has been asked for a password before, or is slow */
        else
            c->got_reply = true;
        c->idle_since_ms = now_of(t);
        end_turn(t, TURN_PAUSES);
        return true;
    default:
        return false;
    }
}

static void check_last_reply(struct turns *t)
{
    if (!t->last_reply || t->last_reply_done ||
        (t->places.last_reply_to && t->places.last_reply_to->state != CONNECTION_FREE))
        return;
    t->places.last_reply_to = NULL;
    t->last_reply_done = true;
}

void turns_poll(struct turns *t)
{
    count_own_work(t);
    expire(t);
    for (int i = 0; i < PLACES; i++)
        note_events(t, &t->places.connection[i]);
    make_place(t);
    while ((t->places.served || begin_next_turn(t)) && continue_turn(t))
        ;
    check_last_reply(t);
}
