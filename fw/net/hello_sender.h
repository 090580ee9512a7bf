// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_HELLO_SENDER_H
#define NET_HELLO_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/attempt.h"

/* Finds the SCA and sends the hello to it: the steps of one attempt, which fw/core/attempt.h puts
 * in order. Each step that is begun is followed by a report. */

#define HELLO_SOURCE_PORT 16994 /* S3: "sending on port 16994, with destination port 9971" */

struct ip_stack;

/* Where to connect to and what to send. The message is written only once the connection is
 * established, so that it need not be kept until then. */
struct hello_target {
    void *ctx;
    uint32_t ip; /* 1.2.3.4 = 0x01020304 */
    uint16_t port;
    /* Returns the message's length; 0 when there is none to send. */
    size_t (*write_hello)(void *ctx, uint8_t *out, size_t cap);
};

/* What lwIP's callbacks have noted about the connection; hello_sender_poll() acts on it. */
enum hello_noted {
    HELLO_NOTED_NOTHING,
    HELLO_NOTED_CONNECTED, /* the hello may be written */
    HELLO_NOTED_CLOSED,    /* the peer closed it before the hello was acknowledged */
};

/* How the look-up or connection under way has ended. */
struct hello_report {
    uint8_t event; /* enum attempt_event_id; ATTEMPT_EVENTS = nothing yet */
    uint32_t ip;   /* of ATTEMPT_EV_FOUND */
};

struct hello_sender {
    struct ip_stack *stack;
    uint8_t noted;   /* enum hello_noted */
    uint16_t length; /* of the hello, in bytes */
    uint16_t acked;  /* how many of them the peer has acknowledged */
    uint32_t connect_ip;
    void *connection; /* lwIP's struct tcp_pcb */
    struct hello_report report;
    struct hello_target target;
};

/* Nothing is under way. */
static inline void hello_sender_init(struct hello_sender *sender, struct ip_stack *stack)
{
    sender->stack = stack;
    sender->report.event = ATTEMPT_EVENTS;
}

void hello_sender_look_up(struct hello_sender *sender, const char *name);
/* target is copied. */
void hello_sender_connect(struct hello_sender *sender, const struct hello_target *target);
/* Drops what is under way; no report follows. */
void hello_sender_drop(struct hello_sender *sender);
/* The network is gone: the same, but ATTEMPT_EV_LOST is reported. */
void hello_sender_network_lost(struct hello_sender *sender);
/* Takes the waiting report; false: there is none. */
bool hello_sender_take_report(struct hello_sender *sender, struct hello_report *out);
/* To be called after each frame, outside lwIP: sends the hello on a connection that has been
 * established, gives up one that the peer has closed too early, and closes one whose hello was
 * acknowledged. */
void hello_sender_poll(struct hello_sender *sender);

#endif
