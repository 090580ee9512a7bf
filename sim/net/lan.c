// SPDX-License-Identifier: BSD-3-Clause
#include "sim/net/lan.h"

#include <stdlib.h>
#include <string.h>

#define ETHERNET_HEADER 14

struct lan_flight {
    struct lan_flight *next;
    struct clock_event *event;
    uint64_t number;
    int port; /* that it left */
    size_t len;
    uint8_t frame[];
};

void lan_init(struct lan *lan, struct sim_clock *clock, uint64_t seed)
{
    *lan = (struct lan){.clock = clock};
    rng_seed(&lan->rng, seed, "lan");
}

void lan_free(struct lan *lan)
{
    while (lan->first) {
        struct lan_flight *flight = lan->first;

        lan->first = flight->next;
        clock_cancel(lan->clock, flight->event);
        free(flight);
    }
    lan->last = NULL;
}

int lan_attach(struct lan *lan, const struct lan_port *port)
{
    if (lan->ports == LAN_PORTS)
        return -1;
    lan->port[lan->ports] = *port;
    lan->port[lan->ports].lost = lan->sent;
    return lan->ports++;
}

static bool is_port(const struct lan *lan, int port)
{
    return port >= 0 && port < lan->ports;
}

void lan_set_link(struct lan *lan, int port, bool up)
{
    if (!is_port(lan, port))
        return;
    lan->port[port].link = up;
    if (!up)
        lan->port[port].lost = lan->sent;
}

static bool reaches(const struct lan *lan, const struct lan_flight *flight, int to)
{
    const struct lan_port *sender = &lan->port[flight->port];
    const struct lan_port *receiver = &lan->port[to];

    if (to == flight->port || !receiver->link || receiver->lost >= flight->number)
        return false;
    /* The ME hears the host behind its own MAC; the host does not hear the ME. */
    return sender->group == 0 || sender->group != receiver->group || sender->sender == LAN_HOST;
}

/* The event of every frame; they are due in the order in which the frames were sent. */
static void arrive(void *ctx)
{
    struct lan *lan = ctx;
    struct lan_flight *flight = lan->first;
    enum lan_sender from = lan->port[flight->port].sender;

    lan->first = flight->next;
    if (lan->first == NULL)
        lan->last = NULL;
    for (int to = 0; to < lan->ports; to++) {
        if (reaches(lan, flight, to))
            lan->port[to].frame(lan->port[to].ctx, from, flight->frame, flight->len);
    }
    free(flight);
}

void lan_send(struct lan *lan, int port, const uint8_t *frame, size_t len)
{
    if (!is_port(lan, port) || !lan->port[port].link || len < ETHERNET_HEADER || len > LAN_FRAME)
        return;

    uint64_t number = ++lan->sent;
    /* Drawn for a lost frame too, so that losing it does not shift the others. */
    uint64_t latency_us = LAN_LATENCY_MIN_US + rng_below(&lan->rng, LAN_LATENCY_SPREAD_US);

    if (lan->tap)
        lan->tap(lan->tap_ctx, lan->port[port].sender, frame, len);
    if (lan->drop && lan->drop(lan->drop_ctx, frame, len))
        return;

    struct lan_flight *flight = malloc(sizeof(*flight) + len);

    if (flight == NULL)
        abort();
    *flight = (struct lan_flight){.number = number, .port = port, .len = len};
    memcpy(flight->frame, frame, len);
    if (lan->last)
        lan->last->next = flight;
    else
        lan->first = flight;
    lan->last = flight;
    if (lan->last_arrival_us < lan->clock->now_us + latency_us)
        lan->last_arrival_us = lan->clock->now_us + latency_us;
    flight->event = clock_at(lan->clock, lan->last_arrival_us, arrive, lan);
}
