#ifndef NET_TURNS_H
#define NET_TURNS_H

#include <stdbool.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/net/carrier.h"
#include "fw/net/line.h"

/* Whose turn it is. Behind all ports is one party: of the connections that have something
 * to say one is served, for a request or, where its carrier does not share, to its end. A
 * connection without a right password so far is a stranger's; no stranger keeps a turn, or a place,
 * that somebody else wants for longer than limits.h says. */

struct stack;

#define TURNS_SUSPECTS (4 * LIMIT_CONNECTIONS)
#define TURNS_HOMES LIMIT_CONNECTIONS

struct turns {
    const struct stack *stack; /* it knows the time */
    /* The last one is for who comes when all places are taken, until one is made free. */
    struct line line[LIMIT_CONNECTIONS + 1];
    struct line *served;    /* NULL = nobody */
    uint8_t stage;          /* enum turn_stage, of served */
    bool busy;              /* the carrier is at work: its line ends when it has done */
    bool greeted;           /* something was answered in this turn */
    bool wrote;             /* the carrier has, in this call */
    bool last;              /* only served may finish its reply; nobody else has a turn */
    bool last_left;         /* of last: its connection has ended */
    uint8_t worked;         /* the device has worked for itself since polled_ms */
    struct line *last_line; /* with last; NULL = it is over */
    uint32_t arrivals;
    /* Addresses of strangers whose turns came to nothing: others come first. */
    struct suspect {
        uint32_t ip;
        uint64_t until_ms;
    } suspect[TURNS_SUSPECTS];
    uint32_t home[TURNS_HOMES]; /* where right passwords came from since power-on; 0 = none */
    uint64_t began_ms;          /* what the stage bounds */
    uint64_t answer_ms;
    uint64_t polled_ms;
};

/* From lwIP's accept callback, pcb being a struct tcp_pcb. False: there is no room. */
bool turns_arrive(struct turns *turns, void *pcb, const struct carrier *carrier);
/* A SYN from that address may be answered: its connection would find a place. */
bool turns_have_place(const struct turns *turns, uint32_t ip);
/* Does all that is to be done; never from inside lwIP. */
void turns_poll(struct turns *turns);
/* When to poll again, if nothing comes; UINT64_MAX = never. */
uint64_t turns_next_ms(const struct turns *turns);

/* Ends every connection that is open, but for `except`: resets it, which leaves only where the
 * interface is open. */
void turns_drop(struct turns *turns, const struct line *except);

/* For carriers, with the line that they serve. As line_take() and line_write(); where lwIP has no
 * memory left, strangers who hold some have to go. */
void turns_take(struct turns *turns, struct line *line, size_t len);
size_t turns_write(struct turns *turns, struct line *line, const void *bytes, size_t len);
/* The served one has given a right password, or a wrong one. */
void turns_judged(struct turns *turns, bool right);

#endif
