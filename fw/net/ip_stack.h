// SPDX-License-Identifier: BSD-3-Clause
#ifndef NET_IP_STACK_H
#define NET_IP_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/core/limits.h"
#include "fw/net/ip_filter.h"
#include "fw/net/netif_memory.h"
#include "fw/net/resolver.h"
#include "hal/entropy.h"
#include "hal/ether.h"
#include "hal/trace.h"

/* One instance of lwIP, the IP stack: its interface, its time, its randomness, and timers that run
 * when a tick can have an effect instead of at every period. lwIP keeps the rest in variables of
 * its own, so there is one struct ip_stack for each set of lwIP's variables. Both the firmware and
 * the simulated SCA use this. */

#define IP_STACK_SECRET_BYTES 16
#define IP_STACK_ARP_WAITS 3

enum ip_stack_timer {
    IP_STACK_TCP,
    IP_STACK_ARP,
    IP_STACK_DNS,
    IP_STACK_DHCP_FINE,
    IP_STACK_DHCP_COARSE,
    IP_STACK_TIMERS
};

struct ip_stack {
    const struct hal_ether *ether;
    const struct hal_entropy *entropy;
    bool eager_timers;   /* for tests: run every timer at its period */
    bool gate_open;      /* frames may leave */
    bool address_shared; /* the host's operating system owns the address: see ip_filter.c */
    struct ip_filter_peer only_peer; /* frames leave to it only, with ARP; ip 0 = to anybody */
    bool (*admits)(void *ctx, const uint8_t *frame, size_t len);
    void *admits_ctx;
    uint64_t now_ms; /* time of the current call; while a tick runs, the time at which it was due */
    struct ip_stack_arp_wait {
        uint32_t ip; /* in lwIP's order */
        uint64_t until_ms;
    } arp_wait[IP_STACK_ARP_WAITS]; /* addresses for whose ARP answer something waits */
    uint64_t arp_busy_until_ms;     /* an ARP request may have to be repeated until then */
    uint64_t due_ms[IP_STACK_TIMERS];
    struct resolver resolver;
    uint32_t failed_draws;                 /* how many draws got no randomness */
    uint8_t secret[IP_STACK_SECRET_BYTES]; /* for the sequence numbers */
    const struct hal_trace *trace;         /* for ip_stack_trace(); set before that is called */
    const char *host_name, *domain;        /* what DHCP is told; NULL or "" = none. May change */
    struct netif_memory netif;             /* its state points back to this struct */
};

/* Starts lwIP and adds the interface: closed, down, without an address. Returns 0; -1 when lwIP
 * refuses or there is no randomness. */
int ip_stack_start(struct ip_stack *stack, const uint8_t mac[LIMIT_MAC_BYTES],
                   const struct hal_ether *ether, const struct hal_entropy *entropy,
                   uint64_t now_ms);
/* A frame for which lwIP's pools have no room is dropped, as by a full receive queue. */
void ip_stack_input(struct ip_stack *stack, const uint8_t *frame, size_t len, uint64_t now_ms);
/* Reads the oldest waiting frame from the MAC straight into one of lwIP's buffers and shows it to
 * seen(). If that returns true and the interface is open, lwIP gets it. Returns the frame's length,
 * 0 when none waits. While lwIP has no buffer, waiting frames are dropped. */
size_t ip_stack_receive(struct ip_stack *stack,
                        bool (*seen)(void *ctx, const uint8_t *frame, size_t len), void *ctx);
/* Sets the time and runs the ticks that are due, in order, each at its own time. */
void ip_stack_run(struct ip_stack *stack, uint64_t now_ms);
/* The same, when the caller has already set the stack's now_ms. */
void ip_stack_catch_up(struct ip_stack *stack);
/* When the next tick can have an effect; UINT64_MAX = not before a frame or a call. */
uint64_t ip_stack_next_ms(const struct ip_stack *stack);

/* Writes a record to the device's trace, at the stack's time. */
void ip_stack_trace(const struct ip_stack *stack, int event, uint32_t value, const char *text);

#if FW_TLS_TESTS
/* What lwIP holds now: pool entries and heap bytes in use. A closed, idle stack holds no entries;
 * the DHCP client's struct stays on the heap. */
void ip_stack_memory(uint32_t *pool_entries, uint32_t *heap_bytes);
#endif

#endif
