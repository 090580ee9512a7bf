#ifndef NET_CARRIER_H
#define NET_CARRIER_H

#include <stdbool.h>

/* Between a port's connections and what they carry. A carrier registers for a port (net_carry()).
 */

struct line;

enum turn_stage {
    TURN_NONE,
    TURN_PREPARING, /* the device works for itself: that time is nobody's */
    TURN_SHAKING,   /* a hand-shake */
    TURN_BETWEEN,   /* two requests */
    TURN_REQUEST,   /* in one, or in its reply */
    TURN_WAITS,     /* an answer may not yet be checked; the carrier has set turns.answer_ms */
    TURN_OVER,      /* the last word is written: the connection closes behind it */
    TURN_BROKEN,    /* it is reset */
};

/* What a port's connections are carried by. Each function is called outside lwIP only; none ends
 * the connection itself. */
struct carrier {
    void *ctx;
    bool shared; /* the turn passes between two requests; else a connection keeps it to its end */
    /* The connection's turn begins: its first bytes are there. */
    void (*begin)(void *ctx, struct line *line);
    /* Goes on with what has come, to the end of one request at most. */
    enum turn_stage (*go_on)(void *ctx);
    /* The turn's time is up. True: a last word was written; false: the connection is reset. */
    bool (*run_out)(void *ctx);
    /* The turn is over, and the line not to be touched any more. */
    void (*end)(void *ctx);
};

#endif
