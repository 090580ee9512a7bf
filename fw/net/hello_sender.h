#ifndef NET_HELLO_SENDER_H
#define NET_HELLO_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/attempt.h"

/* Finds the SCA and says hello to it: the steps of one attempt, in the order of fw/core/attempt.h.
 * Of what is under way a report follows. */

#define HELLO_SOURCE_PORT 16994 /* S3: "sending on port 16994, with destination port 9971" */

struct stack;

/* Whom to connect to and what to say. The function is asked once the connection is there, so that
 * nothing has to be kept meanwhile. */
struct hello_target {
    void *ctx;
    uint32_t ip; /* 1.2.3.4 = 0x01020304 */
    uint16_t port;
    /* Returns the message's length, 0 when there is nothing to say. */
    size_t (*hello)(void *ctx, uint8_t *out, size_t cap);
};

/* What lwIP's callbacks have noted of the connection; the poll carries it out. */
enum sca_news {
    SCA_NO_NEWS,
    SCA_CONNECTED, /* the hello may be written */
    SCA_CLOSED,    /* by the peer, before the hello was acknowledged */
};

/* What lwIP has said of the look-up or connection under way. */
struct hello_report {
    uint8_t event; /* enum attempt_event_id; ATTEMPT_EVENTS = nothing yet */
    uint32_t ip;   /* of ATTEMPT_EV_FOUND */
};

struct hello_sender {
    struct stack *stack;
    bool looking_up; /* an answer of DNS is awaited */
    uint8_t news;    /* enum sca_news */
    uint16_t length; /* of the hello */
    uint16_t acked;
    uint32_t name_hash; /* of the name that is being looked up */
    uint32_t connect_ip;
    void *connection; /* lwIP's struct tcp_pcb */
    struct hello_report report;
    struct hello_target target;
};

/* Nothing is under way. */
static inline void hello_sender_begin(struct hello_sender *sender, struct stack *stack)
{
    sender->stack = stack;
    sender->report.event = ATTEMPT_EVENTS;
}

void hello_sender_look_up(struct hello_sender *sender, const char *name);
/* target is copied. */
void hello_sender_connect(struct hello_sender *sender, const struct hello_target *target);
/* Drops what is under way; no report follows. */
void hello_sender_drop(struct hello_sender *sender);
/* The network has gone: the same, but reports that it is lost. */
void hello_sender_lose(struct hello_sender *sender);
/* Takes a report; false: there is none. */
bool hello_sender_report(struct hello_sender *sender, struct hello_report *out);
/* After each frame, outside lwIP: says hello on a connection that has come about, gives one up that
 * the peer has closed too early, and closes one whose hello was acknowledged. */
void hello_sender_go_on(struct hello_sender *sender);

#endif
